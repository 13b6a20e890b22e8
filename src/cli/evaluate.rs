//! `crossclaim evaluate`.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use crossclaim::evaluate::{self, Gold, Place, Predicted, Report, Steps};
use crossclaim::judge::{Calibration, Judgement, Relation};
use crossclaim::pipeline::{self, Models, Outcome};
use crossclaim::settings::Settings;
use crossclaim::{align, article, judge};

use super::{Common, Exit, cache, model};
use crate::progress::Bars;

/// Arguments of `crossclaim evaluate`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  The sample corpus against its gold pairs
    crossclaim evaluate
  Your own articles against your own marks
    crossclaim evaluate --gold outputs/first/pairs.csv --articles articles/ --out scores/
  What the calibration learns from, one judged pair a line
    crossclaim evaluate --features features.jsonl")]
pub struct Arguments {
    /// Gold pairs: article_a, lang_a, start_a, end_a, the same for b, claim, relation; or a pairs file with marks, of
    /// which only the marked pairs are counted: P is then of the marked rows, R of the pairs that were shown. Articles
    /// are named by their ids, or by file names without folders and extension.
    #[arg(long, value_name = "GOLD.csv", default_value = "corpus/gold/gold_pairs.csv")]
    gold: PathBuf,
    /// Pairs that may be reported or not, in the form of gold.
    #[arg(long, value_name = "CSV")]
    ignore: Vec<PathBuf>,
    /// The articles of the gold; the default is the corpus of the settings.
    #[arg(long, value_name = "DIR")]
    articles: Option<PathBuf>,
    /// Folder for scorecard.txt and scorecard.json.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Leaves the two baselines out.
    #[arg(long)]
    no_baselines: bool,
    /// Writes every judged pair with its features and its gold relation, for `training/calibrate.py`.
    #[arg(long, value_name = "FILE")]
    features: Option<PathBuf>,
}

pub fn execute(arguments: &Arguments, common: &Common, quiet: bool) -> Result<Exit> {
    let mut settings = common.settings(&[])?;
    // What a run finds in a given time says nothing of what it can find.
    settings.run.budget_seconds = 0;
    let mut gold = evaluate::read_gold(&arguments.gold, &arguments.ignore)?;
    let paths: Vec<PathBuf> = match &arguments.articles {
        Some(path) => vec![path.clone()],
        None => settings.run.corpus.iter().map(PathBuf::from).collect(),
    };
    let corpus = article::read_corpus(&paths, &settings.article)?;
    for skipped in &corpus.skipped {
        tracing::warn!("skipped {skipped}");
    }
    let ids: Vec<&str> = corpus.articles.iter().map(|article| article.id.as_str()).collect();
    let elsewhere = gold.locate(&ids)?;
    if elsewhere > 0 {
        tracing::warn!("{elsewhere} gold pairs are on articles that were not read");
    }
    let models = model::open_cached(&settings)?;
    let outcome = pipeline::run(corpus, &models, &settings, &Bars::new(quiet))?;
    if outcome.unfinished.is_partial() {
        tracing::warn!("{}", outcome.unfinished);
    }
    let places = places(&outcome);
    if let Some(path) = &arguments.features {
        write_features(path, &outcome, &places, &gold)?;
    }
    let mut systems = vec![("crossclaim".to_owned(), evaluate::score(&gold, &reported(&outcome.judgements, &places)))];
    if !arguments.no_baselines {
        systems.push(nearest_neighbour(&outcome, &places, &gold));
        systems.push(judge_alone(&outcome, &places, &gold, &models, &settings)?);
    }
    let report = Report {
        systems,
        note: gold.note(),
        steps: steps(&outcome, &places, &gold),
        reliability: reliability(&outcome.judgements, &places, &gold),
        groups: gold.pairs.iter().any(|p| !p.claims.is_empty()).then(|| group_score(&outcome, &places, &gold)),
        about: about(&outcome, &models),
    };
    let text = report.to_text();
    if let Some(folder) = &arguments.out {
        std::fs::create_dir_all(folder).with_context(|| format!("cannot make `{}`", folder.display()))?;
        std::fs::write(folder.join("scorecard.txt"), &text)?;
        std::fs::write(folder.join("scorecard.json"), serde_json::to_string_pretty(&report)?)?;
    }
    cache::tell(&models);
    std::io::stdout().write_all(text.as_bytes())?;
    Ok(if outcome.corpus.skipped.is_empty() { Exit::Done } else { Exit::Skipped })
}

