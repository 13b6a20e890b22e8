//! Reads weekdays and weekends: the last one, the coming one, one of another week.

use jiff::civil::Date;

use super::calendar::{self, Days, Toward};
use super::lexicon::{Hit, Section};
use super::line::Line;
use super::time::When;
use super::when::{Moment, Reader, days, shift_of};

impl Reader<'_, '_> {
    /// `w środę`, `next Sunday`, `Freitag kommender Woche`.
    pub fn weekday(&self, at: usize, toward: Toward) -> Option<Moment> {
        let before = self.beside(at, Section::Coming, "before");
        let start = before.map_or(at, |hit| self.pass_auxiliary(at + hit.len));
        let hit = self.weekday_at(start)?;
        if self.line.has(start, Section::Unit) && self.is_counted(start) {
            return None;
        }
        // 'every Friday' is no day.
        if self.line.ending(start, Section::Every).is_some() {
            return None;
        }
        let (weekday, next) = (hit.entry.low as i64, start + hit.len);
        // A weekend has more days than one.
        let length = hit.entry.high as i64 - weekday;
        let Some(today) = self.published else {
            return (length == 0).then_some((When::Weekday(weekday as i8), next));
        };
        let from = |day: Date| Some(days((day, calendar::add_days(day, length)?)));
        if let Some((day, end)) = self.day_in_brackets(next, weekday, today) {
            return Some((days(day), end));
        }
        let toward = if before.is_some() { Toward::Future } else { toward };
        let beside = self.pass_small(self.line.skip(next, ","));
        let is_day = |moment: &Moment| matches!(moment.0, When::Days(first, last) if first == last);
        let date = self.numeric(beside).or_else(|| self.day_month(beside, toward));
        let date = date.or_else(|| self.month(beside, toward).filter(is_day));
        if date.is_some() {
            return date;
        }
        for start in [next, self.pass_small(next)] {
            if let Some(week) = self.line.hit(start, Section::Relative)
                && let Some(("week", shift)) = shift_of(&week)
            {
                let (monday, _) = calendar::relative(today, "week", shift)?;
                return Some((from(calendar::add_days(monday, weekday - 1)?)?, start + week.len));
            }
        }
        let behind = self.beside(next, Section::Coming, "behind");
        if before.is_some() || behind.is_some() {
            let tomorrow = calendar::add_days(today, 1)?;
            let (day, _) = calendar::weekday(tomorrow, weekday, Toward::Future)?;
            return Some((from(day)?, next + behind.map_or(0, |hit| hit.len)));
        }
        let gone = self.beside(next, Section::Last, "behind");
        if gone.is_some() || self.led_by(start, Section::Last) {
            let yesterday = calendar::add_days(today, -1)?;
            let (day, _) = calendar::weekday(yesterday, weekday, Toward::Past)?;
            return Some((from(day)?, next + gone.map_or(0, |hit| hit.len)));
        }
        let ahead = toward == Toward::Either && self.is_coming(at);
        let toward = if ahead { Toward::Future } else { toward };
        let (day, _) = calendar::weekday(today, weekday, toward)?;
        Some((from(day)?, next))
    }

