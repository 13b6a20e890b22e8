//! From what a run found to the rows that people and programs read.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use sha2::{Digest, Sha256};

use super::{Outcome, Stance as Asked};
use crate::group::Group;
use crate::judge::{Judgement, Relation};
use crate::model::hash::hex;
use crate::report::{About, ArticleRow, ClaimRow, Matrix, MatrixRow, Report, Row, Side, Stance, WatchRow};
use crate::sentence::Kind;

/// Everything to report, with every judged pair; `watched` are the user's claims with the stance of every article.
pub fn report(outcome: &Outcome, watched: &[(String, Vec<Asked>)], about: About) -> Report {
    let keys = keys(outcome);
    let group_ids: Vec<String> = outcome.groups.iter().map(|group| group_id(group, &keys)).collect();
    let member_of = members(outcome);
    let pairs = outcome
        .judgements
        .iter()
        .map(|judgement| {
            let (left, right) = (judgement.pair.left, judgement.pair.right);
            let shared = |group: &&usize| member_of.get(&right).is_some_and(|others| others.contains(group));
            let group = member_of.get(&left).and_then(|groups| groups.iter().find(shared));
            pair(outcome, judgement, &keys, group.map_or(String::new(), |&g| group_ids[g].clone()))
        })
        .collect();
    let mut judged_of: HashMap<usize, Vec<&Judgement>> = HashMap::new();
    outcome.judgements.iter().for_each(|j| judged_of.entry(j.pair.left).or_default().push(j));
    let claims =
        outcome.groups.iter().zip(&group_ids).map(|(group, id)| claim(outcome, group, id, &judged_of)).collect();
    let mut report = Report {
        pairs,
        claims,
        matrix: matrix(outcome, &group_ids),
        articles: articles(outcome),
        watch: watched.iter().flat_map(|(claim, stances)| watch(outcome, claim, stances)).collect(),
        about,
    };
    report.sort();
    report
}

/// A text for each claim that stays the same as long as its article's id does: that id, its sentence, and which of several equal ones it is.
fn keys(outcome: &Outcome) -> Vec<String> {
    let mut seen: HashMap<(usize, &str), usize> = HashMap::new();
    (0..outcome.claims.len())
        .map(|claim| {
            let (article, text) = (outcome.claims[claim].article, outcome.text_of(claim));
            let times = seen.entry((article, text)).and_modify(|n| *n += 1).or_insert(0);
            format!("{}\u{0}{text}\u{0}{times}", outcome.corpus.articles[article].id)
        })
        .collect()
}

/// A letter and 16 hexadecimal digits: a spreadsheet takes it for text.
fn id(letter: char, parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part.as_bytes());
        hash.update([1]);
    }
    format!("{letter}{}", hex(&hash.finalize()[..8]))
}

fn group_id(group: &Group, keys: &[String]) -> String {
    let first = group.supporting.iter().map(|&claim| keys[claim].as_str()).min().unwrap_or_default();
    id('c', &[first])
}

/// Groups of each claim.
fn members(outcome: &Outcome) -> HashMap<usize, Vec<usize>> {
    let mut groups: HashMap<usize, Vec<usize>> = HashMap::new();
    for (number, group) in outcome.groups.iter().enumerate() {
        group.supporting.iter().chain(&group.opposing).for_each(|&claim| groups.entry(claim).or_default().push(number));
    }
    groups
}

fn pair(outcome: &Outcome, judgement: &Judgement, keys: &[String], claim_id: String) -> Row {
    let (left, right) = (judgement.pair.left, judgement.pair.right);
    let (first, second) = (keys[left].as_str().min(&keys[right]), keys[left].as_str().max(&keys[right]));
    Row {
        pair_id: id('p', &[first, second]),
        claim_id,
        relation: judgement.relation.name().to_owned(),
        confidence: judgement.confidence,
        reason: judgement.reason.clone(),
        kind: judgement.conflict.clone().unwrap_or_default(),
        left: side(outcome, left),
        right: side(outcome, right),
        similarity: (f64::from(judgement.pair.similarity) * 1e4).round() / 1e4,
        p_agreement: judgement.probabilities.agreement,
        p_contradiction: judgement.probabilities.contradiction,
        p_unrelated: judgement.probabilities.unrelated,
        ..Row::default()
    }
}

