//! Reads tensors by name, type and shape from a safetensors file in memory.

use std::fs::File;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use memmap2::Mmap;
use safetensors::SafeTensors;
use safetensors::tensor::{Dtype, Metadata, TensorInfo};

use super::ModelError;
use super::int8::{Linear, Weights};

/// A safetensors file.
pub(super) struct Tensors {
    path: PathBuf,
    data: Data,
    names: Metadata,
    /// Where the first tensor begins.
    start: usize,
}

enum Data {
    Mapped(Arc<Mmap>),
    Owned(Vec<u8>),
}

impl Tensors {
    /// Maps a file into memory.
    pub fn open(path: &Path) -> Result<Self, ModelError> {
        let wrap = |e: std::io::Error| ModelError::File { path: path.to_owned(), problem: e.to_string() };
        let file = File::open(path).map_err(wrap)?;
        // SAFETY: models are read-only data of the program; one that changes while it runs is as wrong as a changed binary.
        let map = unsafe { Mmap::map(&file) }.map_err(wrap)?;
        Self::new(path, Data::Mapped(Arc::new(map)))
    }

    /// Takes over a file that has been read; `path` names it in errors.
    pub fn read(path: &Path, data: Vec<u8>) -> Result<Self, ModelError> {
        Self::new(path, Data::Owned(data))
    }

    fn new(path: &Path, data: Data) -> Result<Self, ModelError> {
        let bytes: &[u8] = match &data {
            Data::Mapped(map) => map,
            Data::Owned(bytes) => bytes,
        };
        let wrap = |problem: String| ModelError::File { path: path.to_owned(), problem };
        let (header, names) = SafeTensors::read_metadata(bytes).map_err(|e| wrap(format!("not a model file: {e}")))?;
        let start = header + 8;
        if start + names.data_len() != bytes.len() {
            return Err(wrap(format!("{} bytes instead of {}", bytes.len(), start + names.data_len())));
        }
        Ok(Self { path: path.to_owned(), names, start, data })
    }

    /// The shape of a tensor.
    pub fn shape(&self, name: &str) -> Result<&[usize], ModelError> {
        Ok(&self.info(name)?.shape)
    }

    /// Bytes or int8 numbers.
    pub fn bytes(&self, name: &str, shape: &[usize]) -> Result<Weights, ModelError> {
        let range = self.range(name, shape, &[Dtype::U8, Dtype::I8])?.1;
        Ok(match &self.data {
            Data::Mapped(map) => Weights::Mapped { file: map.clone(), start: range.start, length: range.len() },
            Data::Owned(bytes) => Weights::Owned(bytes[range].to_vec()),
        })
    }

    /// Numbers that are stored as float32 or float16.
    pub fn floats(&self, name: &str, shape: &[usize]) -> Result<Vec<f32>, ModelError> {
        let (kind, range) = self.range(name, shape, &[Dtype::F32, Dtype::F16])?;
        let bytes = self.data(range);
        Ok(match kind {
            Dtype::F32 => words(bytes).map(f32::from_le_bytes).collect(),
            _ => words(bytes).map(|word| half::f16::from_le_bytes(word).to_f32()).collect(),
        })
    }

    /// A dense layer under `name`.
    pub fn linear(&self, name: &str, inputs: usize, outputs: usize) -> Result<Linear, ModelError> {
        let (_, sums) = self.range(&format!("{name}.sum"), &[outputs], &[Dtype::I32])?;
        Ok(Linear {
            inputs,
            outputs,
            weight: self.bytes(&format!("{name}.weight"), &[outputs / 16, inputs / 4, 16, 4])?,
            scale: self.floats(&format!("{name}.scale"), &[outputs])?,
            bias: self.floats(&format!("{name}.bias"), &[outputs])?,
            sum: words(self.data(sums)).map(i32::from_le_bytes).collect(),
        })
    }

    /// Whether there is a tensor of this name.
    pub fn has(&self, name: &str) -> bool {
        self.names.info(name).is_some()
    }

    fn info(&self, name: &str) -> Result<&TensorInfo, ModelError> {
        self.names.info(name).ok_or_else(|| self.problem(format!("has no tensor `{name}`")))
    }

    fn range(&self, name: &str, shape: &[usize], kinds: &[Dtype]) -> Result<(Dtype, Range<usize>), ModelError> {
        let info = self.info(name)?;
        if info.shape != shape || !kinds.contains(&info.dtype) {
            let found = format!("{:?} {:?}", info.dtype, info.shape);
            return Err(self.problem(format!("tensor `{name}` is {found} instead of {:?} {shape:?}", kinds[0])));
        }
        Ok((info.dtype, self.start + info.data_offsets.0..self.start + info.data_offsets.1))
    }

    fn data(&self, range: Range<usize>) -> &[u8] {
        match &self.data {
            Data::Mapped(map) => &map[range],
            Data::Owned(bytes) => &bytes[range],
        }
    }

    fn problem(&self, problem: String) -> ModelError {
        ModelError::File { path: self.path.clone(), problem }
    }
}

fn words<const N: usize>(bytes: &[u8]) -> impl Iterator<Item = [u8; N]> + '_ {
    bytes.as_chunks::<N>().0.iter().copied()
}
