//! Amounts before their unit is known: literals, number words with their scales, ranges of two.

use super::lexicon::Section;
use super::line::Line;
use super::number::is_time_unit;
use super::token::Shape;

/// Most tokens of one number in words; a line of scales without end is read in pieces.
const LONGEST: usize = 16;
/// First letter of the scripts of China, Japan and Korea.
const IDEOGRAPHS: char = '\u{2e80}';

/// A number before its unit is known: its ends and the token behind it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Amount {
    pub low: f64,
    pub high: f64,
    pub other: Option<f64>,
    pub end: usize,
    /// Whether it is a part of a whole.
    pub share: bool,
    /// Whether it is only the word for one, which may be an article, or another number word with a second meaning.
    pub one: bool,
}

/// One number, or two as the ends of a range.
pub(crate) fn range(line: &Line, at: usize) -> Option<Amount> {
    let first = amount(line, at)?;
    let between = line.ending(at, Section::Between).is_some();
    let change = line.ending(at, Section::Change).is_some_and(|(_, hit)| hit.entry.key == "from");
    let target = || line.hit(first.end, Section::Change).filter(|hit| change && hit.entry.key == "to");
    let dash = line.tokens.is_dash(first.end);
    let and = || line.hit(first.end, Section::And).filter(|hit| between || between_behind(line, first.end + hit.len));
    let to = line.hit(first.end, Section::To).or_else(and).or_else(target);
    // Romanian 'la' is 'to', 'la sută' percent.
    let measured = line.hit(first.end, Section::Unit).map_or(0, |hit| hit.len);
    let to = to.filter(|hit| hit.len >= measured);
    let next = if dash { first.end + 1 } else { first.end + to.map_or(0, |hit| hit.len) };
    if next == first.end || first.one {
        return Some(first);
    }
    // '15 % do 20 %' repeats the unit; it is read at the second number.
    match amount(line, next) {
        // Only 'from' tells that two numbers of which the second is less belong together.
        Some(second) if (second.high > first.low || change) && !second.one && first.share == second.share => {
            let factor = if second.low >= 1000.0 && first.high < 1000.0 && second.end > next + 1 && first.end == at + 1
            {
                scale_at(line, next + 1).map_or(1.0, |(factor, _)| factor)
            } else {
                1.0
            };
            let (low, high) = match first.low * factor {
                low if low <= second.high => (low, second.high),
                // 'from 900 to 1.2 thousand', unlike 'from 3 to 2.5 million'.
                _ if factor == 1000.0 && first.low >= 100.0 => (first.low, second.high),
                _ => (second.low, first.high * factor),
            };
            Some(Amount { low, high, other: None, ..second })
        }
        _ => Some(first),
    }
}

/// Whether a word for 'between' stands behind the amount at `at` and its unit: Hungarian `20 és 30 ember között`.
fn between_behind(line: &Line, at: usize) -> bool {
    let behind = |at: usize| line.hit(at, Section::Between).is_some_and(|hit| hit.entry.key == "behind");
    let Some(end) = amount(line, at).map(|amount| amount.end) else { return false };
    behind(end) || line.hit(end, Section::Unit).is_some_and(|unit| behind(end + unit.len))
}

/// Digits or number words with their scales.
pub(crate) fn amount(line: &Line, at: usize) -> Option<Amount> {
    if let Some(literal) = line.literal(at) {
        let mut amount = Amount {
            low: literal.value,
            high: literal.value,
            other: literal.other,
            end: at + 1,
            share: false,
            one: false,
        };
        if let Some(part) = slashed(line, at) {
            return Some(Amount { low: part, high: part, other: None, end: at + 3, share: true, one: false });
        }
        if let Some(half) = vulgar(line.tokens.raw(at + 1)).filter(|_| line.tokens.joined(at + 1)) {
            (amount.low, amount.high, amount.end) = (amount.low + half, amount.high + half, at + 2);
        }
        let scaled = fraction_or_scale(line, amount);
        return Some(rest(line, scaled.low / literal.value, scaled));
    }
    if let Some(part) = vulgar(line.tokens.raw(at)) {
        return Some(Amount { low: part, high: part, other: None, end: at + 1, share: true, one: false });
    }
    words(line, at).map(|amount| fraction_or_scale(line, amount))
}

