//! Reads a corpus: folders, globs and files of text, HTML, JSON Lines and CSV become [`Article`]s.

use std::collections::BTreeMap;
use std::path::PathBuf;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// One news article as read: its own text, never changed, and what the source said about it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Article {
    /// Path below the corpus root, or `file#id` for one of several in a file; unique in a corpus.
    pub id: String,
    /// File that it was read from.
    pub path: PathBuf,
    /// Language as an ISO 639-1 code where there is one (`pl`, `hr`, `el`), given or detected; `und` if unknown.
    pub language: String,
    /// Day of publication, given by the source or read from the page.
    pub date: Option<Date>,
    /// Newspaper, agency or site.
    pub outlet: Option<String>,
    /// Headline where the source gives it apart from the text.
    pub title: Option<String>,
    /// Author where the source gives one.
    pub author: Option<String>,
    /// Address where the source gives one.
    pub url: Option<String>,
    /// The text as in the file, byte order mark removed; all spans are byte ranges into it.
    pub text: String,
    /// Other columns or keys of the source, carried along.
    pub extra: BTreeMap<String, String>,
}
