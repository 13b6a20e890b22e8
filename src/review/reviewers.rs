//! How far reviewers agree beyond chance.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::Reviewed;
use crate::judge::Relation;

/// Agreement of all reviewers.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Reviewers {
    /// Names, sorted.
    pub names: Vec<String>,
    /// Krippendorff's alpha of right and wrong over all of them; `None` if no pair has two marks or all marks are equal.
    pub alpha: Option<f64>,
    /// Cohen's kappa of every two who marked the same pairs.
    pub kappas: Vec<Kappa>,
    /// Pairs on which they contradict each other, by id.
    pub disagreements: Vec<Disagreement>,
}

/// Agreement of two reviewers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Kappa {
    /// Both names.
    pub reviewers: [String; 2],
    /// Pairs that both marked.
    pub shared: usize,
    /// Those on which they said the same.
    pub equal: usize,
    /// Cohen's kappa; `None` if both gave one and the same mark to all.
    pub kappa: Option<f64>,
}

/// A pair on which reviewers contradict each other.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Disagreement {
    /// Its id.
    pub pair_id: String,
    /// The relation that was shown.
    pub relation: Relation,
    /// Both sentences; empty if unknown.
    pub texts: [String; 2],
    /// Reviewer and mark, sorted by reviewer.
    pub marks: Vec<(String, String)>,
}

/// Compares the marks that several reviewers gave to the same pairs, as right or wrong about the relation shown.
pub fn reviewers(rows: &[Reviewed]) -> Reviewers {
    let mut by_pair: BTreeMap<&str, BTreeMap<&str, &Reviewed>> = BTreeMap::new();
    for row in rows.iter().filter(|row| row.mark.is_some()) {
        by_pair.entry(&row.pair_id).or_default().insert(&row.reviewer, row);
    }
    let names: BTreeSet<&str> = by_pair.values().flat_map(|said| said.keys().copied()).collect();
    let mut units: Vec<BTreeMap<&str, usize>> = Vec::new();
    let mut disagreements = Vec::new();
    for (&pair_id, said) in by_pair.iter().filter(|(_, said)| said.len() > 1) {
        let Some(relation) = said.values().find_map(|row| row.relation) else { continue };
        let verdicts = said.iter().map(|(&name, row)| (name, row.verdict(relation)));
        let unit: BTreeMap<&str, usize> = verdicts.filter_map(|(name, v)| Some((name, usize::from(v?)))).collect();
        if contradict(said.values().copied(), unit.values().copied()) {
            let word = |row: &Reviewed| row.mark.map_or("", super::Mark::name).to_owned();
            let marks = said.iter().map(|(&name, row)| (name.to_owned(), word(row))).collect();
            let texts = said.values().map(|row| &row.texts).find(|texts| !texts[0].is_empty());
            let texts = texts.cloned().unwrap_or_default();
            disagreements.push(Disagreement { pair_id: pair_id.to_owned(), relation, texts, marks });
        }
        units.push(unit);
    }
    let values: Vec<Vec<usize>> = units.iter().map(|unit| unit.values().copied().collect()).collect();
    let mut kappas = Vec::new();
    for (at, &first) in names.iter().enumerate() {
        for &second in names.iter().skip(at + 1) {
            let both = |unit: &BTreeMap<&str, usize>| Some((*unit.get(first)?, *unit.get(second)?));
            let shared: Vec<(usize, usize)> = units.iter().filter_map(both).collect();
            if !shared.is_empty() {
                kappas.push(Kappa {
                    reviewers: [first.to_owned(), second.to_owned()],
                    shared: shared.len(),
                    equal: shared.iter().filter(|(a, b)| a == b).count(),
                    kappa: cohen(&shared),
                });
            }
        }
    }
    let names = names.into_iter().map(str::to_owned).collect();
    Reviewers { names, alpha: krippendorff(&values), kappas, disagreements }
}

/// Whether verdicts differ, or two marks name different relations.
fn contradict<'a>(rows: impl Iterator<Item = &'a Reviewed>, verdicts: impl Iterator<Item = usize>) -> bool {
    let named: BTreeSet<_> =
        rows.filter_map(|row| row.mark.filter(|mark| matches!(mark, super::Mark::Relation(_)))).collect();
    named.len() > 1 || verdicts.collect::<BTreeSet<_>>().len() > 1
}

