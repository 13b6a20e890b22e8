//! Keeps vectors and judgements between runs, so that nothing is computed twice.
//!
//! An entry is found by a hash of everything that its numbers depend on: the version of this program, the fingerprint of the
//! model and the texts. Nothing else reads or writes it, so a run gives the same files with and without the cache.
//! [`CachedEncoder`] and [`CachedJudge`] are a model around a model; the stages do not know of them.

mod encoder;
mod entry;
mod judge;
mod store;
#[cfg(test)]
mod tests;

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

pub use encoder::CachedEncoder;
pub use judge::CachedJudge;
pub use store::{Pruned, Store, damaged};

/// Section `[cache]` of the settings.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Whether runs keep what they compute and take what earlier runs kept.
    pub enabled: bool,
    /// Folder of the cache; several runs may use it at once.
    pub dir: PathBuf,
    /// Whether a run takes the files of an earlier one that differs in nothing.
    pub runs: bool,
    /// A run that finds more megabytes than this in the cache first drops what was not used for longest.
    pub max_megabytes: u64,
}

impl Default for Settings {
    fn default() -> Self {
        Self { enabled: true, dir: "cache".into(), runs: true, max_megabytes: 4_000 }
    }
}

/// What is kept, each kind in a table of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Vectors of texts.
    Vector,
    /// Scores of ordered pairs of texts.
    Scores,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Vector, Self::Scores];

    /// Name for people and for the table.
    pub fn name(self) -> &'static str {
        match self {
            Self::Vector => "vectors",
            Self::Scores => "judgements",
        }
    }
}

/// How often the cache helped in this run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Uses {
    /// Entries that were found.
    pub found: usize,
    /// Entries that were not, and so were computed.
    pub computed: usize,
    /// Entries that were damaged or not ours: dropped and computed anew.
    pub dropped: usize,
}

/// What can go wrong with the cache; a run goes on without it.
#[derive(Debug, thiserror::Error)]
pub enum CacheError {
    /// The folder or the file cannot be used.
    #[error("cannot use the cache `{path}`: {problem}")]
    Unusable {
        /// The file.
        path: PathBuf,
        /// What the system or the store said.
        problem: String,
    },
}
