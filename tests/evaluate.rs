//! `crossclaim evaluate` with the model that ships; skipped where it is missing.

use std::process::{Command, Stdio};

mod common;

use common::{has_model, root};

#[test]
fn what_was_not_read_is_named_and_the_scorecard_is_written_even_if_nobody_reads_the_output() {
    if !has_model() {
        return;
    }
    let place = tempfile::tempdir().unwrap();
    let (articles, scores) = (place.path().join("articles"), place.path().join("scores"));
    std::fs::create_dir(&articles).unwrap();
    for name in ["drones-de-abendblick.txt", "drones-en-northgatepost.txt"] {
        std::fs::copy(root().join("corpus/drones").join(name), articles.join(name)).unwrap();
    }
    std::fs::write(articles.join("bad.txt"), b"PK\x03\x04\x00\x00\x00binary").unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_crossclaim"));
    command.args(["evaluate", "--no-baselines", "--set", "cache.enabled=false", "--set", "judge.max_pairs=1"]);
    command.args(["--set", "run.budget_seconds=1", "--gold"]);
    command.arg(root().join("corpus/gold/gold_pairs.csv")).arg("--articles").arg(&articles).arg("--out").arg(&scores);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());

    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(4), "{said}");
    assert!(said.contains("bad.txt") && said.contains("gold pairs are on articles that were not read"), "{said}");
    assert_eq!(std::fs::read(scores.join("scorecard.txt")).unwrap(), output.stdout);
    let card = String::from_utf8_lossy(&output.stdout);
    let part = "partial: more pairs than judge.max_pairs, 0 texts not embedded";
    assert!(said.contains(part) && card.contains(&format!("unfinished: {part}")), "{said}{card}");

    std::fs::remove_dir_all(&scores).unwrap();
    let mut child = command.spawn().unwrap();
    drop(child.stdout.take());
    let unread = child.wait_with_output().unwrap();
    assert!(unread.status.success(), "{}", String::from_utf8_lossy(&unread.stderr));
    assert!(scores.join("scorecard.json").is_file());
}
