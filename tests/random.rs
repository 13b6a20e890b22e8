//! Whatever bytes come in, nothing panics and the segments tile the text.

use std::path::Path;

use crossclaim::article::{self, Article};
use crossclaim::claim::describe;
use crossclaim::sentence::split;

/// A linear congruential generator, so that every run tries the same inputs.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit.max(1)
    }

    fn pick<'a, T: ?Sized>(&mut self, from: &[&'a T]) -> &'a T {
        from[self.below(from.len())]
    }
}

/// Panics unless the segments and the white space between them are the text.
fn assert_tiles(text: &str, language: &str) {
    let mut at = 0;
    for (index, segment) in split(text, language).into_iter().enumerate() {
        let place = || format!("{language}: {:?} in {:?}", segment.span, text.chars().take(2000).collect::<String>());
        assert_eq!(segment.index, index);
        assert!(text[at..segment.span.start].trim().is_empty(), "text lost before {}", place());
        let body = &text[segment.span.clone()];
        assert!(!body.is_empty() && body.trim() == body, "not trimmed: {}", place());
        at = segment.span.end;
    }
    assert!(text[at..].trim().is_empty(), "{language}: text lost at the end");
}

/// The articles of the sample corpus.
fn corpus() -> Vec<Article> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    article::read_corpus(&[folder], &article::Settings::default()).unwrap().articles
}

const LANGUAGES: [&str; 12] = ["pl", "hr", "el", "de", "en", "uk", "tr", "hy", "zh", "ar", "und", ""];

#[test]
fn splices_of_articles_are_tiled() {
    let articles = corpus();
    let odd = [
        "\0",
        "\u{1}",
        "\u{1b}",
        "\u{7f}",
        "\u{85}",
        "\u{a0}",
        "\u{ad}",
        "\u{200b}",
        "\u{200d}",
        "\u{202e}",
        "\u{2028}",
        "\u{2029}",
        "\u{feff}",
        "\u{fffd}",
        "\u{301}",
        "\u{10ffff}",
        "\r",
        "\r\n",
        "\n\n\n",
        "\t",
        "\u{b}",
        "\u{c}",
        "\u{3000}",
        "...",
        "…",
        "?!",
        "\u{37e}",
        "·",
        "»",
        "''",
        ",,",
        "“",
        "”",
        "\"",
        "(",
        ")",
        "[",
        "[1]",
        "–",
        "- ",
        "1. ",
        "2) ",
        "½",
        "٣",
        "🙂",
        "。",
        "।",
        "۔",
        "։",
    ];
    let mut random = Random(11);
    for round in 0..20_000 {
        let mut text = String::new();
        for _ in 0..1 + random.below(6) {
            let source = &articles[random.below(articles.len())].text;
            let start = source.floor_char_boundary(random.below(source.len()));
            let end = source.floor_char_boundary((start + random.below(300)).min(source.len())).max(start);
            text += &source[start..end];
            for _ in 0..random.below(4) {
                text += random.pick(&odd);
            }
        }
        let language = LANGUAGES[round % LANGUAGES.len()];
        assert_tiles(&text, language);
        for segment in split(&text, language) {
            describe(&text[segment.span], language, None);
        }
    }
}

#[test]
fn random_characters_are_tiled() {
    let mut random = Random(12);
    for round in 0..20_000 {
        let range = [0x80, 0x250, 0x600, 0x3100, 0x11_0000][random.below(5)];
        let text: String = (0..random.below(120)).filter_map(|_| char::from_u32(random.below(range) as u32)).collect();
        assert_tiles(&text, LANGUAGES[round % LANGUAGES.len()]);
    }
}

#[test]
fn random_bytes_in_any_kind_of_file_are_read_or_refused() {
    let articles = corpus();
    let folder = tempfile::tempdir().unwrap();
    let mut random = Random(13);
    let mut read = 0;
    for round in 0..60 {
        for file in 0..50 {
            let ending = ["txt", "html", "jsonl", "csv", "tsv", "md", "txt.gz", "txt.zst"][file % 8];
            let mut bytes = Vec::new();
            match random.below(3) {
                0 => bytes.extend((0..random.below(2000)).map(|_| random.below(256) as u8)),
                kind => {
                    for _ in 0..1 + random.below(5) {
                        let source = articles[random.below(articles.len())].text.as_bytes();
                        let start = random.below(source.len());
                        bytes.extend_from_slice(&source[start..(start + random.below(900)).min(source.len())]);
                        if kind == 1 {
                            let tags: [&[u8]; 12] = [
                                b"<p>",
                                b"</p>",
                                b"<div",
                                b"<h1>",
                                b"<!--",
                                b"<script>",
                                b"&#0;",
                                b"&#x110000;",
                                b"\"",
                                b"{\"text\":\"",
                                b"\"}\n",
                                b"\xff\xfe",
                            ];
                            bytes.extend_from_slice(tags[random.below(tags.len())]);
                        }
                    }
                }
            }
            std::fs::write(folder.path().join(format!("{file}.{ending}")), bytes).unwrap();
        }
        let settings = article::Settings { min_chars: 1, ..article::Settings::default() };
        let Ok(corpus) = article::read_corpus(&[folder.path().to_owned()], &settings) else { continue };
        read += corpus.articles.len();
        for article in &corpus.articles {
            assert_tiles(&article.text, &article.language);
        }
        assert!(corpus.articles.len() + corpus.skipped.len() >= 50, "round {round}: a file is neither read nor named");
    }
    assert!(read > 500, "only {read} articles came out");
}

#[test]
fn huge_lines_and_huge_numbers_of_lines_are_tiled_in_time() {
    let pieces = [
        ".",
        "?",
        "\"",
        "( ",
        ". ",
        ". . ",
        "a.",
        "A. ",
        "1. ",
        "- ",
        "\n",
        "a\n",
        "Ja, 2. maja.\n",
        "''",
        "»",
        "… ",
        "ж",
        "字。",
    ];
    let start = std::time::Instant::now();
    for (round, piece) in pieces.iter().enumerate() {
        assert_tiles(&piece.repeat(2_000_000 / piece.len()), LANGUAGES[round % LANGUAGES.len()]);
    }
    let prose: String = corpus().iter().map(|article| article.text.replace('\n', " ")).collect();
    for language in ["pl", "el", "und"] {
        assert_tiles(&prose.repeat(5_000_000 / prose.len()), language);
    }
    assert!(start.elapsed().as_secs() < 120, "{:?}: time does not grow with length alone", start.elapsed());
}
