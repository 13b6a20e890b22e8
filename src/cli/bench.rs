//! `crossclaim bench`.

use std::io::Write;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use crossclaim::model::int8;
use crossclaim::pipeline;

use super::{Common, Exit, corpus, models};

/// Arguments of `crossclaim bench`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  crossclaim bench                      on the sample corpus
  crossclaim bench my-articles/ --articles 10000")]
pub struct Arguments {
    /// Articles to measure on; the default is the corpus of the settings.
    corpus: Vec<PathBuf>,
    /// Size of the corpus that the estimate is for.
    #[arg(long, value_name = "N", default_value_t = 1_000)]
    articles: usize,
    /// Articles that report the same event, for the estimate.
    #[arg(long, value_name = "N", default_value_t = 5)]
    per_event: usize,
    /// Repetitions; medians are printed.
    #[arg(long, value_name = "N", default_value_t = 3)]
    repeat: usize,
}

pub fn execute(arguments: &Arguments, common: &Common) -> Result<Exit> {
    let settings = common.settings(&[])?;
    let models = models::open(&settings)?;
    let corpus = corpus::read(&arguments.corpus, &settings)?;
    corpus::tell_skipped(&corpus);
    let outcome = pipeline::run(corpus, &models, &settings, &pipeline::Silent)?;
    let texts: Vec<&str> = (0..outcome.claims.len()).map(|claim| outcome.text_of(claim)).collect();
    let pairs: Vec<(&str, &str)> =
        outcome.candidates.iter().map(|c| (outcome.text_of(c.left), outcome.text_of(c.right))).take(1_000).collect();
    let tokens = models.encoder.tokens(&texts)?;
    let embed = median(arguments.repeat, || models.encoder.embed(&texts, &|_| {}).map(drop))?;
    let judge = median(arguments.repeat, || models.judge.judge(&pairs, &|_| {}).map(drop))?;
    let (articles, claims) = (outcome.corpus.articles.len().max(1), texts.len());
    let mut out = std::io::stdout().lock();
    writeln!(out, "encoder  {:>9.0} tokens/s  {:>9.0} sentences/s", tokens as f64 / embed, claims as f64 / embed)?;
    if let Some(work) = models.encoder.work() {
        let set = crossclaim::model::instruction_set(&settings.model)?;
        for int8 in [true, false] {
            let limit: f64 = rayon::broadcast(|_| int8::peak(set, int8, PEAK)).iter().sum();
            writeln!(
                out,
                "limit    {:>9.0} tokens/s in {} on {} with {} threads ({:.2} T multiply-adds/s); the encoder, in {}, reaches {:.2} of it",
                limit / work.multiply_adds as f64,
                arithmetic(int8),
                set.name(),
                rayon::current_num_threads(),
                limit / 1e12,
                arithmetic(work.int8),
                tokens as f64 * work.multiply_adds as f64 / embed / limit
            )?;
        }
    }
    writeln!(out, "judge    {:>9.0} pairs/s", pairs.len() as f64 / judge)?;
    let per_article = claims as f64 / articles as f64;
    let sentences = arguments.articles as f64 * per_article;
    let candidates = outcome.candidates.len() as f64 / outcome.related.len().max(1) as f64;
    let related = arguments.articles as f64 * (arguments.per_event.max(1) - 1) as f64 / 2.0;
    let seconds = sentences / (claims as f64 / embed) + 2.0 * related * candidates / (pairs.len() as f64 / judge);
    writeln!(
        out,
        "estimate {:>9.0} s for {} articles, {} of them on an event ({per_article:.1} sentences per article, {candidates:.0} candidates per pair of articles)",
        seconds, arguments.articles, arguments.per_event
    )?;
    Ok(corpus::exit(&outcome.corpus))
}

fn arithmetic(int8: bool) -> &'static str {
    if int8 { "int8" } else { "float32" }
}

/// How long a limit is measured.
const PEAK: Duration = Duration::from_millis(300);

/// Median wall time in seconds.
fn median<E: std::error::Error + Send + Sync + 'static>(
    repeat: usize,
    mut work: impl FnMut() -> Result<(), E>,
) -> Result<f64> {
    let mut times = Vec::new();
    for _ in 0..repeat.max(1) {
        let start = Instant::now();
        work().context("the measured work failed")?;
        times.push(start.elapsed().as_secs_f64());
    }
    times.sort_by(f64::total_cmp);
    Ok(times[times.len() / 2])
}
