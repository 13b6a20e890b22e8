//! What an instruction set must offer to the kernels: sixteen lanes, whatever the width of its registers.
//!
//! Every operation is either exact in integers or one IEEE 754 operation per lane, so all sets give the same bits.

/// The lanes of an instruction set.
///
/// # Safety
/// Methods may only run on a processor that has the set; pointers must be valid for the sixteen lanes.
pub(super) unsafe trait Lanes: Copy {
    /// Sixteen float32.
    type F: Copy;
    /// Sixteen int32.
    type I: Copy;

    unsafe fn load(from: *const f32) -> Self::F;
    unsafe fn store(to: *mut f32, x: Self::F);
    unsafe fn splat(x: f32) -> Self::F;
    unsafe fn add(a: Self::F, b: Self::F) -> Self::F;
    unsafe fn sub(a: Self::F, b: Self::F) -> Self::F;
    unsafe fn mul(a: Self::F, b: Self::F) -> Self::F;
    unsafe fn div(a: Self::F, b: Self::F) -> Self::F;
    /// a * b + c, rounded once.
    unsafe fn fma(a: Self::F, b: Self::F, c: Self::F) -> Self::F;
    unsafe fn min(a: Self::F, b: Self::F) -> Self::F;
    unsafe fn max(a: Self::F, b: Self::F) -> Self::F;
    /// Sum of the lanes: i with i + 8, then i + 4, i + 2, i + 1.
    unsafe fn sum(x: Self::F) -> f32;
    unsafe fn largest(x: Self::F) -> f32;
    /// Sixteen rows of sixteen float32, `stride` apart, to columns of rows that are `to_stride` apart.
    #[inline(always)]
    unsafe fn transpose(from: *const f32, stride: usize, to: *mut f32, to_stride: usize) {
        for row in 0..16 {
            for column in 0..16 {
                unsafe { *to.add(column * to_stride + row) = *from.add(row * stride + column) };
            }
        }
    }

    /// `factor` times sixteen int32 in memory.
    unsafe fn multiples(factor: i32, of: *const i32) -> Self::I;
    /// To the nearest integer, ties to even.
    unsafe fn round(x: Self::F) -> Self::I;
    unsafe fn float(x: Self::I) -> Self::F;
    /// 2^x for -126 <= x <= 127.
    unsafe fn power_of_two(x: Self::I) -> Self::F;
}

/// One instruction set: its lanes, and how it multiplies activations (0..=255) with weights (-127..=127).
///
/// # Safety
/// As of [`Lanes`]; pointers must be valid for the stated numbers.
pub(super) unsafe trait Isa: Lanes {
    /// An activation in memory: eight bits, or sixteen where the set has no exact products of bytes.
    type Activation: Copy;
    /// A weight in memory, likewise.
    type Weight: Copy;
    /// Weights of sixteen output channels times four inputs.
    type W: Copy;
    /// Four activations, repeated for every output channel.
    type A: Copy;
    /// What `dot` subtracts from an activation before it multiplies.
    const OFFSET: i32;

    /// Stores 64 activations; values outside 0..=255 become the nearer end.
    unsafe fn store_activations(to: *mut Self::Activation, x: [Self::I; 4]);
    /// `count` weights as `load_weights` reads them, `[count/64, 16 channels, 4 inputs]`: where they are, or rewritten into `room`.
    unsafe fn weights(from: *const i8, count: usize, room: &mut Vec<i16>) -> *const Self::Weight;
    unsafe fn load_weights(from: *const Self::Weight) -> Self::W;
    unsafe fn splat_activations(from: *const Self::Activation) -> Self::A;
    /// Adds the four products of each channel, (activation - OFFSET) * weight, to its lane.
    unsafe fn dot(sum: Self::I, a: Self::A, w: Self::W) -> Self::I;
}

/// What the sets have in common that multiply bytes.
macro_rules! bytes {
    () => {
        type Activation = u8;
        type Weight = i8;

        #[inline(always)]
        unsafe fn weights(from: *const i8, _: usize, _: &mut Vec<i16>) -> *const i8 {
            from
        }
    };
}
pub(super) use bytes;

/// Plain Rust, for every processor.
#[derive(Clone, Copy)]
pub(super) struct Portable;

macro_rules! lanes {
    ($i:ident => $value:expr) => {{
        let mut out = [Default::default(); 16];
        let mut $i = 0;
        while $i < 16 {
            out[$i] = $value;
            $i += 1;
        }
        out
    }};
}

