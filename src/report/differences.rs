//! Where the two sentences of a pair differ, for the eye: numbers, negation, and in one language the words.

use std::collections::BTreeSet;
use std::ops::Range;

use unicode_normalization::char::is_combining_mark;

use super::Row;
use crate::claim::{self, When};
use crate::sentence::stands_without_spaces;

/// A stretch of a sentence, in UTF-16 units as scripts in pages count them, and why it is marked.
pub(super) type Highlight = (usize, usize, Why);

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Why {
    Number,
    Negation,
    Name,
    Word,
}

impl Why {
    /// Letter in the page's data.
    pub fn letter(self) -> &'static str {
        match self {
            Self::Number => "n",
            Self::Negation => "d",
            Self::Name => "p",
            Self::Word => "w",
        }
    }
}

/// Words of denial per language: a line of `code: words`. Languages that deny inside a word (`nedodal`) have none.
const NEGATIONS: &str = include_str!("negations.txt");
/// What may stand between groups of three digits beside point and comma.
const SPACES: [char; 4] = [' ', '\u{A0}', '\u{202F}', '\u{2009}'];
/// Tokens beyond which word order is not compared: the table grows with the square.
const LONGEST_DIFF: usize = 400;

/// What differs in the left and in the right sentence.
pub(super) fn differences(row: &Row) -> [Vec<Highlight>; 2] {
    let [left, right] = row.sides().map(|side| tokens(&side.text, &side.lang));
    let one_language = row.left.lang == row.right.lang;
    let changed = if one_language { Some(unmatched(&left, &right)) } else { None };
    let both_listed = row.sides().iter().all(|side| !negations(&side.lang).is_empty());
    let both_deny = [&left, &right].map(|side| side.iter().any(|token| token.kind == Kind::Negation));
    let one_denies = both_listed && both_deny[0] != both_deny[1];
    let amounts = amounts(row);
    let only = |side: usize, mine: &[Token], other: &[Token]| {
        let keys: BTreeSet<&str> = other.iter().map(|token| token.key.as_str()).collect();
        let marked = mine.iter().enumerate().filter_map(|(at, token)| {
            let lone = !keys.contains(token.key.as_str());
            let amount = amounts.iter().find(|amount| amount.spans[side].contains(&token.at));
            let in_words = || amount.is_some_and(|amount| amount.differs_in_words(side, mine, other));
            let why = match token.kind {
                Kind::Number if lone && amount.is_none_or(|amount| amount.differs) => Why::Number,
                Kind::Negation if one_denies => Why::Negation,
                Kind::Name | Kind::Word if lone && in_words() => Why::Number,
                Kind::Name if one_language && lone => Why::Name,
                Kind::Word if changed.as_ref().is_some_and(|changed| changed[side][at]) => Why::Word,
                _ => return None,
            };
            Some((token.start, token.end, why))
        });
        joined(marked)
    };
    [only(0, &left, &right), only(1, &right, &left)]
}

/// Highlights that touch, as one.
fn joined(highlights: impl Iterator<Item = Highlight>) -> Vec<Highlight> {
    let mut all: Vec<Highlight> = Vec::new();
    for (start, end, why) in highlights {
        match all.last_mut() {
            Some(last) if last.1 == start && last.2 == why => last.1 = end,
            _ => all.push((start, end, why)),
        }
    }
    all
}

/// A number or date of the left sentence and what stands against it in the right one.
struct Amount {
    /// Where they stand, in bytes.
    spans: [Range<usize>; 2],
    differs: bool,
}

impl Amount {
    /// Whether digits do not show the difference, as in `3 million` and `3 billion`, or `fifteen` and `40`.
    fn differs_in_words(&self, side: usize, mine: &[Token], other: &[Token]) -> bool {
        self.differs && digits(mine, &self.spans[side]).is_subset(&digits(other, &self.spans[1 - side]))
    }
}

fn digits<'a>(tokens: &'a [Token], span: &Range<usize>) -> BTreeSet<&'a str> {
    let inside = tokens.iter().filter(|token| token.kind == Kind::Number && span.contains(&token.at));
    inside.map(|token| token.key.as_str()).collect()
}

