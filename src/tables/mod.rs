//! Intermediate results as tables: their columns, their rows, their forms on disk and in streams, their digests.
//!
//! A table is what a stage gives and the next one takes. Columns are plain (64- and 32-bit integers, 32-bit floats, text, bytes), so
//! that any engine can carry them. Article keys are 63-bit hashes of the article's id, a claim is (article, index), a text key is the
//! 128-bit hash of a text.

mod cell;
mod columns;
mod digest;
mod jsonl;
mod read;
mod rows;
#[cfg(test)]
mod tests;
mod write;

pub use cell::{Builder, Cell, cell, kind_of};
pub use columns::{Column, Kind, Table};
pub use digest::Digest;
pub use jsonl::to_json;
pub use read::{Piece, TableReader, read_parquet};
pub(crate) use rows::offsets;
pub use rows::{
    ClaimKey, Head, PairKey, SideText, Sighting, article_key, candidate, claim, describe_kind, group, judgement,
    related, scores, scores_of, scores_to, segments, text_key, vector,
};
pub use write::{Origin, TableWriter};

/// Forms of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Io {
    /// Arrow IPC stream.
    Arrow,
    /// Parquet file; as input it is read to its end first.
    Parquet,
    /// One JSON object per row; bytes as hexadecimal digits.
    Jsonl,
}

/// What can go wrong with a table as a whole; one bad row is a [`Piece::Bad`] instead.
#[derive(Debug, thiserror::Error)]
pub enum TableError {
    /// The input is no table, or not the one that is expected; the same input fails again.
    #[error("{0}")]
    Malformed(String),
    /// The input ends before its end mark: whoever wrote it did not finish.
    #[error("the input was cut: it ends before its end mark")]
    Cut,
    /// Reading or writing failed.
    #[error("cannot read or write a table")]
    Io(#[from] std::io::Error),
}

impl From<arrow_schema::ArrowError> for TableError {
    fn from(error: arrow_schema::ArrowError) -> Self {
        match error {
            arrow_schema::ArrowError::IoError(_, source) if source.kind() == std::io::ErrorKind::UnexpectedEof => {
                Self::Cut
            }
            arrow_schema::ArrowError::IoError(_, source) => Self::Io(source),
            // A stream is opened only when its first byte is there.
            arrow_schema::ArrowError::IpcError(text) if text.contains("empty stream") => Self::Cut,
            arrow_schema::ArrowError::ParseError(text) if text.contains("Unexpected end of stream") => Self::Cut,
            other => malformed(other.to_string()),
        }
    }
}

impl From<parquet::errors::ParquetError> for TableError {
    fn from(error: parquet::errors::ParquetError) -> Self {
        match error {
            parquet::errors::ParquetError::External(source) => match source.downcast::<std::io::Error>() {
                Ok(source) => Self::Io(*source),
                Err(other) => malformed(other.to_string()),
            },
            parquet::errors::ParquetError::EOF(_) => Self::Cut,
            // The end mark stands in the footer.
            parquet::errors::ParquetError::General(text) if text.contains("Corrupt footer") => Self::Cut,
            other => malformed(other.to_string()),
        }
    }
}

/// What the library says of a table; of a compression that was not built in, what to do instead.
fn malformed(said: String) -> TableError {
    if !said.contains("Disabled feature at compile time") && !said.contains("decompression requires") {
        return TableError::Malformed(said);
    }
    let codec = ["brotli", "lz4", "zstd"].into_iter().find(|codec| said.contains(*codec)).unwrap_or("gzip");
    TableError::Malformed(format!(
        "the table is compressed with {codec}, which is not read: write it uncompressed, or as Parquet with snappy"
    ))
}
