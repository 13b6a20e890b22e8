//! What people said of the pairs: marks read back from spreadsheets, kept, shown again, and counted.
//!
//! Of a reviewed file only ids, marks, notes and reviewers are trusted, and the few short columns that statistics need:
//! a spreadsheet may sort and delete rows, change the delimiter and lose every letter beyond ASCII.

mod advice;
mod damage;
mod grid;
mod marks;
mod precision;
mod reviewers;
mod sample;
mod sheet;
mod summary;

use std::path::PathBuf;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use advice::{Advice, Threshold, advise, apply, stricter};
pub use damage::is_damaged;
pub use grid::{Grid, Line};
pub use marks::{Marks, carry_over, has_marks};
pub use precision::{Checked, Checks, Precision, check, wilson};
pub use reviewers::{Disagreement, Kappa, Reviewers, cohen, krippendorff, reviewers};
pub use sample::{Sampled, sample, sample_table};
pub use sheet::{Sheet, marked, read};
pub use summary::{Summary, summarize};

use crate::judge::Relation;

/// What a person says of a pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mark {
    /// The relation shown is right.
    Right,
    /// The relation shown is wrong.
    Wrong,
    /// This is the relation.
    Relation(Relation),
}

impl Mark {
    /// Reads a mark as people write it, in any case and with spaces or quotes around it.
    pub fn parse(text: &str) -> Option<Self> {
        let word = text.trim_matches(|c: char| c.is_whitespace() || "'\"„“”’.!".contains(c)).to_lowercase();
        match word.as_str() {
            "right" | "correct" | "yes" => Some(Self::Right),
            "wrong" | "incorrect" | "no" => Some(Self::Wrong),
            "agrees" => Some(Self::Relation(Relation::Agreement)),
            "contradicts" => Some(Self::Relation(Relation::Contradiction)),
            "not related" => Some(Self::Relation(Relation::Unrelated)),
            other => relation_named(other).map(Self::Relation),
        }
    }

    /// The word for it in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Right => "right",
            Self::Wrong => "wrong",
            Self::Relation(relation) => relation.name(),
        }
    }
}

const RELATIONS: [Relation; 3] = [Relation::Agreement, Relation::Contradiction, Relation::Unrelated];

/// The relation with this name.
pub fn relation_named(name: &str) -> Option<Relation> {
    RELATIONS.into_iter().find(|r| r.name() == name)
}

/// The text, or its first `most` letters.
fn short(text: &str, most: usize) -> String {
    text.char_indices().nth(most).map_or(text.to_owned(), |(end, _)| format!("{}…", &text[..end]))
}

/// One row that a person has marked or written a note on.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Reviewed {
    /// Id of the pair.
    pub pair_id: String,
    /// The mark; `None` where there is only a note.
    #[serde(with = "mark_word")]
    pub mark: Option<Mark>,
    /// The person's remark.
    pub note: String,
    /// Who marked; empty if unknown.
    pub reviewer: String,
    /// The relation that the row showed, without which `right` and `wrong` say nothing.
    pub relation: Option<Relation>,
    /// The confidence that the row showed, 0 to 1.
    pub confidence: Option<f64>,
    /// Languages of both sides as `el-pl`; empty if unknown.
    pub languages: String,
    /// The reason that the row showed.
    pub reason: String,
    /// When mark and note were first read so; `None` if unknown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub read_at: Option<Timestamp>,
    /// Part of the run that the row stands for, where it was drawn by [`sample`].
    #[serde(skip)]
    pub stratum: Option<Stratum>,
    /// Both sentences; empty where the file does not have them.
    #[serde(skip)]
    pub texts: [String; 2],
}

impl Reviewed {
    /// Whether `relation` is right for the pair; `None` if the mark does not tell.
    pub fn verdict(&self, relation: Relation) -> Option<bool> {
        match (self.mark?, self.relation) {
            (Mark::Relation(said), _) => Some(said == relation),
            (Mark::Right, shown) => Some(shown.is_none_or(|shown| shown == relation)),
            (Mark::Wrong, Some(shown)) if shown != relation => None,
            (Mark::Wrong, _) => Some(false),
        }
    }
}

/// A part of a run from which a sample was drawn.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Stratum {
    /// Its name, such as `contradiction 0.7`.
    pub name: String,
    /// Rows of the run that lie in it.
    pub rows: usize,
}

/// A mark as its word in files, nothing as an empty text.
mod mark_word {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    use super::Mark;

    pub fn serialize<S: Serializer>(mark: &Option<Mark>, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(mark.map_or("", Mark::name))
    }

    pub fn deserialize<'a, D: Deserializer<'a>>(from: D) -> Result<Option<Mark>, D::Error> {
        let word = String::deserialize(from)?;
        match Mark::parse(&word) {
            None if !word.is_empty() => Err(D::Error::custom(format!("`{word}` is no mark"))),
            mark => Ok(mark),
        }
    }
}

/// What can go wrong with reviewed files.
#[derive(Debug, thiserror::Error)]
pub enum ReviewError {
    /// A file cannot be read.
    #[error("cannot read `{path}`: {source}")]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A workbook is damaged or of an unknown kind.
    #[error("`{path}` is no workbook that can be read: {problem}")]
    Workbook {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        problem: String,
    },
    /// No table with the columns of a reviewed file.
    #[error("`{path}` has no header with the columns `pair_id` and `mark`{found}: is it a pairs file of crossclaim?")]
    NoTable {
        /// The file.
        path: PathBuf,
        /// Which of both is missing in which row, in brackets; empty where no row has one of them.
        found: String,
    },
    /// A line of a file of marks or pairs is malformed.
    #[error("`{path}`, line {line}: {problem}")]
    Line {
        /// The file.
        path: PathBuf,
        /// Line, from 1.
        line: usize,
        /// What is wrong.
        problem: String,
    },
    /// Settings into which no thresholds can be written.
    #[error("the settings cannot take thresholds: {problem}")]
    Settings {
        /// What is wrong.
        problem: String,
    },
}

#[cfg(test)]
mod tests;
