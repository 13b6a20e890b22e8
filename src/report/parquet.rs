//! Pairs for engines and data frames: the columns of `pairs.jsonl`, typed.

use super::table::{self, machine_columns};
use super::{ReportError, Row};
use crate::tables::{Builder, Cell, Column, Io, Kind, Origin, TableError, TableWriter};

/// Rows of a batch.
const BATCH: usize = 4_096;

/// A Parquet file with a row per pair; scores are 32-bit floats, counts 64-bit integers.
pub fn to_parquet(rows: &[Row]) -> Result<Vec<u8>, ReportError> {
    let failed = |problem: TableError| ReportError::Format { what: "pairs.parquet", problem: problem.to_string() };
    let columns: Vec<Column> = machine_columns(&Row::default())
        .map(|(name, cell)| {
            let kind = match cell {
                table::Cell::Text(_) | table::Cell::Id(_) => Kind::Text,
                table::Cell::Score(_) | table::Cell::Number(_) => Kind::Float32,
                table::Cell::Count(_) => Kind::Int64,
            };
            Column::new(name, kind, "")
        })
        .collect();
    let mut builder = Builder::new(&columns);
    let mut bytes = Vec::new();
    let origin = Origin { table: "pairs".to_owned(), fingerprint: String::new() };
    let mut writer = TableWriter::new(Io::Parquet, &mut bytes, &builder.schema(), &origin).map_err(failed)?;
    for part in rows.chunks(BATCH) {
        for row in part {
            let cells: Vec<table::Cell> = machine_columns(row).map(|(_, cell)| cell).collect();
            let plain = |cell| match cell {
                &table::Cell::Score(value) | &table::Cell::Number(value) => Cell::Float(value as f32),
                &table::Cell::Count(count) => Cell::Whole(count as i64),
                table::Cell::Text(text) | table::Cell::Id(text) => Cell::Text(text),
            };
            builder.push(&cells.iter().map(plain).collect::<Vec<Cell<'_>>>());
        }
        writer.write(&builder.take().map_err(failed)?).map_err(failed)?;
    }
    writer.finish().map_err(failed)?;
    Ok(bytes)
}
