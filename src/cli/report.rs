//! `crossclaim report`.

use std::io::Write;
use std::path::PathBuf;

use anyhow::Result;
use crossclaim::report::Report;
use crossclaim::{pipeline, review as marks};

use super::{Common, Exit, review};

/// Arguments of `crossclaim report`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Relation and confidence of every pair follow anew from its probabilities, with the
settings of the run (or of --config) and --set. Claims, matrix and watched claims lose
what no longer reaches its threshold; lower thresholds bring no new claims or articles.
Marks are shown again; a file in which somebody marked pairs is never overwritten.
Formats whose files stand in the folder already are written with those that are asked
for, so that none of them is stale.

Examples, for a run in outputs/first:
  CSV files for a Polish Excel
    crossclaim report outputs/first --set report.locale=pl
  Fewer contradictions, more of them right
    crossclaim report outputs/first --set judge.contradiction=0.8
  The thresholds that `crossclaim review --apply my.toml` wrote, into another folder
    crossclaim report outputs/first --config my.toml --out outputs/strict
  Parquet beside the other files
    crossclaim report outputs/first --set 'report.formats=[\"parquet\"]'
  Every judged pair, as a workbook only
    crossclaim report outputs/first --out outputs/all --set report.include=all --set 'report.formats=[\"xlsx\"]'")]
pub struct Arguments {
    /// Folder of a finished run.
    run: PathBuf,
    /// Folder for the files; the default is that of the run.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

pub fn execute(arguments: &Arguments, common: &Common, quiet: bool) -> Result<Exit> {
    let mut report = Report::read(&arguments.run)?;
    let mut settings = common.settings_of(&arguments.run)?;
    let out = arguments.out.as_ref().unwrap_or(&arguments.run);
    pipeline::add_formats_of(out, &mut settings.report.formats);
    let places = [review::above(out), settings.run.outputs.clone(), review::above(&arguments.run)];
    report.rejudge(&settings.judge);
    report.keep(settings.report.include);
    marks::carry_over(&mut report, &review::known_marks(&places)?);
    let written = pipeline::renew_reports(&report, &settings.report, out)?;
    review::tell_kept(&written.kept);
    if !quiet {
        let count = |relation: &str| report.pairs.iter().filter(|row| row.relation == relation).count();
        let mut say = std::io::stdout().lock();
        writeln!(say, "{:>8} agreements", count("agreement"))?;
        writeln!(say, "{:>8} contradictions", count("contradiction"))?;
        writeln!(say, "\n{} files in {}", written.files.len(), out.display())?;
        if !report.pairs.is_empty() {
            review::invite(&mut say, &written.files)?;
        }
    }
    Ok(Exit::Done)
}
