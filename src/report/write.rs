//! Writes files whole or not at all.

use std::fs::File;
use std::io::{self, BufWriter, Seek, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use tempfile::NamedTempFile;

use super::csv::{Dialect, matrix_to_csv};
use super::{Format, PAIRS_SCHEMA, Report, ReportError, Settings, table, to_csv, to_html, to_jsonl, to_xlsx};

/// How the name of a file begins that is being written; [`NAMED`] letters and digits follow.
const DRAFT: &str = ".writing-";
/// See [`DRAFT`].
const NAMED: usize = 6;
/// A file to which nothing was added for this time is not being written any more.
const ABANDONED: Duration = Duration::from_secs(3600);
/// Files in which people write.
const FOR_PEOPLE: [&str; 2] = ["pairs.csv", "report.xlsx"];

/// What was written.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Written {
    /// The files, in order.
    pub files: Vec<PathBuf>,
    /// Those of them that were there already, with a person's work in them and not a byte to change.
    pub unwritten: Vec<PathBuf>,
    /// Files with a person's work in them that were left as they are: another was written beside each.
    pub kept: Vec<PathBuf>,
    /// Samples of an earlier run in the folder that were left as they are, as somebody marked them.
    pub stale: Vec<PathBuf>,
}

/// Writes the files that the settings ask for into `folder`; where `is_kept` says that an old file must stay, the new one
/// gets a number, as `pairs-2.csv`.
///
/// Every file is made before the first is written, and none is seen half-written.
pub fn write_report(
    report: &Report,
    settings: &Settings,
    folder: &Path,
    is_kept: &dyn Fn(&Path) -> bool,
) -> Result<Written, ReportError> {
    let dialect = Dialect::of(settings)?;
    let mut files: Vec<(String, Vec<u8>)> = Vec::new();
    for format in &settings.formats {
        match format {
            Format::Csv => {
                let matrix = table::stated(&report.matrix);
                let shown = table::without_csv(&matrix).is_none().then_some(&matrix);
                for table in &table::tables_with(report, shown) {
                    let bytes = match table.name {
                        "pairs" | "claims" | "watch" => to_csv(table, dialect)?,
                        "matrix" => matrix_to_csv(table, &matrix, dialect)?,
                        _ => continue,
                    };
                    files.push((format!("{}.csv", table.name), bytes));
                }
            }
            Format::Jsonl => {
                files.push(("pairs.jsonl".to_owned(), to_jsonl(&report.pairs)));
                files.push(("pairs.schema.json".to_owned(), PAIRS_SCHEMA.as_bytes().to_vec()));
            }
            Format::Xlsx => files.push(("report.xlsx".to_owned(), to_xlsx(report)?)),
            Format::Html => files.push(("report.html".to_owned(), to_html(report, &settings.formats))),
            Format::Parquet => files.push(("pairs.parquet".to_owned(), parquet(report)?)),
        }
    }
    let mut written = Written::default();
    for (name, bytes) in files {
        let path = folder.join(&name);
        let (file, is_new) = if FOR_PEOPLE.contains(&name.as_str()) {
            write_beside(&path, &bytes, is_kept)?
        } else {
            (write_atomically(&path, &bytes)?, true)
        };
        if !is_new {
            written.unwritten.push(file.clone());
        }
        if file != path {
            written.kept.push(path);
        }
        written.files.push(file);
    }
    Ok(written)
}

#[cfg(feature = "tables")]
fn parquet(report: &Report) -> Result<Vec<u8>, ReportError> {
    super::to_parquet(&report.pairs)
}

#[cfg(not(feature = "tables"))]
fn parquet(_: &Report) -> Result<Vec<u8>, ReportError> {
    let problem = "this program was built without `tables`".to_owned();
    Err(ReportError::Format { what: "pairs.parquet", problem })
}

/// Writes `bytes` to `path` or, where `is_kept` says that what is there must stay, to the first of `name-2`, `name-3`, …
/// that is free; gives the path, and whether it was written: a file that must stay and has these bytes is left alone.
pub fn write_beside(
    path: &Path,
    bytes: &[u8],
    is_kept: &dyn Fn(&Path) -> bool,
) -> Result<(PathBuf, bool), ReportError> {
    let part = |part: Option<&std::ffi::OsStr>| part.unwrap_or_default().to_string_lossy().into_owned();
    let (stem, extension) = (part(path.file_stem()), part(path.extension()));
    let mut file = path.to_owned();
    let mut number = 1;
    while is_kept(&file) {
        if std::fs::read(&file).is_ok_and(|old| old == bytes) {
            return Ok((file, false));
        }
        number += 1;
        file.set_file_name(format!("{stem}-{number}.{extension}"));
    }
    Ok((write_atomically(&file, bytes)?, true))
}

