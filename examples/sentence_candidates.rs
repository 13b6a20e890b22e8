//! Prints the candidate borders of a file in the form of the splitting sets, for `training/sentence/train.py`: label
//! (1 border, 0 none), line, character where a sentence would end, features; tab-separated.
//!
//! usage: sentence_candidates FILE.jsonl [--language xx]      lines of `{"lang","text","sentences":[[start,end],…]}`

use std::collections::HashSet;
use std::io::{BufRead, BufReader, Write};

fn main() -> anyhow::Result<()> {
    let path = std::env::args().nth(1).ok_or_else(|| anyhow::anyhow!("usage: sentence_candidates FILE.jsonl"))?;
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for (line, row) in BufReader::new(std::fs::File::open(path)?).lines().enumerate() {
        let row: serde_json::Value = serde_json::from_str(&row?)?;
        let text = row["text"].as_str().unwrap_or_default();
        let bytes: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
        let chars: std::collections::HashMap<usize, usize> = bytes.iter().enumerate().map(|(c, b)| (*b, c)).collect();
        let ends: HashSet<usize> = row["sentences"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|pair| bytes.get(pair[1].as_u64()? as usize))
            .map(|&end| text[..end].trim_end().len())
            .collect();
        for candidate in crossclaim::sentence::candidates(text, row["lang"].as_str().unwrap_or("und"), &ends) {
            let label = u8::from(ends.contains(&candidate.end));
            writeln!(out, "{label}\t{line}\t{}\t{}", chars[&candidate.end], candidate.features.join("\t"))?;
        }
    }
    Ok(())
}
