//! How often the program was right, with the interval that the number of marks allows.

use std::collections::{BTreeMap, HashMap};

use serde::Serialize;

use super::{Reviewed, Stratum};
use crate::judge::Relation;

/// Standard normal quantile of a 95 % interval.
const Z: f64 = 1.959_963_984_540_054;

/// Share of rows that are right, with its 95 % interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Precision {
    /// Marked pairs.
    pub marked: usize,
    /// Those that are right.
    pub right: usize,
    /// Share that is right; in a sample each pair counts for the rows that it stands for.
    pub share: f64,
    /// Lower end of the interval.
    pub low: f64,
    /// Upper end of the interval.
    pub high: f64,
}

/// One pair on which a verdict was reached.
#[derive(Debug, Clone, PartialEq)]
pub struct Checked {
    /// Its id.
    pub pair_id: String,
    /// The relation that the program gave.
    pub relation: Relation,
    /// The program's confidence, 0 to 1.
    pub confidence: Option<f64>,
    /// Languages as `el-pl`.
    pub languages: String,
    /// Type of the conflict: what stands before the colon of the reason.
    pub conflict: String,
    /// Whether the relation is right.
    pub right: bool,
    /// Rows of the run that it stands for; 1 where no sample was drawn.
    pub weight: f64,
}

/// Pairs with a verdict, and those without.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Checks {
    /// Pairs with a verdict, by id.
    pub rows: Vec<Checked>,
    /// Pairs on which as many reviewers said right as wrong.
    pub tied: usize,
    /// Marked pairs whose relation is not known, because the column was lost.
    pub unknown: usize,
    /// Whether the rows are a drawn sample, so that weights give shares of the whole run.
    pub is_sample: bool,
    /// Pairs of no known part of the run where others have one: because of them, none is weighted.
    pub without_stratum: usize,
}

/// The verdict on each pair: that of the majority of its reviewers.
pub fn check(rows: &[Reviewed]) -> Checks {
    let mut by_pair: BTreeMap<&str, Vec<&Reviewed>> = BTreeMap::new();
    for row in rows.iter().filter(|row| row.mark.is_some()) {
        by_pair.entry(&row.pair_id).or_default().push(row);
    }
    let mut checks = Checks::default();
    let mut strata: Vec<Option<&Stratum>> = Vec::new();
    for (pair_id, said) in by_pair {
        let Some((shown, relation)) = said.iter().rev().find_map(|row| Some((row, row.relation?))) else {
            checks.unknown += 1;
            continue;
        };
        let (right, all) = votes(&said, relation);
        if 2 * right == all {
            checks.tied += 1;
            continue;
        }
        checks.rows.push(Checked {
            pair_id: pair_id.to_owned(),
            relation,
            confidence: shown.confidence,
            languages: shown.languages.clone(),
            conflict: shown.reason.split(':').next().unwrap_or_default().trim().to_owned(),
            right: 2 * right > all,
            weight: 1.0,
        });
        strata.push(said.iter().rev().find_map(|row| row.stratum.as_ref()));
    }
    weigh(&mut checks, &strata);
    checks
}

/// How many of the rows say that `relation` is right, and how many say anything of it.
pub(super) fn votes(said: &[&Reviewed], relation: Relation) -> (usize, usize) {
    let verdicts = || said.iter().filter_map(|row| row.verdict(relation));
    (verdicts().filter(|&right| right).count(), verdicts().count())
}

/// Gives each pair its share of its stratum's rows, if every pair has a stratum.
fn weigh(checks: &mut Checks, strata: &[Option<&Stratum>]) {
    let without = strata.iter().filter(|stratum| stratum.is_none()).count();
    checks.is_sample = !strata.is_empty() && without == 0;
    if !checks.is_sample {
        checks.without_stratum = if without < strata.len() { without } else { 0 };
        return;
    }
    let mut marked: HashMap<&Stratum, usize> = HashMap::new();
    for stratum in strata.iter().flatten() {
        *marked.entry(stratum).or_default() += 1;
    }
    for (row, stratum) in checks.rows.iter_mut().zip(strata.iter().flatten()) {
        row.weight = stratum.rows as f64 / marked[stratum] as f64;
    }
}

