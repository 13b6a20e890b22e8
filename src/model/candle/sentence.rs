//! What the files of sentence-transformers say: how token vectors become one vector, and what to put before a text.

use super::folder::{Folder, json_file};
use super::tokens::{Texts, Tokens};
use super::{Options, damaged, unsupported};
use crate::model::ModelError;
use candle_core::{DType, Device, IndexOp, Module, Result, Tensor};
use candle_nn::{Linear, VarBuilder, linear_b};
use serde_json::{Map, Value};
use std::path::{Path, PathBuf};

/// How the vectors of the tokens become the vector of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pooling {
    Mean,
    FirstToken,
}

impl Pooling {
    /// `[inputs, width]` from hidden states `[inputs, longest, width]` and their mask `[inputs, longest]`.
    pub(super) fn pool(self, hidden: &Tensor, mask: &Tensor) -> Result<Tensor> {
        match self {
            Self::FirstToken => hidden.i((.., 0))?.contiguous(),
            Self::Mean => {
                let sums = mask.unsqueeze(1)?.matmul(hidden)?.squeeze(1)?;
                sums.broadcast_div(&mask.sum_keepdim(1)?)
            }
        }
    }
}

/// A dense layer after pooling (LaBSE and others have one).
pub(super) struct Dense {
    linear: Linear,
    pub(super) tanh: bool,
}

impl Dense {
    pub(super) fn parts(&self) -> &Linear {
        &self.linear
    }

    pub(super) fn forward(&self, pooled: &Tensor) -> Result<Tensor> {
        let projected = self.linear.forward(pooled)?;
        if self.tanh { projected.tanh() } else { Ok(projected) }
    }
}

/// Everything between hidden states and the finished vector, and before the tokenizer.
pub(super) struct Recipe {
    pub(super) pooling: Pooling,
    pub(super) dense: Vec<Dense>,
    /// Configuration and weights of the dense layers.
    pub(super) dense_files: Vec<PathBuf>,
    pub(super) prompt: String,
    pub(super) lowercase: bool,
    /// Longest input in tokens, where the files set one.
    pub(super) limit: Option<usize>,
    /// Length of the finished vector.
    pub(super) width: usize,
}

impl Recipe {
    /// Tokens of every text, in lower case where the model wants it, after its prompt.
    pub(super) fn encode(&self, tokenizer: &Texts, texts: &[&str]) -> std::result::Result<Vec<Tokens>, ModelError> {
        let prompted: Vec<String> = texts
            .iter()
            .map(|text| format!("{}{text}", self.prompt))
            .map(|text| if self.lowercase { text.to_lowercase() } else { text })
            .collect();
        let prompted: Vec<&str> = prompted.iter().map(String::as_str).collect();
        tokenizer.encode(&prompted)
    }

    /// What the numbers depend on besides the files; `longest` input in tokens.
    pub(super) fn settings(&self, longest: usize) -> String {
        let Self { pooling, prompt, lowercase, width, .. } = self;
        format!("{pooling:?}|{prompt}|{lowercase}|{width}|{longest}")
    }

    pub(super) fn read(folder: &Folder, options: &Options) -> std::result::Result<Self, ModelError> {
        let (mut pooling, mut dense, mut width) = (Pooling::Mean, Vec::new(), folder.number("hidden_size")?);
        let mut dense_files = Vec::new();
        for (kind, path) in modules(&folder.path)? {
            let config = path.join("config.json");
            match kind.as_str() {
                "Transformer" | "Normalize" => {}
                "Pooling" => pooling = read_pooling(folder, &required(&config)?)?,
                "Dense" => {
                    let (layer, outputs) = read_dense(folder, &path, width, &required(&config)?)?;
                    dense.push(layer);
                    dense_files.extend([config, path.join("model.safetensors")]);
                    width = outputs;
                }
                other => {
                    return Err(unsupported(&folder.path, format!("modules.json asks for a `{other}` module")));
                }
            }
        }
        let transformer = json_file(&folder.path.join("sentence_bert_config.json"))?.unwrap_or_default();
        let limit = transformer.get("max_seq_length").and_then(Value::as_u64).and_then(|n| usize::try_from(n).ok());
        let lowercase = transformer.get("do_lower_case").and_then(Value::as_bool).unwrap_or(false);
        let prompt = match &options.prompt {
            Some(prompt) => prompt.clone(),
            None => default_prompt(folder, options)?,
        };
        Ok(Self { pooling, dense, dense_files, prompt, lowercase, limit, width })
    }
}

