//! Judges candidate pairs: agreement, contradiction or unrelated, with a calibrated probability and a typed reason.

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

mod calibration;
mod copies;
mod network;
mod orders;
mod settings;
mod thirds;

pub use calibration::{Calibration, CalibrationError};
pub use network::Network;
pub use orders::{BothOrders, both_orders};
pub use settings::{Settings, Thresholds, language_pair};
pub use thirds::EVIDENCE;

use crate::align::CandidatePair;
use crate::claim::{self, Fields};
use crate::model::{Judge, ModelError, Scores};
use copies::{is_near_copy, is_same_text};
use thirds::Heard;

/// What the program says about a pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Relation {
    /// Both cannot be true.
    Contradiction,
    /// Both make the same claim.
    Agreement,
    /// Neither, or not surely enough.
    Unrelated,
}

impl Relation {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Agreement, Self::Contradiction, Self::Unrelated];

    /// The relation with this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|relation| relation.name() == name)
    }

    /// Name in files and settings.
    pub fn name(self) -> &'static str {
        match self {
            Self::Agreement => "agreement",
            Self::Contradiction => "contradiction",
            Self::Unrelated => "unrelated",
        }
    }
}

/// Calibrated probabilities of the three relations; they add up to 1.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Probabilities {
    /// That both make the same claim.
    pub agreement: f64,
    /// That neither holds.
    pub unrelated: f64,
    /// That both cannot be true.
    pub contradiction: f64,
}

impl Probabilities {
    /// Probability of one relation.
    pub fn of(&self, relation: Relation) -> f64 {
        match relation {
            Relation::Agreement => self.agreement,
            Relation::Contradiction => self.contradiction,
            Relation::Unrelated => self.unrelated,
        }
    }

    /// The most probable relation.
    pub fn strongest(&self) -> Relation {
        if self.contradiction > self.unrelated.max(self.agreement) {
            Relation::Contradiction
        } else if self.agreement > self.unrelated {
            Relation::Agreement
        } else {
            Relation::Unrelated
        }
    }

    /// Rounded to four decimals, so that thresholds and order do not depend on the last bits.
    fn rounded(self) -> Self {
        let round = |p: f64| (p * 1e4).round() / 1e4;
        Self {
            agreement: round(self.agreement),
            unrelated: round(self.unrelated),
            contradiction: round(self.contradiction),
        }
    }
}

/// One judged pair.
#[derive(Debug, Clone, PartialEq)]
pub struct Judgement {
    /// The pair that was judged.
    pub pair: CandidatePair,
    /// What the thresholds make of the probabilities.
    pub relation: Relation,
    /// Probability of the relation.
    pub confidence: f64,
    /// All three probabilities.
    pub probabilities: Probabilities,
    /// Why, typed and readable: `number: 15 / 40`, `denial`, `copy`.
    pub reason: String,
    /// Kind of conflict by the model's own head, where it has one, whatever the relation.
    pub conflict: Option<String>,
    /// Syndicated text: both sides are copies of one another.
    pub copy: bool,
    /// What the calibration saw of the pair, in the order of [`FEATURES`].
    pub features: [f64; FEATURES.len()],
    /// What it saw of third sentences, in the order of [`EVIDENCE`].
    pub evidence: [f64; EVIDENCE.len()],
}

impl Judgement {
    /// A judgement of which only this is known; nothing more is needed for grouping.
    pub fn bare(pair: CandidatePair, relation: Relation, confidence: f64) -> Self {
        Self {
            pair,
            relation,
            confidence,
            probabilities: Probabilities { agreement: 0.0, unrelated: 0.0, contradiction: 0.0 },
            reason: String::new(),
            conflict: None,
            copy: false,
            features: [0.0; FEATURES.len()],
            evidence: [0.0; EVIDENCE.len()],
        }
    }
}

/// What a judge needs to know of a claim.
#[derive(Debug, Clone, Copy)]
pub struct Side<'a> {
    /// Position of its article.
    pub article: usize,
    /// The sentence.
    pub text: &'a str,
    /// Its language.
    pub language: &'a str,
    /// What it says.
    pub fields: &'a Fields,
}

/// Names of the evidence of the model and the aligner, followed by that of the claim fields.
pub const FEATURES: [&str; 8 + claim::FEATURES.len()] = {
    let own = [
        "agreement",
        "unrelated",
        "contradiction",
        "one_way_agreement",
        "one_way_contradiction",
        "similarity",
        "mutual_nearest",
        "length_ratio",
    ];
    let mut names = [""; 8 + claim::FEATURES.len()];
    let mut i = 0;
    while i < names.len() {
        names[i] = if i < own.len() { own[i] } else { claim::FEATURES[i - own.len()] };
        i += 1;
    }
    names
};

/// A judge with what turns its scores into words.
#[derive(Clone, Copy)]
pub struct Bench<'a> {
    /// Gives scores.
    pub model: &'a dyn Judge,
    /// From scores and evidence to probabilities.
    pub calibration: &'a Calibration,
    /// Names of the model's conflict types, in the order of its logits.
    pub conflict_types: &'a [String],
}

