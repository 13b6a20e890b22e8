//! Marks kept beside the runs, one JSON object a line, and shown again by later runs.

use std::collections::HashMap;
use std::path::Path;

use super::damage::is_damaged_form;
use super::{Mark, ReviewError, Reviewed, read};
use crate::report::Report;

/// All marks, one per pair and reviewer, in the order in which they were read.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Marks {
    rows: Vec<Reviewed>,
}

impl Marks {
    /// Reads a file of marks; no file is no marks.
    pub fn read(path: &Path) -> Result<Self, ReviewError> {
        let mut marks = Self::default();
        if path.exists() {
            marks.add(read_rows(path)?);
        }
        Ok(marks)
    }

    /// The marks.
    pub fn rows(&self) -> &[Reviewed] {
        &self.rows
    }

    /// Adds rows: a later mark of a reviewer on a pair replaces an earlier one, a note without a mark does not.
    ///
    /// A reviewer whose name lost letters is the one known reviewer whom the rest of the name fits.
    pub fn add(&mut self, rows: Vec<Reviewed>) {
        let mut all = std::mem::take(&mut self.rows);
        all.extend(rows);
        let whole = whole_names(&all);
        let mut kept: Vec<Option<Reviewed>> = Vec::with_capacity(all.len());
        let mut of_pair: HashMap<String, Vec<usize>> = HashMap::new();
        for mut row in all {
            if let Some(name) = whole.get(&row.reviewer) {
                row.reviewer.clone_from(name);
            }
            let places = of_pair.entry(row.pair_id.clone()).or_default();
            let replaced = places.iter().find(|&&at| kept[at].as_ref().is_some_and(|old| replaces(&row, old)));
            if let Some(old) = replaced.and_then(|&at| kept[at].take()) {
                row = merged(row, old);
            }
            places.push(kept.len());
            kept.push(Some(row));
        }
        self.rows = kept.into_iter().flatten().collect();
    }

    /// The file of marks.
    pub fn to_jsonl(&self) -> Vec<u8> {
        let line = |row: &Reviewed| serde_json::to_string(row).expect("texts and finite numbers") + "\n";
        self.rows.iter().map(line).collect::<String>().into_bytes()
    }
}

/// Whether the rows are by one person on one pair; a name may have been filled in later.
fn replaces(new: &Reviewed, old: &Reviewed) -> bool {
    old.reviewer == new.reviewer || (old.reviewer.is_empty() && old.mark == new.mark && old.relation == new.relation)
}

/// The new row, with what only the old one knows; a mark stays where the new row has none.
fn merged(new: Reviewed, old: Reviewed) -> Reviewed {
    let keeps_note = new.note.is_empty() || is_damaged_form(&new.note, &old.note);
    let note = if keeps_note { old.note.clone() } else { new.note.clone() };
    if new.mark.is_none() && old.mark.is_some() {
        return Reviewed { note, ..old };
    }
    if new.relation.is_some() && new.relation != old.relation {
        return Reviewed { note, ..new };
    }
    let known = |own: String, other: String| if own.is_empty() { other } else { own };
    let is_known = new.mark == old.mark && note == old.note;
    Reviewed {
        read_at: if is_known { old.read_at } else { new.read_at },
        note,
        relation: old.relation,
        confidence: new.confidence.or(old.confidence),
        languages: known(new.languages, old.languages),
        reason: known(new.reason, old.reason),
        ..new
    }
}

/// Rows of a file of marks.
pub(super) fn read_rows(path: &Path) -> Result<Vec<Reviewed>, ReviewError> {
    let text = std::fs::read_to_string(path).map_err(|source| ReviewError::Read { path: path.to_owned(), source })?;
    let lines = (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty());
    lines
        .map(|(number, line)| {
            let failed = |problem: String| ReviewError::Line { path: path.to_owned(), line: number, problem };
            let row: Reviewed = serde_json::from_str(line).map_err(|problem| failed(problem.to_string()))?;
            if row.pair_id.is_empty() { Err(failed("there is no pair_id".to_owned())) } else { Ok(row) }
        })
        .collect()
}

