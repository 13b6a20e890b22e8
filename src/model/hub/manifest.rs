//! The list of files of a finished download, kept beside the cache of the Hub.

use super::HubName;
use super::checksum::Checksum;
use crate::model::ModelError;
use serde::{Deserialize, Serialize};
use std::io::Write;
use std::path::{Path, PathBuf};

/// Files of one commit with their checksums.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Manifest {
    pub(super) commit: String,
    pub(super) files: Vec<Entry>,
}

/// One file; size in bytes.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Entry {
    pub(super) path: String,
    pub(super) size: u64,
    pub(super) checksum: Checksum,
}

impl Manifest {
    /// Reads the manifest of a commit; `None` where no download has been finished.
    pub(super) fn read(cache: &Path, name: &HubName, commit: &str) -> Result<Option<Self>, ModelError> {
        let file = location(cache, name, commit);
        let bytes = match std::fs::read(&file) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(damaged(&file, error)),
        };
        serde_json::from_slice(&bytes).map(Some).map_err(|error| damaged(&file, format!("{error}; delete it")))
    }

    /// Writes the manifest, whole or not at all.
    pub(super) fn write(&self, cache: &Path, name: &HubName) -> Result<(), ModelError> {
        let file = location(cache, name, &self.commit);
        let folder = file.parent().unwrap_or(cache);
        let written = serde_json::to_vec_pretty(self).map_err(std::io::Error::from).and_then(|bytes| {
            std::fs::create_dir_all(folder)?;
            let mut temporary = tempfile::NamedTempFile::new_in(folder)?;
            temporary.write_all(&bytes)?;
            temporary.as_file().sync_all()?;
            temporary.persist(&file).map(drop).map_err(|error| error.error)
        });
        written.map_err(|error| damaged(&file, error))
    }

    /// Whether every file is in `folder` with its size.
    pub(super) fn is_complete(&self, folder: &Path) -> bool {
        let whole = |entry: &Entry| folder.join(&entry.path).metadata().is_ok_and(|found| found.len() == entry.size);
        self.files.iter().all(whole)
    }

    /// Compares the content of every file with its checksum; the error names the first that differs.
    pub(super) fn verify(&self, folder: &Path) -> Result<(), ModelError> {
        for entry in &self.files {
            let path = folder.join(&entry.path);
            let found = entry.checksum.same_of(&path).map_err(|error| damaged(&path, error))?;
            if found != entry.checksum {
                let (found, expected) = (found.digits(), entry.checksum.digits());
                let problem = format!("damaged: its checksum is {found}, not {expected}; delete it and fetch again");
                return Err(damaged(&path, problem));
            }
        }
        Ok(())
    }
}

/// Folder of a model in the cache.
pub(super) fn model(cache: &Path, name: &HubName) -> PathBuf {
    cache.join(name.repo().folder_name())
}

/// Folder with the files of a commit.
pub(super) fn snapshot(cache: &Path, name: &HubName, commit: &str) -> PathBuf {
    model(cache, name).join("snapshots").join(commit)
}

fn location(cache: &Path, name: &HubName, commit: &str) -> PathBuf {
    model(cache, name).join("crossclaim").join(format!("{commit}.json"))
}

fn damaged(path: &Path, problem: impl std::fmt::Display) -> ModelError {
    ModelError::File { path: path.to_path_buf(), problem: problem.to_string() }
}