/// What judging gave.
#[derive(Debug, Default)]
pub struct Judged {
    /// In the order of the pairs.
    pub judgements: Vec<Judgement>,
    /// Pairs that were left out, because there were too many or the time was over.
    pub left: usize,
}

/// Judges pairs of claims in both orders, the most similar first; `side` gives the claim at a position of the list of all
/// claims, and [`both_orders`] spares what need not be judged again, in windows of 65,536 pairs. Pairs beyond `settings.max_pairs`,
/// and those not reached when `go_on` says no, are left out.
///
/// Pairs that were judged before, `known`, count as third sentences like those of this call.
pub fn judge<'a>(
    bench: &Bench<'_>,
    pairs: &[CandidatePair],
    known: &[Judgement],
    side: impl Fn(usize) -> Side<'a> + Sync,
    settings: &Settings,
    go_on: &dyn Fn() -> bool,
    done: &(dyn Fn(usize) + Sync),
) -> Result<Judged, ModelError> {
    let order = most_similar(pairs, settings.max_pairs);
    let mut examined: Vec<(usize, Examined)> = Vec::new();
    for window in order.chunks(WINDOW) {
        let texts: Vec<(&str, &str)> =
            window.iter().map(|&i| (side(pairs[i].left).text, side(pairs[i].right).text)).collect();
        let scores = both_orders(bench.model, &texts, settings.sure, go_on, done)?;
        let known = examined.len();
        examined.par_extend(window.par_iter().zip(&scores).filter_map(|(&i, scores)| {
            let pair = pairs[i];
            Some((i, Examined::new(pair, side(pair.left), side(pair.right), scores.as_ref()?, bench)))
        }));
        if examined.len() < known + window.len() {
            break;
        }
    }
    examined.par_sort_unstable_by_key(|(i, _)| *i);
    let heard = |pair: &CandidatePair, first: Probabilities, features: [f64; FEATURES.len()]| Heard {
        claims: [pair.left, pair.right],
        articles: [side(pair.left).article, side(pair.right).article],
        similarity: pair.similarity,
        rank: pair.rank_left.min(pair.rank_right),
        first,
        features,
    };
    let mut all: Vec<Heard> = examined.iter().map(|(_, e)| heard(&e.pair, e.first, e.features)).collect();
    all.extend(known.iter().map(|j| heard(&j.pair, first(bench.calibration, &j.features, j.copy), j.features)));
    let evidence = thirds::evidence(&all, examined.len(), bench.calibration.network());
    let judgements: Vec<Judgement> = examined
        .into_iter()
        .zip(evidence)
        .map(|((_, e), evidence)| {
            let (left, right) = (side(e.pair.left), side(e.pair.right));
            e.conclude(evidence, left, right, bench, settings)
        })
        .collect();
    let left = pairs.len() - judgements.len();
    Ok(Judged { judgements, left })
}

/// Probabilities of a pair on its own; copies agree for sure.
fn first(calibration: &Calibration, features: &[f64; FEATURES.len()], copy: bool) -> Probabilities {
    if copy {
        Probabilities { agreement: 1.0, unrelated: 0.0, contradiction: 0.0 }
    } else {
        calibration.own(features).rounded()
    }
}

/// Pairs whose texts are put together for the judge at a time; bounds the memory for them.
const WINDOW: usize = 1 << 16;

/// Positions of the `most` most similar pairs (all if 0), the most similar first.
fn most_similar(pairs: &[CandidatePair], most: usize) -> Vec<usize> {
    let mut order: Vec<usize> = (0..pairs.len()).collect();
    let by_similarity = |&x: &usize, &y: &usize| pairs[y].similarity.total_cmp(&pairs[x].similarity).then(x.cmp(&y));
    if most > 0 && most < order.len() {
        order.select_nth_unstable_by(most, by_similarity);
        order.truncate(most);
    }
    order.par_sort_unstable_by(by_similarity);
    order
}

/// A pair after the model has seen it, before third sentences are heard.
struct Examined {
    pair: CandidatePair,
    comparison: claim::Comparison,
    features: [f64; FEATURES.len()],
    first: Probabilities,
    copy: bool,
    conflict: Option<String>,
}

impl Examined {
    fn new(pair: CandidatePair, left: Side<'_>, right: Side<'_>, scores: &BothOrders, bench: &Bench<'_>) -> Self {
        let comparison = claim::compare(left.fields, right.fields);
        let features = features(&pair, left, right, scores, &comparison);
        let copy = is_copy(left, right, &comparison, &first(bench.calibration, &features, false));
        let first = first(bench.calibration, &features, copy);
        Self { pair, comparison, features, first, copy, conflict: strongest_conflict(scores, bench.conflict_types) }
    }

