//! `crossclaim evaluate`.

mod baselines;
mod measures;

use std::collections::BTreeMap;
use std::io::Write;
use std::path::PathBuf;

use anyhow::{Context, Result};
use crossclaim::evaluate::{self, Report};
use crossclaim::pipeline::{self, Models, Outcome};

use super::{Common, Exit, cache, corpus, models};
use crate::progress::Bars;

/// Arguments of `crossclaim evaluate`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  The sample corpus against its gold pairs
    crossclaim evaluate
  Your own articles against your own marks
    crossclaim evaluate --gold outputs/first/pairs.csv --articles articles/ --out scores/
  What the calibration learns from, one judged pair a line
    crossclaim evaluate --features features.jsonl")]
pub struct Arguments {
    /// Gold pairs: article_a, lang_a, start_a, end_a, the same for b, claim, relation; or a pairs file with marks, of
    /// which only the marked pairs are counted: P is then of the marked rows, R of the pairs that were shown. Articles
    /// are named by their ids, or by file names without folders and extension.
    #[arg(long, value_name = "GOLD.csv", default_value = "corpus/gold/gold_pairs.csv")]
    gold: PathBuf,
    /// Pairs that may be reported or not, in the form of gold.
    #[arg(long, value_name = "CSV")]
    ignore: Vec<PathBuf>,
    /// The articles of the gold; the default is the corpus of the settings.
    #[arg(long, value_name = "DIR")]
    articles: Option<PathBuf>,
    /// Folder for scorecard.txt and scorecard.json.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Leaves the two baselines out.
    #[arg(long)]
    no_baselines: bool,
    /// Writes every judged pair with its features and its gold relation, for `training/calibrate.py`.
    #[arg(long, value_name = "FILE")]
    features: Option<PathBuf>,
}

pub fn execute(arguments: &Arguments, common: &Common, quiet: bool) -> Result<Exit> {
    let mut settings = common.settings(&[])?;
    // What a run finds in a given time says nothing of what it can find.
    settings.run.budget_seconds = 0;
    let mut gold = evaluate::read_gold(&arguments.gold, &arguments.ignore)?;
    let corpus = corpus::read(arguments.articles.as_slice(), &settings)?;
    corpus::tell_skipped(&corpus);
    let ids: Vec<&str> = corpus.articles.iter().map(|article| article.id.as_str()).collect();
    let elsewhere = gold.locate(&ids)?;
    if elsewhere > 0 {
        tracing::warn!("{elsewhere} gold pairs are on articles that were not read");
    }
    let models = models::open_cached(&settings)?;
    let outcome = pipeline::run(corpus, &models, &settings, &Bars::new(quiet))?;
    if outcome.unfinished.is_partial() {
        tracing::warn!("{}", outcome.unfinished);
    }
    let places = measures::places(&outcome);
    if let Some(path) = &arguments.features {
        measures::write_features(path, &outcome, &places, &gold)?;
    }
    let reported = measures::reported(&outcome.judgements, &places);
    let mut systems = vec![("crossclaim".to_owned(), evaluate::score(&gold, &reported))];
    if !arguments.no_baselines {
        systems.push(baselines::nearest_neighbour(&outcome, &places, &gold));
        systems.push(baselines::judge_alone(&outcome, &places, &gold, &models, &settings)?);
    }
    let has_claims = gold.pairs.iter().any(|pair| !pair.claims.is_empty());
    let report = Report {
        systems,
        note: gold.note(),
        steps: measures::steps(&outcome, &places, &gold),
        reliability: measures::reliability(&outcome.judgements, &places, &gold),
        groups: has_claims.then(|| measures::group_score(&outcome, &places, &gold)),
        about: about(&outcome, &models),
    };
    let text = report.to_text();
    if let Some(folder) = &arguments.out {
        std::fs::create_dir_all(folder).with_context(|| format!("cannot make `{}`", folder.display()))?;
        std::fs::write(folder.join("scorecard.txt"), &text)?;
        std::fs::write(folder.join("scorecard.json"), serde_json::to_string_pretty(&report)?)?;
    }
    cache::tell(&models);
    std::io::stdout().write_all(text.as_bytes())?;
    Ok(corpus::exit(&outcome.corpus))
}

fn about(outcome: &Outcome, models: &Models) -> BTreeMap<String, String> {
    let count = |name: &str, n: usize| (name.to_owned(), n.to_string());
    let mut about = BTreeMap::from([
        ("version".to_owned(), env!("CARGO_PKG_VERSION").to_owned()),
        ("encoder".to_owned(), models.encoder.fingerprint()),
        ("judge".to_owned(), models.judge.fingerprint()),
        count("articles", outcome.corpus.articles.len()),
        count("sentences", outcome.claims.len()),
        count("related articles", outcome.related.len()),
        count("candidates", outcome.candidates.len()),
    ]);
    about.extend(outcome.unfinished.is_partial().then(|| ("unfinished".to_owned(), outcome.unfinished.to_string())));
    about
}
