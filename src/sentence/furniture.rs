//! Which lines of a page are no part of the report: headings, bylines, captions, buttons, lists of other articles.

use std::collections::HashSet;

use super::language::{Language, MONTH};
use super::phrases::{is_byline, is_picture, is_related, is_share, plain};
use super::{Kind, Segment};

/// One line of the page (or several wrapped ones) with the segments in it.
pub(super) struct Line<'a> {
    text: &'a str,
    segments: std::ops::Range<usize>,
    /// Whether an empty line, or the start of the text, comes before.
    gap: bool,
}

impl<'a> Line<'a> {
    pub(super) fn new(text: &'a str, segments: std::ops::Range<usize>, gap: bool) -> Self {
        Self { text, segments, gap }
    }

    fn words(&self) -> usize {
        self.text.split_whitespace().count()
    }

    /// Ends as prose does, with a full stop or the like, quotation marks aside.
    fn is_closed(&self) -> bool {
        let bare = self.text.trim_end_matches(['"', '\'', '”', '“', '»', '«', '’', ')', ']']);
        bare.ends_with(['.', '!', '?', '…', '。', '！', '？', '।', '۔', '؟', '։', ';'])
    }

    /// Prose: ends as prose does and is not short, or is too long for anything else.
    fn is_prose(&self) -> bool {
        self.is_closed() && self.words() > 5 && !self.is_question() || self.segments.len() > 1 && self.words() > 25
    }

    /// A short question on a line of its own: a heading.
    fn is_question(&self) -> bool {
        self.words() <= 8 && self.text.ends_with(['?', ';', '؟', '？'])
    }
}

/// Lines before the text and after it are judged by other rules than lines within it.
#[derive(Clone, Copy, PartialEq)]
enum Zone {
    Head,
    Body,
    Tail,
}

/// Gives every segment its kind, and a reason where it cannot carry a claim.
pub(super) fn mark(lines: &[Line], segments: &mut [Segment], language: &str) {
    let first = lines.iter().position(Line::is_prose).unwrap_or(lines.len());
    let last = lines.iter().rposition(Line::is_prose).unwrap_or(0);
    let mut seen: HashSet<&str> = HashSet::new();
    let mut in_list = false;
    for (number, line) in lines.iter().enumerate() {
        let zone = match number {
            n if n < first => Zone::Head,
            n if n > last => Zone::Tail,
            _ => Zone::Body,
        };
        let plain = plain(line.text);
        let prose = line.is_prose();
        let starts_list = !(prose && line.words() > 12) && is_related(&plain);
        in_list = starts_list || in_list && !(prose && line.segments.len() > 1);
        let repeated = !seen.insert(line.text) && (line.segments.len() > 1 || !prose);
        let (kind, dropped) = if repeated {
            (Kind::Boilerplate, Some("repeated"))
        } else if in_list {
            (Kind::Boilerplate, Some("related"))
        } else if let Some(found) = stock(line, &plain, zone, language) {
            found
        } else if !line.is_closed() && lines.get(number + 1).is_some_and(|next| is_source(next, language)) {
            (Kind::Caption, Some("picture"))
        } else if prose || line.is_closed() && !line.is_question() && zone == Zone::Body {
            (Kind::Sentence, None)
        } else {
            heading(number, lines, zone)
        };
        for segment in &mut segments[line.segments.clone()] {
            (segment.kind, segment.dropped) = (kind, dropped);
        }
    }
}

/// Lines that give themselves away by a phrase or a shape: pictures, buttons, dates, authors.
fn stock(line: &Line, plain: &str, zone: Zone, language: &str) -> Option<(Kind, Option<&'static str>)> {
    let words = line.words();
    let signs = line.text.contains(['|', '·', '•', '📷', '⭐', '©']);
    if !plain.contains(char::is_alphanumeric) {
        return Some((Kind::Boilerplate, Some("symbols")));
    }
    if words <= 25 && (is_picture(plain) || line.text.starts_with(['📷', '©'])) {
        return Some((Kind::Caption, Some("picture")));
    }
    if words <= 9 && is_share(plain) && !(line.is_closed() && words > 6) {
        return Some((Kind::Boilerplate, Some("share")));
    }
    if words <= 12 && !line.is_prose() && is_time_stamp(line.text, language) {
        return Some((Kind::Byline, Some("time stamp")));
    }
    let outside = zone != Zone::Body || line.text.len() < 60;
    if words <= 10 && outside && !line.is_closed() && (is_byline(plain, language) || zone == Zone::Tail && signs) {
        return Some((Kind::Byline, Some("byline")));
    }
    None
}

