//! From files to articles.

use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};

use encoding_rs::Encoding;
use rayon::prelude::*;

use super::records::{self, Columns, Record};
use super::walk::{self, Format, Source};
use super::{Article, ArticleError, Corpus, Note, Settings, Skipped, date, decode, head, html, language};

/// Characters of a value that a note quotes.
const LONGEST_QUOTE: usize = 40;

/// Reads the articles of `paths` (files, folders, globs).
///
/// A bad file or line is skipped and named with its reason; an error means that there is no corpus.
pub fn read_corpus(paths: &[PathBuf], settings: &Settings) -> Result<Corpus, ArticleError> {
    let language = settings.fixed_language()?;
    let encoding = settings.fixed_encoding()?;
    let found = walk::find(paths, settings)?;
    let reader = Reader { settings, language, encoding };
    let parts: Vec<Corpus> = found.sources.par_iter().map(|source| reader.file(source)).collect();
    let mut corpus = Corpus { articles: Vec::new(), skipped: found.skipped, notes: found.notes };
    for part in parts {
        corpus.articles.extend(part.articles);
        corpus.skipped.extend(part.skipped);
        corpus.notes.extend(part.notes);
    }
    rename_duplicates(&mut corpus);
    if corpus.articles.is_empty() {
        return Err(no_articles(paths, found.sources.len(), &corpus));
    }
    Ok(corpus)
}

/// Text of bytes that are no file, such as the standard input, decoded as those of a file are.
pub fn decode_text(bytes: Vec<u8>, settings: &Settings) -> Result<String, ArticleError> {
    let refused = |reason: String| ArticleError::Unreadable { path: "-".into(), source: std::io::Error::other(reason) };
    Ok(decode::decode(bytes, settings.fixed_encoding()?, None).map_err(refused)?.text)
}

struct Reader<'a> {
    settings: &'a Settings,
    language: Option<&'a str>,
    encoding: Option<&'static Encoding>,
}

impl Reader<'_> {
    fn file(&self, source: &Source) -> Corpus {
        let mut corpus = Corpus::default();
        if let Err(reason) = self.try_file(source, &mut corpus) {
            corpus.skipped.push(Skipped { path: source.path.clone(), line: None, reason });
        }
        corpus
    }

    fn try_file(&self, source: &Source, corpus: &mut Corpus) -> Result<(), String> {
        let bytes = decode::unpack(source, self.settings.max_megabytes.saturating_mul(1_000_000))?;
        if bytes.is_empty() {
            return Err("is empty".to_owned());
        }
        let claimed = if source.format == Format::Html { html::declared_encoding(&bytes) } else { None };
        let decoded = decode::decode(bytes, self.encoding, claimed)?;
        if let Some(message) = decoded.note {
            corpus.notes.push(Note { path: source.path.clone(), message });
        }
        match source.format {
            Format::Text => corpus.articles.push(self.finish_file(source, from_text(source, decoded.text))?),
            Format::Html => {
                corpus.articles.push(self.finish_file(source, from_page(source, html::extract(&decoded.text)?))?);
            }
            Format::Json => {
                let records = records::json(&decoded.text)?;
                let has_text = |(_, columns): &Record| columns.as_ref().is_ok_and(|c| c.contains_key("text"));
                if records.iter().any(has_text) {
                    self.rows(source, records, corpus);
                } else {
                    let message = "holds no JSON object with the key `text`, so no article".to_owned();
                    corpus.notes.push(Note { path: source.path.clone(), message });
                }
            }
            Format::JsonLines => self.rows(source, records::json_lines(&decoded.text), corpus),
            Format::Separated(delimiter) => self.rows(source, records::separated(&decoded.text, delimiter)?, corpus),
        }
        Ok(())
    }

    fn rows(&self, source: &Source, records: Vec<Record>, corpus: &mut Corpus) {
        let days = records.iter().filter_map(|(_, columns)| Some(columns.as_ref().ok()?.get("date")?.as_str()));
        let month_first = date::is_month_first(days);
        let articles: Vec<(u64, Result<Article, String>)> = records
            .into_par_iter()
            .map(|(line, columns)| {
                let article = columns.and_then(|columns| from_columns(source, line, columns));
                (line, article.and_then(|article| self.finish(article, month_first)))
            })
            .collect();
        let mut unread = Vec::new();
        for (line, article) in articles {
            match article {
                Ok(article) => {
                    unread.extend(article.extra.get("date").map(|day| (line, day.clone())));
                    corpus.articles.push(article);
                }
                Err(reason) => corpus.skipped.push(Skipped { path: source.path.clone(), line: Some(line), reason }),
            }
        }
        if let Some((line, day)) = unread.first() {
            let day: String = day.chars().take(LONGEST_QUOTE).collect();
            let message =
                format!("rows whose `date` cannot be read: {}, the first in line {line}: `{day}`", unread.len());
            corpus.notes.push(Note { path: source.path.clone(), message });
        }
    }

    /// Finishes the one article of a file, whose path may tell its day.
    fn finish_file(&self, source: &Source, article: Article) -> Result<Article, String> {
        let mut article = self.finish(article, false)?;
        article.date = article.date.or_else(|| date::of_path(&source.id));
        Ok(article)
    }

    /// Adds what the text itself tells, and refuses texts that are too short; `month_first` is how a given date is to be read.
    fn finish(&self, mut article: Article, month_first: bool) -> Result<Article, String> {
        let visible = article.text.trim();
        if visible.is_empty() {
            return Err("holds no text".to_owned());
        }
        if visible.chars().take(self.settings.min_chars).count() < self.settings.min_chars {
            return Err(format!("is shorter than {} characters (article.min_chars)", self.settings.min_chars));
        }
        if let Some(fixed) = self.language {
            article.language = fixed.to_owned();
        } else if article.language.is_empty() {
            article.language = language::detect(&article.text).to_owned();
        }
        let parse = if month_first { date::parse_month_first } else { date::parse };
        let given = article.extra.get("date").and_then(|given| parse(given, &article.language));
        if given.is_some() {
            article.extra.remove("date");
        }
        article.date = article
            .date
            .or(given)
            .or_else(|| date::of_page(&article.text, &article.language))
            .or_else(|| date::of_address(article.url.as_deref()?));
        Ok(article)
    }
}

