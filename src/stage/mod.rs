//! Stages as an engine drives them: one table in as a stream, one out, nothing else.
//!
//! A stage is pure: what comes out is a function of the rows, the settings and the build, never of their order, of batch borders or
//! of partitions. The decisions are those of the modules that `crossclaim run` calls; here are only rows and streams. Stages of single
//! rows (split, claims, embed, the first step of judge) hold a block of rows at a time; stages over groups hold the rows of one key.

mod candidates;
mod claims;
mod describe;
mod drive;
mod embed;
mod event;
mod group;
mod judge;
mod pair;
mod relate;
mod row;
mod split;

use std::io::{BufRead, Write};

use sha2::{Digest as _, Sha256};

use crate::judge::Bench;
use crate::model::hash::hex;
use crate::model::{Encoder, ModelError};
use crate::tables::{Digest, Io, Piece, Table, TableError, TableReader};
use crate::{align, group as grouping, judge as judging};

pub use describe::describe;

/// A stage that turns a table into the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Articles to segments.
    Split,
    /// Segments to claims.
    Claims,
    /// Claims to vectors.
    Embed,
    /// Vectors to related articles.
    Relate,
    /// Vectors to candidate pairs.
    Candidates,
    /// Candidates to scores, scores to judgements.
    Judge,
    /// Judgements to groups.
    Group,
}

impl Stage {
    /// All stages, in order.
    pub const ALL: [Self; 7] =
        [Self::Split, Self::Claims, Self::Embed, Self::Relate, Self::Candidates, Self::Judge, Self::Group];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Split => "split",
            Self::Claims => "claims",
            Self::Embed => "embed",
            Self::Relate => "relate",
            Self::Candidates => "candidates",
            Self::Judge => "judge",
            Self::Group => "group",
        }
    }
}

/// Settings and models that stages may need. `embed` needs an encoder, `judge` a judge.
#[derive(Clone, Copy)]
pub struct Tools<'a> {
    /// Relating and aligning.
    pub align: &'a align::Settings,
    /// Judging; `max_pairs` is for runs and must be 0.
    pub judge: &'a judging::Settings,
    /// Grouping.
    pub group: &'a grouping::Settings,
    /// Makes vectors.
    pub encoder: Option<&'a dyn Encoder>,
    /// Judges pairs.
    pub bench: Option<Bench<'a>>,
}

impl Tools<'_> {
    /// Hash of everything but the rows that a table depends on: version, stage, model, settings. Rows of one table with different
    /// fingerprints must not be mixed.
    pub fn fingerprint(&self, table: Table) -> String {
        let json = |value: serde_json::Result<String>| value.expect("settings are plain values");
        let bench = || self.bench.as_ref().map(|bench| (bench.model.fingerprint(), bench));
        let parts = match table {
            Table::Vectors => vec![self.encoder.map_or(String::new(), |encoder| encoder.fingerprint())],
            Table::Related | Table::Candidates => vec![json(serde_json::to_string(self.align))],
            Table::Scores => bench().into_iter().map(|(model, _)| model).chain([self.judge.sure.to_string()]).collect(),
            Table::Judgements => {
                let model = bench().map(|(model, bench)| {
                    let own = json(serde_json::to_string(&(bench.calibration, bench.conflict_types)));
                    format!("{model} {own}")
                });
                vec![model.unwrap_or_default(), json(serde_json::to_string(self.judge))]
            }
            Table::Groups => vec![json(serde_json::to_string(self.group))],
            Table::Articles | Table::Segments | Table::Claims | Table::Errors => Vec::new(),
        };
        let mut hash = Sha256::new();
        for part in [env!("CARGO_PKG_VERSION"), table.name()].into_iter().chain(parts.iter().map(String::as_str)) {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part.as_bytes());
        }
        hex(&hash.finalize()[..16])
    }
}

/// The part of the keys that a worker takes: those whose number, divided by `of`, leaves `number`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shard {
    /// Which part, from 0.
    pub number: u64,
    /// How many parts there are.
    pub of: u64,
}

impl Shard {
    /// Everything.
    pub const WHOLE: Self = Self { number: 0, of: 1 };

    fn has(self, key: u64) -> bool {
        key % self.of == self.number
    }
}

/// The number by which a text key decides on a shard.
fn share_of(key: &[u8; 16]) -> u64 {
    let mut first = [0; 8];
    first.copy_from_slice(&key[..8]);
    u64::from_le_bytes(first)
}

/// How streams are read and written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// Form of input and output.
    pub io: Io,
    /// Whether one stream after another is read, each with its own output stream.
    pub looped: bool,
    /// Which keys.
    pub shard: Shard,
}

/// An input row that a stage could not use: a row of the errors table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadRow {
    /// Number of the input stream, from 0.
    pub stream: usize,
    /// Number of the row in it, from 0.
    pub row: u64,
    /// What is wrong with it.
    pub problem: String,
    /// The row, cut, where it is at hand.
    pub content: Option<String>,
}

