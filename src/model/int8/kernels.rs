//! The kernels of each instruction set, chosen when the program runs.

use super::attention::Scratch;
use super::product::{Dense, Quantized};
use super::rows::Affine;
use super::{attention, isa, product, rows};

/// An instruction set that the int8 layers can run on; all give the same bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InstructionSet {
    /// AVX-512 with VNNI.
    Avx512,
    /// AVX2, FMA and AVX-VNNI.
    Avx2Vnni,
    /// AVX2 and FMA.
    Avx2,
    /// Plain Rust.
    Portable,
}

impl InstructionSet {
    /// What this processor has, fastest first.
    pub fn available() -> Vec<Self> {
        let mut found = Vec::new();
        #[cfg(target_arch = "x86_64")]
        {
            let avx2 = is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma");
            let avx512 = is_x86_feature_detected!("avx512f")
                && is_x86_feature_detected!("avx512bw")
                && is_x86_feature_detected!("avx512dq")
                && is_x86_feature_detected!("avx512vl")
                && is_x86_feature_detected!("avx512vnni");
            if avx2 && avx512 {
                found.push(Self::Avx512);
            }
            if avx2 && is_x86_feature_detected!("avxvnni") {
                found.push(Self::Avx2Vnni);
            }
            if avx2 {
                found.push(Self::Avx2);
            }
        }
        found.push(Self::Portable);
        found
    }

    /// The fastest one that this processor has.
    pub fn best() -> Self {
        Self::available()[0]
    }

    pub(super) fn kernels(self) -> &'static Kernels {
        match self {
            #[cfg(target_arch = "x86_64")]
            Self::Avx512 => &avx512::KERNELS,
            #[cfg(target_arch = "x86_64")]
            Self::Avx2Vnni => &avx2_vnni::KERNELS,
            #[cfg(target_arch = "x86_64")]
            Self::Avx2 => &avx2::KERNELS,
            _ => &portable::KERNELS,
        }
    }
}

/// The entry points of one set; see the functions of the same names for what they need.
pub(super) struct Kernels {
    pub product: unsafe fn(&Quantized, usize, usize, &Dense, *mut f32),
    pub quantize: unsafe fn(*mut f32, usize, usize, &mut Quantized, usize),
    pub activate: unsafe fn(*mut f32, usize, usize, &mut Quantized, usize),
    pub normalize: unsafe fn(*mut f32, *const f32, usize, &Affine, &mut Quantized, usize),
    pub attention: unsafe fn(*const f32, usize, usize, usize, *mut f32, &mut Scratch),
}

macro_rules! kernels {
    ($name:ident, $isa:ty, $(#[$features:meta])?, rows $r:literal, columns $c:literal, queries $q:literal) => {
        mod $name {
            use super::*;

            pub static KERNELS: Kernels = Kernels { product, quantize, activate, normalize, attention };

            $(#[$features])?
            unsafe fn product(x: &Quantized, first: usize, rows: usize, dense: &Dense, out: *mut f32) {
                unsafe { product::product::<$isa, $r, $c>(x, first, rows, dense, out) }
            }
            $(#[$features])?
            unsafe fn quantize(x: *mut f32, rows: usize, width: usize, to: &mut Quantized, first: usize) {
                unsafe { rows::quantize::<$isa, false>(x, rows, width, to, first) }
            }
            $(#[$features])?
            unsafe fn activate(x: *mut f32, rows: usize, width: usize, to: &mut Quantized, first: usize) {
                unsafe { rows::quantize::<$isa, true>(x, rows, width, to, first) }
            }
            $(#[$features])?
            unsafe fn normalize(
                x: *mut f32,
                plus: *const f32,
                rows: usize,
                norm: &Affine,
                to: &mut Quantized,
                first: usize,
            ) {
                unsafe { rows::normalize::<$isa>(x, plus, rows, norm, to, first) }
            }
            $(#[$features])?
            unsafe fn attention(
                qkv: *const f32,
                tokens: usize,
                hidden: usize,
                heads: usize,
                out: *mut f32,
                scratch: &mut Scratch,
            ) {
                unsafe { attention::attention::<$isa, $q>(qkv, tokens, hidden, heads, out, scratch) }
            }
        }
    };
}

#[cfg(target_arch = "x86_64")]
use super::x86;

#[cfg(target_arch = "x86_64")]
kernels!(avx512, x86::Avx512, #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512vnni,avx2,fma")],
    rows 6, columns 4, queries 8);
#[cfg(target_arch = "x86_64")]
kernels!(avx2_vnni, x86::Avx2<true>, #[target_feature(enable = "avx2,fma,avxvnni")], rows 6, columns 1, queries 3);
#[cfg(target_arch = "x86_64")]
kernels!(avx2, x86::Avx2<false>, #[target_feature(enable = "avx2,fma")], rows 4, columns 1, queries 3);
kernels!(portable, isa::Portable,, rows 2, columns 1, queries 1);
