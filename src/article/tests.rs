use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::*;

const POLISH: &str = "Teheran potwierdził, że przekazywał Rosji drony przed rozpoczęciem inwazji, podkreślając, że nie \
    eksportował żadnego innego uzbrojenia. Władze są przekonane, że dostawy trwały także już po wybuchu wojny.";
const GREEK: &str = "Η στρατιωτική συνεργασία των δύο χωρών δεν θα υποκύψει σε πιέσεις, δήλωσε σήμερα ο υφυπουργός \
    Εξωτερικών, ύστερα από τη δημοσίευση πληροφοριών για πωλήσεις όπλων. Άλλες χώρες διαφωνούν.";
const CROATIAN: &str = "Ministar je u utorak rekao da će vlada tijekom sljedećeg tjedna objaviti što se dogodilo, no \
    oporba tvrdi kako se izvješće već mjesecima skriva od javnosti.";

fn folder(files: &[(&str, &[u8])]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    folder
}

fn read(folder: &TempDir) -> Corpus {
    read_corpus(&[folder.path().to_owned()], &Settings::default()).unwrap()
}

fn ids(corpus: &Corpus) -> Vec<&str> {
    corpus.articles.iter().map(|article| article.id.as_str()).collect()
}

/// Reads one bad file beside a good one: the reason that it was skipped for.
fn reason(name: &str, bytes: &[u8]) -> String {
    let corpus = read(&folder(&[("good.txt", POLISH.as_bytes()), (name, bytes)]));
    assert!(ids(&corpus).contains(&"good.txt"), "a bad file must not stop the others");
    assert_eq!(corpus.skipped.len(), 1, "{:?}", corpus.skipped);
    corpus.skipped[0].reason.clone()
}

fn encoded(text: &str, label: &str) -> Vec<u8> {
    let (bytes, _, lossy) = encoding_rs::Encoding::for_label(label.as_bytes()).unwrap().encode(text);
    assert!(!lossy);
    bytes.into_owned()
}

fn zstandard(text: &str) -> Vec<u8> {
    ruzstd::encoding::compress_to_vec(text.as_bytes(), ruzstd::encoding::CompressionLevel::Fastest)
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packer.write_all(bytes).unwrap();
    packer.finish().unwrap()
}

#[test]
fn a_folder_is_walked_and_its_articles_are_named_by_their_path() {
    let folder = folder(&[
        ("b/two.txt", POLISH.as_bytes()),
        ("a.md", CROATIAN.as_bytes()),
        ("b/three.txt.gz", &gzip(POLISH.as_bytes())),
        ("c.txt.zst", &zstandard(GREEK)),
        ("photo.jpg", b"\xFF\xD8"),
        ("gold/pairs.csv", b"text\nno article\n"),
        (".hidden.txt", b"no article"),
    ]);
    let corpus = read(&folder);
    assert_eq!(ids(&corpus), ["a.md", "b/three.txt.gz", "b/two.txt", "c.txt.zst"]);
    assert_eq!(corpus.articles[1].text, POLISH);
    assert_eq!(corpus.articles[3].text, GREEK);
    assert!(corpus.notes[0].message.contains(".jpg 1"), "{:?}", corpus.notes);
}

#[test]
fn all_frames_of_a_zst_file_are_read_and_count_for_the_limit() {
    let to_skip = b"\x50\x2A\x4D\x18\x03\0\0\0abc".to_vec();
    let packed = [zstandard(POLISH), to_skip.clone(), zstandard(GREEK), to_skip].concat();
    assert_eq!(read(&folder(&[("a.txt.zst", &packed)])).articles[0].text, format!("{POLISH}{GREEK}"));
    let folder = folder(&[("a.txt.zst", &zstandard(&POLISH.repeat(3_000)).repeat(2))]);
    let settings = Settings { max_megabytes: 1, ..Settings::default() };
    let problem = read_corpus(&[folder.path().to_owned()], &settings).unwrap_err();
    assert!(problem.to_string().contains("is larger than 1 MB"), "{problem}");
}

