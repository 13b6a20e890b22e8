//! Who asserts what a sentence says: sources named after 'according to', and subjects of verbs of reporting.

use std::ops::Range;

use super::lexicon::{Hit, Section};
use super::line::Line;
use super::name;
use super::{Speaker, Stance};

/// Longest phrase that names a speaker, in tokens.
const LONGEST: usize = 9;

/// The speaker of the line, if it is not the outlet itself.
pub(crate) fn speaker(line: &Line, taken: &[bool], language: &str) -> Option<Speaker> {
    let reader = Reader { line, taken };
    let mut best: Option<Found> = None;
    for at in 0..line.tokens.len() {
        let found = [reader.source(at), reader.source_behind(at), reader.subject(at)];
        for candidate in found.into_iter().flatten() {
            if best.as_ref().is_none_or(|known| candidate.weight > known.weight) {
                best = Some(candidate);
            }
        }
    }
    let Found { phrase, stance, .. } = best.filter(|found| found.weight > 0)?;
    let key = reader.key(&phrase, language);
    Some(Speaker { span: line.tokens.span(phrase.start, phrase.end), stance, key })
}

/// A phrase that may name the speaker, and how far it can be trusted: 0 (not at all) to 4.
struct Found {
    phrase: Range<usize>,
    stance: Stance,
    weight: u8,
}

struct Reader<'l, 'a> {
    line: &'l Line<'a>,
    taken: &'l [bool],
}

impl Reader<'_, '_> {
    /// `according to the police`, `laut Polizei`, `zdaniem ISW`.
    fn source(&self, at: usize) -> Option<Found> {
        let hit = self.line.hit(at, Section::Source)?;
        let (phrase, behind) = match hit.entry.key.as_str() {
            "self" => (at..at + hit.len, at + hit.len),
            "inside" => {
                let last = at + hit.len - 1;
                (self.phrase(at + 1, last, true)?, last + 1)
            }
            _ => {
                let phrase = self.phrase(at + hit.len, self.line.tokens.len(), true)?;
                let behind = phrase.end;
                (phrase, behind)
            }
        };
        let named = self.is_speaker(&phrase) || hit.entry.key == "self";
        let opens = self.opens_clause(at);
        let closes = self.closes(behind);
        let weight = match hit.entry.key.as_str() {
            // 'prema', 'so', 'κατά' have other meanings as well.
            "weak" if !(opens && (named || closes)) => 0,
            "tail" if !(opens && closes && at > 0) => 0,
            "weak" => 2,
            _ if named => 4,
            _ => 3,
        };
        Some(Found { phrase, stance: Stance::Says, weight })
    }

    /// `der Polizei zufolge`.
    fn source_behind(&self, at: usize) -> Option<Found> {
        self.line.hit(at, Section::SourceAfter)?;
        let phrase = self.phrase(self.clause_start(at), at, true)?;
        Some(Found { phrase, stance: Stance::Says, weight: 3 })
    }

    /// The subject of a verb of reporting at `at`.
    fn subject(&self, at: usize) -> Option<Found> {
        let line = self.line;
        let verb = line.hit(at, Section::Verb);
        let denial = line.hit(at, Section::Denial);
        let hit = if denial.is_some() { denial } else { verb }?;
        let stance = if denial.is_some() { Stance::Denies } else { stance(hit.entry.key.trim_end_matches('<'))? };
        let prepositional = hit.entry.key.ends_with('<');
        // The subject may stand inside a verb of two words: 'teilte die Polizei mit'.
        let from = if hit.entry.gapped() { at + 1 } else { at + hit.len };
        let limit = if hit.entry.gapped() { at + hit.len - 1 } else { line.tokens.len() };
        let left = self.phrase(self.clause_start(at), at, prepositional);
        let right = self.phrase(from, limit, prepositional);
        let strong = |phrase: &Option<Range<usize>>| phrase.as_ref().is_some_and(|p| self.is_speaker(p));
        let closed = right.as_ref().is_some_and(|phrase| hit.entry.gapped() || self.closes(phrase.end));
        let marked = at == 0 || self.opens_clause(at);
        let inverts = line.lexicon.comma;
        let weight = |strong: bool, sure, weak| if strong { sure } else { weak };
        let (phrase, weight) = if left.is_some() && (strong(&left) || !(inverts && strong(&right))) {
            let sure = strong(&left);
            (left?, weight(sure, 3, 1))
        } else if right.is_some() && (closed || inverts) && (marked || inverts) {
            let sure = strong(&right);
            (right?, weight(sure, 3, if marked && closed { 2 } else { 1 }))
        } else {
            let first = self.phrase(0, at, false);
            let sure = strong(&first);
            (first?, weight(sure, 2, 0))
        };
        Some(Found { phrase, stance, weight })
    }

