use std::fs;

use super::table::Cell;
use super::*;

/// The nastiest text that an article may hold.
const NASTY: &str = "</script><script>alert(1)</script><img src=x onerror=alert(2)>{{script}}<!-- \u{2028} &lt; \"'";

fn side(text: &str, lang: &str, outlet: &str) -> Side {
    Side {
        text: text.to_owned(),
        before: format!("Before. {outlet}"),
        after: "After.".to_owned(),
        article: format!("folder/{outlet}-{lang}.txt"),
        lang: lang.to_owned(),
        date: "2023-06-12".to_owned(),
        outlet: outlet.to_owned(),
        speaker: String::new(),
        start: 10,
        end: 10 + text.chars().count(),
    }
}

fn row(number: usize, relation: &str, confidence: f64, left: Side, right: Side) -> Row {
    Row {
        pair_id: format!("p{number:08x}"),
        claim_id: format!("c{:06x}", number % 7),
        relation: relation.to_owned(),
        confidence,
        reason: "number: 15 / 40".to_owned(),
        left,
        right,
        similarity: 0.8123456,
        p_agreement: 0.1,
        p_contradiction: 0.85,
        p_unrelated: 0.05,
        ..Row::default()
    }
}

/// A report with texts in the languages and scripts that matter; all of it is invented.
pub fn sample() -> Report {
    let pl = side("Teheran dostarczył 15 dronów przed inwazją, mówi minister Karim Fadel.", "pl", "Głos Ranka");
    let hr = side("Iran nije isporučio nijedan dron, tvrdi glasnogovornica Željka Šćepanović.", "hr", "Dnevni obzor");
    let el = side("Η Τεχεράνη παρέδωσε 40 μη επανδρωμένα αεροσκάφη πριν από την εισβολή.", "el", "Πρωινή Γραμμή");
    let de = side("Der Iran lieferte 40 Drohnen, 1.700 Raketen und keine Panzer.", "de", "Abendblick");
    let en = side("Iran delivered 15 drones, 1,700 rockets and no tanks.", "en", "Northgate Post");
    let en2 = side("Iran delivered 15 drones and 1,700 rockets, Omar Said said.", "en", "Harbour Ledger");
    let ar = side("سلمت إيران 40 طائرة مسيرة قبل الغزو، ولم تسلم أي دبابات.", "ar", "صباح الميناء");
    let nasty = Side { outlet: NASTY.to_owned(), ..side(NASTY, "en", "Nasty") };
    let sides = [pl, hr, el, de, en, en2, ar, nasty];
    let mut pairs = Vec::new();
    for (a, left) in sides.iter().enumerate() {
        for (b, right) in sides.iter().enumerate().skip(a + 1) {
            let relation = if (a + b) % 3 == 0 { "contradiction" } else { "agreement" };
            pairs.push(row(pairs.len(), relation, 0.5 + (a * 8 + b) as f64 / 150.0, left.clone(), right.clone()));
        }
    }
    // Not every pair is in a claim group.
    pairs[0].claim_id.clear();
    let articles = sides.iter().enumerate().map(|(at, side)| ArticleRow {
        article: side.article.clone(),
        lang: side.lang.clone(),
        date: format!("2023-06-{:02}", 3 * at + 1),
        outlet: side.outlet.clone(),
        title: format!("=Headline {at}"),
        url: if at == 7 { "javascript:alert(3)".to_owned() } else { format!("https://news.example/{at}") },
        sentences: 20,
        agreements: at,
        contradictions: at % 2,
    });
    let articles: Vec<ArticleRow> = articles.collect();
    let claims = (0..7).map(|at| ClaimRow {
        claim_id: format!("c{at:06x}"),
        wording: sides[at].text.clone(),
        lang: sides[at].lang.clone(),
        articles: 8,
        languages: vec!["de".to_owned(), "pl".to_owned()],
        outlets: vec!["Abendblick".to_owned(), "Głos Ranka".to_owned()],
        sources: 5,
        agreements: 3,
        contradictions: at,
        disputed: false,
        first_date: "2023-06-01".to_owned(),
        last_date: "2023-06-22".to_owned(),
        strongest: 0.9349,
    });
    let claims: Vec<ClaimRow> = claims.collect();
    let stances = [Some(Stance::Agrees), None, Some(Stance::Contradicts)];
    let rows = claims.iter().enumerate().map(|(at, claim)| MatrixRow {
        claim_id: claim.claim_id.clone(),
        wording: claim.wording.clone(),
        stances: (0..8).filter_map(|across| Some((across, stances[(at * across + at) % 3]?))).collect(),
    });
    let matrix = Matrix { articles: articles.iter().map(|a| a.article.clone()).collect(), rows: rows.collect() };
    let watch = vec![WatchRow {
        claim: "Iran delivered drones before the invasion".to_owned(),
        article: articles[0].article.clone(),
        lang: "pl".to_owned(),
        stance: Stance::Agrees,
        confidence: 0.91,
        sentence: sides[0].text.clone(),
        ..WatchRow::default()
    }];
    let about = vec![("version".to_owned(), "0.1.0".to_owned()), ("articles".to_owned(), "8".to_owned())];
    let mut report = Report { pairs, claims, matrix, articles, watch, about };
    report.sort();
    report
}