/// Adds what follows in units smaller than `scale`: `4 milyar 705 milyon`, `1 млн 200 тыс.`, `2 тыс. 500`, `1조 2천억`.
fn rest(line: &Line, scale: f64, amount: Amount) -> Amount {
    let Some(literal) = line.literal(amount.end).filter(|_| amount.low == amount.high && !amount.share) else {
        return amount;
    };
    if scale == 1000.0 && literal.plain && line.tokens.folded(amount.end).len() == 3 {
        let value = amount.low + literal.value;
        // 'dos mil quinientos millones' in digits: '2 mil 500 millones'.
        let next = amount.end + 1;
        let (factor, end) = scale_at(line, next).filter(|(factor, _)| *factor > value).unwrap_or((1.0, next));
        return Amount { low: value * factor, high: value * factor, other: None, end, ..amount };
    }
    match scale_at(line, amount.end + 1) {
        Some((factor, end)) if literal.value * factor < scale => {
            let value = amount.low + literal.value * factor;
            rest(line, factor, Amount { low: value, high: value, other: None, end, ..amount })
        }
        // Korean '1만2000'.
        None if scale == 10_000.0 && literal.plain && literal.value < scale && line.tokens.joined(amount.end) => {
            let value = amount.low + literal.value;
            Amount { low: value, high: value, other: None, end: amount.end + 1, ..amount }
        }
        _ => amount,
    }
}

fn vulgar(mark: &str) -> Option<f64> {
    Some(match mark {
        "½" => 0.5,
        "⅓" => 1.0 / 3.0,
        "⅔" => 2.0 / 3.0,
        "¼" => 0.25,
        "¾" => 0.75,
        _ => return None,
    })
}

/// A part of a whole in digits, which is no day of a month: `2/3 of the seats`, `większością 2/3 głosów`. `1/4` is left
/// alone, as it opens a quarter-final too.
fn slashed(line: &Line, at: usize) -> Option<f64> {
    let tokens = &line.tokens;
    let (part, whole, end) = (line.digits(at)?, line.digits(at + 2)?, at + 3);
    let bar = |at: usize| tokens.raw(at) == "/" && tokens.joined(at) && tokens.joined(at + 1);
    let alone = bar(at + 1) && !bar(end) && (at == 0 || tokens.raw(at - 1) != "/");
    let short = tokens.folded(at).len() == 1 && tokens.folded(at + 2).len() == 1;
    if !alone || !short || !matches!((part, whole), (1..=2, 3) | (3, 4) | (1..=4, 5)) {
        return None;
    }
    let of = line.hit(end, Section::Stop).is_some_and(|hit| hit.entry.key == "of") && line.digits(end + 1).is_none();
    let dated = [Section::In, Section::Weekday, Section::Order].iter().any(|kind| line.ending(at, *kind).is_some());
    let other = [Section::Stop, Section::Verb, Section::Month, Section::Year].iter().any(|kind| line.has(end, *kind));
    // '2/3 Tage' are two or three.
    let time = || line.hit(end, Section::Unit).is_some_and(|hit| is_time_unit(&hit));
    let noun = || line.is_word(end) && !tokens.joined(end) && !dated && !other && !time();
    (of || noun()).then_some(part as f64 / whole as f64)
}

/// Applies what stands behind a number: `2,4 tys.`, `1,7-Milliarden`, `two thirds`, `milijun i pol`.
fn fraction_or_scale(line: &Line, mut amount: Amount) -> Amount {
    // 'two and a half million', unlike 'a million and a half'.
    if let Some((half, end)) = half_more(line, amount.end).filter(|(_, end)| scale_at(line, *end).is_some()) {
        (amount.low, amount.high, amount.end) = (amount.low + half, amount.high + half, end);
    }
    let limit = amount.end + LONGEST;
    while let Some((factor, end)) = far_scale(line, amount.end).filter(|(_, end)| *end <= limit) {
        amount = Amount {
            low: amount.low * factor,
            high: amount.high * factor,
            other: amount.other.map(|other| other * factor),
            end,
            share: false,
            one: false,
        };
        if let Some(part) = half_more(line, end) {
            (amount.low, amount.high, amount.end) =
                (amount.low + part.0 * factor, amount.high + part.0 * factor, part.1);
        }
    }
    if let Some(part) = line.hit(line.skip(amount.end, "-"), Section::Fraction) {
        if amount.high < 1.0 / part.entry.low {
            let end = line.skip(amount.end, "-") + part.len;
            amount = Amount {
                low: amount.low * part.entry.low,
                high: amount.high * part.entry.high,
                end,
                share: true,
                ..amount
            };
            amount.one = false;
        }
    } else if let Some((half, end)) = half_more(line, amount.end) {
        amount = Amount { low: amount.low + half, high: amount.high + half, end, ..amount };
    }
    amount
}

/// `i pol`, `and a half` behind a number.
pub(crate) fn half_more(line: &Line, at: usize) -> Option<(f64, usize)> {
    let and = line.hit(at, Section::And)?;
    let half = line.hit(at + and.len, Section::Fraction)?;
    Some((half.entry.low, at + and.len + half.len))
}

