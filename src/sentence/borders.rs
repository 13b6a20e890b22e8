//! Borders of sentences within a block: candidate marks, of which the model decides.

use std::ops::Range;

use super::language::{AFTER_HOUR, AFTER_NUMBER, BEFORE_ORDINAL, HOUR, Language, MAY, MONTH, NEVER, STARTER};
use super::shape::{
    self, ATTRIBUTES, BEFORE, CLASS, CLOSER, GAP, INSIDE, LAST, LENGTH, MARK, NEXT, OPEN, ORDINAL, Shape, WORD,
};
use super::weights::log_odds;

/// Bytes that the scan stops at: marks, quotation marks and brackets, and first bytes of those beyond ASCII.
static STOPS: [bool; 256] = {
    let mut stops = [false; 256];
    let bytes = b".!?;:\"()[]\xC2\xCD\xD6\xD8\xDB\xDC\xE0\xE1\xE2\xE3\xEF";
    let mut index = 0;
    while index < bytes.len() {
        stops[bytes[index] as usize] = true;
        index += 1;
    }
    stops
};

/// Marks behind which scripts without spaces go on at once, also where a quotation closes.
const IDEOGRAPHIC: [char; 4] = ['。', '！', '？', '｡'];
/// Letters of a clause that says no more than who is quoted, `他说`.
const WHO: usize = 12;

/// The kind of a terminal mark, as a value of `mark`.
fn mark(c: char, language: &Language) -> Option<u8> {
    match c {
        '.' if language.stops => Some(0),
        '…' => Some(1),
        '!' => Some(2),
        '?' | '؟' | '‽' | '⁇' | '⁈' | '⁉' => Some(3),
        '。' | '！' | '？' | '｡' | '．' | '।' | '॥' | '۔' | '։' | '။' | '።' | '፧' | '፨' | '។' | '៕' | '܀' | '܁'
        | '܂' | '᠃' | '།' => Some(4),
        ';' if language.greek => Some(3),
        ':' if language.armenian => Some(4),
        '\u{37E}' => Some(3),
        _ => None,
    }
}

/// What is open at a place in a sentence.
#[derive(Default)]
struct Open {
    quote: bool,
    bracket: bool,
}

impl Open {
    fn see(&mut self, c: char) {
        match c {
            '"' => self.quote = !self.quote,
            '“' => self.quote = !self.quote,
            '„' | '«' | '「' | '『' => self.quote = true,
            '”' | '»' | '」' | '』' => self.quote = false,
            '(' | '[' | '（' => self.bracket = true,
            ')' | ']' | '）' => self.bracket = false,
            _ => {}
        }
    }
}

/// Whether a quotation is still open at the end of a sentence.
pub(super) fn is_quoting(sentence: &str) -> bool {
    let mut open = Open::default();
    sentence.chars().for_each(|c| open.see(c));
    open.quote
}

/// Calls `decide` for every candidate of `text[block]` with its shape and the byte where a sentence would end; where it
/// says yes, the next sentence starts.
pub(super) fn scan(
    text: &str,
    block: Range<usize>,
    language: &Language,
    mut decide: impl FnMut(&Shape, usize) -> bool,
) {
    let text = &text[..block.end];
    let bytes = text.as_bytes();
    let mut start = block.start;
    let mut open = Open::default();
    let mut at = block.start;
    while at < bytes.len() {
        if !STOPS[usize::from(bytes[at])] {
            at += 1;
            continue;
        }
        let Some(c) = text[at..].chars().next() else { break };
        let Some(mark) = mark(c, language) else {
            open.see(c);
            at += c.len_utf8();
            continue;
        };
        // the commonest case that is no border: a mark inside a number or a name
        if mark == 0 && bytes.get(at + 1).is_some_and(|next| next.is_ascii_lowercase() || next.is_ascii_digit()) {
            at += 1;
            continue;
        }
        let candidate = Candidate::read(text, at, mark, language, &mut open);
        if candidate.next < bytes.len()
            && let Some(shape) = candidate.shape(text, start, at, language, &open)
            && decide(&shape, candidate.end)
        {
            start = candidate.next;
            open = Open::default();
        }
        at = candidate.end;
    }
}

