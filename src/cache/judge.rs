//! A judge around a judge.

use std::sync::Arc;

use super::entry::{self, Key};
use super::{Kind, Store};
use crate::model::{Judge, MAX_CONFLICT_TYPES, ModelError, Scores};

/// Bytes of the scores of a pair: three relations and the conflict types.
const BYTES: usize = 4 * (3 + MAX_CONFLICT_TYPES);

/// Takes scores from the store where they are kept, and keeps those that it has the inner judge make.
pub struct CachedJudge {
    inner: Box<dyn Judge>,
    store: Arc<Store>,
}

impl CachedJudge {
    /// Puts the store before a judge.
    pub fn new(inner: Box<dyn Judge>, store: Arc<Store>) -> Self {
        Self { inner, store }
    }
}

impl Judge for CachedJudge {
    fn fingerprint(&self) -> String {
        self.inner.fingerprint()
    }

    fn judge(&self, pairs: &[(&str, &str)], done: &(dyn Fn(usize) + Sync)) -> Result<Vec<Scores>, ModelError> {
        let fingerprint = self.fingerprint();
        let keys: Vec<Key> = pairs.iter().map(|(left, right)| entry::key(&fingerprint, &[left, right])).collect();
        let kept = self.store.get(Kind::Scores, &keys, BYTES);
        let missing: Vec<usize> = (0..pairs.len()).filter(|&i| kept[i].is_none()).collect();
        done(pairs.len() - missing.len());
        let wanted: Vec<(&str, &str)> = missing.iter().map(|&i| pairs[i]).collect();
        let fresh = self.inner.judge(&wanted, done)?;
        let entries: Vec<(Key, Vec<u8>)> = missing.iter().zip(&fresh).map(|(&i, s)| (keys[i], to_bytes(s))).collect();
        self.store.put(Kind::Scores, &entries);
        let mut fresh = fresh.into_iter();
        let all = kept.into_iter().filter_map(|bytes| bytes.map(|b| from_bytes(&b)).or_else(|| fresh.next()));
        Ok(all.collect())
    }
}

fn to_bytes(scores: &Scores) -> Vec<u8> {
    let relations = [scores.agreement, scores.unrelated, scores.contradiction];
    relations.iter().chain(&scores.conflict).flat_map(|x| x.to_le_bytes()).collect()
}

fn from_bytes(bytes: &[u8]) -> Scores {
    let float = |i: usize| f32::from_le_bytes(std::array::from_fn(|byte| bytes[4 * i + byte]));
    Scores {
        agreement: float(0),
        unrelated: float(1),
        contradiction: float(2),
        conflict: std::array::from_fn(|i| float(3 + i)),
    }
}
