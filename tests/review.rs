//! The way of a reviewer through the program: files of a run, marks, thresholds, files again.

use std::path::Path;
use std::process::{Command, Output};

use crossclaim::report::{ArticleRow, Report, Row, Settings, Side, to_xlsx, write_report};
use crossclaim::review;

mod common;

use common::crossclaim;

fn stdout(output: &Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|problem| panic!("{}: {problem}", path.display()))
}

/// 40 contradictions with confidences from 0.60 to 0.99.
fn pairs() -> Vec<Row> {
    let side = |lang: &str, text: &str| Side {
        text: text.to_owned(),
        article: format!("a-{lang}.txt"),
        lang: lang.to_owned(),
        end: text.chars().count(),
        ..Side::default()
    };
    let pair = |at| {
        let p = f64::from(60 + at) / 100.0;
        Row {
            pair_id: format!("p{at:016x}"),
            relation: "contradiction".to_owned(),
            confidence: p,
            reason: "number: 15 / 40".to_owned(),
            left: side("el", "Παρέδωσε 15 αεροσκάφη."),
            right: side("pl", "Dostarczył 40 dronów."),
            p_contradiction: p,
            p_unrelated: ((1.0 - p) * 1e4).round() / 1e4,
            ..Row::default()
        }
    };
    (0..40).map(pair).collect()
}

/// A finished run of [`pairs`].
fn finished_run(folder: &Path) {
    let articles = ["a-el.txt", "a-pl.txt"].map(|id| ArticleRow { article: id.to_owned(), ..ArticleRow::default() });
    let mut report = Report { pairs: pairs(), articles: articles.to_vec(), ..Report::default() };
    report.sort();
    report.store(folder).unwrap();
    write_report(&report, &Settings::default(), folder, &|_| false).unwrap();
    std::fs::write(folder.join("run.json"), "{}").unwrap();
}

/// Fills mark and reviewer at the end of every row: right in the first 30 (from 0.70 on), wrong below.
fn mark_rows(text: &str) -> String {
    let fill = |(at, line): (usize, &str)| {
        let mark = if at <= 30 { "right" } else { "Wrong" };
        line.strip_suffix(",,,").map_or(line.to_owned(), |start| format!("{start},{mark},,Ana")) + "\n"
    };
    text.lines().enumerate().map(fill).collect()
}

#[test]
fn marks_become_thresholds_and_are_shown_again() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path();
    let results = folder.join("outputs/first");
    finished_run(&results);
    let marked = mark_rows(&read(&results.join("pairs.csv")));
    std::fs::write(results.join("pairs.csv"), &marked).unwrap();
    std::fs::write(folder.join("my.toml"), "# mine\n[judge]\ncontradiction = 0.5 # all\n").unwrap();

    let said = stdout(&crossclaim(folder, &["review", "outputs/first/pairs.csv", "--apply", "my.toml"]));
    assert!(said.contains("30 of 40"), "{said}");
    assert!(said.contains("(now 0.5): precision 0.909"), "{said}");
    let settings = read(&folder.join("my.toml"));
    assert!(settings.starts_with("# mine\n[judge]\ncontradiction = 0.67 # all\n"), "{settings}");
    assert!(settings.contains("[judge.languages.el-pl]\ncontradiction = 0.67"), "{settings}");
    let kept = read(&folder.join("outputs/marks.jsonl"));
    assert_eq!(kept.lines().count(), 40);

    stdout(&crossclaim(folder, &["report", "outputs/first", "--config", "my.toml", "--set", "report.locale=pl"]));
    assert_eq!(read(&results.join("pairs.csv")), marked, "a file with marks stays as it is");
    let again = read(&results.join("pairs-2.csv"));
    assert_eq!(again.lines().count(), 1 + 33, "rows from 0.67 on");
    assert_eq!(again.lines().filter(|line| line.contains(";right;;Ana")).count(), 30);

    let everything = stdout(&crossclaim(folder, &["review", "outputs/marks.jsonl"]));
    assert!(everything.contains("30 of 40"), "{everything}");
}

