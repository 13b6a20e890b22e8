//! What third sentences say of a pair: if A agrees with B, and B contradicts C, then A and C hardly agree.
//!
//! Each pair is first judged on its own. Pairs of one event form a graph, and the second look at a pair takes in the chains
//! over a third sentence, the rivals of either side in the other's article, and how much agreement either side finds elsewhere:
//! as sums and largest values that are named here, and as a small network hears them ([`Network`]).

use std::collections::HashMap;
use std::ops::Range;

use rayon::prelude::*;

use super::{FEATURES, Network, Probabilities, log_softmax};

/// Names of the evidence about a pair, in order.
pub const EVIDENCE: [&str; 18] = [
    "log_agreement",
    "log_unrelated",
    "log_contradiction",
    "agreement_chain",
    "agreement_chains",
    "contradiction_chain",
    "contradiction_chains",
    "double_contradiction",
    "double_contradictions",
    "broken_chain",
    "broken_chains",
    "rival_agreement",
    "rival_contradiction",
    "support",
    "thirds",
    "heard_agreement",
    "heard_unrelated",
    "heard_contradiction",
];

/// Judged pairs of one claim that are heard as thirds, the most similar first; bounds the work in a large event.
const HEARD: usize = 64;

/// Neighbours of a claim in another article that are heard: as many as there were where the weights were fitted. With more, rivals and chains
/// would count for more than they tell.
const NEIGHBOURS: u32 = 3;

/// A pair that was judged on its own.
#[derive(Debug, Clone, Copy)]
pub struct Heard {
    /// Both claims.
    pub claims: [usize; 2],
    /// Their articles.
    pub articles: [usize; 2],
    /// Cosine of their vectors.
    pub similarity: f32,
    /// Rank of one side among the neighbours of the other, from 0; the better one.
    pub rank: u32,
    /// What the pair itself says.
    pub first: Probabilities,
    /// From what, in the order of [`FEATURES`].
    pub features: [f64; FEATURES.len()],
}

/// Evidence about each of the first `count` pairs, from all pairs; values in the order of [`EVIDENCE`], 0 for what needs a network where
/// there is none.
pub fn evidence(pairs: &[Heard], count: usize, network: Option<&Network>) -> Vec<[f64; EVIDENCE.len()]> {
    let graph = Graph::new(pairs);
    let logits = network.map(|network| network.logits(pairs, &graph));
    let of = |(i, pair): (usize, &Heard)| {
        let mut evidence = graph.evidence(pair, pairs);
        if let Some(logits) = &logits {
            evidence[EVIDENCE.len() - 3..]
                .copy_from_slice(&log_softmax(logits[i].map(f64::from)).map(|v| v.max(LEAST)));
        }
        evidence
    };
    pairs[..count].par_iter().enumerate().map(of).collect()
}

/// Logarithms of the network's probabilities are cut off here.
const LEAST: f64 = -11.5;

/// One end of a judged pair.
#[derive(Debug, Clone, Copy)]
pub(super) struct Edge {
    from: usize,
    to: usize,
    article: usize,
    similarity: f32,
    /// Position of the pair.
    pub pair: usize,
}

/// Pairs of claims as a graph.
pub(super) struct Graph {
    /// Sorted by `from`, then `to`.
    edges: Vec<Edge>,
    ranges: HashMap<usize, Range<usize>>,
}

impl Graph {
    pub fn new(pairs: &[Heard]) -> Self {
        let ends = |(pair, p): (usize, &Heard)| {
            let end = |k: usize| Edge {
                from: p.claims[k],
                to: p.claims[1 - k],
                article: p.articles[1 - k],
                similarity: p.similarity,
                pair,
            };
            [end(0), end(1)]
        };
        let near = pairs.iter().enumerate().filter(|(_, pair)| pair.rank < NEIGHBOURS);
        let mut edges: Vec<Edge> = near.flat_map(ends).collect();
        edges.sort_by(|x, y| x.from.cmp(&y.from).then(y.similarity.total_cmp(&x.similarity)).then(x.to.cmp(&y.to)));
        let mut ranges = HashMap::new();
        let mut kept = Vec::with_capacity(edges.len());
        for of_claim in edges.chunk_by(|x, y| x.from == y.from) {
            let start = kept.len();
            kept.extend_from_slice(&of_claim[..of_claim.len().min(HEARD)]);
            kept[start..].sort_by_key(|e| e.to);
            ranges.insert(of_claim[0].from, start..kept.len());
        }
        Self { edges: kept, ranges }
    }

    fn of(&self, claim: usize) -> &[Edge] {
        self.ranges.get(&claim).map_or(&[], |range| &self.edges[range.clone()])
    }

    /// The two other pairs of every third claim that both sides were judged with, in the order of third claims.
    pub fn triangles(&self, pair: &Heard) -> impl Iterator<Item = (&Edge, &Edge)> {
        let (near, mut rest) = (self.of(pair.claims[0]), self.of(pair.claims[1]));
        near.iter().filter_map(move |x| {
            rest = &rest[rest.partition_point(|y| y.to < x.to)..];
            rest.first().filter(|y| y.to == x.to).map(|y| (x, y))
        })
    }

