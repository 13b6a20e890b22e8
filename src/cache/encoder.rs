//! An encoder around an encoder.

use std::sync::Arc;

use rayon::prelude::*;

use super::entry::{self, Key};
use super::{Kind, Store};
use crate::embed::Vectors;
use crate::model::{Encoder, ModelError};

/// Takes vectors from the store where they are kept, and keeps those that it has the inner encoder make.
///
/// Vectors are kept, and given, as [`Vectors`] holds them: in bytes. So it makes no difference where one comes from.
pub struct CachedEncoder {
    inner: Box<dyn Encoder>,
    store: Arc<Store>,
}

impl CachedEncoder {
    /// Puts the store before an encoder.
    pub fn new(inner: Box<dyn Encoder>, store: Arc<Store>) -> Self {
        Self { inner, store }
    }
}

impl Encoder for CachedEncoder {
    fn width(&self) -> usize {
        self.inner.width()
    }

    fn fingerprint(&self) -> String {
        self.inner.fingerprint()
    }

    fn tokens(&self, texts: &[&str]) -> Result<usize, ModelError> {
        self.inner.tokens(texts)
    }

    fn embed(&self, texts: &[&str], done: &(dyn Fn(usize) + Sync)) -> Result<Vec<f32>, ModelError> {
        let (width, fingerprint) = (self.width(), self.fingerprint());
        let keys: Vec<Key> = texts.par_iter().with_min_len(64).map(|text| entry::key(&fingerprint, &[text])).collect();
        let kept = self.store.get(Kind::Vector, &keys, width);
        let missing: Vec<usize> = (0..texts.len()).filter(|&i| kept[i].is_none()).collect();
        done(texts.len() - missing.len());
        let wanted: Vec<&str> = missing.iter().map(|&i| texts[i]).collect();
        let fresh = Vectors::from_floats(&self.inner.embed(&wanted, done)?, width);
        let bytes = |row: usize| fresh.row(row).iter().map(|&byte| byte as u8).collect::<Vec<u8>>();
        let entries: Vec<(Key, Vec<u8>)> = missing.iter().enumerate().map(|(row, &i)| (keys[i], bytes(row))).collect();
        self.store.put(Kind::Vector, &entries);
        let mut rows = entries.into_iter().map(|(_, row)| row);
        let mut all = Vec::with_capacity(texts.len() * width);
        for row in kept {
            all.extend(row.or_else(|| rows.next()).unwrap_or_default().into_iter().map(|byte| byte as i8));
        }
        Ok(Vectors::from_bytes(all, width).to_floats())
    }
}
