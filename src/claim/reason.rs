//! Says in short why two claims contradict each other.

use std::fmt;

use super::Fields;
use super::compare::Comparison;
use super::time::{Relation, TimeExpr, When};

/// The reason of a contradiction: what the fields show (`number: 15 / 40`, `order: before war / after war`, `denial`), else `kind`, the
/// judge's own type of the conflict, with the times of both sides where each has just one; empty where nothing tells. A word of negation on
/// one side alone and names that only one side has are weak evidence: another kind goes before them.
pub fn reason(left: (&Fields, &str), right: (&Fields, &str), comparison: &Comparison, kind: Option<&str>) -> String {
    match (seen(left, right, comparison), kind) {
        (Some(seen), Some(kind)) if !is_weak(&seen, kind) => seen,
        (Some(seen), None) => seen,
        (_, Some(kind)) => only_times(left.0, right.0, kind).unwrap_or_else(|| kind.to_owned()),
        (None, None) => String::new(),
    }
}

fn is_weak(seen: &str, kind: &str) -> bool {
    (seen == "negation" && kind != "denial") || (seen.starts_with("actor") && kind != "actor")
}

fn seen(left: (&Fields, &str), right: (&Fields, &str), comparison: &Comparison) -> Option<String> {
    let ((left, left_text), (right, right_text)) = (left, right);
    let numbers = |pairs: &[(usize, usize)]| {
        let &(a, b) = pairs.first()?;
        Some(opposite("number", left.numbers[a].for_people(), right.numbers[b].for_people()))
    };
    let times = |kind: &str, pairs: &[(usize, usize)]| {
        let &(a, b) = pairs.first()?;
        Some(opposite(kind, &left.times[a], &right.times[b]))
    };
    let c = comparison;
    let actor = || {
        let (a, b) = (&left.names[*c.left_names.first()?], &right.names[*c.right_names.first()?]);
        Some(opposite("actor", left_text.get(a.span.clone())?, right_text.get(b.span.clone())?))
    };
    numbers(&c.other_numbers)
        .or_else(|| times("order", &c.opposed_times))
        .or_else(|| times("date", &c.other_times))
        .or_else(|| times("order", &c.unlike_orders))
        .or_else(|| (c.polarity && c.denials == 1).then(|| "denial".to_owned()))
        .or_else(|| c.polarity.then(|| "negation".to_owned()))
        .or_else(|| numbers(&c.unlike_numbers))
        .or_else(actor)
}

/// What stands against what where each side has one time only, of the kind that the judge means.
fn only_times(left: &Fields, right: &Fields, kind: &str) -> Option<String> {
    let ([left], [right]) = (&left.times[..], &right.times[..]) else { return None };
    let fits = |time: &TimeExpr| match kind {
        "date" => !matches!(time.when, When::Event { .. }),
        "order" => time.relation != Relation::At,
        _ => false,
    };
    let (a, b) = (left.to_string(), right.to_string());
    (fits(left) && fits(right) && a != b).then(|| opposite(kind, a, b))
}

fn opposite(kind: &str, left: impl fmt::Display, right: impl fmt::Display) -> String {
    format!("{kind}: {left} / {right}")
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use crate::claim::{compare, describe};

    fn reason(left: (&str, &str), right: (&str, &str), kind: Option<&str>) -> String {
        let [a, b] = [left, right].map(|(text, lang)| describe(text, lang, Some(date(2024, 10, 9))));
        super::reason((&a, left.0), (&b, right.0), &compare(&a, &b), kind)
    }

    #[test]
    fn what_was_seen_goes_before_the_judges_type() {
        let number = reason(("Dabei starben 15 Menschen.", "de"), ("Zginęło 40 osób.", "pl"), Some("date"));
        assert_eq!(number, "number: 15 persons / 40 persons");
        assert_eq!(reason(("It rains.", "en"), ("Pada deszcz.", "pl"), Some("status")), "status");
        assert_eq!(reason(("It rains.", "en"), ("Pada deszcz.", "pl"), None), "");
    }

    #[test]
    fn weak_evidence_gives_way_to_the_judges_type() {
        let negation = |kind| reason(("Nothing is unloaded.", "en"), ("Medicines are unloaded.", "en"), kind);
        assert_eq!(negation(Some("number")), "number");
        assert_eq!(negation(Some("denial")), "negation");
        assert_eq!(negation(None), "negation");
        let actor = |kind| reason(("Yesterday Meyer resigned.", "en"), ("Yesterday Novak resigned.", "en"), kind);
        assert_eq!(actor(Some("outcome")), "outcome");
        assert_eq!(actor(Some("actor")), "actor: Meyer / Novak");
        assert_eq!(actor(None), "actor: Meyer / Novak");
    }

    #[test]
    fn times_that_do_not_exclude_each_other_are_shown_with_the_judges_type() {
        let (left, right) =
            (("Die Prüfung endet im September.", "de"), ("The review is due by the end of June.", "en"));
        assert_eq!(reason(left, right, Some("date")), "date: 2024-09 / until 2025-06 or 2024-06");
        assert_eq!(reason(left, right, Some("status")), "status");
        assert_eq!(reason(left, ("The review will take long.", "en"), Some("date")), "date", "one side has no time");
        let same = (("It opened in May.", "en"), ("Otwarto go w maju.", "pl"));
        assert_eq!(reason(same.0, same.1, Some("date")), "date");
    }
}
