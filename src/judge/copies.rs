//! Syndicated text: the same sentence printed by several papers, perhaps with a word changed.

use std::collections::HashSet;

/// Whether two sentences of one language are the same text, punctuation and case aside.
pub fn is_same_text(left: &str, right: &str) -> bool {
    let (a, b) = (words(left), words(right));
    !a.is_empty() && a == b
}

/// Whether two sentences of one language have the same numbers and share nine tenths of their word pairs. What differs may still be the
/// word that matters.
pub fn is_near_copy(left: &str, right: &str) -> bool {
    let (a, b) = (words(left), words(right));
    if a.len() < 8 || b.len() < 8 || numbers(&a) != numbers(&b) {
        return false;
    }
    let (pairs_a, pairs_b): (HashSet<_>, HashSet<_>) = (a.windows(2).collect(), b.windows(2).collect());
    let shared = pairs_a.intersection(&pairs_b).count();
    shared * 10 >= (pairs_a.len() + pairs_b.len() - shared) * 9
}

/// Words and numbers in lower case; a sign, a currency and a percent sign belong to the number beside them.
fn words(text: &str) -> Vec<String> {
    let chars: Vec<char> = text.chars().collect();
    let digit = |at: Option<usize>| at.and_then(|at| chars.get(at)).is_some_and(|c| c.is_numeric());
    let kept = |at: usize| match chars[at] {
        c if c.is_alphanumeric() => true,
        '-' | '−' | '+' => {
            digit(Some(at + 1)) && !at.checked_sub(1).is_some_and(|before| chars[before].is_alphanumeric())
        }
        '.' | ',' => digit(Some(at + 1)) && digit(at.checked_sub(1)),
        c => "$€£¥₴₽₺%‰".contains(c),
    };
    let mut words = vec![String::new()];
    for (at, c) in chars.iter().enumerate() {
        if !kept(at) {
            words.push(String::new());
        } else if let Some(word) = words.last_mut() {
            word.extend(if *c == '−' { '-' } else { *c }.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

fn numbers(words: &[String]) -> Vec<&String> {
    words.iter().filter(|w| w.chars().any(char::is_numeric)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn punctuation_and_case_do_not_make_another_text() {
        assert!(is_same_text("Nad ranem ogień opanowano.", "„Nad ranem ogień opanowano”"));
    }

    #[test]
    fn a_sign_a_point_and_a_currency_do() {
        let one = "Die Preise stiegen um 0,3 Prozent auf 50 €.";
        for other in [
            "Die Preise stiegen um −0,3 Prozent auf 50 €.",
            "Die Preise stiegen um 0,3 Prozent auf 50 $.",
            "Die Preise stiegen um 03 Prozent auf 50 €.",
        ] {
            assert!(!is_same_text(one, other), "{other}");
        }
        assert!(is_same_text("Um −0,3 Prozent", "um -0,3 Prozent"));
    }

    #[test]
    fn one_changed_number_does() {
        let text = |n: u32| {
            format!(
                "Rettungskräfte zogen bis zum Abend {n} Menschen aus den Trümmern des eingestürzten Hauses im Hafenviertel der Stadt"
            )
        };
        assert!(is_same_text(&text(14), &text(14)));
        assert!(!is_near_copy(&text(14), &text(15)));
        let digits = |text: &str, to: [char; 2]| text.replace('1', &to[0].to_string()).replace('4', &to[1].to_string());
        assert!(!is_near_copy(&digits(&text(14), ['١', '٤']), &digits(&text(14), ['١', '٥'])), "digits of any script");
    }

    #[test]
    fn nothing_is_no_copy_of_nothing() {
        assert!(!is_same_text("…", "!") && !is_near_copy("…", "!"));
    }
}
