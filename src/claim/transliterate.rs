//! Latin keys of names: the sound as far as spelling tells it, so that `Szamchani`, `Shamkhani` and `Σαμχανί` meet.

use super::line::Line;

/// Spellings of one sound, longest first.
const GREEK: [(&str, &str); 34] = [
    ("γγ", "g"),
    ("γκ", "g"),
    ("μπ", "b"),
    ("ντ", "d"),
    ("τζ", "z"),
    ("τσ", "c"),
    ("ου", "u"),
    ("αι", "e"),
    ("ει", "i"),
    ("οι", "i"),
    ("αυ", "av"),
    ("ευ", "ev"),
    ("α", "a"),
    ("β", "v"),
    ("γ", "g"),
    ("δ", "d"),
    ("ε", "e"),
    ("ζ", "z"),
    ("η", "i"),
    ("θ", "t"),
    ("ι", "i"),
    ("κ", "k"),
    ("λ", "l"),
    ("μ", "m"),
    ("ν", "n"),
    ("ξ", "ks"),
    ("ο", "o"),
    ("π", "p"),
    ("ρ", "r"),
    ("σ", "s"),
    ("τ", "t"),
    ("υ", "i"),
    ("φ", "f"),
    ("χ", "h"),
];
const GREEK_END: [(&str, &str); 2] = [("ψ", "ps"), ("ω", "o")];
const CYRILLIC: [(&str, &str); 42] = [
    ("а", "a"),
    ("б", "b"),
    ("в", "v"),
    ("г", "g"),
    ("ґ", "g"),
    ("д", "d"),
    ("е", "e"),
    ("ё", "o"),
    ("є", "e"),
    ("ж", "z"),
    ("з", "z"),
    ("и", "i"),
    ("і", "i"),
    ("ї", "i"),
    ("й", "i"),
    ("к", "k"),
    ("л", "l"),
    ("м", "m"),
    ("н", "n"),
    ("о", "o"),
    ("п", "p"),
    ("р", "r"),
    ("с", "s"),
    ("т", "t"),
    ("у", "u"),
    ("ў", "u"),
    ("ф", "f"),
    ("х", "h"),
    ("ц", "c"),
    ("ч", "c"),
    ("ш", "s"),
    ("щ", "s"),
    ("ъ", ""),
    ("ы", "i"),
    ("ь", ""),
    ("э", "e"),
    ("ю", "iu"),
    ("я", "ia"),
    ("ђ", "d"),
    ("ј", "i"),
    ("љ", "li"),
    ("њ", "ni"),
];
/// Latin spellings that mean the same in most languages of the list; `tsch` before `sch` before `ch`.
const LATIN: [(&str, &str); 27] = [
    ("tsch", "c"),
    ("sch", "s"),
    ("dsch", "z"),
    ("sz", "s"),
    ("cz", "c"),
    ("rz", "z"),
    ("kh", "h"),
    ("gh", "g"),
    ("sh", "s"),
    ("zh", "z"),
    ("ch", "h"),
    ("ph", "f"),
    ("th", "t"),
    ("dž", "z"),
    ("dj", "d"),
    ("ts", "c"),
    ("tz", "c"),
    ("ck", "k"),
    ("ou", "u"),
    ("oo", "u"),
    ("ee", "i"),
    ("qu", "k"),
    ("w", "v"),
    ("y", "i"),
    ("j", "i"),
    ("x", "ks"),
    ("q", "k"),
];

/// The key of the word at `at`.
pub(crate) fn key(line: &Line, at: usize, language: &str) -> String {
    let word = line.tokens.folded(at);
    let word = word.split('\'').next().unwrap_or(word);
    let stem = without_ending(line, word);
    let mut out = String::with_capacity(stem.len());
    let mut rest = stem;
    while let Some(first) = rest.chars().next() {
        let table = GREEK.iter().chain(&GREEK_END).chain(&CYRILLIC).chain(&LATIN);
        let (spelling, sound) = match table.copied().find(|(spelling, _)| rest.starts_with(spelling)) {
            // English writes the sound of 'Chile' so; elsewhere it is that of 'Bach'.
            Some(("ch", _)) if matches!(language, "en" | "es") => ("ch", "c"),
            Some(found) => found,
            None => (&rest[..first.len_utf8()], plain(first)),
        };
        if !out.ends_with(sound) || sound.is_empty() {
            out.push_str(sound);
        }
        rest = &rest[spelling.len()..];
    }
    out
}

/// A Latin letter without its marks; empty for any other character.
fn plain(c: char) -> &'static str {
    const LETTERS: &str = "abcdefghijklmnopqrstuvwxyz0123456789";
    let base = match c {
        'à'..='å' | 'ā' | 'ă' | 'ą' => 'a',
        'æ' | 'è'..='ë' | 'ē'..='ě' => 'e',
        'ç' | 'ć'..='č' => 'c',
        'ď' | 'đ' | 'ð' => 'd',
        'ì'..='ï' | 'ī' | 'į' | 'ı' => 'i',
        'ĝ'..='ģ' => 'g',
        'ķ' => 'k',
        'ĺ'..='ł' => 'l',
        'ñ' | 'ń'..='ň' => 'n',
        'ò'..='ö' | 'ø' | 'ō'..='ő' | 'œ' => 'o',
        'ŕ'..='ř' => 'r',
        'ś'..='š' | 'ș' | 'ß' => 's',
        'ţ'..='ť' | 'ț' | 'þ' => 't',
        'ù'..='ü' | 'ũ'..='ų' => 'u',
        'ý' | 'ÿ' => 'i',
        'ź'..='ž' => 'z',
        other => other,
    };
    LETTERS.find(base).map_or("", |at| &LETTERS[at..=at])
}

/// The word without the longest case ending that leaves three letters or more.
fn without_ending<'w>(line: &Line, word: &'w str) -> &'w str {
    let mut stems = line.lexicon.endings.iter().filter_map(|ending| word.strip_suffix(ending.as_str()));
    stems.find(|stem| stem.chars().count() >= 3).unwrap_or(word)
}
