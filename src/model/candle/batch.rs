//! Batches of similar length: inputs in, one row of numbers per input out, in the order of the inputs.

use super::inference;
use super::network::Network;
use super::tokens::Tokens;
use crate::model::ModelError;
use candle_core::{Device, Tensor};
use rayon::prelude::*;

/// Padded tensors of one batch, each `[inputs, longest]`.
pub(super) struct Batch {
    pub(super) ids: Tensor,
    pub(super) types: Tensor,
    /// 1.0 where a token is, 0.0 where padding is.
    pub(super) mask: Tensor,
}

/// Applies `rows` (one row of `width` numbers per input) to batches of at most `batch_tokens` padded tokens, the batches
/// spread over the current rayon pool; `done` is told how many more inputs are finished. Returns `[tokens.len(), width]`.
pub(super) fn run(
    network: &Network,
    tokens: &[Tokens],
    (width, batch_tokens): (usize, usize),
    rows: impl Fn(&Batch) -> candle_core::Result<Tensor> + Sync,
    done: &(dyn Fn(usize) + Sync),
) -> Result<Vec<f32>, ModelError> {
    let computed: Vec<(Vec<usize>, Vec<f32>)> = plan(tokens, batch_tokens)
        .into_par_iter()
        .map(|members| {
            let batch = pad(tokens, &members, network.padding).map_err(inference)?;
            let values = rows(&batch).and_then(|rows| rows.flatten_all()?.to_vec1::<f32>()).map_err(inference)?;
            if values.len() != members.len() * width || values.iter().any(|value| !value.is_finite()) {
                return Err(inference("the model gave numbers that are not finite, or not as many as it should"));
            }
            done(members.len());
            Ok((members, values))
        })
        .collect::<Result<_, ModelError>>()?;
    let mut result = vec![0.0; tokens.len() * width];
    for (members, values) in computed {
        for (index, row) in members.into_iter().zip(values.chunks_exact(width)) {
            result[index * width..][..width].copy_from_slice(row);
        }
    }
    Ok(result)
}

/// Inputs grouped by falling length; a batch holds at most `batch_tokens` with its padding, and at least one input.
fn plan(tokens: &[Tokens], batch_tokens: usize) -> Vec<Vec<usize>> {
    let mut order: Vec<usize> = (0..tokens.len()).collect();
    order.sort_by_key(|&index| (std::cmp::Reverse(tokens[index].ids.len()), index));
    let mut batches: Vec<Vec<usize>> = Vec::new();
    for index in order {
        match batches.last_mut() {
            Some(batch) if (batch.len() + 1) * tokens[batch[0]].ids.len() <= batch_tokens => batch.push(index),
            _ => batches.push(vec![index]),
        }
    }
    batches
}

fn pad(tokens: &[Tokens], members: &[usize], padding: u32) -> candle_core::Result<Batch> {
    let longest = members.iter().map(|&index| tokens[index].ids.len()).max().unwrap_or(0);
    let shape = (members.len(), longest);
    let filled = |row: fn(&Tokens) -> &[u32], empty: u32| -> candle_core::Result<Tensor> {
        let mut cells = vec![empty; shape.0 * shape.1];
        for (line, &index) in cells.chunks_exact_mut(longest).zip(members) {
            let row = row(&tokens[index]);
            line[..row.len()].copy_from_slice(row);
        }
        Tensor::from_vec(cells, shape, &Device::Cpu)
    };
    let mut mask = vec![0f32; shape.0 * shape.1];
    for (line, &index) in mask.chunks_exact_mut(longest).zip(members) {
        line[..tokens[index].ids.len()].fill(1.0);
    }
    Ok(Batch {
        ids: filled(|tokens| &tokens.ids, padding)?,
        types: filled(|tokens| &tokens.types, 0)?,
        mask: Tensor::from_vec(mask, shape, &Device::Cpu)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn batches_keep_the_budget_and_hold_every_input_once() {
        let lengths = [3usize, 40, 7, 7, 1, 90, 12, 40];
        let tokens: Vec<Tokens> = lengths.iter().map(|&n| Tokens { ids: vec![0; n], types: vec![0; n] }).collect();
        let batches = plan(&tokens, 80);
        for batch in &batches {
            let longest = batch.iter().map(|&index| lengths[index]).max().unwrap();
            assert!(batch.len() == 1 || batch.len() * longest <= 80);
        }
        let mut seen = batches.concat();
        seen.sort_unstable();
        assert_eq!(seen, (0..lengths.len()).collect::<Vec<_>>());
        assert_eq!(batches[1], [1, 7]);
    }
}
