//! From a name in the settings to an encoder or a judge.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::int8::InstructionSet;
use super::{Encoder, Judge, ModelError, candle, pack};

/// Name of the model that ships with the program; its folder lies under `models/`.
pub const SHIPPED: &str = "claim-v10";

/// Section `[model]` of the settings.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// `shipped`, `hub:owner/name@revision`, or a folder: a pack or a Hugging Face style folder.
    pub encoder: String,
    /// The same for the judge: a sequence classifier for entailment, neutral and contradiction.
    pub judge: String,
    /// Put before every text that is embedded; `auto` takes what the model's own files say.
    pub prompt: String,
    /// Whether a run takes the mean vector of each language away from the vectors of an encoder that is no pack.
    pub language_means: bool,
    /// Padded tokens of one batch of a float32 model.
    pub batch_tokens: usize,
    /// Whether a float32 model is computed in int8: faster, and nearly the same.
    pub quantize: Quantize,
    /// What int8 models run on: `auto`, or a name of `InstructionSet`; results do not depend on it.
    pub instruction_set: String,
}

/// Precision of a model that comes in float32.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Quantize {
    /// Float32.
    None,
    /// 8-bit integers in the dense layers (BERT and XLM-RoBERTa).
    Int8,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            encoder: "shipped".into(),
            judge: "shipped".into(),
            prompt: "auto".into(),
            language_means: true,
            batch_tokens: 4096,
            quantize: Quantize::None,
            instruction_set: "auto".into(),
        }
    }
}

/// Where a name in the settings points.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// The model that ships with the program.
    Shipped,
    /// A repository of the Hugging Face Hub, as `owner/name@revision`.
    Hub(String),
    /// A folder.
    Folder(PathBuf),
}

impl Source {
    /// Reads a name of the settings.
    pub fn of(name: &str) -> Self {
        match name.strip_prefix("hub:") {
            Some(repository) => Self::Hub(repository.to_owned()),
            None if name == "shipped" => Self::Shipped,
            None => Self::Folder(name.into()),
        }
    }
}

/// Opens the encoder in a folder.
pub fn open_encoder(folder: &Path, settings: &Settings) -> Result<Box<dyn Encoder>, ModelError> {
    if is_pack(folder) {
        return Ok(Box::new(pack::open(folder)?.encoder_on(instruction_set(settings)?)?));
    }
    candle::encoder(folder, &options(settings)?)
}

/// A judge and what its own files say about it.
pub struct OpenJudge {
    /// The judge.
    pub judge: Box<dyn Judge>,
    /// Names of its conflict types, in the order of its logits; empty if it has none.
    pub conflict_types: Vec<String>,
    /// Calibration of its scores, as JSON; null if it has none.
    pub calibration: serde_json::Value,
}

/// Opens the judge in a folder.
pub fn open_judge(folder: &Path, settings: &Settings) -> Result<OpenJudge, ModelError> {
    if is_pack(folder) {
        let pack = pack::open(folder)?;
        return Ok(OpenJudge {
            judge: Box::new(pack.judge_on(instruction_set(settings)?)?),
            conflict_types: pack.manifest().conflict_types.clone(),
            calibration: pack.calibration()?,
        });
    }
    let judge = candle::judge(folder, &options(settings)?)?;
    Ok(OpenJudge { judge, conflict_types: Vec::new(), calibration: serde_json::Value::Null })
}

/// Whether a folder holds a pack.
pub fn is_pack(folder: &Path) -> bool {
    folder.join(pack::MANIFEST).is_file()
}

fn options(settings: &Settings) -> Result<candle::Options, ModelError> {
    let prompt = (settings.prompt != "auto").then(|| settings.prompt.clone());
    Ok(candle::Options {
        name: None,
        prompt,
        batch_tokens: settings.batch_tokens,
        quantize: settings.quantize == Quantize::Int8,
        instruction_set: instruction_set(settings)?,
    })
}

/// The instruction set that the settings name; fails with the possible names where this processor does not have it.
pub fn instruction_set(settings: &Settings) -> Result<InstructionSet, ModelError> {
    let sets = InstructionSet::available();
    if settings.instruction_set == "auto" {
        return Ok(sets[0]);
    }
    sets.iter().copied().find(|set| set.name() == settings.instruction_set).ok_or_else(|| {
        let names: Vec<&str> = sets.iter().map(|set| set.name()).collect();
        let problem = format!("is not among those of this processor: auto, {}", names.join(", "));
        ModelError::Unsupported { name: format!("model.instruction_set = \"{}\"", settings.instruction_set), problem }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instruction_set_of_another_processor_is_refused_with_the_names_of_this_one() {
        let on = |name: &str| instruction_set(&Settings { instruction_set: name.into(), ..Settings::default() });
        assert_eq!(on("auto").unwrap(), InstructionSet::best());
        assert_eq!(on("portable").unwrap(), InstructionSet::Portable);
        let error = on("mmx").unwrap_err().to_string();
        assert!(error.contains("mmx") && error.contains("portable"), "{error}");
    }

    #[test]
    fn names_are_the_shipped_model_the_hub_or_a_folder() {
        assert_eq!(Source::of("shipped"), Source::Shipped);
        assert_eq!(Source::of("hub:a/b@main"), Source::Hub("a/b@main".into()));
        assert_eq!(Source::of("models/mine"), Source::Folder("models/mine".into()));
    }
}
