//! The fixtures of each language, and the promises that hold for any text.

use jiff::civil::date;

use super::*;

const FIXTURES: [(&str, &str); 21] = [
    ("pl", include_str!("fixtures/pl.tsv")),
    ("hr", include_str!("fixtures/hr.tsv")),
    ("el", include_str!("fixtures/el.tsv")),
    ("de", include_str!("fixtures/de.tsv")),
    ("en", include_str!("fixtures/en.tsv")),
    ("fr", include_str!("fixtures/fr.tsv")),
    ("it", include_str!("fixtures/it.tsv")),
    ("es", include_str!("fixtures/es.tsv")),
    ("pt", include_str!("fixtures/pt.tsv")),
    ("ru", include_str!("fixtures/ru.tsv")),
    ("uk", include_str!("fixtures/uk.tsv")),
    ("cs", include_str!("fixtures/cs.tsv")),
    ("sk", include_str!("fixtures/sk.tsv")),
    ("sl", include_str!("fixtures/sl.tsv")),
    ("sr", include_str!("fixtures/sr.tsv")),
    ("bg", include_str!("fixtures/bg.tsv")),
    ("ro", include_str!("fixtures/ro.tsv")),
    ("nl", include_str!("fixtures/nl.tsv")),
    ("sv", include_str!("fixtures/sv.tsv")),
    ("tr", include_str!("fixtures/tr.tsv")),
    ("hu", include_str!("fixtures/hu.tsv")),
];

/// What the fixtures expect, as written in them: all numbers, or all times, of a sentence.
fn shown(fields: &Fields, kind: &str) -> Option<String> {
    let short = |value: f64| format!("{}", (value * 1000.0).round() / 1000.0);
    let number = |q: &Quantity| {
        let ends = if q.low == q.high { short(q.low) } else { format!("{}..{}", short(q.low), short(q.high)) };
        format!("{ends} {}", q.unit).trim().to_owned()
    };
    let time = |t: &TimeExpr| match &t.when {
        When::Event { kind: "", .. } => format!("{}?", t.relation),
        when => format!("{}{when}", t.relation),
    };
    let all: Vec<String> = match kind {
        "number" => fields.numbers.iter().map(number).collect(),
        "time" => fields.times.iter().map(time).collect(),
        "not" => vec![if fields.negated.is_some() { "yes" } else { "no" }.to_owned()],
        "deny" => vec![if fields.denial.is_some() { "yes" } else { "no" }.to_owned()],
        _ => return None,
    };
    Some(if all.is_empty() { "none".to_owned() } else { all.join("; ") })
}

#[test]
fn people_read_durations_in_their_units() {
    let shown = |text: &str| describe(text, "en", None).numbers[0].for_people();
    assert_eq!(shown("The truce holds for 60 days."), "60 days");
    assert_eq!(shown("The trial took two weeks."), "2 weeks");
    assert_eq!(shown("The siren sounded for one hour."), "1 hour");
    assert_eq!(shown("The siren sounded for 95 seconds."), "95 s");
    assert_eq!(shown("The dam held 40 litres."), "40 l");
    assert_eq!(shown("The talks lasted two hours and 15 minutes."), "135 minutes");
    assert_eq!(shown("The truce holds for about 60 days."), "about 60 days");
    assert_eq!(shown("More than 200 people came."), "200+ persons");
    assert_eq!(shown("Up to 500 people came."), "up to 500 persons");
    assert_eq!(shown("From 5 to 7 people share a room."), "5..7 persons");
}

#[test]
fn the_expressions_of_each_language_are_read() {
    // A Wednesday.
    let published = date(2024, 10, 9);
    let mut failed = false;
    for (language, file) in FIXTURES {
        let rows = file.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
        let (mut right, mut all) = (0, 0);
        for row in rows {
            let mut cells = row.split('\t');
            let (kind, wanted, text) = (cells.next().unwrap(), cells.next().unwrap(), cells.next().unwrap());
            let found = shown(&describe(text, language, Some(published)), kind)
                .unwrap_or_else(|| panic!("unknown kind in: {row}"));
            all += 1;
            if found == wanted {
                right += 1;
            } else {
                eprintln!("{language}: {kind}: wanted {wanted}, found {found}: {text}");
            }
        }
        eprintln!("{language}: {right} of {all} expressions right");
        failed |= f64::from(right) < 0.97 * f64::from(all);
    }
    assert!(!failed, "a language has less than 0.97 of its expressions right");
}

#[test]
fn every_line_of_the_word_lists_is_understood() {
    for language in FIXTURES.map(|(language, _)| language).into_iter().chain(["xx", "zh"]) {
        assert!(lexicon::of(language).problems.is_empty(), "{:?}", lexicon::of(language).problems);
    }
}

#[test]
fn no_text_makes_the_reader_panic() {
    let texts: String = FIXTURES.iter().map(|(_, file)| *file).collect();
    let pieces: Vec<&str> = texts.split(['\t', '\n', ' ']).collect();
    let odd = [
        "",
        "-",
        "–",
        "'",
        "’",
        ".",
        ",",
        ":",
        "%",
        "€",
        "\u{301}",
        "🙂",
        "中文",
        "９９",
        "٣",
        "1.2.3.4",
        "0",
        "9999999999999999999999",
        "½",
        "\u{feff}",
        "\u{ad}",
        "(",
        "„",
        "&",
    ];
    let mut state = 7_u64;
    let mut next = |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below
    };
    for round in 0..4000 {
        let mut text = String::new();
        for _ in 0..next(14) {
            text.push_str(if next(4) == 0 { odd[next(odd.len())] } else { pieces[next(pieces.len())] });
            text.push_str(["", " ", " ", "\u{a0}"][next(4)]);
        }
        let language = FIXTURES.map(|(language, _)| language)[round % FIXTURES.len()];
        let language = if round % 5 == 0 { ["zh", "", "xx-YY"][round % 3] } else { language };
        let published = [None, Some(date(2024, 10, 9)), Some(date(-9999, 1, 1)), Some(date(9999, 12, 31))][round % 4];
        let fields = describe(&text, language, published);
        let other = describe(pieces[next(pieces.len())], "en", published);
        let comparison = compare(&fields, &other);
        assert!(features(&comparison).iter().all(|value| (0.0..=1.0).contains(value)), "{text}");
        let spans = fields.numbers.iter().map(|n| n.span.clone()).chain(fields.times.iter().map(|t| t.span.clone()));
        let spans = spans.chain(fields.names.iter().map(|n| n.span.clone())).chain(fields.negated).chain(fields.denial);
        assert!(spans.chain(fields.speaker.map(|s| s.span)).all(|span| text.get(span).is_some_and(|s| !s.is_empty())));
    }
}

