//! The kernels' lanes on AVX-512 with VNNI.

use std::arch::x86_64::*;

use super::avx2::{largest_of_eight, sum_of_eight};
use super::isa::{Isa, Lanes, bytes};

/// AVX-512 with VNNI: sixteen lanes in one register.
#[derive(Clone, Copy)]
pub(super) struct Avx512;

unsafe impl Lanes for Avx512 {
    type F = __m512;
    type I = __m512i;

    #[inline(always)]
    unsafe fn load(from: *const f32) -> __m512 {
        unsafe { _mm512_loadu_ps(from) }
    }
    #[inline(always)]
    unsafe fn store(to: *mut f32, x: __m512) {
        unsafe { _mm512_storeu_ps(to, x) }
    }
    #[inline(always)]
    unsafe fn splat(x: f32) -> __m512 {
        unsafe { _mm512_set1_ps(x) }
    }
    #[inline(always)]
    unsafe fn add(a: __m512, b: __m512) -> __m512 {
        unsafe { _mm512_add_ps(a, b) }
    }
    #[inline(always)]
    unsafe fn sub(a: __m512, b: __m512) -> __m512 {
        unsafe { _mm512_sub_ps(a, b) }
    }
    #[inline(always)]
    unsafe fn mul(a: __m512, b: __m512) -> __m512 {
        unsafe { _mm512_mul_ps(a, b) }
    }
    #[inline(always)]
    unsafe fn div(a: __m512, b: __m512) -> __m512 {
        unsafe { _mm512_div_ps(a, b) }
    }
    #[inline(always)]
    unsafe fn fma(a: __m512, b: __m512, c: __m512) -> __m512 {
        unsafe { _mm512_fmadd_ps(a, b, c) }
    }
    #[inline(always)]
    unsafe fn min(a: __m512, b: __m512) -> __m512 {
        unsafe { _mm512_min_ps(a, b) }
    }
    #[inline(always)]
    unsafe fn max(a: __m512, b: __m512) -> __m512 {
        unsafe { _mm512_max_ps(a, b) }
    }
    #[inline(always)]
    unsafe fn sum(x: __m512) -> f32 {
        unsafe { sum_of_eight(_mm256_add_ps(_mm512_castps512_ps256(x), _mm512_extractf32x8_ps::<1>(x))) }
    }
    #[inline(always)]
    unsafe fn largest(x: __m512) -> f32 {
        unsafe { largest_of_eight(_mm256_max_ps(_mm512_castps512_ps256(x), _mm512_extractf32x8_ps::<1>(x))) }
    }
    #[inline(always)]
    unsafe fn transpose(from: *const f32, stride: usize, to: *mut f32, to_stride: usize) {
        unsafe {
            let (mut x, mut y) = ([_mm512_setzero_ps(); 16], [_mm512_setzero_ps(); 16]);
            for i in 0..16 {
                x[i] = _mm512_loadu_ps(from.add(i * stride));
            }
            for i in 0..8 {
                y[2 * i] = _mm512_unpacklo_ps(x[2 * i], x[2 * i + 1]);
                y[2 * i + 1] = _mm512_unpackhi_ps(x[2 * i], x[2 * i + 1]);
            }
            // x[4 * i + j], quarter q = column 4 * q + j of the rows 4 * i..4 * i + 4
            for i in (0..16).step_by(4) {
                for j in 0..2 {
                    let (a, b) = (_mm512_castps_pd(y[i + j]), _mm512_castps_pd(y[i + j + 2]));
                    x[i + 2 * j] = _mm512_castpd_ps(_mm512_unpacklo_pd(a, b));
                    x[i + 2 * j + 1] = _mm512_castpd_ps(_mm512_unpackhi_pd(a, b));
                }
            }
            for j in 0..4 {
                let (even, odd) = (
                    _mm512_shuffle_f32x4::<0b10_00_10_00>(x[j], x[4 + j]),
                    _mm512_shuffle_f32x4::<0b11_01_11_01>(x[j], x[4 + j]),
                );
                let (later_even, later_odd) = (
                    _mm512_shuffle_f32x4::<0b10_00_10_00>(x[8 + j], x[12 + j]),
                    _mm512_shuffle_f32x4::<0b11_01_11_01>(x[8 + j], x[12 + j]),
                );
                _mm512_storeu_ps(to.add(j * to_stride), _mm512_shuffle_f32x4::<0b10_00_10_00>(even, later_even));
                _mm512_storeu_ps(to.add((4 + j) * to_stride), _mm512_shuffle_f32x4::<0b10_00_10_00>(odd, later_odd));
                _mm512_storeu_ps(to.add((8 + j) * to_stride), _mm512_shuffle_f32x4::<0b11_01_11_01>(even, later_even));
                _mm512_storeu_ps(to.add((12 + j) * to_stride), _mm512_shuffle_f32x4::<0b11_01_11_01>(odd, later_odd));
            }
        }
    }
    #[inline(always)]
    unsafe fn multiples(factor: i32, of: *const i32) -> __m512i {
        unsafe { _mm512_mullo_epi32(_mm512_set1_epi32(factor), _mm512_loadu_si512(of.cast())) }
    }
    #[inline(always)]
    unsafe fn round(x: __m512) -> __m512i {
        unsafe { _mm512_cvtps_epi32(x) }
    }
    #[inline(always)]
    unsafe fn float(x: __m512i) -> __m512 {
        unsafe { _mm512_cvtepi32_ps(x) }
    }
    #[inline(always)]
    unsafe fn power_of_two(x: __m512i) -> __m512 {
        unsafe { _mm512_castsi512_ps(_mm512_slli_epi32::<23>(_mm512_add_epi32(x, _mm512_set1_epi32(127)))) }
    }
}

unsafe impl Isa for Avx512 {
    bytes!();
    type W = __m512i;
    type A = __m512i;
    const OFFSET: i32 = 0;

    #[inline(always)]
    unsafe fn store_activations(to: *mut u8, x: [__m512i; 4]) {
        unsafe {
            let bytes = _mm512_packus_epi16(_mm512_packs_epi32(x[0], x[1]), _mm512_packs_epi32(x[2], x[3]));
            let order = _mm512_setr_epi32(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15);
            _mm512_storeu_si512(to.cast(), _mm512_permutexvar_epi32(order, bytes));
        }
    }
    #[inline(always)]
    unsafe fn load_weights(from: *const i8) -> __m512i {
        unsafe { _mm512_loadu_si512(from.cast()) }
    }
    #[inline(always)]
    unsafe fn splat_activations(from: *const u8) -> __m512i {
        unsafe { _mm512_set1_epi32(from.cast::<i32>().read_unaligned()) }
    }
    #[inline(always)]
    unsafe fn dot(sum: __m512i, a: __m512i, w: __m512i) -> __m512i {
        unsafe { _mm512_dpbusd_epi32(sum, a, w) }
    }
}
