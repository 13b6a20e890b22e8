use std::io::BufRead;
use std::path::PathBuf;
use std::sync::Arc;

use super::{Scratch, Tokenizer};
use crate::model::{pack, tests::shipped};

fn ours() -> Option<Arc<Tokenizer>> {
    Some(pack::open(&shipped()?).unwrap().tokenizer().clone())
}

fn ids(tokenizer: &Tokenizer, text: &str) -> Vec<u32> {
    let mut ids = Vec::new();
    tokenizer.encode(text, &mut Scratch::default(), &mut ids);
    ids
}

/// The library's tokenizer from the `tokenizer.json` that the pack was made from, where training has put it.
fn library() -> Option<tokenizers::Tokenizer> {
    let work = std::env::var_os("CROSSCLAIM_WORK")
        .map_or_else(|| concat!(env!("CARGO_MANIFEST_DIR"), "/training/work").into(), PathBuf::from);
    let path = work.join("base/tokenizer.json");
    if !path.is_file() {
        eprintln!("skipped: no {}", path.display());
        return None;
    }
    Some(tokenizers::Tokenizer::from_file(path).unwrap())
}

fn assert_equal(ours: &Tokenizer, library: &tokenizers::Tokenizer, text: &str) {
    let want = library.encode(text, false).unwrap();
    assert_eq!(ids(ours, text), want.get_ids(), "{text:?}");
}

#[test]
fn texts_in_many_scripts_and_awkward_ones_have_the_ids_of_the_library() {
    #[derive(serde::Deserialize)]
    struct Case {
        text: String,
        ids: Vec<u32>,
    }
    let Some(ours) = ours() else { return };
    let cases = include_str!("../../../tests/fixtures/tokenizer.jsonl").lines();
    for case in cases.map(|line| serde_json::from_str::<Case>(line).unwrap()) {
        assert_eq!(ids(&ours, &case.text), case.ids, "{:?}", case.text);
    }
}

#[test]
fn news_in_128_languages_has_the_ids_of_the_library() {
    #[derive(serde::Deserialize)]
    struct Article {
        text: String,
    }
    let shared = std::env::var_os("CROSSCLAIM_SHARED")
        .map_or_else(|| concat!(env!("CARGO_MANIFEST_DIR"), "/../shared").into(), PathBuf::from);
    let path = shared.join("alignment/ntrex.jsonl.gz");
    let Ok(file) = std::fs::File::open(&path) else {
        eprintln!("skipped: no {}", path.display());
        return;
    };
    let (Some(ours), Some(library)) = (ours(), library()) else { return };
    let lines = std::io::BufReader::new(flate2::read::MultiGzDecoder::new(file)).lines();
    // Articles stand language by language, 123 each: every third one, and its third line, gives 41 lines a language.
    let articles = lines.step_by(3).map(|line| serde_json::from_str::<Article>(&line.unwrap()).unwrap());
    let mut compared = 0;
    for article in articles {
        for line in article.text.lines().skip(2).take(1) {
            assert_equal(&ours, &library, line);
            compared += 1;
        }
    }
    assert!(compared > 5_000, "{compared}");
}

#[test]
fn random_characters_have_the_ids_of_the_library() {
    let (Some(ours), Some(library)) = (ours(), library()) else { return };
    let blocks: [(u32, u32); 22] = [
        (0x20, 0x7F),
        (0x20, 0x7F),
        (0x00, 0x20),
        (0xA0, 0x250),
        (0x300, 0x370),
        (0x370, 0x530),
        (0x590, 0x700),
        (0x900, 0xE80),
        (0x1100, 0x1200),
        (0x1E00, 0x2000),
        (0x2000, 0x2070),
        (0x2070, 0x2700),
        (0x3000, 0x3400),
        (0x4E00, 0x9FFF),
        (0xAC00, 0xD7A4),
        (0xE000, 0xE010),
        (0xF900, 0xFB50),
        (0xFB50, 0x1_0000),
        (0x1_D400, 0x1_D800),
        (0x1_F1E6, 0x1_F200),
        (0x1_F300, 0x1_FB00),
        (0x2581, 0x2582),
    ];
    let mut state = 1u64;
    let mut draw = |below: u32| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        ((state >> 33) % u64::from(below)) as u32
    };
    for _ in 0..20_000 {
        let few: Vec<_> = (0..2).map(|_| blocks[draw(blocks.len() as u32) as usize]).collect();
        let text: String = (0..1 + draw(12))
            .filter_map(|_| {
                let (start, end) = few[draw(2) as usize];
                char::from_u32(start + draw(end - start))
            })
            .collect();
        assert_equal(&ours, &library, &text);
    }
}
