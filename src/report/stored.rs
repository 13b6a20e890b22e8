//! The whole report as a run keeps it, so that other files can be made from it later.

use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Deserializer};

use super::jsonl::says;
use super::write::write_through;
use super::{Report, ReportError, Stance};

/// Where a run's folder keeps its report with all judged pairs.
pub(crate) const STORED: &str = "tables/report.json";

impl Report {
    /// Keeps the report in the folder of its run; gives the path.
    pub fn store(&self, folder: &Path) -> Result<PathBuf, ReportError> {
        write_through(&folder.join(STORED), |file| serde_json::to_writer(file, self).map_err(io::Error::from))
    }

    /// Reads the report that a finished run keeps in `folder`.
    pub fn read(folder: &Path) -> Result<Self, ReportError> {
        let path = folder.join(STORED);
        let bytes = std::fs::read(&path).map_err(|source| ReportError::Read { path: path.clone(), source })?;
        serde_json::from_slice(&bytes).map_err(|problem| {
            let problem = format!("{}; run again into this folder", says(&problem));
            ReportError::Malformed { path, problem }
        })
    }
}

/// Reads the stances of a claim; earlier versions kept one of every article.
pub(super) fn stances<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<(usize, Stance)>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Kept {
        OfSome(Vec<(usize, Stance)>),
        OfAll(Vec<Stance>),
    }
    Ok(match Kept::deserialize(deserializer)? {
        Kept::OfSome(stances) => stances,
        Kept::OfAll(stances) => (0..).zip(stances).filter(|(_, stance)| *stance != Stance::Silent).collect(),
    })
}
