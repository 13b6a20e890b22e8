//! Downloads: which files, resumed, retried, verified.

use super::checksum::Checksum;
use super::listing::{Listing, RemoteFile};
use super::manifest::{self, Entry, Manifest};
use super::{Fetched, HubName, HubOptions, Progress};
use crate::model::ModelError;
use hf_hub::api::sync::{Api, ApiError, ApiRepo};
use std::collections::BTreeSet;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Attempts that bring no new byte before a download is given up.
const ATTEMPTS: u32 = 5;
const WEIGHTS: &str = "model.safetensors";
const INDEX: &str = "model.safetensors.index.json";
/// Read by `model::candle`; the first two must be there.
const SMALL: [&str; 7] = [
    "config.json",
    "tokenizer.json",
    "tokenizer_config.json",
    "modules.json",
    "config_sentence_transformers.json",
    "sentence_bert_config.json",
    INDEX,
];

/// Downloads what is needed of `listing`, small files first, and writes the manifest, where it can be, when all is there.
pub(super) fn all(
    api: &Api,
    pinned: &HubName,
    options: &HubOptions,
    listing: &Listing,
    progress: &mut dyn FnMut(Progress),
) -> Result<Fetched, ModelError> {
    for required in &SMALL[..2] {
        if listing.file(required).is_none() {
            return Err(pinned.error(format!("the repository has no `{required}`")));
        }
    }
    let single = listing.file(WEIGHTS);
    if single.is_none() && listing.file(INDEX).is_none() {
        return Err(pinned.error("the repository has no safetensors weights; other formats are not read"));
    }
    let target = Target { repo: api.repo(pinned.repo()), pinned, cache: &options.cache };
    let mut entries = Vec::new();
    let mut downloaded = 0;
    let mut take = |file: &RemoteFile| -> Result<PathBuf, ModelError> {
        let (entry, path, fresh) = target.file(file, progress)?;
        entries.push(entry);
        downloaded += usize::from(fresh);
        Ok(path)
    };
    let mut shards = BTreeSet::new();
    for file in listing.files.iter().filter(|file| is_small(&file.path)) {
        match (file.path.as_str(), single) {
            (INDEX, Some(_)) => {}
            (INDEX, None) => shards = shards_of(&take(file)?)?,
            _ => drop(take(file)?),
        }
    }
    for shard in &shards {
        let file = listing.file(shard);
        take(file.ok_or_else(|| pinned.error(format!("`{INDEX}` names `{shard}`, which is not there")))?)?;
    }
    if let Some(file) = single {
        take(file)?;
    }
    let manifest = Manifest { commit: pinned.revision.clone(), files: entries };
    let unwritten = manifest.write(&options.cache, pinned).err();
    let note = unwritten.map(|error| format!("every file is compared with its checksum again the next time: {error}"));
    let folder = manifest::snapshot(&options.cache, pinned, &pinned.revision);
    Ok(Fetched { folder, pinned: pinned.clone(), downloaded, note })
}

/// Configuration files, and those of sentence-transformers modules such as `1_Pooling/config.json`.
fn is_small(path: &str) -> bool {
    match path.split_once('/') {
        None => SMALL.contains(&path),
        Some((module, file)) => {
            let numbered = module.split_once('_').is_some_and(|(number, kind)| {
                number.bytes().all(|byte| byte.is_ascii_digit()) && kind.bytes().all(|byte| byte.is_ascii_alphabetic())
            });
            numbered && matches!(file, "config.json" | WEIGHTS)
        }
    }
}

fn shards_of(index: &Path) -> Result<BTreeSet<String>, ModelError> {
    let damaged = |problem: String| ModelError::File { path: index.to_path_buf(), problem };
    let bytes = std::fs::read(index).map_err(|error| damaged(error.to_string()))?;
    let content: serde_json::Value = serde_json::from_slice(&bytes).map_err(|error| damaged(error.to_string()))?;
    let map = content.get("weight_map").and_then(|map| map.as_object());
    let map = map.ok_or_else(|| damaged("no `weight_map`".to_string()))?;
    Ok(map.values().filter_map(|name| name.as_str()).map(str::to_string).collect())
}

struct Target<'a> {
    repo: ApiRepo,
    pinned: &'a HubName,
    cache: &'a Path,
}

