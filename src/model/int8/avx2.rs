//! The kernels' lanes on AVX2, with and without VNNI.

use std::arch::x86_64::*;

use super::isa::Isa;

/// AVX2 and FMA: sixteen lanes in two registers; `VNNI` says whether the processor has AVX-VNNI.
#[derive(Clone, Copy)]
pub(super) struct Avx2<const VNNI: bool>;

unsafe impl<const VNNI: bool> Isa for Avx2<VNNI> {
    type F = [__m256; 2];
    type I = [__m256i; 2];
    type W = [__m256i; 2];
    type A = __m256i;
    // Without VNNI, products of two bytes are added in 16 bits: only (|-128..127|) * (-127..127) twice fits exactly.
    const OFFSET: i32 = if VNNI { 0 } else { 128 };

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
    #[inline(always)]
    unsafe fn store_bytes(to: *mut u8, x: [[__m256i; 2]; 4]) {
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
        unsafe {
            let four = _mm256_set1_epi32(from.cast::<i32>().read_unaligned());
            if VNNI { four } else { _mm256_xor_si256(four, _mm256_set1_epi8(-128)) }
        }
    }
    #[inline(always)]
    unsafe fn dot(sum: [__m256i; 2], a: __m256i, w: [__m256i; 2]) -> [__m256i; 2] {
        unsafe {
            if VNNI {
                [_mm256_dpbusd_avx_epi32(sum[0], a, w[0]), _mm256_dpbusd_avx_epi32(sum[1], a, w[1])]
            } else {
                let (size, ones) = (_mm256_abs_epi8(a), _mm256_set1_epi16(1));
                let first = _mm256_madd_epi16(_mm256_maddubs_epi16(size, _mm256_sign_epi8(w[0], a)), ones);
                let second = _mm256_madd_epi16(_mm256_maddubs_epi16(size, _mm256_sign_epi8(w[1], a)), ones);
                [_mm256_add_epi32(sum[0], first), _mm256_add_epi32(sum[1], second)]
            }
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
