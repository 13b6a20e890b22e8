//! Reads dates, and words of order with what follows them.

use jiff::civil::Date;

use super::amount;
use super::calendar::{self, Days, Toward};
use super::lexicon::{Hit, Section};
use super::line::Line;
use super::number;
use super::time::{Relation, TimeExpr, When};
use super::weekday::foretells;

/// All times of the line; marks the tokens that they take, so that years are not read as amounts.
pub(crate) fn times(line: &Line, published: Option<Date>, taken: &mut [bool]) -> Vec<TimeExpr> {
    let future = (0..line.tokens.len()).any(|at| foretells(line, at));
    let toward = if future { Toward::Either } else { Toward::Past };
    let reader = Reader { line, published, toward };
    let mut found = Vec::new();
    let mut at = 0;
    while at < line.tokens.len() {
        let before = at;
        if let Some(vague) = line.hit(at, Section::Order).filter(|hit| hit.entry.key == "vague") {
            at += vague.len;
        } else if let Some((expression, first, end)) = reader.ago(at).or_else(|| reader.dated(at)) {
            taken[first..end].fill(true);
            found.push(expression);
            end_after_begin(&mut found);
            at = end;
        } else if let Some((expression, end)) = reader.event(at).or_else(|| reader.event_before(at)) {
            found.push(expression);
            at = end;
        }
        at = at.max(before + 1);
    }
    found
}

/// Moves the end of a stretch that lies before its beginning a week on: 'from Monday to Wednesday'.
fn end_after_begin(found: &mut [TimeExpr]) {
    let [.., begin, end] = found else { return };
    let follows = matches!(begin.relation, Relation::Since | Relation::At) && begin.span.end + 1 == end.span.start;
    if let (When::Days(from, _), When::Days(first, last)) = (&begin.when, &mut end.when)
        && follows
        && end.relation == Relation::Until
        && (1..7).contains(&calendar::days_between(*first, *from))
        && let (Some(later), Some(latest)) = (calendar::add_days(*first, 7), calendar::add_days(*last, 7))
    {
        (*first, *last, end.other) = (later, latest, None);
    }
}

/// A time with the token behind it.
pub(crate) type Moment = (When, usize);

pub(crate) struct Reader<'l, 'a> {
    pub line: &'l Line<'a>,
    pub published: Option<Date>,
    /// Where a month without a year is looked for.
    pub toward: Toward,
}

impl Reader<'_, '_> {
    /// A date or relative time from `at` on, with the word of order that stands before it.
    fn dated(&self, at: usize) -> Option<(TimeExpr, usize, usize)> {
        let (marker, start) = self.opening(at)?;
        let (_, behind) = self.moment(start, self.toward)?;
        let follower = if marker.is_none() { self.follower(behind) } else { None };
        let order = marker.or(follower);
        let relation = order.as_ref().and_then(relation).unwrap_or(Relation::At);
        // 'from May' may lie ahead, 'since May' does not.
        let gone = relation == Relation::Since && order.is_some_and(|hit| !hit.entry.key.ends_with(['!', '<']));
        let toward = match relation {
            Relation::Until => Toward::Future,
            _ if gone => Toward::Past,
            _ => self.toward,
        };
        let (mut when, mut end) = self.moment(start, toward)?;
        let other = self.other_week(start, end, &when);
        let other = other.or_else(|| self.other_year(start, &when).filter(|_| !gone));
        end += follower.map_or(0, |hit| hit.len);
        let mut relation = relation;
        // 'from 3 to 4 May' and 'from 2019 to 2023' are stretches, no beginnings.
        let two_days = || matches!(self.day_month(start, toward), Some((When::Days(first, last), _)) if first < last);
        if relation == Relation::Since && two_days() {
            relation = Relation::At;
        }
        if matches!(relation, Relation::At | Relation::Since)
            && let When::Days(low, _) = when
            && let Some((last, last_end)) = self.second_year(low, end)
        {
            (when, end, relation) = (last, last_end, Relation::At);
        }
        Some((TimeExpr { span: self.line.tokens.span(at, end), relation, when, other }, at, end))
    }

    /// The day or month of the same name in the next or the last year, if no year tells which is meant and the one that
    /// was taken lies so far off that the other is near: 'The plant reopens on July 1'.
    fn other_year(&self, at: usize, when: &When) -> Option<When> {
        /// Days; about five months.
        const FAR: i32 = 150;
        let (When::Days(day, _), Some(today)) = (when, self.published) else {
            return None;
        };
        let back = calendar::days_between(*day, today);
        if back.abs() <= FAR {
            return None;
        }
        let (other, _) = self.moment(at, if back > 0 { Toward::Future } else { Toward::Past })?;
        (other != *when).then_some(other)
    }

