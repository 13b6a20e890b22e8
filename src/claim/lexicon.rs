//! Word lists of a language: plain files that a speaker can extend, read into a letter tree.
//!
//! A file holds sections (`[scale]`) with lines `value = pattern, pattern, …`. A pattern is one word or several; a word
//! that ends in `*` stands for all words that begin so, `…` for up to seven words in between, `;` for a comma that may
//! stand there. `#` starts a comment.
//! The value `none` takes back a word that `common.txt` has, such as `ha`, which is no hectare in Italian.
//! Serbian is written in Latin letters in its file; each pattern holds in Cyrillic too.

use std::sync::OnceLock;

use super::section::SECTIONS;
pub(crate) use super::section::Section;
use super::token::{Habits, Shape, Tokens};
use super::transliterate;

/// A line's value for one pattern.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub section: Section,
    /// The value as written.
    pub key: String,
    /// Lower and upper end where the value is a number.
    pub low: f64,
    pub high: f64,
    rest: Vec<Pattern>,
}

impl Entry {
    /// Whether the pattern has a gap for other words.
    pub fn gapped(&self) -> bool {
        self.rest.contains(&Pattern::Gap)
    }
}

#[derive(Debug, Clone, PartialEq)]
enum Pattern {
    Word(String),
    Stem(String),
    Gap,
    Comma,
}

#[derive(Debug, Default)]
struct Node {
    children: Vec<(u8, u32)>,
    words: Vec<u32>,
    stems: Vec<u32>,
}

/// The words of one language.
#[derive(Debug)]
pub(crate) struct Lexicon {
    /// Whether the decimal mark is a comma.
    pub comma: bool,
    /// Whether number words of this language are written together.
    pub glued: bool,
    /// Whether this language writes nouns with a capital.
    pub capital_nouns: bool,
    /// Whether only a capital tells weekdays from other words: Greek `Τρίτη` is Tuesday, `τρίτη` third.
    pub capital_days: bool,
    /// Whether this language writes months small.
    pub small_months: bool,
    /// Whether articles and prepositions lose their vowel and cling to the next word: `l'Iran`.
    pub elided: bool,
    /// Whether a day stands behind its month: `May 5`, `május 5-én`.
    pub day_last: bool,
    /// Case endings, longest first.
    pub endings: Vec<String>,
    /// Beginning and ending of verbs that hold their negation.
    pub negated_verbs: Vec<(String, String)>,
    entries: Vec<Entry>,
    nodes: Vec<Node>,
    /// Lines that could not be read; a test keeps it empty.
    pub problems: Vec<String>,
}

/// An entry found in a sentence: `len` tokens from `token` on.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Hit<'l> {
    pub len: usize,
    pub entry: &'l Entry,
}

const COMMON: &str = include_str!("words/common.txt");
/// Of languages with a decimal comma that have no file.
const OTHER: &str = include_str!("words/other.txt");
const FILES: [(&str, &str); 21] = [
    ("bg", include_str!("words/bg.txt")),
    ("cs", include_str!("words/cs.txt")),
    ("de", include_str!("words/de.txt")),
    ("el", include_str!("words/el.txt")),
    ("en", include_str!("words/en.txt")),
    ("es", include_str!("words/es.txt")),
    ("fr", include_str!("words/fr.txt")),
    ("hr", CROATIAN),
    ("hu", include_str!("words/hu.txt")),
    ("it", include_str!("words/it.txt")),
    ("nl", include_str!("words/nl.txt")),
    ("pl", include_str!("words/pl.txt")),
    ("pt", include_str!("words/pt.txt")),
    ("ro", include_str!("words/ro.txt")),
    ("ru", include_str!("words/ru.txt")),
    ("sk", include_str!("words/sk.txt")),
    ("sl", include_str!("words/sl.txt")),
    ("sr", include_str!("words/sr.txt")),
    ("sv", include_str!("words/sv.txt")),
    ("tr", include_str!("words/tr.txt")),
    ("uk", include_str!("words/uk.txt")),
];
/// Serbian reads it as well, in both alphabets.
const CROATIAN: &str = include_str!("words/hr.txt");
/// Languages whose articles lose a vowel before another.
const ELIDED: [&str; 2] = ["fr", "it"];
/// Languages that write months small; Portuguese and Turkish do both.
const SMALL_MONTHS: [&str; 16] =
    ["bg", "cs", "es", "fr", "hr", "hu", "it", "nl", "pl", "ro", "ru", "sk", "sl", "sr", "sv", "uk"];
