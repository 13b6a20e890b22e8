//! Who asserts what a sentence says: sources named after 'according to', and subjects of verbs of reporting.

use std::ops::Range;

use super::lexicon::Section;
use super::line::Line;
use super::name;
use super::phrase::Phrases;
use super::polarity;
use super::token::Shape;
use super::{Speaker, Stance};

/// Farthest from the start of its sentence or its verb that a subject begins, in tokens.
const REACH: usize = 64;

/// The speaker of the line, if it is not the outlet itself.
pub(crate) fn speaker(line: &Line, taken: &[bool], language: &str) -> Option<Speaker> {
    let reader = Reader { line, phrases: Phrases { line, taken }, quoted: quoted(line) };
    let mut best: Option<Found> = None;
    let mut clause = 0;
    for at in 0..line.tokens.len() {
        if reader.phrases.opens_clause(at) {
            clause = at;
        }
        // What is quoted says nothing about who speaks.
        if reader.quoted[at] {
            continue;
        }
        let start = clause.max(at.saturating_sub(REACH));
        let found =
            [reader.source(at), reader.source_behind(at, start), reader.subject(at, start), reader.headline(at)];
        for candidate in found.into_iter().flatten() {
            if best.as_ref().is_none_or(|known| candidate.weight > known.weight) {
                best = Some(candidate);
            }
        }
    }
    let Found { phrase, stance, .. } = best.filter(|found| found.weight > 0)?;
    let key = key(line, &phrase, language);
    let named = phrase.len() > 1 || !line.has(phrase.start, Section::Pronoun);
    Some(Speaker { span: line.tokens.span(phrase.start, phrase.end), stance, key, named })
}

/// A phrase that may name the speaker, and how far it can be trusted: 0 (not at all) to 4.
struct Found {
    phrase: Range<usize>,
    stance: Stance,
    weight: u8,
}

struct Reader<'l, 'a> {
    line: &'l Line<'a>,
    phrases: Phrases<'l, 'a>,
    /// Tokens inside a quotation.
    quoted: Vec<bool>,
}

impl Reader<'_, '_> {
    /// `according to the police`, `laut Polizei`, `zdaniem ISW`.
    fn source(&self, at: usize) -> Option<Found> {
        let hit = self.line.hit(at, Section::Source)?;
        let (next, end) = (at + hit.len, self.line.tokens.len());
        let key = hit.entry.key.as_str();
        let phrase = match key {
            "self" => at..next,
            // 'z ujawnionych materiałów wynika': between the words of the pattern.
            "inside" => (hit.len > 2).then_some(at + 1..next - 1)?,
            // 'the White House, according to which': before the comma.
            _ if self.line.has(next, Section::Clause) && at > 1 => {
                let start = self.phrases.clause_start(at - 1);
                let nearest = self.phrases.name_before(start, at - 1);
                nearest.or_else(|| self.phrases.phrase(start, at - 1, false))?
            }
            "weak" => self.phrases.phrase(next, end, true)?,
            _ => {
                let phrase = self.phrases.phrase(next, end, true)?;
                let last = at > 0 && phrase.end + 1 >= end;
                let closed = last && (self.phrases.opens_clause(at) || !self.line.lexicon.comma);
                if closed || self.phrases.is_border(phrase.end) || self.line.lexicon.capital_nouns {
                    phrase
                } else {
                    self.phrases.named_part(&phrase).or_else(|| last.then_some(phrase))?
                }
            }
        };
        let named = key == "self" || self.phrases.names_speaker(&phrase);
        let opens = self.phrases.opens_clause(at);
        let closes = self.phrases.closes(phrase.end.max(next));
        if key != "self" && !self.phrases.holds_noun(&phrase) {
            return None;
        }
        let weight = match key {
            // 'prema', 'so', 'κατά' have other meanings as well.
            "weak" if !(opens && named && closes) => 0,
            "tail" if !(opens && closes && at > 0) => 0,
            "weak" => 2,
            _ if named => 4,
            _ => 3,
        };
        Some(Found { phrase, stance: Stance::Says, weight })
    }

    /// `der Polizei zufolge`, in a clause from `start` on.
    fn source_behind(&self, at: usize, start: usize) -> Option<Found> {
        self.line.hit(at, Section::SourceAfter)?;
        let behind = |from: usize| {
            self.phrases.phrase(from, at, true).filter(|phrase| phrase.end == at && self.phrases.holds_noun(phrase))
        };
        let phrase = (start..at).find_map(behind)?;
        Some(Found { phrase, stance: Stance::Says, weight: 3 })
    }