    /// The word at `at` that says which weekday is meant, if it has this place beside it.
    pub fn beside(&self, at: usize, section: Section, place: &str) -> Option<Hit<'static>> {
        let fits = |hit: &&Hit| hit.entry.section == section && hit.entry.key == place;
        self.line.all(at).iter().find(fits).copied()
    }

    /// Whether a word of `section` right before `at` tells which such day or month is meant: the last, the next.
    pub fn led_by(&self, at: usize, section: Section) -> bool {
        let leads = |back: &usize| {
            let behind = |hit: Hit| self.pass_auxiliary(at - back + hit.len) == at;
            self.beside(at - back, section, "before").is_some_and(behind)
        };
        (1..=3.min(at)).any(|back| leads(&back))
    }

    /// Passes a Croatian auxiliary inside a time: 'prošle je srijede'.
    fn pass_auxiliary(&self, at: usize) -> usize {
        let short = self.line.tokens.folded(at).len() <= 3;
        let hit = self.line.hit(at, Section::Stop).filter(|hit| short && hit.entry.key == "auxiliary");
        at + hit.map_or(0, |hit| hit.len)
    }

    /// The day of the month in brackets behind its weekday, and the token behind: Brazilian `na quarta-feira (12)`.
    fn day_in_brackets(&self, at: usize, weekday: i64, today: Date) -> Option<(Days, usize)> {
        /// Days.
        const REACH: i64 = 31;
        let day = self.line.digits(at + 1)?;
        if self.line.tokens.raw(at) != "(" || self.line.tokens.raw(at + 2) != ")" {
            return None;
        }
        let fits = |found: &Date| {
            i64::from(found.day()) == day && i64::from(found.weekday().to_monday_one_offset()) == weekday
        };
        let near = (0..=REACH).flat_map(|shift| [-shift, shift]);
        let found = near.filter_map(|shift| calendar::add_days(today, shift)).find(fits)?;
        Some(((found, found), at + 3))
    }

    /// Whether the clause around `at` tells of what is to come: 'will begin on Monday', not 'said on Monday it will'.
    fn is_coming(&self, at: usize) -> bool {
        const REACH: usize = 25;
        let line = self.line;
        let inside = |i: &usize| {
            let mark = matches!(line.tokens.raw(*i), "," | ":" | ";" | "(" | ")" | "„" | "“" | "”" | "«" | "»" | "\"");
            !mark && !line.has(*i, Section::Clause)
        };
        // 'will announce' is no report.
        let reports = |i: usize| line.has(i, Section::Verb) && line.ending(i, Section::Future).is_none();
        let tells = |i: &usize| foretells(line, *i) || reports(*i);
        let before = (0..at).rev().take(REACH).take_while(inside).find(tells);
        let behind = || (at..line.tokens.len()).take(REACH).take_while(inside).find(tells);
        before.or_else(behind).is_some_and(|i| foretells(line, i))
    }

    /// The day a week later, or earlier where it lies ahead, if only a weekday's name from `at` to `end` tells it.
    pub fn other_week(&self, at: usize, end: usize, when: &When) -> Option<When> {
        let bare = self.weekday_at(at).is_some_and(|hit| at + hit.len == end) && !self.led_by(at, Section::Last);
        let (When::Days(first, last), Some(today), true) = (when, self.published, bare) else {
            return None;
        };
        let shift = if *first > today { -7 } else { 7 };
        Some(days((calendar::add_days(*first, shift)?, calendar::add_days(*last, shift)?)))
    }

    /// Whether a number stands before `at`: Romanian 'trei luni' and '24 de luni' are months, 'luni' Monday.
    fn is_counted(&self, at: usize) -> bool {
        let line = self.line;
        let word = |at: usize| line.ending(at, Section::Number).or_else(|| line.ending(at, Section::One)).is_some();
        let number = |at: usize| word(at) || (at > 0 && line.literal(at - 1).is_some());
        let linked = || line.ending(at, Section::OutOf).is_some_and(|(link, _)| number(link));
        number(at) || linked()
    }

    /// The weekday named at `at`, unless a longer phrase that ends with it is none or its capital makes it a name:
    /// 'ultimele luni', 'Santo Domingo'.
    pub fn weekday_at(&self, at: usize) -> Option<Hit<'static>> {
        let line = self.line;
        let written = !line.lexicon.capital_days || line.tokens.items.get(at)?.capital;
        let named = |hit: &Hit| hit.entry.low > 0.0 && (written || hit.entry.low < hit.entry.high);
        let hit = line.hit(at, Section::Weekday).filter(named)?;
        let longest = line.ending(at + hit.len, Section::Weekday);
        let revoked = longest.is_some_and(|(start, longer)| start < at && longer.entry.key == "0");
        let name = at > 0 && line.is_word(at - 1) && self.is_titled(at);
        (!revoked && !name).then_some(hit)
    }
}

/// Whether a word or phrase at `at` tells of what is to come, and no longer one that it is part of tells of what was.
pub(crate) fn foretells(line: &Line, at: usize) -> bool {
    line.hit(at, Section::Future).is_some_and(|hit| {
        let longest = line.ending(at + hit.len, Section::Future);
        hit.entry.key == "future" && longest.is_none_or(|(_, hit)| hit.entry.key == "future")
    })
}