fn csv_of(report: &Report, dialect: Dialect) -> String {
    String::from_utf8(to_csv(&table::pairs(&report.pairs), dialect).unwrap()).unwrap()
}

fn matrix_csv_of(report: &Report) -> String {
    let matrix = table::stated(&report.matrix);
    String::from_utf8(csv::matrix_to_csv(&table::matrix(&matrix), &matrix, PLAIN).unwrap()).unwrap()
}

const PLAIN: Dialect = Dialect { delimiter: b',', comma: false };

#[test]
fn pairs_have_the_columns_that_are_promised_in_their_order() {
    let promised = "pair_id,claim_id,relation,confidence,reason,left_text,right_text,left_article,left_lang,left_date,\
        left_outlet,left_speaker,left_start,left_end,right_article,right_lang,right_date,right_outlet,right_speaker,\
        right_start,right_end,similarity,p_agreement,p_contradiction,p_unrelated,mark,note,reviewer";
    let text = csv_of(&Report::default(), PLAIN);
    assert_eq!(text, format!("\u{FEFF}{promised}\r\n"));
}

#[test]
fn csv_has_points_in_scores_whatever_the_locale() {
    let pl = Dialect::of(&Settings { locale: "pl".to_owned(), ..Settings::default() }).unwrap();
    let report = sample();
    assert_eq!(pl, Dialect { delimiter: b';', comma: true });
    let line = csv_of(&report, pl).lines().nth(1).unwrap().to_owned();
    assert!(line.contains(";0.8123;0.1000;0.8500;0.0500;;;"), "{line}");
    let claims = String::from_utf8(to_csv(&table::claims(&report.claims), pl).unwrap()).unwrap();
    assert!(claims.lines().nth(1).unwrap().ends_with(";0,9349"), "{claims}");
}

#[test]
fn an_article_that_is_silent_on_a_watched_claim_has_no_numbers_in_watch() {
    let mut report = sample();
    report.watch.push(WatchRow { article: "silent.txt".to_owned(), ..WatchRow::default() });
    let text = String::from_utf8(to_csv(&table::watch(&report.watch), PLAIN).unwrap()).unwrap();
    assert!(text.lines().nth(1).unwrap().contains(",agrees,0.9100,"), "{text}");
    assert!(text.lines().nth(2).unwrap().ends_with(",silent.txt,,,,not stated,,,,,"), "{text}");
}

