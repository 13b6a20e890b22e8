//! Simple systems that the program is compared with.

use std::collections::BTreeMap;

use anyhow::Result;
use crossclaim::align::CandidatePair;
use crossclaim::evaluate::{self, Gold, Place, Predicted, Scorecard};
use crossclaim::judge::{self, Calibration, Judgement, Relation};
use crossclaim::pipeline::{Models, Outcome};
use crossclaim::settings::Settings;

use super::measures::{reported, sides};

/// Baseline: each claim's nearest claim of another article anywhere in the corpus agrees when their cosine reaches one
/// threshold, chosen so that the agreement F1 on this gold is highest.
pub(super) fn nearest_neighbour(outcome: &Outcome, places: &[Place], gold: &Gold) -> (String, Scorecard) {
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
pub(super) fn judge_alone(
    outcome: &Outcome,
    places: &[Place],
    gold: &Gold,
    models: &Models,
    settings: &Settings,
) -> Result<(String, Scorecard)> {
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
fn nearest(outcome: &Outcome, keep: usize) -> Vec<CandidatePair> {
    let mut pairs = BTreeMap::new();
    for (position, extent) in outcome.extents.iter().enumerate() {
        for claim in extent.claims.clone() {
            let others = (0..outcome.claims.len()).filter(|&other| outcome.claims[other].article != position);
            let mut near: Vec<(f32, usize)> = others.map(|o| (outcome.vectors.cosine(claim, o), o)).collect();
            near.sort_by(|x, y| y.0.total_cmp(&x.0).then(x.1.cmp(&y.1)));
            for &(similarity, other) in near.iter().take(keep) {
                let (left, right) = (claim.min(other), claim.max(other));
                pairs.insert((left, right), CandidatePair::new(left, right, similarity));
            }
        }
    }
    pairs.into_values().collect()
}