/// For each name that lost letters, the one whole name that it can be.
fn whole_names(rows: &[Reviewed]) -> HashMap<String, String> {
    let mut names: Vec<&str> = rows.iter().map(|row| row.reviewer.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    let whole_of = |name: &str| {
        let mut fitting = names.iter().filter(|other| is_damaged_form(name, other));
        fitting.next().filter(|_| fitting.next().is_none()).map(|&whole| whole.to_owned())
    };
    names.iter().filter_map(|&name| Some((name.to_owned(), whole_of(name)?))).collect()
}

/// Fills mark, note and reviewer of every row that was marked before.
///
/// `right` and `wrong` speak of the relation that was shown. Where the row now has another one, `right` becomes the
/// relation that was right, and `wrong` says nothing: the cell stays empty, as it does where that relation is unknown.
pub fn carry_over(report: &mut Report, marks: &Marks) {
    let mut latest: HashMap<&str, &Reviewed> = HashMap::new();
    for row in marks.rows() {
        let known = latest.entry(&row.pair_id).or_insert(row);
        if row.mark.is_some() || known.mark.is_none() {
            *known = row;
        }
    }
    for row in &mut report.pairs {
        if let Some(known) = latest.get(row.pair_id.as_str()) {
            let same = known.relation.is_some_and(|shown| shown.name() == row.relation);
            row.mark = match (known.mark, known.relation) {
                (Some(Mark::Right), Some(shown)) if !same => shown.name(),
                (Some(Mark::Right | Mark::Wrong), _) if !same => "",
                (mark, _) => mark.map_or("", Mark::name),
            }
            .to_owned();
            row.note.clone_from(&known.note);
            row.reviewer.clone_from(&known.reviewer);
        }
    }
}

/// Whether a file of pairs holds a person's work and must not be overwritten; a file that is no such table does, too.
pub fn has_marks(path: &Path) -> bool {
    path.exists() && read(path).map_or(true, |sheet| !sheet.rows.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::judge::Relation;
    use crate::report::Row;

    fn said(pair: &str, reviewer: &str, mark: Option<Mark>) -> Reviewed {
        let relation = Some(Relation::Agreement);
        Reviewed { pair_id: pair.into(), reviewer: reviewer.into(), mark, relation, ..Reviewed::default() }
    }

    fn marks(rows: Vec<Reviewed>) -> Marks {
        let mut marks = Marks::default();
        marks.add(rows);
        marks
    }

    #[test]
    fn a_later_mark_replaces_the_same_reviewers_earlier_one_only() {
        let marks = marks(vec![
            said("p1", "Ana", Some(Mark::Right)),
            said("p1", "Bo", Some(Mark::Wrong)),
            said("p1", "Ana", Some(Mark::Wrong)),
        ]);
        let who: Vec<_> = marks.rows().iter().map(|row| (row.reviewer.as_str(), row.mark.unwrap())).collect();
        assert_eq!(who, [("Bo", Mark::Wrong), ("Ana", Mark::Wrong)]);
    }

    #[test]
    fn a_note_alone_does_not_take_a_mark_away() {
        let note = Reviewed { note: "see page 2".into(), ..said("p1", "Ana", None) };
        let marks = marks(vec![said("p1", "Ana", Some(Mark::Right)), note]);
        assert_eq!((marks.rows().len(), marks.rows()[0].mark), (1, Some(Mark::Right)));
        assert_eq!(marks.rows()[0].note, "see page 2");
    }

    #[test]
    fn a_reviewer_whose_name_lost_letters_is_not_a_second_one() {
        let noted =
            |reviewer: &str, note: &str| Reviewed { note: note.into(), ..said("p1", reviewer, Some(Mark::Right)) };
        let marks = marks(vec![noted("Željka", "točno"), noted("?eljka", "to?no")]);
        assert_eq!(marks.rows(), [noted("Željka", "točno")]);
    }

    #[test]
    fn a_name_that_is_filled_in_later_makes_no_second_reviewer() {
        let marks = marks(vec![said("p1", "", Some(Mark::Right)), said("p1", "Ana", Some(Mark::Right))]);
        assert_eq!(marks.rows(), [said("p1", "Ana", Some(Mark::Right))]);
    }

    #[test]
    fn what_a_shortened_file_lacks_stays_known_for_the_same_relation() {
        let whole = Reviewed {
            confidence: Some(0.8),
            languages: "el-pl".into(),
            reason: "number: 15 / 40".into(),
            ..said("p1", "Ana", Some(Mark::Right))
        };
        let short = Reviewed { relation: None, ..said("p1", "Ana", Some(Mark::Wrong)) };
        let after = marks(vec![whole.clone(), short]);
        assert_eq!(after.rows(), [Reviewed { mark: Some(Mark::Wrong), ..whole.clone() }]);
        let other = Reviewed { relation: Some(Relation::Unrelated), ..said("p1", "Ana", Some(Mark::Right)) };
        assert_eq!(marks(vec![whole, other.clone()]).rows(), [other]);
    }

    #[test]
    fn right_and_wrong_speak_of_the_relation_that_was_shown() {
        let shown = |known: Reviewed, now: Relation| {
            let mut report = Report::default();
            report.pairs.push(Row { pair_id: "p1".into(), relation: now.name().into(), ..Row::default() });
            carry_over(&mut report, &marks(vec![known]));
            report.pairs[0].mark.clone()
        };
        let unknown = |mark| Reviewed { relation: None, ..said("p1", "Ana", Some(mark)) };
        assert_eq!(shown(unknown(Mark::Right), Relation::Agreement), "");
        assert_eq!(shown(unknown(Mark::Relation(Relation::Agreement)), Relation::Contradiction), "agreement");
        let shows = |mark, now| shown(said("p1", "Ana", Some(mark)), now);
        assert_eq!(shows(Mark::Right, Relation::Agreement), "right");
        assert_eq!(shows(Mark::Wrong, Relation::Agreement), "wrong");
        assert_eq!(shows(Mark::Right, Relation::Contradiction), "agreement");
        assert_eq!(shows(Mark::Wrong, Relation::Contradiction), "");
        assert_eq!(shows(Mark::Relation(Relation::Unrelated), Relation::Contradiction), "unrelated");
    }

    #[test]
    fn a_broken_line_of_marks_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("marks.jsonl");
        std::fs::write(&path, "{\"pair_id\":\"p1\",\"mark\":\"right\"}\n{\"pair_id\":\"p2\",\"mark\":\"maybe\"}\n")
            .unwrap();
        let problem = Marks::read(&path).unwrap_err().to_string();
        assert!(problem.contains("line 2") && problem.contains("`maybe` is no mark"), "{problem}");
        assert_eq!(Marks::read(&folder.path().join("none.jsonl")).unwrap(), Marks::default());
    }
}