impl Target<'_> {
    /// One file in the cache, verified; the last value says whether it was downloaded now.
    fn file(
        &self,
        file: &RemoteFile,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<(Entry, PathBuf, bool), ModelError> {
        let path = manifest::snapshot(self.cache, self.pinned, &self.pinned.revision).join(&file.path);
        self.reuse_blob(file, &path).map_err(|error| self.failed(file, error))?;
        for fresh in [false, true, true] {
            if fresh {
                self.download(file, progress)?;
            }
            if !path.is_file() {
                continue;
            }
            let checksum = file.checksum.clone().or_else(|| checksum_of_blob(&path));
            let found = match &checksum {
                Some(checksum) => checksum.same_of(&path),
                None => Checksum::sha256(&path),
            };
            let found = found.map_err(|error| self.failed(file, error))?;
            if checksum.as_ref().is_none_or(|expected| *expected == found) {
                let size = path.metadata().map_err(|error| self.failed(file, error))?.len();
                return Ok((Entry { path: file.path.clone(), size, checksum: found }, path, fresh));
            }
            discard(&path).map_err(|error| self.failed(file, error))?;
        }
        let expected = file.checksum.as_ref().map_or("its etag", Checksum::digits);
        Err(self.failed(
            file,
            format!("what the server sends does not match the checksum {expected}, twice; nothing was kept"),
        ))
    }

    /// Another revision may have brought the same content: hf-hub would download it again.
    fn reuse_blob(&self, file: &RemoteFile, path: &Path) -> std::io::Result<()> {
        let Some(checksum) = &file.checksum else { return Ok(()) };
        let blob = self.blob(checksum);
        if path.is_file() || !blob.is_file() || checksum.same_of(&blob)? != *checksum {
            return Ok(());
        }
        std::fs::create_dir_all(path.parent().unwrap_or(path))?;
        std::fs::hard_link(&blob, path).or_else(|_| std::fs::copy(&blob, path).map(drop))
    }

    fn download(&self, file: &RemoteFile, progress: &mut dyn FnMut(Progress)) -> Result<(), ModelError> {
        let mut failures = 0;
        loop {
            let before = self.prepare_part(file).map_err(|error| self.failed(file, error))?;
            let relay = Relay { file: &file.path, done: 0, total: 0, progress: &mut *progress };
            let Err(error) = self.repo.download_with_progress(&file.path, relay) else {
                return Ok(());
            };
            let arrived = self.part(file).and_then(|part| part.metadata().ok()).map_or(0, |part| part.len());
            failures = if arrived > before { 1 } else { failures + 1 };
            if failures >= ATTEMPTS || !may_pass(&error) {
                let kept = if arrived > 0 { "; the part that has arrived is kept for the next try" } else { "" };
                return Err(self.failed(file, format!("{}{kept}", plainly(&error))));
            }
            std::thread::sleep(Duration::from_millis(250 << failures));
        }
    }

    /// Makes an earlier part fit to be resumed, and gives its length: hf-hub asks for the bytes after it, which a server
    /// refuses when there are none.
    fn prepare_part(&self, file: &RemoteFile) -> std::io::Result<u64> {
        let (Some(part), Some(size)) = (self.part(file).filter(|part| part.is_file()), file.size) else {
            return Ok(0);
        };
        let length = part.metadata()?.len();
        if length > size || size == 0 {
            std::fs::remove_file(part)?;
            return Ok(0);
        }
        if length == size {
            std::fs::OpenOptions::new().write(true).open(part)?.set_len(size - 1)?;
        }
        Ok(length.min(size - 1))
    }

    fn blob(&self, checksum: &Checksum) -> PathBuf {
        manifest::model(self.cache, self.pinned).join("blobs").join(checksum.digits())
    }

    fn part(&self, file: &RemoteFile) -> Option<PathBuf> {
        file.checksum.as_ref().map(|checksum| self.blob(checksum).with_extension("part"))
    }

    fn failed(&self, file: &RemoteFile, problem: impl std::fmt::Display) -> ModelError {
        self.pinned.error(format!("`{}`: {problem}", file.path))
    }
}

/// The cache names a blob by its etag, and a file in a snapshot is a link to it.
fn checksum_of_blob(path: &Path) -> Option<Checksum> {
    Checksum::from_etag(path.read_link().ok()?.file_name()?.to_str()?)
}

/// Removes a damaged file and what it links to.
fn discard(path: &Path) -> std::io::Result<()> {
    if let Ok(blob) = path.canonicalize()
        && blob != path
    {
        std::fs::remove_file(blob)?;
    }
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

fn may_pass(error: &ApiError) -> bool {
    match error {
        ApiError::RequestError(error) => match **error {
            ureq::Error::StatusCode(status) => status == 429 || status >= 500,
            _ => true,
        },
        ApiError::IoError(error) => {
            let lasting = [ErrorKind::StorageFull, ErrorKind::PermissionDenied, ErrorKind::ReadOnlyFilesystem];
            !lasting.contains(&error.kind())
        }
        _ => false,
    }
}

fn plainly(error: &ApiError) -> String {
    match error {
        ApiError::RequestError(error) => match **error {
            ureq::Error::StatusCode(404) => "the server does not have it (HTTP status 404)".to_string(),
            _ => error.to_string(),
        },
        ApiError::LockAcquisition(_) => "another program is downloading it; wait until it has finished".to_string(),
        ApiError::MissingHeader(header) => format!("the server's answer lacks the header {header}: not a Hub?"),
        other => other.to_string(),
    }
}

/// Hands hf-hub's steps on as sums.
struct Relay<'a> {
    file: &'a str,
    done: u64,
    total: u64,
    progress: &'a mut dyn FnMut(Progress),
}

impl Relay<'_> {
    fn report(&mut self) {
        (self.progress)(Progress { file: self.file, done: self.done, total: self.total });
    }
}

impl hf_hub::api::Progress for Relay<'_> {
    fn init(&mut self, size: usize, _: &str) {
        (self.done, self.total) = (0, size as u64);
        self.report();
    }

    fn update(&mut self, size: usize) {
        self.done += size as u64;
        self.report();
    }

    fn finish(&mut self) {}
}
