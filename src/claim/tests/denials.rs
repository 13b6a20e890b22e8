//! Negations and denials, and what turns them round.

use super::*;

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
