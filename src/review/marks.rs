//! Marks kept beside the runs, one JSON object a line, and shown again by later runs.

use std::collections::HashMap;
use std::path::Path;

use super::damage::is_damaged_form;
use super::grid::decode;
use super::precision::votes;
use super::{Mark, ReviewError, Reviewed, read, relation_named};
use crate::judge::Relation;
use crate::report::{Report, says};

/// How a note begins that tells what stood in `mark` and was no mark; a `]` ends it.
pub(super) const NO_MARK: &str = "[mark: ";
/// How a note begins that tells what reviewers said who differ; a `]` ends it.
const DIFFERING: &str = "[reviewers differ: ";

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
    /// A name in other capitals is the same name; one that lost letters is the one known name that the rest of it fits.
    pub fn add(&mut self, rows: Vec<Reviewed>) {
        let mut all = std::mem::take(&mut self.rows);
        all.extend(rows);
        write_alike(&mut all);
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
    let is_marked = new.mark.or(old.mark).is_some();
    let [fresh, kept] = [&new, &old].map(|row| if is_marked { own_note(&row.note) } else { row.note.as_str() });
    let keeps_note = fresh.is_empty() || is_damaged_form(fresh, kept);
    let note = if keeps_note { kept } else { fresh }.to_owned();
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
        stratum: new.stratum.or(old.stratum),
        texts: if new.texts[0].is_empty() { old.texts } else { new.texts },
        ..new
    }
}

/// Rows of a file of marks.
pub(super) fn read_rows(path: &Path) -> Result<Vec<Reviewed>, ReviewError> {
    let unreadable = |source| ReviewError::Read { path: path.to_owned(), source };
    let (text, remarks) = decode(&std::fs::read(path).map_err(unreadable)?);
    if !remarks.is_empty() {
        return Err(unreadable(std::io::Error::other("not saved as UTF-8")));
    }
    let lines = (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty());
    lines
        .map(|(number, line)| {
            let failed = |problem: String| {
                let problem = format!("{problem}; correct or delete this line");
                ReviewError::Line { path: path.to_owned(), line: number, problem }
            };
            let row: Reviewed = serde_json::from_str(line).map_err(|problem| failed(says(&problem)))?;
            if row.pair_id.is_empty() { Err(failed("there is no pair_id".to_owned())) } else { Ok(row) }
        })
        .collect()
}

/// The note without what the program wrote before it.
pub(super) fn own_note(note: &str) -> &str {
    let written = [NO_MARK, DIFFERING].into_iter().find_map(|start| note.strip_prefix(start));
    written.and_then(|rest| rest.split_once(']')).map_or(note, |(_, own)| own.trim_start())
}

/// Writes each name as it was written first, whatever its capitals and spaces.
fn write_alike(rows: &mut [Reviewed]) {
    let mut first: HashMap<String, String> = HashMap::new();
    for row in rows {
        let key = Vec::from_iter(row.reviewer.split_whitespace()).join(" ").to_lowercase();
        let name = first.entry(key).or_insert_with(|| row.reviewer.clone());
        row.reviewer.clone_from(name);
    }
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
/// Of several reviewers the majority counts; where as many say right as wrong, the note tells what each of them said.
pub fn carry_over(report: &mut Report, marks: &Marks) {
    let mut by_pair: HashMap<&str, Vec<&Reviewed>> = HashMap::new();
    for row in marks.rows() {
        by_pair.entry(&row.pair_id).or_default().push(row);
    }
    for row in &mut report.pairs {
        let Some(said) = by_pair.get(row.pair_id.as_str()) else { continue };
        let relation = relation_named(&row.relation);
        (row.mark, row.note, row.reviewer) = match of_majority(said, relation) {
            Some(known) => (word(known, relation).to_owned(), known.note.clone(), known.reviewer.clone()),
            None => (String::new(), differing(said, relation), String::new()),
        };
    }
}

/// The latest mark that the majority of reviewers shares, else the latest note; `None` where as many say right as wrong.
fn of_majority<'a>(said: &[&'a Reviewed], relation: Option<Relation>) -> Option<&'a Reviewed> {
    let (right, all) = relation.map_or((0, 0), |relation| votes(said, relation));
    if all > 0 && 2 * right == all {
        return None;
    }
    let verdict = |row: &Reviewed| row.verdict(relation?);
    let counts = |row: &&Reviewed| row.mark.is_some() && (all == 0 || verdict(row) == Some(2 * right > all));
    said.iter().rev().copied().find(counts).or(said.last().copied())
}

/// The word for a mark beside a relation; empty where it says nothing of that one.
fn word(known: &Reviewed, relation: Option<Relation>) -> &'static str {
    let is_same = known.relation.is_some() && known.relation == relation;
    match (known.mark, known.relation) {
        (Some(Mark::Right), Some(shown)) if !is_same => shown.name(),
        (Some(Mark::Right | Mark::Wrong), _) if !is_same => "",
        (mark, _) => mark.map_or("", Mark::name),
    }
}