/// Modules in order as (kind, folder); where there is no `modules.json`, the pooling of a `1_Pooling` folder.
fn modules(folder: &Path) -> std::result::Result<Vec<(String, PathBuf)>, ModelError> {
    let file = folder.join("modules.json");
    if !file.is_file() {
        let pooling = folder.join("1_Pooling");
        return Ok(pooling
            .join("config.json")
            .is_file()
            .then(|| ("Pooling".to_string(), pooling))
            .into_iter()
            .collect());
    }
    let bytes = std::fs::read(&file).map_err(|error| damaged(&file, error))?;
    let list: Vec<Map<String, Value>> = serde_json::from_slice(&bytes).map_err(|error| damaged(&file, error))?;
    let text = |module: &Map<String, Value>, key: &str| module.get(key).and_then(Value::as_str).map(str::to_string);
    list.iter()
        .map(|module| match (text(module, "type"), text(module, "path")) {
            (Some(kind), Some(path)) if !path.contains("..") => {
                Ok((kind.rsplit('.').next().unwrap_or_default().to_string(), folder.join(path)))
            }
            _ => Err(damaged(&file, "a module without `type` or `path`")),
        })
        .collect()
}

fn required(file: &Path) -> std::result::Result<Map<String, Value>, ModelError> {
    json_file(file)?.ok_or_else(|| damaged(file, "missing, but modules.json asks for it"))
}

fn read_pooling(folder: &Folder, config: &Map<String, Value>) -> std::result::Result<Pooling, ModelError> {
    let mut modes: Vec<&str> = config
        .iter()
        .filter(|(_, value)| value.as_bool() == Some(true))
        .filter_map(|(key, _)| key.strip_prefix("pooling_mode_"))
        .collect();
    modes.extend(config.get("pooling_mode").and_then(Value::as_str));
    if config.get("include_prompt").and_then(Value::as_bool) == Some(false) {
        return Err(unsupported(&folder.path, "pooling that leaves out the prompt (include_prompt: false)"));
    }
    match modes[..] {
        ["mean_tokens" | "mean"] => Ok(Pooling::Mean),
        ["cls_token" | "cls"] => Ok(Pooling::FirstToken),
        _ => Err(unsupported(&folder.path, format!("pooling `{}`; mean and cls are supported", modes.join(" + ")))),
    }
}

fn read_dense(
    folder: &Folder,
    path: &Path,
    inputs: usize,
    config: &Map<String, Value>,
) -> std::result::Result<(Dense, usize), ModelError> {
    let outputs = config.get("out_features").and_then(Value::as_u64).and_then(|n| usize::try_from(n).ok());
    let outputs = outputs.ok_or_else(|| damaged(&path.join("config.json"), "`out_features` is not a number"))?;
    let activation = config.get("activation_function").and_then(Value::as_str).unwrap_or("Tanh");
    let tanh = match activation.rsplit('.').next().unwrap_or_default() {
        "Tanh" => true,
        "Identity" => false,
        other => {
            return Err(unsupported(&folder.path, format!("a dense module with activation `{other}`")));
        }
    };
    let bias = config.get("bias").and_then(Value::as_bool).unwrap_or(true);
    let file = path.join("model.safetensors");
    let bytes = std::fs::read(&file).map_err(|error| damaged(&file, error))?;
    let linear = VarBuilder::from_buffered_safetensors(bytes, DType::F32, &Device::Cpu)
        .and_then(|builder| linear_b(inputs, outputs, bias, builder.pp("linear")))
        .map_err(|error| damaged(&file, error))?;
    Ok((Dense { linear, tanh }, outputs))
}

/// The prompt that the model's files set for every text, else what its family was trained with.
fn default_prompt(folder: &Folder, options: &Options) -> std::result::Result<String, ModelError> {
    let file = folder.path.join("config_sentence_transformers.json");
    let config = json_file(&file)?.unwrap_or_default();
    if let Some(name) = config.get("default_prompt_name").and_then(Value::as_str) {
        let prompt = config.get("prompts").and_then(|prompts| prompts.get(name)).and_then(Value::as_str);
        return prompt.map(str::to_string).ok_or_else(|| damaged(&file, format!("no prompt `{name}` among `prompts`")));
    }
    let saved_as = folder.get("_name_or_path").and_then(Value::as_str).unwrap_or_default();
    let name = options.name.clone().unwrap_or_else(|| format!("{} {saved_as}", folder_name(&folder.path)));
    let words: Vec<&str> = name.split(|c: char| !c.is_alphanumeric()).collect();
    // both sides of a symmetric comparison get the query form, as the e5 model cards say
    Ok(match (words.contains(&"e5"), words.contains(&"instruct")) {
        (true, false) => "query: ".to_string(),
        (true, true) => "Instruct: Retrieve semantically similar text.\nQuery: ".to_string(),
        (false, _) => String::new(),
    })
}

/// The folder's own name, or that of the repository for a snapshot in the cache of the Hub.
fn folder_name(path: &Path) -> String {
    let names = path.components().rev().map(|part| part.as_os_str().to_string_lossy().into_owned());
    let mut names = names.take(3);
    let own = names.next().unwrap_or_default();
    names.find(|name| name.starts_with("models--")).unwrap_or(own)
}
