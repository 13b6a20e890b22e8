//! The three architectures behind one call, and the classification head on top of them.

use super::batch::Batch;
use super::folder::{Family, Folder, Weights};
use super::{damaged, unsupported};
use crate::model::ModelError;
use candle_core::{IndexOp, Module, Result, Tensor};
use candle_nn::{Activation, Linear, linear};
use candle_transformers::models::{bert, debertav2, xlm_roberta};
use serde_json::Value;

/// An encoder: token ids to one vector per token.
pub(super) struct Network {
    pub(super) padding: u32,
    layers: Layers,
}

enum Layers {
    Bert(bert::BertModel),
    XlmRoberta(xlm_roberta::XLMRobertaModel),
    DebertaV2(Box<debertav2::DebertaV2Model>),
}

impl Network {
    pub(super) fn load(folder: &Folder, weights: &Weights) -> std::result::Result<Self, ModelError> {
        let builder = weights.builder.pp(folder.family.prefix());
        let layers = match folder.family {
            Family::Bert => bert::BertModel::load(builder, &folder.config()?).map(Layers::Bert),
            Family::XlmRoberta => xlm_roberta::XLMRobertaModel::new(&folder.config()?, builder).map(Layers::XlmRoberta),
            Family::DebertaV2 => debertav2::DebertaV2Model::load(builder, &folder.config()?)
                .map(|model| Layers::DebertaV2(Box::new(model))),
        };
        let layers =
            layers.map_err(|error| damaged(&folder.path, format!("weights do not fit config.json: {error}")))?;
        Ok(Self { padding: folder.number("pad_token_id")? as u32, layers })
    }

    /// Last hidden states `[inputs, longest, width]`.
    pub(super) fn forward(&self, batch: &Batch) -> Result<Tensor> {
        let Batch { ids, types, mask } = batch;
        match &self.layers {
            Layers::Bert(model) => model.forward(ids, types, Some(mask)),
            Layers::XlmRoberta(model) => model.forward(ids, mask, types, None, None, None),
            Layers::DebertaV2(model) => model.forward(ids, Some(types.clone()), Some(mask.clone())),
        }
    }
}

/// A classification head over the first token: dense, activation, linear.
pub(super) struct Head {
    dense: Linear,
    activation: Pooler,
    output: Linear,
}

enum Pooler {
    Tanh,
    Other(Activation),
}

/// Logits of a judge: entailment, neutral, contradiction.
pub(super) const LOGITS: usize = 3;

impl Head {
    /// Loads the head with `labels` outputs; fails where the checkpoint has none.
    pub(super) fn load(folder: &Folder, weights: &Weights, labels: usize) -> std::result::Result<Self, ModelError> {
        let (dense, output) = match folder.family {
            Family::Bert => ("bert.pooler.dense", "classifier"),
            Family::XlmRoberta => ("classifier.dense", "classifier.out_proj"),
            Family::DebertaV2 => ("pooler.dense", "classifier"),
        };
        if !weights.has(&format!("{output}.weight")) {
            let problem = format!("no classification head (`{output}.weight`) in the weights: it can embed, not judge");
            return Err(unsupported(&folder.path, problem));
        }
        let activation = match (folder.family, folder.get("pooler_hidden_act")) {
            (Family::DebertaV2, None) => Pooler::Other(Activation::Gelu),
            (Family::DebertaV2, Some(name)) if name == "tanh" => Pooler::Tanh,
            (Family::DebertaV2, Some(name)) => Pooler::Other(activation(folder, name)?),
            _ => Pooler::Tanh,
        };
        let width = folder.number("hidden_size")?;
        let load = |name: &str, outputs: usize| linear(width, outputs, weights.builder.pp(name));
        let head = || Ok(Self { dense: load(dense, width)?, activation, output: load(output, labels)? });
        head().map_err(|error: candle_core::Error| {
            damaged(&folder.path, format!("the classification head does not fit config.json: {error}"))
        })
    }

    /// The dense layer and the output.
    pub(super) fn parts(&self) -> [&Linear; 2] {
        [&self.dense, &self.output]
    }

    /// Logits `[inputs, labels]` from hidden states `[inputs, longest, width]`.
    pub(super) fn forward(&self, hidden: &Tensor) -> Result<Tensor> {
        let first = self.dense.forward(&hidden.i((.., 0))?.contiguous()?)?;
        let first = match &self.activation {
            Pooler::Tanh => first.tanh()?,
            Pooler::Other(activation) => activation.forward(&first)?,
        };
        self.output.forward(&first)
    }
}

fn activation(folder: &Folder, name: &Value) -> std::result::Result<Activation, ModelError> {
    serde_json::from_value(name.clone())
        .map_err(|_| unsupported(&folder.path, format!("pooler_hidden_act {name} in config.json")))
}
