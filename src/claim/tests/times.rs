//! Times: what is one, and when it is.

use jiff::civil::date;

use super::*;

#[test]
fn times_that_are_easily_mistaken_are_read() {
    let friday = Some(date(2025, 3, 14));
    let cases = [
        ("en", "The strike at the port will begin on Monday.", "2025-03-17"),
        ("en", "The union said on Monday it will strike.", "2025-03-10"),
        ("el", "Η απεργία θα αρχίσει τη Δευτέρα.", "2025-03-17"),
        ("en", "They met last Friday.", "2025-03-07"),
        ("en", "The bridge will be closed from Thursday to Saturday.", "since 2025-03-20; until 2025-03-22"),
        ("sl", "Most bo zaprt od četrtka do sobote.", "since 2025-03-20; until 2025-03-22"),
        ("de", "Am vergangenen Freitag wurde sie eröffnet.", "2025-03-07"),
        ("de", "Am Wochenende wurde sie eröffnet.", "2025-03-08..2025-03-09"),
        ("en", "It was opened last weekend.", "2025-03-08..2025-03-09"),
        ("hr", "Most će biti zatvoren za vikend.", "2025-03-15..2025-03-16"),
        ("es", "La feria se inauguró el pasado fin de semana.", "2025-03-08..2025-03-09"),
        ("en", "The council meets every Friday.", "none"),
        ("de", "Jeden Montag wird protestiert.", "none"),
        ("de", "Am morgigen Samstag öffnet die Halle.", "2025-03-15"),
        ("ru", "Завтра, в субботу, откроется мост.", "2025-03-15"),
        ("cs", "HDP loni ve čtvrtém čtvrtletí vzrostl.", "2024-10-01..2024-12-31"),
        ("hr", "BDP je lani u prvom kvartalu pao.", "2024-01-01..2024-03-31"),
        ("en", "It sold more than in 2023 in the first half of 2024.", "2023; 2024-01-01..2024-06-30"),
        ("bg", "Мостът беше открит на 12.02. от кмета.", "2025-02-12"),
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
        ("de", "Anfang der 80er Jahre zog sie um.", "1980-01-01..1983-05-02"),
        ("de", "In den 80er Jahren des 19. Jahrhunderts zog er um.", "none"),
        ("fr", "Dans les années 90 il a vécu ici.", "1990-01-01..1999-12-31"),
        ("it", "Negli anni '70 e negli anni Ottanta viveva qui.", "1970-01-01..1979-12-31; 1980-01-01..1989-12-31"),
        ("it", "Condannati a 12 anni 30 imputati.", "none"),
        ("pl", "W latach 80. mieszkał tutaj.", "1980-01-01..1989-12-31"),
        ("el", "Τη δεκαετία του '60 ζούσε εδώ.", "1960-01-01..1969-12-31"),
        ("hr", "Preselili su se 90-ih godina.", "1990-01-01..1999-12-31"),
        ("en", "She is in her 80s.", "none"),
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
        ("el", "Είναι κλειστό εδώ και δύο χρόνια.", "since 2023"),
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
fn times_of_slavic_languages_are_read() {
    let cases = [
        ("hr", "Prije svega treba graditi.", "none"),
        ("bg", "Преди всичко трябва да се строи.", "none"),
        ("sr", "Срели су се пре недељу дана.", "2024-09-30..2024-10-06"),
        ("pl", "Środa Wielkopolska ma nową szkołę.", "none"),
        ("pl", "Cena biletu wzrośnie w maju.", "2025-05"),
        ("cs", "Senát by o tom v pondělí jednal.", "2024-10-07"),
        ("bg", "След месец започва стачка в мината.", "none"),
        ("sr", "Posle tri nedelje štrajk je završen.", "none"),
        ("ru", "После двух лет война закончилась.", "none"),
        ("ru", "После двухдневной войны мост закрыли.", "after war"),
        ("bg", "Мирът беше подписан на 19 февруари 1878 г. в Сан Стефано.", "1878-02-19"),
        ("ru", "Мир подписали 19 февраля 1878 года.", "1878-02-19"),
        ("ru", "В мае 1500 рабочих бастовали.", "2024-05"),
    ];
    for (language, text, wanted) in cases {
        let fields = describe(text, language, Some(date(2024, 10, 9)));
        assert_eq!(shown(&fields, "time").unwrap(), wanted, "{text}");
    }
}

#[test]
fn times_are_read_in_the_forms_that_papers_use() {
    let wednesday = Some(date(2026, 5, 13));
    let cases = [
        ("el", "Το ΑΕΠ αυξήθηκε το α΄ τρίμηνο του 2025.", "2025-01-01..2025-03-31"),
        ("el", "Ο διευθυντής παραιτήθηκε πριν δύο ημέρες.", "2026-05-11"),
        ("el", "Τα έδωσαν μήνες πριν από τον πόλεμο.", "before war"),
        ("el", "Η δίκη θα αρχίσει την Τετάρτη 20/5.", "2026-05-20"),
        ("pl", "Inflacja spadła w II półroczu 2025 r.", "2025-07-01..2025-12-31"),
        ("pl", "Sprzedaż wzrosła w I kw. 2026 r.", "2026-01-01..2026-03-31"),
        ("pl", "Most budowano w latach 2021-2024.", "2021-01-01..2024-12-31"),
        ("pl", "Po południu z powodu ulewy zamknięto drogę.", "none"),
        ("hr", "Prošle je srijede Sabor usvojio zakon.", "2026-05-06"),
        ("hr", "Prošlog je tjedna potpisan ugovor.", "2026-05-04..2026-05-10"),
        ("hr", "Novac je za razdoblje 2021.-2027. odobren.", "2021-01-01..2027-12-31"),
        ("de", "Die Wahl war am 10.5. in Bern.", "2026-05-10"),
        ("de", "Das Feuer brach Dienstagfrüh aus.", "2026-05-12"),
        ("de", "Der Umsatz stieg im 3. Quartal 2025.", "2025-07-01..2025-09-30"),
        ("de", "Die Familie floh vor dem Krieg nach Wien.", "none"),
        ("en", "The suspect appeared before a judge.", "none"),
        ("en", "Sales fell in Q3 2025.", "2025-07-01..2025-09-30"),
    ];
    for (language, text, wanted) in cases {
        assert_eq!(shown(&describe(text, language, wednesday), "time").unwrap(), wanted, "{text}");
    }
}