unsafe impl Lanes for Portable {
    type F = [f32; 16];
    type I = [i32; 16];

    #[inline(always)]
    unsafe fn load(from: *const f32) -> [f32; 16] {
        unsafe { from.cast::<[f32; 16]>().read_unaligned() }
    }
    #[inline(always)]
    unsafe fn store(to: *mut f32, x: [f32; 16]) {
        unsafe { to.cast::<[f32; 16]>().write_unaligned(x) }
    }
    #[inline(always)]
    unsafe fn splat(x: f32) -> [f32; 16] {
        [x; 16]
    }
    #[inline(always)]
    unsafe fn add(a: [f32; 16], b: [f32; 16]) -> [f32; 16] {
        lanes!(i => a[i] + b[i])
    }
    #[inline(always)]
    unsafe fn sub(a: [f32; 16], b: [f32; 16]) -> [f32; 16] {
        lanes!(i => a[i] - b[i])
    }
    #[inline(always)]
    unsafe fn mul(a: [f32; 16], b: [f32; 16]) -> [f32; 16] {
        lanes!(i => a[i] * b[i])
    }
    #[inline(always)]
    unsafe fn div(a: [f32; 16], b: [f32; 16]) -> [f32; 16] {
        lanes!(i => a[i] / b[i])
    }
    #[inline(always)]
    unsafe fn fma(a: [f32; 16], b: [f32; 16], c: [f32; 16]) -> [f32; 16] {
        lanes!(i => a[i].mul_add(b[i], c[i]))
    }
    #[inline(always)]
    unsafe fn min(a: [f32; 16], b: [f32; 16]) -> [f32; 16] {
        lanes!(i => if a[i] < b[i] { a[i] } else { b[i] })
    }
    #[inline(always)]
    unsafe fn max(a: [f32; 16], b: [f32; 16]) -> [f32; 16] {
        lanes!(i => if a[i] > b[i] { a[i] } else { b[i] })
    }
    #[inline(always)]
    unsafe fn sum(x: [f32; 16]) -> f32 {
        let (mut x, mut half) = (x, 8);
        while half > 0 {
            for i in 0..half {
                x[i] += x[i + half];
            }
            half /= 2;
        }
        x[0]
    }
    #[inline(always)]
    unsafe fn largest(x: [f32; 16]) -> f32 {
        let mut most = x[0];
        for value in x {
            most = if value > most { value } else { most };
        }
        most
    }
    #[inline(always)]
    unsafe fn multiples(factor: i32, of: *const i32) -> [i32; 16] {
        let x = unsafe { of.cast::<[i32; 16]>().read_unaligned() };
        lanes!(i => factor * x[i])
    }
    #[inline(always)]
    unsafe fn round(x: [f32; 16]) -> [i32; 16] {
        lanes!(i => x[i].round_ties_even() as i32)
    }
    #[inline(always)]
    unsafe fn float(x: [i32; 16]) -> [f32; 16] {
        lanes!(i => x[i] as f32)
    }
    #[inline(always)]
    unsafe fn power_of_two(x: [i32; 16]) -> [f32; 16] {
        lanes!(i => f32::from_bits(((x[i] + 127) << 23) as u32))
    }
}

unsafe impl Isa for Portable {
    bytes!();
    type W = [i8; 64];
    type A = [u8; 4];
    const OFFSET: i32 = 0;

    #[inline(always)]
    unsafe fn store_activations(to: *mut u8, x: [[i32; 16]; 4]) {
        for (at, x) in x.iter().enumerate() {
            let bytes: [u8; 16] = lanes!(i => x[i].clamp(0, 255) as u8);
            unsafe { to.add(16 * at).cast::<[u8; 16]>().write_unaligned(bytes) }
        }
    }
    #[inline(always)]
    unsafe fn load_weights(from: *const i8) -> [i8; 64] {
        unsafe { from.cast::<[i8; 64]>().read_unaligned() }
    }
    #[inline(always)]
    unsafe fn splat_activations(from: *const u8) -> [u8; 4] {
        unsafe { from.cast::<[u8; 4]>().read_unaligned() }
    }
    #[inline(always)]
    unsafe fn dot(sum: [i32; 16], a: [u8; 4], w: [i8; 64]) -> [i32; 16] {
        let mut sum = sum;
        for i in 0..16 {
            for k in 0..4 {
                sum[i] += i32::from(a[k]) * i32::from(w[4 * i + k]);
            }
        }
        sum
    }
}
