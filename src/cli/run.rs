//! `crossclaim run`.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use crossclaim::judge::{self, Relation};
use crossclaim::pipeline::{self, Earlier, Outcome, Taken};
use crossclaim::report;
use crossclaim::settings::{self, Settings};

use super::{Common, Exit, cache, corpus, models, review};
use crate::progress::Bars;

/// Arguments of `crossclaim run`.
#[derive(Debug, Default, clap::Args)]
#[command(after_help = "\
Articles: .txt .md .html, or rows of .json .jsonl .csv .tsv; each also .gz or .zst.
Results:  report.html to read; pairs.csv and report.xlsx to review; claims.csv, matrix.csv;
          pairs.jsonl for programs; run.json says what was done and what was left out.
Next:     crossclaim review --help

Examples:
  crossclaim run                             the sample corpus
  crossclaim run articles/ more/*.html       your own
  crossclaim run articles/ --out results/    into this folder
  crossclaim run articles/ --budget 10m      as far as ten minutes go; the next run continues
  crossclaim run articles/ --watch \"Iran delivered drones to Russia before the invasion\"")]
pub struct Arguments {
    /// Files, folders and globs; the default is the sample corpus.
    corpus: Vec<PathBuf>,
    /// Folder for the results; the default is a new one under `outputs/`.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// A claim, in any language, that every article is asked about; may be given several times.
    #[arg(long, value_name = "CLAIM", value_parser = claim)]
    watch: Vec<String>,
    /// Time after which the run ends with what it has, as in 90s, 10m or 1h30m; the next run goes on from there.
    /// Watched claims may take a tenth longer.
    #[arg(long, value_name = "TIME", value_parser = seconds)]
    budget: Option<u64>,
}

/// Whole seconds of a time such as `10m`, at least one.
fn seconds(text: &str) -> Result<u64, String> {
    let time: jiff::SignedDuration =
        text.parse().map_err(|_| "expected a time such as 90s, 10m or 1h30m".to_owned())?;
    u64::try_from(time.as_secs()).ok().filter(|&s| s > 0).ok_or_else(|| "expected at least one second".to_owned())
}

/// A claim that is more than white space.
fn claim(text: &str) -> Result<String, String> {
    if text.trim().is_empty() { Err("the claim is empty".to_owned()) } else { Ok(text.to_owned()) }
}

pub fn execute(arguments: Arguments, common: &Common, quiet: bool) -> Result<Exit> {
    let mut settings = common.settings(&[])?;
    if !arguments.corpus.is_empty() {
        settings.run.corpus = arguments.corpus.iter().map(|p| p.to_string_lossy().into_owned()).collect();
    }
    settings.run.budget_seconds = arguments.budget.unwrap_or(settings.run.budget_seconds);
    settings.watch.extend(arguments.watch.into_iter().map(|claim| settings::Watch { claim }));
    let (begun, out) = match arguments.out {
        Some(folder) => (!folder.exists(), folder),
        None => (true, new_folder(&settings.run.outputs)?),
    };
    if let Some(config) = &common.config {
        refuse_to_overwrite(config, &out)?;
    }
    let others = pipeline::in_the_way(&out);
    if !others.is_empty() {
        bail!("`{}` holds {} that no run wrote: move that, or name another folder", out.display(), others.join(", "));
    }
    let result = run_into(&out, &settings, quiet);
    if begun && result.is_err() {
        let _ = std::fs::remove_dir(&out); // only if nothing is in it
    }
    result
}

/// Refuses to write the settings of the run over a file that a person wrote. One that the program wrote loses nothing.
fn refuse_to_overwrite(config: &Path, out: &Path) -> Result<()> {
    let place = out.join("settings.toml");
    if !place.exists() || place.canonicalize()? != config.canonicalize()? {
        return Ok(());
    }
    if std::fs::read_to_string(config)? != settings::to_toml_anywhere(&settings::read(config)?) {
        bail!(
            "the run would write its settings over `{}`: give that file another name, or the results another folder",
            config.display()
        );
    }
    Ok(())
}

fn run_into(out: &Path, settings: &Settings, quiet: bool) -> Result<Exit> {
    // First, so that Ctrl-C ends a run in order however early it comes.
    let bars = Bars::new(quiet).stopping();
    // Before the long work, so that a setting or a folder that cannot be used is said at once.
    report::Dialect::of(&settings.report)?;
    std::fs::create_dir_all(out).with_context(|| format!("cannot make the output folder `{}`", out.display()))?;
    tempfile::NamedTempFile::new_in(out).with_context(|| format!("cannot write in `{}`", out.display()))?;
    let marks = review::known_marks(&[review::above(out), settings.run.outputs.clone()])?;
    let corpus = corpus::read(&[], settings)?;
    for note in &corpus.notes {
        tracing::info!("{note}");
    }
    corpus::tell_skipped(&corpus);
    let models = models::Opened::of(settings)?;
    let kept = settings.cache.enabled && settings.cache.runs;
    let earlier = kept.then(|| Earlier::of(&corpus, &models.fingerprints(), settings, &marks));
    if let Some(taken) = earlier.as_ref().and_then(|earlier| earlier.take(settings, out)) {
        if !quiet {
            ignore_closed_pipe(tell_taken(&mut io::stdout().lock(), &taken, out))?;
        }
        if taken.run["partial"] == true {
            tracing::warn!("that run was partial: {} pairs not judged", taken.run["unfinished"]["pairs"]);
        }
        return Ok(corpus::exit(&corpus));
    }
    let models = models.cached(settings)?;
    cache::tell(&models);
    let noted = corpus.notes.len();
    let mut outcome = pipeline::run(corpus, &models, settings, &bars)?;
    for note in &outcome.corpus.notes[noted..] {
        tracing::info!("{note}");
    }
    let watched = pipeline::watch(&mut outcome, &models, settings, &bars)?;
    if outcome.unfinished.is_short_of_time() && holds_finished_run(out) {
        let why = if outcome.unfinished.stopped { "stopped" } else { "out of time" };
        let kept = if models.cache.is_some() { "; what was computed is in the cache" } else { "" };
        tracing::warn!("{why}: the finished results in `{}` stay as they are{kept}", out.display());
        return Ok(Exit::Failed);
    }
    let written = pipeline::write(&outcome, &watched, &models, settings, &marks, out)?;
    review::tell_kept(&written.kept);
    review::tell_stale(&written.stale);
    cache::tell(&models);
    // A run that was stopped or ran out of time ends elsewhere the next time.
    let repeatable =
        !outcome.unfinished.is_partial() || (!outcome.unfinished.stopped && settings.run.budget_seconds == 0);
    if let Some(earlier) = earlier.filter(|_| repeatable && written.kept.is_empty()) {
        earlier.remember(settings, out, &written.files);
    }
    if !quiet {
        ignore_closed_pipe(tell(&mut io::stdout().lock(), &outcome, settings, &written.files, out))?;
    }
    if outcome.unfinished.is_partial() {
        let goes_on = outcome.unfinished.is_short_of_time() && models.cache.is_some_and(|store| store.is_usable());
        tracing::warn!("{}{}", outcome.unfinished, if goes_on { "; the next run goes on from there" } else { "" });
    }
    if outcome.unfinished.stopped {
        return Ok(Exit::Failed);
    }
    Ok(corpus::exit(&outcome.corpus))
}

/// Whether a run that had all the time that it needed wrote its results into the folder.
fn holds_finished_run(out: &Path) -> bool {
    let run = std::fs::read(out.join("run.json")).ok();
    let run: Option<serde_json::Value> = run.and_then(|bytes| serde_json::from_slice(&bytes).ok());
    let finished = |left: &serde_json::Value| {
        let none = |what: &str| left[what] == 0;
        left["stopped"] == false
            && none("texts")
            && none("watched")
            && (none("pairs") || left["pairs"] == left["surplus"])
    };
    run.is_some_and(|run| finished(&run["unfinished"]))
}

/// Says where files came from that were not made anew.
fn tell_taken(say: &mut impl Write, taken: &Taken, out: &Path) -> io::Result<()> {
    let count = |relation: &str| taken.run["judged"][relation].as_u64().unwrap_or(0);
    writeln!(
        say,
        "Nothing has changed since the run in {}: {} articles, {} agreements, {} contradictions",
        taken.from.display(),
        taken.run["articles"],
        count(Relation::Agreement.name()),
        count(Relation::Contradiction.name())
    )?;
    writeln!(say, "\n{} files in {}", taken.files.len(), out.display())?;
    let found = [Relation::Agreement, Relation::Contradiction].iter().any(|relation| count(relation.name()) > 0);
    if found { review::invite(say, &taken.files) } else { Ok(()) }
}

/// Lets a reader go away: what was done, and how the command ends, does not depend on it.
fn ignore_closed_pipe(said: io::Result<()>) -> io::Result<()> {
    said.or_else(|error| if error.kind() == io::ErrorKind::BrokenPipe { Ok(()) } else { Err(error) })
}

/// Makes a folder below `outputs` that is named after the day and the first number that no other run has taken.
fn new_folder(outputs: &Path) -> Result<PathBuf> {
    let cannot = || format!("cannot make a folder in `{}`", outputs.display());
    std::fs::create_dir_all(outputs).with_context(cannot)?;
    let now = jiff::Timestamp::now().to_string();
    let day = &now[..10];
    for number in 1..10_000 {
        let folder = outputs.join(format!("{day}-{number:02}"));
        match std::fs::create_dir(&folder) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            made => return made.map(|()| folder).with_context(cannot),
        }
    }
    bail!("`{}` is full", outputs.display())
}

/// What was found, where it is and what may be done with it.
fn tell(say: &mut impl Write, outcome: &Outcome, settings: &Settings, files: &[PathBuf], out: &Path) -> io::Result<()> {
    summarize(say, outcome)?;
    let nothing = why_nothing(outcome, settings);
    if let Some(reason) = &nothing {
        writeln!(say, "\nNothing was found: {reason}")?;
    }
    writeln!(say, "\n{} files in {}", files.len(), out.display())?;
    if nothing.is_none() { review::invite(say, files) } else { Ok(()) }
}

/// Why there is no pair to show; `None` where there is one.
fn why_nothing(outcome: &Outcome, settings: &Settings) -> Option<String> {
    if outcome.judgements.iter().any(|judgement| judgement.relation != Relation::Unrelated) {
        return None;
    }
    Some(if outcome.unfinished.is_partial() {
        "the run ended before all pairs were judged".to_owned()
    } else if outcome.corpus.articles.len() < 2 {
        "there is one article, and nothing to compare it with".to_owned()
    } else if outcome.related.is_empty() {
        format!("no two articles report the same event; if they do, lower `align.related` ({})", settings.align.related)
    } else {
        let judge::Settings { agreement, contradiction, .. } = settings.judge;
        format!("no pair reaches `judge.agreement` ({agreement}) or `judge.contradiction` ({contradiction})")
    })
}

/// Counts and the five strongest contradictions, for people.
fn summarize(say: &mut impl Write, outcome: &Outcome) -> io::Result<()> {
    let corpus = &outcome.corpus;
    let segments: usize = outcome.segments.iter().map(Vec::len).sum();
    let left_out: usize = outcome.dropped.values().sum();
    let count = |relation| outcome.judgements.iter().filter(|j| j.relation == relation).count();
    writeln!(say, "{:>8} articles, {} skipped", corpus.articles.len(), corpus.skipped.len())?;
    writeln!(say, "{segments:>8} sentences and lines, {left_out} of them page furniture or no claim")?;
    writeln!(say, "{:>8} sentences that may carry a claim", outcome.claims.len())?;
    writeln!(say, "{:>8} pairs of related articles", outcome.related.len())?;
    writeln!(say, "{:>8} pairs of sentences judged", outcome.judgements.len())?;
    writeln!(
        say,
        "{:>8} agreements, {} of them copies",
        count(Relation::Agreement),
        outcome.judgements.iter().filter(|j| j.copy).count()
    )?;
    writeln!(say, "{:>8} contradictions", count(Relation::Contradiction))?;
    writeln!(say, "{:>8} claims made by several sentences", outcome.groups.len())?;
    let mut strongest: Vec<_> = outcome.judgements.iter().filter(|j| j.relation == Relation::Contradiction).collect();
    strongest.sort_by(|a, b| {
        b.confidence.total_cmp(&a.confidence).then((a.pair.left, a.pair.right).cmp(&(b.pair.left, b.pair.right)))
    });
    if !strongest.is_empty() {
        writeln!(say, "\nStrongest contradictions")?;
    }
    for j in strongest.iter().take(5) {
        let side = |claim: usize| {
            let article = outcome.article_of(claim);
            format!(
                "{} ({}): {}",
                article.outlet.as_deref().unwrap_or(&article.id),
                article.language,
                outcome.text_of(claim)
            )
        };
        writeln!(say, "  {:.4} {}\n    {}\n    {}", j.confidence, j.reason, side(j.pair.left), side(j.pair.right))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_persons_settings_are_not_written_over_and_those_of_a_run_may_be_used_again() {
        let place = tempfile::tempdir().unwrap();
        let (own, of_run) = (place.path().join("my.toml"), place.path().join("settings.toml"));
        std::fs::write(&own, "# mine\n[judge]\ncontradiction = 0.8\n").unwrap();
        refuse_to_overwrite(&own, place.path()).unwrap();
        std::fs::write(&of_run, settings::to_toml_anywhere(&settings::read(&own).unwrap())).unwrap();
        refuse_to_overwrite(&of_run, place.path()).unwrap();
        refuse_to_overwrite(&own, place.path()).unwrap();
        std::fs::copy(&own, &of_run).unwrap();
        let problem = refuse_to_overwrite(&of_run, place.path()).unwrap_err().to_string();
        assert!(problem.contains("settings.toml`: give that file another name"), "{problem}");
    }

    #[test]
    fn a_claim_of_white_space_is_refused() {
        assert!(claim(" ").is_err() && claim("").is_err());
        assert_eq!(claim("The dam held.").as_deref(), Ok("The dam held."));
    }

    #[test]
    fn results_are_finished_where_more_time_would_have_brought_no_more() {
        let place = tempfile::tempdir().unwrap();
        let finished = |stopped: bool, texts: usize, pairs: usize, watched: usize| {
            let left = serde_json::json!({
                "stopped": stopped, "texts": texts, "pairs": pairs, "surplus": 7, "watched": watched
            });
            std::fs::write(place.path().join("run.json"), serde_json::json!({ "unfinished": left }).to_string())
                .unwrap();
            holds_finished_run(place.path())
        };
        assert!(finished(false, 0, 0, 0) && finished(false, 0, 7, 0));
        assert!(!finished(true, 0, 0, 0) && !finished(false, 2, 0, 0), "stopped, or without all vectors");
        assert!(!finished(false, 0, 9, 0) && !finished(false, 0, 0, 1), "out of time");
        std::fs::remove_file(place.path().join("run.json")).unwrap();
        assert!(!holds_finished_run(place.path()));
    }

    #[test]
    fn the_reason_why_nothing_was_found_is_the_first_that_holds() {
        let settings = settings::compose(None, &[]).unwrap();
        let article = |id: &str| -> crossclaim::article::Article {
            let fields = serde_json::json!({ "id": id, "path": id, "language": "en", "text": "", "extra": {} });
            serde_json::from_value(fields).unwrap()
        };
        let mut outcome = Outcome::default();
        outcome.corpus.articles.push(article("a"));
        let why = |outcome: &Outcome| why_nothing(outcome, &settings).unwrap_or_default();
        assert!(why(&outcome).contains("one article"));
        outcome.corpus.articles.push(article("b"));
        assert!(why(&outcome).contains("`align.related`"));
        outcome.unfinished.stopped = true;
        assert!(why(&outcome).contains("before all pairs were judged"));
    }

    #[test]
    fn two_runs_never_get_the_same_new_folder() {
        let place = tempfile::tempdir().unwrap();
        let outputs = place.path().join("outputs");
        let [first, second] = [(); 2].map(|()| new_folder(&outputs).unwrap());
        assert!(first.is_dir() && second.is_dir() && first != second, "{first:?} {second:?}");
    }
}
