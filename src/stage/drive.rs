//! Reads streams, gives their rows to a stage, writes what comes out.

use std::collections::BTreeMap;
use std::io::{BufRead, Read, Write};

use arrow_schema::Schema;

use super::row::{Places, Row};
use super::{BadRow, Done, Options, Shard, StageError, Tools};
use crate::tables::{Builder, Column, Io, Origin, Piece, Table, TableError, TableReader, TableWriter, kind_of};

/// Rows from which on a batch is written.
const BATCH: usize = 1_024;

/// What a stage does with its rows.
pub(super) trait Work {
    /// An input row.
    type Input;
    /// Columns that it reads.
    const COLUMNS: &'static [Column];
    /// Table that it makes.
    const TABLE: Table;
    /// Rows that it gets at a time where they have no key.
    const BLOCK: usize;

    /// Reads a row, or says what is wrong with it.
    fn read(&self, row: &Row<'_>) -> Result<Self::Input, String>;
    /// Key whose rows must be worked on together; `None` where every row stands for itself.
    fn key(&self, _: &Self::Input) -> Option<i64> {
        None
    }
    /// What decides to which shard a row belongs: its key, where it has one.
    fn share(&self, input: &Self::Input) -> u64 {
        self.key(input).unwrap_or_default() as u64
    }
    /// Turns all rows of a key, or a block of rows, into output rows; rows come with their numbers, by which bad ones are named.
    fn work(
        &mut self,
        rows: Vec<(u64, Self::Input)>,
        out: &mut Builder,
        bad: &mut Vec<(u64, String)>,
    ) -> Result<(), StageError>;
}

/// Input and output of a stage.
pub(super) struct Streams<'a> {
    source: &'a mut dyn BufRead,
    options: Options,
    output: Output<'a>,
}

impl<'a> Streams<'a> {
    pub(super) fn new(
        tools: &'a Tools<'a>,
        options: Options,
        source: &'a mut dyn BufRead,
        sink: &'a mut (dyn Write + Send),
        bad: &'a mut dyn FnMut(BadRow) -> Result<(), StageError>,
    ) -> Self {
        let bad = BadRows { tell: bad, done: Done::default() };
        let output = Output { tools, options, sink, bad, origins: Origins::default() };
        Self { source, options, output }
    }

    /// Works on one stream, or on all.
    pub(super) fn drive<W: Work>(self, work: &mut W) -> Result<Done, StageError> {
        self.each(W::COLUMNS, |output, reader| output.work(work, reader))
    }

    /// The same where the input tells by a column which of two steps is meant; the first reads all columns of the second.
    pub(super) fn drive_either<A: Work, B: Work>(
        self,
        column: &str,
        with: &mut A,
        without: &mut B,
    ) -> Result<Done, StageError> {
        self.each(A::COLUMNS, |output, reader| match reader.has(column) {
            true => output.work(with, reader),
            false => output.work(without, reader),
        })
    }

    fn each(
        self,
        columns: &[Column],
        mut work: impl FnMut(&mut Output<'_>, TableReader<'_>) -> Result<(), StageError>,
    ) -> Result<Done, StageError> {
        let Self { source, options, mut output } = self;
        each_table(options, source, Some(columns), |reader| work(&mut output, reader))?;
        Ok(output.bad.done)
    }
}

/// Hands on the table of every stream; without a loop it fails where there is none, or more than one.
pub(super) fn each_table(
    options: Options,
    source: &mut dyn BufRead,
    columns: Option<&[Column]>,
    mut work: impl FnMut(TableReader<'_>) -> Result<(), StageError>,
) -> Result<(), StageError> {
    if options.looped {
        while let Some(reader) = TableReader::open(options.io, &mut *source, columns)? {
            work(reader)?;
        }
        return Ok(());
    }
    let mut lines;
    let source: &mut dyn BufRead = if options.io == Io::Jsonl {
        lines = FullLines { source, line: Vec::new(), taken: 0 };
        &mut lines
    } else {
        source
    };
    match TableReader::open(options.io, &mut *source, columns)? {
        Some(reader) => work(reader)?,
        // A table without rows has no lines, but in the other forms it has a head.
        None if options.io != Io::Jsonl => return Err(TableError::Cut.into()),
        None => {}
    }
    check_end(source)
}

/// Lines of a source without the empty ones, which would end a stream of JSON Lines.
struct FullLines<'a> {
    source: &'a mut dyn BufRead,
    line: Vec<u8>,
    /// Bytes of the line that were read.
    taken: usize,
}

impl Read for FullLines<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = self.fill_buf()?.read(buffer)?;
        self.consume(count);
        Ok(count)
    }
}

impl BufRead for FullLines<'_> {
    fn fill_buf(&mut self) -> std::io::Result<&[u8]> {
        while self.taken == self.line.len() {
            self.line.clear();
            self.taken = 0;
            if self.source.read_until(b'\n', &mut self.line)? == 0 {
                break;
            }
            if self.line.trim_ascii().is_empty() {
                self.taken = self.line.len();
            }
        }
        Ok(&self.line[self.taken..])
    }

    fn consume(&mut self, count: usize) {
        self.taken += count;
    }
}

/// Fails where more follows the one stream that is to be read.
fn check_end(source: &mut dyn BufRead) -> Result<(), StageError> {
    match source.bytes().next().transpose().map_err(TableError::Io)? {
        Some(_) => Err(StageError::Input("more input follows the first stream: use --loop".to_owned())),
        None => Ok(()),
    }
}

