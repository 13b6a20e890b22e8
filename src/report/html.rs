//! A page to read: one file, no network, opened from disk.
//!
//! News text is hostile input. It reaches the page only inside a block of JSON in which `<` cannot occur, the script
//! makes every element through text nodes, and the content policy lets nothing run but that script.

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::differences::{Highlight, differences};
use super::table::{stated, without_csv, word};
use super::{Format, Report, Row, Side, Stance};
use crate::model::hash::hex;

const PAGE: &str = include_str!("page/page.html");
const STYLE: &str = include_str!("page/page.css");
const SCRIPTS: [&str; 4] = [
    include_str!("page/data.js"),
    include_str!("page/cards.js"),
    include_str!("page/pictures.js"),
    include_str!("page/main.js"),
];

/// Which file to read where the script does not run.
const PAIRS: [(Format, &str); 4] = [
    (Format::Csv, "; pairs.csv holds the same rows"),
    (Format::Xlsx, "; report.xlsx holds the same rows"),
    (Format::Jsonl, "; pairs.jsonl holds the same rows"),
    (Format::Parquet, "; pairs.parquet holds the same rows"),
];

/// The page; of other files it names only those of `formats`.
pub fn to_html(report: &Report, formats: &[Format]) -> Vec<u8> {
    let data = in_script(&data(report, formats));
    let elsewhere = PAIRS.iter().find(|(format, _)| formats.contains(format)).map_or("", |one| one.1);
    // Nobody who writes an article can foresee the hash of the whole report, so none can forge the nonce.
    let nonce = hex(&Sha256::digest(data.as_bytes()));
    let script = format!("'use strict';\n(() => {{\n{}\n}})();", SCRIPTS.concat());
    let mut page = String::with_capacity(data.len() + 64_000);
    let mut rest = PAGE;
    while let Some((before, after)) = rest.split_once("{{") {
        let (name, after) = after.split_once("}}").unwrap_or((after, ""));
        page.push_str(before);
        page.push_str(match name {
            "nonce" => &nonce,
            "style" => STYLE,
            "script" => &script,
            "data" => &data,
            "elsewhere" => elsewhere,
            _ => "",
        });
        rest = after;
    }
    page.push_str(rest);
    page.into_bytes()
}

/// JSON as it may stand in a script element: no tag, comment or line separator can be in it.
fn in_script(value: &Value) -> String {
    let json = value.to_string();
    let mut safe = String::with_capacity(json.len());
    for letter in json.chars() {
        match letter {
            '<' => safe.push_str("\\u003c"),
            '>' => safe.push_str("\\u003e"),
            '&' => safe.push_str("\\u0026"),
            '\u{2028}' => safe.push_str("\\u2028"),
            '\u{2029}' => safe.push_str("\\u2029"),
            other => safe.push(other),
        }
    }
    safe
}

fn data(report: &Report, formats: &[Format]) -> Value {
    let claims = report.claims.iter().map(|claim| {
        json!({
            "id": claim.claim_id, "text": claim.wording, "lang": claim.lang, "sources": claim.sources,
            "articles": claim.articles, "first": claim.first_date, "last": claim.last_date,
            "agreements": claim.agreements, "contradictions": claim.contradictions,
            "inconsistent": claim.inconsistent,
        })
    });
    let articles = report.articles.iter().map(|row| {
        json!({
            "id": row.article, "lang": row.lang, "date": row.date, "outlet": row.outlet, "title": row.title,
            "url": if row.url.starts_with("https://") || row.url.starts_with("http://") { &row.url } else { "" },
            "sentences": row.sentences, "agreements": row.agreements, "contradictions": row.contradictions,
        })
    });
    let matrix = stated(&report.matrix);
    let has = |format: Format| formats.contains(&format);
    let note = without_csv(&matrix).filter(|_| has(Format::Csv)).map(|note| ("note".to_owned(), note));
    let has_csv = has(Format::Csv) && note.is_none();
    let rows = matrix.rows.iter().map(|row| {
        let (at, letters): (Vec<usize>, String) = row.stances.iter().map(|&(at, stance)| (at, letter(stance))).unzip();
        json!({"id": row.claim_id, "s": letters, "at": at})
    });
    let watch = report.watch.iter().map(|row| {
        json!({
            "claim": row.claim, "article": row.article, "lang": row.lang, "date": row.date, "outlet": row.outlet,
            "stance": word(row.stance), "confidence": rounded(row.confidence), "text": row.sentence,
            "speaker": row.speaker,
        })
    });
    json!({
        "about": report.about.iter().chain(&note).collect::<Vec<_>>(),
        "claims": claims.collect::<Vec<_>>(),
        "articles": articles.collect::<Vec<_>>(),
        "matrix": {"articles": matrix.articles, "rows": rows.collect::<Vec<_>>(), "csv": has_csv},
        "xlsx": has(Format::Xlsx),
        "watch": watch.collect::<Vec<_>>(),
        "pairs": report.pairs.iter().map(pair).collect::<Vec<_>>(),
    })
}

/// A stance in a row of the matrix, in which each article that speaks of the claim has one letter.
fn letter(stance: Stance) -> char {
    match stance {
        Stance::Agrees => 'A',
        Stance::Contradicts => 'C',
        Stance::Both => 'B',
        Stance::Silent => '.',
    }
}

fn pair(row: &Row) -> Value {
    let [left, right] = differences(row);
    json!({
        "id": row.pair_id, "claim": row.claim_id, "relation": row.relation, "confidence": rounded(row.confidence),
        "reason": row.reason, "mark": row.mark, "note": row.note, "sides": [side(&row.left, left), side(&row.right, right)],
    })
}

fn side(side: &Side, highlights: Vec<Highlight>) -> Value {
    let highlights: Vec<Value> =
        highlights.into_iter().map(|(start, end, why)| json!([start, end, why.letter()])).collect();
    json!({
        "text": side.text, "before": side.before, "after": side.after, "article": side.article, "lang": side.lang,
        "date": side.date, "outlet": side.outlet, "speaker": side.speaker, "marks": highlights,
    })
}

fn rounded(score: f64) -> f64 {
    (score * 1e4).round() / 1e4
}
