//! Syndicated text: the same sentence printed by several papers, perhaps with a word changed.

use std::collections::HashSet;

/// Whether two sentences of one language are the same text, punctuation and case aside, or share nine tenths of their word pairs.
pub fn is_copy(left: &str, right: &str) -> bool {
    let (a, b) = (words(left), words(right));
    if a == b {
        return !a.is_empty();
    }
    if a.len() < 8 || b.len() < 8 || numbers(&a) != numbers(&b) {
        return false;
    }
    let (pairs_a, pairs_b): (HashSet<_>, HashSet<_>) = (a.windows(2).collect(), b.windows(2).collect());
    let shared = pairs_a.intersection(&pairs_b).count();
    shared * 10 >= (pairs_a.len() + pairs_b.len() - shared) * 9
}

fn words(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(str::to_lowercase).collect()
}

fn numbers(words: &[String]) -> Vec<&String> {
    words.iter().filter(|w| w.chars().any(|c| c.is_ascii_digit())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn punctuation_and_case_do_not_make_another_text() {
        assert!(is_copy("Nad ranem ogień opanowano.", "„Nad ranem ogień opanowano”"));
    }

    #[test]
    fn one_changed_number_does() {
        let text = |n: u32| {
            format!(
                "Rettungskräfte zogen bis zum Abend {n} Menschen aus den Trümmern des eingestürzten Hauses im Hafenviertel der Stadt"
            )
        };
        assert!(is_copy(&text(14), &text(14)));
        assert!(!is_copy(&text(14), &text(15)));
    }

    #[test]
    fn nothing_is_no_copy_of_nothing() {
        assert!(!is_copy("…", "!"));
    }
}
