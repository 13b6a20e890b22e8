//! Finds which articles report the same event, and which of their claims may be the same.

use std::ops::Range;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

mod candidates;
mod events;
mod names;
mod relate;

pub use candidates::candidates;
pub use events::events;
pub use names::Names;
pub use relate::relate;

/// Section `[align]` of the settings.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Two articles are related from this score on, 0 to 1: see [`relate`].
    pub related: f32,
    /// Most articles of one event; 0 sets no limit: see [`events`].
    pub event_articles: usize,
    /// Candidates of each claim in every related article.
    pub neighbours: usize,
    /// Most candidates of one claim in all articles together, the most similar; 0 keeps all.
    pub per_claim: usize,
    /// Lowest cosine of a candidate pair.
    pub min_similarity: f32,
    /// What two articles lose of their score where 30 days lie between them, more with the root of the time: see [`relate`].
    pub fading: f32,
    /// Articles further apart in time are not compared; 0 compares all. Articles without a date are always compared.
    pub window_days: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            related: 0.65,
            event_articles: 1_000,
            neighbours: 3,
            per_claim: 64,
            min_similarity: 0.15,
            fading: 0.0125,
            window_days: 0,
        }
    }
}

/// What the aligner knows of an article.
#[derive(Debug, Clone, Default)]
pub struct Extent {
    /// Positions of its claims in the list of all claims.
    pub claims: Range<usize>,
    /// Day of publication.
    pub date: Option<Date>,
    /// Names in its claims.
    pub names: Names,
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

impl CandidatePair {
    /// A pair of which no ranks are known: each side passes for the nearest of the other.
    pub fn new(left: usize, right: usize, similarity: f32) -> Self {
        Self { left, right, similarity, rank_right: 0, rank_left: 0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::embed::Vectors;

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
        let articles = (0..3).map(|i| Extent { claims: 2 * i..2 * i + 2, ..Extent::default() }).collect();
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
    fn names_and_time_move_the_score() {
        let (mut articles, vectors) = sample();
        let score = |articles: &[Extent], fading| {
            let settings = Settings { fading, ..Settings::default() };
            relate(articles, &vectors, &settings).first().map(|related| related.score)
        };
        let plain = score(&articles, 0.05).unwrap();
        articles[0].date = Some(jiff::civil::date(2024, 1, 1));
        articles[1].date = Some(jiff::civil::date(2024, 4, 30));
        assert!((score(&articles, 0.05).unwrap() - (plain - 0.1)).abs() < 1e-6);
        assert_eq!(score(&articles, 0.5), None);
        articles[0].names = Names::of(["vrbn svlr tmn"]);
        articles[1].names = Names::of(["kldr ?str lbn mr"]);
        let differ = score(&articles, 0.0).unwrap();
        articles[1].names = Names::of(["tmn vrbn", "lbn mr"]);
        assert!(differ < plain && plain < score(&articles, 0.0).unwrap());
    }

    #[test]
    fn a_claim_with_many_candidates_keeps_the_most_similar() {
        let floats: Vec<f32> = (0..10).flat_map(|i| [1.0, i as f32 * 0.05]).collect();
        let articles: Vec<Extent> = (0..10).map(|i| Extent { claims: i..i + 1, ..Extent::default() }).collect();
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

    /// Claims at random around a few centres: articles of two to nine claims, with an empty one, on some days.
    fn random(seed: u64) -> (Vec<Extent>, Vectors) {
        let mut state = seed;
        let mut next = |below: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % below
        };
        let (mut articles, mut floats, mut start) = (Vec::new(), Vec::new(), 0);
        for number in 0..150 {
            let (count, centre) = (if number == 7 { 0 } else { 2 + next(8) as usize }, next(12));
            let date = (next(4) > 0).then(|| jiff::civil::date(2024, 1, 1 + next(28) as i8));
            let mentions: Vec<String> = (0..count).map(|_| format!("{} ?{}", next(9) + 10 * centre, next(9))).collect();
            let names = Names::of(mentions.iter().map(String::as_str));
            articles.push(Extent { claims: start..start + count, date, names });
            start += count;
            for _ in 0..count {
                let claim = next(6);
                // Few levels, so that there are ties.
                let level = |i: u64| {
                    f32::from(u8::from(i % 12 == centre)) + f32::from(u8::from((i + centre) % 6 == claim)) * 0.7
                };
                floats.extend((0..24).map(|i| level(i) + next(4) as f32 * 0.2 - 0.3));
            }
        }
        (articles, Vectors::from_floats(&floats, 24))
    }

    /// The definition of relatedness, without blocks and bounds.
    fn plainly_related(articles: &[Extent], vectors: &Vectors, settings: &Settings) -> Vec<Related> {
        let means: Vec<f32> = articles.iter().flat_map(|a| vectors.mean(a.claims.clone())).collect();
        let wholes = Vectors::from_floats(&means, 24);
        let mut found = Vec::new();
        for right in 0..articles.len() {
            for left in 0..right {
                let (a, b) = (&articles[left], &articles[right]);
                let apart = a.date.zip(b.date).map_or(0, |(a, b)| (a - b).get_days().unsigned_abs());
                let unlike = settings.fading * (apart as f32 / 30.0).sqrt() - 0.3 * a.names.in_common(&b.names);
                let least = settings.related + unlike;
                let far = wholes.cosine(left, right) < least * 5.0 / 6.0;
                if far || a.claims.is_empty() || b.claims.is_empty() || apart > settings.window_days {
                    continue;
                }
                let (mut rows, mut columns): (Vec<_>, Vec<_>) =
                    (a.claims.clone().collect(), b.claims.clone().collect());
                let (most, mut total) = (4.min(rows.len()).min(columns.len()), 0.0);
                for _ in 0..most {
                    let pairs = columns.iter().flat_map(|&c| rows.iter().map(move |&r| (vectors.cosine(r, c), r, c)));
                    let order = |x: &(f32, usize, usize), y: &(f32, usize, usize)| {
                        x.0.total_cmp(&y.0).then((y.2, y.1).cmp(&(x.2, x.1)))
                    };
                    let (cosine, row, column) = pairs.max_by(order).unwrap();
                    total += cosine;
                    rows.retain(|&r| r != row);
                    columns.retain(|&c| c != column);
                }
                let score = 0.5 * wholes.cosine(left, right) + 0.5 * (total / most as f32);
                let related = Related { left, right, score: (score - unlike).clamp(0.0, 1.0) };
                found.extend((score >= least).then_some(related));
            }
        }
        found.sort_by_key(|pair| (pair.left, pair.right));
        found
    }

    #[test]
    fn blocks_and_bounds_change_nothing() {
        let mut counts = Vec::new();
        for seed in 0..6 {
            let (articles, vectors) = random(seed);
            for (related, window_days) in [(0.3, 1_000), (0.6, 1_000), (0.6, 5), (0.8, 0)] {
                let settings = Settings { related, window_days, ..Settings::default() };
                let found = relate(&articles, &vectors, &settings);
                // No window is a very large one.
                let plain = Settings { window_days: if window_days == 0 { 1_000 } else { window_days }, ..settings };
                assert!(found == plainly_related(&articles, &vectors, &plain), "seed {seed}, {related}, {window_days}");
                counts.push(found.len());
            }
        }
        assert!(counts.iter().all(|&count| count > 0 && count < 11_000), "{counts:?}");
    }

    #[test]
    fn claims_of_two_events_are_never_compared() {
        let (articles, vectors) = random(1);
        let settings = Settings { related: 0.5, event_articles: 20, ..Settings::default() };
        let related = relate(&articles, &vectors, &settings);
        let event_of = events(articles.len(), &related, 20);
        let article_of = |claim| articles.iter().position(|a| a.claims.contains(&claim)).unwrap();
        let found = candidates(&articles, &related, &vectors, &settings);
        assert!(found.iter().all(|p| event_of[article_of(p.left)] == event_of[article_of(p.right)]));
        let uncut = candidates(&articles, &related, &vectors, &Settings { event_articles: 0, ..settings });
        assert!(!found.is_empty() && found.len() < uncut.len());
    }

    #[test]
    fn two_passes_give_the_best_few_of_all() {
        for (seed, per_claim) in [(1, 0), (2, 1), (3, 5), (4, 40), (5, 64)] {
            let (articles, vectors) = random(seed);
            let settings = Settings { related: 0.5, per_claim, neighbours: 2, ..Settings::default() };
            let related = relate(&articles, &vectors, &settings);
            let mut of_claim: Vec<Vec<(f32, usize, usize)>> = vec![Vec::new(); vectors.len()];
            for (a, b) in related.iter().map(|pair| (&articles[pair.left].claims, &articles[pair.right].claims)) {
                let mut pairs = std::collections::BTreeSet::new();
                for (own, others) in a.clone().map(|own| (own, b)).chain(b.clone().map(|own| (own, a))) {
                    let mut near: Vec<usize> = others.clone().collect();
                    near.sort_by(|&x, &y| vectors.cosine(own, y).total_cmp(&vectors.cosine(own, x)).then(x.cmp(&y)));
                    pairs.extend(near.iter().take(2).map(|&other| (own.min(other), own.max(other))));
                }
                for (left, right) in pairs {
                    let cosine = vectors.cosine(left, right);
                    if cosine >= settings.min_similarity {
                        [left, right].iter().for_each(|&claim| of_claim[claim].push((cosine, left, right)));
                    }
                }
            }
            let mut wanted = Vec::new();
            for all in &mut of_claim {
                all.sort_by(|x, y| y.0.total_cmp(&x.0).then((x.1, x.2).cmp(&(y.1, y.2))));
                all.truncate(if per_claim == 0 { usize::MAX } else { per_claim });
                wanted.extend(all.iter().map(|pair| (pair.1, pair.2)));
            }
            wanted.sort_unstable();
            wanted.dedup();
            let found = candidates(&articles, &related, &vectors, &settings);
            assert_eq!(found.iter().map(|p| (p.left, p.right)).collect::<Vec<_>>(), wanted, "seed {seed}");
        }
    }
}
