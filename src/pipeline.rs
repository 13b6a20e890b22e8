//! The one place that knows every stage and their order: from articles to groups of claims.

mod earlier;
mod renew;
mod rows;
#[cfg(feature = "tables")]
mod tables;
mod watch;
mod write;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rayon::prelude::*;

use crate::align::{self, CandidatePair, Extent, Names, Related};
use crate::article::{Article, Corpus, Note};
use crate::cache::{CachedEncoder, CachedJudge, Store};
use crate::claim::{self, Claim};
use crate::embed::{self, Vectors};
use crate::group::{self, Group};
use crate::judge::{self, Calibration, CalibrationError, Judgement, Side};
use crate::model::{Encoder, Judge, ModelError, OpenJudge};
use crate::sentence::{self, Segment};
use crate::settings::Settings;
#[cfg(feature = "tables")]
use crate::stage::Tools;

pub use earlier::{Earlier, RUNS, Taken};
pub use renew::{add_formats_of, in_the_way, renew_reports, renew_sample};
pub use rows::report;
pub use watch::{Stance, watch};
pub use write::write;

/// Is told how far a run is.
pub trait Progress: Sync {
    /// A stage begins; `total` is the number of its units, 0 if unknown.
    fn begin(&self, stage: &'static str, total: usize);
    /// `done` more units of the stage that runs are finished.
    fn advance(&self, done: usize);
    /// The stage that runs is finished.
    fn end(&self);
    /// Whether somebody asked the run to end after the batch in hand, with what it has.
    fn is_stopped(&self) -> bool {
        false
    }
}

/// Progress of which nobody is told.
pub struct Silent;

impl Progress for Silent {
    fn begin(&self, _: &'static str, _: usize) {}
    fn advance(&self, _: usize) {}
    fn end(&self) {}
}

/// The models of a run.
pub struct Models {
    /// Makes vectors.
    pub encoder: Box<dyn Encoder>,
    /// Judges pairs.
    pub judge: Box<dyn Judge>,
    /// Names of the judge's conflict types, in the order of its logits.
    pub conflict_types: Vec<String>,
    /// From its scores to probabilities.
    pub calibration: Calibration,
    /// What both keep and take from earlier runs, if they do.
    pub cache: Option<Arc<Store>>,
}

impl Models {
    /// An encoder and a judge as they were opened; fails where the judge's calibration does not fit this version.
    pub fn new(encoder: Box<dyn Encoder>, opened: OpenJudge) -> Result<Self, CalibrationError> {
        let OpenJudge { judge, conflict_types, calibration } = opened;
        Ok(Self { encoder, judge, conflict_types, calibration: Calibration::of_model(calibration)?, cache: None })
    }

    /// The same models behind a cache.
    pub fn cached(self, store: Store) -> Self {
        let store = Arc::new(store);
        Self {
            encoder: Box::new(CachedEncoder::new(self.encoder, store.clone())),
            judge: Box::new(CachedJudge::new(self.judge, store.clone())),
            cache: Some(store),
            ..self
        }
    }

    /// The judge with what belongs to it.
    pub fn judge(&self) -> judge::Bench<'_> {
        judge::Bench {
            model: self.judge.as_ref(),
            calibration: &self.calibration,
            conflict_types: &self.conflict_types,
        }
    }

    /// What stages need, with these settings.
    #[cfg(feature = "tables")]
    pub fn tools<'a>(&'a self, settings: &'a Settings) -> Tools<'a> {
        Tools {
            align: &settings.align,
            judge: &settings.judge,
            group: &settings.group,
            encoder: Some(self.encoder.as_ref()),
            bench: Some(self.judge()),
        }
    }
}

/// Everything that a run found. Claims are listed article by article; pairs and groups refer to positions in that list.
#[derive(Debug, Default)]
pub struct Outcome {
    /// What was read.
    pub corpus: Corpus,
    /// Segments of each article.
    pub segments: Vec<Vec<Segment>>,
    /// Segments that may carry a claim.
    pub claims: Vec<Claim>,
    /// Where the claims of each article lie in `claims`.
    pub extents: Vec<Extent>,
    /// Vectors of the claims.
    pub vectors: Vectors,
    /// Articles on one event.
    pub related: Vec<Related>,
    /// Pairs that were found alike.
    pub candidates: Vec<CandidatePair>,
    /// Pairs that were judged.
    pub judgements: Vec<Judgement>,
    /// Claims with their two sides.
    pub groups: Vec<Group>,
    /// Segments that were left out, by reason.
    pub dropped: BTreeMap<&'static str, usize>,
    /// What was not reached.
    pub unfinished: Unfinished,
    /// Wall time of each stage, in order.
    pub times: Vec<(&'static str, Duration)>,
}

/// What a run did not reach, because somebody stopped it, its time was over, or there were too many pairs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Unfinished {
    /// Somebody stopped the run.
    pub stopped: bool,
    /// Different texts without a vector.
    pub texts: usize,
    /// Pairs without a judgement.
    pub pairs: usize,
    /// Those of them that are more than `judge.max_pairs`: no other run reaches these, either.
    pub surplus: usize,
    /// Watched claims that not every article was asked about.
    pub watched: usize,
}

impl Unfinished {
    /// Whether anything is missing.
    pub fn is_partial(&self) -> bool {
        self.stopped || self.texts > 0 || self.pairs > 0 || self.watched > 0
    }