#[test]
fn a_delimiter_or_locale_that_nobody_knows_is_refused() {
    let says = |settings: Settings| Dialect::of(&settings).unwrap_err().to_string();
    let delimiter = Settings { delimiter: "|".to_owned(), ..Settings::default() };
    assert_eq!(says(delimiter), "report.delimiter = \"|\": expected `,`, `;` or `tab`");
    assert!(says(Settings { locale: "xx".to_owned(), ..Settings::default() }).starts_with("report.locale = \"xx\""));
    let tab = Settings { delimiter: "tab".to_owned(), locale: "el-GR".to_owned(), ..Settings::default() };
    assert_eq!(Dialect::of(&tab).unwrap(), Dialect { delimiter: b'\t', comma: true });
}

#[test]
fn formulas_are_made_harmless_and_come_back_as_they_were() {
    let dangerous = ["=1+1", "+48 600", "- Iran wspiera", "@user", "\tx", "\rx", "\n=x", "＝1+1", "'=x", "''-x", "-"];
    for text in dangerous {
        let shown = neutralise(text);
        assert!(shown.starts_with('\'') && shown.len() == text.len() + 1, "{text:?}");
        assert_eq!(restore(&shown), text);
    }
    for text in ["", "-12", "-3,5", "+7.25", "'quoted'", "– dash", "a=b", "'", "12%"] {
        assert_eq!(neutralise(text), text);
        assert_eq!(restore(text), text);
    }
}

#[test]
fn control_characters_are_shown_in_spreadsheets_and_kept_for_programs() {
    use calamine::Reader;
    let mut report = sample();
    report.pairs.truncate(1);
    report.pairs[0].left.text = "=a\u{0}b\u{1b}[31m\u{7f}\tc\nd".to_owned();
    let text = csv_of(&report, PLAIN);
    assert!(text.contains("\"'=a␀b␛[31m␡\tc\nd\"") || text.contains("'=a␀b␛[31m␡\tc\nd"), "{text}");
    let bytes = to_xlsx(&report).unwrap();
    let mut book: calamine::Xlsx<_> = calamine::open_workbook_from_rs(std::io::Cursor::new(bytes)).unwrap();
    let cell = book.worksheet_range("pairs").unwrap().get_value((1, 3)).unwrap().to_string();
    assert_eq!(cell, "=a␀b␛[31m␡\tc\nd");
    let line: serde_json::Value = serde_json::from_slice(&to_jsonl(&report.pairs)).unwrap();
    assert_eq!(line["left_text"], report.pairs[0].left.text);
}

#[test]
fn every_locale_writes_numbers_for_people_its_own_way_and_scores_with_a_point() {
    for (locale, delimiter, decimal) in [
        ("en", ',', '.'),
        ("pl", ';', ','),
        ("de", ';', ','),
        ("hr_HR", ';', ','),
        ("el-GR", ';', ','),
        ("fr", ';', ','),
    ] {
        let dialect = Dialect::of(&Settings { locale: locale.to_owned(), ..Settings::default() }).unwrap();
        let report = sample();
        let text = csv_of(&report, dialect);
        let mut reader = ::csv::ReaderBuilder::new().delimiter(delimiter as u8).from_reader(text.as_bytes());
        let record = reader.records().next().unwrap().unwrap();
        assert!(record[3].contains('.') && &record[21] == "0.8123", "{locale}: {record:?}");
        let claims = String::from_utf8(to_csv(&table::claims(&report.claims), dialect).unwrap()).unwrap();
        assert!(claims.lines().nth(1).unwrap().ends_with(&format!("{delimiter}0{decimal}9349")), "{locale}: {claims}");
    }
}

#[test]
fn texts_too_long_for_a_cell_are_cut_with_a_mark() {
    let mut report = sample();
    report.pairs.truncate(1);
    report.pairs[0].left.text = "𝔸".repeat(40_000);
    let text = csv_of(&report, PLAIN);
    let mut reader = ::csv::Reader::from_reader(text.trim_start_matches('\u{FEFF}').as_bytes());
    let cell = reader.records().next().unwrap().unwrap()[5].to_owned();
    assert!(cell.encode_utf16().count() <= 32_767);
    assert!(cell.ends_with(" […cut: 23650 more characters]"), "{}", &cell[cell.len() - 40..]);
    assert!(to_xlsx(&report).is_ok());
}

