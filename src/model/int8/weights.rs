//! The parameters of the layers, as the kernels read them.

use std::ops::Deref;
use std::sync::Arc;

use memmap2::Mmap;

/// Sizes of a BERT trunk.
#[derive(Debug, Clone, PartialEq, serde::Deserialize)]
pub struct Shape {
    /// Length of a token's vector.
    pub hidden: usize,
    /// Number of layers.
    pub layers: usize,
    /// Attention heads of a layer.
    pub heads: usize,
    /// Width between the two dense layers.
    pub intermediate: usize,
    /// Longest sequence, in tokens.
    pub positions: usize,
    /// Rows of the token table.
    pub tokens: usize,
    /// Added to the variance in layer norms.
    pub epsilon: f32,
}

impl Shape {
    /// Multiply-adds of the dense layers for one token.
    pub fn multiply_adds(&self) -> usize {
        self.layers * self.hidden * (4 * self.hidden + 2 * self.intermediate)
    }

    /// Says what the kernels cannot compute, if anything.
    pub fn problem(&self) -> Option<String> {
        let head = self.hidden.checked_div(self.heads).unwrap_or(0);
        if head == 0 || head * self.heads != self.hidden || !head.is_multiple_of(32) {
            return Some(format!("{} heads for width {}: a head must have a multiple of 32", self.heads, self.hidden));
        }
        if !self.hidden.is_multiple_of(64) || !self.intermediate.is_multiple_of(64) || self.intermediate == 0 {
            return Some(format!("widths {} and {} must be multiples of 64", self.hidden, self.intermediate));
        }
        None
    }
}

/// Bytes of a mapped file, or owned ones.
#[derive(Debug, Clone)]
pub enum Weights {
    /// `length` bytes from `start` of a file in memory.
    Mapped {
        /// The file.
        file: Arc<Mmap>,
        /// First byte.
        start: usize,
        /// Number of bytes.
        length: usize,
    },
    /// Made at load.
    Owned(Vec<u8>),
}

impl Deref for Weights {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match self {
            Self::Mapped { file, start, length } => &file[*start..*start + *length],
            Self::Owned(bytes) => bytes,
        }
    }
}

/// A dense layer: int8 weights with a scale per output, float32 bias.
#[derive(Debug, Clone)]
pub struct Linear {
    /// Width of the input.
    pub inputs: usize,
    /// Width of the output.
    pub outputs: usize,
    /// Int8 `[outputs/16, inputs/4, 16, 4]`.
    pub weight: Weights,
    /// `[outputs]`
    pub scale: Vec<f32>,
    /// `[outputs]`
    pub bias: Vec<f32>,
    /// Sum of the int8 weights of an output, `[outputs]`.
    pub sum: Vec<i32>,
}

impl Linear {
    /// Quantizes `weight` `[outputs, inputs]` float32: symmetric, one scale per output, to the nearest integer.
    pub fn quantize(weight: &[f32], bias: &[f32], inputs: usize) -> Self {
        let outputs = bias.len();
        let mut bytes = vec![0; outputs * inputs];
        let (mut scale, mut sum) = (vec![0.0; outputs], vec![0; outputs]);
        for (n, row) in weight.chunks_exact(inputs).enumerate() {
            scale[n] = row.iter().fold(1e-12_f32, |most, x| most.max(x.abs())) / 127.0;
            for (k, x) in row.iter().enumerate() {
                let whole = (x / scale[n]).round_ties_even().clamp(-127.0, 127.0) as i8;
                sum[n] += i32::from(whole);
                bytes[(n / 16 * (inputs / 4) + k / 4) * 64 + n % 16 * 4 + k % 4] = whole as u8;
            }
        }
        Self { inputs, outputs, weight: Weights::Owned(bytes), scale, bias: bias.to_vec(), sum }
    }

    /// Multiplies the first `outputs` outputs by `factor`.
    pub fn scale_outputs(&mut self, outputs: usize, factor: f32) {
        for value in self.scale[..outputs].iter_mut().chain(&mut self.bias[..outputs]) {
            *value *= factor;
        }
    }

    pub(super) fn dense(&self) -> super::product::Dense<'_> {
        let bytes: &[u8] = &self.weight;
        // SAFETY: int8 and uint8 have the same size and alignment, and every bit pattern is a value of both.
        let weight = unsafe { std::slice::from_raw_parts(bytes.as_ptr().cast::<i8>(), bytes.len()) };
        super::product::Dense {
            inputs: self.inputs,
            outputs: self.outputs,
            weight,
            scale: &self.scale,
            bias: &self.bias,
            sum: &self.sum,
        }
    }
}

/// Weight and bias of a layer norm.
#[derive(Debug, Clone)]
pub struct Norm {
    /// `[hidden]`
    pub weight: Vec<f32>,
    /// `[hidden]`
    pub bias: Vec<f32>,
}

impl Norm {
    pub(super) fn affine(&self, epsilon: f32) -> super::rows::Affine<'_> {
        super::rows::Affine { weight: &self.weight, bias: &self.bias, epsilon }
    }
}

/// One layer of the trunk.
#[derive(Debug, Clone)]
pub struct Layer {
    /// Query, key and value together; queries are already divided by the root of the head's width.
    pub qkv: Linear,
    /// After attention.
    pub attention_output: Linear,
    /// After the first residual.
    pub attention_norm: Norm,
    /// Before GELU.
    pub intermediate: Linear,
    /// After GELU.
    pub output: Linear,
    /// After the second residual.
    pub output_norm: Norm,
}

/// Token vectors.
#[derive(Debug)]
pub enum Table {
    /// By product quantization (Jegou, Douze, Schmid 2011).
    Codes {
        /// `[tokens, groups]`
        codes: Weights,
        /// `[groups, 256, group width]`
        books: Vec<f32>,
        /// Codes of a token.
        groups: usize,
    },
    /// `[tokens, hidden]` in half precision.
    Rows(Vec<half::f16>),
}

impl Table {
    /// Rounds token vectors `[tokens, hidden]` to half precision.
    pub fn rows(vectors: &[f32]) -> Self {
        Self::Rows(vectors.iter().map(|x| half::f16::from_f32(*x)).collect())
    }

    /// Writes the vector of a token.
    pub fn row(&self, token: u32, out: &mut [f32]) {
        let (codes, books, groups) = match self {
            Self::Codes { codes, books, groups } => (codes, books, *groups),
            Self::Rows(rows) => {
                let row = &rows[token as usize * out.len()..][..out.len()];
                out.iter_mut().zip(row).for_each(|(out, x)| *out = x.to_f32());
                return;
            }
        };
        let width = out.len() / groups;
        let codes = &codes[token as usize * groups..][..groups];
        if let (4, (fours, [])) = (width, out.as_chunks_mut::<4>()) {
            let books = books.as_chunks::<4>().0.chunks_exact(256);
            for ((code, out), book) in codes.iter().zip(fours).zip(books) {
                *out = book[usize::from(*code)];
            }
            return;
        }
        for (group, (code, out)) in codes.iter().zip(out.chunks_exact_mut(width)).enumerate() {
            let at = (group * 256 + usize::from(*code)) * width;
            out.copy_from_slice(&books[at..at + width]);
        }
    }
}
