//! Measures a run against gold: what was found, what was right, and at which step a true pair was lost.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::Serialize;

mod gold;
mod score;

pub use gold::{EvaluateError, Gold, GoldPair, Place, Trap, read_gold};
pub use score::{Matcher, Predicted, RelationScore, Scorecard, Steps, score};

use crate::judge::Relation;

/// Everything that `crossclaim evaluate` says, for a file and for a person.
#[derive(Debug, Serialize)]
pub struct Report {
    /// Name of what was measured, and its scores; the first is the program, the others are baselines.
    pub systems: Vec<(String, Scorecard)>,
    /// What the shares speak of, where that is not the whole run: [`Gold::note`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<&'static str>,
    /// Share of the true pairs that is still there after each step of the program.
    pub steps: Steps,
    /// Reliability of the probabilities: (relation, lower bound of the band, rows, mean probability, share that was right).
    pub reliability: Vec<(Relation, f64, usize, f64, f64)>,
    /// B-cubed agreement of claim groups with gold claims: precision, recall, F1.
    pub groups: Option<[f64; 3]>,
    /// Facts about the run: versions, models, counts.
    pub about: BTreeMap<String, String>,
}

impl Report {
    /// The scorecard as a text for people.
    pub fn to_text(&self) -> String {
        let mut out = String::new();
        for (name, card) in &self.systems {
            let _ = writeln!(out, "{name}\n{}", card.summary());
        }
        if let Some(note) = self.note {
            let _ = writeln!(out, "{note}\n");
        }
        let _ = writeln!(out, "share of true pairs left after each step\n{}", self.steps.to_text());
        let _ = writeln!(out, "probabilities (band: rows, mean probability, share right)");
        for (relation, from, rows, mean, right) in &self.reliability {
            let _ =
                writeln!(out, "  {:13} {from:.1}..{:.1} {rows:6} {mean:.3} {right:.3}", relation.name(), from + 0.1);
        }
        if let Some([precision, recall, f1]) = self.groups {
            let _ = writeln!(
                out,
                "\nclaim groups against gold claims, B-cubed: P {precision:.3}  R {recall:.3}  F1 {f1:.3}"
            );
        }
        if let Some((_, card)) = self.systems.first() {
            let heading = "by language, with 95 % intervals; a pair counts for both its languages";
            let _ = writeln!(out, "\n{heading}\n{}", card.languages_text());
            let _ = writeln!(out, "by pair of languages\n{}", card.table(&card.by_language));
            let _ = writeln!(out, "gold contradictions by kind of conflict (found as contradiction)");
            for (kind, (gold, hit)) in &card.by_kind {
                let _ = writeln!(out, "  {kind:22} {hit:4} of {gold:4}  R {:.3}", *hit as f64 / (*gold).max(1) as f64);
            }
        }
        let _ = writeln!(out);
        for (key, value) in &self.about {
            let _ = writeln!(out, "{key}: {value}");
        }
        out
    }
}

/// B-cubed precision, recall and F1 of a clustering against gold classes; items may belong to several of either.
///
/// Bagga and Baldwin: Entity-based cross-document coreferencing (1998), with the extension to overlapping classes of
/// Amigó et al. (2009). `items` gives for each item its clusters and its gold classes; items without a gold class are left out.
pub fn b_cubed(items: &[(Vec<usize>, Vec<usize>)]) -> [f64; 3] {
    let items: Vec<_> = items.iter().filter(|(_, gold)| !gold.is_empty()).collect();
    let shared = |a: &[usize], b: &[usize]| a.iter().filter(|x| b.contains(x)).count();
    let (mut precision, mut recall) = (0.0, 0.0);
    for (i, (own, gold)) in items.iter().enumerate() {
        let (mut p, mut r) = ((0.0, 0usize), (0.0, 0usize));
        for (j, (other, other_gold)) in items.iter().enumerate() {
            let (c, g) =
                if i == j { (own.len().max(1), gold.len()) } else { (shared(own, other), shared(gold, other_gold)) };
            if c > 0 {
                p = (p.0 + c.min(g) as f64 / c as f64, p.1 + 1);
            }
            if g > 0 {
                r = (r.0 + c.min(g) as f64 / g as f64, r.1 + 1);
            }
        }
        precision += p.0 / p.1.max(1) as f64;
        recall += r.0 / r.1.max(1) as f64;
    }
    let count = items.len().max(1) as f64;
    let (precision, recall) = (precision / count, recall / count);
    [precision, recall, 2.0 * precision * recall / (precision + recall).max(1e-9)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scorecard_against_marks_says_what_its_shares_are_of() {
        let text = |gold: &Gold| {
            let note = gold.note();
            let (systems, steps, reliability) = (Vec::new(), Steps::default(), Vec::new());
            Report { systems, note, steps, reliability, groups: None, about: BTreeMap::new() }.to_text()
        };
        let partial = Gold { is_partial: true, ..Gold::default() };
        assert!(text(&partial).starts_with("gold is marked pairs only"), "{}", text(&partial));
        assert!(text(&Gold::default()).starts_with("share of true pairs"));
    }

    #[test]
    fn equal_clusterings_score_one_and_a_single_heap_loses_precision() {
        let same: Vec<_> = [0, 0, 1, 1].iter().map(|&c| (vec![c], vec![c])).collect();
        assert_eq!(b_cubed(&same), [1.0, 1.0, 1.0]);
        let heap: Vec<_> = [0, 0, 1, 1].iter().map(|&c| (vec![9], vec![c])).collect();
        let [precision, recall, _] = b_cubed(&heap);
        assert_eq!((precision, recall), (0.5, 1.0));
        let alone: Vec<_> = [0, 0, 1, 1].iter().enumerate().map(|(i, &c)| (vec![i], vec![c])).collect();
        assert_eq!((b_cubed(&alone)[0], b_cubed(&alone)[1]), (1.0, 0.5));
    }
}
