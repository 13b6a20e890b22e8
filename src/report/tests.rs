//! What tests of reports share, and the order of rows.

use super::*;

mod files;
mod page;
mod programs;
mod spreadsheets;

/// The nastiest text that an article may hold.
const NASTY: &str = "</script><script>alert(1)</script><img src=x onerror=alert(2)>{{script}}<!-- \u{2028} &lt; \"'";

fn side(text: &str, lang: &str, outlet: &str) -> Side {
    Side {
        text: text.to_owned(),
        before: format!("Before. {outlet}"),
        after: "After.".to_owned(),
        article: format!("folder/{outlet}-{lang}.txt"),
        lang: lang.to_owned(),
        date: "2023-06-12".to_owned(),
        outlet: outlet.to_owned(),
        speaker: String::new(),
        start: 10,
        end: 10 + text.chars().count(),
    }
}

fn row(number: usize, relation: &str, confidence: f64, left: Side, right: Side) -> Row {
    Row {
        pair_id: format!("p{number:08x}"),
        claim_id: format!("c{:06x}", number % 7),
        relation: relation.to_owned(),
        confidence,
        reason: "number: 15 / 40".to_owned(),
        left,
        right,
        similarity: 0.8123456,
        p_agreement: 0.1,
        p_contradiction: 0.85,
        p_unrelated: 0.05,
        ..Row::default()
    }
}

/// A report with texts in the languages and scripts that matter; all of it is invented.
pub fn sample() -> Report {
    let pl = side("Teheran dostarczył 15 dronów przed inwazją, mówi minister Karim Fadel.", "pl", "Głos Ranka");
    let hr = side("Iran nije isporučio nijedan dron, tvrdi glasnogovornica Željka Šćepanović.", "hr", "Dnevni obzor");
    let el = side("Η Τεχεράνη παρέδωσε 40 μη επανδρωμένα αεροσκάφη πριν από την εισβολή.", "el", "Πρωινή Γραμμή");
    let de = side("Der Iran lieferte 40 Drohnen, 1.700 Raketen und keine Panzer.", "de", "Abendblick");
    let en = side("Iran delivered 15 drones, 1,700 rockets and no tanks.", "en", "Northgate Post");
    let en2 = side("Iran delivered 15 drones and 1,700 rockets, Omar Said said.", "en", "Harbour Ledger");
    let ar = side("سلمت إيران 40 طائرة مسيرة قبل الغزو، ولم تسلم أي دبابات.", "ar", "صباح الميناء");
    let nasty = Side { outlet: NASTY.to_owned(), ..side(NASTY, "en", "Nasty") };
    let sides = [pl, hr, el, de, en, en2, ar, nasty];
    let mut pairs = Vec::new();
    for (a, left) in sides.iter().enumerate() {
        for (b, right) in sides.iter().enumerate().skip(a + 1) {
            let relation = if (a + b) % 3 == 0 { "contradiction" } else { "agreement" };
            pairs.push(row(pairs.len(), relation, 0.5 + (a * 8 + b) as f64 / 150.0, left.clone(), right.clone()));
        }
    }
    // Not every pair is in a claim group.
    pairs[0].claim_id.clear();
    let articles = sides.iter().enumerate().map(|(at, side)| ArticleRow {
        article: side.article.clone(),
        lang: side.lang.clone(),
        date: format!("2023-06-{:02}", 3 * at + 1),
        outlet: side.outlet.clone(),
        title: format!("=Headline {at}"),
        url: if at == 7 { "javascript:alert(3)".to_owned() } else { format!("https://news.example/{at}") },
        sentences: 20,
        agreements: at,
        contradictions: at % 2,
    });
    let articles: Vec<ArticleRow> = articles.collect();
    let claims = (0..7).map(|at| ClaimRow {
        claim_id: format!("c{at:06x}"),
        wording: sides[at].text.clone(),
        lang: sides[at].lang.clone(),
        articles: 8,
        languages: vec!["de".to_owned(), "pl".to_owned()],
        outlets: vec!["Abendblick".to_owned(), "Głos Ranka".to_owned()],
        sources: 5,
        agreements: 3,
        contradictions: at,
        inconsistent: false,
        first_date: "2023-06-01".to_owned(),
        last_date: "2023-06-22".to_owned(),
        strongest: 0.9349,
    });
    let claims: Vec<ClaimRow> = claims.collect();
    let stances = [Some(Stance::Agrees), None, Some(Stance::Contradicts)];
    let rows = claims.iter().enumerate().map(|(at, claim)| MatrixRow {
        claim_id: claim.claim_id.clone(),
        wording: claim.wording.clone(),
        stances: (0..8).filter_map(|across| Some((across, stances[(at * across + at) % 3]?))).collect(),
    });
    let matrix = Matrix { articles: articles.iter().map(|a| a.article.clone()).collect(), rows: rows.collect() };
    let watch = vec![WatchRow {
        claim: "Iran delivered drones before the invasion".to_owned(),
        article: articles[0].article.clone(),
        lang: "pl".to_owned(),
        stance: Stance::Agrees,
        confidence: 0.91,
        sentence: sides[0].text.clone(),
        ..WatchRow::default()
    }];
    let about = vec![("version".to_owned(), "0.1.0".to_owned()), ("articles".to_owned(), "8".to_owned())];
    let mut report = Report { pairs, claims, matrix, articles, watch, about };
    report.sort();
    report
}

fn csv_of(report: &Report, dialect: Dialect) -> String {
    String::from_utf8(to_csv(&table::pairs(&report.pairs), dialect).unwrap()).unwrap()
}

fn matrix_csv_of(report: &Report) -> String {
    let matrix = table::stated(&report.matrix);
    String::from_utf8(csv::matrix_to_csv(&table::matrix(&matrix), &matrix, PLAIN).unwrap()).unwrap()
}

const PLAIN: Dialect = Dialect { delimiter: b',', comma: false };

#[test]
fn rows_are_sorted_by_relation_confidence_and_id() {
    let make = |id: &str, relation: &str, confidence| Row {
        pair_id: id.to_owned(),
        relation: relation.to_owned(),
        confidence,
        ..Row::default()
    };
    let pairs = vec![
        make("p5", "unrelated", 0.99),
        make("p4", "agreement", 0.7),
        make("p3", "contradiction", 0.6),
        make("p2", "contradiction", 0.8),
        make("p1", "contradiction", 0.8),
    ];
    let mut report = Report { pairs, ..Report::default() };
    report.sort();
    let ids: Vec<&str> = report.pairs.iter().map(|row| row.pair_id.as_str()).collect();
    assert_eq!(ids, ["p1", "p2", "p3", "p4", "p5"]);
}
