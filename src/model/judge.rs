//! The int8 judge of a pack.

use std::sync::{Arc, Mutex};

use rayon::prelude::*;

use super::int8::{Scratch, Sequence, Trunk, tanh};
use super::tensors::Tensors;
use super::tokenizer::{self, Tokenizer};
use super::{Judge, MAX_CONFLICT_TYPES, ModelError, Scores, batch};

/// Tokens of a pair that are no text: start, end, end, end.
const FRAME: usize = 4;

/// A head on `[first token, mean over tokens]` of the last layer of a pair.
#[derive(Debug)]
pub struct Int8Judge {
    trunk: Trunk,
    /// [2 * hidden, hidden]
    dense: Vec<f32>,
    dense_bias: Vec<f32>,
    /// [3, hidden]
    relation: Vec<f32>,
    relation_bias: Vec<f32>,
    /// `[types, hidden]`
    conflict: Vec<f32>,
    conflict_bias: Vec<f32>,
    tokenizer: Arc<Tokenizer>,
    fingerprint: String,
    memory: Mutex<Vec<Scratch>>,
}

/// Token ids of a pair and where token type 1 begins.
#[derive(Debug, Clone, PartialEq)]
pub struct PairIds {
    /// With the special tokens.
    pub ids: Vec<u32>,
    /// The first id of the right side.
    pub right: usize,
}

impl Int8Judge {
    pub(super) fn new(
        trunk: Trunk,
        tensors: &Tensors,
        tokenizer: Arc<Tokenizer>,
        conflict_types: &[String],
        fingerprint: String,
    ) -> Result<Self, ModelError> {
        let hidden = trunk.shape.hidden;
        let types = if tensors.has("conflict.weight") { conflict_types.len() } else { 0 };
        if types > MAX_CONFLICT_TYPES {
            let problem = format!("{types} conflict types, at most {MAX_CONFLICT_TYPES} are supported");
            return Err(ModelError::Unsupported { name: fingerprint, problem });
        }
        let (conflict, conflict_bias) = match types {
            0 => (Vec::new(), Vec::new()),
            _ => (tensors.floats("conflict.weight", &[types, hidden])?, tensors.floats("conflict.bias", &[types])?),
        };
        Ok(Self {
            dense: tensors.floats("dense.weight", &[2 * hidden, hidden])?,
            dense_bias: tensors.floats("dense.bias", &[hidden])?,
            relation: tensors.floats("relation.weight", &[3, hidden])?,
            relation_bias: tensors.floats("relation.bias", &[3])?,
            conflict,
            conflict_bias,
            trunk,
            tokenizer,
            fingerprint,
            memory: Mutex::default(),
        })
    }

    /// `<s> left </s></s> right </s>` of every pair; of a pair too long, the longer side loses its end.
    pub fn tokenize(&self, pairs: &[(&str, &str)]) -> Vec<PairIds> {
        let most = self.trunk.shape.positions - FRAME;
        let special = &self.tokenizer.special;
        let encode = |(scratch, left, right): &mut (tokenizer::Scratch, Vec<u32>, Vec<u32>), pair: &(&str, &str)| {
            left.clear();
            right.clear();
            self.tokenizer.encode(pair.0, scratch, left);
            self.tokenizer.encode(pair.1, scratch, right);
            left.truncate((most / 2).max(most.saturating_sub(right.len())));
            right.truncate(most - left.len());
            let mut ids = Vec::with_capacity(left.len() + right.len() + FRAME);
            ids.push(special.start);
            ids.extend_from_slice(left);
            ids.extend([special.end; 2]);
            let start = ids.len();
            ids.extend_from_slice(right);
            ids.push(special.end);
            PairIds { ids, right: start }
        };
        pairs.par_iter().with_min_len(16).map_init(Default::default, encode).collect()
    }

    /// Scores of tokenized pairs; `done` is told how many more are finished.
    pub fn judge_ids(&self, pairs: &[PairIds], done: &(dyn Fn(usize) + Sync)) -> Vec<Scores> {
        let hidden = self.trunk.shape.hidden;
        let ranges = batch::ranges(pairs.iter().map(|pair| pair.ids.len()));
        let parts = batch::map(&ranges, &self.memory, |range, scratch| {
            let count = range.len();
            let sequences: Vec<_> =
                pairs[range].iter().map(|pair| Sequence { ids: &pair.ids, right: pair.right }).collect();
            let mut rest = self.trunk.forward(&sequences, scratch);
            let mut pooled = vec![0.0; 2 * hidden];
            let mut scores = Vec::with_capacity(count);
            for sequence in &sequences {
                let (rows, after) = rest.split_at(sequence.ids.len() * hidden);
                rest = after;
                pooled[..hidden].copy_from_slice(&rows[..hidden]);
                pooled[hidden..].fill(0.0);
                batch::sum(rows, &mut pooled[hidden..]);
                pooled[hidden..].iter_mut().for_each(|x| *x /= sequence.ids.len() as f32);
                scores.push(self.head(&pooled));
            }
            done(count);
            scores
        });
        parts.concat()
    }

    fn head(&self, pooled: &[f32]) -> Scores {
        let mut features = self.dense_bias.clone();
        for (x, weights) in pooled.iter().zip(self.dense.chunks_exact(features.len())) {
            for (feature, weight) in features.iter_mut().zip(weights) {
                *feature += x * weight;
            }
        }
        features.iter_mut().for_each(|x| *x = tanh(*x));
        let logit = |weights: &[f32], bias: f32| bias + features.iter().zip(weights).map(|(x, w)| x * w).sum::<f32>();
        let row = |i: usize| logit(&self.relation[i * features.len()..], self.relation_bias[i]);
        let mut conflict = [0.0; MAX_CONFLICT_TYPES];
        let rows = self.conflict.chunks_exact(features.len()).zip(&self.conflict_bias);
        for (value, (weights, bias)) in conflict.iter_mut().zip(rows) {
            *value = logit(weights, *bias);
        }
        Scores { agreement: row(0), unrelated: row(1), contradiction: row(2), conflict }
    }
}

impl Judge for Int8Judge {
    fn fingerprint(&self) -> String {
        format!("{}-judge-int8", self.fingerprint)
    }

    fn judge(&self, pairs: &[(&str, &str)], done: &(dyn Fn(usize) + Sync)) -> Result<Vec<Scores>, ModelError> {
        let (different, which) = batch::distinct(pairs);
        let scores = self.judge_ids(&self.tokenize(&different), done);
        done(pairs.len() - different.len());
        Ok(which.into_iter().map(|i| scores[i]).collect())
    }
}
