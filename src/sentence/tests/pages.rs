//! What of a page is prose, and what is furniture.

use super::*;

#[test]
fn a_page_is_parted_into_prose_and_furniture() {
    use Kind::{Boilerplate, Byline, Caption, Headline, Sentence};
    let page = "Politika\n\nRIBARI U LUCI: Novi sporazum otvara sjeverna lovišta\n\nAutor Hina\n\n\
        Ministar ribarstva potpisao je u četvrtak s dvojicom susjeda sporazum o zajedničkom ulovu plave ribe na sjeveru\n\n\
        Ministar ribarstva i gradonačelnik na rivi\nIzvor: Ured ministra / Arhiva\n\n\
        Sporazum vrijedi od siječnja, objavilo je ministarstvo. Ribari ga pozdravljaju.\n\nTko će to platiti\n\n\
        Ministarstvo nije objavilo koliko će nadzor koštati.\n\nPročitajte i:\nKako se peče srdela\nNova crta za otoke kreće u lipnju\n\nKomentari (12)";
    let expected = [
        (Boilerplate, Some("section")),
        (Headline, None),
        (Byline, Some("byline")),
        (Sentence, None),
        (Caption, Some("caption")),
        (Caption, Some("caption")),
        (Sentence, None),
        (Sentence, None),
        (Headline, Some("heading")),
        (Sentence, None),
        (Boilerplate, Some("related")),
        (Boilerplate, Some("related")),
        (Boilerplate, Some("related")),
        (Boilerplate, Some("comments")),
    ];
    assert_eq!(verdicts(page, "hr"), expected);
}

#[test]
fn a_time_stamp_between_two_paragraphs_is_none_of_them() {
    let page = "Miasto kupi dwa promy\nRada miasta zgodziła się w środę na zakup dwóch promów.\n03.02.2021 08:15\n\
        Pierwszy z nich ma wypłynąć latem przyszłego roku.\nBurmistrz zapłaci gotówką. Promy buduje Stocznia Odra\n\
        Drugi zbuduje do jesieni Stocznia Odra, której burmistrz już zapłacił.\nCo na to mieszkańcy\nMieszkańcy są zadowoleni z tej decyzji.";
    let kept: Vec<bool> = verdicts(page, "pl").iter().map(|verdict| verdict.1.is_none()).collect();
    assert_eq!(kept, [true, true, false, true, true, true, true, false, true]);
}

#[test]
fn a_trailing_list_of_headlines_is_dropped_without_a_heading_too() {
    let page = "Die Stadt sperrt ab Montag die alte Brücke.\n\nEin Pfeiler hat Risse, teilte das Bauamt mit.\n\nShare.\nExit mobile version\n\
        Neue Züge für das Rheinland kommen später\nquelle-17\n\nLeave a Reply";
    let reasons: Vec<_> = verdicts(page, "de").into_iter().map(|verdict| verdict.1).collect();
    assert_eq!(reasons[..2], [None, None]);
    assert!(reasons[2..].iter().all(Option::is_some), "{reasons:?}");
}

#[test]
fn a_last_paragraph_with_the_name_of_an_agency_is_kept() {
    let page = |last: &str| format!("{}\n\n{}\n\n{last}\n\nMehr lesen\n\nImpressum", LEADS[0], LEADS[1]);
    assert_eq!(verdicts(&page("Verletzt wurde dabei niemand. (dpa)"), "de")[2], (Kind::Sentence, None));
    assert!(verdicts(&page("Ein Zug im Tunnel. (Foto: dpa)"), "de")[2].1.is_some());
}

#[test]
fn short_sentences_right_behind_the_last_paragraph_are_kept() {
    for (language, first, second) in [
        ("hr", "Istraga je u tijeku.", "Most neće biti obnovljen."),
        ("uk", "Виробництво інсуліну не зупинено.", "Страйк триватиме до п'ятниці."),
        ("de", "Die Polizei ermittelt.", "Die Brücke bleibt gesperrt."),
    ] {
        let page = format!("{}\n\n{first}\n\n{second}", LEADS[0]);
        assert_eq!(verdicts(&page, language), [(Kind::Sentence, None); 3], "{first}");
    }
    for line in ["All rights reserved.", "Join the conversation.", "Jane Doe, Reuters.", "Other news"] {
        let page = format!("{}\n\n{line}\n\nStorm closes the pier.", LEADS[0]);
        assert!(verdicts(&page, "en")[1..].iter().all(|verdict| verdict.1.is_some()), "{line}");
    }
}

