//! Transformer layers in int8: the same bits on every instruction set, in every batch and on any number of threads.
//!
//! Weights have one scale per output channel, activations one scale and zero point per row; products add up in 32-bit
//! integers. Everything else is float32 with sixteen lanes, a fixed order of sums and fused multiply-add throughout.
//! Sequences lie end to end: nothing is padded.

mod attention;
mod isa;
mod kernels;
mod math;
mod product;
mod rows;
mod trunk;
mod weights;
#[cfg(target_arch = "x86_64")]
mod x86;

pub use kernels::InstructionSet;
pub(super) use math::tanh;
pub use trunk::{Scratch, Sequence, Trunk};
pub use weights::{Layer, Linear, Norm, Shape, Table, Weights};