/// What each reviewer says of a pair, as a note that is not read back.
fn differing(said: &[&Reviewed], relation: Option<Relation>) -> String {
    let one = |row: &&Reviewed| {
        row.verdict(relation?)?;
        let name = if row.reviewer.is_empty() { "(no name)" } else { row.reviewer.as_str() };
        let mark = Some(word(row, relation)).filter(|word| !word.is_empty()).or(row.mark.map(Mark::name))?;
        let note = if row.note.is_empty() { String::new() } else { format!(" ({})", row.note) };
        Some(format!("{name}: {mark}{note}"))
    };
    let each = Vec::from_iter(said.iter().filter_map(one)).join("; ");
    format!("{DIFFERING}{}]", each.replace(']', ")"))
}

/// Whether a file of pairs holds a person's work and must not be overwritten; a file that is no such table does, too.
pub fn has_marks(path: &Path) -> bool {
    path.exists() && read(path).map_or(true, |sheet| !sheet.rows.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
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
    fn a_name_in_other_capitals_is_no_second_reviewer() {
        let marks = marks(vec![
            said("p1", "Željka Marić", Some(Mark::Right)),
            said("p1", "željka  marić", Some(Mark::Wrong)),
            said("p2", "ŽELJKA MARIĆ", Some(Mark::Right)),
        ]);
        let who: Vec<_> = marks.rows().iter().map(|row| (row.reviewer.as_str(), row.mark.unwrap())).collect();
        assert_eq!(who, [("Željka Marić", Mark::Wrong), ("Željka Marić", Mark::Right)]);
    }

    #[test]
    fn what_was_no_mark_goes_when_there_is_one() {
        let noted = |note: &str, mark| Reviewed { note: note.into(), ..said("p1", "Ana", mark) };
        let after = |first: &str, second| marks(vec![noted(first, None), second]).rows()[0].note.clone();
        let right = Some(Mark::Right);
        assert_eq!(after("[mark: fine]", noted("", right)), "");
        assert_eq!(after("[mark: fine] other day", noted("", right)), "other day");
        assert_eq!(after("other day", noted("", right)), "other day");
        assert_eq!(after("other day", noted("[mark: fine]", None)), "[mark: fine]");
        let back = marks(vec![noted("other day", right), noted("[mark: fine]", None)]);
        assert_eq!(back.rows(), [noted("other day", right)]);
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
    fn of_several_reviewers_the_majority_is_shown_and_a_tie_is_told_in_the_note() {
        let shown = |said: Vec<Reviewed>| {
            let mut report = Report::default();
            report.pairs.push(Row { pair_id: "p1".into(), relation: "agreement".into(), ..Row::default() });
            carry_over(&mut report, &marks(said));
            let row = &report.pairs[0];
            (row.mark.clone(), row.note.clone(), row.reviewer.clone())
        };
        let unrelated = Some(Mark::Relation(Relation::Unrelated));
        let noted = Reviewed { note: "page [2]".into(), ..said("p1", "Bo", unrelated) };
        let two = vec![said("p1", "Ana", Some(Mark::Right)), noted];
        let note = "[reviewers differ: Ana: right; Bo: unrelated (page [2))]";
        assert_eq!(shown(two.clone()), (String::new(), note.to_owned(), String::new()));
        assert_eq!(own_note(note), "");
        assert_eq!(own_note(&format!("{note} I think right.")), "I think right.");
        let three = [vec![said("p1", "Cy", Some(Mark::Wrong))], two].concat();
        assert_eq!(shown(three), ("unrelated".to_owned(), "page [2]".to_owned(), "Bo".to_owned()));
        let right = said("p1", "Ana", Some(Mark::Right));
        let same = [right.clone(), said("p1", "Bo", Some(Mark::Relation(Relation::Agreement)))];
        assert_eq!(shown(same.to_vec()).0, "agreement");
        let majority = vec![same[1].clone(), right, said("p1", "Cy", Some(Mark::Wrong))];
        assert_eq!(shown(majority), ("right".to_owned(), String::new(), "Ana".to_owned()));
    }

    #[test]
    fn marks_that_an_editor_saved_with_a_byte_order_mark_are_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("marks.jsonl");
        let text = "\u{feff}{\"pair_id\":\"p1\",\"mark\":\"right\",\"note\":\"sjutton\"}\r\n";
        for bytes in [text.as_bytes().to_vec(), text.encode_utf16().flat_map(u16::to_le_bytes).collect()] {
            std::fs::write(&path, bytes).unwrap();
            assert_eq!(Marks::read(&path).unwrap().rows()[0].note, "sjutton");
        }
        std::fs::write(&path, b"{\"pair_id\":\"p1\",\"note\":\"sj\xe4tte\"}").unwrap();
        assert!(Marks::read(&path).unwrap_err().to_string().contains("not saved as UTF-8"));
    }

    #[test]
    fn a_broken_line_of_marks_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("marks.jsonl");
        std::fs::write(&path, "{\"pair_id\":\"p1\",\"mark\":\"right\"}\n{\"pair_id\":\"p2\",\"mark\":\"maybe\"}\n")
            .unwrap();
        let problem = Marks::read(&path).unwrap_err().to_string();
        assert!(problem.ends_with("line 2: `maybe` is no mark; correct or delete this line"), "{problem}");
        std::fs::write(&path, "{\"pair_id\":\"p1\"}\n{\"pair_id\":\"p2\",\"no").unwrap();
        let problem = Marks::read(&path).unwrap_err().to_string();
        assert!(problem.ends_with("line 2: the JSON is cut short; correct or delete this line"), "{problem}");
        assert_eq!(Marks::read(&folder.path().join("none.jsonl")).unwrap(), Marks::default());
    }
}
