//! CSV that survives spreadsheets.

use std::borrow::Cow;

use super::table::{Cell, Table, letters};
use super::{Matrix, ReportError, Settings};

/// UTF-16 units that a spreadsheet cell holds, less room for the mark that says that a text was cut.
const LONGEST_CELL: usize = 32_767 - 67;
/// Countries whose spreadsheets expect `;` between columns and a comma before decimals.
const COMMA_COUNTRIES: [&str; 27] = [
    "bg", "bs", "ca", "cs", "da", "de", "el", "es", "et", "fi", "fr", "hr", "hu", "it", "lt", "lv", "nl", "no", "pl",
    "pt", "ro", "ru", "sk", "sl", "sr", "sv", "uk",
];
/// Characters with which a spreadsheet starts a formula, or skips to one; East Asian spreadsheets take the wide ones, too.
const TRIGGERS: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

/// How numbers and columns are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dialect {
    /// Between columns: `,`, `;` or tab.
    pub delimiter: u8,
    /// Whether numbers for people have a decimal comma.
    pub comma: bool,
}

impl Dialect {
    /// The dialect that the settings ask for; an error if they name none.
    pub fn of(settings: &Settings) -> Result<Self, ReportError> {
        let wrong = |key, value: &str, problem: &str| ReportError::Setting {
            key,
            value: value.to_owned(),
            problem: problem.to_owned(),
        };
        let language = settings.locale.split(['-', '_']).next().unwrap_or_default();
        let comma = match language {
            "en" => false,
            known if COMMA_COUNTRIES.contains(&known) => true,
            _ => {
                return Err(wrong("locale", &settings.locale, "expected `en`, `pl`, `de`, `hr`, `el`, `fr`, …"));
            }
        };
        let delimiter = match settings.delimiter.as_str() {
            "" if comma => b';',
            "" | "," => b',',
            ";" => b';',
            "\t" | "tab" => b'\t',
            other => return Err(wrong("delimiter", other, "expected `,`, `;` or `tab`")),
        };
        Ok(Self { delimiter, comma })
    }
}

/// The table as CSV (RFC 4180) with byte order mark and CRLF.
pub fn to_csv(table: &Table, dialect: Dialect) -> Result<Vec<u8>, ReportError> {
    to_csv_with(table, dialect, |_| Vec::new())
}

/// As [`to_csv`], for the table of a matrix: each row gets its cells for the articles while it is written.
pub(super) fn matrix_to_csv(table: &Table, matrix: &Matrix, dialect: Dialect) -> Result<Vec<u8>, ReportError> {
    to_csv_with(table, dialect, |at| {
        let mut cells = vec![""; matrix.articles.len()];
        matrix.rows[at].stances.iter().for_each(|&(article, stance)| cells[article] = letters(stance));
        cells
    })
}

/// As [`to_csv`], with further cells at the end of each row, by its position.
fn to_csv_with(
    table: &Table,
    dialect: Dialect,
    further: impl Fn(usize) -> Vec<&'static str>,
) -> Result<Vec<u8>, ReportError> {
    let failed = |problem: String| ReportError::Format { what: "CSV", problem };
    let mut writer = csv::WriterBuilder::new()
        .delimiter(dialect.delimiter)
        .terminator(csv::Terminator::CRLF)
        .from_writer("\u{FEFF}".as_bytes().to_vec());
    let names = table.columns.iter().map(|column| neutralise(&cut(&printable(&column.name))).into_owned());
    writer.write_record(names).map_err(|problem| failed(problem.to_string()))?;
    for (at, row) in table.rows.iter().enumerate() {
        let cells = row.iter().map(|cell| show(cell, dialect)).chain(further(at).into_iter().map(str::to_owned));
        writer.write_record(cells).map_err(|problem| failed(problem.to_string()))?;
    }
    writer.into_inner().map_err(|problem| failed(problem.to_string()))
}

/// Puts an apostrophe before a text that a spreadsheet would run as a formula; numbers stay as they are.
pub fn neutralise(text: &str) -> Cow<'_, str> {
    if is_triggered(text) && !is_number(text) { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

/// Takes away the apostrophe of [`neutralise`].
pub fn restore(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(text) if is_triggered(text) => text,
        _ => cell,
    }
}

/// The text, cut to what a spreadsheet cell holds, with a mark that says how much is missing.
pub(super) fn cut(text: &str) -> Cow<'_, str> {
    if text.len() <= LONGEST_CELL {
        return Cow::Borrowed(text);
    }
    let mut units = 0;
    let end = text.char_indices().find_map(|(at, letter)| {
        units += letter.len_utf16();
        (units > LONGEST_CELL).then_some(at)
    });
    match end {
        None => Cow::Borrowed(text),
        Some(end) => Cow::Owned(format!("{} […cut: {} more characters]", &text[..end], text[end..].chars().count())),
    }
}

/// The text with a visible picture for each control character, which no spreadsheet can hold; tabs and line ends stay.
pub(super) fn printable(text: &str) -> Cow<'_, str> {
    let hidden = |letter: char| letter.is_ascii_control() && !matches!(letter, '\t' | '\n' | '\r');
    if !text.contains(hidden) {
        return Cow::Borrowed(text);
    }
    let picture = |letter| match letter {
        '\u{7F}' => '\u{2421}',
        letter if hidden(letter) => char::from_u32(0x2400 + u32::from(letter)).unwrap_or('\u{FFFD}'),
        letter => letter,
    };
    Cow::Owned(text.chars().map(picture).collect())
}

/// Whether the text starts like a formula, behind apostrophes or not: those count, so that [`restore`] is exact.
fn is_triggered(text: &str) -> bool {
    text.trim_start_matches('\'').starts_with(TRIGGERS)
}

fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    digits.starts_with(|first: char| first.is_ascii_digit())
        && digits.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b','))
}

fn show(cell: &Cell, dialect: Dialect) -> String {
    match cell {
        Cell::Text(text) => neutralise(&cut(&printable(text))).into_owned(),
        Cell::Id(id) => id.clone(),
        Cell::Number(score) if dialect.comma => format!("{score:.4}").replace('.', ","),
        Cell::Score(score) | Cell::Number(score) => format!("{score:.4}"),
        Cell::Count(count) => count.to_string(),
    }
}