#[test]
fn short_paragraphs_in_a_script_without_spaces_are_paragraphs() {
    let long = "中国外交部发言人周三在北京举行的例行记者会上表示，中方从未向冲突任何一方提供武器，并严格控制军民两用物品的出口。";
    let page = format!("中国外交部周三否认了这一指控。\n\n{long}\n\n官员表示，爆炸造成三人死亡，十人受伤。");
    assert_eq!(verdicts(&page, "zh"), [(Kind::Sentence, None); 3]);
}

#[test]
fn a_paragraph_that_comes_twice_counts_once() {
    let text = "Der Zug hielt am Montag nicht in Halle.\n\nDie Bahn nennt keinen Grund dafür.\n\nDer Zug hielt am Montag nicht in Halle.";
    assert_eq!(verdicts(text, "de")[2], (Kind::Boilerplate, Some("repeated")));
}

#[test]
fn a_text_without_paragraphs_keeps_its_lines() {
    assert!(
        verdicts("Sejm przyjął budżet\nSenat zajmie się nim w maju", "pl").iter().all(|verdict| verdict.1.is_none())
    );
}

#[test]
fn a_sentence_that_starts_like_a_notice_is_kept() {
    for (language, line) in [
        ("en", "Copyright lawyers expect a long trial over the songs."),
        ("en", "By continuing to shell the port, they lose their friends."),
        ("en", "By continuing to use coal, the city breaks its promise."),
        ("en", "Privacy policy was the third item on the agenda."),
        ("en", "The views expressed by the minister surprised his party."),
        ("en", "Donate blood, the hospital asked the whole town."),
        ("en", "An earlier version of this law spoke of fishing boats only."),
        ("en", "Reply came only after a week of silence."),
        ("de", "In einer früheren Version des Gesetzes fehlte dieser Satz."),
        ("hr", "U prvoj verziji zakona toga nije bilo."),
        ("de", "Datenschutz bleibt der wunde Punkt des Gesetzes."),
        ("de", "Datenschutz-Aktivisten klagen gegen die Stadt."),
        ("de", "Datenschutz: Die Bahn muss alle Daten löschen."),
        ("de", "Mit der Nutzung von Kohle ist bald Schluss."),
        ("pl", "Regulamin Sejmu pozwala na taki wniosek."),
        ("pl", "Ta strona korzysta na każdym dniu wojny."),
        ("pl", "Dalsze rozpowszechnianie wirusa jest mało prawdopodobne."),
        ("hr", "Ova web stranica širila je lažne vijesti."),
        ("hr", "Uvjeti korištenja dvorane još nisu poznati."),
        ("el", "Όλα τα δικαιώματα των εργαζομένων μένουν ίδια."),
        ("el", "Όροι χρήσης του λιμανιού δεν υπάρχουν ακόμη."),
        ("ru", "Мы используем только свои снаряды, сказал командир."),
        ("uk", "Ми використовуємо лише власні снаряди, сказав командир."),
    ] {
        let page = format!("{} {line}\n\n{line}\n\n{}", LEADS[0], LEADS[1]);
        assert_eq!(verdicts(&page, language), [(Kind::Sentence, None); 4], "{line}");
    }
}

#[test]
fn a_notice_between_two_paragraphs_is_dropped() {
    for (language, line) in [
        ("en", "By continuing to use this site you accept our cookies."),
        ("en", "Copyright 2021 Tide Media, all rights reserved."),
        ("en", "Copyright © Tide Media, no part of this may be copied."),
        ("en", "© 2021 Tide Media, no part of this may be copied."),
        ("en", "Support our journalism with a small sum each month."),
        ("en", "Donate to our newsroom today, every coin helps."),
        ("en", "Privacy policy"),
        ("en", "Sign up to our weekly letter from the coast."),
        ("fr", "Il vous reste la moitié de cet article à lire."),
        ("el", "Ακολουθήστε τη σελίδα μας στο Google News."),
        ("ru", "Настоящий материал (информация) создан иностранным агентом."),
        ("pl", "Dziękujemy, że przeczytałaś nasz tekst do końca."),
        ("de", "Über dieses Thema berichtete der Rundfunk am 3. Mai 2021 um 12 Uhr."),
        ("de", "Mit der Nutzung dieser Website stimmen Sie den Regeln zu."),
        ("de", "Datenschutz | Impressum"),
        ("pl", "Ta strona korzysta z plików cookie, aby działać lepiej."),
        ("pl", "Dalsze rozpowszechnianie artykułu tylko za zgodą wydawcy."),
        ("pl", "Regulamin serwisu"),
        ("hr", "Ova web stranica koristi kolačiće."),
        ("hr", "Uvjeti korištenja"),
        ("el", "Όλα τα δικαιώματα διατηρούνται."),
        ("ru", "Мы используем файлы cookie, чтобы сайт работал лучше."),
        ("uk", "Ми використовуємо файли cookie, щоб сайт працював краще."),
    ] {
        let page = format!("{}\n\n{line}\n\n{}", LEADS[0], LEADS[1]);
        assert_eq!(verdicts(&page, language)[1], (Kind::Boilerplate, Some("notice")), "{line}");
    }
}

