//! Time of relating on vectors alone: every vector is an article of one claim.
//!
//! `cargo run --release --example relate_vectors -- VECTORS.npy COUNT MIN_SCORE [PAIRS]`: takes the first COUNT vectors of a file of
//! `crossclaim embed`, prints the seconds and the number of pairs whose cosine reaches MIN_SCORE, and writes the pairs as little-endian
//! 32-bit numbers to the file PAIRS. `benches/peers/indexes` compares indexes with it.

use std::time::Instant;

use crossclaim::align::{self, Extent};
use crossclaim::embed::Vectors;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [file, count, score, pairs @ ..] = &arguments[..] else {
        return Err("expected VECTORS.npy COUNT MIN_SCORE [PAIRS]".into());
    };
    let (vectors, count) = (read(file, count.parse()?)?, count.parse()?);
    let articles: Vec<Extent> = (0..count).map(|i| Extent { claims: i..i + 1, ..Extent::default() }).collect();
    let settings = align::Settings { related: score.parse()?, ..align::Settings::default() };
    let start = Instant::now();
    let related = align::relate(&articles, &vectors, &settings);
    println!("{:.3}\t{}", start.elapsed().as_secs_f64(), related.len());
    if let [path, ..] = pairs {
        let numbers = related.iter().flat_map(|pair| [pair.left as u32, pair.right as u32]);
        std::fs::write(path, numbers.flat_map(u32::to_le_bytes).collect::<Vec<u8>>())?;
    }
    Ok(())
}

/// The first `count` rows of a NumPy file of float32.
fn read(file: &str, count: usize) -> Result<Vectors, Box<dyn std::error::Error>> {
    let bytes = std::fs::read(file)?;
    let start = 10 + usize::from(u16::from_le_bytes([bytes[8], bytes[9]]));
    let header = String::from_utf8_lossy(&bytes[10..start]);
    let width = header.split(&[',', ')'][..]).filter_map(|part| part.trim().parse::<usize>().ok()).next_back();
    let width = width.ok_or("no width in the header")?;
    let numbers = bytes[start..].chunks_exact(4).take(count * width);
    let floats: Vec<f32> = numbers.map(|four| f32::from_le_bytes([four[0], four[1], four[2], four[3]])).collect();
    if floats.len() < count * width { Err("too few vectors".into()) } else { Ok(Vectors::from_floats(&floats, width)) }
}
