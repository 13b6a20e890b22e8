//! Finds which articles report the same event, and which of their claims may be the same.

use std::ops::Range;

use jiff::civil::Date;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::embed::Vectors;

/// Section `[align]` of the settings.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Two articles are related from this score on, 0 to 1.
    pub related: f32,
    /// Candidates of each claim in every related article.
    pub neighbours: usize,
    /// Lowest cosine of a candidate pair.
    pub min_similarity: f32,
    /// Articles further apart in time are not compared; 0 compares all. Articles without a date are always compared.
    pub window_days: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Self { related: 0.59, neighbours: 3, min_similarity: 0.15, window_days: 0 }
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

/// Best claim matches that decide whether two articles are related.
const MATCHES: usize = 4;
/// Share of the article vectors' cosine in the score; the rest is the mean of the best matches.
const WHOLE: f32 = 0.5;
/// Article vectors further apart than this are not looked at claim by claim.
const FAR: f32 = 0.25;

/// Related articles, by the cosine of their mean vectors and their best claim matches, in order of position.
pub fn relate(articles: &[Extent], vectors: &Vectors, settings: &Settings) -> Vec<Related> {
    let means: Vec<Vec<f32>> = articles.par_iter().map(|a| vectors.mean(a.claims.clone())).collect();
    let width = means.first().map_or(0, Vec::len);
    let wholes = Vectors::from_floats(&means.concat(), width);
    (0..articles.len())
        .into_par_iter()
        .flat_map_iter(|left| {
            let wholes = &wholes;
            (left + 1..articles.len()).filter_map(move |right| {
                let (a, b) = (&articles[left], &articles[right]);
                if a.claims.is_empty() || b.claims.is_empty() || !within(a.date, b.date, settings.window_days) {
                    return None;
                }
                let whole = wholes.cosine(left, right);
                if whole < FAR {
                    return None;
                }
                let score = WHOLE * whole + (1.0 - WHOLE) * best_matches(a, b, vectors);
                (score >= settings.related).then_some(Related { left, right, score })
            })
        })
        .collect()
}

/// Mean cosine of the best one-to-one matches of claims, taken greedily.
fn best_matches(a: &Extent, b: &Extent, vectors: &Vectors) -> f32 {
    let mut all: Vec<(f32, usize, usize)> =
        a.claims.clone().flat_map(|l| b.claims.clone().map(move |r| (vectors.cosine(l, r), l, r))).collect();
    all.sort_by(|x, y| y.0.total_cmp(&x.0).then((x.1, x.2).cmp(&(y.1, y.2))));
    let mut taken: Vec<(f32, usize, usize)> = Vec::with_capacity(MATCHES);
    for &(score, l, r) in &all {
        if taken.iter().all(|t| t.1 != l && t.2 != r) {
            taken.push((score, l, r));
            if taken.len() == MATCHES {
                break;
            }
        }
    }
    taken.iter().map(|t| t.0).sum::<f32>() / taken.len().max(1) as f32
}

fn within(a: Option<Date>, b: Option<Date>, days: u32) -> bool {
    match (a, b) {
        (Some(a), Some(b)) if days > 0 => (a - b).get_days().unsigned_abs() <= days,
        _ => true,
    }
}

/// The best few claims of the other article for every claim of two related articles, in both directions; ordered by
/// (left, right) within each pair of articles.
pub fn candidates(
    articles: &[Extent],
    related: &[Related],
    vectors: &Vectors,
    settings: &Settings,
) -> Vec<CandidatePair> {
    related
        .par_iter()
        .flat_map_iter(|pair| candidates_of(&articles[pair.left], &articles[pair.right], vectors, settings))
        .collect()
}

fn candidates_of(a: &Extent, b: &Extent, vectors: &Vectors, settings: &Settings) -> Vec<CandidatePair> {
    let (rows, columns) = (a.claims.len(), b.claims.len());
    let cosines: Vec<f32> =
        a.claims.clone().flat_map(|l| b.claims.clone().map(move |r| vectors.cosine(l, r))).collect();
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
    fn each_claim_finds_its_nearest_in_the_other_article() {
        let (articles, vectors) = sample();
        let settings = Settings { neighbours: 1, ..Settings::default() };
        let related = relate(&articles, &vectors, &settings);
        let pairs = candidates(&articles, &related, &vectors, &settings);
        assert_eq!(pairs.iter().map(|p| (p.left, p.right)).collect::<Vec<_>>(), [(0, 2), (1, 3)]);
        assert!(pairs.iter().all(|p| p.rank_left == 0 && p.rank_right == 0));
    }
}