fn amounts(row: &Row) -> Vec<Amount> {
    let [left, right] = row.sides().map(|s| claim::describe(&s.text, &s.lang, s.date.parse().ok()));
    let found = claim::compare(&left, &right);
    let numbers = [(&found.same_numbers, false), (&found.other_numbers, true), (&found.unlike_numbers, true)];
    let times = [(&found.same_times, false), (&found.other_times, true)];
    let mut amounts = Vec::new();
    for (pairs, differs) in numbers {
        let spans = |&(a, b): &(usize, usize)| [left.numbers[a].span.clone(), right.numbers[b].span.clone()];
        amounts.extend(pairs.iter().map(spans).map(|spans| Amount { spans, differs }));
    }
    for (pairs, differs) in times {
        // The words that name an event may hold numbers of their own.
        let dated = pairs.iter().filter(|(a, _)| !matches!(left.times[*a].when, When::Event { .. }));
        let spans = |&(a, b): &(usize, usize)| [left.times[a].span.clone(), right.times[b].span.clone()];
        amounts.extend(dated.map(spans).map(|spans| Amount { spans, differs }));
    }
    amounts
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Number,
    Negation,
    Name,
    Word,
}

#[derive(Debug)]
struct Token {
    start: usize,
    end: usize,
    /// Its first byte.
    at: usize,
    /// What is compared: digits without separators, words in lower case.
    key: String,
    kind: Kind,
}

/// None where the language has no line.
fn negations(lang: &str) -> BTreeSet<&'static str> {
    let lines = NEGATIONS.lines().filter_map(|line| line.split_once(':'));
    lines.filter(|(code, _)| *code == lang).flat_map(|(_, words)| words.split_whitespace()).collect()
}

fn tokens(text: &str, lang: &str) -> Vec<Token> {
    let negations = negations(lang);
    let mut tokens: Vec<Token> = Vec::new();
    let (mut unit, mut letters) = (0, text.char_indices().peekable());
    while let Some((at, first)) = letters.next() {
        let start = unit;
        unit += first.len_utf16();
        if !first.is_alphanumeric() {
            continue;
        }
        let mut shown = String::from(first);
        while let Some(&(_, next)) = letters.peek() {
            let rest = || letters.clone().map(|(_, letter)| letter);
            let joins = is_combining_mark(next)
                || match (first.is_numeric(), stands_without_spaces(first)) {
                    (true, _) => {
                        (next.is_alphanumeric() && !is_ideographic(next))
                            || matches!(next, '.' | ',' | ':')
                            || has_more_digits(&shown, rest())
                    }
                    // Without spaces, letters are compared instead of words.
                    (false, true) => false,
                    (false, false) => {
                        (next.is_alphanumeric() && !stands_without_spaces(next)) || is_contraction(&shown, rest())
                    }
                };
            if !joins {
                break;
            }
            unit += next.len_utf16();
            shown.push(next);
            letters.next();
        }
        let trailing = shown.len() - shown.trim_end_matches(['.', ',', ':']).len();
        shown.truncate(shown.len() - trailing);
        let end = unit - trailing;
        let lower = shown.to_lowercase().replace('’', "'");
        let (key, kind) = if first.is_numeric() {
            (normal_number(&shown), Kind::Number)
        } else if negations.contains(lower.as_str()) {
            (lower, Kind::Negation)
        } else if first.is_uppercase() && !tokens.is_empty() && lang != "de" {
            (lower, Kind::Name)
        } else {
            (lower, Kind::Word)
        };
        tokens.push(Token { start, end, at, key, kind });
    }
    tokens
}

/// Whether a letter is Chinese, Japanese or Korean: words of these stand directly behind digits.
fn is_ideographic(letter: char) -> bool {
    letter >= '\u{2E80}' && letter.is_alphabetic()
}

/// Whether a space and three more digits go on with the number, as in `1 700 000`.
fn has_more_digits(shown: &str, mut rest: impl Iterator<Item = char>) -> bool {
    let is_group = |group: &str| group.len() <= 3 && group.bytes().all(|byte| byte.is_ascii_digit());
    shown.split(SPACES).all(is_group)
        && rest.next().is_some_and(|space| SPACES.contains(&space))
        && (0..3).all(|_| rest.next().is_some_and(|digit| digit.is_ascii_digit()))
        && rest.next().is_none_or(|end| !end.is_alphanumeric())
}