#[test]
fn the_notice_of_a_correction_is_dropped_to_its_end() {
    for (language, notice) in [
        ("en", "This article was amended on 4 May 2021. It had said that nine ferries were sold. There were seven."),
        ("de", "Anmerkung der Redaktion: Zunächst stand hier, neun Fähren seien verkauft. Es sind sieben."),
        ("pl", "Sprostowanie: w poprzedniej wersji tekstu podaliśmy, że sprzedano dziewięć promów. Przepraszamy."),
        ("hr", "Ispravak: prodano je sedam trajekata, a ne devet. Ispričavamo se."),
        ("el", "ΔΙΟΡΘΩΣΗ: Πουλήθηκαν επτά πλοία και όχι εννέα. Ζητούμε συγγνώμη."),
        ("fr", "Une version précédente de cet article parlait de neuf ferries. Il y en a sept."),
    ] {
        let found = verdicts(&format!("{}\n\n{} {notice}\n\n{notice}", LEADS[0], LEADS[1]), language);
        assert_eq!(found[..2], [(Kind::Sentence, None); 2], "{notice}");
        assert!(found[2..].iter().all(|verdict| verdict.1 == Some("notice")), "{notice}: {found:?}");
    }
    let article = format!("Correction: The pier is old. {0} {0}", LEADS.join(" "));
    assert_eq!(verdicts(&article, "en")[1..], [(Kind::Sentence, None); 6]);
}

#[test]
fn what_readers_write_below_an_article_is_dropped() {
    let article = format!("{}\n\n{}", LEADS[0], LEADS[1]);
    let comments = "Hafenfan\nvor 3 Stunden\nDas glaubt doch keiner, es waren hundert Leute dort.\nAntworten\nGast\nIch war dort, es war niemand da.";
    for heading in ["Kommentare (2)", "2 Kommentare"] {
        let found = verdicts(&format!("{article}\n\n{heading}\n{comments}"), "de");
        assert_eq!(found[..2], [(Kind::Sentence, None); 2]);
        assert!(found[2..].iter().all(|verdict| verdict.1 == Some("comments")), "{heading}: {found:?}");
    }
    let rest: Vec<String> = (1..=4).map(|basin| format!("Becken {basin} öffnet im Mai wieder ganz.")).collect();
    for end in ["", "\n\nAntworten"] {
        let found = verdicts(&format!("{}\n\nKommentare (2)\n\n{}{end}", LEADS[0], rest.join("\n\n")), "de");
        assert_eq!(found[2..6], [(Kind::Sentence, None); 4], "a link to the comments");
    }
}

#[test]
fn a_phrase_in_greek_capitals_is_known() {
    let teaser = "ΔΙΑΒΑΣΤΕ ΕΠΙΣΗΣ\nΤο λιμάνι ανοίγει ξανά τον Μάιο για τα πλοία";
    let found = verdicts(&format!("{}\n\n{teaser}\n\n{}", LEADS[0], LEADS[1]), "el");
    let reasons: Vec<_> = found.iter().map(|verdict| verdict.1).collect();
    assert_eq!(reasons, [None, Some("related"), Some("related"), None]);
}

#[test]
fn a_place_with_a_date_and_the_signature_of_a_post_are_no_claims() {
    for line in
        ["Lisboa - 4 mayo 2021 - 18:30 CET", "Lisboa, 4 de mayo de 2021", "— Puerto de Lisboa (@puertolx) May 4, 2021"]
    {
        let page = format!("{}\n\n{line}\n\n{}", LEADS[0], LEADS[1]);
        assert_eq!(verdicts(&page, "es")[1].0, Kind::Byline, "{line}");
    }
}

