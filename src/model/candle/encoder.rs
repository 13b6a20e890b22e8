//! A folder as `Encoder`.

use super::Options;
use super::batch::{self, Batch};
use super::folder::Folder;
use super::network::Network;
use super::sentence::Recipe;
use super::tokens::Texts;
use crate::model::{Encoder, ModelError, Work};
use candle_core::{Result, Tensor};
use std::path::Path;

pub(super) struct CandleEncoder {
    network: Network,
    texts: Texts,
    recipe: Recipe,
    batch_tokens: usize,
    multiply_adds: usize,
    fingerprint: String,
}

impl CandleEncoder {
    pub(super) fn load(path: &Path, options: &Options) -> std::result::Result<Self, ModelError> {
        let folder = Folder::open(path)?;
        let weights = folder.weights()?;
        let recipe = Recipe::read(&folder, options)?;
        let texts = Texts::load(&folder, recipe.limit)?;
        let network = Network::load(&folder, &weights)?;
        let settings = recipe.settings(texts.longest());
        let fingerprint = weights.fingerprint(&folder, &recipe.dense_files, &settings)?;
        let fingerprint = format!("candle-f32-{fingerprint}");
        let multiply_adds = folder.multiply_adds()?;
        Ok(Self { network, texts, recipe, batch_tokens: options.batch_tokens, multiply_adds, fingerprint })
    }

    fn vectors(&self, batch: &Batch) -> Result<Tensor> {
        let mut vectors = self.recipe.pooling.pool(&self.network.forward(batch)?, &batch.mask)?;
        for dense in &self.recipe.dense {
            vectors = dense.forward(&vectors)?;
        }
        let length = vectors.sqr()?.sum_keepdim(1)?.sqrt()?;
        vectors.broadcast_div(&length)
    }
}

impl Encoder for CandleEncoder {
    fn width(&self) -> usize {
        self.recipe.width
    }

    fn fingerprint(&self) -> String {
        self.fingerprint.clone()
    }

    fn tokens(&self, texts: &[&str]) -> std::result::Result<usize, ModelError> {
        Ok(self.recipe.encode(&self.texts, texts)?.iter().map(|tokens| tokens.ids.len()).sum())
    }

    fn work(&self) -> Option<Work> {
        Some(Work { multiply_adds: self.multiply_adds, int8: false })
    }

    fn embed(&self, texts: &[&str], done: &(dyn Fn(usize) + Sync)) -> std::result::Result<Vec<f32>, ModelError> {
        let (tokens, width) = (self.recipe.encode(&self.texts, texts)?, self.recipe.width);
        batch::run(&self.network, &tokens, (width, self.batch_tokens), |batch| self.vectors(batch), done)
    }
}
