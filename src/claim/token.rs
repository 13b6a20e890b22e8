//! Cuts a sentence into words, number literals and marks, once for everything that reads it.

use std::ops::Range;

use unicode_normalization::char::is_combining_mark;

/// Decimal mark beside Arabic digits.
pub(crate) const DECIMAL: char = '\u{66b}';
/// Mark between groups of three Arabic digits.
const GROUP: char = '\u{66c}';

/// What a token is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// Letters, with apostrophes inside, and digits after letters (`G20`).
    Word,
    /// Digits with the separators between them, as written.
    Number,
    /// A single other character.
    Mark,
}

/// A token: where it stands, and where its folded form lies in the buffer of its [`Tokens`].
#[derive(Debug, Clone)]
pub(crate) struct Token {
    pub span: Range<usize>,
    folded: Range<usize>,
    pub shape: Shape,
    /// Whether it follows the token before it without white space.
    pub joined: bool,
    /// Whether its first character is an upper-case letter.
    pub capital: bool,
}

/// What a language does at the border of tokens.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Habits {
    /// A plain space between groups of three digits belongs to the number.
    pub spaced: bool,
    /// A word ends with an apostrophe and the next follows at once: `l'Iran`, `d'euros`.
    pub elided: bool,
}

/// The tokens of one sentence.
#[derive(Debug)]
pub(crate) struct Tokens<'a> {
    pub text: &'a str,
    pub items: Vec<Token>,
    buffer: String,
}

impl<'a> Tokens<'a> {
    /// Reads `text` by the habits of its language.
    pub fn read(text: &'a str, habits: Habits) -> Self {
        let mut tokens =
            Tokens { text, items: Vec::with_capacity(text.len() / 5 + 4), buffer: String::with_capacity(text.len()) };
        let mut at = 0;
        let mut joined = false;
        while let Some(first) = text[at..].chars().next() {
            if first.is_whitespace() || is_invisible(first) {
                joined &= is_invisible(first);
                at += first.len_utf8();
                continue;
            }
            let (shape, end) = if digit(first).is_some() {
                (Shape::Number, at + number_length(&text[at..], habits.spaced))
            } else if first.is_alphabetic() {
                (Shape::Word, at + word_length(&text[at..], habits.elided))
            } else {
                (Shape::Mark, at + first.len_utf8())
            };
            let from = tokens.buffer.len();
            match shape {
                Shape::Word => text[at..end].chars().for_each(|c| fold(c, &mut tokens.buffer)),
                Shape::Mark => fold(first, &mut tokens.buffer),
                Shape::Number => tokens.buffer.extend(text[at..end].chars().map(|c| digit(c).unwrap_or(c))),
            }
            let folded = from..tokens.buffer.len();
            tokens.items.push(Token { span: at..end, folded, shape, joined, capital: first.is_uppercase() });
            joined = true;
            at = end;
        }
        tokens
    }

    /// The folded form of token `index`, empty behind the end; digits of every script are ASCII in it.
    pub fn folded(&self, index: usize) -> &str {
        self.items.get(index).map_or("", |token| &self.buffer[token.folded.clone()])
    }

    /// The token as written, empty behind the end.
    pub fn raw(&self, index: usize) -> &'a str {
        self.items.get(index).map_or("", |token| &self.text[token.span.clone()])
    }

    /// Whether token `index` has this shape.
    pub fn is(&self, index: usize, shape: Shape) -> bool {
        self.items.get(index).is_some_and(|token| token.shape == shape)
    }

    /// Whether token `index` stands right behind the one before it.
    pub fn joined(&self, index: usize) -> bool {
        self.items.get(index).is_some_and(|token| token.joined)
    }

    /// Whether token `index` is one of the dashes.
    pub fn is_dash(&self, index: usize) -> bool {
        matches!(self.raw(index), "-" | "–" | "—" | "‐" | "‑" | "−")
    }

    /// Byte range from token `first` to before token `end`.
    pub fn span(&self, first: usize, end: usize) -> Range<usize> {
        self.items[first].span.start..self.items[end - 1].span.end
    }

    /// Number of tokens.
    pub fn len(&self) -> usize {
        self.items.len()
    }
}

