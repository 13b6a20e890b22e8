//! Models from Hugging Face style folders give PyTorch's numbers: `tests/fixtures/make_tiny.py` made the models and answers.

use crossclaim::model::candle::{self, Options};
use crossclaim::model::{Encoder, Judge, Scores};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use tempfile::TempDir;

const FAMILIES: [&str; 3] = ["bert", "xlm-roberta", "deberta-v2"];

fn tiny(family: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/tiny").join(family)
}

/// A copy of a tiny model that a test may change.
fn copy(family: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for file in ["config.json", "tokenizer.json", "model.safetensors"] {
        std::fs::copy(tiny(family).join(file), folder.path().join(file)).unwrap();
    }
    folder
}

fn write(folder: &TempDir, file: &str, content: Value) {
    let path = folder.path().join(file);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, content.to_string()).unwrap();
}

fn edit(folder: &TempDir, key: &str, value: Value) {
    let path = folder.path().join("config.json");
    let mut config: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
    config[key] = value;
    std::fs::write(path, config.to_string()).unwrap();
}

struct Answers {
    texts: Vec<String>,
    pairs: Vec<(String, String)>,
    mean: Vec<Vec<f32>>,
    cls: Vec<Vec<f32>>,
    logits: Vec<Vec<f32>>,
}

fn answers(family: &str) -> Answers {
    let content: Value = serde_json::from_slice(&std::fs::read(tiny(family).join("answers.json")).unwrap()).unwrap();
    let rows = |key: &str| serde_json::from_value(content[key].clone()).unwrap();
    Answers {
        texts: serde_json::from_value(content["texts"].clone()).unwrap(),
        pairs: serde_json::from_value(content["pairs"].clone()).unwrap(),
        mean: rows("mean"),
        cls: rows("cls"),
        logits: rows("logits"),
    }
}

fn strs(texts: &[String]) -> Vec<&str> {
    texts.iter().map(String::as_str).collect()
}

fn embed(encoder: &dyn Encoder, texts: &[&str]) -> Vec<Vec<f32>> {
    let flat = encoder.embed(texts, &|_| {}).unwrap();
    assert_eq!(flat.len(), texts.len() * encoder.width());
    flat.chunks(encoder.width()).map(<[f32]>::to_vec).collect()
}

fn judged(judge: &dyn Judge, pairs: &[(String, String)]) -> Vec<Scores> {
    let pairs: Vec<(&str, &str)> = pairs.iter().map(|(left, right)| (left.as_str(), right.as_str())).collect();
    judge.judge(&pairs, &|_| {}).unwrap()
}

fn cosine(a: &[f32], b: &[f32]) -> f64 {
    let dot = |x: &[f32], y: &[f32]| x.iter().zip(y).map(|(x, y)| f64::from(*x) * f64::from(*y)).sum::<f64>();
    dot(a, b) / (dot(a, a) * dot(b, b)).sqrt()
}

fn assert_same_vectors(found: &[Vec<f32>], expected: &[Vec<f32>], what: &str) {
    assert_eq!(found.len(), expected.len());
    for (index, (found, expected)) in found.iter().zip(expected).enumerate() {
        let cosine = cosine(found, expected);
        assert!(cosine > 0.99999, "{what}, text {index}: cosine {cosine}");
        assert!((found.iter().map(|x| x * x).sum::<f32>() - 1.0).abs() < 1e-5, "{what}: not a unit vector");
    }
}

fn logits(scores: Scores, order: [&str; 3]) -> Vec<f32> {
    let by_name = |name: &str| match name {
        "entailment" => scores.agreement,
        "neutral" => scores.unrelated,
        _ => scores.contradiction,
    };
    order.map(by_name).to_vec()
}

fn order(family: &str) -> [&'static str; 3] {
    match family {
        "bert" => ["contradiction", "entailment", "neutral"],
        "xlm-roberta" => ["entailment", "neutral", "contradiction"],
        _ => ["neutral", "contradiction", "entailment"],
    }
}