#[test]
fn marks_on_the_surest_rows_alone_raise_no_threshold() {
    let place = tempfile::tempdir().unwrap();
    let results = place.path().join("outputs/first");
    finished_run(&results);
    let surest: Vec<String> = read(&results.join("pairs.csv")).lines().take(1 + 12).map(str::to_owned).collect();
    std::fs::write(results.join("pairs.csv"), mark_rows(&surest.join("\n"))).unwrap();
    let settings = "[judge]\ncontradiction = 0.6\n";
    std::fs::write(place.path().join("my.toml"), settings).unwrap();
    let said = stdout(&crossclaim(place.path(), &["review", "outputs/first/pairs.csv", "--apply", "my.toml"]));
    assert!(said.contains("(now 0.6): precision 1.000"), "{said}");
    assert!(said.contains("12 of 12: all marked pairs reach the target"), "{said}");
    assert_eq!(read(&place.path().join("my.toml")), settings);
}

#[test]
fn no_threshold_goes_below_that_of_the_run_without_a_mark_there() {
    let place = tempfile::tempdir().unwrap();
    let results = place.path().join("outputs/first");
    finished_run(&results);
    std::fs::write(results.join("settings.toml"), "[judge]\ncontradiction = 0.8\n").unwrap();
    let above: Vec<String> = read(&results.join("pairs.csv")).lines().take(1 + 20).map(str::to_owned).collect();
    std::fs::write(results.join("pairs.csv"), mark_rows(&above.join("\n"))).unwrap();
    std::fs::write(place.path().join("my.toml"), "[judge]\ncontradiction = 0.5\n").unwrap();
    let said = stdout(&crossclaim(place.path(), &["review", "outputs/first/pairs.csv", "--apply", "my.toml"]));
    assert!(said.contains("(now 0.8): precision 1.000"), "{said}");
    assert_eq!(read(&place.path().join("my.toml")), "[judge]\ncontradiction = 0.8\n");
}

#[test]
fn one_person_without_a_name_stays_one_over_several_files_and_corrections() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path();
    let write = |file: &str, marks: &[&str]| {
        let rows: String = (1..).zip(marks).map(|(at, mark)| format!("p{at},agreement,{mark},,\n")).collect();
        std::fs::write(folder.join(file), format!("pair_id,relation,mark,note,reviewer\n{rows}")).unwrap();
    };
    let kept = || read(&folder.join("outputs/marks.jsonl"));
    write("review.csv", &["right", "right"]);
    write("review-2.csv", &["right", "right", "wrong"]);
    stdout(&crossclaim(folder, &["review", "review.csv"]));
    let said = stdout(&crossclaim(folder, &["review", "review.csv", "review-2.csv"]));
    assert!(!said.contains("agreement of reviewers") && kept().lines().count() == 3, "{said}{}", kept());
    write("review.csv", &["right", "wrong"]);
    stdout(&crossclaim(folder, &["review", "review.csv"]));
    assert_eq!((kept().lines().count(), kept().matches("wrong").count()), (3, 2), "{}", kept());

    write("bo.csv", &["wrong", "wrong"]);
    stdout(&crossclaim(folder, &["review", "review.csv", "bo.csv"]));
    write("bo.csv", &["right", "wrong"]);
    stdout(&crossclaim(folder, &["review", "bo.csv"]));
    assert_eq!((kept().lines().count(), kept().matches("\"reviewer\":\"bo\"").count()), (5, 2), "{}", kept());
}

#[test]
fn of_two_marks_in_different_folders_the_later_one_counts() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path();
    let results = folder.join("rez/c3");
    finished_run(&results);
    std::fs::create_dir(folder.join("desktop")).unwrap();
    let review = |file: &str, mark: &str| {
        let row = "pair_id,relation,mark,note,reviewer\np0000000000000000,contradiction";
        std::fs::write(folder.join(file), format!("{row},{mark},,Ana\n")).unwrap();
        stdout(&crossclaim(folder, &["review", file]));
    };
    let shown = |mark: &str| {
        stdout(&crossclaim(folder, &["review", "--sample", "40", "rez/c3", "--out", "sample.csv"]));
        stdout(&crossclaim(folder, &["report", "rez/c3", "--out", "rez/again"]));
        for file in ["sample.csv", "rez/again/pairs.csv"] {
            assert!(read(&folder.join(file)).contains(&format!(",{mark},,Ana")), "{file}");
        }
        std::fs::remove_file(folder.join("sample.csv")).unwrap();
    };
    review("desktop/pairs.csv", "wrong");
    assert!(folder.join("outputs/marks.jsonl").exists());
    review("rez/c3/pairs.csv", "right");
    assert!(folder.join("rez/marks.jsonl").exists());
    shown("right");
    review("desktop/pairs.csv", "wrong");
    shown("right");
    review("desktop/pairs.csv", "agreement");
    shown("agreement");
}