/// Languages that write a decimal point; all others get the comma.
const POINT: [&str; 27] = [
    "en", "zh", "ja", "ko", "he", "th", "hi", "bn", "ta", "te", "ur", "ms", "ga", "cy", "mt", "sw", "am", "ti", "mr",
    "ne", "pa", "gu", "kn", "ml", "si", "my", "tl",
];

/// Each list is read when its language is first met; the last two, little more than marks, are for the languages without
/// a file: with a decimal comma, and with a point.
static LEXICONS: [OnceLock<Lexicon>; FILES.len() + 2] = [const { OnceLock::new() }; FILES.len() + 2];

/// The word lists for a language, those that all share where it has none.
pub(crate) fn of(language: &str) -> &'static Lexicon {
    let short = language.split(['-', '_']).next().unwrap_or_default();
    let known = match short {
        "bs" | "sh" | "hbs" | "srp" | "bos" => "sr",
        "eng" => "en",
        "ell" => "el",
        "deu" => "de",
        "pol" => "pl",
        "hrv" => "hr",
        "fra" => "fr",
        "ita" => "it",
        "spa" => "es",
        "por" => "pt",
        "rus" => "ru",
        "ukr" => "uk",
        other => other,
    };
    let point = usize::from(POINT.contains(&known));
    let at = FILES.iter().position(|(language, _)| *language == known).unwrap_or(FILES.len() + point);
    LEXICONS[at].get_or_init(|| match FILES.get(at) {
        Some((language @ "sr", file)) => Lexicon::read(language, &[COMMON, CROATIAN, file]),
        Some((language, file)) => Lexicon::read(language, &[COMMON, file]),
        None if point == 1 => Lexicon::read("zh", &[COMMON]),
        None => Lexicon::read("", &[COMMON, OTHER]),
    })
}

impl Lexicon {
    fn read(language: &str, files: &[&str]) -> Self {
        let comma = !POINT.contains(&language);
        let mut lexicon = Lexicon {
            comma,
            glued: false,
            capital_nouns: language == "de",
            capital_days: language == "el",
            small_months: SMALL_MONTHS.contains(&language),
            elided: ELIDED.contains(&language),
            day_last: !comma || language == "hu",
            endings: Vec::new(),
            negated_verbs: Vec::new(),
            entries: Vec::new(),
            nodes: vec![Node::default()],
            problems: Vec::new(),
        };
        for file in files {
            let mut section = None;
            for line in file.lines().map(|line| line.split('#').next().unwrap_or_default().trim()) {
                if line.is_empty() {
                    continue;
                }
                if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
                    section = SECTIONS.iter().find(|(known, _)| *known == name).map(|(_, section)| *section);
                }
                match (section, line.split_once('=')) {
                    (Some(section), Some((value, patterns))) => {
                        for pattern in patterns.split(',').map(str::trim) {
                            lexicon.add(section, value.trim(), pattern);
                            if language == "sr" {
                                lexicon.add(section, value.trim(), &transliterate::to_cyrillic(pattern));
                            }
                        }
                    }
                    (Some(_), None) if line.starts_with('[') => {}
                    _ => lexicon.problems.push(format!("{language}: {line}")),
                }
            }
        }
        lexicon.endings.sort_by(|a, b| b.len().cmp(&a.len()).then(a.cmp(b)));
        lexicon
    }

    fn add(&mut self, section: Section, key: &str, pattern: &str) {
        if section == Section::Ending {
            self.endings.push(Tokens::read(pattern, Habits::default()).folded(0).to_owned());
            return;
        }
        if section == Section::NegatedVerb {
            let ending = Tokens::read(pattern, Habits::default()).folded(0).to_owned();
            self.negated_verbs.push((key.trim_matches('-').to_owned(), ending));
            return;
        }
        let mut patterns = parse_pattern(pattern, self.elided);
        let range = number_value(key);
        let numeric = matches!(section, Section::Number | Section::One | Section::Scale | Section::MoneyScale)
            || matches!(section, Section::Fraction | Section::Ordinal | Section::Month | Section::Weekday);
        let revoked = key == "none";
        let bare = matches!(patterns.first(), None | Some(Pattern::Gap | Pattern::Comma));
        if bare || (numeric && range.is_none() && !revoked) {
            self.problems.push(format!("{key} = {pattern}"));
            return;
        }
        let first = patterns.remove(0);
        self.glued |= section == Section::Glue;
        let (low, high) = range.unwrap_or_default();
        let index = self.entries.len() as u32;
        self.entries.push(Entry { section, key: key.to_owned(), low, high, rest: patterns });
        let (Pattern::Word(text) | Pattern::Stem(text)) = &first else {
            return;
        };
        let mut node = 0;
        for byte in text.bytes() {
            node = match self.nodes[node].children.iter().find(|(b, _)| *b == byte) {
                Some(&(_, next)) => next as usize,
                None => {
                    self.nodes.push(Node::default());
                    let next = self.nodes.len() - 1;
                    self.nodes[node].children.push((byte, next as u32));
                    next
                }
            };
        }
        if revoked {
            let entries = &self.entries;
            self.nodes[node].words.retain(|&known| entries[known as usize].section != section);
            return;
        }
        match first {
            Pattern::Word(_) => self.nodes[node].words.push(index),
            _ => self.nodes[node].stems.push(index),
        }
    }

    /// Calls `found` with every entry that begins at token `at`.
    pub fn hits<'l>(&'l self, tokens: &Tokens, at: usize, mut found: impl FnMut(Hit<'l>)) {
        let word = tokens.folded(at).as_bytes();
        self.walk(word, |depth, node| {
            let whole = if depth == word.len() { node.words.as_slice() } else { &[] };
            for &index in whole.iter().chain(&node.stems) {
                let entry = &self.entries[index as usize];
                if let Some(len) = rest_length(&entry.rest, tokens, at + 1) {
                    found(Hit { len: len + 1, entry });
                }
            }
        });
    }

    /// One-word entries of `section` that `word` consists of or begins with: length in bytes, and entry.
    pub fn beginnings(&self, word: &str, section: Section) -> Vec<(usize, &Entry)> {
        let mut found = Vec::new();
        self.walk(word.as_bytes(), |depth, node| {
            let entries = node.words.iter().chain(&node.stems).map(|&index| &self.entries[index as usize]);
            found.extend(entries.filter(|e| e.section == section && e.rest.is_empty()).map(|e| (depth, e)));
        });
        found
    }

    fn walk<'l>(&'l self, word: &[u8], mut visit: impl FnMut(usize, &'l Node)) {
        let mut node = &self.nodes[0];
        for (depth, byte) in word.iter().enumerate() {
            match node.children.iter().find(|(b, _)| b == byte) {
                Some(&(_, next)) => node = &self.nodes[next as usize],
                None => return,
            }
            visit(depth + 1, node);
        }
    }
}