    /// Whether a run with more time reaches more.
    pub fn is_short_of_time(&self) -> bool {
        self.stopped || self.texts > 0 || self.pairs > self.surplus || self.watched > 0
    }
}

impl std::fmt::Display for Unfinished {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let why = match self {
            Self { stopped: true, .. } => "stopped",
            _ if self.is_short_of_time() => "out of time",
            _ => "more pairs than judge.max_pairs",
        };
        write!(f, "partial: {why}, {} texts not embedded, {} pairs not judged", self.texts, self.pairs)?;
        if self.watched > 0 {
            write!(f, ", {} watched claims not asked about", self.watched)?;
        }
        Ok(())
    }
}

impl Outcome {
    /// Article of a claim.
    pub fn article_of(&self, claim: usize) -> &Article {
        &self.corpus.articles[self.claims[claim].article]
    }

    /// Sentence of a claim.
    pub fn text_of(&self, claim: usize) -> &str {
        self.claims[claim].text(&self.article_of(claim).text)
    }

    /// First character of a claim in its article and one past its last, in Unicode scalar values.
    pub fn characters(&self, claim: usize) -> (usize, usize) {
        let (text, span) = (&self.article_of(claim).text, &self.claims[claim].span);
        let start = text[..span.start].chars().count();
        (start, start + text[span.clone()].chars().count())
    }

    /// What the judge sees of a claim.
    pub fn side(&self, claim: usize) -> Side<'_> {
        side(&self.corpus.articles, &self.claims[claim])
    }
}

fn side<'a>(articles: &'a [Article], claim: &'a Claim) -> Side<'a> {
    let article = &articles[claim.article];
    Side { article: claim.article, text: claim.text(&article.text), language: &article.language, fields: &claim.fields }
}

/// Runs every stage on a corpus.
///
/// When `progress` says stop or `settings.run.budget_seconds` are over, what is known by then goes through the stages that are
/// left; [`Outcome::unfinished`] tells what is missing.
pub fn run(
    mut corpus: Corpus,
    models: &Models,
    settings: &Settings,
    progress: &dyn Progress,
) -> Result<Outcome, ModelError> {
    let mut clock = Clock { progress, times: Vec::new() };
    let (start, budget) = (Instant::now(), Duration::from_secs(settings.run.budget_seconds));
    let go_on = || !progress.is_stopped() && (budget.is_zero() || start.elapsed() < budget);
    // Ties are broken by position, so positions must not depend on the order in which articles came.
    corpus.articles.sort_by(|a, b| a.id.cmp(&b.id));
    let articles = &corpus.articles;
    let (segments, dropped) = clock.time("split", articles.len(), |_| Ok(split(articles)))?;
    let claims = clock.time("claims", 0, |_| Ok(claims(articles, &segments)))?;
    let extents = extents(articles, &claims);
    let texts: Vec<&str> = claims.iter().map(|c| c.text(&articles[c.article].text)).collect();
    let (vectors, left_texts) =
        clock.time("embed", texts.len(), |done| embed::embed(models.encoder.as_ref(), &texts, &go_on, done))?;
    let related = clock.time("relate", 0, |_| Ok(align::relate(&extents, &vectors, &settings.align)))?;
    let candidates =
        clock.time("align", 0, |_| Ok(align::candidates(&extents, &related, &vectors, &settings.align)))?;
    let judged = clock.time("judge", 2 * candidates.len(), |done| {
        let side = |claim: usize| side(articles, &claims[claim]);
        judge::judge(&models.judge(), &candidates, &[], side, &settings.judge, &go_on, done)
    })?;
    let judgements = judged.judgements;
    let groups = clock.time("group", 0, |_| Ok(group::group(&judgements, &settings.group)))?;
    let surplus = match settings.judge.max_pairs {
        0 => 0,
        most => candidates.len().saturating_sub(most),
    };
    let unfinished =
        Unfinished { stopped: progress.is_stopped(), texts: left_texts, pairs: judged.left, surplus, watched: 0 };
    corpus.notes.extend(without_claims(&corpus.articles, &extents));
    let times = clock.times;
    Ok(Outcome {
        corpus,
        segments,
        claims,
        extents,
        vectors,
        related,
        candidates,
        judgements,
        groups,
        dropped,
        unfinished,
        times,
    })
}

