//! Tables from streams and files.

use std::fs::File;
use std::io::{BufRead, Read};
use std::path::Path;

use arrow_array::RecordBatch;
use arrow_ipc::reader::StreamReader;
use arrow_schema::SchemaRef;
use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};

use super::jsonl::JsonLines;
use super::{Column, Io, Origin, TableError, columns};

/// What an Arrow stream begins with.
const MARK: [u8; 4] = [0xff; 4];
/// What a Parquet file begins with.
const PARQUET_MARK: [u8; 4] = *b"PAR1";

/// What a stream gives next.
#[derive(Debug, Clone)]
pub enum Piece {
    /// Rows.
    Batch(RecordBatch),
    /// A row that could not be read.
    Bad {
        /// What stands there, cut.
        content: String,
        /// What is wrong with it.
        problem: String,
    },
}

/// One table out of a stream.
pub struct TableReader<'a> {
    form: Form<'a>,
    schema: SchemaRef,
}

enum Form<'a> {
    Arrow(Box<StreamReader<Tail<'a>>>),
    Parquet(ParquetRecordBatchReader),
    Jsonl(JsonLines<'a>),
}

impl<'a> TableReader<'a> {
    /// Opens the next table of a stream; `None` where the stream has ended.
    ///
    /// JSON Lines have no types: they are read as `columns`, or without these as the table that they look like.
    pub fn open(io: Io, source: &'a mut dyn BufRead, columns: Option<&[Column]>) -> Result<Option<Self>, TableError> {
        let start = loop {
            match source.fill_buf() {
                Ok(bytes) => break &bytes[..bytes.len().min(MARK.len())],
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error.into()),
            }
        };
        if start.is_empty() {
            return Ok(None);
        }
        if io == Io::Arrow && !MARK.starts_with(start) {
            return Err(TableError::Malformed("the input is not an Arrow stream".to_owned()));
        }
        // Without an end such a file cannot be told from one that was cut.
        if io == Io::Parquet && !PARQUET_MARK.starts_with(start) {
            return Err(TableError::Malformed("the input is not a Parquet file".to_owned()));
        }
        let (form, schema) = match io {
            Io::Arrow => {
                let reader = StreamReader::try_new(Tail { source, ended: false }, None)?;
                let schema = reader.schema();
                (Form::Arrow(Box::new(reader)), schema)
            }
            Io::Parquet => {
                let mut file = tempfile::tempfile()?;
                std::io::copy(source, &mut file)?;
                let reader = parquet(file)?;
                let schema = reader.1;
                (Form::Parquet(reader.0), schema)
            }
            Io::Jsonl => {
                let Some(lines) = JsonLines::open(source, columns)? else { return Ok(None) };
                let schema = columns::schema(lines.columns(), false);
                (Form::Jsonl(lines), schema)
            }
        };
        Ok(Some(Self { form, schema }))
    }

    /// Columns of the table.
    pub fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    /// Names of the columns that the input has; JSON Lines have those that a row of their first batch has.
    pub fn names(&self) -> Vec<&str> {
        match &self.form {
            Form::Jsonl(lines) => lines.names(),
            _ => self.schema.fields().iter().map(|field| field.name().as_str()).collect(),
        }
    }

    /// Whether the input has this column.
    pub fn has(&self, column: &str) -> bool {
        self.names().contains(&column)
    }

    /// Where the table comes from, if it says so.
    pub fn origin(&self) -> Option<Origin> {
        Origin::of(&self.schema)
    }

    /// The next rows; `None` at the end of the table.
    pub fn next_piece(&mut self) -> Result<Option<Piece>, TableError> {
        match &mut self.form {
            Form::Arrow(reader) => match reader.next() {
                Some(batch) => Ok(Some(Piece::Batch(batch?))),
                None if reader.get_ref().ended => Err(TableError::Cut),
                None => Ok(None),
            },
            Form::Parquet(reader) => Ok(reader.next().transpose()?.map(Piece::Batch)),
            Form::Jsonl(lines) => lines.next(),
        }
    }
}

/// Opens a Parquet file; gives its batches.
pub fn read_parquet(path: &Path) -> Result<Vec<RecordBatch>, TableError> {
    Ok(parquet(File::open(path)?)?.0.collect::<Result<_, _>>()?)
}

fn parquet(file: File) -> Result<(ParquetRecordBatchReader, SchemaRef), TableError> {
    let builder = ParquetRecordBatchReaderBuilder::try_new(file)?;
    let schema = builder.schema().clone();
    Ok((builder.with_batch_size(4_096).build()?, schema))
}

/// A reader that knows whether its source ended: a stream whose source ends before its end mark was cut.
struct Tail<'a> {
    source: &'a mut dyn BufRead,
    ended: bool,
}

impl Read for Tail<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = self.source.read(buffer)?;
        self.ended |= count == 0 && !buffer.is_empty();
        Ok(count)
    }
}
