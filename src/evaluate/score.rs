//! Precision, recall and ranking of predicted pairs against gold pairs.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt::Write as _;

use serde::Serialize;

use super::gold::{Gold, Place};
use crate::judge::{Relation, language_pair};
use crate::review::wilson;

/// One pair that a system reports.
#[derive(Debug, Clone)]
pub struct Predicted {
    /// Both sides, in any order.
    pub sides: [Place; 2],
    /// Its relation.
    pub relation: Relation,
    /// Probability of the relation, 0 to 1; the ranking.
    pub confidence: f64,
}

/// Scores of one relation.
#[derive(Debug, Clone, Default, Serialize)]
pub struct RelationScore {
    /// Gold pairs of this relation.
    pub gold: usize,
    /// Reported rows that count.
    pub predicted: usize,
    /// Reported rows that are right.
    pub right: usize,
    /// Gold pairs that were found with this relation.
    pub found: usize,
    /// Average precision of the ranking by confidence.
    pub average_precision: f64,
    /// Precision among the first 50 rows, where there are as many.
    pub precision_at_50: Option<f64>,
}

impl RelationScore {
    /// Share of the reported rows that is right.
    pub fn precision(&self) -> f64 {
        self.right as f64 / self.predicted.max(1) as f64
    }

    /// Share of the gold pairs that was found.
    pub fn recall(&self) -> f64 {
        self.found as f64 / self.gold.max(1) as f64
    }

    /// Harmonic mean of precision and recall.
    pub fn f1(&self) -> f64 {
        let (p, r) = (self.precision(), self.recall());
        2.0 * p * r / (p + r).max(1e-9)
    }
}

/// Scores of one system.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Scorecard {
    /// Agreements.
    pub agreement: RelationScore,
    /// Contradictions.
    pub contradiction: RelationScore,
    /// Both relations by pair of languages.
    pub by_language: BTreeMap<String, [RelationScore; 2]>,
    /// Gold contradictions by kind of conflict: all, found.
    pub by_kind: BTreeMap<String, (usize, usize)>,
    /// (reported relation, gold relation or `none` or `ignored`) -> rows.
    pub confusion: BTreeMap<String, usize>,
}

impl Scorecard {
    /// Mean of the two F1.
    pub fn macro_f1(&self) -> f64 {
        (self.agreement.f1() + self.contradiction.f1()) / 2.0
    }

    /// Two lines, one a relation.
    pub fn summary(&self) -> String {
        let mut out = String::new();
        for (name, s) in [("agreement", &self.agreement), ("contradiction", &self.contradiction)] {
            let first = s.precision_at_50.map_or("-".to_owned(), |p| format!("{p:.2}"));
            let _ = writeln!(
                out,
                "  {name:13} gold {:5}  reported {:5}  P {:.3}  R {:.3}  F1 {:.3}  AP {:.3}  P@50 {first}",
                s.gold,
                s.predicted,
                s.precision(),
                s.recall(),
                s.f1(),
                s.average_precision
            );
        }
        let _ = writeln!(out, "  macro F1 {:.4}   {:?}", self.macro_f1(), self.confusion);
        out
    }

    /// Both relations by language; a pair of two languages counts for both. Only counts, no ranking.
    pub fn single_languages(&self) -> BTreeMap<String, [RelationScore; 2]> {
        let mut sums: BTreeMap<String, [RelationScore; 2]> = BTreeMap::new();
        for (pair, scores) in &self.by_language {
            for language in pair.split('-').collect::<BTreeSet<_>>() {
                for (sum, s) in sums.entry(language.to_owned()).or_default().iter_mut().zip(scores) {
                    sum.gold += s.gold;
                    sum.predicted += s.predicted;
                    sum.right += s.right;
                    sum.found += s.found;
                }
            }
        }
        sums
    }

    /// One line for each language, with 95 % intervals of precision and recall.
    pub fn languages_text(&self) -> String {
        let cell = |s: &RelationScore| {
            let share = |name: char, share: f64, count: usize| {
                if count == 0 {
                    return format!("{name}    -              of    0");
                }
                let (low, high) = wilson(share, count as f64);
                format!("{name} {share:.2} ({low:.2} to {high:.2}) of {count:4}")
            };
            format!("{}  {}", share('P', s.precision(), s.predicted), share('R', s.recall(), s.gold))
        };
        self.single_languages().iter().fold(String::new(), |mut out, (language, [agreement, contradiction])| {
            let _ =
                writeln!(out, "  {language:3} agreement {}   contradiction {}", cell(agreement), cell(contradiction));
            out
        })
    }

