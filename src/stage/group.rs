//! Judgements to groups.

use super::StageError;
use super::drive::Work;
use super::pair::{self, Pair};
use super::row::Row;
use crate::align::CandidatePair;
use crate::group;
use crate::judge::{Judgement, Relation};
use crate::tables::{self, Builder, Column, Kind, Table};

pub(super) struct Grouping<'a> {
    pub(super) settings: &'a group::Settings,
}

pub(super) struct Input {
    pair: Pair,
    relation: Relation,
    confidence: f64,
}

impl Work for Grouping<'_> {
    type Input = Input;
    const COLUMNS: &'static [Column] = &[
        pair::SORTED_EVENT,
        pair::LEFT_ARTICLE,
        pair::LEFT_ID,
        pair::LEFT_INDEX,
        pair::RIGHT_ARTICLE,
        pair::RIGHT_ID,
        pair::RIGHT_INDEX,
        Column::new("relation", Kind::Text, "agreement, contradiction or unrelated"),
        Column::new("confidence", Kind::Float32, "probability of the relation"),
    ];
    const TABLE: Table = Table::Groups;
    const BLOCK: usize = 0;

    fn read(&self, row: &Row<'_>) -> Result<Input, String> {
        let name = row.text("relation")?;
        let relation = Relation::named(name).ok_or_else(|| format!("`relation` is `{name}`"))?;
        // Judgements have four decimals; the table's 32-bit floats keep these.
        let confidence = (f64::from(row.float("confidence")?) * 1e4).round() / 1e4;
        Ok(Input { pair: Pair::read(row)?, relation, confidence })
    }

    fn key(&self, input: &Input) -> Option<i64> {
        Some(input.pair.event)
    }

    fn work(
        &mut self,
        rows: Vec<(u64, Input)>,
        out: &mut Builder,
        bad: &mut Vec<(u64, String)>,
    ) -> Result<(), StageError> {
        let Some(event) = rows.first().map(|(_, row)| row.pair.event) else { return Ok(()) };
        let rows = pair::sorted(rows, |row| &row.pair, bad);
        let positions = pair::positions(rows.iter().map(|row| &row.pair));
        let claims: Vec<&(String, usize)> = positions.keys().copied().collect();
        let judgement = |row: &Input| {
            let pair = CandidatePair::new(positions[&row.pair.left], positions[&row.pair.right], 0.0);
            Judgement::bare(pair, row.relation, row.confidence)
        };
        let judgements: Vec<Judgement> = rows.iter().map(judgement).collect();
        for group in group::group(&judgements, self.settings) {
            tables::group(out, event, &group, |claim| pair::claim(claims[claim]));
        }
        Ok(())
    }
}
