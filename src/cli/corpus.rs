//! The articles of a command, and what could not be read of them.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

use anyhow::Result;
use crossclaim::article::{self, Corpus, Skipped};
use crossclaim::settings::Settings;

use super::Exit;

/// Reasons that are told of one file.
const REASONS_OF_A_FILE: usize = 5;

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
    for line in gathered(&corpus.skipped) {
        tracing::warn!("skipped {line}");
    }
}

/// What was skipped, in one line for each file and reason, and in one for the reasons of a file beyond the first few.
fn gathered(all: &[Skipped]) -> Vec<String> {
    let mut told: Vec<(&Skipped, usize)> = Vec::new();
    let mut place = HashMap::new();
    for skipped in all {
        let at = *place.entry((&skipped.path, &skipped.reason)).or_insert(told.len());
        match told.get_mut(at) {
            Some((_, more)) => *more += 1,
            None => told.push((skipped, 0)),
        }
    }
    let mut lines = Vec::new();
    let mut of_file: BTreeMap<&Path, (usize, usize)> = BTreeMap::new();
    for (first, more) in told {
        let (reasons, untold) = of_file.entry(&first.path).or_default();
        *reasons += 1;
        match more {
            more if *reasons > REASONS_OF_A_FILE => *untold += 1 + more,
            0 => lines.push(first.to_string()),
            more => lines.push(format!("{first}, and {more} more rows for the same reason")),
        }
    }
    let rest = of_file.into_iter().filter(|(_, (_, untold))| *untold > 0);
    lines.extend(rest.map(|(path, (_, untold))| format!("`{}`: {untold} more rows for other reasons", path.display())));
    lines
}

/// How a command ends that did what it was asked to with these articles.
pub fn exit(corpus: &Corpus) -> Exit {
    if corpus.skipped.is_empty() { Exit::Done } else { Exit::Skipped }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_reasons_of_a_file_are_told_once_and_not_all_of_many() {
        let skipped = |line: u64, reason: String| Skipped { path: "n.jsonl".into(), line: Some(line), reason };
        let equal: Vec<Skipped> = (1..=300).map(|line| skipped(line, "has no `text`".to_owned())).collect();
        assert_eq!(gathered(&equal), ["`n.jsonl`, line 1: has no `text`, and 299 more rows for the same reason"]);
        let lines = gathered(&(1..=40).map(|line| skipped(line, format!("bad at {line}"))).collect::<Vec<_>>());
        assert_eq!((lines.len(), lines[0].as_str()), (6, "`n.jsonl`, line 1: bad at 1"));
        assert_eq!(lines[5], "`n.jsonl`: 35 more rows for other reasons");
    }
}
