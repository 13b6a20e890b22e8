//! The page and the matrix.

use std::fs;

use super::*;
use crate::report::table::Cell;

#[test]
fn the_matrix_has_letters_and_one_column_per_article_that_speaks_of_a_claim() {
    let mut report = sample();
    report.matrix.articles.push("silent.txt".to_owned());
    let text = matrix_csv_of(&report);
    assert_eq!(text.lines().next().unwrap().split(',').count(), 10);
    assert!(text.lines().nth(2).unwrap().ends_with(",,C,A,,C,A,,C"), "{text}");
    assert!(!text.contains("silent.txt"));
}

#[test]
fn a_matrix_too_large_for_csv_is_left_out_and_the_page_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let articles = (0..10_000).map(|at| format!("{at}.txt")).collect();
    let mut rows = vec![MatrixRow::default(); 10_000];
    rows[0].stances = (0..10_000).map(|at| (at, Stance::Agrees)).collect();
    let report = Report { matrix: Matrix { articles, rows }, ..Report::default() };
    let settings = Settings { formats: vec![Format::Csv, Format::Html], ..Settings::default() };
    let files = write_report(&report, &settings, folder.path(), &|_| false).unwrap().files;
    assert_eq!(files, ["pairs.csv", "claims.csv", "report.html"].map(|name| folder.path().join(name)));
    let page = fs::read_to_string(&files[2]).unwrap();
    assert!(page.contains("no matrix.csv: 10000 claims x 10000 articles are too many"));
}

#[test]
fn the_page_names_only_files_that_are_written() {
    let page = |formats: &[Format]| String::from_utf8(to_html(&sample(), formats)).unwrap();
    let noscript = "show the pairs; pairs.csv holds the same rows.</noscript>";
    let all = page(&Settings::default().formats);
    assert!(all.contains(noscript) && all.contains(r#""csv":true},"xlsx":true"#));
    let alone = page(&[Format::Html]);
    assert!(alone.contains("show the pairs.</noscript>") && alone.contains(r#""csv":false},"xlsx":false"#));
}

#[test]
fn an_article_that_says_both_and_an_inconsistent_claim_are_shown_so_in_tables_and_page() {
    let mut report = sample();
    report.matrix.rows[0].stances[1] = (1, Stance::Both);
    report.claims[0].inconsistent = true;
    assert!(matrix_csv_of(&report).lines().nth(1).unwrap().ends_with(",A,AC,A,A,A,A,A,A"));
    let claims = table::claims(&report.claims);
    let at = claims.columns.iter().position(|column| column.name == "inconsistent").unwrap();
    assert_eq!(claims.rows[0][at], Cell::Text("yes".to_owned()));
    assert_eq!(claims.rows[1][at], Cell::Text(String::new()));
    let page = String::from_utf8(to_html(&report, &[])).unwrap();
    assert!(page.contains(r#""s":"ABAAAAAA""#) && page.contains(r#""inconsistent":true"#));
    assert!(page.contains(r#""s":"CACAC","at":[1,2,4,5,7]"#), "only articles that speak of the claim");
}

#[test]
fn nothing_from_an_article_can_leave_the_data_of_the_page() {
    let page = String::from_utf8(to_html(&sample(), &Settings::default().formats)).unwrap();
    let (before, rest) = page.split_once(r#"<script type="application/json" id="data">"#).unwrap();
    let (data, after) = rest.split_once("</script>").unwrap();
    for forbidden in ["<script>", "<img", "onerror", "alert(", "{{"] {
        assert!(!before.contains(forbidden) && !after.contains(forbidden), "{forbidden}");
    }
    assert!(!data.contains(['<', '>', '&', '\u{2028}']));
    let data: serde_json::Value = serde_json::from_str(data).unwrap();
    let nasty = data["pairs"].as_array().unwrap().iter().any(|pair| pair["sides"][1]["text"] == NASTY);
    assert!(nasty, "the text is there, unchanged");
    assert_eq!(data["articles"][7]["url"], "", "only web addresses become links");
    assert!(before.contains("default-src 'none'; script-src 'nonce-"));
    assert!(
        ![before, after].iter().any(|part| part.contains("src=") || part.contains("@import") || part.contains("url(")),
        "the page loads nothing"
    );
    assert_eq!(after.matches("<script").count(), 1);
}
