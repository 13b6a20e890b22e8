use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::*;
use crate::model::{Encoder, ModelError};

/// Makes vectors out of letters and counts the texts that it was given.
struct Letters(Arc<AtomicUsize>);

impl Encoder for Letters {
    fn width(&self) -> usize {
        4
    }
    fn fingerprint(&self) -> String {
        "letters".to_owned()
    }
    fn tokens(&self, texts: &[&str]) -> Result<usize, ModelError> {
        Ok(texts.len())
    }
    fn embed(&self, texts: &[&str], _: &(dyn Fn(usize) + Sync)) -> Result<Vec<f32>, ModelError> {
        self.0.fetch_add(texts.len(), Ordering::Relaxed);
        let count = |text: &str, letter: char| text.matches(letter).count() as f32 + 0.1;
        Ok(texts.iter().flat_map(|t| ['a', 'b', 'c', 'd'].map(|letter| count(t, letter))).collect())
    }
}

fn settings(folder: &std::path::Path) -> Settings {
    Settings { dir: folder.to_owned(), ..Settings::default() }
}

/// Vectors of texts, through the cache in a folder, and how many of them were computed.
fn embed(folder: &std::path::Path, texts: &[&str]) -> (Vec<f32>, usize, Vec<String>) {
    let passes = Arc::new(AtomicUsize::new(0));
    let store = Arc::new(Store::open(&settings(folder)).unwrap());
    let encoder = CachedEncoder::new(Box::new(Letters(passes.clone())), store.clone());
    let vectors = encoder.embed(texts, &|_| {}).unwrap();
    (vectors, passes.load(Ordering::Relaxed), store.notes())
}

#[test]
fn what_was_computed_once_is_found_again() {
    let folder = tempfile::tempdir().unwrap();
    let (first, passes, _) = embed(folder.path(), &["ab", "c"]);
    assert_eq!(passes, 2);
    let (second, passes, notes) = embed(folder.path(), &["ab", "dd", "c"]);
    assert_eq!((passes, notes.len()), (1, 0));
    assert_eq!((&second[..4], &second[8..]), (&first[..4], &first[4..]));
}

#[test]
fn vectors_are_the_same_with_and_without_a_cache() {
    let folder = tempfile::tempdir().unwrap();
    let (texts, bytes) = (["abba", "cd", "bad cab"], |v: &[f32]| crate::embed::Vectors::from_floats(v, 4));
    let plain = bytes(&Letters(Arc::default()).embed(&texts, &|_| {}).unwrap());
    for _ in 0..2 {
        let cached = bytes(&embed(folder.path(), &texts).0);
        (0..3).for_each(|i| assert_eq!(plain.row(i), cached.row(i)));
    }
}

#[test]
fn language_means_are_the_same_with_a_cache_and_computed_once() {
    let folder = tempfile::tempdir().unwrap();
    let texts = ["abba", "cd", "bad cab"];
    let plain = crate::embed::Centred::new(Box::new(Letters(Arc::default()))).embed(&texts, &|_| {}).unwrap();
    for (round, most) in [(1, usize::MAX), (2, 0)] {
        let passes = Arc::new(AtomicUsize::new(0));
        let store = Arc::new(Store::open(&settings(folder.path())).unwrap());
        let cached = CachedEncoder::new(Box::new(Letters(passes.clone())), store);
        let centred = crate::embed::Centred::new(Box::new(cached)).embed(&texts, &|_| {}).unwrap();
        assert_eq!(centred, plain, "round {round}");
        assert!(passes.load(Ordering::Relaxed) <= most, "round {round}");
    }
}

#[test]
fn texts_and_models_do_not_share_entries() {
    assert_ne!(entry::key("m", &["ab", "c"]), entry::key("m", &["a", "bc"]));
    assert_ne!(entry::key("m", &["a"]), entry::key("n", &["a"]));
}

#[test]
fn an_entry_that_is_damaged_or_of_another_key_is_none() {
    let (own, other) = (entry::key("m", &["a"]), entry::key("m", &["b"]));
    let sealed = entry::seal(&own, 7, b"payload");
    assert_eq!(entry::open(&own, &sealed), Some((7, &b"payload"[..])));
    assert_eq!(entry::open(&other, &sealed), None);
    assert_eq!(entry::open(&own, &sealed[..3]), None);
    for i in 0..sealed.len() {
        let mut damaged = sealed.clone();
        damaged[i] ^= 0x10;
        assert_eq!(entry::open(&own, &damaged), None, "byte {i}");
    }
}