    /// One line for each key, both relations with their counts.
    pub fn table(&self, rows: &BTreeMap<String, [RelationScore; 2]>) -> String {
        let mut out = String::new();
        for (key, [agreement, contradiction]) in rows {
            let cell = |s: &RelationScore| {
                format!(
                    "gold {:3} rep {:3} P {:.2} R {:.2} F1 {:.2}",
                    s.gold,
                    s.predicted,
                    s.precision(),
                    s.recall(),
                    s.f1()
                )
            };
            let _ = writeln!(out, "  {key:8} agreement {}   contradiction {}", cell(agreement), cell(contradiction));
        }
        out
    }
}

/// Shares of gold pairs that are still there after each step: name, agreements, contradictions.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Steps(pub Vec<(String, f64, f64)>);

impl Steps {
    /// Adds a step at which the pairs `there` are still in play.
    pub fn add(&mut self, name: &str, gold: &Gold, there: impl Fn(&[Place; 2]) -> bool) {
        let share = |relation| {
            let all: Vec<_> = gold.pairs.iter().filter(|p| p.relation == relation).collect();
            all.iter().filter(|p| there(&p.sides)).count() as f64 / all.len().max(1) as f64
        };
        self.0.push((name.to_owned(), share(Relation::Agreement), share(Relation::Contradiction)));
    }

    /// One line a step.
    pub fn to_text(&self) -> String {
        self.0.iter().fold(String::new(), |mut out, (name, a, c)| {
            let _ = writeln!(out, "  {name:22} agreements {a:.3}   contradictions {c:.3}");
            out
        })
    }
}

/// Gold pairs by the two articles that they join, for fast matching.
pub struct Matcher<'a> {
    gold: &'a Gold,
    pairs: HashMap<(&'a str, &'a str), Vec<usize>>,
    ignored: HashMap<(&'a str, &'a str), Vec<usize>>,
}

impl<'a> Matcher<'a> {
    /// Indexes gold.
    pub fn new(gold: &'a Gold) -> Self {
        let mut matcher = Self { gold, pairs: HashMap::new(), ignored: HashMap::new() };
        for (i, pair) in gold.pairs.iter().enumerate() {
            matcher.pairs.entry(key(&pair.sides)).or_default().push(i);
        }
        for (i, sides) in gold.ignored.iter().enumerate() {
            matcher.ignored.entry(key(sides)).or_default().push(i);
        }
        matcher
    }

    /// Positions of the gold pairs that a reported pair meets.
    pub fn matches(&self, sides: &[Place; 2]) -> Vec<usize> {
        let found = |&&i: &&usize| meet(sides, &self.gold.pairs[i].sides);
        self.pairs.get(&key(sides)).map_or(Vec::new(), |all| all.iter().filter(found).copied().collect())
    }

    /// Whether a pair that is no gold pair may be reported with this relation or not.
    pub fn is_ignored(&self, sides: &[Place; 2], relation: Relation) -> bool {
        let is_trap = || self.gold.traps.iter().any(|trap| trap.denies(relation) && meet(sides, &trap.sides));
        (self.gold.is_partial && !is_trap())
            || self.ignored.get(&key(sides)).is_some_and(|all| all.iter().any(|&i| meet(sides, &self.gold.ignored[i])))
    }
}

fn key(sides: &[Place; 2]) -> (&str, &str) {
    let (a, b) = (sides[0].article.as_str(), sides[1].article.as_str());
    (a.min(b), a.max(b))
}

fn meet(a: &[Place; 2], b: &[Place; 2]) -> bool {
    (a[0].meets(&b[0]) && a[1].meets(&b[1])) || (a[0].meets(&b[1]) && a[1].meets(&b[0]))
}

