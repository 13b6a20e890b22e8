//! Thresholds that marks support, and how they get into a settings file.

use std::collections::BTreeMap;

use serde::Serialize;
use toml_edit::{DocumentMut, Item, TableLike, Value};

use super::{Checked, Precision, ReviewError};
use crate::judge::{Relation, Settings, Thresholds};

/// Marked pairs of one relation and two languages from which a threshold of their own is advised.
const ENOUGH_FOR_LANGUAGES: usize = 30;
/// Marked pairs that must lie above a threshold.
const ENOUGH: usize = 10;

/// What the marks say about the threshold of one relation.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Advice {
    /// The relation.
    pub relation: Relation,
    /// Languages as `el-pl`; `None` for all.
    pub languages: Option<String>,
    /// The threshold that the settings have, 0 to 1.
    pub now: f64,
    /// Marked pairs with a confidence.
    pub marked: usize,
    /// The lowest threshold that reaches the target, no higher than `now` if all marked pairs together reach it; `None`
    /// if none does with enough marks above it.
    pub threshold: Option<Threshold>,
}

/// A threshold and what lies above it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Threshold {
    /// Lowest confidence that is reported, 0 to 1.
    pub at: f64,
    /// Precision of the marked pairs from there on.
    pub precision: Precision,
}

/// The lowest threshold of each relation whose precision on the marked pairs is at least `target`, and of each pair of
/// languages with enough marks; `now` are the settings that they are held against.
pub fn advise(rows: &[Checked], target: f64, now: &Settings) -> Vec<Advice> {
    let mut advice = Vec::new();
    for relation in [Relation::Agreement, Relation::Contradiction] {
        let own: Vec<&Checked> =
            rows.iter().filter(|row| row.relation == relation && row.confidence.is_some()).collect();
        let mut by_languages: BTreeMap<&str, Vec<&Checked>> = BTreeMap::new();
        for row in own.iter().filter(|row| !row.languages.is_empty()) {
            by_languages.entry(&row.languages).or_default().push(row);
        }
        by_languages.retain(|_, rows| rows.len() >= ENOUGH_FOR_LANGUAGES);
        let all = std::iter::once((None::<String>, own));
        let each = by_languages.into_iter().map(|(languages, rows)| (Some(languages.to_owned()), rows));
        for (languages, rows) in all.chain(each) {
            let (left, right) = languages.as_deref().and_then(|pair| pair.split_once('-')).unwrap_or_default();
            let (agreement, contradiction) = now.thresholds(left, right);
            let now = if relation == Relation::Agreement { agreement } else { contradiction };
            advice.push(Advice { relation, languages, now, marked: rows.len(), threshold: lowest(rows, target, now) });
        }
    }
    advice
}

fn lowest(mut rows: Vec<&Checked>, target: f64, now: f64) -> Option<Threshold> {
    let confidence = |row: &Checked| row.confidence.unwrap_or(0.0);
    rows.sort_by(|a, b| confidence(b).total_cmp(&confidence(a)));
    let ends = (ENOUGH..=rows.len()).rev();
    // Pairs of equal confidence stand on the same side of a threshold.
    let mut whole = ends.filter(|&end| rows.get(end).is_none_or(|next| confidence(next) < confidence(rows[end - 1])));
    whole.find_map(|end| {
        let precision = Precision::of(rows[..end].iter().copied())?;
        let exact = confidence(rows[end - 1]);
        let round = ((exact * 1e4).round() / 100.0).floor() / 100.0;
        // A round number is easier to read, as long as it lets no other marked pair in.
        let at = if rows.get(end).is_none_or(|next| confidence(next) < round) { round } else { exact };
        // Where no mark has to be left out, nothing is known of what lies below: no reason to go higher.
        let at = if end == rows.len() { at.min(now) } else { at };
        (precision.share >= target).then_some(Threshold { at, precision })
    })
}