/// Where every claim stands, in Unicode scalar values.
fn places(outcome: &Outcome) -> Vec<Place> {
    let place = |claim: usize| {
        let (article, (start, end)) = (outcome.article_of(claim), outcome.characters(claim));
        Place::new(&article.id, start, end, &article.language)
    };
    (0..outcome.claims.len()).map(place).collect()
}

fn sides(places: &[Place], left: usize, right: usize) -> [Place; 2] {
    let mut sides = [places[left].clone(), places[right].clone()];
    sides.sort();
    sides
}

fn reported(judgements: &[Judgement], places: &[Place]) -> Vec<Predicted> {
    let kept = judgements.iter().filter(|j| j.relation != Relation::Unrelated);
    kept.map(|j| Predicted {
        sides: sides(places, j.pair.left, j.pair.right),
        relation: j.relation,
        confidence: j.confidence,
    })
    .collect()
}

fn steps(outcome: &Outcome, places: &[Place], gold: &Gold) -> Steps {
    let mut steps = Steps::default();
    let near = |place: &Place| places.iter().any(|other| other.meets(place));
    steps.add("both sides are claims", gold, |s| near(&s[0]) && near(&s[1]));
    let id = |article: usize| outcome.corpus.articles[article].id.as_str();
    let related: BTreeSet<(&str, &str)> = outcome
        .related
        .iter()
        .flat_map(|r| [(r.left, r.right), (r.right, r.left)])
        .map(|(a, b)| (id(a), id(b)))
        .collect();
    steps.add("articles related", gold, |s| related.contains(&(s[0].article.as_str(), s[1].article.as_str())));
    let pairs = |all: &mut dyn Iterator<Item = (usize, usize)>| {
        let mut by_articles: HashMap<(String, String), Vec<[Place; 2]>> = HashMap::new();
        for (left, right) in all {
            let sides = sides(places, left, right);
            by_articles.entry((sides[0].article.clone(), sides[1].article.clone())).or_default().push(sides);
        }
        by_articles
    };
    let holds = |pairs: &HashMap<(String, String), Vec<[Place; 2]>>, s: &[Place; 2]| {
        let key = (s[0].article.clone(), s[1].article.clone());
        pairs.get(&key).is_some_and(|all| all.iter().any(|p| p[0].meets(&s[0]) && p[1].meets(&s[1])))
    };
    let candidates = pairs(&mut outcome.candidates.iter().map(|c| (c.left, c.right)));
    steps.add("candidates", gold, |s| holds(&candidates, s));
    let judged = pairs(&mut outcome.judgements.iter().map(|j| (j.pair.left, j.pair.right)));
    steps.add("judged", gold, |s| holds(&judged, s));
    let above = outcome.judgements.iter().filter(|j| j.relation != Relation::Unrelated);
    let above = pairs(&mut above.map(|j| (j.pair.left, j.pair.right)));
    steps.add("above a threshold", gold, |s| holds(&above, s));
    let right = |relation: Relation| {
        let all = outcome.judgements.iter().filter(move |j| j.relation == relation);
        pairs(&mut all.map(|j| (j.pair.left, j.pair.right)))
    };
    let (agreements, contradictions) = (right(Relation::Agreement), right(Relation::Contradiction));
    let relation: HashMap<&[Place; 2], Relation> = gold.pairs.iter().map(|p| (&p.sides, p.relation)).collect();
    steps.add("with the right relation", gold, |s| match relation[s] {
        Relation::Agreement => holds(&agreements, s),
        _ => holds(&contradictions, s),
    });
    steps
}

/// Bands of a tenth: rows, mean probability and share right for each relation that is reported; relations of which gold
/// says nothing on a pair are left out.
fn reliability(judgements: &[Judgement], places: &[Place], gold: &Gold) -> Vec<(Relation, f64, usize, f64, f64)> {
    let matcher = evaluate::Matcher::new(gold);
    let mut bands: BTreeMap<(Relation, usize), (usize, f64, usize)> = BTreeMap::new();
    for judgement in judgements {
        let sides = sides(places, judgement.pair.left, judgement.pair.right);
        let matches = matcher.matches(&sides);
        for (relation, p) in [
            (Relation::Agreement, judgement.probabilities.agreement),
            (Relation::Contradiction, judgement.probabilities.contradiction),
        ] {
            if matches.is_empty() && matcher.is_ignored(&sides, relation) {
                continue;
            }
            let band = bands.entry((relation, ((p * 10.0) as usize).min(9))).or_default();
            let right = matches.iter().any(|&i| gold.pairs[i].relation == relation);
            *band = (band.0 + 1, band.1 + p, band.2 + usize::from(right));
        }
    }
    let row = |((relation, tenth), (rows, sum, right)): ((Relation, usize), (usize, f64, usize))| {
        (relation, tenth as f64 / 10.0, rows, sum / rows as f64, right as f64 / rows as f64)
    };
    bands.into_iter().map(row).collect()
}

