//! Sets what two sentences say against each other: what matches, what conflicts, what only one of them says.

use super::name;
use super::time::{Relation, TimeExpr, When};
use super::unit::Unit;
use super::{Fields, Quantity};

/// A rounded value is the same value.
const ROUNDING: f64 = 0.05;

/// What two sentences have in common and what not; positions are those in the left and in the right [`Fields`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Comparison {
    /// Amounts that match.
    pub same_numbers: Vec<(usize, usize)>,
    /// Different amounts of the same thing, as unit or counted noun tell.
    pub other_numbers: Vec<(usize, usize)>,
    /// Different amounts that may be of different things.
    pub unlike_numbers: Vec<(usize, usize)>,
    /// Amounts without a counterpart, left and right.
    pub lone_numbers: (usize, usize),
    /// Times that match or overlap.
    pub same_times: Vec<(usize, usize)>,
    /// Times that exclude each other.
    pub other_times: Vec<(usize, usize)>,
    /// Before on one side, after or since on the other, of the same time or kind of event; none where one side negates.
    pub opposed_times: Vec<(usize, usize)>,
    /// Before on one side, after or since on the other, of events that may differ; none where one side negates.
    pub unlike_orders: Vec<(usize, usize)>,
    /// Times without a counterpart, left and right.
    pub lone_times: (usize, usize),
    /// Whether only one side negates.
    pub negation: bool,
    /// Whether only one side negates or denies, in whatever way.
    pub polarity: bool,
    /// How many sides report a denial: 0, 1 or 2.
    pub denials: u8,
    /// Names on both sides.
    pub shared_names: Vec<(usize, usize)>,
    /// Names on the left only.
    pub left_names: Vec<usize>,
    /// Names on the right only.
    pub right_names: Vec<usize>,
    /// Where both sides name a speaker: whether it is the same one.
    pub same_speaker: Option<bool>,
}

impl Comparison {
    /// Whether the sides say different things as far as the fields show it: one negates or denies, other numbers, times or names.
    pub fn differs(&self) -> bool {
        let numbers = !self.other_numbers.is_empty() || !self.unlike_numbers.is_empty();
        let times = [&self.other_times, &self.opposed_times, &self.unlike_orders].iter().any(|times| !times.is_empty());
        let names = !self.left_names.is_empty() && !self.right_names.is_empty();
        self.polarity || self.denials == 1 || numbers || times || names
    }
}

/// Compares what two sentences say.
pub fn compare(left: &Fields, right: &Fields) -> Comparison {
    let against = |fields: &Fields| fields.negated.is_some() || fields.denial.is_some();
    let mut comparison = Comparison {
        polarity: against(left) != against(right),
        negation: left.negated.is_some() != right.negated.is_some(),
        denials: u8::from(left.denial.is_some()) + u8::from(right.denial.is_some()),
        same_speaker: left.speaker.as_ref().zip(right.speaker.as_ref()).map(|(a, b)| name::same(&a.key, &b.key)),
        ..Comparison::default()
    };
    numbers(&left.numbers, &right.numbers, &mut comparison);
    times(&left.times, &right.times, &mut comparison);
    names(left, right, &mut comparison);
    comparison
}

fn numbers(left: &[Quantity], right: &[Quantity], comparison: &mut Comparison) {
    let mut rest = Rest::of(left, right);
    comparison.same_numbers = rest.take(|a, b| a.unit.comparable(b.unit) && same_amount(a, b));
    comparison.other_numbers = rest.take_nearest(|a, b| {
        let counted = a.role.as_ref().is_some_and(|role| b.role.as_ref() == Some(role));
        a.unit == b.unit && (a.unit != Unit::Count || counted)
    });
    comparison.unlike_numbers = rest.take_nearest(|a, b| a.unit == b.unit);
    comparison.unlike_numbers.extend(rest.take_nearest(|a, b| a.unit.comparable(b.unit)));
    comparison.lone_numbers = rest.lengths();
}

