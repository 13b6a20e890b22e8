//! Scorecards of the splitter: borders of sentences, probes, and what of a page may carry a claim.
//!
//! usage: score_sentences SHARED [--errors SET]      SHARED: the folder with `splitting/` and `corpus/`
//!
//! Borders: F1 of the places where a sentence ends, the end of each text left out; `marked` leaves out borders without a
//! terminal mark, too, because treebanks join headlines by a space, which no page does.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crossclaim::sentence::split;

/// Counts of right, false and missed decisions.
#[derive(Default, Clone, Copy)]
struct Score {
    right: usize,
    wrong: usize,
    missed: usize,
}

impl Score {
    fn add(&mut self, gold: &BTreeSet<usize>, found: &BTreeSet<usize>) {
        self.right += gold.intersection(found).count();
        self.wrong += found.difference(gold).count();
        self.missed += gold.difference(found).count();
    }

    fn f1(&self) -> f64 {
        let of = 2 * self.right + self.wrong + self.missed;
        if of == 0 { 1.0 } else { 2.0 * self.right as f64 / of as f64 }
    }
}

/// A text, its language, and the bytes where its sentences start and end.
struct Gold {
    language: String,
    text: String,
    sentences: Vec<(usize, usize)>,
}

fn read(path: &Path) -> anyhow::Result<Vec<Gold>> {
    let read = |line: &str| {
        let row: serde_json::Value = serde_json::from_str(line)?;
        let text = row["text"].as_str().unwrap_or_default().to_string();
        let bytes: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
        let byte = |value: &serde_json::Value| bytes[value.as_u64().unwrap_or(0) as usize];
        let trim = |start: usize, end: usize| (start, text[..end].trim_end().len());
        let pairs = row["sentences"].as_array().into_iter().flatten();
        let sentences = pairs.map(|pair| trim(byte(&pair[0]), byte(&pair[1]))).collect();
        Ok(Gold { language: row["lang"].as_str().unwrap_or("und").to_string(), sentences, text })
    };
    std::fs::read_to_string(path)?.lines().map(read).collect()
}

fn found(gold: &Gold) -> Vec<(usize, usize)> {
    split(&gold.text, &gold.language).iter().map(|segment| (segment.span.start, segment.span.end)).collect()
}

/// Whether a sentence that ends at this byte ends with a terminal mark.
fn marked(text: &str, end: usize) -> bool {
    let body = text[..end].trim_end_matches(|c: char| "\"'”“’‘»«›‹)]}」』 ".contains(c));
    body.ends_with(|c: char| ".!?…;。！？।۔؟։።\u{37E}".contains(c)) || body.ends_with(':')
}

fn borders(folder: &Path, errors: Option<&str>) -> anyhow::Result<()> {
    println!("set\tborders\tfound\tF1\tF1 marked");
    for path in files(folder)? {
        let name = path.file_stem().unwrap_or_default().to_string_lossy().replace("-dev", "");
        let (mut all, mut with_mark) = (Score::default(), Score::default());
        for gold in read(&path)? {
            let last = gold.text.trim_end().len();
            let ends = |spans: &[(usize, usize)]| spans.iter().map(|span| span.1).filter(|&end| end < last).collect();
            let (expected, got): (BTreeSet<usize>, BTreeSet<usize>) = (ends(&gold.sentences), ends(&found(&gold)));
            let only = |set: &BTreeSet<usize>| set.iter().copied().filter(|&end| marked(&gold.text, end)).collect();
            all.add(&expected, &got);
            with_mark.add(&only(&expected), &only(&got));
            if errors == Some(name.as_str()) {
                show(&gold.text, &expected, &got);
            }
        }
        let (gold, found) = (all.right + all.missed, all.right + all.wrong);
        println!("{name}\t{gold}\t{found}\t{:.2}\t{:.2}", 100.0 * all.f1(), 100.0 * with_mark.f1());
    }
    Ok(())
}

