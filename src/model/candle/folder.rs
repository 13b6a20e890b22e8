//! What lies in a model folder: `config.json`, weights, and a fingerprint of both.

use super::{damaged, unsupported};
use crate::model::ModelError;
use crate::model::hash::{hex, read_blocks};
use candle_core::{DType, Device, safetensors::MmapedSafetensors};
use candle_nn::VarBuilder;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use std::collections::{BTreeSet, HashSet};
use std::path::{Path, PathBuf};

/// Architectures that can be computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Family {
    Bert,
    XlmRoberta,
    DebertaV2,
}

impl Family {
    /// Name of the encoder inside a checkpoint with a head on top.
    pub(super) fn prefix(self) -> &'static str {
        match self {
            Self::Bert => "bert",
            Self::XlmRoberta => "roberta",
            Self::DebertaV2 => "deberta",
        }
    }
}

/// A folder whose `config.json` has been read.
pub(super) struct Folder {
    pub(super) path: PathBuf,
    pub(super) family: Family,
    config: Map<String, Value>,
}

impl Folder {
    pub(super) fn open(path: &Path) -> Result<Self, ModelError> {
        let file = path.join("config.json");
        if !path.is_dir() {
            return Err(damaged(path, "no such folder"));
        }
        let mut config = json_file(&file)?.ok_or_else(|| {
            damaged(&file, "missing; a model folder holds `config.json`, `tokenizer.json` and `model.safetensors`")
        })?;
        config.retain(|_, value| !value.is_null());
        let family = match config.get("model_type").and_then(Value::as_str) {
            Some("bert") => Family::Bert,
            Some("xlm-roberta" | "roberta" | "camembert") => Family::XlmRoberta,
            Some("deberta-v2") => Family::DebertaV2,
            other => {
                let is = other.map_or("has no `model_type`".to_string(), |t| format!("has model_type `{t}`"));
                let known = "bert, xlm-roberta (also roberta and camembert) and deberta-v2 are supported";
                return Err(unsupported(path, format!("config.json {is}; {known}")));
            }
        };
        complete(&mut config, family);
        let folder = Self { path: path.to_path_buf(), family, config };
        folder.refuse_variants()?;
        Ok(folder)
    }

    /// The configuration as the type that a network wants.
    pub(super) fn config<T: serde::de::DeserializeOwned>(&self) -> Result<T, ModelError> {
        serde_json::from_value(Value::Object(self.config.clone()))
            .map_err(|error| damaged(&self.path.join("config.json"), error))
    }

    pub(super) fn get(&self, key: &str) -> Option<&Value> {
        self.config.get(key)
    }

    pub(super) fn number(&self, key: &str) -> Result<usize, ModelError> {
        let value = self.get(key).and_then(Value::as_u64).and_then(|n| usize::try_from(n).ok());
        value.ok_or_else(|| damaged(&self.path.join("config.json"), format!("`{key}` is not a whole number")))
    }

    /// Multiply-adds of the dense layers for one token.
    pub(super) fn multiply_adds(&self) -> Result<usize, ModelError> {
        let hidden = self.number("hidden_size")?;
        let layer = hidden * (4 * hidden + 2 * self.number("intermediate_size")?);
        Ok(self.number("num_hidden_layers")? * layer)
    }

    /// Longest input in tokens, special tokens included.
    pub(super) fn longest(&self) -> Result<usize, ModelError> {
        let positions = self.number("max_position_embeddings")?;
        Ok(match self.family {
            // RoBERTa numbers its positions from the id of the padding token plus one
            Family::XlmRoberta => positions.saturating_sub(self.number("pad_token_id")? + 1),
            Family::Bert | Family::DebertaV2 => positions,
        })
    }

    /// Opens the weights; names are given with the prefix of the family, whether or not the checkpoint has it.
    pub(super) fn weights(&self) -> Result<Weights, ModelError> {
        let files = self.weight_files()?;
        // SAFETY: the files are only read, and a model that is overwritten while in use is documented as unsupported
        // by every memory map; nothing here writes to them.
        let tensors = unsafe { MmapedSafetensors::multi(&files) }.map_err(|error| {
            let file = files.iter().find(|file| unsafe { MmapedSafetensors::new(file) }.is_err());
            damaged(file.unwrap_or(&files[0]), format!("not a whole safetensors file ({error}); download it again"))
        })?;
        let names: HashSet<String> = tensors.tensors().into_iter().map(|(name, _)| name).collect();
        let known = names.clone();
        let prefix = format!("{}.", self.family.prefix());
        let builder = VarBuilder::from_backend(Box::new(tensors), DType::F32, Device::Cpu).rename_f(move |name| {
            match name.strip_prefix(&prefix) {
                Some(bare) if !known.contains(name) => bare.to_string(),
                _ => name.to_string(),
            }
        });
        Ok(Weights { builder, names, files })
    }