#[test]
fn results_of_a_run_and_marks_among_the_articles_are_not_read() {
    let folder = folder(&[
        ("a.txt", POLISH.as_bytes()),
        ("marks.jsonl", b"{\"pair_id\": \"p1\"}\n"),
        ("results/run.json", b"{\"program\": \"crossclaim\"}"),
        ("results/pairs.jsonl", b"{\"pair_id\": \"p1\"}\n"),
        ("results/report.html", b"<p>No article."),
        ("other/run.json", b"{\"program\": \"race\"}"),
        ("other/b.txt", POLISH.as_bytes()),
        ("again/report.html", b"<p>No article, either."),
        ("again/tables/written.json", b"{}"),
    ]);
    let corpus = read(&folder);
    assert_eq!(ids(&corpus), ["a.txt", "other/b.txt"]);
    assert!(corpus.skipped.is_empty(), "{:?}", corpus.skipped);
}

#[test]
fn articles_beside_the_results_of_their_own_run_are_read_again_without_these() {
    let page = format!("<html><body><p>{}</p></body></html>", POLISH.repeat(5));
    let folder = folder(&[
        ("run.json", b"{\"program\": \"crossclaim\"}"),
        ("pairs-2.csv", b"pair_id,mark\np1,right\n"),
        ("report.html", page.as_bytes()),
        ("report-2024.html", page.as_bytes()),
        ("below/report.html", page.as_bytes()),
        ("a.txt", POLISH.as_bytes()),
    ]);
    let corpus = read(&folder);
    assert_eq!(ids(&corpus), ["a.txt", "below/report.html", "report-2024.html"]);
    assert!(corpus.skipped.is_empty(), "{:?}", corpus.skipped);
    let named = read_corpus(&[folder.path().join("report.html")], &Settings::default()).unwrap();
    assert_eq!(ids(&named), ["report.html"], "a file that is named is always read");
}

#[test]
fn globs_take_what_they_match_and_a_file_counts_once() {
    let folder = folder(&[("x/a.txt", b"One."), ("x/b.md", b"Two."), ("y/c.txt", b"Three.")]);
    let glob = folder.path().join("*/*.txt");
    let corpus = read_corpus(&[glob.clone(), folder.path().join("x"), glob], &Settings::default()).unwrap();
    assert_eq!(ids(&corpus), ["b.md", "x/a.txt", "y/c.txt"]);
}

#[test]
fn include_and_exclude_choose_among_the_files_of_a_folder() {
    let folder = folder(&[("x/a.txt", b"One."), ("x/b.md", b"Two."), ("drafts/c.txt", b"Three.")]);
    let list = |globs: &[&str]| globs.iter().map(|glob| glob.to_string()).collect();
    let settings = Settings { include: list(&["**/*.txt"]), exclude: list(&["drafts/**"]), ..Settings::default() };
    assert_eq!(ids(&read_corpus(&[folder.path().to_owned()], &settings).unwrap()), ["x/a.txt"]);
    let broken = Settings { include: list(&["a[b"]), ..Settings::default() };
    let problem = read_corpus(&[folder.path().to_owned()], &broken).unwrap_err();
    assert!(problem.to_string().contains("`a[b` is malformed"), "{problem}");
}

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
        en,20230612,Four.\nen,20230612T074500Z,Five.\n";
    let corpus = read(&folder(&[("n.csv", table.as_bytes())]));
    let days: Vec<_> = corpus.articles.iter().map(|article| article.date.unwrap().to_string()).collect();
    assert_eq!(days, ["2024-11-05", "2024-10-05", "2023-06-09", "2023-06-12", "2023-06-12"]);
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
fn html_gives_main_text_title_outlet_language_and_date() {
    let paragraphs: String = (0..6).map(|_| format!("<p>{POLISH}</p>")).collect();
    let page = format!(
        "<html lang='pl-PL'><head><title>Drony | Głos</title><meta property='og:site_name' content='Głos Ranka'>\
         <meta property='og:title' content='Drony &amp; wojna'>\
         <meta property='article:published_time' content='2023-06-12T07:45:00+02:00'></head>\
         <body><nav><a href='/'>Start</a></nav><script>alert('x')</script><article>{paragraphs}</article>\
         <footer>Impressum</footer></body></html>"
    );
    let corpus = read(&folder(&[("page.html", page.as_bytes())]));
    let article = &corpus.articles[0];
    assert_eq!(article.title.as_deref(), Some("Drony & wojna"));
    assert_eq!(article.outlet.as_deref(), Some("Głos Ranka"));
    assert_eq!((article.language.as_str(), article.date.unwrap().to_string()), ("pl", "2023-06-12".to_owned()));
    assert_eq!(article.text.matches("Teheran").count(), 6);
    assert!(!article.text.contains("alert") && !article.text.contains("Start"), "{}", article.text);
}

