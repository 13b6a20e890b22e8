//! What a candidate border looks like: a few small attributes of the mark and of the words around it.

use super::language::{AFTER_NUMBER, Language, MAY, MONTH, NEVER, NUMBER, STARTER};

/// Values of every attribute, by name; a candidate is described by one value of each.
pub(super) const ATTRIBUTES: [(&str, &[&str]); 12] = [
    ("mark", &["dot", "dots", "bang", "quest", "full"]),
    ("closer", &["none", "quote", "bracket", "cite"]),
    ("gap", &["none", "space"]),
    ("open", &["none", "quote", "bracket", "dash", "other"]),
    ("next", &["upper", "lower", "digit", "letter", "symbol", "initial", "caps", "single", "item"]),
    (
        "last",
        &[
            "none", "lower1", "lower2", "lower3", "lower", "initial", "title2", "title", "caps", "num2", "year", "num",
            "roman", "dotlower", "dotupper", "mixed", "letter", "closer", "symbol", "percent",
        ],
    ),
    ("class", &["none", "never", "may", "number", "month", "never+number"]),
    ("word", &["none", "starter", "after-number", "month", "abbreviation"]),
    ("before", &["none", "number", "month", "upper", "lower", "other", "pause"]),
    ("inside", &["no", "bracket", "quote", "dialogue"]),
    ("length", &["3", "12", "30", "80", "more"]),
    ("ordinal", &["no", "yes", "list"]),
];

/// Positions in [`ATTRIBUTES`].
pub(super) const MARK: usize = 0;
pub(super) const CLOSER: usize = 1;
pub(super) const GAP: usize = 2;
pub(super) const OPEN: usize = 3;
pub(super) const NEXT: usize = 4;
pub(super) const LAST: usize = 5;
pub(super) const CLASS: usize = 6;
pub(super) const WORD: usize = 7;
pub(super) const BEFORE: usize = 8;
pub(super) const INSIDE: usize = 9;
pub(super) const LENGTH: usize = 10;
pub(super) const ORDINAL: usize = 11;

/// One value of each of [`ATTRIBUTES`].
pub(super) type Shape = [u8; ATTRIBUTES.len()];

/// Whether a character opens a quotation or a bracket; some do both, by country.
pub(super) fn opener(c: char) -> Option<u8> {
    match c {
        '"' | '\'' | '“' | '„' | '«' | '»' | '‘' | '‚' | '‹' | '›' | '”' | '’' | '「' | '『' | '《' | '〝' => {
            Some(1)
        }
        '(' | '[' | '{' | '（' | '【' | '［' => Some(2),
        '¿' | '¡' | '*' | '•' | '·' | '#' => Some(4),
        _ => None,
    }
}

/// Whether a character closes a quotation or a bracket.
pub(super) fn closer(c: char) -> Option<u8> {
    match c {
        '"' | '\'' | '”' | '“' | '’' | '‘' | '»' | '«' | '›' | '‹' | '」' | '』' | '》' | '〞' => {
            Some(1)
        }
        ')' | ']' | '}' | '）' | '】' | '］' => Some(2),
        _ => None,
    }
}

/// The last word before byte `end` of a text, and where it starts; white space before `end` is skipped.
pub(super) fn word_before(text: &str, end: usize) -> (usize, &str) {
    let head = text[..end].trim_end();
    let mut start = head.len();
    for (at, c) in head.char_indices().rev() {
        if c.is_whitespace()
            || head.len() - at > 48
            || matches!(c, '(' | '[' | '"' | '„' | '“' | '«' | '»' | '/' | '–' | '—')
        {
            break;
        }
        start = at;
    }
    (start, &head[start..])
}

/// Value of `last`: the shape of the word before the mark.
pub(super) fn last(word: &str) -> u8 {
    let tail = match word.rsplit_once('-') {
        // an acronym with a case ending is an acronym: `HDZ-a`
        Some((acronym, ending))
            if is_acronym(acronym) && matches!(ending.len(), 1 | 2) && ending.chars().all(is_lower) =>
        {
            acronym
        }
        _ => word.rsplit(['-', '\'', '’']).next().unwrap_or(word),
    };
    let (mut lower, mut upper, mut digits, mut dots, mut caseless, mut other, mut letters) = (0, 0, 0, 0, 0, 0, 0);
    let mut first_upper = false;
    for c in tail.chars() {
        if c.is_ascii_digit() || c.is_numeric() {
            digits += 1;
        } else if is_lower(c) {
            lower += 1;
        } else if c.is_uppercase() {
            first_upper |= letters == 0;
            upper += 1;
        } else if c.is_alphabetic() {
            caseless += 1;
        } else if matches!(c, '.' | ',' | ':') {
            dots += 1;
        } else if c == '%' || c == '°' || c == '€' || c == '$' {
            return 19;
        } else if closer(c).is_some() {
            return 17;
        } else if c.is_alphanumeric() || ('\u{300}'..'\u{370}').contains(&c) {
        } else if !is_mark_letter(c) {
            other += 1;
        }
        letters += usize::from(c.is_alphabetic());
    }
    match () {
        () if tail.is_empty() => 0,
        () if other > 0 && letters + digits == 0 => 18,
        () if digits > 0 && letters == 0 && other == 0 => match (digits, dots) {
            (1 | 2, 0) => 9,
            (4, 0) if tail.starts_with(['1', '2']) => 10,
            _ => 11,
        },
        () if digits > 0 || other > 0 => 15,
        () if caseless == 1 && letters == 1 => 5,
        () if caseless > lower + upper => 16,
        () if dots > 0 => {
            if lower >= upper {
                13
            } else {
                14
            }
        }
        () if upper > 0 && lower == 0 && tail.chars().all(|c| matches!(c, 'I' | 'V' | 'X')) => 12,
        () if upper == 1 && lower == 0 => 5,
        () if upper > 1 && lower == 0 => 8,
        () if first_upper => {
            if lower < 3 {
                6
            } else {
                7
            }
        }
        () => match lower {
            0..=1 => 1,
            2 => 2,
            3 => 3,
            _ => 4,
        },
    }
}

