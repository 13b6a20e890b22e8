//! A folder with a classification head as `Judge`.

use super::folder::Folder;
use super::labels::Labels;
use super::network::{Head, LOGITS, Network};
use super::tokens::Texts;
use super::{Options, batch};
use crate::model::{Judge, ModelError, Scores};
use std::path::Path;

pub(super) struct CandleJudge {
    network: Network,
    head: Head,
    texts: Texts,
    labels: Labels,
    batch_tokens: usize,
    fingerprint: String,
}

impl CandleJudge {
    pub(super) fn load(path: &Path, options: &Options) -> Result<Self, ModelError> {
        let folder = Folder::open(path)?;
        let labels = Labels::read(folder.get("id2label"), path)?;
        let weights = folder.weights()?;
        let head = Head::load(&folder, &weights, LOGITS)?;
        let texts = Texts::load(&folder, None)?;
        let network = Network::load(&folder, &weights)?;
        let settings = format!("judge|{labels:?}|{}", texts.longest());
        let fingerprint = format!("candle-f32-{}", weights.fingerprint(&folder, &[], &settings)?);
        Ok(Self { network, head, texts, labels, batch_tokens: options.batch_tokens, fingerprint })
    }
}

impl Judge for CandleJudge {
    fn fingerprint(&self) -> String {
        self.fingerprint.clone()
    }

    fn judge(&self, pairs: &[(&str, &str)], done: &(dyn Fn(usize) + Sync)) -> Result<Vec<Scores>, ModelError> {
        let tokens = self.texts.encode(pairs)?;
        let logits = batch::run(
            &self.network,
            &tokens,
            (LOGITS, self.batch_tokens),
            |batch| self.head.forward(&self.network.forward(batch)?),
            done,
        )?;
        Ok(logits.chunks_exact(LOGITS).map(|logits| self.labels.scores(logits)).collect())
    }
}
