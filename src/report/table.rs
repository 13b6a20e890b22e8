//! The columns of every table, defined once for all formats.

use std::collections::{BTreeSet, HashMap};

use super::{About, ArticleRow, ClaimRow, Matrix, MatrixRow, Report, Row, Stance, WatchRow};

/// Columns that a spreadsheet holds.
pub(super) const MOST_COLUMNS: usize = 16_384;
/// Cells that `matrix.csv` may have: there the empty ones take room, too.
const MOST_CELLS: usize = 100_000_000;

/// A value in a table.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Words from articles or people: cut and made harmless where a spreadsheet needs it.
    Text(String),
    /// An id that is read back: never changed.
    Id(String),
    /// A score that is read back: four decimals, always a point.
    Score(f64),
    /// A score for people: four decimals, point or comma as the locale has it.
    Number(f64),
    /// A whole number.
    Count(usize),
}

/// Head of a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Width that shows most of its cells, in characters.
    pub width: u16,
}

/// Rows under named columns.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// Name of the file and of the sheet.
    pub name: &'static str,
    /// Heads.
    pub columns: Vec<Column>,
    /// Cells, one list per row, in the order of the columns.
    pub rows: Vec<Vec<Cell>>,
}

/// Head, width and content of a column whose rows are made from `R`.
type ColumnOf<'a, R> = (&'a str, u16, fn(&R) -> Cell);

impl Table {
    fn new<R>(name: &'static str, rows: &[R], columns: &[ColumnOf<'_, R>]) -> Self {
        Self {
            name,
            columns: columns.iter().map(|&(name, width, _)| Column { name: name.to_owned(), width }).collect(),
            rows: rows.iter().map(|row| columns.iter().map(|(_, _, cell)| cell(row)).collect()).collect(),
        }
    }
}

/// The tables of a report in the order in which a person wants them; rows of `matrix` have no cells for the articles.
pub fn tables(report: &Report) -> Vec<Table> {
    tables_with(report, Some(&report.matrix))
}

/// As [`tables`], with another matrix than the report's own, or none.
pub(super) fn tables_with(report: &Report, shown: Option<&Matrix>) -> Vec<Table> {
    let mut tables = vec![pairs(&report.pairs), claims(&report.claims)];
    tables.extend(shown.map(matrix));
    if !report.watch.is_empty() {
        tables.push(watch(&report.watch));
    }
    tables.extend([articles(&report.articles), about(&report.about)]);
    tables
}