#[test]
fn other_languages_keep_digits_percent_signs_and_dates() {
    let read = |text: &str, language: &str| describe(text, language, None);
    let danish = read("2024-03-05: 2 800 strejkende, det er 51,3 % af de ansatte.", "da");
    assert_eq!(shown(&danish, "number").unwrap(), "2800; 51.3 %");
    assert_eq!(shown(&danish, "time").unwrap(), "2024-03-05");
    assert_eq!(shown(&read("На списокот има 1.234 имиња и 15%.", "mk"), "number").unwrap(), "1234; 15 %");
    assert_eq!(shown(&read("約1,234人、15%", "ja"), "number").unwrap(), "1234; 15 %");
}

#[test]
fn digits_of_every_script_are_read() {
    let numbers = |text: &str, language: &str| shown(&describe(text, language, None), "number").unwrap();
    assert_eq!(numbers("زادت الأسعار ١٥٫٥٪ إلى ١٬٢٣٤.", "ar"), "15.5 %; 1234");
    assert_eq!(numbers("قیمت ۱۵٪ بالا رفت.", "fa"), "15 %");
    assert_eq!(numbers("बाढ़ से १,५०,००० लोग बेघर हुए, १५% अधिक।", "hi"), "150000; 15 %");
    assert_eq!(numbers("約１５％、１２３４人", "ja"), "15 %; 1234");
    let text = "زادت الأسعار ١٥٪.";
    let found = &describe(text, "ar", None).numbers[0];
    assert_eq!(&text[found.span.clone()], "١٥٪");
    assert_eq!(shown(&describe("نشر ٢٠٢٤-٠٣-٠٥.", "ar", None), "time").unwrap(), "2024-03-05");
}

#[test]
fn one_number_is_the_same_in_all_languages() {
    let dead = [
        ("de", "Rund 9.000 Menschen starben."),
        ("en", "About 9,000 people died."),
        ("ru", "По подсчётам ООН, с начала войны погибли 9 тыс. человек."),
        ("uk", "Загинули дев'ять тисяч людей."),
        ("fr", "Quelque 9 000 personnes sont mortes."),
        ("it", "Sono morte circa novemila persone."),
        ("es", "Murieron unas nueve mil personas."),
        ("pt", "Morreram cerca de 9 mil pessoas."),
        ("cs", "Zahynulo asi devět tisíc lidí."),
        ("sr", "Погинуло је око 9.000 људи."),
        ("bg", "Загинаха около 9 хил. души."),
        ("ro", "Au murit circa 9.000 de oameni."),
        ("nl", "Ongeveer negenduizend mensen kwamen om."),
        ("sv", "Omkring 9 000 människor dog."),
        ("tr", "Yaklaşık 9 bin kişi öldü."),
        ("hu", "Mintegy kilencezer ember halt meg."),
    ];
    let read: Vec<Fields> = dead.iter().map(|(language, text)| describe(text, language, None)).collect();
    for (a, left) in read.iter().zip(dead) {
        for (b, right) in read.iter().zip(dead) {
            assert_eq!(compare(a, b).same_numbers, [(0, 0)], "{left:?} {right:?}");
        }
    }
}

#[test]
fn a_letter_alone_is_no_thousand() {
    let numbers = |text: &str, language: &str| shown(&describe(text, language, None), "number").unwrap();
    assert_eq!(numbers("Dafür gibt es keine Belege.", "de"), "none");
    assert_eq!(numbers("Sprawę prowadzi Jan K. z Warszawy.", "pl"), "none");
    assert_eq!(numbers("It has 20k users.", "en"), "20000");
}

