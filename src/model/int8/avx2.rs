//! The kernels' lanes on AVX2, with and without VNNI.

use std::arch::x86_64::*;

use super::isa::{Isa, Lanes, bytes};

/// AVX2 and FMA: sixteen lanes in two registers; `VNNI` says whether the processor has AVX-VNNI.
#[derive(Clone, Copy)]
pub(super) struct Avx2<const VNNI: bool>;

unsafe impl<const VNNI: bool> Lanes for Avx2<VNNI> {
    type F = [__m256; 2];
    type I = [__m256i; 2];

    #[inline(always)]
    unsafe fn load(from: *const f32) -> [__m256; 2] {
        unsafe { [_mm256_loadu_ps(from), _mm256_loadu_ps(from.add(8))] }
    }
    #[inline(always)]
    unsafe fn store(to: *mut f32, x: [__m256; 2]) {
        unsafe {
            _mm256_storeu_ps(to, x[0]);
            _mm256_storeu_ps(to.add(8), x[1]);
        }
    }
    #[inline(always)]
    unsafe fn splat(x: f32) -> [__m256; 2] {
        unsafe { [_mm256_set1_ps(x); 2] }
    }
    #[inline(always)]
    unsafe fn add(a: [__m256; 2], b: [__m256; 2]) -> [__m256; 2] {
        unsafe { [_mm256_add_ps(a[0], b[0]), _mm256_add_ps(a[1], b[1])] }
    }
    #[inline(always)]
    unsafe fn sub(a: [__m256; 2], b: [__m256; 2]) -> [__m256; 2] {
        unsafe { [_mm256_sub_ps(a[0], b[0]), _mm256_sub_ps(a[1], b[1])] }
    }
    #[inline(always)]
    unsafe fn mul(a: [__m256; 2], b: [__m256; 2]) -> [__m256; 2] {
        unsafe { [_mm256_mul_ps(a[0], b[0]), _mm256_mul_ps(a[1], b[1])] }
    }
    #[inline(always)]
    unsafe fn div(a: [__m256; 2], b: [__m256; 2]) -> [__m256; 2] {
        unsafe { [_mm256_div_ps(a[0], b[0]), _mm256_div_ps(a[1], b[1])] }
    }
    #[inline(always)]
    unsafe fn fma(a: [__m256; 2], b: [__m256; 2], c: [__m256; 2]) -> [__m256; 2] {
        unsafe { [_mm256_fmadd_ps(a[0], b[0], c[0]), _mm256_fmadd_ps(a[1], b[1], c[1])] }
    }
    #[inline(always)]
    unsafe fn min(a: [__m256; 2], b: [__m256; 2]) -> [__m256; 2] {
        unsafe { [_mm256_min_ps(a[0], b[0]), _mm256_min_ps(a[1], b[1])] }
    }
    #[inline(always)]
    unsafe fn max(a: [__m256; 2], b: [__m256; 2]) -> [__m256; 2] {
        unsafe { [_mm256_max_ps(a[0], b[0]), _mm256_max_ps(a[1], b[1])] }
    }
    #[inline(always)]
    unsafe fn sum(x: [__m256; 2]) -> f32 {
        unsafe { sum_of_eight(_mm256_add_ps(x[0], x[1])) }
    }
    #[inline(always)]
    unsafe fn largest(x: [__m256; 2]) -> f32 {
        unsafe { largest_of_eight(_mm256_max_ps(x[0], x[1])) }
    }
    #[inline(always)]
    unsafe fn transpose(from: *const f32, stride: usize, to: *mut f32, to_stride: usize) {
        unsafe {
            for (row, column) in [(0, 0), (0, 8), (8, 0), (8, 8)] {
                transpose_eight(from.add(row * stride + column), stride, to.add(column * to_stride + row), to_stride);
            }
        }
    }
    #[inline(always)]
    unsafe fn multiples(factor: i32, of: *const i32) -> [__m256i; 2] {
        unsafe {
            let factor = _mm256_set1_epi32(factor);
            let (a, b) = (_mm256_loadu_si256(of.cast()), _mm256_loadu_si256(of.add(8).cast()));
            [_mm256_mullo_epi32(factor, a), _mm256_mullo_epi32(factor, b)]
        }
    }
    #[inline(always)]
    unsafe fn round(x: [__m256; 2]) -> [__m256i; 2] {
        unsafe { [_mm256_cvtps_epi32(x[0]), _mm256_cvtps_epi32(x[1])] }
    }
    #[inline(always)]
    unsafe fn float(x: [__m256i; 2]) -> [__m256; 2] {
        unsafe { [_mm256_cvtepi32_ps(x[0]), _mm256_cvtepi32_ps(x[1])] }
    }
    #[inline(always)]
    unsafe fn power_of_two(x: [__m256i; 2]) -> [__m256; 2] {
        unsafe {
            let bias = _mm256_set1_epi32(127);
            [
                _mm256_castsi256_ps(_mm256_slli_epi32::<23>(_mm256_add_epi32(x[0], bias))),
                _mm256_castsi256_ps(_mm256_slli_epi32::<23>(_mm256_add_epi32(x[1], bias))),
            ]
        }
    }
}

