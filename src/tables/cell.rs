//! Values: from Arrow arrays, and into them.

use arrow_array::builder::{BinaryBuilder, Float32Builder, Int32Builder, Int64Builder, StringBuilder};
use arrow_array::cast::AsArray;
use arrow_array::types::{Float32Type, Int32Type, Int64Type};
use arrow_array::{Array, ArrayRef, RecordBatch};
use arrow_schema::{DataType, SchemaRef};

use super::TableError;
use super::columns::{self, Column, Kind};

/// A value of a table.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Cell<'a> {
    /// There is none.
    None,
    /// A whole number.
    Whole(i64),
    /// A float.
    Float(f32),
    /// A text.
    Text(&'a str),
    /// Bytes.
    Bytes(&'a [u8]),
}

impl<'a> From<Option<&'a str>> for Cell<'a> {
    fn from(text: Option<&'a str>) -> Self {
        text.map_or(Self::None, Self::Text)
    }
}

/// Kind of an Arrow type; `None` if tables do not have it.
pub fn kind_of(arrow: &DataType) -> Option<Kind> {
    Some(match arrow {
        DataType::Int64 => Kind::Int64,
        DataType::Int32 => Kind::Int32,
        DataType::Float32 => Kind::Float32,
        DataType::Utf8 | DataType::LargeUtf8 => Kind::Text,
        DataType::Binary | DataType::LargeBinary | DataType::FixedSizeBinary(_) => Kind::Bytes,
        _ => return None,
    })
}

/// Value of an array whose type has a [`Kind`]; nothing for other types.
pub fn cell(array: &dyn Array, row: usize) -> Cell<'_> {
    if array.is_null(row) {
        return Cell::None;
    }
    match array.data_type() {
        DataType::Int64 => Cell::Whole(array.as_primitive::<Int64Type>().value(row)),
        DataType::Int32 => Cell::Whole(array.as_primitive::<Int32Type>().value(row).into()),
        DataType::Float32 => Cell::Float(array.as_primitive::<Float32Type>().value(row)),
        DataType::Utf8 => Cell::Text(array.as_string::<i32>().value(row)),
        DataType::LargeUtf8 => Cell::Text(array.as_string::<i64>().value(row)),
        DataType::Binary => Cell::Bytes(array.as_binary::<i32>().value(row)),
        DataType::LargeBinary => Cell::Bytes(array.as_binary::<i64>().value(row)),
        DataType::FixedSizeBinary(_) => Cell::Bytes(array.as_fixed_size_binary().value(row)),
        _ => Cell::None,
    }
}

/// Rows on their way into a batch.
pub struct Builder {
    schema: SchemaRef,
    columns: Vec<Values>,
    rows: usize,
}

enum Values {
    Int64(Int64Builder),
    Int32(Int32Builder),
    Float32(Float32Builder),
    Text(StringBuilder),
    Bytes(BinaryBuilder),
}

impl Builder {
    /// No rows yet; every needed column will have a value.
    pub fn new(columns: &[Column]) -> Self {
        Self::of(columns, true)
    }

    /// The same for rows that are not known to be whole.
    pub(super) fn lenient(columns: &[Column]) -> Self {
        Self::of(columns, false)
    }

    fn of(columns: &[Column], strict: bool) -> Self {
        let values = |column: &Column| match column.kind {
            Kind::Int64 => Values::Int64(Int64Builder::new()),
            Kind::Int32 => Values::Int32(Int32Builder::new()),
            Kind::Float32 => Values::Float32(Float32Builder::new()),
            Kind::Text => Values::Text(StringBuilder::new()),
            Kind::Bytes => Values::Bytes(BinaryBuilder::new()),
        };
        Self { schema: columns::schema(columns, strict), columns: columns.iter().map(values).collect(), rows: 0 }
    }

    /// Arrow schema of the rows.
    pub fn schema(&self) -> SchemaRef {
        self.schema.clone()
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Adds a row, a value for every column in order. Values of another kind count as none.
    pub fn push(&mut self, row: &[Cell<'_>]) {
        debug_assert_eq!(row.len(), self.columns.len());
        for (values, &cell) in self.columns.iter_mut().zip(row) {
            match (values, cell) {
                (Values::Int64(values), Cell::Whole(value)) => values.append_value(value),
                (Values::Int32(values), Cell::Whole(value)) => values.append_option(i32::try_from(value).ok()),
                (Values::Float32(values), Cell::Float(value)) => values.append_value(value),
                (Values::Text(values), Cell::Text(value)) => values.append_value(value),
                (Values::Bytes(values), Cell::Bytes(value)) => values.append_value(value),
                (Values::Int64(values), _) => values.append_null(),
                (Values::Int32(values), _) => values.append_null(),
                (Values::Float32(values), _) => values.append_null(),
                (Values::Text(values), _) => values.append_null(),
                (Values::Bytes(values), _) => values.append_null(),
            }
        }
        self.rows += 1;
    }

    /// The rows so far as a batch; begins anew. Fails where a needed value is missing.
    pub fn take(&mut self) -> Result<RecordBatch, TableError> {
        let array = |values: &mut Values| -> ArrayRef {
            match values {
                Values::Int64(values) => std::sync::Arc::new(values.finish()),
                Values::Int32(values) => std::sync::Arc::new(values.finish()),
                Values::Float32(values) => std::sync::Arc::new(values.finish()),
                Values::Text(values) => std::sync::Arc::new(values.finish()),
                Values::Bytes(values) => std::sync::Arc::new(values.finish()),
            }
        };
        self.rows = 0;
        Ok(RecordBatch::try_new(self.schema.clone(), self.columns.iter_mut().map(array).collect())?)
    }
}
