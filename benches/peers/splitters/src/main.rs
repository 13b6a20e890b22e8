//! Speed and borders of sentence splitters, side by side, on one core.
//!
//! usage: cargo run --release -- FOLDER [RULES.srx]
//!
//! FOLDER holds `*.jsonl`: lines of `{"lang", "text", "sentences": [[start, end], …]}` in Unicode scalar values. The rules
//! of LanguageTool come with the source package of `srx`, as `data/segment.srx`; without a file, `srx` is left out; a language without rules
//! there is one sentence to it.
//!
//! F1 counts the places where a sentence ends, the end of each text left out. A megabyte is 10⁶ bytes of UTF-8; the
//! fastest of twenty measures of four passes over all sets counts, in time of the thread on its processor, so that
//! other work on the machine counts little. `crossclaim` tells the furniture of a page as well in that time.

use std::collections::{BTreeSet, HashMap};
use std::hint::black_box;
use std::path::Path;

use anyhow::{Context, Result};
use cpu_time::ThreadTime;
use icu_segmenter::SentenceSegmenter;
use icu_segmenter::options::SentenceBreakInvariantOptions;
use srx::{Rules, SRX};

/// A text with the bytes where its sentences end, without white space.
struct Gold {
    language: String,
    text: String,
    ends: BTreeSet<usize>,
}

/// A splitter: from a language and a text to the bytes where sentences end, white space after them or not.
type Split<'a> = Box<dyn Fn(&str, &str) -> Vec<usize> + 'a>;

fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next().context("usage: splitters FOLDER [RULES.srx]")?;
    let sets = read(Path::new(&folder))?;
    let rules = arguments.next().map(|file| rules(&file, &sets)).transpose()?;
    let splitters = splitters(rules.as_ref());
    let names: Vec<&str> = splitters.iter().map(|(name, _)| *name).collect();
    println!("set\tborders\t{}", names.join("\t"));
    let mut sums = vec![0.0; splitters.len()];
    for (name, texts) in &sets {
        let scores: Vec<f64> = splitters.iter().map(|(_, split)| f1(texts, split)).collect();
        sums.iter_mut().zip(&scores).for_each(|(sum, score)| *sum += score);
        let borders: usize = texts.iter().map(|gold| gold.ends.len()).sum();
        println!("{name}\t{borders}\t{}", row(&scores));
    }
    sums.iter_mut().for_each(|sum| *sum /= sets.len() as f64);
    println!("mean\t\t{}", row(&sums));
    let speeds: Vec<f64> = splitters.iter().map(|(_, split)| speed(&sets, split)).collect();
    println!("MB/s\t\t{}", row(&speeds));
    Ok(())
}

fn row(values: &[f64]) -> String {
    values.iter().map(|value| format!("{value:.2}")).collect::<Vec<_>>().join("\t")
}

fn splitters(rules: Option<&HashMap<String, Rules>>) -> Vec<(&'static str, Split<'_>)> {
    let icu = SentenceSegmenter::new(SentenceBreakInvariantOptions::default());
    let mut splitters: Vec<(&str, Split)> = vec![
        (
            "crossclaim",
            Box::new(|language, text| {
                crossclaim::sentence::split(text, language).into_iter().map(|segment| segment.span.end).collect()
            }),
        ),
        (
            "sentencex",
            Box::new(|language, text| {
                let parts = sentencex::segment(language, text);
                parts.into_iter().map(|part| part.as_ptr() as usize + part.len() - text.as_ptr() as usize).collect()
            }),
        ),
        ("icu_segmenter", Box::new(move |_, text| icu.segment_str(text).collect())),
    ];
    if let Some(rules) = rules {
        splitters.push((
            "srx",
            Box::new(|language, text| rules[language].split_ranges(text).into_iter().map(|range| range.end).collect()),
        ));
    }
    splitters
}

/// The rules for each language of the sets; `srx` leaves out those with look-around, which Rust's expressions lack.
fn rules(file: &str, sets: &[(String, Vec<Gold>)]) -> Result<HashMap<String, Rules>> {
    let srx: SRX = std::fs::read_to_string(file).with_context(|| format!("cannot read `{file}`"))?.parse()?;
    let languages: BTreeSet<&str> =
        sets.iter().flat_map(|(_, texts)| texts).map(|gold| gold.language.as_str()).collect();
    Ok(languages.into_iter().map(|language| (language.to_owned(), srx.language_rules(language))).collect())
}

fn read(folder: &Path) -> Result<Vec<(String, Vec<Gold>)>> {
    let mut paths: Vec<_> = std::fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<Result<_>>()?;
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "jsonl"));
    paths.sort();
    let texts = |path: &Path| std::fs::read_to_string(path)?.lines().map(gold).collect::<Result<Vec<Gold>>>();
    paths
        .iter()
        .map(|path| Ok((path.file_stem().unwrap_or_default().to_string_lossy().into_owned(), texts(path)?)))
        .collect()
}

fn gold(line: &str) -> Result<Gold> {
    let row: serde_json::Value = serde_json::from_str(line)?;
    let text = row["text"].as_str().context("a line without `text`")?.to_owned();
    let language = row["lang"].as_str().unwrap_or("und").split('-').next().unwrap_or_default().to_owned();
    let bytes: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
    let ends: Vec<usize> = row["sentences"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|pair| bytes.get(pair[1].as_u64()? as usize).copied())
        .collect();
    Ok(Gold { ends: inner(&text, &ends), language, text })
}

/// Ends without white space before them, those of nothing and of the text left out.
fn inner(text: &str, ends: &[usize]) -> BTreeSet<usize> {
    let last = text.trim_end().len();
    ends.iter().map(|&end| text[..end].trim_end().len()).filter(|&end| end > 0 && end < last).collect()
}

/// Boundary F1 in per cent.
fn f1(texts: &[Gold], split: &Split) -> f64 {
    let (mut right, mut of) = (0, 0);
    for gold in texts {
        let found = inner(&gold.text, &split(&gold.language, &gold.text));
        right += 2 * found.intersection(&gold.ends).count();
        of += found.len() + gold.ends.len();
    }
    100.0 * right as f64 / of.max(1) as f64
}

/// Megabytes a second over all sets, the fastest of twenty measures.
fn speed(sets: &[(String, Vec<Gold>)], split: &Split) -> f64 {
    const PASSES: usize = 4;
    let texts = || sets.iter().flat_map(|(_, texts)| texts);
    let bytes: usize = texts().map(|gold| gold.text.len()).sum();
    let measure = || {
        let start = ThreadTime::now();
        for _ in 0..PASSES {
            texts().for_each(|gold| drop(black_box(split(&gold.language, &gold.text))));
        }
        start.elapsed().as_secs_f64()
    };
    (PASSES * bytes) as f64 / 1e6 / (0..20).map(|_| measure()).fold(f64::INFINITY, f64::min)
}