fn side(outcome: &Outcome, claim: usize) -> Side {
    let (own, article) = (&outcome.claims[claim], outcome.article_of(claim));
    let segments = &outcome.segments[own.article];
    let near = |index: Option<usize>| {
        let segment = index.and_then(|i| segments.get(i));
        segment.map_or(String::new(), |s| article.text[s.span.clone()].to_owned())
    };
    let (start, end) = outcome.characters(claim);
    let text = outcome.text_of(claim);
    Side {
        text: text.to_owned(),
        before: near(own.segment.checked_sub(1)),
        after: near(Some(own.segment + 1)),
        article: article.id.clone(),
        lang: article.language.clone(),
        date: article.date.map_or(String::new(), |day| day.to_string()),
        outlet: article.outlet.clone().unwrap_or_default(),
        speaker: own.fields.speaker.as_ref().filter(|s| s.named).map_or("", |s| &text[s.span.clone()]).to_owned(),
        start,
        end,
    }
}

fn claim(outcome: &Outcome, group: &Group, id: &str, judged_of: &HashMap<usize, Vec<&Judgement>>) -> ClaimRow {
    let all: BTreeSet<usize> = group.supporting.iter().chain(&group.opposing).copied().collect();
    let from = all.iter().filter_map(|claim| judged_of.get(claim)).flatten();
    let judged: Vec<&Judgement> = from.filter(|j| all.contains(&j.pair.right)).copied().collect();
    let of = |relation: Relation| judged.iter().filter(move |j| j.relation == relation);
    let strongest = |relation| of(relation).map(|j| j.confidence).max_by(f64::total_cmp);
    let articles: BTreeSet<usize> = all.iter().map(|&claim| outcome.claims[claim].article).collect();
    let texts = |field: &dyn Fn(usize) -> Option<String>| -> Vec<String> {
        articles.iter().filter_map(|&a| field(a)).collect::<BTreeSet<_>>().into_iter().collect()
    };
    let article = |a: usize| &outcome.corpus.articles[a];
    let days = texts(&|a| article(a).date.map(|day| day.to_string()));
    let central = outcome.article_of(group.central);
    ClaimRow {
        claim_id: id.to_owned(),
        wording: outcome.text_of(group.central).to_owned(),
        lang: central.language.clone(),
        articles: articles.len(),
        languages: texts(&|a| Some(article(a).language.clone())),
        outlets: texts(&|a| article(a).outlet.clone()),
        sources: sources(outcome, &articles, &judged),
        agreements: of(Relation::Agreement).count(),
        contradictions: of(Relation::Contradiction).count(),
        inconsistent: group.inconsistent,
        first_date: days.first().cloned().unwrap_or_default(),
        last_date: days.last().cloned().unwrap_or_default(),
        strongest: strongest(Relation::Contradiction).or(strongest(Relation::Agreement)).unwrap_or(0.0),
    }
}

/// Independent sources: articles of one outlet, and articles that share a copied sentence of the claim, count once.
fn sources(outcome: &Outcome, articles: &BTreeSet<usize>, judged: &[&Judgement]) -> usize {
    let mut root: BTreeMap<usize, usize> = articles.iter().map(|&a| (a, a)).collect();
    let mut join = |a: usize, b: usize| {
        let (keep, gone) = (root[&a].min(root[&b]), root[&a].max(root[&b]));
        root.values_mut().filter(|r| **r == gone).for_each(|r| *r = keep);
    };
    let mut first_of: HashMap<&str, usize> = HashMap::new();
    for &article in articles {
        if let Some(outlet) = outcome.corpus.articles[article].outlet.as_deref() {
            let first = *first_of.entry(outlet).or_insert(article);
            join(first, article);
        }
    }
    for judgement in judged.iter().filter(|j| j.copy) {
        join(outcome.claims[judgement.pair.left].article, outcome.claims[judgement.pair.right].article);
    }
    root.values().collect::<BTreeSet<_>>().len()
}

