//! Lines that an outlet prints on most of its pages: furniture that no list of phrases knows.

use std::collections::{HashMap, HashSet};

use super::looks::{fingerprint, words};
use super::{Kind, Segment};
use crate::article::Article;

/// Fewest articles of an outlet that tell anything about its pages.
const FEWEST: usize = 3;
/// Words from which on a line that recurs is rather a paragraph on the background of the news.
const LONGEST: usize = 30;
/// Sentences from which on an article's beginning is over.
const BEGINNING: usize = 20;

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
        let begin = |&position: &usize| beginning(&articles[position].text, &segments[position]);
        let leads = leads(&positions.iter().map(begin).collect::<Vec<_>>());
        let pages = leads.iter().collect::<HashSet<_>>().len();
        let mut lines: HashMap<u64, HashSet<u64>> = HashMap::new();
        for (&position, &lead) in positions.iter().zip(&leads) {
            let text = &articles[position].text;
            for segment in segments[position].iter().filter(|segment| is_short_line(text, segment)) {
                lines.entry(fingerprint(&text[segment.span.clone()])).or_default().insert(lead);
            }
        }
        let recurs = |line: u64| {
            let on = lines.get(&line).map_or(0, HashSet::len);
            on >= FEWEST && on * 2 > pages
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

/// The first sentences of running prose of an article, or its first segment where it has none.
fn beginning(text: &str, segments: &[Segment]) -> Vec<u64> {
    let prose = |segment: &&Segment| segment.kind == Kind::Sentence && words(&text[segment.span.clone()]) >= 8;
    let print = |segment: &Segment| fingerprint(&text[segment.span.clone()]);
    let sentences: Vec<u64> = segments.iter().filter(prose).take(BEGINNING).map(print).collect();
    if sentences.is_empty() { segments.first().map(print).into_iter().collect() } else { sentences }
}

/// The sentence by which each of an outlet's articles is known: its first one that most of them do not begin with, too.
///
/// Versions of one article have most of their sentences in common, and are known by the first of all.
fn leads(beginnings: &[Vec<u64>]) -> Vec<u64> {
    let mut holders: HashMap<u64, usize> = HashMap::new();
    for sentence in beginnings.iter().flat_map(|sentences| sentences.iter().collect::<HashSet<_>>()) {
        *holders.entry(*sentence).or_default() += 1;
    }
    let own = |sentence: &&u64| holders[*sentence] * 2 <= beginnings.len();
    let lead = |sentences: &Vec<u64>| {
        let version = sentences.iter().filter(own).count() * 2 < sentences.len();
        let lead = if version { sentences.first() } else { sentences.iter().find(own) };
        lead.copied().unwrap_or(0)
    };
    beginnings.iter().map(lead).collect()
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
