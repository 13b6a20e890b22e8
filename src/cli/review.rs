//! `crossclaim review`.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::ffi::OsStr;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use crossclaim::report::{self, Dialect, Report};
use crossclaim::review::{self, Marks, Sheet, Summary};
use crossclaim::{pipeline, settings};
use jiff::Timestamp;

use super::{Common, Exit};

/// Name of the file of marks in the folder of all runs.
const MARKS: &str = "marks.jsonl";

/// Arguments of `crossclaim review`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
How to review:
  1. Draw rows:  crossclaim review --sample 100 outputs/first
  2. Fill the column `mark` of outputs/first/review.csv in a spreadsheet:
     right, wrong, or the relation that is right (agreement, contradiction, unrelated).
     `note` and `reviewer` are yours. Sort, filter and save as you like, but keep the
     columns, and leave rows unmarked rather than delete them: what the sample says of
     the whole run is counted from all of this.
  3. Read them:  crossclaim review outputs/first/review.csv --apply my.toml
  4. Use them:   crossclaim report outputs/first --config my.toml

pairs.csv and report.xlsx of a run can be marked in the same way. Marks are kept in
marks.jsonl beside the folders of the runs, and later runs show them again.

Examples:
  crossclaim review outputs/first/pairs.csv    precision by relation, languages and type
  crossclaim review ana.xlsx bo.csv            how far two reviewers agree, and where not;
                                               rows without a reviewer get the file's name
                                               (those of review-2.csv that of review.csv)
  crossclaim review outputs/marks.jsonl        everything that was ever marked")]
pub struct Arguments {
    /// Marked files: CSV, XLSX, ODS, or marks.jsonl; with --sample the folder of a run or its pairs.jsonl.
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Precision that thresholds are advised for, 0 to 1.
    #[arg(long, value_name = "SHARE", value_parser = share, default_value_t = 0.9)]
    target: f64,
    /// Writes the advised thresholds into this settings file, which is made if it does not exist; comments stay. Where
    /// all marked pairs together reach the target, none goes above what it is there or was in the run.
    #[arg(long, value_name = "FILE", conflicts_with = "sample")]
    apply: Option<PathBuf>,
    /// Where marks are kept; the default is marks.jsonl in the folder of all runs.
    #[arg(long, value_name = "FILE")]
    marks: Option<PathBuf>,
    /// Draws about N pairs of a run to review, from every relation and confidence band (one at least), over all pairs
    /// of languages; they are written with the settings of the run (or of --config).
    #[arg(long, value_name = "N", value_parser = pairs)]
    sample: Option<usize>,
    /// CSV file for the sample; the default is review.csv in the folder of the run.
    #[arg(long, value_name = "FILE", requires = "sample")]
    out: Option<PathBuf>,
}

pub fn execute(arguments: &Arguments, common: &Common, quiet: bool) -> Result<Exit> {
    if let Some(size) = arguments.sample {
        return draw(arguments, size, common);
    }
    let settings = common.settings(&[])?;
    // A file that the program would refuse is not made worse.
    let mut now = match &arguments.apply {
        Some(path) if path.exists() => settings::read(path)?.judge,
        _ => settings.judge,
    };
    let read_at = Timestamp::now();
    let mut all = Marks::default();
    let mut homes: BTreeMap<PathBuf, Marks> = BTreeMap::new();
    for path in &arguments.files {
        if path.is_dir() {
            return Err(unreadable(path, &format!("it is a folder: name a file in it{}", reviewable(path))));
        }
        // Below the thresholds of the run there were no rows to mark.
        let of_run = path.with_file_name("settings.toml");
        if of_run.exists() {
            now = review::stricter(&now, &settings::read(&of_run)?.judge);
        }
        let mut sheet = review::read(path)?;
        tell(&sheet, path, quiet);
        sheet.rows.iter_mut().for_each(|row| row.read_at = row.read_at.or(Some(read_at)));
        let home = arguments.marks.clone().unwrap_or_else(|| home(path, &settings.run.outputs));
        let kept = match homes.entry(home) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => {
                if arguments.marks.is_none() && !sheet.rows.is_empty() {
                    tell_new_home(new.key(), path);
                }
                let marks = Marks::read(new.key())?;
                new.insert(marks)
            }
        };
        if path.extension().is_none_or(|extension| extension != "jsonl")
            && let Some(name) = reviewer(path, &arguments.files, kept)
        {
            let unnamed = sheet.rows.iter_mut().filter(|row| row.reviewer.is_empty());
            unnamed.for_each(|row| row.reviewer.clone_from(&name));
        }
        kept.add(sheet.rows.clone());
        all.add(sheet.rows);
    }
    for (home, marks) in homes.into_iter().filter(|(_, marks)| !marks.rows().is_empty()) {
        report::write_atomically(&home, &marks.to_jsonl())?;
        if !quiet {
            say(&format!("{} marks and notes are kept in `{}`", marks.rows().len(), home.display()));
        }
    }
    if all.rows().iter().all(|row| row.mark.is_none()) {
        tracing::warn!("no row is marked yet: fill the column `mark`");
        return Ok(Exit::Done);
    }
    let summary = review::summarize(all.rows(), arguments.target, &now);
    std::io::stdout().write_all(summary.to_text().as_bytes())?;
    if let Some(path) = &arguments.apply {
        apply(&summary, path)?;
    }
    Ok(Exit::Done)
}