unsafe impl Isa for Avx2<true> {
    bytes!();
    type W = [__m256i; 2];
    type A = __m256i;
    const OFFSET: i32 = 0;

    #[inline(always)]
    unsafe fn store_activations(to: *mut u8, x: [[__m256i; 2]; 4]) {
        unsafe {
            let order = _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7);
            for half in 0..2 {
                let (a, b) = (x[2 * half], x[2 * half + 1]);
                let bytes = _mm256_packus_epi16(_mm256_packs_epi32(a[0], a[1]), _mm256_packs_epi32(b[0], b[1]));
                _mm256_storeu_si256(to.add(32 * half).cast(), _mm256_permutevar8x32_epi32(bytes, order));
            }
        }
    }
    #[inline(always)]
    unsafe fn load_weights(from: *const i8) -> [__m256i; 2] {
        unsafe { [_mm256_loadu_si256(from.cast()), _mm256_loadu_si256(from.add(32).cast())] }
    }
    #[inline(always)]
    unsafe fn splat_activations(from: *const u8) -> __m256i {
        unsafe { _mm256_set1_epi32(from.cast::<i32>().read_unaligned()) }
    }
    #[inline(always)]
    unsafe fn dot(sum: [__m256i; 2], a: __m256i, w: [__m256i; 2]) -> [__m256i; 2] {
        unsafe { [_mm256_dpbusd_avx_epi32(sum[0], a, w[0]), _mm256_dpbusd_avx_epi32(sum[1], a, w[1])] }
    }
}

/// Without VNNI, `vpmaddubsw` adds two products of bytes in 16 bits, where they do not fit; `vpmaddwd` multiplies 16 bits, and
/// two of its products always fit into 32.
unsafe impl Isa for Avx2<false> {
    type Activation = u16;
    type Weight = i16;
    /// Inputs 0 and 1 of eight channels, of the other eight; then inputs 2 and 3.
    type W = [__m256i; 4];
    type A = [__m256i; 2];
    const OFFSET: i32 = 0;

