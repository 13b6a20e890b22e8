//! Pages as browsers get them, and the same articles copied as text: the same segments come out.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crossclaim::article::{self, Article};
use crossclaim::sentence::{Segment, split};

mod common;

use common::root;

const LANGUAGES: [&str; 5] = ["pl", "hr", "el", "de", "en"];

fn read(path: &Path) -> Article {
    let corpus = article::read_corpus(&[path.to_owned()], &article::Settings::default()).unwrap();
    corpus.articles.into_iter().next().unwrap()
}

/// What may carry a claim, in order, with one space for any white space.
fn claims(article: &Article) -> Vec<String> {
    let text = |segment: &Segment| article.text[segment.span.clone()].split_whitespace().collect::<Vec<_>>().join(" ");
    let segments = split(&article.text, &article.language);
    segments.iter().filter(|segment| segment.dropped.is_none()).map(text).collect()
}

#[test]
fn saved_pages_and_their_text_say_the_same() {
    for language in LANGUAGES {
        let folder = root().join("tests/pages");
        let page = read(&folder.join(format!("{language}.html")));
        let text = read(&folder.join(format!("{language}.txt")));
        assert_eq!(page.language, language);
        assert!(page.date.is_some() && page.date == text.date, "{language}: {:?}, {:?}", page.date, text.date);
        let (of_page, of_text) = (claims(&page), claims(&text));
        assert!(of_page.len() > 8, "{of_page:#?}");
        assert_eq!(of_page, of_text, "{language}");
    }
}

/// A paragraph of the sample corpus: its kind and its text.
type Paragraph = (String, String);

/// The articles of the sample corpus in the core languages, by path.
fn corpus() -> BTreeMap<PathBuf, Vec<Paragraph>> {
    let mut articles: BTreeMap<PathBuf, Vec<Paragraph>> = BTreeMap::new();
    let mut last = String::new();
    for row in csv::Reader::from_path(root().join("corpus/gold/segments.csv")).unwrap().records() {
        let row = row.unwrap();
        if !LANGUAGES.contains(&&row[1]) {
            continue;
        }
        let paragraphs =
            articles.entry(root().join("corpus").join(&row[2]).join(format!("{}.txt", &row[0]))).or_default();
        let place = format!("{} {} {}", &row[0], &row[8], &row[7]);
        match paragraphs.last_mut() {
            Some((kind, text)) if kind == "sentence" && place == last => *text = format!("{text} {}", &row[5]),
            _ => paragraphs.push((row[7].to_owned(), row[5].to_owned())),
        }
        last = place;
    }
    articles
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}

/// An article as a page: `style` 0 has sections and figures, 1 nested `<div>`s and inline markup, 2 line breaks.
fn page(language: &str, paragraphs: &[Paragraph], style: usize) -> String {
    let mut body = String::new();
    let mut title = "";
    for (kind, text) in paragraphs {
        let html = escaped(text);
        body += &match (kind.as_str(), style) {
            ("headline", _) => {
                title = text;
                format!("<h1>{html}</h1>\n")
            }
            ("subheading", _) => format!("<h2>{html}</h2>\n"),
            ("caption", 0) => format!("<figure><img src='a.jpg'><figcaption>{html}</figcaption></figure>\n"),
            ("sentence", 0) => format!("<p>{html}</p>\n"),
            ("sentence", 1) => match html.split_once(' ') {
                Some((word, rest)) => format!("<div><p><strong>{word}</strong> <a href='/t'>{rest}</a></p></div>\n"),
                None => format!("<div><p>{html}</p></div>\n"),
            },
            ("sentence", _) => format!("{}<br><br>\n", html.replace(' ', "\n")),
            _ => format!("<div>{html}</div>\n"),
        };
    }
    let links: String = (0..8).map(|n| format!("<li><a href='/{n}'>Link {n}</a></li>")).collect();
    format!(
        "<!doctype html><html lang='{language}'><head><meta charset='utf-8'><title>{}</title><style>p {{}}</style></head><body>\
         <header><nav><ul>{links}</ul></nav></header><main><article>{body}</article></main>\
         <div class='cookie-banner'>Cookies <button>OK</button></div><footer><ul>{links}</ul></footer><script>var a = 1;</script>\
         </body></html>",
        escaped(title)
    )
}

#[test]
fn articles_of_the_sample_corpus_say_the_same_as_pages() {
    let folder = tempfile::tempdir().unwrap();
    for (path, paragraphs) in corpus() {
        let text = read(&path);
        for style in 0..3 {
            let file = folder.path().join("page.html");
            std::fs::write(&file, page(&text.language, &paragraphs, style)).unwrap();
            assert_eq!(claims(&read(&file)), claims(&text), "{} in style {style}", path.display());
        }
    }
}