#[test]
fn names_meet_across_scripts_and_cases() {
    let key = |text: &str, language: &str| {
        let fields = describe(text, language, None);
        fields.names.last().unwrap_or_else(|| panic!("no name in {text}")).key.clone()
    };
    let groups = [
        vec![
            ("mit Ali Schamchani", "de"),
            ("by Ali Shamkhani", "en"),
            ("z Alim Szamchanim", "pl"),
            ("τον Αλί Σαμχανί", "el"),
        ],
        vec![
            ("by Nikolai Patrushev", "en"),
            ("z Nikołajem Patruszewem", "pl"),
            ("с Патрушевым", "ru"),
            ("s Patruševom", "hr"),
        ],
        vec![("by Masoud Pezeshkian", "en"), ("τον Μασούντ Πεζεσκιάν", "el"), ("s Pezeškianom", "hr")],
        vec![
            ("war in Russia", "en"),
            ("wojna w Rosji", "pl"),
            ("rat u Rusiji", "hr"),
            ("στη Ρωσία", "el"),
            ("nach Russland", "de"),
        ],
        vec![("in Rome", "en"), ("nach Rom", "de"), ("u Rim", "hr"), ("в Рим", "ru")],
        vec![("by Viktor Halman", "en"), ("с Хальманом", "ru"), ("Viktora Halmana", "hr"), ("τον Χάλμαν", "el")],
        vec![
            ("by Maria", "en"),
            ("s Marijom", "hr"),
            ("са Маријом", "sr"),
            ("о Марии", "ru"),
            ("с Марией", "ru"),
            ("про Марію", "uk"),
            ("с Мария", "bg"),
            ("για την Μαρία", "el"),
        ],
        vec![("by Putin", "en"), ("s Putinom", "hr"), ("s Putinem", "cs"), ("z Putinem", "pl"), ("о Путине", "ru")],
        vec![("by Petrovic", "en"), ("s Petrovićem", "hr"), ("са Петровићем", "sr")],
        vec![("by Donald Trump", "en"), ("τον Ντόναλντ Τραμπ", "el")],
        vec![("by Emmanuel Macron", "en"), ("τον Μακρόν", "el")],
        vec![("by Volodymyr Zelensky", "en"), ("mit Wolodymyr Selenskyj", "de")],
        vec![("by Popov", "en"), ("s Popovom", "hr"), ("z Popowem", "pl"), ("с Поповым", "ru")],
    ];
    for group in &groups {
        let keys: Vec<String> = group.iter().map(|(text, language)| key(text, language)).collect();
        for other in &keys[1..] {
            assert!(name::same(&keys[0], other), "{keys:?}");
        }
    }
    assert!(!name::same(&key("by Sergei Lavrov", "en"), &key("by Vladimir Putin", "en")));
    assert!(!name::same(&key("in Iran", "en"), &key("in Iraq", "en")));
    // 'Sad' is 'now', 'SAD' the United States.
    assert!(describe("Sad je kasno.", "hr", None).names.is_empty());
    assert_eq!(key("iz SAD", "hr"), "united states");
}

#[test]
fn a_continent_is_no_country_and_an_institution_no_actor() {
    let names = |text: &'static str, language: &str| -> Vec<(&str, String)> {
        let fields = describe(text, language, None);
        fields.names.into_iter().map(|name| (&text[name.span], name.key)).collect()
    };
    let places = [
        ("en", "U.S. engineers built the dam.", "U.S", "united states"),
        ("en", "They farm in South America.", "South America", "south america"),
        ("el", "στη Λατινική Αμερική", "Λατινική Αμερική", "south america"),
        ("nl", "Ze wonen in Zuid-Amerika.", "Zuid-Amerika", "south america"),
        ("hu", "A cég Dél-Amerikában épít.", "Dél-Amerikában", "south america"),
        ("hu", "A cég Amerikában épít.", "Amerikában", "united states"),
    ];
    for (language, text, written, place) in places {
        assert_eq!(names(text, language), [(written, place.to_owned())], "{text}");
    }
    let institutions = [
        ("it", "Il testo è stato approvato dalla Camera."),
        ("es", "La ley fue aprobada por el Gobierno."),
        ("fr", "Le texte a été voté par le Sénat."),
    ];
    for (language, text) in institutions {
        assert!(names(text, language).is_empty(), "{text}");
    }
}

