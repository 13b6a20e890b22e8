//! Files in LibreOffice: they open whole, run nothing, and marks put in there come back.

use std::path::{Path, PathBuf};
use std::process::Command;

use crossclaim::report::{ArticleRow, Dialect, Report, Row, Side, table, to_csv, to_xlsx};
use crossclaim::review::{self, Mark};

/// Texts that a spreadsheet may run, cut or lose; all of it is invented.
const HOSTILE: [&str; 6] = [
    "=HYPERLINK(\"http://news.example\";\"click\")",
    "- Iran nije isporučio nijedan dron; kaže \"Željka Šćepanović\",\nministrica.",
    "+48 600 Η Τεχεράνη παρέδωσε <b>40</b> αεροσκάφη & περισσότερα.",
    "@SUM(A1:A9)\tsays nothing\u{0} and ends",
    "سلمت إيران 40 طائرة مسيرة قبل الغزو",
    "'=already quoted",
];

fn report() -> Report {
    let side = |text: &str, lang: &str| Side {
        text: text.to_owned(),
        article: format!("folder/{lang}.txt"),
        lang: lang.to_owned(),
        ..Side::default()
    };
    let pair = |(at, text): (usize, &&str)| Row {
        pair_id: format!("p{at:015x}e5"),
        claim_id: "c12345678901234e7".to_owned(),
        relation: "contradiction".to_owned(),
        confidence: 0.9 - at as f64 / 100.0,
        left: side(text, "hr"),
        right: side("Η Τεχεράνη παρέδωσε 15.", "el"),
        ..Row::default()
    };
    let articles =
        ["folder/hr.txt", "folder/el.txt"].map(|id| ArticleRow { article: id.to_owned(), ..ArticleRow::default() });
    Report { pairs: HOSTILE.iter().enumerate().map(pair).collect(), articles: articles.to_vec(), ..Report::default() }
}

/// Converts a file beside itself; `None`, with a message, where LibreOffice is not installed.
fn convert(file: &Path, form: &str, filter: Option<&str>) -> Option<PathBuf> {
    let folder = file.parent().unwrap();
    let mut command = Command::new("soffice");
    command.arg(format!("-env:UserInstallation=file://{}", folder.join("profile").display()));
    command.args(["--headless", "--convert-to", form, "--outdir"]).arg(folder);
    command.args(filter.map(|filter| format!("--infilter={filter}"))).arg(file);
    if !command.output().is_ok_and(|output| output.status.success()) {
        println!("skipped: LibreOffice is not installed");
        return None;
    }
    Some(file.with_extension(form))
}

#[test]
fn a_csv_file_opens_with_every_text_and_no_formula() {
    let folder = tempfile::tempdir().unwrap();
    for (delimiter, code) in [(b',', 44), (b';', 59), (b'\t', 9)] {
        let file = folder.path().join(format!("pairs{code}.csv"));
        std::fs::write(&file, to_csv(&table::pairs(&report().pairs), Dialect { delimiter, comma: false }).unwrap())
            .unwrap();
        // Columns are taken as a double click takes them: numbers and formulas are looked for.
        let Some(flat) = convert(&file, "fods", Some(&format!("CSV:{code},34,76,1,,0,false,true"))) else { return };
        let text = std::fs::read_to_string(flat).unwrap();
        assert!(!text.contains("table:formula"), "delimiter {code}");
        for word in
            ["Željka Šćepanović", "Τεχεράνη παρέδωσε", "إيران", "HYPERLINK", "SUM(A1:A9)", "says nothing␀ and ends"]
        {
            assert!(text.contains(word), "delimiter {code}: {word}");
        }
        assert!(text.contains("p000000000000000e5"), "an id stays a text");
    }
}

#[test]
fn marks_put_into_the_workbook_in_libreoffices_own_format_come_back() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("report.xlsx");
    std::fs::write(&file, to_xlsx(&report()).unwrap()).unwrap();
    let Some(flat) = convert(&file, "fods", None) else { return };
    let text = std::fs::read_to_string(&flat).unwrap();
    assert!(!text.contains("table:formula"));
    for word in ["Željka Šćepanović", "Τεχεράνη", "&lt;b&gt;40&lt;/b&gt;", "#pairs", "#articles"] {
        assert!(text.contains(word), "{word}");
    }
    assert!(text.contains("&quot;right&quot;;&quot;wrong&quot;"), "the choice of marks is there");
    let mut marks = ["right", "Wrong", "agreement", "unrelated", "contradiction", "RIGHT"].into_iter();
    let cells = regex::Regex::new(r#"<table:table-cell ([^>]*table:content-validation-name="[^"]*"[^>]*)/>"#).unwrap();
    let marked = cells.replace_all(&text, |found: &regex::Captures<'_>| match marks.next() {
        Some(mark) => format!(
            r#"<table:table-cell {} office:value-type="string"><text:p>{mark}</text:p></table:table-cell>"#,
            &found[1]
        ),
        None => found[0].to_owned(),
    });
    let marked_file = folder.path().join("marked.fods");
    std::fs::write(&marked_file, marked.as_bytes()).unwrap();
    for form in ["xlsx", "ods", "xls"] {
        let Some(saved) = convert(&marked_file, form, None) else { return };
        let sheet = review::read(&saved).unwrap();
        let found: Vec<(&str, Option<Mark>)> = sheet.rows.iter().map(|row| (row.pair_id.as_str(), row.mark)).collect();
        let ids: Vec<String> = report().pairs.into_iter().map(|row| row.pair_id).collect();
        let said = ["right", "wrong", "agreement", "unrelated", "contradiction", "right"].map(Mark::parse);
        assert_eq!(found, ids.iter().map(String::as_str).zip(said).collect::<Vec<_>>(), "{form}");
    }
}
