//! Files with many articles: JSON Lines and CSV.

use super::*;

#[test]
fn json_lines_give_one_article_per_line_and_keep_other_keys() {
    let lines = format!(
        "{}\n\n{{\"text\": \"No id, 1990.\", \"score\": 3, \"date\": \"some day\"}}\n",
        serde_json::json!({"id": "n1", "text": POLISH, "title": "T", "language": "pl-PL", "outlet": "Głos",
            "date": "2023-06-09T10:00:00Z", "author": "A", "url": "http://a.example", "empty": null})
    );
    let corpus = read(&folder(&[("news.jsonl", lines.as_bytes())]));
    assert_eq!(ids(&corpus), ["news.jsonl#n1", "news.jsonl#3"]);
    let first = &corpus.articles[0];
    assert_eq!((first.language.as_str(), first.outlet.as_deref()), ("pl", Some("Głos")));
    assert_eq!(first.date.unwrap().to_string(), "2023-06-09");
    assert!(first.extra.is_empty());
    let second: Vec<_> = corpus.articles[1].extra.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
    assert_eq!(second, [("date", "some day"), ("score", "3")], "a date that nobody can read is kept");
}

#[test]
fn the_text_of_a_json_line_may_be_a_list_of_paragraphs() {
    let lines = b"{\"text\": [\"One.\", \"Two.\"]}\n{\"text\": {\"body\": \"Three.\"}}\n";
    let corpus = read(&folder(&[("n.jsonl", lines)]));
    assert_eq!(corpus.articles[0].text, "One.\n\nTwo.");
    assert_eq!(corpus.skipped[0].reason, "`text` is neither a string nor a list of strings");
}

#[test]
fn a_given_date_is_read_as_machines_or_the_language_of_the_article_write_it() {
    let table = "language,date,text\npl,5 listopada 2024,One.\nhr,5. listopada 2024.,Two.\nhr,\"June 9, 2023\",Three.\n\
        en,20230612,Four.\nen,20230612T074500Z,Five.\nen,20230612101500,Six.\nen,1686528000000,Seven.\n\
        en,12-Jun-2023,Eight.\nth,12/6/2566,Nine.\n";
    let corpus = read(&folder(&[("n.csv", table.as_bytes())]));
    let days: Vec<_> = corpus.articles.iter().map(|article| article.date.unwrap().to_string()).collect();
    assert_eq!(
        days,
        ["2024-11-05", "2024-10-05", "2023-06-09"].into_iter().chain(["2023-06-12"; 6]).collect::<Vec<_>>()
    );
    assert!(corpus.articles.iter().all(|article| article.extra.is_empty()));
    let paragraphs = format!("<p>{POLISH}</p>").repeat(3);
    let page = format!(
        "<html><head><meta property='article:published_time' content='12.06.2023 07:45'></head>\
         <body><article>{paragraphs}</article></body></html>"
    );
    let corpus = read(&folder(&[("page.html", page.as_bytes())]));
    assert_eq!(corpus.articles[0].date, "2023-06-12".parse().ok());
}

#[test]
fn a_year_of_another_calendar_is_no_day() {
    let corpus = read(&folder(&[("n.csv", b"language,date,text\nfa,1405/02/15,One.\n")]));
    assert_eq!(corpus.articles[0].date, None);
    assert!(corpus.notes[0].message.contains("`1405/02/15`"), "{:?}", corpus.notes);
}

#[test]
fn columns_may_be_named_as_in_the_tables_of_a_run_but_not_twice() {
    let rows = "{\"text\": \"Eins.\", \"lang\": \"de\"}\n";
    let corpus = read(&folder(&[("n.ndjson", rows.as_bytes()), ("n.csv", b"LANG,text\npl,Jeden.\n")]));
    let languages: Vec<&str> = corpus.articles.iter().map(|article| article.language.as_str()).collect();
    assert_eq!(languages, ["pl", "de"]);
    let corpus = read(&folder(&[("n.csv", b"id,Text,date,text\n1,One.,,Two.\n"), ("a.txt", b"One.")]));
    assert!(corpus.skipped[0].reason.to_string().contains("two columns `text`"), "{:?}", corpus.skipped);
}

