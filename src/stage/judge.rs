//! Candidates to judgements, in two steps: the model scores every pair by itself, then each event is judged as a whole.
//!
//! The first step is nearly all of the work, and its rows can be spread at will. The second needs no model but all pairs of an event,
//! because third sentences are heard; it calls the same function as a run, with a judge that knows the scores by heart.

use std::collections::HashMap;

use jiff::civil::Date;

use super::StageError;
use super::drive::Work;
use super::pair::{self, Pair};
use super::row::Row;
use crate::align::CandidatePair;
use crate::claim::{self, Fields};
use crate::judge::{self, Bench, BothOrders, Side};
use crate::model::{Judge, ModelError, Scores, distinct};
use crate::tables::{self, Builder, Column, Kind, SideText, Table, scores_of, scores_to, text_key};

/// Scores that are remembered, so that copies are not judged again; bounds memory.
const REMEMBERED: usize = 131_072;

const SIMILARITY: Column = Column::new("similarity", Kind::Float32, "cosine of the two vectors");
const RANK_RIGHT: Column = Column::new("rank_right", Kind::Int32, "rank of the right claim for the left one");
const RANK_LEFT: Column = Column::new("rank_left", Kind::Int32, "rank of the left claim for the right one");
const LEFT_TEXT: Column = Column::new("left_text", Kind::Text, "sentence of the left claim, joined from claims");
const LEFT_LANG: Column = Column::new("left_lang", Kind::Text, "its language");
const LEFT_DATE: Column = Column::maybe("left_date", Kind::Text, "its article's day of publication, YYYY-MM-DD");
const RIGHT_TEXT: Column = Column::new("right_text", Kind::Text, "sentence of the right claim, joined from claims");
const RIGHT_LANG: Column = Column::new("right_lang", Kind::Text, "its language");
const RIGHT_DATE: Column = Column::maybe("right_date", Kind::Text, "its article's day of publication, YYYY-MM-DD");

/// One side of a pair.
pub(super) struct Text {
    text: String,
    lang: String,
    date: Option<Date>,
}

impl Text {
    fn view(&self) -> SideText<'_> {
        SideText { text: &self.text, lang: &self.lang, date: self.date }
    }
}

/// A candidate with its texts.
pub(super) struct Input {
    pair: Pair,
    similarity: f32,
    rank_right: u32,
    rank_left: u32,
    left: Text,
    right: Text,
}

impl Input {
    fn read(row: &Row<'_>) -> Result<Self, String> {
        let side = |text: &str, lang: &str, date: &str| {
            let (text, lang) = (row.text(text)?.to_owned(), row.text(lang)?.to_owned());
            Ok::<_, String>(Text { text, lang, date: row.date(date)? })
        };
        Ok(Self {
            pair: Pair::read(row)?,
            similarity: row.float("similarity")?,
            rank_right: row.count("rank_right")? as u32,
            rank_left: row.count("rank_left")? as u32,
            left: side("left_text", "left_lang", "left_date")?,
            right: side("right_text", "right_lang", "right_date")?,
        })
    }

    fn candidate(&self, left: usize, right: usize) -> CandidatePair {
        let Self { similarity, rank_right, rank_left, .. } = *self;
        CandidatePair { left, right, similarity, rank_right, rank_left }
    }
}

/// The first step: raw scores in both orders.
pub(super) struct Score<'a> {
    bench: Bench<'a>,
    settings: &'a judge::Settings,
    known: HashMap<[u8; 32], BothOrders>,
}

impl<'a> Score<'a> {
    pub(super) fn new(bench: Bench<'a>, settings: &'a judge::Settings) -> Self {
        Self { bench, settings, known: HashMap::new() }
    }

    /// Learns the scores of pairs; one that the model cannot take is left out if the others can.
    fn learn(&mut self, pairs: &[Keyed<'_>]) -> Result<(), ModelError> {
        let texts: Vec<(&str, &str)> = pairs.iter().map(|(_, texts)| *texts).collect();
        match judge::both_orders(self.bench.model, &texts, self.settings.sure, &|| true, &|_| {}) {
            Ok(scores) => {
                let learned = pairs.iter().zip(scores).filter_map(|((key, _), scores)| Some((*key, scores?)));
                self.known.extend(learned);
                Ok(())
            }
            Err(ModelError::Inference(_)) if pairs.len() > 1 => pairs.chunks(1).try_for_each(|one| self.learn(one)),
            Err(ModelError::Inference(_)) => Ok(()),
            Err(error) => Err(error),
        }
    }
}

/// A pair of texts with the keys of both.
type Keyed<'a> = ([u8; 32], (&'a str, &'a str));

fn keyed(input: &Input) -> Keyed<'_> {
    let (left, right) = (input.left.text.as_str(), input.right.text.as_str());
    let mut key = [0; 32];
    key[..16].copy_from_slice(&text_key(left));
    key[16..].copy_from_slice(&text_key(right));
    (key, (left, right))
}

