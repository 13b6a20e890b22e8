//! The file that holds the entries: a redb database.
//!
//! redb, because it is one file, pure Rust, and safe at any moment of a crash; because several processes may write to it in
//! turn (`ConcurrencyMode::MultiWriter`), so that two runs at once share what they compute; and because it can check every
//! page when it opens (`set_check_integrity_on_open`). LMDB (`heed`) shares as well, but maps the file without checksums: a
//! damaged one ends the process. `fjall` and other log-structured stores belong to one process.

use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::{SystemTime, UNIX_EPOCH};

use rayon::prelude::*;
use redb::{
    Builder, ConcurrencyMode, Database, DatabaseError, ReadableDatabase, ReadableTable, ReadableTableMetadata,
    StorageError, TableDefinition, TableError,
};

use super::entry::{self, Key};
use super::{CacheError, Kind, Settings, Uses};

/// Name of the file in the folder of the cache.
const FILE: &str = "crossclaim.redb";
/// Memory for pages of the file, in bytes.
const PAGES: usize = 64 << 20;

type Table = TableDefinition<'static, Key, &'static [u8]>;

fn table(kind: Kind) -> Table {
    TableDefinition::new(kind.name())
}

/// An open cache. Its methods never fail: what cannot be read is computed, and what cannot be written is told by [`Store::notes`].
pub struct Store {
    database: Database,
    path: PathBuf,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    uses: [Uses; 2],
    /// Set when the file could not be read or written; it is left alone from then on.
    failure: Option<String>,
    notes: Vec<String>,
}

/// Week of the last use and payload of an entry that was found; `None` if it is damaged.
type Entry = Option<(u16, Vec<u8>)>;

/// What pruning removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pruned {
    /// Entries that were dropped.
    pub entries: usize,
    /// Size of the file before, in bytes.
    pub before: u64,
    /// Size of the file after, in bytes.
    pub after: u64,
}

impl Store {
    /// Opens the cache in the folder of the settings, which is made if need be, and checks every page of it.
    ///
    /// A file that is damaged or foreign is put aside under another name and begun anew; [`Store::notes`] says so.
    pub fn open(settings: &Settings) -> Result<Self, CacheError> {
        let path = settings.dir.join(FILE);
        let unusable = |problem: String| CacheError::Unusable { path: path.clone(), problem };
        std::fs::create_dir_all(&settings.dir).map_err(|e| unusable(e.to_string()))?;
        let mut state = State::default();
        let database = match open(&path) {
            Err(error) if is_damage(&error) => {
                let aside = aside(&path);
                std::fs::rename(&path, &aside).map_err(|e| unusable(format!("{error}; {e}")))?;
                state.notes.push(format!(
                    "the cache `{}` is damaged or not ours ({error}): it is now `{}`, and a new one is begun",
                    path.display(),
                    aside.display()
                ));
                open(&path)
            }
            result => result,
        };
        let database = database.map_err(|e| unusable(e.to_string()))?;
        Ok(Self { database, path, state: Mutex::new(state) })
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether what is put is kept: a file that could not be read or written is left alone from then on.
    pub fn is_usable(&self) -> bool {
        self.lock().failure.is_none()
    }

    /// How often each kind was found in this run.
    pub fn uses(&self, kind: Kind) -> Uses {
        self.lock().uses[kind as usize]
    }

    /// What a person should know about the cache, and was not told yet.
    pub fn notes(&self) -> Vec<String> {
        let mut state = self.lock();
        let mut notes = std::mem::take(&mut state.notes);
        for kind in Kind::ALL {
            let dropped = std::mem::take(&mut state.uses[kind as usize].dropped);
            if dropped > 0 {
                let path = self.path.display();
                notes.push(format!(
                    "{dropped} {} in the cache `{path}` were damaged and are computed anew",
                    kind.name()
                ));
            }
        }
        notes
    }

    /// Number of entries; `None` if the file cannot be read.
    pub fn count(&self, kind: Kind) -> Option<u64> {
        let read = || -> Result<_, redb::Error> {
            let transaction = self.database.begin_read()?;
            let table = opened(transaction.open_table(table(kind)))?;
            Ok(table.map_or(Ok(0), |table| table.len())?)
        };
        read().ok()
    }

    /// Payloads of `bytes` length for keys, in order; `None` where there is none or a damaged one.
    pub(super) fn get(&self, kind: Kind, keys: &[Key], bytes: usize) -> Vec<Option<Vec<u8>>> {
        if self.lock().failure.is_some() {
            return vec![None; keys.len()];
        }
        let read = || -> Result<Vec<Option<Entry>>, redb::Error> {
            let transaction = self.database.begin_read()?;
            let Some(table) = opened(transaction.open_table(table(kind)))? else { return Ok(vec![None; keys.len()]) };
            let look = |key: &Key| -> Result<Option<Entry>, redb::Error> {
                let value = table.get(key)?;
                let whole = |value: redb::AccessGuard<'_, &[u8]>| {
                    let (used, payload) = entry::open(key, value.value()).filter(|(_, p)| p.len() == bytes)?;
                    Some((used, payload.to_vec()))
                };
                Ok(value.map(whole))
            };
            keys.par_iter().with_min_len(64).map(look).collect()
        };
        let entries = read().unwrap_or_else(|error| {
            self.fail("read", &error);
            vec![None; keys.len()]
        });
        let dropped = entries.iter().filter(|entry| matches!(entry, Some(None))).count();
        let week = this_week();
        let mut old = Vec::new();
        let found: Vec<Option<Vec<u8>>> = entries
            .into_iter()
            .zip(keys)
            .map(|(entry, key)| {
                let (used, payload) = entry.flatten()?;
                if used != week {
                    old.push((*key, payload.clone()));
                }
                Some(payload)
            })
            .collect();
        let hits = found.iter().flatten().count();
        {
            let uses = &mut self.lock().uses[kind as usize];
            uses.found += hits;
            uses.computed += keys.len() - hits;
            uses.dropped += dropped;
        }
        // The stamp of the last use decides what pruning drops; a week is exact enough and spares most writes.
        self.put(kind, &old);
        found
    }

