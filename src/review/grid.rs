//! Cells of a reviewed file, whatever a spreadsheet made of it.

use std::io::Cursor;
use std::path::Path;

use calamine::Reader;
use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::Encoding;

use super::{ReviewError, short};
use crate::report::restore;

/// Columns that a header must have.
const HEADER: [&str; 2] = ["pair_id", "mark"];
/// First bytes of workbooks: a ZIP archive, or the older compound file.
const WORKBOOKS: [&[u8]; 2] = [b"PK\x03\x04", b"\xD0\xCF\x11\xE0"];

/// Rows of cells, the header among them.
type Records = Vec<Vec<String>>;

/// Rows under named columns.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Grid {
    columns: Vec<String>,
    lines: Vec<(usize, Vec<String>)>,
    /// What was wrong with the file, for people.
    pub remarks: Vec<String>,
}

/// One row of a [`Grid`].
#[derive(Debug, Clone, Copy)]
pub struct Line<'a> {
    /// Its number in the spreadsheet, from 1.
    pub number: usize,
    columns: &'a [String],
    cells: &'a [String],
}

impl<'a> Line<'a> {
    /// Text of the cell in a column, without white space around it and without the apostrophe that keeps formulas
    /// from running; empty if there is none.
    pub fn cell(&self, column: &str) -> &'a str {
        let at = self.columns.iter().position(|name| name == column);
        at.and_then(|at| self.cells.get(at)).map_or("", |text| restore(text.trim()))
    }
}

impl Grid {
    /// Reads a CSV file (`,`, `;` or tab; any encoding) or a workbook (XLSX, ODS, XLS).
    ///
    /// The header may stand anywhere, as after sorting. An error if there is none with `pair_id` and `mark`.
    pub fn read(path: &Path) -> Result<Self, ReviewError> {
        let bytes = std::fs::read(path).map_err(|source| ReviewError::Read { path: path.to_owned(), source })?;
        let (sheets, remarks) = if WORKBOOKS.iter().any(|start| bytes.starts_with(start)) {
            let sheets = sheets(bytes).map_err(|problem| ReviewError::Workbook { path: path.to_owned(), problem })?;
            (sheets, Vec::new())
        } else {
            let (text, remarks) = decode(&bytes);
            (vec![records(&text)], remarks)
        };
        let (mut grids, mut found) = (Vec::new(), String::new());
        for records in sheets {
            match Self::under_header(records) {
                Ok(grid) => grids.push(grid),
                Err(near) => found.push_str(&near),
            }
        }
        let merged = grids.into_iter().reduce(|mut all, next| {
            let order: Vec<Option<usize>> =
                all.columns.iter().map(|name| next.columns.iter().position(|other| other == name)).collect();
            let cell = |cells: &[String], at: Option<usize>| at.and_then(|at| cells.get(at)).cloned();
            let moved = next.lines.iter().map(|(number, cells)| {
                (*number, order.iter().map(|&at| cell(cells, at).unwrap_or_default()).collect())
            });
            all.lines.extend(moved);
            all
        });
        let merged = merged.ok_or_else(|| ReviewError::NoTable { path: path.to_owned(), found })?;
        Ok(Self { remarks, ..merged })
    }

    /// The rows, in the order of the file.
    pub fn lines(&self) -> impl Iterator<Item = Line<'_>> {
        self.lines.iter().map(|(number, cells)| Line { number: *number, columns: &self.columns, cells })
    }

    /// Whether the header has this column.
    pub fn has(&self, column: &str) -> bool {
        self.columns.iter().any(|name| name == column)
    }

    /// The rows under the header, wherever it stands; else what is to be said of a row that lacks one of its columns.
    fn under_header(mut records: Records) -> Result<Self, String> {
        let names = |cells: &[String]| -> Vec<String> {
            cells.iter().map(|cell| restore(cell.trim()).to_lowercase()).collect()
        };
        let missing = |cells: &[String]| -> Vec<&'static str> {
            let names = names(cells);
            HEADER.into_iter().filter(|wanted| !names.iter().any(|name| name == wanted)).collect()
        };
        let Some(at) = records.iter().position(|cells| missing(cells).is_empty()) else {
            let near = records.iter().find_map(|cells| match missing(cells).as_slice() {
                [column] => Some(format!(" (`{column}` is missing in `{}`)", short(&names(cells).join(", "), 200))),
                _ => None,
            });
            return Err(near.unwrap_or_default());
        };
        let columns = names(&std::mem::take(&mut records[at]));
        let lines = (1..).zip(records).filter(|(_, cells)| cells.iter().any(|cell| !cell.trim().is_empty()));
        Ok(Self { columns, lines: lines.collect(), remarks: Vec::new() })
    }
}

/// Every sheet of a workbook.
fn sheets(bytes: Vec<u8>) -> Result<Vec<Records>, String> {
    let mut book = calamine::open_workbook_auto_from_rs(Cursor::new(bytes)).map_err(|problem| problem.to_string())?;
    let mut sheets = Vec::new();
    for name in book.sheet_names() {
        let range = book.worksheet_range(&name).map_err(|problem| problem.to_string())?;
        // A range begins at its first cell that is used; numbers of rows are those that a person sees.
        let above = range.start().map_or(0, |(row, _)| row as usize);
        let rows = range.rows().map(|row| row.iter().map(ToString::to_string).collect());
        sheets.push(std::iter::repeat_n(Vec::new(), above).chain(rows).collect());
    }
    Ok(sheets)
}

fn records(text: &str) -> Records {
    let header = text.lines().find(|line| line.to_lowercase().contains(HEADER[0])).unwrap_or_default();
    let count = |delimiter: &u8| header.bytes().filter(|byte| byte == delimiter).count();
    let delimiter = [b'\t', b';', b','].into_iter().max_by_key(count).unwrap_or(b',');
    let mut reader =
        csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).has_headers(false).from_reader(text.as_bytes());
    // The text is valid UTF-8 and rows may have any length: no record can fail.
    reader.records().filter_map(Result::ok).map(|record| record.iter().map(str::to_owned).collect()).collect()
}

/// Text of a file, and what is to be said of its encoding.
pub(super) fn decode(bytes: &[u8]) -> (String, Vec<String>) {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return (encoding.decode_without_bom_handling(&bytes[mark..]).0.into_owned(), Vec::new());
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return (text.to_owned(), Vec::new());
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    let encoding = detector.guess(None, Utf8Detection::Deny);
    let text = encoding.decode_without_bom_handling(bytes).0.into_owned();
    (text, vec![format!("not saved as UTF-8: read as {}; ids and marks are safe", encoding.name())])
}