/// An article of which only the text is known.
fn bare(source: &Source, id: String, text: String) -> Article {
    Article {
        id,
        path: source.path.clone(),
        language: String::new(),
        date: None,
        outlet: None,
        title: None,
        author: None,
        url: None,
        text,
        extra: Columns::new(),
    }
}

fn from_text(source: &Source, text: String) -> Article {
    let mut article = bare(source, source.id.clone(), text);
    head::take(&mut article);
    article
}

fn from_page(source: &Source, page: html::Page) -> Article {
    Article {
        language: page.language.map(|declared| language::check(&declared, &page.text)).unwrap_or_default(),
        date: page.date,
        outlet: page.outlet,
        title: page.title,
        author: page.author,
        url: page.url,
        ..bare(source, source.id.clone(), page.text)
    }
}

/// An article of a row; a date stays among the other columns until the language is known that it may be written in.
fn from_columns(source: &Source, line: u64, mut columns: Columns) -> Result<Article, String> {
    let Some(text) = columns.remove("text") else {
        let names: Vec<&str> = columns.keys().map(String::as_str).collect();
        return Err(match names.as_slice() {
            [] => "has no `text`".to_owned(),
            names => format!("has no `text`, only {}", names.join(", ")),
        });
    };
    let id = columns.remove("id").unwrap_or_else(|| line.to_string());
    Ok(Article {
        language: columns
            .remove("language")
            .or_else(|| columns.remove("lang"))
            .and_then(|tag| html::primary_language(&tag))
            .unwrap_or_default(),
        outlet: columns.remove("outlet"),
        title: columns.remove("title"),
        author: columns.remove("author"),
        url: columns.remove("url"),
        extra: columns,
        ..bare(source, format!("{}#{id}", source.id), text)
    })
}

/// Gives every article that repeats an id a number behind it, and says so.
fn rename_duplicates(corpus: &mut Corpus) {
    let mut taken: BTreeSet<String> = corpus.articles.iter().map(|article| article.id.clone()).collect();
    let mut seen = BTreeSet::new();
    let mut last_number: HashMap<String, u64> = HashMap::new();
    for article in &mut corpus.articles {
        if seen.insert(article.id.clone()) {
            continue;
        }
        let number = last_number.entry(article.id.clone()).or_insert(1);
        let fresh = loop {
            *number += 1;
            let fresh = format!("{}~{number}", article.id);
            if !taken.contains(&fresh) {
                break fresh;
            }
        };
        let message = format!("the id `{}` occurs more than once: this one is called `{fresh}`", article.id);
        corpus.notes.push(Note { path: article.path.clone(), message });
        taken.insert(fresh.clone());
        seen.insert(fresh.clone());
        article.id = fresh;
    }
}

fn no_articles(paths: &[PathBuf], files: usize, corpus: &Corpus) -> ArticleError {
    let Corpus { skipped, notes, .. } = corpus;
    let left_out = notes.iter().find(|note| note.message.contains("`article.exclude`"));
    let hint = match skipped.first() {
        Some(first) => {
            let line = first.line.map(|line| format!(", line {line}")).unwrap_or_default();
            let rest = if skipped.len() > 1 { format!(" (and {} more)", skipped.len() - 1) } else { String::new() };
            format!("`{}`{line}: {}{rest}", first.path.display(), first.reason)
        }
        None if files == 0 => match left_out {
            Some(note) => format!("{}: change that setting, or name the files themselves", note.message),
            None => format!("put articles there as {}", walk::ENDINGS),
        },
        None => "the files hold no rows with a `text`".to_owned(),
    };
    let show = |path: &Path| format!("`{}`", path.display());
    ArticleError::NoArticles { paths: paths.iter().map(|path| show(path)).collect::<Vec<_>>().join(", "), hint }
}
