//! Phrases that may name somebody, cut out of a line without a grammar: by marks, function words and word lists.

use std::ops::Range;

use super::lexicon::{Hit, Section};
use super::line::Line;
use super::name;

/// Longest phrase, in tokens.
const LONGEST: usize = 9;

/// Reads phrases of a line.
pub(crate) struct Phrases<'l, 'a> {
    pub line: &'l Line<'a>,
    /// Tokens that belong to a time.
    pub taken: &'l [bool],
}

impl Phrases<'_, '_> {
    /// A noun phrase from `from` on, before `limit`; with `prepositional`, a preposition may stand first.
    pub fn phrase(&self, from: usize, limit: usize, prepositional: bool) -> Option<Range<usize>> {
        let line = self.line;
        let mut start = from;
        while start < limit {
            let stop = self.stop(start);
            let length = stop.map_or(1, |hit| hit.len);
            let skipped = match stop.map(|hit| hit.entry.key.as_str()) {
                // 'on Friday' says when, not who.
                Some("preposition" | "of") => prepositional || self.taken.get(start + length) == Some(&true),
                Some(key) => key != "article",
                None => false,
            };
            if !skipped && !self.taken[start] {
                break;
            }
            start += if skipped { length } else { 1 };
        }
        if start >= limit || self.stop(start).is_some_and(|hit| hit.entry.key == "preposition") {
            return None;
        }
        let longest = limit.min(start + LONGEST);
        let end = (start..longest).find(|&at| self.ends(at, start)).unwrap_or(longest);
        let content = |at: &usize| line.is_word(*at) && self.stop(*at).is_none();
        let last = (start..end).rev().find(|at| content(at) || line.has(*at, Section::Pronoun))?;
        Some(start..last + 1)
    }

    /// Whether a phrase from `start` on ends before `at`.
    fn ends(&self, at: usize, start: usize) -> bool {
        let line = self.line;
        let raw = line.tokens.raw(at);
        if !line.is_word(at) {
            let joint = line.tokens.is_dash(at) || matches!(raw, "." | "/" | "&" | "'" | "’");
            let bound = line.tokens.joined(at + 1) || matches!(raw, "-" | "'" | "’");
            let inside = joint && line.tokens.joined(at) && (bound || (at > start && self.abbreviates(at)));
            let quote = matches!(raw, "„" | "“" | "”" | "«" | "»" | "\"");
            return !(inside || (line.literal(at).is_some() && at == start) || (quote && at > start));
        }
        let reporting = line.has(at, Section::Verb) || line.has(at, Section::Denial);
        let opens = at > start && self.is_stop(at, "opens") && !self.is_stop(at - 1, "and");
        let goes_on = self.stop(at).is_none_or(|hit| matches!(hit.entry.key.as_str(), "of" | "article" | "and"));
        let capital = |at: usize| line.tokens.items[at].capital;
        let verb = at > start && reporting && !capital(at);
        // 'nach Ansicht von Analysten sinkt …': in German, adjectives stand before their noun. The first word of all may be one.
        let noun = |at: usize| line.lexicon.capital_nouns && capital(at) && at > 0 && self.stop(at).is_none();
        let behind = at > start && noun(at - 1) && !capital(at) && self.stop(at).is_none();
        self.taken[at] || line.has(at, Section::Clause) || !goes_on || opens || verb || behind
    }

    /// The part of a phrase that names somebody, where the clause goes on behind it without a comma: `Według wojewody` of
    /// `Według wojewody zapora runęła`; `None` where nothing in it does.
    pub fn named_part(&self, phrase: &Range<usize>) -> Option<Range<usize>> {
        let line = self.line;
        let speaks = |at: usize| line.has(at, Section::Speaker) || line.has(at, Section::Pronoun);
        let named = |at: usize| speaks(at) || line.tokens.items[at].capital || name::place(line, at).is_some();
        let passed = |at: usize| {
            let title = line.has(at, Section::NotName) || line.has(at, Section::Title);
            let joined = self.stop(at).is_some() || self.stop(at - 1).is_some() || self.abbreviates(at + 1);
            !line.is_word(at) || named(at) || title || joined
        };
        let head = phrase.clone().find(|&at| named(at))?;
        let end = (head + 1..phrase.end).find(|&at| !passed(at)).unwrap_or(phrase.end);
        let last = (head..end).rev().find(|&at| line.is_word(at) && self.stop(at).is_none())?;
        Some(phrase.start..last + 1)
    }

    /// Whether the phrase opens with an article that no subject has: `einen Bericht`, `τις κατηγορίες`.
    pub fn is_object(&self, phrase: &Range<usize>) -> bool {
        self.is_stop(phrase.start, "object")
    }

    /// Whether the phrase names whom something was told: `za Tanjug`.
    pub fn is_told(&self, phrase: &Range<usize>) -> bool {
        phrase.start > 0 && self.is_stop(phrase.start - 1, "told")
    }

    /// The phrase behind the one who is told, from `from` on and before `limit`: `uvedla pro ČT mluvčí policie`.
    pub fn behind_told(&self, from: usize, limit: usize) -> Option<Range<usize>> {
        let aside = |at: usize| self.is_stop(at, "auxiliary") || self.is_stop(at, "adverb");
        let told = (from..limit).find(|&at| !aside(at)).filter(|&at| self.is_stop(at, "told"))?;
        let start = told + 2;
        let named = name::is_name(self.line, told + 1);
        self.phrase(start, limit, false).filter(|phrase| named && phrase.start == start)
    }