/// Lower case; Greek without accents and final sigma, which inflection and capitals move about; spellings that differ
/// by habit or keyboard only are one: Romanian comma and cedilla, Russian `ё` and `е`.
fn fold(c: char, out: &mut String) {
    if c.is_ascii() {
        out.push(c.to_ascii_lowercase());
        return;
    }
    match c {
        '’' | 'ʼ' => out.push('\''),
        '\u{300}'..='\u{301}' | '\u{308}' => {}
        'İ' => out.push('i'),
        _ => c.to_lowercase().for_each(|lower| {
            out.push(match lower {
                '\u{3ac}' | '\u{1f71}' => 'α',
                '\u{3ad}' | '\u{1f73}' => 'ε',
                '\u{3ae}' | '\u{1f75}' => 'η',
                '\u{3af}' | '\u{3ca}' | '\u{390}' | '\u{1f77}' => 'ι',
                '\u{3cc}' | '\u{1f79}' => 'ο',
                '\u{3cd}' | '\u{3cb}' | '\u{3b0}' | '\u{1f7b}' => 'υ',
                '\u{3ce}' | '\u{1f7d}' => 'ω',
                'ς' => 'σ',
                'ё' => 'е',
                'ș' => 'ş',
                'ț' => 'ţ',
                other => other,
            })
        }),
    }
}

/// The ASCII form of a decimal digit.
fn digit(c: char) -> Option<char> {
    // ASCII, Arabic, Persian, India from Devanagari to Malayalam, Thai, Lao, Burmese, Khmer, full width.
    const ZEROS: [char; 17] = [
        '0', '\u{660}', '\u{6f0}', '\u{966}', '\u{9e6}', '\u{a66}', '\u{ae6}', '\u{b66}', '\u{be6}', '\u{c66}',
        '\u{ce6}', '\u{d66}', '\u{e50}', '\u{ed0}', '\u{1040}', '\u{17e0}', '\u{ff10}',
    ];
    let zero = ZEROS[ZEROS.partition_point(|zero| *zero <= c).checked_sub(1)?];
    char::from_digit(c as u32 - zero as u32, 10)
}

fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')
}

fn word_length(text: &str, elided: bool) -> usize {
    // Digits belong to a word behind Latin, Greek and Cyrillic letters; in other scripts they begin a number of their own.
    const HEBREW: char = '\u{590}';
    let mut chars = text.char_indices().peekable();
    let mut takes_digits = true;
    while let Some((at, c)) = chars.next() {
        let digit = c.is_ascii_digit() && takes_digits && !(at == 1 && is_decimal(&text[at..]));
        let inside = c.is_alphabetic() || digit || is_combining_mark(c);
        let mark = matches!(c, '\'' | '’' | 'ʼ');
        // A pattern of the word lists may end with it.
        if mark && elided && chars.peek().is_none_or(|(_, next)| next.is_alphanumeric()) {
            return at + c.len_utf8();
        }
        let apostrophe = mark && chars.peek().is_some_and(|(_, next)| next.is_alphabetic());
        if !inside && !apostrophe {
            return at;
        }
        takes_digits = c < HEBREW;
    }
    text.len()
}

/// Whether digits with a decimal point stand here: `M6.3`, unlike `G20`.
fn is_decimal(text: &str) -> bool {
    let rest = text.trim_start_matches(|c: char| c.is_ascii_digit());
    rest.strip_prefix('.').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
}

/// Length of a number literal: digits, and separators that have digits on both sides.
fn number_length(text: &str, spaced: bool) -> usize {
    // How many, and their bytes.
    let digits = |from: usize| {
        let found = text[from..].chars().take_while(|c| digit(*c).is_some());
        found.fold((0, 0), |(count, bytes), c| (count + 1, bytes + c.len_utf8()))
    };
    let (count, mut end) = digits(0);
    let mut groupable = count <= 3;
    while let Some(mark) = text[end..].chars().next() {
        let next = end + mark.len_utf8();
        let (follows, bytes) = digits(next);
        let accepted = match mark {
            '.' | ',' | '·' | DECIMAL => follows > 0,
            '\'' | '’' | GROUP => follows == 3,
            '\u{a0}' | '\u{202f}' | '\u{2009}' => groupable && follows == 3,
            ' ' => spaced && groupable && follows == 3,
            _ => false,
        };
        if !accepted {
            break;
        }
        groupable &= follows == 3;
        end = next + bytes;
    }
    end
}
