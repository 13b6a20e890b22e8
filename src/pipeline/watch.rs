//! A claim of the user: what every article says of it.

use super::{Models, Outcome};
use crate::align::CandidatePair;
use crate::claim;
use crate::embed::Vectors;
use crate::judge::{self, Judgement, Side};
use crate::model::ModelError;
use crate::settings::Settings;

/// What one article says of a claim that the user asked about.
#[derive(Debug, Clone)]
pub struct Stance {
    /// Position of the article.
    pub article: usize,
    /// Its sentence that decides, with the judgement; `None` if it does not say.
    pub sentence: Option<(usize, Judgement)>,
}

/// An article whose nearest sentence has a cosine of this share of `align.related` reports what the claim is about.
const NEAR: f32 = 0.75;

/// Asks every article about a claim of the user: the surest sentence among its nearest decides.
///
/// Only articles that report what the claim is about, and articles related to one of these, can state it: probabilities are those of sentences
/// on one event. The result has one stance per article, in order.
pub fn watch(
    outcome: &Outcome,
    watched: &str,
    models: &Models,
    settings: &Settings,
) -> Result<Vec<Stance>, ModelError> {
    let language = crate::article::detect_language(watched);
    let fields = claim::describe(watched, language, None);
    let floats = models.encoder.embed(&[watched], &|_| {})?;
    let own = Vectors::from_floats(&floats, models.encoder.width());
    let asked = outcome.claims.len();
    let nearest: Vec<Vec<(f32, usize)>> =
        (0..outcome.extents.len()).map(|article| nearest(outcome, article, &own, settings.align.neighbours)).collect();
    let about = about(outcome, &nearest, NEAR * settings.align.related);
    let far = settings.align.neighbours as u32;
    let mut pairs = Vec::new();
    for (near, _) in nearest.iter().zip(about).filter(|(_, about)| *about) {
        pairs.extend(near.iter().enumerate().filter(|(_, n)| n.0 >= settings.align.min_similarity).map(
            |(rank, &(similarity, claim))| CandidatePair {
                left: asked,
                right: claim,
                similarity,
                rank_right: rank as u32,
                rank_left: if rank == 0 { 0 } else { far },
            },
        ));
    }
    let side = |claim: usize| {
        if claim == asked {
            Side { article: outcome.extents.len(), text: watched, language, fields: &fields }
        } else {
            outcome.side(claim)
        }
    };
    // An article that is not judged would be said to be silent.
    let all = judge::Settings { max_pairs: 0, ..settings.judge.clone() };
    let judged = judge::judge(&models.judge(), &pairs, &outcome.judgements, side, &all, &|| true, &|_| {})?;
    let mut stances: Vec<Stance> =
        (0..outcome.extents.len()).map(|article| Stance { article, sentence: None }).collect();
    for judgement in judged.judgements {
        let claim = judgement.pair.right;
        let stance = &mut stances[outcome.claims[claim].article];
        let surer = stance.sentence.as_ref().is_none_or(|(_, best)| judgement.confidence > best.confidence);
        if judgement.relation != judge::Relation::Unrelated && surer {
            stance.sentence = Some((claim, judgement));
        }
    }
    Ok(stances)
}

/// Cosines and positions of the claims of an article that are nearest to the vector, the nearest first.
fn nearest(outcome: &Outcome, article: usize, vector: &Vectors, count: usize) -> Vec<(f32, usize)> {
    let claims = outcome.extents[article].claims.clone();
    let mut near: Vec<(f32, usize)> =
        claims.map(|claim| (vector.cosine_to(0, &outcome.vectors, claim), claim)).collect();
    near.sort_by(|x, y| y.0.total_cmp(&x.0).then(x.1.cmp(&y.1)));
    near.truncate(count);
    near
}

/// Whether each article has a sentence at least so near, or is related to one that has.
fn about(outcome: &Outcome, nearest: &[Vec<(f32, usize)>], near: f32) -> Vec<bool> {
    let own: Vec<bool> = nearest.iter().map(|of| of.first().is_some_and(|first| first.0 >= near)).collect();
    let mut about = own.clone();
    for related in &outcome.related {
        about[related.left] |= own[related.right];
        about[related.right] |= own[related.left];
    }
    about
}
