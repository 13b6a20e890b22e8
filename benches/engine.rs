//! Speed of the parts of a run on the sample corpus: `cargo bench --bench engine`.
//!
//! Throughput is what to compare, best between two parts of one run: other runs had another machine, or another neighbour on it. Items
//! are tokens for the models and the tokenizer, claims for the whole pipeline.

use std::path::Path;
use std::sync::{Arc, LazyLock};

use crossclaim::article::{self, Corpus};
use crossclaim::model::int8::{InstructionSet, Layer, Linear, Norm, Scratch, Sequence, Shape, Table, Trunk, peak};
use crossclaim::model::pack::{self, Pack};
use crossclaim::model::{self, Int8Encoder};
use crossclaim::pipeline::{self, Models, Outcome, Silent};
use crossclaim::sentence;
use crossclaim::settings::{self, Settings};
use divan::Bencher;
use divan::counter::{BytesCount, ItemsCount};

/// Pairs given to the judge.
const PAIRS: usize = 1_000;

fn main() {
    divan::main();
}

static FOLDER: LazyLock<std::path::PathBuf> =
    LazyLock::new(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("models").join(model::SHIPPED));
static PACK: LazyLock<Pack> = LazyLock::new(|| pack::open(&FOLDER).expect("the shipped model"));
static SETTINGS: LazyLock<Settings> = LazyLock::new(|| settings::compose(None, &[]).expect("the defaults"));
static OUTCOME: LazyLock<Outcome> =
    LazyLock::new(|| pipeline::run(corpus(), &models(), &SETTINGS, &Silent).expect("the shipped model"));

fn corpus() -> Corpus {
    let paths = [Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus")];
    article::read_corpus(&paths, &SETTINGS.article).expect("the sample corpus")
}

fn models() -> Models {
    let judge = model::open_judge(&FOLDER, &SETTINGS.model).expect("the judge");
    let encoder = model::open_encoder(&FOLDER, &SETTINGS.model).expect("the encoder");
    Models::new(encoder, judge).expect("the calibration")
}

fn sets() -> Vec<&'static str> {
    InstructionSet::available().into_iter().map(InstructionSet::name).collect()
}

fn texts() -> Vec<&'static str> {
    (0..OUTCOME.claims.len()).map(|claim| OUTCOME.text_of(claim)).collect()
}

/// One layer of the shipped model's shape with made-up weights, on 96 tokens in sequences of 32, one thread: all kernels, no table.
#[divan::bench(args = sets())]
fn layer(bencher: Bencher, name: &str) {
    let set = InstructionSet::available().into_iter().find(|set| set.name() == name).expect("it is in the list");
    let trunk = one_layer(set);
    let ids: Vec<u32> = (0..32).collect();
    let sequences = [Sequence { ids: &ids, right: ids.len() }; 3];
    let mut scratch = Scratch::default();
    bencher.counter(ItemsCount::new(96_usize)).bench_local(|| trunk.forward(&sequences, &mut scratch)[0]);
}

/// The register loop whose speed is the limit of the dense layers; items are multiply-adds.
#[divan::bench(args = sets(), sample_count = 5, sample_size = 1)]
fn limit(bencher: Bencher, name: &str) {
    let set = InstructionSet::available().into_iter().find(|set| set.name() == name).expect("it is in the list");
    let time = std::time::Duration::from_millis(200);
    let rate = peak(set, true, time);
    bencher.counter(ItemsCount::new((rate * time.as_secs_f64()) as usize)).bench_local(|| peak(set, true, time));
}

#[divan::bench(args = [1, 2], sample_count = 10)]
fn encoder(bencher: Bencher, threads: usize) {
    let encoder: Int8Encoder = PACK.encoder().expect("the encoder");
    let ids = encoder.tokenize(&texts());
    let tokens: usize = ids.iter().map(Vec::len).sum();
    let pool = pool(threads);
    bencher.counter(ItemsCount::new(tokens)).bench_local(|| pool.install(|| encoder.embed_ids(&ids, &|_| {})));
}

#[divan::bench(args = [1, 2], sample_count = 10)]
fn judge_pairs(bencher: Bencher, threads: usize) {
    let judge = PACK.judge().expect("the judge");
    let candidates = OUTCOME.candidates.iter().take(PAIRS);
    let pairs: Vec<_> = candidates.map(|c| (OUTCOME.text_of(c.left), OUTCOME.text_of(c.right))).collect();
    let ids = judge.tokenize(&pairs);
    let tokens: usize = ids.iter().map(|pair| pair.ids.len()).sum();
    let pool = pool(threads);
    bencher.counter(ItemsCount::new(tokens)).bench_local(|| pool.install(|| judge.judge_ids(&ids, &|_| {})));
}

#[divan::bench]
fn tokenizer(bencher: Bencher) {
    let encoder = PACK.encoder().expect("the encoder");
    let texts = texts();
    let tokens: usize = encoder.tokenize(&texts).iter().map(Vec::len).sum();
    let pool = pool(1);
    bencher.counter(ItemsCount::new(tokens)).bench_local(|| pool.install(|| encoder.tokenize(&texts)));
}

#[divan::bench]
fn splitter(bencher: Bencher) {
    let corpus = corpus();
    let bytes: usize = corpus.articles.iter().map(|article| article.text.len()).sum();
    let split = || corpus.articles.iter().map(|a| sentence::split(&a.text, &a.language).len()).sum::<usize>();
    bencher.counter(BytesCount::new(bytes)).bench_local(split);
}

/// Reading to groups, all cores, no cache.
#[divan::bench(sample_count = 3, sample_size = 1)]
fn whole_run(bencher: Bencher) {
    let models = models();
    let claims = OUTCOME.claims.len();
    let run = || pipeline::run(corpus(), &models, &SETTINGS, &Silent).expect("the shipped model").groups.len();
    bencher.counter(ItemsCount::new(claims)).bench_local(run);
}

fn pool(threads: usize) -> rayon::ThreadPool {
    rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads")
}

fn one_layer(set: InstructionSet) -> Trunk {
    let shape =
        Shape { hidden: 384, layers: 1, heads: 12, intermediate: 1536, positions: 64, tokens: 64, epsilon: 1e-12 };
    let wave = |length: usize| (0..length).map(|i| (i as f32 * 0.37).sin() * 0.05).collect::<Vec<_>>();
    let linear = |inputs: usize, outputs: usize| Linear::quantize(&wave(inputs * outputs), &wave(outputs), inputs);
    let norm = || Norm { weight: vec![1.0; shape.hidden], bias: vec![0.0; shape.hidden] };
    let layer = Layer {
        qkv: linear(shape.hidden, 3 * shape.hidden),
        attention_output: linear(shape.hidden, shape.hidden),
        attention_norm: norm(),
        intermediate: linear(shape.hidden, shape.intermediate),
        output: linear(shape.intermediate, shape.hidden),
        output_norm: norm(),
    };
    Trunk {
        table: Arc::new(Table::rows(&wave(shape.tokens * shape.hidden))),
        positions: wave(shape.positions * shape.hidden),
        types: wave(2 * shape.hidden),
        norm: norm(),
        layers: vec![layer],
        shape,
        set,
    }
}