#[test]
fn times_that_are_easily_mistaken_are_read() {
    let friday = Some(date(2025, 3, 14));
    let cases = [
        ("en", "The strike at the port will begin on Monday.", "2025-03-17"),
        ("en", "The union said on Monday it will strike.", "2025-03-10"),
        ("el", "Η απεργία θα αρχίσει τη Δευτέρα.", "2025-03-17"),
        ("en", "They met last Friday.", "2025-03-07"),
        ("de", "Am vergangenen Freitag wurde sie eröffnet.", "2025-03-07"),
        ("hr", "Otvoren je prošlog petka.", "2025-03-07"),
        ("pl", "Otwarto ją w ubiegły piątek.", "2025-03-07"),
        ("en", "They met on Friday, March 7.", "2025-03-07"),
        ("pl", "Spotkali się w piątek, 07.03.2025.", "2025-03-07"),
        ("pl", "Wybory odbędą się w maju.", "2025-05"),
        ("uk", "Вибори відбудуться в травні.", "2025-05"),
        ("ru", "Выборы пройдут в мае.", "2025-05"),
        ("de", "Im Mai soll der Iran Drohnen geliefert haben.", "2024-05"),
        ("en", "The road was closed in May due to flooding.", "2024-05"),
        ("de", "Die Gespräche fanden am 3. und 4. Mai 2024 statt.", "2024-05-03..2024-05-04"),
        ("en", "Cases rose from 12 in May to 15 in June.", "2024-05; 2024-06"),
        ("en", "It was built in the 1990s.", "1990-01-01..1999-12-31"),
        ("de", "Gebaut wurde es in den 1990er-Jahren.", "1990-01-01..1999-12-31"),
        ("ru", "Завод построили в 1990-х.", "1990-01-01..1999-12-31"),
        ("el", "Χτίστηκε τη δεκαετία του 1990.", "1990-01-01..1999-12-31"),
        ("en", "Between 2019 and 2023 it sold 400.", "2019-01-01..2023-12-31"),
        ("en", "The plant closed years ago.", "none"),
        ("de", "Das Werk schloss vor Jahren.", "none"),
        ("en", "It opened three days earlier than planned.", "none"),
        ("pl", "Granicę zamknięto po tym, jak wybuchła wojna.", "after war"),
        ("pl", "Jak ustaliła prokuratura, most został zamknięty.", "none"),
        ("pl", "Przed ambasadą Rosji odbył się protest.", "none"),
        ("de", "Vor der russischen Botschaft fand ein Protest statt.", "none"),
        ("de", "Vor dem Werk protestierten Hunderte.", "none"),
        ("ru", "Перед посольством прошёл митинг.", "none"),
        ("de", "Vor dem Beginn der russischen Invasion blieb es ruhig.", "before war"),
        ("de", "Nach Angaben der Kriegsparteien starben drei Menschen.", "none"),
        ("ro", "În ultimele luni prețurile au scăzut.", "none"),
        ("ro", "Lucrările au durat mai multe luni.", "none"),
        ("ro", "A primit 24 de luni de închisoare.", "none"),
        ("ro", "Guvernul a anunțat luni măsura.", "2025-03-10"),
        ("es", "El avión aterrizó en Santo Domingo.", "none"),
        ("fr", "Il est arrivé avant-hier.", "2025-03-12"),
        ("pt", "Ele chega depois de amanhã.", "2025-03-16"),
        ("hu", "A híd július 1-jéig zárva lesz.", "until 2025-07-01"),
        ("en", "The election will be held in November.", "2025-11"),
        ("en", "The ban will apply from April 1.", "since 2025-04-01"),
        ("en", "The ban has been in force since April 1.", "since 2024-04-01"),
        ("es", "La feria empieza el próximo 12 de mayo.", "2025-05-12"),
        ("es", "La feria empieza el próximo martes 13 de mayo.", "2025-05-13"),
        ("fr", "Le procès s'ouvre le 12 mai prochain.", "2025-05-12"),
        ("de", "Das Festival findet im kommenden Sommer statt.", "2025-06-01..2025-08-31"),
        ("en", "It opens this summer.", "2025-06-01..2025-08-31"),
        ("es", "Se firmó en enero del año pasado.", "2024-01"),
        ("fr", "Il est mort en janvier de l'année dernière.", "2024-01"),
        ("uk", "Прокуратура скерувала справу до суду.", "none"),
        ("uk", "Коротке замикання призвело до пожежі.", "none"),
        ("uk", "Міст закрили до аварії.", "before disaster"),
        ("pt", "Ele mora no Rio de Janeiro.", "none"),
        ("pt", "Ele vive na segunda maior cidade.", "none"),
        ("pt", "Chegou na quarta-feira, 12 de março.", "2025-03-12"),
        ("pt", "Chegou na segunda-feira passada.", "2025-03-10"),
        ("pt", "Chegou nesta quarta-feira (12).", "2025-03-12"),
        ("ru", "С начала года цены выросли.", "since 2025"),
        ("ru", "Завод откроют до конца года.", "until 2025-12"),
        ("ru", "Завод закрыт до конца войны.", "until war"),
        ("fr", "Il rentre avant la fin de l'année.", "before 2025-12"),
        ("fr", "Il est rentré avant l'été 2024.", "before 2024-06-01..2024-08-31"),
        ("en", "It must be ready by the end of the year.", "until 2025-12"),
        ("pl", "Do końca roku szkolnego zostały trzy dni.", "none"),
        ("en", "The launch is set for 2030 GMT.", "none"),
        ("de", "Sie trafen sich am Sonntagnachmittag.", "2025-03-09"),
        ("hu", "Hétfőtől sztrájkolnak.", "2025-03-10"),
        ("el", "Το έργο τελειώνει μέσα στο 2026.", "2026"),
        ("el", "Είναι κλειστό εδώ και δύο χρόνια.", "none"),
        ("de", "Spätestens 2030 ist Schluss.", "until 2030"),
        ("sv", "Avtalet gäller till och med den 31 mars.", "until 2025-03-31"),
        ("ja", "式典は3月12日に行われた。", "2025-03-12"),
        ("zh", "会议于2024年3月举行。", "2024-03"),
    ];
    for (language, text, wanted) in cases {
        assert_eq!(shown(&describe(text, language, friday), "time").unwrap(), wanted, "{text}");
    }
}

#[test]
fn amounts_that_are_easily_mistaken_are_read() {
    let cases = [
        ("de", "Die Inflation stieg von 2,1 auf 2,3 Prozent.", "2.1..2.3 %"),
        ("nl", "De inflatie steeg van 2,1 naar 2,3 procent.", "2.1..2.3 %"),
        ("en", "The rate fell from 2.5 to 2.25 percent.", "2.25..2.5 %"),
        ("sv", "Räntan sänktes från 2,5 till 2,25 procent.", "2.25..2.5 %"),
        ("de", "Er bekam vier Jahre und sechs Monate Haft.", "142009200 s"),
        ("ru", "Полёт занял 2 часа 30 минут.", "9000 s"),
        ("fr", "L'audience a duré 2 heures 30.", "9000 s"),
        ("es", "Fue condenado a un año y medio.", "47336400 s"),
        ("el", "Καταδικάστηκε σε 15 χρόνια φυλάκιση.", "473364000 s"),
        ("en", "She died aged 84.", "84 years old"),
        ("en", "A woman aged 34 and her children were found.", "34 years old"),
        ("de", "Sie starb im Alter von 84 Jahren.", "84 years old"),
        ("sv", "En 20-åring greps.", "20 years old"),
        ("it", "Mario Rossi, 54 anni, guida la ditta.", "54 years old"),
        ("es", "María López, de 37 años, fue detenida.", "37 years old"),
        ("es", "La condena, de 20 años, es firme.", "631152000 s"),
        ("ro", "Un bărbat de 37 de ani a fost reținut.", "37 years old"),
        ("ru", "Банк повысил ключевую ставку до 21%.", "21 %"),
        ("uk", "Банк підвищив ставку до 21%.", "21 %"),
        ("es", "La tasa subió hasta 12 %.", "12 %"),
        ("en", "Two missiles killed 14 people.", "2; 14 persons"),
        ("en", "A third candidate won 12 percent.", "12 %"),
        ("en", "A third of them agree.", "33.333 %"),
        ("es", "El salario mínimo de 1.184 euros no basta.", "1184 EUR"),
        ("tr", "Saldırıda 30'dan fazla kişi öldü.", "30..37.5 persons"),
        ("tr", "1,5 milyar TL'lik yatırım.", "1500000000 TRY"),
        ("zh", "全国有3亿人。", "300000000"),
        ("ja", "人口は1億2000万人。", "120000000"),
        ("ko", "주민 1만2000명.", "12000"),
        ("hi", "बाढ़ से 2 लाख लोग बेघर हुए।", "200000"),
        ("ar", "نزح 12 ألف شخص.", "12000"),
        ("fi", "Kadulle tuli 12 tuhatta ihmistä.", "12000"),
        ("ru", "Скорость ветра 30 м/с.", "108 km/h"),
        ("es", "Costó 2 mil 500 millones de dólares.", "2500000000 USD"),
        ("de", "Sie ermittelt gegen fünf Polizisten.", "5 persons"),
        ("sv", "Vägen stängs under sex timmar.", "21600 s"),
        ("hu", "A papír 385 forinton zárt.", "385 HUF"),
        ("en", "They took over 30 branches.", "30"),
    ];
    for (language, text, wanted) in cases {
        assert_eq!(shown(&describe(text, language, None), "number").unwrap(), wanted, "{text}");
    }
}