#[test]
fn a_date_with_an_unlisted_month_is_a_byline() {
    for (language, headline, line) in [
        ("he", "הממשלה אישרה את התקציב לשנה הבאה", "סוכנות הידיעות | 12 במרץ 2025, 09:40"),
        ("id", "Jembatan tua ditutup hingga akhir tahun", "Rabu, 12 Maret 2025 09:40 WIB"),
        ("hi", "पुराना पुल साल के अंत तक बंद", "बुधवार, १२ अप्रैल २०२५, ०९:४० बजे"),
    ] {
        let page = format!("{headline}\n{line}\n{}\n{}", LEADS[0], LEADS[1]);
        assert_eq!(verdicts(&page, language)[..2], [(Kind::Headline, None), (Kind::Byline, Some("time"))], "{line}");
    }
    let page = format!("Jembatan tua ditutup hingga akhir tahun\n12 orang tewas dalam banjir 2025\n{}", LEADS[0]);
    assert_ne!(verdicts(&page, "id")[1].0, Kind::Byline);
}

#[test]
fn a_question_outside_quotation_marks_and_a_lone_abbreviation_are_no_claims() {
    for (language, text, dropped) in [
        ("en", "Why did nobody warn the drivers of the 12 buses?", Some("question")),
        ("en", "What does the “Plan B” of the mayor cost?!", Some("question")),
        ("en", "She asked the council: “Why did nobody warn us?”", None),
        ("en", "“Who will pay for it?” asked the mayor.", None),
        ("el", "Γιατί έκλεισε τώρα η γέφυρα του λιμανιού;", Some("question")),
        ("fr", "Le port reste fermé jusqu'au printemps ;", None),
        ("ar", "لماذا أغلقت المدينة الجسر القديم؟", Some("question")),
        ("zh", "谁来支付新桥的费用？", Some("question")),
        ("hy", "Ինչո՞ւ է փակվել հին կամուրջը։", Some("question")),
        ("cs", "Tzv.", Some("fragment")),
    ] {
        assert_eq!(verdicts(text, language), [(Kind::Sentence, dropped)], "{text}");
    }
}

#[test]
fn items_of_a_list_are_kept_if_they_tell_something() {
    let page = |item: &str| format!("{}\n\n{item}\n\n{}", LEADS[0], LEADS[1]);
    let items = [("• Ewakuowano 300 osób", true), ("• Ewakuacja osób starszych", false), ("• 300 osób", false)];
    for (item, kept) in items {
        assert_eq!(verdicts(&page(item), "pl")[1].1.is_none(), kept, "{item}");
    }
}

/// An article of an outlet with a text.
fn article(outlet: Option<&str>, text: String) -> crate::article::Article {
    let json = serde_json::json!({
        "id": text, "path": "", "language": "en", "date": null, "outlet": outlet, "title": null, "author": null,
        "url": null, "text": text, "extra": {},
    });
    serde_json::from_value(json).expect("an article")
}

/// Whether the line `line` may carry a claim in each of the articles that `leads` begin.
fn kept(line: &str, outlet: Option<&str>, leads: &[&str]) -> Vec<bool> {
    let page = |lead: &&str| article(outlet, format!("{lead}\n\n{line}\n\nThe council meets again in May, she said."));
    let articles: Vec<_> = leads.iter().map(page).collect();
    let of = |(article, segments): (&crate::article::Article, Vec<Segment>)| {
        segments.iter().any(|segment| article.text[segment.span.clone()] == *line && segment.dropped.is_none())
    };
    articles.iter().zip(split_corpus(&articles)).map(of).collect()
}

const LEADS: [&str; 3] = [
    "The harbour office closed the old pier on Monday morning.",
    "Two trains stood still for hours in the tunnel near Halden.",
    "The mayor promised to lower the price of tickets by autumn.",
];

#[test]
fn a_line_that_most_pages_of_an_outlet_hold_is_furniture() {
    let line = "We tell the stories of this coast every morning.";
    assert_eq!(kept(line, Some("Tide"), &LEADS), [false; 3]);
    assert_eq!(kept(line, None, &LEADS), [true; 3]);
    assert_eq!(kept(line, Some("Tide"), &LEADS[..2]), [true; 2]);
}

#[test]
fn a_line_that_most_pages_of_an_outlet_begin_with_is_furniture() {
    let line = "We tell the stories of this coast every morning.";
    let articles = LEADS.map(|lead| article(Some("Tide"), format!("{line}\n\n{lead}")));
    for segments in split_corpus(&articles) {
        assert_eq!([segments[0].dropped, segments[1].dropped], [Some("recurring"), None]);
    }
}

#[test]
fn versions_of_one_article_do_not_make_its_lines_furniture() {
    assert_eq!(kept("Nobody was hurt when the roof came down.", Some("Tide"), &[LEADS[0]; 4]), [true; 4]);
}
