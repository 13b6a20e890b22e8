//! Negation and reported denial.

use std::ops::Range;

use super::lexicon::Section;
use super::line::Line;
use super::time::TimeExpr;

/// Farthest that a negation stands from the word of denial that it turns round, in tokens.
const REACH: usize = 4;

/// Where the first negation and the first reported denial stand, in a line with these times.
pub(crate) fn polarity(line: &Line, times: &[TimeExpr]) -> (Option<Range<usize>>, Option<Range<usize>>) {
    let (mut negation, mut denial) = (None, None);
    let mut covered = 0;
    let tokens = 0..line.tokens.len();
    let affirmed: Vec<Range<usize>> =
        tokens.clone().filter_map(|at| turned(line, at, line.hit(at, Section::Denial)?.len)).collect();
    for at in tokens {
        let span = |len: usize| line.tokens.span(at, at + len);
        let affirms = affirmed.iter().any(|words| words.contains(&at));
        if !affirms {
            denial = denial.or_else(|| line.hit(at, Section::Denial).map(|hit| span(hit.len)));
        }
        // 'not only' and 'not before' negate nothing; German 'nicht vor' does where no time follows.
        let opens_time = || times.iter().any(|time| time.span.start == line.tokens.items[at].span.start);
        let order = line.hit(at, Section::Order).filter(|_| opens_time());
        let phrases = line.hit(at, Section::Affirmation).into_iter().chain(order);
        covered = phrases.map(|hit| at + hit.len).fold(covered, usize::max);
        if at >= covered && !affirms && negation.is_none() {
            let negated = || holds_negation(line, at).then_some(1);
            negation = line.hit(at, Section::Negation).map(|hit| hit.len).or_else(negated).map(span);
        }
    }
    (negation, denial)
}

/// The denial of `len` tokens at `at` with the negation that turns it round, where there is one: 'did not deny' denies
/// nothing.
pub(crate) fn turned(line: &Line, at: usize, len: usize) -> Option<Range<usize>> {
    let end = at + len;
    if is_affirmed(line, at) {
        return Some(at..end);
    }
    // 'nie potwierdza' has its negation already.
    if line.has(at, Section::Negation) {
        return None;
    }
    if let Some(first) = negated_from(line, at) {
        return Some(first..end);
    }
    // 'wies die Vorwürfe nicht zurück', 'wies das nicht von sich'.
    let inside = (at + 1..end).take_while(|&i| line.is_word(i)).find(|&i| negates(line, i) && end - i <= 3);
    inside.or_else(|| negated_behind(line, end)).map(|last| at..end.max(last + 1))
}

/// The first of the negations right before `at`, auxiliaries, adverbs and articles in between aside.
fn negated_from(line: &Line, at: usize) -> Option<usize> {
    let links = |i: usize| {
        let stop = line.hit(i, Section::Stop);
        stop.is_some_and(|hit| matches!(hit.entry.key.as_str(), "adverb" | "auxiliary" | "passive" | "article"))
    };
    let (mut start, mut first) = (at, None);
    while start > 0 && at - start < REACH {
        let negation = line.ending(start, Section::Negation).filter(|(from, _)| negates(line, *from));
        start = match negation {
            Some((from, _)) => from,
            None if links(start - 1) => start - 1,
            None => break,
        };
        first = negation.map(|(from, _)| from).or(first);
    }
    first
}

/// Whether a negation stands right before the word at `at`, which holds none itself.
pub(crate) fn is_negated(line: &Line, at: usize) -> bool {
    !line.has(at, Section::Negation) && negated_from(line, at).is_some()
}

/// The negation of a German verb that ends at `end`: 'bestritt nicht, dass', 'bestritt die Vorwürfe nicht'.
fn negated_behind(line: &Line, end: usize) -> Option<usize> {
    if !line.lexicon.capital_nouns {
        return None;
    }
    let inside = |i: usize| line.is_word(i) && !line.has(i, Section::Clause);
    let found = (end..end + REACH).take_while(|&i| inside(i)).find(|&i| negates(line, i))?;
    // 'bestritt ohne Zögern'.
    let without = line.hit(found, Section::Stop).is_some_and(|hit| hit.entry.key == "preposition");
    (!without && (found == end || !inside(found + 1))).then_some(found)
}

/// Whether a negation begins at `at` that is no part of 'not only', 'not until' and the like.
fn negates(line: &Line, at: usize) -> bool {
    line.has(at, Section::Negation) && !line.has(at, Section::Order) && !is_affirmed(line, at)
}

/// Whether the word at `at` is a verb with its negation inside: Czech 'nepřišla', Turkish 'gelmedi'. 'nepopřel' does
/// not deny.
fn holds_negation(line: &Line, at: usize) -> bool {
    /// Letters.
    const SHORTEST: usize = 5;
    let word = line.tokens.folded(at);
    if !line.is_word(at) || line.tokens.items[at].capital || word.chars().count() < SHORTEST {
        return false;
    }
    line.lexicon.negated_verbs.iter().any(|(beginning, ending)| {
        let verb = word.strip_prefix(beginning.as_str()).filter(|verb| verb.ends_with(ending.as_str()));
        let denies = |verb: &str| !line.lexicon.beginnings(verb, Section::Denial).is_empty();
        verb.is_some_and(|verb| verb.len() > ending.len() && !denies(verb))
    })
}

/// Whether `at` stands in a phrase that only looks like a negation.
fn is_affirmed(line: &Line, at: usize) -> bool {
    let covers = |start: usize| line.hit(start, Section::Affirmation).is_some_and(|hit| start + hit.len > at);
    (at.saturating_sub(REACH)..=at).any(covers)
}
