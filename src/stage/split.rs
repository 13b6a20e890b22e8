//! Articles to segments.

use std::collections::BTreeMap;

use jiff::civil::Date;
use rayon::prelude::*;

use super::StageError;
use super::drive::Work;
use super::row::Row;
use crate::article::{Article, detect_language, primary_language};
use crate::sentence;
use crate::tables::{self, Builder, Column, Head, Kind, Table, article_key};

pub(super) struct Split;

pub(super) struct Input {
    key: Option<i64>,
    article: Article,
}

impl Work for Split {
    type Input = Input;
    const COLUMNS: &'static [Column] = &[
        Column::maybe(
            "key",
            Kind::Int64,
            "one number per outlet; rows sorted by it: lines that recur on its pages are dropped, as in a run",
        ),
        Column::maybe("article", Kind::Int64, "the article's key; must belong to `id`"),
        Column::new("id", Kind::Text, "the article's id"),
        Column::maybe("lang", Kind::Text, "its language, as `pl`, `pol` or `pl-PL`; detected where there is none"),
        Column::maybe("date", Kind::Text, "day of publication, YYYY-MM-DD"),
        Column::maybe("outlet", Kind::Text, "newspaper, agency or site; without this column `key` stands for it"),
        Column::new("text", Kind::Text, "its text"),
    ];
    const TABLE: Table = Table::Segments;
    const BLOCK: usize = 64;

    fn read(&self, row: &Row<'_>) -> Result<Input, String> {
        let (id, text) = (row.id("article", "id")?, row.text("text")?);
        let date: Option<Date> = row.date("date")?;
        let lang = row.maybe_text("lang").and_then(primary_language);
        let key = if row.has("key") { Some(row.whole("key")?) } else { None };
        let outlet = match key {
            Some(key) if !row.has("outlet") => Some(key.to_string()),
            _ => row.maybe_text("outlet").map(str::to_owned),
        };
        let article = Article {
            id: id.to_owned(),
            path: Default::default(),
            language: lang.unwrap_or_else(|| detect_language(text).to_owned()),
            date,
            outlet,
            title: None,
            author: None,
            url: None,
            text: text.to_owned(),
            extra: BTreeMap::new(),
        };
        Ok(Input { key, article })
    }

    fn key(&self, input: &Input) -> Option<i64> {
        input.key
    }

    fn share(&self, input: &Input) -> u64 {
        input.key.unwrap_or_else(|| article_key(&input.article.id)) as u64
    }

    fn work(
        &mut self,
        rows: Vec<(u64, Input)>,
        out: &mut Builder,
        _: &mut Vec<(u64, String)>,
    ) -> Result<(), StageError> {
        let of_outlet = rows.first().is_some_and(|(_, input)| input.key.is_some());
        let articles: Vec<Article> = rows.into_iter().map(|(_, input)| input.article).collect();
        let segments = match of_outlet {
            true => sentence::split_corpus(&articles),
            false => articles.par_iter().map(|article| sentence::split(&article.text, &article.language)).collect(),
        };
        for (article, segments) in articles.iter().zip(&segments) {
            tables::segments(out, Head::new(&article.id, &article.language, article.date), &article.text, segments);
        }
        Ok(())
    }
}
