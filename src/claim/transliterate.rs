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
const CYRILLIC: [(&str, &str); 44] = [
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
    ("ћ", "c"),
    ("џ", "z"),
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

/// Spellings that one language has for a sound: it, the spelling, the sound.
const OWN: [(&str, &str, &str); 10] = [
    // The sound of 'Chile'; elsewhere it is that of 'Bach'.
    ("en", "ch", "c"),
    ("es", "ch", "c"),
    ("fr", "tch", "c"),
    ("fr", "ch", "s"),
    ("pt", "ch", "s"),
    ("it", "ch", "k"),
    ("nl", "oe", "u"),
    ("nl", "sj", "s"),
    ("hu", "cs", "c"),
    ("hu", "zs", "z"),
];

/// The key of the word at `at`.
pub(crate) fn key(line: &Line, at: usize, language: &str) -> String {
    let word = line.tokens.folded(at);
    // In Cyrillic an apostrophe stands inside names; elsewhere an ending may follow it.
    let cyrillic = word.chars().next().is_some_and(|first| ('\u{400}'..'\u{530}').contains(&first));
    let word = word.split('\'').next().filter(|_| !cyrillic).unwrap_or(word);
    let stem = without_ending(line, word);
    let mut out = String::with_capacity(stem.len());
    let mut rest = stem;
    while let Some(first) = rest.chars().next() {
        let table = GREEK.iter().chain(&GREEK_END).chain(&CYRILLIC).chain(&LATIN);
        let listed = || table.copied().find(|(spelling, _)| rest.starts_with(spelling));
        // 'Τραμπ'; elsewhere it is a 'b'.
        let last = (rest == "μπ").then_some(("μπ", "mp"));
        let (spelling, sound) = match own(language, rest).or(last).or_else(listed) {
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

/// The spelling that `rest` begins with, where the language has its own sound for it.
fn own(language: &str, rest: &str) -> Option<(&'static str, &'static str)> {
    let found = OWN.iter().find(|(of, spelling, _)| *of == language && rest.starts_with(spelling));
    found.map(|(_, spelling, sound)| (*spelling, *sound))
}

/// Serbian in Cyrillic letters, given it in Latin ones of lower case.
pub(crate) fn to_cyrillic(latin: &str) -> String {
    const PAIRS: [(&str, char); 3] = [("lj", 'љ'), ("nj", 'њ'), ("dž", 'џ')];
    const LETTERS: (&str, &str) = ("abvgdđežzijklmnoprstćufhcčš", "абвгдђежзијклмнопрстћуфхцчш");
    let mut out = String::with_capacity(2 * latin.len());
    let mut rest = latin.chars();
    while let Some(first) = rest.as_str().chars().next() {
        if let Some((pair, letter)) = PAIRS.iter().find(|(pair, _)| rest.as_str().starts_with(pair)) {
            out.push(*letter);
            rest.nth(pair.chars().count() - 1);
            continue;
        }
        let at = LETTERS.0.chars().position(|letter| letter == first);
        out.push(at.and_then(|at| LETTERS.1.chars().nth(at)).unwrap_or(first));
        rest.next();
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
