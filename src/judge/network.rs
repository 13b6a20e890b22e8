//! A small network over the pairs of an event: what pairs that share a claim tell of one another (`training/train_thirds.py`).
//!
//! Every pair has a state, made of its own features. In each round it hears the triangles that it closes with two other pairs, its
//! rivals (pairs of one of its claims with the other's article) and its support (pairs of its claims with further articles), as message
//! passing does in graphs (Gilmer et al. 2017). Sums run in the order of claims, so results do not depend on threads.

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::FEATURES;
use super::thirds::{Edge, Graph, Heard};

/// Standardized features beyond this are cut off.
const FARTHEST: f32 = 6.0;

/// The network; all weights as PyTorch has them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Network {
    /// Names of its inputs.
    pub(super) features: Vec<String>,
    /// Mean of each over the training data.
    mean: Vec<f32>,
    /// Standard deviation of each.
    spread: Vec<f32>,
    /// Inputs to state.
    input: [Dense; 2],
    /// Inputs straight to the logits.
    skip: Dense,
    rounds: Vec<Round>,
    /// State to logits.
    output: Dense,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Round {
    /// What a pair adds to a triangle.
    link: Dense,
    /// What it multiplies with the triangle's other pair.
    product: Dense,
    rival: Dense,
    support: Dense,
    update: [Dense; 2],
}

/// Rows of weights `[outputs][inputs]` and a bias.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Dense {
    weight: Vec<Vec<f32>>,
    bias: Vec<f32>,
}

impl Dense {
    fn outputs(&self) -> usize {
        self.bias.len()
    }

    fn fits(&self, inputs: usize, outputs: usize) -> bool {
        self.bias.len() == outputs && self.weight.len() == outputs && self.weight.iter().all(|row| row.len() == inputs)
    }

    /// Adds the layer's outputs to `out`; eight partial sums a row, always added in the same order.
    fn add_to(&self, x: &[f32], out: &mut [f32]) {
        for ((out, row), bias) in out.iter_mut().zip(&self.weight).zip(&self.bias) {
            let mut sums = [0.0f32; 8];
            let (rows, tail) = row.as_chunks::<8>();
            let (values, rest) = x.as_chunks::<8>();
            for (row, values) in rows.iter().zip(values) {
                for k in 0..8 {
                    sums[k] += row[k] * values[k];
                }
            }
            let mut sum: f32 = tail.iter().zip(rest).map(|(w, x)| w * x).sum();
            for part in sums {
                sum += part;
            }
            *out += sum + bias;
        }
    }

    fn positive(&self, x: &[f32]) -> Vec<f32> {
        let mut out = vec![0.0; self.outputs()];
        self.add_to(x, &mut out);
        out.iter_mut().for_each(|v| *v = v.max(0.0));
        out
    }
}

/// What a pair says to others in one round: as many numbers each as its state has.
struct Said<'a> {
    link: &'a [f32],
    product: &'a [f32],
    rival: &'a [f32],
    support: &'a [f32],
}

/// What all pairs say, one behind the other.
struct AllSaid {
    width: usize,
    values: Vec<f32>,
}

impl AllSaid {
    const PARTS: usize = 4;

    fn of(&self, pair: usize) -> Said<'_> {
        let from = pair * Self::PARTS * self.width;
        let part = |k: usize| &self.values[from + k * self.width..][..self.width];
        Said { link: part(0), product: part(1), rival: part(2), support: part(3) }
    }
}

impl Network {
    /// Whether names and sizes of the weights fit together and every feature can be standardized.
    pub(super) fn is_whole(&self) -> bool {
        let (inputs, width) = (self.features.len(), self.width());
        let two = |layers: &[Dense; 2], inputs| {
            layers[0].fits(inputs, layers[0].outputs()) && layers[1].fits(layers[0].outputs(), width)
        };
        let whole = |round: &Round| {
            [&round.link, &round.product, &round.rival, &round.support].iter().all(|layer| layer.fits(width, width))
                && two(&round.update, 6 * width + 1)
        };
        width > 0
            && self.mean.len() == inputs
            && self.spread.len() == inputs
            && self.spread.iter().all(|&spread| spread > 0.0)
            && two(&self.input, inputs)
            && self.skip.fits(inputs, 3)
            && self.output.fits(width, 3)
            && self.rounds.iter().all(whole)
    }

