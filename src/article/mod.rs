//! Reads a corpus: folders, globs and files of text, HTML, JSON Lines and CSV become [`Article`]s.

mod date;
mod decode;
mod head;
mod html;
mod language;
mod metadata;
mod read;
mod records;
mod settings;
mod walk;

use std::collections::BTreeMap;
use std::path::PathBuf;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

#[cfg(feature = "tables")]
pub(crate) use html::primary_language;
pub use language::detect as detect_language;
pub use read::{decode_text, read_corpus};
pub use settings::Settings;

/// One news article as read: its own text, never changed, and what the source said about it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Article {
    /// Path below the corpus root, or `file#id` for one of several in a file; unique in a corpus.
    pub id: String,
    /// File that it was read from.
    pub path: PathBuf,
    /// Language as an ISO 639-1 code where there is one (`pl`, `hr`, `el`), given or detected; `und` if unknown.
    pub language: String,
    /// Day of publication, given by the source or read from the page, its address or the path of its file.
    pub date: Option<Date>,
    /// Newspaper, agency or site.
    pub outlet: Option<String>,
    /// Headline where the source gives it apart from the text.
    pub title: Option<String>,
    /// Author where the source gives one.
    pub author: Option<String>,
    /// Address where the source gives one.
    pub url: Option<String>,
    /// The text as in the file, byte order mark removed and metadata at its head blanked; all spans are byte ranges into it.
    pub text: String,
    /// Other columns or keys of the source, carried along.
    pub extra: BTreeMap<String, String>,
}

/// Everything that reading a corpus gave: the articles, and what a person should hear about the rest.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Corpus {
    /// Articles in the order of their files' ids, those of one file in the order of its lines.
    pub articles: Vec<Article>,
    /// Files and lines that gave no article.
    pub skipped: Vec<Skipped>,
    /// Files that were read, but not as they are.
    pub notes: Vec<Note>,
}

/// A file, or a line of it, that gave no article.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Skipped {
    /// The file.
    pub path: PathBuf,
    /// Line in the file, from 1; `None` if the whole file was skipped.
    pub line: Option<u64>,
    /// Why, in words for people.
    pub reason: String,
}

impl std::fmt::Display for Skipped {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.line {
            Some(line) => write!(f, "`{}`, line {line}: {}", self.path.display(), self.reason),
            None => write!(f, "`{}`: {}", self.path.display(), self.reason),
        }
    }
}

/// A remark on a file that was read, for example that its encoding was converted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// The file or folder.
    pub path: PathBuf,
    /// The remark, in words for people.
    pub message: String,
}

impl std::fmt::Display for Note {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "`{}`: {}", self.path.display(), self.message)
    }
}

/// What can go wrong with a corpus as a whole; one bad file is a [`Skipped`] instead.
#[derive(Debug, thiserror::Error)]
pub enum ArticleError {
    /// A path does not exist, or a glob matches nothing.
    #[error("there is no file or folder `{path}`; check the spelling, or put quotes around a glob")]
    Missing {
        /// The path as given.
        path: PathBuf,
    },
    /// A folder or file cannot be read at all.
    #[error("cannot read `{path}`")]
    Unreadable {
        /// The path as given.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A glob of the settings or of the command line is malformed.
    #[error("the glob `{glob}` is malformed: {problem}")]
    Glob {
        /// The glob as given.
        glob: String,
        /// What is wrong with it.
        problem: String,
    },
    /// A setting has a value that means nothing.
    #[error("article.{key} = \"{value}\": {problem}")]
    Setting {
        /// Name of the setting.
        key: &'static str,
        /// Its value.
        value: String,
        /// What is wrong, and what to write instead.
        problem: String,
    },
    /// No article came out of the given paths.
    #[error("no article found in {paths}: {hint}")]
    NoArticles {
        /// The paths as given.
        paths: String,
        /// Why, and what to do.
        hint: String,
    },
}

#[cfg(test)]
mod tests;