/// Sentences of a block, as byte ranges without white space around them.
pub(super) fn sentences(text: &str, block: Range<usize>, language: &Language, out: &mut Vec<Range<usize>>) {
    let mut start = block.start;
    scan(text, block.clone(), language, |shape, end| {
        let text = &text[..block.end];
        let goes_on = || ends_with_ordinal(shape, text, end, language) || ends_with_scale(shape, text, end, language);
        let border = log_odds(shape) > 0.0 && !goes_on()
            || ends_with_hour(shape, text, end, language)
            || begins_with_number(shape, text, end);
        let border = border && !is_date(shape, &text[start..end], language);
        if border {
            out.push(start..end);
            start = end + (text[end..].len() - text[end..].trim_start().len());
        }
        border
    });
    out.push(start..block.end);
}

/// Whether a sentence ends at `end` with an hour (`6 p.m.`): a capitalised word follows, but no day and no time zone.
fn ends_with_hour(shape: &Shape, text: &str, end: usize, language: &Language) -> bool {
    if [MARK, CLOSER, OPEN, NEXT].iter().any(|&attribute| shape[attribute] != 0) {
        return false;
    }
    let (_, hour) = shape::word_before(text, end - 1);
    let goes_on = |word: &str| language.lookup(word) & (MONTH | AFTER_HOUR) != 0;
    let mut following = text[end..].split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty()).take(2);
    language.lookup(hour) & HOUR != 0 && !following.any(goes_on)
}

/// Whether an ordinal stands before `end`, what it counts behind it: `zum 100. Geburtstag`.
fn ends_with_ordinal(shape: &Shape, text: &str, end: usize, language: &Language) -> bool {
    let title = 0;
    if [MARK, CLOSER].iter().any(|&attribute| shape[attribute] != 0) || shape[NEXT] != title {
        return false;
    }
    let (start, number) = shape::word_before(text, end - 1);
    let (_, article) = shape::word_before(text, start);
    let following = text[end..].trim_start_matches(|c: char| !c.is_alphabetic());
    let noun = following.split(|c: char| !c.is_alphabetic()).next().unwrap_or_default();
    number.len() < 4
        && number.bytes().all(|byte| byte.is_ascii_digit())
        && language.lookup(article) & BEFORE_ORDINAL != 0
        && language.lookup(noun) & STARTER == 0
}

/// Whether the abbreviation of a scale stands before `end`, that of a unit behind it: `20 mil. Kč`.
fn ends_with_scale(shape: &Shape, text: &str, end: usize, language: &Language) -> bool {
    let [may, number] = [2, 1];
    let unit = text[end..].trim_start().split(|c: char| !c.is_alphabetic()).next().unwrap_or_default();
    (shape[CLOSER], shape[CLASS], shape[BEFORE]) == (0, may, number) && language.lookup(unit) & AFTER_NUMBER != 0
}

/// Whether a sentence so far is no more than a date or an hour: `На 12 май 2026 г.`, `U 2026.`
fn is_date(shape: &Shape, sentence: &str, language: &Language) -> bool {
    let [may, number, year, ordinal] = [2, 1, 10, 1];
    let closed = (shape[CLASS], shape[BEFORE]) == (may, number) || (shape[LAST], shape[ORDINAL]) == (year, ordinal);
    let part = |word: &str| {
        let digits = word.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
        digits || language.lookup(word.trim_end_matches('.')) & (MONTH | MAY | NEVER) != 0
    };
    let mut words = sentence.split_whitespace();
    let opens = words.next().is_some_and(|first| part(first) || language.lookup(first) & STARTER != 0);
    shape[MARK] == 0 && shape[CLOSER] == 0 && closed && opens && words.clone().next().is_some() && words.all(part)
}

