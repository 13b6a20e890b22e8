//! Quantities: digits and number words, vague amounts, shares and units.

use super::Quantity;
use super::amount::{self, Amount};
use super::lexicon::{Hit, Section};
use super::line::Line;
use super::unit::Unit;

/// 'more than 200' is read as 200 to 250, 'less than 200' as 100 to 200: nobody writes 'more than 200' for 2,000.
const OVER: f64 = 1.25;
/// 'about 200' is read as 180 to 220.
const ABOUT: f64 = 0.1;
/// From here on some languages put a preposition before the unit: Romanian '20 de kilometri'.
const LINKED: f64 = 20.0;
/// Seconds.
const YEAR: f64 = 365.25 * 86_400.0;

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

/// End of a time of day, which is no quantity: `17:23`, `half past seven`, `halb acht`.
fn clock(line: &Line, at: usize) -> Option<usize> {
    let half = line.hit(at, Section::Clock).filter(|hit| hit.entry.key == "half");
    // Hungarian 'fél nyolc' is half past seven, 'fél tucat' half a dozen.
    if let Some(half) = half.filter(|_| !line.has(at, Section::Number)) {
        return hour(line, at + half.len);
    }
    line.digits(at)?;
    let colon = line.tokens.raw(at + 1) == ":" && line.tokens.joined(at + 2) && line.digits(at + 2).is_some();
    colon.then_some(at + 3)
}

/// End of a number from 1 to 12 at `at`.
fn hour(line: &Line, at: usize) -> Option<usize> {
    let ordinal = || line.hit(at, Section::Ordinal).map(|hit| (hit.entry.low, at + hit.len));
    let (hour, end) = amount::amount(line, at).map(|amount| (amount.low, amount.end)).or_else(ordinal)?;
    (1.0..=12.0).contains(&hour).then_some(end)
}

fn quantity(line: &Line, at: usize, taken: &[bool]) -> Option<(Quantity, usize)> {
    if let Some(found) = every(line, at) {
        return Some(found);
    }
    // Spanish 'en medio de' holds no half.
    if at > 0 && line.hit(at - 1, Section::Stop).is_some_and(|hit| hit.len > 2) {
        return None;
    }
    let mut amount = amount::range(line, at)?;
    if taken[at..amount.end].contains(&true) || is_label(line, at) || clock(line, at).is_some() {
        return None;
    }
    if amount.share && is_part_of_time(line, at) {
        return None;
    }
    // 'več kot sto' is 'more than a hundred', 'več' alone 'several'.
    let modifier = line.hit(at, Section::Modifier).map_or(0, |hit| hit.len);
    if at + modifier > amount.end || time_of_day(line, at, &amount) {
        return None;
    }
    let ordinal = ordinal(line, at);
    if let Some((factor, end)) = letter_scale(line, &amount) {
        amount = Amount { low: amount.low * factor, high: amount.high * factor, other: None, end, ..amount };
    }
    let (mut first, mut end) = (at, amount.end);
    let mut unit = Unit::Count;
    if let Some(share) = out_of(line, &amount) {
        (amount, unit, end) = (share, Unit::Percent, share.end);
    } else if let Some(after) = ordinal {
        (unit, end) = (Unit::Ordinal, after);
    } else if let Some((found, factor, shift, after)) =
        unit_before(line, at, &mut first, &mut amount).or_else(|| unit_behind(line, &amount))
    {
        amount.low = (amount.low + shift) * factor;
        amount.high = (amount.high + shift) * factor;
        amount.other = amount.other.map(|other| (other + shift) * factor);
        (unit, end) = (found, after.max(amount.end));
        if let Some(start) = age_before(line, at).filter(|_| unit == Unit::Duration && factor == YEAR) {
            (unit, first) = (Unit::Age, start);
            (amount.low, amount.high) = (amount.low / YEAR, amount.high / YEAR);
        }
    } else if amount.one {
        return None;
    } else if let Some(start) = age_before(line, at) {
        (unit, first) = (Unit::Age, start);
    } else if amount.share {
        (amount.low, amount.high, unit) = (amount.low * 100.0, amount.high * 100.0, Unit::Percent);
    }
    modify(line, &mut amount, &mut first, &mut end);
    let sign = line.hit(end, Section::ModifierAfter).filter(|hit| hit.entry.key == "minus");
    if let Some(hit) = sign.filter(|_| unit == Unit::Temperature) {
        (amount.low, amount.high, end) = (-amount.high, -amount.low, end + hit.len);
    }
    if unit == Unit::Percent && amount.low <= 100.0 {
        amount.high = amount.high.min(100.0);
    }
    if below_zero(line, first) && unit == Unit::Temperature {
        (first, amount.low, amount.high) = (first - 1, -amount.high, -amount.low);
    }
    let role = if unit == Unit::Count { role(line, end) } else { None };
    let span = line.tokens.span(first, end);
    Some((Quantity { span, low: tidy(amount.low), high: tidy(amount.high), other: amount.other, unit, role }, end))
}

