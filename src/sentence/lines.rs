//! Lines of a page: which of them belong together because a text was wrapped at a fixed width.

use std::collections::BTreeSet;
use std::ops::Range;

use super::shape::is_lower;

/// One line or several wrapped ones, without white space around it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Block {
    /// Byte range into the text.
    pub span: Range<usize>,
    /// Whether an empty line, or the start of the text, comes before.
    pub gap: bool,
}

/// Cuts a text into blocks; the white space between them is all that they leave out.
pub(super) fn blocks(text: &str) -> Vec<Block> {
    let lines = lines(text);
    let width = wrap_width(text, &lines);
    let mut blocks: Vec<Block> = Vec::with_capacity(lines.len());
    for (index, line) in lines.iter().enumerate() {
        let joined = !line.gap && index > 0 && continues(text, &lines[index - 1].span, &line.span, width);
        match blocks.last_mut() {
            Some(block) if joined => block.span.end = line.span.end,
            _ => blocks.push(line.clone()),
        }
    }
    blocks
}

/// The lines that are not empty.
fn lines(text: &str) -> Vec<Block> {
    let mut lines = Vec::new();
    let mut gap = true;
    let mut start = 0;
    while start <= text.len() {
        let end = line_end(text.as_bytes(), start);
        let raw = &text[start..end];
        let body = raw.trim_start();
        let from = end - body.len();
        let body = body.trim_end();
        if body.is_empty() {
            let crlf = end < text.len()
                && start > 0
                && text.as_bytes()[start - 1] == b'\r'
                && text.as_bytes()[end] == b'\n'
                && start == end;
            gap |= !crlf;
        } else {
            lines.push(Block { span: from..from + body.len(), gap });
            gap = false;
        }
        let step = if text.as_bytes().get(end) == Some(&0xE2) { 3 } else { 1 };
        start = end + step;
    }
    lines
}

/// Where the line that starts at `start` ends.
fn line_end(bytes: &[u8], start: usize) -> usize {
    let mut at = start;
    while at < bytes.len() {
        match bytes[at] {
            b'\n' | b'\r' | 0x0B | 0x0C => return at,
            0xE2 if bytes[at + 1] == 0x80 && matches!(bytes[at + 2], 0xA8 | 0xA9) => return at,
            _ => at += 1,
        }
    }
    at
}

/// Whether a line goes on in the next one.
fn continues(text: &str, line: &Range<usize>, next: &Range<usize>, width: Option<usize>) -> bool {
    let (line, next) = (&text[line.clone()], &text[next.clone()]);
    match width {
        Some(width) => broken_at(line, next).contains(&width),
        None => line.len() >= 60 && next.len() >= 40 && open_end(line) && next.starts_with(is_lower),
    }
}

/// Widths of a text in which a line has room, but not for the first word of the next one as well.
fn broken_at(line: &str, next: &str) -> Range<usize> {
    let length = line.chars().count();
    let word = next.split_whitespace().next().unwrap_or("");
    length..length + 1 + word.chars().count()
}

fn open_end(line: &str) -> bool {
    line.ends_with(|c: char| c.is_alphanumeric() || c == ',' || c == '-')
}

/// The width at which a text was wrapped, in characters, if it was: that of a line by which most broken sentences are
/// explained, and beyond which few lines go, such as headlines and addresses.
fn wrap_width(text: &str, lines: &[Block]) -> Option<usize> {
    let open = |pair: &&[Block]| !pair[1].gap && open_end(&text[pair[0].span.clone()]);
    let broken = |pair: &&[Block]| open(pair) && text[pair[1].span.clone()].starts_with(is_lower);
    if lines.len() < 3 || lines.windows(2).filter(broken).take(2).count() < 2 {
        return None;
    }
    let widths = |pair: &[Block]| broken_at(&text[pair[0].span.clone()], &text[pair[1].span.clone()]);
    let broken: Vec<Range<usize>> = lines.windows(2).filter(broken).map(widths).collect();
    let lengths: Vec<usize> = lines.iter().map(|line| text[line.span.clone()].chars().count()).collect();
    let explained = |width: &usize| broken.iter().filter(|widths| widths.contains(width)).count();
    let candidates: BTreeSet<usize> = lengths.iter().copied().filter(|length| (30..=160).contains(length)).collect();
    let width = candidates.into_iter().max_by_key(explained)?;
    let longer = lengths.iter().filter(|&&length| length > width).count();
    (explained(&width) * 5 >= broken.len() * 4 && longer * 4 <= lines.len()).then_some(width)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<&str> {
        blocks(text).iter().map(|block| &text[block.span.clone()]).collect()
    }

    #[test]
    fn every_line_is_a_block_of_its_own() {
        assert_eq!(texts(" Title \n\nmain text\r\nBy X\u{2028}end"), ["Title", "main text", "By X", "end"]);
    }

    #[test]
    fn lines_wrapped_at_a_width_belong_together() {
        let text = "The government said on Monday that it\nwould not follow the ruling of the\ncourt, and that a new law was needed\nbefore winter.\n\nA headline\n\nThe court had asked for it in March.";
        assert_eq!(texts(text).len(), 3, "{:?}", texts(text));
    }

    #[test]
    fn a_line_longer_than_the_width_does_not_hide_that_a_text_was_wrapped() {
        let wrapped = "The government said on Monday that it\nwould not follow the ruling of the\ncourt, and that a new law was \
            needed\nbefore winter.";
        let address = format!("https://example.org/{}", "a".repeat(150));
        for long in ["Government says it will not follow the ruling of the court on fishing", address.as_str()] {
            let text = format!("{long}\n\n{wrapped}");
            assert_eq!(texts(&text).len(), 2, "{:?}", texts(&text));
        }
    }

    #[test]
    fn an_empty_line_is_a_gap_whatever_the_line_ends() {
        for end in ["\n", "\r\n", "\r"] {
            let text = format!("one{end}two{end}{end}three");
            let gaps: Vec<bool> = blocks(&text).iter().map(|block| block.gap).collect();
            assert_eq!(gaps, [true, false, true], "{end:?}");
        }
    }
}
