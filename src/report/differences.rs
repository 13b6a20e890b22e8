//! Where the two sentences of a pair differ, for the eye: numbers, negation, and in one language the words.

use std::collections::BTreeSet;

use super::Row;
use super::table::sides;

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

/// Words of denial per language: a line of `code: words`.
const NEGATIONS: &str = include_str!("negations.txt");
/// What may stand between groups of three digits beside point and comma.
const SPACES: [char; 4] = [' ', '\u{A0}', '\u{202F}', '\u{2009}'];
/// Tokens beyond which word order is not compared: the table grows with the square.
const LONGEST_DIFF: usize = 400;

/// What differs in the left and in the right sentence.
pub(super) fn differences(row: &Row) -> [Vec<Highlight>; 2] {
    let [left, right] = sides(row).map(|side| tokens(&side.text, &side.lang));
    let one_language = row.left.lang == row.right.lang;
    let changed = if one_language { Some(unmatched(&left, &right)) } else { None };
    let both_deny = [&left, &right].map(|side| side.iter().any(|token| token.kind == Kind::Negation));
    let only = |side: usize, mine: &[Token], other: &[Token]| {
        let numbers: BTreeSet<&str> = keys(other, Kind::Number);
        let names: BTreeSet<&str> = keys(other, Kind::Name);
        let marked = mine.iter().enumerate().filter_map(|(at, token)| {
            let why = match token.kind {
                Kind::Number if !numbers.contains(token.key.as_str()) => Why::Number,
                Kind::Negation if both_deny[0] != both_deny[1] => Why::Negation,
                Kind::Name if one_language && !names.contains(token.key.as_str()) => Why::Name,
                Kind::Word if changed.as_ref().is_some_and(|changed| changed[side][at]) => Why::Word,
                _ => return None,
            };
            Some((token.start, token.end, why))
        });
        marked.collect::<Vec<_>>()
    };
    [only(0, &left, &right), only(1, &right, &left)]
}

fn keys(tokens: &[Token], kind: Kind) -> BTreeSet<&str> {
    tokens.iter().filter(|token| token.kind == kind).map(|token| token.key.as_str()).collect()
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
    /// What is compared: digits without separators, words in lower case.
    key: String,
    kind: Kind,
}

fn tokens(text: &str, lang: &str) -> Vec<Token> {
    let negations: BTreeSet<&str> = NEGATIONS
        .lines()
        .filter_map(|line| line.split_once(':'))
        .filter(|(code, _)| *code == lang)
        .flat_map(|(_, words)| words.split_whitespace())
        .collect();
    let mut tokens: Vec<Token> = Vec::new();
    let (mut unit, mut letters) = (0, text.chars().peekable());
    while let Some(first) = letters.next() {
        let start = unit;
        unit += first.len_utf16();
        if !first.is_alphanumeric() {
            continue;
        }
        let mut shown = String::from(first);
        while let Some(&next) = letters.peek() {
            let joins = next.is_alphanumeric()
                || (first.is_numeric()
                    && (matches!(next, '.' | ',' | ':') || has_more_digits(&shown, letters.clone())))
                || is_contraction(&shown, letters.clone());
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
        tokens.push(Token { start, end, key, kind });
    }
    tokens
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