/// Cohen's kappa (1960) of two raters; each item has a category from both. `None` without items or where chance alone
/// gives full agreement.
pub fn cohen(items: &[(usize, usize)]) -> Option<f64> {
    let count = items.len() as f64;
    let share =
        |holds: &dyn Fn(&(usize, usize)) -> bool| items.iter().filter(|item| holds(item)).count() as f64 / count;
    let categories: BTreeSet<usize> = items.iter().flat_map(|&(a, b)| [a, b]).collect();
    let observed = share(&|(a, b)| a == b);
    let expected: f64 = categories.iter().map(|c| share(&|(a, _)| a == c) * share(&|(_, b)| b == c)).sum();
    (!items.is_empty() && categories.len() > 1).then(|| (observed - expected) / (1.0 - expected))
}

/// Krippendorff's alpha for nominal data (Computing Krippendorff's Alpha-Reliability, 2011); each unit has the categories
/// that its raters gave, missing ones left out. `None` if no unit has two, or all are equal.
pub fn krippendorff(units: &[Vec<usize>]) -> Option<f64> {
    let mut totals: BTreeMap<usize, f64> = BTreeMap::new();
    let mut differing = 0.0;
    for unit in units.iter().filter(|unit| unit.len() > 1) {
        for a in unit {
            *totals.entry(*a).or_default() += 1.0;
            differing += unit.iter().filter(|b| *b != a).count() as f64 / (unit.len() - 1) as f64;
        }
    }
    let count: f64 = totals.values().sum();
    let by_chance: f64 = totals.values().map(|own| own * (count - own)).sum();
    (by_chance > 0.0).then(|| 1.0 - (count - 1.0) * differing / by_chance)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::Mark;

    /// Fifty applications for grants, the usual worked example: 20 both yes, 5 and 10 one of them, 15 both no.
    #[test]
    fn kappa_of_the_worked_example() {
        let items = [(vec![(1, 1); 20]), vec![(1, 0); 5], vec![(0, 1); 10], vec![(0, 0); 15]].concat();
        assert!((cohen(&items).unwrap() - 0.4).abs() < 1e-12);
        assert_eq!(cohen(&[(1, 1), (1, 1)]), None);
        assert_eq!(cohen(&[]), None);
    }

    /// Krippendorff 2011, sections A and C: two observers with binary data; four with five categories and missing data.
    #[test]
    fn alpha_of_the_worked_examples() {
        let meg = [0, 1, 0, 0, 0, 0, 0, 0, 1, 0];
        let owen = [1, 1, 1, 0, 0, 1, 0, 0, 0, 0];
        let binary: Vec<Vec<usize>> = meg.iter().zip(owen).map(|(&a, b)| vec![a, b]).collect();
        assert!((krippendorff(&binary).unwrap() - 0.095).abs() < 5e-4);
        let rows = ["123321412...", "1233224125.3", ".3332342251.", "12332441251."];
        let units: Vec<Vec<usize>> =
            (0..12).map(|at| rows.iter().filter_map(|row| row[at..=at].parse().ok()).collect()).collect();
        assert!((krippendorff(&units).unwrap() - 0.743).abs() < 5e-4, "{:?}", krippendorff(&units));
        assert_eq!(krippendorff(&[vec![1], vec![0]]), None);
    }

    #[test]
    fn contradicting_marks_are_listed_and_compatible_ones_are_not() {
        let say = |pair: &str, who: &str, mark| Reviewed {
            pair_id: pair.into(),
            reviewer: who.into(),
            mark: Some(mark),
            relation: Some(Relation::Agreement),
            ..Reviewed::default()
        };
        let rows = [
            say("p1", "Ana", Mark::Right),
            say("p1", "Bo", Mark::Relation(Relation::Agreement)),
            say("p2", "Ana", Mark::Wrong),
            say("p2", "Bo", Mark::Relation(Relation::Unrelated)),
            say("p3", "Ana", Mark::Right),
            say("p3", "Bo", Mark::Wrong),
            say("p4", "Ana", Mark::Relation(Relation::Contradiction)),
            say("p4", "Bo", Mark::Relation(Relation::Unrelated)),
            say("p5", "Ana", Mark::Right),
        ];
        let found = reviewers(&rows);
        let ids: Vec<&str> = found.disagreements.iter().map(|pair| pair.pair_id.as_str()).collect();
        assert_eq!(ids, ["p3", "p4"]);
        assert_eq!(found.disagreements[0].marks, [("Ana".into(), "right".into()), ("Bo".into(), "wrong".into())]);
        assert_eq!((found.kappas[0].shared, found.kappas[0].equal), (4, 3));
    }
}
