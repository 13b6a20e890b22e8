//! Which articles report the same event.

use jiff::civil::Date;
use rayon::prelude::*;

use super::{Extent, Related, Settings};
use crate::embed::Vectors;

/// Best claim matches that decide whether two articles are related.
const MATCHES: usize = 4;
/// Share of the article vectors' cosine in the score; the rest is the mean of the best matches.
const WHOLE: f32 = 0.5;
/// Article vectors further apart than this are not looked at claim by claim.
const FAR: f32 = 0.35;
/// Share of the components whose signs may differ before the cosine of two article vectors is not computed.
const UNLIKE: f32 = 0.42;

/// Related articles, by the cosine of their mean vectors and their best claim matches, in order of position.
///
/// Whether two articles are related depends on these two alone, never on the others. The work grows with the square of the
/// number of articles, but what is done for most pairs is to count different signs, a few nanoseconds.
pub fn relate(articles: &[Extent], vectors: &Vectors, settings: &Settings) -> Vec<Related> {
    let means: Vec<Vec<f32>> = articles.par_iter().map(|a| vectors.mean(a.claims.clone())).collect();
    let width = means.first().map_or(0, Vec::len);
    let wholes = Vectors::from_floats(&means.concat(), width);
    let signs: Vec<Vec<u64>> = (0..articles.len()).map(|article| wholes.signs(article)).collect();
    let unlike = (UNLIKE * width as f32) as u32;
    let days = Days::of(articles, settings.window_days);
    (0..articles.len())
        .into_par_iter()
        .flat_map_iter(|left| {
            let (wholes, signs) = (&wholes, &signs);
            let mut near: Vec<Related> = days
                .later(left)
                .filter(|&right| differing(&signs[left], &signs[right]) <= unlike)
                .filter_map(move |right| {
                    let (a, b) = (&articles[left], &articles[right]);
                    if a.claims.is_empty() || b.claims.is_empty() {
                        return None;
                    }
                    let whole = wholes.cosine(left, right);
                    // Matches are at most 1, so this pair cannot reach the threshold.
                    if whole < FAR || WHOLE * whole + (1.0 - WHOLE) < settings.related {
                        return None;
                    }
                    let score = WHOLE * whole + (1.0 - WHOLE) * best_matches(a, b, vectors);
                    (score >= settings.related).then_some(Related { left, right, score })
                })
                .collect();
            near.sort_unstable_by_key(|related| related.right);
            near
        })
        .collect()
}

/// Mean cosine of the best one-to-one matches of claims, taken greedily, ties by position.
fn best_matches(a: &Extent, b: &Extent, vectors: &Vectors) -> f32 {
    let mut cosines = vectors.cosines(a.claims.clone(), b.claims.clone());
    let columns = b.claims.len();
    let matches = MATCHES.min(a.claims.len()).min(columns);
    let mut total = 0.0;
    for _ in 0..matches {
        let best = (0..cosines.len()).max_by(|&x, &y| cosines[x].total_cmp(&cosines[y]).then(y.cmp(&x)));
        let Some(best) = best else { break };
        total += cosines[best];
        let (row, column) = (best / columns, best % columns);
        cosines[row * columns..(row + 1) * columns].fill(f32::NEG_INFINITY);
        cosines.iter_mut().skip(column).step_by(columns).for_each(|cosine| *cosine = f32::NEG_INFINITY);
    }
    total / matches.max(1) as f32
}

/// Number of bits that differ.
fn differing(a: &[u64], b: &[u64]) -> u32 {
    a.iter().zip(b).map(|(x, y)| (x ^ y).count_ones()).sum()
}

/// Articles by day, so that a window on the days leaves out the work as well.
struct Days {
    /// Days since a fixed one, of every article; `None` if it is compared with all.
    of: Vec<Option<i32>>,
    /// Positions of articles with a day, by day, then position.
    dated: Vec<usize>,
    /// Positions of articles that are compared with all.
    undated: Vec<usize>,
    window: i32,
}

impl Days {
    fn of(articles: &[Extent], window: u32) -> Self {
        let day = |date: Date| (window > 0).then(|| (date - Date::ZERO).get_days());
        let of: Vec<Option<i32>> = articles.iter().map(|article| article.date.and_then(day)).collect();
        let (mut dated, undated): (Vec<usize>, Vec<usize>) = (0..articles.len()).partition(|&i| of[i].is_some());
        dated.sort_unstable_by_key(|&i| (of[i], i));
        Self { of, dated, undated, window: i32::try_from(window).unwrap_or(i32::MAX) }
    }

    /// Articles after `left` in the corpus that are close enough in time.
    fn later(&self, left: usize) -> impl Iterator<Item = usize> + '_ {
        let dated = match self.of[left] {
            None => &self.dated[..],
            Some(day) => {
                let from = self.dated.partition_point(|&i| self.of[i] < Some(day.saturating_sub(self.window)));
                let to = self.dated.partition_point(|&i| self.of[i] <= Some(day.saturating_add(self.window)));
                &self.dated[from..to]
            }
        };
        let undated = &self.undated[self.undated.partition_point(|&i| i <= left)..];
        dated.iter().filter(move |&&right| right > left).chain(undated).copied()
    }
}
