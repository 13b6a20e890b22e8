//! The int8 encoder of a pack.

use std::sync::{Arc, Mutex};

use rayon::prelude::*;

use super::int8::{Scratch, Sequence, Trunk};
use super::tokenizer::{self, Tokenizer};
use super::{Encoder, ModelError, Work, batch};

/// Means over the tokens of the last layer, at unit length.
#[derive(Debug)]
pub struct Int8Encoder {
    trunk: Trunk,
    tokenizer: Arc<Tokenizer>,
    prefix: String,
    fingerprint: String,
    memory: Mutex<Vec<Scratch>>,
}

impl Int8Encoder {
    pub(super) fn new(trunk: Trunk, tokenizer: Arc<Tokenizer>, prefix: &str, fingerprint: String) -> Self {
        Self { trunk, tokenizer, prefix: prefix.to_owned(), fingerprint, memory: Mutex::default() }
    }

    /// Token ids of every text with prefix, start and end, cut to the longest sequence that the model reads.
    pub fn tokenize(&self, texts: &[&str]) -> Vec<Vec<u32>> {
        let special = &self.tokenizer.special;
        let most = self.trunk.shape.positions - 1;
        let encode = |(scratch, text): &mut (tokenizer::Scratch, String), input: &&str| {
            text.clear();
            text.push_str(&self.prefix);
            text.push_str(input);
            let mut ids = vec![special.start];
            self.tokenizer.encode(text, scratch, &mut ids);
            ids.truncate(most);
            ids.push(special.end);
            ids
        };
        texts.par_iter().with_min_len(16).map_init(Default::default, encode).collect()
    }

    /// Unit vectors `[ids.len(), width]` of token ids; `done` is told how many more are finished.
    pub fn embed_ids(&self, ids: &[Vec<u32>], done: &(dyn Fn(usize) + Sync)) -> Vec<f32> {
        let width = self.trunk.shape.hidden;
        let ranges = batch::ranges(ids.iter().map(Vec::len));
        let parts = batch::map(&ranges, &self.memory, |range, scratch| {
            let count = range.len();
            let sequences: Vec<_> = ids[range].iter().map(|ids| Sequence { ids, right: ids.len() }).collect();
            let mut rest = self.trunk.forward(&sequences, scratch);
            let mut vectors = vec![0.0; count * width];
            for (sequence, vector) in sequences.iter().zip(vectors.chunks_exact_mut(width)) {
                let (rows, after) = rest.split_at(sequence.ids.len() * width);
                rest = after;
                batch::sum(rows, vector);
                batch::unit(vector);
            }
            done(count);
            vectors
        });
        parts.concat()
    }
}

impl Encoder for Int8Encoder {
    fn width(&self) -> usize {
        self.trunk.shape.hidden
    }

    fn fingerprint(&self) -> String {
        format!("{}-encoder-int8", self.fingerprint)
    }

    fn tokens(&self, texts: &[&str]) -> Result<usize, ModelError> {
        Ok(self.tokenize(texts).iter().map(Vec::len).sum())
    }

    fn work(&self) -> Option<Work> {
        Some(Work { multiply_adds: self.trunk.shape.multiply_adds(), int8: true })
    }

    fn embed(&self, texts: &[&str], done: &(dyn Fn(usize) + Sync)) -> Result<Vec<f32>, ModelError> {
        let (different, which) = batch::distinct(texts);
        let vectors = self.embed_ids(&self.tokenize(&different), done);
        done(texts.len() - different.len());
        let width = self.width();
        if different.len() == texts.len() {
            return Ok(vectors);
        }
        Ok(which.into_iter().flat_map(|i| &vectors[i * width..(i + 1) * width]).copied().collect())
    }
}
