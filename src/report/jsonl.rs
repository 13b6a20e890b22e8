//! JSON Lines for programs: raw text, every column.

use serde_json::{Map, Value, json};

use super::Row;
use super::table::{Cell, machine_columns};

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

fn value(cell: Cell) -> Value {
    match cell {
        Cell::Text(text) | Cell::Id(text) => Value::String(text),
        // Probabilities are rounded once, so that every machine writes the same digits.
        Cell::Score(score) | Cell::Number(score) => json!((score * 1e6).round() / 1e6),
        Cell::Count(count) => json!(count),
    }
}
