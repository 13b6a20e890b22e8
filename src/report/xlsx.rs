//! A workbook for reviewers.

use std::collections::HashMap;

use rust_xlsxwriter::{
    Color, DataValidation, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, FormatUnderline, Url,
    Workbook, Worksheet, XlsxError,
};

use super::csv::{cut, printable};
use super::table::{self, Cell, Column, MOST_COLUMNS, Table};
use super::{Matrix, Report, ReportError, Stance};

/// Rows that a sheet holds, the header left out.
const MOST_ROWS: usize = 1_048_575;
/// Rows with links: a sheet holds 65,530 of them, a pair has three.
const LINKED_ROWS: usize = 20_000;
/// Height of a line and the most that a row can have, in points.
const LINE: f64 = 15.0;
const HIGHEST: f64 = 409.0;
/// Paper size in the numbering of workbooks.
const A4: u8 = 9;
/// Longest address that a link may have.
const LONGEST_URL: usize = 2_000;
/// Columns of the sheet `pairs` in the order of a reviewer's eye: what is said, the texts, the reviewer's own columns,
/// then where it is from. Those not named follow in the order of `pairs.csv`.
const READING_ORDER: [&str; 8] =
    ["relation", "confidence", "reason", "left_text", "right_text", "mark", "note", "reviewer"];
/// What a reviewer may choose.
const MARKS: [&str; 5] = ["right", "wrong", "agreement", "contradiction", "unrelated"];

// Orange and blue keep apart for every kind of colour blindness; the word in the cell says the same.
const ORANGE: Color = Color::RGB(0xFB_D9_B5);
const BLUE: Color = Color::RGB(0xC6_DD_F2);
const GREY: Color = Color::RGB(0xEE_EE_EE);
const YELLOW: Color = Color::RGB(0xFF_F8_D6);
const DARK: Color = Color::RGB(0x1F_3A_5F);

/// The workbook: sheets `pairs`, `claims`, `matrix`, `watch` where the user asked for claims, `articles`, `about`, which says
/// what a sheet could not hold.
pub fn to_xlsx(report: &Report) -> Result<Vec<u8>, ReportError> {
    make(report).map_err(|problem| ReportError::Format { what: "XLSX", problem: problem.to_string() })
}

fn make(report: &Report) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    // Equal rows give equal bytes: no time of day in the file.
    let epoch = ExcelDateTime::from_ymd(2000, 1, 1)?;
    book.set_properties(&DocProperties::new().set_title("crossclaim report").set_creation_datetime(&epoch));
    let matrix = table::stated(&report.matrix);
    let tables = sheets(report, &matrix);
    let links = Links::of(report, &tables);
    for table in &tables {
        let sheet = book.add_worksheet();
        sheet.set_name(table.name)?;
        fill(sheet, table, &links)?;
        if table.name == "matrix" {
            fill_stances(sheet, &matrix)?;
        }
    }
    book.save_to_buffer()
}

fn sheets(report: &Report, matrix: &Matrix) -> Vec<Table> {
    let fits = matrix.articles.len() + 2 <= MOST_COLUMNS;
    let tables = table::tables_with(report, fits.then_some(matrix)).into_iter().map(|table| match table.name {
        "pairs" => reordered(table),
        _ => table,
    });
    let mut tables: Vec<Table> = tables.collect();
    let mut notes: Vec<String> = tables.iter().filter_map(cut_short).collect();
    if !fits {
        notes.push(format!("no sheet matrix: it cannot hold {} articles", matrix.articles.len()));
    }
    notes.extend(table::without_csv(matrix));
    if let Some(about) = tables.last_mut() {
        about.rows.extend(notes.into_iter().map(|note| vec![Cell::Text("note".to_owned()), Cell::Text(note)]));
    }
    tables
}

/// What to say of a table that is longer than a sheet.
fn cut_short(table: &Table) -> Option<String> {
    let rows = table.rows.len();
    (rows > MOST_ROWS).then(|| format!("sheet {}: the first {MOST_ROWS} of {rows} rows", table.name))
}

