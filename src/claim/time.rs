//! Dates, and order in time: before, after, since, until a day or an event.

use std::fmt;
use std::ops::Range;

use jiff::civil::Date;
use serde::Serialize;

use super::calendar::{self, Days};
use super::lexicon::{Hit, Section};
use super::line::Line;
use super::number;

/// A time that a sentence names, or an event that it orders itself by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TimeExpr {
    /// The expression with the word of order before it.
    pub span: Range<usize>,
    /// How what the sentence tells lies to it.
    pub relation: Relation,
    /// The time or event.
    pub when: When,
}

/// How something lies to a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Relation {
    /// Then.
    At,
    /// Earlier.
    Before,
    /// Later, or not before.
    After,
    /// From then on.
    Since,
    /// Up to then.
    Until,
}

/// A time as far as the sentence and the day of publication tell it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum When {
    /// First and last day.
    Days(Date, Date),
    /// A month, or a day in it, of an unknown year.
    Yearly {
        /// 1 to 12.
        month: i8,
        /// Day of the month.
        day: Option<i8>,
    },
    /// A weekday, 1 (Monday) to 7, of an unknown week.
    Weekday(i8),
    /// A time relative to an unknown day of publication: unit, and how many of them ahead.
    Relative(&'static str, i64),
    /// An event: its kind (`war`, `election`, …) where it is a known one, and the words.
    Event {
        /// The same in all languages; empty for an unknown kind.
        kind: &'static str,
        /// The words that name it, up to five.
        phrase: String,
    },
}

impl fmt::Display for Relation {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(match self {
            Relation::At => "",
            Relation::Before => "before ",
            Relation::After => "after ",
            Relation::Since => "since ",
            Relation::Until => "until ",
        })
    }
}

impl fmt::Display for TimeExpr {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{}{}", self.relation, self.when)
    }
}

impl fmt::Display for When {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            When::Days(low, high) if low == high => write!(f, "{low}"),
            When::Days(low, high) if calendar::year(low.year().into()) == Some((*low, *high)) => {
                write!(f, "{}", low.year())
            }
            When::Days(low, high) if low.day() == 1 && *high == low.last_of_month() => {
                write!(f, "{:04}-{:02}", low.year(), low.month())
            }
            When::Days(low, high) => write!(f, "{low}..{high}"),
            When::Yearly { month, day: Some(day) } => write!(f, "--{month:02}-{day:02}"),
            When::Yearly { month, day: None } => write!(f, "--{month:02}"),
            When::Weekday(day) => write!(f, "weekday {day}"),
            When::Relative(unit, shift) => write!(f, "{unit}{shift:+}"),
            When::Event { kind: "", phrase } => write!(f, "'{phrase}'"),
            When::Event { kind, .. } => f.write_str(kind),
        }
    }
}

/// All times of the line; marks the tokens that they take, so that years are not read as amounts.
pub(crate) fn times(line: &Line, published: Option<Date>, taken: &mut [bool]) -> Vec<TimeExpr> {
    let reader = Reader { line, published };
    let mut found = Vec::new();
    let mut at = 0;
    while at < line.tokens.len() {
        let before = at;
        if let Some((expression, first, end)) = reader.ago(at).or_else(|| reader.dated(at)) {
            taken[first..end].fill(true);
            found.push(expression);
            at = end;
        } else if let Some((expression, end)) = reader.event(at) {
            found.push(expression);
            at = end;
        }
        at = at.max(before + 1);
    }
    found
}

/// A time with the token behind it.
type Moment = (When, usize);

struct Reader<'l, 'a> {
    line: &'l Line<'a>,
    published: Option<Date>,
}

