//! Writes the files of a run.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::json;
use sha2::{Digest, Sha256};

use super::renew::{holds_results, remove, remove_samples, renew_reports};
use super::{Models, Outcome, Stance, report};
use crate::cache::Kind;
use crate::model::hash::hex;
use crate::report::{self, About, ReportError, Written, write_atomically};
use crate::review::{self, Marks};
use crate::settings::{self, Settings};
#[cfg(feature = "tables")]
use crate::tables::Table;

/// Writes reports, `run.json`, `settings.toml` and the tables that later reports are made from into a folder that exists.
///
/// Pairs show the `marks` that people gave them before; a file in which somebody marked pairs is never overwritten. What an earlier run left
/// in the folder and this one does not write goes.
pub fn write(
    outcome: &Outcome,
    watched: &[(String, Vec<Stance>)],
    models: &Models,
    settings: &Settings,
    marks: &Marks,
    folder: &Path,
) -> Result<Written, ReportError> {
    let mut report = report(outcome, watched, about(outcome, models, settings));
    let stored = report.store(folder)?;
    report.keep(settings.report.include);
    review::carry_over(&mut report, marks);
    let held_results = holds_results(folder);
    let mut written = renew_reports(&report, &settings.report, folder)?;
    if held_results {
        remove(tables(folder));
        written.stale = remove_samples(folder);
    }
    let run = format!("{:#}\n", run_json(outcome, models, settings));
    let run = write_atomically(&folder.join("run.json"), run.as_bytes())?;
    let settings_file =
        write_atomically(&folder.join("settings.toml"), settings::to_toml_anywhere(settings).as_bytes())?;
    written.files.extend([stored, run, settings_file]);
    #[cfg(feature = "tables")]
    if settings.report.tables {
        written.files.extend(super::tables::write(outcome, models, settings, &folder.join("tables"))?);
    }
    Ok(written)
}

/// Intermediate tables, which are written last or not at all.
#[cfg(feature = "tables")]
fn tables(folder: &Path) -> Vec<PathBuf> {
    let tables = Table::KEPT.map(|table| folder.join(format!("tables/{}.parquet", table.name())));
    tables.into_iter().chain([folder.join("tables/manifest.json")]).collect()
}

#[cfg(not(feature = "tables"))]
fn tables(_: &Path) -> Vec<PathBuf> {
    Vec::new()
}

fn about(outcome: &Outcome, models: &Models, settings: &Settings) -> About {
    let corpus = &outcome.corpus;
    let mut about = vec![
        ("program".to_owned(), format!("crossclaim {}", env!("CARGO_PKG_VERSION"))),
        ("encoder".to_owned(), models.encoder.fingerprint()),
        ("judge".to_owned(), models.judge.fingerprint()),
    ];
    about.extend(counts(outcome));
    about.push(report::thresholds(&settings.judge));
    about.extend(outcome.unfinished.is_partial().then(|| ("partial".to_owned(), outcome.unfinished.to_string())));
    about.extend(corpus.skipped.iter().map(|skipped| ("skipped".to_owned(), skipped.to_string())));
    about.extend(corpus.notes.iter().map(|note| ("note".to_owned(), note.to_string())));
    about
}

/// How much of everything there is; `claims` are those of the reports, which several sentences state or contradict.
fn counts(outcome: &Outcome) -> [(String, String); 4] {
    let count = |name: &str, number: usize| (name.to_owned(), number.to_string());
    [
        count("articles", outcome.corpus.articles.len()),
        count("sentences", outcome.claims.len()),
        count("claims", outcome.groups.len()),
        count("pairs judged", outcome.judgements.len()),
    ]
}

fn run_json(outcome: &Outcome, models: &Models, settings: &Settings) -> serde_json::Value {
    let corpus = &outcome.corpus;
    let mut relations: BTreeMap<&str, usize> = BTreeMap::new();
    for judgement in &outcome.judgements {
        *relations.entry(judgement.relation.name()).or_default() += 1;
    }
    let inputs: BTreeMap<&str, String> =
        corpus.articles.iter().map(|a| (a.id.as_str(), hex(&Sha256::digest(a.text.as_bytes())))).collect();
    json!({
        "program": "crossclaim",
        "version": env!("CARGO_PKG_VERSION"),
        "models": {"encoder": models.encoder.fingerprint(), "judge": models.judge.fingerprint()},
        "settings": settings::flat(settings),
        "articles": corpus.articles.len(),
        "skipped": corpus.skipped.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "notes": corpus.notes.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "segments": outcome.segments.iter().map(Vec::len).sum::<usize>(),
        "dropped": outcome.dropped,
        "claims": outcome.claims.len(),
        "related": outcome.related.len(),
        "candidates": outcome.candidates.len(),
        "judged": relations,
        "groups": outcome.groups.len(),
        "partial": outcome.unfinished.is_partial(),
        "unfinished": {
            "stopped": outcome.unfinished.stopped,
            "texts": outcome.unfinished.texts,
            "pairs": outcome.unfinished.pairs,
            "surplus": outcome.unfinished.surplus,
            "watched": outcome.unfinished.watched,
        },
        "cache": models.cache.as_ref().map(|store| {
            Kind::ALL.iter().map(|&kind| (kind.name(), store.uses(kind))).collect::<BTreeMap<_, _>>()
        }),
        "seconds": outcome.times.iter().map(|(stage, time)| (*stage, time.as_secs_f64())).collect::<BTreeMap<_, _>>(),
        "inputs": inputs,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::claim::{Claim, Fields};
    use crate::group::Group;

    #[test]
    fn claims_in_about_are_those_of_the_reports() {
        let sentence = Claim { article: 0, segment: 0, span: 0..9, fields: Fields::default() };
        let group = Group { supporting: vec![0, 1], opposing: vec![2], central: 0, inconsistent: false };
        let outcome = Outcome { claims: vec![sentence; 5], groups: vec![group], ..Outcome::default() };
        let facts = counts(&outcome).map(|(name, number)| format!("{name} {number}"));
        assert_eq!(facts, ["articles 0", "sentences 5", "claims 1", "pairs judged 0"]);
    }

    #[cfg(feature = "tables")]
    #[test]
    fn tables_of_an_earlier_run_go_and_what_reports_are_made_from_stays() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        std::fs::create_dir(path("tables")).unwrap();
        for name in ["tables/report.json", "tables/manifest.json", "tables/claims.parquet"] {
            std::fs::write(path(name), "").unwrap();
        }
        remove(tables(folder.path()));
        assert!(!path("tables/manifest.json").exists() && !path("tables/claims.parquet").exists());
        assert!(path("tables/report.json").exists());
    }
}
