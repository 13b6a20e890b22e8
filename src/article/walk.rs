//! Finds the files of a corpus.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use ignore::{DirEntry, WalkBuilder};

use super::{ArticleError, Note, Settings, Skipped};

/// A file to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Source {
    /// Where it lies.
    pub path: PathBuf,
    /// Path below its corpus root, with forward slashes.
    pub id: String,
    /// How to read it.
    pub format: Format,
    /// How to unpack it.
    pub packing: Packing,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    Text,
    Html,
    Json,
    JsonLines,
    Separated(u8),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Packing {
    Plain,
    Gzip,
    Zstandard,
}

/// What the walk found.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// Files to read, sorted by id; each file once.
    pub sources: Vec<Source>,
    pub skipped: Vec<Skipped>,
    pub notes: Vec<Note>,
}

/// Files that the program writes among its results.
const WRITTEN: [&str; 12] = [
    "claims.csv",
    "matrix.csv",
    "pairs.csv",
    "pairs.jsonl",
    "pairs.parquet",
    "pairs.schema.json",
    "report.html",
    "report.xlsx",
    "review.csv",
    "run.json",
    "settings.toml",
    "watch.csv",
];

/// Ends of the names that browsers give to the folder with the parts of a saved page, in their languages.
const PARTS: &str = "_files -Dateien _pliki _datoteke _αρχεία _fichiers _file _archivos _arquivos _ficheiros -bestanden _bestanden \
                     -filer _filer _soubory _súbory _elemei _файлы _файли _dosyalar _dosyaları";

/// Endings that can be read, for messages.
pub(super) const ENDINGS: &str = ".txt .md .html .htm .json .jsonl .ndjson .csv .tsv, also with .gz or .zst";

/// Finds the files that `paths` (files, folders, globs) name.
pub(super) fn find(paths: &[PathBuf], settings: &Settings) -> Result<Found, ArticleError> {
    let include = globs(&settings.include)?;
    let exclude = globs(&settings.exclude)?;
    let patterns = &settings.exclude;
    let mut walk = Walk { include, exclude, patterns, found: Found::default(), seen: BTreeSet::new() };
    for path in paths {
        if path.is_dir() {
            walk.folder(path, path, None)?;
        } else if path.exists() {
            walk.named_file(path, path.parent().unwrap_or(Path::new("")));
        } else if is_glob(path) {
            walk.glob(path)?;
        } else {
            return Err(ArticleError::Missing { path: path.clone() });
        }
    }
    let mut found = walk.found;
    tell_apart(&mut found.sources, paths);
    found.sources.sort_by(|a, b| a.id.cmp(&b.id).then_with(|| a.path.cmp(&b.path)));
    Ok(found)
}

struct Walk<'a> {
    include: GlobSet,
    exclude: GlobSet,
    /// What `exclude` was made of.
    patterns: &'a [String],
    found: Found,
    seen: BTreeSet<PathBuf>,
}

