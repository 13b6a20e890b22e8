//! Marks survive what people and spreadsheets do to a file: sorting, deleting, other delimiters, encodings and formats.

use std::collections::BTreeMap;

use encoding_rs::{Encoding, UTF_16LE, WINDOWS_1250, WINDOWS_1252};

use super::*;
use crate::judge::Settings;
use crate::report::{Dialect, Report, Row, Side, table, to_csv, to_jsonl, to_xlsx};

/// A generator of numbers that are the same in every run (xorshift64*, Vigna 2016).
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) as usize % end
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())]
    }

    fn shuffle<T>(&mut self, list: &mut [T]) {
        for at in (1..list.len()).rev() {
            list.swap(at, self.below(at + 1));
        }
    }
}

const TEXTS: [&str; 5] = [
    "Η Τεχεράνη παρέδωσε 40 μη επανδρωμένα αεροσκάφη.",
    "- Dostarczył 15 dronów; mówi \"Karim\", minister\nobrony.",
    "=Željka Šćepanović: nije isporučio\tnijedan dron",
    "Der Iran lieferte 40 Drohnen, sagte er.",
    "Iran delivered 15 drones.",
];
const MARKS: [&str; 8] = ["right", " Wrong ", "AGREEMENT", "contradiction", "Unrelated", "RIGHT", "", ""];
const NOTES: [&str; 5] = ["", "", "see page 2", "- not the same day", "=no"];
const PEOPLE: [&str; 3] = ["Ana", "Bo", "@cy"];

fn rows(chance: &mut Chance) -> Vec<Row> {
    let side = |chance: &mut Chance, lang: &str| Side {
        text: chance.pick(&TEXTS).to_owned(),
        article: format!("folder/{lang}-{}.txt", chance.below(9)),
        lang: lang.to_owned(),
        outlet: "Πρωινή Γραμμή; Zürich, \"A\"".to_owned(),
        ..Side::default()
    };
    (0..1 + chance.below(60))
        .map(|at| Row {
            pair_id: format!("p{:016x}", (at as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15)),
            claim_id: "c1".to_owned(),
            relation: chance.pick(&["agreement", "contradiction"]).to_owned(),
            confidence: chance.below(10_001) as f64 / 1e4,
            reason: chance.pick(&["number: 15 / 40", "denial", ""]).to_owned(),
            left: side(chance, "el"),
            right: side(chance, "pl"),
            mark: chance.pick(&MARKS).to_owned(),
            note: chance.pick(&NOTES).to_owned(),
            reviewer: chance.pick(&PEOPLE).to_owned(),
            ..Row::default()
        })
        .collect()
}

/// What must come back, by pair.
fn expected(rows: &[Row]) -> BTreeMap<String, Reviewed> {
    let one = |row: &Row| Reviewed {
        pair_id: row.pair_id.clone(),
        mark: Mark::parse(&row.mark),
        note: row.note.clone(),
        reviewer: row.reviewer.clone(),
        relation: relation_named(&row.relation),
        confidence: Some(row.confidence),
        languages: "el-pl".to_owned(),
        reason: row.reason.clone(),
        ..Reviewed::default()
    };
    let said = rows.iter().filter(|row| !row.mark.is_empty() || !row.note.is_empty());
    said.map(|row| (row.pair_id.clone(), one(row))).collect()
}

fn read_back(name: &str, bytes: &[u8]) -> Sheet {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    read(&path).unwrap()
}

/// The rows without their sentences, of which a spreadsheet may have lost letters.
fn by_pair(sheet: Sheet) -> BTreeMap<String, Reviewed> {
    let bare = |row: Reviewed| (row.pair_id.clone(), Reviewed { texts: Default::default(), ..row });
    sheet.rows.into_iter().map(bare).collect()
}

/// As a spreadsheet saves it that knows only one encoding: `?` for every other letter.
fn in_encoding(text: &str, encoding: &'static Encoding) -> Vec<u8> {
    let known = |letter: char| {
        let mut buffer = [0; 4];
        let (bytes, _, lossy) = encoding.encode(letter.encode_utf8(&mut buffer));
        if lossy { vec![b'?'] } else { bytes.into_owned() }
    };
    text.chars().flat_map(known).collect()
}

