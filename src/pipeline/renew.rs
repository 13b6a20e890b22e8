//! Report files that take the place of those of an earlier run or report in the same folder.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::model::hash::sha256_of;
use crate::report::{
    Format, Report, ReportError, STORED, Settings, Written, remove_drafts, write_atomically, write_beside, write_report,
};
use crate::review::has_marks;

/// Files in which nobody marks anything.
const TO_READ: [&str; 7] =
    ["claims.csv", "matrix.csv", "watch.csv", "pairs.jsonl", "pairs.schema.json", "pairs.parquet", "report.html"];
/// Files in which people mark pairs.
const TO_MARK: [&str; 2] = ["pairs.csv", "report.xlsx"];
/// A file that is there where a format was written.
const OF_FORMATS: [(Format, &str); 5] = [
    (Format::Csv, "claims.csv"),
    (Format::Jsonl, "pairs.jsonl"),
    (Format::Xlsx, "report.xlsx"),
    (Format::Html, "report.html"),
    (Format::Parquet, "pairs.parquet"),
];
/// Where a folder keeps the SHA-256 of its files to mark, by their names, as they were written.
const AS_WRITTEN: &str = "tables/written.json";
/// Where it keeps the same of the samples that were drawn from it.
const AS_DRAWN: &str = "tables/drawn.json";

/// Adds the formats that a run or a report left in `folder`: beside new files of others, old ones would pass for theirs.
pub fn add_formats_of(folder: &Path, formats: &mut Vec<Format>) {
    let is_there = |file: &str| holds_results(folder) && folder.join(file).exists();
    for (format, file) in OF_FORMATS {
        if !formats.contains(&format) && is_there(file) {
            formats.push(format);
        }
    }
}

/// Writes the report files that the settings ask for into `folder`, and removes those that an earlier run or report left there and this
/// one does not write; beside the new files they would pass for theirs.
///
/// A file in which somebody marked pairs stays, and the new one gets a number. One that is as the program wrote it only shows marks that are
/// kept elsewhere.
pub fn renew_reports(report: &Report, settings: &Settings, folder: &Path) -> Result<Written, ReportError> {
    let hashes = noted(&folder.join(AS_WRITTEN));
    let is_kept = |file: &Path| !is_unchanged(file, &hashes) && has_marks(file);
    let held_results = holds_results(folder);
    let mut written = write_report(report, settings, folder, &is_kept)?;
    if held_results {
        let names = TO_READ.into_iter().chain(TO_MARK).chain(hashes.keys().map(String::as_str));
        let others = names.map(|name| folder.join(name)).filter(|file| !written.files.contains(file));
        remove(others.filter(|file| is_to_read(file) || !is_kept(file)));
    }
    // What a person made just so is a person's work, too.
    let to_mark = written.files.iter().filter(|file| !is_to_read(file) && !written.unwritten.contains(file));
    let hashes: BTreeMap<String, String> = to_mark.filter_map(|file| hashed(file)).collect();
    written.files.push(note(&folder.join(AS_WRITTEN), &hashes)?);
    remove_drafts(folder);
    remove_drafts(&folder.join("tables"));
    Ok(written)
}

/// Writes a sample to `path`; gives the path. A file in which somebody marked pairs stays, and the new one gets a number; an
/// earlier sample that is as it was drawn only shows marks that are kept elsewhere.
pub fn renew_sample(path: &Path, bytes: &[u8]) -> Result<PathBuf, ReportError> {
    let folder = path.parent().unwrap_or(Path::new(""));
    let drawn = folder.join(AS_DRAWN);
    let mut hashes = noted(&drawn);
    let is_kept = |file: &Path| !is_unchanged(file, &hashes) && has_marks(file);
    let (file, is_new) = write_beside(path, bytes, &is_kept)?;
    if is_new && holds_results(folder) {
        hashes.extend(hashed(&file));
        note(&drawn, &hashes)?;
    }
    Ok(file)
}

/// Removes the samples that were drawn from an earlier run in `folder`, as they would pass for samples of this one. Gives those in
/// which somebody marked pairs: they stay.
pub(super) fn remove_samples(folder: &Path) -> Vec<PathBuf> {
    let drawn = folder.join(AS_DRAWN);
    let hashes = noted(&drawn);
    let samples = hashes.keys().map(|name| folder.join(name)).filter(|file| file.exists());
    let (marked, open): (Vec<_>, Vec<_>) = samples.partition(|file| !is_unchanged(file, &hashes) && has_marks(file));
    remove(open.into_iter().chain([drawn]));
    marked
}

