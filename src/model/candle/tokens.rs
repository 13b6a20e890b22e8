//! Text to token ids, by the model's `tokenizer.json`.

use super::folder::{Folder, json_file};
use super::{damaged, inference, unsupported};
use crate::model::ModelError;
use rayon::prelude::*;
use serde_json::Value;
use tokenizers::{EncodeInput, Tokenizer, TruncationParams, TruncationStrategy};

/// Token ids of one input with their segment (0 or 1), of equal length.
pub(super) struct Tokens {
    pub(super) ids: Vec<u32>,
    pub(super) types: Vec<u32>,
}

/// The model's tokenizer, cut to the length that the model can read.
pub(super) struct Texts {
    tokenizer: Tokenizer,
    types: u32,
    longest: usize,
}

impl Texts {
    /// Reads `tokenizer.json`; inputs longer than the model, its tokenizer or `limit` (tokens) allow are cut at the end.
    pub(super) fn load(folder: &Folder, limit: Option<usize>) -> Result<Self, ModelError> {
        let file = folder.path.join("tokenizer.json");
        if !file.is_file() {
            let problem = "missing; save the model's fast tokenizer (AutoTokenizer.save_pretrained writes it)";
            return Err(damaged(&file, problem));
        }
        let mut tokenizer = Tokenizer::from_file(&file).map_err(|error| damaged(&file, error))?;
        let saved = json_file(&folder.path.join("tokenizer_config.json"))?.unwrap_or_default();
        // an unlimited tokenizer says so with a number near 1e30, which is no u64
        let tokenizer_limit = saved.get("model_max_length").and_then(Value::as_u64);
        let tokenizer_limit = tokenizer_limit.and_then(|n| usize::try_from(n).ok());
        let longest = [tokenizer_limit, limit].into_iter().flatten().fold(folder.longest()?, usize::min);
        if longest < 8 {
            return Err(unsupported(&folder.path, format!("it reads only {longest} tokens")));
        }
        let truncation =
            TruncationParams { max_length: longest, strategy: TruncationStrategy::LongestFirst, ..Default::default() };
        tokenizer.with_truncation(Some(truncation)).map_err(|error| damaged(&file, error))?;
        tokenizer.with_padding(None);
        let untyped = saved
            .get("model_input_names")
            .and_then(Value::as_array)
            .is_some_and(|names| !names.iter().any(|name| name == "token_type_ids"));
        let types = if untyped { 1 } else { folder.number("type_vocab_size")?.clamp(1, 2) as u32 };
        Ok(Self { tokenizer, types, longest })
    }

    /// Longest input in tokens.
    pub(super) fn longest(&self) -> usize {
        self.longest
    }

    /// Tokens of every input, in order; inputs are spread over the threads of the current rayon pool.
    pub(super) fn encode<'t, T>(&self, inputs: &[T]) -> Result<Vec<Tokens>, ModelError>
    where
        T: Copy + Send + Sync + Into<EncodeInput<'t>>,
    {
        inputs.par_iter().map(|&input| self.encode_one(input.into())).collect()
    }

    fn encode_one(&self, input: EncodeInput) -> Result<Tokens, ModelError> {
        let encoding = self.tokenizer.encode_fast(input, true).map_err(inference)?;
        let types = encoding.get_type_ids().iter().map(|&kind| kind.min(self.types - 1)).collect();
        Ok(Tokens { ids: encoding.get_ids().to_vec(), types })
    }
}