/// What is still to be paired off.
struct Rest<'f, T> {
    left: Vec<(usize, &'f T)>,
    right: Vec<(usize, &'f T)>,
}

impl<'f, T> Rest<'f, T> {
    fn of(left: &'f [T], right: &'f [T]) -> Self {
        Rest { left: left.iter().enumerate().collect(), right: right.iter().enumerate().collect() }
    }

    /// Takes out the pairs that fit, in the order of the text.
    fn take(&mut self, fits: impl Fn(&T, &T) -> bool) -> Vec<(usize, usize)> {
        let mut pairs = Vec::new();
        let right = &mut self.right;
        self.left.retain(|(at, a)| match right.iter().position(|(_, b)| fits(a, b)) {
            Some(found) => {
                pairs.push((*at, right.remove(found).0));
                false
            }
            None => true,
        });
        pairs
    }

    fn lengths(&self) -> (usize, usize) {
        (self.left.len(), self.right.len())
    }
}

impl Rest<'_, Quantity> {
    /// Takes out the pairs that fit, those with the ratio nearest to 1 first.
    fn take_nearest(&mut self, fits: impl Fn(&Quantity, &Quantity) -> bool) -> Vec<(usize, usize)> {
        let mut fitting = Vec::new();
        for &(i, a) in &self.left {
            let right = self.right.iter().filter(|(_, b)| fits(a, b));
            fitting.extend(right.map(|&(j, b)| (ratio(a, b), i, j)));
        }
        fitting.sort_by(|a, b| a.0.total_cmp(&b.0).then((a.1, a.2).cmp(&(b.1, b.2))));
        let mut pairs: Vec<(usize, usize)> = Vec::new();
        for (_, i, j) in fitting {
            if pairs.iter().all(|&(a, b)| a != i && b != j) {
                pairs.push((i, j));
            }
        }
        self.left.retain(|(at, _)| pairs.iter().all(|(a, _)| a != at));
        self.right.retain(|(at, _)| pairs.iter().all(|(_, b)| b != at));
        pairs
    }
}

/// How many times as much one amount is as the other, at least 1; infinite where only one is zero or negative. Of scores
/// the first on each side belong together: the one at half-time stands behind.
fn ratio(a: &Quantity, b: &Quantity) -> f64 {
    if a.unit == Unit::Score {
        return 1.0;
    }
    let (a, b) = (a.low + a.high, b.low + b.high);
    if a == b {
        return 1.0;
    }
    if a * b > 0.0 { a.abs().max(b.abs()) / a.abs().min(b.abs()) } else { f64::INFINITY }
}

fn same_amount(a: &Quantity, b: &Quantity) -> bool {
    if a.unit == Unit::Score {
        return (a.low, a.high) == (b.low, b.high);
    }
    let touch = |a: (f64, f64), b: (f64, f64)| {
        // 'more than half' and 'less than half' share an end and nothing else.
        if a.0 < a.1 && b.0 < b.1 {
            return a.0 < b.1 && b.0 < a.1;
        }
        // Small whole numbers are not rounded: 15 and 16 are two numbers.
        let exact = a.0 == a.1 && b.0 == b.1 && a.0.max(b.0) < 100.0 && a.0.fract() == 0.0 && b.0.fract() == 0.0;
        let slack = if exact { 0.0 } else { ROUNDING * a.1.abs().min(b.1.abs()) };
        a.0 <= b.1 + slack && b.0 <= a.1 + slack
    };
    // Shares differ by points: 51.3 % and 46.9 % are two results, 51.3 % and 51 % are one, 2 % and 2.5 % are not.
    let slackless = matches!(a.unit, Unit::Percent | Unit::Points) && a.low == a.high && b.low == b.high;
    if slackless {
        let gap = (a.low - b.low).abs();
        let whole = a.unit == Unit::Percent && (a.low.fract() == 0.0 || b.low.fract() == 0.0);
        let rounded = whole && gap < 0.5 && gap <= ROUNDING * a.low.abs().max(b.low.abs());
        return rounded || gap < 0.05 + 1e-9;
    }
    let point = |q: &Quantity| q.other.map(|other| (other, other));
    let (first, second) = ((a.low, a.high), (b.low, b.high));
    touch(first, second) || point(a).is_some_and(|o| touch(o, second)) || point(b).is_some_and(|o| touch(first, o))
}

fn times(left: &[TimeExpr], right: &[TimeExpr], comparison: &mut Comparison) {
    let mut rest = Rest::of(left, right);
    let meet =
        |a: &TimeExpr, b: &TimeExpr| readings(a).any(|(_, x)| readings(b).any(|(_, y)| overlap(x, y) == Some(true)));
    let same = |a: &TimeExpr, b: &TimeExpr| same_event(&a.when, &b.when).unwrap_or_else(|| meet(a, b));
    let event = |t: &TimeExpr| matches!(t.when, When::Event { .. });
    let opposed_times = rest.take(|a, b| opposed(a.relation, b.relation) && same(a, b));
    comparison.same_times = rest.take(|a, b| same(a, b));
    comparison.other_times = rest.take(|a, b| readings(a).all(|x| readings(b).all(|y| excluded(x, y) == Some(true))));
    let unlike_orders = rest.take(|a, b| opposed(a.relation, b.relation) && (event(a) || event(b)));
    // 'not before the war' and 'only after the war' say the same: the negation turns the order.
    if !comparison.polarity {
        (comparison.opposed_times, comparison.unlike_orders) = (opposed_times, unlike_orders);
    }
    comparison.lone_times = rest.lengths();
}

/// The time in each week or year that it may lie in.
fn readings(time: &TimeExpr) -> impl Iterator<Item = (Relation, &When)> {
    [Some(&time.when), time.other.as_ref()].into_iter().flatten().map(move |when| (time.relation, when))
}