/// B-cubed of the program's groups against the gold claims, over the sentences that gold pairs join.
fn group_score(outcome: &Outcome, places: &[Place], gold: &Gold) -> [f64; 3] {
    let mut classes: BTreeMap<String, usize> = BTreeMap::new();
    let mut of_place: BTreeMap<&Place, BTreeSet<usize>> = BTreeMap::new();
    for pair in &gold.pairs {
        let event = pair.sides[0].event();
        for claim in &pair.claims {
            let next = classes.len();
            let class = *classes.entry(format!("{event}/{claim}")).or_insert(next);
            pair.sides.iter().for_each(|side| {
                of_place.entry(side).or_default().insert(class);
            });
        }
    }
    let mut clusters: Vec<Vec<usize>> = vec![Vec::new(); places.len()];
    for (number, group) in outcome.groups.iter().enumerate() {
        group.supporting.iter().chain(&group.opposing).for_each(|&claim| clusters[claim].push(number));
    }
    let items: Vec<(Vec<usize>, Vec<usize>)> = places
        .iter()
        .zip(&clusters)
        .enumerate()
        .map(|(i, (place, own))| {
            let gold: BTreeSet<usize> =
                of_place.iter().filter(|(other, _)| other.meets(place)).flat_map(|(_, c)| c.iter().copied()).collect();
            let own = if own.is_empty() { vec![usize::MAX - i] } else { own.clone() };
            (own, gold.into_iter().collect())
        })
        .collect();
    evaluate::b_cubed(&items)
}

/// Baseline: each claim's nearest claim of another article anywhere in the corpus agrees when their cosine reaches one
/// threshold, chosen so that the agreement F1 on this gold is highest.
fn nearest_neighbour(outcome: &Outcome, places: &[Place], gold: &Gold) -> (String, evaluate::Scorecard) {
    let pairs = nearest(outcome, 1);
    let card = |threshold: f32| {
        let kept = pairs.iter().filter(|p| p.similarity >= threshold);
        let predicted: Vec<Predicted> = kept
            .map(|p| Predicted {
                sides: sides(places, p.left, p.right),
                relation: Relation::Agreement,
                confidence: p.similarity.into(),
            })
            .collect();
        evaluate::score(gold, &predicted)
    };
    let best =
        (30..100).map(|t| t as f32 / 100.0).max_by(|&a, &b| card(a).agreement.f1().total_cmp(&card(b).agreement.f1()));
    let threshold = best.unwrap_or(0.5);
    (format!("baseline: nearest neighbour, cosine >= {threshold}"), card(threshold))
}

/// Baseline: the judge's own strongest relation for each claim's ten nearest claims anywhere in the corpus, without related articles,
/// without calibration and thresholds.
fn judge_alone(
    outcome: &Outcome,
    places: &[Place],
    gold: &Gold,
    models: &Models,
    settings: &Settings,
) -> Result<(String, evaluate::Scorecard)> {
    let pairs = nearest(outcome, 10);
    let plain =
        judge::Settings { agreement: 0.0, contradiction: 0.0, languages: BTreeMap::new(), ..settings.judge.clone() };
    let bench = judge::Bench { calibration: &Calibration::identity(), ..models.judge() };
    let judged = judge::judge(&bench, &pairs, &[], |c| outcome.side(c), &plain, &|| true, &|_| {})?;
    let strongest: Vec<Judgement> = judged
        .judgements
        .into_iter()
        .filter(|j| j.probabilities.unrelated < j.probabilities.agreement.max(j.probabilities.contradiction))
        .collect();
    let name = "baseline: judge without alignment, ten nearest of the corpus, strongest relation".to_owned();
    Ok((name, evaluate::score(gold, &reported(&strongest, places))))
}

