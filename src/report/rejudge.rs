//! Other thresholds for pairs that were judged before: no model is asked again.

use std::collections::HashMap;

use super::{Include, Report, Row};
use crate::claim;
use crate::judge::{self, Probabilities, Relation, Settings};

impl Report {
    /// Decides every pair anew from its probabilities; claims, their matrix and watched claims stay as they are.
    pub fn rejudge(&mut self, settings: &Settings) {
        for row in &mut self.pairs {
            let (agreement, unrelated, contradiction) = (row.p_agreement, row.p_unrelated, row.p_contradiction);
            let probabilities = Probabilities { agreement, unrelated, contradiction };
            let relation = settings.relation(&probabilities, &row.left.lang, &row.right.lang);
            if row.relation != relation.name() && row.reason != "copy" {
                row.reason = reason(row, relation);
            }
            row.relation = relation.name().to_owned();
            row.confidence = probabilities.of(relation);
        }
        self.count_articles();
        let (name, value) = thresholds(settings);
        match self.about.iter_mut().find(|fact| fact.0 == name) {
            Some(fact) => fact.1 = value,
            None => self.about.push((name, value)),
        }
        self.sort();
    }

    /// Leaves out the pairs that are not asked for.
    pub fn keep(&mut self, include: Include) {
        self.pairs.retain(|row| include == Include::All || row.relation != Relation::Unrelated.name());
    }

    fn count_articles(&mut self) {
        let mut counts: HashMap<&str, [usize; 2]> = HashMap::new();
        for row in self.pairs.iter().filter(|row| row.relation != Relation::Unrelated.name()) {
            let at = usize::from(row.relation == Relation::Contradiction.name());
            for side in [&row.left, &row.right] {
                counts.entry(&side.article).or_default()[at] += 1;
            }
        }
        for article in &mut self.articles {
            [article.agreements, article.contradictions] =
                counts.get(article.article.as_str()).copied().unwrap_or_default();
        }
    }
}

fn reason(row: &Row, relation: Relation) -> String {
    if relation != Relation::Contradiction {
        return String::new();
    }
    let [left, right] = [&row.left, &row.right].map(|s| claim::describe(&s.text, &s.lang, s.date.parse().ok()));
    let evidence = claim::compare(&left, &right);
    let seen = claim::reason(&left, &right, &evidence, &row.left.text, &row.right.text);
    judge::why(seen, Some(row.kind.as_str()).filter(|kind| !kind.is_empty()))
}

/// The fact that says from which probabilities on pairs are reported.
pub fn thresholds(settings: &Settings) -> (String, String) {
    let mut text = format!("agreement {}, contradiction {}", settings.agreement, settings.contradiction);
    for (pair, own) in &settings.languages {
        for (name, value) in [("agreement", own.agreement), ("contradiction", own.contradiction)] {
            if let Some(value) = value {
                text.push_str(&format!(", {pair} {name} {value}"));
            }
        }
    }
    ("thresholds".to_owned(), text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Side;
    use crate::report::tests::sample;

    #[test]
    fn a_higher_threshold_makes_contradictions_unrelated_and_a_lower_one_brings_them_back() {
        let mut report = sample();
        let strict = Settings { contradiction: 0.9, ..Settings::default() };
        report.rejudge(&strict);
        assert!(report.pairs.iter().all(|row| row.relation == "unrelated" && row.confidence == 0.05));
        assert!(report.articles.iter().all(|row| row.agreements + row.contradictions == 0));
        report.rejudge(&Settings::default());
        assert!(report.pairs.iter().all(|row| row.relation == "contradiction" && row.confidence == 0.85));
        assert!(report.articles.iter().all(|row| row.contradictions == 7));
        assert_eq!(report.about.last().unwrap().1, "agreement 0.4, contradiction 0.5");
        assert_eq!(report.about.iter().filter(|fact| fact.0 == "thresholds").count(), 1);
        let numbers = report.pairs.iter().find(|row| row.left.lang == "de" && row.right.lang == "en").unwrap();
        assert_eq!(numbers.reason, "number: 40 / 15", "found again from the sentences");
    }

    #[test]
    fn a_contradiction_that_a_lower_threshold_finds_has_the_models_kind_as_in_a_run() {
        let side = |text: &str| Side { text: text.to_owned(), lang: "en".to_owned(), ..Side::default() };
        let row = Row {
            relation: "unrelated".to_owned(),
            kind: "status".to_owned(),
            left: side("The bridge is open."),
            right: side("The bridge is not open."),
            p_contradiction: 0.4,
            p_unrelated: 0.6,
            ..Row::default()
        };
        let mut report = Report { pairs: vec![row], ..Report::default() };
        report.rejudge(&Settings { contradiction: 0.3, ..Settings::default() });
        assert_eq!(report.pairs[0].reason, "status");
        report.rejudge(&Settings::default());
        assert_eq!(report.pairs[0].reason, "", "unrelated again");
    }

    #[test]
    fn languages_have_their_own_thresholds_and_the_rest_is_left_out() {
        let mut report = sample();
        let settings: Settings = toml::from_str("contradiction = 0.9\nlanguages.el-pl.contradiction = 0.8").unwrap();
        report.rejudge(&settings);
        report.keep(Include::Found);
        assert_eq!(report.pairs.len(), 1);
        assert_eq!(report.about.last().unwrap().1, "agreement 0.4, contradiction 0.9, el-pl contradiction 0.8");
    }
}
