//! Reads dates: days, months, seasons and years, in words and digits.

use jiff::civil::Date;

use super::calendar::{self, Days, Toward};
use super::lexicon::{Hit, Section};
use super::number::is_time_unit;
use super::time::When;
use super::when::{Moment, Reader, days, shift_of};

impl Reader<'_, '_> {
    /// The end of a range of years: `2019-2023`, `between 2019 and 2023`.
    pub fn second_year(&self, low: Date, at: usize) -> Option<Moment> {
        // Croatian '2021.-2027.'
        let dotted = self.line.tokens.raw(at) == "." && self.line.tokens.joined(at);
        let (first, at) = match self.line.tokens.raw(at - 1) {
            "." => (at.checked_sub(2)?, at),
            _ if dotted => (at - 1, at + 1),
            _ => (at - 1, at),
        };
        self.plain_year(first)?;
        let opened = |at: usize| self.line.ending(at, Section::Between).is_some();
        let between = || opened(first) || (first > 0 && self.line.has(first - 1, Section::In) && opened(first - 1));
        let to = self.line.hit(at, Section::To).or_else(|| self.line.hit(at, Section::And).filter(|_| between()));
        let next = if self.line.tokens.is_dash(at) { at + 1 } else { self.pass_small(at + to?.len) };
        let (_, high) = calendar::year(self.plain_year(next)?)?;
        (high > low).then_some((When::Days(low, high), self.year_suffix(next + 1)))
    }

    /// `early next year`, `w połowie 2026 r.`
    pub fn part(&self, at: usize, toward: Toward) -> Option<Moment> {
        let part = self.line.hit(at, Section::Part)?;
        let start = self.pass_small(at + part.len);
        let (when, end) = self
            .month(start, toward)
            .or_else(|| self.season(start, toward))
            .or_else(|| self.relative(start))
            .or_else(|| self.years(start).map(|(found, end)| (days(found), end)))?;
        match when {
            When::Days(low, high) => Some((days(calendar::part((low, high), &part.entry.key)?), end)),
            other => Some((other, end)),
        }
    }

    /// The quarter or half-year that stands behind its year: Czech `loni ve čtvrtém čtvrtletí`.
    pub fn quarter_behind(&self, (when, end): Moment) -> Moment {
        let behind = self.line.skip(end, ",");
        let found = [behind, self.pass_small(behind)].into_iter().find_map(|at| {
            let part = self.line.hit(at, Section::Part).filter(|part| part.entry.key.starts_with(['q', 'h']))?;
            // 'more than in 2023 in the first quarter of 2024'
            let own = self.part(at, self.toward).is_some();
            Some((at + part.len, part.entry.key.as_str())).filter(|_| !own)
        });
        match (&when, found) {
            (When::Days(first, last), Some((end, name))) if calendar::is_year(*first, *last) => {
                (calendar::part((*first, *last), name).map_or(when, days), end)
            }
            _ => (when, end),
        }
    }

