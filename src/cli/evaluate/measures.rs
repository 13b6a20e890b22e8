//! What a run found, set against gold.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;

use anyhow::{Context, Result};
use crossclaim::evaluate::{self, Gold, Place, Predicted, Steps};
use crossclaim::judge::{self, Judgement, Relation};
use crossclaim::pipeline::Outcome;

/// Where every claim stands, in Unicode scalar values.
pub(super) fn places(outcome: &Outcome) -> Vec<Place> {
    let place = |claim: usize| {
        let (article, (start, end)) = (outcome.article_of(claim), outcome.characters(claim));
        Place::new(&article.id, start, end, &article.language)
    };
    (0..outcome.claims.len()).map(place).collect()
}

/// Both sides of a pair of claims, in order.
pub(super) fn sides(places: &[Place], left: usize, right: usize) -> [Place; 2] {
    let mut sides = [places[left].clone(), places[right].clone()];
    sides.sort();
    sides
}

/// Judgements that name a relation.
pub(super) fn reported(judgements: &[Judgement], places: &[Place]) -> Vec<Predicted> {
    let kept = judgements.iter().filter(|j| j.relation != Relation::Unrelated);
    kept.map(|j| Predicted {
        sides: sides(places, j.pair.left, j.pair.right),
        relation: j.relation,
        confidence: j.confidence,
    })
    .collect()
}

/// Which true pairs are still there after each step of the run.
pub(super) fn steps(outcome: &Outcome, places: &[Place], gold: &Gold) -> Steps {
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
    let candidates = PairsByArticles::new(places, outcome.candidates.iter().map(|c| (c.left, c.right)));
    steps.add("candidates", gold, |s| candidates.holds(s));
    let judged = |is_meant: fn(Relation) -> bool| {
        let all = outcome.judgements.iter().filter(|j| is_meant(j.relation));
        PairsByArticles::new(places, all.map(|j| (j.pair.left, j.pair.right)))
    };
    let all = judged(|_| true);
    steps.add("judged", gold, |s| all.holds(s));
    let above = judged(|relation| relation != Relation::Unrelated);
    steps.add("above a threshold", gold, |s| above.holds(s));
    let agreements = judged(|relation| relation == Relation::Agreement);
    let contradictions = judged(|relation| relation == Relation::Contradiction);
    let relation: HashMap<&[Place; 2], Relation> = gold.pairs.iter().map(|p| (&p.sides, p.relation)).collect();
    steps.add("with the right relation", gold, |s| match relation[s] {
        Relation::Agreement => agreements.holds(s),
        _ => contradictions.holds(s),
    });
    steps
}

/// Pairs of places by their two articles.
struct PairsByArticles(HashMap<(String, String), Vec<[Place; 2]>>);

impl PairsByArticles {
    /// Pairs of claims, given by their positions.
    fn new(places: &[Place], pairs: impl Iterator<Item = (usize, usize)>) -> Self {
        let mut by_articles: HashMap<(String, String), Vec<[Place; 2]>> = HashMap::new();
        for (left, right) in pairs {
            let sides = sides(places, left, right);
            by_articles.entry((sides[0].article.clone(), sides[1].article.clone())).or_default().push(sides);
        }
        Self(by_articles)
    }

    /// Whether one of the pairs meets these places.
    fn holds(&self, sides: &[Place; 2]) -> bool {
        let key = (sides[0].article.clone(), sides[1].article.clone());
        self.0.get(&key).is_some_and(|all| all.iter().any(|p| p[0].meets(&sides[0]) && p[1].meets(&sides[1])))
    }
}

/// Bands of a tenth: rows, mean probability and share right for each relation that is reported; relations of which gold
/// says nothing on a pair are left out.
pub(super) fn reliability(
    judgements: &[Judgement],
    places: &[Place],
    gold: &Gold,
) -> Vec<(Relation, f64, usize, f64, f64)> {
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
pub(super) fn group_score(outcome: &Outcome, places: &[Place], gold: &Gold) -> [f64; 3] {
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

/// Writes every judged pair as a line of JSON: features, evidence, and what gold says of it.
pub(super) fn write_features(path: &Path, outcome: &Outcome, places: &[Place], gold: &Gold) -> Result<()> {
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

#[cfg(test)]
mod tests {
    use crossclaim::align::CandidatePair;
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
            probabilities: Probabilities { agreement: 0.95, unrelated: 0.03, contradiction: 0.02 },
            ..Judgement::bare(CandidatePair::new(left, right, 0.8), Relation::Agreement, 0.95)
        };
        let table = reliability(&[judged(0, 1), judged(2, 3)], &places, &gold);
        assert_eq!(table, [(Relation::Contradiction, 0.0, 1, 0.02, 0.0), (Relation::Agreement, 0.9, 1, 0.95, 1.0)]);
    }
}
