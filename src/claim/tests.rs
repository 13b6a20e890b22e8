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
fn the_reason_names_what_two_claims_differ_in() {
    let published = Some(date(2024, 10, 9));
    let why = |left: (&str, &str), right: (&str, &str)| {
        let (a, b) = (describe(left.0, left.1, published), describe(right.0, right.1, published));
        reason(&a, &b, &compare(&a, &b), left.0, right.0)
    };
    let number = why(("Dabei starben 15 Menschen.", "de"), ("Zginęło 40 osób.", "pl"));
    assert_eq!(number.as_deref(), Some("number: 15 persons / 40 persons"));
    let order = why(("They came before the invasion.", "en"), ("Stigle su tek nakon invazije.", "hr"));
    assert_eq!(order.as_deref(), Some("order: before war / after war"));
    let date = why(("It opened in May.", "en"), ("Das Werk öffnete im Juni.", "de"));
    assert_eq!(date.as_deref(), Some("date: 2024-05 / 2024-06"));
    assert_eq!(why(("Moscow denies it.", "en"), ("Ukraine confirms it.", "en")).as_deref(), Some("denial"));
    assert_eq!(why(("It rains.", "en"), ("Pada deszcz.", "pl")), None);
}
