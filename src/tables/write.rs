//! Tables into streams and files.

use std::collections::HashMap;
use std::io::Write;

use arrow_array::RecordBatch;
use arrow_ipc::writer::StreamWriter;
use arrow_schema::{Schema, SchemaRef};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_writer::ArrowWriterOptions;
use parquet::basic::Compression;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use serde::{Deserialize, Serialize};

use super::jsonl::to_json;
use super::{Io, TableError};

/// Key under which a table says where it comes from.
const KEY: &str = "crossclaim";
/// Rows of a Parquet row group, which is held in memory until it is whole.
const ROW_GROUP: usize = 65_536;

/// Where a table comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// Name of the table.
    pub table: String,
    /// Hash of version, model, stage and parameters that made it.
    pub fingerprint: String,
}

impl Origin {
    pub(super) fn of(schema: &Schema) -> Option<Self> {
        serde_json::from_str(schema.metadata().get(KEY)?).ok()
    }

    fn text(&self) -> String {
        serde_json::to_string(self).expect("two texts")
    }
}

/// Writes one table.
pub struct TableWriter<W: Write + Send>(Form<W>);

enum Form<W: Write + Send> {
    Arrow(Box<StreamWriter<W>>),
    Parquet(Box<ArrowWriter<W>>),
    Jsonl(W),
}

impl<W: Write + Send> TableWriter<W> {
    /// Begins a table with the columns of `schema`.
    pub fn new(io: Io, sink: W, schema: &SchemaRef, origin: &Origin) -> Result<Self, TableError> {
        let form = match io {
            Io::Arrow => {
                // One key, so that the bytes are always the same.
                let named = Schema::clone(schema).with_metadata(HashMap::from([(KEY.to_owned(), origin.text())]));
                Form::Arrow(Box::new(StreamWriter::try_new(sink, &named)?))
            }
            Io::Parquet => {
                let properties = WriterProperties::builder()
                    .set_compression(Compression::SNAPPY)
                    .set_max_row_group_row_count(Some(ROW_GROUP))
                    .set_created_by(concat!("crossclaim ", env!("CARGO_PKG_VERSION")).to_owned())
                    .set_key_value_metadata(Some(vec![KeyValue::new(KEY.to_owned(), origin.text())]))
                    .build();
                let options = ArrowWriterOptions::new().with_properties(properties).with_skip_arrow_metadata(true);
                Form::Parquet(Box::new(ArrowWriter::try_new_with_options(sink, schema.clone(), options)?))
            }
            Io::Jsonl => Form::Jsonl(sink),
        };
        Ok(Self(form))
    }

    /// Adds rows.
    pub fn write(&mut self, batch: &RecordBatch) -> Result<(), TableError> {
        match &mut self.0 {
            Form::Arrow(writer) => writer.write(batch)?,
            Form::Parquet(writer) => writer.write(batch)?,
            Form::Jsonl(sink) => {
                for row in 0..batch.num_rows() {
                    serde_json::to_writer(&mut *sink, &to_json(batch, row)).map_err(std::io::Error::from)?;
                    sink.write_all(b"\n")?;
                }
            }
        }
        Ok(())
    }

    /// Ends the table.
    pub fn finish(self) -> Result<(), TableError> {
        match self.0 {
            Form::Arrow(mut writer) => writer.finish()?,
            Form::Parquet(writer) => drop(writer.close()?),
            Form::Jsonl(mut sink) => sink.flush()?,
        }
        Ok(())
    }
}
