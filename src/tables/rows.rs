//! From what stages give to rows: the one place where each table is filled.

use jiff::civil::Date;
use sha2::{Digest, Sha256};

use super::cell::{Builder, Cell};
use crate::align::{CandidatePair, Related};
use crate::claim::Fields;
use crate::group::Group;
use crate::judge::{Judgement, Relation};
use crate::model::Scores;
use crate::sentence::{Kind, Segment};

/// Key of an article: 63 bits of the hash of its id.
pub fn article_key(id: &str) -> i64 {
    let mut first = [0; 8];
    first.copy_from_slice(&Sha256::digest(id.as_bytes())[..8]);
    i64::from_le_bytes(first) & i64::MAX
}

/// Key of a text: 128 bits of its hash.
pub fn text_key(text: &str) -> [u8; 16] {
    let mut first = [0; 16];
    first.copy_from_slice(&Sha256::digest(text.as_bytes())[..16]);
    first
}

/// What rows repeat of an article.
#[derive(Debug, Clone, Copy)]
pub struct Head<'a> {
    /// Its key.
    pub key: i64,
    /// Its id.
    pub id: &'a str,
    /// Its language.
    pub lang: &'a str,
    /// Its day of publication.
    pub date: Option<Date>,
}

impl<'a> Head<'a> {
    /// Head of the article with this id.
    pub fn new(id: &'a str, lang: &'a str, date: Option<Date>) -> Self {
        Self { key: article_key(id), id, lang, date }
    }

    fn day(&self) -> Option<String> {
        self.date.map(|date| date.to_string())
    }
}

/// Where a claim stands.
#[derive(Debug, Clone, Copy)]
pub struct ClaimKey<'a> {
    /// Key of its article.
    pub article: i64,
    /// Id of its article.
    pub id: &'a str,
    /// Its segment.
    pub index: usize,
}

/// Two claims of one event.
#[derive(Debug, Clone, Copy)]
pub struct PairKey<'a> {
    /// Key of the event's first article.
    pub event: i64,
    /// The claim of the article whose id comes first.
    pub left: ClaimKey<'a>,
    /// The other.
    pub right: ClaimKey<'a>,
}

impl<'a> PairKey<'a> {
    fn cells(&self) -> [Cell<'a>; 7] {
        let Self { event, left, right } = self;
        [
            Cell::Whole(*event),
            Cell::Whole(left.article),
            Cell::Text(left.id),
            whole(left.index),
            Cell::Whole(right.article),
            Cell::Text(right.id),
            whole(right.index),
        ]
    }
}

/// Rows of `segments` for one article. `split` may be all of them or some, in order.
pub fn segments(out: &mut Builder, head: Head<'_>, text: &str, split: &[Segment]) {
    let day = head.day();
    for (segment, (start, end)) in split.iter().zip(offsets(text, split)) {
        out.push(&[
            Cell::Whole(head.key),
            Cell::Text(head.id),
            Cell::Text(head.lang),
            day.as_deref().into(),
            whole(segment.index),
            whole(start),
            whole(end),
            Cell::Text(describe_kind(segment.kind)),
            segment.dropped.into(),
            Cell::Text(&text[segment.span.clone()]),
        ]);
    }
}

/// First character of each segment and one past its last, in Unicode scalar values.
pub(crate) fn offsets<'a>(text: &'a str, split: &'a [Segment]) -> impl Iterator<Item = (usize, usize)> + 'a {
    let (mut bytes, mut characters) = (0, 0);
    split.iter().map(move |segment| {
        let start = characters + text[bytes..segment.span.start].chars().count();
        let end = start + text[segment.span.clone()].chars().count();
        (bytes, characters) = (segment.span.end, end);
        (start, end)
    })
}

/// Name of a kind of segment.
pub fn describe_kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Sentence => "sentence",
        Kind::Headline => "headline",
        Kind::Byline => "byline",
        Kind::Caption => "caption",
        Kind::Boilerplate => "boilerplate",
    }
}

/// A row of `claims`; `place` is the segment's index, its first character and one past its last.
pub fn claim(out: &mut Builder, head: Head<'_>, place: (usize, usize, usize), text: &str, fields: &Fields) {
    let day = head.day();
    let names = fields.mentions();
    let fields = serde_json::to_string(fields).expect("fields are plain values");
    out.push(&[
        Cell::Whole(head.key),
        Cell::Text(head.id),
        Cell::Text(head.lang),
        day.as_deref().into(),
        whole(place.0),
        whole(place.1),
        whole(place.2),
        Cell::Text(text),
        Cell::Bytes(&text_key(text)),
        Cell::Text(&names),
        Cell::Text(&fields),
    ]);
}

/// What the aligner sees of a claim.
#[derive(Debug, Clone, Copy)]
pub struct Sighting<'a> {
    /// Its article's day of publication.
    pub date: Option<Date>,
    /// Its text's key.
    pub text_key: &'a [u8; 16],
    /// Its names, as [`Fields::mentions`] gives them.
    pub names: &'a str,
    /// Its vector.
    pub vector: &'a [i8],
}

