//! The fixtures of each language, and the promises that hold for any text.

use jiff::civil::date;

use super::*;

const FIXTURES: [(&str, &str); 5] = [
    ("pl", include_str!("fixtures/pl.tsv")),
    ("hr", include_str!("fixtures/hr.tsv")),
    ("el", include_str!("fixtures/el.tsv")),
    ("de", include_str!("fixtures/de.tsv")),
    ("en", include_str!("fixtures/en.tsv")),
];

/// What the fixtures expect, as written in them: all numbers, or all times, of a sentence.
fn shown(fields: &Fields, kind: &str) -> Option<String> {
    let short = |value: f64| format!("{}", (value * 1000.0).round() / 1000.0);
    let number = |q: &Quantity| {
        let ends = if q.low == q.high { short(q.low) } else { format!("{}..{}", short(q.low), short(q.high)) };
        format!("{ends} {}", q.unit).trim().to_owned()
    };
    let time = |t: &TimeExpr| match &t.when {
        When::Event { kind: "", .. } => format!("{}?", t.relation),
        when => format!("{}{when}", t.relation),
    };
    let all: Vec<String> = match kind {
        "number" => fields.numbers.iter().map(number).collect(),
        "time" => fields.times.iter().map(time).collect(),
        "not" => vec![if fields.negated.is_some() { "yes" } else { "no" }.to_owned()],
        "deny" => vec![if fields.denial.is_some() { "yes" } else { "no" }.to_owned()],
        _ => return None,
    };
    Some(if all.is_empty() { "none".to_owned() } else { all.join("; ") })
}

#[test]
fn the_expressions_of_each_language_are_read() {
    // A Wednesday.
    let published = date(2024, 10, 9);
    let mut failed = false;
    for (language, file) in FIXTURES {
        let rows = file.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
        let (mut right, mut all) = (0, 0);
        for row in rows {
            let mut cells = row.split('\t');
            let (kind, wanted, text) = (cells.next().unwrap(), cells.next().unwrap(), cells.next().unwrap());
            let found = shown(&describe(text, language, Some(published)), kind)
                .unwrap_or_else(|| panic!("unknown kind in: {row}"));
            all += 1;
            if found == wanted {
                right += 1;
            } else {
                eprintln!("{language}: {kind}: wanted {wanted}, found {found}: {text}");
            }
        }
        eprintln!("{language}: {right} of {all} expressions right");
        failed |= f64::from(right) < 0.90 * f64::from(all);
    }
    assert!(!failed, "a language has less than 0.90 of its expressions right");
}

#[test]
fn every_line_of_the_word_lists_is_understood() {
    for language in ["pl", "hr", "el", "de", "en", "tr", "zh"] {
        assert!(lexicon::of(language).problems.is_empty(), "{:?}", lexicon::of(language).problems);
    }
}

#[test]
fn most_attributed_sentences_name_their_speaker() {
    let rows = include_str!("fixtures/speakers.tsv").lines().filter(|line| !line.starts_with('#'));
    let mut counts: std::collections::BTreeMap<&str, (usize, usize, usize)> = Default::default();
    for row in rows {
        let cells: Vec<&str> = row.split('\t').collect();
        let [language, words, text] = cells[..] else { panic!("three cells expected: {row}") };
        let fields = describe(text, language, None);
        let found = fields.speaker.as_ref().map(|speaker| &text[speaker.span.clone()]);
        let count = counts.entry(language).or_default();
        if words == "-" {
            count.2 += usize::from(found.is_some());
            continue;
        }
        count.1 += 1;
        if found.is_some_and(|phrase| words.split('|').any(|word| phrase.contains(word))) {
            count.0 += 1;
        } else {
            eprintln!("{language}: wanted {words}, found {}: {text}", found.unwrap_or("nobody"));
        }
    }
    for (language, (right, all, invented)) in &counts {
        let share = 100.0 * *right as f64 / *all as f64;
        eprintln!("{language}: {right} of {all} speakers right ({share:.0} %), {invented} found where nobody is named");
    }
    let (right, all) = counts.values().fold((0, 0), |sum, count| (sum.0 + count.0, sum.1 + count.1));
    assert!(right * 100 >= all * 85, "{right} of {all} speakers");
}
