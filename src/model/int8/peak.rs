//! How fast a thread multiplies at most: the loop of the dense layers without their memory traffic.

use std::time::{Duration, Instant};

use super::InstructionSet;
use super::isa::{Isa, Lanes};

/// Rounds between two looks at the clock.
const ROUNDS: usize = 20_000;

/// Multiply-adds a second, in int8 or else in float32, that the calling thread reaches with weights in registers and activations in the
/// nearest cache, the best of the tries that fit into `time`.
pub fn peak(set: InstructionSet, int8: bool, time: Duration) -> f64 {
    let kernels = set.kernels();
    let multiply = if int8 { kernels.multiply } else { kernels.multiply_floats };
    let (start, mut best) = (Instant::now(), 0.0_f64);
    while best == 0.0 || start.elapsed() < time {
        let start = Instant::now();
        // SAFETY: the set was found on this processor.
        let operations = unsafe { multiply(ROUNDS) };
        best = best.max(operations as f64 / start.elapsed().as_secs_f64());
    }
    best
}

/// Multiplies and adds `rounds` tiles of four inputs, `R` rows and `C` * 16 outputs; returns how many multiply-adds that were.
///
/// # Safety
/// The processor has `V`.
#[inline(always)]
pub(super) unsafe fn multiply<V: Isa, const R: usize, const C: usize>(rounds: usize) -> usize {
    let activations: [u16; 256] = std::array::from_fn(|i| i as u16);
    let weights: [i16; 512] = std::array::from_fn(|i| (i % 255) as i16);
    let (activations, weights) = std::hint::black_box((&activations, &weights));
    unsafe {
        let (activations, weights) =
            (activations.as_ptr().cast::<V::Activation>(), weights.as_ptr().cast::<V::Weight>());
        let mut w = [V::load_weights(weights); C];
        for c in 1..C {
            w[c] = V::load_weights(weights.add(64 * c));
        }
        let mut sums = [[V::multiples(0, weights.cast()); C]; R];
        for round in 0..rounds {
            for r in 0..R {
                let four = V::splat_activations(activations.add(4 * ((round + r) % 64)));
                for c in 0..C {
                    sums[r][c] = V::dot(sums[r][c], four, w[c]);
                }
            }
        }
        std::hint::black_box(sums);
    }
    rounds * R * C * 64
}

/// The same of `rounds` tiles of one input in float32.
///
/// # Safety
/// The processor has `V`.
#[inline(always)]
pub(super) unsafe fn multiply_floats<V: Lanes, const R: usize, const C: usize>(rounds: usize) -> usize {
    let values: [f32; 64] = std::array::from_fn(|i| i as f32 / 64.0);
    let values = std::hint::black_box(&values).as_ptr();
    unsafe {
        let w = [V::load(values); C];
        let mut sums = [[V::splat(0.0); C]; R];
        for round in 0..rounds {
            for r in 0..R {
                let one = V::splat(*values.add((round + r) % 64));
                for c in 0..C {
                    sums[r][c] = V::fma(one, w[c], sums[r][c]);
                }
            }
        }
        std::hint::black_box(sums);
    }
    rounds * R * C * 16
}
