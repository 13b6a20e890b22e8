//! Vectors to related articles.

use super::StageError;
use super::drive::Work;
use super::event::{self, Input, Part};
use super::row::Row;
use crate::align;
use crate::tables::{self, Builder, Column, Kind, Table};

pub(super) struct Relate<'a> {
    pub(super) settings: &'a align::Settings,
}

impl Work for Relate<'_> {
    type Input = Input;
    const COLUMNS: &'static [Column] = &[
        Column::maybe(
            "key",
            Kind::Int64,
            "a stretch of days; rows sorted by it. Without it all articles are compared with all",
        ),
        Column::maybe(
            "home",
            Kind::Int32,
            "1 in the one stretch that the article's day lies in (articles without a date: in one that is the same for all of them), 0 in others that it is copied to",
        ),
        event::ARTICLE,
        event::ID,
        event::DATE,
        event::INDEX,
        event::NAMES,
        event::VECTOR,
    ];
    const TABLE: Table = Table::Related;
    const BLOCK: usize = 0;

    fn read(&self, row: &Row<'_>) -> Result<Input, String> {
        let home = !row.has("home") || row.whole("home")? != 0;
        Input::read(row, home)
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
        for pair in align::relate(&part.extents, &part.vectors, self.settings) {
            // Of several stretches that hold both, the home of the later one gives the pair.
            let (left, right) = (&part.articles[pair.left], &part.articles[pair.right]);
            let later = if (left.date, &left.id) > (right.date, &right.id) { left } else { right };
            if later.home {
                tables::related(out, &pair, |article| part.id(article));
            }
        }
        Ok(())
    }
}