#[test]
fn no_mark_is_lost_in_a_csv_file_that_is_sorted_shortened_and_saved_anew() {
    let mut chance = Chance(42);
    for _ in 0..60 {
        let mut rows = rows(&mut chance);
        chance.shuffle(&mut rows);
        rows.truncate(1 + chance.below(rows.len()));
        let dialect = Dialect { delimiter: chance.pick(b",;\t"), comma: false };
        let text = String::from_utf8(to_csv(&table::pairs(&rows), dialect).unwrap()).unwrap();
        let plain = text.trim_start_matches('\u{FEFF}');
        let bytes = match chance.below(5) {
            0 => text.clone().into_bytes(),
            1 => plain.replace("\r\n", "\n").into_bytes(),
            2 => in_encoding(plain, WINDOWS_1250),
            3 => in_encoding(plain, WINDOWS_1252),
            _ => {
                let units = text.encode_utf16().flat_map(u16::to_le_bytes);
                assert_eq!(Encoding::for_bom(&units.clone().take(3).collect::<Vec<_>>()), Some((UTF_16LE, 2)));
                units.collect()
            }
        };
        let sheet = read_back("pairs.csv", &bytes);
        assert_eq!(sheet.rows.len() + sheet.open, rows.len());
        assert_eq!(by_pair(sheet), expected(&rows));
    }
}

#[test]
fn no_mark_is_lost_in_a_workbook() {
    let mut chance = Chance(7);
    for _ in 0..6 {
        let mut report = Report { pairs: rows(&mut chance), ..Report::default() };
        chance.shuffle(&mut report.pairs);
        let sheet = read_back("report.xlsx", &to_xlsx(&report).unwrap());
        assert_eq!(by_pair(sheet), expected(&report.pairs));
    }
}

#[test]
fn rows_of_a_jsonl_file_that_say_nothing_are_open() {
    let rows = rows(&mut Chance(5));
    let sheet = read_back("pairs.jsonl", &to_jsonl(&rows));
    assert_eq!(sheet.rows.len() + sheet.open, rows.len());
    assert_eq!(by_pair(sheet).into_keys().collect::<Vec<_>>(), expected(&rows).into_keys().collect::<Vec<_>>());
}

#[test]
fn a_workbook_that_a_person_rearranged_is_read() {
    let mut chance = Chance(11);
    let rows = rows(&mut chance);
    let table = table::pairs(&rows);
    let mut order: Vec<usize> = (0..table.columns.len()).collect();
    chance.shuffle(&mut order);
    let mut book = rust_xlsxwriter::Workbook::new();
    book.add_worksheet().set_name("my notes").unwrap().write_string(3, 1, "pair_id is a column").unwrap();
    let sheet = book.add_worksheet();
    // The header went down with the rows when they were sorted; two empty rows were left above.
    let header_at = 2 + chance.below(rows.len());
    for (column, &from) in order.iter().enumerate() {
        sheet.write_string(header_at as u32, column as u16, table.columns[from].name.to_uppercase()).unwrap();
        for (at, row) in table.rows.iter().enumerate() {
            let line = 2 + at + usize::from(2 + at >= header_at);
            match &row[from] {
                table::Cell::Score(number) => sheet.write_number(line as u32, column as u16, *number).unwrap(),
                table::Cell::Text(text) | table::Cell::Id(text) => {
                    sheet.write_string(line as u32, column as u16, text).unwrap()
                }
                _ => sheet,
            };
        }
    }
    let found = by_pair(read_back("mine.xlsx", &book.save_to_buffer().unwrap()));
    assert_eq!(found, expected(&rows));
}

