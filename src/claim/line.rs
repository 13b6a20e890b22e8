//! A tokenized sentence with every word-list entry found in it.

use super::lexicon::{Hit, Lexicon, Section};
use super::literal::{self, Literal};
use super::token::{Habits, Shape, Tokens};

/// A sentence as the readers of numbers, times, speakers and names see it.
pub(crate) struct Line<'a> {
    pub tokens: Tokens<'a>,
    pub lexicon: &'static Lexicon,
    hits: Vec<Hit<'static>>,
    starts: Vec<u32>,
}

impl<'a> Line<'a> {
    pub fn read(text: &'a str, lexicon: &'static Lexicon, language: &str) -> Self {
        let spaced = lexicon.comma && !language.starts_with("de");
        let tokens = Tokens::read(text, Habits { spaced, elided: lexicon.elided });
        let mut hits = Vec::with_capacity(tokens.len());
        let mut starts = Vec::with_capacity(tokens.len() + 1);
        for at in 0..tokens.len() {
            starts.push(hits.len() as u32);
            lexicon.hits(&tokens, at, |hit| hits.push(hit));
        }
        starts.push(hits.len() as u32);
        Line { tokens, lexicon, hits, starts }
    }

    /// Everything that begins at token `at`.
    pub fn all(&self, at: usize) -> &[Hit<'static>] {
        match (self.starts.get(at), self.starts.get(at + 1)) {
            (Some(&from), Some(&to)) => &self.hits[from as usize..to as usize],
            _ => &[],
        }
    }

    /// The longest entry of `section` at token `at`; whole words and longer stems come last and win.
    pub fn hit(&self, at: usize, section: Section) -> Option<Hit<'static>> {
        self.all(at).iter().filter(|hit| hit.entry.section == section).max_by_key(|hit| hit.len).copied()
    }

    /// Whether an entry of `section` begins at `at`.
    pub fn has(&self, at: usize, section: Section) -> bool {
        self.all(at).iter().any(|hit| hit.entry.section == section)
    }

    /// Whether an entry of `section` ends right before token `at`; with its first token.
    pub fn ending(&self, at: usize, section: Section) -> Option<(usize, Hit<'static>)> {
        (1..=4.min(at)).rev().find_map(|back| {
            let found = self.all(at - back).iter().find(|hit| hit.entry.section == section && hit.len == back)?;
            Some((at - back, *found))
        })
    }

    /// The number literal at `at`.
    pub fn literal(&self, at: usize) -> Option<Literal> {
        if !self.tokens.is(at, Shape::Number) {
            return None;
        }
        literal::read(self.tokens.folded(at), self.lexicon.comma)
    }

    /// The digits at `at` as a whole number.
    pub fn digits(&self, at: usize) -> Option<i64> {
        if self.tokens.is(at, Shape::Number) { self.tokens.folded(at).parse().ok() } else { None }
    }

    /// `at`, or the token behind it where it is this mark.
    pub fn skip(&self, at: usize, mark: &str) -> usize {
        if self.tokens.raw(at) == mark { at + 1 } else { at }
    }

    pub fn is_word(&self, at: usize) -> bool {
        self.tokens.is(at, Shape::Word)
    }
}
