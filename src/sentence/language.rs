//! Word lists per language, from plain text files that a speaker can extend.

use std::collections::HashMap;
use std::sync::LazyLock;

/// An abbreviation that never ends a sentence (`prof.`).
pub(super) const NEVER: u16 = 1;
/// An abbreviation that may end one (`itd.`); one that is of both classes may do so behind a number only (`2021 г.`).
pub(super) const MAY: u16 = 2;
/// An abbreviation that goes with a number after it (`art. 5`).
pub(super) const NUMBER: u16 = 4;
/// A month, in full or short, in any case form.
pub(super) const MONTH: u16 = 8;
/// A word that, capitalised, nearly always starts a sentence.
pub(super) const STARTER: u16 = 16;
/// A capitalised word that often follows an ordinal number, or a unit that follows an abbreviated one (`20 mil. Kč`).
pub(super) const AFTER_NUMBER: u16 = 32;

/// A sign of an hour (`6 p.m.`), behind which a capitalised word starts a sentence.
pub(super) const HOUR: u16 = 64;
/// A capitalised word that goes on with the hour before it: a day, a part of a time zone.
pub(super) const AFTER_HOUR: u16 = 128;
/// An article or the like: the number behind it is an ordinal (`zum 100. Geburtstag`).
pub(super) const BEFORE_ORDINAL: u16 = 256;

/// What the splitter knows of one language.
pub(super) struct Language {
    words: HashMap<&'static str, u16>,
    /// What a number with a full stop may be, as a value of `ordinal`: nothing else, an ordinal, or the number of an item of
    /// a list that stands as a sentence of its own.
    pub numbers: u8,
    /// Whether `;` is a question mark.
    pub greek: bool,
    /// Whether `:` is a full stop.
    pub armenian: bool,
    /// Whether `.` ends sentences, and not only abbreviations.
    pub stops: bool,
    /// Whether names of months are listed.
    pub months: bool,
}

macro_rules! files {
    ($($code:literal)*) => { [$(($code, include_str!(concat!("abbreviations/", $code, ".txt")))),*] };
}

static FILES: &[(&str, &str)] = &files!("be" "bg" "bn" "cs" "da" "de" "el" "en" "es" "et" "fi" "fr" "hi" "hr" "hu" "hy" "id" "is" "it" "lt" "lv" "mk" "nl" "no" "pl" "pt" "ro" "ru" "sk" "sl" "sr" "sv" "th" "tr" "uk" "vi");
static EVERYWHERE: &str = include_str!("abbreviations/all.txt");

static LANGUAGES: LazyLock<HashMap<&'static str, Language>> =
    LazyLock::new(|| FILES.iter().map(|(code, file)| (*code, read(code, file))).collect());
static OTHER: LazyLock<Language> = LazyLock::new(|| read("", ""));

impl Language {
    /// The lists of a language by its code; those that hold everywhere where there are none.
    pub fn of(code: &str) -> &'static Language {
        LANGUAGES.get(main_code(code)).unwrap_or(&OTHER)
    }

    /// The classes of a word in any case, as bits.
    pub fn lookup(&self, word: &str) -> u16 {
        let mut buffer = [0u8; 64];
        let mut used = 0;
        for c in word.chars().flat_map(char::to_lowercase) {
            if used + 4 > buffer.len() {
                return 0;
            }
            used += c.encode_utf8(&mut buffer[used..]).len();
        }
        std::str::from_utf8(&buffer[..used]).ok().and_then(|key| self.words.get(key)).copied().unwrap_or(0)
    }
}

/// The code of the language whose lists serve for a code such as `pt-BR` or `nb`.
pub(super) fn main_code(code: &str) -> &str {
    match code.split(['-', '_']).next().unwrap_or(code) {
        "nb" | "nn" => "no",
        "bs" | "sh" => "hr",
        "gl" => "pt",
        "ca" => "es",
        main => main,
    }
}

/// Reads a list: `[class]` lines, each followed by words; `#` starts a comment. What the language says of an abbreviation
/// goes before what holds everywhere.
fn read(code: &str, file: &'static str) -> Language {
    let mut words: HashMap<&'static str, u16> = HashMap::new();
    let mut numbers = 0;
    let mut stops = true;
    for (source, own) in [(file, true), (EVERYWHERE, false)] {
        let mut class = 0;
        for line in source.lines().map(|line| line.split('#').next().unwrap_or("").trim()) {
            match line {
                "[never]" => class = NEVER,
                "[may]" => class = MAY,
                "[number]" => class = NUMBER,
                "[month]" => class = MONTH,
                "[starter]" => class = STARTER,
                "[after number]" => class = AFTER_NUMBER,
                "[hour]" => class = HOUR,
                "[after hour]" => class = AFTER_HOUR,
                "[before ordinal]" => class = BEFORE_ORDINAL,
                "[ordinal]" => numbers = 1,
                "[list]" => numbers = 2,
                "[no stop]" => stops = false,
                line => {
                    for word in line.split_whitespace() {
                        let classes = words.entry(word).or_insert(0);
                        if own || *classes & (NEVER | MAY) == 0 {
                            *classes |= class;
                        }
                    }
                }
            }
        }
    }
    let months = words.values().any(|classes| classes & MONTH != 0);
    Language { words, numbers, greek: code == "el", armenian: code == "hy", stops, months }
}
