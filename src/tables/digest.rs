//! One number for a table, whatever the order of its rows and however they are cut into files and batches.

use arrow_array::RecordBatch;
use sha2::{Digest as _, Sha256};

use super::cell::{Cell, cell};

/// Sum of the 128-bit hashes of all rows, and their number. Digests of parts add up to that of the whole.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Digest {
    /// Number of rows.
    pub rows: u64,
    /// Sum of their hashes, modulo 2^128.
    pub sum: u128,
}

impl Digest {
    /// Adds the rows of a batch. A row's hash covers names and values of its columns, in the order of the names.
    pub fn add(&mut self, batch: &RecordBatch) {
        let schema = batch.schema();
        let mut order: Vec<usize> = (0..batch.num_columns()).collect();
        order.sort_by_key(|&column| schema.field(column).name());
        for row in 0..batch.num_rows() {
            let mut hash = Sha256::new();
            for &column in &order {
                let name = schema.field(column).name();
                hash.update((name.len() as u64).to_le_bytes());
                hash.update(name.as_bytes());
                add_cell(&mut hash, cell(batch.column(column), row));
            }
            let mut first = [0; 16];
            first.copy_from_slice(&hash.finalize()[..16]);
            self.sum = self.sum.wrapping_add(u128::from_le_bytes(first));
        }
        self.rows += batch.num_rows() as u64;
    }

    /// Adds the digest of another part.
    pub fn join(&mut self, other: Self) {
        self.rows += other.rows;
        self.sum = self.sum.wrapping_add(other.sum);
    }

    /// The sum as 32 hexadecimal digits.
    pub fn hex(&self) -> String {
        format!("{:032x}", self.sum)
    }
}

/// A tag, then the value; texts and bytes after their length.
fn add_cell(hash: &mut Sha256, cell: Cell<'_>) {
    let mut bytes = |tag: u8, bytes: &[u8]| {
        hash.update([tag]);
        hash.update((bytes.len() as u64).to_le_bytes());
        hash.update(bytes);
    };
    match cell {
        Cell::None => bytes(0, &[]),
        Cell::Whole(value) => bytes(1, &value.to_le_bytes()),
        Cell::Float(value) => bytes(2, &value.to_bits().to_le_bytes()),
        Cell::Text(value) => bytes(3, value.as_bytes()),
        Cell::Bytes(value) => bytes(4, value),
    }
}
