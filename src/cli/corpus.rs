//! The articles of a command, and what could not be read of them.

use std::path::PathBuf;

use anyhow::Result;
use crossclaim::article::{self, Corpus};
use crossclaim::settings::Settings;

use super::Exit;

/// Reads the given files and folders, or the corpus of the settings where none are given.
pub fn read(given: &[PathBuf], settings: &Settings) -> Result<Corpus> {
    let paths = match given {
        [] => settings.run.corpus.iter().map(PathBuf::from).collect(),
        given => given.to_vec(),
    };
    Ok(article::read_corpus(&paths, &settings.article)?)
}

/// Says what was skipped.
pub fn tell_skipped(corpus: &Corpus) {
    for skipped in &corpus.skipped {
        tracing::warn!("skipped {skipped}");
    }
}

/// How a command ends that did what it was asked to with these articles.
pub fn exit(corpus: &Corpus) -> Exit {
    if corpus.skipped.is_empty() { Exit::Done } else { Exit::Skipped }
}