/// A scale at `at`, perhaps behind a hyphen, with its factor and the token behind it and its full stop.
fn scale_at(line: &Line, at: usize) -> Option<(f64, usize)> {
    let start =
        if line.tokens.is_dash(at) && line.tokens.joined(at) && line.tokens.joined(at + 1) { at + 1 } else { at };
    let hit = line.hit(start, Section::Scale).filter(|_| !opens_model(line, start))?;
    Some((hit.entry.low, stop(line, start + hit.len)))
}

/// A scale at `at`, perhaps behind a word that says how exact the number is: `5 с лишним тысяч`, `20-ak tisuća`.
fn far_scale(line: &Line, at: usize) -> Option<(f64, usize)> {
    let modified = || line.hit(at, Section::ModifierAfter).filter(|hit| hit.entry.key != "minus");
    scale_at(line, at).or_else(|| scale_at(line, at + modified()?.len))
}

/// Whether the letter at `at` begins the name of a model, and is no unit or scale: `200 T-72`, `672 K-9`.
pub(crate) fn opens_model(line: &Line, at: usize) -> bool {
    let tokens = &line.tokens;
    let letter = line.is_word(at) && !tokens.joined(at) && tokens.folded(at).chars().count() == 1;
    let number = tokens.is(at + 2, Shape::Number) && tokens.joined(at + 2);
    letter && tokens.is_dash(at + 1) && tokens.joined(at + 1) && number
}

/// Passes the full stop of an abbreviation unless it ends the sentence.
fn stop(line: &Line, at: usize) -> usize {
    let abbreviated = line.tokens.raw(at) == "." && line.tokens.joined(at) && at + 1 < line.tokens.len();
    if abbreviated { at + 1 } else { at }
}

/// Number words from `at` on, added up.
fn words(line: &Line, at: usize) -> Option<Amount> {
    if let Some(part) = line.hit(at, Section::Fraction).filter(|_| !line.has(at, Section::Number)) {
        // 'the third time', unlike 'two thirds', which begins at its numerator.
        let ordinal = part.len == 1 && line.has(at, Section::Ordinal);
        if ordinal || is_one_more(line, at, part.len) || opens_compound(line, at + part.len) {
            return None;
        }
        let (low, high) = (part.entry.low, part.entry.high);
        // Spanish 'medio' is a half before a unit or scale only.
        let one = part.len == 1 && line.hit(at, Section::One).is_some_and(|hit| hit.entry.low == low);
        return Some(Amount { low, high, other: None, end: at + part.len, share: true, one });
    }
    let mut amount = Amount { low: 0.0, high: 0.0, other: None, end: at, share: false, one: false };
    // What the last number word leaves room for: after 'twenty' less than ten, after 'two hundred' less than a hundred.
    let mut room = f64::INFINITY;
    // A letter alone is no thousand, nor are words without spaces between them that begin with one.
    let word = line.tokens.folded(at);
    let letter = word.chars().count() == 1 || word.starts_with(|c: char| c >= IDEOGRAPHS);
    let mut group = (0.0, 0.0);
    while amount.end < at + LONGEST {
        let start = if amount.end > at { joint(line, amount.end) } else { at };
        let scaled =
            if amount.end > at { scale_at(line, amount.end).map(|(f, end)| (f, end, amount.end)) } else { None };
        let scaled =
            scaled.or_else(|| scale_at(line, start).filter(|_| start == at && !letter).map(|(f, end)| (f, end, at)));
        if let Some((factor, end, from)) =
            scaled.filter(|(f, _, from)| word_value(line, *from).is_none() || (*f > 0.0 && amount.end > at))
        {
            if from == at {
                group = (1.0, 1.0);
            }
            if factor < 1000.0 {
                group = (group.0 * factor, group.1 * factor);
                room = factor;
            } else if 0.0 < amount.low && amount.low < factor {
                // 'mil quinientos millones': all that stands before counts these millions.
                amount.low = (amount.low + group.0) * factor;
                amount.high = (amount.high + group.1) * factor;
                group = (0.0, 0.0);
                room = factor;
            } else {
                amount.low += group.0.max(if amount.low == 0.0 { 0.0 } else { 1.0 }) * factor;
                amount.high += group.1 * factor;
                group = (0.0, 0.0);
                room = factor;
            }
            amount.end = end;
            if let Some((part, after)) = half_more(line, end) {
                (amount.low, amount.high, amount.end) =
                    (amount.low + part * factor, amount.high + part * factor, after);
            }
            continue;
        }
        let Some((low, high, len)) = word_value(line, start).filter(|(_, high, _)| *high < room) else {
            break;
        };
        group = (group.0 + low, group.1 + high);
        amount.end = start + len;
        room = match high {
            // Hungarian 'kétmillió-háromszázezer'.
            h if h >= 1000.0 && h == low => [1e9, 1e6].into_iter().find(|step| h % step == 0.0).unwrap_or(1000.0),
            h if h >= 100.0 => 100.0,
            h if h >= 20.0 && h % 10.0 == 0.0 && low == high => 10.0,
            _ => 0.0,
        };
    }
    amount.low += group.0;
    amount.high += group.1;
    amount.one = amount.end == at + 1 && line.hit(at, Section::One).is_some_and(|hit| hit.entry.low == amount.low);
    (amount.end > at).then_some(amount)
}

