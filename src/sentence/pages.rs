//! Tells the prose of an article from the furniture of its page, line by line.
//!
//! Prose starts with the first line that looks like a paragraph and ends with the last one and the short sentences
//! right behind it. Headline, author, time and pictures stand before it, subheadings and inserts between, lists of
//! other articles behind.

use std::collections::HashSet;
use std::ops::Range;

use super::Kind;
use super::borders::is_quoting;
use super::language::{Language, MONTH, STARTER};
use super::looks::{
    End, digits, end, fingerprint, fits, has_clock, is_date_around, is_digit, is_name, lower, opens_sentence, tells,
    tokens, words, words_of,
};
use super::phrases::{Phrases, Sign};

/// A line of the page with its segments.
pub(super) struct Line {
    /// Byte range into the text.
    pub span: Range<usize>,
    /// Whether an empty line, or the start of the text, comes before.
    pub gap: bool,
    /// Positions of its segments.
    pub segments: Range<usize>,
}

/// What a segment is, and why it cannot carry a claim.
pub(super) type Verdict = (Kind, Option<&'static str>);

const KEPT: Verdict = (Kind::Sentence, None);
const HEADING: Verdict = (Kind::Headline, Some("heading"));
const RELATED: Verdict = (Kind::Boilerplate, Some("related"));
const NOTICE: Verdict = (Kind::Boilerplate, Some("notice"));

/// Words of a line from which on it is running text although it has no full stop.
const LONG: usize = 18;
/// Most sentences of the notice of a correction; what is longer is an article that a notice opens.
const CORRECTION: usize = 6;

/// A page while it is being read.
struct Page<'a> {
    text: &'a str,
    language: &'a Language,
    phrases: &'a Phrases,
    lines: &'a [Line],
    looks: Vec<Look>,
    /// Lines from the first to the last that hold prose.
    prose: Range<usize>,
}

/// How a line looks.
struct Look {
    words: usize,
    end: End,
    /// Whether it looks like a paragraph.
    prose: bool,
    furniture: Option<Verdict>,
    /// What it is the heading or a button of.
    heads: Option<Sign>,
}

impl Look {
    fn is_paragraph(&self) -> bool {
        self.prose && self.furniture.is_none()
    }
}

/// One verdict for each of `segments`, which `lines` hold.
pub(super) fn classify(
    text: &str,
    lines: &[Line],
    segments: &[Range<usize>],
    language: &Language,
    phrases: &Phrases,
) -> Vec<Verdict> {
    let mut page = Page { text, language, phrases, lines, looks: Vec::with_capacity(lines.len()), prose: 0..0 };
    page.looks = lines.iter().map(|line| page.look(line)).collect();
    let comments = page.comments().unwrap_or(lines.len());
    for look in &mut page.looks[comments..] {
        look.furniture = Some(verdict(Sign::Comments));
    }
    let first = page.looks.iter().position(Look::is_paragraph);
    let last = page.looks.iter().rposition(Look::is_paragraph);
    page.prose = first.unwrap_or(lines.len())..last.map_or(lines.len(), |last| page.end_of_prose(last + 1));
    let mut verdicts = vec![KEPT; segments.len()];
    let mut headline = false;
    let mut listing = false;
    let mut seen = HashSet::new();
    for (index, line) in lines.iter().enumerate() {
        let look = &page.looks[index];
        listing &= !(look.prose && look.words >= 8 || index < page.prose.start && line.gap);
        let repeated = look.words >= 4 && !seen.insert(fingerprint(&text[line.span.clone()]));
        let verdict = match look.furniture {
            Some(verdict) => {
                listing |= look.heads == Some(Sign::Related);
                verdict
            }
            None if repeated => (Kind::Boilerplate, Some("repeated")),
            None if listing => RELATED,
            None if first.is_none() => KEPT,
            None if index < page.prose.start => page.above(index, &mut headline),
            None if index < page.prose.end => page.between(index),
            None => page.below(index),
        };
        let mut corrected = false;
        for at in line.segments.clone() {
            let segment = &text[segments[at].clone()];
            verdicts[at] = match verdict {
                KEPT if corrected => NOTICE,
                KEPT => page.sentence(segment),
                verdict => verdict,
            };
            // a notice in brackets ends with them
            corrected |= verdicts[at] == NOTICE
                && line.segments.end - at <= CORRECTION
                && !segment.starts_with('(')
                && page.corrects(segment);
            if verdict == (Kind::Headline, None) && segment.ends_with('?') {
                verdicts[at] = HEADING;
            }
        }
    }
    verdicts
}

