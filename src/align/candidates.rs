//! Which claims of related articles may be the same.

use std::cmp::Ordering;

use rayon::prelude::*;

use super::{CandidatePair, Extent, Related, Settings, events};
use crate::embed::{Cosines, Vectors};

/// The best few claims of the other article for every claim of two related articles, in both directions, in the order of
/// (left, right).
///
/// Claims of two events are never compared: see [`events`].
///
/// A claim with more than `settings.per_claim` candidates in all articles together keeps the most similar, and those that keep
/// it. Which it keeps is found first, in a pass of its own, so memory is bounded by the number of claims, however large an event is.
pub fn candidates(
    articles: &[Extent],
    related: &[Related],
    vectors: &Vectors,
    settings: &Settings,
) -> Vec<CandidatePair> {
    let event_of = events(articles.len(), related, settings.event_articles);
    let mut partners: Vec<Vec<usize>> = vec![Vec::new(); articles.len()];
    for pair in related.iter().filter(|pair| event_of[pair.left] == event_of[pair.right]) {
        partners[pair.left].push(pair.right);
        partners[pair.right].push(pair.left);
    }
    partners.iter_mut().for_each(|others| others.sort_unstable());
    let of_articles: Vec<Vec<Option<Key>>> = (0..articles.len())
        .into_par_iter()
        .map_init(|| Table::new(vectors, settings), |table, own| table.last_kept(own, &partners[own], articles))
        .collect();
    let mut last = vec![None; vectors.len()];
    for (article, of_article) in articles.iter().zip(of_articles) {
        last[article.claims.clone()].copy_from_slice(&of_article);
    }
    let keeps = |claim: usize, key: &Key| last[claim].is_none_or(|last| in_order(key, &last) != Ordering::Greater);
    (0..articles.len())
        .into_par_iter()
        .map_init(
            || (Table::new(vectors, settings), Vec::new()),
            |(table, lists), own| {
                let later = partners[own].partition_point(|&other| other < own);
                let claims = &articles[own].claims;
                clear(lists, claims.len());
                for &other in &partners[own][later..] {
                    table.find(&articles[own], &articles[other], |near| {
                        if keeps(near.key.1, &near.key) || keeps(near.key.2, &near.key) {
                            lists[near.key.1 - claims.start].push(near.pair(settings.neighbours));
                        }
                    });
                }
                lists[..claims.len()].concat()
            },
        )
        .flatten_iter()
        .collect()
}

/// Cosine and positions of a candidate pair.
type Key = (f32, usize, usize);

/// The most similar first, ties by position.
fn in_order(x: &Key, y: &Key) -> Ordering {
    y.0.total_cmp(&x.0).then((x.1, x.2).cmp(&(y.1, y.2)))
}

/// Makes at least `count` empty lists of some lists, whose room stays.
fn clear<T: Clone>(lists: &mut Vec<Vec<T>>, count: usize) {
    lists.resize(lists.len().max(count), Vec::new());
    lists.iter_mut().for_each(Vec::clear);
}

/// Cosines of the claims of two articles, and the room for what is made of them.
struct Table<'a> {
    vectors: &'a Vectors,
    settings: &'a Settings,
    cosines: Cosines,
    /// The same, columns as rows.
    turned: Vec<f32>,
    of_columns: Highest,
    of_rows: Highest,
    /// Candidates of each claim of one article; there may be more lists than it has claims.
    of_claims: Vec<Vec<Key>>,
}

impl<'a> Table<'a> {
    fn new(vectors: &'a Vectors, settings: &'a Settings) -> Self {
        let (cosines, turned, of_claims) = (Cosines::default(), Vec::new(), Vec::new());
        let (of_columns, of_rows) = (Highest::default(), Highest::default());
        Self { vectors, settings, cosines, turned, of_columns, of_rows, of_claims }
    }

