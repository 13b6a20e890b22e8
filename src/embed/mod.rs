//! Turns claims into unit vectors, each different text once, kept as bytes whose products are exact.

mod centred;
mod products;

pub use centred::Centred;

use std::ops::Range;
use std::time::{Duration, Instant};

use crate::model::{Encoder, ModelError, distinct};

/// Unit vectors of `len` claims, `width` bytes each: scaled to the largest component, so that products are exact integers.
#[derive(Debug, Clone, Default)]
pub struct Vectors {
    width: usize,
    bytes: Vec<i8>,
    /// One over the Euclidean length of each row of `bytes`.
    inverse_norms: Vec<f32>,
    /// Sum of each row of `bytes`.
    sums: Vec<i32>,
}

/// Cosines of some vectors with others, and the room that they are computed in.
#[derive(Debug, Default)]
pub struct Cosines {
    /// `[left, right]`, row-major.
    pub values: Vec<f32>,
    row: Vec<i32>,
}

impl Vectors {
    /// Quantizes float vectors `[rows, width]`, row-major.
    pub fn from_floats(floats: &[f32], width: usize) -> Self {
        let mut bytes = Vec::with_capacity(floats.len());
        for row in floats.chunks_exact(width.max(1)) {
            let largest = row.iter().fold(0f32, |most, x| most.max(x.abs()));
            let scale = if largest > 0.0 { 127.0 / largest } else { 0.0 };
            bytes.extend(row.iter().map(|x| (x * scale).round() as i8));
        }
        Self::from_bytes(bytes, width)
    }

    fn append(&mut self, more: Self) {
        self.bytes.extend(more.bytes);
        self.inverse_norms.extend(more.inverse_norms);
        self.sums.extend(more.sums);
    }

    /// Number of vectors.
    pub fn len(&self) -> usize {
        self.inverse_norms.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.inverse_norms.is_empty()
    }

    /// Cosine of two vectors, from -1 to 1; the same on every machine, and in both directions.
    pub fn cosine(&self, left: usize, right: usize) -> f32 {
        self.cosine_to(left, self, right)
    }

    /// Cosine of a vector with one of another list of the same width.
    pub fn cosine_to(&self, own: usize, others: &Self, other: usize) -> f32 {
        let product = products::dot(self.row(own), others.row(other));
        product as f32 * (self.inverse_norms[own] * others.inverse_norms[other])
    }

    /// Puts the cosines of every vector of `left` with every one of `right` into `out`, `[left.len(), right.len()]`, row-major.
    pub fn cosines(&self, left: Range<usize>, right: Range<usize>, out: &mut Cosines) {
        let others = &self.bytes[right.start * self.width..right.end * self.width];
        let (sums, lengths) = (&self.sums[right.clone()], &self.inverse_norms[right.clone()]);
        out.values.clear();
        out.row.resize(right.len(), 0);
        for own in left {
            products::products(self.row(own), others, sums, &mut out.row);
            let length = self.inverse_norms[own];
            out.values.extend(out.row.iter().zip(lengths).map(|(&product, other)| product as f32 * (length * other)));
        }
    }

    /// Bytes of one vector.
    pub fn row(&self, index: usize) -> &[i8] {
        &self.bytes[index * self.width..(index + 1) * self.width]
    }

    /// All vectors as floats of unit length `[len, width]`, which are quantized to the same bytes again.
    pub fn to_floats(&self) -> Vec<f32> {
        let rows = self.bytes.chunks_exact(self.width.max(1));
        rows.flat_map(|row| {
            let length = row.iter().map(|&byte| f32::from(byte).powi(2)).sum::<f32>().sqrt().max(1.0);
            row.iter().map(move |&byte| f32::from(byte) / length)
        })
        .collect()
    }

    /// Vectors of bytes that were quantized before, `width` bytes each.
    pub fn from_bytes(bytes: Vec<i8>, width: usize) -> Self {
        let inverse = |row: &[i8]| {
            let squares: i64 = row.iter().map(|&b| i64::from(b) * i64::from(b)).sum();
            if squares > 0 { (1.0 / (squares as f64).sqrt()) as f32 } else { 0.0 }
        };
        let rows = || bytes.chunks_exact(width.max(1));
        let inverse_norms = rows().map(inverse).collect();
        let sums = rows().map(|row| row.iter().map(|&b| i32::from(b)).sum()).collect();
        Self { width, bytes, inverse_norms, sums }
    }