#[test]
fn old_days_digits_of_other_scripts_and_hours_behind_a_day_are_read() {
    let days = ["1939-09-01", "٠٥/٠٦/٢٠٢٣", "2026년 5월 5일", "2023061210", "1686528000.0"];
    let table = days.map(|day| format!("en,{day},One.\n")).concat();
    let corpus = read(&folder(&[("n.csv", format!("language,date,text\n{table}").as_bytes())]));
    let read: Vec<_> = corpus.articles.iter().map(|article| article.date.unwrap().to_string()).collect();
    assert_eq!(read, ["1939-09-01", "2023-06-05", "2026-05-05", "2023-06-12", "2023-06-12"]);
    assert!(corpus.notes.is_empty(), "{:?}", corpus.notes);
}

#[test]
fn days_in_numbers_have_one_order_in_a_file_and_what_cannot_be_read_is_counted() {
    let days = |dates: &[&str]| {
        let table = dates.iter().map(|date| format!("{date},One.\n")).collect::<String>();
        let corpus = read(&folder(&[("n.csv", format!("date,text\n{table}").as_bytes())]));
        let days = corpus.articles.iter().map(|article| article.date.map(|day| day.to_string()).unwrap_or_default());
        (days.collect::<Vec<_>>(), corpus.notes.into_iter().map(|note| note.message).collect::<Vec<_>>())
    };
    let (read, _) = days(&["3/4/2026", "3/14/2026 10:15 PM", "2026-03-04"]);
    assert_eq!(read, ["2026-03-04", "2026-03-14", "2026-03-04"]);
    assert_eq!(days(&["3/4/2026", "14/3/2026"]).0, ["2026-04-03", "2026-03-14"]);
    assert_eq!(days(&["3/4/2026", "14/3/2026", "3/14/2026"]).0, ["2026-04-03", "2026-03-14", "2026-03-14"]);
    let (read, notes) = days(&["2026-03-04", "soon", "never"]);
    assert_eq!(read, ["2026-03-04", "", ""]);
    assert_eq!(notes, ["rows whose `date` cannot be read: 2, the first in line 3: `soon`"]);
}

#[test]
fn a_json_file_is_a_list_or_an_object_over_several_lines_or_json_lines() {
    let list = b"[\n  {\"text\": \"One.\"},\n  {\n    \"id\": \"b\", \"text\": \"Two.\"\n  }, 5\n]\n";
    let lines = b"{\"text\": \"Three.\"}\n{\"text\": \"cut\n";
    let corpus = read(&folder(&[
        ("a.json", list),
        ("b.json", lines),
        ("c.json.gz", &gzip(b"{\n  \"text\": \"Four.\"\n}\n")),
        ("settings.json", b"{\n  \"colour\": \"red\"\n}\n"),
    ]));
    assert_eq!(ids(&corpus), ["a.json#2", "a.json#b", "b.json#1", "c.json.gz#1"]);
    let skipped: Vec<_> = corpus.skipped.iter().map(|skip| (skip.line.unwrap(), skip.reason.as_str())).collect();
    assert_eq!(
        skipped,
        [
            (5, "expected a JSON object with the key `text`"),
            (2, "malformed JSON at column 13: EOF while parsing a string"),
        ]
    );
    assert_eq!(corpus.notes[0].message, "holds no JSON object with the key `text`, so no article");
    let broken = b"[\n  {\"text\": \"One.\"},\n  {\"text\": oh}\n]\n";
    assert_eq!(reason("a.json", broken), "malformed JSON at line 3: expected value");
}

#[test]
fn quotation_marks_behind_a_backslash_stay_in_their_cell() {
    let table = b"text,desk\n\"He said \\\"no, thanks\\\", and left.\",x\n";
    let article = &read(&folder(&[("n.csv", table)])).articles[0];
    assert_eq!((article.text.as_str(), article.extra["desk"].as_str()), ("He said \"no, thanks\", and left.", "x"));
    let doubled = b"text,desk\n\"In C:\\new\\\",\"\"\"x\\\"\"\"\n";
    let article = &read(&folder(&[("n.csv", doubled)])).articles[0];
    assert_eq!((article.text.as_str(), article.extra["desk"].as_str()), ("In C:\\new\\", "\"x\\\""));
}

