//! Segments to claims.

use jiff::civil::Date;
use rayon::prelude::*;

use super::StageError;
use super::drive::Work;
use super::row::Row;
use crate::claim;
use crate::tables::{self, Builder, Column, Head, Kind, Table, text_key};

pub(super) struct Claims;

pub(super) struct Input {
    id: String,
    lang: String,
    date: Option<Date>,
    place: (usize, usize, usize),
    is_dropped: bool,
    text: String,
}

impl Work for Claims {
    type Input = Input;
    const COLUMNS: &'static [Column] = &[
        Column::maybe("article", Kind::Int64, "the article's key; must belong to `id`"),
        Column::new("id", Kind::Text, "the article's id"),
        Column::new("lang", Kind::Text, "its language"),
        Column::maybe("date", Kind::Text, "its day of publication, YYYY-MM-DD: relative times are resolved against it"),
        Column::new("index", Kind::Int32, "position among the article's segments"),
        Column::new("start", Kind::Int32, "first character"),
        Column::new("end", Kind::Int32, "one past the last character"),
        Column::maybe("dropped", Kind::Text, "segments with a reason here make no claim"),
        Column::new("text", Kind::Text, "the segment"),
    ];
    const TABLE: Table = Table::Claims;
    const BLOCK: usize = 1_024;

    fn read(&self, row: &Row<'_>) -> Result<Input, String> {
        Ok(Input {
            id: row.id("article", "id")?.to_owned(),
            lang: row.text("lang")?.to_owned(),
            date: row.date("date")?,
            place: (row.count("index")?, row.count("start")?, row.count("end")?),
            is_dropped: row.maybe_text("dropped").is_some(),
            text: row.text("text")?.to_owned(),
        })
    }

    fn share(&self, input: &Input) -> u64 {
        super::share_of(&text_key(&input.text))
    }

    fn work(
        &mut self,
        rows: Vec<(u64, Input)>,
        out: &mut Builder,
        _: &mut Vec<(u64, String)>,
    ) -> Result<(), StageError> {
        let kept: Vec<&Input> = rows.iter().map(|(_, input)| input).filter(|input| !input.is_dropped).collect();
        let fields: Vec<_> = kept.par_iter().map(|x| claim::describe(&x.text, &x.lang, x.date)).collect();
        for (input, fields) in kept.iter().zip(&fields) {
            tables::claim(out, Head::new(&input.id, &input.lang, input.date), input.place, &input.text, fields);
        }
        Ok(())
    }
}
