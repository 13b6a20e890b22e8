//! Checksums as the Hub gives them.

use crate::model::hash::{hex, read_blocks, sha256_of};
use serde::{Deserialize, Serialize};
use sha1::{Digest, Sha1};
use std::path::Path;

/// The checksum of a file, hexadecimal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Checksum {
    /// Of the content: large files.
    Sha256(String),
    /// Of `blob LENGTH\0` and the content: files that git itself keeps.
    GitSha1(String),
}

impl Checksum {
    /// Reads an etag: 64 digits are SHA-256, 40 digits a git object.
    pub(super) fn from_etag(etag: &str) -> Option<Self> {
        let hexadecimal = etag.bytes().all(|byte| byte.is_ascii_hexdigit());
        match etag.len() {
            64 if hexadecimal => Some(Self::Sha256(etag.to_lowercase())),
            40 if hexadecimal => Some(Self::GitSha1(etag.to_lowercase())),
            _ => None,
        }
    }

    /// SHA-256 of a file.
    pub(super) fn sha256(path: &Path) -> std::io::Result<Self> {
        sha256_of(path).map(Self::Sha256)
    }

    /// The checksum of the same kind of another file.
    pub(super) fn same_of(&self, path: &Path) -> std::io::Result<Self> {
        match self {
            Self::Sha256(_) => Self::sha256(path),
            Self::GitSha1(_) => {
                let mut hash = Sha1::new();
                hash.update(format!("blob {}\0", path.metadata()?.len()).as_bytes());
                read_blocks(path, |block| hash.update(block))?;
                Ok(Self::GitSha1(hex(&hash.finalize())))
            }
        }
    }

    /// The digits, under which the cache keeps the file.
    pub(super) fn digits(&self) -> &str {
        match self {
            Self::Sha256(digits) | Self::GitSha1(digits) => digits,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checksums_are_those_of_git_and_sha256sum() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "hello\n").unwrap();
        let git = Checksum::from_etag("ce013625030ba8dba906f756967f9e9ca394464a").unwrap();
        let sha = Checksum::from_etag("5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03").unwrap();
        assert_eq!(git.same_of(file.path()).unwrap(), git);
        assert_eq!(sha.same_of(file.path()).unwrap(), sha);
        assert_eq!(Checksum::from_etag("W/not-a-checksum"), None);
    }
}