impl Work for Score<'_> {
    type Input = Input;
    const COLUMNS: &'static [Column] = &[
        pair::EVENT,
        pair::LEFT_ARTICLE,
        pair::LEFT_ID,
        pair::LEFT_INDEX,
        pair::RIGHT_ARTICLE,
        pair::RIGHT_ID,
        pair::RIGHT_INDEX,
        SIMILARITY,
        RANK_RIGHT,
        RANK_LEFT,
        LEFT_TEXT,
        LEFT_LANG,
        LEFT_DATE,
        RIGHT_TEXT,
        RIGHT_LANG,
        RIGHT_DATE,
    ];
    const TABLE: Table = Table::Scores;
    const BLOCK: usize = 512;

    fn read(&self, row: &Row<'_>) -> Result<Input, String> {
        Input::read(row)
    }

    fn share(&self, input: &Input) -> u64 {
        // The same for a pair of texts in either order.
        super::share_of(&text_key(&input.left.text)).wrapping_add(super::share_of(&text_key(&input.right.text)))
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
        let pairs: Vec<Keyed<'_>> = rows.iter().map(|(_, input)| keyed(input)).collect();
        let mut new = distinct(&pairs).0;
        new.retain(|(key, _)| !self.known.contains_key(key));
        self.learn(&new)?;
        for ((number, input), (key, _)) in rows.iter().zip(&pairs) {
            let Some(scores) = self.known.get(key) else {
                bad.push((*number, "the model cannot judge this pair".to_owned()));
                continue;
            };
            let sides = [input.left.view(), input.right.view()];
            tables::scores(
                out,
                input.pair.key(),
                &input.candidate(0, 0),
                sides,
                &scores_to(&scores.forth, &scores.back),
            );
        }
        Ok(())
    }
}

/// The second step: from the scores of an event to its judgements.
pub(super) struct Conclude<'a> {
    pub(super) bench: Bench<'a>,
    pub(super) settings: &'a judge::Settings,
}

/// A judge that knows some pairs by heart, and no others.
#[derive(Default)]
struct ByHeart<'a> {
    scores: HashMap<(&'a str, &'a str), Scores>,
}

impl Judge for ByHeart<'_> {
    fn fingerprint(&self) -> String {
        String::new()
    }

    fn judge(&self, pairs: &[(&str, &str)], _: &(dyn Fn(usize) + Sync)) -> Result<Vec<Scores>, ModelError> {
        let of = |pair: &(&str, &str)| self.scores.get(pair).copied();
        let all: Option<Vec<Scores>> = pairs.iter().map(of).collect();
        all.ok_or_else(|| ModelError::Inference("a pair without scores".to_owned()))
    }
}

impl Work for Conclude<'_> {
    type Input = (Input, Scores, Scores);
    const COLUMNS: &'static [Column] = &[
        pair::SORTED_EVENT,
        pair::LEFT_ARTICLE,
        pair::LEFT_ID,
        pair::LEFT_INDEX,
        pair::RIGHT_ARTICLE,
        pair::RIGHT_ID,
        pair::RIGHT_INDEX,
        SIMILARITY,
        RANK_RIGHT,
        RANK_LEFT,
        LEFT_TEXT,
        LEFT_LANG,
        LEFT_DATE,
        RIGHT_TEXT,
        RIGHT_LANG,
        RIGHT_DATE,
        Column::new("scores", Kind::Bytes, "as the first step gives them"),
    ];
    const TABLE: Table = Table::Judgements;
    const BLOCK: usize = 0;

    fn read(&self, row: &Row<'_>) -> Result<Self::Input, String> {
        let (forth, back) = scores_of(row.bytes("scores")?).ok_or("`scores` has another length than this version's")?;
        Ok((Input::read(row)?, forth, back))
    }

    fn key(&self, input: &Self::Input) -> Option<i64> {
        Some(input.0.pair.event)
    }

    fn work(
        &mut self,
        rows: Vec<(u64, Self::Input)>,
        out: &mut Builder,
        bad: &mut Vec<(u64, String)>,
    ) -> Result<(), StageError> {
        let rows = pair::sorted(rows, |row| &row.0.pair, bad);
        let positions = pair::positions(rows.iter().map(|row| &row.0.pair));
        // Ids of articles, and the texts of claims, by position.
        let mut articles: Vec<usize> = Vec::with_capacity(positions.len());
        let mut last: Option<&str> = None;
        for (id, _) in positions.keys() {
            let next = articles.last().map_or(0, |&article| article + usize::from(last != Some(id.as_str())));
            articles.push(next);
            last = Some(id);
        }
        let mut texts: Vec<Option<&Text>> = vec![None; positions.len()];
        let mut by_heart = ByHeart::default();
        let mut pairs = Vec::with_capacity(rows.len());
        for (input, forth, back) in &rows {
            let (left, right) = (positions[&input.pair.left], positions[&input.pair.right]);
            texts[left].get_or_insert(&input.left);
            texts[right].get_or_insert(&input.right);
            let (left_text, right_text) = (input.left.text.as_str(), input.right.text.as_str());
            by_heart.scores.entry((left_text, right_text)).or_insert(*forth);
            by_heart.scores.entry((right_text, left_text)).or_insert(*back);
            pairs.push(input.candidate(left, right));
        }
        let texts: Vec<&Text> = texts.into_iter().flatten().collect();
        let fields: Vec<Fields> = texts.iter().map(|side| claim::describe(&side.text, &side.lang, side.date)).collect();
        let side = |claim: usize| Side {
            article: articles[claim],
            text: &texts[claim].text,
            language: &texts[claim].lang,
            fields: &fields[claim],
        };
        let bench = Bench { model: &by_heart, ..self.bench };
        let judged = judge::judge(&bench, &pairs, &[], side, self.settings, &|| true, &|_| {})?;
        for ((input, _, _), judgement) in rows.iter().zip(&judged.judgements) {
            tables::judgement(out, input.pair.key(), judgement);
        }
        Ok(())
    }
}