    /// The subject of a verb of reporting at `at`, in a clause from `start` on.
    fn subject(&self, at: usize, start: usize) -> Option<Found> {
        let (line, phrases) = (self.line, &self.phrases);
        let denial = line.hit(at, Section::Denial);
        let hit = denial.or_else(|| line.hit(at, Section::Verb))?;
        // 'das Versprechen'
        if line.lexicon.capital_nouns && line.tokens.items[at].capital && !phrases.opens_clause(at) {
            return None;
        }
        // 'rast se očekuje', a rise is expected.
        if line.ending(at + hit.len, Section::Verb).is_some_and(|(_, phrase)| phrase.entry.key == "impersonal") {
            return None;
        }
        // 'despite fears that' holds no verb, 'were told' no subject that tells.
        let before = at.checked_sub(1).and_then(|before| phrases.stop(before)).map(|hit| hit.entry.key.as_str());
        if matches!(before, Some("preposition" | "passive")) {
            return None;
        }
        let key = hit.entry.key.as_str();
        let stance = match denial {
            // 'did not deny' denies nothing.
            Some(hit) if polarity::turned(line, at, hit.len).is_some() => Stance::Says,
            Some(_) => Stance::Denies,
            None => match stance(key.trim_end_matches(['<', '>']))? {
                Stance::Confirms if polarity::is_negated(line, at) => Stance::Denies,
                stance => stance,
            },
        };
        if phrases.is_passive(at, hit.len, start) {
            let phrase = phrases.agent(start, at).filter(|phrase| phrases.names_speaker(phrase))?;
            return Some(Found { phrase, stance, weight: 3 });
        }
        let prepositional = key.ends_with('<');
        // The subject may stand inside a verb of two words: 'teilte die Polizei mit'.
        let gapped = hit.entry.gapped();
        let from = if gapped { at + 1 } else { at + hit.len };
        let ahead = phrases.phrase(start, at, prepositional).or_else(|| phrases.name_before(start, at));
        // 'Inspectors warned the ministry': behind the verb stands whom they warned.
        let addressed = key.ends_with('>') && ahead.is_some();
        if addressed && !self.tells(from) {
            return None;
        }
        let limit = match (addressed, gapped) {
            (true, _) => from,
            (false, true) => at + hit.len - 1,
            (false, false) => line.tokens.len(),
        };
        // 'and called it a lie': the subject stands further back.
        let linked =
            at > 0 && phrases.stop(at - 1).is_some_and(|hit| matches!(hit.entry.key.as_str(), "and" | "conjunction"));
        let acts = |phrase: &Range<usize>| phrases.holds_noun(phrase) && (prepositional || !phrases.is_object(phrase));
        let left = ahead.filter(|phrase| !linked && acts(phrase) && !phrases.is_told(phrase));
        let right =
            phrases.phrase(from, limit, prepositional).or_else(|| phrases.behind_told(from, limit)).filter(acts);
        let first = phrases.phrase(0, at.min(REACH), false).filter(|phrase| !self.quoted[phrase.start] && acts(phrase));
        let strong = |phrase: &Option<Range<usize>>| phrase.as_ref().is_some_and(|p| phrases.names_speaker(p));
        // English turns round only short clauses: ', said the minister.'
        let inverts = line.lexicon.comma;
        let closed = right.as_ref().is_some_and(|phrase| {
            gapped || (phrases.closes(phrase.end) && (inverts || !line.has(phrase.end, Section::Clause)))
        });
        let parenthetical = phrases.opens_clause(at) && (closed || inverts);
        // 'Tusk oskarżył Kota', 'Песков отрицает вину России': who opens the sentence acts.
        let aimed = inverts && !line.lexicon.capital_nouns && (denial.is_some() || key == "accuses");
        let opens = aimed
            && left.as_ref().is_some_and(|phrase| self.opens_alone(phrase, at))
            && right.as_ref().is_none_or(|phrase| !self.is_agent(phrase, denial.is_some()));
        let place = || [phrases.phrase(from, limit, true), phrases.phrase(start, at, true)].into_iter().find(strong);
        let (phrase, weight) = if opens || strong(&left) {
            (left, 3)
        } else if strong(&right) && (inverts || parenthetical) {
            (right, 3)
        } else if strong(&first) {
            (first, 2)
        } else if parenthetical && right.is_some() {
            (right, 2)
        } else if left.is_some() {
            (left, 1)
        } else {
            (place()?, 2)
        };
        Some(Found { phrase: phrase?, stance, weight })
    }

    /// Whether `phrase`, of names only, opens its clause, and nothing of weight stands between it and the verb at `at`.
    fn opens_alone(&self, phrase: &Range<usize>, at: usize) -> bool {
        let names = phrase.clone().all(|i| name::is_name(self.line, i));
        names && self.phrases.opens_clause(phrase.start) && (phrase.end..at).all(|i| self.is_aside(i))
    }

