//! Products in tiles: with Advanced Matrix Extensions one instruction multiplies sixteen rows, 64 inputs and sixteen outputs.
//!
//! Stable Rust has no intrinsics for them, so their instructions are spelled out (Intel 64 manual, volume 2: `TDPBUSD` and the `TILE`
//! group). All else is as on AVX-512.

use std::arch::asm;
use std::arch::x86_64::*;

use super::avx512::Avx512;
use super::isa::Lanes;
use super::product::{Dense, Quantized, finished};

/// Rows, and outputs, of a tile.
const SIDE: usize = 16;
/// Bytes in a row of a tile: inputs of one instruction, or `SIDE` sums.
const ROW: usize = 64;

/// Whether the processor has them and the system lets this process use their registers, which it must be asked for.
pub(super) fn available() -> bool {
    const TILES_AND_INT8: u32 = 1 << 24 | 1 << 25; // CPUID 7.0, EDX
    const REQUEST: libc::c_long = 0x1023; // ARCH_REQ_XCOMP_PERM, Linux 5.16 and later
    const TILE_DATA: libc::c_long = 18;
    let found = __cpuid(0).eax >= 7 && __cpuid_count(7, 0).edx & TILES_AND_INT8 == TILES_AND_INT8;
    // SAFETY: the call changes nothing but what the process may use.
    found && unsafe { libc::syscall(libc::SYS_arch_prctl, REQUEST, TILE_DATA) } == 0
}

/// Palette 1: eight registers of `SIDE` rows and `ROW` bytes.
#[repr(align(64))]
struct Configuration([u8; 64]);

static CONFIGURATION: Configuration = {
    let mut bytes = [0; 64];
    bytes[0] = 1;
    let mut tile = 0;
    while tile < 8 {
        bytes[16 + 2 * tile] = ROW as u8;
        bytes[48 + tile] = SIDE as u8;
        tile += 1;
    }
    Configuration(bytes)
};

/// Sums of two by two tiles, row after row.
#[repr(align(64))]
struct Sums([i32; 4 * SIDE * SIDE]);

/// As [`super::product::product`], two by two tiles at a time.
///
/// # Safety
/// The processor has AVX-512 with VNNI, and [`available`] said yes; `x` holds the rows, and `SIDE` - 1 more may be read; `out` has
/// room for the rows; 64 divides the inputs, 32 the outputs.
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512vnni,avx2,fma")]
pub(super) unsafe fn product<const ACTIVATE: bool>(
    x: &Quantized,
    first: usize,
    rows: usize,
    dense: &Dense,
    out: *mut f32,
    _: &mut Vec<i16>,
) {
    let mut sums = Sums([0; 4 * SIDE * SIDE]);
    // SAFETY: as the caller promises; the tile registers hold nothing that anyone else keeps.
    unsafe {
        asm!("ldtilecfg [{}]", in(reg) CONFIGURATION.0.as_ptr(), options(nostack, readonly));
        for column in (0..dense.outputs).step_by(2 * SIDE) {
            let w = dense.weight.as_ptr().add(column * dense.inputs);
            for row in (0..rows).step_by(2 * SIDE) {
                let a = x.activations.as_ptr().cast::<u8>().add((first + row) * dense.inputs);
                let here = (rows - row).min(2 * SIDE);
                if here > SIDE {
                    two_by_two(a, w, dense.inputs, &mut sums);
                } else {
                    one_by_two(a, w, dense.inputs, &mut sums);
                }
                finish::<ACTIVATE>(&sums, x, first + row, here, dense, column, out.add(row * dense.outputs));
            }
        }
        asm!("tilerelease", options(nostack, nomem));
    }
}