#[test]
fn what_is_no_amount_is_not_read_as_one() {
    let numbers = |text: &str, language: &str| shown(&describe(text, language, None), "number").unwrap();
    assert_eq!(numbers("Prosvjed je počeo u 18 sati.", "hr"), "none");
    assert_eq!(numbers("Sales fell in the second half of the year.", "en"), "none");
    assert_eq!(numbers("In der zweiten Hälfte des Jahres sank der Absatz.", "de"), "none");
    assert_eq!(numbers("Um halb acht brach ein Feuer aus.", "de"), "none");
    assert_eq!(numbers("The fire broke out at half past seven.", "en"), "none");
    assert_eq!(numbers("The launch is set for 2030 GMT.", "en"), "none");
    assert_eq!(numbers("Het begint omstreeks 14.30 uur.", "nl"), "none");
    assert_eq!(numbers("Det började vid 14-tiden och slutade kl. 18.30.", "sv"), "none");
    assert_eq!(numbers("Ξεκίνησε στις 9 το βράδυ.", "el"), "none");
    assert_eq!(numbers("A gyűlés 8-kor kezdődött.", "hu"), "none");
    assert_eq!(numbers("Si vota alle 20.", "it"), "none");
    assert_eq!(numbers("Матч начнётся в 18.30.", "ru"), "none");
    assert_eq!(numbers("A festa começa por volta das 21 horas.", "pt"), "none");
    assert_eq!(numbers("De trein vertrekt om kwart over acht.", "nl"), "none");
    assert_eq!(numbers("Im Viertel stimmten viele dafür.", "de"), "none");
    assert_eq!(numbers("His half-brother won.", "en"), "none");
    assert_eq!(numbers("Fue detenido un segundo sospechoso.", "es"), "none");
    assert_eq!(numbers("Egyre több ember dolgozik.", "hu"), "none");
    assert_eq!(numbers("It was 10 degrees below zero.", "en"), "-10 °C");
    assert_eq!(numbers("Es waren etwa 10 Grad unter Null.", "de"), "-11..-9 °C");
    assert_eq!(numbers("Cases rose from 12 in May to 15 in June.", "en"), "12; 15");
    assert_eq!(numbers("Costó mil quinientos millones de dólares.", "es"), "1500000000 USD");
    assert_eq!(numbers("It cost two thousand million pounds.", "en"), "2000000000 GBP");
    assert_eq!(numbers("Kyiv got 200 T-72 tanks, 24 F-16s and 672 K-9 howitzers.", "en"), "200; 24; 672");
    assert_eq!(numbers("Prices rose 15%-20%.", "en"), "15 %; 20 %");
    assert!(describe(&"million ".repeat(40), "en", None).numbers.len() > 1);
}

#[test]
fn what_two_claims_share_is_no_conflict_and_what_parts_them_is_one() {
    let published = Some(date(2025, 3, 14));
    let set = |left: (&str, &str), right: (&str, &str)| {
        compare(&describe(left.0, left.1, published), &describe(right.0, right.1, published))
    };
    let agreeing = [
        (("The strike will begin on Monday.", "en"), ("Štrajk počinje u ponedjeljak, 17. ožujka.", "hr")),
        (("Der Streik beginnt am Montag.", "de"), ("The strike begins on March 17.", "en")),
        (
            ("Iran did not deliver drones before the invasion.", "en"),
            ("Iran delivered drones only after the invasion.", "en"),
        ),
        (("Jak ustaliła prokuratura, most został zamknięty.", "pl"), ("Most je zatvoren prije nesreće.", "hr")),
        (("Prosvjed je počeo u 18 sati.", "hr"), ("The protest lasted three hours.", "en")),
        (("The talks began on 3 May 2024.", "en"), ("Die Gespräche fanden am 3. und 4. Mai 2024 statt.", "de")),
        (("It was 10 degrees below zero.", "en"), ("It was minus 10 degrees.", "en")),
        (("51,3 Prozent stimmten zu.", "de"), ("51 percent agreed.", "en")),
        (("Tausende Menschen kamen.", "de"), ("15,000 people came.", "en")),
        (("The plant reopens on July 1.", "en"), ("Das Werk wird am 1. Juli 2025 wieder geöffnet.", "de")),
    ];
    for (left, right) in agreeing {
        let found = set(left, right);
        let times = [&found.other_times, &found.opposed_times, &found.unlike_orders].map(Vec::len);
        assert_eq!((found.other_numbers.len(), times), (0, [0; 3]), "{left:?} {right:?}");
    }
    let apart = [
        ("More than half of the voters agree.", "Fewer than half of the voters agree."),
        ("The bank cut rates by 50 basis points.", "The bank cut rates by 100 basis points."),
        ("Prices rose by 2 percent.", "Prices rose by 2.5 percent."),
    ];
    for (left, right) in apart {
        assert_eq!(set((left, "en"), (right, "en")).other_numbers.len(), 1, "{left} {right}");
    }
    let monday = set(("Польша закроет границу в понедельник.", "ru"), ("Poland closes the border on March 17.", "en"));
    assert_eq!(monday.same_times, [(0, 0)]);
    let days = set(("The plant reopens on July 1.", "en"), ("The plant reopens on June 1.", "en"));
    assert_eq!(days.other_times.len(), 1);
}

