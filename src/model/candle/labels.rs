//! Which logit of a classifier means what, read from `id2label`.

use super::unsupported;
use crate::model::{MAX_CONFLICT_TYPES, ModelError, Scores};
use serde_json::Value;
use std::path::Path;

/// Positions of the three meanings among a classifier's logits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Labels {
    entailment: usize,
    neutral: usize,
    contradiction: usize,
}

impl Labels {
    /// Reads `id2label`, in any spelling of entailment, neutral and contradiction; never guesses an order.
    pub(super) fn read(id2label: Option<&Value>, folder: &Path) -> Result<Self, ModelError> {
        let Some(table) = id2label.and_then(Value::as_object) else {
            return Err(unsupported(folder, "config.json has no id2label, so the meaning of the logits is unknown"));
        };
        let names: Vec<&str> = table.values().filter_map(Value::as_str).collect();
        let listed = names.join(", ");
        let wanted = "a judge needs the labels entailment, neutral and contradiction";
        if names.iter().any(|name| meaning(name) == Some(Meaning::NotEntailment)) {
            let problem =
                format!("labels are {listed}: not_entailment does not tell contradiction from unrelated; {wanted}");
            return Err(unsupported(folder, problem));
        }
        let position = |meant: Meaning| {
            let mut found = table.iter().filter(|(_, name)| name.as_str().and_then(meaning) == Some(meant));
            match (found.next(), found.next()) {
                (Some((id, _)), None) => id.parse::<usize>().ok().filter(|&id| id < 3),
                _ => None,
            }
        };
        let found = (position(Meaning::Entailment), position(Meaning::Neutral), position(Meaning::Contradiction));
        match found {
            (Some(entailment), Some(neutral), Some(contradiction)) if table.len() == 3 => {
                Ok(Self { entailment, neutral, contradiction })
            }
            _ => Err(unsupported(folder, format!("id2label says {listed}; {wanted} (set id2label in config.json)"))),
        }
    }

    pub(super) fn scores(self, logits: &[f32]) -> Scores {
        Scores {
            agreement: logits[self.entailment],
            unrelated: logits[self.neutral],
            contradiction: logits[self.contradiction],
            conflict: [0.0; MAX_CONFLICT_TYPES],
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Meaning {
    Entailment,
    Neutral,
    Contradiction,
    NotEntailment,
}

fn meaning(label: &str) -> Option<Meaning> {
    let letters: String = label.chars().filter(|c| c.is_alphabetic()).flat_map(char::to_lowercase).collect();
    let letters = letters.strip_prefix("label").unwrap_or(&letters);
    if letters.starts_with("not") || letters.starts_with("non") {
        return letters.contains("entail").then_some(Meaning::NotEntailment);
    }
    let stems =
        [("entail", Meaning::Entailment), ("neutral", Meaning::Neutral), ("contradict", Meaning::Contradiction)];
    stems.into_iter().find(|(stem, _)| letters.starts_with(stem)).map(|(_, meaning)| meaning)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(labels: &[&str]) -> Result<Labels, String> {
        let table: serde_json::Map<_, _> =
            labels.iter().enumerate().map(|(id, label)| (id.to_string(), json!(label))).collect();
        Labels::read(Some(&Value::Object(table)), Path::new("m")).map_err(|error| error.to_string())
    }

    #[test]
    fn any_order_and_spelling_is_followed() {
        let expected = Labels { entailment: 2, neutral: 0, contradiction: 1 };
        assert_eq!(read(&["NEUTRAL", "Contradiction", "entailment"]), Ok(expected));
        assert_eq!(read(&["neutral", "contradictory", "LABEL_2: entailed"]), Ok(expected));
    }

    #[test]
    fn labels_without_meaning_are_refused() {
        assert!(read(&["LABEL_0", "LABEL_1", "LABEL_2"]).unwrap_err().contains("LABEL_0, LABEL_1, LABEL_2"));
        assert!(read(&["entailment", "entailment", "neutral"]).is_err());
        assert!(read(&["entailment", "neutral"]).is_err());
        assert!(Labels::read(None, Path::new("m")).is_err());
    }

    #[test]
    fn two_label_models_are_refused_with_the_reason() {
        for negative in ["not_entailment", "non-entailment", "NOT ENTAILMENT"] {
            let error = read(&["entailment", negative]).unwrap_err();
            assert!(error.contains("does not tell contradiction from unrelated"), "{error}");
        }
    }
}
