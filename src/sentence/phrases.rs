//! Phrases by which the furniture of a page is known, per language, from plain text files that a speaker can extend.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use super::looks::fold;

/// What a phrase at the start of a line tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Sign {
    /// Buttons and invitations.
    Share,
    /// Advertisements and their marks.
    Advertisement,
    /// The comment box.
    Comments,
    /// A button below a reader's comment.
    Reply,
    /// Heading of a list of other articles.
    Related,
    /// Author, agency, source.
    Byline,
    /// Text or credit of a picture.
    Caption,
    /// Sentences about cookies, rights, terms.
    Notice,
    /// What an outlet takes back of an earlier version, in the sentences that follow as well.
    Correction,
    /// Names of such notices, which stand by themselves but open sentences of news as well.
    Label,
    /// A word that opens a question or an explainer.
    Question,
}

/// The phrases of one language and of English, which many pages mix in.
pub(super) struct Phrases {
    /// By first word: the rest of the phrase, and what it tells.
    signs: HashMap<String, Vec<(String, Sign)>>,
    /// Words of time stamps.
    time: HashSet<String>,
}

macro_rules! files {
    ($($code:literal)*) => { [$(($code, include_str!(concat!("pages/", $code, ".txt")))),*] };
}

static FILES: &[(&str, &str)] = &files!("bg" "cs" "da" "de" "el" "en" "es" "fi" "fr" "hr" "hu" "it" "nl" "no" "pl" "pt" "ro" "ru" "sk" "sl" "sr" "sv" "tr" "uk");
static ENGLISH: &str = include_str!("pages/en.txt");

static PHRASES: LazyLock<HashMap<&'static str, Phrases>> =
    LazyLock::new(|| FILES.iter().map(|(code, file)| (*code, read(file))).collect());
static OTHER: LazyLock<Phrases> = LazyLock::new(|| read(""));

impl Phrases {
    /// The phrases of a language by its code; those of English where it has none.
    pub fn of(code: &str) -> &'static Phrases {
        PHRASES.get(super::language::main_code(code)).unwrap_or(&OTHER)
    }

    /// Phrases that a line, folded, starts with: what they tell and their length in bytes.
    pub fn signs<'a>(&'a self, line: &'a str) -> impl Iterator<Item = (Sign, usize)> + 'a {
        let first = line.split(|c: char| !is_inner(c)).next().unwrap_or("");
        let found = self.signs.get(first).map_or(&[][..], Vec::as_slice);
        found.iter().filter_map(move |(rest, sign)| {
            let tail = line[first.len()..].strip_prefix(rest.as_str())?;
            (!tail.starts_with(is_inner)).then(|| (*sign, first.len() + rest.len()))
        })
    }

    /// Whether a phrase starts with the first word of a segment; cheaper than looking for the phrase.
    pub fn may_start(&self, segment: &str) -> bool {
        let segment = segment.trim_start_matches(|c: char| !is_inner(c));
        let first = segment.split(|c: char| !is_inner(c)).next().unwrap_or("");
        first.len() < 40 && self.signs.contains_key(&fold(first.chars()))
    }

    /// Whether a word, folded, belongs into a time stamp.
    pub fn is_time(&self, word: &str) -> bool {
        self.time.contains(word)
    }
}

/// Whether a character is part of a word for this purpose.
fn is_inner(c: char) -> bool {
    c.is_alphanumeric() || c == '©'
}

fn read(file: &str) -> Phrases {
    let mut phrases = Phrases { signs: HashMap::new(), time: HashSet::new() };
    for file in [file, ENGLISH] {
        let mut class = "";
        for line in file.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
            let sign = match class {
                _ if line.starts_with('[') => {
                    class = line;
                    continue;
                }
                "[time]" => {
                    phrases.time.extend(line.split(' ').map(|word| fold(word.chars())));
                    continue;
                }
                "[share]" => Sign::Share,
                "[advertisement]" => Sign::Advertisement,
                "[comments]" => Sign::Comments,
                "[reply]" => Sign::Reply,
                "[related]" => Sign::Related,
                "[byline]" => Sign::Byline,
                "[caption]" => Sign::Caption,
                "[notice]" => Sign::Notice,
                "[correction]" => Sign::Correction,
                "[label]" => Sign::Label,
                _ => Sign::Question,
            };
            let phrase = fold(line.chars());
            let (first, rest) = phrase.split_at(phrase.find(|c: char| !is_inner(c)).unwrap_or(phrase.len()));
            phrases.signs.entry(first.to_string()).or_default().push((rest.to_string(), sign));
        }
    }
    phrases
}
