//! JSON Lines for programs: raw text, every column.

use serde_json::{Map, Value, json};

use super::table::{Cell, machine_columns};
use super::{Row, Side};

/// JSON Schema (2020-12) of one line of `pairs.jsonl`.
pub const PAIRS_SCHEMA: &str = include_str!("pairs.schema.json");

/// One JSON object per pair and line.
pub fn to_jsonl(rows: &[Row]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for row in rows {
        let object: Map<String, Value> =
            machine_columns(row).map(|(name, cell)| (name.to_owned(), value(cell))).collect();
        bytes.extend_from_slice(Value::Object(object).to_string().as_bytes());
        bytes.push(b'\n');
    }
    bytes
}

/// Pairs from the text of a `pairs.jsonl`; the number of the line, from 1, and what is wrong with it otherwise.
pub fn read_jsonl(text: &str) -> Result<Vec<Row>, (usize, String)> {
    let lines = (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty());
    lines.map(|(number, line)| row(line).map_err(|problem| (number, problem))).collect()
}

/// What is wrong with JSON, without the place.
pub(crate) fn says(problem: &serde_json::Error) -> String {
    if problem.is_eof() {
        return "the JSON is cut short".to_owned();
    }
    problem.to_string().split(" at line ").next().unwrap_or_default().to_owned()
}

fn row(line: &str) -> Result<Row, String> {
    let object: Map<String, Value> = serde_json::from_str(line).map_err(|problem| says(&problem))?;
    let text = |name: &str| {
        let value = object.get(name).and_then(Value::as_str);
        value.map(str::to_owned).ok_or_else(|| format!("`{name}` is missing or not a text"))
    };
    let number = |name: &str| {
        object.get(name).and_then(Value::as_f64).ok_or_else(|| format!("`{name}` is missing or not a number"))
    };
    let side = |side: &str| {
        let text = |name: &str| text(&format!("{side}_{name}"));
        Ok::<Side, String>(Side {
            text: text("text")?,
            before: text("before")?,
            after: text("after")?,
            article: text("article")?,
            lang: text("lang")?,
            date: text("date")?,
            outlet: text("outlet")?,
            speaker: text("speaker")?,
            start: number(&format!("{side}_start"))? as usize,
            end: number(&format!("{side}_end"))? as usize,
        })
    };
    Ok(Row {
        pair_id: text("pair_id")?,
        claim_id: text("claim_id")?,
        relation: text("relation")?,
        confidence: number("confidence")?,
        reason: text("reason")?,
        kind: String::new(),
        left: side("left")?,
        right: side("right")?,
        similarity: number("similarity")?,
        p_agreement: number("p_agreement")?,
        p_contradiction: number("p_contradiction")?,
        p_unrelated: number("p_unrelated")?,
        mark: text("mark")?,
        note: text("note")?,
        reviewer: text("reviewer")?,
    })
}

fn value(cell: Cell) -> Value {
    match cell {
        Cell::Text(text) | Cell::Id(text) => Value::String(text),
        // Probabilities are rounded once, so that every machine writes the same digits.
        Cell::Score(score) | Cell::Number(score) => json!((score * 1e6).round() / 1e6),
        Cell::Count(count) => json!(count),
    }
}
