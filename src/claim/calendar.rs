//! Ranges of days: months, years, weeks and their parts.

use jiff::Span;
use jiff::civil::Date;

/// First and last day.
pub(crate) type Days = (Date, Date);

pub(crate) fn day(year: i64, month: i64, day: i64) -> Option<Days> {
    let found = Date::new(year.try_into().ok()?, month.try_into().ok()?, day.try_into().ok()?).ok()?;
    Some((found, found))
}

pub(crate) fn month(year: i64, month: i64) -> Option<Days> {
    let (first, _) = day(year, month, 1)?;
    Some((first, first.last_of_month()))
}

pub(crate) fn year(year: i64) -> Option<Days> {
    Some((day(year, 1, 1)?.0, day(year, 12, 31)?.0))
}

/// Whether these are the days of one whole year.
pub(crate) fn is_year(low: Date, high: Date) -> bool {
    year(low.year().into()) == Some((low, high))
}

/// Months `first` to `last` of a year; the last may lie in the next one.
pub(crate) fn months(of: i64, first: i64, last: i64) -> Option<Days> {
    let end = if last < first { of + 1 } else { of };
    Some((month(of, first)?.0, month(end, last)?.1))
}

/// A named part of a year, month or other stretch.
pub(crate) fn part(days: Days, name: &str) -> Option<Days> {
    let (low, high) = days;
    let length = days_between(low, high) + 1;
    // 'early today' is today: a day or two leave no thirds.
    if length < 3 {
        return Some(days);
    }
    let slice = |from: f64, to: f64| {
        let offset = |share: f64| i64::from((f64::from(length) * share).round() as i32);
        Some((add_days(low, offset(from))?, add_days(low, offset(to) - 1)?))
    };
    let in_year = |first, last| {
        if is_year(low, high) { months(low.year().into(), first, last) } else { None }
    };
    match name {
        "early" => in_year(1, 4).or_else(|| slice(0.0, 1.0 / 3.0)),
        "mid" => in_year(5, 8).or_else(|| slice(1.0 / 3.0, 2.0 / 3.0)),
        "late" => in_year(9, 12).or_else(|| slice(2.0 / 3.0, 1.0)),
        "end" => in_year(12, 12).or_else(|| slice(0.75, 1.0)),
        "half1" => in_year(1, 6).or_else(|| slice(0.0, 0.5)),
        "half2" => in_year(7, 12).or_else(|| slice(0.5, 1.0)),
        "quarter1" => in_year(1, 3),
        "quarter2" => in_year(4, 6),
        "quarter3" => in_year(7, 9),
        "quarter4" => in_year(10, 12),
        _ => None,
    }
}

/// Today moved by `shift` units: the day, or the whole week, month, year or decade.
pub(crate) fn relative(today: Date, unit: &str, shift: i64) -> Option<Days> {
    match unit {
        "day" => add_days(today, shift).map(|found| (found, found)),
        "week" => {
            let monday = add_days(today, shift.checked_mul(7)? - i64::from(today.weekday().to_monday_zero_offset()))?;
            Some((monday, add_days(monday, 6)?))
        }
        "month" => {
            let found = moved(today.first_of_month(), Span::new().try_months(shift).ok()?)?;
            Some((found, found.last_of_month()))
        }
        "year" => year(i64::from(today.year()).checked_add(shift)?),
        "yearend" => month(i64::from(today.year()).checked_add(shift)?, 12),
        "decade" => {
            let first = i64::from(today.year()).div_euclid(10).checked_add(shift)?.checked_mul(10)?;
            Some((year(first)?.0, year(first + 9)?.1))
        }
        _ => None,
    }
}

/// The day of this weekday (1 is Monday) last reached, today included; toward the future, next reached.
pub(crate) fn weekday(today: Date, weekday: i64, toward: Toward) -> Option<Days> {
    let back = (i64::from(today.weekday().to_monday_one_offset()) - weekday).rem_euclid(7);
    let found = add_days(today, if toward == Toward::Future { (7 - back) % 7 } else { -back })?;
    Some((found, found))
}

/// How many months ahead a month without a year is looked for where the sentence tells of what is to come.
const NEAR: i64 = 9;

/// Where a time lies that is named without year or week.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Toward {
    /// Before the day of publication.
    Past,
    /// Behind it.
    Future,
    /// Behind it if that is near; before it otherwise, as are weekdays.
    Either,
}

/// The year in which a month lies that is named without one.
pub(crate) fn year_of(today: Date, month: i64, toward: Toward) -> i64 {
    let (this, now) = (i64::from(today.year()), i64::from(today.month()));
    let reach = match toward {
        Toward::Past => 0,
        Toward::Either => NEAR,
        Toward::Future => 11,
    };
    // Months from now on, 0 to 11.
    let ahead = (month - now).rem_euclid(12);
    let future = ahead <= reach;
    match month < now {
        true if future => this + 1,
        false if !future => this - 1,
        _ => this,
    }
}

pub(crate) fn add_days(from: Date, days: i64) -> Option<Date> {
    moved(from, Span::new().try_days(days).ok()?)
}

fn moved(from: Date, by: Span) -> Option<Date> {
    from.checked_add(by).ok()
}

pub(crate) fn days_between(low: Date, high: Date) -> i32 {
    low.until(high).map_or(0, |span| span.get_days())
}
