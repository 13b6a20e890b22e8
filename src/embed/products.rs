//! Products of vectors of bytes: exact integers, so the same on every processor.

/// Products of one row with all rows of `right`, `[out.len(), row.len()]`; `sums` are the sums of these rows' bytes.
pub(super) fn products(row: &[i8], right: &[i8], sums: &[i32], out: &mut [i32]) {
    assert!(right.len() == row.len() * out.len() && sums.len() == out.len());
    #[cfg(target_arch = "x86_64")]
    if is_x86_feature_detected!("avx512bw") && is_x86_feature_detected!("avx512vnni") {
        // SAFETY: the processor has both, and the slices fit together.
        return unsafe { products_avx512(row, right, sums, out) };
    }
    let rows = right.chunks_exact(row.len().max(1));
    out.iter_mut().zip(rows).for_each(|(out, other)| *out = dot(row, other));
}

/// Product of two rows.
pub(super) fn dot(left: &[i8], right: &[i8]) -> i32 {
    #[cfg(target_arch = "x86_64")]
    if is_x86_feature_detected!("avx2") {
        // SAFETY: the processor has AVX2.
        return unsafe { dot_avx2(left, right) };
    }
    sum(left, right)
}

/// The same loop, compiled for wider registers.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn dot_avx2(left: &[i8], right: &[i8]) -> i32 {
    sum(left, right)
}

#[inline(always)]
fn sum(left: &[i8], right: &[i8]) -> i32 {
    left.iter().zip(right).map(|(&a, &b)| i32::from(i16::from(a) * i16::from(b))).sum()
}

/// Four rows of `right` at a time. The instruction multiplies bytes without a sign by bytes with one, so 128 is added to every byte
/// of `row`, and 128 times the sum of the other row taken away.
///
/// # Safety
/// `right` holds `out.len()` rows as long as `row`, and `sums` a sum for each.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512bw,avx512vnni,avx2")]
unsafe fn products_avx512(row: &[i8], right: &[i8], sums: &[i32], out: &mut [i32]) {
    use std::arch::x86_64::*;
    let width = row.len();
    let flip = _mm512_set1_epi8(i8::MIN);
    for (first, out) in (0..).step_by(4).zip(out.chunks_mut(4)) {
        // Where less than four rows are left, the last one is taken again.
        let rows = [0, 1, 2, 3].map(|k| (first + k.min(out.len() - 1)) * width);
        let mut totals = [_mm512_setzero_si512(); 4];
        for at in (0..width).step_by(64) {
            let mask = u64::MAX >> (64 - (width - at).min(64));
            // SAFETY: only bytes under the mask are read, and those are inside of their rows.
            unsafe {
                let own = _mm512_xor_si512(_mm512_maskz_loadu_epi8(mask, row.as_ptr().add(at)), flip);
                for (total, start) in totals.iter_mut().zip(rows) {
                    let other = _mm512_maskz_loadu_epi8(mask, right.as_ptr().add(start + at));
                    *total = _mm512_dpbusd_epi32(*total, own, other);
                }
            }
        }
        let [a, b, c, d] = totals;
        let ab = _mm512_add_epi32(_mm512_unpacklo_epi32(a, b), _mm512_unpackhi_epi32(a, b));
        let cd = _mm512_add_epi32(_mm512_unpacklo_epi32(c, d), _mm512_unpackhi_epi32(c, d));
        let four = _mm512_add_epi32(_mm512_unpacklo_epi64(ab, cd), _mm512_unpackhi_epi64(ab, cd));
        let four = _mm256_add_epi32(_mm512_castsi512_si256(four), _mm512_extracti64x4_epi64::<1>(four));
        let four = _mm_add_epi32(_mm256_castsi256_si128(four), _mm256_extracti128_si256::<1>(four));
        let mut four_products = [0i32; 4];
        // SAFETY: there is room for four.
        unsafe { _mm_storeu_si128(four_products.as_mut_ptr().cast(), four) };
        for ((out, product), sum) in out.iter_mut().zip(four_products).zip(&sums[first..]) {
            *out = product - 128 * sum;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_at_once_give_the_products_of_single_rows_at_any_width() {
        let byte = |i: usize| ((i * 7919 + 13) % 255) as u8 as i8;
        for (width, count) in [(1, 9), (4, 5), (63, 6), (64, 7), (65, 8), (384, 11), (400, 3)] {
            let bytes: Vec<i8> = (0..width * (count + 1)).map(|i| byte(i).max(-127)).collect();
            let (row, right) = bytes.split_at(width);
            let rows: Vec<&[i8]> = right.chunks_exact(width).collect();
            let sums: Vec<i32> = rows.iter().map(|other| other.iter().map(|&b| i32::from(b)).sum()).collect();
            let mut out = vec![0; count];
            products(row, right, &sums, &mut out);
            assert_eq!(out, rows.iter().map(|other| sum(row, other)).collect::<Vec<_>>(), "width {width}");
        }
    }
}
