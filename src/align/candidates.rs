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
                let later = &partners[own][partners[own].partition_point(|&other| other < own)..];
                let mut of_claim = table.of_claims(own, later, articles);
                of_claim.iter_mut().for_each(|all| all.retain(|p| keeps(p.left, p) || keeps(p.right, p)));
                of_claim
            },
        )
        .flatten_iter()
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
    /// For each cell the rank of its column in its row, and of its row in its column.
    ranks: Vec<(u32, u32)>,
    /// The nearest claims of one claim so far, the most similar first.
    nearest: Vec<(f32, usize)>,
}

impl<'a> Table<'a> {
    fn new(vectors: &'a Vectors, settings: &'a Settings) -> Self {
        Self { vectors, settings, cosines: Cosines::default(), ranks: Vec::new(), nearest: Vec::new() }
    }

    /// The last candidate that each claim of an article keeps; `None` if it keeps all.
    fn last_kept(&mut self, own: usize, partners: &[usize], articles: &[Extent]) -> Vec<Option<CandidatePair>> {
        let (most, claims) = (self.settings.per_claim, articles[own].claims.len());
        // A claim has no more candidates in an article than that has claims.
        if most == 0 || partners.iter().map(|&other| articles[other].claims.len()).sum::<usize>() <= most {
            return vec![None; claims];
        }
        let of_claims = self.of_claims(own, partners, articles);
        let last = |mut all: Vec<CandidatePair>| {
            (all.len() > most).then(|| *all.select_nth_unstable_by(most - 1, by_similarity).1)
        };
        of_claims.into_iter().map(last).collect()
    }

    /// The candidates of each claim of an article in other articles, in order of position.
    fn of_claims(&mut self, own: usize, others: &[usize], articles: &[Extent]) -> Vec<Vec<CandidatePair>> {
        let start = articles[own].claims.start;
        let mut of_claims: Vec<Vec<CandidatePair>> = vec![Vec::new(); articles[own].claims.len()];
        for &other in others {
            let (left, right) = (&articles[own.min(other)], &articles[own.max(other)]);
            self.find(left, right, |pair| {
                of_claims[if own < other { pair.left } else { pair.right } - start].push(pair);
            });
        }
        of_claims
    }

    /// Tells `found` the candidates of two articles, row by row.
    fn find(&mut self, a: &Extent, b: &Extent, mut found: impl FnMut(CandidatePair)) {
        let (rows, columns, none) = (a.claims.len(), b.claims.len(), self.settings.neighbours as u32);
        self.vectors.cosines(a.claims.clone(), b.claims.clone(), &mut self.cosines);
        self.ranks.clear();
        self.ranks.resize(rows * columns, (none, none));
        let cosines = &self.cosines.values;
        for row in 0..rows {
            let cells = row * columns..(row + 1) * columns;
            find_nearest(&mut self.nearest, self.settings.neighbours, cosines[cells].iter().copied());
            let ranked = self.nearest.iter().zip(0..);
            ranked.for_each(|(&(_, column), rank)| self.ranks[row * columns + column].0 = rank);
        }
        for column in 0..columns {
            let cells = cosines.iter().copied().skip(column).step_by(columns);
            find_nearest(&mut self.nearest, self.settings.neighbours, cells);
            let ranked = self.nearest.iter().zip(0..);
            ranked.for_each(|(&(_, row), rank)| self.ranks[row * columns + column].1 = rank);
        }
        for (cell, (&(rank_right, rank_left), &similarity)) in self.ranks.iter().zip(cosines).enumerate() {
            if (rank_right < none || rank_left < none) && similarity >= self.settings.min_similarity {
                let (left, right) = (a.claims.start + cell / columns, b.claims.start + cell % columns);
                found(CandidatePair { left, right, similarity, rank_right, rank_left });
            }
        }
    }
}

/// Leaves the `keep` highest scores with their positions in `nearest`, highest first, ties by position.
fn find_nearest(nearest: &mut Vec<(f32, usize)>, keep: usize, scores: impl Iterator<Item = f32>) {
    nearest.clear();
    for (position, score) in scores.enumerate() {
        if nearest.len() == keep && nearest.last().is_some_and(|last| last.0 >= score) {
            continue;
        }
        nearest.truncate(keep - 1);
        let place = nearest.iter().rposition(|other| other.0 >= score).map_or(0, |place| place + 1);
        nearest.insert(place, (score, position));
    }
}
