//! `crossclaim judge`.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::path::PathBuf;
use std::time::Instant;

use anyhow::{Context, Result};
use crossclaim::align::CandidatePair;
use crossclaim::embed::Vectors;
use crossclaim::judge::{Judgement, Side};
use crossclaim::review::ReviewError;
use crossclaim::{article, claim, judge};

use super::{Common, Exit, embed::Timing, models};

/// Arguments of `crossclaim judge`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  printf 'Prices rose by 5 per cent.\\tDie Preise stiegen um neun Prozent.\\n' | crossclaim judge
  crossclaim judge pairs.tsv --header > judged.tsv
  crossclaim judge pairs.tsv --candidates > judged.tsv    pairs as the aligner finds them, most of them unrelated")]
pub struct Arguments {
    /// Tab-separated: left text, right text, further columns that are kept; the standard input if not given. Blank
    /// lines are left out.
    file: Option<PathBuf>,
    /// The first line names the columns.
    #[arg(long)]
    header: bool,
    /// The pairs are neighbours found in news on one event, few of them related: probabilities and thresholds of a run.
    /// Without it no relation is rarer than another, and the most probable one is named.
    #[arg(long)]
    candidates: bool,
    /// One JSON object with pairs, seconds and pairs per second on the standard error stream.
    #[arg(long, value_enum)]
    timing: Option<Timing>,
}

pub fn execute(arguments: &Arguments, common: &Common) -> Result<Exit> {
    let settings = common.settings(&[])?;
    let text = read_text(arguments)?;
    let Table { names, rows, sides } = read_table(&text, arguments)?;
    let models = models::open(&settings)?;
    let languages: Vec<&str> = sides.iter().map(|text| article::detect_language(text)).collect();
    let fields: Vec<_> = sides.iter().zip(&languages).map(|(text, l)| claim::describe(text, l, None)).collect();
    let start = Instant::now();
    // Only the probabilities of a run need the cosine.
    let vectors = match arguments.candidates {
        true => Some(Vectors::from_floats(&models.encoder.embed(&sides, &|_| {})?, models.encoder.width())),
        false => None,
    };
    let pairs: Vec<CandidatePair> = (0..rows.len())
        .map(|i| {
            let (left, right) = (2 * i, 2 * i + 1);
            let similarity = vectors.as_ref().map_or(0.0, |vectors| vectors.cosine(left, right));
            CandidatePair::new(left, right, similarity)
        })
        .collect();
    let side = |i: usize| Side { article: i, text: sides[i], language: languages[i], fields: &fields[i] };
    let unbounded = unbounded(settings.judge, arguments.candidates);
    let plain = judge::Calibration::identity();
    let bench = models.judge();
    let bench = if arguments.candidates { bench } else { judge::Bench { calibration: &plain, ..bench } };
    let judged = judge::judge(&bench, &pairs, &[], side, &unbounded, &|| true, &|_| {})?;
    let seconds = start.elapsed().as_secs_f64();
    let out = judged_table(names, &rows, &judged.judgements, arguments.candidates);
    std::io::stdout().write_all(out.as_bytes())?;
    if arguments.timing.is_some() {
        let per_second = rows.len() as f64 / seconds.max(1e-9);
        let timing = serde_json::json!({"pairs": rows.len(), "seconds": seconds, "pairs_per_second": per_second});
        writeln!(std::io::stderr(), "{timing}")?;
    }
    Ok(Exit::Done)
}

fn malformed(arguments: &Arguments, line: usize, problem: &str) -> ReviewError {
    let path = arguments.file.clone().unwrap_or("-".into());
    ReviewError::Line { path, line, problem: problem.to_owned() }
}

fn read_text(arguments: &Arguments) -> Result<String> {
    let mut bytes = Vec::new();
    match &arguments.file {
        Some(path) => bytes = std::fs::read(path).with_context(|| format!("cannot read `{}`", path.display()))?,
        None => drop(std::io::stdin().read_to_end(&mut bytes).context("cannot read the standard input")?),
    }
    Ok(String::from_utf8(bytes).map_err(|problem| {
        let before = &problem.as_bytes()[..problem.utf8_error().valid_up_to()];
        let line = before.split(|&byte| byte == b'\n').count();
        malformed(arguments, line, "not UTF-8; convert it, as with `iconv -t utf-8`")
    })?)
}

/// The input.
struct Table<'a> {
    /// The line that names the columns, if there is to be one.
    names: Option<&'a str>,
    /// Lines with pairs.
    rows: Vec<&'a str>,
    /// Both texts of every row, one after the other.
    sides: Vec<&'a str>,
}

fn read_table<'a>(text: &'a str, arguments: &Arguments) -> Result<Table<'a>> {
    let mut lines = (1..).zip(text.lines());
    let names = if arguments.header { Some(lines.next().map_or("", |(_, names)| names)) } else { None };
    let (mut rows, mut sides) = (Vec::new(), Vec::new());
    for (line, row) in lines.filter(|(_, row)| !row.trim_matches(' ').is_empty()) {
        let Some((left, rest)) = row.split_once('\t') else {
            return Err(malformed(arguments, line, "expected two texts with a tab between them").into());
        };
        rows.push(row);
        sides.extend([left, rest.split('\t').next().unwrap_or_default()]);
    }
    Ok(Table { names, rows, sides })
}

/// The rows with what was judged of them, under the names of their columns.
fn judged_table(names: Option<&str>, rows: &[&str], judged: &[Judgement], candidates: bool) -> String {
    let widest = names.iter().chain(rows).map(|row| tabs(row)).max().unwrap_or_default();
    let mut out = String::new();
    if let Some(names) = names {
        let names = padded(names, widest);
        out.push_str(&format!("{names}\trelation\tp_agreement\tp_contradiction\tp_unrelated\treason\n"));
    }
    for (row, j) in rows.iter().zip(judged) {
        let p = j.probabilities;
        let (a, c, u) = (p.agreement, p.contradiction, p.unrelated);
        let relation = if candidates { j.relation } else { p.strongest() };
        let reason = if relation == j.relation { j.reason.as_str() } else { "" };
        let row = padded(row, widest);
        out.push_str(&format!("{row}\t{}\t{a:.4}\t{c:.4}\t{u:.4}\t{reason}\n", relation.name()));
    }
    out
}

fn tabs(row: &str) -> usize {
    row.matches('\t').count()
}

/// The row with empty columns up to as many tabs as the widest one has, so that what follows stands under its name.
fn padded(row: &str, widest: usize) -> String {
    format!("{row}{}", "\t".repeat(widest - tabs(row)))
}

/// The settings of a run, but so that every row of the input has its row in the output.
fn unbounded(of_run: judge::Settings, candidates: bool) -> judge::Settings {
    if candidates {
        return judge::Settings { max_pairs: 0, ..of_run };
    }
    // The strongest of three is at least a third: whatever is named has its reason.
    let (agreement, contradiction) = (1.0 / 3.0, 1.0 / 3.0);
    judge::Settings { max_pairs: 0, agreement, contradiction, languages: BTreeMap::new(), ..of_run }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thresholds_of_two_languages_hold_for_candidates_only() {
        let strict = judge::Thresholds { contradiction: Some(0.9), ..judge::Thresholds::default() };
        let languages = BTreeMap::from([("el-pl".to_owned(), strict)]);
        let of_run = judge::Settings { languages, ..judge::Settings::default() };
        assert_eq!(unbounded(of_run.clone(), true).thresholds("pl", "el").1, 0.9);
        assert_eq!(unbounded(of_run, false).thresholds("pl", "el"), (1.0 / 3.0, 1.0 / 3.0));
    }
}
