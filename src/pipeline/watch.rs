//! Claims of the user: what every article says of them.

use std::time::{Duration, Instant};

use super::{Models, Outcome, Progress};
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

/// Asks every article about the claims that the settings name; [`Outcome::unfinished`] tells how many of them are left.
///
/// No claim is asked about while a sentence has no vector, and one that `progress` or the budget cuts short has no answer: articles that
/// nobody asked would be said to be silent. Beyond the budget there is a tenth of it for this.
pub fn watch(
    outcome: &mut Outcome,
    models: &Models,
    settings: &Settings,
    progress: &dyn Progress,
) -> Result<Vec<(String, Vec<Stance>)>, ModelError> {
    let budget = Duration::from_secs(settings.run.budget_seconds);
    let spent: Duration = outcome.times.iter().map(|(_, time)| *time).sum();
    let (start, time) = (Instant::now(), budget.saturating_sub(spent).max(budget / 10));
    let go_on = || !progress.is_stopped() && (budget.is_zero() || start.elapsed() < time);
    let mut answers = Vec::new();
    if outcome.unfinished.texts == 0 {
        for watched in &settings.watch {
            let Some(stances) = ask(outcome, &watched.claim, models, settings, &go_on)? else { break };
            answers.push((watched.claim.clone(), stances));
        }
    }
    outcome.unfinished.watched = settings.watch.len() - answers.len();
    outcome.unfinished.stopped |= outcome.unfinished.watched > 0 && progress.is_stopped();
    Ok(answers)
}

/// Asks every article about one claim: the surest sentence among its nearest decides. `None` if `go_on` said no before all were asked.
///
/// Only articles that report what the claim is about, and articles related to one of these, can state it: probabilities are those of sentences
/// on one event. The result has one stance per article, in order.
fn ask(
    outcome: &Outcome,
    watched: &str,
    models: &Models,
    settings: &Settings,
    go_on: &dyn Fn() -> bool,
) -> Result<Option<Vec<Stance>>, ModelError> {
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
    let judged = judge::judge(&models.judge(), &pairs, &outcome.judgements, side, &all, go_on, &|_| {})?;
    if judged.left > 0 {
        return Ok(None);
    }
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
    Ok(Some(stances))
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::path::PathBuf;

    use super::*;
    use crate::article::{Article, Corpus};
    use crate::judge::Calibration;
    use crate::model::{Encoder, Judge, MAX_CONFLICT_TYPES, Scores};
    use crate::pipeline::{self, Silent};
    use crate::settings::Watch;

    /// Finds all texts alike and all pairs in agreement.
    struct Same;

    impl Encoder for Same {
        fn width(&self) -> usize {
            2
        }
        fn fingerprint(&self) -> String {
            "same".to_owned()
        }
        fn tokens(&self, texts: &[&str]) -> Result<usize, ModelError> {
            Ok(texts.len())
        }
        fn embed(&self, texts: &[&str], _: &(dyn Fn(usize) + Sync)) -> Result<Vec<f32>, ModelError> {
            Ok([1.0, 0.0].repeat(texts.len()))
        }
    }

    impl Judge for Same {
        fn fingerprint(&self) -> String {
            "same".to_owned()
        }
        fn judge(&self, pairs: &[(&str, &str)], _: &(dyn Fn(usize) + Sync)) -> Result<Vec<Scores>, ModelError> {
            let conflict = [0.0; MAX_CONFLICT_TYPES];
            Ok(vec![Scores { agreement: 5.0, unrelated: 0.0, contradiction: 0.0, conflict }; pairs.len()])
        }
    }

    /// Progress of a run that somebody stopped.
    struct Stopped;

    impl Progress for Stopped {
        fn begin(&self, _: &'static str, _: usize) {}
        fn advance(&self, _: usize) {}
        fn end(&self) {}
        fn is_stopped(&self) -> bool {
            true
        }
    }

    fn article(id: &str, text: &str) -> Article {
        Article {
            id: id.to_owned(),
            path: PathBuf::new(),
            language: "en".to_owned(),
            date: None,
            outlet: None,
            title: None,
            author: None,
            url: None,
            text: text.to_owned(),
            extra: BTreeMap::new(),
        }
    }

    #[test]
    fn a_claim_is_asked_of_every_article_or_of_none() {
        let articles = vec![
            article("a", "The old bridge over the river was closed on Monday. Twelve people were injured."),
            article("b", "The town has closed its bridge for a week. The mayor spoke of a black day."),
        ];
        let models = Models {
            encoder: Box::new(Same),
            judge: Box::new(Same),
            conflict_types: Vec::new(),
            calibration: Calibration::identity(),
            cache: None,
        };
        let watched = Watch { claim: "The bridge is closed.".to_owned() };
        let settings = Settings { watch: vec![watched], ..Settings::default() };
        let corpus = Corpus { articles, ..Corpus::default() };
        let mut outcome = pipeline::run(corpus, &models, &settings, &Silent).unwrap();
        let mut answers = |texts: usize, progress: &dyn Progress| {
            outcome.unfinished.texts = texts;
            let answers = watch(&mut outcome, &models, &settings, progress).unwrap();
            let stated = answers.iter().flat_map(|(_, stances)| stances).filter(|stance| stance.sentence.is_some());
            (stated.count(), outcome.unfinished.watched, outcome.unfinished.stopped)
        };
        assert_eq!(answers(0, &Silent), (2, 0, false));
        assert_eq!(answers(1, &Silent), (0, 1, false), "an article that nobody read says nothing");
        assert_eq!(answers(0, &Stopped), (0, 1, true));
    }
}
