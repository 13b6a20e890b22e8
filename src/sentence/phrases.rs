//! Stock phrases of news pages per language, from plain text files that a speaker can extend.

use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization;

macro_rules! files {
    ($($code:literal)*) => { [$(($code, include_str!(concat!("pages/", $code, ".txt")))),*] };
}

static FILES: &[(&str, &str)] = &files!("de" "el" "en" "es" "fr" "hr" "it" "pl" "ru" "uk");
static PHRASES: LazyLock<Vec<(&str, Phrases)>> =
    LazyLock::new(|| FILES.iter().map(|(code, file)| (*code, Phrases::read(file))).collect());

/// What one language puts on its pages.
#[derive(Default)]
struct Phrases {
    byline: Vec<String>,
    picture: Vec<String>,
    share: Vec<String>,
    related: Vec<String>,
}

impl Phrases {
    fn read(file: &str) -> Self {
        let mut phrases = Self::default();
        let mut list = &mut Vec::new();
        for line in file.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
            match line {
                "[byline]" => list = &mut phrases.byline,
                "[picture]" => list = &mut phrases.picture,
                "[share]" => list = &mut phrases.share,
                "[related]" => list = &mut phrases.related,
                phrase => list.push(plain(phrase)),
            }
        }
        phrases
    }
}

/// Lower case without accents and without signs and symbols at the start, as lines are compared.
pub(super) fn plain(line: &str) -> String {
    let letters = line.nfd().filter(|c| !('\u{300}'..='\u{36f}').contains(c)).flat_map(char::to_lowercase);
    let text: String = letters.collect();
    text.trim_start_matches(|c: char| !c.is_alphanumeric() && c != '(').to_owned()
}

/// Whether a plain line starts with an author, agency or date phrase of the language.
pub(super) fn is_byline(plain: &str, language: &str) -> bool {
    let own = |code: &str| code == language || code == "en";
    PHRASES.iter().filter(|(code, _)| own(code)).any(|(_, p)| p.byline.iter().any(|phrase| starts(plain, phrase)))
}

/// Whether a plain line starts as the text or credit of a picture does, in any language.
pub(super) fn is_picture(plain: &str) -> bool {
    PHRASES.iter().any(|(_, p)| p.picture.iter().any(|phrase| starts(plain, phrase)))
}

/// Whether a short plain line holds a share, comment or advertisement phrase, in any language.
pub(super) fn is_share(plain: &str) -> bool {
    PHRASES.iter().any(|(_, p)| p.share.iter().any(|phrase| holds(plain, phrase)))
}

/// Whether a plain line introduces other articles, in any language.
pub(super) fn is_related(plain: &str) -> bool {
    PHRASES.iter().any(|(_, p)| p.related.iter().any(|phrase| starts(plain, phrase)))
}

/// Starts with the phrase, and the phrase ends where a word ends.
fn starts(line: &str, phrase: &str) -> bool {
    line.strip_prefix(phrase).is_some_and(|rest| ends_word(phrase, rest))
}

fn holds(line: &str, phrase: &str) -> bool {
    line.match_indices(phrase).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        before.is_none_or(|c| !c.is_alphanumeric()) && ends_word(phrase, &line[at + phrase.len()..])
    })
}

fn ends_word(phrase: &str, rest: &str) -> bool {
    !phrase.ends_with(char::is_alphanumeric) || !rest.starts_with(char::is_alphanumeric)
}
