//! `crossclaim embed`.

use std::io::{BufRead, BufReader, BufWriter, ErrorKind, Lines, Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, Result};
use clap::ValueEnum;
use crossclaim::article::ArticleError;
use crossclaim::report::Draft;

use super::{Common, Exit, models};

/// Arguments of `crossclaim embed`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  crossclaim embed sentences.txt --out vectors.npy
  crossclaim split page.txt | jq -r '.text | gsub(\"\\\\s+\"; \" \")' | crossclaim embed --timing json")]
pub struct Arguments {
    /// One text per line; the standard input if not given.
    file: Option<PathBuf>,
    /// NumPy file, float32, one row per line, unit length.
    #[arg(long, value_name = "X.npy", default_value = "vectors.npy")]
    out: PathBuf,
    /// One JSON object with texts, tokens, seconds and tokens per second on the standard error stream.
    #[arg(long, value_enum)]
    timing: Option<Timing>,
}

/// Forms of the timing.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum Timing {
    /// One JSON object.
    Json,
}

/// Lines that are read, embedded and written together, so that memory does not grow with the input.
const BLOCK: usize = 16_384;

pub fn execute(arguments: &Arguments, common: &Common) -> Result<Exit> {
    let settings = common.settings(&[])?;
    let encoder = models::encoder(&settings)?;
    let path = arguments.file.as_deref().unwrap_or(Path::new("-"));
    let input: Box<dyn Read> = match &arguments.file {
        Some(path) => Box::new(std::fs::File::open(path).with_context(|| format!("cannot read `{}`", path.display()))?),
        None => Box::new(std::io::stdin()),
    };
    let mut draft = Draft::new(&arguments.out)?;
    let mut out = BufWriter::new(draft.file());
    out.write_all(&header(0, encoder.width()))?;
    let (mut rows, mut tokens, mut seconds) = (0usize, 0usize, 0.0);
    let mut lines = BufReader::new(input).lines();
    loop {
        let block = read_block(&mut lines, path, rows)?;
        if block.is_empty() {
            break;
        }
        let texts: Vec<&str> = block.iter().map(|line| line.trim_end_matches('\r')).collect();
        tokens += encoder.tokens(&texts)?;
        let start = Instant::now();
        let floats = encoder.embed(&texts, &|_| {})?;
        seconds += start.elapsed().as_secs_f64();
        for float in floats {
            out.write_all(&float.to_le_bytes())?;
        }
        rows += block.len();
    }
    out.rewind().context("cannot write the vectors")?;
    out.write_all(&header(rows, encoder.width()))?;
    out.flush()?;
    drop(out);
    draft.finish()?;
    if arguments.timing.is_some() {
        let per_second = (tokens as f64 / seconds.max(1e-9)).round();
        let timing = serde_json::json!({
            "texts": rows, "tokens": tokens, "seconds": seconds, "tokens_per_second": per_second
        });
        writeln!(std::io::stderr(), "{timing}")?;
    }
    Ok(Exit::Done)
}

/// The next lines of a file of which `before` were read; none at its end.
fn read_block(lines: &mut Lines<impl BufRead>, path: &Path, before: usize) -> Result<Vec<String>, ArticleError> {
    let mut block = Vec::new();
    for line in lines.take(BLOCK) {
        let number = before + block.len() + 1;
        let line = line.map_err(|problem| {
            let says = format!("line {number} is not UTF-8; convert it, as with `iconv -t utf-8`");
            let kind = problem.kind();
            let source = if kind == ErrorKind::InvalidData { std::io::Error::new(kind, says) } else { problem };
            ArticleError::Unreadable { path: path.to_owned(), source }
        })?;
        block.push(line);
    }
    Ok(block)
}

/// Header of a NumPy file (format 1.0) of float32 `[rows, width]`; always 128 bytes.
fn header(rows: usize, width: usize) -> Vec<u8> {
    let text = format!("{{'descr': '<f4', 'fortran_order': False, 'shape': ({rows}, {width}), }}");
    let mut bytes = b"\x93NUMPY\x01\x00\x76\x00".to_vec();
    bytes.extend(format!("{text:<117}\n").as_bytes());
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_line_that_is_no_utf_8_is_said_to_be_so() {
        let mut lines = BufRead::lines(&b"one\ntwo\n\xffthree\n"[..]);
        let problem = read_block(&mut lines, Path::new("x.txt"), 10).unwrap_err();
        let message = crate::cli::chain(&anyhow::Error::from(problem));
        assert!(message.starts_with("cannot read `x.txt`: line 13 is not UTF-8"), "{message}");
        let folder = std::fs::File::open(".").unwrap();
        let problem = read_block(&mut BufReader::new(folder).lines(), Path::new("."), 0).unwrap_err();
        let message = crate::cli::chain(&anyhow::Error::from(problem));
        assert!(!message.contains("UTF-8"), "{message}");
    }
}
