//! Amounts: what is one, and how much it is.

use super::*;

#[test]
fn people_read_durations_in_their_units() {
    let shown = |text: &str| describe(text, "en", None).numbers[0].for_people();
    assert_eq!(shown("The truce holds for 60 days."), "60 days");
    assert_eq!(shown("The trial took two weeks."), "2 weeks");
    assert_eq!(shown("The siren sounded for one hour."), "1 hour");
    assert_eq!(shown("The siren sounded for 95 seconds."), "1 min 35 s");
    assert_eq!(shown("The race took 5 hours 3 minutes and 45 seconds."), "5 h 3 min 45 s");
    assert_eq!(shown("The siren sounded for about 95 seconds."), "about 95 s");
    assert_eq!(shown("The lap took 80.5 seconds."), "80.5 s");
    assert_eq!(shown("The dam held 40 litres."), "40 l");
    assert_eq!(shown("The talks lasted two hours and 15 minutes."), "135 minutes");
    assert_eq!(shown("The truce holds for about 60 days."), "about 60 days");
    assert_eq!(shown("More than 200 people came."), "200+ persons");
    assert_eq!(shown("Up to 500 people came."), "up to 500 persons");
    assert_eq!(shown("From 5 to 7 people share a room."), "5..7 persons");
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
        ("en", "Up to thousands of people came.", "1000..20000 persons"),
        ("mk", "Штетата е 1,2 милиони денари.", "1200000"),
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
fn the_score_of_a_match_is_one_amount() {
    let cases = [
        ("en", "Rovers won 2-1 in the rain.", "1..2 score"),
        ("de", "Der Verein siegte 3:1 (1:0).", "1..3 score; 0..1 score"),
        ("de", "Nach dem 4:2-Sieg feierten sie.", "2..4 score"),
        ("pl", "Drużyna gości przegrała 0-3.", "0..3 score"),
        ("hr", "Slavili su s 3-0.", "0..3 score"),
        ("it", "La partita è finita 1-1.", "1 score"),
        ("ru", "Хозяева выиграли со счётом 30:28.", "28..30 score"),
        ("en", "It took 1-2 days.", "86400..172800 s"),
        ("en", "Prices fell by 5-4 percent.", "5"),
        ("en", "The A330-300 and the Boeing 747-400 landed at 10:30.", "none"),
        ("pl", "Ruch wstrzymano w godz. 22-6.", "none"),
    ];
    for (language, text, wanted) in cases {
        assert_eq!(shown(&describe(text, language, None), "number").unwrap(), wanted, "{text}");
    }
    let set = |left: &str, right: &str| {
        let (a, b) = (describe(left, "en", None), describe(right, "de", None));
        let comparison = compare(&a, &b);
        (comparison.same_numbers.len(), reason((&a, left), (&b, right), &comparison, None))
    };
    assert_eq!(set("It won 2-1.", "Er verlor 1:2."), (1, String::new()));
    assert_eq!(set("It ended 3-0.", "Es endete 4:1 (1:1)."), (0, "number: 3-0 / 4-1".to_owned()));
}

#[test]
fn amounts_are_read_in_the_forms_that_papers_use() {
    let cases = [
        ("el", "Μόνο τα 2/3 των σχολείων άνοιξαν.", "66.667 %"),
        ("pl", "Potrzeba większości 3/5 głosów.", "60 %"),
        ("uk", "Його засуджено до 9 років.", "284018400 s"),
        ("ru", "Налог снижен до 12%.", "12 %"),
        ("bg", "Растежът се забави до 3 %.", "3 %"),
        ("sr", "Стопа је смањена до 4 %.", "4 %"),
        ("el", "Του επιβλήθηκε φυλάκιση οκτώ ετών.", "252460800 s"),
        ("el", "Ζητούν ποινές από 3 έως 6 ετών.", "94672800..189345600 s"),
        ("el", "Βρέθηκε αγόρι οκτώ ετών.", "8 years old"),
        ("el", "Ο άνεμος έπνεε με 90 χλμ./ώρα.", "90 km/h"),
        ("el", "Η δίκη αρχίζει στις 11.30.", "none"),
        ("el", "Σεισμός 4,8 βαθμών της κλίμακας Ρίχτερ.", "4.8"),
        ("tr", "Her dört kişiden biri borçlu.", "25 %"),
        ("bg", "Един на всеки четирима пуши.", "25 %"),
        ("ru", "Собралось 7 с лишним тысяч человек.", "7000..8750 persons"),
        ("hr", "Stiglo je 40-ak tisuća ljudi.", "36000..44000 persons"),
        ("hr", "Pregledali su 50-ak mostova.", "45..55"),
        ("hr", "Dobio je godinu i pol zatvora.", "47336400 s"),
        ("en", "The trial took a year and a half.", "47336400 s"),
        ("hr", "Prije godinu i pol srušen je most.", "none"),
        ("pl", "Zatrzymano 41-latka i jego 18-latek nie żyje.", "41 years old; 18 years old"),
        ("ru", "Объявлена 3-дневная забастовка.", "259200 s"),
        ("pl", "Uczą się dzieci w wieku od 6 do 9 lat.", "6..9 years old"),
        ("pl", "Ranni są bracia w wieku 15 i 18 lat.", "15 years old; 18 years old"),
        ("hr", "Požar je izbio u 14 sati i 35 minuta.", "none"),
        ("hr", "Zabio je u 76. minuti.", "76 th"),
        ("pl", "Poparcie wzrosło o 3 pkt procentowe.", "3 points"),
        ("pl", "Chleb kosztuje 6 zł 49 gr.", "6.49 PLN"),
        ("hr", "Kruh je skuplji 20 centi.", "0.2 EUR"),
        ("de", "Drei Dutzend Brücken sind gesperrt.", "36"),
        ("de", "Ein halbes Dutzend Brücken ist gesperrt.", "6"),
        ("en", "Four dozen bridges are closed.", "48"),
        ("de", "Ein 19 Jahre alter Lehrling wird vermisst.", "19 years old"),
        ("de", "Er bekam siebeneinhalb Jahre Haft.", "236682000 s"),
        ("en", "A driver in her late 40s died.", "40..49 years old"),
        ("en", "Songs of the 80s were played.", "none"),
        ("en", "The mine paid A$4 million and a $2 million fine.", "4000000 AUD; 2000000 USD"),
        ("pt", "A obra custou R$ 3 milhões.", "3000000 BRL"),
        ("en", "Yields rose 25 bps after 12 inches of snow.", "0.25 points; 0.305 m"),
    ];
    for (language, text, wanted) in cases {
        assert_eq!(shown(&describe(text, language, Some(date(2024, 10, 9))), "number").unwrap(), wanted, "{text}");
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
fn scales_of_other_scripts_are_read() {
    let cases = [
        ("hi", "नुक़सान 1.5 अरब डॉलर है।", "1500000000"),
        ("hi", "3 हजार लोग घायल हुए।", "3000"),
        ("bn", "২ কোটি মানুষ।", "20000000"),
        ("vi", "Thiệt hại 3,5 triệu đồng.", "3500000"),
        ("id", "Kerugian 2 miliar rupiah.", "2000000000"),
        ("he", "הנזק 1.5 מיליארד דולר.", "1500000000"),
        ("th", "เสียหาย 2 พันล้านดอลลาร์", "2000000000"),
        ("am", "ጉዳቱ 2 ሚሊዮን ነው።", "2000000"),
        ("ja", "被害は約2千億円だった。", "200000000000"),
        ("ko", "피해액은 3천만원이다.", "30000000"),
        ("am", "ከ1,000 ሰዎች በላይ።", "1000"),
        ("ja", "M6.3の地震があった。", "6.3"),
        ("ko", "건물 3만5천 채.", "35000"),
        ("ko", "5조3천억 규모다.", "5300000000000"),
        ("he", "נהרגו כ-120 בני אדם.", "120"),
    ];
    for (lang, sentence, wanted) in cases {
        assert_eq!(shown(&describe(sentence, lang, None), "number").unwrap(), wanted, "{sentence}");
    }
}
