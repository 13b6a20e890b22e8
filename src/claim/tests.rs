//! The fixtures of each language, and the promises that hold for any text.

use jiff::civil::date;

use super::*;

mod amounts;
mod denials;
mod people;
mod times;

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
    let scaled = read("Selskabet tjente 1,2 mia. kr. og har 3 millioner kunder, siger Mia Holm.", "da");
    assert_eq!(shown(&scaled, "number").unwrap(), "1200000000; 3000000");
    let lithuanian = read("2023 m. žuvo 53 žmonės, 35 m. vyras sužeistas.", "lt");
    assert_eq!(shown(&lithuanian, "number").unwrap(), "53; 35", "letters before a full stop are no metres");
    assert_eq!(shown(&lithuanian, "time").unwrap(), "2023");
    let finnish = read("Ottelu alkaa klo 18.30, paikalla on puoli miljoonaa katsojaa.", "fi");
    assert_eq!(shown(&finnish, "number").unwrap(), "500000");
    assert_eq!(shown(&read("На списокот има 1.234 имиња и 15%.", "mk"), "number").unwrap(), "1234; 15 %");
    assert_eq!(shown(&read("約1,234人、15%", "ja"), "number").unwrap(), "1234; 15 %");
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
        reason((&a, left.0), (&b, right.0), &compare(&a, &b), None)
    };
    let number = why(("Dabei starben 15 Menschen.", "de"), ("Zginęło 40 osób.", "pl"));
    assert_eq!(number, "number: 15 persons / 40 persons");
    let nearest = ("Gefordert werden zwölf Prozent mehr Lohn, Maristal bietet 4,5 Prozent.", "de");
    let number = why(nearest, ("Maristal had raised its pay offer to 6%.", "en"));
    assert_eq!(number, "number: 4.5 % / 6 %");
    let number = why(("Rund 380.000 Packungen wurden verkauft.", "de"), ("Around 1.2m packs were sold.", "en"));
    assert_eq!(number, "number: about 380000 / about 1200000");
    let order = why(("They came before the invasion.", "en"), ("Stigle su tek nakon invazije.", "hr"));
    assert_eq!(order, "order: before war / after war");
    let date = why(("It opened in June.", "en"), ("Das Werk öffnete im Juli.", "de"));
    assert_eq!(date, "date: 2024-06 / 2024-07");
    let date = why(("It opens on February 1.", "en"), ("It opened on 5 May 2024.", "en"));
    assert_eq!(date, "date: 2024-02-01 or 2025-02-01 / 2024-05-05");
    let week = why(("It closed on Sunday.", "en"), ("Zamknięto go w poniedziałek.", "pl"));
    assert_eq!(week, "date: Sunday (2024-10-06?) / Monday (2024-10-07?)");
    let undated = |left: &str, right: &str| {
        let (a, b) = (describe(left, "en", None), describe(right, "en", None));
        reason((&a, left), (&b, right), &compare(&a, &b), None)
    };
    assert_eq!(undated("It closed on Sunday.", "It closed on Monday."), "date: Sunday / Monday");
    assert_eq!(undated("It closed on 5 May.", "It closed in September."), "date: 5 May / September");
    assert_eq!(why(("Moscow denies it.", "en"), ("Ukraine confirms it.", "en")), "denial");
    assert_eq!(why(("It rains.", "en"), ("Pada deszcz.", "pl")), "");
}
