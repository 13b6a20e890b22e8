//! The pack: encoder, judge, token table and tokenizer in one folder, memory-mapped (`training/pack.py` describes the files).

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::hash::{hex, sha256_of};
use super::int8::{InstructionSet, Layer, Norm, Shape, Table, Trunk};
use super::tensors::Tensors;
use super::tokenizer::{Special, Tokenizer};
use super::{Int8Encoder, Int8Judge, ModelError};

/// Version of the format that this program reads.
const FORMAT: u32 = 2;
pub(super) const MANIFEST: &str = "manifest.json";
const CALIBRATION: &str = "calibration.json";

/// What a pack says about itself.
#[derive(Debug, Clone, Deserialize)]
pub struct Manifest {
    /// Version of the format.
    pub format: u32,
    /// Name of the model.
    pub name: String,
    /// Licence of the weights.
    pub licence: String,
    /// The model that training started from.
    pub base_model: String,
    /// What it was trained on.
    pub training_data: serde_json::Value,
    /// What was measured.
    pub scores: serde_json::Value,
    /// Names of the judge's conflict types, in the order of its logits.
    pub conflict_types: Vec<String>,
    /// Sizes of the layers.
    pub shape: Shape,
    /// How the encoder is fed.
    pub encoder: EncoderInput,
    /// Ids with a meaning of their own.
    pub tokenizer: Special,
    /// Every other file of the pack.
    pub files: BTreeMap<String, FileRecord>,
}

/// How the encoder is fed.
#[derive(Debug, Clone, Deserialize)]
pub struct EncoderInput {
    /// Stands before every text.
    pub prefix: String,
}

/// What a file must be.
#[derive(Debug, Clone, Deserialize)]
pub struct FileRecord {
    /// Length in bytes.
    pub bytes: u64,
    /// SHA-256, hexadecimal.
    pub sha256: String,
}

/// An opened pack.
#[derive(Debug)]
pub struct Pack {
    folder: PathBuf,
    manifest: Manifest,
    table: Arc<Table>,
    tokenizer: Arc<Tokenizer>,
    fingerprint: String,
}

/// Opens the pack in `folder` and checks that every file has its size.
pub fn open(folder: &Path) -> Result<Pack, ModelError> {
    let path = folder.join(MANIFEST);
    let text = std::fs::read(&path).map_err(|e| problem(&path, format!("{e}; a pack is a folder with {MANIFEST}")))?;
    let version: Version = serde_json::from_slice(&text).map_err(|e| problem(&path, format!("not a manifest: {e}")))?;
    if version.format != FORMAT {
        let problem = format!("format {}, this program reads format {FORMAT}", version.format);
        return Err(self::problem(&path, problem));
    }
    let manifest: Manifest = serde_json::from_slice(&text).map_err(|e| problem(&path, e.to_string()))?;
    if let Some(what) = manifest.shape.problem() {
        return Err(ModelError::Unsupported { name: folder.display().to_string(), problem: what });
    }
    for (name, record) in &manifest.files {
        let path = folder.join(name);
        let found = std::fs::metadata(&path).map_err(|e| problem(&path, e.to_string()))?.len();
        if found != record.bytes {
            return Err(problem(&path, format!("{found} bytes instead of {}; fetch the model again", record.bytes)));
        }
    }
    let tokenizer = tokenizer(&folder.join("tokenizer.zst"), &manifest.tokenizer)?;
    let table = table(&folder.join("table.safetensors"), &manifest.shape)?;
    let fingerprint = format!("{}-{}", manifest.name, &hex(&Sha256::digest(&text))[..16]);
    Ok(Pack {
        folder: folder.to_owned(),
        manifest,
        table: Arc::new(table),
        tokenizer: Arc::new(tokenizer),
        fingerprint,
    })
}

#[derive(Deserialize)]
struct Version {
    format: u32,
}

impl Pack {
    /// What the pack says about itself.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// The tokenizer of both models.
    pub fn tokenizer(&self) -> &Arc<Tokenizer> {
        &self.tokenizer
    }

    /// Names the weights: the manifest's name and hash, which covers the hashes of all files.
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    /// Reads every file and compares its SHA-256 with the manifest.
    pub fn verify(&self) -> Result<(), ModelError> {
        for (name, record) in &self.manifest.files {
            let path = self.folder.join(name);
            let found = sha256_of(&path).map_err(|e| problem(&path, e.to_string()))?;
            if found != record.sha256 {
                let what = format!("SHA-256 {found} instead of {}; fetch the model again", record.sha256);
                return Err(problem(&path, what));
            }
        }
        Ok(())
    }

    /// How the judge's logits become probabilities; null if the pack does not say.
    pub fn calibration(&self) -> Result<serde_json::Value, ModelError> {
        if !self.manifest.files.contains_key(CALIBRATION) {
            return Ok(serde_json::Value::Null);
        }
        let path = self.folder.join(CALIBRATION);
        let text = std::fs::read(&path).map_err(|e| problem(&path, e.to_string()))?;
        serde_json::from_slice(&text).map_err(|e| problem(&path, e.to_string()))
    }

    /// The encoder, on the fastest instruction set of this processor.
    pub fn encoder(&self) -> Result<Int8Encoder, ModelError> {
        self.encoder_on(InstructionSet::best())
    }

