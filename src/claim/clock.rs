//! Times of the day, which are no quantities.

use super::amount::{self, Amount};
use super::counted::unit_behind;
use super::lexicon::{Hit, Section};
use super::line::Line;
use super::number::HOUR;
use super::unit::Unit;

/// End of a time of day, which is no quantity: `17:23`, `half past seven`, `halb acht`.
pub(super) fn clock(line: &Line, at: usize) -> Option<usize> {
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

/// Whether words beside the number make it a time of day: `8 p.m.`, `à 20 heures`, `alle 18.30`.
pub(super) fn time_of_day(line: &Line, at: usize, amount: &Amount) -> bool {
    let hours = || {
        let unit = unit_behind(line, amount);
        amount.high <= 24.0 && unit.is_some_and(|(unit, factor, ..)| unit == Unit::Duration && factor == HOUR)
    };
    let closes = |hit: Hit| matches!(hit.entry.key.as_str(), "clock" | "behind");
    let behind = line.hit(amount.end, Section::Clock).is_some_and(closes);
    let before = line.ending(at, Section::Clock).is_some_and(|(_, hit)| match hit.entry.key.as_str() {
        "half" | "behind" => false,
        "before time" => is_clock_time(line, at, amount),
        "before hours" => hours() || is_clock_time(line, at, amount),
        "before hour" => hours() || is_clock_time(line, at, amount) || is_bare_hour(line, amount),
        _ => true,
    });
    // Dutch '14.00-16.00 uur'.
    behind || before || (line.lexicon.comma && is_written_time(line, at) && hours())
}

/// Whether the number at `at` is written as a time: `18.30`.
fn is_written_time(line: &Line, at: usize) -> bool {
    let below = |text: &str, limit: u8| text.len() <= 2 && text.parse::<u8>().is_ok_and(|value| value < limit);
    let written = line.tokens.folded(at).split_once('.');
    written.is_some_and(|(hour, minutes)| minutes.len() == 2 && below(hour, 24) && below(minutes, 60))
}

/// Whether the number at `at` is written as a time and has no unit.
fn is_clock_time(line: &Line, at: usize, amount: &Amount) -> bool {
    is_written_time(line, at) && amount.high < 25.0 && unit_behind(line, amount).is_none()
}

/// Whether a whole number up to 24 counts nothing: a mark or a function word follows.
fn is_bare_hour(line: &Line, amount: &Amount) -> bool {
    let whole = amount.low.fract() == 0.0 && amount.high.fract() == 0.0 && amount.high <= 24.0;
    let alone = !line.is_word(amount.end) || line.has(amount.end, Section::Stop);
    whole && alone && unit_behind(line, amount).is_none()
}

/// Whether the share at `at` is one of two halves of a year, a day or a game, which is no amount: 'the second half'.
pub(super) fn is_part_of_time(line: &Line, at: usize) -> bool {
    let halves = |hit: &&Hit| hit.entry.section == Section::Part && hit.entry.key.starts_with("half");
    let inside = |back: usize| line.all(at - back).iter().filter(halves).any(|hit| hit.len > back);
    line.ending(at, Section::Ordinal).is_some() || (1..=3.min(at)).any(inside)
}
