//! Transformer layers in int8: the same bits on every instruction set, in every batch and on any number of threads.
//!
//! Weights have one scale per output channel, activations one scale and zero point per row; products add up in 32-bit
//! integers. Everything else is float32 with sixteen lanes, a fixed order of sums and fused multiply-add throughout.
//! Sequences lie end to end: nothing is padded.

#[cfg(all(target_arch = "x86_64", target_os = "linux"))]
mod amx;
mod attention;
#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod avx512;
mod isa;
mod kernels;
mod math;
#[cfg(target_arch = "aarch64")]
mod neon;
mod peak;
mod product;
mod rows;
mod trunk;
mod weights;

pub use kernels::InstructionSet;
pub(super) use math::tanh;
pub use peak::peak;
pub use trunk::{Scratch, Sequence, Trunk};
pub use weights::{Layer, Linear, Norm, Shape, Table, Weights};
