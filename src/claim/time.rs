//! Dates, and order in time: before, after, since, until a day or an event.

use std::fmt;
use std::ops::Range;

use jiff::civil::Date;
use serde::Serialize;

use super::calendar;

/// A time that a sentence names, or an event that it orders itself by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TimeExpr {
    /// The expression with the word of order before it.
    pub span: Range<usize>,
    /// How what the sentence tells lies to it.
    pub relation: Relation,
    /// The time or event.
    pub when: When,
    /// The same day of the other week or year where a bare weekday or a day without a year does not tell which it is.
    pub other: Option<When>,
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

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const WEEKDAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/// The name with this number, counted from 1.
fn name_at(names: &[&'static str], number: i8) -> &'static str {
    usize::try_from(number - 1).ok().and_then(|at| names.get(at)).copied().unwrap_or_default()
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
        let Self { relation, when, other, .. } = self;
        match (when, other) {
            (When::Days(day, _), Some(When::Days(other, _))) if day.weekday() == other.weekday() => {
                write!(f, "{relation}{} ({day}?)", name_at(&WEEKDAYS, day.weekday().to_monday_one_offset()))
            }
            (_, Some(other)) => write!(f, "{relation}{when} or {other}"),
            (_, None) => write!(f, "{relation}{when}"),
        }
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
            When::Yearly { month, day: Some(day) } => write!(f, "{day} {}", name_at(&MONTHS, *month)),
            When::Yearly { month, day: None } => f.write_str(name_at(&MONTHS, *month)),
            When::Weekday(day) => f.write_str(name_at(&WEEKDAYS, *day)),
            When::Relative(unit, shift) => write!(f, "{unit}{shift:+}"),
            When::Event { kind: "", phrase } => write!(f, "'{phrase}'"),
            When::Event { kind, .. } => f.write_str(kind),
        }
    }
}
