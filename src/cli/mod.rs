//! Commands and their arguments.

mod bench;
mod cache;
mod config;
mod corpus;
mod embed;
mod evaluate;
mod judge;
mod model;
mod models;
mod report;
mod review;
mod run;
mod shell;
mod split;
#[cfg(feature = "tables")]
mod stage;

use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::error::{ContextKind, ContextValue};
use clap::{Args, Parser, Subcommand};
use crossclaim::article::ArticleError;
use crossclaim::evaluate::EvaluateError;
use crossclaim::model::ModelError;
use crossclaim::report::ReportError;
use crossclaim::review::ReviewError;
use crossclaim::settings::{self, Settings, SettingsError};

/// Finds the claims that news articles in many languages share: who agrees, who contradicts whom, sentence by sentence.
#[derive(Debug, Parser)]
#[command(
    name = "crossclaim",
    version,
    after_help = "Examples:
  crossclaim                          the sample corpus, results under outputs/
  crossclaim run articles/            your own folder of articles
  crossclaim run news.jsonl --watch \"Iran delivered drones before the invasion\"
  crossclaim split page.txt | head    sentences and page furniture of one article
  crossclaim config                   every setting, its value and its explanation

Exit codes: 0 done, 1 failed, 2 wrong usage, 3 settings or input invalid,
4 done but some articles were skipped (each is named with its reason)."
)]
pub struct Arguments {
    /// What to do; without a command the whole pipeline runs on the default corpus.
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    common: Common,
    /// Prints more; given twice, everything.
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub verbose: u8,
    /// Prints errors only.
    #[arg(short, long, global = true)]
    pub quiet: bool,
}

impl Arguments {
    /// Reads the command line; a file or folder that stands in the place of a command is told to belong behind `run`.
    pub fn read() -> Self {
        Self::try_parse().unwrap_or_else(|mut error| {
            let first = std::env::args_os().skip(1).find(|argument| !argument.as_encoded_bytes().starts_with(b"-"));
            let first = first.unwrap_or_default();
            if let Some(ContextValue::String(name)) = error.get(ContextKind::InvalidSubcommand)
                && first.to_str() == Some(name.as_str())
                && Path::new(&first).exists()
            {
                let tip = format!("to compare articles: crossclaim run {name}");
                error.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![tip.into()]));
            }
            error.exit()
        })
    }
}

/// Options of every command.
#[derive(Debug, Clone, Args)]
pub struct Common {
    /// Settings file in TOML; what it leaves out keeps its default.
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// One setting, as `align.neighbours=5`; may be given several times; `crossclaim config` lists all.
    #[arg(long, global = true, value_name = "KEY=VALUE")]
    set: Vec<String>,
    /// Threads; the default is one per core.
    #[arg(long, global = true, value_name = "N")]
    threads: Option<usize>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Runs the whole pipeline: articles in, a page to read and tables to review out.
    Run(run::Arguments),
    /// Splits articles into sentences and page furniture, one JSON object per segment.
    Split(split::Arguments),
    /// Embeds one text per line into a NumPy matrix of unit vectors.
    Embed(embed::Arguments),
    /// Judges pairs of texts: agreement, contradiction or unrelated.
    Judge(judge::Arguments),
    /// Measures the pipeline against gold pairs.
    Evaluate(evaluate::Arguments),
    /// Reads marked pairs back: precision, agreement of reviewers, thresholds; draws samples to review.
    Review(review::Arguments),
    /// Writes the files of a finished run again, without a model.
    Report(report::Arguments),
    /// Runs one stage on a stream of rows, for engines that spread work over many machines.
    #[cfg(feature = "tables")]
    Stage(stage::Arguments),
    /// Shows the effective settings as TOML.
    Config(config::Arguments),
    /// Shows, prunes or clears what earlier runs have kept.
    Cache(cache::Arguments),
    /// Lists, shows, fetches and verifies models.
    Model(model::Arguments),
    /// Measures this machine: tokens and pairs per second, and an estimate for a corpus.
    Bench(bench::Arguments),
    /// Writes shell completions.
    Completions(shell::Completions),
    /// Writes the manual page.
    Man,
}

/// How the program ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// All done.
    Done = 0,
    /// Failed.
    Failed = 1,
    /// Settings or input invalid; clap itself exits with 2 on wrong usage.
    Invalid = 3,
    /// Done, but some articles were skipped.
    Skipped = 4,
}

