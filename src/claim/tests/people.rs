//! Names, places and speakers.

use super::*;

#[test]
fn mentions_are_alike_across_scripts_and_cases() {
    for (language, text, mentions) in [
        ("en", "Yesterday Radovan Zelnik visited Kyiv.", "rdvn slnk ukrn"),
        ("pl", "Wczoraj Radovana Zelnika widziano w Kijowie.", "rdvn slnk ukrn"),
        ("el", "Χθες ο Ραντοβάν Ζέλνικ έφτασε στο Κίεβο.", "rdvn slnk ukrn"),
        ("uk", "Учора Радован Зелник прибув до Києва.", "rdvn slnk ukrn"),
        // Nouns have capitals, too: what follows an office or another name is one.
        ("de", "Gestern war der Bürger Radovan Selnik in Kiew.", "rdvn slnk ukrn"),
    ] {
        assert_eq!(describe(text, language, None).mentions(), mentions, "{text}");
    }
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
        ("cs", "Řekl to ministr Vít Rakušan.", "austria"),
        ("cs", "Oldřich Turek byl zvolen.", "turkey"),
        ("cs", "Řekla to Jana Poláková.", "poland"),
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
        ("cs", "Závod vyhrál Rakušan Tomas Gruber.", "austria"),
        ("cs", "Pokutu dostal Turek.", "turkey"),
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

#[test]
fn a_source_ends_where_its_clause_goes_on_without_a_comma() {
    for (language, text, speaker) in [
        ("pl", "Według wojewody zapora runęła nad ranem.", "wojewody"),
        ("pl", "Według burmistrz Anny Wilk straty przekroczą milion złotych.", "burmistrz Anny Wilk"),
        (
            "pl",
            "Zdaniem ministra spraw zagranicznych Jana Kota rozmowy trwają.",
            "ministra spraw zagranicznych Jana Kota",
        ),
        ("pl", "Według rzecznika policji nadkom. Ewy Lis kierowca był trzeźwy.", "rzecznika policji nadkom. Ewy Lis"),
        ("pl", "Granaty wystrzeliła według władz Keldii obca artyleria.", "władz Keldii"),
        ("hr", "Prema riječima glasnogovornika ceste su zatvorene.", "glasnogovornika"),
        ("en", "The bridge was safe, according to the head of the city council.", "the head of the city council"),
    ] {
        let found = describe(text, language, None).speaker.map(|speaker| &text[speaker.span]);
        assert_eq!(found, Some(speaker), "{text}");
    }
}

#[test]
fn an_object_is_no_speaker() {
    for (language, text, speaker) in [
        ("de", "Die Kantonspolizei bestätigte einen Bericht der Zeitung.", Some("Die Kantonspolizei")),
        ("de", "Am Montag wies die Klinik die Vorwürfe zurück.", Some("die Klinik")),
        ("el", "Ο υπουργός που αρνείται τις κατηγορίες παραιτήθηκε.", Some("Ο υπουργός")),
        ("cs", "Horák obvinil Kalinu z podvodu.", Some("Horák")),
        ("pl", "Zych oskarżył Kota o kradzież.", Some("Zych")),
        ("sl", "Zupan je obtožil Kovača laganja.", Some("Zupan")),
        ("sr", "Lukić je optužio Petrova za prevaru.", Some("Lukić")),
        ("ru", "Титов отрицает участие Польши в сделке.", Some("Титов")),
        ("ru", "Обвинения отверг Титов.", Some("Титов")),
        ("cs", "Muže obvinila policie z krádeže.", Some("policie")),
        ("cs", "Návrh odmítl bývalý ministr Horák.", Some("bývalý ministr Horák")),
        ("cs", "Nikdo nebyl zraněn, řekla pro Rozhlas mluvčí hasičů Eva Malá.", Some("mluvčí hasičů Eva Malá")),
        ("sr", "Istraga traje, rekao je za Tanjug portparol Milan Lukić.", Some("portparol Milan Lukić")),
        ("sl", "To je za STA povedal tiskovni predstavnik Marko Zupan.", Some("tiskovni predstavnik Marko Zupan")),
    ] {
        let found = describe(text, language, None).speaker.map(|speaker| &text[speaker.span]);
        assert_eq!(found, speaker, "{text}");
    }
}

#[test]
fn german_speakers_are_nouns_that_act() {
    for (text, speaker) in [
        ("Vier Frauen werden beschuldigt, Akten vernichtet zu haben.", None),
        ("Der Einspruch wurde am Montag zurückgewiesen.", None),
        ("Der Einspruch wurde am Montag vom Gericht zurückgewiesen.", Some("Gericht")),
        ("Wie Reuters meldet, wurde das Spiel abgesagt.", Some("Reuters")),
        ("Die Ministerin wird den Plan am Montag erklären.", Some("Die Ministerin")),
        ("Nach Angaben der Feuerwehr einen Schaden von 300 Euro.", Some("Feuerwehr")),
        ("Im Zug waren der Polizei zufolge 40 Kinder.", Some("Polizei")),
        ("Ersten Angaben zufolge blieb der Fahrer unverletzt.", None),
        ("Zweifel waren schon vorher laut geworden.", None),
        ("Sie löste das Versprechen nie ein.", None),
    ] {
        let found = describe(text, "de", None).speaker.map(|speaker| &text[speaker.span]);
        assert_eq!(found, speaker, "{text}");
    }
}
