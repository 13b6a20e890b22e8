//! The whole report as a run keeps it, so that other files can be made from it later.

use std::path::Path;

use super::{Report, ReportError};

/// Where a run's folder keeps its report with all judged pairs.
pub const STORED: &str = "tables/report.json";

impl Report {
    /// The report as JSON.
    pub fn to_json(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("texts and numbers")
    }

    /// Reads the report that a finished run keeps in `folder`.
    pub fn read(folder: &Path) -> Result<Self, ReportError> {
        let path = folder.join(STORED);
        let bytes = std::fs::read(&path).map_err(|source| ReportError::Read { path: path.clone(), source })?;
        serde_json::from_slice(&bytes).map_err(|problem| ReportError::Malformed { path, problem: problem.to_string() })
    }
}