    /// `2024-03-05`, `09.11.2022`, `9. 11. 2022.`, `9/11/2022`.
    pub fn numeric(&self, at: usize) -> Option<Moment> {
        let tokens = &self.line.tokens;
        let parts: Vec<&str> = tokens.folded(at).split('.').collect();
        let plausible = |y: i64, m: i64, d: i64| calendar::day(if y < 100 { 2000 + y } else { y }, m, d).map(days);
        if let [day, month, year] = parts[..] {
            // '2.010.500' is an amount, '17.4.1' a version.
            if day.len() > 2 || month.len() > 2 || !matches!(year.len(), 2 | 4) {
                return None;
            }
            let when = plausible(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)?;
            return Some((when, at + 1));
        }
        // German 'am 29.11.'; Bulgarian inside a sentence
        let point = |at: usize| {
            let mark = self.line.hit(at, Section::OrdinalMark).is_some_and(|hit| hit.entry.key == "point");
            mark && tokens.joined(at)
        };
        let inside =
            self.line.lexicon.comma && tokens.raw(at + 1) == "." && tokens.joined(at + 1) && self.line.is_word(at + 2);
        if let [day, month] = parts[..]
            && (point(at + 1) || inside)
            && [Section::In, Section::Order, Section::Weekday].iter().any(|led| self.line.ending(at, *led).is_some())
        {
            return self.in_year(day, month).map(|when| (when, at + 2));
        }
        // Czech '12. 5.'
        if point(at + 1) && point(at + 3) && !tokens.joined(at + 2) && self.line.digits(at + 4).is_none() {
            return self.in_year(tokens.folded(at), tokens.folded(at + 2)).map(|when| (when, at + 4));
        }
        let first = self.line.digits(at)?;
        let mark = tokens.raw(at + 1);
        // Greek 'στις 3/5', 'Τετάρτη 20/5'
        let led = || {
            let shown = |section| self.line.ending(at, section);
            shown(Section::Weekday).is_some()
                || shown(Section::Clock).is_some_and(|(_, hit)| hit.entry.key == "before time")
        };
        if mark == "/" && tokens.raw(at + 3) != "/" && self.line.lexicon.comma && led() {
            let when = self.in_year(tokens.folded(at), tokens.folded(at + 2))?;
            return Some((when, at + 3));
        }
        if matches!(mark, "-" | "/" | ".") && tokens.raw(at + 3) == mark {
            let (second, third) = (self.line.digits(at + 2)?, self.line.digits(at + 4)?);
            let tight = (1..5).all(|i| tokens.joined(at + i));
            if tokens.folded(at).len() == 4 && tight {
                return plausible(first, second, third).map(|when| (when, at + 5));
            }
            if tokens.folded(at + 4).len() == 4 && (tight || mark == ".") {
                let day_first = plausible(third, second, first).filter(|_| mark != "-");
                return day_first.or_else(|| plausible(third, first, second)).map(|when| (when, at + 5));
            }
        }
        None
    }

    /// A day of a month, both in digits, of the year that is nearest.
    fn in_year(&self, day: &str, month: &str) -> Option<When> {
        let below =
            |text: &str, most: i64| text.parse().ok().filter(|value| text.len() <= 2 && (1..=most).contains(value));
        let day = below(day, 31)?;
        self.in_month(None, below(month, 12)?, Some((day, day)), self.toward)
    }

    /// `2024年3月14日`, `3월 14일`; the last mark may be written together with what follows and is left there.
    pub fn ideographic(&self, at: usize, toward: Toward) -> Option<Moment> {
        let marked = |at: usize, marks: [char; 2]| {
            let behind = self.line.tokens.joined(at + 1) && self.line.tokens.folded(at + 1).starts_with(marks);
            self.line.digits(at).filter(|_| behind)
        };
        let year = marked(at, ['年', '년']).filter(|year| (1900..=2100).contains(year));
        let month_at = if year.is_some() { at + 2 } else { at };
        let Some(month) = marked(month_at, ['月', '월']).filter(|month| (1..=12).contains(month)) else {
            return Some((days(calendar::year(year?)?), at + 1));
        };
        let day = marked(month_at + 2, ['日', '일']).filter(|day| (1..=31).contains(day));
        let end = if day.is_some() { month_at + 3 } else { month_at + 1 };
        Some((self.in_month(year, month, day.map(|day| (day, day)), toward)?, end))
    }

    /// `24. veljače 2022.`, `3rd of March`, `24 Φεβρουαρίου`, `3. und 4. Mai`.
    pub fn day_month(&self, at: usize, toward: Toward) -> Option<Moment> {
        let first = self.line.digits(at).or_else(|| Some(self.line.hit(at, Section::Ordinal)?.entry.low as i64))?;
        let (mut next, mut last) = (self.after_day(at), first);
        if let Some((second, end)) = self.second_day(next).filter(|(second, _)| *second > first) {
            (last, next) = (second, end);
        }
        let month = self.month_at(self.pass_links(next), true)?;
        if !(1..=31).contains(&first) || !(1..=31).contains(&last) {
            return None;
        }
        let (year, end) = self.year_behind(month.1);
        let toward = self.toward_beside(at, end, toward);
        Some((self.in_month(year, month.0, Some((first, last)), toward)?, end))
    }

    /// The second of two days that a dash, `and` or `to` joins, and the token behind it.
    fn second_day(&self, at: usize) -> Option<(i64, usize)> {
        let joint = self.line.hit(at, Section::And).or_else(|| self.line.hit(at, Section::To));
        let next = if self.line.tokens.is_dash(at) { at + 1 } else { self.pass_small(at + joint?.len) };
        Some((self.line.digits(next)?, self.after_day(next)))
    }

