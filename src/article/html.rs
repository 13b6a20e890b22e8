//! Main text and metadata of a web page.

use std::collections::HashSet;

use dom_smoothie::Readability;
use encoding_rs::Encoding;
use jiff::civil::Date;
use unicode_segmentation::UnicodeSegmentation;

use super::{date, language, metadata};

/// What a page says about its article.
#[derive(Debug, Default)]
pub(super) struct Page {
    pub text: String,
    pub title: Option<String>,
    pub author: Option<String>,
    pub outlet: Option<String>,
    pub url: Option<String>,
    pub language: Option<String>,
    pub date: Option<Date>,
}

/// Bytes at the start of a page within which it may declare its encoding (HTML standard, 'prescan').
const PRESCAN: usize = 1024;

/// Where readers' comments stand: extraction would take them for more of a short article.
const COMMENTS: &str = "#comments, #comment-list, #respond, #disqus_thread, .comments, .comments-area, .comments-section, .comment-list, \
                        .commentlist, #kommentare, .kommentare, #komentarze, .komentarze, #komentari, .komentari, #komentare, .komentare";

/// Elements that stand on lines of their own, as `<div>` does, and that extraction would join to what stands beside them.
const BLOCKS: &str = "address, aside, caption, dd, dt, figcaption, figure, footer, header, main, option, \
                      header > time, time + time";
/// Credits within the text of a picture, which stand on its next line.
const CREDITS: &str = "figcaption > span:last-child, figcaption > small, figcaption > cite";

/// Elements within elements that a page may have: extraction descends them on the stack. Browsers stop at 512.
const DEPTH: usize = 1_000;
/// Open tags beyond which a page is not even parsed: that takes time in the square of the depth.
const OPEN_TAGS: usize = 10 * DEPTH;
/// Elements without an end tag, or whose end tag is often left out.
const UNCLOSED: [&str; 27] = [
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr", "p",
    "li", "dt", "dd", "tr", "td", "th", "thead", "tbody", "tfoot", "option", "optgroup", "colgroup",
];
/// Elements in which `<` starts no tag, but for their own end tag.
const CODE: [&str; 2] = ["script", "style"];
/// Elements in which `/>` closes a tag; elsewhere in HTML it does not.
const DRAWINGS: [&str; 2] = ["svg", "math"];

/// Reads the article out of a page; the reason in words if there is none.
pub(super) fn extract(html: &str) -> Result<Page, String> {
    let too_deep = || format!("elements are nested more than {DEPTH} deep: no news page");
    if open_tags(html) > OPEN_TAGS {
        return Err(too_deep());
    }
    let mut page = Readability::new(html, None, None).map_err(|problem| problem.to_string())?;
    if depth(&page) > DEPTH {
        return Err(too_deep());
    }
    page.doc.select(COMMENTS).iter().filter(|part| !part.select("h1").exists()).for_each(|part| part.remove());
    let said = page.get_article_metadata(page.parse_json_ld());
    let title = one_line(&said.title);
    let language = said.lang.as_deref().and_then(primary_language);
    let written = language.clone().unwrap_or_default();
    let told = metadata::read(&page, &title, &written);
    let headings = [headings(&page, "h1"), headings(&page, "h2")].concat();
    let author = page.parse().ok().and_then(|article| article.byline).or(said.byline);
    let extracted = main_text(&page);
    let for_machines = told.text.as_deref().and_then(plain_text);
    let text = for_machines.filter(|text| is_missed(text, &extracted)).unwrap_or(extracted);
    if text.is_empty() {
        return Err("no article text found in the page".to_owned());
    }
    let published = said.published_time.as_deref().and_then(|time| date::parse(time, &written));
    let shown = || match language.as_deref() {
        Some(declared) => date::of_top(&told.below, &language::check(declared, &text)),
        None => date::of_top(&told.below, language::detect(&text)),
    };
    let date = published.or(told.published).or_else(shown);
    let url = some(said.url).or(told.url);
    Ok(Page {
        text: with_headline(&headings, &title, text),
        title: some(Some(said.title)),
        author: some(author),
        outlet: told.outlet.or_else(|| some(said.site_name)).or_else(|| metadata::host(url.as_deref()?)),
        url,
        language,
        date,
    })
}

/// The encoding that a page declares in a `<meta>` of its first bytes.
pub(super) fn declared_encoding(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(PRESCAN)]).to_ascii_lowercase();
    let after = head.split_once("charset")?.1.trim_start().strip_prefix('=')?;
    let label = after.trim_start().trim_start_matches(['"', '\'']);
    let end = label.find(['"', '\'', ';', '>', '/', ' ']).unwrap_or(label.len());
    Encoding::for_label(&label.as_bytes()[..end])
}

/// `pl` of `pl-PL` or `pol`; `None` if it is no language code.
pub(crate) fn primary_language(tag: &str) -> Option<String> {
    let code = tag.trim().split(['-', '_']).next()?.to_ascii_lowercase();
    let code = match code.as_str() {
        "nb" | "nn" => "no",
        "iw" => "he",
        other => language::two_letters(other).unwrap_or(other),
    };
    (matches!(code.len(), 2 | 3) && code.bytes().all(|letter| letter.is_ascii_lowercase())).then(|| code.to_owned())
}

