//! Vectors to candidate pairs.

use super::StageError;
use super::drive::Work;
use super::event::{self, Input, Part};
use super::row::Row;
use crate::align;
use crate::tables::{self, Builder, Column, Kind, PairKey, Table, article_key};

pub(super) struct Candidates<'a> {
    pub(super) settings: &'a align::Settings,
}

impl Work for Candidates<'_> {
    type Input = Input;
    const COLUMNS: &'static [Column] = &[
        Column::maybe(
            "key",
            Kind::Int64,
            "the same for all articles that relations join, however far the chain; rows sorted by it. Without it all articles are one part",
        ),
        event::ARTICLE,
        event::ID,
        event::DATE,
        event::INDEX,
        event::NAMES,
        event::VECTOR,
    ];
    const TABLE: Table = Table::Candidates;
    const BLOCK: usize = 0;

    fn read(&self, row: &Row<'_>) -> Result<Input, String> {
        Input::read(row, true)
    }

    fn key(&self, input: &Input) -> Option<i64> {
        Some(input.key)
    }

    fn work(
        &mut self,
        rows: Vec<(u64, Input)>,
        out: &mut Builder,
        bad: &mut Vec<(u64, String)>,
    ) -> Result<(), StageError> {
        let part = Part::of(rows, bad);
        // Whether two articles are related depends on these two alone, so it is found again here instead of being carried.
        let related = align::relate(&part.extents, &part.vectors, self.settings);
        let events = align::events(part.articles.len(), &related, self.settings.event_articles);
        for pair in align::candidates(&part.extents, &related, &part.vectors, self.settings) {
            let event = article_key(part.id(events[part.article_of(pair.left)]));
            let key = PairKey { event, left: part.claim(pair.left), right: part.claim(pair.right) };
            tables::candidate(out, key, &pair);
        }
        Ok(())
    }
}
