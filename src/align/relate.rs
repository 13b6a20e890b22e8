//! Which articles report the same event.

use std::ops::Range;

use jiff::civil::Date;
use rayon::prelude::*;

use super::{Extent, Names, Related, Settings};
use crate::embed::{Cosines, Vectors};

/// Best claim matches that decide whether two articles are related.
const MATCHES: usize = 4;
/// Share of the article vectors' cosine in the score; the rest is the mean of the best matches.
const WHOLE: f32 = 0.5;
/// What names in common raise the score by, and others lower it by: see [`super::Names::in_common`].
const NAMES: f32 = 0.3;
/// Days of a month.
const MONTH: f32 = 30.0;
/// Two articles are not looked at claim by claim when the cosine of their vectors is under this share of what the sentences have to reach.
const FAR: f32 = 5.0 / 6.0;
/// Article vectors that are multiplied with as many others at a time; both stay in the processor's cache.
const BLOCK: usize = 64;

/// Related articles, in order of position. The score is half the cosine of the articles' mean vectors and half the mean cosine of their best
/// matching claims, raised by names in common or lowered by others (between -0.084 and 0.051), and lowered by time: by `settings.fading`
/// where 30 days lie between them, twice that at 120, three times at 270.
///
/// Whether two articles are related depends on these two alone, never on the others. All article vectors within the window are
/// multiplied with each other, so the work grows with the square of the number of articles, but that is a few nanoseconds for
/// most pairs. The others are looked at claim by claim, until a bound shows that they cannot reach the threshold.
pub fn relate(articles: &[Extent], vectors: &Vectors, settings: &Settings) -> Vec<Related> {
    let days = Days::of(articles, settings.window_days);
    let means: Vec<Vec<f32>> = days.order.par_iter().map(|&a| vectors.mean(articles[a].claims.clone())).collect();
    let wholes = Vectors::from_floats(&means.concat(), means.first().map_or(0, Vec::len));
    let least = |unlike: f32| settings.related + unlike;
    let far = FAR * least(-NAMES * Names::MOST_IN_COMMON);
    let blocks = days.blocks();
    let near_to = |look: &mut Look, whole: &mut Cosines, own: usize| {
        let mut near = Vec::new();
        for other in (own..blocks.len()).filter(|&other| days.meet(&blocks[own], &blocks[other])) {
            let (rows, columns) = (blocks[own].clone(), blocks[other].clone());
            wholes.cosines(rows.clone(), columns.clone(), whole);
            let pairs = rows.flat_map(|row| columns.clone().map(move |column| (row, column)));
            for ((row, column), &whole) in pairs.zip(&whole.values) {
                if whole < far || row >= column || !days.are_near(row, column) {
                    continue;
                }
                let (a, b) = (days.order[row], days.order[column]);
                let (left, right) = (a.min(b), a.max(b));
                let unlike = unlike(&articles[left], &articles[right], settings.fading);
                if whole < FAR * least(unlike) {
                    continue;
                }
                let score = look.score(whole, &articles[left], &articles[right], vectors, least(unlike));
                near.extend(score.map(|score| Related { left, right, score: (score - unlike).clamp(0.0, 1.0) }));
            }
        }
        near
    };
    let mut related: Vec<Related> = (0..blocks.len())
        .into_par_iter()
        .map_init(Default::default, |(look, whole), own| near_to(look, whole, own))
        .flatten_iter()
        .collect();
    related.par_sort_unstable_by_key(|pair| (pair.left, pair.right));
    related
}

/// What names and time take from the score of two articles; negative where they add to it.
fn unlike(a: &Extent, b: &Extent, fading: f32) -> f32 {
    let days = a.date.zip(b.date).map_or(0, |(a, b)| (a - b).get_days().unsigned_abs());
    fading * (days as f32 / MONTH).sqrt() - NAMES * a.names.in_common(&b.names)
}

/// A look at two articles claim by claim, and the room that it needs.
#[derive(Default)]
struct Look {
    cosines: Cosines,
    /// Highest cosine in each column.
    highest: Vec<f32>,
}

