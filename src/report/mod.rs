//! Writes what a run found: rows become CSV, JSON Lines, XLSX, HTML and Parquet, for people and for programs.
//!
//! Formats are pure functions from rows to bytes; only [`write`] touches files. [`table`] holds the one definition of
//! every column.

mod csv;
mod differences;
mod html;
mod jsonl;
#[cfg(feature = "tables")]
mod parquet;
mod rejudge;
mod settings;
mod stored;
pub mod table;
mod write;
mod xlsx;

use serde::{Deserialize, Serialize};

pub use csv::{Dialect, neutralise, restore, to_csv};
pub use html::to_html;
pub(crate) use jsonl::says;
pub use jsonl::{PAIRS_SCHEMA, read_jsonl, to_jsonl};
#[cfg(feature = "tables")]
pub use parquet::to_parquet;
pub use rejudge::thresholds;
pub use settings::{Format, Include, Settings};
pub(crate) use stored::STORED;
pub use write::{Draft, Written, write_atomically, write_beside, write_report};
pub(crate) use write::{remove_drafts, write_through};
pub(crate) use xlsx::reordered;
pub use xlsx::to_xlsx;

/// One judged pair of sentences, as a person and a program see it.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Row {
    /// A letter and a hash of both sentences and of the ids of their articles.
    pub pair_id: String,
    /// Claim group that the pair belongs to: a letter and a hash.
    pub claim_id: String,
    /// `agreement`, `contradiction` or `unrelated`.
    pub relation: String,
    /// Calibrated probability that the relation is right, 0..1.
    pub confidence: f64,
    /// Typed and readable, for example `number: 15 / 40` or `denial`; empty if nothing typed was found.
    pub reason: String,
    /// Kind of conflict by the model's own head, whatever the relation; empty if unknown; only in a stored report.
    #[serde(default)]
    pub kind: String,
    /// One sentence.
    pub left: Side,
    /// The other sentence.
    pub right: Side,
    /// Cosine of the two vectors, -1..1.
    pub similarity: f64,
    /// Probability that both say the same, 0..1.
    pub p_agreement: f64,
    /// Probability that both cannot be true, 0..1.
    pub p_contradiction: f64,
    /// Probability of neither, 0..1.
    pub p_unrelated: f64,
    /// The person's: `right`, `wrong` or a relation; empty until then.
    pub mark: String,
    /// The person's remark.
    pub note: String,
    /// Who marked.
    pub reviewer: String,
}

impl Row {
    /// Both sides.
    pub(crate) fn sides(&self) -> [&Side; 2] {
        [&self.left, &self.right]
    }

    /// Type of the conflict or agreement: what stands before the colon of the reason.
    pub fn conflict(&self) -> &str {
        self.reason.split(':').next().unwrap_or_default().trim()
    }
}

/// One sentence of a pair, with where it stands and who says it.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Side {
    /// The sentence as in the article.
    pub text: String,
    /// Sentence or sentences before it, for context; may be empty.
    pub before: String,
    /// Sentence or sentences after it, for context; may be empty.
    pub after: String,
    /// Id of the article.
    pub article: String,
    /// Language of the article, `und` if unknown.
    pub lang: String,
    /// Day of publication as `YYYY-MM-DD`; empty if unknown.
    pub date: String,
    /// Newspaper, agency or site; empty if unknown.
    pub outlet: String,
    /// Who asserts it according to the article; empty if the article does itself.
    pub speaker: String,
    /// First character of the sentence in the article, in Unicode scalar values.
    pub start: usize,
    /// One past its last character.
    pub end: usize,
}

/// One claim group.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct ClaimRow {
    /// A letter and a hash.
    pub claim_id: String,
    /// The sentence that stands for the group.
    pub wording: String,
    /// Language of the wording.
    pub lang: String,
    /// Articles that state it or its contrary.
    pub articles: usize,
    /// Their languages, sorted.
    pub languages: Vec<String>,
    /// Their outlets, sorted.
    pub outlets: Vec<String>,
    /// Independent sources: articles of one outlet, and copies of one text, count once.
    pub sources: usize,
    /// Agreeing pairs.
    pub agreements: usize,
    /// Contradicting pairs.
    pub contradictions: usize,
    /// Its sentences speak against each other: two that state it contradict, or one that states it agrees with one that contradicts it.
    #[serde(default)]
    pub inconsistent: bool,
    /// Day of its earliest article as `YYYY-MM-DD`; empty if unknown.
    pub first_date: String,
    /// Day of its latest article; empty if unknown.
    pub last_date: String,
    /// Highest confidence among its contradictions, else among its agreements, 0..1.
    pub strongest: f64,
}

