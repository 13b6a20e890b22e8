//! Models from a Hugging Face style folder: BERT, XLM-RoBERTa and DeBERTa-v2 as encoder and as judge, in float32 or int8.
//!
//! The reference for the int8 engine, and the way in for models that a user brings. A folder holds `config.json`,
//! `tokenizer.json` and `model.safetensors` (or shards with their index), and for encoders the files of
//! sentence-transformers where the model has them.

mod batch;
mod encoder;
mod folder;
mod int8;
mod judge;
mod labels;
mod network;
mod sentence;
mod tokens;

use super::int8::InstructionSet;
use super::{Encoder, Judge, ModelError};
use std::path::Path;

/// Padded tokens per batch that were fastest for 600 news sentences on two cores.
pub const BATCH_TOKENS: usize = 1024;

/// What a caller may decide about a model from a folder.
#[derive(Debug, Clone)]
pub struct Options {
    /// The model's own name (`intfloat/multilingual-e5-small`); the folder's name where absent.
    pub name: Option<String>,
    /// Put before every text that is embedded; where absent, what the model's files or its family (e5) ask for.
    pub prompt: Option<String>,
    /// Tokens per batch, padding included; results do not depend on it beyond float32 rounding.
    pub batch_tokens: usize,
    /// Whether BERT and XLM-RoBERTa are computed in int8.
    pub quantize: bool,
    /// What int8 layers run on.
    pub instruction_set: InstructionSet,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            name: None,
            prompt: None,
            batch_tokens: BATCH_TOKENS,
            quantize: false,
            instruction_set: InstructionSet::best(),
        }
    }
}

/// Loads the encoder in `folder`; fails with the file and the reason where something is missing or not supported.
pub fn encoder(folder: &Path, options: &Options) -> Result<Box<dyn Encoder>, ModelError> {
    if options.quantize {
        return Ok(Box::new(int8::Int8FolderEncoder::load(folder, options)?));
    }
    Ok(Box::new(encoder::CandleEncoder::load(folder, options)?))
}

/// Loads the sequence classifier in `folder`; refuses labels that are not entailment, neutral and contradiction.
pub fn judge(folder: &Path, options: &Options) -> Result<Box<dyn Judge>, ModelError> {
    if options.quantize {
        return Ok(Box::new(int8::Int8FolderJudge::load(folder, options)?));
    }
    Ok(Box::new(judge::CandleJudge::load(folder, options)?))
}

fn damaged(path: &Path, problem: impl std::fmt::Display) -> ModelError {
    ModelError::File { path: path.to_path_buf(), problem: problem.to_string() }
}

fn unsupported(folder: &Path, problem: impl Into<String>) -> ModelError {
    ModelError::Unsupported { name: folder.display().to_string(), problem: problem.into() }
}

fn inference(error: impl std::fmt::Display) -> ModelError {
    ModelError::Inference(error.to_string())
}
