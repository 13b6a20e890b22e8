//! Quantities: digits and number words, vague amounts, shares and units.

use super::Quantity;
use super::lexicon::{Hit, Section};
use super::line::Line;
use super::unit::Unit;

/// 'more than 200' is read as 200 to 300, 'less than 200' as 100 to 200: nobody writes 'more than 200' for 2,000.
const OVER: f64 = 1.5;
/// 'about 200' is read as 180 to 220.
const ABOUT: f64 = 0.1;

/// A number before its unit is known: its ends and the token behind it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Amount {
    pub low: f64,
    pub high: f64,
    pub other: Option<f64>,
    pub end: usize,
    /// Whether it is a part of a whole.
    share: bool,
    /// Whether it is only the word for one, which may be an article.
    one: bool,
}

/// All quantities of the line that no time expression has taken.
pub(crate) fn numbers(line: &Line, taken: &[bool]) -> Vec<Quantity> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < line.tokens.len() {
        match if taken[at] { None } else { quantity(line, at, taken) } {
            Some((quantity, end)) => {
                found.push(quantity);
                at = end.max(at + 1);
            }
            None => at = clock(line, at).unwrap_or(at + 1),
        }
    }
    found
}

/// End of a time of day, which is no quantity: `17:23`, `17.30 Uhr`.
fn clock(line: &Line, at: usize) -> Option<usize> {
    line.digits(at)?;
    let colon = line.tokens.raw(at + 1) == ":" && line.tokens.joined(at + 2) && line.digits(at + 2).is_some();
    colon.then_some(at + 3)
}

fn quantity(line: &Line, at: usize, taken: &[bool]) -> Option<(Quantity, usize)> {
    if let Some(found) = every(line, at) {
        return Some(found);
    }
    let mut amount = range(line, at)?;
    if taken[at..amount.end].contains(&true) || is_label(line, at) || clock(line, at).is_some() {
        return None;
    }
    if line.has(amount.end, Section::Clock) || line.ending(at, Section::Clock).is_some() {
        return None;
    }
    let ordinal = ordinal(line, at);
    let (mut first, mut end) = (at, amount.end);
    let mut unit = Unit::Count;
    if let Some(share) = out_of(line, &amount) {
        (amount, unit, end) = (share, Unit::Percent, share.end);
    } else if let Some(after) = ordinal {
        (unit, end) = (Unit::Ordinal, after);
    } else if let Some((found, factor, shift, after)) =
        currency_before(line, at, &mut first, &mut amount).or_else(|| unit_behind(line, &amount))
    {
        amount.low = (amount.low + shift) * factor;
        amount.high = (amount.high + shift) * factor;
        amount.other = amount.other.map(|other| (other + shift) * factor);
        (unit, end) = (found, after.max(amount.end));
    } else if amount.one {
        return None;
    } else if amount.share {
        (amount.low, amount.high, unit) = (amount.low * 100.0, amount.high * 100.0, Unit::Percent);
    }
    modify(line, &mut amount, &mut first, &mut end);
    let role = if unit == Unit::Count { role(line, end) } else { None };
    let span = line.tokens.span(first, end);
    Some((Quantity { span, low: tidy(amount.low), high: tidy(amount.high), other: amount.other, unit, role }, end))
}

/// Nine significant digits: sums and factors leave dust behind them.
fn tidy(value: f64) -> f64 {
    format!("{value:.9e}").parse().unwrap_or(value)
}

/// `F-16`, `COVID-19`: a number that belongs to a name.
fn is_label(line: &Line, at: usize) -> bool {
    at >= 2
        && line.literal(at).is_some()
        && line.tokens.joined(at)
        && line.tokens.is_dash(at - 1)
        && line.tokens.joined(at - 1)
        && line.is_word(at - 2)
}

