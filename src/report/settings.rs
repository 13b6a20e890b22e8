//! Section `[report]`: which files are written, and how.

use serde::{Deserialize, Serialize};

/// What is written, and how: section `[report]` of the settings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// Files to write: `csv` (pairs, claims, matrix, watch), `jsonl`, `xlsx`, `html`, `parquet`.
    pub formats: Vec<Format>,
    /// Between the columns of CSV files: `,`, `;` or `tab`; empty takes what the locale's spreadsheets expect.
    pub delimiter: String,
    /// Country whose spreadsheet opens the CSV files by double click: `en`, `pl`, `de`, `hr`, `el`, `fr`, … In columns
    /// for people it also sets the decimal comma; scores always have a point.
    pub locale: String,
    /// `found` leaves out pairs under the thresholds, `all` keeps them as `unrelated`.
    pub include: Include,
    /// Whether a run keeps its intermediate tables, with a manifest of their digests.
    pub tables: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            formats: vec![Format::Csv, Format::Jsonl, Format::Xlsx, Format::Html],
            delimiter: String::new(),
            locale: "en".to_owned(),
            include: Include::Found,
            tables: true,
        }
    }
}

/// A kind of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// Tables for spreadsheets and scripts.
    Csv,
    /// The pairs for programs.
    Jsonl,
    /// A workbook.
    Xlsx,
    /// A page to read.
    Html,
    /// The pairs for engines and data frames.
    Parquet,
}

/// Which pairs are reported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Include {
    /// Agreements and contradictions above their thresholds.
    Found,
    /// Every judged pair.
    All,
}
