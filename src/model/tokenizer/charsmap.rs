//! The normalization that SentencePiece stores beside a model: a double-array trie from text to replacement.

use unicode_segmentation::UnicodeSegmentation;

/// Below this code point every character but CR is a grapheme of its own when the next one is below it too.
const SIMPLE: u32 = 0x300;
/// A grapheme of at least this many bytes is replaced character by character.
const LONG: usize = 6;

/// A `precompiled_charsmap`.
#[derive(Debug)]
pub(super) struct Charsmap {
    units: Vec<u32>,
    replacements: String,
    /// Of the simple characters, those that stay as they are.
    stays: Vec<bool>,
}

impl Charsmap {
    /// Reads the trie's size in bytes, the trie, and the replacements, each ended by a zero byte.
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        let (size, rest) = bytes.split_first_chunk::<4>()?;
        let size = u32::from_le_bytes(*size) as usize;
        if size > rest.len() || !size.is_multiple_of(4) || size == 0 {
            return None;
        }
        let (units, replacements) = rest.split_at(size);
        let units =
            units.chunks_exact(4).map(|unit| u32::from_le_bytes([unit[0], unit[1], unit[2], unit[3]])).collect();
        let mut map = Self { units, replacements: String::from_utf8(replacements.to_vec()).ok()?, stays: Vec::new() };
        let stays = |code| char::from_u32(code).is_some_and(|c| map.replacement(c.encode_utf8(&mut [0; 4])).is_none());
        map.stays = (0..SIMPLE).map(|code| code != u32::from('\r') && stays(code)).collect();
        Some(map)
    }

    /// Hands the characters of the normalized text to `push`, one by one.
    pub fn normalize(&self, text: &str, mut push: impl FnMut(char)) {
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            let after = &rest[first.len_utf8()..];
            let alone = after.chars().next().is_none_or(|next| u32::from(next) < SIMPLE);
            if alone && self.stays.get(first as usize) == Some(&true) {
                push(first);
                rest = after;
                continue;
            }
            let grapheme = rest.graphemes(true).next().unwrap_or(rest);
            rest = &rest[grapheme.len()..];
            if grapheme.len() < LONG
                && let Some(replacement) = self.replacement(grapheme)
            {
                replacement.chars().for_each(&mut push);
                continue;
            }
            for c in grapheme.chars() {
                match self.replacement(c.encode_utf8(&mut [0; 4])) {
                    Some(replacement) => replacement.chars().for_each(&mut push),
                    None => push(c),
                }
            }
        }
    }

    /// The replacement of the shortest beginning of `text` that has one (as SentencePiece's users apply it).
    fn replacement(&self, text: &str) -> Option<&str> {
        let unit = |at: usize| self.units.get(at).copied();
        let offset = |unit: u32| ((unit >> 10) << ((unit & (1 << 9)) >> 6)) as usize;
        let mut at = offset(unit(0)?);
        for byte in text.bytes() {
            at ^= usize::from(byte);
            let node = unit(at)?;
            if byte == 0 || node & (1 << 31 | 0xFF) != u32::from(byte) {
                return None;
            }
            at ^= offset(node);
            if node >> 8 & 1 == 1 {
                let start = (unit(at)? & !(1 << 31)) as usize;
                return self.replacements.get(start..)?.split('\0').next();
            }
        }
        None
    }
}