/// `sums` = 32 rows of activations times 32 columns of weights.
///
/// # Safety
/// The tiles are configured; `a` points to 32 rows, `w` to two panels of `inputs` each.
#[inline(always)]
unsafe fn two_by_two(a: *const u8, w: *const i8, inputs: usize, sums: &mut Sums) {
    // SAFETY: as the caller promises.
    unsafe {
        asm!(
            "tilezero tmm0", "tilezero tmm1", "tilezero tmm2", "tilezero tmm3",
            "2:",
            "tileloadd tmm4, [{a} + {inputs}]",
            "tileloadd tmm6, [{w} + {row}]",
            "tileloadd tmm7, [{right} + {row}]",
            "tileloadd tmm5, [{below} + {inputs}]",
            "tdpbusd tmm0, tmm4, tmm6",
            "tdpbusd tmm1, tmm4, tmm7",
            "tdpbusd tmm2, tmm5, tmm6",
            "tdpbusd tmm3, tmm5, tmm7",
            "add {a}, 64", "add {below}, 64",
            "add {w}, 1024", "add {right}, 1024",
            "dec {steps}",
            "jnz 2b",
            "tilestored [{sums} + {twice}], tmm0",
            "tilestored [{sums} + {twice} + 64], tmm1",
            "tilestored [{sums} + {twice} + 2048], tmm2",
            "tilestored [{sums} + {twice} + 2112], tmm3",
            a = inout(reg) a => _, below = inout(reg) a.add(SIDE * inputs) => _,
            w = inout(reg) w => _, right = inout(reg) w.add(SIDE * inputs) => _,
            steps = inout(reg) inputs / ROW => _,
            inputs = in(reg) inputs, row = in(reg) ROW, twice = in(reg) 2 * ROW, sums = in(reg) sums.0.as_mut_ptr(),
            options(nostack),
        );
    }
}

/// The same of 16 rows.
///
/// # Safety
/// As there; `a` points to 16 rows.
#[inline(always)]
unsafe fn one_by_two(a: *const u8, w: *const i8, inputs: usize, sums: &mut Sums) {
    // SAFETY: as the caller promises.
    unsafe {
        asm!(
            "tilezero tmm0", "tilezero tmm1",
            "2:",
            "tileloadd tmm4, [{a} + {inputs}]",
            "tileloadd tmm6, [{w} + {row}]",
            "tileloadd tmm7, [{right} + {row}]",
            "tdpbusd tmm0, tmm4, tmm6",
            "tdpbusd tmm1, tmm4, tmm7",
            "add {a}, 64",
            "add {w}, 1024", "add {right}, 1024",
            "dec {steps}",
            "jnz 2b",
            "tilestored [{sums} + {twice}], tmm0",
            "tilestored [{sums} + {twice} + 64], tmm1",
            a = inout(reg) a => _,
            w = inout(reg) w => _, right = inout(reg) w.add(SIDE * inputs) => _,
            steps = inout(reg) inputs / ROW => _,
            inputs = in(reg) inputs, row = in(reg) ROW, twice = in(reg) 2 * ROW, sums = in(reg) sums.0.as_mut_ptr(),
            options(nostack),
        );
    }
}

/// Writes what `rows` rows of `sums` become, whose activations begin with row `first` and whose outputs begin with `column`.
///
/// # Safety
/// As of [`product`].
#[inline(always)]
unsafe fn finish<const ACTIVATE: bool>(
    sums: &Sums,
    x: &Quantized,
    first: usize,
    rows: usize,
    dense: &Dense,
    column: usize,
    out: *mut f32,
) {
    // SAFETY: as the caller promises.
    unsafe {
        for c in [0, SIDE] {
            let at = column + c;
            let (scale, bias) = (Avx512::load(dense.scale.as_ptr().add(at)), Avx512::load(dense.bias.as_ptr().add(at)));
            for row in 0..rows {
                let zero = Avx512::multiples(-*x.zero.as_ptr().add(first + row), dense.sum.as_ptr().add(at));
                let sum = _mm512_add_epi32(zero, _mm512_load_si512(sums.0.as_ptr().add(row * 2 * SIDE + c).cast()));
                let scale = Avx512::mul(Avx512::splat(*x.scale.as_ptr().add(first + row)), scale);
                Avx512::store(out.add(row * dense.outputs + at), finished::<Avx512, ACTIVATE>(sum, scale, bias));
            }
        }
    }
}

/// As [`super::peak::multiply`]: `rounds` times four tiles from registers.
///
/// # Safety
/// [`available`] said yes.
pub(super) unsafe fn multiply(rounds: usize) -> usize {
    // SAFETY: as the caller promises; what the tiles hold does not matter.
    unsafe {
        asm!(
            "ldtilecfg [{configuration}]",
            "2:",
            "tdpbusd tmm0, tmm4, tmm6",
            "tdpbusd tmm1, tmm4, tmm7",
            "tdpbusd tmm2, tmm5, tmm6",
            "tdpbusd tmm3, tmm5, tmm7",
            "dec {rounds}",
            "jnz 2b",
            "tilerelease",
            configuration = in(reg) CONFIGURATION.0.as_ptr(), rounds = inout(reg) rounds => _,
            options(nostack, readonly),
        );
    }
    rounds * 4 * SIDE * SIDE * ROW
}
