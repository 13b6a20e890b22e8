//! The articles of a command, and what could not be read of them.

use std::collections::HashMap;
use std::path::PathBuf;

use anyhow::Result;
use crossclaim::article::{self, Corpus, Skipped};
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

/// Says what was skipped; rows of one file that were skipped for one reason are told together.
pub fn tell_skipped(corpus: &Corpus) {
    let mut told: Vec<(&Skipped, usize)> = Vec::new();
    let mut place = HashMap::new();
    for skipped in &corpus.skipped {
        let at = *place.entry((&skipped.path, &skipped.reason)).or_insert(told.len());
        match told.get_mut(at) {
            Some((_, more)) => *more += 1,
            None => told.push((skipped, 0)),
        }
    }
    for (first, more) in told {
        match more {
            0 => tracing::warn!("skipped {first}"),
            more => tracing::warn!("skipped {first}, and {more} more rows for the same reason"),
        }
    }
}

/// How a command ends that did what it was asked to with these articles.
pub fn exit(corpus: &Corpus) -> Exit {
    if corpus.skipped.is_empty() { Exit::Done } else { Exit::Skipped }
}