    /// Whether a phrase behind a verb names who accuses or, with `denies`, who denies, rather than whom or what:
    /// `odmítl bývalý ministr`, but `odmítl slova Fialy`.
    fn is_agent(&self, phrase: &Range<usize>, denies: bool) -> bool {
        let kind = |at: usize| self.line.hit(at, Section::Speaker).map(|hit| hit.entry.key.as_str());
        let (first, second) = (kind(phrase.start), kind(phrase.start + 1).filter(|_| phrase.len() > 1));
        if !denies {
            return matches!(first, Some("police" | "prosecutor" | "court"));
        }
        let named = first != Some("document") && self.phrases.names_speaker(&(phrase.start..phrase.start + 1));
        let whose = ["document", "media", "source", "government", "prosecutor"];
        named || second.is_some_and(|kind| !whose.contains(&kind))
    }

    /// Whether the word at `at` belongs to a time or is an adverb or auxiliary.
    fn is_aside(&self, at: usize) -> bool {
        let key = self.phrases.stop(at).map(|hit| hit.entry.key.as_str());
        self.phrases.taken.get(at) == Some(&true) || matches!(key, Some("adverb" | "auxiliary" | "passive"))
    }

    /// Whether what follows from `from` on can be what was said, not only who was told: a clause, a quote, 'about …'.
    fn tells(&self, from: usize) -> bool {
        const NEAR: usize = 9;
        let (line, phrases) = (self.line, &self.phrases);
        let key = |at: usize| phrases.stop(at).map(|hit| hit.entry.key.as_str());
        let next = (from..from + NEAR).find(|&at| !self.is_aside(at));
        next.is_none_or(|at| {
            let clause = |i: usize| phrases.is_border(i) || line.has(i, Section::Clause);
            !line.is_word(at) || key(at) == Some("preposition") || (at..at + NEAR).any(clause)
        })
    }

    /// `Moscow: we do not give in`: a headline that opens with who says it.
    fn headline(&self, at: usize) -> Option<Found> {
        const LONGEST: usize = 5;
        let tokens = &self.line.tokens;
        if tokens.raw(at) != ":" || !(1..=LONGEST).contains(&at) || at + LONGEST > tokens.len() {
            return None;
        }
        let phrase = self.phrases.phrase(0, at, false).filter(|phrase| phrase.end == at)?;
        let named = self.phrases.names_speaker(&phrase);
        named.then_some(Found { phrase, stance: Stance::Says, weight: 1 })
    }
}

/// Which tokens are quoted speech: what stands in quotation marks, names such as „Offene Urne“ aside.
fn quoted(line: &Line) -> Vec<bool> {
    const LONGEST_NAME: usize = 3;
    let tokens = &line.tokens;
    let is_mark = |at: &usize| matches!(tokens.raw(*at), "„" | "“" | "”" | "«" | "»" | "\"");
    let mut bounds: Vec<usize> = (0..tokens.len()).filter(is_mark).collect();
    // The end of what an earlier sentence began to quote.
    if bounds.first().is_some_and(|&first| closes_quotation(line, first)) {
        bounds.insert(0, 0);
    }
    let mut quoted = vec![false; tokens.len()];
    for pair in bounds.chunks(2) {
        let (from, to) = (pair[0], pair.get(1).copied().unwrap_or(tokens.len()));
        let words = (from..to).filter(|&at| line.is_word(at)).count();
        if words > LONGEST_NAME || matches!(tokens.raw(to - 1), "," | "." | "?" | "!" | "…") {
            quoted[from..to].fill(true);
        }
    }
    quoted
}

/// Whether the quotation mark at `at`, the first of its sentence, ends a quotation.
fn closes_quotation(line: &Line, at: usize) -> bool {
    let tokens = &line.tokens;
    let opens = tokens.joined(at + 1) && !tokens.is(at + 1, Shape::Mark);
    at > 0 && !opens && (tokens.joined(at) || tokens.raw(at) == "»")
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

/// The last name in the phrase, else the kind of speaker, else its last word.
fn key(line: &Line, phrase: &Range<usize>, language: &str) -> String {
    let kind = phrase.clone().find_map(|at| line.hit(at, Section::Speaker));
    let named = phrase.clone().rev().find(|&at| name::is_name(line, at) && !line.has(at, Section::Speaker));
    let named = named.map(|at| name::place_around(line, at).unwrap_or(at));
    match (named, kind) {
        (Some(at), None) => name::key(line, at, language),
        (Some(at), Some(_)) if !line.lexicon.capital_nouns => name::key(line, at, language),
        (_, Some(hit)) => hit.entry.key.clone(),
        (None, None) => name::key(line, phrase.end - 1, language),
    }
}
