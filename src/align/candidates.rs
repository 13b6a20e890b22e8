//! Which claims of related articles may be the same.

use std::cmp::Ordering;

use rayon::prelude::*;

use super::{CandidatePair, Extent, Related, Settings};
use crate::embed::{Cosines, Vectors};

/// The best few claims of the other article for every claim of two related articles, in both directions, in the order of
/// (left, right).
///
/// A claim with more than `settings.per_claim` candidates in all articles together keeps the most similar, and those that keep
/// it. Which it keeps is found first, in a pass of its own, so memory is bounded by the number of claims, however large an event is.
pub fn candidates(
    articles: &[Extent],
    related: &[Related],
    vectors: &Vectors,
    settings: &Settings,
) -> Vec<CandidatePair> {
    let mut partners: Vec<Vec<usize>> = vec![Vec::new(); articles.len()];
    for pair in related {
        partners[pair.left].push(pair.right);
        partners[pair.right].push(pair.left);
    }
    partners.iter_mut().for_each(|others| others.sort_unstable());
    let of_articles: Vec<Vec<Option<CandidatePair>>> = (0..articles.len())
        .into_par_iter()
        .map_init(|| Table::new(vectors, settings), |table, own| table.last_kept(own, &partners[own], articles))
        .collect();
    let mut last = vec![None; vectors.len()];
    for (article, of_article) in articles.iter().zip(of_articles) {
        last[article.claims.clone()].copy_from_slice(&of_article);
    }
    let keeps = |claim: usize, pair: &CandidatePair| {
        last[claim].is_none_or(|last| by_similarity(pair, &last) != Ordering::Greater)
    };
    (0..articles.len())
        .into_par_iter()
        .map_init(
            || Table::new(vectors, settings),
            |table, own| {
                let later = partners[own].partition_point(|&other| other < own);
                let all = table.of_claims(own, &partners[own][later..], articles);
                all.iter().flatten().filter(|p| keeps(p.left, p) || keeps(p.right, p)).copied().collect::<Vec<_>>()
            },
        )
        .flatten_iter()
        .collect()
}

/// The most similar first, ties by position.
fn by_similarity(x: &CandidatePair, y: &CandidatePair) -> Ordering {
    y.similarity.total_cmp(&x.similarity).then((x.left, x.right).cmp(&(y.left, y.right)))
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
    /// Candidates of the claims of one article; there may be more lists than it has claims.
    found: Vec<Vec<CandidatePair>>,
}

impl<'a> Table<'a> {
    fn new(vectors: &'a Vectors, settings: &'a Settings) -> Self {
        let (of_columns, of_rows) = (Highest::default(), Highest::default());
        Self {
            vectors,
            settings,
            cosines: Cosines::default(),
            turned: Vec::new(),
            of_columns,
            of_rows,
            found: Vec::new(),
        }
    }

    /// The last candidate that each claim of an article keeps; `None` if it keeps all.
    fn last_kept(&mut self, own: usize, partners: &[usize], articles: &[Extent]) -> Vec<Option<CandidatePair>> {
        let (most, claims) = (self.settings.per_claim, articles[own].claims.len());
        // A claim has no more candidates in an article than that has claims.
        if most == 0 || partners.iter().map(|&other| articles[other].claims.len()).sum::<usize>() <= most {
            return vec![None; claims];
        }
        let last = |all: &mut Vec<CandidatePair>| {
            (all.len() > most).then(|| *all.select_nth_unstable_by(most - 1, by_similarity).1)
        };
        self.of_claims(own, partners, articles).iter_mut().map(last).collect()
    }

    /// The candidates of each claim of an article in other articles, in order of position.
    fn of_claims(&mut self, own: usize, others: &[usize], articles: &[Extent]) -> &mut [Vec<CandidatePair>] {
        let claims = &articles[own].claims;
        let mut lists = std::mem::take(&mut self.found);
        lists.resize(lists.len().max(claims.len()), Vec::new());
        lists.iter_mut().for_each(Vec::clear);
        for &other in others {
            let (left, right) = (&articles[own.min(other)], &articles[own.max(other)]);
            self.find(left, right, |pair| {
                lists[if own < other { pair.left } else { pair.right } - claims.start].push(pair);
            });
        }
        self.found = lists;
        &mut self.found[..claims.len()]
    }

    /// Tells `found` the candidates of two articles, row by row.
    fn find(&mut self, a: &Extent, b: &Extent, mut found: impl FnMut(CandidatePair)) {
        let (rows, columns, keep) = (a.claims.len(), b.claims.len(), self.settings.neighbours);
        self.vectors.cosines(a.claims.clone(), b.claims.clone(), &mut self.cosines);
        let values = &self.cosines.values;
        self.turned.clear();
        (0..columns).for_each(|column| self.turned.extend(values.iter().skip(column).step_by(columns)));
        let least_of_column = self.of_columns.least(values, columns, keep);
        let least_of_row = self.of_rows.least(&self.turned, rows, keep);
        let lowest = self.settings.min_similarity;
        for (row, line) in values.chunks_exact(columns).enumerate() {
            let least_in_row = least_of_row[row];
            for (column, (&similarity, &least_in_column)) in line.iter().zip(least_of_column).enumerate() {
                if similarity < least_in_row.min(least_in_column).max(lowest) {
                    continue;
                }
                let turned = &self.turned[column * rows..(column + 1) * rows];
                let rank_right = if similarity >= least_in_row { rank(line, column).min(keep) } else { keep };
                let rank_left = if similarity >= least_in_column { rank(turned, row).min(keep) } else { keep };
                if rank_right < keep || rank_left < keep {
                    let (left, right) = (a.claims.start + row, b.claims.start + column);
                    let (rank_right, rank_left) = (rank_right as u32, rank_left as u32);
                    found(CandidatePair { left, right, similarity, rank_right, rank_left });
                }
            }
        }
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
