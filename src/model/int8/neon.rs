//! The kernels' lanes on NEON with dot products (Armv8.2).

use std::arch::aarch64::*;
use std::arch::asm;

use super::isa::{Isa, Lanes, bytes};

/// NEON: sixteen lanes in four registers.
#[derive(Clone, Copy)]
pub(super) struct Neon;

macro_rules! four {
    ($i:ident => $value:expr) => {
        // SAFETY: the caller of the method promises that the processor has NEON and that pointers are valid.
        unsafe {
            [
                {
                    let $i = 0;
                    $value
                },
                {
                    let $i = 1;
                    $value
                },
                {
                    let $i = 2;
                    $value
                },
                {
                    let $i = 3;
                    $value
                },
            ]
        }
    };
}

unsafe impl Lanes for Neon {
    type F = [float32x4_t; 4];
    type I = [int32x4_t; 4];

    #[inline(always)]
    unsafe fn load(from: *const f32) -> Self::F {
        four!(i => vld1q_f32(from.add(4 * i)))
    }
    #[inline(always)]
    unsafe fn store(to: *mut f32, x: Self::F) {
        four!(i => vst1q_f32(to.add(4 * i), x[i]));
    }
    #[inline(always)]
    unsafe fn splat(x: f32) -> Self::F {
        unsafe { [vdupq_n_f32(x); 4] }
    }
    #[inline(always)]
    unsafe fn add(a: Self::F, b: Self::F) -> Self::F {
        four!(i => vaddq_f32(a[i], b[i]))
    }
    #[inline(always)]
    unsafe fn sub(a: Self::F, b: Self::F) -> Self::F {
        four!(i => vsubq_f32(a[i], b[i]))
    }
    #[inline(always)]
    unsafe fn mul(a: Self::F, b: Self::F) -> Self::F {
        four!(i => vmulq_f32(a[i], b[i]))
    }
    #[inline(always)]
    unsafe fn div(a: Self::F, b: Self::F) -> Self::F {
        four!(i => vdivq_f32(a[i], b[i]))
    }
    #[inline(always)]
    unsafe fn fma(a: Self::F, b: Self::F, c: Self::F) -> Self::F {
        four!(i => vfmaq_f32(c[i], a[i], b[i]))
    }
    #[inline(always)]
    unsafe fn min(a: Self::F, b: Self::F) -> Self::F {
        four!(i => vminq_f32(a[i], b[i]))
    }
    #[inline(always)]
    unsafe fn max(a: Self::F, b: Self::F) -> Self::F {
        four!(i => vmaxq_f32(a[i], b[i]))
    }
    #[inline(always)]
    unsafe fn sum(x: Self::F) -> f32 {
        unsafe {
            let four = vaddq_f32(vaddq_f32(x[0], x[2]), vaddq_f32(x[1], x[3]));
            let two = vadd_f32(vget_low_f32(four), vget_high_f32(four));
            vget_lane_f32::<0>(two) + vget_lane_f32::<1>(two)
        }
    }
    #[inline(always)]
    unsafe fn largest(x: Self::F) -> f32 {
        unsafe { vmaxvq_f32(vmaxq_f32(vmaxq_f32(x[0], x[2]), vmaxq_f32(x[1], x[3]))) }
    }
    #[inline(always)]
    unsafe fn multiples(factor: i32, of: *const i32) -> Self::I {
        four!(i => vmulq_n_s32(vld1q_s32(of.add(4 * i)), factor))
    }
    #[inline(always)]
    unsafe fn round(x: Self::F) -> Self::I {
        four!(i => vcvtnq_s32_f32(x[i]))
    }
    #[inline(always)]
    unsafe fn float(x: Self::I) -> Self::F {
        four!(i => vcvtq_f32_s32(x[i]))
    }
    #[inline(always)]
    unsafe fn power_of_two(x: Self::I) -> Self::F {
        four!(i => vreinterpretq_f32_s32(vshlq_n_s32::<23>(vaddq_s32(x[i], vdupq_n_s32(127)))))
    }
}

unsafe impl Isa for Neon {
    bytes!();
    type W = [int8x16_t; 4];
    type A = int8x16_t;
    // `sdot` multiplies signed bytes.
    const OFFSET: i32 = 128;

    #[inline(always)]
    unsafe fn store_activations(to: *mut u8, x: [Self::I; 4]) {
        for (at, x) in x.iter().enumerate() {
            unsafe {
                let low = vcombine_s16(vqmovn_s32(x[0]), vqmovn_s32(x[1]));
                let high = vcombine_s16(vqmovn_s32(x[2]), vqmovn_s32(x[3]));
                vst1q_u8(to.add(16 * at), vcombine_u8(vqmovun_s16(low), vqmovun_s16(high)));
            }
        }
    }
    #[inline(always)]
    unsafe fn load_weights(from: *const i8) -> Self::W {
        four!(i => vld1q_s8(from.add(16 * i)))
    }
    #[inline(always)]
    unsafe fn splat_activations(from: *const u8) -> int8x16_t {
        unsafe {
            let four = vdupq_n_u32(from.cast::<u32>().read_unaligned());
            vreinterpretq_s8_u8(veorq_u8(vreinterpretq_u8_u32(four), vdupq_n_u8(128)))
        }
    }
    #[inline(always)]
    unsafe fn dot(sum: Self::I, a: int8x16_t, w: Self::W) -> Self::I {
        four!(i => sdot(sum[i], a, w[i]))
    }
}

/// `vdotq_s32`, which is not stable in Rust yet.
#[inline(always)]
unsafe fn sdot(sum: int32x4_t, a: int8x16_t, w: int8x16_t) -> int32x4_t {
    let mut out = sum;
    // SAFETY: one instruction on registers; the caller promises that the processor has dot products.
    unsafe {
        asm!("sdot {out:v}.4s, {a:v}.16b, {w:v}.16b", out = inout(vreg) out, a = in(vreg) a, w = in(vreg) w,
            options(pure, nomem, nostack, preserves_flags));
    }
    out
}