impl Exit {
    /// The code that an error asks for.
    pub fn of(error: &anyhow::Error) -> Self {
        let invalid = error.chain().any(|e| {
            let report = e.downcast_ref::<ReportError>();
            let bad_input = |e| {
                matches!(e, &ReportError::Setting { .. } | &ReportError::Read { .. } | &ReportError::Malformed { .. })
            };
            e.is::<SettingsError>()
                || e.is::<ArticleError>()
                || e.is::<EvaluateError>()
                || e.is::<ReviewError>()
                || matches!(e.downcast_ref::<ModelError>(), Some(ModelError::Unsupported { .. }))
                || report.is_some_and(bad_input)
                || stays(e)
        });
        if invalid { Self::Invalid } else { Self::Failed }
    }
}

/// Whether a stage's error stays when it is tried again.
#[cfg(feature = "tables")]
fn stays(error: &(dyn std::error::Error + 'static)) -> bool {
    error.downcast_ref::<crossclaim::stage::StageError>().is_some_and(|error| !error.may_pass())
}

#[cfg(not(feature = "tables"))]
fn stays(_: &(dyn std::error::Error + 'static)) -> bool {
    false
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// Sends the library's notes to the standard error stream.
pub fn start_log(verbose: u8, quiet: bool) {
    let level = match (quiet, verbose) {
        (true, _) => "error",
        (_, 0) => "crossclaim=info,warn",
        (_, 1) => "crossclaim=debug,warn",
        _ => "trace",
    };
    let filter = tracing_subscriber::EnvFilter::new(level);
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).without_time();
    // Colours are for terminals; `NO_COLOR` is heard there as well.
    let coloured = std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    // A reader that went away is no reason to panic.
    log.log_internal_errors(false).with_target(false).with_ansi(coloured).init();
}

/// Runs the command.
pub fn execute(arguments: Arguments) -> Result<Exit> {
    let Arguments { command, common, quiet, .. } = arguments;
    match command.unwrap_or_else(|| Command::Run(run::Arguments::default())) {
        Command::Run(own) => run::execute(own, &common, quiet),
        Command::Split(own) => split::execute(&own, &common),
        Command::Embed(own) => embed::execute(&own, &common),
        Command::Judge(own) => judge::execute(&own, &common),
        Command::Evaluate(own) => evaluate::execute(&own, &common, quiet),
        Command::Review(own) => review::execute(&own, &common, quiet),
        Command::Report(own) => report::execute(&own, &common, quiet),
        #[cfg(feature = "tables")]
        Command::Stage(own) => stage::execute(&own, &common),
        Command::Config(own) => config::execute(&own, &common),
        Command::Cache(own) => cache::execute(&own, &common),
        Command::Model(own) => model::execute(&own, &common),
        Command::Bench(own) => bench::execute(&own, &common),
        Command::Completions(own) => shell::completions(&own),
        Command::Man => shell::man(),
    }
}

impl Common {
    /// Settings of all layers; `more` are further `key=value`, weaker than `--set`.
    fn settings(&self, more: &[String]) -> Result<Settings> {
        let mut assignments = more.to_vec();
        assignments.extend(self.set.iter().cloned());
        assignments.extend(self.threads.map(|n| format!("run.threads={n}")));
        let settings = settings::compose(self.config.as_deref(), &assignments)?;
        rayon::ThreadPoolBuilder::new()
            .num_threads(settings.run.threads)
            .build_global()
            .context("cannot start the threads")?;
        Ok(settings)
    }

    /// Settings of all layers; without `--config`, the file is that of the finished run in the folder.
    fn settings_of(&self, run: &Path) -> Result<Settings> {
        let own = run.join("settings.toml");
        let config = self.config.clone().or_else(|| own.exists().then_some(own));
        Self { config, ..self.clone() }.settings(&[])
    }
}

/// Error and causes in one line; a cause that the error itself already quotes is left out.
pub fn chain(error: &anyhow::Error) -> String {
    error.chain().map(ToString::to_string).fold(String::new(), |text, cause| match text {
        text if text.is_empty() => cause,
        text if text.contains(&cause) => text,
        text => format!("{text}: {cause}"),
    })
}

/// Whether the reader of our output went away, as `head` does.
pub fn is_closed_pipe(error: &anyhow::Error) -> bool {
    let closed = |e: &std::io::Error| e.kind() == std::io::ErrorKind::BrokenPipe;
    error.chain().any(|cause| {
        cause.downcast_ref::<std::io::Error>().is_some_and(closed)
            || cause
                .downcast_ref::<csv::Error>()
                .is_some_and(|e| matches!(e.kind(), csv::ErrorKind::Io(io) if closed(io)))
    })
}
