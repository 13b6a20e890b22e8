//! Articles that are worked on together, put in order again.

use jiff::civil::Date;

use super::row::Row;
use crate::align::{Extent, Names};
use crate::embed::Vectors;
use crate::tables::{ClaimKey, Column, Kind, article_key};

/// Columns of what relate and candidates read; each adds what it says of the key.
pub(super) const ARTICLE: Column = Column::maybe("article", Kind::Int64, "the article's key; must belong to `id`");
pub(super) const ID: Column = Column::new("id", Kind::Text, "the article's id");
pub(super) const DATE: Column =
    Column::maybe("date", Kind::Text, "its day of publication, YYYY-MM-DD, for `align.window_days` and `align.fading`");
pub(super) const INDEX: Column = Column::new("index", Kind::Int32, "position among the article's segments");
pub(super) const NAMES: Column =
    Column::maybe("names", Kind::Text, "names as claims gives them; an article without them tells nothing by names");
pub(super) const VECTOR: Column = Column::new("vector", Kind::Bytes, "vector as embed gives it");

/// A claim with its vector.
pub(super) struct Input {
    pub(super) key: i64,
    /// Whether the article is at home under this key.
    pub(super) home: bool,
    id: String,
    date: Option<Date>,
    index: usize,
    names: String,
    vector: Vec<i8>,
}

impl Input {
    pub(super) fn read(row: &Row<'_>, home: bool) -> Result<Self, String> {
        let vector = row.bytes("vector")?;
        if vector.is_empty() {
            return Err("`vector` has no bytes".to_owned());
        }
        Ok(Self {
            key: if row.has("key") { row.whole("key")? } else { 0 },
            home,
            id: row.id("article", "id")?.to_owned(),
            date: row.date("date")?,
            index: row.count("index")?,
            names: row.maybe_text("names").unwrap_or_default().to_owned(),
            vector: vector.iter().map(|&byte| byte as i8).collect(),
        })
    }
}

/// An article of a [`Part`].
pub(super) struct Member {
    pub(super) id: String,
    pub(super) home: bool,
    pub(super) date: Option<Date>,
}

/// Articles of one key, in the order of their ids, their claims in the order of their text.
#[derive(Default)]
pub(super) struct Part {
    pub(super) articles: Vec<Member>,
    pub(super) extents: Vec<Extent>,
    pub(super) vectors: Vectors,
    /// Article and segment of every claim.
    claims: Vec<(usize, usize)>,
}

impl Part {
    /// Puts rows in order. Of a claim that comes twice the second is bad, and so is a vector of another length than the first.
    pub(super) fn of(mut rows: Vec<(u64, Input)>, bad: &mut Vec<(u64, String)>) -> Self {
        rows.sort_by(|(m, a), (n, b)| (&a.id, a.index, &a.vector, m).cmp(&(&b.id, b.index, &b.vector, n)));
        let mut part = Self::default();
        let width = rows.first().map_or(0, |(_, first)| first.vector.len());
        let (mut bytes, mut mentions): (Vec<i8>, Vec<String>) = (Vec::new(), Vec::new());
        for (number, row) in rows {
            let is_new = part.articles.last().is_none_or(|last| last.id != row.id);
            if !is_new && part.claims.last().is_some_and(|&(_, index)| index == row.index) {
                bad.push((number, "the claim comes twice under one key".to_owned()));
                continue;
            }
            if row.vector.len() != width {
                bad.push((number, format!("`vector` has {} bytes, others have {width}", row.vector.len())));
                continue;
            }
            let claim = part.claims.len();
            if is_new {
                part.articles.push(Member { id: row.id, home: row.home, date: row.date });
                part.extents.push(Extent { claims: claim..claim, date: row.date, names: Names::default() });
            }
            part.extents.last_mut().expect("an article was begun").claims.end = claim + 1;
            part.claims.push((part.articles.len() - 1, row.index));
            bytes.extend(row.vector);
            mentions.push(row.names);
        }
        for extent in &mut part.extents {
            extent.names = Names::of(mentions[extent.claims.clone()].iter().map(String::as_str));
        }
        part.vectors = Vectors::from_bytes(bytes, width);
        part
    }

    /// Id of an article.
    pub(super) fn id(&self, article: usize) -> &str {
        &self.articles[article].id
    }

    /// Where a claim stands.
    pub(super) fn claim(&self, claim: usize) -> ClaimKey<'_> {
        let (article, index) = self.claims[claim];
        let id = self.id(article);
        ClaimKey { article: article_key(id), id, index }
    }

    /// Article of a claim.
    pub(super) fn article_of(&self, claim: usize) -> usize {
        self.claims[claim].0
    }
}
