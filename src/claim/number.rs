//! Quantities: digits and number words, vague amounts, shares and units.

use super::amount::{self, Amount};
use super::clock::{clock, is_part_of_time, time_of_day};
use super::counted::{
    age_before, age_in_tens, age_listed, below_zero, letter_scale, tens, unit_before, unit_behind, unit_of,
};
use super::lexicon::{Hit, Section};
use super::line::Line;
use super::score::score;
use super::unit::Unit;
use super::{Modifier, Quantity};

/// 'more than 200' is read as 200 to 250, 'less than 200' as 100 to 200: nobody writes 'more than 200' for 2,000.
const OVER: f64 = 1.25;
/// 'about 200' is read as 180 to 220.
pub(super) const ABOUT: f64 = 0.1;
/// Seconds.
const YEAR: f64 = 365.25 * 86_400.0;
/// Seconds.
pub(super) const HOUR: f64 = 3600.0;
/// Seconds.
const MINUTE: f64 = 60.0;

/// All quantities of the line that no time expression has taken.
pub(crate) fn numbers(line: &Line, taken: &[bool]) -> Vec<Quantity> {
    let mut found: Vec<Quantity> = Vec::new();
    let (mut at, mut behind) = (0, 0);
    while at < line.tokens.len() {
        match if taken[at] { None } else { quantity(line, at, taken) } {
            Some((quantity, end)) => {
                if let Some(last) = found.last_mut().filter(|last| is_rest(line, last, behind, &quantity, at)) {
                    last.low += quantity.low;
                    last.high += quantity.high;
                    last.span.end = quantity.span.end;
                } else {
                    found.push(quantity);
                }
                at = end.max(at + 1);
                behind = at;
            }
            None => at = clock(line, at).or_else(|| past_hour(line, at)).unwrap_or(at + 1),
        }
    }
    found
}

/// End of an hour of the day at `at` with its minutes, which are no amounts: `u 15 sati i 20 minuta`.
fn past_hour(line: &Line, at: usize) -> Option<usize> {
    line.literal(at)?;
    let hour = amount::range(line, at).filter(|hour| time_of_day(line, at, hour))?;
    let end = unit_behind(line, &hour).map_or(hour.end, |unit| unit.3);
    let next = line.hit(end, Section::And).map_or(end, |hit| end + hit.len);
    let minutes = amount::amount(line, next).and_then(|minutes| unit_behind(line, &minutes));
    let minutes = minutes.filter(|(unit, factor, ..)| *unit == Unit::Duration && *factor == MINUTE);
    Some(minutes.map_or(end, |unit| unit.3))
}

/// Whether `next`, read at `at`, adds to the duration or the money before `behind`: `two years and six months`,
/// `5 zł 99 gr`.
fn is_rest(line: &Line, last: &Quantity, behind: usize, next: &Quantity, at: usize) -> bool {
    let linked = line.hit(behind, Section::And).map_or(behind, |hit| behind + hit.len);
    let adds = matches!(last.unit, Unit::Duration | Unit::Money(_)) && next.unit == last.unit;
    let exact = |quantity: &Quantity| quantity.low == quantity.high;
    let unit = line.ending(behind, Section::Unit).and_then(|(_, hit)| Unit::from_key(&hit.entry.key));
    let smaller = unit.is_some_and(|(unit, factor, _)| unit == last.unit && next.low < factor);
    (at == behind || at == linked) && adds && exact(last) && exact(next) && smaller
}

