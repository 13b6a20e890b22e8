//! Splits an article into [`Segment`]s that tile its text, and tells sentences from the furniture of the page.

use std::ops::Range;

use serde::{Deserialize, Serialize};

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
