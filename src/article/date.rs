//! Day of publication, from what the source says or from the page.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::LazyLock;

use jiff::ToSpan;
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

/// Words before a day that tell what it is the day of.
const CUES: &str = include_str!("cues.txt");

/// Lines with text at the top of a page, and at its end, that may hold its date; at the top, short lines as those of a menu do
/// not count, up to a limit.
const TOP: usize = 10;
const TOP_WITH_MENU: usize = 40;
const END: usize = 5;
/// Words of a line of a menu.
const MENU: usize = 2;
/// Words of a line that may be the cue of a date on the next one.
const CUE_ALONE: usize = 3;
/// Longer lines are prose, whose dates are those of events.
const LONGEST_LINE: usize = 100;
/// Words beside the date on a line that has a time of day or a cue, and on one that has neither.
const WORDS_WITH_TIME: usize = 10;
const WORDS_ALONE: usize = 4;
/// News pages are not older than the web, and a history of 1939 is not from that day.
const YEARS: std::ops::RangeInclusive<i16> = 1990..=2100;
/// A day that is given may be that of an old newspaper.
const YEARS_GIVEN: std::ops::RangeInclusive<i16> = 1600..=2100;

static NUMERIC: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?x)\b(?:(?<y>\d{4})(?:[-/.]\s?|[年년]\s?)(?<m>\d{1,2})(?:[-/.]\s?|[月월]\s?)(?<d>\d{1,2})
        | (?<d2>\d{1,2})(?:\.\s?|/|-|\|)(?<m2>\d{1,2})(?:\.\s?|/|-|\|)(?<y2>\d{4})
        | (?<d3>\d{1,2})[./](?<m3>\d{1,2})[./](?<y3>\d{2}))(?:\D|$)",
    )
    .expect("the pattern is a constant")
});
static WORDED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?xi)(?:\b(?<d>\d{1,2})(?:\.|er|º|ª|st|nd|rd|th|-го)?,?(?:\s+|-)(?:de\s+|of\s+)?(?<m>\p{L}{3,})\.?,?(?:\s+|-)(?:del?\s+)?(?<y>\d{4})\b
        | \b(?<m2>\p{L}{3,})\.?\s+(?<d2>\d{1,2})(?:st|nd|rd|th)?,?\s+(?<y2>\d{4})\b
        | \b(?<y3>\d{4})\.\s+(?<m3>\p{L}{3,})\.?\s+(?<d3>\d{1,2})\b)")
    .expect("the pattern is a constant")
});
/// The day and the month of a date in numbers that begins with one of them, and what is around them.
static DAY_OR_MONTH: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^(\D*)(\d{1,2})([-/.|]\s?)(\d{1,2})([-/.|]\s?\d{2}(?:\d{2})?\b)").expect("the pattern is a constant")
});
static TIME: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\b\d{1,2}\s?[:.h]\s?\d{2}\b").expect("the pattern is a constant"));
static IN_PATH: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?:^|\D)(?<y>(?:19|20)\d{2})[-_./]?(?<m>\d{2})[-_./]?(?<d>\d{2})(?:\D|$)")
        .expect("the pattern is a constant")
});
static IN_ADDRESS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"/(?<y>(?:19|20)\d{2})/(?<m>\d{1,2})/(?<d>\d{1,2})(?:/|$)").expect("the pattern is a constant")
});
static TOLD: LazyLock<HashMap<String, Cue>> = LazyLock::new(|| {
    let mut told = HashMap::new();
    let mut cue = Cue::Published;
    for line in CUES.lines().filter(|line| !line.starts_with('#')) {
        match line {
            "[published]" => cue = Cue::Published,
            "[changed]" => cue = Cue::Changed,
            words => told.extend(words.split_whitespace().map(|word| (plain(word), cue))),
        }
    }
    told
});
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

/// Day in a column or attribute that holds a date and perhaps a time, in any known notation, that of `language` first. Years of the
/// Buddhist era are converted; other years in which there was no such news are none.
pub(super) fn parse(text: &str, language: &str) -> Option<Date> {
    /// From our era to the Buddhist one.
    const BUDDHIST: i16 = 543;
    let text = in_ascii(text);
    let text = text.trim();
    let found = of_machine(text).or_else(|| find(text, language)).or_else(|| find(text, ""))?;
    let buddhist = || Date::new(found.year() - BUDDHIST, found.month(), found.day()).ok();
    let dates = [Some(found), if found.year() > *YEARS_GIVEN.end() { buddhist() } else { None }];
    dates.into_iter().flatten().find(|date| YEARS_GIVEN.contains(&date.year()))
}

