//! Files with many articles: JSON Lines, CSV, TSV.

use std::collections::BTreeMap;

use rayon::prelude::*;
use serde_json::Value;

/// One row of a file: its line, and its columns or why it has none.
pub(super) type Record = (u64, Result<Columns, String>);

/// Columns of a row that hold something.
pub(super) type Columns = BTreeMap<String, String>;

/// Names of columns that articles have a place for; `lang` is that of `language` in the tables of a run.
const COLUMNS: [&str; 9] = ["text", "id", "language", "lang", "date", "outlet", "title", "author", "url"];

/// Rows of a JSON Lines file; empty lines are no rows.
pub(super) fn json_lines(text: &str) -> Vec<Record> {
    let lines: Vec<(usize, &str)> = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()).collect();
    lines.par_iter().map(|(index, line)| (*index as u64 + 1, json_columns(line))).collect()
}

/// Rows of a JSON file: a list of objects, objects one after another, or JSON Lines.
pub(super) fn json(text: &str) -> Result<Vec<Record>, String> {
    let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    if json_columns(first).is_ok() {
        return Ok(json_lines(text));
    }
    let is_list = first.trim_start().starts_with('[');
    objects(text).or_else(|problem| {
        let lines = json_lines(text);
        let are_rows = !is_list && lines.iter().any(|(_, columns)| columns.is_ok());
        if are_rows { Ok(lines) } else { Err(problem) }
    })
}

/// Rows that stand one after another or in a list, over however many lines.
fn objects(text: &str) -> Result<Vec<Record>, String> {
    let lines_of = |part: &str| part.bytes().filter(|&byte| byte == b'\n').count() as u64;
    let (mut records, mut line, mut rest) = (Vec::new(), 1, text);
    loop {
        let next = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || matches!(c, '[' | ',' | ']'));
        line += lines_of(&rest[..rest.len() - next.len()]);
        let mut values = serde_json::Deserializer::from_str(next).into_iter::<Value>();
        let Some(value) = values.next() else { return Ok(records) };
        let value = value.map_err(|problem| {
            let at = line + problem.line() as u64 - 1;
            format!("malformed JSON at line {at}: {}", says(&problem))
        })?;
        records.push((line, columns(value)));
        let (read, unread) = next.split_at(values.byte_offset());
        line += lines_of(read);
        rest = unread;
    }
}

/// What is wrong with JSON, without the place.
fn says(problem: &serde_json::Error) -> String {
    problem.to_string().split(" at line ").next().unwrap_or_default().to_owned()
}

fn json_columns(line: &str) -> Result<Columns, String> {
    let malformed =
        |problem: serde_json::Error| format!("malformed JSON at column {}: {}", problem.column(), says(&problem));
    columns(serde_json::from_str(line).map_err(malformed)?)
}

/// The columns of an object.
fn columns(value: Value) -> Result<Columns, String> {
    let Value::Object(object) = value else {
        return Err("expected a JSON object with the key `text`".to_owned());
    };
    let mut columns = Columns::new();
    for (key, value) in object {
        let value = match value {
            Value::Null => continue,
            Value::String(text) => text,
            other if key == "text" => paragraphs(&other).ok_or("`text` is neither a string nor a list of strings")?,
            other => other.to_string(),
        };
        if !value.is_empty() {
            columns.insert(key, value);
        }
    }
    Ok(columns)
}

/// The text of a list of paragraphs; `None` if it is no list of strings.
fn paragraphs(value: &Value) -> Option<String> {
    let paragraphs: Option<Vec<&str>> = value.as_array()?.iter().map(Value::as_str).collect();
    Some(paragraphs?.join("\n\n"))
}

/// Rows of a CSV file with a header; `delimiter` is what the ending says, `;` and tab are seen in the header.
pub(super) fn separated(text: &str, delimiter: u8) -> Result<Vec<Record>, String> {
    let declared = declared_delimiter(text);
    let (delimiter, table) = declared.unwrap_or_else(|| (delimiter_in_header(text, delimiter), text));
    let lines_above = u64::from(declared.is_some());
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .escape(escapes_quotes(table, delimiter).then_some(b'\\'))
        .from_reader(table.as_bytes());
    let names = reader.headers().map_err(|problem| format!("malformed header: {problem}"))?.clone();
    let names: Vec<String> = names.iter().map(column_name).collect();
    if let Some(twice) = COLUMNS.iter().find(|known| names.iter().filter(|name| name == *known).count() > 1) {
        return Err(format!("has two columns `{twice}`"));
    }
    if !names.iter().any(|name| name == "text") {
        return Err(match names.as_slice() {
            [_] => {
                "has one column only: part columns by comma, semicolon or tab, and call the one with the article `text`"
                    .to_owned()
            }
            names => {
                format!("has no column `text`, only {}: call the one with the article `text`", names.join(", "))
            }
        });
    }
    // The reader counts line ends before a row (the second half of CRLF, empty lines) only as it reads the row.
    let line = |position: Option<&csv::Position>| {
        position.map_or(0, |position| {
            let before = table.as_bytes()[position.byte() as usize..].iter().take_while(|&byte| b"\r\n".contains(byte));
            lines_above + position.line() + before.filter(|&&byte| byte == b'\n').count() as u64
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

/// Whether quotation marks inside a cell have a backslash before them, as Apache Spark writes them, instead of being doubled: then text
/// goes on behind them.
fn escapes_quotes(table: &str, delimiter: u8) -> bool {
    table.match_indices("\\\"").any(|(at, mark)| {
        let next = table.as_bytes().get(at + mark.len());
        next.is_some_and(|&byte| byte != delimiter && !b"\"\r\n".contains(&byte))
    })
}

/// The delimiter that a first line for Excel such as `sep=;` declares, and the table below that line.
fn declared_delimiter(text: &str) -> Option<(u8, &str)> {
    let (line, table) = text.split_once('\n')?;
    match line.trim_matches(['"', '\r']).strip_prefix("sep=")?.as_bytes() {
        [delimiter] => Some((*delimiter, table)),
        _ => None,
    }
}

/// The delimiter that stands most often in the first line, `usual` before others.
fn delimiter_in_header(text: &str, usual: u8) -> u8 {
    let header = text.lines().next().unwrap_or_default();
    let count = |byte: u8| header.bytes().filter(|&b| b == byte).count();
    [usual, b';', b'\t', b','].into_iter().max_by_key(|&byte| (count(byte), byte == usual)).unwrap_or(usual)
}

/// The name of a column: a known one however it is capitalised, another one as it is.
fn column_name(header: &str) -> String {
    let name = header.trim();
    COLUMNS.into_iter().find(|known| known.eq_ignore_ascii_case(name)).unwrap_or(name).to_owned()
}
