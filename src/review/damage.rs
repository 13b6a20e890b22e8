//! Letters that a spreadsheet lost, told apart from letters that people wrote.

use encoding_rs::{Encoding, WINDOWS_1250, WINDOWS_1252, WINDOWS_1253};

/// So many question marks in a row stand for lost letters rather than for a question.
const LOST_RUN: &str = "????";

/// Whether letters of the text were replaced by `?` or U+FFFD, or its bytes were read in the wrong encoding.
pub fn is_damaged(text: &str) -> bool {
    text.contains('\u{FFFD}') || has_lost_letters(text) || unscramble(text).is_some()
}

/// A run of `?`, or one between two letters of a word that is no web address.
fn has_lost_letters(text: &str) -> bool {
    text.contains(LOST_RUN) || text.split_whitespace().filter(|word| !word.contains("://")).any(has_gap)
}

fn has_gap(word: &str) -> bool {
    word.match_indices('?').any(|(at, mark)| {
        let (before, after) = (word[..at].chars().next_back(), word[at + mark.len()..].chars().next());
        before.is_some_and(char::is_alphabetic) && after.is_some_and(char::is_alphabetic)
    })
}

/// The text whose UTF-8 bytes were read in an encoding of Windows, if that is what happened.
pub(super) fn unscramble(text: &str) -> Option<String> {
    if text.is_ascii() {
        return None;
    }
    let reread = |encoding: &'static Encoding| {
        let (bytes, _, lossy) = encoding.encode(text);
        (!lossy).then(|| String::from_utf8(bytes.into_owned()).ok()).flatten()
    };
    [WINDOWS_1252, WINDOWS_1250, WINDOWS_1253].into_iter().find_map(reread)
}

/// Whether `damaged` is `whole` with some letters lost.
pub(super) fn is_damaged_form(damaged: &str, whole: &str) -> bool {
    // A letter beyond the first 65,536 is lost as two.
    let (mut lost, mut kept) = (damaged.encode_utf16(), whole.encode_utf16());
    let same = |(a, b): (u16, u16)| a == b || a == u16::from(b'?') || a == 0xFFFD;
    damaged != whole && lost.clone().count() == kept.clone().count() && lost.by_ref().zip(kept.by_ref()).all(same)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lost_letters_are_told_from_questions() {
        for damaged in ["?? ???????? ?????????", "Dostarczy? 15 dron?w", "Ž\u{FFFD}ljka", "ÄŒeÅ¡ka Å¾ena"] {
            assert!(is_damaged(damaged), "{damaged}");
        }
        for whole in ["Is it true? Yes.", "What?!", "Really??", "Τεχεράνη", "Željka Šćepanović", "Ærø", ""]
        {
            assert!(!is_damaged(whole), "{whole}");
        }
        let address = "https://news.example/story?id=5";
        assert!(!is_damaged(address) && !is_damaged(&format!("See news.jsonl#{address} today.")));
        assert!(is_damaged(&format!("{address} dron?w")));
    }

    #[test]
    fn text_read_in_the_wrong_encoding_comes_back() {
        for encoding in [WINDOWS_1252, WINDOWS_1250] {
            let scrambled = encoding.decode_without_bom_handling("Šibenik, später".as_bytes()).0;
            assert_eq!(unscramble(&scrambled).as_deref(), Some("Šibenik, später"));
        }
        assert_eq!(unscramble("später"), None);
    }

    #[test]
    fn a_damaged_name_is_known_again() {
        assert!(is_damaged_form("?eljka", "Željka"));
        assert!(!is_damaged_form("Željka", "Željka"));
        assert!(!is_damaged_form("?eljko", "Željka"));
        assert!(is_damaged_form("??", "𝔸"));
    }
}
