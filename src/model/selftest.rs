//! Whether this machine computes what the others compute.

use sha2::{Digest, Sha256};

use super::hash::hex;
use super::{Encoder, Judge, ModelError, Scores};

/// Texts in many scripts, short and long.
const TEXTS: &str = include_str!("selftest.txt");

/// Digests of what the models make of the fixed texts, 32 hexadecimal digits each; equal where, and only where, every bit is equal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SelfTest {
    /// Of all vectors.
    pub vectors: String,
    /// Of the scores of neighbouring texts.
    pub scores: String,
}

impl SelfTest {
    /// One digest of both.
    pub fn digest(&self) -> String {
        let digits = self.vectors.bytes().chain(self.scores.bytes());
        digest(digits.flat_map(|digit| u32::from(digit).to_le_bytes()))
    }
}

/// Embeds and judges the fixed texts; fails where the models fail.
pub fn selftest(encoder: &dyn Encoder, judge: &dyn Judge) -> Result<SelfTest, ModelError> {
    let texts: Vec<&str> = TEXTS.lines().collect();
    let pairs: Vec<(&str, &str)> = texts.windows(2).map(|two| (two[0], two[1])).collect();
    let vectors = encoder.embed(&texts, &|_| {})?;
    let scores = judge.judge(&pairs, &|_| {})?;
    Ok(SelfTest {
        vectors: digest(vectors.iter().flat_map(|x| x.to_le_bytes())),
        scores: digest(scores.into_iter().flat_map(Scores::to_bytes)),
    })
}

/// The first half of the SHA-256 of the bytes.
fn digest(bytes: impl Iterator<Item = u8>) -> String {
    hex(&Sha256::digest(bytes.collect::<Vec<u8>>())[..16])
}

#[cfg(test)]
mod tests {
    use super::super::{int8::InstructionSet, pack, tests::shipped};
    use super::*;

    #[test]
    fn the_digest_is_that_of_every_instruction_set_and_changes_with_one_bit() {
        let Some(folder) = shipped() else { return };
        let pack = pack::open(&folder).unwrap();
        let on = |set| selftest(&pack.encoder_on(set).unwrap(), &pack.judge_on(set).unwrap()).unwrap();
        let best = on(InstructionSet::best());
        for set in InstructionSet::available() {
            assert_eq!(on(set), best, "{set:?}");
        }
        assert_eq!(best.digest().len(), 32);
        let other = SelfTest { scores: best.vectors.clone(), ..best.clone() };
        assert_ne!(other.digest(), best.digest());
        let of_one = |bits: u32| digest(bits.to_le_bytes().into_iter());
        assert_ne!(of_one(1.0_f32.to_bits()), of_one(1.0_f32.to_bits() + 1));
    }
}