#[test]
fn damage_is_said() {
    let row = |text: &str, mark: &str| format!("p0a,{text},{mark},ok,Ana,agreement,\"0,81\",el,pl\n");
    let header = "pair_id,left_text,mark,note,reviewer,relation,confidence,left_lang,right_lang\n";
    let file = format!("{header}{}{}", row("? ???????? ????????", "right"), row("whole", "maybe"));
    let sheet = read_back("pairs.csv", file.as_bytes());
    assert_eq!(sheet.rows[0].confidence, Some(0.81));
    assert_eq!((sheet.rows[1].mark, sheet.rows[1].note.as_str()), (None, "[mark: maybe] ok"));
    assert_eq!(
        sheet.remarks,
        [
            "no marks, kept as notes: `maybe` in row 3; marks are right, wrong, agreement, contradiction, unrelated",
            "letters were lost in 1 rows when it was saved; ids and marks are safe"
        ]
    );
    let legacy = in_encoding(&format!("{header}{}", row("Dostarczył dronów", "right")), WINDOWS_1250);
    let said = read_back("pairs.csv", &legacy).remarks;
    assert!(said.iter().any(|remark| remark.starts_with("not saved as UTF-8")), "{said:?}");
    let lost = read_back("pairs.csv", format!("{header},text,right,,Ana,,,,\n").as_bytes());
    assert!(lost.remarks[0].contains("row 2") && lost.remarks[0].contains("no pair_id"), "{:?}", lost.remarks);
}

#[test]
fn marks_in_other_words_are_read_or_gathered_in_one_remark() {
    let says = |text| Mark::parse(text).map(Mark::name);
    for (text, mark) in [("Yes", "right"), ("incorrect!", "wrong"), ("contradicts", "contradiction")] {
        assert_eq!(says(text), Some(mark));
    }
    assert_eq!(["ok", "agree", "true", "Right?"].map(says), [None; 4], "they may mean many things");
    let words = ["Tak", "tak", "nie", "tak", "right", "tak"];
    let rows: String = (1..).zip(words).map(|(at, mark)| format!("p{at},{mark},0.5\n")).collect();
    let sheet = read_back("pairs.csv", format!("pair_id,mark,confidence\n{rows}").as_bytes());
    let start = "no marks, kept as notes: `tak` in 4 rows (2, 3, 5, …), `nie` in row 4; marks are right,";
    assert!(sheet.remarks.len() == 1 && sheet.remarks[0].starts_with(start), "{:?}", sheet.remarks);
}

#[test]
fn rows_without_confidence_and_pairs_marked_twice_are_told() {
    let rows = "p1,right,Ana\np2,wrong,Ana\np1,Right,ana\np1,wrong,Bo\np2,unrelated,Ana\np3,,Ana\np1,wrong,Ana\n";
    let sheet = read_back("pairs.csv", format!("pair_id,mark,reviewer\n{rows}").as_bytes());
    let expected = [
        "6 marked rows have no `confidence`: no thresholds can be advised from them",
        "pairs of rows above are marked again, and differently, in 2 rows (6, 8): the later row counts",
    ];
    assert_eq!(sheet.remarks, expected);
}

#[test]
fn a_relation_that_somebody_wrote_over_counts_against_what_the_program_said() {
    let header = "pair_id,relation,confidence,p_agreement,p_contradiction,p_unrelated,mark,stratum,stratum_rows\n";
    let rows = [
        "p1,unrelated,0.7,0.7,0.2,0.1,right,agreement 0.7,\"12,00\"",
        "p2,contradiction,0.6,0.6,0.3,0.1,wrong,agreement 0.6,5",
        "p3,contradiction,0.7,0.7,0.2,0.1,right,,",
        "p4,contradiction,0.5,0.5,0.5,0.0,right,,many",
        "p5,zgoda,0.7,0.7,0.2,0.1,right,,",
        "p6,agreement,0.7,0.7,0.2,0.1,right,,",
    ];
    let sheet = read_back("review.csv", format!("{header}{}\n", rows.join("\n")).as_bytes());
    let found: Vec<_> = sheet.rows.iter().map(|row| (row.relation, row.mark)).collect();
    let expected = [
        (Some(Relation::Agreement), Some(Mark::Relation(Relation::Unrelated))),
        (Some(Relation::Agreement), Some(Mark::Wrong)),
        (Some(Relation::Agreement), Some(Mark::Relation(Relation::Contradiction))),
        (Some(Relation::Contradiction), Some(Mark::Right)),
        (None, Some(Mark::Right)),
        (Some(Relation::Agreement), Some(Mark::Right)),
    ];
    assert_eq!(found, expected);
    assert!(sheet.remarks[0].starts_with("`relation` was changed in 3 rows (2, 3, 4)"), "{:?}", sheet.remarks);
    assert_eq!(sheet.remarks[1..], ["`stratum_rows` of 1 rows is no whole number"]);
    let strata: Vec<usize> = sheet.rows.iter().filter_map(|row| Some(row.stratum.as_ref()?.rows)).collect();
    assert_eq!(strata, [12, 5]);
    let summary = summarize(&sheet.rows, 0.9, &Settings::default());
    assert!(summary.to_text().contains("3 of 5 have no `stratum`"), "{}", summary.to_text());
}