/// Whether a sentence begins at `end` with a number (`… in Rijeka. 300 firefighters came`): a word of some length stands before it,
/// which no list has, and a word after it.
fn begins_with_number(shape: &Shape, text: &str, end: usize) -> bool {
    let [lower, title, digit] = [4, 7, 2];
    if [MARK, CLOSER, OPEN, CLASS].iter().any(|&attribute| shape[attribute] != 0) || shape[NEXT] != digit {
        return false;
    }
    let (_, last) = shape::word_before(text, end - 1);
    let following = text[end..].trim_start().trim_start_matches(|c: char| c.is_ascii_digit());
    let word = following.strip_prefix(' ').is_some_and(|rest| rest.starts_with(char::is_alphabetic));
    [lower, title].contains(&shape[LAST]) && last.chars().count() >= 5 && word
}

/// A run of marks with what closes after it.
struct Candidate {
    mark: u8,
    closer: u8,
    /// End of the marks and closers: where a sentence would end.
    end: usize,
    /// Start of what follows.
    next: usize,
}

impl Candidate {
    fn read(text: &str, at: usize, mut kind: u8, language: &Language, open: &mut Open) -> Self {
        let mut end = at;
        let mut dots = 0;
        loop {
            let rest = &text[end..];
            let Some(c) = rest.chars().next() else { break };
            if let Some(next) = mark(c, language) {
                dots += usize::from(c == '.');
                kind = if kind == 0 || next > 1 { next } else { kind };
                end += c.len_utf8();
            } else if dots == 1 && rest.starts_with(" .") && !rest[2..].starts_with(|c: char| c.is_alphanumeric()) {
                end += 1;
            } else {
                break;
            }
        }
        if kind == 0 && dots > 1 {
            kind = 1;
        }
        let ideographic = text[at..end].ends_with(IDEOGRAPHIC);
        let mut closing = 0;
        loop {
            let rest = &text[end..];
            let Some(c) = rest.chars().next() else { break };
            let after = &rest[c.len_utf8()..];
            let closes = ideographic && (matches!(c, '”' | '’' | '」' | '』') || c == '"' && open.quote);
            let free = closes || !after.starts_with(|c: char| c.is_alphanumeric());
            if let Some(value) = shape::closer(c)
                && (free || value == 2)
            {
                closing = value;
                open.see(c);
                end += c.len_utf8();
                if !matches!(c, ')' | ']' | '）') {
                    open.quote = false;
                }
            } else if let Some(length) = citation(rest) {
                closing = 3;
                end += length;
            } else if c.is_whitespace()
                && let Some(length) = spaced_quote(after, open.quote)
            {
                closing = 1;
                open.quote = false;
                end += c.len_utf8() + length;
            } else if closing > 0 && mark(c, language) == Some(0) {
                end += 1;
            } else {
                break;
            }
        }
        let next = end + (text[end..].len() - text[end..].trim_start().len());
        Self { mark: kind, closer: closing, end, next }
    }

    /// The shape, where a border is possible at all.
    fn shape(&self, text: &str, start: usize, at: usize, language: &Language, open: &Open) -> Option<Shape> {
        let rest = &text[self.next..];
        let gap = self.next > self.end;
        let first = rest.chars().next()?;
        let quoted = !gap && self.closer == 1 && text[at..].starts_with(IDEOGRAPHIC);
        if quoted && goes_on(&text[start..], at - start, rest) {
            return None;
        }
        let (_, word) = shape::word_before(text, at);
        if !gap && self.mark != 4 && !self.glued(word, rest) {
            return None;
        }
        if matches!(first, ',' | ';' | ':' | ')' | ']' | '，' | '、' | '）') && !rest.starts_with(",,") {
            return None;
        }
        let from = text[..at].trim_end().len() - word.len();
        let (opening, next, following) = shape::following(rest, language);
        // in print, a full stop before a small letter is part of an abbreviation, or a slip
        if self.mark == 0 && self.closer == 0 && opening == 0 && next == 1 {
            return None;
        }
        let mut shape = [0; ATTRIBUTES.len()];
        shape[MARK] = self.mark;
        shape[CLOSER] = self.closer;
        shape[GAP] = u8::from(gap);
        shape[OPEN] = opening;
        shape[NEXT] = next;
        shape[LAST] = shape::last(word);
        shape[WORD] = following;
        shape[BEFORE] = if self.mark == 0 && from >= start { shape::before(text, from, start, language) } else { 0 };
        shape[CLASS] = if self.mark == 0 { shape::class(word, shape[BEFORE], language) } else { 0 };
        shape[INSIDE] = match open {
            Open { bracket: true, .. } => 1,
            Open { quote: true, .. } => 2,
            // a line of dialogue, which its reporting clause follows behind a second dash
            _ if text[start..].starts_with(['-', '–', '—']) => 3,
            _ => 0,
        };
        shape[LENGTH] = shape::length(at.saturating_sub(start));
        shape[ORDINAL] = language.numbers;
        Some(shape)
    }