#[test]
fn the_reason_names_what_two_claims_differ_in() {
    let published = Some(date(2024, 10, 9));
    let why = |left: (&str, &str), right: (&str, &str)| {
        let (a, b) = (describe(left.0, left.1, published), describe(right.0, right.1, published));
        reason(&a, &b, &compare(&a, &b), left.0, right.0)
    };
    let number = why(("Dabei starben 15 Menschen.", "de"), ("Zginęło 40 osób.", "pl"));
    assert_eq!(number.as_deref(), Some("number: 15 persons / 40 persons"));
    let nearest = ("Gefordert werden zwölf Prozent mehr Lohn, Maristal bietet 4,5 Prozent.", "de");
    let number = why(nearest, ("Maristal had raised its pay offer to 6%.", "en"));
    assert_eq!(number.as_deref(), Some("number: 4.5 % / 6 %"));
    let number = why(("Rund 380.000 Packungen wurden verkauft.", "de"), ("Around 1.2m packs were sold.", "en"));
    assert_eq!(number.as_deref(), Some("number: about 380000 / about 1200000"));
    let order = why(("They came before the invasion.", "en"), ("Stigle su tek nakon invazije.", "hr"));
    assert_eq!(order.as_deref(), Some("order: before war / after war"));
    let date = why(("It opened in June.", "en"), ("Das Werk öffnete im Juli.", "de"));
    assert_eq!(date.as_deref(), Some("date: 2024-06 / 2024-07"));
    let date = why(("It opens on February 1.", "en"), ("It opened on 5 May 2024.", "en"));
    assert_eq!(date.as_deref(), Some("date: 2024-02-01 or 2025-02-01 / 2024-05-05"));
    let undated = |left: &str, right: &str| {
        let (a, b) = (describe(left, "en", None), describe(right, "en", None));
        reason(&a, &b, &compare(&a, &b), left, right)
    };
    assert_eq!(undated("It closed on Sunday.", "It closed on Monday.").as_deref(), Some("date: Sunday / Monday"));
    assert_eq!(undated("It closed on 5 May.", "It closed in September.").as_deref(), Some("date: 5 May / September"));
    assert_eq!(why(("Moscow denies it.", "en"), ("Ukraine confirms it.", "en")).as_deref(), Some("denial"));
    assert_eq!(why(("It rains.", "en"), ("Pada deszcz.", "pl")), None);
}

#[test]
fn everyday_words_are_no_places() {
    let names = |text: &str, language: &str| -> Vec<String> {
        describe(text, language, None).names.into_iter().map(|name| name.key).collect()
    };
    let none = [
        ("el", "Η αγορά συρρικνώθηκε.", "syria"),
        ("el", "στην Ινδονησία", "india"),
        ("hr", "Bio je to atentat.", "greece"),
        ("hr", "Film je u kinu.", "china"),
        ("tr", "Bunu Abdullah söyledi.", "united states"),
        ("tr", "Karar Romanya için önemli.", "italy"),
        ("cs", "Ministr to řekl.", "greece"),
        ("it", "È nato a Bari.", "nato"),
        ("it", "con Papa Francesco", "france"),
        ("sl", "Minister je nato odšel.", "nato"),
        ("ro", "Raportul indică o scădere.", "india"),
        ("hu", "A cég munkát kínál.", "china"),
        ("hu", "A miniszter ezt magyarázza.", "hungary"),
        ("pt", "por Gregório", "greece"),
        ("sv", "Utsläppen minskar.", "belarus"),
        ("fr", "Il faut qu'elle vienne.", "austria"),
        ("ru", "Врач нашёл вену.", "austria"),
        ("hr", "Prešli su prag.", "czechia"),
        ("it", "in Romania", "italy"),
        ("hr", "u Republici Srpskoj", "serbia"),
        ("cs", "Stojí 500 Kč.", "kc"),
    ];
    for (language, text, place) in none {
        assert!(!names(text, language).iter().any(|key| key == place), "{text}");
    }
    let places = [
        ("el", "στην Ινδία", "india"),
        ("hr", "u Ateni", "greece"),
        ("hr", "u Kini", "china"),
        ("tr", "Bu ABD'nin kararı.", "united states"),
        ("cs", "v Řecku", "greece"),
        ("it", "nella Nato", "nato"),
        ("ro", "în India", "india"),
        ("hu", "A cég Kínában épít.", "china"),
        ("sv", "i Minsk", "belarus"),
        ("fr", "à Vienne", "austria"),
        ("ru", "в Вене", "austria"),
        ("de", "in Tschechien", "czechia"),
        ("sk", "na Slovensku", "slovak republic"),
        ("sl", "na Slovaškem", "slovak republic"),
        ("sl", "v Sloveniji", "slovenia"),
        ("bg", "в България", "bulgaria"),
        ("it", "in Romania", "romania"),
        ("hr", "u Republici Srpskoj", "republika srpska"),
    ];
    for (language, text, place) in places {
        assert!(names(text, language).iter().any(|key| key == place), "{text}");
    }
}