fn message<T>(result: Result<T, crossclaim::model::ModelError>) -> String {
    result.err().expect("must be refused").to_string()
}

#[test]
fn encoders_of_all_families_give_pytorchs_vectors() {
    for family in FAMILIES {
        let answers = answers(family);
        let encoder = candle::encoder(&tiny(family), &Options::default()).unwrap();
        assert_same_vectors(&embed(&*encoder, &strs(&answers.texts)), &answers.mean, family);
    }
}

#[test]
fn judges_of_all_families_give_pytorchs_logits_under_the_right_labels() {
    for family in FAMILIES {
        let answers = answers(family);
        let judge = candle::judge(&tiny(family), &Options::default()).unwrap();
        for (scores, expected) in judged(&*judge, &answers.pairs).into_iter().zip(&answers.logits) {
            let found = logits(scores, order(family));
            let worst = found.iter().zip(expected).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
            assert!(worst < 1e-4, "{family}: {found:?} instead of {expected:?}");
        }
    }
}

#[test]
fn permuted_labels_permute_the_scores() {
    let (folder, pairs) = (copy("bert"), answers("bert").pairs);
    let before = judged(&*candle::judge(folder.path(), &Options::default()).unwrap(), &pairs);
    edit(&folder, "id2label", json!({"0": "Entailment", "1": "NEUTRAL", "2": "contradiction"}));
    let after = judged(&*candle::judge(folder.path(), &Options::default()).unwrap(), &pairs);
    for (before, after) in before.iter().zip(&after) {
        let expected = Scores {
            agreement: before.contradiction,
            unrelated: before.agreement,
            contradiction: before.unrelated,
            conflict: before.conflict,
        };
        assert_eq!(*after, expected);
    }
}

#[test]
fn batch_size_and_threads_do_not_change_the_results() {
    for family in FAMILIES {
        let answers = answers(family);
        let texts: Vec<&str> = strs(&answers.texts).into_iter().cycle().take(60).collect();
        let vectors = |batch_tokens: usize, threads: usize| {
            let options = Options { batch_tokens, ..Options::default() };
            let encoder = candle::encoder(&tiny(family), &options).unwrap();
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| embed(&*encoder, &texts).concat())
        };
        let reference = vectors(1, 1);
        for (batch_tokens, threads) in [(64, 1), (64, 2), (100_000, 1), (100_000, 4)] {
            let found = vectors(batch_tokens, threads);
            let worst = found.iter().zip(&reference).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
            assert!(worst < 1e-5, "{family}, {batch_tokens} tokens, {threads} threads: {worst}");
        }
        assert_eq!(vectors(256, 1), vectors(256, 4), "{family}: threads alone change no bit");
    }
}

