//! The forward pass: token ids of a batch to the last layer's vectors.

use std::sync::Arc;

use super::attention::SPARE;
use super::kernels::{InstructionSet, Kernels};
use super::product::Quantized;
use super::weights::{Layer, Norm, Shape, Table};

/// Rows that pass through the dense layers together, so that they stay in the nearest caches.
const BLOCK: usize = 96;

/// A BERT trunk (Devlin et al. 2019) in int8.
#[derive(Debug)]
pub struct Trunk {
    /// Sizes.
    pub shape: Shape,
    /// Token vectors.
    pub table: Arc<Table>,
    /// `[positions, hidden]`
    pub positions: Vec<f32>,
    /// `[token types, hidden]`
    pub types: Vec<f32>,
    /// After the sum of the three.
    pub norm: Norm,
    /// From the first to the last.
    pub layers: Vec<Layer>,
    /// What to run on.
    pub set: InstructionSet,
}

/// Token ids of one text or pair.
#[derive(Debug, Clone, Copy)]
pub struct Sequence<'a> {
    /// With the special tokens; at most as many as there are positions.
    pub ids: &'a [u32],
    /// Where token type 1 begins.
    pub right: usize,
}

/// Memory of one worker, kept from batch to batch.
#[derive(Debug, Default)]
pub struct Scratch {
    hidden: Vec<f32>,
    qkv: Vec<f32>,
    mixed: Vec<f32>,
    wide: Vec<f32>,
    narrow: Quantized,
    block: Quantized,
    weights: Vec<i16>,
    attention: super::attention::Scratch,
}

impl Trunk {
    /// Vectors of the last layer, `[tokens of all sequences, hidden]`, sequences end to end.
    pub fn forward<'s>(&self, sequences: &[Sequence], scratch: &'s mut Scratch) -> &'s [f32] {
        let (hidden, wide) = (self.shape.hidden, self.shape.intermediate);
        let tokens: usize = sequences.iter().map(|s| s.ids.len()).sum();
        let kernels = self.set.kernels();
        for (buffer, length) in [
            (&mut scratch.hidden, tokens * hidden),
            (&mut scratch.qkv, (tokens + SPARE) * 3 * hidden),
            (&mut scratch.mixed, (tokens + SPARE) * hidden),
            (&mut scratch.wide, BLOCK * wide),
        ] {
            buffer.resize(buffer.len().max(length), 0.0);
        }
        scratch.narrow.reserve(tokens, hidden);
        scratch.block.reserve(BLOCK, hidden.max(wide));
        self.embed(sequences, kernels, scratch);
        for layer in &self.layers {
            self.layer(layer, sequences, tokens, kernels, scratch);
        }
        &scratch.hidden[..tokens * hidden]
    }

    fn embed(&self, sequences: &[Sequence], kernels: &Kernels, scratch: &mut Scratch) {
        let hidden = self.shape.hidden;
        let mut rows = scratch.hidden.chunks_exact_mut(hidden);
        let mut tokens = 0;
        for sequence in sequences {
            assert!(sequence.ids.len() <= self.shape.positions, "a sequence of {} tokens", sequence.ids.len());
            for (at, (id, row)) in sequence.ids.iter().zip(&mut rows).enumerate() {
                self.table.row(*id, row);
                let kind = &self.types[if at < sequence.right { 0 } else { hidden }..];
                for (x, (kind, position)) in row.iter_mut().zip(kind.iter().zip(&self.positions[at * hidden..])) {
                    *x = *x + kind + position;
                }
            }
            tokens += sequence.ids.len();
        }
        let norm = self.norm.affine(self.shape.epsilon);
        let x = scratch.hidden.as_mut_ptr();
        // SAFETY: `forward` made room for all rows; the set was found on this processor.
        unsafe { (kernels.normalize)(x, std::ptr::null(), tokens, &norm, &mut scratch.narrow, 0) };
    }

    fn layer(&self, layer: &Layer, sequences: &[Sequence], tokens: usize, kernels: &Kernels, scratch: &mut Scratch) {
        let (hidden, heads, epsilon) = (self.shape.hidden, self.shape.heads, self.shape.epsilon);
        let qkv = scratch.qkv.as_mut_ptr();
        let mixed = scratch.mixed.as_mut_ptr();
        let wide = scratch.wide.as_mut_ptr();
        let x = scratch.hidden.as_mut_ptr();
        // SAFETY: `forward` made room for `tokens` rows in every buffer; the set was found on this processor.
        unsafe { (kernels.product)(&scratch.narrow, 0, tokens, &layer.qkv.dense(), qkv, &mut scratch.weights) };
        let mut first = 0;
        for sequence in sequences {
            let length = sequence.ids.len();
            // SAFETY: as above.
            unsafe {
                let out = mixed.add(first * hidden);
                (kernels.attention)(qkv.add(first * 3 * hidden), length, hidden, heads, out, &mut scratch.attention);
            }
            first += length;
        }
        for first in (0..tokens).step_by(BLOCK) {
            let rows = BLOCK.min(tokens - first);
            // SAFETY: as above; `wide` and `block` hold BLOCK rows, and the rows of `mixed` are free once quantized.
            unsafe {
                let (x, y) = (x.add(first * hidden), mixed.add(first * hidden));
                (kernels.quantize)(y, rows, hidden, &mut scratch.block, 0);
                (kernels.product)(&scratch.block, 0, rows, &layer.attention_output.dense(), y, &mut scratch.weights);
                (kernels.normalize)(x, y, rows, &layer.attention_norm.affine(epsilon), &mut scratch.narrow, first);
                (kernels.product_activated)(
                    &scratch.narrow,
                    first,
                    rows,
                    &layer.intermediate.dense(),
                    wide,
                    &mut scratch.weights,
                );
                (kernels.quantize)(wide, rows, self.shape.intermediate, &mut scratch.block, 0);
                (kernels.product)(&scratch.block, 0, rows, &layer.output.dense(), y, &mut scratch.weights);
                (kernels.normalize)(x, y, rows, &layer.output_norm.affine(epsilon), &mut scratch.narrow, first);
            }
        }
    }
}