/// Whether a word is of two capitals or more.
fn is_acronym(word: &str) -> bool {
    word.chars().count() > 1 && word.chars().all(char::is_uppercase)
}

/// Whether a letter is a small one in a script where case tells something; Georgian writes without capitals.
pub(super) fn is_lower(c: char) -> bool {
    c.is_lowercase() && !('\u{10D0}'..='\u{10FF}').contains(&c)
}

/// Combining signs of scripts that write vowels as marks: part of the word, neither letter nor symbol.
pub(super) fn is_mark_letter(c: char) -> bool {
    matches!(c as u32, 0x0591..=0x05C7 | 0x0610..=0x061A | 0x064B..=0x065F | 0x0900..=0x0DFF | 0x0E30..=0x0EFF | 0x1000..=0x109F | 0x200C..=0x200D)
}

/// Value of `class`: what the language's list says of the word before the mark, behind a word of value `before`.
pub(super) fn class(word: &str, before: u8, language: &Language) -> u8 {
    let mut bits = language.lookup(word);
    if bits == 0 {
        let tail = word.rsplit(['-', '\'', '’']).next().unwrap_or(word);
        bits = if tail.len() < word.len() && tail.len() > 1 { language.lookup(tail) & !NUMBER } else { 0 };
    }
    match bits {
        b if b & NEVER != 0 && b & NUMBER != 0 => 5,
        b if b & MAY != 0 && (b & NEVER == 0 || before == 1) => 2,
        b if b & NEVER != 0 => 1,
        b if b & NUMBER != 0 => 3,
        b if b & MONTH != 0 => 4,
        _ => 0,
    }
}

/// Values of `open`, `next` and `word`: the shape of what follows a border at the start of `rest`.
pub(super) fn following(rest: &str, language: &Language) -> (u8, u8, u8) {
    let mut open = 0;
    let mut tail = rest;
    for _ in 0..4 {
        let Some(c) = tail.chars().next() else { break };
        let after = &tail[c.len_utf8()..];
        let after = if c == '-' { after.trim_start_matches('-') } else { after };
        if matches!(c, '-' | '–' | '—' | '−')
            && (after.starts_with(char::is_whitespace) || after.starts_with(char::is_uppercase))
        {
            open = 3;
            tail = after.trim_start();
        } else if let Some(old) = tail.strip_prefix(",,") {
            open = 1;
            tail = old.trim_start();
        } else if let Some(kind) = opener(c) {
            open = if open == 3 { 3 } else { kind };
            // French puts a space inside
            tail = if c == '«' { after.trim_start() } else { after };
        } else {
            break;
        }
    }
    let mut chars = tail.chars();
    let Some(first) = chars.next() else { return (open, 4, 0) };
    let second = chars.next().unwrap_or(' ');
    let next = match first {
        c if c.is_uppercase() => match second {
            '.' => 5,
            s if s.is_uppercase() => 6,
            s if s.is_alphabetic() || s == '\'' || s == '’' || s == '-' => 0,
            _ => 7,
        },
        // names such as `eBay`, but not units such as `kWh`
        c if is_lower(c) => {
            u8::from(!second.is_uppercase() || tail.chars().take_while(|c| c.is_alphabetic()).count() < 4)
        }
        c if c.is_ascii_digit() && is_item(tail) => 8,
        c if c.is_numeric() || matches!(c, '№' | '§') => 2,
        c if c.is_alphabetic() => 3,
        _ => 4,
    };
    let end = tail.find(|c: char| !c.is_alphabetic()).unwrap_or(tail.len()).min(tail.len());
    let bits = if end == 0 || end > 40 { 0 } else { language.lookup(&tail[..end]) };
    let word = match bits {
        b if b & STARTER != 0 => 1,
        b if b & AFTER_NUMBER != 0 => 2,
        b if b & MONTH != 0 => 3,
        b if b & NEVER != 0 && tail[end..].starts_with('.') => 4,
        _ => 0,
    };
    (open, next, word)
}

/// Whether a text starts with the number of an item of a list: `2. Wer zahlt` or `2) Wer zahlt`.
fn is_item(text: &str) -> bool {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let Some(rest) = text[digits..].strip_prefix(['.', ')']) else { return false };
    digits < 3 && rest.starts_with(' ') && rest.trim_start().starts_with(char::is_uppercase)
}

/// Value of `before`: what the word before the last word is.
pub(super) fn before(text: &str, end: usize, start: usize, language: &Language) -> u8 {
    let (_, word) = word_before(&text[start..], end - start);
    match word.chars().next() {
        None => 0,
        Some(c) if c.is_numeric() => 1,
        Some(_) if word.ends_with([':', ';', ')']) => 6,
        Some(_) if language.lookup(word) & MONTH != 0 => 2,
        Some(c) if c.is_uppercase() => 3,
        Some(c) if c.is_alphabetic() => 4,
        Some(_) => 5,
    }
}

/// Value of `length`: bytes of the sentence so far.
pub(super) fn length(bytes: usize) -> u8 {
    match bytes {
        0..=3 => 0,
        4..=12 => 1,
        13..=30 => 2,
        31..=80 => 3,
        _ => 4,
    }
}
