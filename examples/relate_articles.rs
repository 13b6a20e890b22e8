//! Measures how well articles on one event are found: recall and precision of pairs of articles with the same `document`, precision
//! when documents of `benches/scaling/same_news.txt` count as one event, both also by vectors alone, without names; share of equal
//! lines among the candidates of articles with the same document, and the time of both steps.
//!
//! `cargo run --release --example relate_articles -- MODEL CACHE ARTICLES.jsonl [MIN_SCORE...]`, where every article has a
//! `document` and says the same thing in the same line as the other articles of that document. Vectors are kept in the folder
//! CACHE, so only the first call needs long.

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::path::{Path, PathBuf};

use crossclaim::align::{self, Extent, Names, Related};
use crossclaim::cache::{self, Store};
use crossclaim::pipeline::{self, Models, Outcome};
use crossclaim::{article, model, settings};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [folder, cache, articles, scores @ ..] = &arguments[..] else {
        return Err("expected MODEL CACHE ARTICLES.jsonl [MIN_SCORE...]".into());
    };
    let mut settings = settings::compose(None, &[])?;
    // Judging is not measured here.
    settings.judge.max_pairs = 1;
    let folder = Path::new(folder);
    let encoder = model::open_encoder(folder, &settings.model)?;
    let models = Models::new(encoder, model::open_judge(folder, &settings.model)?)?;
    let models = models.cached(Store::open(&cache::Settings { dir: cache.into(), ..cache::Settings::default() })?);
    let default = settings.align.related.to_string();
    let scores = if scores.is_empty() { std::slice::from_ref(&default) } else { scores };
    for score in scores {
        settings.align.related = score.parse()?;
        let corpus = article::read_corpus(&[PathBuf::from(articles)], &settings.article)?;
        let outcome = pipeline::run(corpus, &models, &settings, &pipeline::Silent)?;
        println!("score {score}: {}", measure(&outcome));
        let nameless: Vec<Extent> =
            outcome.extents.iter().map(|extent| Extent { names: Names::default(), ..extent.clone() }).collect();
        let related = align::relate(&nameless, &outcome.vectors, &settings.align);
        println!("score {score}, by vectors alone: {}", Ratios::of(&outcome, &related));
    }
    Ok(())
}

/// Document -> line of the list of documents on one event.
fn same_news() -> HashMap<&'static str, usize> {
    let lines = include_str!("../benches/scaling/same_news.txt").lines().filter(|line| !line.starts_with('#'));
    lines.enumerate().flat_map(|(event, line)| line.split(' ').map(move |document| (document, event))).collect()
}

fn ratio(part: usize, whole: usize) -> f64 {
    part as f64 / whole.max(1) as f64
}

/// How right relations of articles are.
struct Ratios {
    recall: f64,
    precision: f64,
    with_same_news: f64,
}

impl Ratios {
    fn of(outcome: &Outcome, related: &[Related]) -> Self {
        let articles = &outcome.corpus.articles;
        let document = |a: usize| articles[a].extra.get("document").map(String::as_str).unwrap_or_default();
        let mut sizes: HashMap<&str, usize> = HashMap::new();
        (0..articles.len()).for_each(|a| *sizes.entry(document(a)).or_default() += 1);
        let same: usize = sizes.values().map(|n| n * (n - 1) / 2).sum();
        let right: Vec<_> = related.iter().filter(|r| document(r.left) == document(r.right)).collect();
        let news = same_news();
        let event = |a: usize| news.get(document(a));
        let same_event = |left, right| event(left).is_some() && event(left) == event(right);
        let reported = related.iter().filter(|r| document(r.left) != document(r.right) && same_event(r.left, r.right));
        Self {
            recall: ratio(right.len(), same),
            precision: ratio(right.len(), related.len()),
            with_same_news: ratio(right.len() + reported.count(), related.len()),
        }
    }
}

impl fmt::Display for Ratios {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { recall, precision, with_same_news } = self;
        write!(
            out,
            "same document: recall {recall:.4}, precision {precision:.4}, {with_same_news:.4} with other documents on the same event"
        )
    }
}

fn measure(outcome: &Outcome) -> String {
    let articles = &outcome.corpus.articles;
    let document = |a: usize| articles[a].extra.get("document").map(String::as_str).unwrap_or_default();
    let line = |claim: usize| {
        let claim = &outcome.claims[claim];
        articles[claim.article].text[..claim.span.start].matches('\n').count()
    };
    let lines: Vec<HashSet<usize>> = outcome.extents.iter().map(|e| e.claims.clone().map(line).collect()).collect();
    let right = outcome.related.iter().filter(|r| document(r.left) == document(r.right));
    let wanted: usize = right.map(|r| lines[r.left].intersection(&lines[r.right]).count()).sum();
    let found: HashSet<(usize, usize, usize)> = outcome
        .candidates
        .iter()
        .filter(|c| line(c.left) == line(c.right))
        .map(|c| (outcome.claims[c.left].article, outcome.claims[c.right].article, line(c.left)))
        .filter(|&(left, right, _)| document(left) == document(right))
        .collect();
    let seconds: Vec<String> =
        outcome.times.iter().map(|(stage, time)| format!("{stage} {:.2}", time.as_secs_f64())).collect();
    format!(
        "{} articles, {} claims; {}; equal lines among {} candidates: {:.4}; seconds: {}",
        articles.len(),
        outcome.claims.len(),
        Ratios::of(outcome, &outcome.related),
        outcome.candidates.len(),
        ratio(found.len(), wanted),
        seconds.join(", ")
    )
}