    fn weight_files(&self) -> Result<Vec<PathBuf>, ModelError> {
        let single = self.path.join("model.safetensors");
        if single.is_file() {
            return Ok(vec![single]);
        }
        let index = self.path.join("model.safetensors.index.json");
        let Some(content) = json_file(&index)? else {
            let hint = match self.path.join("pytorch_model.bin").is_file() {
                true => "missing; `pytorch_model.bin` is not read because it can run code: convert it to safetensors",
                false => "missing",
            };
            return Err(damaged(&single, hint));
        };
        let names = content.get("weight_map").and_then(Value::as_object).into_iter().flat_map(Map::values);
        let shards: BTreeSet<&str> = names.filter_map(Value::as_str).collect();
        if shards.is_empty() || shards.iter().any(|name| name.contains(['/', '\\'])) {
            return Err(damaged(&index, "`weight_map` does not name files beside it"));
        }
        let files: Vec<PathBuf> = shards.into_iter().map(|name| self.path.join(name)).collect();
        match files.iter().find(|file| !file.is_file()) {
            Some(file) => Err(damaged(file, "missing, but named in model.safetensors.index.json")),
            None => Ok(files),
        }
    }

    fn refuse_variants(&self) -> Result<(), ModelError> {
        if let Some(kind) = self.get("position_embedding_type").and_then(Value::as_str)
            && kind != "absolute"
        {
            return Err(unsupported(
                &self.path,
                format!("position_embedding_type `{kind}`; only absolute is supported"),
            ));
        }
        if self.family == Family::DebertaV2 && self.get("conv_kernel_size").and_then(Value::as_u64).unwrap_or(0) > 0 {
            return Err(unsupported(
                &self.path,
                "DeBERTa-v2 with a convolution layer (conv_kernel_size) is not supported",
            ));
        }
        Ok(())
    }
}

/// Weights of a folder, ready to be loaded by name.
pub(super) struct Weights {
    pub(super) builder: VarBuilder<'static>,
    names: HashSet<String>,
    files: Vec<PathBuf>,
}

impl Weights {
    pub(super) fn has(&self, name: &str) -> bool {
        self.names.contains(name)
    }

    /// Hash of the bytes of weights, configuration and tokenizer, of `more` files and of `settings`: 32 hexadecimal digits.
    pub(super) fn fingerprint(&self, folder: &Folder, more: &[PathBuf], settings: &str) -> Result<String, ModelError> {
        let small = ["config.json", "tokenizer.json"].map(|name| folder.path.join(name));
        let optional = Some(folder.path.join("tokenizer_config.json")).filter(|path| path.is_file());
        let mut hash = Sha256::new();
        for path in self.files.iter().chain(&small).chain(&optional).chain(more) {
            read_blocks(path, |block| hash.update(block)).map_err(|error| damaged(path, error))?;
        }
        hash.update(settings.as_bytes());
        Ok(hex(&hash.finalize()[..16]))
    }
}

/// Reads a JSON object; `None` where there is no such file.
pub(super) fn json_file(path: &Path) -> Result<Option<Map<String, Value>>, ModelError> {
    let bytes = match std::fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(damaged(path, error)),
    };
    serde_json::from_slice(&bytes).map(Some).map_err(|error| damaged(path, format!("not a JSON object: {error}")))
}

/// Adds what `transformers` assumes for keys that a `config.json` leaves out, and one spelling per activation.
fn complete(config: &mut Map<String, Value>, family: Family) {
    let (type_vocabulary, epsilon, padding) = match family {
        Family::Bert => (2, 1e-12, 0),
        Family::XlmRoberta => (1, 1e-5, 1),
        Family::DebertaV2 => (0, 1e-7, 0),
    };
    let defaults = json!({
        "hidden_act": "gelu", "hidden_dropout_prob": 0.1, "attention_probs_dropout_prob": 0.1,
        "initializer_range": 0.02, "max_position_embeddings": 512, "position_embedding_type": "absolute",
        "type_vocab_size": type_vocabulary, "layer_norm_eps": epsilon, "pad_token_id": padding,
        "relative_attention": false, "max_relative_positions": -1, "position_biased_input": true, "pos_att_type": [],
    });
    for (key, value) in defaults.as_object().into_iter().flatten() {
        config.entry(key.clone()).or_insert_with(|| value.clone());
    }
    let tanh = if family == Family::XlmRoberta { "gelu_new" } else { "geluapproximate" };
    if let Some(Value::String(activation)) = config.get_mut("hidden_act")
        && matches!(activation.as_str(), "gelu_new" | "gelu_fast" | "gelu_pytorch_tanh")
    {
        *activation = tanh.to_string();
    }
}