#[test]
fn a_report_of_one_format_leaves_nothing_stale_beside_it() {
    let place = tempfile::tempdir().unwrap();
    let results = place.path().join("outputs/first");
    finished_run(&results);
    std::fs::remove_file(results.join("report.xlsx")).unwrap();
    let stricter = ["--set", "report.formats=[\"xlsx\"]", "--set", "judge.contradiction=0.8"];
    stdout(&crossclaim(place.path(), &[&["report", "outputs/first"], &stricter[..]].concat()));
    assert!(results.join("report.xlsx").exists());
    assert_eq!(read(&results.join("pairs.csv")).lines().count(), 1 + 20);
    assert_eq!(read(&results.join("pairs.jsonl")).lines().count(), 20);
}

#[test]
fn reviewers_who_gave_no_name_are_told_apart_by_their_files() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path();
    let header = "pair_id,relation,mark,note,reviewer";
    let table = |mark: &str| format!("{header}\np1,agreement,right,,\np2,agreement,{mark},,\n");
    for (file, mark) in [("ana/review.csv", "right"), ("bo/review.csv", "wrong"), ("cy.csv", "wrong")] {
        let file = folder.join(file);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, table(mark)).unwrap();
    }
    let said = stdout(&crossclaim(folder, &["review", "ana/review.csv", "cy.csv"]));
    assert!(said.contains("cy and review: 1 of 2 the same"), "{said}");
    assert_eq!(read(&folder.join("outputs/marks.jsonl")).lines().count(), 4);
    let said = stdout(&crossclaim(folder, &["review", "ana/review.csv", "bo/review.csv", "--marks", "other.jsonl"]));
    assert!(said.contains("ana/review and bo/review: 1 of 2 the same"), "{said}");
    stdout(&crossclaim(folder, &["review", "bo/review.csv", "--marks", "one.jsonl"]));
    assert!(read(&folder.join("one.jsonl")).contains("\"reviewer\":\"\""), "one file alone leaves the name open");
}

#[test]
fn a_sample_is_written_with_the_settings_of_its_run() {
    let place = tempfile::tempdir().unwrap();
    let results = place.path().join("outputs/first");
    finished_run(&results);
    std::fs::write(results.join("settings.toml"), "[report]\nlocale = \"pl\"\n").unwrap();
    stdout(&crossclaim(place.path(), &["review", "--sample", "12", "outputs/first"]));
    assert!(read(&results.join("review.csv")).contains("pair_id;"));
    stdout(&crossclaim(place.path(), &["review", "--sample", "12", "outputs/first", "--set", "report.locale=en"]));
    assert!(read(&results.join("review.csv")).contains("pair_id,"));
    let output = crossclaim(place.path(), &["review", "--sample", "12", "outputs/first", "--out", "review.xlsx"]);
    assert!(!output.status.success() && !place.path().join("review.xlsx").exists());
    assert!(String::from_utf8_lossy(&output.stderr).contains("`review.xlsx` must end in .csv"));
}

#[test]
fn a_sample_is_drawn_once_and_not_overwritten_when_it_has_marks() {
    let place = tempfile::tempdir().unwrap();
    let results = place.path().join("outputs/first");
    finished_run(&results);
    let said = stdout(&crossclaim(place.path(), &["review", "--sample", "12", "outputs/first"]));
    assert!(said.starts_with("12 of 40 pairs"), "{said}");
    let file = results.join("review.csv");
    let drawn = read(&file);
    std::fs::write(&file, drawn.replace(",,,,a-el.txt", ",right,,Ana,a-el.txt")).unwrap();
    let said = stdout(&crossclaim(place.path(), &["review", "outputs/first/review.csv"]));
    assert!(said.starts_with("precision, estimated for the whole run from the sample"), "{said}");
    assert!(said.contains("12 of 12"), "{said}");
    let said = stdout(&crossclaim(place.path(), &["review", "--sample", "20", "outputs/first"]));
    assert!(said.contains("review-2.csv"), "{said}");
    let second = read(&results.join("review-2.csv"));
    assert!(second.matches(",right,,Ana,").count() >= 4, "rows that were marked show it: {second}");
}

