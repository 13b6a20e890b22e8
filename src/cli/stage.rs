//! `crossclaim stage`.

use std::io::{BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::ValueEnum;
use crossclaim::model::selftest;
use crossclaim::settings::Settings;
use crossclaim::stage::{self, BadRow, Options, Shard, Stage, StageError, Tools};
use crossclaim::tables::{Builder, Cell, Io, Origin, Table, TableError, TableWriter};

use super::models::{self, OpenedJudge};
use super::{Common, Exit};

/// Arguments of `crossclaim stage`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
One table comes in on the standard input, one goes out on the standard output. `describe` prints the columns,
the order that rows must have, and by what they may be spread over machines; docs/stages.md has more.

Exit codes: 0 done, 1 failed and may succeed when tried again, 2 wrong usage, 3 input or settings wrong: trying
again does not help, 4 done but some rows could not be used (see --errors). A closed pipe is success.

Parquet may be compressed with Snappy; other compression, and any of Arrow, is refused with exit code 3.

Examples:
  crossclaim stage describe
  echo '{\"id\": \"a\", \"lang\": \"en\", \"text\": \"Two people were injured.\"}' | crossclaim stage split --io jsonl
  crossclaim stage digest --io parquet < outputs/first/tables/vectors.parquet
  crossclaim stage embed --shard 0/4 < claims.arrows > vectors-0.arrows")]
pub struct Arguments {
    /// What to do.
    what: What,
    /// Form of the input and of the output.
    #[arg(long, value_enum, default_value_t = Form::Arrow)]
    io: Form,
    /// The same as --config, and wins over it.
    #[arg(long, value_name = "FILE")]
    params: Option<PathBuf>,
    /// Reads one stream after another, answers each with a stream, and keeps the model loaded.
    #[arg(long = "loop")]
    looped: bool,
    /// Takes only this part of the keys, as 0/4: the parts together give what one call without it gives.
    #[arg(long, value_name = "I/N", value_parser = shard, default_value = "0/1")]
    shard: Shard,
    /// Where rows go that cannot be used, as a table in the form of --io; without it they are named on the standard error stream.
    #[arg(long, value_name = "FILE")]
    errors: Option<PathBuf>,
}

/// Stages, and what belongs to them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum What {
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
    /// Candidates to scores; scores to judgements.
    Judge,
    /// Judgements to groups.
    Group,
    /// Rows and digest of a table: equal for the same rows in any order and any parts.
    Digest,
    /// Hash of what the models make of fixed sentences: a worker with another hash must not take part.
    Selftest,
    /// Input and output of every stage.
    Describe,
}

/// Forms of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Form {
    /// Arrow IPC stream.
    Arrow,
    /// Parquet file.
    Parquet,
    /// One JSON object per row.
    Jsonl,
}

fn shard(text: &str) -> Result<Shard, String> {
    let parts = text.split_once('/').and_then(|(i, n)| Some((i.parse().ok()?, n.parse().ok()?)));
    match parts {
        Some((number, of)) if number < of => Ok(Shard { number, of }),
        _ => Err("expected a part and a number of parts, as 0/4".to_owned()),
    }
}

/// Bad rows that are named one by one where there is no errors table.
const NAMED: u64 = 20;

pub fn execute(arguments: &Arguments, common: &Common) -> Result<Exit> {
    let common = Common { config: arguments.params.clone().or_else(|| common.config.clone()), ..common.clone() };
    let settings = common.settings(&[])?;
    let io = match arguments.io {
        Form::Arrow => Io::Arrow,
        Form::Parquet => Io::Parquet,
        Form::Jsonl => Io::Jsonl,
    };
    if arguments.looped && io == Io::Parquet {
        let problem = "a Parquet file has no successor in its stream: use arrow or jsonl with --loop";
        return Err(StageError::Input(problem.to_owned()).into());
    }
    let options = Options { io, looped: arguments.looped, shard: arguments.shard };
    let stage = match arguments.what {
        What::Split => Stage::Split,
        What::Claims => Stage::Claims,
        What::Embed => Stage::Embed,
        What::Relate => Stage::Relate,
        What::Candidates => Stage::Candidates,
        What::Judge => Stage::Judge,
        What::Group => Stage::Group,
        What::Digest => return digests(options),
        What::Selftest => return print(vec![test(&settings)?]),
        What::Describe => return print(stage::describe()),
    };
    work(stage, options, &settings, arguments.errors.as_deref())
}

