//! Where sentences end.

use super::*;

#[test]
fn probes_of_news_phenomena_are_split_as_people_split_them() {
    let files = [
        include_str!("../../../tests/splitting/de.jsonl"),
        include_str!("../../../tests/splitting/el.jsonl"),
        include_str!("../../../tests/splitting/en.jsonl"),
        include_str!("../../../tests/splitting/hr.jsonl"),
        include_str!("../../../tests/splitting/pl.jsonl"),
    ];
    let mut wrong = Vec::new();
    for line in files.iter().flat_map(|file| file.lines()) {
        let probe: serde_json::Value = serde_json::from_str(line).expect("a probe is JSON");
        let text = probe["text"].as_str().expect("a probe has a text");
        let slice = |pair: &serde_json::Value| -> String {
            let place = |index: usize| pair[index].as_u64().expect("a span has two ends") as usize;
            text.chars().skip(place(0)).take(place(1) - place(0)).collect()
        };
        let gold: Vec<String> =
            probe["sentences"].as_array().expect("a probe has sentences").iter().map(slice).collect();
        if texts(text, probe["lang"].as_str().unwrap_or("")) != gold {
            wrong.push(text.to_string());
        }
    }
    assert!(wrong.len() <= MISSED, "{wrong:#?}");
}

#[test]
fn a_full_stop_before_a_small_letter_does_not_end_a_sentence() {
    let text = "Gradonačelnik je otvorio novu bolnicu. čija je gradnja trajala deset godina. Pacijenti stižu u petak.";
    assert_eq!(texts(text, "hr").len(), 2);
    assert_eq!(texts("He sold his shares. eBay did not comment.", "en").len(), 2);
}

#[test]
fn an_ordinal_behind_an_article_ends_no_sentence() {
    for whole in [
        "Die Brauerei feierte am Samstag ihren 150. Geburtstag mit einem Umzug.",
        "Am Abend des 13. Januars fiel im ganzen Tal der Strom aus.",
        "Zur 25. „Langen Nacht“ kamen so viele Besucher wie nie zuvor.",
    ] {
        assert_eq!(texts(whole, "de"), [whole]);
    }
    assert_eq!(texts("Der Verein beendete die Saison auf Platz 14. Trainer Mohr muss gehen.", "de").len(), 2);
    assert_eq!(texts("Die Wahl ist am 24. Danach berät der Rat.", "de").len(), 2);
}

#[test]
fn a_word_before_an_hour_ends_no_sentence() {
    let text = "Liepājā sestdien plkst. 4.20 dega noliktava. Nodaļas vadītājs ieradās vēlāk.";
    assert_eq!(texts(text, "lv").len(), 2);
}

#[test]
fn dialogue_between_dashes_keeps_its_verb() {
    let text = "- Dlaczego nikt nie reagował? - pytają mieszkańcy. - Dzwoniliśmy od rana - mówi sołtys.";
    assert_eq!(
        texts(text, "pl"),
        ["- Dlaczego nikt nie reagował? - pytają mieszkańcy.", "- Dzwoniliśmy od rana - mówi sołtys."]
    );
}

#[test]
fn a_dropped_passage_inside_a_quotation_is_no_border() {
    let text =
        "Ο εκπρόσωπος είπε: «Καμία από τις συμφωνίες (που αφορούν πλοία) που είχαμε (…) με άλλες χώρες δεν ακυρώθηκε».";
    assert_eq!(texts(text, "el").len(), 1);
}

#[test]
fn a_year_with_its_full_stop_and_a_comma_goes_on() {
    assert_eq!(texts("Od početka štrajka u ožujku 2019., uprava šuti. Radnici čekaju.", "hr").len(), 2);
}

#[test]
fn a_word_that_is_an_abbreviation_elsewhere_ends_its_sentence() {
    for (language, text) in [
        ("hr", "Prosvjednici su ponovno izašli na trg. Policija nije reagirala."),
        ("hr", "Grad je obećao pomoći im. Radnici čekaju."),
        ("hr", "Policija će dalje čuvati red. Promet teče."),
        ("hr", "Vatra je zahvatila i treći kat. Vatrogasci su stigli odmah."),
        ("hr", "Starac je jučer doživio moždanu kap. Bolnica o tome ne govori."),
        ("pl", "Przed ratuszem zebrał się tłum. Policja zamknęła ulicę."),
        ("de", "Der Streit bleibt vorerst intern. Bürgermeister Kolbe äußert sich nicht."),
    ] {
        assert_eq!(texts(text, language).len(), 2, "{text}");
    }
}

#[test]
fn a_rank_a_first_name_and_a_town_go_on_and_an_acronym_with_a_case_ending_may_end_a_sentence() {
    for (language, text, sentences) in [
        ("pl", "Tak podał mł. bryg. Jan Nowak z Opola.", 1),
        ("pl", "Mówi o tym sierż. szt. Ewa Zając.", 1),
        ("pl", "Skradziono 40 szt. Policja szuka sprawców.", 2),
        ("pl", "Tak wynika z danych NBP-u. PKB rośnie powoli.", 2),
        ("hr", "Tako kažu u HNB-u. BDP raste sporije.", 2),
        ("hr", "Njegov odvj. Ivo Perić to niječe.", 1),
        ("el", "Ο δήμαρχος Κωνστ. Ράπτης απέχει.", 1),
        ("ru", "Жители г. Орла остались без света.", 1),
        ("ru", "Мост построен в 2019 г. Движение открыто.", 2),
    ] {
        assert_eq!(texts(text, language).len(), sentences, "{text}");
    }
}