#[test]
fn a_folder_a_run_without_pairs_and_a_target_in_percent_are_explained() {
    let place = tempfile::tempdir().unwrap();
    finished_run(&place.path().join("outputs/first"));
    let says = |arguments: &[&str], code, words: &str| {
        let output = crossclaim(place.path(), &[&["review"][..], arguments].concat());
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.code() == Some(code) && said.contains(words), "{arguments:?}: {said}");
    };
    says(&["outputs/first"], 3, "name a file in it, such as pairs.csv, report.xlsx");
    says(&["--sample", "9", "outputs"], 3, "cannot read `outputs`: a sample is drawn from pairs.jsonl of a run");
    says(&["--sample", "9", "outputs/first/pairs.csv"], 3, "name the folder");
    says(&["outputs/first/pairs.csv", "--target", "90"], 2, "as 0.9 for 90 %");
    says(&["--sample", "0", "outputs/first"], 2, "at least 1");
    says(&["outputs/first/pairs.csv"], 0, "no row is marked yet");
    assert!(!place.path().join("outputs/marks.jsonl").exists(), "there is no mark to keep");
    std::fs::write(place.path().join("outputs/first/pairs.jsonl"), "").unwrap();
    says(&["--sample", "9", "outputs/first"], 0, "holds no pair");
    assert!(!place.path().join("outputs/first/review.csv").exists());
}

#[test]
fn marks_that_go_to_a_new_folder_are_told() {
    let place = tempfile::tempdir().unwrap();
    std::fs::write(place.path().join("mine.csv"), "pair_id,relation,mark\np1,agreement,right\n").unwrap();
    let warns = |arguments: &[&str]| {
        let output = crossclaim(place.path(), &[&["review", "mine.csv"][..], arguments].concat());
        String::from_utf8_lossy(&output.stderr).contains("`mine.csv` lies in no run")
    };
    assert!(!warns(&["--marks", "kept.jsonl"]));
    assert!(warns(&[]));
    assert!(!warns(&[]), "the folder is there now");
}

#[test]
fn a_folder_that_is_no_run_and_a_file_that_is_no_table_are_named() {
    let place = tempfile::tempdir().unwrap();
    let output = crossclaim(place.path(), &["report", "."]);
    assert_eq!(output.status.code(), Some(3));
    assert!(String::from_utf8_lossy(&output.stderr).contains("report.json"));
    std::fs::write(place.path().join("x.csv"), "a,b\n").unwrap();
    let output = crossclaim(place.path(), &["review", "x.csv"]);
    assert_eq!(output.status.code(), Some(3));
    assert!(String::from_utf8_lossy(&output.stderr).contains("`x.csv` has no header"));
}

#[test]
fn marks_pass_through_libreoffice_in_its_own_format_and_in_a_damaged_encoding() {
    let place = tempfile::tempdir().unwrap();
    let mut report = Report { pairs: pairs(), ..Report::default() };
    for (at, row) in report.pairs.iter_mut().enumerate() {
        row.mark = ["right", "Wrong", "unrelated", ""][at % 4].to_owned();
        row.note = if at % 5 == 0 { "- drugi dzień" } else { "" }.to_owned();
        row.reviewer = "Željka".to_owned();
    }
    let path = place.path().join("report.xlsx");
    std::fs::write(&path, to_xlsx(&report).unwrap()).unwrap();
    let expected = review::read(&path).unwrap();
    assert_eq!(expected.rows.iter().filter(|row| row.mark.is_some()).count(), 30);
    for (form, extension) in [("ods", "ods"), ("csv:Text - txt - csv (StarCalc):59,34,ANSI,1", "csv")] {
        let profile = format!("-env:UserInstallation=file://{}", place.path().join("profile").display());
        let made = Command::new("soffice")
            .args([&profile, "--headless", "--convert-to", form, "--outdir"])
            .args([place.path(), &path])
            .output();
        if !made.is_ok_and(|output| output.status.success()) {
            println!("skipped: LibreOffice is not installed");
            return;
        }
        let found = review::read(&path.with_extension(extension)).unwrap();
        let marks = |sheet: &review::Sheet| -> Vec<_> {
            let said = |row: &review::Reviewed| (row.pair_id.clone(), row.mark, row.relation, row.confidence);
            sheet.rows.iter().map(said).collect()
        };
        assert_eq!(marks(&found), marks(&expected), "{form}");
        if extension == "csv" {
            assert!(found.remarks.iter().any(|remark| remark.starts_with("letters were lost")), "{:?}", found.remarks);
            assert_ne!(found.rows, expected.rows, "the encoding has no ń");
        } else {
            assert_eq!(found.rows, expected.rows);
        }
    }
}