fn quantity(line: &Line, at: usize, taken: &[bool]) -> Option<(Quantity, usize)> {
    let found = every(line, at).or_else(|| score(line, at)).or_else(|| age_in_tens(line, at));
    let found = found.or_else(|| time_and_half(line, at));
    if let Some(found) = found.filter(|(_, end)| !taken[at..*end].contains(&true)) {
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
    if amount.share && (is_part_of_time(line, at) || is_half_of_time(line, at)) {
        return None;
    }
    // 'več kot sto' is 'more than a hundred', 'več' alone 'several'.
    let modifier = line.hit(at, Section::Modifier).map_or(0, |hit| hit.len);
    if at + modifier > amount.end || time_of_day(line, at, &amount) {
        return None;
    }
    // Russian 'более тысячи' is more than one thousand, 'тысячи' alone several.
    let vague = |hit: Hit| hit.entry.key.ends_with('!') && hit.len == amount.end - at;
    let limit = |hit: Hit| matches!(hit.entry.key.as_str(), "about" | "over" | "under");
    if line.hit(at, Section::Number).is_some_and(vague)
        && line.ending(at, Section::Modifier).is_some_and(|(_, hit)| limit(hit))
        && let Some(scale) = line.hit(at, Section::Scale)
    {
        (amount.low, amount.high) = (scale.entry.low, scale.entry.low);
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
    } else if let Some((found, factor, shift, after)) = unit_before(line, at, &mut first, &mut amount)
        .or_else(|| unit_of(line, at, &amount))
        .or_else(|| unit_shared(line, &amount))
    {
        amount.low = (amount.low + shift) * factor;
        amount.high = (amount.high + shift) * factor;
        amount.other = amount.other.map(|other| (other + shift) * factor);
        (unit, end) = (found, after.max(amount.end));
        let years = amount.low / YEAR;
        let alive = amount.low == amount.high && years.fract() == 0.0 && (1.0..=110.0).contains(&years);
        let apart = || Some(at).filter(|_| alive && is_set_apart(line, at, end));
        if unit == Unit::Duration
            && factor == YEAR
            && let Some(start) = age_before(line, at).or_else(apart).or(Some(at).filter(|at| age_listed(line, *at)))
        {
            (unit, first) = (Unit::Age, start);
            (amount.low, amount.high) = (amount.low / YEAR, amount.high / YEAR);
        } else if unit == Unit::Duration
            && let Some((more, after)) = more_time(line, end, factor)
        {
            (amount.low, amount.high, end) = (amount.low + more, amount.high + more, after);
        }
    } else if amount.one {
        return None;
    } else if let Some(start) = age_before(line, at) {
        (unit, first) = (Unit::Age, start);
    } else if amount.share {
        (amount.low, amount.high, unit) = (amount.low * 100.0, amount.high * 100.0, Unit::Percent);
    }
    // 'seven crews of firefighters' are crews.
    let noun = if unit == Unit::Count && end > amount.end { Some(amount.end) } else { None };
    let modifier = modify(line, unit, &mut amount, &mut first, &mut end);
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
    let role = if unit == Unit::Count { role(line, first, noun.unwrap_or(end)) } else { None };
    let span = line.tokens.span(first, end);
    let (low, high) = (tidy(amount.low), tidy(amount.high));
    Some((Quantity { span, low, high, other: amount.other, unit, role, modifier }, end))
}

/// The unit that a number shares with the next: `8 und 12 Euro`.
fn unit_shared(line: &Line, amount: &Amount) -> Option<(Unit, f64, f64, usize)> {
    let and = line.hit(amount.end, Section::And).filter(|_| !amount.share && !amount.one)?;
    let next = amount::amount(line, amount.end + and.len).filter(|next| !next.share && !next.one)?;
    let (unit, factor, shift, _) = unit_behind(line, &next)?;
    Some((unit, factor, shift, amount.end))
}

/// What a half or bare minutes behind a unit of time add, in seconds, and the token behind them: `un año y medio`,
/// `2 heures 30`.
fn more_time(line: &Line, at: usize, factor: f64) -> Option<(f64, usize)> {
    if amount::half_more(line, at).is_some() {
        return half_time(line, at, factor);
    }
    let minutes = line.digits(at).filter(|minutes| factor == HOUR && *minutes < 60)?;
    let stop = line.hit(at + 1, Section::Stop).map_or("", |hit| hit.entry.key.as_str());
    let ends = matches!(line.tokens.raw(at + 1), "" | "." | "," | ")") || matches!(stop, "of" | "preposition");
    (line.tokens.folded(at).len() == 2 && ends).then_some((minutes as f64 * 60.0, at + 1))
}

/// What a half behind a unit of time adds, in seconds, and the token behind it.
fn half_time(line: &Line, at: usize, factor: f64) -> Option<(f64, usize)> {
    let (half, end) = amount::half_more(line, at).filter(|(half, _)| *half == 0.5)?;
    let unit = line.hit(end, Section::Unit);
    // Croatian 'godinu i pol dana' is a year and a half.
    if let Some(days) = unit.filter(|hit| hit.entry.key == "day" && factor > HOUR) {
        return Some((half * factor, end + days.len));
    }
    // 'a year and half of the budget'.
    let part = line.hit(end - 1, Section::Stop).is_some_and(|hit| hit.entry.key == "of");
    (unit.is_none() && !line.has(end, Section::Scale) && !part).then_some((half * factor, end))
}

/// A unit of time with a half and without a number: `godinu i pol`, `a year and a half`.
fn time_and_half(line: &Line, at: usize) -> Option<(Quantity, usize)> {
    let hit = line.hit(at, Section::Unit).filter(is_time_unit)?;
    let (unit, factor, _) = Unit::from_key(&hit.entry.key)?;
    let (half, end) = half_time(line, at + hit.len, factor)?;
    let article = |at: usize| line.hit(at, Section::Stop).is_some_and(|hit| hit.entry.key == "article");
    // 'all day and half the night'.
    if article(end) {
        return None;
    }
    let (low, high) = (factor + half, factor + half);
    let mut amount = Amount { low, high, other: None, end, share: false, one: false };
    let (mut first, mut last) = (if at > 0 && article(at - 1) { at - 1 } else { at }, end);
    let modifier = modify(line, unit, &mut amount, &mut first, &mut last);
    let span = line.tokens.span(first, last);
    let (low, high) = (tidy(amount.low), tidy(amount.high));
    Some((Quantity { span, low, high, other: None, unit, role: None, modifier }, last))
}

/// Whether the share at `at` adds to a unit of time before it, and is none of anything else: `prije godinu i pol`.
fn is_half_of_time(line: &Line, at: usize) -> bool {
    let and = line.ending(at, Section::And).map(|(and, _)| and);
    let time = |and: &usize| line.ending(*and, Section::Unit).is_some_and(|(_, hit)| is_time_unit(&hit));
    and.filter(time).is_some_and(|and| half_time(line, and, HOUR).is_some())
}

/// Whether years that end before `end` stand between commas or in brackets, as an age does: `Mario Rossi, 54 anni, …`.
fn is_set_apart(line: &Line, at: usize, end: usize) -> bool {
    let tokens = &line.tokens;
    let years = line.ending(end, Section::Age).is_some_and(|(_, hit)| hit.entry.key == "apart");
    let opened = |at: usize| at > 0 && matches!(tokens.raw(at - 1), "," | "(");
    // 'María López, de 37 años, …', unlike 'la condena, de 20 años, …'.
    let link = at >= 3 && line.hit(at - 1, Section::OutOf).is_some_and(|hit| hit.entry.key == "link");
    let named = link && opened(at - 1) && tokens.items[at - 3].capital;
    let closed = matches!(tokens.raw(end), "" | "," | ")") || (tokens.raw(end) == "." && end + 1 == tokens.len());
    years && closed && (opened(at) || named)
}

/// Nine significant digits: sums and factors leave dust behind them.
pub(super) fn tidy(value: f64) -> f64 {
    format!("{value:.9e}").parse().unwrap_or(value)
}

/// `F-16`, `COVID-19`, `60s`: a number that belongs to a name.
fn is_label(line: &Line, at: usize) -> bool {
    let bound = |dash: usize| line.tokens.is_dash(dash) && line.tokens.joined(dash) && line.tokens.joined(dash + 1);
    let Some(value) = line.literal(at).map(|literal| literal.value) else {
        return false;
    };
    // '747-400' is no range: the second number would be the greater one.
    let falls =
        |from: usize, to: usize| line.literal(from).zip(line.literal(to)).is_some_and(|(a, b)| a.value > b.value);
    // 'כ-120' is 'about 120'.
    let hebrew = |word: &str| word.chars().all(|letter| "בכלמהשו".contains(letter));
    let named = |word: usize| line.is_word(word) && !hebrew(line.tokens.folded(word));
    let behind = at >= 2 && bound(at - 1) && (named(at - 2) || falls(at - 2, at));
    behind || tens(line, at).is_some() || (value >= 100.0 && bound(at + 1) && falls(at, at + 2))
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
    let unit = Unit::Percent;
    let modifier = modify(line, unit, &mut amount, &mut first, &mut last);
    let span = line.tokens.span(first, last);
    Some((Quantity { span, low: amount.low, high: amount.high, other: None, unit, role: None, modifier }, last))
}

pub(crate) fn is_time_unit(hit: &Hit) -> bool {
    Unit::from_key(&hit.entry.key).is_some_and(|(unit, _, _)| unit == Unit::Duration)
}

/// `four out of five`, `jeden na dziesięciu`: a share.
fn out_of(line: &Line, part: &Amount) -> Option<Amount> {
    // Turkish 'üç kişiden biri': the whole stands first.
    if let Some(link) = line.hit(part.end, Section::OutOf).filter(|hit| hit.entry.key == "whole") {
        let one = Amount { low: 1.0, high: 1.0, ..*part };
        return share_of(line, &one, part, part.end + link.len);
    }
    let links = |at: usize| line.hit(at, Section::OutOf).filter(|hit| hit.entry.key != "link").map(|hit| (at, hit));
    // 'un Français sur trois': what is counted may stand between.
    let counted = || line.hit(part.end, Section::Unit).is_none_or(|hit| hit.entry.key.starts_with("person"));
    let each = |hit: &Hit| hit.entry.key == "each" && line.is_word(part.end) && counted();
    let apart = || links(part.end + 1).filter(|(_, hit)| each(hit));
    let (at, link) = links(part.end).or_else(apart)?;
    let whole = amount::amount(line, at + link.len)?;
    share_of(line, part, &whole, whole.end)
}

/// `part` of `whole` as a share that ends before `end`, where the whole is a number that people count shares by.
fn share_of(line: &Line, part: &Amount, whole: &Amount, end: usize) -> Option<Amount> {
    let usual = [2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0, 20.0, 100.0, 1000.0].contains(&whole.low);
    // German 'einer von fünf Verdächtigen' is one of these five.
    let noun = line.is_word(whole.end) && line.tokens.items[whole.end].capital;
    let single = line.lexicon.capital_nouns && part.one && noun;
    if !usual
        || single
        || whole.low != whole.high
        || part.high > whole.low
        || whole.share
        || unit_behind(line, whole).is_some_and(|u| u.0 == Unit::Duration)
    {
        return None;
    }
    let (low, high) = (100.0 * part.low / whole.low, 100.0 * part.high / whole.low);
    Some(Amount { low, high, other: None, end, share: true, one: false })
}

/// Whether the number at `at` is an ordinal, with the token behind its mark.
fn ordinal(line: &Line, at: usize) -> Option<usize> {
    line.digits(at)?;
    let next = at + 1;
    if let Some(mark) = line.hit(next, Section::OrdinalMark).filter(|_| line.tokens.joined(next)) {
        let point = mark.entry.key == "point";
        let follows = next + mark.len;
        // A full stop makes an ordinal only inside a sentence: a word must follow, and no unit but of time.
        let counts = || line.hit(follows, Section::Unit).is_some_and(|hit| !is_time_unit(&hit));
        if !point || (line.is_word(follows) && !line.tokens.joined(follows) && !counts()) {
            return Some(follows);
        }
    }
    None
}

/// Applies 'about', 'more than', 'at most' before or behind the number; says which where the number itself was exact.
fn modify(line: &Line, unit: Unit, amount: &mut Amount, first: &mut usize, end: &mut usize) -> Option<Modifier> {
    let before = line.ending(*first, Section::Modifier).or_else(|| {
        // 'ok. 20', 'πάνω από το 80%': a full stop or an article may stand between.
        let passed = *first >= 2 && (line.tokens.raw(*first - 1) == "." || line.hit(*first - 1, Section::In).is_some());
        if passed { line.ending(*first - 1, Section::Modifier) } else { None }
    });
    // Swedish 'under sex timmar' is 'during six hours'.
    let during = |at: usize| unit == Unit::Duration && line.has(at, Section::In);
    let before = before.filter(|(start, hit)| hit.entry.key != "under" || !(during(*start) || is_goal(line, *start)));
    // Behind the unit, or between number and unit: '9 binden fazla kişi', '200 с лишним человек'.
    // In '41 morti e oltre 1.000 feriti' it is said of the next number.
    let alone = |(at, hit): &(usize, Hit)| hit.entry.key != "minus" && amount::amount(line, at + hit.len).is_none();
    let after = [*end, amount.end].into_iter().find_map(|at| Some((at, line.hit(at, Section::ModifierAfter)?)));
    // '20-ak tisuća', '5 с лишним тысяч': between number and scale.
    let inside = || {
        (*first + 1..amount.end).find_map(|at| {
            let within = |hit: &Hit| hit.entry.key != "minus" && at + hit.len < amount.end;
            Some((at, line.hit(at, Section::ModifierAfter).filter(within)?))
        })
    };
    let after = after.filter(alone).or_else(inside);
    let key = before.or(after).map(|(_, hit)| hit.entry.key.as_str())?;
    let exact = amount.low == amount.high;
    let modifier = match key {
        "about" => Some(Modifier::About),
        "over" => Some(Modifier::Over),
        "under" => Some(Modifier::Under),
        _ => None,
    };
    match modifier {
        Some(Modifier::About) => {
            (amount.low, amount.high) = (amount.low * (1.0 - ABOUT), amount.high * (1.0 + ABOUT));
        }
        Some(Modifier::Over) => amount.high *= OVER,
        Some(Modifier::Under) => amount.low /= 2.0,
        None if key == "minus" => (amount.low, amount.high) = (-amount.high, -amount.low),
        None => {}
    }
    match (before, after) {
        (Some(_), _) if key == "plain" => {}
        (Some((start, _)), _) => *first = start,
        (None, Some((at, hit))) => *end = (*end).max(at + hit.len),
        (None, None) => {}
    }
    modifier.filter(|_| exact)
}

/// Whether the word for 'to' at `at` follows the amount of a change, and limits nothing: `снизилась на 0,2 % до 2,3 %`.
fn is_goal(line: &Line, at: usize) -> bool {
    /// Longest amount of a change with its unit, in tokens.
    const REACH: usize = 8;
    let led = |first: usize| line.has(first - 1, Section::Change) || line.has(first - 1, Section::In);
    let measured = |first: usize| {
        let unit = amount::amount(line, first).and_then(|change| unit_behind(line, &change));
        unit.is_some_and(|(unit, _, _, end)| end == at && unit != Unit::Duration)
    };
    line.has(at, Section::To) && (at.saturating_sub(REACH).max(1)..at).any(|first| led(first) && measured(first))
}

/// First letters of the noun behind a number, as far as it can be told without a grammar. In German, where nouns have capitals, the one before it
/// where none follows: `Platz 17`.
fn role(line: &Line, first: usize, end: usize) -> Option<String> {
    let nouns = line.lexicon.capital_nouns;
    let is_noun = |at: usize| {
        let small = line.has(at, Section::In) || line.has(at, Section::OutOf) || line.has(at, Section::And);
        !small && line.tokens.folded(at).chars().count() >= 4 && (!nouns || line.tokens.items[at].capital)
    };
    let behind = (end..end + 3).take_while(|&at| line.is_word(at)).find(|&at| is_noun(at));
    let before = || first.checked_sub(1).filter(|&at| nouns && line.is_word(at) && is_noun(at));
    Some(line.tokens.folded(behind.or_else(before)?).chars().take(6).collect())
}
