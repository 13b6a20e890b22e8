//! What a page tells about its article beside the text: JSON-LD, `<meta>`, `<link>`, `<time>` and the lines below its headline.

use dom_smoothie::Readability;
use jiff::civil::Date;
use serde_json::{Map, Value};

use super::date;
use super::html::{is_title, one_line};

/// What a page tells, as far as extraction does not know it.
#[derive(Debug, Default)]
pub(super) struct Metadata {
    /// Day of publication in a form for machines.
    pub published: Option<Date>,
    /// Name of the site.
    pub outlet: Option<String>,
    /// Absolute address of the page.
    pub url: Option<String>,
    /// Text of the article, perhaps with tags.
    pub text: Option<String>,
    /// Lines below the headline, which may show the day of publication; empty where `published` is known.
    pub below: String,
}

/// Names of `<meta>` elements that hold the day of publication, the surest first.
const PUBLISHED: [&str; 10] = [
    "article:published_time",
    "og:article:published_time",
    "datepublished",
    "parsely-pub-date",
    "sailthru.date",
    "dc.date.issued",
    "publish-date",
    "pubdate",
    "dc.date",
    "date",
];
/// Elements around a headline, one in the other, in which its date is looked for.
const LEVELS: usize = 3;

/// Reads what a page says; `title` is that of its article, `language` the one in which days may be written.
pub(super) fn read(page: &Readability, title: &str, language: &str) -> Metadata {
    let article = linked_data(page);
    let linked = |key: &str| article.as_ref()?.get(key)?.as_str();
    let meta = meta(page);
    let of_meta = |key: &str| meta.iter().find(|(name, _)| name == key).map(|(_, content)| content.clone());
    let canonical = page.doc.select(r#"link[rel="canonical"]"#).attr("href").map(|address| address.to_string());
    let published = linked("datePublished")
        .and_then(|day| date::parse(day, language))
        .or_else(|| PUBLISHED.into_iter().find_map(|key| date::parse(&of_meta(key)?, language)))
        .or_else(|| in_microdata(page, language));
    let (published, below) = match published {
        Some(day) => (Some(day), String::new()),
        None => near_headline(page, title, language).unwrap_or_default(),
    };
    Metadata {
        published,
        outlet: of_meta("og:site_name"),
        url: [of_meta("og:url"), canonical].into_iter().flatten().find(|address| host(address).is_some()),
        text: linked("articleBody").map(str::to_owned),
        below,
    }
}

/// Host of an absolute address, without `www.`.
pub(super) fn host(address: &str) -> Option<String> {
    let address = address.trim();
    let rest = address.strip_prefix("https://").or_else(|| address.strip_prefix("http://"))?;
    let host = rest.split(['/', '?', '#', ':']).next()?.to_lowercase();
    let host = host.strip_prefix("www.").unwrap_or(&host);
    host.contains('.').then(|| host.to_owned())
}

/// The first article in the JSON-LD of a page.
fn linked_data(page: &Readability) -> Option<Map<String, Value>> {
    let scripts = page.doc.select(r#"script[type="application/ld+json"]"#);
    scripts.nodes().iter().find_map(|script| {
        let data: Value = serde_json::from_str(script.text().trim()).ok()?;
        article_in(&data).cloned()
    })
}

fn article_in(data: &Value) -> Option<&Map<String, Value>> {
    match data {
        Value::Array(items) => items.iter().find_map(article_in),
        Value::Object(object) if object.get("@type").is_some_and(is_article) => Some(object),
        Value::Object(object) => ["@graph", "mainEntity"].into_iter().find_map(|key| article_in(object.get(key)?)),
        _ => None,
    }
}

/// Whether a type, or one of several, is an article of schema.org, such as `ReportageNewsArticle`.
fn is_article(kind: &Value) -> bool {
    match kind {
        Value::String(kind) => kind.ends_with("Article") || kind.ends_with("Posting"),
        Value::Array(kinds) => kinds.iter().any(is_article),
        _ => false,
    }
}

/// Names, in lower case, and contents of the `<meta>` elements.
fn meta(page: &Readability) -> Vec<(String, String)> {
    let all = page.doc.select("meta[content]");
    let named = all.nodes().iter().flat_map(|meta| {
        let content = meta.attr("content").map(|content| content.trim().to_owned()).unwrap_or_default();
        let names = ["property", "name"].into_iter().filter_map(|key| meta.attr(key));
        names.map(|name| (name.trim().to_lowercase(), content.clone())).collect::<Vec<_>>()
    });
    named.filter(|(_, content)| !content.is_empty()).collect()
}

fn in_microdata(page: &Readability, language: &str) -> Option<Date> {
    page.doc.select(r#"[itemprop="datePublished"]"#).iter().find_map(|mark| {
        let day = mark.attr("content").or_else(|| mark.attr("datetime")).unwrap_or_else(|| mark.text());
        date::parse(&day, language)
    })
}

/// The day in the `<time>` that is nearest around the headline, or else the lines below the headline.
fn near_headline(page: &Readability, title: &str, language: &str) -> Option<(Option<Date>, String)> {
    let headline = page.doc.select("h1, h2").iter().find(|heading| is_title(&one_line(&heading.text()), title))?;
    let line = one_line(&headline.text());
    let mut around = headline;
    for _ in 0..LEVELS {
        let outer = around.parent();
        if !outer.exists() || outer.is("body") {
            break;
        }
        around = outer;
        let published = around.select("time[datetime]").iter().find_map(|time| {
            let marks = format!("{} {}", time.attr_or("class", ""), time.attr_or("itemprop", "")).to_lowercase();
            let changed = marks.contains("updat") || marks.contains("modif");
            if changed || date::tells_change(&time.parent().immediate_text()) {
                return None;
            }
            date::parse(&time.attr("datetime")?, language)
        });
        if published.is_some() {
            return Some((published, String::new()));
        }
        if around.is("article, main") {
            break;
        }
    }
    let part = around.nodes().first()?.to_fragment();
    part.select("script, style, noscript, template").remove();
    let text = part.formatted_text();
    let below: Vec<&str> = text.lines().map(str::trim).skip_while(|shown| *shown != line).skip(1).collect();
    Some((None, below.join("\n")))
}