/// Says what was read of a file, and what is wrong with it.
fn tell(sheet: &Sheet, path: &Path, quiet: bool) {
    let path = path.display();
    for remark in &sheet.remarks {
        tracing::warn!("`{path}`: {remark}");
    }
    if sheet.uncovered() > 0 {
        let rows = sheet.uncovered();
        tracing::warn!("`{path}`: nothing is marked in parts of the sample that stand for {rows} rows of the run");
    }
    if !quiet {
        say(&format!("`{path}`: {} rows with a mark or note, {} without", sheet.rows.len(), sheet.open));
    }
}

/// Says that marks of a file go to a new place, if they do.
fn tell_new_home(home: &Path, path: &Path) {
    let is_there = home.exists() || home.parent().is_some_and(Path::exists);
    if !is_there {
        let (path, home) = (path.display(), home.display());
        tracing::warn!(
            "`{path}` lies in no run: its marks go to a new `{home}`; to keep them with those of your runs, \
             name their marks.jsonl with --marks"
        );
    }
}

/// Reads a share from 0 to 1.
fn share(text: &str) -> Result<f64, String> {
    let number: Option<f64> = text.parse().ok().filter(|number| (0.0..=1.0).contains(number));
    number.ok_or_else(|| "a share from 0 to 1, as 0.9 for 90 %".to_owned())
}

/// Reads how many pairs are drawn.
fn pairs(text: &str) -> Result<usize, String> {
    text.parse().ok().filter(|&number| number > 0).ok_or_else(|| "a number of pairs, at least 1".to_owned())
}

fn unreadable(path: &Path, why: &str) -> anyhow::Error {
    review::ReviewError::Read { path: path.to_owned(), source: std::io::Error::other(why) }.into()
}

/// Files of a folder that may hold marks, as the end of a sentence.
fn reviewable(folder: &Path) -> String {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let names = entries.map(|entry| entry.file_name().to_string_lossy().into_owned());
    let mut names: Vec<String> = names.filter(|name| is_marked(name)).collect();
    names.sort();
    if names.is_empty() { String::new() } else { format!(", such as {}", names.join(", ")) }
}

/// Whether files of this name are made to be marked.
fn is_marked(name: &str) -> bool {
    let is_table = ["pairs", "review"].iter().any(|start| name.starts_with(start)) && name.ends_with(".csv");
    is_table || name.ends_with(".xlsx")
}

/// Says something beside the results; whether somebody still reads it changes nothing.
fn say(words: &str) {
    let _ = writeln!(std::io::stderr(), "{words}");
}

/// Who marked the rows of a file that name nobody: the name of the file, with its folder where two have the same name.
/// Where the files of one person are read, `None`, except where marks are kept under that name.
fn reviewer(path: &Path, files: &[PathBuf], kept: &Marks) -> Option<String> {
    let own = first_of(path);
    let others: Vec<PathBuf> = files.iter().map(|file| first_of(file)).filter(|other| *other != own).collect();
    let short = own.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let full = own.display().to_string();
    if others.is_empty() {
        let is_known = |name: &String| kept.rows().iter().any(|row| row.reviewer == *name);
        return [full, short].into_iter().find(is_known);
    }
    let alone = others.iter().all(|other| other.file_name() != own.file_name());
    Some(if alone { short } else { full })
}

/// The file without its ending, and without the number that the program gave it because the first of its name had marks.
fn first_of(path: &Path) -> PathBuf {
    let part = |part: Option<&OsStr>| part.unwrap_or_default().to_string_lossy().into_owned();
    let (stem, extension) = (part(path.file_stem()), part(path.extension()));
    let numbered = stem.rsplit_once('-').filter(|(_, number)| number.parse::<usize>().is_ok_and(|number| number > 1));
    match numbered.filter(|(first, _)| path.with_file_name(format!("{first}.{extension}")).exists()) {
        Some((first, _)) => path.with_file_name(first),
        None => path.with_extension(""),
    }
}

/// Where the marks of a file are kept: beside the folder of its run, or with the other runs if it was moved away.
fn home(file: &Path, outputs: &Path) -> PathBuf {
    if file.file_name().is_some_and(|name| name == MARKS) {
        return file.to_owned();
    }
    let folder = file.parent().unwrap_or(Path::new(""));
    let of_run = folder.join("run.json").exists();
    if of_run { above(folder) } else { outputs.to_owned() }.join(MARKS)
}