#[test]
fn a_capital_behind_an_hour_begins_a_sentence_unless_it_is_a_day_or_a_time_zone() {
    for (language, text, sentences) in [
        ("en", "The bridge collapsed at 6:40 a.m. Five people were killed.", 2),
        ("en", "The strike began at 5 p.m. Police closed the road.", 2),
        ("el", "Η γέφυρα κατέρρευσε στις 6.40 π.μ. Πέντε άνθρωποι σκοτώθηκαν.", 2),
        ("es", "El puente se hundió a las 6:40 a.m. Cinco personas murieron.", 2),
        ("en", "The talks begin at 5 p.m. Friday in Geneva.", 1),
        ("en", "The storm came at 5 a.m. Eastern time and left at noon.", 1),
        ("en", "The court rules at 6 p.m. Moscow time on the appeal.", 1),
    ] {
        assert_eq!(texts(text, language).len(), sentences, "{text}");
    }
}

#[test]
fn a_date_is_no_sentence_and_a_unit_goes_on_behind_its_scale() {
    for (language, text, sentences) in [
        ("cs", "Oprava přijde na 35 mil. Kč, uvedla radnice.", 1),
        ("cs", "Obec loni utratila 35 mil. Kč. Letos ušetří.", 2),
        ("cs", "Obec loni utratila 35 mil. Starosta šetří.", 2),
        ("ru", "За год построено 40 км. Губернатор доволен.", 2),
        ("bg", "На 4 юни 2025 г. Стоянов закри завода.", 1),
        ("bg", "През 2024 г. Българската пощенска банка намали таксите.", 1),
        ("bg", "Пожарът избухна в общ. Своге.", 1),
        ("ru", "На 4 июня 2025 г. Орлов закрыл завод.", 1),
        ("uk", "4 червня 2025 р. Орленко закрив завод.", 1),
        ("sr", "U 2025. Srbija je izvezla više žita.", 1),
        ("sr", "Fabrika je otvorena 2025. Radnici su zadovoljni.", 2),
        ("sl", "Na Lipovi ul. 12 je v soboto gorelo.", 1),
        ("sl", "Gorelo je na ul. Borisa Kraigherja.", 1),
    ] {
        assert_eq!(texts(text, language).len(), sentences, "{text}");
    }
}

#[test]
fn a_quotation_that_closes_behind_its_full_stop_ends_with_its_mark_where_no_space_follows() {
    for (language, marked) in [
        ("zh", "市长说：“大桥今年不会重新开放。”¦据交通部消息，工程已经推迟。"),
        ("zh", "市長說：「大橋今年不會重新開放。」¦交通部表示，工程已經推遲。"),
        ("zh", "记者问：“谁来付钱？”¦没有人回答。"),
        ("zh", "“大桥今年不会重新开放。”市长说。"),
        ("zh", "以「誰來付錢？」為題的展覽週三開幕。"),
        ("ja", "国土交通省は「工事は遅れている。」と発表した。¦住民は不満だ。"),
    ] {
        assert_eq!(texts(&marked.replace('¦', ""), language), marked.split('¦').collect::<Vec<_>>());
    }
}

#[test]
fn an_abbreviation_of_hindi_bengali_vietnamese_indonesian_or_thai_goes_on() {
    for (language, text, sentences) in [
        ("hi", "मंत्री एस. मेनन सोमवार को लौटेंगे। डॉ. शर्मा अस्पताल में हैं।", 2),
        ("bn", "ডা. রহমান সোমবার ফিরবেন। মো. করিম হাসপাতালে আছেন।", 2),
        ("vi", "Theo TS. Nguyễn Văn An, cầu ở TP. Thủ Đức vẫn đóng. PGS. Lê Minh phản đối.", 2),
        ("id", "Jembatan di Jl. Sudirman ditutup. Kata Ir. Budi, warga harus memutar.", 2),
        ("th", "เมื่อวันที่ 5 พ.ค. 2569 พล.อ. สมชาย ปิดสะพานใน จ. เชียงราย", 1),
    ] {
        assert_eq!(texts(text, language).len(), sentences, "{text}");
    }
}

#[test]
fn a_wrapped_text_is_split_as_if_it_were_not() {
    let text = "The harbour office said on Monday that the\nold pier would stay closed until the end\nof March. Fishermen had asked for an\nearlier date.";
    assert_eq!(texts(text, "en").len(), 2);
}

#[test]
fn a_sentence_may_begin_with_a_number() {
    for (language, text, sentences) in [
        ("de", "Der Streik begann am Dienstag. 1900 Beschäftigte machten mit.", 2),
        ("en", "The dam broke late on Monday. 24 people were hurt.", 2),
        ("de", "Er kündigte Hilfen von drei Mio. Euro an.", 1),
        ("de", "Der Abg. Huber widersprach.", 1),
        ("de", "Es war sein 3. Sieg in Folge.", 1),
        ("en", "The company opened approx. 300 shops.", 1),
    ] {
        assert_eq!(texts(text, language).len(), sentences, "{text}");
    }
}
