//! Splits an article into [`Segment`]s that tile its text, and tells sentences from the furniture of the page.
//!
//! Lines end a segment unless a text was wrapped at a fixed width; within a block, a logistic model decides at every
//! candidate mark from its shape and from word lists (`abbreviations/`), which a speaker can extend.

mod borders;
mod furniture;
mod language;
mod lines;
mod phrases;
mod shape;

use std::ops::Range;

use serde::{Deserialize, Serialize};

use furniture::Line;
use language::Language;

/// What a segment of the page is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Running prose.
    Sentence,
    /// Title or subheading.
    Headline,
    /// Author, agency, place line or time stamp.
    Byline,
    /// Text of a picture, or its credit.
    Caption,
    /// 'See also' lists, share buttons, comments, cookie notices, advertisements, repeated lines.
    Boilerplate,
}

/// A stretch of an article's text: `&article.text[span]` is exactly what is quoted, without white space around it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Segment {
    /// Position among the article's segments, from 0.
    pub index: usize,
    /// Byte range into the article's text.
    pub span: Range<usize>,
    /// What it is.
    pub kind: Kind,
    /// Why it cannot carry a claim (`repeated`, `share`, `related`, `byline`, …); `None` where it may.
    pub dropped: Option<&'static str>,
}

/// Cuts a text into segments that tile it, in order, with only white space between them, and gives each its kind.
///
/// `language` is an ISO 639 code; for languages without lists, the marks and the shapes of words decide.
pub fn split(text: &str, language: &str) -> Vec<Segment> {
    let words = Language::of(language);
    let mut spans = Vec::with_capacity(text.len() / 100 + 1);
    let mut lines = Vec::new();
    for block in lines::blocks(text) {
        let first = spans.len();
        let (line, gap) = (&text[block.span.clone()], block.gap);
        borders::sentences(text, block.span, words, &mut spans);
        lines.push(Line::new(line, first..spans.len(), gap));
    }
    let segment = |(index, span)| Segment { index, span, kind: Kind::Sentence, dropped: None };
    let mut segments: Vec<Segment> = spans.into_iter().enumerate().map(segment).collect();
    furniture::mark(&lines, &mut segments, language);
    segments
}

/// A candidate border of a text, as the model of sentence borders sees it; for training.
#[derive(Debug)]
pub struct Candidate {
    /// Byte where a sentence would end.
    pub end: usize,
    /// Names of the features that hold, as in the weights file.
    pub features: Vec<String>,
}

/// The candidate borders of a text, every one decided as `borders` (bytes where sentences end) says.
pub fn candidates(text: &str, language: &str, borders: &std::collections::HashSet<usize>) -> Vec<Candidate> {
    let mut found = Vec::new();
    for block in lines::blocks(text) {
        borders::scan(text, block.span, Language::of(language), |shape, end| {
            found.push(Candidate { end, features: borders::names(shape) });
            borders.contains(&end)
        });
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    const PROBES: [(&str, &str); 5] = [
        ("pl", include_str!("../../tests/probes/pl.jsonl")),
        ("hr", include_str!("../../tests/probes/hr.jsonl")),
        ("el", include_str!("../../tests/probes/el.jsonl")),
        ("de", include_str!("../../tests/probes/de.jsonl")),
        ("en", include_str!("../../tests/probes/en.jsonl")),
    ];

    #[test]
    fn at_least_80_of_the_90_probes_of_news_phenomena_are_split_right() {
        let (mut right, mut all) = (0, 0);
        for (language, file) in PROBES {
            for line in file.lines() {
                let probe: serde_json::Value = serde_json::from_str(line).unwrap();
                let text = probe["text"].as_str().unwrap();
                let chars = |byte: usize| text[..byte].chars().count() as u64;
                let found: Vec<_> =
                    split(text, language).iter().map(|s| (chars(s.span.start), chars(s.span.end))).collect();
                let gold = probe["sentences"].as_array().unwrap().iter();
                let gold: Vec<_> = gold.map(|p| (p[0].as_u64().unwrap(), p[1].as_u64().unwrap())).collect();
                right += usize::from(found == gold);
                all += 1;
            }
        }
        assert!(right >= 80, "{right} of {all}");
    }

    #[test]
    fn segments_and_white_space_tile_any_text() {
        let alphabet: Vec<char> = "aZ9 .!?…;:,-–\n\r\t\"„”«»()α;ж。؟\u{2028}\u{a0}\u{301}😀".chars().collect();
        let mut state = 1u64;
        for length in 0..600 {
            let mut text = String::new();
            for _ in 0..length % 90 {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                text.push(alphabet[(state >> 33) as usize % alphabet.len()]);
            }
            let mut end = 0;
            for (number, segment) in split(&text, ["el", "pl", "xx"][length % 3]).iter().enumerate() {
                assert_eq!(segment.index, number);
                assert!(text[end..segment.span.start].trim().is_empty(), "{text:?}");
                assert!(!segment.span.is_empty() && text[segment.span.clone()].trim() == &text[segment.span.clone()]);
                end = segment.span.end;
            }
            assert!(text[end..].trim().is_empty(), "{text:?}");
        }
    }

    #[test]
    fn the_page_around_the_text_carries_no_claims() {
        let page = "Most w Zarzeczu zamknięty po wichurze\nAnna Kowal\n12 czerwca 2023, 07:45\nFot. archiwum\n\n\
            Most zamknięto w nocy z powodu silnego wiatru. Naprawa potrwa dwa tygodnie.\n\nCo dalej\n\n\
            Kierowcy muszą korzystać z objazdu przez sąsiednią wieś.\n\nUdostępnij na Facebooku\nCzytaj także:\n\
            Remont dworca opóźni się o rok\nNowe ceny biletów od lipca\n";
        let segments = split(page, "pl");
        let kept: Vec<&str> = segments.iter().filter(|s| s.dropped.is_none()).map(|s| &page[s.span.clone()]).collect();
        assert_eq!(
            kept,
            [
                "Most w Zarzeczu zamknięty po wichurze",
                "Most zamknięto w nocy z powodu silnego wiatru.",
                "Naprawa potrwa dwa tygodnie.",
                "Kierowcy muszą korzystać z objazdu przez sąsiednią wieś.",
            ]
        );
    }
}