#[test]
fn pooling_and_prompt_come_from_the_models_own_files() {
    let (folder, answers) = (copy("xlm-roberta"), answers("xlm-roberta"));
    write(
        &folder,
        "modules.json",
        json!([
            {"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
            {"idx": 1, "name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
            {"idx": 2, "name": "2", "path": "2_Normalize", "type": "sentence_transformers.models.Normalize"},
        ]),
    );
    write(&folder, "1_Pooling/config.json", json!({"pooling_mode_cls_token": true, "pooling_mode_mean_tokens": false}));
    let encoder = candle::encoder(folder.path(), &Options::default()).unwrap();
    assert_same_vectors(&embed(&*encoder, &strs(&answers.texts)), &answers.cls, "cls");

    let prompts = json!({"prompts": {"query": "moscow denies "}, "default_prompt_name": "query"});
    write(&folder, "config_sentence_transformers.json", prompts);
    let prompted = candle::encoder(folder.path(), &Options::default()).unwrap();
    assert_same_vectors(&embed(&*prompted, &["using the drones"]), &answers.cls[2..3], "prompt");
    assert_ne!(encoder.fingerprint(), prompted.fingerprint());

    write(&folder, "1_Pooling/config.json", json!({"pooling_mode_max_tokens": true}));
    assert!(message(candle::encoder(folder.path(), &Options::default())).contains("pooling `max_tokens`"));
}

#[test]
fn e5_models_get_their_prefix_by_name() {
    let vectors = |name: Option<&str>, prompt: Option<&str>, text: &str| {
        let options = Options { name: name.map(Into::into), prompt: prompt.map(Into::into), ..Options::default() };
        embed(&*candle::encoder(&tiny("bert"), &options).unwrap(), &[text])
    };
    let plain = vectors(None, None, "query: no drones");
    assert_eq!(vectors(Some("intfloat/multilingual-e5-small"), None, "no drones"), plain);
    assert_eq!(vectors(Some("intfloat/multilingual-e5-small"), Some(""), "query: no drones"), plain);
    assert_ne!(vectors(Some("someone/made5"), None, "no drones"), plain);
}

#[test]
fn a_dense_module_after_pooling_is_applied() {
    let (folder, answers) = (copy("bert"), answers("bert"));
    write(
        &folder,
        "modules.json",
        json!([
            {"path": "", "type": "sentence_transformers.models.Transformer"},
            {"path": "2_Dense", "type": "sentence_transformers.models.Dense"},
        ]),
    );
    let config = json!({"in_features": 32, "out_features": 2, "bias": false,
        "activation_function": "torch.nn.modules.linear.Identity"});
    write(&folder, "2_Dense/config.json", config);
    let file = folder.path().join("2_Dense/model.safetensors");
    let pick = |first: usize, second: usize| {
        let mut weight = vec![0f32; 64];
        (weight[first], weight[32 + second]) = (1.0, 1.0);
        let bytes: Vec<u8> = weight.iter().flat_map(|x| x.to_le_bytes()).collect();
        let view = safetensors::tensor::TensorView::new(safetensors::Dtype::F32, vec![2, 32], &bytes).unwrap();
        safetensors::serialize_to_file([("linear.weight", view)], None, &file).unwrap();
    };
    pick(3, 0);
    let encoder = candle::encoder(folder.path(), &Options::default()).unwrap();
    assert_eq!(encoder.width(), 2);
    let expected: Vec<Vec<f32>> = answers.mean.iter().map(|row| vec![row[3], row[0]]).collect();
    assert_same_vectors(&embed(&*encoder, &strs(&answers.texts)), &expected, "dense");

    pick(0, 3);
    let other = candle::encoder(folder.path(), &Options::default()).unwrap();
    assert_ne!(encoder.fingerprint(), other.fingerprint());
    write(&folder, "tokenizer_config.json", json!({"model_input_names": ["input_ids"]}));
    let untyped = candle::encoder(folder.path(), &Options::default()).unwrap();
    assert_ne!(other.fingerprint(), untyped.fingerprint());
}

#[test]
fn checkpoints_without_prefix_and_in_shards_are_read() {
    for family in FAMILIES {
        let (folder, answers) = (copy(family), answers(family));
        let whole = std::fs::read(folder.path().join("model.safetensors")).unwrap();
        let tensors = safetensors::SafeTensors::deserialize(&whole).unwrap();
        let mut shards = [Vec::new(), Vec::new()];
        let mut map = serde_json::Map::new();
        for (index, (name, view)) in tensors.tensors().into_iter().enumerate() {
            let Some((_, bare)) = name.split_once('.').filter(|(prefix, _)| *prefix != "classifier") else {
                continue;
            };
            map.insert(bare.to_string(), json!(format!("part-{}.safetensors", index % 2)));
            shards[index % 2].push((bare.to_string(), view));
        }
        for (index, shard) in shards.into_iter().enumerate() {
            let file = folder.path().join(format!("part-{index}.safetensors"));
            safetensors::serialize_to_file(shard, None, &file).unwrap();
        }
        std::fs::remove_file(folder.path().join("model.safetensors")).unwrap();
        write(&folder, "model.safetensors.index.json", json!({"weight_map": map}));
        let encoder = candle::encoder(folder.path(), &Options::default()).unwrap();
        assert_same_vectors(&embed(&*encoder, &strs(&answers.texts)), &answers.mean, family);
        assert!(message(candle::judge(folder.path(), &Options::default())).contains("no classification head"));
        std::fs::remove_file(folder.path().join("part-1.safetensors")).unwrap();
        assert!(message(candle::encoder(folder.path(), &Options::default())).contains("part-1.safetensors"));
    }
}

#[test]
fn unusable_folders_are_refused_with_file_and_reason() {
    let refusal = |change: &dyn Fn(&TempDir)| {
        let folder = copy("bert");
        change(&folder);
        message(candle::judge(folder.path(), &Options::default()))
    };
    let remove = |file: &'static str| move |folder: &TempDir| std::fs::remove_file(folder.path().join(file)).unwrap();
    assert!(refusal(&remove("config.json")).contains("config.json`: missing"));
    assert!(refusal(&remove("tokenizer.json")).contains("tokenizer.json`: missing"));
    assert!(refusal(&remove("model.safetensors")).contains("model.safetensors`: missing"));
    let error = refusal(&|folder| edit(folder, "model_type", json!("t5")));
    assert!(error.contains("model_type `t5`") && error.contains("xlm-roberta"), "{error}");
    let error = refusal(&|folder| edit(folder, "id2label", json!({"0": "LABEL_0", "1": "LABEL_1", "2": "LABEL_2"})));
    assert!(error.contains("entailment, neutral and contradiction"), "{error}");
    let error = refusal(&|folder| edit(folder, "id2label", json!({"0": "entailment", "1": "not_entailment"})));
    assert!(error.contains("not_entailment"), "{error}");
    let error = refusal(&|folder| edit(folder, "hidden_size", json!(64)));
    assert!(error.contains("fit config.json"), "{error}");
    let error = refusal(&|folder| {
        let file = folder.path().join("model.safetensors");
        let bytes = std::fs::read(&file).unwrap();
        std::fs::write(&file, &bytes[..bytes.len() - 100]).unwrap();
    });
    assert!(error.contains("model.safetensors") && error.contains("not a whole safetensors file"), "{error}");
}

#[test]
fn nothing_in_gives_nothing_out_and_progress_reaches_the_end() {
    let encoder = candle::encoder(&tiny("deberta-v2"), &Options::default()).unwrap();
    assert!(encoder.embed(&[], &|_| {}).unwrap().is_empty());
    let most = std::sync::atomic::AtomicUsize::new(0);
    let done = |finished| {
        most.fetch_max(finished, std::sync::atomic::Ordering::Relaxed);
    };
    encoder.embed(&["no"; 9], &done).unwrap();
    assert_eq!(most.into_inner(), 9);
}

/// With the folder of multilingual-e5-small in CROSSCLAIM_E5, and `sentences.json` with PyTorch's vectors
/// (`tests/fixtures/e5_vectors.py` writes it) in CROSSCLAIM_E5_VECTORS.
#[test]
fn real_e5_weights_give_pytorchs_vectors() {
    let variables = (std::env::var("CROSSCLAIM_E5"), std::env::var("CROSSCLAIM_E5_VECTORS"));
    let (Ok(folder), Ok(vectors)) = variables else {
        eprintln!("skipped: CROSSCLAIM_E5 and CROSSCLAIM_E5_VECTORS are not set");
        return;
    };
    let content: Value = serde_json::from_slice(&std::fs::read(vectors).unwrap()).unwrap();
    let texts: Vec<String> = serde_json::from_value(content["texts"].clone()).unwrap();
    let expected: Vec<Vec<f32>> = serde_json::from_value(content["vectors"].clone()).unwrap();
    let options = Options { name: Some("intfloat/multilingual-e5-small".into()), ..Options::default() };
    let encoder = candle::encoder(Path::new(&folder), &options).unwrap();
    let found = embed(&*encoder, &strs(&texts));
    let worst = found.iter().zip(&expected).map(|(a, b)| cosine(a, b)).fold(1.0, f64::min);
    println!("{} sentences, worst cosine with PyTorch {worst:.8}", texts.len());
    assert_same_vectors(&found, &expected, "e5");
}