fn print(lines: Vec<serde_json::Value>) -> Result<Exit> {
    let mut out = std::io::stdout().lock();
    lines.iter().try_for_each(|line| writeln!(out, "{line}"))?;
    Ok(Exit::Done)
}

fn digests(options: Options) -> Result<Exit> {
    let mut out = std::io::stdout().lock();
    let mut tell = |summary: stage::Summary| {
        let line = serde_json::json!({
            "table": summary.table,
            "rows": summary.digest.rows,
            "digest": summary.digest.hex(),
            "fingerprint": summary.fingerprint,
        });
        writeln!(out, "{line}")
    };
    stage::digests(options, &mut BufReader::new(std::io::stdin()), &mut tell)?;
    Ok(Exit::Done)
}

fn test(settings: &Settings) -> Result<serde_json::Value> {
    let models = models::open(settings)?;
    let test = selftest(models.encoder.as_ref(), models.judge.as_ref())?;
    let tools = models.tools(settings);
    let fingerprints: serde_json::Map<String, serde_json::Value> =
        Table::KEPT.iter().map(|&table| (table.name().to_owned(), tools.fingerprint(table).into())).collect();
    Ok(serde_json::json!({
        "selftest": test.digest(),
        "vectors": test.vectors,
        "scores": test.scores,
        "fingerprints": fingerprints,
    }))
}

fn work(stage: Stage, options: Options, settings: &Settings, errors: Option<&Path>) -> Result<Exit> {
    let encoder = if stage == Stage::Embed { Some(models::centred_encoder(settings)?) } else { None };
    let judge = if stage == Stage::Judge { Some(OpenedJudge::of(settings)?) } else { None };
    let tools = Tools {
        align: &settings.align,
        judge: &settings.judge,
        group: &settings.group,
        encoder: encoder.as_deref(),
        bench: judge.as_ref().map(OpenedJudge::bench),
    };
    let mut errors = errors.map(|path| ErrorsFile::new(path, options.io, stage)).transpose()?;
    let mut named = 0;
    let mut bad = |row: BadRow| match &mut errors {
        Some(file) => file.add(&row),
        None => {
            named += 1;
            if named <= NAMED {
                let BadRow { stream, row, problem, .. } = row;
                let stream = if options.looped { format!("stream {stream}, ") } else { String::new() };
                tracing::warn!("{stream}row {row}: {problem}");
            }
            Ok(())
        }
    };
    let mut sink = BufWriter::new(std::io::stdout());
    let mut source = BufReader::with_capacity(1 << 16, std::io::stdin());
    let done = stage::run(stage, &tools, options, &mut source, &mut sink, &mut bad);
    // Rows that were bad before a stage fails may tell why.
    let written = errors.map_or(Ok(()), ErrorsFile::finish);
    let done = done?;
    written?;
    if done.bad > 0 {
        tracing::warn!("{} rows could not be used", done.bad);
    }
    Ok(if done.bad > 0 { Exit::Skipped } else { Exit::Done })
}

/// The errors table.
struct ErrorsFile {
    stage: Stage,
    rows: Builder,
    writer: TableWriter<BufWriter<std::fs::File>>,
}

impl ErrorsFile {
    fn new(path: &Path, io: Io, stage: Stage) -> Result<Self> {
        let file = std::fs::File::create(path).with_context(|| format!("cannot write `{}`", path.display()))?;
        let origin = Origin { table: Table::Errors.name().to_owned(), fingerprint: String::new() };
        let writer = TableWriter::new(io, BufWriter::new(file), &Table::Errors.schema(), &origin)?;
        Ok(Self { stage, rows: Builder::new(Table::Errors.columns()), writer })
    }

    fn add(&mut self, bad: &BadRow) -> Result<(), StageError> {
        self.rows.push(&[
            Cell::Text(self.stage.name()),
            Cell::Whole(bad.stream as i64),
            Cell::Whole(bad.row as i64),
            Cell::Text(&bad.problem),
            bad.content.as_deref().into(),
        ]);
        if self.rows.rows() >= 1_024 {
            self.writer.write(&self.rows.take()?)?;
        }
        Ok(())
    }

    fn finish(mut self) -> Result<(), TableError> {
        if self.rows.rows() > 0 {
            self.writer.write(&self.rows.take()?)?;
        }
        self.writer.finish()
    }
}
