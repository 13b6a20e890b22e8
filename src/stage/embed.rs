//! Claims to vectors.

use std::collections::HashMap;

use jiff::civil::Date;

use super::StageError;
use super::drive::Work;
use super::row::Row;
use crate::embed::Vectors;
use crate::model::{Encoder, ModelError, distinct};
use crate::tables::{self, Builder, ClaimKey, Column, Kind, Sighting, Table, article_key, text_key};

/// Vectors that are remembered, so that copies are not embedded again; bounds memory.
const REMEMBERED: usize = 65_536;

pub(super) struct Embed<'a> {
    encoder: &'a dyn Encoder,
    known: HashMap<[u8; 16], Vec<i8>>,
}

impl<'a> Embed<'a> {
    pub(super) fn new(encoder: &'a dyn Encoder) -> Self {
        Self { encoder, known: HashMap::new() }
    }

    /// Learns the vectors of texts; one that the model cannot take is left out if the others can.
    fn learn(&mut self, texts: &[([u8; 16], &str)]) -> Result<(), ModelError> {
        let inputs: Vec<&str> = texts.iter().map(|(_, text)| *text).collect();
        match self.encoder.embed(&inputs, &|_| {}) {
            Ok(floats) => {
                let vectors = Vectors::from_floats(&floats, self.encoder.width());
                let rows = texts.iter().enumerate().map(|(i, (key, _))| (*key, vectors.row(i).to_vec()));
                self.known.extend(rows);
                Ok(())
            }
            Err(ModelError::Inference(_)) if texts.len() > 1 => texts.chunks(1).try_for_each(|one| self.learn(one)),
            Err(ModelError::Inference(_)) => Ok(()),
            Err(error) => Err(error),
        }
    }
}

pub(super) struct Input {
    id: String,
    date: Option<Date>,
    index: usize,
    text: String,
    key: [u8; 16],
    names: String,
}

impl Work for Embed<'_> {
    type Input = Input;
    const COLUMNS: &'static [Column] = &[
        Column::maybe("article", Kind::Int64, "the article's key; must belong to `id`"),
        Column::new("id", Kind::Text, "the article's id"),
        Column::maybe("date", Kind::Text, "its day of publication, YYYY-MM-DD; carried along"),
        Column::new("index", Kind::Int32, "position among the article's segments"),
        Column::new("text", Kind::Text, "the sentence"),
        Column::maybe("text_key", Kind::Bytes, "its key; must belong to `text`"),
        Column::maybe("names", Kind::Text, "names in it as claims gives them; carried along"),
    ];
    const TABLE: Table = Table::Vectors;
    const BLOCK: usize = 1_024;

    fn read(&self, row: &Row<'_>) -> Result<Input, String> {
        let text = row.text("text")?;
        let key = text_key(text);
        if row.bytes("text_key").is_ok_and(|given| given != key) {
            return Err("`text_key` is not the key of `text`".to_owned());
        }
        Ok(Input {
            id: row.id("article", "id")?.to_owned(),
            date: row.date("date")?,
            index: row.count("index")?,
            text: text.to_owned(),
            key,
            names: row.maybe_text("names").unwrap_or_default().to_owned(),
        })
    }

    fn share(&self, input: &Input) -> u64 {
        super::share_of(&input.key)
    }

    fn work(
        &mut self,
        rows: Vec<(u64, Input)>,
        out: &mut Builder,
        bad: &mut Vec<(u64, String)>,
    ) -> Result<(), StageError> {
        if self.known.len() > REMEMBERED {
            self.known.clear();
        }
        let texts: Vec<([u8; 16], &str)> = rows.iter().map(|(_, input)| (input.key, input.text.as_str())).collect();
        let mut new = distinct(&texts).0;
        new.retain(|(key, _)| !self.known.contains_key(key));
        self.learn(&new)?;
        for (number, input) in &rows {
            let Some(vector) = self.known.get(&input.key) else {
                bad.push((*number, "the model cannot embed this text".to_owned()));
                continue;
            };
            let claim = ClaimKey { article: article_key(&input.id), id: &input.id, index: input.index };
            let seen = Sighting { date: input.date, text_key: &input.key, names: &input.names, vector };
            tables::vector(out, claim, seen);
        }
        Ok(())
    }
}