    /// Logits of agreement, unrelated and contradiction of each of `pairs`, between which `graph` runs.
    pub(super) fn logits(&self, pairs: &[Heard], graph: &Graph) -> Vec<[f32; 3]> {
        let place = |name: &String| FEATURES.iter().position(|f| f == name).expect("checked when read");
        let places: Vec<usize> = self.features.iter().map(place).collect();
        let width = self.width();
        let mut states = vec![0.0; pairs.len() * width];
        states.par_chunks_mut(width).zip(pairs).for_each(|(state, pair)| {
            self.input[1].add_to(&self.input[0].positive(&self.standardized(pair, &places)), state);
        });
        for round in &self.rounds {
            let mut said = AllSaid { width, values: vec![0.0; pairs.len() * AllSaid::PARTS * width] };
            let all = said.values.par_chunks_mut(AllSaid::PARTS * width);
            all.zip(states.par_chunks(width)).for_each(|(said, state)| round.say(state, said));
            states.par_chunks_mut(width).zip(pairs).for_each(|(state, pair)| {
                let heard = hear(state, pair, graph, &said);
                round.update[1].add_to(&round.update[0].positive(&heard), state);
            });
        }
        let logits = |(state, pair): (&[f32], &Heard)| {
            let mut out = [0.0; 3];
            self.output.add_to(state, &mut out);
            self.skip.add_to(&self.standardized(pair, &places), &mut out);
            out
        };
        states.par_chunks(width).zip(pairs).map(logits).collect()
    }

    /// Numbers of a state.
    fn width(&self) -> usize {
        self.output.weight.first().map_or(0, Vec::len)
    }

    fn standardized(&self, pair: &Heard, places: &[usize]) -> Vec<f32> {
        let values = places.iter().zip(self.mean.iter().zip(&self.spread));
        values
            .map(|(&p, (mean, spread))| ((pair.features[p] as f32 - mean) / spread).clamp(-FARTHEST, FARTHEST))
            .collect()
    }
}

impl Round {
    fn say(&self, state: &[f32], said: &mut [f32]) {
        let state = bounded(state);
        let layers = [&self.link, &self.product, &self.rival, &self.support];
        for (layer, said) in layers.into_iter().zip(said.chunks_mut(state.len())) {
            layer.add_to(&state, said);
        }
        said[2 * state.len()..].iter_mut().for_each(|v| *v = v.max(0.0));
    }
}

/// A state between -1 and 1.
fn bounded(state: &[f32]) -> Vec<f32> {
    state.iter().map(|v| v / (1.0 + v.abs())).collect()
}