fn opposed(a: Relation, b: Relation) -> bool {
    let later = |r| matches!(r, Relation::After | Relation::Since);
    let earlier = |r| r == Relation::Before;
    (earlier(a) && later(b)) || (later(a) && earlier(b))
}

fn same_event(a: &When, b: &When) -> Option<bool> {
    match (a, b) {
        (When::Event { kind: a, .. }, When::Event { kind: b, .. }) if !a.is_empty() && !b.is_empty() => Some(a == b),
        _ => None,
    }
}

/// Whether two times have days in common; `None` where that cannot be told.
fn overlap(a: &When, b: &When) -> Option<bool> {
    match (a, b) {
        (When::Days(a_low, a_high), When::Days(b_low, b_high)) => Some(a_low <= b_high && b_low <= a_high),
        (When::Yearly { month: a, day: c }, When::Yearly { month: b, day: d }) => {
            Some(a == b && (c.is_none() || d.is_none() || c == d))
        }
        (When::Yearly { month, day }, When::Days(low, high)) | (When::Days(low, high), When::Yearly { month, day }) => {
            let one_month = low.year() == high.year() && low.month() == high.month();
            let day_fits = day.is_none_or(|day| (low.day()..=high.day()).contains(&day));
            one_month.then(|| low.month() == *month && day_fits)
        }
        (When::Weekday(a), When::Weekday(b)) => Some(a == b),
        (When::Relative(unit, a), When::Relative(other, b)) if unit == other => Some(a == b),
        _ => None,
    }
}

/// Whether two times, taken as when the same thing happened, exclude each other.
fn excluded(a: (Relation, &When), b: (Relation, &When)) -> Option<bool> {
    match (a.0, b.0) {
        (x, y) if x == y && x != Relation::Before => overlap(a.1, b.1).map(|same| !same),
        (Relation::At, other) => misses(a.1, other, b.1),
        (other, Relation::At) => misses(b.1, other, a.1),
        _ => None,
    }
}

/// Whether a time lies outside what the relation to another one allows.
fn misses(time: &When, relation: Relation, mark: &When) -> Option<bool> {
    let (When::Days(low, high), When::Days(first, last)) = (time, mark) else {
        return None;
    };
    match relation {
        Relation::Before | Relation::Until => Some(low > last),
        Relation::After | Relation::Since => Some(high < first),
        Relation::At => None,
    }
}

fn names(left: &Fields, right: &Fields, comparison: &mut Comparison) {
    let mut rest = Rest::of(&left.names, &right.names);
    comparison.shared_names = rest.take(|a, b| name::same(&a.key, &b.key));
    let lone = |names: &[(usize, &name::Name)]| names.iter().filter(|(_, n)| n.certain).map(|(at, _)| *at).collect();
    (comparison.left_names, comparison.right_names) = (lone(&rest.left), lone(&rest.right));
}

/// What the values of [`features`] are, in order.
pub const FEATURES: [&str; 16] = [
    "same_numbers",
    "other_numbers",
    "unlike_numbers",
    "lone_numbers",
    "same_times",
    "other_times",
    "opposed_times",
    "unlike_orders",
    "polarity_differs",
    "negation_differs",
    "denial_differs",
    "both_deny",
    "shared_names",
    "lone_names",
    "both_speak",
    "same_speaker",
];

/// The comparison as values from 0 to 1 for a calibrated decision, in the order of [`FEATURES`].
///
/// Numbers, times and names are shares of all numbers, times and names of both sides; a conflict counts in full.
pub fn features(comparison: &Comparison) -> [f32; FEATURES.len()] {
    let c = comparison;
    let share = |part: usize, all: usize| if all == 0 { 0.0 } else { part as f32 / all as f32 };
    let flag = |set: bool| f32::from(u8::from(set));
    let lone = c.lone_numbers.0 + c.lone_numbers.1;
    let paired = c.same_numbers.len() + c.other_numbers.len() + c.unlike_numbers.len();
    let numbers = paired + lone;
    let pairs = [&c.same_times, &c.other_times, &c.opposed_times, &c.unlike_orders].map(Vec::len);
    let times = pairs.iter().sum::<usize>() + c.lone_times.0 + c.lone_times.1;
    let single = c.left_names.len() + c.right_names.len();
    let names = c.shared_names.len() + single;
    [
        share(c.same_numbers.len(), numbers),
        flag(!c.other_numbers.is_empty()),
        share(c.unlike_numbers.len(), numbers),
        share(lone, numbers),
        share(pairs[0], times),
        flag(pairs[1] > 0),
        flag(pairs[2] > 0),
        flag(pairs[3] > 0),
        flag(c.polarity),
        flag(c.negation),
        flag(c.denials == 1),
        flag(c.denials == 2),
        share(c.shared_names.len(), names),
        share(single, names),
        flag(c.same_speaker.is_some()),
        flag(c.same_speaker == Some(true)),
    ]
}
