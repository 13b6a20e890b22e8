//! Scores of pairs of texts in both orders, the second only where it may matter.

use super::log_probabilities;
use crate::embed::in_blocks;
use crate::model::{Judge, ModelError, Scores, distinct};

/// Scores of a pair in both orders; where the second was not needed, the first twice.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BothOrders {
    /// With the first text on the left.
    pub forth: Scores,
    /// With the first text on the right.
    pub back: Scores,
}

/// Judges pairs in both orders, each pair once, however often and in whichever order it comes.
///
/// The text that is smaller in the order of bytes is on the left first; what the model then calls unrelated with a probability of
/// `sure` is not judged again. So the scores of a pair depend on its two texts alone. When `go_on` says no, the pairs from there on
/// have none. `done` is told of two for every pair.
pub fn both_orders(
    model: &dyn Judge,
    pairs: &[(&str, &str)],
    sure: f64,
    go_on: &dyn Fn() -> bool,
    done: &(dyn Fn(usize) + Sync),
) -> Result<Vec<Option<BothOrders>>, ModelError> {
    let ordered: Vec<(&str, &str)> = pairs.iter().map(|&(left, right)| (left.min(right), left.max(right))).collect();
    let (unique, place) = distinct(&ordered);
    done(2 * (pairs.len() - unique.len()));
    let mut scores: Vec<[Scores; 2]> = Vec::with_capacity(unique.len());
    in_blocks(&unique, go_on, |block| {
        let firsts = model.judge(block, done)?;
        let open: Vec<usize> = (0..block.len()).filter(|&i| log_probabilities(&firsts[i])[1].exp() < sure).collect();
        done(block.len() - open.len());
        let turned: Vec<(&str, &str)> = open.iter().map(|&i| (block[i].1, block[i].0)).collect();
        let start = scores.len();
        scores.extend(firsts.iter().map(|&first| [first, first]));
        for (i, second) in open.into_iter().zip(model.judge(&turned, done)?) {
            scores[start + i][1] = second;
        }
        Ok(())
    })?;
    let of = |(&(left, right), at): (&(&str, &str), usize)| {
        let &[first, second] = scores.get(at)?;
        let (forth, back) = if left <= right { (first, second) } else { (second, first) };
        Some(BothOrders { forth, back })
    };
    Ok(pairs.iter().zip(place).map(of).collect())
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;
    use crate::model::MAX_CONFLICT_TYPES;

    /// Calls pairs unrelated whose left text is `far`; knows what it was asked.
    #[derive(Default)]
    struct Asked(Mutex<Vec<(String, String)>>);

    impl Judge for Asked {
        fn fingerprint(&self) -> String {
            String::new()
        }

        fn judge(&self, pairs: &[(&str, &str)], done: &(dyn Fn(usize) + Sync)) -> Result<Vec<Scores>, ModelError> {
            done(pairs.len());
            let scores = |&(left, right): &(&str, &str)| {
                self.0.lock().unwrap().push((left.to_owned(), right.to_owned()));
                Scores {
                    agreement: left.len() as f32 / 10.0,
                    unrelated: if left == "far" { 9.0 } else { 0.0 },
                    contradiction: right.len() as f32 / 10.0,
                    conflict: [0.0; MAX_CONFLICT_TYPES],
                }
            };
            Ok(pairs.iter().map(scores).collect())
        }
    }

    fn both(model: &Asked, pairs: &[(&str, &str)], sure: f64) -> Vec<BothOrders> {
        let heard = Mutex::new(0);
        let found = both_orders(model, pairs, sure, &|| true, &|n| *heard.lock().unwrap() += n).unwrap();
        assert_eq!(heard.into_inner().unwrap(), 2 * pairs.len());
        found.into_iter().map(Option::unwrap).collect()
    }

    #[test]
    fn each_pair_is_judged_once_in_each_order() {
        let model = Asked::default();
        let found = both(&model, &[("b", "aaa"), ("aaa", "b"), ("b", "aaa")], 0.9);
        assert_eq!(model.0.lock().unwrap().len(), 2);
        assert_eq!((found[0].forth, found[0].back), (found[1].back, found[1].forth));
        assert_eq!(found[0], found[2]);
        assert_eq!((found[0].forth.agreement, found[0].back.agreement), (0.1, 0.3));
    }

    #[test]
    fn what_is_surely_unrelated_is_not_judged_again() {
        let model = Asked::default();
        let found = both(&model, &[("far", "near"), ("near", "far"), ("far", "a")], 0.9);
        let asked = model.0.lock().unwrap().clone();
        // `far` comes before `near`, but after `a`.
        let pair = |left: &str, right: &str| (left.to_owned(), right.to_owned());
        assert_eq!(asked, [pair("far", "near"), pair("a", "far"), pair("far", "a")]);
        assert!(found[0].forth == found[0].back && found[0] == found[1]);
        assert_eq!(both(&Asked::default(), &[("far", "near")], 1.0)[0].back.unrelated, 0.0);
    }
}