/// Settings with the higher one of both for every threshold.
pub fn stricter(now: &Settings, run: &Settings) -> Settings {
    let higher = |pair: &String| {
        let (left, right) = pair.split_once('-').unwrap_or_default();
        let (one, other) = (now.thresholds(left, right), run.thresholds(left, right));
        let own = Thresholds { agreement: Some(one.0.max(other.0)), contradiction: Some(one.1.max(other.1)) };
        (pair.clone(), own)
    };
    Settings {
        agreement: now.agreement.max(run.agreement),
        contradiction: now.contradiction.max(run.contradiction),
        languages: now.languages.keys().chain(run.languages.keys()).map(higher).collect(),
        ..now.clone()
    }
}

/// Writes advised thresholds into the text of a settings file: `judge.agreement`, `judge.contradiction` and
/// `judge.languages.xx-yy`. Everything else, comments included, stays as it is.
pub fn apply(settings: &str, advice: &[Advice]) -> Result<String, ReviewError> {
    let failed = |problem: String| ReviewError::Settings { problem };
    let mut document: DocumentMut = settings.parse().map_err(|e: toml_edit::TomlError| failed(e.to_string()))?;
    let no_table = || failed("`judge` and `judge.languages` must be tables".to_owned());
    for one in advice {
        let Some(threshold) = one.threshold else { continue };
        let judge = table(document.as_table_mut(), "judge").ok_or_else(no_table)?;
        match &one.languages {
            None => set(judge, one.relation.name(), threshold.at),
            Some(pair) => {
                let languages = table(judge, "languages").ok_or_else(no_table)?;
                set(table(languages, pair).ok_or_else(no_table)?, one.relation.name(), threshold.at);
            }
        }
    }
    Ok(document.to_string())
}

/// The table of this name, made if there is none; `None` if the name is taken by a value.
fn table<'a>(parent: &'a mut dyn TableLike, name: &str) -> Option<&'a mut dyn TableLike> {
    if !parent.contains_key(name) {
        let mut fresh = toml_edit::Table::new();
        fresh.set_implicit(name == "languages");
        parent.insert(name, Item::Table(fresh));
    }
    parent.get_mut(name)?.as_table_like_mut()
}