/// How many tokens the rest of a pattern takes from `at` on.
fn rest_length(rest: &[Pattern], tokens: &Tokens, at: usize) -> Option<usize> {
    const GAP: usize = 7;
    let Some((pattern, behind)) = rest.split_first() else {
        return Some(0);
    };
    match pattern {
        Pattern::Gap => (0..=GAP).find_map(|skip| rest_length(behind, tokens, at + skip).map(|len| len + skip)),
        Pattern::Comma => {
            let passed = usize::from(tokens.raw(at) == ",");
            Some(passed + rest_length(behind, tokens, at + passed)?)
        }
        Pattern::Word(word) if tokens.folded(at) == word => Some(1 + rest_length(behind, tokens, at + 1)?),
        Pattern::Stem(stem) if tokens.folded(at).starts_with(stem.as_str()) => {
            Some(1 + rest_length(behind, tokens, at + 1)?)
        }
        _ => None,
    }
}

fn parse_pattern(text: &str, elided: bool) -> Vec<Pattern> {
    // Each word by itself: an apostrophe belongs to it (`n' … plus`) only where no space follows.
    text.split_whitespace().flat_map(|word| parse_word(word, elided)).collect()
}

fn parse_word(text: &str, elided: bool) -> Vec<Pattern> {
    let tokens = Tokens::read(text, Habits { elided, ..Habits::default() });
    let mut patterns = Vec::new();
    for index in 0..tokens.len() {
        match tokens.raw(index) {
            "…" => patterns.push(Pattern::Gap),
            ";" => patterns.push(Pattern::Comma),
            "*" if tokens.joined(index) && tokens.is(index - 1, Shape::Word) => {
                if let Some(Pattern::Word(word)) = patterns.pop() {
                    patterns.push(Pattern::Stem(word));
                }
            }
            _ => patterns.push(Pattern::Word(tokens.folded(index).to_owned())),
        }
    }
    patterns
}

/// Reads `14`, `3..9` or `~20` (a tenth more or less), with or without `!` behind.
fn number_value(text: &str) -> Option<(f64, f64)> {
    let text = text.trim_end_matches('!');
    if let Some(about) = text.strip_prefix('~') {
        let value: f64 = about.parse().ok()?;
        return Some((value * 0.9, value * 1.1));
    }
    match text.split_once("..") {
        Some((low, high)) => Some((low.parse().ok()?, high.parse().ok()?)),
        None => text.parse().ok().map(|value| (value, value)),
    }
}
