//! Section `[judge]`: from which probability on a pair is reported.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Probabilities, Relation};

/// Section `[judge]` of the settings.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Lowest probability of an agreement that is reported.
    pub agreement: f64,
    /// Lowest probability of a contradiction that is reported.
    pub contradiction: f64,
    /// Other thresholds for pairs of languages, keyed `"el-pl"` (codes in alphabetical order).
    pub languages: BTreeMap<String, Thresholds>,
    /// What the model calls unrelated with this probability in one order of the texts is not judged in the other: see
    /// [`both_orders`](super::both_orders).
    pub sure: f64,
    /// Most pairs that are judged, the most similar first; 0 judges all.
    pub max_pairs: usize,
}

/// Thresholds of one pair of languages; what is missing falls back to the general one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Thresholds {
    /// Lowest probability of an agreement.
    pub agreement: Option<f64>,
    /// Lowest probability of a contradiction.
    pub contradiction: Option<f64>,
}

impl Default for Settings {
    fn default() -> Self {
        Self { agreement: 0.4, contradiction: 0.5, languages: BTreeMap::new(), sure: 0.85, max_pairs: 0 }
    }
}

impl Settings {
    /// Thresholds (agreement, contradiction) for claims in two languages.
    pub fn thresholds(&self, left: &str, right: &str) -> (f64, f64) {
        let own = self.languages.get(&language_pair(left, right)).copied().unwrap_or_default();
        (own.agreement.unwrap_or(self.agreement), own.contradiction.unwrap_or(self.contradiction))
    }

    /// What the thresholds make of probabilities, for claims in two languages.
    pub fn relation(&self, probabilities: &Probabilities, left: &str, right: &str) -> Relation {
        let (agreement, contradiction) = self.thresholds(left, right);
        if probabilities.contradiction >= contradiction && probabilities.contradiction >= probabilities.agreement {
            Relation::Contradiction
        } else if probabilities.agreement >= agreement {
            Relation::Agreement
        } else {
            Relation::Unrelated
        }
    }
}

/// Two language codes as one key, in alphabetical order: `el-pl`.
pub fn language_pair(left: &str, right: &str) -> String {
    if left <= right { format!("{left}-{right}") } else { format!("{right}-{left}") }
}
