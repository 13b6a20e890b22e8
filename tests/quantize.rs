//! Float32 models of a folder computed in int8: nearly the same numbers, and the same bits on every instruction set.

use std::collections::BTreeMap;
use std::path::Path;

use crossclaim::model::candle::{self, Options};
use crossclaim::model::int8::InstructionSet;
use crossclaim::model::{self, Quantize, Scores, Settings, Work};
use safetensors::tensor::{Dtype, TensorView};
use serde_json::{Value, json};
use tempfile::TempDir;

const HIDDEN: usize = 64;
const WIDE: usize = 128;
const LAYERS: usize = 3;
const TEXTS: [&str; 5] = [
    "Iran sent drones to Russia before the war",
    "no",
    "Moscow denies using the drones",
    "",
    "we said we sent the drones to kyiv not to moscow before the war and before the war we said no drones sent",
];

/// Numbers with a bell-shaped distribution, the same in every run.
struct Random(u64);

impl Random {
    fn next(&mut self) -> f32 {
        let mut uniform = || {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (self.0 >> 40) as f32 / (1 << 24) as f32 - 0.5
        };
        (0..6).map(|_| uniform()).sum::<f32>() * 1.4
    }
}

/// A random model of `family` with 2 heads of width 32, its tokenizer and configuration after the tiny fixture.
fn folder(family: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/tiny").join(family);
    std::fs::copy(fixture.join("tokenizer.json"), folder.path().join("tokenizer.json")).unwrap();
    let mut config: Value = serde_json::from_slice(&std::fs::read(fixture.join("config.json")).unwrap()).unwrap();
    let sizes = json!({"hidden_size": HIDDEN, "intermediate_size": WIDE, "num_attention_heads": 2, "num_hidden_layers": LAYERS});
    for (key, value) in sizes.as_object().unwrap() {
        config[key] = value.clone();
    }
    std::fs::write(folder.path().join("config.json"), config.to_string()).unwrap();
    let size = |key: &str| config[key].as_u64().unwrap() as usize;

    let mut shapes = BTreeMap::new();
    let mut dense = |name: String, outputs: usize, inputs: usize| {
        shapes.insert(format!("{name}.weight"), vec![outputs, inputs]);
        shapes.insert(format!("{name}.bias"), vec![outputs]);
    };
    let (trunk, head) = match family {
        "bert" => ("bert", ["bert.pooler.dense", "classifier"]),
        _ => ("roberta", ["classifier.dense", "classifier.out_proj"]),
    };
    for layer in 0..LAYERS {
        let name = |part: &str| format!("{trunk}.encoder.layer.{layer}.{part}");
        for part in ["query", "key", "value"] {
            dense(name(&format!("attention.self.{part}")), HIDDEN, HIDDEN);
        }
        dense(name("attention.output.dense"), HIDDEN, HIDDEN);
        dense(name("intermediate.dense"), WIDE, HIDDEN);
        dense(name("output.dense"), HIDDEN, WIDE);
    }
    dense(head[0].into(), HIDDEN, HIDDEN);
    dense(head[1].into(), 3, HIDDEN);
    for (table, rows) in
        [("word", "vocab_size"), ("position", "max_position_embeddings"), ("token_type", "type_vocab_size")]
    {
        shapes.insert(format!("{trunk}.embeddings.{table}_embeddings.weight"), vec![size(rows), HIDDEN]);
    }
    let norms =
        (0..LAYERS).flat_map(|i| ["attention.output", "output"].map(|part| format!("encoder.layer.{i}.{part}")));
    for norm in norms.chain(["embeddings".into()]) {
        for part in ["weight", "bias"] {
            shapes.insert(format!("{trunk}.{norm}.LayerNorm.{part}"), vec![HIDDEN]);
        }
    }

    let mut random = Random(7);
    let tensors: Vec<(String, Vec<usize>, Vec<u8>)> = shapes
        .into_iter()
        .map(|(name, shape)| {
            let one = if name.ends_with("LayerNorm.weight") { 1.0 } else { 0.0 };
            let count = shape.iter().product();
            let bytes = (0..count).flat_map(|_| (one + 0.2 * random.next()).to_le_bytes()).collect();
            (name, shape, bytes)
        })
        .collect();
    let views = tensors
        .iter()
        .map(|(name, shape, bytes)| (name.as_str(), TensorView::new(Dtype::F32, shape.clone(), bytes).unwrap()));
    safetensors::serialize_to_file(views, None, &folder.path().join("model.safetensors")).unwrap();
    folder
}

fn int8(set: InstructionSet) -> Options {
    Options { quantize: true, instruction_set: set, ..Options::default() }
}

fn quiet(_: usize) {}

fn pairs() -> Vec<(&'static str, &'static str)> {
    TEXTS.iter().flat_map(|left| TEXTS.iter().map(move |right| (*left, *right))).collect()
}

fn logits(scores: &Scores) -> [f32; 3] {
    [scores.agreement, scores.unrelated, scores.contradiction]
}