#[test]
fn csv_is_read_with_any_delimiter_and_quoted_line_ends() {
    for (name, delimiter) in [("n.csv", ","), ("n.csv", ";"), ("n.tsv", "\t")] {
        let table = format!("id{delimiter}text{delimiter}desk\r\n7{delimiter}\"One,\r\ntwo; three\"{delimiter}x\r\n");
        let corpus = read(&folder(&[(name, format!("\u{FEFF}{table}").as_bytes())]));
        assert_eq!(ids(&corpus), [format!("{name}#7")]);
        assert_eq!(corpus.articles[0].text, "One,\r\ntwo; three");
        assert_eq!(corpus.articles[0].extra["desk"], "x");
    }
}

#[test]
fn csv_with_names_in_capitals_or_a_line_for_excel_is_read() {
    for header in ["Text;ID;Language;Date;Outlet;Desk", "sep=;\r\ntext;id;language;date;outlet;Desk"] {
        let table = format!("{header}\r\nOne, two.;7;pl;2023-06-09;Tide;x\r\nThree.;8\r\n");
        let corpus = read(&folder(&[("n.csv", table.as_bytes())]));
        assert_eq!(ids(&corpus), ["n.csv#7"]);
        let article = &corpus.articles[0];
        assert_eq!((article.language.as_str(), article.outlet.as_deref()), ("pl", Some("Tide")));
        assert_eq!(article.date, "2023-06-09".parse().ok());
        assert_eq!(article.extra["Desk"], "x");
        assert_eq!(corpus.skipped[0].line, Some(header.lines().count() as u64 + 2));
    }
}

#[test]
fn rows_are_named_by_their_line_whatever_ends_it() {
    for end in ["\n", "\r\n"] {
        let table = ["desk,text", "a,One.", "", "b,\"Two", "lines.\"", "c,Three."].join(end);
        assert_eq!(ids(&read(&folder(&[("n.csv", table.as_bytes())]))), ["n.csv#2", "n.csv#4", "n.csv#6"]);
    }
}

#[test]
fn bad_lines_are_skipped_with_their_number() {
    let lines = b"{\"text\": \"Good.\"}\n{\"text\": \"cut\n[1]\n{\"id\": 4}\n{\"text\": \" \"}\n";
    let corpus = read(&folder(&[("n.jsonl", lines)]));
    let skipped: Vec<_> = corpus.skipped.iter().map(|skip| (skip.line.unwrap(), skip.reason.as_str())).collect();
    assert_eq!(
        skipped,
        [
            (2, "malformed JSON at column 13: EOF while parsing a string"),
            (3, "expected a JSON object with the key `text`"),
            (4, "has no `text`, only id"),
            (5, "holds no text"),
        ]
    );
    for end in ["\n", "\r\n"] {
        let table = "id,text\n1,One.\n2,Two.,extra\n3,Three.\n".replace('\n', end);
        let corpus = read(&folder(&[("n.csv", table.as_bytes())]));
        assert_eq!(ids(&corpus), ["n.csv#1", "n.csv#3"]);
        assert_eq!(corpus.skipped[0].line, Some(3));
        assert_eq!(corpus.skipped[0].reason, "malformed row: 3 columns instead of 2");
    }
}

#[test]
fn an_id_that_occurs_twice_gets_a_number_and_a_note() {
    let lines =
        b"{\"id\":\"a\",\"text\":\"One.\"}\n{\"id\":\"a\",\"text\":\"Two.\"}\n{\"id\":\"a~2\",\"text\":\"Three.\"}\n";
    let corpus = read(&folder(&[("n.jsonl", lines)]));
    assert_eq!(ids(&corpus), ["n.jsonl#a", "n.jsonl#a~3", "n.jsonl#a~2"]);
    assert_eq!(corpus.notes.len(), 1);
    let corpus = read(&folder(&[("n.jsonl", &lines.repeat(20_000))]));
    assert_eq!(corpus.articles.last().unwrap().id, "n.jsonl#a~2~20000");
    assert_eq!(corpus.notes.len(), 59_998);
}