/// Most elements that are open at once, by a scan for tags; pages can be made for which it is wrong.
fn open_tags(html: &str) -> usize {
    let (mut open, mut deepest) = (0usize, 0);
    let (mut code, mut drawings) = ("", 0usize);
    for tag in html.split('<').skip(1) {
        let closes = tag.starts_with('/');
        let name = tag.trim_start_matches('/');
        let name = &name[..name.find(|letter: char| !letter.is_ascii_alphanumeric()).unwrap_or(name.len())];
        let is_name = |other: &&str| name.eq_ignore_ascii_case(other);
        let ends_code = closes && is_name(&code);
        if !code.is_empty() && !ends_code {
            continue;
        }
        let drawing = DRAWINGS.iter().any(is_name);
        let closed = (drawing || drawings > 0) && tag.split('>').next().is_some_and(|inside| inside.ends_with('/'));
        if name.is_empty() || closed || UNCLOSED.iter().any(is_name) {
            continue;
        }
        let step = |count: usize| if closes { count.saturating_sub(1) } else { count + 1 };
        if drawing {
            drawings = step(drawings);
        }
        code = if closes { "" } else { CODE.into_iter().find(is_name).unwrap_or_default() };
        open = step(open);
        deepest = deepest.max(open);
    }
    deepest
}

/// Elements within elements of a parsed page.
fn depth(page: &Readability) -> usize {
    let mut deepest = 0;
    let mut open = vec![(page.doc.root(), 0usize)];
    while let Some((node, depth)) = open.pop() {
        deepest = deepest.max(depth);
        open.extend(node.children_it(false).map(|child| (child, depth + 1)));
    }
    deepest
}

/// Text of the article that extraction found, each part of the page on a line of its own; empty if it found none.
fn main_text(page: &Readability) -> String {
    page.doc.select(CREDITS).before_html("<br>");
    page.doc.select(BLOCKS).rename("div");
    // an item that is mostly a link leads to another page
    for item in page.doc.select("#readability-page-1 li").iter() {
        if item.select("a").text().trim().len() * 2 < item.text().trim().len() {
            item.prepend_html("• ");
        }
    }
    let article = page.doc.select("#readability-page-1");
    article.nodes().first().map(|article| tidy(&article.formatted_text())).unwrap_or_default()
}

/// Text that a page holds for machines, without the tags and entities that it may have.
fn plain_text(text: &str) -> Option<String> {
    if open_tags(text) > DEPTH {
        return None;
    }
    let page = Readability::new(text.replace('\n', "<br>"), None, None).ok()?;
    Some(tidy(&page.doc.formatted_text()))
}

/// Whether a text for machines is that of an article which the page loads later, or shows only the beginning of.
fn is_missed(text: &str, extracted: &str) -> bool {
    let (length, shown) = (text.chars().count(), extracted.chars().count());
    let start: String = one_line(text).chars().take(40).collect();
    length > 2 * shown || length > shown && !one_line(extracted).contains(&start)
}

/// Texts of the headings of a level, such as `h1`.
fn headings(page: &Readability, level: &str) -> Vec<String> {
    page.doc.select(level).iter().map(|heading| one_line(&heading.text())).collect()
}

/// The text under its headline, which extraction takes away: the first heading that the title holds, or that holds it.
fn with_headline(headings: &[String], title: &str, text: String) -> String {
    match headings.iter().find(|heading| is_title(heading, title)) {
        Some(headline) if !text.lines().take(5).any(|line| one_line(line) == *headline) => {
            format!("{headline}\n\n{text}")
        }
        _ => text,
    }
}

/// Whether a heading is that of the article with this title: one holds the other.
pub(super) fn is_title(heading: &str, title: &str) -> bool {
    !heading.is_empty() && !title.is_empty() && (holds(title, heading) || heading.contains(title))
}

/// Whether a title holds more than three quarters of a heading, as extraction compares them: by words in lower case.
fn holds(title: &str, heading: &str) -> bool {
    let (title, heading) = (title.to_lowercase(), heading.to_lowercase());
    let words: HashSet<&str> = title.unicode_words().collect();
    let letters = |word: &str| word.chars().count();
    let all: usize = heading.unicode_words().map(letters).sum();
    let shared: usize = heading.unicode_words().filter(|word| words.contains(word)).map(letters).sum();
    title.contains(&heading) || shared * 4 > all * 3
}

pub(super) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// One paragraph per line, no white space at the ends of lines, at most one empty line between paragraphs; the mark of an
/// item of a list stands before its text.
fn tidy(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut gap = false;
    let mut item = false;
    for line in text.lines().map(str::trim) {
        if line.is_empty() {
            gap = !out.is_empty();
            continue;
        }
        if !out.is_empty() {
            out.push_str(match (item, gap) {
                (true, _) => " ",
                (_, true) => "\n\n",
                _ => "\n",
            });
        }
        out.push_str(line);
        (gap, item) = (false, line == "•");
    }
    out
}

fn some(text: Option<String>) -> Option<String> {
    text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
}
