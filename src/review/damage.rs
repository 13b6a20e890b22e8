//! Letters that a spreadsheet lost, told apart from letters that people wrote.

use encoding_rs::{Encoding, WINDOWS_1250, WINDOWS_1252, WINDOWS_1253};

/// Question marks in a row that stand for lost letters rather than for a question.
const LOST_RUN: usize = 4;

/// Whether letters of the text were replaced by `?` or U+FFFD, or its bytes were read in the wrong encoding.
pub fn is_damaged(text: &str) -> bool {
    text.contains('\u{FFFD}') || has_lost_letters(text) || unscramble(text).is_some()
}

/// A run of `?`, or one between two letters.
fn has_lost_letters(text: &str) -> bool {
    let mut before = ' ';
    let mut letters = text.chars().peekable();
    let mut run = 0;
    while let Some(letter) = letters.next() {
        run = if letter == '?' { run + 1 } else { 0 };
        let inside = letter == '?' && before.is_alphabetic() && letters.peek().is_some_and(|next| next.is_alphabetic());
        if inside || run >= LOST_RUN {
            return true;
        }
        before = letter;
    }
    false
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