fn set(table: &mut dyn TableLike, key: &str, number: f64) {
    let mut value = Value::from(number);
    match table.get_mut(key).and_then(Item::as_value_mut) {
        Some(old) => {
            *value.decor_mut() = old.decor().clone();
            *old = value;
        }
        None => drop(table.insert(key, Item::Value(value))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(relation: Relation, languages: &str, marks: &[(f64, bool)]) -> Vec<Checked> {
        let one = |(at, &(confidence, right)): (usize, &(f64, bool))| Checked {
            pair_id: format!("p{at}"),
            relation,
            confidence: Some(confidence),
            languages: languages.to_owned(),
            conflict: String::new(),
            right,
            weight: 1.0,
        };
        marks.iter().enumerate().map(one).collect()
    }

    /// Advice for thresholds of 0.62.
    fn advised() -> Vec<Advice> {
        let marks = [vec![(0.625, true); 30], vec![(0.5, false); 10]].concat();
        advise(&rows(Relation::Agreement, "el-pl", &marks), 0.9, &Settings::default())
    }

    #[test]
    fn the_lowest_threshold_that_reaches_the_target_is_advised() {
        let marks: Vec<(f64, bool)> = (0..40).map(|at| (0.99 - 0.01 * f64::from(at), at < 27)).collect();
        let advice = advise(&rows(Relation::Contradiction, "el-pl", &marks), 0.9, &Settings::default());
        let general = advice.iter().find(|a| a.relation == Relation::Contradiction && a.languages.is_none()).unwrap();
        let threshold = general.threshold.unwrap();
        // 27 of 30 are right: three wrong ones are let in, the fourth is not.
        assert_eq!((threshold.precision.right, threshold.precision.marked), (27, 30));
        assert!((threshold.at - 0.70).abs() < 1e-9 && threshold.precision.low < 0.9, "{threshold:?}");
        assert_eq!(advice.iter().filter(|a| a.languages.as_deref() == Some("el-pl")).count(), 1);
        assert!(advice.iter().all(|a| a.relation == Relation::Contradiction || a.threshold.is_none()));
    }

    #[test]
    fn no_threshold_is_raised_where_all_marks_reach_the_target() {
        let sure = rows(Relation::Contradiction, "el-pl", &[(0.95, true); 40]);
        let at = |contradiction, own| {
            let own = Thresholds { contradiction: Some(own), ..Thresholds::default() };
            let languages = [("el-pl".to_owned(), own)].into();
            let advice = advise(&sure, 0.9, &Settings { contradiction, languages, ..Settings::default() });
            advice.iter().filter_map(|one| Some(one.threshold?.at)).collect::<Vec<f64>>()
        };
        assert_eq!(at(0.5, 0.7), [0.5, 0.7]);
        assert_eq!(at(0.99, 0.7), [0.95, 0.7], "right marks below a threshold lower it");
    }

    #[test]
    fn of_two_settings_every_threshold_is_the_higher_one() {
        let read = |text: &str| toml::from_str::<Settings>(text).unwrap();
        let run = read("contradiction = 0.8\nlanguages.el-pl.agreement = 0.3");
        let found = stricter(&read("agreement = 0.6\nlanguages.de-el.contradiction = 0.9"), &run);
        assert_eq!(found.thresholds("hr", "hr"), (0.6, 0.8));
        assert_eq!(found.thresholds("de", "el"), (0.6, 0.9));
        assert_eq!(found.thresholds("el", "pl"), (0.6, 0.8));
    }

    #[test]
    fn few_marks_give_no_advice_and_equal_confidences_stand_together() {
        let now = Settings::default();
        let advise = |marks: &[(f64, bool)]| advise(&rows(Relation::Agreement, "de-pl", marks), 0.9, &now);
        assert_eq!(advise(&[(0.9, true); 9])[0].threshold, None);
        let tied: Vec<(f64, bool)> = (0..20).map(|at| (0.8, at < 15)).collect();
        assert_eq!(advise(&tied)[0].threshold, None);
        let fewer = advise(&[(0.9, true); 29]);
        assert!(fewer.iter().all(|a| a.languages.is_none()), "29 marks are too few for languages of their own");
    }

    #[test]
    fn comments_stay_when_thresholds_are_written() {
        let advice = advised();
        let before = "# mine\n[judge] # how sure\n# few rows\nagreement = 0.5   # was too low\nmax_pairs = 9\n\n[run]\nthreads = 2\n";
        let after = apply(before, &advice).unwrap();
        let expected = "# mine\n[judge] # how sure\n# few rows\nagreement = 0.62   # was too low\nmax_pairs = 9\n\n\
            [judge.languages.el-pl]\nagreement = 0.62\n\n[run]\nthreads = 2\n";
        assert_eq!(after, expected);
        assert_eq!(apply(&after, &advice).unwrap(), after, "a second time changes nothing");
    }

    #[test]
    fn every_way_to_write_the_section_is_understood() {
        let advice = advised();
        let forms = [
            "",
            "judge = { agreement = 0.4 }\n",
            "judge.agreement = 0.4\n",
            "[judge]\nlanguages = {}\n",
            include_str!("../../pipeline.toml"),
        ];
        for form in forms {
            let table: toml::Table = apply(form, &advice).unwrap().parse().unwrap();
            assert_eq!(table["judge"]["agreement"].as_float(), Some(0.62), "{form}");
            assert_eq!(table["judge"]["languages"]["el-pl"]["agreement"].as_float(), Some(0.62), "{form}");
        }
        assert!(apply("judge = 3\n", &advice).is_err());
        assert!(apply("[judge\n", &advice).is_err());
    }
}
