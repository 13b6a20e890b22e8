//! The tables and their columns, defined once.

use std::sync::Arc;

use arrow_schema::{DataType, Field, Schema, SchemaRef};

/// Type of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// 64-bit integer.
    Int64,
    /// 32-bit integer.
    Int32,
    /// 32-bit float.
    Float32,
    /// UTF-8 text.
    Text,
    /// Bytes.
    Bytes,
}

impl Kind {
    /// Name as in the documents.
    pub fn name(self) -> &'static str {
        match self {
            Self::Int64 => "int64",
            Self::Int32 => "int32",
            Self::Float32 => "float32",
            Self::Text => "string",
            Self::Bytes => "binary",
        }
    }

    pub(super) fn arrow(self) -> DataType {
        match self {
            Self::Int64 => DataType::Int64,
            Self::Int32 => DataType::Int32,
            Self::Float32 => DataType::Float32,
            Self::Text => DataType::Utf8,
            Self::Bytes => DataType::Binary,
        }
    }
}

/// A column of a table, or of what a stage reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: &'static str,
    /// Its type.
    pub kind: Kind,
    /// Whether every row has a value.
    pub needed: bool,
    /// What it holds.
    pub meaning: &'static str,
}

impl Column {
    /// A column that every row has.
    pub const fn new(name: &'static str, kind: Kind, meaning: &'static str) -> Self {
        Self { name, kind, needed: true, meaning }
    }

    /// A column that may be empty or missing.
    pub const fn maybe(name: &'static str, kind: Kind, meaning: &'static str) -> Self {
        Self { name, kind, needed: false, meaning }
    }
}

/// An intermediate result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Table {
    /// What was read.
    Articles,
    /// What articles were cut into.
    Segments,
    /// Segments that may carry a claim, with what they say.
    Claims,
    /// Vectors of the claims.
    Vectors,
    /// Articles on one event.
    Related,
    /// Pairs of claims that were found alike.
    Candidates,
    /// Candidates with the model's raw scores; only between the two steps of judging, never kept.
    Scores,
    /// Judged pairs.
    Judgements,
    /// Members of every claim group.
    Groups,
    /// Input rows that a stage could not use.
    Errors,
}

impl Table {
    /// The tables that a run keeps, in order.
    pub const KEPT: [Self; 8] = [
        Self::Articles,
        Self::Segments,
        Self::Claims,
        Self::Vectors,
        Self::Related,
        Self::Candidates,
        Self::Judgements,
        Self::Groups,
    ];

    /// Name in files and streams.
    pub fn name(self) -> &'static str {
        match self {
            Self::Articles => "articles",
            Self::Segments => "segments",
            Self::Claims => "claims",
            Self::Vectors => "vectors",
            Self::Related => "related",
            Self::Candidates => "candidates",
            Self::Scores => "scores",
            Self::Judgements => "judgements",
            Self::Groups => "groups",
            Self::Errors => "errors",
        }
    }

    /// Its columns, in order.
    pub fn columns(self) -> &'static [Column] {
        match self {
            Self::Articles => ARTICLES,
            Self::Segments => SEGMENTS,
            Self::Claims => CLAIMS,
            Self::Vectors => VECTORS,
            Self::Related => RELATED,
            Self::Candidates => CANDIDATES,
            Self::Scores => SCORES,
            Self::Judgements => JUDGEMENTS,
            Self::Groups => GROUPS,
            Self::Errors => ERRORS,
        }
    }

    /// The table that has exactly these columns, whatever their order.
    pub fn with_columns(names: &[&str]) -> Option<Self> {
        let same = |table: &Self| {
            table.columns().len() == names.len() && table.columns().iter().all(|column| names.contains(&column.name))
        };
        Self::KEPT.into_iter().chain([Self::Scores, Self::Errors]).find(same)
    }

    /// Its Arrow schema.
    pub fn schema(self) -> SchemaRef {
        schema(self.columns(), true)
    }
}

/// Arrow schema of columns; where it is not `strict` every column may be empty.
pub(super) fn schema(columns: &[Column], strict: bool) -> SchemaRef {
    let field = |column: &Column| Field::new(column.name, column.kind.arrow(), !(strict && column.needed));
    Arc::new(Schema::new(columns.iter().map(field).collect::<Vec<_>>()))
}

use Kind::{Bytes, Float32, Int32, Int64, Text};

const ARTICLE: Column = Column::new("article", Int64, "63-bit hash of the article's id");
const ID: Column = Column::new("id", Text, "the article's id");
const LANG: Column = Column::new("lang", Text, "language of the article, `und` if unknown");
const DATE: Column = Column::maybe("date", Text, "day of publication, YYYY-MM-DD");
const INDEX: Column = Column::new("index", Int32, "position among the article's segments, from 0");
const START: Column = Column::new("start", Int32, "first character in the article's text, in Unicode scalar values");
const END: Column = Column::new("end", Int32, "one past its last character");
const TEXT_KEY: Column = Column::new("text_key", Bytes, "128-bit hash of the text");
const NAMES: Column = Column::maybe("names", Text, "consonants of the names in the text, `?` before what may be none");
const EVENT: Column = Column::new("event", Int64, "first article, by id, of those that relations join");
const LEFT_ARTICLE: Column = Column::new("left_article", Int64, "article whose id comes first");
const LEFT_ID: Column = Column::new("left_id", Text, "its id");
const LEFT_INDEX: Column = Column::new("left_index", Int32, "its segment");
const RIGHT_ARTICLE: Column = Column::new("right_article", Int64, "the other article");
const RIGHT_ID: Column = Column::new("right_id", Text, "its id");
const RIGHT_INDEX: Column = Column::new("right_index", Int32, "its segment");
const SIMILARITY: Column = Column::new("similarity", Float32, "cosine of the two vectors");
const RANK_RIGHT: Column = Column::new("rank_right", Int32, "rank of the right claim among the left one's neighbours");
const RANK_LEFT: Column = Column::new("rank_left", Int32, "rank of the left claim among the right one's neighbours");