impl Look {
    /// Half of `whole`, the cosine of two articles' vectors, and half of their best matches; `None` if that is under `least`.
    fn score(&mut self, whole: f32, a: &Extent, b: &Extent, vectors: &Vectors, least: f32) -> Option<f32> {
        let with = |matches: f32| WHOLE * whole + (1.0 - WHOLE) * matches;
        // A cosine is at most 1, a little more after rounding.
        if with(1.001) < least {
            return None;
        }
        vectors.cosines(a.claims.clone(), b.claims.clone(), &mut self.cosines);
        let matches = MATCHES.min(a.claims.len()).min(b.claims.len());
        self.find_highest(b.claims.len());
        // Matches stand in different columns. Sums of larger numbers in the same order are not smaller, rounded or not.
        if with(self.bound(matches)) < least {
            return None;
        }
        let score = with(self.best_matches(b.claims.len(), matches));
        (score >= least).then_some(score)
    }

    fn find_highest(&mut self, columns: usize) {
        self.highest.clear();
        self.highest.resize(columns, f32::NEG_INFINITY);
        for row in self.cosines.values.chunks_exact(columns) {
            self.highest.iter_mut().zip(row).for_each(|(most, &x)| *most = if x > *most { x } else { *most });
        }
    }

    /// Mean of the columns' highest cosines, of the `matches` columns where they are highest.
    fn bound(&self, matches: usize) -> f32 {
        let mut most = [f32::NEG_INFINITY; MATCHES];
        for &column in &self.highest {
            let mut x = column;
            most.iter_mut().for_each(|kept| (*kept, x) = if x > *kept { (x, *kept) } else { (*kept, x) });
        }
        most[..matches].iter().sum::<f32>() / matches as f32
    }

    /// Mean cosine of the best one-to-one matches of claims, taken greedily, ties by position.
    fn best_matches(&mut self, columns: usize, matches: usize) -> f32 {
        let mut total = 0.0;
        for _ in 0..matches {
            let best = (0..columns).fold(0, |best, c| if self.highest[c] > self.highest[best] { c } else { best });
            let most = self.highest[best];
            total += most;
            let values = &mut self.cosines.values;
            let row = values.iter().skip(best).step_by(columns).position(|&x| x == most).expect("it is in the column");
            values[row * columns..(row + 1) * columns].fill(f32::NEG_INFINITY);
            values.iter_mut().skip(best).step_by(columns).for_each(|x| *x = f32::NEG_INFINITY);
            self.find_highest(columns);
        }
        total / matches as f32
    }
}

/// Articles with claims by day, so that a window on the days leaves out the work as well.
struct Days {
    /// Positions of articles: those with a day by day and position, then those that are compared with all.
    order: Vec<usize>,
    /// Days since a fixed one, in that order; `None` for the latter.
    of: Vec<Option<i32>>,
    window: i32,
}

impl Days {
    fn of(articles: &[Extent], window: u32) -> Self {
        let day = |article: &Extent| article.date.filter(|_| window > 0).map(|date| (date - Date::ZERO).get_days());
        let mut order: Vec<usize> = (0..articles.len()).filter(|&a| !articles[a].claims.is_empty()).collect();
        order.sort_by_cached_key(|&a| (day(&articles[a]).is_none(), day(&articles[a])));
        let of = order.iter().map(|&a| day(&articles[a])).collect();
        Self { order, of, window: i32::try_from(window).unwrap_or(i32::MAX) }
    }

    /// Parts of the order of at most [`BLOCK`] articles.
    fn blocks(&self) -> Vec<Range<usize>> {
        let end = |start: usize| (start + BLOCK).min(self.order.len());
        (0..self.order.len()).step_by(BLOCK).map(|start| start..end(start)).collect()
    }

    /// Whether a block may hold an article that is close enough to one of the same or an earlier block.
    fn meet(&self, earlier: &Range<usize>, block: &Range<usize>) -> bool {
        earlier == block || self.of[block.end - 1].is_none() || self.are_near(earlier.end - 1, block.start)
    }

    /// Whether two articles are close enough in time.
    fn are_near(&self, a: usize, b: usize) -> bool {
        self.of[a].zip(self.of[b]).is_none_or(|(a, b)| a.abs_diff(b) <= self.window.unsigned_abs())
    }
}
