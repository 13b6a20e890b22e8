//! Input rows by the names of their columns.

use arrow_array::RecordBatch;
use jiff::civil::Date;

use super::StageError;
use crate::tables::{Cell, Column, TableReader, article_key, cell, kind_of, to_json};

/// Characters of a value that are shown of a bad row.
const SHOWN: usize = 200;

/// Where the columns that a stage reads stand in its input.
pub(super) struct Places {
    columns: &'static [Column],
    at: Vec<Option<usize>>,
    /// Whether the input says anything of the column; JSON Lines have a place for all.
    said: Vec<bool>,
}

impl Places {
    /// Fails where a needed column is missing or one has another type; columns that nobody asks for are left alone.
    pub(super) fn of(input: &TableReader<'_>, columns: &'static [Column]) -> Result<Self, StageError> {
        let (schema, names) = (input.schema(), input.names());
        let place = |column: &Column| {
            let place = schema.column_with_name(column.name);
            // Lines of JSON that are all damaged do not say which columns there are.
            let is_missing = place.is_none() || !(names.is_empty() || names.contains(&column.name));
            if column.needed && is_missing {
                let problem = format!("the input has no column `{}`, only {}", column.name, names.join(", "));
                return Err(StageError::Input(problem));
            }
            let Some((place, field)) = place else { return Ok(None) };
            if kind_of(field.data_type()) != Some(column.kind) {
                let (found, wanted) = (field.data_type(), column.kind.name());
                return Err(StageError::Input(format!("the column `{}` is {found}, expected {wanted}", column.name)));
            }
            Ok(Some(place))
        };
        let said = columns.iter().map(|column| names.contains(&column.name)).collect();
        Ok(Self { columns, at: columns.iter().map(place).collect::<Result<_, _>>()?, said })
    }
}

/// One input row.
#[derive(Clone, Copy)]
pub(super) struct Row<'a> {
    pub(super) batch: &'a RecordBatch,
    pub(super) places: &'a Places,
    pub(super) row: usize,
}

impl<'a> Row<'a> {
    /// Whether the input has this column at all.
    pub(super) fn has(&self, name: &str) -> bool {
        self.places.said[self.column(name)]
    }

    fn column(&self, name: &str) -> usize {
        let at = self.places.columns.iter().position(|column| column.name == name);
        at.expect("a column that the stage declares")
    }

    fn place(&self, name: &str) -> Option<usize> {
        self.places.at[self.column(name)]
    }

    fn cell(&self, name: &str) -> Cell<'a> {
        self.place(name).map_or(Cell::None, |place| cell(self.batch.column(place).as_ref(), self.row))
    }

    pub(super) fn whole(&self, name: &str) -> Result<i64, String> {
        match self.cell(name) {
            Cell::Whole(value) => Ok(value),
            _ => Err(format!("`{name}` is empty")),
        }
    }

    /// A whole number that counts something.
    pub(super) fn count(&self, name: &str) -> Result<usize, String> {
        let value = self.whole(name)?;
        usize::try_from(value).map_err(|_| format!("`{name}` is {value}, less than 0"))
    }

    pub(super) fn float(&self, name: &str) -> Result<f32, String> {
        match self.cell(name) {
            Cell::Float(value) if value.is_finite() => Ok(value),
            Cell::Float(value) => Err(format!("`{name}` is {value}")),
            _ => Err(format!("`{name}` is empty")),
        }
    }

    pub(super) fn text(&self, name: &str) -> Result<&'a str, String> {
        match self.cell(name) {
            Cell::Text(value) => Ok(value),
            _ => Err(format!("`{name}` is empty")),
        }
    }

    /// A text that need not be there; an empty one is none.
    pub(super) fn maybe_text(&self, name: &str) -> Option<&'a str> {
        match self.cell(name) {
            Cell::Text(value) if !value.is_empty() => Some(value),
            _ => None,
        }
    }

    pub(super) fn bytes(&self, name: &str) -> Result<&'a [u8], String> {
        match self.cell(name) {
            Cell::Bytes(value) => Ok(value),
            _ => Err(format!("`{name}` is empty")),
        }
    }

    pub(super) fn date(&self, name: &str) -> Result<Option<Date>, String> {
        let Some(text) = self.maybe_text(name) else { return Ok(None) };
        let date = text.parse::<Date>().ok().filter(|_| text.len() == "2024-02-29".len());
        date.map(Some).ok_or_else(|| format!("`{name}` is `{text}`, expected YYYY-MM-DD"))
    }

    /// Id of an article, whose key must belong to it.
    pub(super) fn id(&self, article: &str, id: &str) -> Result<&'a str, String> {
        let text = self.text(id)?;
        if let Cell::Whole(key) = self.cell(article)
            && key != article_key(text)
        {
            return Err(format!("`{article}` is {key}, but the key of `{text}` is {}", article_key(text)));
        }
        Ok(text)
    }

    /// The row for people, long values cut, bytes left out.
    pub(super) fn show(&self) -> String {
        let row = to_json(self.batch, self.row).into_iter().map(|(name, value)| match value {
            serde_json::Value::String(text) if text.chars().count() > SHOWN => {
                let start: String = text.chars().take(SHOWN).collect();
                (name, format!("{start}…").into())
            }
            value => (name, value),
        });
        serde_json::Value::Object(row.collect()).to_string()
    }
}