    /// Every other pair of either side, with whether it is a rival: a pair with the other side's article.
    pub fn others(&self, pair: &Heard, mut hear: impl FnMut(&Edge, bool)) {
        for k in 0..2 {
            let (partner, article) = (pair.claims[1 - k], pair.articles[1 - k]);
            self.of(pair.claims[k])
                .iter()
                .filter(|edge| edge.to != partner)
                .for_each(|edge| hear(edge, edge.article == article));
        }
    }

    fn evidence(&self, pair: &Heard, pairs: &[Heard]) -> [f64; EVIDENCE.len()] {
        let mut thirds = 0usize;
        // agreement, contradiction, double contradiction, broken chain: strongest and sum
        let (mut strongest, mut sum) = ([0.0f64; 4], [0.0f64; 4]);
        for (x, y) in self.triangles(pair) {
            let (p, q) = (pairs[x.pair].first, pairs[y.pair].first);
            let chains = [
                p.agreement * q.agreement,
                p.agreement * q.contradiction + p.contradiction * q.agreement,
                p.contradiction * q.contradiction,
                p.agreement * q.unrelated + p.unrelated * q.agreement,
            ];
            thirds += 1;
            for k in 0..chains.len() {
                strongest[k] = strongest[k].max(chains[k]);
                sum[k] += chains[k];
            }
        }
        let mut rival = [0.0f64; 2];
        let mut support = [0.0f64; 2];
        self.others(pair, |edge, is_rival| {
            let first = pairs[edge.pair].first;
            if is_rival {
                rival = [rival[0].max(first.agreement), rival[1].max(first.contradiction)];
            } else {
                support[usize::from(edge.from != pair.claims[0])] += first.agreement;
            }
        });
        let log = |p: f64| p.max(1e-4).ln();
        let mut all = [0.0; EVIDENCE.len()];
        all[..3].copy_from_slice(&[
            log(pair.first.agreement),
            log(pair.first.unrelated),
            log(pair.first.contradiction),
        ]);
        for k in 0..4 {
            all[3 + 2 * k] = (20.0 * strongest[k]).ln_1p();
            all[4 + 2 * k] = sum[k].ln_1p();
        }
        all[11..15].copy_from_slice(&[rival[0], rival[1], support[0].min(support[1]), (thirds as f64).ln_1p()]);
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heard(a: usize, b: usize, agreement: f64, contradiction: f64) -> Heard {
        let first = Probabilities { agreement, unrelated: 1.0 - agreement - contradiction, contradiction };
        // the hundred of a claim is its article
        let features = [0.0; FEATURES.len()];
        Heard { claims: [a, b], articles: [a / 100, b / 100], similarity: 0.5, rank: 0, first, features }
    }

    fn value(all: &[f64; EVIDENCE.len()], name: &str) -> f64 {
        all[EVIDENCE.iter().position(|e| *e == name).unwrap()]
    }

    #[test]
    fn a_chain_over_a_third_sentence_is_seen_from_both_its_links() {
        let pairs = [heard(100, 300, 0.3, 0.3), heard(100, 200, 0.9, 0.0), heard(200, 300, 0.0, 0.8)];
        let found = evidence(&pairs, 1, None);
        assert_eq!(found.len(), 1);
        assert!((value(&found[0], "contradiction_chain") - (1.0 + 20.0 * 0.72f64).ln()).abs() < 1e-9);
        assert_eq!(value(&found[0], "agreement_chain"), 0.0);
        assert!((value(&found[0], "thirds") - 2f64.ln()).abs() < 1e-12);
    }

    #[test]
    fn another_sentence_of_the_same_article_is_a_rival_and_no_support() {
        let pairs = [heard(100, 200, 0.5, 0.0), heard(100, 201, 0.7, 0.2), heard(100, 300, 0.6, 0.0)];
        let found = evidence(&pairs, 3, None);
        assert_eq!(value(&found[0], "rival_agreement"), 0.7);
        assert_eq!(value(&found[0], "rival_contradiction"), 0.2);
        assert_eq!(value(&found[0], "support"), 0.0);
        assert_eq!(value(&found[2], "rival_agreement"), 0.0);
    }

    #[test]
    fn far_neighbours_hear_and_are_not_heard() {
        let far = Heard { rank: NEIGHBOURS, ..heard(100, 201, 0.7, 0.2) };
        let found = evidence(&[heard(100, 200, 0.5, 0.0), far], 2, None);
        assert_eq!(value(&found[0], "rival_agreement"), 0.0);
        assert_eq!(value(&found[1], "rival_agreement"), 0.5);
    }

    #[test]
    fn a_pair_alone_brings_only_its_own_probabilities() {
        let all = evidence(&[heard(100, 200, 0.5, 0.25)], 1, None)[0];
        assert_eq!(all[..3], [0.5f64.ln(), 0.25f64.ln(), 0.25f64.ln()]);
        assert!(all[3..].iter().all(|&v| v == 0.0));
    }
}