#[test]
fn a_file_without_the_columns_is_refused_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("prices.csv");
    std::fs::write(&path, "name,price\na,1\n").unwrap();
    assert!(read(&path).unwrap_err().to_string().contains("prices.csv` has no header"));
    std::fs::write(&path, "Pair_ID,relation,My mark\np1,agreement,right\n").unwrap();
    let problem = read(&path).unwrap_err().to_string();
    assert!(problem.contains("(`mark` is missing in `pair_id, relation, my mark`)"), "{problem}");
    std::fs::write(&path, b"PK\x03\x04 not a workbook").unwrap();
    assert!(matches!(read(&path), Err(ReviewError::Workbook { .. })));
    assert!(has_marks(&path), "what cannot be read is not overwritten");
}

#[test]
fn a_sample_goes_out_is_marked_and_gives_the_precision_of_the_run() {
    let mut chance = Chance(3);
    let rows: Vec<Row> = (0..8).flat_map(|_| rows(&mut chance)).enumerate().map(numbered).collect();
    let right = |row: &Row| row.confidence > 0.4;
    let mut drawn = sample(&rows, 80);
    drawn.iter_mut().for_each(|one| one.row.mark = if right(&one.row) { "right" } else { "wrong" }.to_owned());
    let table = sample_table(&drawn);
    let sheet = read_back("review.csv", &to_csv(&table, Dialect { delimiter: b';', comma: true }).unwrap());
    let summary = summarize(&sheet.rows, 0.9, &Settings::default());
    let truth = rows.iter().filter(|row| right(row)).count() as f64 / rows.len() as f64;
    let all = summary.all.unwrap();
    assert!(summary.is_sample && all.low < truth && truth < all.high, "{truth} {all:?}");
    assert!((all.share - truth).abs() < 0.03, "bands are strata: {truth} {all:?}");
    let text = summary.to_text();
    assert_eq!(text.matches("estimated for the whole run from the sample").count(), 2, "thresholds, too: {text}");
}

fn numbered((at, row): (usize, Row)) -> Row {
    Row { pair_id: format!("p{at:016x}"), mark: String::new(), note: String::new(), ..row }
}

#[test]
fn the_summary_names_what_it_counts() {
    let said = |pair: &str, who: &str, mark, confidence| Reviewed {
        pair_id: pair.into(),
        reviewer: who.into(),
        mark: Some(mark),
        relation: Some(Relation::Contradiction),
        confidence: Some(confidence),
        languages: "el-pl".into(),
        reason: "number: 15 / 40".into(),
        texts: ["Παρέδωσε 15\ndrony. ".repeat(9), "Dostarczył 40 dronów.".into()],
        ..Reviewed::default()
    };
    let mut rows: Vec<Reviewed> =
        (0..40).map(|at| said(&format!("p{at:02}"), "Ana", Mark::Right, 0.6 + f64::from(at) / 100.0)).collect();
    rows.push(said("p00", "Bo", Mark::Wrong, 0.6));
    rows.push(said("p01", "Bo", Mark::Right, 0.61));
    let text = summarize(&rows, 0.9, &Settings::default()).to_text();
    for part in [
        "all                        1.000  0.910..1.000     39 of 39",
        "number                     1.000",
        "contradiction 0.9..1.0     1.000",
        "1 pairs are left out: as many reviewers said right as wrong",
        "Ana and Bo: 1 of 2 the same, Cohen's kappa 0.000",
        "p00  contradiction  Ana: right, Bo: wrong\n      Παρέδωσε 15 drony. Παρέδωσε",
        "…\n      Dostarczył 40 dronów.\n",
        "on the marked pairs",
        "contradiction          0.5    (now 0.5): precision 1.000, 95 % interval from 0.910, 39 of 39: all marked",
        "agreement              none (now 0.4): not reached with at least 10 of 0 marks",
        "contradiction el-pl    0.5 ",
    ] {
        assert!(text.contains(part), "{part}\n{text}");
    }
}
