//! Encodings of files.

use std::path::Path;

use super::*;

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
