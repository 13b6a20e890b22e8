//! Everything that `crossclaim review` says, for a person.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::Serialize;

use super::{Advice, Checked, Checks, Precision, Reviewed, Reviewers, advise, check, reviewers, short};
use crate::judge::{Relation, Settings};

/// Disagreements that are written out.
const LISTED: usize = 50;
/// Letters of a sentence that are shown with them.
const SHOWN: usize = 110;
/// What is said of shares where the marked pairs are a sample.
const ESTIMATED: &str = ", estimated for the whole run from the sample";

/// Precision, agreement of reviewers and advice.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Summary {
    /// Agreements and contradictions together; `None` without marks on them.
    pub all: Option<Precision>,
    /// By relation.
    pub by_relation: BTreeMap<String, Precision>,
    /// By pair of languages; agreements and contradictions.
    pub by_languages: BTreeMap<String, Precision>,
    /// By type of conflict; contradictions.
    pub by_conflict: BTreeMap<String, Precision>,
    /// By relation and tenth of confidence.
    pub by_band: BTreeMap<String, Precision>,
    /// Pairs on which as many reviewers said right as wrong: left out.
    pub tied: usize,
    /// Marked pairs whose relation is not known: left out.
    pub unknown: usize,
    /// Whether shares are estimates for the whole run, from a drawn sample.
    pub is_sample: bool,
    /// Pairs of no known part of the run where others have one: because of them, shares are of the marked pairs.
    pub without_stratum: usize,
    /// Agreement of reviewers.
    pub reviewers: Reviewers,
    /// Precision that thresholds are advised for, 0 to 1.
    pub target: f64,
    /// Advised thresholds.
    pub advice: Vec<Advice>,
}

/// Sums up marked rows; `target` is the precision that thresholds are advised for, 0 to 1, `now` has the present ones.
pub fn summarize(rows: &[Reviewed], target: f64, now: &Settings) -> Summary {
    let checks: Checks = check(rows);
    let by = |key: &dyn Fn(&Checked) -> Option<String>| -> BTreeMap<String, Precision> {
        let mut groups: BTreeMap<String, Vec<&Checked>> = BTreeMap::new();
        for row in &checks.rows {
            if let Some(key) = key(row) {
                groups.entry(key).or_default().push(row);
            }
        }
        groups.into_iter().filter_map(|(key, rows)| Some((key, Precision::of(rows)?))).collect()
    };
    let reported = |row: &&Checked| row.relation != Relation::Unrelated;
    let name = |text: &str| if text.is_empty() { "unknown".to_owned() } else { text.to_owned() };
    Summary {
        all: Precision::of(checks.rows.iter().filter(reported)),
        by_relation: by(&|row| Some(row.relation.name().to_owned())),
        by_languages: by(&|row| reported(&row).then(|| name(&row.languages))),
        by_conflict: by(&|row| (row.relation == Relation::Contradiction).then(|| name(&row.conflict))),
        by_band: by(&|row| {
            let tenth = ((row.confidence? * 10.0) as usize).min(9);
            Some(format!("{} {:.1}..{:.1}", row.relation.name(), tenth as f64 / 10.0, (tenth + 1) as f64 / 10.0))
        }),
        tied: checks.tied,
        unknown: checks.unknown,
        is_sample: checks.is_sample,
        without_stratum: checks.without_stratum,
        reviewers: reviewers(rows),
        target,
        advice: advise(&checks.rows, target, now),
    }
}