#[test]
fn readers_comments_under_a_short_article_are_not_part_of_it() {
    let article = format!("<article><p>{CROATIAN}</p><p>{CROATIAN}</p></article>");
    let comments = format!("<div class='comment'><p>{POLISH}</p></div>").repeat(4);
    let page = format!("<html><body><div id='main'>{article}<div id='comments'>{comments}</div></div></body></html>");
    let text = &read(&folder(&[("page.html", page.as_bytes())])).articles[0].text;
    assert!(text.contains("Ministar") && !text.contains("Teheran"), "{text}");
}

#[test]
fn a_page_keeps_a_headline_that_differs_from_its_title() {
    let paragraphs = format!("<p>{POLISH}</p>").repeat(3);
    for (headings, headline) in [
        ("<article><h1>Lehrer streiken am Montag in Bremen</h1>", "Lehrer streiken am Montag in Bremen"),
        (
            "<div class='header'><h1>Kurier</h1></div><article><h2>LEHRER STREIKEN AM MONTAG</h2>",
            "LEHRER STREIKEN AM MONTAG",
        ),
    ] {
        let page = format!(
            "<html><head><meta property='og:title' content='Bremen: Lehrer streiken am Montag'></head>\
             <body>{headings}{paragraphs}</article></body></html>"
        );
        let text = &read(&folder(&[("page.html", page.as_bytes())])).articles[0].text;
        assert!(text.starts_with(&format!("{headline}\n\nTeheran")), "{text}");
    }
}

#[test]
fn a_page_that_is_nested_to_overflow_the_parser_is_skipped() {
    let page = |depth: usize| format!("<html><body>{}<p>{}</p></body></html>", "<div>".repeat(depth), POLISH.repeat(5));
    assert_eq!(reason("deep.html", page(100_000).as_bytes()), "elements are nested more than 1000 deep: no news page");
    let corpus = read(&folder(&[("deep.html", page(950).as_bytes())]));
    assert_eq!(corpus.articles[0].text.matches("Teheran").count(), 5);
    let hidden = format!("<html><body><svg><p></p>{}<p>{}</p></body></html>", "<div/>".repeat(3_000), POLISH.repeat(5));
    assert_eq!(reason("deep.html", hidden.as_bytes()), "elements are nested more than 1000 deep: no news page");
}

#[test]
fn drawings_and_scripts_do_not_count_as_nested() {
    let paragraphs: String = (0..6).map(|_| format!("<p>{POLISH}</p>")).collect();
    let (script, paths) = ("a<b;".repeat(1_500), "<path d=\"\"/>".repeat(1_500));
    let page =
        format!("<html><body><script>{script}</script><svg>{paths}</svg><article>{paragraphs}</article></body></html>");
    let corpus = read(&folder(&[("page.html", page.as_bytes())]));
    assert_eq!(corpus.articles[0].text.matches("Teheran").count(), 6);
    let page = format!("<html><body><svg/><svg></svg>{}</body></html>", "<div/>".repeat(100_000));
    assert!(reason("deep.html", page.as_bytes()).starts_with("elements are nested"), "HTML closes no such <div/>");
}

#[test]
fn a_language_code_of_three_letters_becomes_one_of_two() {
    for (tag, code) in [("pol", "pl"), ("deu-DE", "de"), ("ger", "de"), ("HRV", "hr"), ("gre", "el"), ("cnr", "cnr")] {
        assert_eq!(html::primary_language(tag).as_deref(), Some(code), "{tag}");
    }
}

