//! Language of a text.

use whatlang::{Lang, detect as guess};

/// Characters from the start of a text that decide: enough to be sure, and a 50 MB line costs no more than a page.
const SAMPLE: usize = 4_000;

/// Varieties of one language that statistics of letters cannot tell apart: there the page is believed.
const SERBO_CROATIAN: [&str; 4] = ["hr", "bs", "sr", "cnr"];

/// Letters that one language alone has among those that statistics take for another one.
const OWN_LETTERS: [(&str, &str); 3] = [("ұҰ", "kk"), ("ښ", "ps"), ("ڕڵ", "ckb")];
/// A text has its own letters more often than once in this many; in another language they stand in names.
const LETTERS_PER_OWN: usize = 300;

/// Words that Serbian and Croatian, both in Latin letters, write differently.
const SERBIAN: &str = "posle gde evra evro vreme predsednik predsednika predsednica sreda sredu nedelju nedelje uvek ovde mesto mesta pre dve \
    saopštio saopštila saopštilo saopšteno odsto povređeno povređena povređenih hiljadu hiljada juče prekjuče poverenje";
const CROATIAN: &str = "poslije gdje eura euro vrijeme predsjednik predsjednika predsjednica srijeda srijedu tjedan tjedna uvijek ovdje mjesto mjesta \
    prije dvije priopćio priopćila priopćilo priopćeno posto ozlijeđeno ozlijeđena ozlijeđenih tisuću tisuća jučer prekjučer povjerenje";
/// Words that Dutch and Afrikaans write differently.
const DUTCH: &str =
    "niet zijn heeft wordt werd hij zij ze een door de voor mensen over bij zegt worden werden hun naar";
const AFRIKAANS: &str = "nie hulle hy sy ŉ deur vir sê gesê mense oor by polisie persent";

/// Language of `text` as an ISO 639-1 code where there is one, `und` if nothing speaks for any.
pub fn detect(text: &str) -> &'static str {
    let sample = sample(text);
    guess(sample).map_or("und", |info| own_letters(sample).unwrap_or_else(|| of_siblings(code(info.lang()), sample)))
}

/// Language of `text`, of which its page declares `declared`: pages are often made from a template in English.
pub(super) fn check(declared: &str, text: &str) -> String {
    let sample = sample(text);
    let Some(info) = guess(sample) else {
        return declared.to_owned();
    };
    let detected = own_letters(sample).unwrap_or_else(|| of_siblings(code(info.lang()), sample));
    let known = Lang::all().iter().any(|&lang| code(lang) == declared);
    let siblings = SERBO_CROATIAN.contains(&declared) && SERBO_CROATIAN.contains(&detected);
    if known && info.is_reliable() && !siblings { detected.to_owned() } else { declared.to_owned() }
}

/// ISO 639-1 code for one of three letters (ISO 639-3, or 639-2 as libraries write it), where one is known.
pub(super) fn two_letters(three: &str) -> Option<&'static str> {
    let three = match three {
        "ger" => "deu",
        "gre" => "ell",
        "cze" => "ces",
        "fre" => "fra",
        "dut" => "nld",
        "slo" => "slk",
        "rum" => "ron",
        other => other,
    };
    Lang::from_code(three).map(code)
}

/// The language that its own letters tell.
fn own_letters(sample: &str) -> Option<&'static str> {
    let letters = sample.chars().filter(|c| c.is_alphabetic()).count();
    let is_own = |own: &str| {
        let count = sample.chars().filter(|&c| own.contains(c)).count();
        count > 1 && count * LETTERS_PER_OWN > letters
    };
    OWN_LETTERS.into_iter().find(|(own, _)| is_own(own)).map(|(_, language)| language)
}

/// Serbian or Dutch where a text that is taken for Croatian or Afrikaans has more words of that language.
fn of_siblings(detected: &'static str, sample: &str) -> &'static str {
    let (own, sibling, others) = match detected {
        "hr" => (CROATIAN, "sr", SERBIAN),
        "af" => (AFRIKAANS, "nl", DUTCH),
        _ => return detected,
    };
    let lower = sample.to_lowercase();
    let count = |list: &str| {
        let words = lower.split(|c: char| !c.is_alphabetic());
        words.filter(|word| list.split(' ').any(|listed| listed == *word)).count()
    };
    if count(others) > count(own) { sibling } else { detected }
}

fn sample(text: &str) -> &str {
    text.char_indices().nth(SAMPLE).map_or(text, |(end, _)| &text[..end])
}

/// ISO 639-1 code, or ISO 639-3 where there is none.
fn code(lang: Lang) -> &'static str {
    match lang {
        Lang::Epo => "eo",
        Lang::Eng => "en",
        Lang::Rus => "ru",
        Lang::Cmn => "zh",
        Lang::Spa => "es",
        Lang::Por => "pt",
        Lang::Ita => "it",
        Lang::Ben => "bn",
        Lang::Fra => "fr",
        Lang::Deu => "de",
        Lang::Ukr => "uk",
        Lang::Kat => "ka",
        Lang::Ara => "ar",
        Lang::Hin => "hi",
        Lang::Jpn => "ja",
        Lang::Heb => "he",
        Lang::Yid => "yi",
        Lang::Pol => "pl",
        Lang::Amh => "am",
        Lang::Jav => "jv",
        Lang::Kor => "ko",
        Lang::Nob => "no",
        Lang::Dan => "da",
        Lang::Swe => "sv",
        Lang::Fin => "fi",
        Lang::Tur => "tr",
        Lang::Nld => "nl",
        Lang::Hun => "hu",
        Lang::Ces => "cs",
        Lang::Ell => "el",
        Lang::Bul => "bg",
        Lang::Bel => "be",
        Lang::Mar => "mr",
        Lang::Kan => "kn",
        Lang::Ron => "ro",
        Lang::Slv => "sl",
        Lang::Hrv => "hr",
        Lang::Srp => "sr",
        Lang::Mkd => "mk",
        Lang::Lit => "lt",
        Lang::Lav => "lv",
        Lang::Est => "et",
        Lang::Tam => "ta",
        Lang::Vie => "vi",
        Lang::Urd => "ur",
        Lang::Tha => "th",
        Lang::Guj => "gu",
        Lang::Uzb => "uz",
        Lang::Pan => "pa",
        Lang::Aze => "az",
        Lang::Ind => "id",
        Lang::Tel => "te",
        Lang::Pes => "fa",
        Lang::Mal => "ml",
        Lang::Ori => "or",
        Lang::Mya => "my",
        Lang::Nep => "ne",
        Lang::Sin => "si",
        Lang::Khm => "km",
        Lang::Tuk => "tk",
        Lang::Aka => "ak",
        Lang::Zul => "zu",
        Lang::Sna => "sn",
        Lang::Afr => "af",
        Lang::Lat => "la",
        Lang::Slk => "sk",
        Lang::Cat => "ca",
        Lang::Tgl => "tl",
        Lang::Hye => "hy",
        Lang::Cym => "cy",
    }
}
