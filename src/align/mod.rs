//! Finds which articles report the same event, and which of their claims may be the same.

use std::ops::Range;

use jiff::civil::Date;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::embed::Vectors;

mod events;
mod relate;

pub use events::events;
pub use relate::relate;

/// Section `[align]` of the settings.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Two articles are related from this score on, 0 to 1.
    pub related: f32,
    /// Candidates of each claim in every related article.
    pub neighbours: usize,
    /// Most candidates of one claim in all articles together, the most similar; 0 keeps all.
    pub per_claim: usize,
    /// Lowest cosine of a candidate pair.
    pub min_similarity: f32,
    /// Articles further apart in time are not compared; 0 compares all. Articles without a date are always compared.
    pub window_days: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Self { related: 0.59, neighbours: 3, per_claim: 64, min_similarity: 0.15, window_days: 0 }
    }
}

/// What the aligner knows of an article: the range of its claims in the list of all claims, and its day.
#[derive(Debug, Clone)]
pub struct Extent {
    /// Positions of its claims.
    pub claims: Range<usize>,
    /// Day of publication.
    pub date: Option<Date>,
}

/// Two articles on one event; `left` comes before `right` in the corpus.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Related {
    /// Position of the first article.
    pub left: usize,
    /// Position of the second article.
    pub right: usize,
    /// How sure, 0 to 1: see [`relate`].
    pub score: f32,
}

/// Two claims of related articles that may be the same claim.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CandidatePair {
    /// Position of the claim in the first article.
    pub left: usize,
    /// Position of the claim in the second article.
    pub right: usize,
    /// Cosine of their vectors.
    pub similarity: f32,
    /// Rank of `right` among the neighbours of `left`, from 0; `neighbours` if it is none of them.
    pub rank_right: u32,
    /// Rank of `left` among the neighbours of `right`, from 0; `neighbours` if it is none of them.
    pub rank_left: u32,
}

/// The best few claims of the other article for every claim of two related articles, in both directions, in the order of
/// (left, right).
///
/// A claim with more than `settings.per_claim` candidates in all articles together keeps the most similar, and those that keep
/// it. Memory is bounded by the number of claims, however large an event is.
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
    let kept_by = |own: usize| {
        let own_claims = &articles[own].claims;
        let mut of_claim: Vec<Vec<CandidatePair>> = vec![Vec::new(); own_claims.len()];
        for &other in &partners[own] {
            let (left, right) = (&articles[own.min(other)], &articles[own.max(other)]);
            for pair in candidates_of(left, right, vectors, settings) {
                let claim = if own < other { pair.left } else { pair.right };
                of_claim[claim - own_claims.start].push(pair);
            }
        }
        for pairs in of_claim.iter_mut().filter(|pairs| settings.per_claim > 0 && pairs.len() > settings.per_claim) {
            pairs.sort_by(|x, y| y.similarity.total_cmp(&x.similarity).then((x.left, x.right).cmp(&(y.left, y.right))));
            pairs.truncate(settings.per_claim);
        }
        of_claim.into_iter().flatten()
    };
    let mut all: Vec<CandidatePair> = (0..articles.len()).into_par_iter().flat_map_iter(kept_by).collect();
    all.par_sort_unstable_by_key(|pair| (pair.left, pair.right));
    all.dedup_by_key(|pair| (pair.left, pair.right));
    all
}

fn candidates_of(a: &Extent, b: &Extent, vectors: &Vectors, settings: &Settings) -> Vec<CandidatePair> {
    let (rows, columns) = (a.claims.len(), b.claims.len());
    let cosines = vectors.cosines(a.claims.clone(), b.claims.clone());
    let none = settings.neighbours as u32;
    let mut ranks = vec![(none, none); rows * columns];
    let mut order: Vec<usize> = Vec::new();
    for row in 0..rows {
        let cell = |column: usize| row * columns + column;
        best(&mut order, columns, settings.neighbours, |column| cosines[cell(column)]);
        order.iter().enumerate().for_each(|(rank, &column)| ranks[cell(column)].0 = rank as u32);
    }
    for column in 0..columns {
        let cell = |row: usize| row * columns + column;
        best(&mut order, rows, settings.neighbours, |row| cosines[cell(row)]);
        order.iter().enumerate().for_each(|(rank, &row)| ranks[cell(row)].1 = rank as u32);
    }
    let mut found = Vec::new();
    for (cell, &(rank_right, rank_left)) in ranks.iter().enumerate() {
        let similarity = cosines[cell];
        if (rank_right < none || rank_left < none) && similarity >= settings.min_similarity {
            let (left, right) = (a.claims.start + cell / columns, b.claims.start + cell % columns);
            found.push(CandidatePair { left, right, similarity, rank_right, rank_left });
        }
    }
    found
}