#[test]
fn rows_are_sorted_by_relation_confidence_and_id() {
    let make = |id: &str, relation: &str, confidence| Row {
        pair_id: id.to_owned(),
        relation: relation.to_owned(),
        confidence,
        ..Row::default()
    };
    let pairs = vec![
        make("p5", "unrelated", 0.99),
        make("p4", "agreement", 0.7),
        make("p3", "contradiction", 0.6),
        make("p2", "contradiction", 0.8),
        make("p1", "contradiction", 0.8),
    ];
    let mut report = Report { pairs, ..Report::default() };
    report.sort();
    let ids: Vec<&str> = report.pairs.iter().map(|row| row.pair_id.as_str()).collect();
    assert_eq!(ids, ["p1", "p2", "p3", "p4", "p5"]);
}

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
fn an_article_that_says_both_and_a_disputed_claim_are_shown_so_in_tables_and_page() {
    let mut report = sample();
    report.matrix.rows[0].stances[1] = (1, Stance::Both);
    report.claims[0].disputed = true;
    assert!(matrix_csv_of(&report).lines().nth(1).unwrap().ends_with(",A,AC,A,A,A,A,A,A"));
    let claims = table::claims(&report.claims);
    let at = claims.columns.iter().position(|column| column.name == "disputed").unwrap();
    assert_eq!(claims.rows[0][at], Cell::Text("yes".to_owned()));
    assert_eq!(claims.rows[1][at], Cell::Text(String::new()));
    let page = String::from_utf8(to_html(&report, &[])).unwrap();
    assert!(page.contains(r#""s":"ABAAAAAA""#) && page.contains(r#""disputed":true"#));
    assert!(page.contains(r#""s":"CACAC","at":[1,2,4,5,7]"#), "only articles that speak of the claim");
}

#[cfg(feature = "tables")]
#[test]
fn the_parquet_file_has_the_values_of_the_json_lines() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("pairs.parquet");
    std::fs::write(&path, to_parquet(&sample().pairs).unwrap()).unwrap();
    let batches = crate::tables::read_parquet(&path).unwrap();
    let rows: Vec<_> =
        batches.iter().flat_map(|batch| (0..batch.num_rows()).map(|row| crate::tables::to_json(batch, row))).collect();
    let lines = String::from_utf8(to_jsonl(&sample().pairs)).unwrap();
    assert_eq!(rows.len(), lines.lines().count());
    for (row, line) in rows.iter().zip(lines.lines()) {
        let object: serde_json::Map<String, serde_json::Value> = serde_json::from_str(line).unwrap();
        assert!(row.keys().eq(object.keys()));
        for (key, value) in &object {
            match value.as_f64() {
                Some(number) => assert!((row[key].as_f64().unwrap() - number).abs() < 1e-6, "{key}"),
                None => assert_eq!(&row[key], value, "{key}"),
            }
        }
    }
}

#[test]
fn every_line_of_json_keeps_to_the_schema() {
    let schema: serde_json::Value = serde_json::from_str(PAIRS_SCHEMA).unwrap();
    let properties = schema["properties"].as_object().unwrap();
    let lines = String::from_utf8(to_jsonl(&sample().pairs)).unwrap();
    assert_eq!(lines.lines().count(), 28);
    for line in lines.lines() {
        let object: serde_json::Map<String, serde_json::Value> = serde_json::from_str(line).unwrap();
        let keys: Vec<&String> = object.keys().collect();
        let named: Vec<&str> = schema["required"].as_array().unwrap().iter().map(|key| key.as_str().unwrap()).collect();
        assert_eq!(keys, named);
        for (key, value) in &object {
            let rule = &properties[key];
            match rule["type"].as_str().unwrap() {
                "string" => {
                    let text = value.as_str().unwrap();
                    let fits = |pattern: &str| regex::Regex::new(pattern).unwrap().is_match(text);
                    assert!(rule["pattern"].as_str().is_none_or(fits), "{key}: {text}");
                    let allowed = |list: &Vec<serde_json::Value>| list.contains(value);
                    assert!(rule["enum"].as_array().is_none_or(allowed), "{key}: {text}");
                }
                "integer" => assert!(value.is_u64(), "{key}"),
                _ => {
                    let number = value.as_f64().unwrap();
                    let range = rule["minimum"].as_f64().unwrap()..=rule["maximum"].as_f64().unwrap();
                    assert!(range.contains(&number), "{key}: {number}");
                }
            }
        }
    }
}

#[test]
fn json_keeps_the_raw_text() {
    let mut report = sample();
    report.pairs[0].left.text = "- Iran\n=1".to_owned();
    let lines = String::from_utf8(to_jsonl(&report.pairs)).unwrap();
    let first: serde_json::Value = serde_json::from_str(lines.lines().next().unwrap()).unwrap();
    assert_eq!(first["left_text"], "- Iran\n=1");
    assert_eq!(first["similarity"], 0.812346);
}

#[test]
fn the_workbook_is_whole_and_equal_rows_give_equal_bytes() {
    use calamine::{Data, Reader, Xlsx};
    let report = sample();
    let bytes = to_xlsx(&report).unwrap();
    assert_eq!(bytes, to_xlsx(&report).unwrap());
    let mut book: Xlsx<_> = calamine::open_workbook_from_rs(std::io::Cursor::new(bytes)).unwrap();
    assert_eq!(book.sheet_names(), ["pairs", "claims", "matrix", "watch", "articles", "about"]);
    let pairs = book.worksheet_range("pairs").unwrap();
    assert_eq!(pairs.get_size(), (29, 28));
    let heads: Vec<String> = pairs.rows().next().unwrap().iter().map(ToString::to_string).collect();
    assert_eq!(heads[..8], ["relation", "confidence", "reason", "left_text", "right_text", "mark", "note", "reviewer"]);
    assert_eq!(heads[26..], ["pair_id", "claim_id"]);
    let words: Vec<String> = pairs.rows().flatten().map(ToString::to_string).collect();
    for text in ["Željka Šćepanović", "Τεχεράνη", "إيران", "<script>"] {
        assert!(words.iter().any(|cell| cell.contains(text)), "{text}");
    }
    let articles = book.worksheet_range("articles").unwrap();
    assert_eq!(articles.get_value((1, 4)), Some(&Data::String("=Headline 0".to_owned())), "text, not a formula");
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

#[test]
fn files_are_written_whole_with_the_rights_of_the_user() {
    let folder = tempfile::tempdir().unwrap();
    let settings = Settings::default();
    let paths = write_report(&sample(), &settings, &folder.path().join("new"), &|_| false).unwrap().files;
    let names: Vec<_> = paths.iter().map(|path| path.file_name().unwrap().to_str().unwrap()).collect();
    assert_eq!(
        names,
        [
            "pairs.csv",
            "claims.csv",
            "matrix.csv",
            "watch.csv",
            "pairs.jsonl",
            "pairs.schema.json",
            "report.xlsx",
            "report.html"
        ]
    );
    assert_eq!(fs::read_dir(folder.path().join("new")).unwrap().count(), names.len(), "nothing is left behind");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let plain = folder.path().join("plain");
        fs::write(&plain, "").unwrap();
        let mode = |path: &std::path::Path| fs::metadata(path).unwrap().permissions().mode();
        assert_eq!(mode(&paths[0]), mode(&plain));
    }
}

#[cfg(unix)]
#[test]
fn a_link_and_a_pipe_stay_what_they_are() {
    use std::os::unix::fs::{FileTypeExt, symlink};
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    fs::write(path("mine.toml"), "old").unwrap();
    for (link, target) in [("link.toml", "mine.toml"), ("early.toml", "not there yet.toml")] {
        symlink(target, path(link)).unwrap();
        assert_eq!(write_atomically(&path(link), b"new").unwrap(), path(link));
        assert!(path(link).is_symlink() && fs::read(path(target)).unwrap() == b"new", "{link}");
    }

    let pipe = path("pipe");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let reader = std::thread::spawn({
        let pipe = pipe.clone();
        move || fs::read(pipe).unwrap()
    });
    write_atomically(&pipe, b"new").unwrap();
    assert!(fs::symlink_metadata(&pipe).unwrap().file_type().is_fifo());
    assert_eq!(reader.join().unwrap(), b"new");
}

#[test]
fn a_file_that_must_stay_gets_a_new_one_beside_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("pairs.csv");
    fs::write(&path, "marked").unwrap();
    let is_kept = |file: &std::path::Path| fs::read(file).is_ok_and(|bytes| bytes.starts_with(b"marked"));
    assert_eq!(write_beside(&path, b"new", &is_kept).unwrap(), folder.path().join("pairs-2.csv"));
    assert_eq!(write_beside(&path, b"newer", &is_kept).unwrap(), folder.path().join("pairs-2.csv"));
    assert_eq!(write_beside(&path, b"marked", &is_kept).unwrap(), path, "nothing would change");
    let written = write_report(&sample(), &Settings::default(), folder.path(), &is_kept).unwrap();
    assert_eq!(written.kept, std::slice::from_ref(&path));
    assert_eq!(fs::read(&path).unwrap(), b"marked");
}

#[test]
fn pairs_for_programs_are_read_back_whole() {
    let mut report = sample();
    report.pairs[0].mark = "right".to_owned();
    report.pairs[0].left.before = "line\nbreak".to_owned();
    let rounded =
        |row: &Row| Row { similarity: 0.812346, confidence: (row.confidence * 1e6).round() / 1e6, ..row.clone() };
    let text = String::from_utf8(to_jsonl(&report.pairs)).unwrap();
    let expected: Vec<Row> = report.pairs.iter().map(rounded).collect();
    assert_eq!(read_jsonl(&text).unwrap(), expected);
    assert_eq!(read_jsonl("{}\n").unwrap_err().0, 1);
}

#[test]
fn a_stored_report_is_read_back_whole() {
    let folder = tempfile::tempdir().unwrap();
    assert!(Report::read(folder.path()).unwrap_err().to_string().contains("folder of a finished run"));
    assert!(sample().store(folder.path()).unwrap().ends_with("tables/report.json"));
    assert_eq!(Report::read(folder.path()).unwrap(), sample());
}

#[test]
fn a_report_that_an_earlier_version_stored_is_read() {
    let mut stored = serde_json::to_value(sample()).unwrap();
    for claim in stored["claims"].as_array_mut().unwrap() {
        claim.as_object_mut().unwrap().remove("disputed");
    }
    stored["articles"][0]["claims"] = serde_json::json!(9);
    let row = &mut stored["matrix"]["rows"][1];
    assert_eq!(row["stances"][0], serde_json::json!([1, "contradicts"]));
    let [yes, no, silent] = ["agrees", "contradicts", "silent"];
    row["stances"] = serde_json::json!([silent, no, yes, silent, no, yes, silent, no]);
    assert_eq!(serde_json::from_value::<Report>(stored).unwrap(), sample());
}

#[test]
fn a_folder_that_cannot_be_written_is_named() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("file"), "").unwrap();
    let problem = write_atomically(&folder.path().join("file/pairs.csv"), b"x").unwrap_err();
    assert!(problem.to_string().starts_with("cannot write `") && problem.to_string().contains("pairs.csv"));
}