impl Walk<'_> {
    /// Takes the files below `folder`, with `only` those that it matches; ids are paths below `root`. How many matched,
    /// also of those that `exclude` leaves out.
    fn folder(&mut self, folder: &Path, root: &Path, only: Option<&GlobSet>) -> Result<usize, ArticleError> {
        let mut others: BTreeMap<String, usize> = BTreeMap::new();
        let mut excluded: BTreeMap<usize, usize> = BTreeMap::new();
        let mut matched = 0;
        let mut walk = WalkBuilder::new(folder);
        let among_results = holds_results(folder);
        walk.standard_filters(false).hidden(true).follow_links(true);
        walk.filter_entry(move |entry| !is_result(entry, among_results) && !holds_parts(entry));
        for entry in walk.build() {
            let entry = match entry {
                Ok(entry) => entry,
                Err(problem) if folder.read_dir().is_ok() => {
                    let reason = format!("cannot be read: {problem}");
                    self.found.skipped.push(Skipped { path: folder.to_owned(), line: None, reason });
                    continue;
                }
                Err(problem) => {
                    let source = problem.into_io_error().unwrap_or_else(|| std::io::Error::other("unreadable folder"));
                    return Err(ArticleError::Unreadable { path: folder.to_owned(), source });
                }
            };
            let path = entry.path();
            if !path.is_file() {
                continue;
            }
            let id = slashed(path.strip_prefix(root).unwrap_or(path));
            let included = match only {
                Some(only) => only.is_match(&id),
                None => self.include.is_empty() || self.include.is_match(&id),
            };
            if !included {
                continue;
            }
            matched += 1;
            if let Some(pattern) = self.exclude.matches(&id).first() {
                *excluded.entry(*pattern).or_default() += usize::from(kind(path).is_some());
                continue;
            }
            match kind(path) {
                Some((format, packing)) => self.take(Source { path: path.to_owned(), id, format, packing }),
                None => *others.entry(ending(path)).or_default() += 1,
            }
        }
        if !others.is_empty() {
            let list: Vec<String> = others.iter().map(|(ending, count)| format!("{ending} {count}")).collect();
            let message = format!("left out files that are not articles by their ending: {}", list.join(", "));
            self.found.notes.push(Note { path: folder.to_owned(), message });
        }
        excluded.retain(|_, count| *count > 0);
        if !excluded.is_empty() {
            let list: Vec<String> =
                excluded.iter().map(|(pattern, count)| format!("{} {count}", self.patterns[*pattern])).collect();
            let message = format!("left out by `article.exclude`: {}", list.join(", "));
            self.found.notes.push(Note { path: folder.to_owned(), message });
        }
        Ok(matched)
    }

    fn named_file(&mut self, path: &Path, root: &Path) {
        let id = slashed(path.strip_prefix(root).unwrap_or(path));
        match kind(path) {
            Some((format, packing)) => self.take(Source { path: path.to_owned(), id, format, packing }),
            None => {
                let reason = format!("unknown ending `{}`; can read {ENDINGS}", ending(path));
                self.found.skipped.push(Skipped { path: path.to_owned(), line: None, reason });
            }
        }
    }

    fn glob(&mut self, pattern: &Path) -> Result<(), ArticleError> {
        let root: PathBuf = pattern.components().take_while(|part| !is_glob(Path::new(part.as_os_str()))).collect();
        let below = slashed(pattern.strip_prefix(&root).unwrap_or(pattern));
        let folder = if root.as_os_str().is_empty() { Path::new(".") } else { &root };
        if !folder.is_dir() {
            return Err(ArticleError::Missing { path: pattern.to_owned() });
        }
        let only = globs(std::slice::from_ref(&below))?;
        if self.folder(folder, folder, Some(&only))? == 0 {
            return Err(ArticleError::Missing { path: pattern.to_owned() });
        }
        Ok(())
    }

    /// Takes a file unless it was found before, by this or another path.
    fn take(&mut self, source: Source) {
        let real = source.path.canonicalize().unwrap_or_else(|_| source.path.clone());
        if self.seen.insert(real) {
            self.found.sources.push(source);
        }
    }
}

/// Whether an entry below the root is what the program wrote, which is no article: a folder with results, or one of its files
/// where they stand in the root itself.
fn is_result(entry: &DirEntry, among_results: bool) -> bool {
    if entry.file_type().is_some_and(|kind| kind.is_dir()) {
        let tables = among_results && entry.depth() == 1 && entry.file_name() == "tables";
        return tables || holds_results(entry.path());
    }
    among_results && entry.depth() == 1 && entry.file_name().to_str().is_some_and(is_written)
}

/// Whether an entry is the folder with the parts of a page that was saved beside it: its frames are no articles.
fn holds_parts(entry: &DirEntry) -> bool {
    let page = |stem: &str, ending: &str| entry.path().with_file_name(format!("{stem}{ending}")).is_file();
    let Some(name) = entry.file_name().to_str().filter(|_| entry.path().is_dir()) else { return false };
    let mut stems = PARTS.split(' ').filter_map(|part| name.strip_suffix(part));
    stems.any(|stem| page(stem, ".html") || page(stem, ".htm"))
}

