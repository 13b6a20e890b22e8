//! Other thresholds for pairs that were judged before: no model is asked again.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{ClaimRow, Include, Report, Row, Side, Stance};
use crate::article;
use crate::claim;
use crate::judge::{Probabilities, Relation, Settings};

impl Report {
    /// Decides every pair anew from its probabilities; claims, matrix and watched claims lose what no
    /// longer reaches its threshold, and gain no articles.
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
        self.release_opponents();
        self.count_claims();
        self.leave_claims();
        for fact in self.about.iter_mut().filter(|fact| fact.0 == "claims") {
            fact.1 = self.claims.len().to_string();
        }
        self.silence_watched(settings);
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
            for side in row.sides() {
                counts.entry(&side.article).or_default()[at] += 1;
            }
        }
        for article in &mut self.articles {
            [article.agreements, article.contradictions] =
                counts.get(article.article.as_str()).copied().unwrap_or_default();
        }
    }

    /// Where no pair of a claim contradicts any more, nobody speaks against it: who did leaves it, pairs and all.
    fn release_opponents(&mut self) {
        let contradicting = self.pairs.iter().filter(|row| row.relation == Relation::Contradiction.name());
        let contradicted: BTreeSet<String> = contradicting.map(|row| row.claim_id.clone()).collect();
        for claim in self.claims.iter_mut().filter(|claim| !contradicted.contains(&claim.claim_id)) {
            claim.inconsistent = false;
        }
        let articles = &self.matrix.articles;
        let mut released: BTreeSet<(&str, &str)> = BTreeSet::new();
        for row in self.matrix.rows.iter_mut().filter(|row| !contradicted.contains(&row.claim_id)) {
            let claim = row.claim_id.as_str();
            let against = row.stances.extract_if(.., |said| said.1 == Stance::Contradicts);
            released.extend(against.filter_map(|(at, _)| Some((claim, articles.get(at)?.as_str()))));
            row.stances.iter_mut().for_each(|said| said.1 = Stance::Agrees);
        }
        for row in &mut self.pairs {
            if row.sides().iter().any(|side| released.contains(&(row.claim_id.as_str(), side.article.as_str()))) {
                row.claim_id.clear();
            }
        }
    }

    /// Counts claims anew from their pairs; a claim without any goes, and an article without any is silent.
    fn count_claims(&mut self) {
        let mut pairs_of: HashMap<&str, Vec<&Row>> = HashMap::new();
        for row in self.pairs.iter().filter(|row| row.relation != Relation::Unrelated.name()) {
            pairs_of.entry(&row.claim_id).or_default().push(row);
        }
        self.claims.retain(|claim| pairs_of.contains_key(claim.claim_id.as_str()));
        for claim in &mut self.claims {
            let pairs = &pairs_of[claim.claim_id.as_str()];
            count(claim, pairs);
        }
        self.matrix.rows.retain(|row| pairs_of.contains_key(row.claim_id.as_str()));
        for row in &mut self.matrix.rows {
            let speaking = articles(&pairs_of[row.claim_id.as_str()]);
            let ids = &self.matrix.articles;
            row.stances.retain(|&(at, _)| ids.get(at).is_some_and(|id| speaking.contains(id.as_str())));
        }
    }

    /// Takes pairs out of claims that are gone.
    fn leave_claims(&mut self) {
        let left: BTreeSet<&str> = self.claims.iter().map(|claim| claim.claim_id.as_str()).collect();
        for row in self.pairs.iter_mut().filter(|row| !left.contains(row.claim_id.as_str())) {
            row.claim_id.clear();
        }
    }

    fn silence_watched(&mut self, settings: &Settings) {
        for row in self.watch.iter_mut().filter(|row| row.stance != Stance::Silent) {
            let (agreement, contradiction) = settings.thresholds(article::detect_language(&row.claim), &row.lang);
            let least = if row.stance == Stance::Agrees { agreement } else { contradiction };
            if row.confidence < least {
                (row.stance, row.confidence, row.start, row.end) = (Stance::Silent, 0.0, 0, 0);
                row.sentence.clear();
                row.speaker.clear();
            }
        }
    }
}