/// Whether words beside the number make it a time of day: `8 p.m.`, `à 20 heures`.
fn time_of_day(line: &Line, at: usize, amount: &Amount) -> bool {
    const HOUR: f64 = 3600.0;
    let hours = || unit_behind(line, amount).is_some_and(|(unit, factor, ..)| unit == Unit::Duration && factor == HOUR);
    let behind = line.hit(amount.end, Section::Clock).is_some_and(|hit| hit.entry.key == "clock");
    let before = line.ending(at, Section::Clock).is_some_and(|(_, hit)| match hit.entry.key.as_str() {
        "half" => false,
        "before hours" => hours(),
        _ => true,
    });
    behind || before
}

/// Whether the share at `at` is one of two halves of a year, a day or a game, which is no amount: 'the second half'.
fn is_part_of_time(line: &Line, at: usize) -> bool {
    let halves = |hit: &&Hit| hit.entry.section == Section::Part && hit.entry.key.starts_with("half");
    let inside = |back: usize| line.all(at - back).iter().filter(halves).any(|hit| hit.len > back);
    line.ending(at, Section::Ordinal).is_some() || (1..=3.min(at)).any(inside)
}

/// Nine significant digits: sums and factors leave dust behind them.
fn tidy(value: f64) -> f64 {
    format!("{value:.9e}").parse().unwrap_or(value)
}