    /// The first token of the clause that `at` stands in.
    fn clause_start(&self, at: usize) -> usize {
        let border = |i: &usize| self.is_border(*i) || self.line.has(*i, Section::Clause);
        (0..at).rev().find(border).map_or(0, |i| i + 1)
    }

    /// Whether a mark at `at` parts clauses.
    fn is_border(&self, at: usize) -> bool {
        let tokens = &self.line.tokens;
        let raw = tokens.raw(at);
        let hyphen = tokens.is_dash(at) && tokens.joined(at) && tokens.joined(at + 1);
        !hyphen
            && (tokens.is_dash(at)
                || matches!(raw, "," | ":" | ";" | "(" | ")" | "…" | "\"" | "„" | "“" | "”" | "«" | "»" | "‘" | "’"))
            || matches!(raw, "?" | "!")
    }

    fn opens_clause(&self, at: usize) -> bool {
        at == 0 || self.is_border(at - 1) || self.line.has(at - 1, Section::Clause)
    }

    fn closes(&self, at: usize) -> bool {
        let end = at + 1 >= self.line.tokens.len();
        end || self.is_border(at) || self.line.has(at, Section::Clause) || self.taken[at]
    }

    /// A noun phrase from `from` on, before `limit`; with `prepositional`, a preposition may stand first.
    fn phrase(&self, from: usize, limit: usize, prepositional: bool) -> Option<Range<usize>> {
        let line = self.line;
        let mut start = from;
        loop {
            let word = self.stop(start);
            let skipped = match word.map(|hit| hit.entry.key.as_str()) {
                Some("preposition" | "of") => prepositional,
                Some("article") => false,
                Some(_) => true,
                None => false,
            };
            if start >= limit {
                return None;
            } else if self.taken[start] && !prepositional {
                start += 1;
            } else if skipped {
                start += word.map_or(1, |hit| hit.len);
            } else {
                break;
            }
        }
        if self.stop(start).is_some_and(|hit| hit.entry.key == "preposition") {
            return None;
        }
        let end = (start..limit.min(start + LONGEST))
            .find(|&at| self.ends_phrase(at, start))
            .unwrap_or(limit.min(start + LONGEST));
        let content = |at: &usize| line.is_word(*at) && self.stop(*at).is_none();
        let last = (start..end).rev().find(|at| content(at) || line.has(*at, Section::Pronoun))?;
        Some(start..last + 1)
    }

    fn ends_phrase(&self, at: usize, start: usize) -> bool {
        let line = self.line;
        if !line.is_word(at) {
            let inside = line.tokens.joined(at + 1)
                && (line.tokens.is_dash(at) || matches!(line.tokens.raw(at), "." | "/" | "&"));
            let quote = matches!(line.tokens.raw(at), "„" | "“" | "«" | "»" | "\"");
            return !(inside || line.literal(at).is_some() || (quote && at > start));
        }
        let stop = self.stop(at).map(|hit| hit.entry.key.as_str());
        let goes_on = matches!(stop, None | Some("of" | "article" | "and"));
        let verb = at > start
            && (line.has(at, Section::Verb) || line.has(at, Section::Denial))
            && !line.tokens.items[at].capital;
        self.taken[at] || line.has(at, Section::Clause) || !goes_on || verb
    }

    fn stop(&self, at: usize) -> Option<Hit<'static>> {
        self.line.hit(at, Section::Stop)
    }

    /// Whether the phrase holds a name, a pronoun or a noun that speaks.
    fn is_speaker(&self, phrase: &Range<usize>) -> bool {
        phrase.clone().any(|at| {
            let name = at > 0 && self.line.tokens.items[at].capital && !self.line.lexicon.capital_nouns;
            name || self.line.has(at, Section::Speaker)
                || self.line.has(at, Section::Pronoun)
                || self.line.has(at, Section::Place)
        })
    }

    /// The last name in the phrase, else the kind of speaker, else its last word.
    fn key(&self, phrase: &Range<usize>, language: &str) -> String {
        let line = self.line;
        let named = phrase.clone().rev().find(|&at| name::is_name(line, at) && !line.has(at, Section::Speaker));
        let kind = phrase.clone().find_map(|at| line.hit(at, Section::Speaker));
        match (named, kind) {
            (Some(at), kind) if !line.lexicon.capital_nouns || kind.is_none() => name::key(line, at, language),
            (_, Some(hit)) => hit.entry.key.clone(),
            _ => name::key(line, phrase.end - 1, language),
        }
    }
}

fn stance(key: &str) -> Option<Stance> {
    Some(match key {
        "says" => Stance::Says,
        "confirms" => Stance::Confirms,
        "denies" => Stance::Denies,
        "accuses" => Stance::Accuses,
        "promises" => Stance::Promises,
        "expects" => Stance::Expects,
        _ => return None,
    })
}