#[test]
fn a_page_made_from_an_english_template_has_the_language_of_its_text() {
    assert_eq!(language::check("en", &POLISH.repeat(3)), "pl");
    assert_eq!(language::check("sr", &CROATIAN.repeat(3)), "sr", "letters cannot tell these two apart");
    assert_eq!(language::check("gl", "O Goberno"), "gl", "an unknown language is believed");
}

#[test]
fn a_byte_order_mark_is_not_text() {
    let corpus = read(&folder(&[("a.txt", format!("\u{FEFF}{POLISH}").as_bytes())]));
    assert_eq!(corpus.articles[0].text, POLISH);
    assert!(corpus.notes.is_empty());
}

#[test]
fn legacy_encodings_are_converted_with_a_note_that_says_where() {
    for (text, label, name) in [
        (POLISH, "windows-1250", "windows-1250"),
        (POLISH, "iso-8859-2", "ISO-8859-2"),
        (CROATIAN, "windows-1250", "windows-1250"),
        (GREEK, "windows-1253", "windows-1253"),
        (GREEK, "iso-8859-7", "ISO-8859-7"),
    ] {
        let corpus = read(&folder(&[("a.txt", &encoded(text, label))]));
        assert_eq!(corpus.articles[0].text, text, "{label}");
        let message = &corpus.notes[0].message;
        assert!(message.starts_with("not UTF-8 at byte "), "{message}");
        assert!(message.ends_with(name), "{message}");
    }
    let note = &read(&folder(&[("a.txt", &encoded("xx łódź", "windows-1250"))])).notes[0].message;
    assert!(note.starts_with("not UTF-8 at byte 3 (0xB3)"), "{note}");
}

#[test]
fn a_few_bad_bytes_in_utf_8_do_not_make_it_another_encoding() {
    let mut bytes = POLISH.as_bytes().to_vec();
    bytes.insert(4, 0xFF);
    let corpus = read(&folder(&[("a.txt", &bytes)]));
    assert_eq!(corpus.articles[0].text, POLISH.replacen("Tehe", "Tehe\u{FFFD}", 1));
    assert!(corpus.notes[0].message.contains("byte 4 (0xFF): damaged UTF-8, 1 character"), "{:?}", corpus.notes);
}

