use std::path::PathBuf;

use super::int8::InstructionSet;
use super::{Encoder, Judge, SHIPPED, pack};

/// The shipped pack, or the one that CROSSCLAIM_TEST_PACK names.
pub(super) fn shipped() -> Option<PathBuf> {
    if let Some(folder) = std::env::var_os("CROSSCLAIM_TEST_PACK") {
        return Some(folder.into());
    }
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("models").join(SHIPPED);
    if folder.join(pack::MANIFEST).exists() {
        return Some(folder);
    }
    eprintln!("skipped: no pack in models/{SHIPPED}");
    None
}

#[derive(serde::Deserialize)]
struct Expected {
    sentences: Vec<String>,
    vectors: Vec<Vec<f32>>,
    pairs: Vec<(String, String)>,
    logits: Vec<[f32; 3]>,
    conflict_logits: Vec<Vec<f32>>,
}

fn expected(folder: &std::path::Path) -> Expected {
    serde_json::from_slice(&std::fs::read(folder.join("expected.json")).unwrap()).unwrap()
}

fn quiet(_: usize) {}

fn softmax(logits: &[f32]) -> Vec<f32> {
    let sum: f32 = logits.iter().copied().map(f32::exp).sum();
    logits.iter().map(|x| x.exp() / sum).collect()
}

#[test]
fn vectors_are_those_of_pytorch_in_float32() {
    let Some(folder) = shipped() else { return };
    let expected = expected(&folder);
    let encoder = pack::open(&folder).unwrap().encoder().unwrap();
    let texts: Vec<&str> = expected.sentences.iter().map(String::as_str).collect();
    let (vectors, mut sum) = (encoder.embed(&texts, &quiet).unwrap(), 0.0);
    for (text, (got, want)) in texts.iter().zip(vectors.chunks(encoder.width()).zip(&expected.vectors)) {
        let cosine: f32 = got.iter().zip(want).map(|(a, b)| a * b).sum();
        assert!(cosine > 0.98, "{cosine}: {text}");
        sum += cosine;
    }
    assert!(sum / texts.len() as f32 > 0.99, "{sum}");
}

#[test]
fn judgements_are_those_of_pytorch_in_float32() {
    let Some(folder) = shipped() else { return };
    let expected = expected(&folder);
    let judge = pack::open(&folder).unwrap().judge().unwrap();
    let pairs: Vec<(&str, &str)> = expected.pairs.iter().map(|(l, r)| (l.as_str(), r.as_str())).collect();
    let scores = judge.judge(&pairs, &quiet).unwrap();
    for (i, (got, want)) in scores.iter().zip(&expected.logits).enumerate() {
        let kinds = expected.conflict_logits.get(i).map_or(&[][..], |kinds| kinds);
        let relation = softmax(&[got.agreement, got.unrelated, got.contradiction]);
        let conflict = softmax(&got.conflict[..kinds.len()]);
        for (got, want, most) in [(relation, softmax(want), 0.1), (conflict, softmax(kinds), 0.15)] {
            let distance = got.iter().zip(&want).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
            assert!(distance < most, "{got:?} {want:?}: {:?}", pairs[i]);
        }
    }
}

