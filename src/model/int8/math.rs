//! Functions of sixteen lanes, the same bits on every instruction set: polynomials with fused multiply-add.

use super::isa::Isa;

/// Phi(x) - 1/2 = x * P(CUT_SCALE * x^2 - 1) for |x| <= CUT, minimax fit with P = 1/(2 CUT) at the end; the error of GELU is
/// under 8e-5, far below the step of the int8 numbers that it becomes.
const GELU: [f32; 8] = [
    0.167_854_56,
    -0.081_571_475,
    0.055_948_71,
    -0.037_926_205,
    0.023_777_75,
    -0.016_467_163,
    0.011_175_725,
    -0.003_744_279_7,
];
const CUT: f32 = 4.2;
const CUT_SCALE: f32 = 2.0 / (4.2 * 4.2);

/// exp(r) = 1 + r + r^2 * P(r) for |r| <= ln(2)/2, minimax fit; relative error under 1e-7.
const EXP: [f32; 5] = [0.499_999_94, 0.166_665_2, 0.041_668_393, 0.008_368_781, 0.001_381_446_6];
const LN2_HIGH: f32 = 0.693_359_4;
const LN2_LOW: f32 = -2.121_944_4e-4;

/// x * Phi(x), the Gaussian error linear unit (Hendrycks and Gimpel, 2016).
#[inline(always)]
pub(super) unsafe fn gelu<V: Isa>(x: V::F) -> V::F {
    unsafe {
        let near = V::min(V::max(x, V::splat(-CUT)), V::splat(CUT));
        let t = V::fma(V::mul(near, near), V::splat(CUT_SCALE), V::splat(-1.0));
        let mut p = V::splat(GELU[7]);
        let mut k = 7;
        while k > 0 {
            k -= 1;
            p = V::fma(p, t, V::splat(GELU[k]));
        }
        V::mul(x, V::fma(near, p, V::splat(0.5)))
    }
}

/// e^x for x <= 88; below -87 it stays at e^-87.
#[inline(always)]
pub(super) unsafe fn exp<V: Isa>(x: V::F) -> V::F {
    unsafe {
        let x = V::max(x, V::splat(-87.0));
        let n = V::round(V::mul(x, V::splat(std::f32::consts::LOG2_E)));
        let turns = V::float(n);
        let r = V::fma(turns, V::splat(-LN2_LOW), V::fma(turns, V::splat(-LN2_HIGH), x));
        let mut p = V::splat(EXP[4]);
        let mut k = 4;
        while k > 0 {
            k -= 1;
            p = V::fma(p, r, V::splat(EXP[k]));
        }
        let one_and_r = V::add(r, V::splat(1.0));
        V::mul(V::fma(V::mul(r, r), p, one_and_r), V::power_of_two(n))
    }
}

/// tanh of one number, through the same exponential.
pub(in crate::model) fn tanh(x: f32) -> f32 {
    use super::isa::Portable;
    // SAFETY: plain Rust runs everywhere, and the lanes are arrays of its own.
    let e = unsafe { exp::<Portable>([-2.0 * x.abs(); 16])[0] };
    ((1.0 - e) / (1.0 + e)).copysign(x)
}

#[cfg(test)]
mod tests {
    use super::super::isa::Portable;
    use super::*;

    /// Abramowitz and Stegun 7.1.5, the series of erf, in float64.
    fn gelu_exact(x: f64) -> f64 {
        let z = x / std::f64::consts::SQRT_2;
        let (mut term, mut sum) = (z, z);
        for n in 1..200 {
            term *= -z * z / f64::from(n);
            sum += term / f64::from(2 * n + 1);
        }
        x * 0.5 * (1.0 + 2.0 / std::f64::consts::PI.sqrt() * sum)
    }

    #[test]
    fn gelu_is_right_to_four_digits() {
        for i in -500..=500 {
            let x = i as f32 / 100.0;
            let got = unsafe { gelu::<Portable>([x; 16])[0] };
            assert!((f64::from(got) - gelu_exact(f64::from(x))).abs() < 8e-5, "{x}: {got}");
        }
        for (x, want) in [(30.0, 30.0), (-30.0, 0.0)] {
            let got = unsafe { gelu::<Portable>([x; 16])[0] };
            assert!((got - want).abs() < 1e-5, "{x}: {got}");
        }
    }

    #[test]
    fn exp_and_tanh_agree_with_float64() {
        for i in -870..=0 {
            let x = i as f32 / 10.0;
            let (got, want) = (unsafe { exp::<Portable>([x; 16])[0] }, f64::from(x).exp());
            assert!((f64::from(got) / want - 1.0).abs() < 3e-7, "{x}: {got} {want}");
            assert!((f64::from(tanh(x / 10.0)) - f64::from(x / 10.0).tanh()).abs() < 2e-7, "{x}");
        }
    }
}