impl Reader<'_, '_> {
    /// A date or relative time from `at` on, with the word of order that stands before it.
    fn dated(&self, at: usize) -> Option<(TimeExpr, usize, usize)> {
        let mut start = at;
        let marker = self.order(at);
        if let Some(hit) = marker {
            start = self.pass_small(at + hit.len);
        }
        let relation = marker.as_ref().and_then(relation).unwrap_or(Relation::At);
        let ahead = matches!(relation, Relation::Until | Relation::Before);
        let (mut when, mut end) = self.moment(start, ahead)?;
        if relation == Relation::At
            && let When::Days(low, _) = when
            && let Some((last, last_end)) = self.second_year(low, end)
        {
            (when, end) = (last, last_end);
        }
        Some((TimeExpr { span: self.line.tokens.span(at, end), relation, when }, at, end))
    }

    /// The longest word of order at `at`; the same word may mean 'ago' too, which is no order.
    fn order(&self, at: usize) -> Option<Hit<'static>> {
        let orders =
            self.line.all(at).iter().filter(|hit| hit.entry.section == Section::Order && relation(hit).is_some());
        orders.max_by_key(|hit| hit.len).copied()
    }

    /// The end of a range of years: `2019-2023`.
    fn second_year(&self, low: Date, at: usize) -> Option<Moment> {
        let to = self.line.hit(at, Section::To).map(|hit| hit.len);
        let next = at + if self.line.tokens.is_dash(at) { 1 } else { to? };
        self.plain_year(at - 1)?;
        let (_, high) = calendar::year(self.plain_year(next)?)?;
        (high > low).then_some((When::Days(low, high), self.year_suffix(next + 1)))
    }

    fn pass_small(&self, mut at: usize) -> usize {
        while let Some(hit) = self.line.hit(at, Section::In).or_else(|| self.line.hit(at, Section::Year)) {
            at += hit.len;
        }
        at
    }

    fn moment(&self, at: usize, ahead: bool) -> Option<Moment> {
        self.part(at, ahead)
            .or_else(|| self.numeric(at))
            .or_else(|| self.day_month(at, ahead))
            .or_else(|| self.month(at, ahead))
            .or_else(|| self.season(at))
            .or_else(|| self.weekday(at, ahead))
            .or_else(|| self.relative(at))
            .or_else(|| self.year(at))
    }

    /// `early next year`, `w połowie 2026 r.`
    fn part(&self, at: usize, ahead: bool) -> Option<Moment> {
        let part = self.line.hit(at, Section::Part)?;
        let start = self.pass_small(at + part.len);
        let (when, end) =
            self.month(start, ahead).or_else(|| self.season(start)).or_else(|| self.relative(start)).or_else(|| {
                self.plain_year(start).and_then(|year| Some((days(calendar::year(year)?), self.year_suffix(start + 1))))
            })?;
        match when {
            When::Days(low, high) => Some((days(calendar::part((low, high), &part.entry.key)?), end)),
            other => Some((other, end)),
        }
    }

    /// `2024-03-05`, `09.11.2022`, `9. 11. 2022.`, `9/11/2022`.
    fn numeric(&self, at: usize) -> Option<Moment> {
        let tokens = &self.line.tokens;
        let whole: Vec<i64> = tokens.raw(at).split('.').map_while(|part| part.parse().ok()).collect();
        let plausible = |y: i64, m: i64, d: i64| calendar::day(if y < 100 { 2000 + y } else { y }, m, d).map(days);
        if let ([day, month, year], true) = (&whole[..], tokens.raw(at).bytes().filter(|b| *b == b'.').count() == 2) {
            return plausible(*year, *month, *day).map(|when| (when, at + 1));
        }
        let first = self.line.digits(at)?;
        let mark = tokens.raw(at + 1);
        if matches!(mark, "-" | "/" | ".") && tokens.raw(at + 3) == mark {
            let (second, third) = (self.line.digits(at + 2)?, self.line.digits(at + 4)?);
            let tight = (1..5).all(|ahead| tokens.joined(at + ahead));
            if tokens.raw(at).len() == 4 && tight {
                return plausible(first, second, third).map(|when| (when, at + 5));
            }
            if tokens.raw(at + 4).len() == 4 && (tight || mark == ".") {
                let day_first = plausible(third, second, first).filter(|_| mark != "-");
                return day_first.or_else(|| plausible(third, first, second)).map(|when| (when, at + 5));
            }
        }
        None
    }

    /// `24. veljače 2022.`, `3rd of March`, `24 Φεβρουαρίου`.
    fn day_month(&self, at: usize, ahead: bool) -> Option<Moment> {
        let first = self.line.digits(at).or_else(|| Some(self.line.hit(at, Section::Ordinal)?.entry.low as i64))?;
        let (mut next, mut last) = (self.after_day(at), first);
        if self.line.tokens.is_dash(next)
            && let Some(second) = self.line.digits(next + 1)
        {
            (last, next) = (second, self.after_day(next + 1));
        }
        let month = self.month_at(self.pass_small(next), true)?;
        if !(1..=31).contains(&first) || !(1..=31).contains(&last) {
            return None;
        }
        let (year, end) = self.year_behind(month.1);
        Some((self.in_month(year, month.0, Some((first, last)), ahead)?, end))
    }

    fn after_day(&self, at: usize) -> usize {
        let mark = self.line.hit(at + 1, Section::OrdinalMark).filter(|_| self.line.tokens.joined(at + 1));
        at + 1 + mark.map_or(0, |hit| hit.len)
    }

    /// `February 24, 2022`, `u veljači 2022.`, `we wrześniu ub.r.`
    fn month(&self, at: usize, ahead: bool) -> Option<Moment> {
        let shown = at > 0
            && (self.line.has(at - 1, Section::In)
                || self.line.has(at - 1, Section::Part)
                || self.line.ending(at, Section::Order).is_some());
        let (month, next) = self.month_at(at, shown)?;
        let day = self.line.digits(next).filter(|day| (1..=31).contains(day) && self.line.tokens.raw(next).len() <= 2);
        let (behind, day) = match day {
            Some(day) if !self.line.lexicon.comma => (self.after_day(next), Some((day, day))),
            _ => (next, None),
        };
        let (year, end) = self.year_behind(behind);
        Some((self.in_month(year, month, day, ahead)?, end))
    }

    /// The month named at `at`; names that are common words (`may`) only where they are `shown` to be one.
    fn month_at(&self, at: usize, shown: bool) -> Option<(i64, usize)> {
        let hit = self.line.hit(at, Section::Month)?;
        let clear = shown
            || self.line.digits(at + hit.len).is_some()
            || !matches!(self.line.tokens.folded(at), "may" | "march");
        let capital = self.line.lexicon.comma || self.line.tokens.items[at].capital;
        (clear && capital).then_some((hit.entry.low as i64, at + hit.len))
    }

    fn in_month(&self, year: Option<i64>, month: i64, span: Option<(i64, i64)>, ahead: bool) -> Option<When> {
        let Some(year) = year.or_else(|| Some(calendar::year_of(self.published?, month, ahead))) else {
            return Some(When::Yearly { month: month as i8, day: span.map(|(day, _)| day as i8) });
        };
        match span {
            Some((first, last)) => {
                Some(days((calendar::day(year, month, first)?.0, calendar::day(year, month, last)?.1)))
            }
            None => calendar::month(year, month).map(days),
        }
    }

    /// The year behind a month, plain or relative, and the token behind it.
    fn year_behind(&self, at: usize) -> (Option<i64>, usize) {
        let mut next = self.line.skip(at, ",");
        next = self.line.skip(next, ".");
        next = self.pass_small(next);
        if let Some(year) = self.plain_year(next) {
            return (Some(year), self.year_suffix(next + 1));
        }
        let short = matches!(self.line.tokens.raw(next), "'" | "’").then(|| self.line.digits(next + 1)).flatten();
        if let Some(year) = short.filter(|year| *year < 100) {
            return (Some(2000 + year), next + 2);
        }
        if let Some(hit) = self.line.hit(next, Section::Relative)
            && let Some(("year", shift)) = shift_of(&hit)
            && let Some(today) = self.published
        {
            return (Some(i64::from(today.year()) + shift), next + hit.len);
        }
        (None, at)
    }

    fn plain_year(&self, at: usize) -> Option<i64> {
        self.line.digits(at).filter(|year| self.line.tokens.raw(at).len() == 4 && (1900..=2100).contains(year))
    }

    /// Passes `r.`, `. godine`, `-го` behind a year.
    fn year_suffix(&self, at: usize) -> usize {
        let dotted = self.line.tokens.raw(at) == "." && self.line.tokens.joined(at);
        let next = if dotted { at + 1 } else { at };
        match self.line.hit(next, Section::Year) {
            Some(hit) => next + hit.len,
            None if dotted && self.line.is_word(next) && !self.line.tokens.items[next].capital => next,
            None => at,
        }
    }

    /// A year by itself: `w 2022`, `2022. godine`; round numbers before a noun are amounts.
    fn year(&self, at: usize) -> Option<Moment> {
        let year = self.plain_year(at)?;
        let line = self.line;
        let named = line.hit(at + 1, Section::Year).is_some() || line.ending(at, Section::Year).is_some();
        let dotted = line.tokens.raw(at + 1) == "." && line.hit(at + 2, Section::Year).is_some();
        let led = line.ending(at, Section::In).is_some() || line.ending(at, Section::Order).is_some();
        let counted = line.has(at + 1, Section::Unit)
            || line.ending(at, Section::Modifier).is_some()
            || line.ending(at, Section::Unit).is_some();
        let counted = counted
            || line.has(at + 1, Section::Scale)
            || line.tokens.joined(at)
                && !line.tokens.is_dash(at - 1)
                && !matches!(line.tokens.raw(at - 1), "(" | "/" | "\"");
        let round = year % 100 == 0 && line.is_word(at + 1) && !led;
        if (counted || round) && !named && !dotted {
            return None;
        }
        Some((days(calendar::year(year)?), self.year_suffix(at + 1)))
    }

    fn season(&self, at: usize) -> Option<Moment> {
        let hit = self.line.hit(at, Section::Season)?;
        let (year, end) = self.year_behind(at + hit.len);
        let (first, last) = hit.entry.key.split_once('-')?;
        let (first, last): (i64, i64) = (first.parse().ok()?, last.parse().ok()?);
        match year.or_else(|| Some(calendar::year_of(self.published?, first, false))) {
            Some(year) => Some((days(calendar::months(year, first, last)?), end)),
            None => Some((When::Yearly { month: first as i8, day: None }, end)),
        }
    }

    /// `w środę`, `Freitag kommender Woche`.
    fn weekday(&self, at: usize, ahead: bool) -> Option<Moment> {
        let hit = self.line.hit(at, Section::Weekday)?;
        let (weekday, next) = (hit.entry.low as i64, at + hit.len);
        let Some(today) = self.published else {
            return Some((When::Weekday(weekday as i8), next));
        };
        let date = self.day_month(self.pass_small(self.line.skip(next, ",")), ahead);
        if date.is_some() {
            return date;
        }
        for start in [next, self.pass_small(next)] {
            if let Some(week) = self.line.hit(start, Section::Relative)
                && let Some(("week", shift)) = shift_of(&week)
            {
                let (monday, _) = calendar::relative(today, "week", shift)?;
                let day = calendar::add_days(monday, weekday - 1)?;
                return Some((days((day, day)), start + week.len));
            }
        }
        Some((days(calendar::weekday(today, weekday, ahead)?), next))
    }

    fn relative(&self, at: usize) -> Option<Moment> {
        let hit = self.line.hit(at, Section::Relative)?;
        let (unit, shift) = shift_of(&hit)?;
        let end = at + hit.len;
        let next_weekday = self.line.hit(end, Section::Weekday).filter(|_| unit == "week");
        match (self.published, next_weekday) {
            (None, _) => Some((When::Relative(unit, shift), end)),
            (Some(today), Some(weekday)) => {
                let (monday, _) = calendar::relative(today, "week", shift)?;
                let day = calendar::add_days(monday, weekday.entry.low as i64 - 1)?;
                Some((days((day, day)), end + weekday.len))
            }
            (Some(today), None) => Some((days(calendar::relative(today, unit, shift)?), end)),
        }
    }

    /// `three days ago`, `vor drei Tagen`, `prije tri dana`.
    fn ago(&self, at: usize) -> Option<(TimeExpr, usize, usize)> {
        let before = self.line.hit(at, Section::Order).filter(|hit| hit.entry.key.ends_with('+'));
        let start = before.map_or(at, |hit| at + hit.len);
        let start = if before.is_some() {
            self.line.hit(start, Section::Modifier).map_or(start, |hit| start + hit.len)
        } else {
            start
        };
        let (low, high, unit, unit_at) = self.stretch(start)?;
        let mut end = unit_at;
        if before.is_none() {
            let after = self.line.hit(end, Section::Order).filter(|hit| hit.entry.key == "ago")?;
            end += after.len;
        }
        let (near, far) = (low.floor() as i64, high.ceil() as i64);
        let when = match self.published {
            None => When::Relative(unit, -near),
            Some(today) => {
                let unit = if unit == "hour" || unit == "minute" || unit == "second" {
                    return None;
                } else {
                    unit
                };
                days((calendar::relative(today, unit, -far)?.0, calendar::relative(today, unit, -near)?.1))
            }
        };
        Some((TimeExpr { span: self.line.tokens.span(at, end), relation: Relation::At, when }, at, end))
    }

    /// A number of days, weeks, months or years: both ends, unit, token behind.
    fn stretch(&self, at: usize) -> Option<(f64, f64, &'static str, usize)> {
        let (low, high, start) = match number::amount(self.line, at) {
            Some(amount) if amount.high <= 1000.0 && amount.low >= 1.0 => (amount.low, amount.high, amount.end),
            Some(_) => return None,
            None => (1.0, 1.0, at),
        };
        let hit = self.line.hit(start, Section::Unit).filter(number::is_time_unit)?;
        let key: &'static str = ["second", "minute", "hour", "day", "week", "month", "year", "decade"]
            .into_iter()
            .find(|k| *k == hit.entry.key)?;
        Some((low, high, key, start + hit.len))
    }

    /// `before the invasion`: a word of order and what follows it.
    fn event(&self, at: usize) -> Option<(TimeExpr, usize)> {
        const REACH: usize = 6;
        let line = self.line;
        let marker = self.order(at)?;
        let relation = relation(&marker)?;
        let weak = marker.entry.key.ends_with('?');
        if marker.entry.key.ends_with('!') {
            return None;
        }
        let start = at + marker.len;
        let stop = (start..line.tokens.len().min(start + REACH)).find(|&i| {
            !line.is_word(i) && !line.tokens.is_dash(i) && !matches!(line.tokens.raw(i), "„" | "“" | "\"" | "«" | "'")
        });
        let stop = stop.unwrap_or(line.tokens.len().min(start + REACH));
        // 'before the start of the war' is about the war.
        let events = || (start..stop).filter_map(|i| line.hit(i, Section::Event));
        let event = events().find(|hit| hit.entry.key != "start").or_else(|| events().next());
        if stop == start || (weak && event.is_none()) {
            return None;
        }
        let end = stop.min(start + 5);
        let phrase = line.tokens.text[line.tokens.span(start, end)].to_owned();
        let kind = event.map_or("", |hit| hit.entry.key.as_str());
        let when = When::Event { kind, phrase };
        Some((TimeExpr { span: line.tokens.span(at, end), relation, when }, start))
    }
}

fn days((low, high): Days) -> When {
    When::Days(low, high)
}

fn relation(hit: &Hit) -> Option<Relation> {
    match hit.entry.key.trim_end_matches(['?', '+', '!']) {
        "before" => Some(Relation::Before),
        "after" => Some(Relation::After),
        "since" => Some(Relation::Since),
        "until" => Some(Relation::Until),
        _ => None,
    }
}

/// `year-1` as unit and shift.
fn shift_of(hit: &Hit<'static>) -> Option<(&'static str, i64)> {
    let key = hit.entry.key.as_str();
    let digits = key.find(|c: char| c == '-' || c.is_ascii_digit())?;
    Some((&key[..digits], key[digits..].parse().ok()?))
}