#[test]
fn a_wrong_entry_is_dropped_computed_anew_and_told() {
    let folder = tempfile::tempdir().unwrap();
    let (right, ..) = embed(folder.path(), &["ab"]);
    let key = entry::key("letters", &["ab"]);
    {
        let database = redb::Database::open(folder.path().join("crossclaim.redb")).unwrap();
        let transaction = database.begin_write().unwrap();
        let table = redb::TableDefinition::<entry::Key, &[u8]>::new("vectors");
        let foreign = entry::seal(&entry::key("letters", &["c"]), 1, &[1, 2, 3, 4]);
        transaction.open_table(table).unwrap().insert(key, foreign.as_slice()).unwrap();
        transaction.commit().unwrap();
    }
    let (again, passes, notes) = embed(folder.path(), &["ab"]);
    assert_eq!((again, passes), (right, 1));
    assert!(notes[0].contains("1 vectors"), "{notes:?}");
    assert_eq!(embed(folder.path(), &["ab"]).1, 0);
}

#[test]
fn a_damaged_or_foreign_file_is_put_aside() {
    let texts: Vec<String> = (0..200).map(|i| "abcd".repeat(i)).collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("crossclaim.redb");
    let (right, ..) = embed(folder.path(), &texts);
    let whole = std::fs::read(&file).unwrap();
    let mut cases: Vec<Vec<u8>> = vec![b"something else".to_vec(), whole[..whole.len() / 2].to_vec()];
    for at in (0..whole.len()).step_by(whole.len() / 60) {
        let mut damaged = whole.clone();
        damaged[at..(at + 40).min(whole.len())].fill(0xa5);
        cases.push(damaged);
    }
    let mut aside = 0;
    for (number, case) in cases.iter().enumerate() {
        std::fs::write(&file, case).unwrap();
        let (vectors, _, notes) = embed(folder.path(), &texts);
        assert!(vectors == right, "case {number} gives other vectors");
        aside += usize::from(notes.iter().any(|note| note.contains("damaged or not ours")));
    }
    assert!(aside > 10, "only {aside} of {} damaged files were noticed", cases.len());
    assert!(folder.path().join("crossclaim.redb.damaged-1").is_file());
    assert_eq!(damaged(folder.path()).len(), aside);
}

#[test]
fn two_runs_at_once_share_one_cache() {
    let folder = tempfile::tempdir().unwrap();
    let open = || Arc::new(Store::open(&settings(folder.path())).unwrap());
    let (first, second) = (open(), open());
    let key = |i: usize| entry::key("m", &[&i.to_string()]);
    std::thread::scope(|scope| {
        for (store, start) in [(&first, 0), (&second, 100)] {
            scope.spawn(move || (start..start + 100).for_each(|i| store.put(Kind::Scores, &[(key(i), vec![i as u8])])));
        }
    });
    let keys: Vec<_> = (0..200).map(key).collect();
    for store in [&first, &second] {
        let found = store.get(Kind::Scores, &keys, 1);
        assert!(found.iter().enumerate().all(|(i, bytes)| bytes.as_deref() == Some(&[i as u8][..])));
        assert!(store.notes().is_empty());
    }
}

#[test]
fn pruning_drops_the_oldest_and_gives_the_space_back() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = Store::open(&settings(folder.path())).unwrap();
    let entries: Vec<_> = (0..3_000).map(|i: i32| (entry::key("m", &[&i.to_string()]), vec![7; 1_000])).collect();
    store.put(Kind::Vector, &entries);
    let pruned = store.prune(1).unwrap();
    assert!(pruned.entries > 2_000 && pruned.after < pruned.before / 2, "{pruned:?}");
    let keys: Vec<_> = entries.iter().map(|(key, _)| *key).collect();
    let left = store.get(Kind::Vector, &keys, 1_000).iter().flatten().count();
    assert_eq!(left, 3_000 - pruned.entries);
}

#[test]
fn pruning_drops_entries_where_only_the_file_around_them_is_too_large() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = Store::open(&settings(folder.path())).unwrap();
    let entries: Vec<_> = (0..3_000).map(|i: i32| (entry::key("m", &[&i.to_string()]), vec![7; 1_000])).collect();
    store.put(Kind::Vector, &entries);
    assert_eq!(store.count(Kind::Vector), Some(3_000));
    // A little more than the entries alone.
    let megabytes = 4;
    assert!(store.bytes() > megabytes * 1_000_000);
    let pruned = store.prune(megabytes).unwrap();
    assert!(pruned.entries > 0, "{pruned:?}");
}