/// Names of files in `folder` that a run would write over, though no run or report wrote them.
pub fn in_the_way(folder: &Path) -> Vec<&'static str> {
    // A run that was killed while it wrote left the report that it began with.
    if holds_results(folder) || folder.join(STORED).exists() {
        return Vec::new();
    }
    let names = TO_READ.into_iter().chain(["settings.toml"]);
    names.filter(|name| folder.join(name).exists()).collect()
}

/// Whether a run or a report was written into the folder.
pub(super) fn holds_results(folder: &Path) -> bool {
    ["run.json", AS_WRITTEN].iter().any(|file| folder.join(file).exists())
}

/// Removes files, where there are any.
pub(super) fn remove(files: impl IntoIterator<Item = PathBuf>) {
    for file in files {
        // A file that another program holds is no reason to fail.
        let _ = std::fs::remove_file(file);
    }
}

/// SHA-256 of files by their names, as they are noted in a file.
fn noted(path: &Path) -> BTreeMap<String, String> {
    let bytes = std::fs::read(path).unwrap_or_default();
    let mut hashes: BTreeMap<String, String> = serde_json::from_slice(&bytes).unwrap_or_default();
    // Whoever else writes to the folder must not make this run remove files elsewhere.
    hashes.retain(|name, _| Path::new(name).file_name().is_some_and(|plain| plain == name.as_str()));
    hashes
}

fn note(path: &Path, hashes: &BTreeMap<String, String>) -> Result<PathBuf, ReportError> {
    let text = serde_json::to_string_pretty(hashes).expect("texts only") + "\n";
    write_atomically(path, text.as_bytes())
}

/// Name and SHA-256 of a file.
fn hashed(file: &Path) -> Option<(String, String)> {
    Some((file.file_name()?.to_str()?.to_owned(), sha256_of(file).ok()?))
}

fn is_unchanged(file: &Path, hashes: &BTreeMap<String, String>) -> bool {
    let hash = file.file_name().and_then(|name| hashes.get(name.to_str()?));
    hash.is_some_and(|hash| sha256_of(file).is_ok_and(|found| found == *hash))
}

