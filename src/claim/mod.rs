//! Describes what a sentence says: who asserts it, numbers, dates, names, negation.
//!
//! [`describe`] reads one sentence into language-independent [`Fields`]; [`compare`] sets two of them against each other.
//! What is known of a language stands in `words/*.txt`.

mod amount;
mod calendar;
mod clock;
mod compare;
mod counted;
mod dates;
mod lexicon;
mod line;
mod literal;
#[cfg(test)]
mod measure;
mod name;
mod number;
mod phrase;
mod polarity;
mod reason;
mod score;
mod section;
mod speaker;
#[cfg(test)]
mod tests;
mod time;
mod token;
mod transliterate;
mod unit;
mod weekday;
mod when;

use std::fmt;
use std::ops::Range;

use jiff::civil::Date;
use serde::Serialize;

pub use compare::{Comparison, FEATURES, compare, features};
pub use name::Name;
pub use reason::reason;
pub use time::{Relation, TimeExpr, When};
pub use unit::{Currency, Unit};

/// What a sentence says, comparable across languages; spans are byte ranges inside the sentence.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Fields {
    /// Amounts, shares, counts and ordinals, in the order of the text.
    pub numbers: Vec<Quantity>,
    /// Dates, and what comes before or after what.
    pub times: Vec<TimeExpr>,
    /// Where the first negation stands.
    pub negated: Option<Range<usize>>,
    /// Where the sentence reports that somebody denies something.
    pub denial: Option<Range<usize>>,
    /// Who asserts it, where it is not the outlet.
    pub speaker: Option<Speaker>,
    /// People, places and organisations.
    pub names: Vec<Name>,
}

/// An amount as a range, in the base unit of its kind.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Quantity {
    /// The number with its unit.
    pub span: Range<usize>,
    /// Lower end.
    pub low: f64,
    /// Upper end; the same as `low` for an exact number.
    pub high: f64,
    /// Other reading of the digits where the format leaves two (`1.234` in English).
    pub other: Option<f64>,
    /// Kind, with the base unit that the ends are given in.
    pub unit: Unit,
    /// What is counted, as the first letters of the noun: comparable within one language.
    pub role: Option<String>,
    /// What the ends were made of where one number is written.
    #[serde(skip)]
    pub modifier: Option<Modifier>,
}

/// How an amount lies to the number that is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Modifier {
    /// About the number.
    About,
    /// More than it, or it at least.
    Over,
    /// Less than it, or it at most.
    Under,
}

/// Who asserts what the sentence says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Speaker {
    /// The phrase that names the speaker.
    pub span: Range<usize>,
    /// What the speaker does.
    pub stance: Stance,
    /// Key of the name in the phrase, or of the kind of speaker (`police`); comparable across languages.
    pub key: String,
    /// Whether the phrase is more than a pronoun: who 'he' is stands in another sentence.
    #[serde(skip)]
    pub named: bool,
}

/// What a speaker does with a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Stance {
    /// States it.
    Says,
    /// Confirms or admits it.
    Confirms,
    /// Denies or rejects it.
    Denies,
    /// Blames somebody for it.
    Accuses,
    /// Promises or threatens it.
    Promises,
    /// Expects, estimates or fears it.
    Expects,
}

/// Reads `sentence`, written in `language` (ISO 639-1); relative times are resolved against `published`.
pub fn describe(sentence: &str, language: &str, published: Option<Date>) -> Fields {
    let line = line::Line::read(sentence, lexicon::of(language), language);
    let mut taken = vec![false; line.tokens.len()];
    let times = when::times(&line, published, &mut taken);
    let numbers = number::numbers(&line, &taken);
    let (negated, denial) = polarity::polarity(&line, &times);
    let speaker = speaker::speaker(&line, &taken, language);
    let names = name::names(&line, &taken, language);
    Fields { numbers, times, negated, denial, speaker, names }
}