fn matrix(outcome: &Outcome, group_ids: &[String]) -> Matrix {
    let rows = outcome.groups.iter().zip(group_ids).map(|(group, id)| {
        let stances = stances(group, |claim| outcome.claims[claim].article);
        MatrixRow { claim_id: id.clone(), wording: outcome.text_of(group.central).to_owned(), stances }
    });
    Matrix { articles: outcome.corpus.articles.iter().map(|a| a.id.clone()).collect(), rows: rows.collect() }
}

/// The articles that speak of the claim of a group, in order, and what each says.
fn stances(group: &Group, article_of: impl Fn(usize) -> usize) -> Vec<(usize, Stance)> {
    let mut stances: BTreeMap<usize, Stance> =
        group.supporting.iter().map(|&claim| (article_of(claim), Stance::Agrees)).collect();
    for &claim in &group.opposing {
        let stance = stances.entry(article_of(claim)).or_insert(Stance::Contradicts);
        if *stance == Stance::Agrees {
            *stance = Stance::Both;
        }
    }
    stances.into_iter().collect()
}

fn articles(outcome: &Outcome) -> Vec<ArticleRow> {
    let mut counts = vec![[0; 2]; outcome.corpus.articles.len()];
    for judgement in outcome.judgements.iter().filter(|j| j.relation != Relation::Unrelated) {
        for claim in [judgement.pair.left, judgement.pair.right] {
            counts[outcome.claims[claim].article][usize::from(judgement.relation == Relation::Contradiction)] += 1;
        }
    }
    let rows = outcome.corpus.articles.iter().enumerate().map(|(position, article)| ArticleRow {
        article: article.id.clone(),
        lang: article.language.clone(),
        date: article.date.map_or(String::new(), |day| day.to_string()),
        outlet: article.outlet.clone().unwrap_or_default(),
        title: article.title.clone().unwrap_or_else(|| headline(outcome, position)),
        url: article.url.clone().unwrap_or_default(),
        sentences: outcome.segments[position].iter().filter(|s| s.dropped.is_none()).count(),
        agreements: counts[position][0],
        contradictions: counts[position][1],
    });
    rows.collect()
}

/// The article's first headline in its text; empty if there is none.
fn headline(outcome: &Outcome, article: usize) -> String {
    let first = outcome.segments[article].iter().find(|segment| segment.kind == Kind::Headline);
    first.map_or(String::new(), |segment| outcome.corpus.articles[article].text[segment.span.clone()].to_owned())
}

fn watch<'a>(outcome: &'a Outcome, claim: &'a str, stances: &'a [Asked]) -> impl Iterator<Item = WatchRow> + 'a {
    stances.iter().map(move |asked| {
        let article = &outcome.corpus.articles[asked.article];
        let row = WatchRow {
            claim: claim.to_owned(),
            article: article.id.clone(),
            lang: article.language.clone(),
            date: article.date.map_or(String::new(), |day| day.to_string()),
            outlet: article.outlet.clone().unwrap_or_default(),
            ..WatchRow::default()
        };
        let Some((sentence, judgement)) = &asked.sentence else {
            return row;
        };
        let side = side(outcome, *sentence);
        let agrees = judgement.relation == Relation::Agreement;
        WatchRow {
            stance: if agrees { Stance::Agrees } else { Stance::Contradicts },
            confidence: judgement.confidence,
            sentence: side.text,
            speaker: side.speaker,
            start: side.start,
            end: side.end,
            ..row
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_article_on_both_sides_of_a_claim_is_said_to_be_on_both() {
        let group = Group { supporting: vec![0, 2], opposing: vec![1, 3], central: 0, inconsistent: false };
        let found = stances(&group, |claim| [0, 0, 1, 2][claim]);
        assert_eq!(found, [(0, Stance::Both), (1, Stance::Agrees), (2, Stance::Contradicts)]);
    }
}