    /// Keeps payloads, so that they are there after a crash.
    pub(super) fn put(&self, kind: Kind, entries: &[(Key, Vec<u8>)]) {
        if entries.is_empty() || self.lock().failure.is_some() {
            return;
        }
        let week = this_week();
        let mut order: Vec<&(Key, Vec<u8>)> = entries.iter().collect();
        order.sort_unstable_by_key(|(key, _)| key);
        let write = || -> Result<(), redb::Error> {
            let transaction = self.database.begin_write()?;
            {
                let mut table = transaction.open_table(table(kind))?;
                for (key, payload) in order {
                    table.insert(key, entry::seal(key, week, payload).as_slice())?;
                }
            }
            Ok(transaction.commit()?)
        };
        if let Err(error) = write() {
            self.fail("written", &error);
        }
    }

    /// Drops what was not used for longest, until what is left fits into a file of `megabytes`, and gives the space back.
    pub fn prune(&mut self, megabytes: u64) -> Result<Pruned, CacheError> {
        let before = self.bytes();
        self.compact();
        let share = megabytes.saturating_mul(1_000_000) as f64 / self.bytes().max(1) as f64;
        let entries = self.drop_oldest(share).map_err(|e| self.unusable(&e))?;
        self.compact();
        Ok(Pruned { entries, before, after: self.bytes() })
    }

    fn compact(&mut self) {
        // Another run that reads at this moment keeps the file from being compacted: the next pruning will do it.
        let _ = self.database.compact();
    }

    /// Size of the file in bytes.
    pub fn bytes(&self) -> u64 {
        std::fs::metadata(&self.path).map_or(0, |file| file.len())
    }

    /// Keeps at most this share of the bytes of all entries, which are fewer than those of the file.
    fn drop_oldest(&self, share: f64) -> Result<usize, redb::Error> {
        let transaction = self.database.begin_write()?;
        let mut all: Vec<(u16, Kind, Key, u64)> = Vec::new();
        for kind in Kind::ALL {
            for entry in transaction.open_table(table(kind))?.iter()? {
                let (key, value) = entry?;
                let week = entry::week_of(value.value()).unwrap_or(0);
                all.push((week, kind, key.value(), (key.value().len() + value.value().len()) as u64));
            }
        }
        all.sort_unstable_by_key(|(week, kind, key, _)| (*week, *kind as usize, *key));
        let mut rest: u64 = all.iter().map(|entry| entry.3).sum();
        let most = (rest as f64 * share) as u64;
        let mut dropped = 0;
        for (_, kind, key, bytes) in all {
            if rest <= most {
                break;
            }
            transaction.open_table(table(kind))?.remove(key)?;
            rest -= bytes;
            dropped += 1;
        }
        transaction.commit()?;
        Ok(dropped)
    }

    fn fail(&self, what: &str, error: &redb::Error) {
        let mut state = self.lock();
        let note =
            format!("the cache `{}` cannot be {what} ({error}): this run goes on without it", self.path.display());
        state.notes.push(note);
        state.failure = Some(error.to_string());
    }

    fn unusable(&self, error: &redb::Error) -> CacheError {
        CacheError::Unusable { path: self.path.clone(), problem: error.to_string() }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

fn open(path: &Path) -> Result<Database, DatabaseError> {
    let mut builder = Builder::new();
    builder.set_cache_size(PAGES).set_concurrency_mode(ConcurrencyMode::MultiWriter).set_check_integrity_on_open(true);
    builder.create(path)
}

/// Whether the file itself is at fault, not the system or another process.
fn is_damage(error: &DatabaseError) -> bool {
    match error {
        DatabaseError::Storage(StorageError::Io(io)) => {
            matches!(io.kind(), std::io::ErrorKind::InvalidData | std::io::ErrorKind::UnexpectedEof)
        }
        DatabaseError::Storage(StorageError::Corrupted(_))
        | DatabaseError::UpgradeRequired(_)
        | DatabaseError::RepairAborted => true,
        _ => false,
    }
}

/// The table, or `None` if nothing was ever put into it.
fn opened<T>(table: Result<T, TableError>) -> Result<Option<T>, redb::Error> {
    match table {
        Ok(table) => Ok(Some(table)),
        Err(TableError::TableDoesNotExist(_)) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// Damaged files in the folder of a cache that were put aside.
pub fn damaged(folder: &Path) -> Vec<PathBuf> {
    let files = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let begins = format!("{FILE}{DAMAGED}");
    let mut found: Vec<PathBuf> =
        files.filter(|file| file.file_name().to_string_lossy().starts_with(&begins)).map(|file| file.path()).collect();
    found.sort();
    found
}

/// What follows the name of a file that was put aside, before its number.
const DAMAGED: &str = ".damaged-";

/// A free name for a file that is put aside.
fn aside(path: &Path) -> PathBuf {
    let name = |n: usize| path.with_file_name(format!("{FILE}{DAMAGED}{n}"));
    (1..).map(name).find(|file| !file.exists()).expect("numbers do not end")
}

fn this_week() -> u16 {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    (seconds / (7 * 24 * 3600)) as u16
}