fn show(text: &str, gold: &BTreeSet<usize>, found: &BTreeSet<usize>) {
    for &end in gold.symmetric_difference(found).filter(|&&end| marked(text, end)) {
        let from = text[..end].char_indices().rev().nth(45).map_or(0, |(at, _)| at);
        let to = text[end..].char_indices().nth(35).map_or(text.len(), |(at, _)| end + at);
        let kind = if gold.contains(&end) { "missed" } else { "false" };
        println!("  {kind}: {:?} | {:?}", &text[from..end], &text[end..to]);
    }
}

fn probes(folder: &Path) -> anyhow::Result<()> {
    let (mut right, mut all) = (0, 0);
    for path in files(folder)? {
        let (mut here, mut of) = (0, 0);
        for gold in read(&path)? {
            let got = found(&gold);
            here += usize::from(got == gold.sentences);
            of += 1;
            if got != gold.sentences {
                let parts: Vec<&str> = got.iter().map(|&(start, end)| &gold.text[start..end]).collect();
                println!("  {} probe: {}", gold.language, parts.join(" ¦ "));
            }
        }
        println!("probes {}\t{here} of {of}", path.file_stem().unwrap_or_default().to_string_lossy());
        right += here;
        all += of;
    }
    println!("probes\t{right} of {all}");
    Ok(())
}

/// Characters where a gold segment starts and ends, and whether it may carry a claim.
type Row = (usize, usize, bool);

/// Segments that may carry a claim: sentences, and headlines that state one.
fn pages(corpus: &Path, errors: bool) -> anyhow::Result<()> {
    let mut articles: BTreeMap<(String, String), Vec<Row>> = BTreeMap::new();
    for row in csv::Reader::from_path(corpus.join("segments.csv"))?.records() {
        let row = row?;
        let claim = &row[7] == "sentence" || (&row[7] == "headline" && !row[6].is_empty());
        let key = (row[1].to_string(), format!("{}/{}.txt", &row[2], &row[0]));
        articles.entry(key).or_default().push((row[3].parse()?, row[4].parse()?, claim));
    }
    let mut languages: BTreeMap<String, (Score, usize, usize)> = BTreeMap::new();
    for ((language, path), rows) in articles {
        let text = std::fs::read_to_string(corpus.join("articles").join(&path))?;
        let bytes: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
        let spans = |claim: bool| -> BTreeSet<(usize, usize)> {
            rows.iter().filter(|row| row.2 == claim).map(|row| (bytes[row.0], bytes[row.1])).collect()
        };
        let segments = split(&text, &language);
        let kept = segments.iter().filter(|segment| segment.dropped.is_none());
        let kept: BTreeSet<(usize, usize)> = kept.map(|segment| (segment.span.start, segment.span.end)).collect();
        let gold = spans(true);
        let entry = languages.entry(language.clone()).or_default();
        entry.0.right += gold.intersection(&kept).count();
        entry.0.wrong += kept.difference(&gold).count();
        entry.0.missed += gold.difference(&kept).count();
        entry.1 += gold.len();
        entry.2 += spans(false).len();
        if errors {
            for &(start, end) in gold.symmetric_difference(&kept) {
                let kind = if gold.contains(&(start, end)) { "missed" } else { "kept" };
                println!("  {language} {kind}: {}", &text[start..end]);
            }
        }
    }
    println!("language\tclaims\tothers\tright\tfalse\tmissed\tF1");
    for (language, (score, claims, others)) in languages {
        let Score { right, wrong, missed } = score;
        println!("{language}\t{claims}\t{others}\t{right}\t{wrong}\t{missed}\t{:.2}", 100.0 * score.f1());
    }
    Ok(())
}

fn files(folder: &Path) -> anyhow::Result<Vec<std::path::PathBuf>> {
    let mut files: Vec<_> = std::fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<anyhow::Result<_>>()?;
    files.sort();
    Ok(files)
}

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let shared = arguments.first().ok_or_else(|| anyhow::anyhow!("usage: score_sentences SHARED [--errors SET]"))?;
    let errors = arguments.get(2).map(String::as_str);
    let shared = Path::new(shared);
    borders(&shared.join("splitting/dev"), errors)?;
    probes(&shared.join("splitting/probes"))?;
    pages(&shared.join("corpus"), errors == Some("pages"))
}