    /// Unit-length mean of some vectors, as floats `[width]`.
    pub fn mean(&self, rows: impl IntoIterator<Item = usize>) -> Vec<f32> {
        let mut sum = vec![0f32; self.width];
        for row in rows {
            let scale = self.inverse_norms[row];
            sum.iter_mut().zip(self.row(row)).for_each(|(total, &byte)| *total += f32::from(byte) * scale);
        }
        let norm = sum.iter().map(|x| x * x).sum::<f32>().sqrt();
        if norm > 0.0 {
            sum.iter_mut().for_each(|x| *x /= norm);
        }
        sum
    }
}

/// Vectors of all texts, in order; equal texts are embedded once. `done` is told how many different texts are finished.
///
/// When `go_on` says no, the texts that are left get the zero vector, which is like nothing; their number is given beside the
/// vectors.
pub fn embed(
    encoder: &dyn Encoder,
    texts: &[&str],
    go_on: &dyn Fn() -> bool,
    done: &(dyn Fn(usize) + Sync),
) -> Result<(Vectors, usize), ModelError> {
    let (distinct, place) = distinct(texts);
    let width = encoder.width();
    let mut unique = Vectors { width, ..Vectors::default() };
    in_blocks(&distinct, go_on, |block| {
        unique.append(Vectors::from_floats(&encoder.embed(block, done)?, width));
        Ok(())
    })?;
    let left = distinct.len() - unique.len();
    unique.append(Vectors::from_floats(&vec![0.0; left * width], width));
    if distinct.len() == texts.len() {
        return Ok((unique, left));
    }
    let mut vectors = Vectors { width, bytes: Vec::with_capacity(texts.len() * width), ..Vectors::default() };
    for &i in &place {
        vectors.bytes.extend_from_slice(unique.row(i));
        vectors.inverse_norms.push(unique.inverse_norms[i]);
        vectors.sums.push(unique.sums[i]);
    }
    Ok((vectors, left))
}

/// Least number of items that a model gets at a time, while there are as many.
const SMALLEST_BLOCK: usize = 64;
/// Largest number of them.
const LARGEST_BLOCK: usize = 1_024;
/// A block should take about this long: so much work is lost in a crash, and so long an interrupted run still works.
const BLOCK_TIME: Duration = Duration::from_secs(2);

/// Gives `items` to `work` in blocks of a few seconds, in order, until `go_on` says no. No result may depend on the blocks.
pub fn in_blocks<T>(
    items: &[T],
    go_on: &dyn Fn() -> bool,
    mut work: impl FnMut(&[T]) -> Result<(), ModelError>,
) -> Result<(), ModelError> {
    let (mut rest, mut size) = (items, SMALLEST_BLOCK);
    while !rest.is_empty() && go_on() {
        let (block, after) = rest.split_at(size.min(rest.len()));
        let start = Instant::now();
        work(block)?;
        rest = after;
        size = if start.elapsed() < BLOCK_TIME / 2 { (size * 2).min(LARGEST_BLOCK) } else { size };
        size = if start.elapsed() > BLOCK_TIME * 2 { (size / 2).max(SMALLEST_BLOCK) } else { size };
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_keep_the_cosine() {
        let floats: Vec<f32> = (0..768).map(|i| ((i * 37 % 101) as f32 - 50.0) / 400.0).collect();
        let vectors = Vectors::from_floats(&floats, 384);
        let (a, b) = floats.split_at(384);
        let product = |x: &[f32], y: &[f32]| x.iter().zip(y).map(|(p, q)| p * q).sum::<f32>();
        let exact = product(a, b) / (product(a, a) * product(b, b)).sqrt();
        assert!((vectors.cosine(0, 1) - exact).abs() < 0.005, "{} {exact}", vectors.cosine(0, 1));
        assert!((vectors.cosine(1, 1) - 1.0).abs() < 1e-6);
    }

    #[test]
    fn cosines_at_once_are_the_cosines_of_pairs() {
        let floats: Vec<f32> = (0..9 * 70).map(|i| ((i * 37 % 101) as f32 - 50.0) / 400.0).collect();
        let (vectors, mut found) = (Vectors::from_floats(&floats, 70), Cosines::default());
        vectors.cosines(0..3, 2..9, &mut found);
        let pairs = (0..3).flat_map(|left| (2..9).map(move |right| (left, right)));
        assert_eq!(found.values, pairs.map(|(left, right)| vectors.cosine(left, right)).collect::<Vec<_>>());
    }

    #[test]
    fn a_zero_vector_is_like_nothing() {
        assert_eq!(Vectors::from_floats(&[0.0; 8], 4).cosine(0, 1), 0.0);
    }
}
