//! Splits an article into [`Segment`]s that tile its text, and tells sentences from the furniture of the page.
//!
//! Lines end a segment unless a text was wrapped at a fixed width; within a block, a logistic model decides at every
//! candidate mark from its shape and from word lists (`abbreviations/`), which a speaker can extend.

mod borders;
mod language;
mod lines;
mod looks;
mod pages;
mod phrases;
mod recurring;
mod shape;
#[cfg(test)]
mod tests;
mod weights;

use std::ops::Range;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::article::Article;
use language::Language;
pub(crate) use looks::stands_without_spaces;
use pages::Line;
use phrases::Phrases;

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
    /// Why it cannot carry a claim (`repeated`, `recurring`, `share`, `related`, `byline`, …); `None` where it may.
    pub dropped: Option<&'static str>,
}

/// Cuts a text into segments that tile it, in order, with only white space between them; `language` is a code such as `pl`.
pub fn split(text: &str, language: &str) -> Vec<Segment> {
    let (lists, phrases) = (Language::of(language), Phrases::of(language));
    let mut spans = Vec::with_capacity(text.len() / 100 + 1);
    let mut lines = Vec::new();
    for block in lines::blocks(text) {
        let first = spans.len();
        borders::sentences(text, block.span.clone(), lists, &mut spans);
        lines.push(Line { span: block.span, gap: block.gap, segments: first..spans.len() });
    }
    let verdicts = pages::classify(text, &lines, &spans, lists, phrases);
    let segments = spans.into_iter().zip(verdicts).enumerate();
    segments.map(|(index, (span, (kind, dropped)))| Segment { index, span, kind, dropped }).collect()
}

/// Segments of every article of a corpus, in order; lines that most pages of an outlet hold are dropped as `recurring`.
pub fn split_corpus(articles: &[Article]) -> Vec<Vec<Segment>> {
    let mut segments: Vec<_> = articles.par_iter().map(|article| split(&article.text, &article.language)).collect();
    recurring::drop_recurring(articles, &mut segments);
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
            found.push(Candidate { end, features: weights::names(shape) });
            borders.contains(&end)
        });
    }
    found
}
