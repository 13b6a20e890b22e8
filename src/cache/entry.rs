//! One entry: its key, and its bytes with a stamp and a checksum.

use sha2::{Digest, Sha256};

/// Hash of everything that an entry depends on, 128 bits.
pub(super) type Key = [u8; 16];

/// Bytes before the payload: checksum and week of the last use, both little endian.
const HEAD: usize = 6;

/// Key of texts under a model; parts are kept apart by their lengths.
pub(super) fn key(fingerprint: &str, texts: &[&str]) -> Key {
    let mut hash = Sha256::new();
    for part in [env!("CARGO_PKG_VERSION"), fingerprint].iter().chain(texts) {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part.as_bytes());
    }
    let mut key = Key::default();
    key.copy_from_slice(&hash.finalize()[..16]);
    key
}

/// Bytes of an entry that was used in `week`.
pub(super) fn seal(key: &Key, week: u16, payload: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(HEAD + payload.len());
    bytes.extend(checksum(key, week, payload).to_le_bytes());
    bytes.extend(week.to_le_bytes());
    bytes.extend_from_slice(payload);
    bytes
}

/// Week and payload of an entry; `None` if it is damaged or belongs to another key.
pub(super) fn open<'a>(key: &Key, bytes: &'a [u8]) -> Option<(u16, &'a [u8])> {
    let (head, payload) = bytes.split_at_checked(HEAD)?;
    let week = week_of(bytes)?;
    (checksum(key, week, payload).to_le_bytes() == head[..4]).then_some((week, payload))
}

/// Week of the last use as written, unchecked.
pub(super) fn week_of(bytes: &[u8]) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(4..HEAD)?.try_into().ok()?))
}

fn checksum(key: &Key, week: u16, payload: &[u8]) -> u32 {
    let mut hash = crc32fast::Hasher::new();
    hash.update(key);
    hash.update(&week.to_le_bytes());
    hash.update(payload);
    hash.finalize()
}
