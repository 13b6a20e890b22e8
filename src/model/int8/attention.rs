//! Self-attention of one sequence in float32, head by head, without padding or masks.

use super::isa::Isa;

/// Scratch of one worker.
#[derive(Debug, Default)]
pub(super) struct Scratch {
    /// Keys of one head, `[head width, tokens rounded up to 32]`.
    keys: Vec<f32>,
    /// Weights of some queries, `[queries, tokens rounded up to 32]`.
    weights: Vec<f32>,
}

/// `out` `[tokens, hidden]` = attention of the sequence whose rows `qkv` `[tokens, 3 * hidden]` holds; queries come scaled.
///
/// # Safety
/// The processor has `V`; `qkv` and `out` hold the rows; 32 divides hidden / heads.
#[inline(always)]
pub(super) unsafe fn attention<V: Isa, const R: usize>(
    qkv: *const f32,
    tokens: usize,
    hidden: usize,
    heads: usize,
    out: *mut f32,
    scratch: &mut Scratch,
) {
    let (width, padded) = (hidden / heads, tokens.next_multiple_of(32));
    scratch.keys.resize(scratch.keys.len().max(width * padded), 0.0);
    scratch.weights.resize(scratch.weights.len().max(R * padded), 0.0);
    let (keys, weights) = (scratch.keys.as_mut_ptr(), scratch.weights.as_mut_ptr());
    for head in 0..heads {
        unsafe {
            let query = qkv.add(head * width);
            transpose(query.add(hidden), 3 * hidden, tokens, width, padded, keys);
            let head =
                Head { query, value: query.add(2 * hidden), keys, weights, stride: 3 * hidden, tokens, width, padded };
            let mut row = 0;
            while row + R <= tokens {
                queries::<V, R>(&head, row, out.add(row * hidden + (query.offset_from(qkv) as usize)), hidden);
                row += R;
            }
            while row < tokens {
                queries::<V, 1>(&head, row, out.add(row * hidden + (query.offset_from(qkv) as usize)), hidden);
                row += 1;
            }
        }
    }
}

struct Head {
    query: *const f32,
    value: *const f32,
    keys: *const f32,
    weights: *mut f32,
    stride: usize,
    tokens: usize,
    width: usize,
    padded: usize,
}

#[inline(always)]
unsafe fn transpose(from: *const f32, stride: usize, tokens: usize, width: usize, padded: usize, to: *mut f32) {
    unsafe {
        for d in 0..width {
            for token in 0..tokens {
                *to.add(d * padded + token) = *from.add(token * stride + d);
            }
            for token in tokens..padded {
                *to.add(d * padded + token) = 0.0;
            }
        }
    }
}

/// Attention of the `R` queries from `row` on.
#[inline(always)]
unsafe fn queries<V: Isa, const R: usize>(head: &Head, row: usize, out: *mut f32, hidden: usize) {
    unsafe {
        let mut largest = [V::splat(f32::MIN); R];
        for key in (0..head.padded).step_by(32) {
            let mut scores = [[V::splat(0.0); 2]; R];
            for d in 0..head.width {
                let keys = head.keys.add(d * head.padded + key);
                let (a, b) = (V::load(keys), V::load(keys.add(16)));
                for r in 0..R {
                    let q = V::splat(*head.query.add((row + r) * head.stride + d));
                    scores[r] = [V::fma(q, a, scores[r][0]), V::fma(q, b, scores[r][1])];
                }
            }
            for r in 0..R {
                let to = head.weights.add(r * head.padded + key);
                V::store(to, scores[r][0]);
                V::store(to.add(16), scores[r][1]);
                for beyond in head.tokens.saturating_sub(key)..32 {
                    *to.add(beyond) = f32::MIN;
                }
                largest[r] = V::max(largest[r], V::max(V::load(to), V::load(to.add(16))));
            }
        }
        let mut sums = [0.0; R];
        for r in 0..R {
            let most = V::splat(V::largest(largest[r]));
            let mut sum = [V::splat(0.0); 2];
            for key in (0..head.padded).step_by(32) {
                let at = head.weights.add(r * head.padded + key);
                let a = super::math::exp::<V>(V::sub(V::load(at), most));
                let b = super::math::exp::<V>(V::sub(V::load(at.add(16)), most));
                V::store(at, a);
                V::store(at.add(16), b);
                sum = [V::add(sum[0], a), V::add(sum[1], b)];
            }
            sums[r] = 1.0 / V::sum(V::add(sum[0], sum[1]));
        }
        for d in (0..head.width).step_by(32) {
            let mut mixed = [[V::splat(0.0); 2]; R];
            for key in 0..head.tokens {
                let value = head.value.add(key * head.stride + d);
                let (a, b) = (V::load(value), V::load(value.add(16)));
                for r in 0..R {
                    let weight = V::splat(*head.weights.add(r * head.padded + key));
                    mixed[r] = [V::fma(weight, a, mixed[r][0]), V::fma(weight, b, mixed[r][1])];
                }
            }
            for r in 0..R {
                let to = out.add(r * hidden + d);
                V::store(to, V::mul(mixed[r][0], V::splat(sums[r])));
                V::store(to.add(16), V::mul(mixed[r][1], V::splat(sums[r])));
            }
        }
    }
}