    #[inline(always)]
    unsafe fn store_activations(to: *mut u16, x: [[__m256i; 2]; 4]) {
        unsafe {
            for (i, x) in x.into_iter().enumerate() {
                let whole = _mm256_permute4x64_epi64::<0b11_01_10_00>(_mm256_packus_epi32(x[0], x[1]));
                _mm256_storeu_si256(to.add(16 * i).cast(), _mm256_min_epu16(whole, _mm256_set1_epi16(255)));
            }
        }
    }
    #[inline(always)]
    unsafe fn weights(from: *const i8, count: usize, room: &mut Vec<i16>) -> *const i16 {
        room.resize(room.len().max(count), 0);
        unsafe {
            // Of four channels with four inputs each: the first two inputs of all, then the other two.
            let order = _mm_setr_epi8(0, 1, 4, 5, 8, 9, 12, 13, 2, 3, 6, 7, 10, 11, 14, 15);
            for at in (0..count).step_by(64) {
                let (from, to) = (from.add(at), room.as_mut_ptr().add(at));
                for half in 0..2 {
                    let four = |i: usize| _mm_shuffle_epi8(_mm_loadu_si128(from.add(32 * half + 16 * i).cast()), order);
                    let (a, b) = (four(0), four(1));
                    for (pair, bytes) in [_mm_unpacklo_epi64(a, b), _mm_unpackhi_epi64(a, b)].into_iter().enumerate() {
                        _mm256_storeu_si256(to.add(32 * pair + 16 * half).cast(), _mm256_cvtepi8_epi16(bytes));
                    }
                }
            }
        }
        room.as_ptr()
    }
    #[inline(always)]
    unsafe fn load_weights(from: *const i16) -> [__m256i; 4] {
        unsafe { std::array::from_fn(|i| _mm256_loadu_si256(from.add(16 * i).cast())) }
    }
    #[inline(always)]
    unsafe fn splat_activations(from: *const u16) -> [__m256i; 2] {
        unsafe { [0, 2].map(|at| _mm256_set1_epi32(from.add(at).cast::<i32>().read_unaligned())) }
    }
    #[inline(always)]
    unsafe fn dot(sum: [__m256i; 2], a: [__m256i; 2], w: [__m256i; 4]) -> [__m256i; 2] {
        unsafe {
            let add = |sum, pair, w| _mm256_add_epi32(sum, _mm256_madd_epi16(a[pair], w));
            [add(add(sum[0], 0, w[0]), 1, w[2]), add(add(sum[1], 0, w[1]), 1, w[3])]
        }
    }
}

#[inline(always)]
unsafe fn transpose_eight(from: *const f32, stride: usize, to: *mut f32, to_stride: usize) {
    unsafe {
        let (mut x, mut y) = ([_mm256_setzero_ps(); 8], [_mm256_setzero_ps(); 8]);
        for i in 0..8 {
            x[i] = _mm256_loadu_ps(from.add(i * stride));
        }
        for i in 0..4 {
            y[2 * i] = _mm256_unpacklo_ps(x[2 * i], x[2 * i + 1]);
            y[2 * i + 1] = _mm256_unpackhi_ps(x[2 * i], x[2 * i + 1]);
        }
        // x[4 * i + j], half h = column 4 * h + j of the rows 4 * i..4 * i + 4
        for i in [0, 4] {
            for j in 0..2 {
                let (a, b) = (_mm256_castps_pd(y[i + j]), _mm256_castps_pd(y[i + j + 2]));
                x[i + 2 * j] = _mm256_castpd_ps(_mm256_unpacklo_pd(a, b));
                x[i + 2 * j + 1] = _mm256_castpd_ps(_mm256_unpackhi_pd(a, b));
            }
        }
        for j in 0..4 {
            _mm256_storeu_ps(to.add(j * to_stride), _mm256_permute2f128_ps::<0x20>(x[j], x[4 + j]));
            _mm256_storeu_ps(to.add((4 + j) * to_stride), _mm256_permute2f128_ps::<0x31>(x[j], x[4 + j]));
        }
    }
}

#[inline(always)]
pub(super) unsafe fn sum_of_eight(x: __m256) -> f32 {
    unsafe {
        let four = _mm_add_ps(_mm256_castps256_ps128(x), _mm256_extractf128_ps::<1>(x));
        let two = _mm_add_ps(four, _mm_movehl_ps(four, four));
        _mm_cvtss_f32(_mm_add_ss(two, _mm_movehdup_ps(two)))
    }
}

#[inline(always)]
pub(super) unsafe fn largest_of_eight(x: __m256) -> f32 {
    unsafe {
        let four = _mm_max_ps(_mm256_castps256_ps128(x), _mm256_extractf128_ps::<1>(x));
        let two = _mm_max_ps(four, _mm_movehl_ps(four, four));
        _mm_cvtss_f32(_mm_max_ss(two, _mm_movehdup_ps(two)))
    }
}
