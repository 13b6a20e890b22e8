//! What the head of a text or Markdown file says about its article: front matter, or lines such as `Source: The Daily Tide`.

use std::ops::Range;

use super::{Article, html, metadata};

/// What each key gives, a line per field: its name, then its keys.
const KEYS: &str = include_str!("head.txt");
/// Lines within which a head ends.
const LINES: usize = 60;
/// Longest key, in bytes.
const LONGEST_KEY: usize = 40;

/// The head of a file.
#[derive(Default)]
struct Head {
    entries: Vec<Entry>,
    /// Byte where it ends.
    end: usize,
}

/// A line of a head whose key is known.
struct Entry {
    field: &'static str,
    value: String,
    /// Where the value stands, without quotation marks.
    span: Range<usize>,
}

/// Gives an article what the head of its text says and blanks the head: all but the title becomes spaces, as many as there were
/// characters, so that offsets are still those of the file.
pub(super) fn take(article: &mut Article) {
    let Some(head) = find(&article.text) else { return };
    let title = head.entries.iter().find(|entry| entry.field == "title" && !entry.value.is_empty());
    article.text = blank(&article.text, head.end, title.map_or(0..0, |title| title.span.clone()));
    for Entry { field, value, .. } in head.entries.into_iter().filter(|entry| !entry.value.is_empty()) {
        match field {
            "title" => article.title.get_or_insert(value),
            "author" => article.author.get_or_insert(value),
            "outlet" if metadata::host(&value).is_none() => article.outlet.get_or_insert(value),
            "outlet" | "url" => article.url.get_or_insert(value),
            "date" => article.extra.entry("date".to_owned()).or_insert(value),
            _ => {
                article.language = html::primary_language(&value).unwrap_or_default();
                continue;
            }
        };
    }
    article.outlet = article.outlet.take().or_else(|| metadata::host(article.url.as_deref()?));
}

/// The head of a text: what stands between two lines `---` with a known key, or lines `key: value` of which the first and another
/// are known, the title or the address among them.
fn find(text: &str) -> Option<Head> {
    let mut lines = Vec::new();
    let mut at = text.len() - text.trim_start().len();
    for line in text[at..].split_inclusive('\n').take(LINES) {
        lines.push((at, line));
        at += line.len();
    }
    let (_, first) = lines.first()?;
    let head = if first.trim_end() == "---" { front_matter(&lines[1..])? } else { key_lines(&lines)? };
    (!head.entries.is_empty()).then_some(head)
}

fn front_matter(lines: &[(usize, &str)]) -> Option<Head> {
    let mut head = Head::default();
    let mut open = false;
    for &(at, line) in lines {
        if matches!(line.trim_end(), "---" | "...") {
            head.end = at + line.trim_end().len();
            return Some(head);
        }
        if let Some(item) = line.trim().strip_prefix("- ") {
            let several = head.entries.last_mut().filter(|entry| open && entry.field == "author");
            if let Some(Entry { value, .. }) = several {
                value.push_str(if value.is_empty() { "" } else { ", " });
                value.push_str(&bare(item));
            }
        } else {
            let entry = entry(at, line).and_then(|(_, entry)| entry);
            open = entry.is_some();
            head.entries.extend(entry);
        }
    }
    None
}

fn key_lines(lines: &[(usize, &str)]) -> Option<Head> {
    let mut head = Head::default();
    for (place, &(at, line)) in lines.iter().enumerate() {
        match entry(at, line) {
            Some((end, Some(entry))) => {
                head.entries.push(entry);
                head.end = end;
            }
            Some(_) if place > 0 => {}
            _ => break,
        }
    }
    let sure = head.entries.iter().any(|entry| matches!(entry.field, "title" | "url"));
    (sure && head.entries.len() > 1).then_some(head)
}

/// End of a line `key: value` that begins at a byte of the text, and the entry if its key is known; `None` for another line.
fn entry(at: usize, line: &str) -> Option<(usize, Option<Entry>)> {
    let (key, rest) = line.split_once(':').filter(|(key, _)| key.len() <= LONGEST_KEY)?;
    let in_key = |letter: char| letter.is_alphabetic() || matches!(letter, ' ' | '-' | '_');
    if !key.starts_with(char::is_alphabetic) || !key.chars().all(in_key) || !rest.starts_with(char::is_whitespace) {
        return None;
    }
    let name = key.trim().to_lowercase().replace([' ', '-'], "_");
    let fields = KEYS.lines().filter(|line| !line.starts_with('#')).map(|line| line.split(' '));
    let field = fields
        .filter_map(|mut names| Some((names.next()?, names)))
        .find_map(|(field, mut names)| names.any(|known| known == name).then_some(field));
    let end = at + line.trim_end().len();
    // A mark of YAML says that the value follows on the next lines.
    let value = Some(rest.trim()).filter(|value| !matches!(*value, "|" | ">" | "|-" | ">-")).unwrap_or_default();
    let unquoted = unquoted(value);
    let start = end - value.len() + usize::from(unquoted.len() < value.len());
    let span = start..start + unquoted.len();
    let value = if field == Some("title") { unquoted.to_owned() } else { bare(value) };
    Some((end, field.map(|field| Entry { field, value, span })))
}

/// A value without the quotation marks around it.
fn unquoted(value: &str) -> &str {
    let inner = |mark: char| value.strip_prefix(mark)?.strip_suffix(mark);
    inner('"').or_else(|| inner('\'')).unwrap_or(value)
}

/// A value without quotation marks and the brackets of lists and links around it.
fn bare(value: &str) -> String {
    value.trim().trim_matches(['"', '\'', '[', ']', '<', '>']).to_owned()
}

/// The text with spaces for what stands before byte `end`, but for `kept`.
fn blank(text: &str, end: usize, kept: Range<usize>) -> String {
    let (head, rest) = text.split_at(end);
    let shown = |(at, letter): (usize, char)| if kept.contains(&at) || letter.is_whitespace() { letter } else { ' ' };
    head.char_indices().map(shown).collect::<String>() + rest
}