    /// The encoder on a given instruction set, which the processor must have.
    pub fn encoder_on(&self, set: InstructionSet) -> Result<Int8Encoder, ModelError> {
        let tensors = Tensors::open(&self.folder.join("encoder.safetensors"))?;
        let trunk = self.trunk(&tensors, set)?;
        Ok(Int8Encoder::new(trunk, self.tokenizer.clone(), &self.manifest.encoder.prefix, self.fingerprint.clone()))
    }

    /// The judge, on the fastest instruction set of this processor.
    pub fn judge(&self) -> Result<Int8Judge, ModelError> {
        self.judge_on(InstructionSet::best())
    }

    /// The judge on a given instruction set, which the processor must have.
    pub fn judge_on(&self, set: InstructionSet) -> Result<Int8Judge, ModelError> {
        let tensors = Tensors::open(&self.folder.join("judge.safetensors"))?;
        let trunk = self.trunk(&tensors, set)?;
        Int8Judge::new(trunk, &tensors, self.tokenizer.clone(), &self.manifest.conflict_types, self.fingerprint.clone())
    }

    fn trunk(&self, tensors: &Tensors, set: InstructionSet) -> Result<Trunk, ModelError> {
        let shape = &self.manifest.shape;
        let (hidden, wide) = (shape.hidden, shape.intermediate);
        let norm = |name: &str| -> Result<Norm, ModelError> {
            let part = |part: &str| tensors.floats(&format!("{name}.{part}"), &[hidden]);
            Ok(Norm { weight: part("weight")?, bias: part("bias")? })
        };
        let root = 1.0 / ((hidden / shape.heads) as f32).sqrt();
        let layer = |i: usize| -> Result<Layer, ModelError> {
            let mut qkv = tensors.linear(&format!("layer.{i}.qkv"), hidden, 3 * hidden)?;
            qkv.scale_outputs(hidden, root);
            Ok(Layer {
                qkv,
                attention_output: tensors.linear(&format!("layer.{i}.attention_output"), hidden, hidden)?,
                attention_norm: norm(&format!("layer.{i}.attention_norm"))?,
                intermediate: tensors.linear(&format!("layer.{i}.intermediate"), hidden, wide)?,
                output: tensors.linear(&format!("layer.{i}.output"), wide, hidden)?,
                output_norm: norm(&format!("layer.{i}.output_norm"))?,
            })
        };
        Ok(Trunk {
            shape: shape.clone(),
            table: self.table.clone(),
            positions: tensors.floats("embeddings.positions", &[shape.positions, hidden])?,
            types: tensors.floats("embeddings.types", &[2, hidden])?,
            norm: norm("embeddings.norm")?,
            layers: (0..shape.layers).map(layer).collect::<Result<_, _>>()?,
            set,
        })
    }
}

fn table(path: &Path, shape: &Shape) -> Result<Table, ModelError> {
    let tensors = Tensors::open(path)?;
    let groups = tensors.shape("codes")?.get(1).copied().unwrap_or(0);
    if groups == 0 || !shape.hidden.is_multiple_of(groups) {
        return Err(problem(path, format!("{groups} codes a token do not divide width {}", shape.hidden)));
    }
    Ok(Table::Codes {
        codes: tensors.bytes("codes", &[shape.tokens, groups])?,
        books: tensors.floats("books", &[groups, 256, shape.hidden / groups])?,
        groups,
    })
}

fn tokenizer(path: &Path, special: &Special) -> Result<Tokenizer, ModelError> {
    let file = File::open(path).map_err(|e| problem(path, e.to_string()))?;
    let mut data = Vec::new();
    let mut decoder = ruzstd::decoding::StreamingDecoder::new(std::io::BufReader::new(file))
        .map_err(|e| problem(path, format!("not Zstandard: {e}")))?;
    decoder.read_to_end(&mut data).map_err(|e| problem(path, format!("damaged: {e}")))?;
    let tensors = Tensors::read(path, data)?;
    let lengths = tensors.bytes("lengths", tensors.shape("lengths")?)?;
    let bytes = tensors.bytes("pieces", &[lengths.iter().map(|length| usize::from(*length)).sum()])?;
    let text = std::str::from_utf8(&bytes).map_err(|e| problem(path, e.to_string()))?;
    let mut ends = lengths.iter().scan(0, |end, length| {
        *end += usize::from(*length);
        Some(*end)
    });
    if ends.clone().any(|end| !text.is_char_boundary(end)) {
        return Err(problem(path, "a piece ends inside a character".into()));
    }
    let mut start = 0;
    let pieces = std::iter::from_fn(|| {
        let end = ends.next()?;
        Some(&text[std::mem::replace(&mut start, end)..end])
    });
    let planes = tensors.bytes("scores", &[8, lengths.len()])?;
    let count = lengths.len();
    let score = |i: usize| f64::from_le_bytes(std::array::from_fn(|byte| planes[byte * count + i]));
    let charsmap = tensors.bytes("charsmap", tensors.shape("charsmap")?)?;
    Tokenizer::new(pieces, (0..count).map(score).collect(), &charsmap, special.clone()).map_err(|e| problem(path, e))
}

fn problem(path: &Path, problem: String) -> ModelError {
    ModelError::File { path: path.to_owned(), problem }
}
