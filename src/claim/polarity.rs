//! Negation and reported denial.

use std::ops::Range;

use super::lexicon::Section;
use super::line::Line;

/// Where the first negation and the first reported denial stand.
pub(crate) fn polarity(line: &Line) -> (Option<Range<usize>>, Option<Range<usize>>) {
    let (mut negation, mut denial) = (None, None);
    let mut covered = 0;
    for at in 0..line.tokens.len() {
        let span = |len: usize| line.tokens.span(at, at + len);
        denial = denial.or_else(|| line.hit(at, Section::Denial).map(|hit| span(hit.len)));
        // 'not only' and 'not before' negate nothing.
        let phrases = [Section::Affirmation, Section::Order].into_iter().filter_map(|section| line.hit(at, section));
        covered = phrases.map(|hit| at + hit.len).fold(covered, usize::max);
        if at >= covered && negation.is_none() {
            negation = line.hit(at, Section::Negation).map(|hit| span(hit.len));
        }
    }
    (negation, denial)
}
