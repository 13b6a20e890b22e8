//! From the cells of a reviewed file to its marks.

use std::collections::BTreeSet;
use std::path::Path;

use super::damage::{is_damaged, unscramble};
use super::grid::{Grid, Line};
use super::{Mark, ReviewError, Reviewed, Stratum, marks, relation_named};
use crate::judge::language_pair;

/// Columns in which letters may have been lost.
const WORDS: [&str; 4] = ["left_text", "right_text", "note", "reviewer"];

/// What a reviewed file holds.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Sheet {
    /// Rows with a mark or a note.
    pub rows: Vec<Reviewed>,
    /// Rows with neither.
    pub open: usize,
    /// Parts of the run that the file was drawn from, marked or not.
    pub strata: BTreeSet<Stratum>,
    /// Damage and unreadable marks, for people.
    pub remarks: Vec<String>,
}

impl Sheet {
    /// Rows of the run that no marked row stands for, where the file is a sample of it.
    pub fn uncovered(&self) -> usize {
        let marked = self.rows.iter().filter(|row| row.mark.is_some());
        let covered: BTreeSet<&Stratum> = marked.filter_map(|row| row.stratum.as_ref()).collect();
        self.strata.iter().filter(|stratum| !covered.contains(stratum)).map(|stratum| stratum.rows).sum()
    }
}

/// Reads the marks of a CSV file, a workbook, or a file of marks in JSON Lines.
pub fn read(path: &Path) -> Result<Sheet, ReviewError> {
    if path.extension().is_some_and(|extension| extension == "jsonl") {
        let says = |row: &Reviewed| row.mark.is_some() || !row.note.is_empty();
        let (rows, open): (Vec<_>, Vec<_>) = marks::read_rows(path)?.into_iter().partition(says);
        return Ok(Sheet { rows, open: open.len(), ..Sheet::default() });
    }
    let grid = Grid::read(path)?;
    let mut sheet = Sheet { remarks: grid.remarks.clone(), ..Sheet::default() };
    let (mut damaged, mut confidences) = (0, 0);
    for line in grid.lines() {
        damaged += usize::from(WORDS.iter().any(|column| is_damaged(line.cell(column))));
        let stratum = stratum(&line);
        sheet.strata.extend(stratum.clone());
        match reviewed(&line, &mut sheet.remarks) {
            Some(row) => {
                confidences += usize::from(row.confidence.is_none() && !line.cell("confidence").is_empty());
                sheet.rows.push(Reviewed { stratum, ..row });
            }
            None => sheet.open += 1,
        }
    }
    if damaged > 0 {
        sheet.remarks.push(format!("letters were lost in {damaged} rows when it was saved; ids and marks are safe"));
    }
    if confidences > 0 {
        sheet.remarks.push(format!("the confidence of {confidences} marked rows is no number from 0 to 1"));
    }
    Ok(sheet)
}

fn reviewed(line: &Line<'_>, remarks: &mut Vec<String>) -> Option<Reviewed> {
    let (said, mut note) = (line.cell("mark"), whole(line.cell("note")));
    let mark = Mark::parse(said);
    if mark.is_none() && !said.is_empty() {
        remarks.push(format!("row {}: `{said}` is no mark; it is kept as a note", line.number));
        note = if note.is_empty() { format!("mark: {said}") } else { format!("mark: {said}; {note}") };
    }
    if mark.is_none() && note.is_empty() {
        return None;
    }
    let pair_id = line.cell("pair_id");
    if pair_id.is_empty() {
        remarks.push(format!("row {}: `{said}` {note} has no pair_id: it belongs to no pair", line.number));
        return None;
    }
    Some(Reviewed {
        pair_id: pair_id.to_lowercase(),
        mark,
        note,
        reviewer: whole(line.cell("reviewer")),
        relation: relation_named(&line.cell("relation").to_lowercase()),
        confidence: share(line.cell("confidence")),
        languages: languages(line),
        reason: line.cell("reason").to_owned(),
        read_at: None,
        stratum: None,
    })
}

/// The text as it was typed, where it was read in the wrong encoding.
fn whole(text: &str) -> String {
    unscramble(text).unwrap_or_else(|| text.to_owned())
}

/// A number from 0 to 1, with a point or a comma.
fn share(text: &str) -> Option<f64> {
    text.replace(',', ".").parse().ok().filter(|number| (0.0..=1.0).contains(number))
}

fn languages(line: &Line<'_>) -> String {
    match (line.cell("left_lang"), line.cell("right_lang")) {
        ("", _) | (_, "") => String::new(),
        (left, right) => language_pair(left, right),
    }
}

fn stratum(line: &Line<'_>) -> Option<Stratum> {
    let rows = line.cell("stratum_rows").parse().ok()?;
    Some(Stratum { name: line.cell("stratum").to_owned(), rows })
}
