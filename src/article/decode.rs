//! Bytes of a file to text: unpacking, byte order marks, legacy encodings.

use std::borrow::Cow;
use std::error::Error;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};
use flate2::read::MultiGzDecoder;
use ruzstd::decoding::errors::{FrameDecoderError, ReadFrameHeaderError};

use super::walk::{Packing, Source};

/// Text of a file, and a remark if its bytes were not plain UTF-8.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Decoded {
    pub text: String,
    pub note: Option<String>,
}

/// Bytes of the file, unpacked; the reason in words if they cannot be had or are more than `max_bytes`.
pub(super) fn unpack(source: &Source, max_bytes: u64) -> Result<Vec<u8>, String> {
    let mut file = BufReader::new(File::open(&source.path).map_err(unreadable)?);
    if !begins_as_packed(file.fill_buf().map_err(unreadable)?, source.packing) {
        let ending = if source.packing == Packing::Gzip { ".gz" } else { ".zst" };
        return Err(format!("is not a {ending} file, in spite of its name"));
    }
    let limit = max_bytes.saturating_add(1);
    let mut bytes = Vec::new();
    match source.packing {
        Packing::Plain => file.take(limit).read_to_end(&mut bytes).map_err(unreadable)?,
        Packing::Gzip => MultiGzDecoder::new(file).take(limit).read_to_end(&mut bytes).map_err(unreadable)?,
        Packing::Zstandard => unpack_frames(file, limit, &mut bytes)?,
    };
    if bytes.len() as u64 > max_bytes {
        return Err(format!("is larger than {} MB (article.max_megabytes)", max_bytes / 1_000_000));
    }
    Ok(bytes)
}

/// Reads all frames of a .zst file, at most `limit` bytes, and counts them: a file that was appended to has several.
fn unpack_frames(mut packed: BufReader<File>, limit: u64, bytes: &mut Vec<u8>) -> Result<usize, String> {
    while (bytes.len() as u64) < limit && !packed.fill_buf().map_err(unreadable)?.is_empty() {
        let skipped = match ruzstd::decoding::StreamingDecoder::new(&mut packed) {
            Ok(decoder) => {
                decoder.take(limit - bytes.len() as u64).read_to_end(bytes).map_err(unreadable)?;
                0
            }
            Err(FrameDecoderError::ReadFrameHeaderError(ReadFrameHeaderError::SkipFrame { length, .. })) => length,
            Err(problem) => return Err(unreadable(io::Error::other(problem))),
        };
        io::copy(&mut packed.by_ref().take(u64::from(skipped)), &mut io::sink()).map_err(unreadable)?;
    }
    Ok(bytes.len())
}

/// Whether the first bytes of a file are those of its packing, or too few to tell (RFC 1952, RFC 8878).
fn begins_as_packed(start: &[u8], packing: Packing) -> bool {
    match packing {
        Packing::Plain => true,
        Packing::Gzip => matches!(start, [] | [0x1F] | [0x1F, 0x8B, ..]),
        Packing::Zstandard => {
            start.len() < 4 || matches!(start, [0x28, 0xB5, 0x2F, 0xFD, ..] | [0x50..=0x5F, 0x2A, 0x4D, 0x18, ..])
        }
    }
}

/// Says why bytes cannot be had; what unpacks .zst hides the end of the file among the causes of its errors.
fn unreadable(problem: io::Error) -> String {
    let is_end = |e: &io::Error| e.kind() == io::ErrorKind::UnexpectedEof;
    let mut causes = std::iter::successors(Some(&problem as &(dyn Error + 'static)), |&cause| cause.source());
    if causes.any(|cause| cause.downcast_ref::<io::Error>().is_some_and(is_end)) {
        return "the packed file ends too early: it was cut short".to_owned();
    }
    match problem.kind() {
        io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData | io::ErrorKind::Other => {
            format!("the packed file is damaged, or packed in a way that cannot be read ({problem})")
        }
        _ => format!("cannot be read: {problem}"),
    }
}

/// Text of `bytes` in the encoding that is `fixed` by the settings; else as UTF-8, else as the page has `claimed`, else
/// as detected. A byte order mark goes before all of them. The reason in words if binary.
pub(super) fn decode(
    bytes: Vec<u8>,
    fixed: Option<&'static Encoding>,
    claimed: Option<&'static Encoding>,
) -> Result<Decoded, String> {
    if let Some((encoding, mark)) = Encoding::for_bom(&bytes) {
        let rest = &bytes[mark..];
        let note = if encoding == UTF_16LE || encoding == UTF_16BE {
            Some(format!("converted from {}", encoding.name()))
        } else {
            None
        };
        if encoding != UTF_8 || std::str::from_utf8(rest).is_ok() {
            return text(encoding.decode_without_bom_handling(rest).0.into_owned(), note);
        }
        return legacy(rest, mark, Some(UTF_8));
    }
    if let Some(encoding) = fixed.filter(|&encoding| encoding != UTF_8) {
        let (converted, _) = encoding.decode_without_bom_handling(&bytes);
        let note = matches!(converted, Cow::Owned(_)).then(|| format!("converted from {}", encoding.name()));
        return text(converted.into_owned(), note);
    }
    match String::from_utf8(bytes) {
        Ok(plain) => text(plain, None),
        // Servers send old pages in templates that say UTF-8.
        Err(bad) => legacy(bad.as_bytes(), 0, fixed.or(claimed.filter(|&encoding| encoding != UTF_8))),
    }
}

fn text(text: String, note: Option<String>) -> Result<Decoded, String> {
    match text.find('\0') {
        Some(at) => Err(format!("is a binary file: zero byte at byte {at}")),
        None => Ok(Decoded { text, note }),
    }
}

/// Converts bytes that are not UTF-8; positions in the note count from `offset`.
fn legacy(bytes: &[u8], offset: usize, declared: Option<&'static Encoding>) -> Result<Decoded, String> {
    if let Some(at) = bytes.iter().position(|&byte| byte == 0) {
        return Err(format!("is a binary file: zero byte at byte {}", at + offset));
    }
    let first = first_bad(bytes);
    let place = format!("not UTF-8 at byte {} (0x{:02X})", first + offset, bytes[first]);
    let encoding = match declared {
        Some(encoding) => encoding,
        None if is_damaged_utf8(bytes) => UTF_8,
        None => detect(bytes),
    };
    let (converted, _, _) = encoding.decode(bytes);
    let note = if encoding == UTF_8 {
        let lost = converted.matches('\u{FFFD}').count();
        format!("{place}: damaged UTF-8, {lost} characters are shown as \u{FFFD}")
    } else {
        format!("{place}: converted from {}", encoding.name())
    };
    Ok(Decoded { text: converted.into_owned(), note: Some(note) })
}

fn first_bad(bytes: &[u8]) -> usize {
    std::str::from_utf8(bytes).map_or_else(|bad| bad.valid_up_to(), |_| 0)
}

/// Whether most of the letters beyond ASCII are well-formed UTF-8: legacy text has next to none by chance.
fn is_damaged_utf8(bytes: &[u8]) -> bool {
    let (mut good, mut bad) = (0usize, 0usize);
    for chunk in bytes.utf8_chunks() {
        good += chunk.valid().chars().filter(|letter| !letter.is_ascii()).count();
        bad += usize::from(!chunk.invalid().is_empty());
    }
    good > 4 * bad
}

fn detect(bytes: &[u8]) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    detector.guess(None, Utf8Detection::Deny)
}