#[test]
fn a_denial_that_is_negated_denies_nothing() {
    let affirming = [
        ("en", "Moscow did not deny the report."),
        ("en", "Moscow has never officially denied the report."),
        ("el", "Ο δήμαρχος δεν αρνήθηκε ότι γνώριζε."),
        ("pl", "Burmistrz nie zaprzeczył, że wiedział."),
        ("hr", "Načelnik to nije zanijekao."),
        ("sr", "Министар то није порекао."),
        ("sl", "Minister tega ni zanikal."),
        ("ru", "Москва не отрицает, что знала об этом."),
        ("uk", "Київ не заперечує цього."),
        ("bg", "Кметът не отрече това."),
        ("de", "Der Bürgermeister bestritt nicht, dass er es wusste."),
        ("de", "Der Bürgermeister bestritt die Tat nicht."),
        ("de", "Das Ministerium wies den Vorwurf nicht zurück."),
        ("fr", "Le maire n'a pas nié les faits."),
        ("fr", "Le maire ne nie pas les faits."),
        ("it", "Il sindaco non ha negato i fatti."),
        ("es", "El alcalde no negó los hechos."),
        ("pt", "O autarca não negou os factos."),
        ("ro", "Primarul nu a negat acuzațiile."),
        ("nl", "De burgemeester ontkent niet dat hij het wist."),
        ("sv", "Borgmästaren förnekar inte att han visste."),
        ("hu", "A polgármester nem tagadta a vádakat."),
        ("tr", "Bakan haberi yalanlamadı."),
        ("en", "The suspect was denied bail."),
        ("el", "Ο δήμαρχος αρνήθηκε να παραιτηθεί."),
        ("es", "El alcalde se negó a dimitir."),
        ("de", "Ein abgelehnter Asylbewerber wurde gefasst."),
        ("de", "Die Firma lehnte eine Stellungnahme ab."),
        ("de", "Er schloss einen Rücktritt nicht aus."),
        ("en", "He has not ruled out resigning."),
        ("nl", "Hij sloot een vertrek niet uit."),
        ("sv", "Hon uteslöt inte att hon avgår."),
        ("pl", "Premier nie wykluczył dymisji."),
    ];
    for (language, text) in affirming {
        let fields = describe(text, language, None);
        assert_eq!((fields.negated, fields.denial), (None, None), "{text}");
        assert!(fields.speaker.is_none_or(|speaker| speaker.stance != Stance::Denies), "{text}");
    }
    let denying = [
        ("en", "Moscow denied that it did not pay."),
        ("de", "Der Minister bestritt, dass er nicht gezahlt habe."),
        ("de", "Der Minister bestritt ohne Zögern die Tat."),
        ("de", "Der Minister bestritt nicht nur die Tat."),
        ("pl", "Nikt tego nie potwierdził."),
        ("cs", "Nikdo to nepotvrdil."),
    ];
    for (language, text) in denying {
        assert!(describe(text, language, None).denial.is_some(), "{text}");
    }
    let read = |text: &str| describe(text, "en", None);
    let comparison = compare(&read("Moscow did not deny the report."), &read("Moscow denied the report."));
    assert_eq!((comparison.polarity, comparison.denials), (true, 1));
}

#[test]
fn turkish_verbs_hold_their_negation() {
    let negates = |text: &str| describe(text, "tr", None).negated.is_some();
    for text in ["Bakan toplantıya katılmadı.", "Hükümet öneriyi kabul etmeyecek.", "Bakan gitmediğini söyledi."]
    {
        assert!(negates(text), "{text}");
    }
    for text in ["Bakan toplantıya katıldı.", "Hükümet öneriyi kabul edecek.", "Bakan barış umuyor."] {
        assert!(!negates(text), "{text}");
    }
}

#[test]
fn words_in_quotation_marks_and_those_who_are_warned_are_no_speakers() {
    let speaker =
        |text: &'static str, language: &str| describe(text, language, None).speaker.map(|found| &text[found.span]);
    let speakers = [
        ("hr", "„Nitko nas nije upozorio”, izjavio je načelnik općine Stjepan Horvat.", "Horvat"),
        ("pl", "„Nikt nas nie ostrzegł”, powiedział burmistrz Jan Kowalski.", "Kowalski"),
        ("pl", "– Nikt nas nie ostrzegł – powiedział burmistrz Jan Kowalski.", "Kowalski"),
        ("en", "\"Ivan Kralj warned us,\" said mayor Stjepan Horvat.", "Horvat"),
        ("en", "Ivan Kralj warned us,\" said mayor Stjepan Horvat.", "Horvat"),
        ("ru", "Компания «Газпром» сообщила, что авария устранена.", "Газпром"),
        ("hr", "Kontrolori su upozorili ministarstvo da će most pasti.", "Kontrolori"),
        ("de", "Vor Rissen warnte das Ministerium.", "Ministerium"),
        ("pl", "O wypadku poinformowała policja.", "policja"),
        ("uk", "Американці говорять про сотні апаратів, які Іран уже передав.", "Американці"),
        ("de", "Das Arbeitsgericht lehnte es ab.", "Arbeitsgericht"),
        ("sv", "Det säger polisens talesperson Anna Lindqvist.", "Lindqvist"),
    ];
    for (language, text, name) in speakers {
        assert!(speaker(text, language).is_some_and(|found| found.ends_with(name)), "{text}");
    }
    let none = [
        ("hr", "Kontrolori su upozorili ministarstvo."),
        ("de", "Prüfer warnten das Ministerium."),
        ("en", "The truck driver called the emergency number."),
        ("en", "Police arrested 15 suspects."),
        ("en", "All told, 3,200 people marched."),
        ("ru", "Полиция задержала подозреваемую в поджоге."),
        ("uk", "Поліція затримала обвинуваченого."),
        ("de", "Nach dem Unfall drohen Engpässe."),
        ("pl", "Tegoroczny wzrost szacuje się na 3 proc."),
        ("hr", "Rast se očekuje u Hrvatskoj."),
    ];
    for (language, text) in none {
        assert_eq!(speaker(text, language), None, "{text}");
    }
    // The words of 'z … wynika' with nothing in between.
    let odd = describe("Jak z wynika z danych, zginęło 40 osób.", "pl", None);
    assert_eq!(shown(&odd, "number").unwrap(), "40 persons");
}