/// As [`parse`], where in numbers the month stands before the day.
pub(super) fn parse_month_first(text: &str, language: &str) -> Option<Date> {
    parse(&DAY_OR_MONTH.replace(&in_ascii(text), "${1}${4}${3}${2}${5}"), language)
}

/// Whether the dates of one source have the month first, as in the United States: some of them cannot be read otherwise, and none
/// cannot be read so.
pub(super) fn is_month_first<'a>(dates: impl Iterator<Item = &'a str>) -> bool {
    let (mut first_is_day, mut second_is_day) = (false, false);
    for date in dates {
        if let Some(found) = DAY_OR_MONTH.captures(&in_ascii(date)) {
            let is_day = |part: usize| found[part].parse::<u8>().is_ok_and(|number| number > 12);
            first_is_day |= is_day(2);
            second_is_day |= is_day(4);
        }
    }
    second_is_day && !first_is_day
}

/// The text with its digits in ASCII, without marks of the direction of writing.
fn in_ascii(text: &str) -> String {
    // Arabic, Persian, Devanagari, Bengali, Thai, full width.
    const ZEROS: [char; 6] = ['\u{660}', '\u{6f0}', '\u{966}', '\u{9e6}', '\u{e50}', '\u{ff10}'];
    let digit = |c: char| ZEROS.iter().find_map(|&zero| char::from_digit((c as u32).wrapping_sub(zero as u32), 10));
    text.chars().filter(|c| !matches!(c, '\u{200e}' | '\u{200f}')).map(|c| digit(c).unwrap_or(c)).collect()
}

/// Day in a time stamp as machines write it: ISO 8601 with hyphens or without, seconds or milliseconds since 1970.
fn of_machine(text: &str) -> Option<Date> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let is_number = text.len() == digits || text[digits..].starts_with('.');
    let of_seconds = |seconds: i64| Date::constant(1970, 1, 1).checked_add((seconds / 86_400).days()).ok();
    let of_calendar = || Date::new(text[..4].parse().ok()?, text[4..6].parse().ok()?, text[6..8].parse().ok()?).ok();
    match digits {
        8 | 12 | 14 => of_calendar(),
        // With an hour, unless such a year is none of a page.
        10 if is_number => of_calendar()
            .filter(|date| YEARS.contains(&date.year()))
            .or_else(|| of_seconds(text[..digits].parse().ok()?)),
        13 if is_number => of_seconds(text[..digits].parse::<i64>().ok()? / 1000),
        _ => text.get(..10)?.parse().ok(),
    }
}

/// What a word before a day says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cue {
    Published,
    Changed,
}

/// How surely a day on a page is that of publication, the surest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Standing {
    /// It is said to be.
    Published,
    /// At the top and with a time of day.
    Timed,
    /// At the top.
    Top,
    /// At the end.
    End,
    /// It is said to be that of a change, or of copying.
    Changed,
}

/// Day of publication that a page in `language` shows near its top or its end.
pub(super) fn of_page(text: &str, language: &str) -> Option<Date> {
    let mut last: Vec<&str> = shown(text).rev().take(END).collect();
    last.reverse();
    let end = days(last, language).into_iter().rev().map(|(standing, date)| match standing {
        Standing::Timed | Standing::Top => (Standing::End, date),
        _ => (standing, date),
    });
    days(top(text), language).into_iter().chain(end).min_by_key(|&(standing, _)| standing).map(|(_, date)| date)
}

/// Day of publication that a page in `language` shows near its top.
pub(super) fn of_top(text: &str, language: &str) -> Option<Date> {
    days(top(text), language).into_iter().min_by_key(|&(standing, _)| standing).map(|(_, date)| date)
}

/// Day in the path of a file, in the order of machines (`2024-11-05`, `20241105`, `2024/11/05`).
pub(super) fn of_path(path: &str) -> Option<Date> {
    IN_PATH.captures_iter(path).find_map(|found| of_numbers(&found)).filter(|date| YEARS.contains(&date.year()))
}

/// Day in the path of an address, as `/2024/11/05/`; what else looks like a day there may be that of an event.
pub(super) fn of_address(address: &str) -> Option<Date> {
    IN_ADDRESS.captures(address).and_then(|found| of_numbers(&found)).filter(|date| YEARS.contains(&date.year()))
}

/// Whether the last word that tells what a day is the day of says that it is that of a change.
pub(super) fn tells_change(text: &str) -> bool {
    cue(text) == Some(Cue::Changed)
}

