//! Equal work once, batches by tokens, results in the order of the input.

use std::collections::HashMap;
use std::hash::Hash;
use std::ops::Range;
use std::sync::Mutex;

use rayon::prelude::*;

use super::int8::Scratch;

/// Tokens that a worker takes at a time: enough to use the weights well, few enough to share the work.
const TOKENS: usize = 256;

/// The different ones of `items` in the order of their first appearance, and for every item which of them it is.
pub fn distinct<T: Copy + Eq + Hash>(items: &[T]) -> (Vec<T>, Vec<usize>) {
    let mut seen = HashMap::with_capacity(items.len());
    let mut found = Vec::new();
    let which = items
        .iter()
        .map(|item| {
            *seen.entry(*item).or_insert_with(|| {
                found.push(*item);
                found.len() - 1
            })
        })
        .collect();
    (found, which)
}

/// Consecutive ranges of about `TOKENS` tokens; no text is divided.
pub(super) fn ranges(lengths: impl Iterator<Item = usize>) -> Vec<Range<usize>> {
    let (mut found, mut start, mut tokens, mut end) = (Vec::new(), 0, 0, 0);
    for length in lengths {
        if end > start && tokens + length > TOKENS {
            found.push(start..end);
            (start, tokens) = (end, 0);
        }
        end += 1;
        tokens += length;
    }
    if end > start {
        found.push(start..end);
    }
    found
}

/// Runs `work` on every range, on all threads; results in the order of the ranges.
pub(super) fn map<R: Send>(
    ranges: &[Range<usize>],
    memory: &Mutex<Vec<Scratch>>,
    work: impl Fn(Range<usize>, &mut Scratch) -> R + Sync,
) -> Vec<R> {
    let lend = || memory.lock().ok().and_then(|mut free| free.pop()).unwrap_or_default();
    ranges
        .par_iter()
        .with_max_len(1)
        .map(|range| {
            let mut scratch = lend();
            let result = work(range.clone(), &mut scratch);
            if let Ok(mut free) = memory.lock() {
                free.push(scratch);
            }
            result
        })
        .collect()
}

/// Adds `rows` `[n, out.len()]` to `out`, row after row.
pub(super) fn sum(rows: &[f32], out: &mut [f32]) {
    for row in rows.chunks_exact(out.len()) {
        for (total, x) in out.iter_mut().zip(row) {
            *total += x;
        }
    }
}

/// Brings a vector to length one; the zero vector stays.
pub(super) fn unit(vector: &mut [f32]) {
    let length = vector.iter().map(|x| x * x).sum::<f32>().sqrt().max(f32::MIN_POSITIVE);
    vector.iter_mut().for_each(|x| *x /= length);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_items_are_found_once_in_the_order_of_the_text() {
        assert_eq!(distinct(&["b", "a", "b", "c", "a"]), (vec!["b", "a", "c"], vec![0, 1, 0, 2, 1]));
    }

    #[test]
    fn batches_hold_whole_texts_and_all_of_them() {
        assert_eq!(ranges([100, 100, 100, 500, 1, 1].into_iter()), [0..2, 2..3, 3..4, 4..6]);
        assert!(ranges([].into_iter()).is_empty());
    }
}