/// Writes `bytes` to `path` so that a reader sees the old file or the new one, never a part; gives the path back.
pub fn write_atomically(path: &Path, bytes: &[u8]) -> Result<PathBuf, ReportError> {
    write_through(path, |file| file.write_all(bytes))
}

/// As [`write_atomically`], for a file that is made piece by piece.
pub(crate) fn write_through(
    path: &Path,
    fill: impl FnOnce(&mut BufWriter<&mut File>) -> io::Result<()>,
) -> Result<PathBuf, ReportError> {
    let mut draft = Draft::new(path)?;
    let mut buffer = BufWriter::new(draft.file());
    let filled = fill(&mut buffer).and_then(|()| buffer.flush());
    drop(buffer);
    filled.map_err(|source| ReportError::Write { path: path.to_owned(), source })?;
    draft.finish()
}

/// Removes what killed runs left in `folder` of files that they were writing.
pub(crate) fn remove_drafts(folder: &Path) {
    let is_draft = |name: &str| {
        let rest = name.strip_prefix(DRAFT);
        rest.is_some_and(|rest| rest.len() == NAMED && rest.bytes().all(|byte| byte.is_ascii_alphanumeric()))
    };
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let changed = entry.metadata().and_then(|found| found.modified()).ok();
        let is_old = changed.and_then(|time| time.elapsed().ok()).is_some_and(|age| age > ABANDONED);
        if is_old && entry.file_name().to_str().is_some_and(is_draft) {
            // A file that cannot be removed is no reason to fail.
            let _ = std::fs::remove_file(entry.path());
        }
    }
}

/// A file that is made piece by piece and takes its place when it is whole, with the mode of any new file.
///
/// A link stays a link: the file that it leads to is replaced. What is no file, such as a pipe, stays and gets the bytes.
#[derive(Debug)]
pub struct Draft {
    path: PathBuf,
    /// Where links lead.
    place: PathBuf,
    is_file: bool,
    draft: NamedTempFile,
}

impl Draft {
    /// Begins the file of `path`, in whose folder it is made; makes that folder.
    pub fn new(path: &Path) -> Result<Self, ReportError> {
        let place = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        // A link that leads to no name leads to an open pipe or to a file that is not there yet.
        let is_file = place.symlink_metadata().map_or(true, |found| found.is_file());
        let folder = folder_of(&place);
        let begun = match is_file {
            true => std::fs::create_dir_all(folder).and_then(|()| open_beside(folder)),
            false => NamedTempFile::new(),
        };
        let draft = begun.map_err(|source| ReportError::Write { path: path.to_owned(), source })?;
        Ok(Self { path: path.to_owned(), place, is_file, draft })
    }

    /// What is written so far, at the position of the last write.
    pub fn file(&mut self) -> &mut File {
        self.draft.as_file_mut()
    }

    /// Puts the file in its place; gives the path.
    pub fn finish(self) -> Result<PathBuf, ReportError> {
        let Self { path, place, is_file, draft } = self;
        let done = if is_file { replace(draft, &place) } else { pour(draft, &place) };
        match done {
            Ok(()) => Ok(path),
            Err(source) => Err(ReportError::Write { path, source }),
        }
    }
}

fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

fn replace(draft: NamedTempFile, place: &Path) -> io::Result<()> {
    draft.as_file().sync_all()?;
    draft.persist(place).map_err(|problem| problem.error)?;
    // The new name is safe only when the folder is; systems that cannot sync a folder have nothing to offer here.
    if let Ok(folder) = File::open(folder_of(place)) {
        let _ = folder.sync_all();
    }
    Ok(())
}

fn pour(mut draft: NamedTempFile, place: &Path) -> io::Result<()> {
    draft.rewind()?;
    io::copy(&mut draft, &mut File::create(place)?)?;
    Ok(())
}

fn open_beside(folder: &Path) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(DRAFT).rand_bytes(NAMED);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // As for any new file: what the user's umask leaves.
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    builder.tempfile_in(folder)
}
