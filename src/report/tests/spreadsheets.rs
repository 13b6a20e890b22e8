//! Tables for spreadsheets: columns, locales, cells that could do harm, the workbook.

use super::*;

#[test]
fn pairs_have_the_columns_that_are_promised_in_their_order() {
    let promised = "pair_id,claim_id,relation,confidence,reason,left_text,right_text,left_article,left_lang,left_date,\
        left_outlet,left_speaker,left_start,left_end,right_article,right_lang,right_date,right_outlet,right_speaker,\
        right_start,right_end,similarity,p_agreement,p_contradiction,p_unrelated,mark,note,reviewer";
    let text = csv_of(&Report::default(), PLAIN);
    assert_eq!(text, format!("\u{FEFF}{promised}\r\n"));
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
