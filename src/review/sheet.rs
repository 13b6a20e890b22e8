//! From the cells of a reviewed file to its marks.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;

use super::damage::{is_damaged, unscramble};
use super::grid::{Grid, Line};
use super::marks::{NO_MARK, own_note};
use super::{Mark, RELATIONS, ReviewError, Reviewed, Stratum, marks, relation_named, short};
use crate::judge::{Relation, language_pair};

/// Columns in which letters may have been lost.
const WORDS: [&str; 4] = ["left_text", "right_text", "note", "reviewer"];
/// Words in `mark` that are no marks, and numbers of their rows, that are written out.
const LISTED: (usize, usize) = (10, 3);

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
        let own = |row: Reviewed| Reviewed { note: own_note(&row.note).to_owned(), ..row };
        let says = |row: &Reviewed| row.mark.is_some() || !row.note.is_empty();
        let (rows, open): (Vec<_>, Vec<_>) = marks::read_rows(path)?.into_iter().map(own).partition(says);
        return Ok(Sheet { rows, open: open.len(), ..Sheet::default() });
    }
    let grid = Grid::read(path)?;
    let mut sheet = Sheet { remarks: grid.remarks.clone(), ..Sheet::default() };
    let (mut damaged, mut confidences, mut without_confidence, mut strata) = (0, 0, 0, 0);
    let (mut changed, mut twice): (Vec<usize>, Vec<usize>) = (Vec::new(), Vec::new());
    let mut said_before: HashMap<(String, String), Mark> = HashMap::new();
    let mut other_words: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for line in grid.lines() {
        damaged += usize::from(WORDS.iter().any(|column| is_damaged(line.cell(column))));
        let said = line.cell("mark");
        if !said.is_empty() && Mark::parse(said).is_none() {
            other_words.entry(said.to_lowercase()).or_default().push(line.number);
        }
        if named(&line).is_some_and(|relation| marked(&line).0 != Some(relation)) {
            changed.push(line.number);
        }
        let stratum = stratum(&line);
        strata += usize::from(stratum.is_none() && !line.cell("stratum_rows").is_empty());
        sheet.strata.extend(stratum.clone());
        match reviewed(&line, &mut sheet.remarks) {
            Some(row) => {
                let is_empty = line.cell("confidence").is_empty();
                confidences += usize::from(row.confidence.is_none() && !is_empty);
                without_confidence += usize::from(row.mark.is_some() && is_empty);
                if let Some(mark) = row.mark {
                    let who = (row.pair_id.clone(), row.reviewer.to_lowercase());
                    if said_before.insert(who, mark).is_some_and(|before| before != mark) {
                        twice.push(line.number);
                    }
                }
                sheet.rows.push(Reviewed { stratum, ..row });
            }
            None => sheet.open += 1,
        }
    }
    sheet.remarks.extend(no_marks(other_words));
    if !changed.is_empty() {
        sheet.remarks.push(format!(
            "`relation` was changed in {}: `right` counts there for what it says now, `wrong` against what the \
             program said; corrections belong in `mark`",
            numbers(&changed)
        ));
    }
    if damaged > 0 {
        sheet.remarks.push(format!("letters were lost in {damaged} rows when it was saved; ids and marks are safe"));
    }
    if confidences > 0 {
        sheet.remarks.push(format!("the confidence of {confidences} marked rows is no number from 0 to 1"));
    }
    if without_confidence > 0 {
        sheet.remarks.push(format!(
            "{without_confidence} marked rows have no `confidence`: no thresholds can be advised from them"
        ));
    }
    if !twice.is_empty() {
        sheet.remarks.push(format!(
            "pairs of rows above are marked again, and differently, in {}: the later row counts",
            numbers(&twice)
        ));
    }
    if strata > 0 {
        sheet.remarks.push(format!("`stratum_rows` of {strata} rows is no whole number"));
    }
    Ok(sheet)
}