/// One number, or two as the ends of a range.
fn range(line: &Line, at: usize) -> Option<Amount> {
    let first = amount(line, at)?;
    let between = line.ending(at, Section::Between).is_some();
    let dash = line.tokens.is_dash(first.end);
    let to = line.hit(first.end, Section::To).or(if between { line.hit(first.end, Section::And) } else { None });
    let next = if dash { first.end + 1 } else { first.end + to.map_or(0, |hit| hit.len) };
    if next == first.end || first.one {
        return Some(first);
    }
    // '15 % do 20 %' repeats the unit; it is read at the second number.
    match amount(line, next) {
        Some(second) if second.high > first.low && !second.one && first.share == second.share => {
            let factor = if second.low >= 1000.0 && first.high < 1000.0 && second.end > next + 1 && first.end == at + 1
            {
                scale_at(line, next + 1).map_or(1.0, |(factor, _)| factor)
            } else {
                1.0
            };
            Some(Amount { low: first.low * factor, high: second.high, other: None, ..second })
        }
        _ => Some(first),
    }
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
        if let Some(half) = vulgar(line.tokens.raw(at + 1)).filter(|_| line.tokens.joined(at + 1)) {
            (amount.low, amount.high, amount.end) = (amount.low + half, amount.high + half, at + 2);
        }
        return Some(fraction_or_scale(line, amount));
    }
    if let Some(part) = vulgar(line.tokens.raw(at)) {
        return Some(Amount { low: part, high: part, other: None, end: at + 1, share: true, one: false });
    }
    words(line, at).map(|amount| fraction_or_scale(line, amount))
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