/// Leaves the `keep` positions with the highest score in `order`, best first, ties by position.
fn best(order: &mut Vec<usize>, count: usize, keep: usize, score: impl Fn(usize) -> f32) {
    order.clear();
    order.extend(0..count);
    order.sort_by(|&x, &y| score(y).total_cmp(&score(x)).then(x.cmp(&y)));
    order.truncate(keep);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Three articles of two claims each; the first two speak of the same two things, the third of something else.
    fn sample() -> (Vec<Extent>, Vectors) {
        let floats = [
            [1.0, 0.1, 0.0, 0.0],
            [0.1, 1.0, 0.0, 0.0],
            [0.9, 0.2, 0.1, 0.0],
            [0.0, 0.9, 0.1, 0.1],
            [0.0, 0.0, 1.0, 0.0],
            [0.0, 0.0, 0.1, 1.0],
        ];
        let articles = (0..3).map(|i| Extent { claims: 2 * i..2 * i + 2, date: None }).collect();
        (articles, Vectors::from_floats(&floats.concat(), 4))
    }

    #[test]
    fn articles_on_one_event_are_related_and_others_are_not() {
        let (articles, vectors) = sample();
        let related = relate(&articles, &vectors, &Settings::default());
        assert_eq!(related.iter().map(|r| (r.left, r.right)).collect::<Vec<_>>(), [(0, 1)]);
    }

    #[test]
    fn a_window_keeps_distant_days_apart() {
        let (mut articles, vectors) = sample();
        articles[0].date = Some(jiff::civil::date(2024, 1, 1));
        articles[1].date = Some(jiff::civil::date(2024, 3, 1));
        let settings = Settings { window_days: 14, ..Settings::default() };
        assert!(relate(&articles, &vectors, &settings).is_empty());
        assert_eq!(relate(&articles, &vectors, &Settings { window_days: 90, ..settings }).len(), 1);
    }

    #[test]
    fn a_claim_with_many_candidates_keeps_the_most_similar() {
        let floats: Vec<f32> = (0..10).flat_map(|i| [1.0, i as f32 * 0.05]).collect();
        let articles: Vec<Extent> = (0..10).map(|i| Extent { claims: i..i + 1, date: None }).collect();
        let vectors = Vectors::from_floats(&floats, 2);
        let related = relate(&articles, &vectors, &Settings::default());
        assert_eq!(related.len(), 45);
        let pairs =
            |per_claim| candidates(&articles, &related, &vectors, &Settings { per_claim, ..Settings::default() });
        assert_eq!(pairs(0).len(), 45);
        let kept: Vec<_> = pairs(1).iter().map(|p| (p.left, p.right)).collect();
        assert!(kept.len() < 10 && kept.iter().all(|(l, r)| r - l == 1), "{kept:?}");
    }

    #[test]
    fn each_claim_finds_its_nearest_in_the_other_article() {
        let (articles, vectors) = sample();
        let settings = Settings { neighbours: 1, ..Settings::default() };
        let related = relate(&articles, &vectors, &settings);
        let pairs = candidates(&articles, &related, &vectors, &settings);
        assert_eq!(pairs.iter().map(|p| (p.left, p.right)).collect::<Vec<_>>(), [(0, 2), (1, 3)]);
        assert!(pairs.iter().all(|p| p.rank_left == 0 && p.rank_right == 0));
    }
}
