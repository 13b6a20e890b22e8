//! Scores of matches and votes: `2-1`, `3:0`.

use super::Quantity;
use super::lexicon::Section;
use super::line::Line;
use super::token::Shape;
use super::unit::Unit;

/// The score at `at`, and the token behind it. Which side won stands in the words around it, so the ends are the lesser
/// and the greater number. `1-2` may be a range and is none, as is `10:30`, a time of day.
pub(super) fn score(line: &Line, at: usize) -> Option<(Quantity, usize)> {
    let tokens = &line.tokens;
    let (first, second) = (points(line, at)?, points(line, at + 2)?);
    let end = at + 3;
    let opened = !tokens.joined(at) || matches!(tokens.raw(at - 1), "(" | "[" | "„" | "“" | "\"" | "«");
    let tight = tokens.joined(at + 1) && tokens.joined(at + 2);
    // '90-60-90', '2:31:05', '2-1a'.
    let number = tokens.joined(end + 1) && tokens.is(end + 1, Shape::Number);
    let goes_on = tokens.joined(end) && (line.is_word(end) || number);
    let measured = [Section::Unit, Section::Scale, Section::Age].iter().any(|section| line.has(end, *section));
    // 'w godz. 22-6', '22-6 Uhr', unlike 'νίκησε 2-1 το βράδυ'.
    let opens = |key: &str| matches!(key, "before" | "clock");
    let hours = line.ending(at, Section::Clock).is_some_and(|(_, hit)| opens(&hit.entry.key))
        || (first.max(second) > 9 && line.has(end, Section::Clock));
    let score = match tokens.raw(at + 1) {
        ":" => tokens.folded(at + 2).len() == 1 || second >= 60 || first > 24,
        _ => tokens.is_dash(at + 1) && (first >= second || (first == 0 && second < 10)),
    };
    if !score || !opened || !tight || goes_on || measured || hours {
        return None;
    }
    let (low, high) = (first.min(second) as f64, first.max(second) as f64);
    let span = tokens.span(at, end);
    Some((Quantity { span, low, high, other: None, unit: Unit::Score, role: None, modifier: None }, end))
}

/// A whole number of at most two digits at `at`, without a zero in front.
fn points(line: &Line, at: usize) -> Option<i64> {
    let text = line.tokens.folded(at);
    line.digits(at).filter(|_| text.len() == 1 || (text.len() == 2 && !text.starts_with('0')))
}