    /// Whether the phrase has a noun, a name or a pronoun, as far as capital letters tell.
    pub fn holds_noun(&self, phrase: &Range<usize>) -> bool {
        let mut tokens = phrase.clone().map(|at| &self.line.tokens.items[at]);
        !self.line.lexicon.capital_nouns || tokens.any(|token| token.capital) || self.names_speaker(phrase)
    }

    /// Whether the verb at `at`, `length` tokens long, in a clause from `start` on, is suffered: `wurde gestern abgelehnt`.
    /// With `werden`, a German participle in -t is, an infinitive is not.
    pub fn is_passive(&self, at: usize, length: usize, start: usize) -> bool {
        let links = |i: &usize| self.is_stop(*i, "and") || self.is_stop(*i, "conjunction");
        let from = (start..at).rev().find(links).unwrap_or(start);
        let participle = self.line.tokens.folded(at).ends_with('t');
        let suffers = |i: usize| self.is_stop(i, "suffers") || (participle && self.is_stop(i, "suffers -t"));
        let behind = (at + length..self.line.tokens.len()).take(2).take_while(|&i| !self.is_border(i));
        (from..at).chain(behind).any(suffers)
    }

    /// The phrase of whoever does what is suffered, before `at`: `von der Regierung`.
    pub fn agent(&self, start: usize, at: usize) -> Option<Range<usize>> {
        let by = (start..at).find(|&i| self.is_stop(i, "by"))?;
        self.phrase(by, at, true)
    }

    fn is_stop(&self, at: usize, key: &str) -> bool {
        self.line.all(at).iter().any(|hit| hit.entry.section == Section::Stop && hit.entry.key == key)
    }

    /// Whether the full stop at `at` ends an abbreviation or initial that a name follows: `Mr. Smith`, `prof. dr. Kos`.
    fn abbreviates(&self, at: usize) -> bool {
        /// Letters.
        const LONGEST: usize = 6;
        /// In a row, as in `prof. dr. sc. Horvat`.
        const MOST: usize = 3;
        let (line, tokens) = (self.line, &self.line.tokens);
        let short = |at: usize| line.is_word(at) && tokens.folded(at).chars().count() <= LONGEST;
        let ends = |dot: &usize| tokens.raw(*dot) == "." && tokens.joined(*dot) && short(*dot - 1);
        let named = |dot: usize| line.is_word(dot + 1) && tokens.items[dot + 1].capital;
        (at..).step_by(2).take(MOST).take_while(ends).any(named)
    }

    /// The name right before `at`, behind words that are no part of it: `Sa sličnim žarom Kremlj niječe`.
    pub fn name_before(&self, start: usize, at: usize) -> Option<Range<usize>> {
        // A German verb has one phrase before it, and if that has a preposition the subject follows.
        if self.line.lexicon.capital_nouns {
            return None;
        }
        let last = (start..at).rev().find(|i| self.stop(*i).is_none())?;
        let named = |i: &usize| self.names_speaker(&(*i..*i + 1)) && !self.taken[*i];
        let first = (start..=last).rev().take_while(named).last()?;
        Some(first..last + 1)
    }

    /// The first token of the clause that `at` stands in.
    pub fn clause_start(&self, at: usize) -> usize {
        let border = |i: &usize| self.is_border(*i) || self.line.has(*i, Section::Clause);
        (0..at).rev().find(border).map_or(0, |i| i + 1)
    }

    /// Whether a mark at `at` parts clauses.
    pub fn is_border(&self, at: usize) -> bool {
        let tokens = &self.line.tokens;
        match tokens.raw(at) {
            "," | ":" | ";" | "(" | ")" | "…" | "?" | "!" => true,
            "\"" | "„" | "“" | "”" | "«" | "»" | "‘" | "’" => true,
            // A hyphen clings to the word before it.
            "-" | "‑" => !tokens.joined(at),
            "—" => true,
            _ => tokens.is_dash(at) && !(tokens.joined(at) && tokens.joined(at + 1)),
        }
    }

    pub fn opens_clause(&self, at: usize) -> bool {
        at == 0 || self.is_border(at - 1) || self.line.has(at - 1, Section::Clause)
    }

    /// Whether nothing of the clause is left from `at` on, times aside.
    pub fn closes(&self, at: usize) -> bool {
        let end = at + 1 >= self.line.tokens.len();
        end || self.is_border(at) || self.line.has(at, Section::Clause) || self.taken[at]
    }

    /// The function word at `at`; an initial is none: `В. Путин`.
    pub fn stop(&self, at: usize) -> Option<Hit<'static>> {
        self.line.hit(at, Section::Stop).filter(|_| !self.is_initial(at))
    }

    /// Whether the letter at `at` stands for a name.
    fn is_initial(&self, at: usize) -> bool {
        let letter = self.line.tokens.folded(at).chars().count() == 1;
        letter && self.line.tokens.items[at].capital && self.abbreviates(at + 1)
    }

    /// Whether the phrase holds a name, a pronoun or a noun that speaks.
    pub fn names_speaker(&self, phrase: &Range<usize>) -> bool {
        let line = self.line;
        phrase.clone().any(|at| {
            let name = at > 0 && name::is_name(line, at) && !line.lexicon.capital_nouns;
            let listed = [Section::Speaker, Section::Pronoun].into_iter().any(|section| line.has(at, section));
            name || listed || name::place(line, at).is_some()
        })
    }
}