/// What an article says to a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Stance {
    /// States it.
    Agrees,
    /// States something that cannot be true beside it.
    Contradicts,
    /// States it in one sentence, and in another something that cannot be true beside it.
    Both,
    /// Does not speak of it.
    #[default]
    Silent,
}

/// Claim x article.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Matrix {
    /// Ids of the articles: the columns.
    pub articles: Vec<String>,
    /// The claims: the rows.
    pub rows: Vec<MatrixRow>,
}

/// One claim of a [`Matrix`].
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct MatrixRow {
    /// A letter and a hash.
    pub claim_id: String,
    /// Its wording.
    pub wording: String,
    /// Positions in [`Matrix::articles`] of those that speak of it, in order, and what each says.
    #[serde(deserialize_with = "stored::stances")]
    pub stances: Vec<(usize, Stance)>,
}

/// One article and what became of it.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct ArticleRow {
    /// Its id.
    pub article: String,
    /// Its language.
    pub lang: String,
    /// Day of publication as `YYYY-MM-DD`; empty if unknown.
    pub date: String,
    /// Newspaper, agency or site; empty if unknown.
    pub outlet: String,
    /// Headline; empty if unknown.
    pub title: String,
    /// Address; empty if unknown.
    pub url: String,
    /// Sentences that were kept.
    pub sentences: usize,
    /// Pairs in which it agrees with another article.
    pub agreements: usize,
    /// Pairs in which it contradicts another article.
    pub contradictions: usize,
}

/// What one article says to a claim that the user asked about.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct WatchRow {
    /// The claim as the user wrote it.
    pub claim: String,
    /// Id of the article.
    pub article: String,
    /// Its language.
    pub lang: String,
    /// Day of publication as `YYYY-MM-DD`; empty if unknown.
    pub date: String,
    /// Newspaper, agency or site; empty if unknown.
    pub outlet: String,
    /// What the article says.
    pub stance: Stance,
    /// Calibrated probability of the stance, 0..1; 0 if silent.
    pub confidence: f64,
    /// The sentence that says it; empty if silent.
    pub sentence: String,
    /// Who asserts it according to the article.
    pub speaker: String,
    /// First character of the sentence in the article, in Unicode scalar values.
    pub start: usize,
    /// One past its last character.
    pub end: usize,
}

/// Facts about the run for people: name and value, in order.
pub type About = Vec<(String, String)>;

/// Everything that a run reports.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Report {
    /// Judged pairs.
    pub pairs: Vec<Row>,
    /// Claim groups.
    pub claims: Vec<ClaimRow>,
    /// Claim x article.
    pub matrix: Matrix,
    /// Articles.
    pub articles: Vec<ArticleRow>,
    /// Claims that the user asked about.
    pub watch: Vec<WatchRow>,
    /// Facts about the run.
    pub about: About,
}

impl Report {
    /// Sorts the rows as people read them: contradictions, then agreements, each by confidence, ties by id.
    pub fn sort(&mut self) {
        let rank = |relation: &str| match relation {
            "contradiction" => 0,
            "agreement" => 1,
            _ => 2,
        };
        self.pairs.sort_by(|a, b| {
            let by_relation = rank(&a.relation).cmp(&rank(&b.relation));
            by_relation.then(b.confidence.total_cmp(&a.confidence)).then_with(|| a.pair_id.cmp(&b.pair_id))
        });
    }
}

/// What can go wrong with a report.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// A setting has a value that means nothing.
    #[error("report.{key} = \"{value}\": {problem}")]
    Setting {
        /// Name of the setting.
        key: &'static str,
        /// Its value.
        value: String,
        /// What to write instead.
        problem: String,
    },
    /// A file of a run cannot be read.
    #[error("cannot read `{path}`: {source}; is this the folder of a finished run?")]
    Read {
        /// The file.
        path: std::path::PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A file of a run is not what this version writes.
    #[error("`{path}`: {problem}")]
    Malformed {
        /// The file.
        path: std::path::PathBuf,
        /// What is wrong.
        problem: String,
    },
    /// A file cannot be written.
    #[error("cannot write `{path}`")]
    Write {
        /// The file.
        path: std::path::PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A format could not be made from the rows.
    #[error("cannot make {what}: {problem}")]
    Format {
        /// The file's kind.
        what: &'static str,
        /// What is wrong.
        problem: String,
    },
}

#[cfg(test)]
mod tests;