/// Fails where a column has a type that no table has.
pub(super) fn check_kinds(schema: &Schema) -> Result<(), StageError> {
    match schema.fields().iter().find(|field| kind_of(field.data_type()).is_none()) {
        Some(field) => Err(StageError::Input(format!("the column `{}` is {}", field.name(), field.data_type()))),
        None => Ok(()),
    }
}

/// Where rows go.
struct Output<'a> {
    tools: &'a Tools<'a>,
    options: Options,
    sink: &'a mut (dyn Write + Send),
    bad: BadRows<'a>,
    origins: Origins,
}

impl Output<'_> {
    fn work<W: Work>(&mut self, work: &mut W, mut reader: TableReader<'_>) -> Result<(), StageError> {
        self.origins.check(reader.origin())?;
        let places = Places::of(&reader, W::COLUMNS)?;
        let origin = Origin { table: W::TABLE.name().to_owned(), fingerprint: self.tools.fingerprint(W::TABLE) };
        let writer = TableWriter::new(self.options.io, &mut *self.sink, &W::TABLE.schema(), &origin)?;
        let mut passage = Passage {
            work,
            shard: self.options.shard,
            bad: &mut self.bad,
            writer,
            rows: Builder::new(W::TABLE.columns()),
            number: 0,
            pending: Vec::new(),
            current: None,
        };
        while let Some(piece) = reader.next_piece()? {
            passage.take(piece, &places)?;
        }
        passage.finish()?;
        if self.options.looped && self.options.io == Io::Jsonl {
            self.sink.write_all(b"\n").map_err(TableError::Io)?;
        }
        self.sink.flush().map_err(TableError::Io)?;
        self.bad.done.streams += 1;
        Ok(())
    }
}

/// Fingerprints of the streams so far, by their tables.
#[derive(Default)]
pub(super) struct Origins(BTreeMap<String, String>);

impl Origins {
    /// Refuses a stream that was made differently than the first one of its table.
    pub(super) fn check(&mut self, origin: Option<Origin>) -> Result<(), StageError> {
        let Some(Origin { table, fingerprint: found }) = origin else { return Ok(()) };
        match self.0.get(&table) {
            Some(first) if *first != found => Err(StageError::Mixed { table, first: first.clone(), found }),
            Some(_) => Ok(()),
            None => {
                self.0.insert(table, found);
                Ok(())
            }
        }
    }
}

/// Who is told of bad rows, and what is counted.
struct BadRows<'a> {
    tell: &'a mut dyn FnMut(BadRow) -> Result<(), StageError>,
    done: Done,
}

impl BadRows<'_> {
    fn add(&mut self, row: u64, problem: String, content: Option<String>) -> Result<(), StageError> {
        self.done.bad += 1;
        (self.tell)(BadRow { stream: self.done.streams, row, problem, content })
    }
}

/// The rows of one stream, and the table that is made of them.
struct Passage<'a, 'b, W: Work, S: Write + Send> {
    work: &'a mut W,
    shard: Shard,
    bad: &'a mut BadRows<'b>,
    writer: TableWriter<S>,
    /// Rows that are not written yet.
    rows: Builder,
    /// Number of the next input row.
    number: u64,
    /// Input rows of one key, or of a block, that are not worked on yet, with their numbers.
    pending: Vec<(u64, W::Input)>,
    /// Key of the last input row.
    current: Option<i64>,
}

impl<W: Work, S: Write + Send> Passage<'_, '_, W, S> {
    /// Takes the next rows of the stream.
    fn take(&mut self, piece: Piece, places: &Places) -> Result<(), StageError> {
        let batch = match piece {
            Piece::Batch(batch) => batch,
            Piece::Bad { content, problem } => {
                self.refuse(problem, || content)?;
                self.number += 1;
                return Ok(());
            }
        };
        for row in 0..batch.num_rows() {
            let row = Row { batch: &batch, places, row };
            match self.work.read(&row) {
                Ok(input) => self.add(input)?,
                Err(problem) => self.refuse(problem, || row.show())?,
            }
            self.number += 1;
        }
        Ok(())
    }

    /// Tells of a row that cannot be read. Every worker reads it and nobody knows its key: its number says who tells.
    fn refuse(&mut self, problem: String, content: impl FnOnce() -> String) -> Result<(), StageError> {
        if self.shard.has(self.number) { self.bad.add(self.number, problem, Some(content())) } else { Ok(()) }
    }

    /// Adds a row to those of its key or block, which are worked on first if they are complete.
    fn add(&mut self, input: W::Input) -> Result<(), StageError> {
        let key = self.work.key(&input);
        let is_full = match (key, self.current) {
            (Some(key), Some(before)) if key < before => return Err(StageError::KeyCameBack { key, before }),
            (Some(_), _) => key != self.current,
            (None, _) => self.pending.len() >= W::BLOCK,
        };
        if is_full {
            self.work_on_pending(BATCH)?;
        }
        self.current = key;
        if self.shard.has(self.work.share(&input)) {
            self.pending.push((self.number, input));
        }
        Ok(())
    }

    /// Works on the rows that wait; what has come out so far is written if it is at least `from` rows.
    fn work_on_pending(&mut self, from: usize) -> Result<(), StageError> {
        let mut bad = Vec::new();
        self.work.work(std::mem::take(&mut self.pending), &mut self.rows, &mut bad)?;
        for (row, problem) in bad {
            self.bad.add(row, problem, None)?;
        }
        if self.rows.rows() >= from {
            self.bad.done.rows += self.rows.rows() as u64;
            self.writer.write(&self.rows.take()?)?;
        }
        Ok(())
    }

    fn finish(mut self) -> Result<(), StageError> {
        self.work_on_pending(1)?;
        self.writer.finish()?;
        Ok(())
    }
}
