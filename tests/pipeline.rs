//! The whole pipeline on one event of the sample corpus, with the model that ships; skipped where the model is missing.

use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Whether the shipped model is there; says so if not.
fn has_model() -> bool {
    let there = root().join("models").join(crossclaim::model::SHIPPED).join("manifest.json").is_file();
    if !there {
        eprintln!("skipped: models/{} is missing", crossclaim::model::SHIPPED);
    }
    there
}

fn crossclaim(arguments: &[&str]) -> std::process::Output {
    Command::new(env!("CARGO_BIN_EXE_crossclaim")).args(arguments).current_dir(root()).output().unwrap()
}

fn run(out: &Path, more: &[&str]) {
    let out = out.to_string_lossy();
    let mut arguments = vec!["run", "corpus/drones", "--out", &out];
    arguments.extend(more);
    let output = crossclaim(&arguments);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn results_are_the_same_bytes_for_any_number_of_threads() {
    if !has_model() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let outs: Vec<PathBuf> = ["1", "2", "4"].iter().map(|threads| folder.path().join(threads)).collect();
    for out in &outs {
        run(out, &["--threads", &out.file_name().unwrap().to_string_lossy()]);
    }
    for file in ["pairs.csv", "pairs.jsonl", "claims.csv", "matrix.csv"] {
        let contents: Vec<_> = outs.iter().map(|out| std::fs::read(out.join(file)).unwrap()).collect();
        assert!(contents[0] == contents[1] && contents[1] == contents[2], "{file} differs between thread counts");
    }
}

#[test]
fn quoted_sentences_stand_in_the_articles_at_their_offsets() {
    if !has_model() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    run(folder.path(), &[]);
    let mut reader = csv::Reader::from_path(folder.path().join("pairs.csv")).unwrap();
    let header: Vec<String> =
        reader.headers().unwrap().iter().map(|h| h.trim_start_matches('\u{feff}').to_owned()).collect();
    let column = |name: &str| header.iter().position(|h| h == name).unwrap_or_else(|| panic!("no column {name}"));
    let (mut agreements, mut contradictions) = (0, 0);
    for row in reader.records() {
        let row = row.unwrap();
        for side in ["left", "right"] {
            let cell = |name: &str| &row[column(&format!("{side}_{name}"))];
            let text = std::fs::read_to_string(root().join("corpus/drones").join(cell("article"))).unwrap();
            let (start, end): (usize, usize) = (cell("start").parse().unwrap(), cell("end").parse().unwrap());
            let quoted: String = text.chars().skip(start).take(end - start).collect();
            assert_eq!(quoted, cell("text").trim_start_matches('\''));
        }
        agreements += usize::from(&row[column("relation")] == "agreement");
        contradictions += usize::from(&row[column("relation")] == "contradiction");
    }
    assert!(agreements > 10 && contradictions > 5, "{agreements} agreements, {contradictions} contradictions");
}

#[test]
fn a_watched_claim_is_answered_for_every_article() {
    if !has_model() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    run(folder.path(), &["--watch", "Iran delivered drones to Russia before the invasion"]);
    let watch = std::fs::read_to_string(folder.path().join("watch.csv")).unwrap();
    assert_eq!(watch.lines().count(), 7, "a header and six articles:\n{watch}");
    assert!(watch.contains("agrees"), "{watch}");
}

#[test]
fn one_bad_article_does_not_stop_a_run_and_is_named() {
    if !has_model() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let corpus = folder.path().join("corpus");
    std::fs::create_dir(&corpus).unwrap();
    std::fs::write(corpus.join("good.txt"), "Die Brücke wurde am Montag gesperrt. Zwei Menschen wurden verletzt.")
        .unwrap();
    std::fs::write(corpus.join("bad.txt"), b"PK\x03\x04\x00\x00\x00binary").unwrap();
    let out = folder.path().join("out");
    let output = crossclaim(&["run", &corpus.to_string_lossy(), "--out", &out.to_string_lossy()]);
    assert_eq!(output.status.code(), Some(4), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(String::from_utf8_lossy(&output.stderr).contains("bad.txt"));
    assert!(std::fs::read_to_string(out.join("run.json")).unwrap().contains("bad.txt"));
}
