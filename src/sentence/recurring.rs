//! Lines that an outlet prints on most of its pages: furniture that no list of phrases knows.

use std::collections::{HashMap, HashSet};

use super::looks::{fingerprint, words};
use super::{Kind, Segment};
use crate::article::Article;

/// Fewest articles of an outlet that tell anything about its pages.
const FEWEST: usize = 3;
/// Words from which on a line that recurs is rather a paragraph on the background of the news.
const LONGEST: usize = 30;

/// Drops lines that stand on at least [`FEWEST`] pages of an outlet and on more than half of them, as `recurring`.
///
/// Versions of one article, which begin with the same sentence, count as one page; articles without an outlet as none.
pub(super) fn drop_recurring(articles: &[Article], segments: &mut [Vec<Segment>]) {
    let mut outlets: HashMap<&str, Vec<usize>> = HashMap::new();
    for (position, article) in articles.iter().enumerate() {
        if let Some(outlet) = &article.outlet {
            outlets.entry(outlet).or_default().push(position);
        }
    }
    for positions in outlets.values().filter(|positions| positions.len() >= FEWEST) {
        let mut pages: HashSet<u64> = HashSet::new();
        let mut lines: HashMap<u64, HashSet<u64>> = HashMap::new();
        for &position in positions {
            let text = &articles[position].text;
            let lead = lead(text, &segments[position]);
            pages.insert(lead);
            for segment in segments[position].iter().filter(|segment| is_short_line(text, segment)) {
                lines.entry(fingerprint(&text[segment.span.clone()])).or_default().insert(lead);
            }
        }
        let recurs = |line: u64| {
            let on = lines.get(&line).map_or(0, HashSet::len);
            on >= FEWEST && on * 2 > pages.len()
        };
        for &position in positions {
            let text = &articles[position].text;
            for segment in segments[position].iter_mut().filter(|segment| is_short_line(text, segment)) {
                if recurs(fingerprint(&text[segment.span.clone()])) {
                    (segment.kind, segment.dropped) = (Kind::Boilerplate, Some("recurring"));
                }
            }
        }
    }
}

/// What an article begins with: its first sentence of running prose.
fn lead(text: &str, segments: &[Segment]) -> u64 {
    let prose = |segment: &&Segment| segment.kind == Kind::Sentence && words(&text[segment.span.clone()]) >= 8;
    let first = segments.iter().find(prose).or(segments.first());
    first.map_or(0, |segment| fingerprint(&text[segment.span.clone()]))
}

/// Whether a segment that may carry a claim is a short line of its own.
fn is_short_line(text: &str, segment: &Segment) -> bool {
    let line_end = |c: char| matches!(c, '\n' | '\r' | '\u{2028}' | '\u{2029}');
    let space = |c: char| c.is_whitespace() && !line_end(c);
    let (before, after) = (&text[..segment.span.start], &text[segment.span.end..]);
    let (before, after) = (before.trim_end_matches(space), after.trim_start_matches(space));
    segment.dropped.is_none()
        && (before.is_empty() || before.ends_with(line_end))
        && (after.is_empty() || after.starts_with(line_end))
        && words(&text[segment.span.clone()]) < LONGEST
}