/// Segments of every article, and how many of them cannot carry a claim, by reason.
fn split(articles: &[Article]) -> (Vec<Vec<Segment>>, BTreeMap<&'static str, usize>) {
    let segments = sentence::split_corpus(articles);
    let mut dropped = BTreeMap::new();
    for reason in segments.iter().flatten().filter_map(|segment| segment.dropped) {
        *dropped.entry(reason).or_default() += 1;
    }
    (segments, dropped)
}

fn claims(articles: &[Article], segments: &[Vec<Segment>]) -> Vec<Claim> {
    let per_article: Vec<Vec<Claim>> = (0..articles.len())
        .into_par_iter()
        .map(|position| {
            let article = &articles[position];
            let kept = segments[position].iter().filter(|segment| segment.dropped.is_none());
            kept.map(|segment| {
                let text = &article.text[segment.span.clone()];
                Claim {
                    article: position,
                    segment: segment.index,
                    span: segment.span.clone(),
                    fields: claim::describe(text, &article.language, article.date),
                }
            })
            .collect()
        })
        .collect();
    per_article.into_iter().flatten().collect()
}

fn extents(articles: &[Article], claims: &[Claim]) -> Vec<Extent> {
    let mut start = 0;
    articles
        .iter()
        .enumerate()
        .map(|(position, article)| {
            let end = start + claims[start..].iter().take_while(|claim| claim.article == position).count();
            let mentions: Vec<String> = claims[start..end].iter().map(|claim| claim.fields.mentions()).collect();
            let names = Names::of(mentions.iter().map(String::as_str));
            let claims = start..end;
            start = end;
            Extent { claims, date: article.date, names }
        })
        .collect()
}

/// A note for each file with articles of which no sentence may carry a claim: perhaps the page was saved without its text.
fn without_claims(articles: &[Article], extents: &[Extent]) -> Vec<Note> {
    let mut files: BTreeMap<&Path, Vec<&str>> = BTreeMap::new();
    for (article, _) in articles.iter().zip(extents).filter(|(_, extent)| extent.claims.is_empty()) {
        files.entry(article.path.as_path()).or_default().push(article.id.as_str());
    }
    let note = |(path, ids): (&Path, Vec<&str>)| {
        let which = match ids.as_slice() {
            [id] => format!("article `{id}`"),
            ids => format!("{} articles, such as `{}`,", ids.len(), ids[0]),
        };
        Note { path: path.to_owned(), message: format!("no sentence of {which} may carry a claim") }
    };
    files.into_iter().map(note).collect()
}

/// Times stages and tells of them.
struct Clock<'a> {
    progress: &'a dyn Progress,
    times: Vec<(&'static str, Duration)>,
}

impl Clock<'_> {
    fn time<T>(
        &mut self,
        stage: &'static str,
        total: usize,
        work: impl FnOnce(&(dyn Fn(usize) + Sync)) -> Result<T, ModelError>,
    ) -> Result<T, ModelError> {
        self.progress.begin(stage, total);
        let start = Instant::now();
        let result = work(&|done| self.progress.advance(done));
        self.times.push((stage, start.elapsed()));
        self.progress.end();
        result
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_with_articles_that_hold_no_claim_are_noted_once() {
        let article = |path: &str, id: &str| Article {
            id: id.to_owned(),
            path: path.into(),
            language: "en".to_owned(),
            date: None,
            outlet: None,
            title: None,
            author: None,
            url: None,
            text: String::new(),
            extra: BTreeMap::new(),
        };
        let articles =
            [article("a.html", "a.html"), article("b.txt", "b.txt"), article("n.csv", "1"), article("n.csv", "2")];
        let extents = [0..0, 0..3, 3..3, 3..3].map(|claims| Extent { claims, ..Extent::default() });
        let notes: Vec<String> = without_claims(&articles, &extents).iter().map(ToString::to_string).collect();
        let first = "`a.html`: no sentence of article `a.html` may carry a claim";
        assert_eq!(notes, [first, "`n.csv`: no sentence of 2 articles, such as `1`, may carry a claim"]);
    }
}
