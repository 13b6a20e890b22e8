//! Names of people, places and organisations, with keys that are nearly the same in other scripts and cases.

use std::ops::Range;

use serde::Serialize;

use super::lexicon::{Hit, Section};
use super::line::Line;
use super::transliterate;

/// A name with a key that is the same, or nearly, in other scripts and cases.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Name {
    /// Where it stands.
    pub span: Range<usize>,
    /// Latin lower-case form, close to the sound, without diacritics and case endings.
    pub key: String,
    /// Whether capital letters tell names from nouns here (not so in German, nor at the start of a sentence).
    pub certain: bool,
    /// Whether another name, a title or an office stands right before it: also in German that is a name.
    #[serde(skip)]
    pub led: bool,
}

/// All names of the line, word by word: of 'Ali Shamkhani' other texts may give the last only.
pub(crate) fn names(line: &Line, taken: &[bool], language: &str) -> Vec<Name> {
    let mut found: Vec<Name> = Vec::new();
    let (mut opening, mut covered) = (true, 0);
    for (at, &taken) in taken.iter().enumerate() {
        if !line.is_word(at) {
            opening |= matches!(line.tokens.raw(at), "„" | "“" | "\"" | "«" | "»" | "”" | ":" | "–" | "-" | ".");
            continue;
        }
        let first = std::mem::replace(&mut opening, false);
        let place = place(line, at).map(|hit| hit.len);
        // 'America' in 'South America' is no place of its own.
        let inside = at < covered;
        covered = covered.max(place.map_or(0, |length| at + length));
        let shouted = line.tokens.raw(at).chars().filter(|c| c.is_uppercase()).count() >= 2;
        let named = || is_name(line, at) && !(first && is_listed(line, at)) && (shouted || !is_institution(line, at));
        if taken || inside || !(place.is_some() || named()) {
            continue;
        }
        let key = key(line, at, language);
        if !key.is_empty() && !found.iter().any(|name| name.key == key) {
            let certain = place.is_some() || shouted || !(line.lexicon.capital_nouns || first);
            let span = line.tokens.span(at, at + place.unwrap_or(1));
            let office = |at: usize| line.has(at, Section::Title) || line.has(at, Section::Speaker);
            let led = at > 0 && office(at - 1) || found.last().is_some_and(|name| name.span.end + 1 == span.start);
            found.push(Name { span, key, certain, led });
        }
    }
    found
}

/// Whether the word at `at` may be part of a name: capitalised, and no word of time, title or the like.
pub(crate) fn is_name(line: &Line, at: usize) -> bool {
    let Some(token) = line.tokens.items.get(at).filter(|token| token.capital && token.span.len() >= 2) else {
        return false;
    };
    let other = [Section::NotName, Section::Title, Section::Weekday, Section::Month, Section::Stop];
    line.is_word(at) && !token.span.is_empty() && !other.into_iter().any(|section| line.has(at, section))
}

/// Whether a word list has the word as something else than a place.
fn is_listed(line: &Line, at: usize) -> bool {
    line.all(at).iter().any(|hit| hit.len == 1 && hit.entry.section != Section::Place)
}

/// Whether the word is a noun that speaks: several languages write 'the Government' with a capital.
fn is_institution(line: &Line, at: usize) -> bool {
    line.all(at).iter().any(|hit| hit.len == 1 && hit.entry.section == Section::Speaker)
}

/// The key of the word at `at`: that of the place it names or belongs to, else its sound.
pub(crate) fn key(line: &Line, at: usize, language: &str) -> String {
    match place(line, at) {
        Some(hit) => hit.entry.key.trim_end_matches(['!', '?']).to_owned(),
        None => transliterate::key(line, at, language),
    }
}

/// The place named at `at`, or that an adjective there belongs to.
pub(crate) fn place(line: &Line, at: usize) -> Option<Hit<'static>> {
    let hit = line.hit(at, Section::Place).filter(|hit| !(hit.entry.key.ends_with('?') && is_surname(line, at)))?;
    let raw = &line.tokens.text[line.tokens.span(at, at + hit.len)];
    let upper = |c: char| c.is_uppercase();
    let short = raw.chars().count() <= 3;
    // 'US' and 'us', 'Polish' and 'polish' are two words; short forms stand for names of several words, 'Rim' is Rome.
    let written = if short && hit.entry.key.contains(' ') {
        raw.chars().filter(|c| upper(*c)).count() >= 2
    } else {
        raw.starts_with(upper)
    };
    // Italian 'nato' is born.
    let capital_needed = short || hit.entry.key.ends_with('!') || !line.lexicon.comma;
    (written || !capital_needed).then_some(hit)
}

/// Whether the word at `at` stands behind a first name, and no further name behind it.
fn is_surname(line: &Line, at: usize) -> bool {
    let first = |at: usize| is_name(line, at) && !is_listed(line, at) && !line.has(at, Section::Place);
    let further = line.tokens.items.get(at + 1).is_some_and(|token| token.capital);
    line.tokens.items[at].capital && !further && at.checked_sub(1).is_some_and(first)
}

/// The first word of the place of several words that the word at `at` belongs to.
pub(crate) fn place_around(line: &Line, at: usize) -> Option<usize> {
    (at.saturating_sub(2)..at).find(|&start| place(line, start).is_some_and(|hit| start + hit.len > at))
}

/// The first letter of a key and all that follow but vowels; `z` at the beginning is `s`, as in 'Selenskyj' for 'Zelensky'.
pub(crate) fn consonants(key: &str) -> String {
    let is_vowel = |c: char| "aeiou".contains(c);
    let kept = key.char_indices().filter(|&(at, c)| c.is_alphanumeric() && (at == 0 || !is_vowel(c)));
    kept.map(|(at, c)| if at == 0 && c == 'z' { 's' } else { c }).collect()
}

/// Whether two keys are of one name: equal, one the other's beginning, or a letter or two apart in long ones.
pub(crate) fn same(a: &str, b: &str) -> bool {
    if a == b {
        return true;
    }
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    // 'Selenskyj' and 'Zelensky'.
    let first = |key: &str| if key.starts_with('z') { b's' } else { key.as_bytes()[0] };
    if short.len() < 4 || long.len() - short.len() > 3 || first(short) != first(long) {
        return false;
    }
    let allowed = match short.len() {
        ..5 => 0,
        5..8 => 1,
        _ => 2,
    };
    long.starts_with(short) || strsim::levenshtein(short, long) <= allowed
}
