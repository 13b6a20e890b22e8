//! What is done row by row: residual and layer norm, and the row's int8 form.

use super::isa::Isa;
use super::product::Quantized;

/// Quantizes `x` `[rows, width]` into `to`, rows `first` onwards.
///
/// # Safety
/// The processor has `V`; `to` has room; 64 divides `width`.
#[inline(always)]
pub(super) unsafe fn quantize<V: Isa>(x: *const f32, rows: usize, width: usize, to: &mut Quantized, first: usize) {
    for row in 0..rows {
        unsafe {
            let x = x.add(row * width);
            let mut range = Range::<V>::new();
            for i in (0..width).step_by(32) {
                range.include(V::load(x.add(i)), V::load(x.add(i + 16)));
            }
            range.store(x, width, to, first + row);
        }
    }
}

/// Residual and layer norm (Ba, Kiros, Hinton 2016): `x` `[rows, width]` = norm(`x` + `plus`), also quantized into `to`.
///
/// # Safety
/// The processor has `V`; `plus` has as many rows as `x` or is null, `to` has room; 64 divides `width`.
#[inline(always)]
pub(super) unsafe fn normalize<V: Isa>(
    x: *mut f32,
    plus: *const f32,
    rows: usize,
    norm: &Affine,
    to: &mut Quantized,
    first: usize,
) {
    let width = norm.weight.len();
    let (weight, bias) = (norm.weight.as_ptr(), norm.bias.as_ptr());
    for row in 0..rows {
        unsafe {
            let x = x.add(row * width);
            let mut sums = [V::splat(0.0); 2];
            for i in (0..width).step_by(32) {
                let (mut a, mut b) = (V::load(x.add(i)), V::load(x.add(i + 16)));
                if !plus.is_null() {
                    let plus = plus.add(row * width + i);
                    (a, b) = (V::add(a, V::load(plus)), V::add(b, V::load(plus.add(16))));
                    V::store(x.add(i), a);
                    V::store(x.add(i + 16), b);
                }
                sums = [V::add(sums[0], a), V::add(sums[1], b)];
            }
            let mean = V::splat(V::sum(V::add(sums[0], sums[1])) / width as f32);
            let mut squares = [V::splat(0.0); 2];
            for i in (0..width).step_by(32) {
                let (a, b) = (V::sub(V::load(x.add(i)), mean), V::sub(V::load(x.add(i + 16)), mean));
                squares = [V::fma(a, a, squares[0]), V::fma(b, b, squares[1])];
            }
            let variance = V::sum(V::add(squares[0], squares[1])) / width as f32;
            let inverse = V::splat(1.0 / (variance + norm.epsilon).sqrt());
            let mut range = Range::<V>::new();
            for i in (0..width).step_by(32) {
                let (a, b) = (V::sub(V::load(x.add(i)), mean), V::sub(V::load(x.add(i + 16)), mean));
                let a = V::fma(V::mul(a, inverse), V::load(weight.add(i)), V::load(bias.add(i)));
                let b = V::fma(V::mul(b, inverse), V::load(weight.add(i + 16)), V::load(bias.add(i + 16)));
                V::store(x.add(i), a);
                V::store(x.add(i + 16), b);
                range.include(a, b);
            }
            range.store(x, width, to, first + row);
        }
    }
}

/// A layer norm as the kernels read it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Affine<'a> {
    pub weight: &'a [f32],
    pub bias: &'a [f32],
    pub epsilon: f32,
}

/// Lowest and highest value of a row, and 0.
struct Range<V: Isa> {
    low: [V::F; 2],
    high: [V::F; 2],
}

impl<V: Isa> Range<V> {
    #[inline(always)]
    unsafe fn new() -> Self {
        unsafe { Self { low: [V::splat(0.0); 2], high: [V::splat(0.0); 2] } }
    }

    #[inline(always)]
    unsafe fn include(&mut self, a: V::F, b: V::F) {
        unsafe {
            self.low = [V::min(self.low[0], a), V::min(self.low[1], b)];
            self.high = [V::max(self.high[0], a), V::max(self.high[1], b)];
        }
    }

    /// Stores the row `x` with this range onto 0..=255.
    #[inline(always)]
    unsafe fn store(&self, x: *const f32, width: usize, to: &mut Quantized, row: usize) {
        unsafe {
            let down = V::largest(V::sub(V::splat(0.0), V::min(self.low[0], self.low[1])));
            let range = down + V::largest(V::max(self.high[0], self.high[1]));
            // Rows so small (or none) are zero.
            let (scale, inverse) = if range > 1e-30 { (range / 255.0, 255.0 / range) } else { (0.0, 0.0) };
            let zero = (down * inverse).round_ties_even();
            *to.scale.as_mut_ptr().add(row) = scale;
            *to.zero.as_mut_ptr().add(row) = zero as i32;
            let (inverse, zero) = (V::splat(inverse), V::splat(zero));
            let to = to.activations.as_mut_ptr().cast::<V::Activation>().add(row * width);
            for i in (0..width).step_by(64) {
                let whole = |i| V::round(V::fma(V::load(x.add(i)), inverse, zero));
                V::store_activations(to.add(i), [whole(i), whole(i + 16), whole(i + 32), whole(i + 48)]);
            }
        }
    }
}
