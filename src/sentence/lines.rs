//! Lines of a page: which of them belong together because a text was wrapped at a fixed width.

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
        Some(width) => filled(line, next, width),
        None => line.len() >= 60 && next.len() >= 40 && open_end(line) && next.starts_with(is_lower),
    }
}

/// Whether the first word of the next line would not have fitted into this one.
fn filled(line: &str, next: &str, width: usize) -> bool {
    let word = next.split_whitespace().next().unwrap_or("");
    line.chars().count() + 1 + word.chars().count() > width
}

fn open_end(line: &str) -> bool {
    line.ends_with(|c: char| c.is_alphanumeric() || c == ',' || c == '-')
}

/// The width at which a text was wrapped, in characters, if it was.
fn wrap_width(text: &str, lines: &[Block]) -> Option<usize> {
    let open = |pair: &&[Block]| !pair[1].gap && open_end(&text[pair[0].span.clone()]);
    let broken = |pair: &&[Block]| open(pair) && text[pair[1].span.clone()].starts_with(is_lower);
    if lines.len() < 3 || lines.windows(2).filter(broken).take(2).count() < 2 {
        return None;
    }
    let width = lines.iter().map(|line| text[line.span.clone()].chars().count()).max()?;
    let full = |pair: &&[Block]| filled(&text[pair[0].span.clone()], &text[pair[1].span.clone()], width);
    let broken: Vec<_> = lines.windows(2).filter(broken).collect();
    let fitting = broken.iter().filter(|pair| full(pair)).count();
    ((30..=160).contains(&width) && fitting * 5 >= broken.len() * 4).then_some(width)
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
    fn an_empty_line_is_a_gap_whatever_the_line_ends() {
        for end in ["\n", "\r\n", "\r"] {
            let text = format!("one{end}two{end}{end}three");
            let gaps: Vec<bool> = blocks(&text).iter().map(|block| block.gap).collect();
            assert_eq!(gaps, [true, false, true], "{end:?}");
        }
    }
}