const ARTICLES: &[Column] = &[
    ARTICLE,
    ID,
    LANG,
    DATE,
    Column::maybe("outlet", Text, "newspaper, agency or site"),
    Column::maybe("title", Text, "headline where the source gives it"),
    Column::maybe("author", Text, "author where the source gives one"),
    Column::maybe("url", Text, "address where the source gives one"),
    Column::maybe("extra", Text, "other columns of the source, as JSON"),
    Column::new("text", Text, "the text as read"),
];

const SEGMENTS: &[Column] = &[
    ARTICLE,
    ID,
    LANG,
    DATE,
    INDEX,
    START,
    END,
    Column::new("kind", Text, "sentence, headline, byline, caption or boilerplate"),
    Column::maybe("dropped", Text, "why it cannot carry a claim"),
    Column::new("text", Text, "the segment"),
];

const CLAIMS: &[Column] = &[
    ARTICLE,
    ID,
    LANG,
    DATE,
    INDEX,
    START,
    END,
    Column::new("text", Text, "the sentence"),
    TEXT_KEY,
    NAMES,
    Column::new("fields", Text, "numbers, times, negation, speaker and names, as JSON"),
];

const VECTORS: &[Column] = &[
    ARTICLE,
    ID,
    DATE,
    INDEX,
    TEXT_KEY,
    NAMES,
    Column::new("vector", Bytes, "signed bytes, scaled to the largest; the length is that of the model's vectors"),
];

const RELATED: &[Column] = &[
    LEFT_ARTICLE,
    LEFT_ID,
    RIGHT_ARTICLE,
    RIGHT_ID,
    Column::new("score", Float32, "how sure it is that both report one event, 0 to 1"),
];

const CANDIDATES: &[Column] = &[
    EVENT,
    LEFT_ARTICLE,
    LEFT_ID,
    LEFT_INDEX,
    RIGHT_ARTICLE,
    RIGHT_ID,
    RIGHT_INDEX,
    SIMILARITY,
    RANK_RIGHT,
    RANK_LEFT,
];

const SCORES: &[Column] = &[
    EVENT,
    LEFT_ARTICLE,
    LEFT_ID,
    LEFT_INDEX,
    RIGHT_ARTICLE,
    RIGHT_ID,
    RIGHT_INDEX,
    SIMILARITY,
    RANK_RIGHT,
    RANK_LEFT,
    Column::new("left_text", Text, "sentence of the left claim"),
    Column::new("left_lang", Text, "its language"),
    Column::maybe("left_date", Text, "its article's day of publication"),
    Column::new("right_text", Text, "sentence of the right claim"),
    Column::new("right_lang", Text, "its language"),
    Column::maybe("right_date", Text, "its article's day of publication"),
    Column::new("scores", Bytes, "logits left to right, then right to left, as little-endian 32-bit floats"),
];

const JUDGEMENTS: &[Column] = &[
    EVENT,
    LEFT_ARTICLE,
    LEFT_ID,
    LEFT_INDEX,
    RIGHT_ARTICLE,
    RIGHT_ID,
    RIGHT_INDEX,
    SIMILARITY,
    Column::new("relation", Text, "agreement, contradiction or unrelated"),
    Column::new("confidence", Float32, "probability of the relation, four decimals"),
    Column::new("p_agreement", Float32, "probability that both say the same, four decimals"),
    Column::new("p_contradiction", Float32, "probability that both cannot be true, four decimals"),
    Column::new("p_unrelated", Float32, "probability of neither, four decimals"),
    Column::new("reason", Text, "typed and readable; empty if nothing typed was found"),
    Column::maybe("conflict", Text, "kind of conflict by the model's own head"),
    Column::new("copy", Int32, "1 where both sides are copies of one another, else 0"),
];

const GROUPS: &[Column] = &[
    EVENT,
    Column::new(
        "group_article",
        Int64,
        "article of the group's first supporting claim: with the next two, the name of the group",
    ),
    Column::new("group_id", Text, "its id"),
    Column::new("group_index", Int32, "its segment"),
    ARTICLE,
    ID,
    INDEX,
    Column::new("side", Int32, "1 where the claim supports, -1 where it opposes"),
    Column::new("central", Int32, "1 for the claim whose wording is shown, else 0"),
    Column::new("inconsistent", Int32, "1 where judgements inside the group speak against each other, else 0"),
];

const ERRORS: &[Column] = &[
    Column::new("stage", Text, "stage that could not use the row"),
    Column::new("stream", Int32, "number of the input stream, from 0"),
    Column::new("row", Int64, "number of the row in it, from 0"),
    Column::new("problem", Text, "what is wrong with it"),
    Column::maybe("content", Text, "the row, long values cut"),
];