#[test]
fn every_instruction_set_batch_and_thread_count_gives_the_same_bits() {
    let Some(folder) = shipped() else { return };
    let expected = expected(&folder);
    let pack = pack::open(&folder).unwrap();
    let texts: Vec<&str> = expected.sentences.iter().map(String::as_str).collect();
    let pairs: Vec<(&str, &str)> = expected.pairs.iter().map(|(l, r)| (l.as_str(), r.as_str())).collect();
    let bits = |x: &[f32]| x.iter().map(|x| x.to_bits()).collect::<Vec<_>>();
    let vectors = pack.encoder().unwrap().embed(&texts, &quiet).unwrap();
    let scores = pack.judge().unwrap().judge(&pairs, &quiet).unwrap();
    for set in InstructionSet::available() {
        let encoder = pack.encoder_on(set).unwrap();
        for threads in [1, 2] {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            let again = pool.install(|| encoder.embed(&texts, &quiet).unwrap());
            assert_eq!(bits(&again), bits(&vectors), "{set:?}, {threads} threads");
        }
        let alone = encoder.embed(&texts[3..4], &quiet).unwrap();
        assert_eq!(bits(&alone), bits(&vectors[3 * encoder.width()..4 * encoder.width()]), "{set:?}, one by one");
        assert_eq!(pack.judge_on(set).unwrap().judge(&pairs, &quiet).unwrap(), scores, "{set:?}");
    }
}

#[test]
fn equal_texts_get_equal_vectors_and_every_text_is_reported() {
    let Some(folder) = shipped() else { return };
    let encoder = pack::open(&folder).unwrap().encoder().unwrap();
    let heard = std::sync::atomic::AtomicUsize::new(0);
    let count = |more| _ = heard.fetch_add(more, std::sync::atomic::Ordering::Relaxed);
    let vectors = encoder.embed(&["A flood.", "Nein.", "A flood.", ""], &count).unwrap();
    let rows: Vec<_> = vectors.chunks(encoder.width()).collect();
    assert_eq!(rows[0], rows[2]);
    assert_ne!(rows[0], rows[1]);
    assert_eq!(heard.into_inner(), 4);
    assert!(encoder.embed(&[], &quiet).unwrap().is_empty());
}

#[test]
fn a_text_of_any_length_fits() {
    let Some(folder) = shipped() else { return };
    let pack = pack::open(&folder).unwrap();
    let (encoder, judge) = (pack.encoder().unwrap(), pack.judge().unwrap());
    let long = "Die Regierung trat zurück. ".repeat(200);
    assert_eq!(encoder.tokenize(&[&long])[0].len(), 512);
    for (left, right) in [(long.as_str(), "Nein."), ("Nein.", &long), (&long, &long)] {
        let pair = &judge.tokenize(&[(left, right)])[0];
        assert_eq!(pair.ids.len(), 512);
        assert_eq!(&pair.ids[pair.right - 2..pair.right], &[2, 2]);
    }
    assert!(encoder.embed(&[&long], &quiet).unwrap().iter().all(|x| x.is_finite()));
}

#[test]
fn damaged_packs_are_named_with_the_file() {
    let Some(folder) = shipped() else { return };
    let copy = tempfile::tempdir().unwrap();
    for entry in std::fs::read_dir(&folder).unwrap().flatten() {
        std::fs::copy(entry.path(), copy.path().join(entry.file_name())).unwrap();
    }
    pack::open(copy.path()).unwrap().verify().unwrap();
    let path = copy.path().join("judge.safetensors");
    let whole = std::fs::read(&path).unwrap();

    let mut changed = whole.clone();
    *changed.last_mut().unwrap() ^= 1;
    std::fs::write(&path, &changed).unwrap();
    let error = pack::open(copy.path()).unwrap().verify().unwrap_err().to_string();
    assert!(error.contains("judge.safetensors") && error.contains("SHA-256"), "{error}");

    std::fs::write(&path, &whole[..whole.len() / 2]).unwrap();
    let error = pack::open(copy.path()).unwrap_err().to_string();
    assert!(error.contains("judge.safetensors") && error.contains("bytes instead of"), "{error}");

    std::fs::remove_file(&path).unwrap();
    let error = pack::open(copy.path()).unwrap_err().to_string();
    assert!(error.contains("judge.safetensors"), "{error}");

    std::fs::write(copy.path().join("manifest.json"), "{\"format\": 99}").unwrap();
    let error = pack::open(copy.path()).unwrap_err().to_string();
    assert!(error.contains("manifest.json") && error.contains("format 99"), "{error}");
}