/// Counts a claim anew from its pairs.
fn count(claim: &mut ClaimRow, pairs: &[&Row]) {
    let of = |relation: Relation| pairs.iter().filter(move |row| row.relation == relation.name());
    let strongest = |relation| of(relation).map(|row| row.confidence).max_by(f64::total_cmp);
    claim.agreements = of(Relation::Agreement).count();
    claim.contradictions = of(Relation::Contradiction).count();
    claim.strongest = strongest(Relation::Contradiction).or(strongest(Relation::Agreement)).unwrap_or(0.0);
    let left = articles(pairs).len();
    if left == claim.articles {
        return;
    }
    let days = texts(pairs, |side| side.date.as_str());
    claim.articles = left;
    claim.languages = texts(pairs, |side| side.lang.as_str());
    claim.outlets = texts(pairs, |side| side.outlet.as_str());
    claim.sources = sources(pairs);
    claim.first_date = days.first().cloned().unwrap_or_default();
    claim.last_date = days.last().cloned().unwrap_or_default();
}

fn articles<'a>(pairs: &[&'a Row]) -> BTreeSet<&'a str> {
    pairs.iter().flat_map(|row| row.sides()).map(|side| side.article.as_str()).collect()
}

/// What the sides of pairs have in a column, sorted, without empty cells.
fn texts(pairs: &[&Row], column: fn(&Side) -> &str) -> Vec<String> {
    let texts: BTreeSet<&str> = pairs.iter().flat_map(|row| row.sides()).map(column).collect();
    texts.into_iter().filter(|text| !text.is_empty()).map(str::to_owned).collect()
}

/// Independent sources: articles of one outlet, and articles that share a copied sentence of the claim, count once.
fn sources(pairs: &[&Row]) -> usize {
    let mut root: BTreeMap<&str, &str> =
        pairs.iter().flat_map(|row| row.sides()).map(|side| (source(side), source(side))).collect();
    for row in pairs.iter().filter(|row| row.reason == "copy") {
        let [keep, gone] = row.sides().map(|side| root[source(side)]);
        root.values_mut().filter(|root| **root == gone).for_each(|root| *root = keep);
    }
    root.values().collect::<BTreeSet<_>>().len()
}

fn source(side: &Side) -> &str {
    if side.outlet.is_empty() { &side.article } else { &side.outlet }
}