    fn conclude(
        self,
        evidence: [f64; EVIDENCE.len()],
        left: Side<'_>,
        right: Side<'_>,
        bench: &Bench<'_>,
        settings: &Settings,
    ) -> Judgement {
        let Self { pair, comparison, features, first, copy, conflict } = self;
        let second = if copy { None } else { bench.calibration.beside_thirds(&evidence) };
        let probabilities = second.map_or(first, Probabilities::rounded);
        let relation = settings.relation(&probabilities, left.language, right.language);
        let confidence = probabilities.of(relation);
        let reason = match relation {
            _ if copy => "copy".to_owned(),
            Relation::Contradiction => {
                claim::reason((left.fields, left.text), (right.fields, right.text), &comparison, conflict.as_deref())
            }
            _ => String::new(),
        };
        Judgement { pair, relation, confidence, probabilities, reason, conflict, copy, features, evidence }
    }
}

/// Whether two papers printed one text, perhaps with a word changed that does not matter; `own` are the probabilities of the pair on its own.
fn is_copy(left: Side<'_>, right: Side<'_>, comparison: &claim::Comparison, own: &Probabilities) -> bool {
    let changes_nothing = || !comparison.differs() && own.strongest() != Relation::Contradiction;
    left.language == right.language
        && (is_same_text(left.text, right.text) || is_near_copy(left.text, right.text) && changes_nothing())
}

/// Log probabilities averaged over both directions, how far the directions differ, and the evidence of aligner and fields.
fn features(
    pair: &CandidatePair,
    left: Side<'_>,
    right: Side<'_>,
    scores: &BothOrders,
    evidence: &claim::Comparison,
) -> [f64; FEATURES.len()] {
    let (f, b) = (log_probabilities(&scores.forth), log_probabilities(&scores.back));
    let words = |text: &str| text.split_whitespace().count().max(1) as f64;
    let ratio = (words(left.text) / words(right.text)).ln().abs();
    let own = [
        (f[0] + b[0]) / 2.0,
        (f[1] + b[1]) / 2.0,
        (f[2] + b[2]) / 2.0,
        (f[0] - b[0]).abs(),
        (f[2] - b[2]).abs(),
        f64::from(pair.similarity),
        f64::from(u8::from(pair.rank_left == 0 && pair.rank_right == 0)),
        ratio,
    ];
    let mut all = [0.0; FEATURES.len()];
    all[..own.len()].copy_from_slice(&own);
    all[own.len()..].iter_mut().zip(claim::features(evidence)).for_each(|(to, from)| *to = f64::from(from));
    all
}

/// Log probabilities of agreement, unrelated and contradiction.
fn log_probabilities(scores: &Scores) -> [f64; 3] {
    log_softmax([scores.agreement, scores.unrelated, scores.contradiction].map(f64::from))
}

fn log_softmax(logits: [f64; 3]) -> [f64; 3] {
    let most = logits.iter().fold(f64::NEG_INFINITY, |m, &x| m.max(x));
    let total = logits.iter().map(|x| (x - most).exp()).sum::<f64>().ln() + most;
    logits.map(|x| x - total)
}

fn strongest_conflict(scores: &BothOrders, names: &[String]) -> Option<String> {
    let sums =
        names.iter().zip(scores.forth.conflict.iter().zip(&scores.back.conflict)).map(|(name, (a, b))| (a + b, name));
    sums.max_by(|x, y| x.0.total_cmp(&y.0).then(y.1.cmp(x.1))).map(|(_, name)| name.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_word_that_matters_makes_no_copy() {
        let copy = |left: &str, right: &str, own: [f64; 3]| {
            let [left_fields, right_fields] = [left, right].map(|text| claim::describe(text, "de", None));
            let side = |text, fields| Side { article: 0, text, language: "de", fields };
            let [agreement, unrelated, contradiction] = own;
            let own = Probabilities { agreement, unrelated, contradiction };
            is_copy(
                side(left, &left_fields),
                side(right, &right_fields),
                &claim::compare(&left_fields, &right_fields),
                &own,
            )
        };
        let (likely, against) = ([0.8, 0.1, 0.1], [0.1, 0.2, 0.7]);
        let text = "Die Polizei bestätigte am Montag die Berichte über einen Angriff auf das Lager";
        assert!(copy(text, &format!("{text} sofort"), likely));
        assert!(
            copy(text, &format!("„{text}.“"), against),
            "the same words are the same text, whatever the judge says"
        );
        assert!(!copy(text, &format!("{text} nicht"), likely));
        assert!(!copy(text, &format!("{text} vergeblich"), against));
    }

    #[test]
    fn the_strongest_relation_wins_and_a_tie_is_unrelated() {
        let p = |agreement, unrelated, contradiction| Probabilities { agreement, unrelated, contradiction };
        assert_eq!(p(0.3, 0.3, 0.4).strongest(), Relation::Contradiction);
        assert_eq!(p(0.4, 0.35, 0.25).strongest(), Relation::Agreement);
        assert_eq!(p(0.4, 0.4, 0.2).strongest(), Relation::Unrelated);
    }
}
