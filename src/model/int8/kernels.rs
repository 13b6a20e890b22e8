//! The kernels of each instruction set, chosen when the program runs.

#[cfg(all(target_arch = "x86_64", target_os = "linux"))]
use super::amx;
use super::attention::Scratch;
#[cfg(target_arch = "x86_64")]
use super::avx2::Avx2;
#[cfg(target_arch = "x86_64")]
use super::avx512::Avx512;
#[cfg(target_arch = "aarch64")]
use super::neon::Neon;
use super::product::{Dense, Quantized};
use super::rows::Affine;
use super::{attention, isa, peak, product, rows};

/// An instruction set that the int8 layers can run on; all give the same bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InstructionSet {
    /// AVX-512 with VNNI, and tiles (AMX-INT8) for the products.
    Amx,
    /// AVX-512 with VNNI.
    Avx512,
    /// AVX2, FMA and AVX-VNNI.
    Avx2Vnni,
    /// AVX2 and FMA.
    Avx2,
    /// NEON with dot products.
    Neon,
    /// Plain Rust.
    Portable,
}

impl InstructionSet {
    /// Those of all processors.
    pub const ALL: [Self; 6] = [Self::Amx, Self::Avx512, Self::Avx2Vnni, Self::Avx2, Self::Neon, Self::Portable];

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
            #[cfg(target_os = "linux")]
            if avx2 && avx512 && amx::available() {
                found.push(Self::Amx);
            }
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
        #[cfg(target_arch = "aarch64")]
        if std::arch::is_aarch64_feature_detected!("neon") && std::arch::is_aarch64_feature_detected!("dotprod") {
            found.push(Self::Neon);
        }
        found.push(Self::Portable);
        found
    }

    /// Its name in the settings.
    pub fn name(self) -> &'static str {
        match self {
            Self::Amx => "amx",
            Self::Avx512 => "avx512",
            Self::Avx2Vnni => "avx2-vnni",
            Self::Avx2 => "avx2",
            Self::Neon => "neon",
            Self::Portable => "portable",
        }
    }

    /// The fastest one that this processor has.
    pub fn best() -> Self {
        Self::available()[0]
    }

    pub(super) fn kernels(self) -> &'static Kernels {
        match self {
            #[cfg(all(target_arch = "x86_64", target_os = "linux"))]
            Self::Amx => &AMX,
            #[cfg(target_arch = "x86_64")]
            Self::Avx512 => &avx512::KERNELS,
            #[cfg(target_arch = "x86_64")]
            Self::Avx2Vnni => &avx2_vnni::KERNELS,
            #[cfg(target_arch = "x86_64")]
            Self::Avx2 => &avx2::KERNELS,
            #[cfg(target_arch = "aarch64")]
            Self::Neon => &neon::KERNELS,
            _ => &portable::KERNELS,
        }
    }
}

/// The entry points of one set; see the functions of the same names for what they need.
pub(super) struct Kernels {
    pub product: unsafe fn(&Quantized, usize, usize, &Dense, *mut f32, &mut Vec<i16>),
    pub product_activated: unsafe fn(&Quantized, usize, usize, &Dense, *mut f32, &mut Vec<i16>),
    pub multiply: unsafe fn(usize) -> usize,
    pub multiply_floats: unsafe fn(usize) -> usize,
    pub quantize: unsafe fn(*const f32, usize, usize, &mut Quantized, usize),
    pub normalize: unsafe fn(*mut f32, *const f32, usize, &Affine, &mut Quantized, usize),
    pub attention: unsafe fn(*const f32, usize, usize, usize, *mut f32, &mut Scratch),
}

macro_rules! kernels {
    ($name:ident, $isa:ty, $(#[$features:meta])?, rows $r:literal, columns $c:literal, attention $two:literal $one:literal) => {
        mod $name {
            use super::*;

            pub static KERNELS: Kernels = Kernels { product, product_activated, multiply, multiply_floats, quantize, normalize, attention };

            $(#[$features])?
            unsafe fn product(x: &Quantized, first: usize, rows: usize, dense: &Dense, out: *mut f32, room: &mut Vec<i16>) {
                unsafe { product::product::<$isa, $r, $c, false>(x, first, rows, dense, out, room) }
            }
            $(#[$features])?
            unsafe fn product_activated(x: &Quantized, first: usize, rows: usize, dense: &Dense, out: *mut f32, room: &mut Vec<i16>) {
                unsafe { product::product::<$isa, $r, $c, true>(x, first, rows, dense, out, room) }
            }
            $(#[$features])?
            unsafe fn multiply(rounds: usize) -> usize {
                unsafe { peak::multiply::<$isa, $r, $c>(rounds) }
            }
            $(#[$features])?
            unsafe fn multiply_floats(rounds: usize) -> usize {
                unsafe { peak::multiply_floats::<$isa, $r, $c>(rounds) }
            }
            $(#[$features])?
            unsafe fn quantize(x: *const f32, rows: usize, width: usize, to: &mut Quantized, first: usize) {
                unsafe { rows::quantize::<$isa>(x, rows, width, to, first) }
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
                unsafe { attention::attention::<$isa, $two, $one>(qkv, tokens, hidden, heads, out, scratch) }
            }
        }
    };
}

#[cfg(target_arch = "x86_64")]
kernels!(avx512, Avx512, #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512vnni,avx2,fma")],
    rows 6, columns 4, attention 8 16);
#[cfg(target_arch = "x86_64")]
kernels!(avx2_vnni, Avx2<true>, #[target_feature(enable = "avx2,fma,avxvnni")], rows 6, columns 1, attention 2 4);
#[cfg(target_arch = "x86_64")]
kernels!(avx2, Avx2<false>, #[target_feature(enable = "avx2,fma")], rows 4, columns 1, attention 2 4);
#[cfg(target_arch = "aarch64")]
kernels!(neon, Neon, #[target_feature(enable = "neon,dotprod")], rows 4, columns 1, attention 1 4);
kernels!(portable, isa::Portable,, rows 2, columns 1, attention 1 1);

#[cfg(all(target_arch = "x86_64", target_os = "linux"))]
static AMX: Kernels = Kernels {
    product: amx::product::<false>,
    product_activated: amx::product::<true>,
    multiply: amx::multiply,
    ..avx512::KERNELS
};