impl Fields {
    /// Consonants of the names, with a space between: what is left alike of a name in other scripts and cases. A question mark
    /// goes before what may be no name.
    pub fn mentions(&self) -> String {
        let words = self.names.iter().map(|name| {
            let mark = if name.certain || name.led { "" } else { "?" };
            format!("{mark}{}", name::consonants(&name.key))
        });
        words.collect::<Vec<_>>().join(" ")
    }
}

/// A sentence of an article that may say what other articles say as well.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Claim {
    /// Position of its article in the corpus.
    pub article: usize,
    /// Index of the sentence in its article.
    pub segment: usize,
    /// Byte range in the article's text.
    pub span: Range<usize>,
    /// What it says.
    pub fields: Fields,
}

impl Claim {
    /// The sentence itself, given the text of its article.
    pub fn text<'a>(&self, article_text: &'a str) -> &'a str {
        &article_text[self.span.clone()]
    }
}

/// Units of time in seconds, as people name them, the largest first.
const SPANS: [(f64, &str); 6] = [
    (365.25 * 86_400.0, "years"),
    (30.4375 * 86_400.0, "months"),
    (7.0 * 86_400.0, "weeks"),
    (86_400.0, "days"),
    (3_600.0, "hours"),
    (60.0, "minutes"),
];

impl Quantity {
    /// The number as written (`about 20`, `20+`, `up to 20`) or the ends of a range (`5..7`), with the unit; durations
    /// in the largest unit of which they are a whole number, else, where they are exact, as `5 h 3 min 45 s`; scores with
    /// the greater number first (`2-1`).
    pub fn for_people(&self) -> String {
        if self.unit == Unit::Score {
            return format!("{}-{}", self.high, self.low);
        }
        let (low, high) = self.written();
        let is_whole = |size: f64| [low, high].iter().all(|x| x / size >= 0.5 && (x / size).fract() == 0.0);
        let span = SPANS.iter().find(|(size, _)| self.unit == Unit::Duration && is_whole(*size));
        let is_exact = low == high && self.modifier.is_none() && low.fract() == 0.0;
        if self.unit == Unit::Duration && span.is_none() && is_exact && low > 60.0 {
            return hours_minutes_seconds(low);
        }
        let (size, unit) = match span {
            Some((size, name)) if low == *size && high == *size => (*size, name.trim_end_matches('s').to_owned()),
            Some((size, name)) => (*size, (*name).to_owned()),
            None => (1.0, self.unit.to_string()),
        };
        let number = match low == high {
            true => format!("{}", low / size),
            false => format!("{}..{}", low / size, high / size),
        };
        let number = match self.modifier {
            Some(Modifier::About) => format!("about {number}"),
            Some(Modifier::Over) => format!("{number}+"),
            Some(Modifier::Under) => format!("up to {number}"),
            None => number,
        };
        format!("{number} {unit}").trim_end().to_owned()
    }

    /// The ends without what a modifier made of them.
    fn written(&self) -> (f64, f64) {
        let (near, far) = if self.low < 0.0 { (self.high, self.low) } else { (self.low, self.high) };
        let number = match self.modifier {
            Some(Modifier::About) => number::tidy(near / (1.0 - number::ABOUT)),
            Some(Modifier::Over) => near,
            Some(Modifier::Under) => far,
            None => return (self.low, self.high),
        };
        (number, number)
    }
}

fn hours_minutes_seconds(seconds: f64) -> String {
    let parts =
        [((seconds / 3_600.0).floor(), "h"), ((seconds % 3_600.0 / 60.0).floor(), "min"), (seconds % 60.0, "s")];
    let parts = parts.iter().filter(|(count, _)| *count > 0.0).map(|(count, unit)| format!("{count} {unit}"));
    parts.collect::<Vec<_>>().join(" ")
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self.low == self.high {
            true => write!(f, "{}", self.low)?,
            false => write!(f, "{}..{}", self.low, self.high)?,
        }
        match self.unit.to_string() {
            unit if unit.is_empty() => Ok(()),
            unit => write!(f, " {unit}"),
        }
    }
}
