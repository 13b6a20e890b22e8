//! Measures on the sample corpus: who speaks, and what conflicting pairs differ in. Shows the tables with
//! `cargo test --release --lib claim::measure -- --nocapture`.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

use jiff::civil::Date;

use super::*;

fn corpus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus")
}

/// Rows of a table of the corpus, or `None` with a message where it is not there.
fn table(name: &str) -> Option<Vec<csv::StringRecord>> {
    let path = corpus().join("gold").join(name);
    let Ok(mut reader) = csv::Reader::from_path(&path) else {
        eprintln!("{} is not there, skipped", path.display());
        return None;
    };
    Some(reader.records().map(Result::unwrap).collect())
}

/// The first full date in an event's articles, which are of the same week.
fn published(event: &str) -> Option<Date> {
    let mut files: Vec<PathBuf> =
        corpus().join(event).read_dir().ok()?.filter_map(|entry| Some(entry.ok()?.path())).collect();
    files.sort();
    files.iter().find_map(|file| {
        let language = file.file_stem()?.to_str()?.split('-').nth(1)?;
        let text = std::fs::read_to_string(file).ok()?;
        text.lines().take(8).find_map(|line| {
            describe(line, language, None).times.into_iter().find_map(|time| match time.when {
                When::Days(first, last) if first == last => Some(first),
                _ => None,
            })
        })
    })
}

#[test]
fn most_attributed_sentences_name_their_speaker() {
    let rows = include_str!("fixtures/speakers.tsv").lines().filter(|line| !line.starts_with('#'));
    let mut counts: BTreeMap<&str, (usize, usize, usize)> = BTreeMap::new();
    for row in rows {
        let cells: Vec<&str> = row.split('\t').collect();
        let [language, words, text] = cells[..] else { panic!("three cells expected: {row}") };
        let fields = describe(text, language, None);
        let found = fields.speaker.as_ref().map(|speaker| &text[speaker.span.clone()]);
        let count = counts.entry(language).or_default();
        if words == "-" {
            count.2 += usize::from(found.is_some());
            continue;
        }
        count.1 += 1;
        if found.is_some_and(|phrase| words.split('|').any(|word| phrase.contains(word))) {
            count.0 += 1;
        } else {
            eprintln!("{language}: wanted {words}, found {}: {text}", found.unwrap_or("nobody"));
        }
    }
    for (language, (right, all, invented)) in &counts {
        let share = 100.0 * *right as f64 / *all as f64;
        eprintln!("{language}: {right} of {all} speakers right ({share:.0} %), {invented} found where nobody is named");
    }
    let short = counts.values().filter(|(right, all, _)| right * 100 < all * 85).count();
    assert_eq!(short, 0, "a language has less than 0.85 of its speakers right");
}

#[test]
fn few_sentences_that_the_outlet_asserts_are_given_a_speaker() {
    let Some(sentences) = table("sentences.csv") else {
        return;
    };
    let mut counts: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for row in sentences.iter().filter(|row| !row[6].is_empty() && !row[6].contains('@')) {
        let fields = describe(&row[5], &row[1], None);
        let count = counts.entry(&row[1]).or_default();
        count.1 += 1;
        if let Some(speaker) = &fields.speaker {
            count.0 += 1;
            eprintln!("{}: {} [{}]: {}", &row[1], &row[6], &row[5][speaker.span.clone()], &row[5]);
        }
    }
    eprintln!("sentences with a speaker that the corpus gives to the outlet, of all such: {counts:?}");
    let (found, all) = counts.values().fold((0, 0), |sum, count| (sum.0 + count.0, sum.1 + count.1));
    assert!(found * 100 <= all * 25, "{found} of {all}");
}

#[test]
fn conflicting_pairs_differ_in_the_fields_that_their_conflict_is_about() {
    let (Some(pairs), Some(claims)) = (table("gold_pairs.csv"), table("pair_claims.csv")) else {
        return;
    };
    let kinds: HashMap<&str, &str> = claims.iter().map(|row| (&row[0], &row[2])).collect();
    let mut dates: HashMap<&str, Option<Date>> = HashMap::new();
    let mut sums: BTreeMap<(&str, &str), ([f32; FEATURES.len()], usize)> = BTreeMap::new();
    let mut reasons: BTreeMap<(&str, &str, String), usize> = BTreeMap::new();
    for row in &pairs {
        let date = *dates.entry(&row[1]).or_insert_with(|| published(&row[1]));
        let (a, b) = (describe(&row[6], &row[3], date), describe(&row[11], &row[8], date));
        let comparison = compare(&a, &b);
        let (kind, relation) = (kinds[&row[0]], &row[13]);
        let (sum, count) = sums.entry((relation, kind)).or_default();
        *count += 1;
        sum.iter_mut().zip(features(&comparison)).for_each(|(sum, value)| *sum += value);
        let why = reason((&a, &row[6]), (&b, &row[11]), &comparison, None);
        let short = why.split(':').next().unwrap_or_default().to_owned();
        *reasons.entry((relation, kind, short)).or_default() += 1;
    }
    for ((relation, kind), (sum, count)) in &sums {
        let mean = |(sum, name): (&f32, &str)| format!("{name} {:.2}", sum / *count as f32);
        let means: Vec<String> = sum.iter().zip(FEATURES).map(mean).collect();
        eprintln!("{count} pairs, {relation}, {kind}: {}", means.join(", "));
    }
    for ((relation, kind, reason), count) in &reasons {
        eprintln!("{relation}, {kind}, reason '{reason}': {count}");
    }
    let share = |relation: &str, kind: &str, wanted: &str| {
        let of = |reason: Option<&str>| -> usize {
            let fits =
                |key: &(&str, &str, String)| key.0 == relation && key.1 == kind && reason.is_none_or(|r| r == key.2);
            reasons.iter().filter(|(key, _)| fits(key)).map(|(_, count)| count).sum()
        };
        of(Some(wanted)) as f64 / of(None).max(1) as f64
    };
    assert!(share("contradiction", "numeric", "number") > 0.7);
    assert!(share("agreement", "numeric", "number") < 0.05);
    assert!(share("contradiction", "temporal_order", "order") > 0.4);
    assert!(share("agreement", "temporal_order", "order") < 0.05);
}