/// Applies what stands behind a number: `2,4 tys.`, `1,7-Milliarden`, `two thirds`, `milijun i pol`.
fn fraction_or_scale(line: &Line, mut amount: Amount) -> Amount {
    while let Some((factor, end)) = scale_at(line, amount.end) {
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
fn half_more(line: &Line, at: usize) -> Option<(f64, usize)> {
    let and = line.hit(at, Section::And)?;
    let half = line.hit(at + and.len, Section::Fraction)?;
    Some((half.entry.low, at + and.len + half.len))
}

/// A scale at `at`, perhaps behind a hyphen, with its factor and the token behind it and its full stop.
fn scale_at(line: &Line, at: usize) -> Option<(f64, usize)> {
    let start =
        if line.tokens.is_dash(at) && line.tokens.joined(at) && line.tokens.joined(at + 1) { at + 1 } else { at };
    let hit = line.hit(start, Section::Scale)?;
    Some((hit.entry.low, stop(line, start + hit.len)))
}

/// Passes the full stop of an abbreviation unless it ends the sentence.
fn stop(line: &Line, at: usize) -> usize {
    let abbreviated = line.tokens.raw(at) == "." && line.tokens.joined(at) && at + 1 < line.tokens.len();
    if abbreviated { at + 1 } else { at }
}

/// Number words from `at` on, added up.
fn words(line: &Line, at: usize) -> Option<Amount> {
    if let Some(part) = line.hit(at, Section::Fraction).filter(|_| !line.has(at, Section::Number)) {
        let (low, high) = (part.entry.low, part.entry.high);
        return Some(Amount { low, high, other: None, end: at + part.len, share: true, one: false });
    }
    let mut amount = Amount { low: 0.0, high: 0.0, other: None, end: at, share: false, one: false };
    // What the last number word leaves room for: after 'twenty' less than ten, after 'two hundred' less than a hundred.
    let mut room = f64::INFINITY;
    let mut group = (0.0, 0.0);
    loop {
        let start = if amount.end > at { joint(line, amount.end) } else { at };
        let scaled =
            if amount.end > at { scale_at(line, amount.end).map(|(f, end)| (f, end, amount.end)) } else { None };
        let scaled = scaled.or_else(|| scale_at(line, start).filter(|_| start == at).map(|(f, end)| (f, end, at)));
        if let Some((factor, end, from)) =
            scaled.filter(|(f, _, from)| word_value(line, *from).is_none() || (*f > 0.0 && amount.end > at))
        {
            if from == at {
                group = (1.0, 1.0);
            }
            if factor < 1000.0 {
                group = (group.0 * factor, group.1 * factor);
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
            h if h >= 1000.0 && h == low => 1000.0,
            h if h >= 100.0 => 100.0,
            h if h >= 20.0 && h % 10.0 == 0.0 && low == high => 10.0,
            _ => 0.0,
        };
    }
    amount.low += group.0;
    amount.high += group.1;
    amount.one = amount.end == at + 1 && amount.low == 1.0 && amount.high == 1.0 && line.has(at, Section::One);
    (amount.end > at).then_some(amount)
}

/// Passes `and` or a hyphen between two number words.
fn joint(line: &Line, at: usize) -> usize {
    let next = match line.hit(at, Section::And) {
        Some(hit) => at + hit.len,
        None if line.tokens.is_dash(at) && line.tokens.joined(at) => at + 1,
        None => return at,
    };
    if word_value(line, next).is_some_and(|(low, _, _)| low < 1000.0) { next } else { at }
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
    while !rest.is_empty() {
        let longest = |section| line.lexicon.beginnings(rest, section).into_iter().max_by_key(|(len, _)| *len);
        if let Some((len, scale)) = longest(Section::Scale).filter(|_| parts > 0) {
            if scale.low < 1000.0 {
                group = f64::max(group, 1.0) * scale.low;
            } else {
                total += f64::max(group, 1.0) * scale.low;
                group = 0.0;
            }
            rest = &rest[len..];
        } else if let Some((len, number)) = longest(Section::Number).max_by_len(longest(Section::One)) {
            group += number.low;
            rest = &rest[len..];
        } else if let Some((len, scale)) = longest(Section::Scale) {
            group = scale.low;
            rest = &rest[len..];
        } else {
            let (len, _) = longest(Section::Glue).filter(|_| parts > 0)?;
            rest = &rest[len..];
        }
        parts += 1;
    }
    (parts > 1).then_some(total + group)
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

/// `every second`, `svaki drugi`: a share.
fn every(line: &Line, at: usize) -> Option<(Quantity, usize)> {
    let every = line.hit(at, Section::Every)?;
    let next = at + every.len;
    let ordinal = line.hit(next, Section::Ordinal)?;
    let end = next + ordinal.len;
    if ordinal.entry.low < 2.0 || line.hit(end, Section::Unit).is_some_and(|hit| is_time_unit(&hit)) {
        return None;
    }
    let value = tidy(100.0 / ordinal.entry.low);
    let mut amount = Amount { low: value, high: value, other: None, end, share: true, one: false };
    let (mut first, mut last) = (at, end);
    modify(line, &mut amount, &mut first, &mut last);
    let span = line.tokens.span(first, last);
    Some((Quantity { span, low: amount.low, high: amount.high, other: None, unit: Unit::Percent, role: None }, last))
}

pub(crate) fn is_time_unit(hit: &Hit) -> bool {
    Unit::from_key(&hit.entry.key).is_some_and(|(unit, _, _)| unit == Unit::Duration)
}

/// `four out of five`, `jeden na dziesięciu`: a share.
fn out_of(line: &Line, part: &Amount) -> Option<Amount> {
    let link = line.hit(part.end, Section::OutOf)?;
    let whole = amount(line, part.end + link.len)?;
    let usual = [2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0, 20.0, 100.0, 1000.0].contains(&whole.low);
    if !usual
        || whole.low != whole.high
        || part.high > whole.low
        || whole.share
        || unit_behind(line, &whole).is_some_and(|u| u.0 == Unit::Duration)
    {
        return None;
    }
    let (low, high) = (100.0 * part.low / whole.low, 100.0 * part.high / whole.low);
    Some(Amount { low, high, other: None, end: whole.end, share: true, one: false })
}

/// Whether the number at `at` is an ordinal, with the token behind its mark.
fn ordinal(line: &Line, at: usize) -> Option<usize> {
    line.digits(at)?;
    let next = at + 1;
    if let Some(mark) = line.hit(next, Section::OrdinalMark).filter(|_| line.tokens.joined(next)) {
        let point = mark.entry.key == "point";
        let follows = next + mark.len;
        // A full stop makes an ordinal only inside a sentence: a word must follow, and no unit.
        if !point || (line.is_word(follows) && !line.tokens.joined(follows) && !line.has(follows, Section::Unit)) {
            return Some(follows);
        }
    }
    None
}

/// Unit behind an amount: unit, factor, shift, token behind it.
fn unit_behind(line: &Line, amount: &Amount) -> Option<(Unit, f64, f64, usize)> {
    let dash = |at: usize| {
        if line.tokens.is_dash(at) && line.tokens.joined(at + 1) { at + 1 } else { at }
    };
    let start = dash(amount.end);
    if let Some(age) = line.hit(start, Section::Age).filter(|_| line.tokens.joined(start) || !amount.share) {
        return Some((Unit::Age, 1.0, 0.0, start + age.len));
    }
    let linked = line
        .hit(start, Section::OutOf)
        .filter(|_| amount.high >= 1e6 || amount.share)
        .map_or(start, |hit| start + hit.len);
    let direct = line.hit(start, Section::Unit).map(|hit| (hit, start));
    let direct = direct.or_else(|| line.hit(linked, Section::Unit).map(|hit| (hit, linked)));
    let persons = || {
        // '15 wounded civilians': people may be named one or two words later.
        (1..=2).map(|ahead| start + ahead).take_while(|&at| line.is_word(at - 1) && line.is_word(at)).find_map(|at| {
            let plain =
                line.literal(at - 1).is_none() && !line.has(at - 1, Section::In) && !line.has(at - 1, Section::Unit);
            line.hit(at, Section::Unit).filter(|hit| plain && hit.entry.key == "persons").map(|hit| (hit, at))
        })
    };
    let (hit, at) = direct.or_else(persons)?;
    let (unit, factor, shift) = Unit::from_key(&hit.entry.key)?;
    if amount.share && matches!(unit, Unit::Persons | Unit::Count | Unit::Percent) {
        return None;
    }
    let mut end = at + hit.len;
    // 'Ein Mann', 'one official': an article more often than a count.
    if amount.one && unit == Unit::Persons {
        return None;
    }
    end = if end < line.tokens.len() && end > at && line.tokens.raw(end) == "." && abbreviation(line, end) {
        end + 1
    } else {
        end
    };
    Some((unit, factor, shift, end))
}

/// Whether the full stop at `at` belongs to an abbreviated unit: the sentence goes on in lower case.
fn abbreviation(line: &Line, at: usize) -> bool {
    line.tokens.joined(at) && line.is_word(at + 1) && !line.tokens.items[at + 1].capital
}

/// Currency sign or code before an amount: `€8m`, `US$ 3 bn`.
fn currency_before(line: &Line, at: usize, first: &mut usize, amount: &mut Amount) -> Option<(Unit, f64, f64, usize)> {
    let (start, hit) = line.ending(at, Section::Unit)?;
    let written = line.tokens.raw(at - 1);
    let sign = !line.is_word(at - 1) || (written.len() == 3 && written.bytes().all(|b| b.is_ascii_uppercase()));
    let (unit, factor, shift) =
        Unit::from_key(&hit.entry.key).filter(|(unit, _, _)| matches!(unit, Unit::Money(_)) && sign)?;
    *first = start;
    if let Some(scale) = line.hit(amount.end, Section::MoneyScale) {
        amount.low *= scale.entry.low;
        amount.high *= scale.entry.low;
        amount.end += scale.len;
    }
    Some((unit, factor, shift, amount.end))
}

/// Applies 'about', 'more than', 'at most' before or behind the number.
fn modify(line: &Line, amount: &mut Amount, first: &mut usize, end: &mut usize) {
    let before = line.ending(*first, Section::Modifier).or_else(|| {
        // 'ok. 20', 'πάνω από το 80%': a full stop or an article may stand between.
        let passed = *first >= 2 && (line.tokens.raw(*first - 1) == "." || line.hit(*first - 1, Section::In).is_some());
        if passed { line.ending(*first - 1, Section::Modifier) } else { None }
    });
    let after = line.hit(*end, Section::ModifierAfter);
    let Some(key) = before.map(|(_, hit)| hit.entry.key.as_str()).or(after.map(|hit| hit.entry.key.as_str())) else {
        return;
    };
    match key {
        "about" => (amount.low, amount.high) = (amount.low * (1.0 - ABOUT), amount.high * (1.0 + ABOUT)),
        "over" => amount.high *= OVER,
        "under" => amount.low /= 2.0,
        _ => {}
    }
    if let Some((start, _)) = before {
        *first = start;
    } else if let Some(hit) = after {
        *end += hit.len;
    }
}

/// First letters of the noun behind a number, as far as it can be told without a grammar.
fn role(line: &Line, end: usize) -> Option<String> {
    let noun = (end..end + 3).take_while(|&at| line.is_word(at)).find(|&at| {
        let small = line.has(at, Section::In) || line.has(at, Section::OutOf) || line.has(at, Section::And);
        !small && line.tokens.folded(at).chars().count() >= 4
    })?;
    Some(line.tokens.folded(noun).chars().take(6).collect())
}