fn is_to_read(file: &Path) -> bool {
    file.file_name().is_some_and(|name| TO_READ.iter().any(|known| name == *known))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Row;

    /// A report of one pair that shows the mark `right`.
    fn marked(pair: &str) -> Report {
        let row = Row { pair_id: pair.into(), relation: "agreement".into(), mark: "right".into(), ..Row::default() };
        Report { pairs: vec![row], ..Report::default() }
    }

    fn renew(report: &Report, formats: &[Format], folder: &Path) -> Written {
        renew_reports(report, &Settings { formats: formats.to_vec(), ..Settings::default() }, folder).unwrap()
    }

    #[test]
    fn files_of_an_earlier_run_go_and_what_is_new_or_a_persons_stays() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        for name in ["claims.csv", "watch.csv", "review.csv"] {
            std::fs::write(path(name), "").unwrap();
        }
        renew(&marked("p1"), &[Format::Jsonl], folder.path());
        assert!(path("claims.csv").exists(), "no run wrote into this folder");
        renew(&marked("p1"), &Settings::default().formats, folder.path());
        assert!(path("pairs.csv").exists() && path("report.xlsx").exists() && !path("watch.csv").exists());
        renew(&marked("p2"), &[Format::Html], folder.path());
        for name in ["pairs.csv", "claims.csv", "pairs.jsonl", "pairs.schema.json", "report.xlsx"] {
            assert!(!path(name).exists(), "{name} is of the earlier run");
        }
        assert!(path("report.html").exists() && path("review.csv").exists());
    }

    #[test]
    fn a_file_that_shows_marks_is_renewed_until_a_person_writes_into_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        let read = |name: &str| std::fs::read_to_string(path(name)).unwrap();
        renew(&marked("p1"), &[Format::Csv], folder.path());
        assert_eq!(renew(&marked("p2"), &[Format::Csv], folder.path()).kept, Vec::<PathBuf>::new());
        assert!(read("pairs.csv").contains("p2") && !path("pairs-2.csv").exists());

        let mine = read("pairs.csv").replace(",right,", ",wrong,");
        std::fs::write(path("pairs.csv"), &mine).unwrap();
        for pair in ["p3", "p4"] {
            assert_eq!(renew(&marked(pair), &[Format::Csv], folder.path()).kept, [path("pairs.csv")]);
            assert!(read("pairs.csv") == mine && read("pairs-2.csv").contains(pair) && !path("pairs-3.csv").exists());
        }
        renew(&marked("p5"), &[Format::Html], folder.path());
        assert!(read("pairs.csv") == mine && !path("pairs-2.csv").exists());
    }

    #[test]
    fn a_sample_that_shows_marks_is_drawn_anew_until_a_person_writes_into_it() {
        let folder = tempfile::tempdir().unwrap();
        renew(&marked("p1"), &[Format::Jsonl], folder.path());
        let sample = folder.path().join("review.csv");
        let shown = |pair: &str| format!("pair_id,relation,mark,note,reviewer\n{pair},agreement,right,,\n");
        for pair in ["p1", "p2"] {
            assert_eq!(renew_sample(&sample, shown(pair).as_bytes()).unwrap(), sample);
        }
        std::fs::write(&sample, shown("p2") + "p3,agreement,wrong,,\n").unwrap();
        for pair in ["p4", "p5"] {
            let second = renew_sample(&sample, shown(pair).as_bytes()).unwrap();
            assert_eq!(second, folder.path().join("review-2.csv"));
        }
        assert!(std::fs::read_to_string(&sample).unwrap().contains("p3"));
    }

    #[test]
    fn a_marked_file_that_is_as_it_would_be_written_stays_a_persons() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        renew(&marked("p1"), &[Format::Csv], folder.path());
        // As marked by hand: no run of this folder wrote these bytes.
        std::fs::remove_file(path(AS_WRITTEN)).unwrap();
        std::fs::write(path("run.json"), "{}").unwrap();
        renew(&marked("p1"), &[Format::Csv], folder.path());
        assert_eq!(renew(&marked("p2"), &[Format::Csv], folder.path()).kept, [path("pairs.csv")]);

        let sample = |pair: &str| format!("pair_id,relation,mark,note,reviewer\n{pair},agreement,wrong,,\n");
        std::fs::write(path("review.csv"), sample("p1")).unwrap();
        for (pair, name) in [("p1", "review.csv"), ("p2", "review-2.csv")] {
            assert_eq!(renew_sample(&path("review.csv"), sample(pair).as_bytes()).unwrap(), path(name));
        }
    }

    #[test]
    fn samples_of_an_earlier_run_go_unless_somebody_marked_them() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        renew(&marked("p1"), &[Format::Csv], folder.path());
        let sample = |mark: &str| format!("pair_id,relation,mark,note,reviewer\np1,agreement,{mark},,\n");
        for name in ["open.csv", "shown.csv", "mine.csv"] {
            let mark = if name == "shown.csv" { "right" } else { "" };
            renew_sample(&path(name), sample(mark).as_bytes()).unwrap();
        }
        std::fs::write(path("mine.csv"), sample("wrong")).unwrap();
        std::fs::write(path("other.csv"), "name,price\n").unwrap();
        assert_eq!(remove_samples(folder.path()), [path("mine.csv")]);
        assert!(!path("open.csv").exists() && !path("shown.csv").exists());
        assert!(path("mine.csv").exists() && path("other.csv").exists());
        assert_eq!(remove_samples(folder.path()), Vec::<PathBuf>::new(), "told once");
    }

    #[test]
    fn files_that_no_run_wrote_are_in_the_way_of_one() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["report.html", "settings.toml", "prices.csv"] {
            std::fs::write(folder.path().join(name), "mine").unwrap();
        }
        assert_eq!(in_the_way(folder.path()), ["report.html", "settings.toml"]);
        Report::default().store(folder.path()).unwrap();
        assert!(in_the_way(folder.path()).is_empty(), "a run was killed here");
    }

    #[test]
    fn formats_are_added_that_a_run_or_report_left_in_a_folder() {
        let folder = tempfile::tempdir().unwrap();
        let mut formats = vec![Format::Xlsx];
        std::fs::write(folder.path().join("claims.csv"), "").unwrap();
        add_formats_of(folder.path(), &mut formats);
        assert_eq!(formats, [Format::Xlsx], "no run wrote into this folder");
        renew(&marked("p1"), &[Format::Html, Format::Csv], folder.path());
        add_formats_of(folder.path(), &mut formats);
        assert_eq!(formats, [Format::Xlsx, Format::Csv, Format::Html]);
    }

    #[test]
    fn files_elsewhere_are_not_removed_whatever_a_folder_says() {
        let folder = tempfile::tempdir().unwrap();
        let outside = folder.path().join("mine.csv");
        std::fs::write(&outside, "pair_id,relation,mark,note,reviewer\n").unwrap();
        let results = folder.path().join("results");
        std::fs::create_dir_all(results.join("tables")).unwrap();
        std::fs::write(results.join(AS_WRITTEN), "{\"../mine.csv\": \"\"}").unwrap();
        renew(&marked("p1"), &[Format::Jsonl], &results);
        assert!(outside.exists());
    }
}
