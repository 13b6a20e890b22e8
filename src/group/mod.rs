//! Makes claims out of judged pairs: who supports a claim, who opposes it.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::judge::{Judgement, Relation};

/// Section `[group]` of the settings.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Two clusters of sentences are one claim when the mean support of their pairs reaches this, 0 to 1; pairs that were not
    /// judged to agree count 0, contradictions count against.
    pub linkage: f64,
    /// Two clusters oppose each other when the mean contradiction of their pairs reaches this, 0 to 1.
    pub opposition: f64,
}

impl Default for Settings {
    fn default() -> Self {
        Self { linkage: 0.2, opposition: 0.2 }
    }
}

/// One claim with its two sides. Members are positions in the list of all claims.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Sentences that make the claim.
    pub supporting: Vec<usize>,
    /// Sentences that contradict it.
    pub opposing: Vec<usize>,
    /// The member of `supporting` that agrees most with the others: the wording that is shown.
    pub central: usize,
    /// Judgements inside the group speak against each other: two supporting sentences contradict, or a supporting and an opposing one agree.
    pub inconsistent: bool,
}

/// Groups of claims, by average linkage, so that a chain of weak links does not join what is not one claim.
///
/// Agreeing clusters are merged while the mean support between them reaches `settings.linkage`; then each cluster, largest first,
/// takes as its opposition the clusters that contradict it most. Where agreeing and contradicting evidence meet
/// (A agrees with B, B with C, A contradicts C), the mean decides, and the group is marked as inconsistent. Ties are broken by position.
///
/// Claims that no chain of judged pairs joins cannot come into one group, so every such part is worked on by itself.
pub fn group(judgements: &[Judgement], settings: &Settings) -> Vec<Group> {
    let parts = Links::of(judgements).parts();
    let in_part = |links: &Links| oppose(cluster(links, settings.linkage), links, settings.opposition);
    let mut groups: Vec<Group> = parts.par_iter().flat_map_iter(in_part).collect();
    groups.sort_by(|a, b| {
        b.supporting.len().cmp(&a.supporting.len()).then_with(|| a.supporting[0].cmp(&b.supporting[0]))
    });
    groups
}

/// Support (positive) and opposition (negative) of every judged pair.
#[derive(Default)]
struct Links {
    weight: BTreeMap<(usize, usize), f64>,
    near: BTreeMap<usize, BTreeSet<usize>>,
}

impl Links {
    fn of(judgements: &[Judgement]) -> Self {
        let mut links = Self::default();
        for judgement in judgements {
            let weight = match judgement.relation {
                Relation::Agreement => judgement.confidence,
                Relation::Contradiction => -judgement.confidence,
                Relation::Unrelated => continue,
            };
            let (a, b) = (judgement.pair.left.min(judgement.pair.right), judgement.pair.left.max(judgement.pair.right));
            links.add(a, b, weight);
        }
        links
    }

    fn add(&mut self, a: usize, b: usize, weight: f64) {
        self.weight.insert((a, b), weight);
        self.near.entry(a).or_default().insert(b);
        self.near.entry(b).or_default().insert(a);
    }

    /// The connected parts, in the order of their first claims.
    fn parts(&self) -> Vec<Self> {
        let mut part_of: BTreeMap<usize, usize> = BTreeMap::new();
        let mut count = 0;
        for &first in self.near.keys() {
            if part_of.contains_key(&first) {
                continue;
            }
            let mut open = vec![first];
            while let Some(claim) = open.pop() {
                if part_of.insert(claim, count).is_none() {
                    open.extend(&self.near[&claim]);
                }
            }
            count += 1;
        }
        let mut parts: Vec<Self> = (0..count).map(|_| Self::default()).collect();
        for (&(a, b), &weight) in &self.weight {
            parts[part_of[&a]].add(a, b, weight);
        }
        parts
    }

