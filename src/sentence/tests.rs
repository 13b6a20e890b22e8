//! What tests of sentences share, and what holds for any text.

use super::*;

mod borders;
mod pages;

fn texts<'a>(text: &'a str, language: &str) -> Vec<&'a str> {
    split(text, language).into_iter().map(|segment| &text[segment.span]).collect()
}

fn verdicts(text: &str, language: &str) -> Vec<(Kind, Option<&'static str>)> {
    split(text, language).into_iter().map(|segment| (segment.kind, segment.dropped)).collect()
}

/// Panics unless the segments and the white space between them are the text.
fn assert_tiles(text: &str, language: &str) {
    let mut at = 0;
    for (index, segment) in split(text, language).into_iter().enumerate() {
        assert_eq!(segment.index, index);
        assert!(text[at..segment.span.start].trim().is_empty(), "{text:?}: text lost before {:?}", segment.span);
        let body = &text[segment.span.clone()];
        assert!(!body.is_empty() && body.trim() == body, "{text:?}: {body:?} is not trimmed");
        at = segment.span.end;
    }
    assert!(text[at..].trim().is_empty(), "{text:?}: text lost at the end");
}

#[test]
fn segments_tile_any_text() {
    let pieces = [
        "a",
        "Wort",
        "Je",
        "12",
        "1998",
        "r",
        "św",
        "κ",
        "Ω",
        "字",
        "हि",
        "س",
        "e\u{301}",
        "😀",
        "XIV",
        ".",
        "..",
        "…",
        "!",
        "?",
        ";",
        ":",
        "\u{37E}",
        "。",
        "।",
        "؟",
        "\"",
        "„",
        "“",
        "”",
        "«",
        "»",
        "’",
        "(",
        ")",
        "[3]",
        "-",
        "–",
        ",",
        "|",
        "*",
        "©",
        "/",
        " ",
        "  ",
        "\u{A0}",
        "\u{2009}",
        "\u{3000}",
        "\n",
        "\n\n",
        "\r\n",
        "\r",
        "\t",
        "\u{B}",
        "\u{C}",
        "\u{85}",
        "\u{2028}",
        "\u{2029}",
        "\u{FEFF}",
        "\u{200B}",
        "\0",
        "Foto:",
        "Share",
        "By",
        "Czytaj także",
        "von",
        "17:30",
        "maja",
    ];
    let mut state = 1_u64;
    for round in 0..4000 {
        let mut text = String::new();
        for _ in 0..round % 40 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            text.push_str(pieces[(state >> 33) as usize % pieces.len()]);
        }
        assert_tiles(&text, ["pl", "el", "de", "hr", "en", "hy", "und", ""][round % 8]);
    }
}

#[test]
fn texts_without_anything_have_no_segments() {
    for text in ["", " \n\t\r\n", "\u{2028}\u{A0}"] {
        assert_eq!(split(text, "en"), []);
    }
}

/// The probes that the splitter is known to get wrong.
const MISSED: usize = 1;
