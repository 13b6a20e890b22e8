//! Activations times weights in int8, scale and bias applied while the sums are in registers.

use super::isa::Isa;

/// Rows of activations, each with its own scale and zero point: x = scale * (byte - zero).
#[derive(Debug, Default)]
pub(super) struct Quantized {
    pub bytes: Vec<u8>,
    pub scale: Vec<f32>,
    pub zero: Vec<i32>,
}

impl Quantized {
    /// Makes room for `rows` rows of `width` bytes.
    pub fn reserve(&mut self, rows: usize, width: usize) {
        self.bytes.resize(self.bytes.len().max(rows * width), 0);
        self.scale.resize(self.scale.len().max(rows), 0.0);
        self.zero.resize(self.zero.len().max(rows), 0);
    }
}

/// A dense layer as the kernels read it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Dense<'a> {
    pub inputs: usize,
    pub outputs: usize,
    /// `[outputs/16, inputs/4, 16, 4]`
    pub weight: &'a [i8],
    pub scale: &'a [f32],
    pub bias: &'a [f32],
    /// Sum of the weights of an output.
    pub sum: &'a [i32],
}

/// `out` `[rows, dense.outputs]` = `x`[first..first + rows] * dense: tiles of up to `R` rows and `C` * 16 outputs.
///
/// # Safety
/// The processor has `V`; `x` holds the rows, `out` has room for them; `C` * 16 divides the outputs.
#[inline(always)]
pub(super) unsafe fn product<V: Isa, const R: usize, const C: usize>(
    x: &Quantized,
    first: usize,
    rows: usize,
    dense: &Dense,
    out: *mut f32,
) {
    let mut column = 0;
    while column < dense.outputs {
        let mut row = 0;
        unsafe {
            while row + R <= rows {
                tile::<V, R, C>(x, first + row, dense, column, out.add(row * dense.outputs));
                row += R;
            }
            let out = out.add(row * dense.outputs);
            match rows - row {
                1 if R > 1 => tile::<V, 1, C>(x, first + row, dense, column, out),
                2 if R > 2 => tile::<V, 2, C>(x, first + row, dense, column, out),
                3 if R > 3 => tile::<V, 3, C>(x, first + row, dense, column, out),
                4 if R > 4 => tile::<V, 4, C>(x, first + row, dense, column, out),
                5 if R > 5 => tile::<V, 5, C>(x, first + row, dense, column, out),
                _ => {}
            }
        }
        column += 16 * C;
    }
}

#[inline(always)]
unsafe fn tile<V: Isa, const R: usize, const C: usize>(
    x: &Quantized,
    row: usize,
    dense: &Dense,
    column: usize,
    out: *mut f32,
) {
    unsafe {
        let (inputs, panel) = (dense.inputs, 16 * dense.inputs);
        let a = x.bytes.as_ptr().add(row * inputs);
        let w = dense.weight.as_ptr().add(column * inputs);
        let mut sums = [[V::splat_int(0); C]; R];
        for k in 0..inputs / 4 {
            let mut weights = [V::load_weights(w.add(64 * k)); C];
            for c in 1..C {
                weights[c] = V::load_weights(w.add(c * panel + 64 * k));
            }
            for r in 0..R {
                let four = V::splat_activations(a.add(r * inputs + 4 * k));
                for c in 0..C {
                    sums[r][c] = V::dot(sums[r][c], four, weights[c]);
                }
            }
        }
        for c in 0..C {
            let at = column + 16 * c;
            let scale = V::load(dense.scale.as_ptr().add(at));
            let bias = V::load(dense.bias.as_ptr().add(at));
            let total = V::load_int(dense.sum.as_ptr().add(at));
            for r in 0..R {
                let shift = V::mul_int(V::splat_int(*x.zero.as_ptr().add(row + r) - V::OFFSET), total);
                let whole = V::float(V::sub_int(sums[r][c], shift));
                let y = V::fma(whole, V::mul(V::splat(*x.scale.as_ptr().add(row + r)), scale), bias);
                V::store(out.add(r * dense.outputs + at), y);
            }
        }
    }
}