/// The nearest `keep` claims of other articles for each claim, each pair once.
fn nearest(outcome: &Outcome, keep: usize) -> Vec<align::CandidatePair> {
    let mut pairs = BTreeMap::new();
    for (position, extent) in outcome.extents.iter().enumerate() {
        for claim in extent.claims.clone() {
            let others = (0..outcome.claims.len()).filter(|&other| outcome.claims[other].article != position);
            let mut near: Vec<(f32, usize)> = others.map(|o| (outcome.vectors.cosine(claim, o), o)).collect();
            near.sort_by(|x, y| y.0.total_cmp(&x.0).then(x.1.cmp(&y.1)));
            for &(similarity, other) in near.iter().take(keep) {
                let (left, right) = (claim.min(other), claim.max(other));
                let pair = align::CandidatePair { left, right, similarity, rank_right: 0, rank_left: 0 };
                pairs.insert((left, right), pair);
            }
        }
    }
    pairs.into_values().collect()
}

fn write_features(path: &Path, outcome: &Outcome, places: &[Place], gold: &Gold) -> Result<()> {
    let matcher = evaluate::Matcher::new(gold);
    let mut text = String::new();
    for judgement in &outcome.judgements {
        let sides = sides(places, judgement.pair.left, judgement.pair.right);
        let matches = matcher.matches(&sides);
        let relations: BTreeSet<&str> = matches.iter().map(|&i| gold.pairs[i].relation.name()).collect();
        let open = [Relation::Agreement, Relation::Contradiction].map(|relation| matcher.is_ignored(&sides, relation));
        let ignored = matches.is_empty() && open.contains(&true);
        let line = serde_json::json!({
            "event": sides[0].event(),
            "languages": judge::language_pair(&sides[0].language, &sides[1].language),
            "gold": if ignored { "ignored" } else { relations.first().copied().unwrap_or("unrelated") },
            "claims": [judgement.pair.left, judgement.pair.right],
            "articles": [outcome.claims[judgement.pair.left].article, outcome.claims[judgement.pair.right].article],
            "features": judge::FEATURES.iter().copied().zip(judgement.features).collect::<BTreeMap<_, _>>(),
            "evidence": judge::EVIDENCE.iter().copied().zip(judgement.evidence).collect::<BTreeMap<_, _>>(),
            "left": outcome.text_of(judgement.pair.left),
            "right": outcome.text_of(judgement.pair.right),
        });
        text.push_str(&format!("{line}\n"));
    }
    std::fs::write(path, text).with_context(|| format!("cannot write `{}`", path.display()))
}

fn about(outcome: &Outcome, models: &Models) -> BTreeMap<String, String> {
    let count = |name: &str, n: usize| (name.to_owned(), n.to_string());
    let mut about = BTreeMap::from([
        ("version".to_owned(), env!("CARGO_PKG_VERSION").to_owned()),
        ("encoder".to_owned(), models.encoder.fingerprint()),
        ("judge".to_owned(), models.judge.fingerprint()),
        count("articles", outcome.corpus.articles.len()),
        count("sentences", outcome.claims.len()),
        count("related articles", outcome.related.len()),
        count("candidates", outcome.candidates.len()),
    ]);
    about.extend(outcome.unfinished.is_partial().then(|| ("unfinished".to_owned(), outcome.unfinished.to_string())));
    about
}

#[cfg(test)]
mod tests {
    use crossclaim::judge::Probabilities;

    use super::*;

    #[test]
    fn pairs_that_nobody_marked_are_left_out_of_the_table_of_probabilities() {
        let places: Vec<Place> = (0..4).map(|at| Place::new(&format!("{at}.txt"), 0, 9, "de")).collect();
        let marked = evaluate::GoldPair {
            sides: sides(&places, 0, 1),
            relation: Relation::Agreement,
            claims: Vec::new(),
            kinds: Vec::new(),
        };
        let gold = Gold { pairs: vec![marked], is_partial: true, ..Gold::default() };
        let judged = |left, right| Judgement {
            pair: align::CandidatePair { left, right, similarity: 0.8, rank_right: 0, rank_left: 0 },
            relation: Relation::Agreement,
            confidence: 0.95,
            probabilities: Probabilities { agreement: 0.95, unrelated: 0.03, contradiction: 0.02 },
            reason: String::new(),
            conflict: None,
            copy: false,
            features: [0.0; judge::FEATURES.len()],
            evidence: [0.0; judge::EVIDENCE.len()],
        };
        let table = reliability(&[judged(0, 1), judged(2, 3)], &places, &gold);
        assert_eq!(table, [(Relation::Contradiction, 0.0, 1, 0.02, 0.0), (Relation::Agreement, 0.9, 1, 0.95, 1.0)]);
    }
}