    /// Passes what may stand between a day and its month: `the 17th of May`. Before 'in May' stands an amount.
    fn pass_links(&self, mut at: usize) -> usize {
        while self.is_link(at)
            && let Some(hit) = self.line.hit(at, Section::In)
        {
            at += hit.len;
        }
        at
    }

    pub fn after_day(&self, at: usize) -> usize {
        let mark = self.line.hit(at + 1, Section::OrdinalMark).filter(|_| self.line.tokens.joined(at + 1));
        at + 1 + mark.map_or(0, |hit| hit.len)
    }

    /// `February 24, 2022`, `u veljači 2022.`, `we wrześniu ub.r.`
    pub fn month(&self, at: usize, toward: Toward) -> Option<Moment> {
        let shown = at > 0
            && (self.line.has(at - 1, Section::In)
                || self.line.has(at - 1, Section::Part)
                || self.led_by(at, Section::Coming)
                || self.led_by(at, Section::Last)
                || self.line.ending(at, Section::Order).is_some());
        let (month, next) = self.month_at(at, shown)?;
        let (day, behind) = self.day_behind(next);
        let (year, end) = self.year_behind(behind);
        let abbreviated = next > at + 1 || self.line.tokens.raw(next) == ".";
        // 'Jan van Aken' is no January.
        let name = self.is_name_like(at) || (self.line.tokens.folded(at) == "jan" && !abbreviated);
        if name && day.is_none() && year.is_none() {
            return None;
        }
        let toward = self.toward_beside(at, end, toward);
        Some((self.in_month(year, month, day, toward)?, end))
    }

    /// Where a date from `at` to `end` lies by the words beside it, without any `toward`: 'next May', 'mai prochain'.
    fn toward_beside(&self, at: usize, end: usize, toward: Toward) -> Toward {
        let beside = |section| self.led_by(at, section) || self.beside(end, section, "behind").is_some();
        if beside(Section::Coming) {
            Toward::Future
        } else if beside(Section::Last) {
            Toward::Past
        } else {
            toward
        }
    }

    /// Whether the month at `at` has a capital that its language gives to names only: `Maja Kovač`.
    fn is_name_like(&self, at: usize) -> bool {
        let named = self.line.tokens.items.get(at + 1).is_some_and(|next| next.capital);
        self.is_titled(at) && (at > 0 || named)
    }

    /// Whether the month or weekday at `at` has a capital although its language writes it small.
    pub fn is_titled(&self, at: usize) -> bool {
        let tokens = &self.line.tokens;
        let titled = tokens.items[at].capital && tokens.raw(at).chars().nth(1).is_some_and(char::is_lowercase);
        self.line.lexicon.small_months && titled
    }

    /// `2024. október 9-én`, `tavaly májusban`, where the year stands first.
    pub fn year_first(&self, at: usize) -> Option<Moment> {
        let lexicon = self.line.lexicon;
        let year = self.plain_year(at).map(|year| (year, at + 1)).or_else(|| self.relative_year(at));
        let (year, behind) = year.filter(|_| lexicon.day_last && lexicon.comma)?;
        let (month, next) = self.month_at(self.pass_small(self.line.skip(behind, ".")), true)?;
        let (day, end) = self.day_behind(next);
        Some((self.in_month(Some(year), month, day, Toward::Past)?, end))
    }

    /// The day or days behind a month, where this language writes them there, and the token behind them.
    fn day_behind(&self, at: usize) -> (Option<(i64, i64)>, usize) {
        let line = self.line;
        let day = line.digits(at).filter(|day| (1..=31).contains(day) && line.tokens.folded(at).len() <= 2);
        let Some(first) = day.filter(|_| line.lexicon.day_last) else { return (None, at) };
        let end = self.after_day(at);
        if !line.lexicon.comma {
            return (Some((first, first)), end);
        }
        // Hungarian 'májusban 5 ember', 'a május 2 fokkal hidegebb volt'.
        let closed = line.ending(at, Section::Month).is_some_and(|(_, hit)| hit.entry.key.ends_with('!'));
        let counted = |end: usize| line.digits(end - 1).is_some() && line.has(end, Section::Unit);
        if closed || counted(end) {
            return (None, at);
        }
        let second = self.second_day(end).filter(|(day, end)| (first + 1..=31).contains(day) && !counted(*end));
        second.map_or((Some((first, first)), end), |(last, end)| (Some((first, last)), end))
    }