    /// The longest word of order at `at` that a date follows, and where that begins; `at` itself without such words.
    fn opening(&self, at: usize) -> Option<(Option<Hit<'static>>, usize)> {
        // French 'avant-hier' is a day of its own, not before yesterday.
        let whole = |hit: &Hit| self.line.hit(at, Section::Relative).is_none_or(|day| day.len <= hit.len);
        let leads = |hit: &Hit| !hit.entry.key.ends_with('<') && whole(hit);
        let mut orders: Vec<Hit<'static>> = self.orders(at).filter(leads).collect();
        if orders.is_empty() {
            return Some((None, at));
        }
        orders.sort_by_key(|hit| hit.len);
        let mut starts = orders.iter().rev().flat_map(|hit| {
            let behind = at + hit.len;
            [behind, self.pass_small(behind)].map(|start| (Some(*hit), start))
        });
        starts.find(|(_, start)| self.moment(*start, self.toward).is_some())
    }

    /// The longest word of order at `at`; the same word may mean 'ago' too, which is no order.
    fn order(&self, at: usize) -> Option<Hit<'static>> {
        self.orders(at).filter(|hit| !hit.entry.key.ends_with('<')).max_by_key(|hit| hit.len)
    }

    /// The longest word of order at `at` of those that stand behind what they order: `savaştan önce`, `2022 óta`.
    fn follower(&self, at: usize) -> Option<Hit<'static>> {
        self.orders(at).filter(|hit| hit.entry.key.ends_with('<')).max_by_key(|hit| hit.len)
    }

    fn orders(&self, at: usize) -> impl Iterator<Item = Hit<'static>> {
        let orders = self.line.all(at).iter().copied();
        orders.filter(|hit| hit.entry.section == Section::Order && relation(hit).is_some())
    }

    pub fn pass_small(&self, mut at: usize) -> usize {
        while let Some(hit) = self.small(at) {
            at += hit.len;
        }
        at
    }

    /// A word at `at` that says nothing before a date, or belongs to a year.
    pub fn small(&self, at: usize) -> Option<Hit<'static>> {
        self.line.hit(at, Section::In).or_else(|| self.line.hit(at, Section::Year))
    }

    fn moment(&self, at: usize, toward: Toward) -> Option<Moment> {
        self.part(at, toward)
            .or_else(|| self.year_first(at))
            .or_else(|| self.numeric(at))
            .or_else(|| self.ideographic(at, toward))
            .or_else(|| self.day_month(at, toward))
            .or_else(|| self.month(at, toward))
            .or_else(|| self.season(at, toward))
            .or_else(|| self.weekday(at, toward))
            .or_else(|| self.relative(at).map(|whole| self.quarter_behind(whole)))
            .or_else(|| self.year(at).map(|whole| self.quarter_behind(whole)))
    }

    pub fn relative(&self, at: usize) -> Option<Moment> {
        let hit = self.line.hit(at, Section::Relative)?;
        let (unit, shift) = shift_of(&hit)?;
        let end = at + hit.len;
        // German 'jeden Morgen': behind another word the noun is the morning, not tomorrow.
        let noun = self.line.lexicon.capital_nouns && self.line.tokens.items[at].capital;
        if noun && hit.entry.key == "day1" && at > 0 && self.line.is_word(at - 1) {
            return None;
        }
        // German 'am morgigen Samstag', Russian 'завтра, в субботу'.
        if unit == "day"
            && let Some(day) = self.published.and_then(|today| calendar::add_days(today, shift))
        {
            let beside = self.pass_small(self.line.skip(end, ","));
            let same = |hit: &Hit| hit.entry.key == day.weekday().to_monday_one_offset().to_string();
            if let Some(weekday) = self.weekday_at(beside).filter(same) {
                return Some((days((day, day)), beside + weekday.len));
            }
        }
        // 'am Morgen des 24. Februar'.
        if unit == "day" && hit.len > 1 {
            let date = self.day_month(self.pass_small(end), self.toward);
            if date.is_some() {
                return date;
            }
        }
        let next_weekday = self.weekday_at(end).filter(|_| unit == "week");
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
        // The same word may order, too: Greek 'πριν'; a longer one that begins so does.
        let order = |at: usize, fits: fn(&str) -> bool| {
            let longest = self.line.hit(at, Section::Order)?.len;
            let fits =
                |hit: &&Hit<'static>| hit.entry.section == Section::Order && hit.len == longest && fits(&hit.entry.key);
            self.line.all(at).iter().find(fits).copied()
        };
        let before = order(at, |key| key.ends_with('+'));
        let start = before.map_or(at, |hit| at + hit.len);
        let start = if before.is_some() {
            self.line.hit(start, Section::Modifier).map_or(start, |hit| start + hit.len)
        } else {
            start
        };
        let (low, high, unit, unit_at) = self.stretch(start)?;
        let mut end = unit_at;
        if before.is_none() {
            let after = order(end, |key| key == "ago")?;
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
        // German 'seit drei Jahren' sets a beginning.
        let relation = before.and_then(|hit| relation(&hit)).unwrap_or(Relation::At);
        Some((TimeExpr { span: self.line.tokens.span(at, end), relation, when, other: None }, at, end))
    }

    /// A number of days, weeks, months or years: both ends, unit, token behind.
    fn stretch(&self, at: usize) -> Option<(f64, f64, &'static str, usize)> {
        let (low, high, start) = match amount::amount(self.line, at) {
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
        let general = self.orders(at).filter(|hit| !hit.entry.key.ends_with(['<', '!']));
        let marker = general.max_by_key(|hit| hit.len)?;
        // French 'd'après' and German 'nach Angaben' name a source.
        let source = |at: usize, least: usize| line.hit(at, Section::Source).is_some_and(|hit| hit.len > least);
        let sourced = source(at, marker.len) || (at > 0 && source(at - 1, 1));
        if sourced || self.order(at).is_some_and(|hit| hit.len > marker.len) {
            return None;
        }
        let relation = relation(&marker)?;
        let weak = marker.entry.key.ends_with('?');
        // 'после того, как стороны ударили по рукам'.
        let joined = at + marker.len;
        let start = if marker.len > 1 { line.skip(joined, ",") } else { joined };
        // Bulgarian 'след седмица започва стачката' tells when, 'after three days of talks' after what, and Polish
        // 'po dniu wyborów' is about the day.
        let from = line.hit(start, Section::Modifier).map_or(start, |hit| start + hit.len);
        let stretch = self.stretch(from).filter(|(_, _, unit, end)| *unit != "day" || *end > from + 1);
        let sided = matches!(relation, Relation::Before | Relation::After);
        if sided && stretch.is_some_and(|(.., end)| !self.is_link(end)) {
            return None;
        }
        // 'до Росії ще до вторгнення': what a weak word orders ends before the next one.
        let next = |i: usize| weak && self.orders(i).any(|hit| !hit.entry.key.ends_with('!'));
        let stop = (start..line.tokens.len().min(start + REACH)).find(|&i| {
            next(i)
                || !line.is_word(i)
                    && !line.tokens.is_dash(i)
                    && !matches!(line.tokens.raw(i), "„" | "“" | "\"" | "«" | "'")
        });
        let stop = stop.unwrap_or(line.tokens.len().min(start + REACH));
        // 'before the start of the war' is about the war.
        let event = self.known_event(start, stop, weak).map(|(i, hit)| match self.known_event(i + 1, stop, weak) {
            Some((_, later)) if hit.entry.key == "start" => later,
            _ => hit,
        });
        if stop == start || (weak && event.is_none()) {
            return None;
        }
        let end = stop.min(start + 5);
        let phrase = line.tokens.text[line.tokens.span(start, end)].to_owned();
        let kind = event.map_or("", |hit| hit.entry.key.as_str());
        let when = When::Event { kind, phrase };
        Some((TimeExpr { span: line.tokens.span(at, end), relation, when, other: None }, start))
    }

    /// The first known event from `from` on and before `stop`, with its token; with `near`, behind at most one word of
    /// weight: 'Vor der Botschaft fand ein Protest statt' sets nothing before a protest.
    fn known_event(&self, from: usize, stop: usize, near: bool) -> Option<(usize, Hit<'static>)> {
        let weighs = |i: &usize| self.line.is_word(*i) && !self.line.has(*i, Section::In) && !self.is_link(*i);
        let close = |i: &usize| !near || (from..*i).filter(weighs).count() < 2;
        (from..stop).filter(close).find_map(|i| Some((i, self.line.hit(i, Section::Event)?)))
    }

    /// Whether the word at `at` is an article or means 'of'.
    pub fn is_link(&self, at: usize) -> bool {
        self.line.hit(at, Section::Stop).is_some_and(|hit| matches!(hit.entry.key.as_str(), "article" | "of"))
    }

    /// `savaştan önce`: a known event and a word of order up to two words behind it.
    fn event_before(&self, at: usize) -> Option<(TimeExpr, usize)> {
        const REACH: usize = 2;
        let line = self.line;
        let event = line.hit(at, Section::Event)?;
        let first = at + event.len;
        // 'Protestolar seçimden sonra': the event right before the word of order is meant.
        let other = |i: usize| line.hit(i, Section::Event).is_some_and(|hit| hit.entry.key != "start");
        let words = (first..=first + REACH).take_while(|&i| line.is_word(i) && !other(i));
        let (start, marker) = words.filter_map(|i| Some((i, self.follower(i)?))).next()?;
        let (end, relation) = (start + marker.len, relation(&marker)?);
        let when =
            When::Event { kind: &event.entry.key, phrase: line.tokens.text[line.tokens.span(at, start)].to_owned() };
        Some((TimeExpr { span: line.tokens.span(at, end), relation, when, other: None }, end))
    }
}

pub(crate) fn days((low, high): Days) -> When {
    When::Days(low, high)
}

fn relation(hit: &Hit) -> Option<Relation> {
    match hit.entry.key.trim_end_matches(['?', '+', '!', '<']) {
        "before" => Some(Relation::Before),
        "after" => Some(Relation::After),
        "since" => Some(Relation::Since),
        "until" => Some(Relation::Until),
        _ => None,
    }
}

/// `year-1` as unit and shift.
pub(crate) fn shift_of(hit: &Hit<'static>) -> Option<(&'static str, i64)> {
    let key = hit.entry.key.as_str();
    let digits = key.find(|c: char| c == '-' || c.is_ascii_digit())?;
    Some((&key[..digits], key[digits..].parse().ok()?))
}
