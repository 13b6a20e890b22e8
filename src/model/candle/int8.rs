//! BERT and XLM-RoBERTa from a folder, quantized to int8 when they are opened: the same bits on every machine.

use std::path::Path;
use std::sync::{Arc, Mutex};

use candle_core::Tensor;

use super::folder::{Family, Folder, Weights};
use super::labels::Labels;
use super::network::{Head, LOGITS};
use super::sentence::{Pooling, Recipe};
use super::tokens::{Texts, Tokens};
use super::{Options, damaged, inference, unsupported};
use crate::model::int8::{Layer, Linear, Norm, Scratch, Sequence, Shape, Table, Trunk, tanh};
use crate::model::{Encoder, Judge, ModelError, Scores, Work, batch};

/// The layers and what its workers keep between batches.
struct Network {
    trunk: Trunk,
    memory: Mutex<Vec<Scratch>>,
}

impl Network {
    fn load(folder: &Folder, weights: &Weights, options: &Options) -> Result<Self, ModelError> {
        let trunk = Reader { folder, weights }.trunk(options)?;
        Ok(Self { trunk, memory: Mutex::default() })
    }

    /// One row of numbers per input, from its last hidden states `[tokens, hidden]`.
    fn run(
        &self,
        tokens: &[Tokens],
        done: &(dyn Fn(usize) + Sync),
        row: impl Fn(&[f32]) -> Vec<f32> + Sync,
    ) -> Vec<f32> {
        let ranges = batch::ranges(tokens.iter().map(|tokens| tokens.ids.len()));
        let parts = batch::map(&ranges, &self.memory, |range, scratch| {
            let count = range.len();
            let right = |types: &[u32]| types.iter().position(|kind| *kind > 0).unwrap_or(types.len());
            let sequences: Vec<_> =
                tokens[range].iter().map(|t| Sequence { ids: &t.ids, right: right(&t.types) }).collect();
            let mut rest = self.trunk.forward(&sequences, scratch);
            let mut rows = Vec::new();
            for sequence in &sequences {
                let (hidden, after) = rest.split_at(sequence.ids.len() * self.trunk.shape.hidden);
                rest = after;
                rows.extend(row(hidden));
            }
            done(count);
            rows
        });
        parts.concat()
    }
}

/// An encoder in int8.
pub(super) struct Int8FolderEncoder {
    network: Network,
    texts: Texts,
    recipe: Recipe,
    dense: Vec<Plain>,
    fingerprint: String,
}

impl Int8FolderEncoder {
    pub(super) fn load(path: &Path, options: &Options) -> Result<Self, ModelError> {
        let folder = Folder::open(path)?;
        let weights = folder.weights()?;
        let recipe = Recipe::read(&folder, options)?;
        let texts = Texts::load(&folder, recipe.limit)?;
        let dense = recipe.dense.iter().map(|dense| Plain::of(dense.parts(), dense.tanh)).collect::<Result<_, _>>();
        let dense = dense.map_err(inference)?;
        let network = Network::load(&folder, &weights, options)?;
        let settings = recipe.settings(texts.longest());
        let fingerprint = weights.fingerprint(&folder, &recipe.dense_files, &settings)?;
        let fingerprint = format!("int8-{fingerprint}");
        Ok(Self { network, texts, recipe, dense, fingerprint })
    }
}

impl Encoder for Int8FolderEncoder {
    fn width(&self) -> usize {
        self.recipe.width
    }

    fn fingerprint(&self) -> String {
        self.fingerprint.clone()
    }

    fn tokens(&self, texts: &[&str]) -> Result<usize, ModelError> {
        Ok(self.recipe.encode(&self.texts, texts)?.iter().map(|tokens| tokens.ids.len()).sum())
    }

    fn work(&self) -> Option<Work> {
        Some(Work { multiply_adds: self.network.trunk.shape.multiply_adds(), int8: true })
    }