/// Scores predictions. A reported pair is right when it joins the same two sentences (each span shares at least half of the shorter) with the
/// same relation; several reports of one gold pair count once.
pub fn score(gold: &Gold, predicted: &[Predicted]) -> Scorecard {
    let matcher = Matcher::new(gold);
    let mut card = Scorecard::default();
    let mut hits: BTreeSet<usize> = BTreeSet::new();
    let mut order: Vec<&Predicted> = predicted.iter().collect();
    order.sort_by(|a, b| b.confidence.total_cmp(&a.confidence).then_with(|| a.sides.cmp(&b.sides)));
    for one in order {
        let matches = matcher.matches(&one.sides);
        let gold_name = match matches.first() {
            None if matcher.is_ignored(&one.sides, one.relation) => "ignored",
            None => "none",
            Some(_) if matches.iter().any(|&i| gold.pairs[i].relation == one.relation) => one.relation.name(),
            Some(&i) => gold.pairs[i].relation.name(),
        };
        *card.confusion.entry(format!("{}->{gold_name}", one.relation.name())).or_default() += 1;
        if one.relation == Relation::Unrelated || gold_name == "ignored" {
            continue;
        }
        let good: Vec<usize> = matches.into_iter().filter(|&i| gold.pairs[i].relation == one.relation).collect();
        let fresh = good.iter().filter(|&&i| hits.insert(i)).count();
        let pair = language_pair(&one.sides[0].language, &one.sides[1].language);
        let at = usize::from(one.relation == Relation::Contradiction);
        let total = if at == 0 { &mut card.agreement } else { &mut card.contradiction };
        for s in [total, &mut card.by_language.entry(pair).or_default()[at]] {
            if good.is_empty() {
                s.predicted += 1;
            } else if fresh > 0 {
                s.predicted += 1;
                s.right += 1;
                s.average_precision += fresh as f64 * s.precision();
            }
            if s.predicted == 50 && s.precision_at_50.is_none() {
                s.precision_at_50 = Some(s.precision());
            }
        }
    }
    for (i, pair) in gold.pairs.iter().enumerate() {
        let languages = language_pair(&pair.sides[0].language, &pair.sides[1].language);
        let at = usize::from(pair.relation == Relation::Contradiction);
        let hit = usize::from(hits.contains(&i));
        let total = if at == 0 { &mut card.agreement } else { &mut card.contradiction };
        for s in [total, &mut card.by_language.entry(languages).or_default()[at]] {
            s.gold += 1;
            s.found += hit;
        }
        for kind in &pair.kinds {
            let of = card.by_kind.entry(kind.clone()).or_default();
            *of = (of.0 + 1, of.1 + hit);
        }
    }
    let totals = [&mut card.agreement, &mut card.contradiction];
    for s in totals.into_iter().chain(card.by_language.values_mut().flatten()) {
        s.average_precision /= s.gold.max(1) as f64;
    }
    card
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluate::GoldPair;

    fn sides(a: (usize, usize), b: (usize, usize)) -> [Place; 2] {
        [Place::new("a", a.0, a.1, "pl"), Place::new("b", b.0, b.1, "de")]
    }

    fn gold() -> Gold {
        let pair = |sides, relation| GoldPair { sides, relation, claims: vec![], kinds: vec!["number".into()] };
        Gold {
            pairs: vec![
                pair(sides((0, 10), (0, 10)), Relation::Contradiction),
                pair(sides((20, 30), (20, 30)), Relation::Contradiction),
            ],
            ignored: vec![sides((40, 50), (40, 50))],
            ..Gold::default()
        }
    }

    #[test]
    fn right_wrong_missing_and_ignored_pairs_are_counted() {
        let say = |sides, confidence| Predicted { sides, relation: Relation::Contradiction, confidence };
        let card = score(
            &gold(),
            &[
                say(sides((0, 10), (1, 9)), 0.9),
                say(sides((0, 10), (60, 70)), 0.8),
                say(sides((40, 50), (40, 50)), 0.7),
            ],
        );
        let s = &card.contradiction;
        assert_eq!((s.gold, s.predicted, s.right, s.found), (2, 2, 1, 1));
        assert_eq!(s.average_precision, 0.5);
        assert_eq!(card.by_kind["number"], (2, 1));
        assert_eq!(card.by_language["de-pl"][1].gold, 2);
        let polish = &card.single_languages()["pl"][1];
        assert_eq!((polish.gold, polish.predicted, polish.right, polish.found), (2, 2, 1, 1));
        assert!(card.languages_text().contains("P 0.50 (0.09 to 0.91) of    2"), "{}", card.languages_text());
    }

    #[test]
    fn a_true_pair_with_the_other_relation_is_wrong() {
        let one = Predicted { sides: sides((0, 10), (0, 10)), relation: Relation::Agreement, confidence: 0.9 };
        let card = score(&gold(), &[one]);
        assert_eq!((card.agreement.predicted, card.agreement.right), (1, 0));
        assert_eq!(card.confusion["agreement->contradiction"], 1);
    }
}