/// The table with its columns in the order of a reviewer's eye, ids last.
pub(crate) fn reordered(table: Table) -> Table {
    let rank = |name: &str| READING_ORDER.iter().position(|first| *first == name).unwrap_or(READING_ORDER.len());
    let mut order: Vec<usize> = (0..table.columns.len()).collect();
    order.sort_by_key(|&at| (rank(&table.columns[at].name), table.columns[at].name.ends_with("_id"), at));
    Table {
        name: table.name,
        columns: order.iter().map(|&at| table.columns[at].clone()).collect(),
        rows: table.rows.into_iter().map(|row| order.iter().map(|&at| row[at].clone()).collect()).collect(),
    }
}

/// Places in other sheets that cells point to.
struct Links {
    /// Row of each article in `articles`, from 2.
    articles: HashMap<String, usize>,
    /// Row of each claim in `claims`, from 2.
    claims: HashMap<String, usize>,
    /// Row of the first pair of each article and each claim in `pairs`, from 2.
    pairs: HashMap<String, usize>,
    /// Letter of the column `left_text` in `pairs`, where a reader wants to land.
    column: char,
}

impl Links {
    fn of(report: &Report, tables: &[Table]) -> Self {
        let mut pairs = HashMap::new();
        for (at, pair) in report.pairs.iter().take(MOST_ROWS).enumerate() {
            for key in [&pair.left.article, &pair.right.article, &pair.claim_id] {
                pairs.entry(key.clone()).or_insert(at + 2);
            }
        }
        let at = tables[0].columns.iter().position(|column| column.name == "left_text").unwrap_or(0);
        Self {
            articles: rows(report.articles.iter().map(|row| &row.article)),
            claims: rows(report.claims.iter().map(|row| &row.claim_id)),
            pairs,
            column: (b'A' + at as u8) as char,
        }
    }

    /// Where a cell of `sheet` points to, and what the link says when the pointer rests on it.
    fn target(&self, sheet: &str, column: &str, text: &str) -> Option<(String, &'static str)> {
        let (kind, row, tip) = match (sheet, column) {
            ("pairs" | "watch", "left_article" | "right_article" | "article") => {
                ("articles!A", self.articles.get(text)?, "the article's row")
            }
            ("pairs" | "matrix", "claim_id") => ("claims!A", self.claims.get(text)?, "the claim's row"),
            ("articles", "article") => return self.pair(text, "the first pair with this article"),
            ("claims", "claim_id") => return self.pair(text, "the first pair of this claim"),
            ("articles", "url") if is_web(text) => return Some((text.to_owned(), "open the page")),
            _ => return None,
        };
        Some((format!("internal:{kind}{row}"), tip))
    }

    fn pair(&self, key: &str, tip: &'static str) -> Option<(String, &'static str)> {
        Some((format!("internal:pairs!{}{}", self.column, self.pairs.get(key)?), tip))
    }
}

/// Row of each id in its sheet, from 2.
fn rows<'a>(ids: impl Iterator<Item = &'a String>) -> HashMap<String, usize> {
    ids.take(MOST_ROWS).cloned().zip(2..).collect()
}

fn is_web(text: &str) -> bool {
    (text.starts_with("https://") || text.starts_with("http://"))
        && text.len() < LONGEST_URL
        && !text.contains(|letter: char| letter.is_whitespace() || letter.is_control())
}

