//! Languages of articles, and days as they write them.

use std::path::Path;

use super::*;

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
fn languages_that_statistics_take_for_another_are_told_by_their_letters_and_words() {
    let kazakh = "Үкімет бүгін жаңа заң жобасын мақұлдады, ал депутаттар оны ұзақ талқылады және ұсыныстарын айтты.";
    let pashto = "حکومت نن په ښار کې یو نوی ښوونځی پرانیست او وزیر وویل چې دا کار به ښه پایلې ولري.";
    let serbian = "Predsednik vlade je u sredu rekao da će posle izbora dati dva miliona evra za nova mesta u školama.";
    let flash = "Troje ljudi je povređeno u požaru, saopštila je policija. Cene su porasle za 2,7 odsto.";
    let dutch = "Het duurde drie uur voordat de weg weer open was.";
    let afrikaans = "Die president het Maandag gesê dat hy nie sal bedank nie.";
    let southern = [(serbian, "sr"), (flash, "sr"), (CROATIAN, "hr")];
    for (text, code) in [(kazakh, "kk"), (pashto, "ps"), (dutch, "nl"), (afrikaans, "af")].into_iter().chain(southern) {
        assert_eq!(language::detect(text), code);
    }
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
    for case in include_str!("../dates.txt").lines().filter(|line| !line.starts_with('#')) {
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
fn the_day_of_publication_wins_over_that_of_the_masthead_and_of_a_change() {
    let menu = "Dział\n".repeat(12);
    let prose = format!("{POLISH}\n").repeat(6);
    for (language, text) in [
        ("hr", "Utorak, 1. prosinca 2026.\nKurir\nŠtrajk u luci\n17.11.2026. u 10:22\nText.".to_owned()),
        ("hr", "Štrajk u luci\nZadnja izmjena 18.11.2026 08:10\nObjavljeno 17.11.2026 08:00\nText.".to_owned()),
        ("de", "Streik\nVeröffentlicht am\n17.11.2026\nAktualisiert am\n18.11.2026, 10:00 Uhr\nText.".to_owned()),
        ("pl", format!("{menu}17 listopada 2026, 06:12\n{prose}")),
    ] {
        assert_eq!(date::of_page(&text, language), "2026-11-17".parse().ok(), "{text}");
    }
}

#[test]
fn paths_and_addresses_tell_a_day_where_nothing_else_can_be_meant() {
    let day: Option<Date> = "2026-11-17".parse().ok();
    for path in ["prasa/2026/11/17/port.txt", "2026-11-17 Streik.html", "a_20261117.txt"] {
        assert_eq!(date::of_path(path), day, "{path}");
    }
    assert_eq!(date::of_path("2026-13-45.txt").or(date::of_path("120261117.txt")), None);
    assert_eq!(date::of_address("https://tide.example/2026/11/17/harbour"), day);
    assert_eq!(date::of_address("https://tide.example/fire-of-2019-05-11"), None);
}