#[test]
fn vectors_in_int8_are_nearly_those_in_float32() {
    for family in ["bert", "xlm-roberta"] {
        let folder = folder(family);
        let float = candle::encoder(folder.path(), &Options::default()).unwrap();
        let int8 = candle::encoder(folder.path(), &int8(InstructionSet::best())).unwrap();
        assert_ne!(float.fingerprint(), int8.fingerprint());
        assert_eq!((float.width(), float.tokens(&TEXTS).unwrap()), (int8.width(), int8.tokens(&TEXTS).unwrap()));
        let multiply_adds = LAYERS * HIDDEN * (4 * HIDDEN + 2 * WIDE);
        assert_eq!(float.work(), Some(Work { multiply_adds, int8: false }));
        assert_eq!(int8.work(), Some(Work { multiply_adds, int8: true }));
        let (want, got) = (float.embed(&TEXTS, &quiet).unwrap(), int8.embed(&TEXTS, &quiet).unwrap());
        for (text, (want, got)) in TEXTS.iter().zip(want.chunks(HIDDEN).zip(got.chunks(HIDDEN))) {
            let cosine: f32 = want.iter().zip(got).map(|(a, b)| a * b).sum();
            assert!(cosine > 0.999, "{family}: {cosine} for `{text}`");
        }
    }
}

#[test]
fn logits_in_int8_are_nearly_those_in_float32() {
    for family in ["bert", "xlm-roberta"] {
        let folder = folder(family);
        let float = candle::judge(folder.path(), &Options::default()).unwrap();
        let int8 = candle::judge(folder.path(), &int8(InstructionSet::best())).unwrap();
        let (want, got) = (float.judge(&pairs(), &quiet).unwrap(), int8.judge(&pairs(), &quiet).unwrap());
        let all: Vec<f32> = want.iter().flat_map(logits).collect();
        let spread = all.iter().fold(f32::MIN, |a, b| a.max(*b)) - all.iter().fold(f32::MAX, |a, b| a.min(*b));
        for (pair, (want, got)) in pairs().iter().zip(want.iter().zip(&got)) {
            for (want, got) in logits(want).into_iter().zip(logits(got)) {
                assert!((want - got).abs() < 0.05 * spread, "{family}: {got} instead of {want} for {pair:?}");
            }
        }
    }
}

#[test]
fn instruction_sets_batches_and_threads_change_no_bit() {
    for family in ["bert", "xlm-roberta"] {
        let folder = folder(family);
        let results = |set, threads| {
            let (encoder, judge) = (
                candle::encoder(folder.path(), &int8(set)).unwrap(),
                candle::judge(folder.path(), &int8(set)).unwrap(),
            );
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            let many: Vec<&str> = TEXTS.iter().copied().cycle().take(120).collect();
            let vectors = pool.install(|| encoder.embed(&many, &quiet).unwrap());
            let alone: Vec<f32> = TEXTS.iter().flat_map(|text| encoder.embed(&[text], &quiet).unwrap()).collect();
            assert_eq!(vectors[..alone.len()], alone, "{family}, {set:?}: one by one");
            let bits: Vec<u32> = vectors.iter().map(|x| x.to_bits()).collect();
            (bits, pool.install(|| judge.judge(&pairs(), &quiet).unwrap()))
        };
        let best = results(InstructionSet::best(), 1);
        for set in InstructionSet::available() {
            assert_eq!(results(set, 2), best, "{family}, {set:?}");
        }
    }
}

#[test]
fn the_settings_open_a_folder_in_int8() {
    let folder = folder("bert");
    let settings = Settings { quantize: Quantize::Int8, instruction_set: "portable".into(), ..Settings::default() };
    let encoder = model::open_encoder(folder.path(), &settings).unwrap();
    assert!(encoder.fingerprint().starts_with("int8-"), "{}", encoder.fingerprint());
    let direct = candle::encoder(folder.path(), &int8(InstructionSet::best())).unwrap();
    assert_eq!(encoder.embed(&TEXTS, &quiet).unwrap(), direct.embed(&TEXTS, &quiet).unwrap());
    let opened = model::open_judge(folder.path(), &settings).unwrap();
    assert!(opened.judge.fingerprint().starts_with("int8-"), "{}", opened.judge.fingerprint());
    assert_eq!(opened.judge.judge(&pairs()[..1], &quiet).unwrap().len(), 1);
}

#[test]
fn models_that_int8_cannot_compute_are_refused_with_the_reason() {
    let fixture = |family: &str| Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/tiny").join(family);
    let refusal = |folder: &Path| match candle::encoder(folder, &int8(InstructionSet::best())) {
        Ok(_) => panic!("{} was not refused", folder.display()),
        Err(error) => error.to_string(),
    };
    let error = refusal(&fixture("deberta-v2"));
    assert!(error.contains("DeBERTa") && error.contains("model.quantize"), "{error}");
    let error = refusal(&fixture("bert"));
    assert!(error.contains("multiple of 32") && error.contains("model.quantize"), "{error}");
    let folder = folder("bert");
    let path = folder.path().join("config.json");
    let text = std::fs::read_to_string(&path).unwrap().replace("\"gelu\"", "\"relu\"");
    std::fs::write(&path, text).unwrap();
    let error = refusal(folder.path());
    assert!(error.contains("relu"), "{error}");
}