/// Whether `'t` goes on with the word, as in `didn't`.
fn is_contraction(shown: &str, mut rest: impl Iterator<Item = char>) -> bool {
    shown.ends_with('n')
        && rest.next().is_some_and(|mark| matches!(mark, '\'' | '’'))
        && rest.next() == Some('t')
        && rest.next().is_none_or(|end| !end.is_alphanumeric())
}

/// `1.700`, `1,700` and `1 700` are one number, and so are `3,6` and `3.6`, and `12:30` and `12.30`.
fn normal_number(shown: &str) -> String {
    let is_time = shown.split_once(':').is_some_and(|(hour, minute)| hour.len() <= 2 && minute.len() == 2);
    let separates = |c: char| matches!(c, '.' | ',') || SPACES.contains(&c) || (is_time && c == ':');
    let parts: Vec<&str> = shown.split(separates).collect();
    match parts.as_slice() {
        [whole, groups @ ..] if groups.iter().all(|group| group.len() == 3) => format!("{whole}{}", groups.concat()),
        parts => parts.join("."),
    }
}

/// Per side, which tokens have no partner in the longest common subsequence.
fn unmatched(left: &[Token], right: &[Token]) -> [Vec<bool>; 2] {
    let mut alone = [vec![true; left.len()], vec![true; right.len()]];
    if left.len() > LONGEST_DIFF || right.len() > LONGEST_DIFF {
        return [vec![false; left.len()], vec![false; right.len()]];
    }
    let width = right.len() + 1;
    let mut longest = vec![0u16; (left.len() + 1) * width];
    for (i, a) in left.iter().enumerate().rev() {
        for (j, b) in right.iter().enumerate().rev() {
            longest[i * width + j] = if a.key == b.key {
                longest[(i + 1) * width + j + 1] + 1
            } else {
                longest[(i + 1) * width + j].max(longest[i * width + j + 1])
            };
        }
    }
    let (mut i, mut j) = (0, 0);
    while i < left.len() && j < right.len() {
        if left[i].key == right[j].key {
            (alone[0][i], alone[1][j]) = (false, false);
            (i, j) = (i + 1, j + 1);
        } else if longest[(i + 1) * width + j] >= longest[i * width + j + 1] {
            i += 1;
        } else {
            j += 1;
        }
    }
    let shared = alone[0].iter().filter(|alone| !**alone).count();
    // Sentences with next to nothing in common are not two versions of one: marking every word would say nothing.
    if shared * 3 < left.len().min(right.len()) {
        return [vec![false; left.len()], vec![false; right.len()]];
    }
    alone
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Side;

    fn side(text: &str, lang: &str) -> Side {
        Side { text: text.to_owned(), lang: lang.to_owned(), ..Side::default() }
    }

    /// The marked stretches of two sentences, as text and letter.
    fn marked(left: Side, right: Side) -> [Vec<(String, &'static str)>; 2] {
        let row = Row { left, right, ..Row::default() };
        let found = differences(&row);
        let cut = |text: &str, list: &[Highlight]| {
            let units: Vec<u16> = text.encode_utf16().collect();
            list.iter()
                .map(|&(start, end, why)| (String::from_utf16(&units[start..end]).unwrap(), why.letter()))
                .collect()
        };
        [cut(&row.left.text, &found[0]), cut(&row.right.text, &found[1])]
    }

    #[test]
    fn differing_numbers_are_marked_across_languages_and_notations() {
        let left = side("😀 Lieferte 15 Drohnen und 1.700 Raketen für 3,6 Millionen.", "de");
        let right = side("Delivered 40 drones and 1,700 rockets for 3.6 million.", "en");
        let [left, right] = marked(left, right);
        assert_eq!(left, [("15".to_owned(), "n")]);
        assert_eq!(right, [("40".to_owned(), "n")]);
    }

    #[test]
    fn numbers_and_times_in_the_notations_of_other_countries_are_not_marked() {
        let left = side("Do 12.30 odwołano 1 700 lotów i 25\u{A0}000\u{202F}300 biletów, 5 000x mniej.", "pl");
        let right = side("By 12:30: 1,700 flights and 25.000.300 tickets, 5 and 000x fewer, in 2023 400 times.", "en");
        let [left, right] = marked(left, right);
        assert!(left.is_empty(), "{left:?}");
        assert_eq!(right, [("2023".to_owned(), "n"), ("400".to_owned(), "n")]);
    }

    #[test]
    fn a_denial_on_one_side_is_marked() {
        let left = side("Iran nije isporučio dronove.", "hr");
        let right = side("Iran delivered the drones.", "en");
        let [left, right] = marked(left, right);
        assert_eq!((left, right), (vec![("nije".to_owned(), "d")], vec![]));
    }

    #[test]
    fn english_contractions_and_words_of_small_languages_deny() {
        for (text, lang, word) in [
            ("Iran didn't deliver drones.", "en", "didn't"),
            ("They won’t deliver drones.", "en", "won’t"),
            ("Iran ni dobavil dronov.", "sl", "ni"),
            ("Иран не е доставил дронове.", "bg", "не"),
            ("Iranul nu a livrat drone.", "ro", "nu"),
            ("Iran levererade inte drönare.", "sv", "inte"),
            ("Irán nem szállított drónokat.", "hu", "nem"),
        ] {
            let [left, _] = marked(side(text, lang), side("Dostarczył.", "pl"));
            assert_eq!(left[0], (word.to_owned(), "d"), "{text}");
        }
    }

    #[test]
    fn a_denial_is_not_marked_beside_a_language_whose_denials_are_not_listed() {
        for (text, lang) in
            [("Írán drony nedodal.", "cs"), ("İran drone teslim etmedi.", "tr"), ("Iran leverede.", "da")]
        {
            let left = side("Iran did not deliver drones.", "en");
            let [left, right] = marked(left, side(text, lang));
            assert!(left.is_empty() && right.is_empty(), "{lang}: {left:?} {right:?}");
        }
    }

    #[test]
    fn equal_numbers_and_dates_are_not_marked_however_they_are_written() {
        for (left, right) in [
            (("Погибли 9 тыс. человек.", "ru"), ("About 9,000 people died.", "en")),
            (("Sono morte circa novemila persone.", "it"), ("About 9,000 people died.", "en")),
            (("Das Werk wurde am 12.05.2023 eröffnet.", "de"), ("The plant opened on 12 May 2023.", "en")),
        ] {
            let [left, right] = [left, right].map(|(text, lang)| side(text, lang));
            let [left, right] = marked(left, right);
            assert!(left.is_empty() && right.is_empty(), "{left:?} {right:?}");
        }
    }

    #[test]
    fn words_of_a_number_are_marked_where_its_digits_are_equal() {
        let left = side("The strike costs 3 million euros.", "en");
        let right = side("The strike costs 3 billion euros.", "en");
        let [left, right] = marked(left, right);
        assert_eq!((left, right), (vec![("million".to_owned(), "n")], vec![("billion".to_owned(), "n")]));
    }

    #[test]
    fn a_name_that_begins_the_other_sentence_is_not_marked() {
        let left = side("Iran delivered the drones.", "en");
        let right = side("On Monday Iran delivered the drones.", "en");
        let [left, right] = marked(left, right);
        assert!(left.is_empty(), "{left:?}");
        assert_eq!(right, [("On".to_owned(), "w"), ("Monday".to_owned(), "p")]);
    }

    #[test]
    fn names_and_words_are_marked_within_one_language() {
        let left = side("The drones were delivered to Moscow before the war.", "en");
        let right = side("The drones were delivered to Kyiv after the war.", "en");
        let [left, right] = marked(left, right);
        assert_eq!(left, [("Moscow".to_owned(), "p"), ("before".to_owned(), "w")]);
        assert_eq!(right, [("Kyiv".to_owned(), "p"), ("after".to_owned(), "w")]);
    }
    #[test]
    fn scripts_without_spaces_are_compared_letter_by_letter() {
        let [left, right] = marked(side("地震造成120人死亡。", "zh"), side("地震造成200人受伤。", "zh"));
        assert_eq!(left, [("120".to_owned(), "n"), ("死亡".to_owned(), "w")]);
        assert_eq!(right, [("200".to_owned(), "n"), ("受伤".to_owned(), "w")]);
        let [left, _] = marked(side("น้ำท่วมที่เชียงใหม่", "th"), side("น้ำท่วมที่เชียงราย", "th"));
        assert_eq!(left, [("ใหม่".to_owned(), "w")]);
    }
}