    /// The last candidate that each claim of an article keeps; `None` if it keeps all.
    fn last_kept(&mut self, own: usize, partners: &[usize], articles: &[Extent]) -> Vec<Option<Key>> {
        let (most, claims) = (self.settings.per_claim, &articles[own].claims);
        // A claim has no more candidates in an article than that has claims.
        if most == 0 || partners.iter().map(|&other| articles[other].claims.len()).sum::<usize>() <= most {
            return vec![None; claims.len()];
        }
        let mut of_claims = std::mem::take(&mut self.of_claims);
        clear(&mut of_claims, claims.len());
        for &other in partners {
            let (left, right) = (&articles[own.min(other)], &articles[own.max(other)]);
            self.find(left, right, |near| {
                of_claims[if own < other { near.key.1 } else { near.key.2 } - claims.start].push(near.key);
            });
        }
        let last = |all: &mut Vec<Key>| (all.len() > most).then(|| *all.select_nth_unstable_by(most - 1, in_order).1);
        let lasts = of_claims[..claims.len()].iter_mut().map(last).collect();
        self.of_claims = of_claims;
        lasts
    }

    /// Tells `found` the candidates of two articles, row by row.
    fn find(&mut self, a: &Extent, b: &Extent, mut found: impl FnMut(Near<'_>)) {
        let (rows, columns, keep) = (a.claims.len(), b.claims.len(), self.settings.neighbours);
        self.vectors.cosines(a.claims.clone(), b.claims.clone(), &mut self.cosines);
        let values = &self.cosines.values;
        self.turned.clear();
        (0..columns).for_each(|column| self.turned.extend(values.iter().skip(column).step_by(columns)));
        let least_of_column = self.of_columns.least(values, columns, keep);
        let least_of_row = self.of_rows.least(&self.turned, rows, keep);
        let lowest = self.settings.min_similarity;
        for (row, in_row) in values.chunks_exact(columns).enumerate() {
            let least_in_row = least_of_row[row];
            for (column, (&similarity, &least_in_column)) in in_row.iter().zip(least_of_column).enumerate() {
                let least = least_in_row.min(least_in_column);
                if similarity < least.max(lowest) {
                    continue;
                }
                let in_column = &self.turned[column * rows..(column + 1) * rows];
                let key = (similarity, a.claims.start + row, b.claims.start + column);
                let near = Near { key, in_row, column, in_column, row };
                // Only of equals there may be more than are kept.
                if similarity > least || near.ranks().iter().any(|&rank| rank < keep) {
                    found(near);
                }
            }
        }
    }
}

/// A candidate in a table.
struct Near<'t> {
    key: Key,
    in_row: &'t [f32],
    column: usize,
    in_column: &'t [f32],
    row: usize,
}

impl Near<'_> {
    /// Rank in its row and in its column, from 0.
    fn ranks(&self) -> [usize; 2] {
        [rank(self.in_row, self.column), rank(self.in_column, self.row)]
    }

    fn pair(&self, keep: usize) -> CandidatePair {
        let ((similarity, left, right), [rank_right, rank_left]) = (self.key, self.ranks().map(|r| r.min(keep) as u32));
        CandidatePair { left, right, similarity, rank_right, rank_left }
    }
}

/// The highest few values of each column; many columns at a time, as processors like it.
#[derive(Default)]
struct Highest {
    /// `[keep, columns]`, highest first.
    levels: Vec<f32>,
    row: Vec<f32>,
}

impl Highest {
    /// The lowest of the `keep` highest values of each column.
    fn least(&mut self, values: &[f32], columns: usize, keep: usize) -> &[f32] {
        self.levels.clear();
        self.levels.resize(keep * columns, f32::NEG_INFINITY);
        for row in values.chunks_exact(columns) {
            self.row.clear();
            self.row.extend_from_slice(row);
            for level in self.levels.chunks_exact_mut(columns) {
                for (high, low) in level.iter_mut().zip(&mut self.row) {
                    (*high, *low) = if *low > *high { (*low, *high) } else { (*high, *low) };
                }
            }
        }
        &self.levels[(keep - 1) * columns..]
    }
}

/// Number of values that go before the one at a position: higher ones, and equal ones on its left.
fn rank(line: &[f32], position: usize) -> usize {
    let own = line[position];
    let equal = line[..position].iter().filter(|&&other| other == own).count();
    equal + line.iter().filter(|&&other| other > own).count()
}
