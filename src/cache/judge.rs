//! A judge around a judge.

use std::sync::Arc;

use super::entry::{self, Key};
use super::{Kind, Store};
use crate::model::{Judge, ModelError, Scores};

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
        let kept = self.store.get(Kind::Scores, &keys, Scores::BYTES);
        let missing: Vec<usize> = (0..pairs.len()).filter(|&i| kept[i].is_none()).collect();
        done(pairs.len() - missing.len());
        let wanted: Vec<(&str, &str)> = missing.iter().map(|&i| pairs[i]).collect();
        let fresh = self.inner.judge(&wanted, done)?;
        let entries: Vec<(Key, Vec<u8>)> = missing.iter().zip(&fresh).map(|(&i, s)| (keys[i], s.to_bytes())).collect();
        self.store.put(Kind::Scores, &entries);
        let mut fresh = fresh.into_iter();
        let all =
            kept.into_iter().filter_map(|bytes| bytes.and_then(|b| Scores::from_bytes(&b)).or_else(|| fresh.next()));
        Ok(all.collect())
    }
}