    fn embed(&self, texts: &[&str], done: &(dyn Fn(usize) + Sync)) -> Result<Vec<f32>, ModelError> {
        let width = self.network.trunk.shape.hidden;
        let tokens = self.recipe.encode(&self.texts, texts)?;
        Ok(self.network.run(&tokens, done, |hidden| {
            let mut vector = hidden[..width].to_vec();
            if self.recipe.pooling == Pooling::Mean {
                batch::sum(&hidden[width..], &mut vector);
                let tokens = (hidden.len() / width) as f32;
                vector.iter_mut().for_each(|x| *x /= tokens);
            }
            for dense in &self.dense {
                vector = dense.forward(&vector);
            }
            batch::unit(&mut vector);
            vector
        }))
    }
}

/// A judge in int8.
pub(super) struct Int8FolderJudge {
    network: Network,
    head: [Plain; 2],
    texts: Texts,
    labels: Labels,
    fingerprint: String,
}

impl Int8FolderJudge {
    pub(super) fn load(path: &Path, options: &Options) -> Result<Self, ModelError> {
        let folder = Folder::open(path)?;
        let labels = Labels::read(folder.get("id2label"), path)?;
        let weights = folder.weights()?;
        // Read first: a folder without a head is refused before anything is computed.
        let head = Head::load(&folder, &weights, LOGITS)?;
        let [dense, output] = head.parts();
        let head = [Plain::of(dense, true).map_err(inference)?, Plain::of(output, false).map_err(inference)?];
        let texts = Texts::load(&folder, None)?;
        let network = Network::load(&folder, &weights, options)?;
        let settings = format!("judge|{labels:?}|{}", texts.longest());
        let fingerprint = format!("int8-{}", weights.fingerprint(&folder, &[], &settings)?);
        Ok(Self { network, head, texts, labels, fingerprint })
    }
}

impl Judge for Int8FolderJudge {
    fn fingerprint(&self) -> String {
        self.fingerprint.clone()
    }

    fn judge(&self, pairs: &[(&str, &str)], done: &(dyn Fn(usize) + Sync)) -> Result<Vec<Scores>, ModelError> {
        let width = self.network.trunk.shape.hidden;
        let tokens = self.texts.encode(pairs)?;
        let [dense, output] = &self.head;
        let logits = self.network.run(&tokens, done, |hidden| output.forward(&dense.forward(&hidden[..width])));
        Ok(logits.chunks_exact(LOGITS).map(|logits| self.labels.scores(logits)).collect())
    }
}

/// A dense layer in float32 with a fixed order of sums.
struct Plain {
    /// `[outputs, inputs]`
    weight: Vec<f32>,
    bias: Vec<f32>,
    tanh: bool,
}

impl Plain {
    fn of(linear: &candle_nn::Linear, tanh: bool) -> candle_core::Result<Self> {
        let bias = match linear.bias() {
            Some(bias) => bias.to_vec1()?,
            None => vec![0.0; linear.weight().dim(0)?],
        };
        Ok(Self { weight: linear.weight().flatten_all()?.to_vec1()?, bias, tanh })
    }

    fn forward(&self, input: &[f32]) -> Vec<f32> {
        let rows = self.weight.chunks_exact(input.len()).zip(&self.bias);
        rows.map(|(row, bias)| {
            let sum = bias + input.iter().zip(row).map(|(x, w)| x * w).sum::<f32>();
            if self.tanh { tanh(sum) } else { sum }
        })
        .collect()
    }
}

/// Reads the layers of a checkpoint.
struct Reader<'a> {
    folder: &'a Folder,
    weights: &'a Weights,
}