    /// Whether a mark without white space after it looks like the end of a sentence whose space was forgotten.
    fn glued(&self, word: &str, rest: &str) -> bool {
        let mut chars = rest.chars();
        let upper = chars.next().is_some_and(char::is_uppercase);
        let lower = chars.next().is_some_and(|c| c.is_lowercase() || c.is_whitespace());
        let end = rest.find(|c: char| !c.is_alphabetic()).unwrap_or(rest.len());
        let address = rest[end..].starts_with(['.', '/', '@', '_', '(']) && !rest[end..].starts_with(". ");
        let name = word.contains(['.', '/', '@', '_', ':']) || word.chars().count() < 3;
        upper && lower && !address && !name && word.chars().skip(1).all(|c| !c.is_uppercase())
    }
}

/// Whether a sentence goes on with `rest` behind a quotation that ends with its own mark at `at`: `「…。」と述べた`, `“…。”他说。`,
/// `以“…？”为题`, but not `他问：“…？”没人回答。`
fn goes_on(sentence: &str, at: usize, rest: &str) -> bool {
    let kana = rest.starts_with(|c: char| ('\u{3040}'..='\u{30FF}').contains(&c));
    let clause = rest.find(|c: char| !c.is_alphanumeric()).unwrap_or(rest.len());
    let who = rest[clause..].starts_with('。') && rest[..clause].chars().count() <= WHO;
    let quotation = sentence[..at].rsplit_once(['“', '"', '「', '『']);
    let announced = quotation.is_some_and(|(head, _)| head.ends_with(['：', ':', '，', ',']));
    let whole = sentence[at..].starts_with(['。', '｡']);
    clause > 0 && (kana || !announced && (who || !whole))
}

/// Length of a quotation mark that closes behind white space, as in `« … »` and in tokenized text; `open`: whether one is open.
fn spaced_quote(rest: &str, open: bool) -> Option<usize> {
    let sign = ["»", "”", "''", "“"].iter().find(|sign| rest.starts_with(**sign))?;
    let after = &rest[sign.len()..];
    let closes = match *sign {
        "»" => !after.starts_with(char::is_alphanumeric),
        "”" | "''" => after.starts_with(char::is_whitespace),
        _ => open && after.starts_with(char::is_whitespace),
    };
    closes.then_some(sign.len())
}

/// Length of a footnote sign or a mark of omission after a mark, such as `[12]` or `[…]`.
fn citation(rest: &str) -> Option<usize> {
    let body = rest.strip_prefix(' ').unwrap_or(rest);
    let omission = ["[…]", "[...]"].iter().find(|sign| body.starts_with(**sign));
    if let Some(sign) = omission {
        return Some(rest.len() - body.len() + sign.len());
    }
    let body = body.strip_prefix('[')?;
    let close = body.bytes().take(5).position(|byte| byte == b']')?;
    (close > 0 && body.as_bytes()[..close].iter().all(u8::is_ascii_digit)).then(|| rest.len() - body.len() + close + 1)
}