impl Page<'_> {
    fn body(&self, line: &Line) -> &str {
        &self.text[line.span.clone()]
    }

    fn look(&self, line: &Line) -> Look {
        let body = self.body(line);
        let words = words(body);
        let end = end(self.uncredited(body));
        let sentences = line.segments.len();
        let prose = match end {
            End::Stop => words >= 5 || sentences > 1,
            End::Question => sentences > 2,
            End::Open => sentences > 2,
        };
        let (mut furniture, mut heads) = (None, None);
        if words <= 30 && sentences <= 2 {
            let lower = lower(body);
            // `12 comments`
            let named = lower.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, ' ' | '.' | ','));
            let mut signs = self.phrases.signs(named).filter(|&(sign, length)| {
                (named.len() == lower.len() || sign == Sign::Comments) && fits(sign, length, body, named, words, prose)
            });
            if self.is_time(body) {
                furniture = Some((Kind::Byline, Some("time")));
            } else if body.starts_with(['-', '–', '—']) && body.contains("(@") {
                furniture = Some(verdict(Sign::Byline));
            } else if let Some((sign, length)) = signs.next() {
                furniture = Some(verdict(sign));
                heads = (words_of(&named[length..]) < 3).then_some(sign);
            }
        } else if sentences <= CORRECTION && self.corrects(body) {
            furniture = Some(NOTICE);
        }
        Look { words, end, prose, furniture, heads }
    }

    /// The line from which on readers comment: the last heading of comments before the first button of a reply, where
    /// prose stands before it, and no more than a comment of it behind.
    fn comments(&self) -> Option<usize> {
        let reply = self.looks.iter().position(|look| look.heads == Some(Sign::Reply))?;
        let from = self.looks[..reply].iter().rposition(|look| look.heads == Some(Sign::Comments))?;
        let paragraphs = |lines: Range<usize>| self.looks[lines].iter().filter(|look| look.is_paragraph()).count();
        (paragraphs(0..from) > 0 && paragraphs(from..reply) <= 3).then_some(from)
    }

    /// Whether a text begins as the notice of a correction does.
    fn corrects(&self, text: &str) -> bool {
        self.phrases.may_start(text) && self.phrases.signs(&lower(text)).any(|(sign, _)| sign == Sign::Correction)
    }

    /// A line without the agency in brackets behind its last sentence, `… nobody. (AP)`; the credit of a picture stays.
    fn uncredited<'b>(&self, body: &'b str) -> &'b str {
        let opening = body.strip_suffix([')', '）']).and_then(|rest| rest.rfind(['(', '（']));
        let Some((sentence, credit)) = opening.map(|at| body.split_at(at)) else { return body };
        let of_picture = self.phrases.signs(&lower(credit)).any(|(sign, _)| sign == Sign::Caption);
        if words(credit) <= 4 && !of_picture && end(sentence) != End::Open { sentence } else { body }
    }

    /// Whether a line holds nothing but a date or a time, or a place and a whole date.
    fn is_time(&self, body: &str) -> bool {
        if body.chars().nth(100).is_some() || !body.contains(is_digit) {
            return false;
        }
        let dateline = |(place, date): (&str, &str)| {
            let whole = tokens(date).len() >= 3 && tokens(date).iter().any(|token| digits(token) == (4, 0));
            whole && (1..=2).contains(&words(place)) && is_name(place) && self.is_stamp(date)
        };
        let mut parted = [", ", "، ", " | ", " - ", " – ", " — "].into_iter().filter_map(|sign| body.split_once(sign));
        self.is_stamp(body) || parted.any(dateline)
    }

    /// Whether a text holds nothing but a date or a time.
    fn is_stamp(&self, body: &str) -> bool {
        let tokens = tokens(body);
        let mut dated = false;
        let mut others = Vec::new();
        for (at, token) in tokens.iter().enumerate() {
            let (digits, letters) = digits(token);
            let month = self.language.lookup(token) & MONTH != 0;
            dated |= digits == 4 || month || (digits > 0 && (body.contains(':') || body.contains('.')));
            if !(digits > 0 && letters <= 2 || month || self.phrases.is_time(&lower(token))) {
                others.push(at);
            }
        }
        dated && (others.is_empty() || !self.language.months && is_date_around(&tokens, &others, has_clock(body)))
    }

    /// Where prose ends whose last paragraph stands before line `from`: behind the short sentences that follow on it.
    fn end_of_prose(&self, from: usize) -> usize {
        let is_short_sentence = |at: &usize| {
            let look = &self.looks[*at];
            let stops = look.words >= 3 && look.end == End::Stop && look.furniture.is_none();
            stops && opens_sentence(self.body(&self.lines[*at]))
        };
        from + (from..self.lines.len()).take_while(is_short_sentence).count()
    }

    /// A line before the first paragraph.
    fn above(&self, index: usize, headline: &mut bool) -> Verdict {
        let (line, look) = (&self.lines[index], &self.looks[index]);
        let body = self.body(line);
        let credit = self.lines.get(index + 1).is_some_and(|next| !next.gap)
            && self.looks[index + 1].furniture.is_some_and(|(kind, _)| kind == Kind::Caption);
        if !*headline && look.words >= 3 {
            *headline = true;
            return if self.claims(body, look, 4) { (Kind::Headline, None) } else { HEADING };
        }
        match look.words {
            _ if credit && line.gap => (Kind::Caption, Some("caption")),
            words if words >= 10 => KEPT,
            _ if !*headline => (Kind::Boilerplate, Some("section")),
            words if body.starts_with('•') && tells(body, words) => KEPT,
            words if words <= 5 && is_name(body) => (Kind::Byline, Some("byline")),
            words if words >= 6 && self.claims(body, look, 6) => (Kind::Headline, None),
            _ => HEADING,
        }
    }

    /// A line between two paragraphs, or one of them.
    fn between(&self, index: usize) -> Verdict {
        let (line, look) = (&self.lines[index], &self.looks[index]);
        let body = self.body(line);
        let listed = body.starts_with(['-', '–', '—', '•', '*']);
        let item = listed || body.starts_with(['„', '"', '“', '«', '»']);
        match look.end {
            End::Stop => KEPT,
            End::Question if look.words > 8 || line.segments.len() > 1 || item => KEPT,
            End::Question => HEADING,
            End::Open if look.words > 12 || (item || body.ends_with(':')) && look.words >= 5 => KEPT,
            End::Open if listed && tells(body, look.words) => KEPT,
            End::Open if self.claims(body, look, 5) && self.names(line) => (Kind::Headline, None),
            End::Open => HEADING,
        }
    }

    /// A line after the last paragraph.
    fn below(&self, index: usize) -> Verdict {
        let look = &self.looks[index];
        let alone = index + 2 >= self.lines.len() && index == self.prose.end;
        match look.words {
            words if words >= LONG || (words >= 12 && alone) => KEPT,
            words if words >= 4 => RELATED,
            _ => (Kind::Boilerplate, Some("footer")),
        }
    }

    /// Whether a heading reads like a statement: long enough, and neither a question nor an explainer.
    fn claims(&self, body: &str, look: &Look, words: usize) -> bool {
        let lower = lower(body);
        let shouted = body
            .split_whitespace()
            .next()
            .is_some_and(|word| word.chars().count() > 1 && !word.contains(char::is_lowercase));
        let asks = self.phrases.signs(&lower).any(|(sign, _)| sign == Sign::Question);
        look.words >= words && look.end != End::Question && (!asks || shouted)
    }

    /// Whether a heading names what the article writes about: a capitalised word that stands inside its sentences, too.
    fn names(&self, line: &Line) -> bool {
        let starts = |word: &str| self.language.lookup(word) & STARTER != 0;
        let mut words = self.body(line).split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
        let Some(first) = words.next().filter(|first| !starts(first)) else {
            return false;
        };
        let above = &self.text[self.lines[self.prose.start].span.start..line.span.start];
        let below = &self.text[line.span.end..self.lines[self.prose.end - 1].span.end];
        let inside = |prose: &str, word: &str| {
            let goes_on = |c: char| c.is_alphanumeric() || c == ',';
            let head = |at: usize| prose[..at].strip_suffix(' ').is_some_and(|head| head.ends_with(goes_on));
            prose.match_indices(word).take(20).any(|(at, _)| head(at))
        };
        std::iter::once(first)
            .chain(words)
            .filter(|word| word.starts_with(char::is_uppercase) && word.len() > 2)
            .any(|word| inside(above, word) || inside(below, word))
    }

    /// Whether a segment is a question outside quotation marks, which states nothing.
    fn asks(&self, segment: &str) -> bool {
        let body = segment.trim_end_matches(['!', '！']);
        let asks = body.ends_with(['?', '？', '؟', '⁇', '⁈', '⁉', '፧', '\u{37E}']);
        // Armenian puts its mark inside the word
        let inside = self.language.armenian && body.contains('՞') && !body.contains(['«', '“', '"']);
        (asks || inside || self.language.greek && body.ends_with(';')) && !is_quoting(body)
    }

    /// A segment of a paragraph.
    fn sentence(&self, segment: &str) -> Verdict {
        // an abbreviation that stands alone is none
        if !segment.contains(char::is_alphabetic) || segment.ends_with('.') && words(segment) == 1 {
            return (Kind::Sentence, Some("fragment"));
        }
        if segment.starts_with(['(', '（']) && segment.ends_with([')', '）', '.']) && words(segment) <= 4 {
            return (Kind::Byline, Some("byline"));
        }
        if self.asks(segment) {
            return (Kind::Sentence, Some("question"));
        }
        if !self.phrases.may_start(segment) {
            return KEPT;
        }
        let (lower, words) = (lower(segment), words(segment));
        let sign = self.phrases.signs(&lower).find(|&(sign, length)| match sign {
            Sign::Notice | Sign::Label => fits(sign, length, segment, &lower, words, true),
            Sign::Caption => words <= 8 && lower[length..].starts_with(':'),
            Sign::Correction => true,
            _ => false,
        });
        sign.map_or(KEPT, |(sign, _)| verdict(sign))
    }
}

fn verdict(sign: Sign) -> Verdict {
    match sign {
        Sign::Share => (Kind::Boilerplate, Some("share")),
        Sign::Advertisement => (Kind::Boilerplate, Some("advertisement")),
        Sign::Comments | Sign::Reply => (Kind::Boilerplate, Some("comments")),
        Sign::Related => RELATED,
        Sign::Byline => (Kind::Byline, Some("byline")),
        Sign::Caption => (Kind::Caption, Some("caption")),
        Sign::Notice | Sign::Label | Sign::Correction => NOTICE,
        Sign::Question => HEADING,
    }
}