/// A line right under another (no empty line between) that says whose picture or text it is.
fn is_source(line: &Line, language: &str) -> bool {
    let plain = plain(line.text);
    let names = line.text.contains(':') && line.words() <= 12 && is_byline(&plain, language);
    !line.gap && (names || is_picture(&plain))
}

/// A line without a full stop: the headline, a name under it, a heading within the text, or a rest of the page after it.
fn heading(number: usize, lines: &[Line], zone: Zone) -> (Kind, Option<&'static str>) {
    let line = &lines[number];
    let words = line.words();
    match zone {
        Zone::Head if words >= 4 && !is_name(line.text) => (Kind::Headline, None),
        Zone::Head if is_name(line.text) && number > 0 => (Kind::Byline, Some("byline")),
        Zone::Head => (Kind::Headline, Some("heading")),
        Zone::Body if words >= 5 && is_taken_up(line, &lines[number + 1..]) => (Kind::Headline, None),
        Zone::Body => (Kind::Headline, Some("heading")),
        Zone::Tail => (Kind::Boilerplate, Some("after the text")),
    }
}

/// Whether most longer words of a heading come back in the lines after it: then it states what they report.
fn is_taken_up(line: &Line, after: &[Line]) -> bool {
    let stem = |word: &str| -> String {
        word.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).take(5).collect()
    };
    let long = |word: &&str| word.chars().filter(|c| c.is_alphanumeric()).count() >= 4;
    let wanted: Vec<String> = line.text.split_whitespace().filter(long).map(stem).collect();
    let given: HashSet<String> =
        after.iter().take(3).flat_map(|l| l.text.split_whitespace()).filter(long).map(stem).collect();
    let found = wanted.iter().filter(|word| given.contains(*word)).count();
    wanted.len() >= 3 && 5 * found >= 3 * wanted.len()
}

/// A few words, nearly all of them capitalised and none of them a number: 'Marta Zielonka', 'Joanna Pell in Sarnica'.
fn is_name(text: &str) -> bool {
    let words: Vec<&str> = text.split([' ', ',', '|', '/']).filter(|w| !w.is_empty()).collect();
    let small = words.iter().filter(|w| w.chars().next().is_some_and(char::is_lowercase)).count();
    let cased = words.iter().any(|w| w.chars().next().is_some_and(char::is_uppercase));
    cased
        && (2..=6).contains(&words.len())
        && small <= words.len() / 3
        && !text.contains(|c: char| c.is_ascii_digit() || c == ':')
}

/// A date or time and hardly anything else: '09.11.2022 17:23', '12 czerwca 2023, 07:45 | aktualizacja: 09:10'.
fn is_time_stamp(text: &str, language: &str) -> bool {
    let words = Language::of(language);
    let (mut dates, mut others) = (0, 0);
    for word in text.split(|c: char| c.is_whitespace() || matches!(c, ',' | '|' | '(' | ')' | '·' | '–' | '-')) {
        let digits = word.chars().filter(char::is_ascii_digit).count();
        let letters = word.chars().filter(|c| c.is_alphabetic()).count();
        if digits > 0 && digits >= letters || words.lookup(word.trim_end_matches('.')) & MONTH != 0 {
            dates += usize::from(digits > 0) + usize::from(letters > 2);
        } else if letters > 0 {
            others += 1;
        }
    }
    let digits = text.chars().filter(char::is_ascii_digit).count();
    dates >= 1 && digits >= 3 && others <= dates + 1
}