impl Precision {
    /// Precision of some pairs; `None` if there are none.
    ///
    /// With weights, the interval is that of as many pairs as would carry the same information (Kish's effective
    /// sample size, Survey Sampling, 1965).
    pub fn of<'a>(rows: impl IntoIterator<Item = &'a Checked>) -> Option<Self> {
        let (mut marked, mut right, mut sum, mut good, mut squares) = (0, 0, 0.0, 0.0, 0.0);
        for row in rows {
            marked += 1;
            right += usize::from(row.right);
            sum += row.weight;
            squares += row.weight * row.weight;
            good += if row.right { row.weight } else { 0.0 };
        }
        if marked == 0 {
            return None;
        }
        let share = good / sum;
        let (low, high) = wilson(share, sum * sum / squares);
        Some(Self { marked, right, share, low, high })
    }
}

/// The 95 % score interval of a share of `count` trials (Wilson 1927).
pub fn wilson(share: f64, count: f64) -> (f64, f64) {
    let square = Z * Z / count;
    let middle = (share + square / 2.0) / (1.0 + square);
    let half = Z / (1.0 + square) * (share * (1.0 - share) / count + square / (4.0 * count)).sqrt();
    ((middle - half).max(0.0), (middle + half).min(1.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::Mark;

    fn close(a: f64, b: f64) -> bool {
        (a - b).abs() < 6e-5
    }

    /// Newcombe: Two-sided confidence intervals for the single proportion (1998), table I, method 3.
    #[test]
    fn wilson_gives_the_intervals_of_the_literature() {
        let known =
            [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)];
        for (right, count, low, high) in known {
            let interval = wilson(f64::from(right) / f64::from(count), f64::from(count));
            assert!(close(interval.0, low) && close(interval.1, high), "{right}/{count}: {interval:?}");
        }
        assert!(close(wilson(1.0, 10.0).0, 0.7225) && close(wilson(1.0, 10.0).1, 1.0));
    }

    fn row(pair: &str, mark: Mark) -> Reviewed {
        let relation = Some(Relation::Contradiction);
        let reason = "number: 15 / 40".to_owned();
        Reviewed { pair_id: pair.into(), mark: Some(mark), relation, reason, ..Reviewed::default() }
    }

    #[test]
    fn a_named_relation_is_right_only_if_it_is_the_one_shown() {
        let rows = [
            row("p1", Mark::Right),
            row("p2", Mark::Relation(Relation::Contradiction)),
            row("p3", Mark::Relation(Relation::Agreement)),
            row("p4", Mark::Wrong),
        ];
        let checks = check(&rows);
        let right: Vec<bool> = checks.rows.iter().map(|row| row.right).collect();
        assert_eq!(right, [true, true, false, false]);
        assert_eq!(checks.rows[0].conflict, "number");
    }

    #[test]
    fn the_majority_decides_and_a_tie_is_left_out() {
        let by = |name: &str, mark| Reviewed { reviewer: name.into(), ..row("p1", mark) };
        let two = [by("a", Mark::Right), by("b", Mark::Wrong)];
        assert_eq!((check(&two).rows.len(), check(&two).tied), (0, 1));
        let three = [by("a", Mark::Right), by("b", Mark::Wrong), by("c", Mark::Right)];
        assert!(check(&three).rows[0].right);
    }

    #[test]
    fn in_a_sample_a_pair_counts_for_the_rows_it_stands_for() {
        let of = |name: &str, rows| Some(Stratum { name: name.into(), rows });
        let rows = [
            Reviewed { stratum: of("low", 90), ..row("p1", Mark::Wrong) },
            Reviewed { stratum: of("high", 10), ..row("p2", Mark::Right) },
            Reviewed { stratum: of("high", 10), ..row("p3", Mark::Right) },
        ];
        let checks = check(&rows);
        assert!(checks.is_sample);
        let precision = Precision::of(&checks.rows).unwrap();
        assert!(close(precision.share, 0.1), "{precision:?}");
        assert!(precision.high - precision.low > 0.5, "three pairs say little: {precision:?}");
        let mixed = check(&[rows[0].clone(), row("p9", Mark::Right)]);
        assert!(!mixed.is_sample && mixed.without_stratum == 1, "a mixture has no weights: {mixed:?}");
        assert_eq!(check(&[row("p9", Mark::Right)]).without_stratum, 0, "no sample lacks nothing");
    }
}
