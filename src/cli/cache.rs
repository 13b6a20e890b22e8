//! `crossclaim cache`.

use std::io::Write;

use anyhow::{Context, Result};
use crossclaim::cache::{self, Kind, Store};
use crossclaim::pipeline::{Models, RUNS};

use super::{Common, Exit};

/// Arguments of `crossclaim cache`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  crossclaim cache                        where it is and what is in it
  crossclaim cache prune                  drop what was not used for longest, down to cache.max_megabytes
  crossclaim cache prune --megabytes 100
  crossclaim cache clear                  begin anew")]
pub struct Arguments {
    /// What to do; `info` if not given.
    #[command(subcommand)]
    action: Option<Action>,
}

#[derive(Debug, Clone, Copy, clap::Subcommand)]
enum Action {
    /// Place, size and number of entries.
    Info,
    /// Drops what was not used for longest, and gives the space back.
    Prune {
        /// Megabytes that may stay; the default is `cache.max_megabytes`.
        #[arg(long, value_name = "N")]
        megabytes: Option<u64>,
    },
    /// Removes everything.
    Clear,
}

pub fn execute(arguments: &Arguments, common: &Common) -> Result<Exit> {
    let settings = common.settings(&[])?.cache;
    let mut out = std::io::stdout().lock();
    let mut store = Store::open(&settings)?;
    for note in store.notes() {
        tracing::warn!("{note}");
    }
    match arguments.action.unwrap_or(Action::Info) {
        Action::Info => {
            writeln!(out, "{}", store.path().display())?;
            writeln!(out, "{:>12} bytes", store.bytes())?;
            for kind in Kind::ALL {
                let entries = store.count(kind).context("the cache cannot be read")?;
                writeln!(out, "{entries:>12} {}", kind.name())?;
            }
            let runs = std::fs::read_dir(settings.dir.join(RUNS)).map_or(0, Iterator::count);
            writeln!(out, "{runs:>12} runs")?;
            for path in cache::damaged(&settings.dir) {
                let bytes = std::fs::metadata(&path).map_or(0, |metadata| metadata.len());
                writeln!(out, "{bytes:>12} bytes in {}, which was damaged", path.display())?;
            }
        }
        Action::Prune { megabytes } => {
            let pruned = store.prune(megabytes.unwrap_or(settings.max_megabytes))?;
            writeln!(out, "{} entries dropped, {} bytes instead of {}", pruned.entries, pruned.after, pruned.before)?;
        }
        Action::Clear => {
            let path = store.path().to_owned();
            drop(store);
            for path in cache::damaged(&settings.dir).iter().chain([&path]) {
                std::fs::remove_file(path).with_context(|| format!("cannot remove `{}`", path.display()))?;
            }
            let runs = settings.dir.join(RUNS);
            if runs.exists() {
                std::fs::remove_dir_all(&runs).with_context(|| format!("cannot remove `{}`", runs.display()))?;
            }
            writeln!(out, "removed {}", path.display())?;
        }
    }
    Ok(Exit::Done)
}

/// Says what a person should know about the cache of a run.
pub fn tell(models: &Models) {
    for note in models.cache.iter().flat_map(|store| store.notes()) {
        tracing::warn!("{note}");
    }
}