fn fill(sheet: &mut Worksheet, table: &Table, links: &Links) -> Result<(), XlsxError> {
    let base = Format::new().set_align(FormatAlign::Top);
    let header = base.clone().set_bold().set_font_color(Color::White).set_background_color(DARK).set_text_wrap();
    let tilted = header.clone().set_rotation(60);
    let is_matrix = table.name == "matrix";
    for (at, column) in (0u16..).zip(&table.columns) {
        let format = if is_matrix && at > 1 { &tilted } else { &header };
        sheet.write_string_with_format(0, at, cut(&printable(&column.name)), format)?;
        sheet.set_column_width(at, f64::from(column.width))?;
    }
    if is_matrix {
        sheet.set_row_height(0, 150.0)?;
    }
    for (at, cells) in (1u32..).zip(table.rows.iter().take(MOST_ROWS)) {
        sheet.set_row_height(at, height(&table.columns, cells))?;
        for ((column, head), cell) in (0u16..).zip(&table.columns).zip(cells) {
            let format = cell_format(&base, table.name, &head.name, cell);
            write_cell(sheet, (at, column), cell, &format)?;
            if let (Cell::Text(text) | Cell::Id(text), true) = (cell, (at as usize) <= LINKED_ROWS)
                && let Some((target, tip)) = links.target(table.name, &head.name, text)
            {
                let format = format.set_font_color(DARK).set_underline(FormatUnderline::Single);
                let url = Url::new(target).set_text(cut(&printable(text))).set_tip(tip);
                sheet.write_url_with_format(at, column, url, &format)?;
            }
        }
    }
    let (last_row, last_column) =
        (table.rows.len().min(MOST_ROWS) as u32, table.columns.len().saturating_sub(1) as u16);
    sheet.set_freeze_panes(1, if is_matrix { 2 } else { 0 })?;
    sheet.set_landscape().set_paper_size(A4).set_margins(0.4, 0.4, 0.5, 0.5, 0.3, 0.3).set_print_fit_to_pages(1, 0);
    sheet.set_repeat_rows(0, 0)?.set_footer("&L&A&R&P / &N");
    if table.name == "pairs" {
        // On paper only what a reader needs: all columns on one page are too small to read.
        sheet.set_print_area(0, 0, last_row, READING_ORDER.len() as u16 - 1)?;
    }
    if table.name != "about" {
        sheet.autofilter(0, 0, last_row, last_column)?;
    }
    if let (Some(mark), true) = (table.columns.iter().position(|column| column.name == "mark"), last_row > 0) {
        let choice = DataValidation::new()
            .allow_list_strings(&MARKS)?
            .set_input_title("mark")?
            .set_input_message("right or wrong; or the relation that is right")?
            .set_error_title("mark")?
            .set_error_message("Choose right, wrong, agreement, contradiction or unrelated.")?;
        sheet.add_data_validation(1, mark as u16, last_row, mark as u16, &choice)?;
    }
    Ok(())
}

/// Writes what the articles say; a cell of one that is silent is none.
fn fill_stances(sheet: &mut Worksheet, matrix: &Matrix) -> Result<(), XlsxError> {
    let base = Format::new().set_align(FormatAlign::Top).set_align(FormatAlign::Center);
    let (agrees, other) = (base.clone().set_background_color(BLUE), base.set_background_color(ORANGE).set_bold());
    for (at, row) in (1u32..).zip(matrix.rows.iter().take(MOST_ROWS)) {
        for &(article, stance) in &row.stances {
            let format = if stance == Stance::Agrees { &agrees } else { &other };
            sheet.write_string_with_format(at, article as u16 + 2, table::letters(stance), format)?;
        }
    }
    Ok(())
}

fn cell_format(base: &Format, sheet: &str, column: &str, cell: &Cell) -> Format {
    let format = match cell {
        Cell::Text(_) => base.clone().set_text_wrap().set_indent(1),
        Cell::Id(_) => base.clone(),
        Cell::Score(_) | Cell::Number(_) => base.clone().set_num_format("0.0000"),
        Cell::Count(_) => base.clone().set_num_format("0"),
    };
    let says = match cell {
        Cell::Text(text) | Cell::Id(text) => text.as_str(),
        _ => "",
    };
    match (sheet, column, says) {
        ("pairs", "relation", "contradiction") | ("watch", "stance", "contradicts") => {
            format.set_background_color(ORANGE).set_bold()
        }
        ("pairs", "relation", "agreement") | ("watch", "stance", "agrees") => format.set_background_color(BLUE),
        ("pairs", "relation", _) => format.set_background_color(GREY),
        ("pairs", "mark" | "note" | "reviewer", _) => {
            format.set_background_color(YELLOW).set_border(FormatBorder::Thin).set_border_color(GREY)
        }
        _ => format,
    }
}