#[test]
fn verbs_that_hold_their_negation_are_negations() {
    let negated = |language: &str, text: &str| describe(text, language, None).negated.is_some();
    let negations = [
        ("cs", "Premiér nakonec neodstoupil."),
        ("cs", "Zpráva k nim nepřišla."),
        ("cs", "Vláda daně nezvýší."),
        ("sk", "Premiér napokon neodstúpil."),
        ("sk", "Vláda dane nezvýši."),
    ];
    for (language, text) in negations {
        assert!(negated(language, text), "{text}");
    }
    let none = [
        ("cs", "Vláda nechala most zavřít."),
        ("cs", "Ministr to nepopřel."),
        ("sk", "Minister to nepoprel."),
        ("pl", "Były premier nie żyje."),
    ];
    for (language, text) in none {
        assert!(!negated(language, text), "{text}");
    }
    for text in ["Vichřice vyvrátila stromy.", "Obviněný odmítl vypovídat."] {
        assert_eq!(describe(text, "cs", None).denial, None, "{text}");
    }
}

#[test]
fn amounts_of_slavic_languages_are_read() {
    let cases = [
        ("sr", "Погинуле су две особе.", "2 persons"),
        ("sr", "Пројекат кошта два и по милиона евра.", "2500000 EUR"),
        ("pl", "W nocy było 12 stopni mrozu.", "-12 °C"),
        ("pl", "Stopy spadły o 50 pkt bazowych.", "0.5 points"),
        ("pl", "Zmarł w wieku 84 lat.", "84 years old"),
        ("hr", "Preminuo je u dobi od 84 godine.", "84 years old"),
        ("cs", "Stálo to 500 amerických dolarů.", "500 USD"),
        ("bg", "Струва 500 щатски долара.", "500 USD"),
        ("cs", "Oheň vypukl po 18. hodině.", "none"),
        ("cs", "Po 18. hodině 40 lidí odešlo.", "40 persons"),
        ("sl", "Požar je izbruhnil okoli 18. ure.", "none"),
        ("sk", "Začína sa o 8.00 h.", "none"),
        ("pl", "Wypadek zdarzył się około godziny 18.", "none"),
        ("pl", "Pożar wybuchł o 18.30.", "none"),
        ("hr", "Zauzeo je šesto mjesto.", "none"),
        ("hr", "Uhićen je bračni par iz Splita.", "none"),
    ];
    for (language, text, wanted) in cases {
        assert_eq!(shown(&describe(text, language, None), "number").unwrap(), wanted, "{text}");
    }
}

#[test]
fn times_of_slavic_languages_are_read() {
    let cases = [
        ("hr", "Prije svega treba graditi.", "none"),
        ("bg", "Преди всичко трябва да се строи.", "none"),
        ("sr", "Срели су се пре недељу дана.", "2024-09-30..2024-10-06"),
        ("pl", "Środa Wielkopolska ma nową szkołę.", "none"),
        ("pl", "Cena biletu wzrośnie w maju.", "2025-05"),
        ("cs", "Senát by o tom v pondělí jednal.", "2024-10-07"),
    ];
    for (language, text, wanted) in cases {
        let fields = describe(text, language, Some(date(2024, 10, 9)));
        assert_eq!(shown(&fields, "time").unwrap(), wanted, "{text}");
    }
}

#[test]
fn what_nobody_says_has_no_speaker() {
    let texts = [
        ("hr", "Očekuje se rast BDP-a."),
        ("hr", "Šteta se procjenjuje na milijun eura."),
        ("bg", "Очаква се ръст на икономиката."),
        ("cs", "Očekává se růst HDP."),
        ("pl", "Policjantowi grozi do 8 lat więzienia."),
        ("pl", "Minister podał się do dymisji."),
    ];
    for (language, text) in texts {
        assert_eq!(describe(text, language, None).speaker, None, "{text}");
    }
}

#[test]
fn the_full_stop_of_a_title_or_an_initial_does_not_cut_a_speaker() {
    let speakers = [
        ("en", "According to Mr. Smith, the plant is closed.", "Mr. Smith"),
        ("en", "The plan failed, Gen. Mark Milley said.", "Gen. Mark Milley"),
        ("en", "According to the U.S. State Department, nobody was hurt.", "the U.S. State Department"),
        ("de", "Laut Dr. Meier sank der Umsatz.", "Dr. Meier"),
        ("fr", "Selon M. Korvac, l'usine est fermée.", "M. Korvac"),
        ("pl", "Zdaniem prof. Kowalskiego nie ma zagrożenia.", "prof. Kowalskiego"),
        ("hr", "Prema riječima prof. dr. sc. Horvata, most je zatvoren.", "prof. dr. sc. Horvata"),
        ("el", "Σύμφωνα με τον κ. Παπαδόπουλο, το εργοστάσιο έκλεισε.", "κ. Παπαδόπουλο"),
        ("ru", "По словам В. Путина, завод закрыт.", "В. Путина"),
    ];
    for (language, text, name) in speakers {
        let speaker = describe(text, language, None).speaker.map(|found| &text[found.span]);
        assert_eq!(speaker, Some(name), "{text}");
    }
    let key = |text: &str| describe(text, "en", None).speaker.map(|found| found.key);
    assert_ne!(key("According to Mr. Smith, it is shut."), key("According to Mr. Jones, it is shut."));
}