/// The relation that the program gave in a row, and the mark as it speaks of that one.
///
/// Where somebody wrote over the relation, other columns still tell what it was, and `right` is said of the new one.
pub fn marked(line: &Line<'_>) -> (Option<Relation>, Option<Mark>) {
    let mark = Mark::parse(line.cell("mark"));
    match (named(line), given(line)) {
        (Some(now), Some(given)) if now != given && mark == Some(Mark::Right) => {
            (Some(given), Some(Mark::Relation(now)))
        }
        (None, _) if !line.cell("relation").is_empty() => (None, mark),
        (now, given) => (given.or(now), mark),
    }
}

fn named(line: &Line<'_>) -> Option<Relation> {
    relation_named(&line.cell("relation").to_lowercase())
}

/// The relation that the rest of a row tells: the one whose probability is the confidence, and that of the part of the
/// run; `None` where they do not tell or differ.
fn given(line: &Line<'_>) -> Option<Relation> {
    let confidence = share(line.cell("confidence"));
    let is_it = |relation: &Relation| {
        let own = share(line.cell(&format!("p_{}", relation.name())));
        own.zip(confidence).is_some_and(|(own, confidence)| (own - confidence).abs() < 5e-5)
    };
    let mut fitting = RELATIONS.into_iter().filter(is_it);
    let by_confidence = fitting.next().filter(|_| fitting.next().is_none());
    let by_stratum = line.cell("stratum").split(' ').next().and_then(relation_named);
    match (by_confidence, by_stratum) {
        (Some(one), Some(other)) if one != other => None,
        (one, other) => one.or(other),
    }
}

fn reviewed(line: &Line<'_>, remarks: &mut Vec<String>) -> Option<Reviewed> {
    let (said, (relation, mark)) = (line.cell("mark"), marked(line));
    let mut note = own_note(&whole(line.cell("note"))).to_owned();
    if mark.is_none() && !said.is_empty() {
        note = format!("{NO_MARK}{}] {note}", said.replace(']', ")")).trim_end().to_owned();
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
        relation,
        confidence: share(line.cell("confidence")),
        languages: languages(line),
        reason: line.cell("reason").to_owned(),
        read_at: None,
        stratum: None,
        texts: ["left_text", "right_text"].map(|column| whole(line.cell(column))),
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
    // A spreadsheet may have given the number decimals.
    let rows: f64 = line.cell("stratum_rows").replace(',', ".").parse().ok()?;
    let is_count = rows >= 0.0 && rows.fract() == 0.0;
    is_count.then(|| Stratum { name: line.cell("stratum").to_owned(), rows: rows as usize })
}

/// What is to be said of words in `mark` that are no marks, the most frequent first; each with its rows.
fn no_marks(words: BTreeMap<String, Vec<usize>>) -> Option<String> {
    let mut words = Vec::from_iter(words);
    words.sort_by_key(|(_, rows)| Reverse(rows.len()));
    let listed = words.iter().take(LISTED.0).map(|(word, rows)| format!("`{}` in {}", short(word, 40), numbers(rows)));
    let mut listed = Vec::from_iter(listed);
    if words.len() > LISTED.0 {
        listed.push(format!("{} more", words.len() - LISTED.0));
    }
    let marks = "marks are right, wrong, agreement, contradiction, unrelated";
    (!words.is_empty()).then(|| format!("no marks, kept as notes: {}; {marks}", listed.join(", ")))
}

/// Rows by their numbers in the spreadsheet, the first of them.
fn numbers(rows: &[usize]) -> String {
    let first = Vec::from_iter(rows.iter().take(LISTED.1).map(ToString::to_string)).join(", ");
    match rows {
        [row] => format!("row {row}"),
        _ if rows.len() > LISTED.1 => format!("{} rows ({first}, …)", rows.len()),
        _ => format!("{} rows ({first})", rows.len()),
    }
}
