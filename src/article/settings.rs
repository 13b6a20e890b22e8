use encoding_rs::Encoding;
use serde::{Deserialize, Serialize};

use super::{ArticleError, language};

/// How a corpus is read: section `[article]` of the settings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// Globs that say which files of a folder are articles, matched against the path below the folder; an empty list
    /// takes every file that can be read (.txt .md .html .htm .json .jsonl .ndjson .csv .tsv, also with .gz or .zst).
    pub include: Vec<String>,
    /// Globs of files that are left out of a folder, as are folders with the results of a run or with the parts of a saved page.
    /// A file named on the command line is always read.
    pub exclude: Vec<String>,
    /// Language of every article as a two-letter code, or `auto`: as the source says, else detected.
    pub language: String,
    /// Encoding of every file without a byte order mark (`windows-1250`, `iso-8859-7`, …), or `auto`: UTF-8, else
    /// detected and converted.
    pub encoding: String,
    /// Articles with fewer characters are skipped.
    pub min_chars: usize,
    /// Files that are larger, unpacked, than this many megabytes (1,000,000 bytes) are skipped.
    pub max_megabytes: u64,
}

impl Default for Settings {
    fn default() -> Self {
        let exclude = ["**/gold/**", "**/README*", "**/LICENSE*", "**/NOTICE*", "**/marks.jsonl"];
        Self {
            include: Vec::new(),
            exclude: exclude.map(str::to_owned).to_vec(),
            language: "auto".to_owned(),
            encoding: "auto".to_owned(),
            min_chars: 1,
            max_megabytes: 4_000,
        }
    }
}

impl Settings {
    /// The language that all articles have, if the settings say so; an error if it is not a language code.
    pub fn fixed_language(&self) -> Result<Option<&str>, ArticleError> {
        match self.language.as_str() {
            "auto" => Ok(None),
            code if matches!(code.len(), 2 | 3) && code.bytes().all(|b| b.is_ascii_lowercase()) => {
                Ok(Some(language::two_letters(code).unwrap_or(code)))
            }
            value => Err(ArticleError::Setting {
                key: "language",
                value: value.to_owned(),
                problem: "expected `auto` or a code like `pl`, `hr`, `el`".to_owned(),
            }),
        }
    }

    /// The encoding that all files have, if the settings say so; an error if nobody knows it.
    pub(crate) fn fixed_encoding(&self) -> Result<Option<&'static Encoding>, ArticleError> {
        match self.encoding.as_str() {
            "auto" => Ok(None),
            label => Encoding::for_label(label.as_bytes()).map(Some).ok_or_else(|| ArticleError::Setting {
                key: "encoding",
                value: label.to_owned(),
                problem: "expected `auto` or a label like `utf-8`, `windows-1250`, `iso-8859-7`".to_owned(),
            }),
        }
    }
}
