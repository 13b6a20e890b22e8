//! Finding and reading files: folders, globs, what is left out, what their heads and paths tell.

use super::*;

#[test]
fn a_folder_is_walked_and_its_articles_are_named_by_their_path() {
    let folder = folder(&[
        ("b/two.txt", POLISH.as_bytes()),
        ("a.md", CROATIAN.as_bytes()),
        ("b/three.txt.gz", &gzip(POLISH.as_bytes())),
        ("c.txt.zst", &zstandard(GREEK)),
        ("photo.jpg", b"\xFF\xD8"),
        ("rows.jsonl.xz", b"\xFD"),
        ("gold/pairs.csv", b"text\nno article\n"),
        (".hidden.txt", b"no article"),
    ]);
    let corpus = read(&folder);
    assert_eq!(ids(&corpus), ["a.md", "b/three.txt.gz", "b/two.txt", "c.txt.zst"]);
    assert_eq!(corpus.articles[1].text, POLISH);
    assert_eq!(corpus.articles[3].text, GREEK);
    assert!(corpus.notes[0].message.contains(".jpg 1, .jsonl.xz 1"), "{:?}", corpus.notes);
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
        ("cache/crossclaim.redb", b"redb"),
        ("cache/runs/1.json", b"{\"text\": \"No article.\"}"),
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
        ("report.xlsx", b"PK"),
        ("tables/manifest.json", b"{\"text\": \"No article.\"}"),
        ("report.html", page.as_bytes()),
        ("report-2024.html", page.as_bytes()),
        ("below/report.html", page.as_bytes()),
        ("a.txt", POLISH.as_bytes()),
    ]);
    let corpus = read(&folder);
    assert_eq!(ids(&corpus), ["a.txt", "below/report.html", "report-2024.html"]);
    assert!(corpus.skipped.is_empty() && corpus.notes.is_empty(), "{corpus:?}");
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
fn bad_files_are_skipped_with_their_reason() {
    assert_eq!(reason("bin.txt", b"ab\0\x01\x02"), "is a binary file: zero byte at byte 2");
    assert_eq!(reason("bin.txt", b"\xFFab\0\x01\x02"), "is a binary file: zero byte at byte 3");
    assert_eq!(reason("empty.txt", b""), "is empty");
    assert_eq!(reason("blank.txt", b" \n\t\n"), "holds no text");
    assert_eq!(
        reason("table.csv", b"a,b\n1,2\n"),
        "has no column `text`, only a, b: call the one with the article `text`"
    );
    let packed = gzip(&POLISH.repeat(50).into_bytes());
    assert_eq!(reason("cut.txt.gz", &packed[..packed.len() / 2]), "the packed file ends too early: it was cut short");
    let frame = zstandard(POLISH);
    for length in [3, 5, frame.len() / 2, frame.len() - 1] {
        assert!(reason("cut.txt.zst", &frame[..length]).ends_with("it was cut short"), "{length}");
    }
    let tail = [&packed[..], b"more text behind it"].concat();
    assert!(reason("tail.txt.gz", &tail).starts_with("the packed file is damaged"));
    assert_eq!(reason("no.txt.gz", b"not packed at all"), "is not a .gz file, in spite of its name");
    assert_eq!(reason("no.txt.zst", b"not packed at all"), "is not a .zst file, in spite of its name");
    assert!(reason("page.html", b"<html><body></body></html>").starts_with("no article text"));
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
fn the_order_of_articles_does_not_depend_on_threads() {
    let files: Vec<(String, String)> = (0..40).map(|n| (format!("{n}.txt"), "Text. ".repeat(n * 90 + 1))).collect();
    let files: Vec<(&str, &[u8])> = files.iter().map(|(name, text)| (name.as_str(), text.as_bytes())).collect();
    let folder = folder(&files);
    let with =
        |threads| rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap().install(|| read(&folder));
    assert_eq!(with(1), with(4));
}

#[test]
fn the_parts_of_a_saved_page_are_no_articles() {
    let page = format!("<html><body><p>{}</p></body></html>", POLISH.repeat(5));
    let folder = folder(&[
        ("strike.html", page.as_bytes()),
        ("strike_files/frame.html", page.as_bytes()),
        ("Streik.htm", page.as_bytes()),
        ("Streik-Dateien/empty.html", b"<p></p>"),
        ("press_files/a.txt", POLISH.as_bytes()),
    ]);
    let corpus = read(&folder);
    assert_eq!(ids(&corpus), ["Streik.htm", "press_files/a.txt", "strike.html"]);
    assert!(corpus.skipped.is_empty(), "{:?}", corpus.skipped);
}

#[test]
fn the_head_of_a_text_gives_its_fields_and_only_its_title_is_text() {
    let lines = "Title: Dockers of Tarena are on strike again\nSource: The Daily Tide\nSection: World\n\
        URL: https://www.tide.example/strike\nDate: 16 November 2026\nAuthor: Ann Smith\n\n\
        Dockers: no work until Friday.\nThey left the quay on Monday.\n";
    let front_matter = "---\ntitle: \"Dockers of Tarena are on strike again\"\nsource: \"https://www.tide.example/strike\"\n\
        author:\n  - \"[[Ann Smith]]\"\n  - \"[[Bo Lind]]\"\npublished: 2026-11-16\ncreated: 2026-12-01\n\
        description: \"Ships – 41 – wait\"\n---\nDockers: no work until Friday.\nThey left the quay on Monday.\n";
    for (file, outlet, author) in
        [(lines, "The Daily Tide", "Ann Smith"), (front_matter, "tide.example", "Ann Smith, Bo Lind")]
    {
        let article = &read(&folder(&[("a.md", file.as_bytes())])).articles[0];
        assert_eq!((article.outlet.as_deref(), article.author.as_deref()), (Some(outlet), Some(author)));
        assert_eq!(article.title.as_deref(), Some("Dockers of Tarena are on strike again"));
        assert_eq!(article.url.as_deref(), Some("https://www.tide.example/strike"));
        assert_eq!(article.date, "2026-11-16".parse().ok());
        let shown: Vec<&str> = article.text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        let title = "Dockers of Tarena are on strike again";
        assert_eq!(shown, [title, "Dockers: no work until Friday.", "They left the quay on Monday."]);
        assert_eq!(article.text.chars().count(), file.chars().count(), "offsets are those of the file");
    }
}

#[test]
fn lines_that_only_look_like_a_head_stay() {
    for text in
        ["Minister: no comment.\nTitle: none.\nSource: AP\n", "Source: AP\nAuthor: Ann\n\nText.", "---\nNo key.\n---\n"]
    {
        let article = &read(&folder(&[("a.txt", text.as_bytes())])).articles[0];
        assert_eq!((article.text.as_str(), &article.outlet, &article.title), (text, &None, &None));
    }
}

#[test]
fn the_path_of_a_file_tells_the_day_of_its_one_article() {
    let row = serde_json::json!({ "text": POLISH }).to_string();
    let folder = folder(&[("2026/11/17/a.txt", POLISH.as_bytes()), ("2026-11-17.jsonl", row.as_bytes())]);
    let days: Vec<_> = read(&folder).articles.iter().map(|article| article.date).collect();
    let day: Option<Date> = "2026-11-17".parse().ok();
    assert_eq!(days, [None, day]);
}

#[test]
fn what_the_settings_exclude_is_told() {
    let place = tempfile::tempdir().unwrap();
    std::fs::create_dir(place.path().join("gold")).unwrap();
    std::fs::write(place.path().join("gold/price.txt"), "The price of gold rose by 2 percent on Monday.\n").unwrap();
    let read = || read_corpus(&[place.path().to_owned()], &Settings::default());
    let problem = read().unwrap_err().to_string();
    assert!(problem.contains("left out by `article.exclude`: **/gold/** 1"), "{problem}");
    let by_glob = read_corpus(&[place.path().join("*/*.txt")], &Settings::default()).unwrap_err().to_string();
    assert!(by_glob.contains("left out by `article.exclude`: **/gold/** 1"), "{by_glob}");
    std::fs::write(place.path().join("a.txt"), "The council met on Monday to talk about the bridge.\n").unwrap();
    let corpus = read().unwrap();
    assert_eq!(corpus.articles.len(), 1);
    assert!(corpus.notes.iter().any(|note| note.message == "left out by `article.exclude`: **/gold/** 1"));
}