impl Summary {
    /// The summary as a text.
    pub fn to_text(&self) -> String {
        let mut out = String::new();
        let head = if self.is_sample { ESTIMATED } else { "" };
        let _ = writeln!(out, "precision{head} (95 % interval, right of marked)");
        if self.without_stratum > 0 {
            let (without, all) = (self.without_stratum, self.by_relation.values().map(|p| p.marked).sum::<usize>());
            let _ =
                writeln!(out, "  {without} of {all} have no `stratum`: shares are of the marked pairs, not of the run");
        }
        self.all.iter().for_each(|all| line(&mut out, "all", all));
        let tables = [
            ("relation", &self.by_relation),
            ("languages", &self.by_languages),
            ("type of conflict", &self.by_conflict),
            ("confidence", &self.by_band),
        ];
        for (title, rows) in tables.into_iter().filter(|(_, rows)| !rows.is_empty()) {
            let _ = writeln!(out, "\nby {title}");
            rows.iter().for_each(|(key, precision)| line(&mut out, key, precision));
        }
        if self.tied > 0 {
            let _ = writeln!(out, "\n{} pairs are left out: as many reviewers said right as wrong", self.tied);
        }
        if self.unknown > 0 {
            let _ = writeln!(out, "\n{} pairs are left out: the column `relation` is missing or empty", self.unknown);
        }
        self.agreement(&mut out);
        self.thresholds(&mut out);
        out
    }

    fn agreement(&self, out: &mut String) {
        let reviewers = &self.reviewers;
        if reviewers.kappas.is_empty() {
            return;
        }
        let number =
            |value: Option<f64>| value.map_or("undefined: all marks are equal".to_owned(), |v| format!("{v:.3}"));
        let name = |name: &str| if name.is_empty() { "(no name)".to_owned() } else { name.to_owned() };
        let _ = writeln!(out, "\nagreement of reviewers on right and wrong");
        let _ = writeln!(out, "  Krippendorff's alpha {}", number(reviewers.alpha));
        for kappa in &reviewers.kappas {
            let [a, b] = &kappa.reviewers;
            let (a, b, value) = (name(a), name(b), number(kappa.kappa));
            let _ = writeln!(out, "  {a} and {b}: {} of {} the same, Cohen's kappa {value}", kappa.equal, kappa.shared);
        }
        if !reviewers.disagreements.is_empty() {
            let _ = writeln!(out, "\n{} disagreements", reviewers.disagreements.len());
        }
        for pair in reviewers.disagreements.iter().take(LISTED) {
            let marks: Vec<String> = pair.marks.iter().map(|(who, mark)| format!("{}: {mark}", name(who))).collect();
            let _ = writeln!(out, "  {}  {:13}  {}", pair.pair_id, pair.relation.name(), marks.join(", "));
            for text in pair.texts.iter().filter(|text| !text.is_empty()) {
                let line = Vec::from_iter(text.split_whitespace()).join(" ");
                let _ = writeln!(out, "      {}", short(&line, SHOWN));
            }
        }
        if let Some(more) = reviewers.disagreements.len().checked_sub(LISTED + 1) {
            let _ = writeln!(out, "  and {} more", more + 1);
        }
    }

    fn thresholds(&self, out: &mut String) {
        let percent = self.target * 100.0;
        let head = if self.is_sample { ESTIMATED } else { " on the marked pairs" };
        let _ = writeln!(out, "\nlowest thresholds with a precision of {percent:.0} %{head} (right of marked)");
        for advice in &self.advice {
            let name = format!("{} {}", advice.relation.name(), advice.languages.as_deref().unwrap_or_default());
            let now = advice.now;
            let _ = match advice.threshold {
                Some(threshold) => {
                    let p = threshold.precision;
                    let all = if p.marked == advice.marked { ": all marked pairs reach the target" } else { "" };
                    writeln!(
                        out,
                        "  {name:22} {:<6} (now {now}): precision {:.3}, 95 % interval from {:.3}, {} of {}{all}",
                        threshold.at, p.share, p.low, p.right, p.marked
                    )
                }
                None => writeln!(
                    out,
                    "  {name:22} none (now {now}): not reached with at least 10 of {} marks",
                    advice.marked
                ),
            };
        }
    }
}

fn line(out: &mut String, name: &str, p: &Precision) {
    let _ = writeln!(out, "  {name:26} {:.3}  {:.3}..{:.3}  {:5} of {}", p.share, p.low, p.high, p.right, p.marked);
}