/// The folder that `folder` lies in.
pub fn above(folder: &Path) -> PathBuf {
    let here = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let full = std::fs::canonicalize(here).or_else(|_| std::path::absolute(here)).unwrap_or_else(|_| here.to_owned());
    full.parent().map_or(full.clone(), Path::to_owned)
}

/// Marks that are kept in some folders; of two on one pair the later one counts, whichever folder it lies in.
pub fn known_marks(folders: &[PathBuf]) -> Result<Marks> {
    let mut rows = Vec::new();
    for folder in folders {
        rows.extend_from_slice(Marks::read(&folder.join(MARKS))?.rows());
    }
    rows.sort_by_key(|row| row.read_at);
    let mut marks = Marks::default();
    marks.add(rows);
    Ok(marks)
}

/// Says which files with marks in them stay as they are.
pub fn tell_kept(kept: &[PathBuf]) {
    for path in kept {
        tracing::warn!("`{}` has marks in it and stays as it is: the new file has a number", path.display());
    }
}

/// Says which samples with marks in them are of what an earlier run left.
pub fn tell_stale(samples: &[PathBuf]) {
    for path in samples {
        tracing::warn!("`{}` has marks in it and stays as it is: it is a sample of an earlier run", path.display());
    }
}

/// Says which file waits for marks.
pub fn invite(say: &mut impl Write, files: &[PathBuf]) -> std::io::Result<()> {
    let is_pairs = |path: &&PathBuf| is_marked(&path.file_name().unwrap_or_default().to_string_lossy());
    if let Some(path) = files.iter().find(is_pairs) {
        writeln!(say, "Open {} in a spreadsheet, fill the column `mark`, then:", path.display())?;
        writeln!(say, "  crossclaim review {}", path.display())?;
    }
    Ok(())
}

fn draw(arguments: &Arguments, size: usize, common: &Common) -> Result<Exit> {
    let [run] = arguments.files.as_slice() else { bail!("--sample draws from one run: name one folder") };
    if let Some(out) = &arguments.out
        && out.extension().is_none_or(|extension| !extension.eq_ignore_ascii_case("csv"))
    {
        bail!("the sample is a CSV file: `{}` must end in .csv", out.display());
    }
    let pairs = if run.is_dir() { run.join("pairs.jsonl") } else { run.clone() };
    if pairs.extension().is_none_or(|extension| extension != "jsonl") || !pairs.exists() {
        return Err(unreadable(run, "a sample is drawn from pairs.jsonl of a run: name the folder that it lies in"));
    }
    let folder = pairs.parent().unwrap_or(Path::new(""));
    let settings = common.settings_of(folder)?;
    let text =
        std::fs::read_to_string(&pairs).map_err(|source| review::ReviewError::Read { path: pairs.clone(), source })?;
    let rows = report::read_jsonl(&text).map_err(|(line, problem)| review::ReviewError::Line {
        path: pairs.clone(),
        line,
        problem: format!("{problem}; `crossclaim report` makes the file anew"),
    })?;
    if rows.is_empty() {
        tracing::warn!("`{}` holds no pair: there is nothing to review", pairs.display());
        return Ok(Exit::Done);
    }
    let mut report = Report { pairs: rows, ..Report::default() };
    let marks = match &arguments.marks {
        Some(path) => Marks::read(path)?,
        None => known_marks(&[above(folder), settings.run.outputs.clone()])?,
    };
    review::carry_over(&mut report, &marks);
    let drawn = review::sample(&report.pairs, size);
    let bytes = report::to_csv(&review::sample_table(&drawn), Dialect::of(&settings.report)?)?;
    let out = arguments.out.clone().unwrap_or_else(|| folder.join("review.csv"));
    let written = pipeline::renew_sample(&out, &bytes)?;
    if written != out {
        tell_kept(&[out]);
    }
    let mut say = std::io::stdout().lock();
    writeln!(say, "{} of {} pairs in {}", drawn.len(), report.pairs.len(), written.display())?;
    writeln!(say, "Fill the column `mark` of all rows, then:\n  crossclaim review {}", written.display())?;
    Ok(Exit::Done)
}

fn apply(summary: &Summary, path: &Path) -> Result<()> {
    let mut text = String::new();
    if path.exists() {
        text = std::fs::read_to_string(path).with_context(|| format!("cannot read `{}`", path.display()))?;
    }
    let count = summary.advice.iter().filter(|advice| advice.threshold.is_some()).count();
    if count == 0 {
        tracing::warn!("no threshold is advised: `{}` stays as it is", path.display());
        return Ok(());
    }
    let text = review::apply(&settings::without_placeholders(&text), &summary.advice)
        .with_context(|| format!("`{}`", path.display()))?;
    report::write_atomically(path, text.as_bytes())?;
    say(&format!("{count} thresholds written to `{}`", path.display()));
    Ok(())
}
