//! Day of publication, from what the source says or from the page.

use std::collections::HashMap;
use std::sync::LazyLock;

use jiff::civil::Date;
use regex::{Captures, Regex};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Month names, one file per language: a line per month, January first, its forms separated by spaces.
const MONTHS: [(&str, &str); 21] = [
    ("bg", include_str!("months/bg.txt")),
    ("cs", include_str!("months/cs.txt")),
    ("de", include_str!("months/de.txt")),
    ("el", include_str!("months/el.txt")),
    ("en", include_str!("months/en.txt")),
    ("es", include_str!("months/es.txt")),
    ("fr", include_str!("months/fr.txt")),
    ("hr", include_str!("months/hr.txt")),
    ("hu", include_str!("months/hu.txt")),
    ("it", include_str!("months/it.txt")),
    ("nl", include_str!("months/nl.txt")),
    ("pl", include_str!("months/pl.txt")),
    ("pt", include_str!("months/pt.txt")),
    ("ro", include_str!("months/ro.txt")),
    ("ru", include_str!("months/ru.txt")),
    ("sk", include_str!("months/sk.txt")),
    ("sl", include_str!("months/sl.txt")),
    ("sr", include_str!("months/sr.txt")),
    ("sv", include_str!("months/sv.txt")),
    ("tr", include_str!("months/tr.txt")),
    ("uk", include_str!("months/uk.txt")),
];

/// Lines with text at the top of a page, and at its end, that may hold its date.
const TOP: usize = 10;
const END: usize = 5;
/// Longer lines are prose, whose dates are those of events.
const LONGEST_LINE: usize = 100;
/// Words beside the date on a line that has a time of day or a cue, and on one that has neither.
const WORDS_WITH_TIME: usize = 10;
const WORDS_ALONE: usize = 4;
/// News pages are not older than the web, and a history of 1939 is not from that day.
const YEARS: std::ops::RangeInclusive<i16> = 1990..=2100;

static NUMERIC: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?x)\b(?:(?<y>\d{4})(?:[-/.]\s?|年\s?)(?<m>\d{1,2})(?:[-/.]\s?|月\s?)(?<d>\d{1,2})
        | (?<d2>\d{1,2})(?:\.\s?|/|-)(?<m2>\d{1,2})(?:\.\s?|/|-)(?<y2>\d{4}))(?:\D|$)",
    )
    .expect("the pattern is a constant")
});
static WORDED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?xi)(?:\b(?<d>\d{1,2})(?:\.|er|º|ª|st|nd|rd|th|-го)?,?\s+(?:de\s+|of\s+)?(?<m>\p{L}{3,})\.?,?\s+(?:del?\s+)?(?<y>\d{4})\b
        | \b(?<m2>\p{L}{3,})\.?\s+(?<d2>\d{1,2})(?:st|nd|rd|th)?,?\s+(?<y2>\d{4})\b
        | \b(?<y3>\d{4})\.\s+(?<m3>\p{L}{3,})\.?\s+(?<d3>\d{1,2})\b)")
    .expect("the pattern is a constant")
});
static TIME: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\b\d{1,2}\s?[:.h]\s?\d{2}\b").expect("the pattern is a constant"));
static TABLES: LazyLock<HashMap<&str, HashMap<String, i8>>> = LazyLock::new(|| {
    MONTHS
        .iter()
        .map(|&(language, file)| {
            let lines = file.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty()).zip(1i8..);
            let names = lines.flat_map(|(line, month)| line.split_whitespace().map(move |name| (plain(name), month)));
            (language, names.collect())
        })
        .collect()
});

/// Day in a column or attribute that holds a date and perhaps a time, in any known notation, that of `language` first.
pub(super) fn parse(text: &str, language: &str) -> Option<Date> {
    let text = text.trim();
    let shown = |language: &str| find(text, language).map(|(date, _)| date);
    of_machine(text).or_else(|| shown(language)).or_else(|| shown(""))
}

/// Day in a time stamp as machines write it (ISO 8601), with hyphens or without.
fn of_machine(text: &str) -> Option<Date> {
    if text.bytes().take_while(u8::is_ascii_digit).count() == 8 {
        return Date::new(text[..4].parse().ok()?, text[4..6].parse().ok()?, text[6..8].parse().ok()?).ok();
    }
    text.get(..10)?.parse().ok()
}

/// Day of publication that a page in `language` shows near its top or its end.
pub(super) fn of_page(text: &str, language: &str) -> Option<Date> {
    let shown = |line: &&str| !line.trim().is_empty();
    let top = text.lines().filter(shown).take(TOP);
    let end = text.lines().rev().filter(shown).take(END);
    top.chain(end).find_map(|line| of_line(line, language))
}

fn of_line(line: &str, language: &str) -> Option<Date> {
    if line.chars().nth(LONGEST_LINE).is_some() {
        return None;
    }
    let (date, span) = find(line, language)?;
    let rest = format!("{} {}", &line[..span.start], &line[span.end..]);
    let words = rest.split(|letter: char| !letter.is_alphabetic()).filter(|word| word.chars().count() > 1).count();
    let limit = if TIME.is_match(&rest) || line.contains(':') { WORDS_WITH_TIME } else { WORDS_ALONE };
    (words <= limit && YEARS.contains(&date.year())).then_some(date)
}

/// First date in `line`, and where it stands.
fn find(line: &str, language: &str) -> Option<(Date, std::ops::Range<usize>)> {
    let numeric = NUMERIC.captures_iter(line).find_map(|found| Some((of_numbers(&found)?, found.get(0)?.range())));
    let worded =
        || WORDED.captures_iter(line).find_map(|found| Some((of_words(&found, language)?, found.get(0)?.range())));
    numeric.or_else(worded)
}

fn of_numbers(found: &Captures) -> Option<Date> {
    let number = |a: &str, b: &str| found.name(a).or_else(|| found.name(b))?.as_str().parse::<i16>().ok();
    let (year, month, day) = (number("y", "y2")?, number("m", "m2")? as i8, number("d", "d2")? as i8);
    // Where the second number cannot be a month, the month stands first, as in the United States.
    Date::new(year, month, day).or_else(|_| Date::new(year, day, month)).ok()
}

fn of_words(found: &Captures, language: &str) -> Option<Date> {
    let part = |names: [&str; 3]| names.into_iter().find_map(|name| found.name(name)).map(|part| part.as_str());
    let month = month(&plain(part(["m", "m2", "m3"])?), language)?;
    Date::new(part(["y", "y2", "y3"])?.parse().ok()?, month, part(["d", "d2", "d3"])?.parse().ok()?).ok()
}

/// `name` in lower case and without accents, which are often left out in capitals.
fn plain(name: &str) -> String {
    name.to_lowercase().nfd().filter(|&letter| !is_combining_mark(letter)).collect()
}

/// Number of the month that the plain `name` means in `language`; without a table, in all languages that know the name.
fn month(name: &str, language: &str) -> Option<i8> {
    if let Some(table) = TABLES.get(language) {
        return table.get(name).copied();
    }
    let mut meanings = TABLES.values().filter_map(|table| table.get(name));
    let first = meanings.next()?;
    meanings.all(|other| other == first).then_some(*first)
}

#[cfg(test)]
pub(super) fn assert_months_are_whole() {
    for (language, file) in MONTHS {
        let months = file.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty()).count();
        assert_eq!(months, 12, "{language}");
    }
}