/// What a stage did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Done {
    /// Input streams.
    pub streams: usize,
    /// Rows out.
    pub rows: u64,
    /// Rows in that could not be used.
    pub bad: u64,
}

/// Why a stage stopped.
#[derive(Debug, thiserror::Error)]
pub enum StageError {
    /// The input as a whole cannot be used.
    #[error("{0}")]
    Input(String),
    /// Rows are not sorted by key.
    #[error("the key {key} comes after {before}: rows must come sorted by key, and the rows of a key together")]
    KeyCameBack {
        /// The key that came back.
        key: i64,
        /// A larger one that came before.
        before: i64,
    },
    /// Streams of different origin.
    #[error("this stream of `{table}` has the fingerprint {found}, an earlier one {first}: they must not be mixed")]
    Mixed {
        /// The table.
        table: String,
        /// Fingerprint of the first stream.
        first: String,
        /// The other.
        found: String,
    },
    /// A model failed.
    #[error(transparent)]
    Model(#[from] ModelError),
    /// A stream failed.
    #[error(transparent)]
    Table(#[from] TableError),
}

impl StageError {
    /// Whether the same call may succeed later or elsewhere: files, pipes and models may, input and settings that are wrong stay so.
    pub fn may_pass(&self) -> bool {
        match self {
            Self::Input(_) | Self::KeyCameBack { .. } | Self::Mixed { .. } => false,
            Self::Model(ModelError::Unsupported { .. }) | Self::Table(TableError::Malformed(_)) => false,
            Self::Model(_) | Self::Table(_) => true,
        }
    }
}

/// Runs a stage over a stream, or over one after another; `bad` is told of every row that cannot be used.
pub fn run(
    stage: Stage,
    tools: &Tools<'_>,
    options: Options,
    source: &mut dyn BufRead,
    sink: &mut (dyn Write + Send),
    bad: &mut dyn FnMut(BadRow) -> Result<(), StageError>,
) -> Result<Done, StageError> {
    if tools.judge.max_pairs > 0 && stage == Stage::Judge {
        let problem = "judge.max_pairs is for runs: a stage cannot know the most similar of all pairs; cut the candidates instead";
        return Err(StageError::Input(problem.to_owned()));
    }
    let encoder = || tools.encoder.ok_or_else(|| StageError::Input("embed needs an encoder".to_owned()));
    let bench = || tools.bench.ok_or_else(|| StageError::Input("judge needs a judge".to_owned()));
    let streams = drive::Streams::new(tools, options, source, sink, bad);
    match stage {
        Stage::Split => streams.drive(&mut split::Split),
        Stage::Claims => streams.drive(&mut claims::Claims),
        Stage::Embed => streams.drive(&mut embed::Embed::new(encoder()?)),
        Stage::Relate => streams.drive(&mut relate::Relate { settings: tools.align }),
        Stage::Candidates => streams.drive(&mut candidates::Candidates { settings: tools.align }),
        Stage::Judge => {
            let bench = bench()?;
            streams.drive_either(
                "scores",
                &mut judge::Conclude { bench, settings: tools.judge },
                &mut judge::Score::new(bench, tools.judge),
            )
        }
        Stage::Group => streams.drive(&mut group::Grouping { settings: tools.group }),
    }
}

/// Name, digest and origin of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// Name of the table; empty if it is none of ours.
    pub table: String,
    /// Its digest.
    pub digest: Digest,
    /// Fingerprint that it carries, if it does.
    pub fingerprint: Option<String>,
}

/// Tells the digest of a stream, or of one after another as soon as each has ended; a bad row is an error here.
pub fn digests(
    options: Options,
    source: &mut dyn BufRead,
    tell: &mut dyn FnMut(Summary) -> std::io::Result<()>,
) -> Result<(), StageError> {
    let mut origins = drive::Origins::default();
    drive::each_table(options, source, None, |reader| {
        origins.check(reader.origin())?;
        tell(summary(reader)?).map_err(TableError::Io)?;
        Ok(())
    })
}

fn summary(mut reader: TableReader<'_>) -> Result<Summary, StageError> {
    let names: Vec<String> = reader.schema().fields().iter().map(|field| field.name().clone()).collect();
    drive::check_kinds(reader.schema())?;
    let origin = reader.origin();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let table = match &origin {
        Some(origin) => origin.table.clone(),
        None => Table::with_columns(&names).map_or(String::new(), |table| table.name().to_owned()),
    };
    let mut digest = Digest::default();
    while let Some(piece) = reader.next_piece()? {
        match piece {
            Piece::Batch(batch) => digest.add(&batch),
            Piece::Bad { problem, .. } => return Err(StageError::Input(format!("row {}: {problem}", digest.rows))),
        }
    }
    Ok(Summary { table, digest, fingerprint: origin.map(|origin| origin.fingerprint) })
}