/// `F-16`, `COVID-19`: a number that belongs to a name.
fn is_label(line: &Line, at: usize) -> bool {
    let bound = |dash: usize| line.tokens.is_dash(dash) && line.tokens.joined(dash) && line.tokens.joined(dash + 1);
    let Some(value) = line.literal(at).map(|literal| literal.value) else {
        return false;
    };
    // '747-400' is no range: the second number would be the greater one.
    let falls =
        |from: usize, to: usize| line.literal(from).zip(line.literal(to)).is_some_and(|(a, b)| a.value > b.value);
    let behind = at >= 2 && bound(at - 1) && (line.is_word(at - 2) || falls(at - 2, at));
    behind || (value >= 100.0 && bound(at + 1) && falls(at, at + 2))
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
    let links = |at: usize| line.hit(at, Section::OutOf).filter(|hit| hit.entry.key != "link").map(|hit| (at, hit));
    // 'un Français sur trois': what is counted may stand between.
    let counted = || line.hit(part.end, Section::Unit).is_none_or(|hit| hit.entry.key.starts_with("person"));
    let each = |hit: &Hit| hit.entry.key == "each" && line.is_word(part.end) && counted();
    let apart = || links(part.end + 1).filter(|(_, hit)| each(hit));
    let (at, link) = links(part.end).or_else(apart)?;
    let whole = amount::amount(line, at + link.len)?;
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
    let age = line.hit(start, Section::Age).filter(|hit| hit.entry.key != "before");
    if let Some(age) = age.filter(|_| line.tokens.joined(start) || !amount.share) {
        return Some((Unit::Age, 1.0, 0.0, start + age.len));
    }
    let linked = line
        .hit(start, Section::OutOf)
        .filter(|hit| amount.high >= 1e6 || amount.share || (hit.entry.key == "link" && amount.low >= LINKED))
        .map_or(start, |hit| start + hit.len);
    let unit = |at: usize| line.hit(at, Section::Unit).filter(|_| !amount::opens_model(line, at)).map(|hit| (hit, at));
    let direct = unit(start).or_else(|| unit(linked));
    let persons = || {
        // '15 wounded civilians': people may be named one or two words later.
        (1..=2).map(|ahead| start + ahead).take_while(|&at| line.is_word(at - 1) && line.is_word(at)).find_map(|at| {
            let plain =
                line.literal(at - 1).is_none() && !line.has(at - 1, Section::In) && !line.has(at - 1, Section::Unit);
            line.hit(at, Section::Unit).filter(|hit| plain && hit.entry.key.starts_with("person")).map(|hit| (hit, at))
        })
    };
    let (hit, at) = direct.or_else(persons)?;
    let (unit, factor, shift) = Unit::from_key(&hit.entry.key)?;
    if amount.share && matches!(unit, Unit::Persons | Unit::Count | Unit::Percent) {
        return None;
    }
    let mut end = at + hit.len;
    // 'Ein Mann', 'one official': an article more often than a count.
    if amount.one && amount.low == 1.0 && unit == Unit::Persons && hit.entry.key != "person" {
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

/// The first token of words before `at` that say whose age follows: `âgé de 46 ans`, `aged 46`.
fn age_before(line: &Line, at: usize) -> Option<usize> {
    let (start, _) = line.ending(at, Section::Age).filter(|(_, hit)| hit.entry.key == "before")?;
    Some(start)
}

/// Whether the mark before `at` is a minus: '-5 °C'.
fn below_zero(line: &Line, at: usize) -> bool {
    at > 0 && line.tokens.is_dash(at - 1) && line.tokens.joined(at) && !line.tokens.joined(at - 1)
}

/// `12 M€`, `1.2m packs`: where no length is meant, a letter is a scale as it is behind money.
fn letter_scale(line: &Line, amount: &Amount) -> Option<(f64, usize)> {
    let scale = line.hit(amount.end, Section::MoneyScale)?;
    let next = amount.end + scale.len;
    let unit = line.hit(next, Section::Unit);
    let money = || {
        let unit = unit.and_then(|hit| Unit::from_key(&hit.entry.key));
        line.tokens.joined(next) && matches!(unit, Some((Unit::Money(_), ..)))
    };
    let counted =
        || line.tokens.folded(next).ends_with('s') && line.is_word(next) && line.hit(next, Section::Stop).is_none();
    let persons = || unit.is_some_and(|hit| hit.entry.key == "persons");
    let close = || line.tokens.joined(amount.end) && (counted() || persons());
    (money() || close()).then_some((scale.entry.low, next))
}

/// Currency sign or code, or percent, before an amount: `€8m`, `US$ 3 bn`, `yüzde 15`, `%15`.
fn unit_before(line: &Line, at: usize, first: &mut usize, amount: &mut Amount) -> Option<(Unit, f64, f64, usize)> {
    let (start, hit) = line.ending(at, Section::Unit)?;
    let tight = || line.tokens.raw(at - 1) == "%" && line.tokens.joined(at) && !line.tokens.joined(at - 1);
    if hit.entry.key == "percent before" || tight() {
        *first = start;
        return Some((Unit::Percent, 1.0, 0.0, amount.end));
    }
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
    // Behind the unit, or between number and unit: '9 binden fazla kişi', '200 с лишним человек'.
    // In '41 morti e oltre 1.000 feriti' it is said of the next number.
    let alone = |(at, hit): &(usize, Hit)| hit.entry.key != "minus" && amount::amount(line, at + hit.len).is_none();
    let after = [*end, amount.end].into_iter().find_map(|at| Some((at, line.hit(at, Section::ModifierAfter)?)));
    let after = after.filter(alone);
    let Some(key) = before.map(|(_, hit)| hit.entry.key.as_str()).or(after.map(|(_, hit)| hit.entry.key.as_str()))
    else {
        return;
    };
    match key {
        "about" => (amount.low, amount.high) = (amount.low * (1.0 - ABOUT), amount.high * (1.0 + ABOUT)),
        "over" => amount.high *= OVER,
        "under" => amount.low /= 2.0,
        "minus" => (amount.low, amount.high) = (-amount.high, -amount.low),
        _ => {}
    }
    if let Some((start, _)) = before {
        *first = start;
    } else if let Some((at, hit)) = after {
        *end = (*end).max(at + hit.len);
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