/// Whether a run or a report was written into the folder, or a cache.
fn holds_results(folder: &Path) -> bool {
    let run = || -> Option<serde_json::Value> {
        let bytes = std::fs::read(folder.join("run.json")).ok()?;
        serde_json::from_slice(&bytes).ok()
    };
    let made = ["tables/written.json", "crossclaim.redb"].iter().any(|name| folder.join(name).is_file());
    made || run().is_some_and(|run| run["program"] == "crossclaim")
}

/// Whether the program gives this name to a file, with or without a number where people mark it.
fn is_written(name: &str) -> bool {
    let numbered = |start: &str| {
        let number = name.strip_prefix(start).and_then(|rest| rest.strip_suffix(".csv"));
        number.is_some_and(|number| number.parse::<usize>().is_ok())
    };
    WRITTEN.contains(&name) || numbered("pairs-") || numbered("review-")
}

/// Puts the name of its root before an id that two roots share.
fn tell_apart(sources: &mut [Source], paths: &[PathBuf]) {
    let mut count: BTreeMap<String, usize> = BTreeMap::new();
    for source in sources.iter() {
        *count.entry(source.id.clone()).or_default() += 1;
    }
    if paths.len() < 2 {
        return;
    }
    for source in sources.iter_mut().filter(|source| count[&source.id] > 1) {
        let parts: Vec<_> = source.path.components().map(|part| part.as_os_str().to_string_lossy()).collect();
        let below = source.id.split('/').count();
        if let Some(root) = parts.len().checked_sub(below + 1).and_then(|at| parts.get(at)) {
            source.id = format!("{root}/{}", source.id);
        }
    }
}

fn globs(patterns: &[String]) -> Result<GlobSet, ArticleError> {
    let mut set = GlobSetBuilder::new();
    let malformed = |glob: &str, problem: globset::Error| ArticleError::Glob {
        glob: glob.to_owned(),
        problem: problem.kind().to_string(),
    };
    for pattern in patterns {
        let glob = GlobBuilder::new(pattern).literal_separator(true).build();
        set.add(glob.map_err(|problem| malformed(pattern, problem))?);
    }
    set.build().map_err(|problem| malformed(&patterns.join(" "), problem))
}

fn is_glob(path: &Path) -> bool {
    path.to_string_lossy().contains(['*', '?', '[', '{'])
}

fn slashed(path: &Path) -> String {
    let parts: Vec<_> = path.components().map(|part| part.as_os_str().to_string_lossy()).collect();
    parts.join("/")
}

/// The ending of a file, of a packed one with what is packed.
fn ending(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
    match name.rsplitn(3, '.').collect::<Vec<_>>()[..] {
        [packed @ ("gz" | "zst" | "bz2" | "xz"), inner, _] => format!(".{inner}.{packed}"),
        [ending, _, ..] => format!(".{ending}"),
        _ => "(none)".to_owned(),
    }
}

fn kind(path: &Path) -> Option<(Format, Packing)> {
    let name = path.file_name()?.to_string_lossy().to_lowercase();
    let (name, packing) = if let Some(name) = name.strip_suffix(".gz") {
        (name, Packing::Gzip)
    } else if let Some(name) = name.strip_suffix(".zst") {
        (name, Packing::Zstandard)
    } else {
        (name.as_str(), Packing::Plain)
    };
    let format = match name.rsplit_once('.')?.1 {
        "txt" | "md" => Format::Text,
        "html" | "htm" => Format::Html,
        "json" => Format::Json,
        "jsonl" | "ndjson" => Format::JsonLines,
        "csv" => Format::Separated(b','),
        "tsv" => Format::Separated(b'\t'),
        _ => return None,
    };
    Some((format, packing))
}
