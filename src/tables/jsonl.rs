//! Rows as JSON objects, one a line.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::io::BufRead;

use arrow_array::RecordBatch;
use serde::de::IgnoredAny;
use serde_json::{Map, Value};

use super::cell::{Builder, Cell, cell};
use super::columns::{Column, Kind};
use super::{Piece, Table, TableError};
use crate::model::hash::hex;

/// Rows of one batch.
const BATCH: usize = 1_024;
/// Characters of a bad line that are shown.
const SHOWN: usize = 300;
/// What some programs put before a text.
const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// One row of a batch; bytes as hexadecimal digits, empty values left out.
pub fn to_json(batch: &RecordBatch, row: usize) -> Map<String, Value> {
    let schema = batch.schema();
    let columns = schema.fields().iter().zip(batch.columns());
    columns.filter_map(|(field, array)| Some((field.name().clone(), value(cell(array, row))?))).collect()
}

fn value(cell: Cell<'_>) -> Option<Value> {
    Some(match cell {
        Cell::None => return None,
        Cell::Whole(value) => value.into(),
        Cell::Float(value) => f64::from(value).into(),
        Cell::Text(value) => value.into(),
        Cell::Bytes(value) => hex(value).into(),
    })
}

/// Reads lines into batches with the given columns; other keys are left out.
pub(super) struct JsonLines<'a> {
    source: &'a mut dyn BufRead,
    columns: Vec<Column>,
    /// Lines of the first batch, which were read before their turn.
    held: VecDeque<Vec<u8>>,
    /// Keys of these lines.
    names: BTreeSet<String>,
    /// What is said of a line that stopped a batch, to be given after it.
    bad: Option<Piece>,
    ended: bool,
}

impl<'a> JsonLines<'a> {
    /// Begins at the first line; `None` where there is none. Without `columns` they are those of the table that the first line
    /// belongs to.
    pub(super) fn open(source: &'a mut dyn BufRead, columns: Option<&[Column]>) -> Result<Option<Self>, TableError> {
        let Some(mut first) = line(source)? else { return Ok(None) };
        if first.starts_with(BYTE_ORDER_MARK) {
            first.drain(..BYTE_ORDER_MARK.len());
        }
        let columns = match columns {
            Some(columns) => columns.to_vec(),
            None => table_of(&first)?.columns().to_vec(),
        };
        let mut held = VecDeque::from([first]);
        while held.len() < BATCH && held.back().is_some_and(|last| !is_empty(last)) {
            held.push_back(line(source)?.unwrap_or_default());
        }
        // Empty values may be left out and a line may be damaged, so that one line cannot tell which keys there are.
        let keys = |line: &Vec<u8>| serde_json::from_slice::<BTreeMap<String, IgnoredAny>>(line).ok();
        let names = held.iter().filter_map(keys).flat_map(BTreeMap::into_keys).collect();
        Ok(Some(Self { source, columns, held, names, bad: None, ended: false }))
    }

    pub(super) fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// Keys of the lines of the first batch.
    pub(super) fn names(&self) -> Vec<&str> {
        self.names.iter().map(String::as_str).collect()
    }

    pub(super) fn next(&mut self) -> Result<Option<Piece>, TableError> {
        if let Some(bad) = self.bad.take() {
            return Ok(Some(bad));
        }
        let mut builder = Builder::lenient(&self.columns);
        while !self.ended && builder.rows() < BATCH {
            let next = match self.held.pop_front() {
                Some(held) => held,
                None => line(self.source)?.unwrap_or_default(),
            };
            if is_empty(&next) {
                self.ended = true;
                break;
            }
            if let Err(problem) = push(&mut builder, &self.columns, &next) {
                let content = String::from_utf8_lossy(&next).chars().take(SHOWN).collect();
                let bad = Piece::Bad { content, problem };
                if builder.rows() == 0 {
                    return Ok(Some(bad));
                }
                self.bad = Some(bad);
                break;
            }
        }
        Ok(if builder.rows() == 0 { None } else { Some(Piece::Batch(builder.take()?)) })
    }
}

/// The next line without its end; `None` at the end of the input.
fn line(source: &mut dyn BufRead) -> Result<Option<Vec<u8>>, TableError> {
    let mut bytes = Vec::new();
    source.read_until(b'\n', &mut bytes)?;
    Ok(if bytes.is_empty() { None } else { Some(bytes) })
}

/// Whether a line ends a stream, as its input's end does; what follows belongs to the next.
fn is_empty(line: &[u8]) -> bool {
    line.trim_ascii().is_empty()
}

fn table_of(line: &[u8]) -> Result<Table, TableError> {
    let row: Map<String, Value> = serde_json::from_slice(line)
        .map_err(|problem| TableError::Malformed(format!("the first line is not a JSON object: {problem}")))?;
    let names: Vec<&str> = row.keys().map(String::as_str).collect();
    // Empty values may be left out, so the table is the smallest that has all these columns and needs no other.
    let fits = |table: &Table| {
        let columns = table.columns();
        names.iter().all(|name| columns.iter().any(|column| column.name == *name))
            && columns.iter().filter(|column| column.needed).all(|column| names.contains(&column.name))
    };
    Table::KEPT.into_iter().chain([Table::Scores, Table::Errors]).find(fits).ok_or_else(|| {
        TableError::Malformed(format!("no table has the columns of the first line: {}", names.join(", ")))
    })
}

fn push(builder: &mut Builder, columns: &[Column], line: &[u8]) -> Result<(), String> {
    let row: Map<String, Value> =
        serde_json::from_slice(line).map_err(|problem| format!("no JSON object: {problem}"))?;
    let mut bytes: Vec<Vec<u8>> = Vec::new();
    for column in columns.iter().filter(|column| column.kind == Kind::Bytes) {
        let digits = row.get(column.name).and_then(Value::as_str).unwrap_or_default();
        bytes.push(
            from_hex(digits).ok_or_else(|| format!("`{}` is not made of pairs of hexadecimal digits", column.name))?,
        );
    }
    let mut bytes = bytes.iter();
    let cells = columns.iter().map(|column| {
        let next = if column.kind == Kind::Bytes { bytes.next() } else { None };
        let value = match row.get(column.name) {
            None | Some(Value::Null) => return Ok(Cell::None),
            Some(value) => value,
        };
        let cell = match column.kind {
            Kind::Int64 => value.as_i64().map(Cell::Whole),
            Kind::Int32 => value.as_i64().filter(|&n| i32::try_from(n).is_ok()).map(Cell::Whole),
            Kind::Float32 => value.as_f64().map(|float| Cell::Float(float as f32)),
            Kind::Text => value.as_str().map(Cell::Text),
            Kind::Bytes => value.as_str().and(next).map(|bytes| Cell::Bytes(bytes)),
        };
        cell.ok_or_else(|| format!("`{}` is not of type {}", column.name, column.kind.name()))
    });
    let cells = cells.collect::<Result<Vec<Cell<'_>>, String>>()?;
    builder.push(&cells);
    Ok(())
}

fn from_hex(digits: &str) -> Option<Vec<u8>> {
    let digits = digits.as_bytes();
    let value = |digit: u8| char::from(digit).to_digit(16);
    let pairs = digits.chunks(2).map(|pair| match pair {
        [high, low] => Some((value(*high)? * 16 + value(*low)?) as u8),
        _ => None,
    });
    pairs.collect()
}