    /// The month named at `at`; names that are common words (`may`) only where they are `shown` to be one.
    pub fn month_at(&self, at: usize, shown: bool) -> Option<(i64, usize)> {
        let hit = self.line.hit(at, Section::Month)?;
        // Romanian 'mai mult de' is no May.
        let longer = |other: &Hit| {
            other.len > hit.len && matches!(other.entry.section, Section::Modifier | Section::Number | Section::Stop)
        };
        if self.line.all(at).iter().any(longer) {
            return None;
        }
        let word = matches!(self.line.tokens.folded(at), "may" | "march") || self.line.has(at, Section::Stop);
        let clear = shown || self.line.digits(at + hit.len).is_some() || !word;
        let capital = self.line.lexicon.comma || self.line.tokens.items[at].capital;
        (clear && capital).then_some((hit.entry.low as i64, at + hit.len))
    }

    pub fn in_month(&self, year: Option<i64>, month: i64, span: Option<(i64, i64)>, toward: Toward) -> Option<When> {
        let Some(year) = year.or_else(|| Some(calendar::year_of(self.published?, month, toward))) else {
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
    pub fn year_behind(&self, at: usize) -> (Option<i64>, usize) {
        let mut next = self.line.skip(at, ",");
        next = self.line.skip(next, ".");
        loop {
            if let Some((year, end)) = self.relative_year(next) {
                return (Some(year), end);
            }
            // Spanish 'enero del año pasado': the words before the year may be part of what says which it is.
            let Some(small) = self.small(next) else { break };
            next += small.len;
        }
        if let Some(year) = self.plain_year(next).or_else(|| self.old_year(next)) {
            return (Some(year), self.year_suffix(next + 1));
        }
        let short = matches!(self.line.tokens.raw(next), "'" | "’").then(|| self.line.digits(next + 1)).flatten();
        if let Some(year) = short.filter(|year| *year < 100) {
            return (Some(2000 + year), next + 2);
        }
        (None, at)
    }

    /// The year named by its distance from the day of publication, and the token behind it: `last year`.
    fn relative_year(&self, at: usize) -> Option<(i64, usize)> {
        let hit = self.line.hit(at, Section::Relative)?;
        let (_, shift) = shift_of(&hit).filter(|(unit, _)| *unit == "year")?;
        Some((i64::from(self.published?.year()) + shift, at + hit.len))
    }

    pub fn plain_year(&self, at: usize) -> Option<i64> {
        self.line.digits(at).filter(|year| self.line.tokens.folded(at).len() == 4 && (1900..=2100).contains(year))
    }

    /// A year before 1900 at `at`, behind its month: nothing that could be counted follows.
    fn old_year(&self, at: usize) -> Option<i64> {
        let line = self.line;
        let counted = line.is_word(at + 1)
            && (line.tokens.items[at + 1].capital || !line.lexicon.capital_nouns)
            && ![Section::Stop, Section::In, Section::Year].iter().any(|section| line.has(at + 1, *section));
        let measured = line.has(at + 1, Section::Unit) && !line.has(at + 1, Section::Year);
        let counted = counted || measured || line.has(at + 1, Section::Scale);
        line.digits(at).filter(|year| line.tokens.folded(at).len() == 4 && (1000..1900).contains(year) && !counted)
    }

    /// The ten years that two digits or a word at `at` name, and the token behind: `années 80`, `anni '90`, `80er Jahre`.
    fn short_decade(&self, at: usize) -> Option<(Days, usize)> {
        let line = self.line;
        let first = if matches!(line.tokens.raw(at), "'" | "’") { at + 1 } else { at };
        let named = || line.hit(first, Section::Number).filter(|hit| hit.len == 1).map(|hit| hit.entry.low as i64);
        let tens = line.digits(first).or_else(named).filter(|tens| (30..=90).contains(tens) && tens % 10 == 0)?;
        // 'condannati a 12 anni 30 imputati' counts.
        let led = |(word, hit): (usize, Hit)| {
            hit.entry.key == "before" && word.checked_sub(1).is_none_or(|before| line.literal(before).is_none())
        };
        let suffix = || self.beside(first + 1, Section::Decade, "behind").filter(|_| line.tokens.joined(first + 1));
        let end = match line.ending(at, Section::Decade).is_some_and(led) {
            true => self.after_day(first),
            false => {
                let named = suffix().map(|hit| first + 1 + hit.len)?;
                named + line.hit(named, Section::Year)?.len
            }
        };
        // 'der 80er Jahre des 19. Jahrhunderts', 'lat 80. XIX wieku'
        let century = self.pass_small(end);
        let older = line.digits(century).is_some() || line.tokens.raw(century).starts_with("XIX");
        let (low, high) = (calendar::year(1900 + tens)?.0, calendar::year(1909 + tens)?.1);
        (!older).then_some(((low, high), end))
    }

    /// The year at `at`, or the ten years where it is marked as their first, and the token behind it: `1990s`.
    fn years(&self, at: usize) -> Option<(Days, usize)> {
        let Some(year) = self.plain_year(at) else { return self.short_decade(at) };
        let joined = self.line.tokens.joined(at + 1);
        let suffix = self.beside(at + 1, Section::Decade, "behind").filter(|_| joined);
        let led = self.line.ending(at, Section::Decade).is_some_and(|(_, hit)| hit.entry.key == "before");
        let last = if year % 10 == 0 && (led || suffix.is_some()) { year + 9 } else { year };
        let end = suffix.map_or_else(|| self.year_suffix(at + 1), |hit| at + 1 + hit.len);
        Some(((calendar::year(year)?.0, calendar::year(last)?.1), end))
    }

    /// Passes `r.`, `. godine`, `-го` behind a year.
    pub fn year_suffix(&self, at: usize) -> usize {
        let dotted = self.line.tokens.raw(at) == "." && self.line.tokens.joined(at);
        let next = if dotted { at + 1 } else { at };
        match self.line.hit(next, Section::Year) {
            Some(hit) => next + hit.len,
            None if dotted && self.line.is_word(next) && !self.line.tokens.items[next].capital => next,
            None => at,
        }
    }

    /// A year by itself: `w 2022`, `2022. godine`; round numbers before a noun are amounts.
    pub fn year(&self, at: usize) -> Option<Moment> {
        let (found, end) = self.years(at)?;
        let Some(year) = self.plain_year(at) else { return Some((days(found), end)) };
        let line = self.line;
        let decade = found.0.year() < found.1.year();
        let named = decade || line.hit(at + 1, Section::Year).is_some() || line.ending(at, Section::Year).is_some();
        let dotted = line.tokens.raw(at + 1) == "." && line.hit(at + 2, Section::Year).is_some();
        // 'hasta' is 'until' and 'up to'.
        let ordered = line.ending(at, Section::Order).is_some();
        let led = line.ending(at, Section::In).is_some_and(|(_, hit)| hit.entry.key != "of") || ordered;
        let noun = year % 100 == 0 && line.is_word(at + 1);
        // Swedish 'under 2023'.
        let during = line.ending(at, Section::In).is_some_and(|(_, hit)| hit.entry.key == "during");
        let counted = line.has(at + 1, Section::Unit)
            || line.ending(at, Section::Modifier).is_some() && (noun || !(ordered || during))
            || line.ending(at, Section::Unit).is_some_and(|(_, hit)| !is_time_unit(&hit));
        // '2030 GMT'; Polish has its word for the hour before it.
        let clock = !line.lexicon.comma && self.beside(at + 1, Section::Clock, "clock").is_some();
        let counted = counted
            || clock
            || line.has(at + 1, Section::Scale)
            || line.tokens.joined(at)
                && !line.tokens.is_dash(at - 1)
                && !matches!(line.tokens.raw(at - 1), "(" | "/" | "\"");
        if (counted || noun && !led) && !named && !dotted {
            return None;
        }
        Some((days(found), end))
    }

    pub fn season(&self, at: usize, toward: Toward) -> Option<Moment> {
        let hit = self.line.hit(at, Section::Season)?;
        let (year, end) = self.year_behind(at + hit.len);
        let (first, last) = hit.entry.key.trim_end_matches('!').split_once('-')?;
        let (first, last): (i64, i64) = (first.parse().ok()?, last.parse().ok()?);
        let nearest = |today: Date| match hit.entry.key.ends_with('!') {
            true => i64::from(today.year()),
            false => calendar::year_of(today, first, self.toward_beside(at, end, toward)),
        };
        match year.or_else(|| self.published.map(nearest)) {
            Some(year) => Some((days(calendar::months(year, first, last)?), end)),
            None => Some((When::Yearly { month: first as i8, day: None }, end)),
        }
    }
}
