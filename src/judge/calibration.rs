//! From the evidence of a pair to probabilities that mean what they say: multinomial logistic regression, and between its two steps a
//! small network.

use serde::{Deserialize, Serialize};

use super::{EVIDENCE, FEATURES, Network, Probabilities};

/// Weights fitted on gold pairs by `training/calibrate.py`, in two steps: a pair on its own, then beside third sentences.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Calibration {
    /// Over [`FEATURES`].
    own: Weights,
    /// Hears what other pairs of the event tell; fitted by `training/train_thirds.py`.
    #[serde(default)]
    network: Option<Network>,
    /// Over [`EVIDENCE`]; without it the first step is the last.
    #[serde(default)]
    thirds: Option<Weights>,
}

/// Weights of the three relations over named features.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Weights {
    /// Names of the features that the weights belong to.
    features: Vec<String>,
    /// Rows agreement, unrelated, contradiction; one weight per feature.
    weights: [Vec<f64>; 3],
    /// One for each relation.
    bias: [f64; 3],
}

/// A calibration that does not fit this program.
#[derive(Debug, thiserror::Error)]
pub enum CalibrationError {
    /// Not the expected JSON.
    #[error("not a calibration: {0}")]
    Malformed(#[from] serde_json::Error),
    /// It names a feature that this program does not compute.
    #[error("the calibration names the feature `{0}`, which this version does not have")]
    UnknownFeature(String),
    /// Weights and features differ in number.
    #[error("the calibration has {features} features and {weights} weights")]
    Length {
        /// Names given.
        features: usize,
        /// Weights given.
        weights: usize,
    },
    /// The layers of the network do not fit together, or a feature has no spread.
    #[error("the calibration's network has layers that do not fit together, or a feature without spread")]
    Network,
}

impl Calibration {
    /// Takes the model's own probabilities, averaged over both directions, as they are.
    pub fn identity() -> Self {
        let features = FEATURES[..3].iter().map(|&f| f.to_owned()).collect();
        let weights = [vec![1., 0., 0.], vec![0., 1., 0.], vec![0., 0., 1.]];
        Self { own: Weights { features, weights, bias: [0.0; 3] }, network: None, thirds: None }
    }

    /// The calibration that a model's own files give, checked; the identity where they give none (null).
    pub fn of_model(value: serde_json::Value) -> Result<Self, CalibrationError> {
        if value.is_null() { Ok(Self::identity()) } else { Self::from_json(value) }
    }

    /// Reads a calibration from JSON and checks it against this program's features.
    pub fn from_json(value: serde_json::Value) -> Result<Self, CalibrationError> {
        let calibration: Self = serde_json::from_value(value)?;
        calibration.own.check(&FEATURES)?;
        calibration.thirds.as_ref().map_or(Ok(()), |weights| weights.check(&EVIDENCE))?;
        if let Some(network) = &calibration.network {
            known(&network.features, &FEATURES)?;
            network.is_whole().then_some(()).ok_or(CalibrationError::Network)?;
        }
        Ok(calibration)
    }

    /// Probabilities of a pair on its own, for features in the order of [`FEATURES`].
    pub fn own(&self, features: &[f64; FEATURES.len()]) -> Probabilities {
        self.own.apply(&FEATURES, features)
    }

    /// Probabilities beside third sentences, for evidence in the order of [`EVIDENCE`]; `None` if this was not fitted.
    pub fn beside_thirds(&self, evidence: &[f64; EVIDENCE.len()]) -> Option<Probabilities> {
        self.thirds.as_ref().map(|weights| weights.apply(&EVIDENCE, evidence))
    }

    /// The network between the steps.
    pub fn network(&self) -> Option<&Network> {
        self.network.as_ref()
    }
}

impl Weights {
    fn check(&self, names: &[&str]) -> Result<(), CalibrationError> {
        known(&self.features, names)?;
        match self.weights.iter().find(|row| row.len() != self.features.len()) {
            Some(row) => Err(CalibrationError::Length { features: self.features.len(), weights: row.len() }),
            None => Ok(()),
        }
    }

    /// Softmax of the weighted sums; `values` have the order of `names`.
    fn apply(&self, names: &[&str], values: &[f64]) -> Probabilities {
        let mut logits = self.bias;
        for (name, column) in self.features.iter().zip(0..) {
            let place = names.iter().position(|n| n == name).expect("checked when read");
            logits.iter_mut().zip(&self.weights).for_each(|(logit, row)| *logit += row[column] * values[place]);
        }
        let most = logits.iter().fold(f64::NEG_INFINITY, |m, &x| m.max(x));
        let powers = logits.map(|x| (x - most).exp());
        let total: f64 = powers.iter().sum();
        let [agreement, unrelated, contradiction] = powers.map(|p| p / total);
        Probabilities { agreement, unrelated, contradiction }
    }
}

/// Fails with the first feature that is none of `names`.
fn known(features: &[String], names: &[&str]) -> Result<(), CalibrationError> {
    let unknown = features.iter().find(|feature| !names.contains(&feature.as_str()));
    unknown.map_or(Ok(()), |name| Err(CalibrationError::UnknownFeature(name.clone())))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn without_calibration_the_probabilities_are_the_models_own() {
        let mut features = [0.0; FEATURES.len()];
        features[..3].copy_from_slice(&[0.7f64.ln(), 0.2f64.ln(), 0.1f64.ln()]);
        let p = Calibration::identity().own(&features);
        assert!((p.agreement - 0.7).abs() < 1e-12 && (p.contradiction - 0.1).abs() < 1e-12);
    }

    #[test]
    fn weights_move_the_probabilities() {
        let value =
            json!({"own": {"features": ["similarity"], "weights": [[1.0], [0.0], [0.0]], "bias": [0.0, 0.0, 0.0]}});
        let calibration = Calibration::from_json(value).unwrap();
        let mut features = [0.0; FEATURES.len()];
        features[5] = 2.0;
        assert!(calibration.own(&features).agreement > 0.75);
    }

    #[test]
    fn a_calibration_for_another_version_is_refused() {
        let value = json!({"own": {"features": ["phase_of_the_moon"], "weights": [[1.0], [0.0], [0.0]], "bias": [0.0, 0.0, 0.0]}});
        assert!(matches!(Calibration::from_json(value), Err(CalibrationError::UnknownFeature(_))));
        let value =
            json!({"own": {"features": ["similarity"], "weights": [[1.0], [], [0.0]], "bias": [0.0, 0.0, 0.0]}});
        assert!(matches!(Calibration::from_json(value), Err(CalibrationError::Length { .. })));
    }
}