#[test]
fn utf_16_and_encodings_that_pages_or_settings_declare_are_converted() {
    let wide: Vec<u8> = [0xFF, 0xFE].into_iter().chain(POLISH.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    assert_eq!(read(&folder(&[("a.txt", &wide)])).articles[0].text, POLISH);
    let declared = html::declared_encoding(b"<html><meta http-equiv=x content='text/html; charset=windows-1253'>");
    assert_eq!(declared.unwrap().name(), "windows-1253");
    for (label, bytes, text) in [
        ("windows-1250", encoded("Žćš", "windows-1250"), "Žćš"),
        ("iso-2022-jp", encoded("日本の新聞", "iso-2022-jp"), "日本の新聞"),
        ("utf-16le", wide[2..].to_vec(), POLISH),
    ] {
        let folder = folder(&[("a.txt", &bytes)]);
        let settings = Settings { encoding: label.to_owned(), ..Settings::default() };
        let corpus = read_corpus(&[folder.path().to_owned()], &settings).unwrap();
        assert_eq!(corpus.articles[0].text, text, "{label}");
        assert!(corpus.notes[0].message.starts_with("converted from "), "{:?}", corpus.notes);
    }
    let folder = folder(&[("a.txt", b"One.")]);
    let settings = Settings { encoding: "klingon".to_owned(), ..Settings::default() };
    let problem = read_corpus(&[folder.path().to_owned()], &settings).unwrap_err();
    assert!(problem.to_string().contains("article.encoding = \"klingon\""), "{problem}");
}

#[test]
fn a_page_that_claims_utf_8_and_is_not_is_converted_as_detected() {
    for (text, label) in [(POLISH, "windows-1250"), (GREEK, "windows-1253")] {
        let decoded = decode::decode(encoded(text, label), None, Some(encoding_rs::UTF_8)).unwrap();
        assert_eq!(decoded.text, text, "{label}");
    }
    let mut damaged = POLISH.as_bytes().to_vec();
    damaged.insert(4, 0xFF);
    let decoded = decode::decode(damaged, None, Some(encoding_rs::UTF_8)).unwrap();
    assert_eq!(decoded.text, POLISH.replacen("Tehe", "Tehe\u{FFFD}", 1));
}

#[test]
fn bad_files_are_skipped_with_their_reason() {
    assert_eq!(reason("bin.txt", b"ab\0\x01\x02"), "is a binary file: zero byte at byte 2");
    assert_eq!(reason("bin.txt", b"\xFFab\0\x01\x02"), "is a binary file: zero byte at byte 3");
    assert_eq!(reason("empty.txt", b""), "is empty");
    assert_eq!(reason("blank.txt", b" \n\t\n"), "holds no text");
    assert_eq!(reason("table.csv", b"a,b\n1,2\n"), "has no column `text`, so it holds no articles");
    let packed = gzip(&POLISH.repeat(50).into_bytes());
    assert_eq!(reason("cut.txt.gz", &packed[..packed.len() / 2]), "the packed file ends too early: it was cut short");
    assert!(reason("no.txt.gz", b"not packed at all").starts_with("cannot be read"));
    assert!(reason("no.txt.zst", b"not packed at all").starts_with("is not a .zst file"));
    assert!(reason("page.html", b"<html><body></body></html>").starts_with("no article text"));
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
            (4, "has no `text`"),
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
fn limits_of_the_settings_skip_articles() {
    let folder = folder(&[("long.txt", POLISH.as_bytes()), ("short.txt", "Żółć".as_bytes())]);
    let paths = [folder.path().to_owned()];
    let corpus = read_corpus(&paths, &Settings { min_chars: 5, ..Settings::default() }).unwrap();
    assert_eq!(corpus.skipped[0].reason, "is shorter than 5 characters (article.min_chars)");
    let problem = read_corpus(&paths, &Settings { max_megabytes: 0, ..Settings::default() }).unwrap_err();
    assert!(problem.to_string().contains("is larger than 0 MB (article.max_megabytes)"), "{problem}");
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

#[test]
fn articles_of_two_roots_with_one_name_are_told_apart_by_the_root() {
    let folder = folder(&[("left/x.txt", b"One."), ("right/x.txt", b"Two.")]);
    let paths = [folder.path().join("left"), folder.path().join("right")];
    assert_eq!(ids(&read_corpus(&paths, &Settings::default()).unwrap()), ["left/x.txt", "right/x.txt"]);
}

#[test]
fn a_corpus_that_is_not_there_is_an_error_with_advice() {
    let says = |path: PathBuf| read_corpus(&[path], &Settings::default()).unwrap_err().to_string();
    assert!(says("no/such/folder".into()).contains("there is no file or folder `no/such/folder`"));
    assert!(says("no/such/*.txt".into()).contains("there is no file or folder"));
    let folder = folder(&[("picture.png", b"x"), ("e/empty.txt", b"")]);
    assert!(says(folder.path().join("*.txt")).contains("there is no file or folder"));
    assert!(says(folder.path().join("picture.png")).contains("unknown ending `.png`; can read .txt"));
    assert!(says(folder.path().join("e")).contains("empty.txt`: is empty"));
    fs::remove_dir_all(folder.path().join("e")).unwrap();
    assert!(says(folder.path().to_owned()).contains("put articles there as .txt"));
}

#[test]
fn a_line_of_50_megabytes_is_an_article() {
    let long = POLISH.replace('.', ",").repeat(50_000_000 / POLISH.len() + 1);
    let corpus = read(&folder(&[("long.txt", long.as_bytes())]));
    assert_eq!(corpus.articles[0].text.len(), long.len());
    assert_eq!(corpus.articles[0].language, "pl");
}

#[test]
fn the_language_is_detected_unless_given() {
    let folder = folder(&[("a.txt", CROATIAN.as_bytes()), ("b.txt", b"12345 67890")]);
    assert_eq!(read(&folder).articles.iter().map(|a| a.language.as_str()).collect::<Vec<_>>(), ["hr", "und"]);
    let settings = |code: &str| Settings { language: code.to_owned(), ..Settings::default() };
    let paths = [folder.path().to_owned()];
    for code in ["sl", "slv"] {
        assert!(read_corpus(&paths, &settings(code)).unwrap().articles.iter().all(|article| article.language == "sl"));
    }
    assert!(read_corpus(&paths, &settings("Polish")).unwrap_err().to_string().contains("article.language"));
}

#[test]
fn dates_are_read_in_the_notations_of_the_languages() {
    for case in include_str!("dates.txt").lines().filter(|line| !line.starts_with('#')) {
        let (language, rest) = case.split_once(" | ").unwrap();
        let (line, day) = rest.rsplit_once(" | ").unwrap();
        let found = date::of_page(&format!("Headline\n{line}\nText."), language);
        assert_eq!(found.map_or("-".to_owned(), |date| date.to_string()), day, "{case}");
    }
}

#[test]
fn every_language_names_twelve_months() {
    assert_eq!(date::of_page("1 sierpnia 2024", "pl"), "2024-08-01".parse().ok());
    assert_eq!(date::of_page("5 listopada 2024", "und"), None, "October in Croatian, November in Polish");
    assert_eq!(date::of_page("5 prosinca 2024", "bs"), "2024-12-05".parse().ok());
    date::assert_months_are_whole();
}

#[test]
fn the_order_of_articles_does_not_depend_on_threads() {
    let files: Vec<(String, String)> = (0..40).map(|n| (format!("{n}.txt"), "Text. ".repeat(n * 90 + 1))).collect();
    let files: Vec<(&str, &[u8])> = files.iter().map(|(name, text)| (name.as_str(), text.as_bytes())).collect();
    let folder = folder(&files);
    let with =
        |threads| rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap().install(|| read(&folder));
    assert_eq!(with(1), with(4));
}

#[test]
fn languages_of_the_shared_articles_are_all_detected() {
    let corpus = Path::new("../shared/corpus/articles");
    let seeds = Path::new("../shared/articles/seeds");
    if !corpus.is_dir() || !seeds.is_dir() {
        eprintln!("skipped: ../shared is not here");
        return;
    }
    for article in read_corpus(&[corpus.to_owned()], &Settings::default()).unwrap().articles {
        assert_eq!(article.id.split('-').nth(1).unwrap(), article.language, "{}", article.id);
    }
    let read = read_corpus(&[seeds.to_owned()], &Settings::default()).unwrap();
    assert_eq!(read.articles.iter().map(|a| a.language.as_str()).collect::<Vec<_>>(), ["pl", "hr", "el", "de", "de"]);
}

#[test]
fn shared_articles_survive_the_legacy_encodings_of_their_languages() {
    let corpus = Path::new("../shared/corpus/articles");
    if !corpus.is_dir() {
        eprintln!("skipped: ../shared is not here");
        return;
    }
    let (mut right, mut wrong) = (0, Vec::new());
    for article in read_corpus(&[corpus.to_owned()], &Settings::default()).unwrap().articles {
        let labels: &[&str] = match article.language.as_str() {
            "pl" | "hr" => &["windows-1250", "iso-8859-2"],
            "el" => &["windows-1253", "iso-8859-7"],
            "ru" | "uk" => &["windows-1251"],
            _ => &["windows-1252"],
        };
        for label in labels {
            let encoding = encoding_rs::Encoding::for_label(label.as_bytes()).unwrap();
            let fits = |letter: &char| !encoding.encode(letter.encode_utf8(&mut [0; 4])).2;
            let text: String = article.text.chars().filter(fits).collect();
            let found = decode::decode(encoding.encode(&text).0.into_owned(), None, None).unwrap();
            if found.text == text { right += 1 } else { wrong.push((article.id.clone(), label, found.note)) }
        }
    }
    println!("legacy encodings: {right} right, {} wrong", wrong.len());
    assert!(wrong.is_empty(), "{wrong:?}");
}
