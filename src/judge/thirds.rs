//! What third sentences say of a pair: if A agrees with B, and B contradicts C, then A and C hardly agree.
//!
//! Each pair is first judged on its own. Pairs of one event form a graph, and the second look at a pair takes in the chains
//! over a third sentence, the rivals of either side in the other's article, and how much agreement either side finds elsewhere.

use std::collections::HashMap;
use std::ops::Range;

use rayon::prelude::*;

use super::Probabilities;

/// Names of the evidence about a pair, in order.
pub const EVIDENCE: [&str; 15] = [
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
];

/// Judged pairs of one claim that are heard as thirds, the most similar first; bounds the work in a large event.
const HEARD: usize = 64;

/// A pair that was judged on its own.
#[derive(Debug, Clone, Copy)]
pub struct Heard {
    /// Both claims.
    pub claims: [usize; 2],
    /// Their articles.
    pub articles: [usize; 2],
    /// Cosine of their vectors.
    pub similarity: f32,
    /// What the pair itself says.
    pub first: Probabilities,
}

/// Evidence about each of the first `count` pairs, from all pairs; values in the order of [`EVIDENCE`].
pub fn evidence(pairs: &[Heard], count: usize) -> Vec<[f64; EVIDENCE.len()]> {
    let graph = Graph::new(pairs);
    pairs[..count].par_iter().map(|pair| graph.evidence(pair)).collect()
}

/// One end of a judged pair.
#[derive(Debug, Clone, Copy)]
struct Edge {
    from: usize,
    to: usize,
    article: usize,
    similarity: f32,
    first: Probabilities,
}

struct Graph {
    /// Sorted by `from`, then `to`.
    edges: Vec<Edge>,
    ranges: HashMap<usize, Range<usize>>,
}

impl Graph {
    fn new(pairs: &[Heard]) -> Self {
        let ends = |p: &Heard| {
            let end = |k: usize| Edge {
                from: p.claims[k],
                to: p.claims[1 - k],
                article: p.articles[1 - k],
                similarity: p.similarity,
                first: p.first,
            };
            [end(0), end(1)]
        };
        let mut edges: Vec<Edge> = pairs.iter().flat_map(ends).collect();
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

    fn evidence(&self, pair: &Heard) -> [f64; EVIDENCE.len()] {
        let [a, b] = pair.claims;
        let (near_a, near_b) = (self.of(a), self.of(b));
        let mut thirds = 0usize;
        // agreement, contradiction, double contradiction, broken chain: strongest and sum
        let (mut strongest, mut sum) = ([0.0f64; 4], [0.0f64; 4]);
        let mut rest = near_b;
        for x in near_a {
            rest = &rest[rest.partition_point(|y| y.to < x.to)..];
            let Some(y) = rest.first().filter(|y| y.to == x.to) else { continue };
            let (p, q) = (x.first, y.first);
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
        for (k, near) in [near_a, near_b].into_iter().enumerate() {
            let (partner, article) = (pair.claims[1 - k], pair.articles[1 - k]);
            for edge in near.iter().filter(|edge| edge.to != partner) {
                if edge.article == article {
                    rival = [rival[0].max(edge.first.agreement), rival[1].max(edge.first.contradiction)];
                } else {
                    support[k] += edge.first.agreement;
                }
            }
        }
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
        all[11..].copy_from_slice(&[rival[0], rival[1], support[0].min(support[1]), (thirds as f64).ln_1p()]);
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heard(a: usize, b: usize, agreement: f64, contradiction: f64) -> Heard {
        let first = Probabilities { agreement, unrelated: 1.0 - agreement - contradiction, contradiction };
        // the hundred of a claim is its article
        Heard { claims: [a, b], articles: [a / 100, b / 100], similarity: 0.5, first }
    }

    fn value(all: &[f64; EVIDENCE.len()], name: &str) -> f64 {
        all[EVIDENCE.iter().position(|e| *e == name).unwrap()]
    }

    #[test]
    fn a_chain_over_a_third_sentence_is_seen_from_both_its_links() {
        let pairs = [heard(100, 300, 0.3, 0.3), heard(100, 200, 0.9, 0.0), heard(200, 300, 0.0, 0.8)];
        let found = evidence(&pairs, 1);
        assert_eq!(found.len(), 1);
        assert!((value(&found[0], "contradiction_chain") - (1.0 + 20.0 * 0.72f64).ln()).abs() < 1e-9);
        assert_eq!(value(&found[0], "agreement_chain"), 0.0);
        assert!((value(&found[0], "thirds") - 2f64.ln()).abs() < 1e-12);
    }

    #[test]
    fn another_sentence_of_the_same_article_is_a_rival_and_no_support() {
        let pairs = [heard(100, 200, 0.5, 0.0), heard(100, 201, 0.7, 0.2), heard(100, 300, 0.6, 0.0)];
        let found = evidence(&pairs, 3);
        assert_eq!(value(&found[0], "rival_agreement"), 0.7);
        assert_eq!(value(&found[0], "rival_contradiction"), 0.2);
        assert_eq!(value(&found[0], "support"), 0.0);
        assert_eq!(value(&found[2], "rival_agreement"), 0.0);
    }

    #[test]
    fn a_pair_alone_brings_only_its_own_probabilities() {
        let all = evidence(&[heard(100, 200, 0.5, 0.25)], 1)[0];
        assert_eq!(all[..3], [0.5f64.ln(), 0.25f64.ln(), 0.25f64.ln()]);
        assert!(all[3..].iter().all(|&v| v == 0.0));
    }
}
