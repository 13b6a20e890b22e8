//! Negation and reported denial.

use std::ops::Range;

use super::lexicon::Section;
use super::line::Line;
use super::time::TimeExpr;

/// Where the first negation and the first reported denial stand, in a line with these times.
pub(crate) fn polarity(line: &Line, times: &[TimeExpr]) -> (Option<Range<usize>>, Option<Range<usize>>) {
    let (mut negation, mut denial) = (None, None);
    let mut covered = 0;
    for at in 0..line.tokens.len() {
        let span = |len: usize| line.tokens.span(at, at + len);
        denial = denial.or_else(|| line.hit(at, Section::Denial).map(|hit| span(hit.len)));
        // 'not only' and 'not before' negate nothing; German 'nicht vor' does where no time follows.
        let opens_time = || times.iter().any(|time| time.span.start == line.tokens.items[at].span.start);
        let order = line.hit(at, Section::Order).filter(|_| opens_time());
        let phrases = line.hit(at, Section::Affirmation).into_iter().chain(order);
        covered = phrases.map(|hit| at + hit.len).fold(covered, usize::max);
        if at >= covered && negation.is_none() {
            negation = line.hit(at, Section::Negation).map(|hit| span(hit.len));
        }
    }
    (negation, denial)
}