/// A row of `vectors`.
pub fn vector(out: &mut Builder, claim: ClaimKey<'_>, seen: Sighting<'_>) {
    let day = seen.date.map(|date| date.to_string());
    let bytes: Vec<u8> = seen.vector.iter().map(|&byte| byte as u8).collect();
    out.push(&[
        Cell::Whole(claim.article),
        Cell::Text(claim.id),
        day.as_deref().into(),
        whole(claim.index),
        Cell::Bytes(seen.text_key),
        Cell::Text(seen.names),
        Cell::Bytes(&bytes),
    ]);
}

/// A row of `related`; `id` gives the id of an article by its position.
pub fn related<'a>(out: &mut Builder, pair: &Related, id: impl Fn(usize) -> &'a str) {
    let (left, right) = (id(pair.left), id(pair.right));
    out.push(&[
        Cell::Whole(article_key(left)),
        Cell::Text(left),
        Cell::Whole(article_key(right)),
        Cell::Text(right),
        Cell::Float(pair.score),
    ]);
}

/// A row of `candidates`.
pub fn candidate(out: &mut Builder, key: PairKey<'_>, pair: &CandidatePair) {
    let mut row = key.cells().to_vec();
    row.extend([Cell::Float(pair.similarity), Cell::Whole(pair.rank_right.into()), Cell::Whole(pair.rank_left.into())]);
    out.push(&row);
}

/// What the judge sees of one side of a pair.
#[derive(Debug, Clone, Copy)]
pub struct SideText<'a> {
    /// The sentence.
    pub text: &'a str,
    /// Its language.
    pub lang: &'a str,
    /// Its article's day of publication.
    pub date: Option<Date>,
}

/// A row of `scores`; `sides` are left and right, `scores` as [`scores_to`] makes them.
pub fn scores(out: &mut Builder, key: PairKey<'_>, pair: &CandidatePair, sides: [SideText<'_>; 2], scores: &[u8]) {
    let days = sides.map(|side| side.date.map(|date| date.to_string()));
    let mut row = key.cells().to_vec();
    row.extend([Cell::Float(pair.similarity), Cell::Whole(pair.rank_right.into()), Cell::Whole(pair.rank_left.into())]);
    for (side, day) in sides.iter().zip(&days) {
        row.extend([Cell::Text(side.text), Cell::Text(side.lang), day.as_deref().into()]);
    }
    row.push(Cell::Bytes(scores));
    out.push(&row);
}

/// A row of `judgements`.
pub fn judgement(out: &mut Builder, key: PairKey<'_>, judgement: &Judgement) {
    let p = &judgement.probabilities;
    let mut row = key.cells().to_vec();
    row.extend([
        Cell::Float(judgement.pair.similarity),
        Cell::Text(judgement.relation.name()),
        Cell::Float(judgement.confidence as f32),
        Cell::Float(p.agreement as f32),
        Cell::Float(p.contradiction as f32),
        Cell::Float(p.unrelated as f32),
        Cell::Text(&judgement.reason),
        judgement.conflict.as_deref().filter(|_| judgement.relation == Relation::Contradiction).into(),
        Cell::Whole(judgement.copy.into()),
    ]);
    out.push(&row);
}

/// Rows of `groups`, one per member; `claim` gives the place of a claim by its position.
pub fn group<'a>(out: &mut Builder, event: i64, group: &Group, claim: impl Fn(usize) -> ClaimKey<'a>) {
    let Some(&first) = group.supporting.first() else { return };
    let name = claim(first);
    let sides =
        group.supporting.iter().map(|&member| (member, 1)).chain(group.opposing.iter().map(|&member| (member, -1)));
    for (member, side) in sides {
        let own = claim(member);
        out.push(&[
            Cell::Whole(event),
            Cell::Whole(name.article),
            Cell::Text(name.id),
            whole(name.index),
            Cell::Whole(own.article),
            Cell::Text(own.id),
            whole(own.index),
            Cell::Whole(side),
            Cell::Whole((member == group.central).into()),
            Cell::Whole(group.inconsistent.into()),
        ]);
    }
}

/// Bytes of the scores of a pair, left to right, then right to left.
pub fn scores_to(forth: &Scores, back: &Scores) -> Vec<u8> {
    [forth.to_bytes(), back.to_bytes()].concat()
}

/// Scores of a pair from their bytes; `None` if there are too few or too many.
pub fn scores_of(bytes: &[u8]) -> Option<(Scores, Scores)> {
    let (forth, back) = bytes.split_at_checked(Scores::BYTES)?;
    Some((Scores::from_bytes(forth)?, Scores::from_bytes(back)?))
}

fn whole(number: usize) -> Cell<'static> {
    Cell::Whole(number as i64)
}