/// Height in points that shows the longest text of a row. Not every spreadsheet finds it by itself.
fn height(columns: &[Column], cells: &[Cell]) -> f64 {
    let lines = columns.iter().zip(cells).map(|(column, cell)| match cell {
        Cell::Text(text) => {
            // Letters of East Asia take two places; words that do not fit leave a part of each line empty.
            let places: usize = text.chars().map(|letter| 1 + usize::from(is_wide(letter))).sum();
            let room = f64::from(column.width.max(4)) - 2.0;
            (places as f64 * 1.08 / room).ceil() + text.matches('\n').count() as f64
        }
        _ => 1.0,
    });
    (lines.fold(1.0, f64::max) * LINE + 3.0).min(HIGHEST)
}

fn is_wide(letter: char) -> bool {
    matches!(u32::from(letter), 0x1100..=0x115F | 0x2E80..=0xA4CF | 0xAC00..=0xD7A3 | 0xF900..=0xFAFF | 0xFE30..=0xFE6F | 0xFF00..=0xFF60)
}

fn write_cell(sheet: &mut Worksheet, at: (u32, u16), cell: &Cell, format: &Format) -> Result<(), XlsxError> {
    match cell {
        Cell::Text(text) | Cell::Id(text) if text.is_empty() => sheet.write_blank(at.0, at.1, format)?,
        Cell::Text(text) | Cell::Id(text) => {
            sheet.write_string_with_format(at.0, at.1, cut(&printable(text)), format)?
        }
        Cell::Score(number) | Cell::Number(number) => sheet.write_number_with_format(at.0, at.1, *number, format)?,
        Cell::Count(count) => sheet.write_number_with_format(at.0, at.1, *count as f64, format)?,
    };
    Ok(())
}

#[cfg(test)]
mod tests {
    use calamine::Reader;

    use super::*;
    use crate::report::MatrixRow;

    /// A report of a claim that the first `stating` of `articles` articles state.
    fn report(articles: usize, stating: usize) -> Report {
        let stances = (0..stating).map(|at| (at, Stance::Agrees)).collect();
        let row = MatrixRow { claim_id: "c1".to_owned(), wording: "The bridge is open.".to_owned(), stances };
        let matrix = Matrix { articles: (0..articles).map(|at| format!("{at}.txt")).collect(), rows: vec![row] };
        Report { matrix, ..Report::default() }
    }

    fn opened(report: &Report) -> calamine::Xlsx<std::io::Cursor<Vec<u8>>> {
        calamine::open_workbook_from_rs(std::io::Cursor::new(to_xlsx(report).unwrap())).unwrap()
    }

    #[test]
    fn the_matrix_has_only_the_articles_that_speak_of_a_claim() {
        let mut book = opened(&report(20_000, 2));
        let sheet = book.worksheet_range("matrix").unwrap();
        assert_eq!(sheet.get_size(), (2, 4));
        assert_eq!(sheet.get_value((1, 3)).unwrap().to_string(), "A");
    }

    #[test]
    fn a_matrix_with_too_many_articles_is_left_out_and_about_says_so() {
        let mut book = opened(&report(MOST_COLUMNS, MOST_COLUMNS));
        assert_eq!(book.sheet_names(), ["pairs", "claims", "articles", "about"]);
        let about = book.worksheet_range("about").unwrap();
        let says: Vec<String> = about.rows().skip(1).flatten().map(ToString::to_string).collect();
        assert_eq!(says[..2], ["note", "no sheet matrix: it cannot hold 16384 articles"]);
        assert_eq!(says[2..], ["note", "no matrix.csv: 1 claims x 16384 articles are too many"]);
    }

    #[test]
    fn rows_that_a_sheet_cannot_hold_are_told() {
        let table = |rows| Table { name: "watch", columns: Vec::new(), rows: vec![Vec::new(); rows] };
        assert_eq!(cut_short(&table(MOST_ROWS)), None);
        assert_eq!(cut_short(&table(MOST_ROWS + 1)).unwrap(), "sheet watch: the first 1048575 of 1048576 rows");
    }
}
