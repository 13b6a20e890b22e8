//! Files with many articles: JSON Lines, CSV, TSV.

use std::collections::BTreeMap;

use rayon::prelude::*;
use serde_json::Value;

/// One row of a file: its line, and its columns or why it has none.
pub(super) type Record = (u64, Result<Columns, String>);

/// Columns of a row that hold something.
pub(super) type Columns = BTreeMap<String, String>;

/// Rows of a JSON Lines file; empty lines are no rows.
pub(super) fn json_lines(text: &str) -> Vec<Record> {
    let lines: Vec<(usize, &str)> = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()).collect();
    lines.par_iter().map(|(index, line)| (*index as u64 + 1, json_columns(line))).collect()
}

fn json_columns(line: &str) -> Result<Columns, String> {
    let value: Value = serde_json::from_str(line).map_err(|problem| {
        let says = problem.to_string();
        let says = says.split(" at line ").next().unwrap_or_default();
        format!("malformed JSON at column {}: {says}", problem.column())
    })?;
    let Value::Object(object) = value else {
        return Err("expected a JSON object with the key `text`".to_owned());
    };
    let columns = object.into_iter().filter_map(|(key, value)| match value {
        Value::Null => None,
        Value::String(text) => Some((key, text)),
        other => Some((key, other.to_string())),
    });
    Ok(columns.filter(|(_, value)| !value.is_empty()).collect())
}

/// Rows of a CSV file with a header; `delimiter` is what the ending says, `;` and tab are seen in the header.
pub(super) fn separated(text: &str, delimiter: u8) -> Result<Vec<Record>, String> {
    let header = text.lines().next().unwrap_or_default();
    let count = |byte: u8| header.bytes().filter(|&b| b == byte).count();
    let delimiter = [delimiter, b';', b'\t', b','].into_iter().max_by_key(|&byte| (count(byte), byte == delimiter));
    let mut reader = csv::ReaderBuilder::new().delimiter(delimiter.unwrap_or(b',')).from_reader(text.as_bytes());
    let names = reader.headers().map_err(|problem| format!("malformed header: {problem}"))?.clone();
    let names: Vec<String> = names.iter().map(|name| name.trim().to_owned()).collect();
    if !names.iter().any(|name| name == "text") {
        return Err("has no column `text`, so it holds no articles".to_owned());
    }
    // The reader counts line ends before a row (the second half of CRLF, empty lines) only as it reads the row.
    let line = |position: Option<&csv::Position>| {
        position.map_or(0, |position| {
            let before = text.as_bytes()[position.byte() as usize..].iter().take_while(|&byte| b"\r\n".contains(byte));
            position.line() + before.filter(|&&byte| byte == b'\n').count() as u64
        })
    };
    let mut records = Vec::new();
    for row in reader.records() {
        match row {
            Ok(row) => {
                let line = line(row.position());
                let columns = names.iter().cloned().zip(row.iter().map(str::to_owned));
                records.push((line, Ok(columns.filter(|(_, value)| !value.is_empty()).collect())));
            }
            Err(problem) => {
                let line = line(problem.position());
                let reason = match problem.kind() {
                    csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
                        format!("malformed row: {len} columns instead of {expected_len}")
                    }
                    _ => "malformed row".to_owned(),
                };
                records.push((line, Err(reason)));
            }
        }
    }
    Ok(records)
}