/// What a pair hears: its own state, triangles (root of the sum, largest), rivals (largest), support (largest, root of the sum), and how many
/// triangles there are.
fn hear(state: &[f32], pair: &Heard, graph: &Graph, said: &AllSaid) -> Vec<f32> {
    let width = state.len();
    let (mut sums, mut most, mut rival) = (vec![0.0f32; width], vec![0.0f32; width], vec![0.0f32; width]);
    let (mut support, mut supports) = (vec![0.0f32; width], vec![0.0f32; width]);
    let mut triangles = 0usize;
    for (x, y) in graph.triangles(pair) {
        let (x, y) = (said.of(x.pair), said.of(y.pair));
        triangles += 1;
        for k in 0..width {
            let message = (x.link[k] + y.link[k] + x.product[k] * y.product[k]).max(0.0);
            sums[k] += message;
            most[k] = most[k].max(message);
        }
    }
    graph.others(pair, |edge: &Edge, is_rival| {
        let other = said.of(edge.pair);
        for k in 0..width {
            if is_rival {
                rival[k] = rival[k].max(other.rival[k]);
            } else {
                support[k] = support[k].max(other.support[k]);
                supports[k] += other.support[k];
            }
        }
    });
    let root = |sum: f32| (sum + 1.0).sqrt() - 1.0;
    let mut heard = Vec::with_capacity(6 * width + 1);
    heard.extend(bounded(state));
    heard.extend(sums.iter().map(|&v| root(v)));
    heard.extend_from_slice(&most);
    heard.extend_from_slice(&rival);
    heard.extend_from_slice(&support);
    heard.extend(supports.iter().map(|&v| root(v)));
    heard.push(root(triangles as f32));
    heard
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::Probabilities;
    use super::super::thirds::{EVIDENCE, evidence};
    use super::*;

    /// One feature, `similarity`, is the state; a pair adds to it what its triangles, rivals and support say.
    fn network() -> Network {
        let one = |weight: f32| json!({"weight": [[weight]], "bias": [0.0]});
        let zeros = vec![0.0; 7];
        let hears = |place: usize, weight: f32| {
            let mut row = zeros.clone();
            row[place] = weight;
            row
        };
        // hidden: triangles (root of the sum), largest rival, largest support
        let update = json!([
            {"weight": [hears(1, 1.0), hears(3, 1.0), hears(4, 1.0)], "bias": [0.0, 0.0, 0.0]},
            {"weight": [[1.0, -10.0, 100.0]], "bias": [0.0]}
        ]);
        let round =
            json!({"link": one(1.0), "product": one(0.0), "rival": one(1.0), "support": one(1.0), "update": update});
        let logits = json!({"weight": [[1.0], [0.0], [0.0]], "bias": [0.0, 0.0, 0.0]});
        serde_json::from_value(json!({
            "features": ["similarity"], "mean": [0.0], "spread": [1.0], "input": [one(1.0), one(1.0)],
            "skip": {"weight": [[0.0], [0.0], [0.0]], "bias": [0.0, 0.0, 0.0]}, "rounds": [round], "output": logits,
        }))
        .unwrap()
    }

    /// The hundred of a claim is its article.
    fn heard(a: usize, b: usize, similarity: f32) -> Heard {
        let first = Probabilities { agreement: 0.0, unrelated: 1.0, contradiction: 0.0 };
        let mut features = [0.0; FEATURES.len()];
        features[FEATURES.iter().position(|f| *f == "similarity").unwrap()] = similarity.into();
        Heard { claims: [a, b], articles: [a / 100, b / 100], similarity, rank: 0, first, features }
    }

    fn states(pairs: &[Heard]) -> Vec<f32> {
        network().logits(pairs, &Graph::new(pairs)).iter().map(|logits| logits[0]).collect()
    }

    #[test]
    fn a_pair_alone_keeps_its_state() {
        assert!(network().is_whole());
        assert_eq!(states(&[heard(100, 200, 0.75)]), [0.75]);
    }

    #[test]
    fn triangles_rivals_and_support_are_told_apart() {
        // 100-200 closes a triangle with 100-300 and 200-300, each also its support, and has the rival 100-201.
        let found = states(&[heard(100, 200, 0.0), heard(100, 300, 1.0), heard(200, 300, 1.0), heard(100, 201, 3.0)]);
        let (triangle, rival, support) = ((0.5f32 + 0.5 + 1.0).sqrt() - 1.0, 0.75, 0.5);
        assert!((found[0] - (triangle - 10.0 * rival + 100.0 * support)).abs() < 1e-5, "{found:?}");
    }

    #[test]
    fn neither_side_nor_place_in_the_list_counts() {
        let pairs = [heard(100, 200, 0.1), heard(100, 300, 0.4), heard(200, 300, 0.9), heard(100, 201, 0.3)];
        let turned: Vec<Heard> = pairs
            .iter()
            .rev()
            .map(|p| Heard { claims: [p.claims[1], p.claims[0]], articles: [p.articles[1], p.articles[0]], ..*p })
            .collect();
        let (one, mut two) = (states(&pairs), states(&turned));
        two.reverse();
        assert_eq!(one, two);
    }

    #[test]
    fn its_probabilities_are_evidence() {
        let found = evidence(&[heard(100, 200, 1.0)], 1, Some(&network()))[0];
        let agreement = 1f64.exp() / (1f64.exp() + 2.0);
        assert!((found[EVIDENCE.len() - 3] - agreement.ln()).abs() < 1e-6);
    }

    #[test]
    fn layers_that_do_not_fit_and_features_without_spread_are_refused() {
        let (mut cut, mut flat) = (network(), network());
        cut.rounds[0].update[0].weight[0].pop();
        flat.spread[0] = 0.0;
        assert!(!cut.is_whole() && !flat.is_whole());
    }
}
