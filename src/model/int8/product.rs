//! Activations times weights in int8, scale and bias applied while the sums are in registers.

use super::isa::Isa;
use super::math::gelu;

/// Rows behind the last one that a kernel may read.
const SPARE: usize = 16;

/// Rows of activations, each with its own scale and zero point: x = scale * (activation - zero).
#[derive(Debug, Default)]
pub(super) struct Quantized {
    /// As the instruction set wants them ([`Isa::Activation`]); room for 16 bits each.
    pub activations: Vec<u16>,
    pub scale: Vec<f32>,
    pub zero: Vec<i32>,
}

impl Quantized {
    /// Makes room for `rows` rows of `width` activations, and behind them for as many as a kernel may read in vain.
    pub fn reserve(&mut self, rows: usize, width: usize) {
        self.activations.resize(self.activations.len().max((rows + SPARE) * width), 0);
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

/// `out` `[rows, dense.outputs]` = `x`[first..first + rows] * dense, with `ACTIVATE` GELU of it: tiles of up to `R` rows and
/// `C` * 16 outputs; `room` is for weights in the form of `V`.
///
/// # Safety
/// The processor has `V`; `x` holds the rows, `out` has room for them; `C` * 16 divides the outputs; `R` is at most 15.
#[inline(always)]
pub(super) unsafe fn product<V: Isa, const R: usize, const C: usize, const ACTIVATE: bool>(
    x: &Quantized,
    first: usize,
    rows: usize,
    dense: &Dense,
    out: *mut f32,
    room: &mut Vec<i16>,
) {
    for column in (0..dense.outputs).step_by(16 * C) {
        let mut row = 0;
        // SAFETY: the caller promises that `C` * 16 columns are there.
        let w = unsafe { V::weights(dense.weight.as_ptr().add(column * dense.inputs), 16 * C * dense.inputs, room) };
        macro_rules! tiles {
            ($n:expr) => {
                while rows - row >= $n {
                    // SAFETY: `row + n` rows are there, as the caller promises.
                    unsafe {
                        let out = out.add(row * dense.outputs);
                        tile::<V, { $n }, C, ACTIVATE>(x, first + row, dense, w, column, out);
                    }
                    row += $n;
                }
            };
        }
        tiles!(R);
        if R > 8 {
            tiles!(8);
        }
        if R > 4 {
            tiles!(4);
        }
        if R > 2 {
            tiles!(2);
        }
        tiles!(1);
    }
}

#[inline(always)]
unsafe fn tile<V: Isa, const R: usize, const C: usize, const ACTIVATE: bool>(
    x: &Quantized,
    row: usize,
    dense: &Dense,
    w: *const V::Weight,
    column: usize,
    out: *mut f32,
) {
    unsafe {
        let (inputs, panel) = (dense.inputs, 16 * dense.inputs);
        let a = x.activations.as_ptr().cast::<V::Activation>().add(row * inputs);
        let mut sums = [[V::multiples(0, dense.sum.as_ptr()); C]; R];
        for r in 0..R {
            let minus_zero = V::OFFSET - *x.zero.as_ptr().add(row + r);
            for c in 0..C {
                sums[r][c] = V::multiples(minus_zero, dense.sum.as_ptr().add(column + 16 * c));
            }
        }
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
            for r in 0..R {
                let scale = V::mul(V::splat(*x.scale.as_ptr().add(row + r)), scale);
                V::store(out.add(r * dense.outputs + at), finished::<V, ACTIVATE>(sums[r][c], scale, bias));
            }
        }
    }
}

/// What sixteen sums become: scaled, with bias and, with `ACTIVATE`, GELU of it.
#[inline(always)]
pub(super) unsafe fn finished<V: Isa, const ACTIVATE: bool>(sums: V::I, scale: V::F, bias: V::F) -> V::F {
    // SAFETY: the caller has found the set on this processor.
    unsafe {
        let y = V::fma(V::float(sums), scale, bias);
        if ACTIVATE { gelu::<V>(y) } else { y }
    }
}
