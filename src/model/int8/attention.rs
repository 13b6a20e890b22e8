//! Self-attention of one sequence in float32, head by head: queries lie in the lanes, so that softmax needs no sum across them.

use super::isa::Isa;
use super::math::exp;

/// Rows behind the last token that `attention` may read, and may write in its output.
pub(super) const SPARE: usize = 16;

/// Scratch of one worker, for one head and up to 32 queries.
#[derive(Debug, Default)]
pub(super) struct Scratch {
    /// Queries `[head width, lanes]`; then the output in the same form.
    queries: Vec<f32>,
    /// Weights `[keys, lanes]`.
    weights: Vec<f32>,
    /// Keys, then values, `[tokens and SPARE, head width]` each, side by side for the caches.
    pairs: Vec<f32>,
}

/// `out` `[tokens, hidden]` = attention of the sequence whose rows `qkv` `[tokens, 3 * hidden]` holds; queries come scaled.
///
/// Tiles have `TWO` keys or columns for 32 queries, `ONE` for 16. Each lane computes on its own, key after key.
///
/// # Safety
/// The processor has `V`; `qkv` and `out` hold the rows and `SPARE` more; 32 divides hidden / heads; `TWO` and `ONE` divide 16.
#[inline(always)]
pub(super) unsafe fn attention<V: Isa, const TWO: usize, const ONE: usize>(
    qkv: *const f32,
    tokens: usize,
    hidden: usize,
    heads: usize,
    out: *mut f32,
    scratch: &mut Scratch,
) {
    let width = hidden / heads;
    scratch.queries.resize(scratch.queries.len().max(32 * width), 0.0);
    scratch.weights.resize(scratch.weights.len().max(32 * (tokens + SPARE)), 0.0);
    scratch.pairs.resize(scratch.pairs.len().max(2 * width * (tokens + SPARE)), 0.0);
    let (queries, weights, keys) =
        (scratch.queries.as_mut_ptr(), scratch.weights.as_mut_ptr(), scratch.pairs.as_mut_ptr());
    for head in 0..heads {
        unsafe {
            let query = qkv.add(head * width);
            let values = keys.add(width * (tokens + SPARE));
            for (from, to) in [(query.add(hidden), keys), (query.add(2 * hidden), values)] {
                for token in 0..tokens {
                    for d in (0..width).step_by(16) {
                        V::store(to.add(token * width + d), V::load(from.add(token * 3 * hidden + d)));
                    }
                }
            }
            let head = Head { keys, values, queries, weights, stride: 3 * hidden, tokens, width };
            let mut row = 0;
            while row < tokens {
                let (from, to) =
                    (query.add(row * head.stride), out.add(row * hidden + query.offset_from(qkv) as usize));
                if tokens - row > 16 {
                    lanes::<V, TWO, 2>(&head, from, to, hidden);
                    row += 32;
                } else {
                    lanes::<V, ONE, 1>(&head, from, to, hidden);
                    row += 16;
                }
            }
        }
    }
}

struct Head {
    keys: *const f32,
    values: *const f32,
    queries: *mut f32,
    weights: *mut f32,
    stride: usize,
    tokens: usize,
    width: usize,
}

/// Attention of the `C` * 16 queries from `from` on.
#[inline(always)]
unsafe fn lanes<V: Isa, const R: usize, const C: usize>(head: &Head, from: *const f32, out: *mut f32, hidden: usize) {
    unsafe {
        let lanes = 16 * C;
        for c in 0..C {
            for d in (0..head.width).step_by(16) {
                let (from, to) = (from.add(16 * c * head.stride + d), head.queries.add(d * lanes + 16 * c));
                V::transpose(from, head.stride, to, lanes);
            }
        }
        let most = scores::<V, R, C>(head);
        let mut sums = [V::splat(0.0); C];
        for key in 0..head.tokens {
            for c in 0..C {
                let at = head.weights.add(key * lanes + 16 * c);
                let weight = exp::<V>(V::sub(V::load(at), most[c]));
                V::store(at, weight);
                sums[c] = V::add(sums[c], weight);
            }
        }
        for c in 0..C {
            sums[c] = V::div(V::splat(1.0), sums[c]);
        }
        for d in (0..head.width).step_by(R) {
            let mut mixed = [[V::splat(0.0); C]; R];
            for key in 0..head.tokens {
                let weights = head.weights.add(key * lanes);
                let value = head.values.add(key * head.width + d);
                for r in 0..R {
                    let value = V::splat(*value.add(r));
                    for c in 0..C {
                        mixed[r][c] = V::fma(value, V::load(weights.add(16 * c)), mixed[r][c]);
                    }
                }
            }
            for r in 0..R {
                for c in 0..C {
                    V::store(head.queries.add((d + r) * lanes + 16 * c), V::mul(mixed[r][c], sums[c]));
                }
            }
        }
        for c in 0..C {
            for d in (0..head.width).step_by(16) {
                V::transpose(head.queries.add(d * lanes + 16 * c), lanes, out.add(16 * c * hidden + d), hidden);
            }
        }
    }
}

/// Writes the products of all keys with the queries to the weights; returns the largest of each query.
#[inline(always)]
unsafe fn scores<V: Isa, const R: usize, const C: usize>(head: &Head) -> [V::F; C] {
    unsafe {
        let lanes = 16 * C;
        let mut most = [V::splat(f32::MIN); C];
        for key in (0..head.tokens).step_by(R) {
            let mut scores = [[V::splat(0.0); C]; R];
            for d in 0..head.width {
                let queries = head.queries.add(d * lanes);
                for r in 0..R {
                    let k = V::splat(*head.keys.add((key + r) * head.width + d));
                    for c in 0..C {
                        scores[r][c] = V::fma(k, V::load(queries.add(16 * c)), scores[r][c]);
                    }
                }
            }
            for r in 0..R {
                for c in 0..C {
                    V::store(head.weights.add((key + r) * lanes + 16 * c), scores[r][c]);
                    if key + r < head.tokens {
                        most[c] = V::max(most[c], scores[r][c]);
                    }
                }
            }
        }
        most
    }
}