/// Whether an article and an ordinal at `at` are no part of a whole: 'a third candidate', unlike 'a third of them'.
fn is_one_more(line: &Line, at: usize, len: usize) -> bool {
    let article = || line.hit(at, Section::Stop).is_some_and(|hit| hit.entry.key == "article");
    let noun = |at: usize| line.is_word(at) && !line.has(at, Section::Stop) && !line.has(at, Section::Verb);
    len == 2 && line.has(at + 1, Section::Ordinal) && article() && noun(at + 2)
}

/// Whether a hyphen at `at` joins a word that is neither unit nor number: 'half-brother', unlike 'half-hour'.
fn opens_compound(line: &Line, at: usize) -> bool {
    let tokens = &line.tokens;
    let counted = |at: usize| [Section::Unit, Section::Scale, Section::Number].iter().any(|kind| line.has(at, *kind));
    tokens.is_dash(at) && tokens.joined(at) && tokens.joined(at + 1) && line.is_word(at + 1) && !counted(at + 1)
}

/// Passes `and` or a hyphen between two number words.
fn joint(line: &Line, at: usize) -> usize {
    let (next, limit) = match line.hit(at, Section::And) {
        Some(hit) => (at + hit.len, 1000.0),
        None if line.tokens.is_dash(at) && line.tokens.joined(at) => (at + 1, 1e9),
        None => return at,
    };
    if word_value(line, next).is_some_and(|(low, _, _)| low < limit) { next } else { at }
}

/// The value of the number word at `at` as low and high, and its length in tokens.
fn word_value(line: &Line, at: usize) -> Option<(f64, f64, usize)> {
    let listed = line.hit(at, Section::Number).or_else(|| line.hit(at, Section::One));
    if let Some(hit) = listed {
        return Some((hit.entry.low, hit.entry.high, hit.len));
    }
    if line.lexicon.glued && line.is_word(at) {
        let value = glued(line, line.tokens.folded(at))?;
        return Some((value, value, 1));
    }
    None
}

/// A number written as one word of parts: `zweitausendvierhundert`.
fn glued(line: &Line, word: &str) -> Option<f64> {
    let (mut total, mut group, mut rest, mut parts) = (0.0, 0.0, word, 0);
    let mut glue = false;
    while !rest.is_empty() {
        glue = false;
        let longest = |section| line.lexicon.beginnings(rest, section).into_iter().max_by_key(|(len, _)| *len);
        // Swedish 'sjuk' is no 'seven k'.
        let scale = || longest(Section::Scale).filter(|(len, _)| *len > 1);
        if let Some((len, scale)) = scale().filter(|_| parts > 0) {
            if scale.low < 1000.0 {
                group = f64::max(group, 1.0) * scale.low;
            } else {
                total += f64::max(group, 1.0) * scale.low;
                group = 0.0;
            }
            rest = &rest[len..];
        } else if let Some((len, number)) =
            longest(Section::Number).max_by_len(longest(Section::One)).filter(|(_, number)| number.low == number.high)
        {
            group += number.low;
            rest = &rest[len..];
        } else if let Some((len, scale)) = scale() {
            if scale.low < 1000.0 {
                group = scale.low;
            } else {
                total = scale.low;
            }
            rest = &rest[len..];
        } else {
            let (len, _) = longest(Section::Glue).filter(|_| parts > 0)?;
            rest = &rest[len..];
            glue = true;
        }
        parts += 1;
    }
    // Dutch 'vieren' is no 'four and'.
    (parts > 1 && !glue).then_some(total + group)
}

trait Longer<T> {
    fn max_by_len(self, other: Option<(usize, T)>) -> Option<(usize, T)>;
}

impl<T> Longer<T> for Option<(usize, T)> {
    fn max_by_len(self, other: Option<(usize, T)>) -> Option<(usize, T)> {
        match (self, other) {
            (Some(a), Some(b)) => Some(if b.0 > a.0 { b } else { a }),
            (a, b) => a.or(b),
        }
    }
}
