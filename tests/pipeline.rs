//! The whole pipeline on one event of the sample corpus, with the model that ships; skipped where the model is missing.

use std::path::{Path, PathBuf};

mod common;

use common::{crossclaim, has_model, root};

fn run(out: &Path, more: &[&str]) {
    let out = out.to_string_lossy();
    let mut arguments = vec!["run", "corpus/drones", "--out", &out, "--set", "cache.enabled=false"];
    arguments.extend(more);
    let output = crossclaim(root(), &arguments);
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
fn articles_on_other_events_say_nothing_of_a_watched_claim_in_any_language() {
    if !has_model() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let watched = [
        "Iran delivered drones to Russia before the invasion",
        "Iran dostarczył drony Rosji przed inwazją",
        "Iran je isporučio dronove Rusiji prije invazije",
        "Ιρανικά drones παραδόθηκαν στη Ρωσία πριν από την εισβολή",
        "Der Iran lieferte Russland vor dem Einmarsch Drohnen",
    ];
    let asked: Vec<&str> = watched.iter().flat_map(|claim| ["--watch", claim]).collect();
    run(folder.path(), &[&["corpus/ceasefire"], asked.as_slice()].concat());
    let mut reader = csv::Reader::from_path(folder.path().join("watch.csv")).unwrap();
    let rows: Vec<csv::StringRecord> = reader.records().map(|row| row.unwrap()).collect();
    assert_eq!(rows.len(), watched.len() * 12);
    for row in &rows {
        let about = row[1].contains("drones-");
        assert_eq!(&row[5] != "not stated", about, "{row:?}");
    }
    for claim in watched {
        let agree = rows.iter().filter(|row| row[0] == *claim && &row[5] == "agrees").count();
        assert_eq!(agree, 3, "{claim}");
    }
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
    let output = crossclaim(
        root(),
        &["run", &corpus.to_string_lossy(), "--out", &out.to_string_lossy(), "--set", "cache.enabled=false"],
    );
    assert_eq!(output.status.code(), Some(4), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(String::from_utf8_lossy(&output.stderr).contains("bad.txt"));
    assert!(std::fs::read_to_string(out.join("run.json")).unwrap().contains("bad.txt"));
}

#[test]
fn a_run_that_fails_leaves_no_folder_and_no_file() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("empty")).unwrap();
    let (empty, out) = (folder.path().join("empty"), folder.path().join("out"));
    let output = crossclaim(root(), &["run", &empty.to_string_lossy(), "--out", &out.to_string_lossy()]);
    assert_eq!(output.status.code(), Some(3), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(!out.exists());
}

#[test]
fn the_judge_command_names_the_most_probable_relation_unless_the_pairs_are_candidates() {
    if !has_model() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("pairs.tsv");
    std::fs::write(
        &file,
        "Forty people died in the flood.\tBei der Flut starben vierzig Menschen.\tkept\n\
         Forty people died in the flood.\tNobody died in the flood.\t\n\
         The bank cut its rate.\tDer Hafen liegt im Süden der Stadt.\t\n",
    )
    .unwrap();
    let judged = |more: &[&str]| {
        let output = crossclaim(root(), &[&["judge", &file.to_string_lossy()], more].concat());
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let text = String::from_utf8(output.stdout).unwrap();
        text.lines().map(|line| line.split('\t').map(str::to_owned).collect::<Vec<_>>()).collect::<Vec<_>>()
    };
    let rows = judged(&[]);
    for row in &rows {
        let p = |at: usize| row[at].parse::<f64>().unwrap();
        let [agreement, contradiction, unrelated] = [p(4), p(5), p(6)];
        assert!((agreement + contradiction + unrelated - 1.0).abs() < 2e-4, "{row:?}");
        let most = agreement.max(contradiction).max(unrelated);
        let named = match row[3].as_str() {
            "agreement" => agreement,
            "contradiction" => contradiction,
            _ => unrelated,
        };
        assert_eq!(named, most, "{row:?}");
    }
    assert_eq!((rows[0][2].as_str(), rows[1][3].as_str(), rows[2][3].as_str()), ("kept", "contradiction", "unrelated"));
    assert_ne!(judged(&["--candidates"])[0][4..7], rows[0][4..7]);

    std::fs::write(&file, "left\tright\tid\nPrices rose.\tPrices fell.\nPrices rose.\tPrices fell.\t7\n").unwrap();
    let rows = judged(&["--header"]);
    assert!(rows.iter().all(|row| row.len() == 8), "scores stand under their names: {rows:?}");
}
