//! Pairs of claims as judge and group read them.

use std::collections::BTreeMap;

use super::row::Row;
use crate::tables::{ClaimKey, Column, Kind, PairKey, article_key};

pub(super) const EVENT: Column = Column::new("event", Kind::Int64, "event of both; carried along");
pub(super) const SORTED_EVENT: Column = Column::new("event", Kind::Int64, "event of both; rows sorted by it");
pub(super) const LEFT_ARTICLE: Column = Column::maybe("left_article", Kind::Int64, "must belong to `left_id`");
pub(super) const LEFT_ID: Column = Column::new("left_id", Kind::Text, "article whose id comes first");
pub(super) const LEFT_INDEX: Column = Column::new("left_index", Kind::Int32, "its segment");
pub(super) const RIGHT_ARTICLE: Column = Column::maybe("right_article", Kind::Int64, "must belong to `right_id`");
pub(super) const RIGHT_ID: Column = Column::new("right_id", Kind::Text, "the other article");
pub(super) const RIGHT_INDEX: Column = Column::new("right_index", Kind::Int32, "its segment");

/// Names of a pair.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Pair {
    pub(super) event: i64,
    /// Id and segment.
    pub(super) left: (String, usize),
    pub(super) right: (String, usize),
}

impl Pair {
    pub(super) fn read(row: &Row<'_>) -> Result<Self, String> {
        let left = (row.id("left_article", "left_id")?.to_owned(), row.count("left_index")?);
        let right = (row.id("right_article", "right_id")?.to_owned(), row.count("right_index")?);
        if left.0 >= right.0 {
            return Err(format!("the left article `{}` does not come before the right one `{}`", left.0, right.0));
        }
        Ok(Self { event: row.whole("event")?, left, right })
    }

    pub(super) fn key(&self) -> PairKey<'_> {
        PairKey { event: self.event, left: claim(&self.left), right: claim(&self.right) }
    }
}

pub(super) fn claim((id, index): &(String, usize)) -> ClaimKey<'_> {
    ClaimKey { article: article_key(id), id, index: *index }
}

/// Rows in the order of their pairs; a pair that comes twice is bad.
pub(super) fn sorted<T>(mut rows: Vec<(u64, T)>, pair: impl Fn(&T) -> &Pair, bad: &mut Vec<(u64, String)>) -> Vec<T> {
    rows.sort_by(|(m, a), (n, b)| (pair(a), m).cmp(&(pair(b), n)));
    let mut kept: Vec<T> = Vec::with_capacity(rows.len());
    for (number, row) in rows {
        if kept.last().is_some_and(|last| pair(last) == pair(&row)) {
            bad.push((number, "the pair comes twice".to_owned()));
        } else {
            kept.push(row);
        }
    }
    kept
}

/// Positions of all claims of some pairs, in the order of their ids and segments.
pub(super) fn positions<'a>(pairs: impl Iterator<Item = &'a Pair>) -> BTreeMap<&'a (String, usize), usize> {
    let mut all: BTreeMap<&(String, usize), usize> =
        pairs.flat_map(|pair| [(&pair.left, 0), (&pair.right, 0)]).collect();
    all.values_mut().enumerate().for_each(|(place, value)| *value = place);
    all
}