type PairColumn = (&'static str, u16, fn(&Row) -> Cell);

const PAIRS: [PairColumn; 28] = [
    ("pair_id", 19, |row| id(&row.pair_id)),
    ("claim_id", 19, |row| id(&row.claim_id)),
    ("relation", 14, |row| text(&row.relation)),
    ("confidence", 12, |row| Cell::Score(row.confidence)),
    ("reason", 28, |row| text(&row.reason)),
    ("left_text", 60, |row| text(&row.left.text)),
    ("right_text", 60, |row| text(&row.right.text)),
    ("left_article", 28, |row| text(&row.left.article)),
    ("left_lang", 6, |row| text(&row.left.lang)),
    ("left_date", 11, |row| text(&row.left.date)),
    ("left_outlet", 18, |row| text(&row.left.outlet)),
    ("left_speaker", 18, |row| text(&row.left.speaker)),
    ("left_start", 7, |row| Cell::Count(row.left.start)),
    ("left_end", 7, |row| Cell::Count(row.left.end)),
    ("right_article", 28, |row| text(&row.right.article)),
    ("right_lang", 6, |row| text(&row.right.lang)),
    ("right_date", 11, |row| text(&row.right.date)),
    ("right_outlet", 18, |row| text(&row.right.outlet)),
    ("right_speaker", 18, |row| text(&row.right.speaker)),
    ("right_start", 7, |row| Cell::Count(row.right.start)),
    ("right_end", 7, |row| Cell::Count(row.right.end)),
    ("similarity", 10, |row| Cell::Score(row.similarity)),
    ("p_agreement", 10, |row| Cell::Score(row.p_agreement)),
    ("p_contradiction", 10, |row| Cell::Score(row.p_contradiction)),
    ("p_unrelated", 10, |row| Cell::Score(row.p_unrelated)),
    ("mark", 14, |row| text(&row.mark)),
    ("note", 30, |row| text(&row.note)),
    ("reviewer", 14, |row| text(&row.reviewer)),
];

/// Columns that only the machine form has: the sentences around both, which a spreadsheet row cannot hold.
const CONTEXT: [PairColumn; 5] = [
    ("conflict", 0, |row| text(row.conflict())),
    ("left_before", 0, |row| text(&row.left.before)),
    ("left_after", 0, |row| text(&row.left.after)),
    ("right_before", 0, |row| text(&row.right.before)),
    ("right_after", 0, |row| text(&row.right.after)),
];

/// `pairs`: one row per judged pair.
pub fn pairs(rows: &[Row]) -> Table {
    Table::new("pairs", rows, &PAIRS)
}

/// Name and value of every column of a pair in its machine form.
pub(super) fn machine_columns(row: &Row) -> impl Iterator<Item = (&'static str, Cell)> + '_ {
    PAIRS.iter().chain(&CONTEXT).map(move |(name, _, cell)| (*name, cell(row)))
}

/// `claims`: one row per claim group.
pub fn claims(rows: &[ClaimRow]) -> Table {
    Table::new(
        "claims",
        rows,
        &[
            ("claim_id", 19, |row| id(&row.claim_id)),
            ("wording", 70, |row| text(&row.wording)),
            ("lang", 7, |row| text(&row.lang)),
            ("articles", 10, |row| Cell::Count(row.articles)),
            ("languages", 16, |row| text(&row.languages.join(" "))),
            ("outlets", 40, |row| text(&row.outlets.join(", "))),
            ("sources", 10, |row| Cell::Count(row.sources)),
            ("agreements", 11, |row| Cell::Count(row.agreements)),
            ("contradictions", 14, |row| Cell::Count(row.contradictions)),
            ("inconsistent", 12, |row| text(if row.inconsistent { "yes" } else { "" })),
            ("first_date", 11, |row| text(&row.first_date)),
            ("last_date", 11, |row| text(&row.last_date)),
            ("strongest", 10, |row| Cell::Number(row.strongest)),
        ],
    )
}

/// `matrix`: claim x article; the rows end before the articles, as nearly all of those cells are empty.
pub(super) fn matrix(matrix: &Matrix) -> Table {
    let column = |name: &str, width| Column { name: name.to_owned(), width };
    let heads = [column("claim_id", 19), column("wording", 60)];
    Table {
        name: "matrix",
        columns: heads.into_iter().chain(matrix.articles.iter().map(|article| column(article, 5))).collect(),
        rows: matrix.rows.iter().map(|row| vec![id(&row.claim_id), text(&row.wording)]).collect(),
    }
}

/// The matrix without the articles that speak of no claim.
pub(super) fn stated(matrix: &Matrix) -> Matrix {
    let stances = matrix.rows.iter().flat_map(|row| &row.stances);
    let kept: BTreeSet<usize> = stances.map(|&(at, _)| at).filter(|&at| at < matrix.articles.len()).collect();
    let place: HashMap<usize, usize> = kept.iter().copied().zip(0..).collect();
    let rows = matrix.rows.iter().map(|row| MatrixRow {
        claim_id: row.claim_id.clone(),
        wording: row.wording.clone(),
        stances: row.stances.iter().filter_map(|&(at, stance)| Some((*place.get(&at)?, stance))).collect(),
    });
    Matrix { articles: kept.iter().map(|&at| matrix.articles[at].clone()).collect(), rows: rows.collect() }
}

/// Why there is no `matrix.csv`; `None` where there is one.
pub(super) fn without_csv(matrix: &Matrix) -> Option<String> {
    let (claims, articles) = (matrix.rows.len(), matrix.articles.len());
    let fits = articles + 2 <= MOST_COLUMNS && claims.saturating_mul(articles + 2) <= MOST_CELLS;
    (!fits).then(|| format!("no matrix.csv: {claims} claims x {articles} articles are too many"))
}

/// `articles`: one row per article.
pub fn articles(rows: &[ArticleRow]) -> Table {
    Table::new(
        "articles",
        rows,
        &[
            ("article", 36, |row| text(&row.article)),
            ("lang", 7, |row| text(&row.lang)),
            ("date", 11, |row| text(&row.date)),
            ("outlet", 24, |row| text(&row.outlet)),
            ("title", 60, |row| text(&row.title)),
            ("url", 30, |row| text(&row.url)),
            ("sentences", 10, |row| Cell::Count(row.sentences)),
            ("agreements", 11, |row| Cell::Count(row.agreements)),
            ("contradictions", 14, |row| Cell::Count(row.contradictions)),
        ],
    )
}

/// `watch`: for each claim that the user asked about, what each article says.
pub fn watch(rows: &[WatchRow]) -> Table {
    Table::new(
        "watch",
        rows,
        &[
            ("claim", 50, |row| text(&row.claim)),
            ("article", 36, |row| text(&row.article)),
            ("lang", 7, |row| text(&row.lang)),
            ("date", 11, |row| text(&row.date)),
            ("outlet", 24, |row| text(&row.outlet)),
            ("stance", 12, |row| text(word(row.stance))),
            ("confidence", 12, |row| unless_silent(row, Cell::Score(row.confidence))),
            ("sentence", 70, |row| text(&row.sentence)),
            ("speaker", 18, |row| text(&row.speaker)),
            ("start", 7, |row| unless_silent(row, Cell::Count(row.start))),
            ("end", 7, |row| unless_silent(row, Cell::Count(row.end))),
        ],
    )
}

/// The cell, or an empty one where the article does not speak of the claim.
fn unless_silent(row: &WatchRow, cell: Cell) -> Cell {
    if row.stance == Stance::Silent { text("") } else { cell }
}

/// `about`: facts about the run.
pub fn about(facts: &About) -> Table {
    Table::new("about", facts, &[("fact", 30, |fact| text(&fact.0)), ("value", 90, |fact| text(&fact.1))])
}

/// The word for a stance in `watch`.
pub(super) fn word(stance: Stance) -> &'static str {
    match stance {
        Stance::Agrees => "agrees",
        Stance::Contradicts => "contradicts",
        Stance::Both => "agrees and contradicts",
        Stance::Silent => "not stated",
    }
}

/// The letters for a stance in `matrix`: `A` agrees, `C` contradicts, `AC` does both, empty does not speak of it.
pub(super) fn letters(stance: Stance) -> &'static str {
    match stance {
        Stance::Agrees => "A",
        Stance::Contradicts => "C",
        Stance::Both => "AC",
        Stance::Silent => "",
    }
}

fn text(words: &str) -> Cell {
    Cell::Text(words.to_owned())
}

fn id(id: &str) -> Cell {
    Cell::Id(id.to_owned())
}