/// Lines with text.
fn shown(text: &str) -> impl DoubleEndedIterator<Item = &str> {
    text.lines().filter(|line| !line.trim().is_empty())
}

/// The lines at the top of a page.
fn top(text: &str) -> impl Iterator<Item = &str> {
    let mut counted = 0;
    shown(text).take(TOP_WITH_MENU).take_while(move |line| {
        counted += usize::from(line.chars().nth(LONGEST_LINE).is_some() || words(line) > MENU);
        counted <= TOP
    })
}

/// Days that may be those of publication, in the order of the lines.
fn days<'a>(lines: impl IntoIterator<Item = &'a str>, language: &str) -> Vec<(Standing, Date)> {
    let mut days = Vec::new();
    let mut above = "";
    for line in lines {
        if line.chars().nth(LONGEST_LINE).is_some() {
            above = "";
            continue;
        }
        let found = find_all(line, language);
        let rest = without(line, &found);
        let timed = TIME.is_match(&rest);
        let limit = if timed || line.contains(':') { WORDS_WITH_TIME } else { WORDS_ALONE };
        let mut start = 0;
        for (date, span) in found.iter().filter(|_| words(&rest) <= limit) {
            let lead = &line[start..span.start];
            let lead = if words(lead) > 0 || start > 0 { lead } else { above };
            start = span.end;
            if YEARS.contains(&date.year()) {
                let standing = match cue(lead) {
                    Some(Cue::Published) => Standing::Published,
                    Some(Cue::Changed) => Standing::Changed,
                    None if timed => Standing::Timed,
                    None => Standing::Top,
                };
                days.push((standing, *date));
            }
        }
        above = if found.is_empty() && words(line) <= CUE_ALONE { line } else { "" };
    }
    days
}

/// What the last word that is a cue says.
fn cue(lead: &str) -> Option<Cue> {
    plain(lead).rsplit(|letter: char| !letter.is_alphabetic()).find_map(|word| TOLD.get(word).copied())
}

/// Words of more than one letter.
fn words(line: &str) -> usize {
    line.split(|letter: char| !letter.is_alphabetic()).filter(|word| word.chars().count() > 1).count()
}

/// First date in `line`, that in numbers before one in words.
fn find(line: &str, language: &str) -> Option<Date> {
    in_numbers(line).next().or_else(|| in_words(line, language).next()).map(|(date, _)| date)
}

/// Dates in `line`, and where they stand.
fn find_all(line: &str, language: &str) -> Vec<(Date, Range<usize>)> {
    let mut found: Vec<(Date, Range<usize>)> = in_numbers(line).chain(in_words(line, language)).collect();
    found.sort_by_key(|(_, span)| span.start);
    let mut end = 0;
    found.retain(|(_, span)| {
        let apart = span.start >= end;
        end = end.max(span.end);
        apart
    });
    found
}

/// A line without the dates in it.
fn without(line: &str, found: &[(Date, Range<usize>)]) -> String {
    let mut rest = String::with_capacity(line.len());
    let mut at = 0;
    for (_, span) in found {
        rest.push_str(&line[at..span.start]);
        rest.push(' ');
        at = span.end;
    }
    rest.push_str(&line[at..]);
    rest
}

fn in_numbers(line: &str) -> impl Iterator<Item = (Date, Range<usize>)> {
    NUMERIC.captures_iter(line).filter_map(move |found| {
        let span = found.get(0)?.range();
        // `17.11.26` may be any three numbers; beside a time of day it is a date.
        let short = found.name("y3").is_some();
        let timed = || TIME.is_match(&line[..span.start]) || TIME.is_match(&line[span.end..]);
        if short && !timed() {
            return None;
        }
        Some((of_numbers(&found)?, span))
    })
}

fn in_words(line: &str, language: &str) -> impl Iterator<Item = (Date, Range<usize>)> {
    WORDED.captures_iter(line).filter_map(move |found| Some((of_words(&found, language)?, found.get(0)?.range())))
}

fn of_numbers(found: &Captures) -> Option<Date> {
    let number = |names: [&str; 3]| {
        names.into_iter().find_map(|name| found.name(name)).and_then(|part| part.as_str().parse::<i16>().ok())
    };
    let (month, day) = (number(["m", "m2", "m3"])? as i8, number(["d", "d2", "d3"])? as i8);
    let year = number(["y", "y2", "y3"])?;
    let year = if year < 100 { 2000 + year } else { year };
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