    fn between(&self, a: usize, b: usize) -> f64 {
        self.weight.get(&(a.min(b), a.max(b))).copied().unwrap_or(0.0)
    }

    /// Sum of all links between two clusters.
    fn total(&self, a: &[usize], b: &[usize]) -> f64 {
        a.iter().flat_map(|&x| b.iter().map(move |&y| self.between(x, y))).sum()
    }
}

/// A link between two clusters, named by their first claims, as it was when it came into the queue.
#[derive(PartialEq)]
struct Link {
    average: f64,
    clusters: (usize, usize),
}

impl Eq for Link {}

impl Ord for Link {
    fn cmp(&self, other: &Self) -> Ordering {
        self.average.total_cmp(&other.average).then(other.clusters.cmp(&self.clusters))
    }
}

impl PartialOrd for Link {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Average-linkage clusters of all linked claims, members in order.
fn cluster(links: &Links, linkage: f64) -> Vec<Vec<usize>> {
    let mut clusters: BTreeMap<usize, Vec<usize>> = links.near.keys().map(|&claim| (claim, vec![claim])).collect();
    let mut sums: BTreeMap<usize, BTreeMap<usize, f64>> =
        clusters.keys().map(|&claim| (claim, BTreeMap::new())).collect();
    for (&(a, b), &weight) in &links.weight {
        sums.entry(a).or_default().insert(b, weight);
        sums.entry(b).or_default().insert(a, weight);
    }
    let strong = |link: &Link| link.average >= linkage && link.average > 0.0;
    let all = links.weight.iter().map(|(&clusters, &average)| Link { average, clusters });
    let mut queue: BinaryHeap<Link> = all.filter(strong).collect();
    while let Some(Link { average, clusters: (keep, gone) }) = queue.pop() {
        let now = |a: usize, b: usize| Some(sums.get(&a)?.get(&b)? / (clusters[&a].len() * clusters[&b].len()) as f64);
        if now(keep, gone).is_none_or(|now| now.total_cmp(&average).is_ne()) {
            continue; // one of the two has grown or gone meanwhile
        }
        let moved = clusters.remove(&gone).expect("both ends of a link are clusters");
        let joined = clusters.get_mut(&keep).expect("both ends of a link are clusters");
        joined.extend(moved);
        joined.sort_unstable();
        for (other, sum) in sums.remove(&gone).unwrap_or_default() {
            sums.entry(other).or_default().remove(&gone);
            if other != keep {
                *sums.entry(keep).or_default().entry(other).or_default() += sum;
                *sums.entry(other).or_default().entry(keep).or_default() += sum;
            }
        }
        let size = clusters[&keep].len();
        queue.extend(
            sums[&keep]
                .iter()
                .map(|(other, sum)| Link {
                    average: sum / (size * clusters[other].len()) as f64,
                    clusters: (keep.min(*other), keep.max(*other)),
                })
                .filter(strong),
        );
    }
    clusters.into_values().collect()
}

/// Pairs every cluster with the clusters that contradict it, largest clusters first.
fn oppose(mut clusters: Vec<Vec<usize>>, links: &Links, opposition: f64) -> Vec<Group> {
    clusters.sort_by(|a, b| b.len().cmp(&a.len()).then(a[0].cmp(&b[0])));
    let of: BTreeMap<usize, usize> =
        clusters.iter().enumerate().flat_map(|(i, claims)| claims.iter().map(move |&claim| (claim, i))).collect();
    let mut free = vec![true; clusters.len()];
    let mut groups = Vec::new();
    for i in 0..clusters.len() {
        if !free[i] {
            continue;
        }
        free[i] = false;
        let mut opposing = Vec::new();
        let linked: BTreeSet<usize> =
            clusters[i].iter().flat_map(|claim| &links.near[claim]).map(|claim| of[claim]).collect();
        for j in linked.into_iter().filter(|&j| j > i) {
            let pairs = (clusters[i].len() * clusters[j].len()) as f64;
            let against = -links.total(&clusters[i], &clusters[j]) / pairs;
            if free[j] && against > 0.0 && against >= opposition {
                free[j] = false;
                opposing.extend(&clusters[j]);
            }
        }
        opposing.sort_unstable();
        if clusters[i].len() + opposing.len() > 1 {
            groups.push(describe(clusters[i].clone(), opposing, links));
        }
    }
    groups
}

fn describe(supporting: Vec<usize>, opposing: Vec<usize>, links: &Links) -> Group {
    let support = |claim: usize| -> f64 {
        let for_it: f64 = supporting.iter().map(|&other| links.between(claim, other)).sum();
        let against: f64 = opposing.iter().map(|&other| links.between(claim, other)).sum();
        for_it - against
    };
    let central = supporting.iter().copied().max_by(|&x, &y| support(x).total_cmp(&support(y)).then(y.cmp(&x)));
    let inside = |side: &[usize]| side.iter().any(|&x| side.iter().any(|&y| x != y && links.between(x, y) < 0.0));
    let across = supporting.iter().any(|&x| opposing.iter().any(|&y| links.between(x, y) > 0.0));
    let inconsistent = inside(&supporting) || across;
    Group { central: central.expect("a group has a member"), supporting, opposing, inconsistent }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::align::CandidatePair;

    fn judged(left: usize, right: usize, relation: Relation) -> Judgement {
        Judgement::bare(CandidatePair::new(left, right, 0.8), relation, 0.9)
    }

    #[test]
    fn agreeing_sentences_stand_against_contradicting_ones() {
        use Relation::{Agreement as A, Contradiction as C};
        let groups = group(
            &[judged(0, 1, A), judged(1, 2, A), judged(0, 2, A), judged(0, 3, C), judged(1, 3, C)],
            &Settings::default(),
        );
        assert_eq!(groups.len(), 1);
        assert_eq!((groups[0].supporting.as_slice(), groups[0].opposing.as_slice()), (&[0, 1, 2][..], &[3][..]));
        assert!(!groups[0].inconsistent);
    }

    #[test]
    fn a_chain_of_single_links_is_not_one_claim() {
        let chain: Vec<Judgement> = (0..9).map(|i| judged(i, i + 1, Relation::Agreement)).collect();
        let groups = group(&chain, &Settings::default());
        assert!(groups.iter().all(|g| g.supporting.len() <= 4), "{groups:?}");
    }

    #[test]
    fn evidence_that_meets_itself_is_flagged() {
        use Relation::{Agreement as A, Contradiction as C};
        let groups = group(
            &[judged(0, 1, A), judged(1, 2, A), judged(0, 2, C), judged(0, 3, A), judged(1, 3, A), judged(2, 3, A)],
            &Settings::default(),
        );
        assert!(groups.iter().any(|g| g.inconsistent), "{groups:?}");
    }

    #[test]
    fn parts_that_nothing_joins_do_not_change_each_other() {
        use Relation::{Agreement as A, Contradiction as C};
        let one = [judged(0, 1, A), judged(1, 2, A), judged(0, 3, C)];
        let other = [judged(10, 11, A), judged(10, 12, C), judged(12, 13, A)];
        let together = group(&[one.clone(), other.clone()].concat(), &Settings::default());
        for part in [&one[..], &other[..]] {
            assert!(group(part, &Settings::default()).iter().all(|g| together.contains(g)));
        }
        assert_eq!(together.len(), 2);
    }

    #[test]
    fn order_of_judgements_does_not_matter() {
        use Relation::{Agreement as A, Contradiction as C};
        let mut judgements = vec![judged(0, 1, A), judged(1, 2, A), judged(2, 5, C), judged(3, 4, A), judged(0, 5, C)];
        let once = group(&judgements, &Settings::default());
        judgements.reverse();
        assert_eq!(once, group(&judgements, &Settings::default()));
    }
}