impl Reader<'_> {
    fn trunk(&self, options: &Options) -> Result<Trunk, ModelError> {
        let folder = self.folder;
        let refuse = |problem: String| Err(unsupported(&folder.path, problem));
        // RoBERTa's first row of positions belongs to the token after the padding's id.
        let skipped = match folder.family {
            Family::Bert => 0,
            Family::XlmRoberta => folder.number("pad_token_id")? + 1,
            Family::DebertaV2 => {
                return refuse("DeBERTa-v2 runs in float32 only: set model.quantize = \"none\"".into());
            }
        };
        let activation = folder.get("hidden_act").and_then(|name| name.as_str()).unwrap_or_default();
        if !activation.starts_with("gelu") {
            return refuse(format!(
                "int8 layers have GELU, not hidden_act `{activation}`: set model.quantize = \"none\""
            ));
        }
        let epsilon = folder.get("layer_norm_eps").and_then(|x| x.as_f64()).unwrap_or(1e-12) as f32;
        let shape = Shape {
            hidden: folder.number("hidden_size")?,
            layers: folder.number("num_hidden_layers")?,
            heads: folder.number("num_attention_heads")?,
            intermediate: folder.number("intermediate_size")?,
            positions: folder.longest()?,
            tokens: folder.number("vocab_size")?,
            epsilon,
        };
        if let Some(problem) = shape.problem() {
            return refuse(format!("{problem} for int8; set model.quantize = \"none\""));
        }
        let hidden = shape.hidden;
        let types = folder.number("type_vocab_size")?.max(1);
        let mut type_rows = self.floats("embeddings.token_type_embeddings.weight", &[types, hidden])?;
        if types == 1 {
            type_rows.extend_from_within(..);
        }
        let positions = self.floats("embeddings.position_embeddings.weight", &[shape.positions + skipped, hidden])?;
        let table = self.floats("embeddings.word_embeddings.weight", &[shape.tokens, hidden])?;
        Ok(Trunk {
            table: Arc::new(Table::rows(&table)),
            positions: positions[skipped * hidden..].to_vec(),
            types: type_rows,
            norm: self.norm("embeddings.LayerNorm", hidden)?,
            layers: (0..shape.layers).map(|layer| self.layer(layer, &shape)).collect::<Result<_, _>>()?,
            shape,
            set: options.instruction_set,
        })
    }

    fn layer(&self, layer: usize, shape: &Shape) -> Result<Layer, ModelError> {
        let (hidden, wide) = (shape.hidden, shape.intermediate);
        let name = |part: &str| format!("encoder.layer.{layer}.{part}");
        let (mut weight, mut bias) = (Vec::new(), Vec::new());
        for part in ["query", "key", "value"] {
            let (w, b) = self.dense(&name(&format!("attention.self.{part}")), hidden, hidden)?;
            weight.extend(w);
            bias.extend(b);
        }
        let mut qkv = Linear::quantize(&weight, &bias, hidden);
        qkv.scale_outputs(hidden, 1.0 / ((hidden / shape.heads) as f32).sqrt());
        let linear = |part: &str, inputs, outputs| {
            self.dense(&name(part), inputs, outputs).map(|(weight, bias)| Linear::quantize(&weight, &bias, inputs))
        };
        Ok(Layer {
            qkv,
            attention_output: linear("attention.output.dense", hidden, hidden)?,
            attention_norm: self.norm(&name("attention.output.LayerNorm"), hidden)?,
            intermediate: linear("intermediate.dense", hidden, wide)?,
            output: linear("output.dense", wide, hidden)?,
            output_norm: self.norm(&name("output.LayerNorm"), hidden)?,
        })
    }

    fn dense(&self, name: &str, inputs: usize, outputs: usize) -> Result<(Vec<f32>, Vec<f32>), ModelError> {
        let weight = self.floats(&format!("{name}.weight"), &[outputs, inputs])?;
        Ok((weight, self.floats(&format!("{name}.bias"), &[outputs])?))
    }

    fn norm(&self, name: &str, width: usize) -> Result<Norm, ModelError> {
        let part = |part: &str| self.floats(&format!("{name}.{part}"), &[width]);
        Ok(Norm { weight: part("weight")?, bias: part("bias")? })
    }

    fn floats(&self, name: &str, shape: &[usize]) -> Result<Vec<f32>, ModelError> {
        let name = format!("{}.{name}", self.folder.family.prefix());
        let read = |tensor: Tensor| tensor.flatten_all()?.to_vec1::<f32>();
        let values = self.weights.builder.get(shape, &name).and_then(read);
        values.map_err(|error| damaged(&self.folder.path, format!("weights do not fit config.json: {error}")))
    }
}
