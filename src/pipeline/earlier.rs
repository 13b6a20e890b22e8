//! Takes the files of an earlier run that differs from this one in nothing.

use std::collections::BTreeMap;
use std::fs::File;
use std::io;
use std::path::{Component, Path, PathBuf};

use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::article::Corpus;
use crate::model::hash::{hex, sha256_of};
use crate::report::{ReportError, write_atomically, write_through};
use crate::review::Marks;
use crate::settings::{self, Settings};

/// Settings without influence on what a run finds.
const WITHOUT_INFLUENCE: [&str; 4] = ["run.outputs", "run.threads", "run.budget_seconds", "cache."];
/// Folder of the remembered runs in that of the cache.
pub const RUNS: &str = "runs";
/// Runs that are remembered.
const MOST: usize = 100;

/// Where an earlier run with the same input would be remembered: a small file in the folder of the cache.
#[derive(Debug)]
pub struct Earlier {
    file: PathBuf,
}

/// A finished run.
#[derive(Debug, Serialize, Deserialize)]
struct Remembered {
    folder: PathBuf,
    /// SHA-256 of each file by its path in the folder.
    files: BTreeMap<PathBuf, String>,
}

/// Files that were taken instead of being made anew.
#[derive(Debug)]
pub struct Taken {
    /// Folder of the earlier run.
    pub from: PathBuf,
    /// The files of this run.
    pub files: Vec<PathBuf>,
    /// `run.json` of the earlier run.
    pub run: serde_json::Value,
}

impl Earlier {
    /// By a hash of all that a run depends on: the program, `models` (their fingerprints), settings, articles and marks.
    pub fn of(corpus: &Corpus, models: &[String], settings: &Settings, marks: &Marks) -> Self {
        let mut articles: Vec<_> = corpus.articles.iter().collect();
        articles.sort_by(|a, b| a.id.cmp(&b.id));
        // The debug form holds every field, also one that is added later.
        let hashes: Vec<_> =
            articles.par_iter().map(|article| Sha256::digest(format!("{article:?}").as_bytes())).collect();
        let mut settings = settings::flat(settings);
        settings.retain(|key, _| !WITHOUT_INFLUENCE.iter().any(|start| key.starts_with(start)));
        let all = (program(), models, settings, hashes, &corpus.skipped, &corpus.notes, marks.rows());
        let name = hex(&Sha256::digest(format!("{all:?}").as_bytes())[..16]);
        Self { file: Path::new(RUNS).join(name + ".json") }
    }

    /// The files of an earlier run for the folder `out`; `None` if there is none, if one of its files is gone or was
    /// changed, or if there are other files in `out`.
    ///
    /// A copied `run.json` tells the other folder as `same_as`; its times are those of the earlier run.
    pub fn take(&self, settings: &Settings, out: &Path) -> Option<Taken> {
        let text = std::fs::read_to_string(settings.cache.dir.join(&self.file)).ok()?;
        let known: Remembered = serde_json::from_str(&text).ok()?;
        let whole = |(file, hash): (&PathBuf, &String)| sha256_of(&known.folder.join(file)).is_ok_and(|h| h == *hash);
        // Whoever else writes to the cache must not make this run write elsewhere.
        let below = |file: &PathBuf| file.components().all(|part| matches!(part, Component::Normal(_)));
        if known.files.is_empty() || !known.files.keys().all(below) || !known.files.par_iter().all(whole) {
            return None;
        }
        let run = std::fs::read(known.folder.join("run.json")).ok()?;
        let run: serde_json::Value = serde_json::from_slice(&run).ok()?;
        let here = out.canonicalize().ok()?;
        let files: Vec<PathBuf> = known.files.keys().map(|file| out.join(file)).collect();
        if here != known.folder {
            if files.iter().any(|file| file.exists()) {
                return None;
            }
            self.copy(&known, &run, settings, out).ok()?;
        }
        Some(Taken { from: known.folder, files, run })
    }

    fn copy(
        &self,
        known: &Remembered,
        run: &serde_json::Value,
        settings: &Settings,
        out: &Path,
    ) -> Result<(), ReportError> {
        let mut run = run.clone();
        run["same_as"] = known.folder.display().to_string().into();
        run["settings"] = serde_json::json!(settings::flat(settings));
        // Tables first: by them a folder is known for one of results if this is not finished.
        let (tables, others): (Vec<_>, Vec<_>) = known.files.keys().partition(|name| name.starts_with("tables"));
        for name in tables.into_iter().chain(others) {
            let path = out.join(name);
            match name.to_str() {
                Some("run.json") => write_atomically(&path, format!("{run:#}\n").as_bytes())?,
                Some("settings.toml") => write_atomically(&path, settings::to_toml_anywhere(settings).as_bytes())?,
                _ => {
                    write_through(&path, |file| io::copy(&mut File::open(known.folder.join(name))?, file).map(|_| ()))?
                }
            };
        }
        Ok(())
    }

    /// Remembers a run that is finished, with its files in `out`. What cannot be remembered is not: the next run makes its files.
    pub fn remember(&self, settings: &Settings, out: &Path, files: &[PathBuf]) {
        let hashed = |path: &PathBuf| {
            let name = path.strip_prefix(out).map_err(io::Error::other)?.to_owned();
            Ok((name, sha256_of(path)?))
        };
        let note = || -> io::Result<Remembered> {
            let files = files.par_iter().map(hashed).collect::<io::Result<_>>()?;
            Ok(Remembered { folder: out.canonicalize()?, files })
        };
        let path = settings.cache.dir.join(&self.file);
        if let Ok(text) = note().and_then(|note| serde_json::to_string_pretty(&note).map_err(io::Error::other)) {
            let _ = write_atomically(&path, text.as_bytes());
            forget_oldest(&settings.cache.dir.join(RUNS));
        }
    }
}

/// Version, size and age of the program: a new one makes its files anew.
fn program() -> impl std::fmt::Debug {
    let file = std::env::current_exe().and_then(std::fs::metadata).ok();
    (env!("CARGO_PKG_VERSION"), file.map(|file| (file.len(), file.modified().ok())))
}

/// Leaves the newest [`MOST`] files.
fn forget_oldest(folder: &Path) {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut files: Vec<_> =
        entries.filter_map(|entry| Some((entry.metadata().ok()?.modified().ok()?, entry.path()))).collect();
    files.sort();
    for (_, path) in files.iter().rev().skip(MOST) {
        let _ = std::fs::remove_file(path);
    }
}
