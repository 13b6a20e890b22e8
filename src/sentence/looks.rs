//! How a line of a page looks: its words, its end, and whether a phrase fits it.

use super::phrases::Sign;
use super::shape::{closer, is_lower, is_mark_letter};

/// How a line ends.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum End {
    /// A full stop or its like.
    Stop,
    /// A question mark.
    Question,
    /// None of both.
    Open,
}

/// Whether a line that starts with a phrase is what the phrase tells; short phrases need short lines.
pub(super) fn fits(sign: Sign, length: usize, body: &str, lower: &str, words: usize, prose: bool) -> bool {
    let tail = lower[length..].trim_start_matches('.').trim_start();
    // "Datenschutz-Aktivisten" is one word
    let compound = lower[length..].starts_with('-');
    let parted = tail.is_empty() || !compound && tail.starts_with([':', '|', '·', '(', '/', '•', '©', '-', '–']);
    let more = words.saturating_sub(words_of(&lower[..length]));
    let single = !lower[..length].contains(' ');
    match sign {
        Sign::Question => false,
        Sign::Correction => true,
        Sign::Reply => more <= usize::from(parted),
        Sign::Notice => more <= 20,
        // "Copyright 2021 …", not "Copyright lawyers say …"
        Sign::Label if tail.starts_with(|c: char| c == '©' || c.is_ascii_digit()) => more <= 20,
        Sign::Label => !prose && (parted && more <= 12 || more <= 2),
        Sign::Byline => {
            let rest = body.trim_start_matches(|c: char| !c.is_alphanumeric());
            let named = rest
                .split_whitespace()
                .nth(lower[..length].split(' ').count())
                .is_some_and(|word| word.starts_with(char::is_uppercase));
            !prose && words <= 9 && (parted || named && more <= 5)
        }
        Sign::Caption if lower[length..].starts_with([':', '.', '/', ' ']) && (!single || more <= 4) => {
            !prose && more <= 14
        }
        Sign::Caption => parted && more <= 25 && (!prose || tail.starts_with([':', '©'])),
        Sign::Related => {
            !prose && (parted || more <= if single { 1 } else { 3 }) || tail.starts_with(':') && words <= 20
        }
        _ => !prose && (parted && more <= 12 || more <= if single { 2 } else { 6 }),
    }
}

/// Whether a short line looks like a name of a person or of a desk.
pub(super) fn is_name(body: &str) -> bool {
    let words = || body.split_whitespace().filter(|word| word.contains(char::is_alphabetic));
    let capitals = words()
        .filter(|word| !word.contains(|c: char| c.is_lowercase()) || word.starts_with(char::is_uppercase))
        .count();
    capitals * 2 >= words().count()
}

/// Whether a line begins as a sentence does, and holds more than names.
pub(super) fn opens_sentence(body: &str) -> bool {
    let words = || body.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let common = |word: &str| word.starts_with(|c: char| c.is_alphabetic() && !c.is_uppercase());
    words().next().is_some_and(|first| !first.starts_with(is_lower)) && words().any(common)
}

/// Whether an item of a list tells something: five words, or three with a number.
pub(super) fn tells(body: &str, words: usize) -> bool {
    words >= 5 || words >= 3 && body.contains(is_digit)
}

/// Whether a character is a digit, in any script that has its own.
pub(super) fn is_digit(c: char) -> bool {
    c.is_ascii_digit() || c >= '\u{660}' && c.is_numeric()
}

/// Words and numbers of a line.
pub(super) fn tokens(body: &str) -> Vec<&str> {
    let inside = |c: char| c.is_alphanumeric() || is_mark_letter(c);
    body.split(|c: char| !inside(c)).filter(|token| !token.is_empty()).collect()
}

/// Digits and other signs of a token.
pub(super) fn digits(token: &str) -> (usize, usize) {
    let digits = token.chars().filter(|&c| is_digit(c)).count();
    (digits, token.chars().count() - digits)
}

/// Whether the words at `others` of a line are an unlisted month in a date and, beside a clock time, up to two more, such as
/// an agency or a day.
pub(super) fn is_date_around(tokens: &[&str], others: &[usize], clock: bool) -> bool {
    let number = |at: usize| tokens.get(at).map_or((0, 0), |token| digits(token));
    let day = |at: usize| matches!(number(at), (1 | 2, 0));
    let year = |at: usize| number(at) == (4, 0);
    let month = others.iter().find(|&&at| at > 0 && day(at - 1) && year(at + 1) || day(at + 1) && year(at + 2));
    let more: usize = others.iter().filter(|&at| Some(at) != month).map(|&at| words(tokens[at])).sum();
    month.is_some() && more <= if clock { 2 } else { 0 }
}

/// Whether a line holds a time of day, such as `14:05`.
pub(super) fn has_clock(body: &str) -> bool {
    let parts = body.split_whitespace().map(|part| part.trim_matches(|c: char| !c.is_alphanumeric()));
    parts
        .filter_map(|part| part.split_once([':', '.']))
        .any(|(hour, minute)| matches!(digits(hour), (1 | 2, 0)) && digits(minute) == (2, 0))
}

/// Words of a line; two letters count as a word in scripts without spaces.
pub(super) fn words(body: &str) -> usize {
    words_of(body) + body.chars().filter(|&c| stands_without_spaces(c)).count() / 2
}

/// Whether a letter is of a script without spaces between words: Thai to Burmese, Khmer, Kana, Han.
pub fn stands_without_spaces(c: char) -> bool {
    matches!(
        c,
        '\u{E00}'..='\u{109F}'
            | '\u{1780}'..='\u{17FF}'
            | '\u{3040}'..='\u{30FF}'
            | '\u{3400}'..='\u{9FFF}'
            | '\u{F900}'..='\u{FAFF}'
            | '\u{20000}'..='\u{3FFFF}'
    )
}

pub(super) fn words_of(body: &str) -> usize {
    body.split_whitespace().filter(|word| word.contains(char::is_alphanumeric)).count()
}

/// The start of a line, folded, without signs before its first word.
pub(super) fn lower(body: &str) -> String {
    fold(body.chars().skip_while(|&c| !c.is_alphanumeric() && c != '©').take(160))
}

/// Lower case; Greek letters without accents and final forms, which its capitals lack; one kind of space and apostrophe.
pub(super) fn fold(text: impl Iterator<Item = char>) -> String {
    let plain = |c: char| match c {
        'ά' => 'α',
        'έ' => 'ε',
        'ή' => 'η',
        'ί' | 'ϊ' | 'ΐ' => 'ι',
        'ό' => 'ο',
        'ύ' | 'ϋ' | 'ΰ' => 'υ',
        'ώ' => 'ω',
        'ς' => 'σ',
        '’' => '\'',
        c if c.is_whitespace() => ' ',
        c => c,
    };
    text.flat_map(char::to_lowercase).map(plain).collect()
}

/// How a line ends, quotation marks and brackets aside.
pub(super) fn end(body: &str) -> End {
    let body = body.trim_end_matches(|c: char| closer(c).is_some() || c.is_whitespace());
    match body.chars().next_back() {
        Some('?' | '？' | '؟' | ';' | '\u{37E}') => End::Question,
        Some('.' | '!' | '…' | '。' | '！' | '।' | '۔' | '։' | '။' | '።') => End::Stop,
        _ => End::Open,
    }
}

/// A hash (FNV-1a) of a line without its ASCII signs and white space.
pub(super) fn fingerprint(body: &str) -> u64 {
    let letters = body.bytes().filter(|byte| !byte.is_ascii() || byte.is_ascii_alphanumeric());
    letters.fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}
