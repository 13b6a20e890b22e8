//! Models: where they come from, whether they are whole, and how text becomes numbers.

mod batch;
pub mod candle;
mod encoder;
pub(crate) mod hash;
pub mod hub;
pub mod int8;
mod judge;
mod open;
pub mod pack;
mod selftest;
mod tensors;
#[cfg(test)]
mod tests;
pub mod tokenizer;

pub(crate) use batch::distinct;
pub use encoder::Int8Encoder;
pub use judge::Int8Judge;
pub use open::{OpenJudge, Quantize, SHIPPED, Settings, Source, instruction_set, is_pack, open_encoder, open_judge};
pub use pack::{Manifest, Pack};
pub use selftest::{SelfTest, selftest};

/// Turns texts into unit vectors.
pub trait Encoder: Sync {
    /// Length of a vector.
    fn width(&self) -> usize;
    /// Names the weights and everything else that the numbers depend on.
    fn fingerprint(&self) -> String;
    /// Tokens of all texts together, as the model sees them.
    fn tokens(&self, texts: &[&str]) -> Result<usize, ModelError>;
    /// What the dense layers do for one token, where it is known.
    fn work(&self) -> Option<Work> {
        None
    }
    /// Unit vectors `[texts.len(), width]`, row-major, in the order of `texts`; `done` is told how many more texts are finished.
    fn embed(&self, texts: &[&str], done: &(dyn Fn(usize) + Sync)) -> Result<Vec<f32>, ModelError>;
}

/// Multiply-adds of dense layers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Work {
    /// How many.
    pub multiply_adds: usize,
    /// In 8-bit integers, not in float32.
    pub int8: bool,
}

/// Judges ordered pairs of texts.
pub trait Judge: Sync {
    /// Names the weights and everything else that the numbers depend on.
    fn fingerprint(&self) -> String;
    /// Raw scores of every pair as given, left to right, in the order of `pairs`; `done` is told how many more are
    /// finished.
    fn judge(&self, pairs: &[(&str, &str)], done: &(dyn Fn(usize) + Sync)) -> Result<Vec<Scores>, ModelError>;
}

/// Logits of one ordered pair, before calibration.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scores {
    /// Both say the same.
    pub agreement: f32,
    /// Neither of the others.
    pub unrelated: f32,
    /// Both cannot be true.
    pub contradiction: f32,
    /// Logits of the conflict types, in the order of the model's names for them; zero beyond these.
    pub conflict: [f32; MAX_CONFLICT_TYPES],
}

impl Scores {
    /// Length of [`Self::to_bytes`].
    pub const BYTES: usize = 4 * (3 + MAX_CONFLICT_TYPES);

    /// Agreement, unrelated, contradiction and the conflict types as float32, lowest byte first.
    pub fn to_bytes(self) -> Vec<u8> {
        let relations = [self.agreement, self.unrelated, self.contradiction];
        relations.into_iter().chain(self.conflict).flat_map(f32::to_le_bytes).collect()
    }

    /// The scores that gave these bytes; `None` if there are too few or too many.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        if bytes.len() != Self::BYTES {
            return None;
        }
        let float = |i: usize| f32::from_le_bytes(std::array::from_fn(|byte| bytes[4 * i + byte]));
        Some(Self {
            agreement: float(0),
            unrelated: float(1),
            contradiction: float(2),
            conflict: std::array::from_fn(|i| float(3 + i)),
        })
    }
}

/// How many conflict types a model may tell apart.
pub const MAX_CONFLICT_TYPES: usize = 16;

/// What can go wrong with a model.
#[derive(Debug, thiserror::Error)]
pub enum ModelError {
    /// A file is missing, unreadable or damaged.
    #[error("model file `{path}`: {problem}")]
    File {
        /// The file.
        path: std::path::PathBuf,
        /// What is wrong, and what to do.
        problem: String,
    },
    /// The Hub or its cache could not give the model.
    #[error("model `{name}` from the Hugging Face Hub: {problem}")]
    Hub {
        /// `owner/name@revision`.
        name: String,
        /// What is wrong, and what to do.
        problem: String,
    },
    /// The weights are of a kind that is not supported.
    #[error("model `{name}`: {problem}")]
    Unsupported {
        /// Folder or pack.
        name: String,
        /// What is missing.
        problem: String,
    },
    /// A text could not be tokenized or a computation failed.
    #[error("model inference: {0}")]
    Inference(String),
}