fn reason(row: &Row, relation: Relation) -> String {
    if relation != Relation::Contradiction {
        return String::new();
    }
    let [left, right] = row.sides().map(|s| claim::describe(&s.text, &s.lang, s.date.parse().ok()));
    let evidence = claim::compare(&left, &right);
    let kind = Some(row.kind.as_str()).filter(|kind| !kind.is_empty());
    claim::reason((&left, &row.left.text), (&right, &row.right.text), &evidence, kind)
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
    use crate::report::tests::sample;
    use crate::report::{ArticleRow, Matrix, MatrixRow, WatchRow};

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

    fn pair(claim: &str, [left, right]: [&str; 2], [agreement, contradiction]: [f64; 2]) -> Row {
        let side = |article: &str| Side {
            article: article.to_owned(),
            lang: "en".to_owned(),
            outlet: format!("{article} Post"),
            ..Side::default()
        };
        let relation = if contradiction > agreement { Relation::Contradiction } else { Relation::Agreement };
        Row {
            pair_id: format!("p-{claim}-{left}-{right}"),
            claim_id: claim.to_owned(),
            relation: relation.name().to_owned(),
            confidence: agreement.max(contradiction),
            left: side(left),
            right: side(right),
            p_agreement: agreement,
            p_contradiction: contradiction,
            ..Row::default()
        }
    }

    /// As a run makes it: `a` and `b` state both claims, `c` contradicts the first.
    fn two_claims() -> Report {
        let claim = |id: &str, articles: &[&str], contradictions: usize, strongest: f64| ClaimRow {
            claim_id: id.to_owned(),
            articles: articles.len(),
            languages: vec!["en".to_owned()],
            outlets: articles.iter().map(|article| format!("{article} Post")).collect(),
            sources: articles.len(),
            agreements: 1,
            contradictions,
            strongest,
            ..ClaimRow::default()
        };
        let stances = |id: &str, third: Option<(usize, Stance)>| MatrixRow {
            claim_id: id.to_owned(),
            stances: [(0, Stance::Agrees), (1, Stance::Agrees)].into_iter().chain(third).collect(),
            ..MatrixRow::default()
        };
        let article = |article: &str, agreements: usize, contradictions: usize| ArticleRow {
            article: article.to_owned(),
            agreements,
            contradictions,
            ..ArticleRow::default()
        };
        let watch = |stance: Stance| WatchRow {
            claim: "The bridge is open.".to_owned(),
            lang: "en".to_owned(),
            stance,
            confidence: 0.7,
            sentence: "It is open.".to_owned(),
            end: 11,
            ..WatchRow::default()
        };
        let mut report = Report {
            pairs: vec![
                pair("c1", ["a", "b"], [0.7, 0.1]),
                pair("c1", ["a", "c"], [0.1, 0.8]),
                pair("c2", ["a", "b"], [0.6, 0.1]),
            ],
            claims: vec![claim("c1", &["a", "b", "c"], 1, 0.8), claim("c2", &["a", "b"], 0, 0.6)],
            matrix: Matrix {
                articles: ["a", "b", "c"].map(str::to_owned).to_vec(),
                rows: vec![stances("c1", Some((2, Stance::Contradicts))), stances("c2", None)],
            },
            articles: vec![article("a", 2, 1), article("b", 2, 0), article("c", 0, 1)],
            watch: vec![watch(Stance::Agrees), watch(Stance::Contradicts), WatchRow::default()],
            about: vec![thresholds(&Settings::default())],
        };
        report.sort();
        report
    }

    #[test]
    fn the_thresholds_of_the_run_change_nothing() {
        let mut report = two_claims();
        report.rejudge(&Settings::default());
        assert_eq!(report, two_claims());
    }

    #[test]
    fn claims_matrix_and_watched_claims_follow_the_pairs() {
        let mut report = two_claims();
        report.about.push(("claims".to_owned(), "2".to_owned()));
        report.rejudge(&Settings { agreement: 0.75, ..Settings::default() });
        assert_eq!(report.about.last().unwrap().1, "1");
        let before = two_claims().claims.swap_remove(0);
        let outlets = vec!["a Post".to_owned(), "c Post".to_owned()];
        assert_eq!(report.claims, [ClaimRow { articles: 2, sources: 2, agreements: 0, outlets, ..before }]);
        assert_eq!(report.matrix.rows.len(), 1);
        assert_eq!(report.matrix.rows[0].stances, [(0, Stance::Agrees), (2, Stance::Contradicts)]);
        assert_eq!(report.pairs.iter().filter(|row| row.claim_id.is_empty()).count(), 1);
        let mut watch = two_claims().watch;
        watch[0] = WatchRow { claim: watch[0].claim.clone(), lang: "en".to_owned(), ..WatchRow::default() };
        assert_eq!(report.watch, watch);
        let mut report = two_claims();
        report.rejudge(&Settings { contradiction: 0.9, ..Settings::default() });
        assert_eq!(report.claims.iter().map(|claim| claim.strongest).collect::<Vec<_>>(), [0.7, 0.6]);
        assert_eq!(report.matrix.rows[0].stances, [(0, Stance::Agrees), (1, Stance::Agrees)]);
    }

    #[test]
    fn opponents_that_agree_with_each_other_leave_a_claim_that_nothing_contradicts_any_more() {
        let mut report = two_claims();
        report.pairs.push(pair("c1", ["c", "d"], [0.9, 0.0]));
        report.claims[0].inconsistent = true;
        report.matrix.articles.push("d".to_owned());
        report.matrix.rows[0].stances = vec![(0, Stance::Agrees), (1, Stance::Both), (2, Stance::Contradicts)];
        report.matrix.rows[0].stances.push((3, Stance::Contradicts));
        let mut same = report.clone();
        same.rejudge(&Settings::default());
        assert_eq!(same.matrix, report.matrix);
        assert!(same.claims[0].inconsistent);
        report.rejudge(&Settings { contradiction: 0.9, ..Settings::default() });
        assert_eq!(report.matrix.rows[0].stances, [(0, Stance::Agrees), (1, Stance::Agrees)]);
        let claim = &report.claims[0];
        assert_eq!((claim.articles, claim.agreements, claim.contradictions, claim.inconsistent), (2, 1, 0, false));
        assert_eq!(report.pairs[0].claim_id, "", "c and d agree, but not on this claim");
    }

    #[test]
    fn copies_and_articles_of_one_outlet_are_one_source() {
        let copy = Row { reason: "copy".to_owned(), ..pair("c", ["a", "b"], [0.9, 0.0]) };
        let mut other = pair("c", ["b", "c"], [0.9, 0.0]);
        assert_eq!(sources(&[&copy, &other]), 2);
        other.right.outlet = "a Post".to_owned();
        assert_eq!(sources(&[&copy, &other]), 1);
    }
}
