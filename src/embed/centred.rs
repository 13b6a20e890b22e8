//! Takes away from vectors what all sentences of a language share.
//!
//! Encoders that were not trained for it place sentences by language more than by meaning. The mean vector of a language, over background
//! text, is most of that; the languages without background text lose the mean of all.

use std::collections::HashMap;
use std::sync::OnceLock;

use super::Vectors;
use crate::article::detect_language;
use crate::model::{Encoder, ModelError};

/// Language, tab, sentence; made by `training/background.py`.
const BACKGROUND: &str = include_str!("background.tsv");

/// An encoder around an encoder, without the mean of each language. The means are estimated when the first text comes.
///
/// It counts with quantized vectors, so that an encoder behind the cache gives the same numbers as one without; the cache keeps the
/// vectors of the background text like all others.
pub struct Centred {
    inner: Box<dyn Encoder>,
    means: OnceLock<Means>,
}

/// Mean unit vectors.
struct Means {
    of: HashMap<&'static str, Vec<f32>>,
    all: Vec<f32>,
}

impl Centred {
    /// The encoder without language means.
    pub fn new(inner: Box<dyn Encoder>) -> Self {
        Self { inner, means: OnceLock::new() }
    }

    fn quantized(&self, texts: &[&str], done: &(dyn Fn(usize) + Sync)) -> Result<Vec<f32>, ModelError> {
        Ok(Vectors::from_floats(&self.inner.embed(texts, done)?, self.inner.width()).to_floats())
    }

    fn means(&self) -> Result<&Means, ModelError> {
        if let Some(means) = self.means.get() {
            return Ok(means);
        }
        let (languages, texts): (Vec<&str>, Vec<&str>) =
            BACKGROUND.lines().filter_map(|line| line.split_once('\t')).unzip();
        let width = self.inner.width();
        let vectors = self.quantized(&texts, &|_| {})?;
        let mut sums: HashMap<&str, (f32, Vec<f32>)> = HashMap::new();
        let mut all = vec![0.0; width];
        for (language, vector) in languages.iter().copied().zip(vectors.chunks_exact(width)) {
            let (count, sum) = sums.entry(language).or_insert_with(|| (0.0, vec![0.0; width]));
            *count += 1.0;
            sum.iter_mut().zip(vector).for_each(|(to, x)| *to += x);
            all.iter_mut().zip(vector).for_each(|(to, x)| *to += x / texts.len() as f32);
        }
        let mean = |(count, sum): (f32, Vec<f32>)| sum.into_iter().map(|x| x / count).collect();
        let of = sums.into_iter().map(|(language, sum)| (language, mean(sum))).collect();
        Ok(self.means.get_or_init(|| Means { of, all }))
    }
}

impl Encoder for Centred {
    fn width(&self) -> usize {
        self.inner.width()
    }

    fn fingerprint(&self) -> String {
        format!("{}-centred", self.inner.fingerprint())
    }

    fn tokens(&self, texts: &[&str]) -> Result<usize, ModelError> {
        self.inner.tokens(texts)
    }

    fn embed(&self, texts: &[&str], done: &(dyn Fn(usize) + Sync)) -> Result<Vec<f32>, ModelError> {
        if texts.is_empty() {
            return Ok(Vec::new());
        }
        let means = self.means()?;
        let mut vectors = self.quantized(texts, done)?;
        for (text, vector) in texts.iter().zip(vectors.chunks_exact_mut(self.width())) {
            let mean = means.of.get(detect_language(text)).unwrap_or(&means.all);
            vector.iter_mut().zip(mean).for_each(|(x, m)| *x -= m);
            let length = vector.iter().map(|x| x * x).sum::<f32>().sqrt().max(f32::MIN_POSITIVE);
            vector.iter_mut().for_each(|x| *x /= length);
        }
        Ok(vectors)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Places every text by its language first, by its length second.
    struct ByLanguage;

    impl Encoder for ByLanguage {
        fn width(&self) -> usize {
            3
        }

        fn fingerprint(&self) -> String {
            "by language".into()
        }

        fn tokens(&self, texts: &[&str]) -> Result<usize, ModelError> {
            Ok(texts.len())
        }

        fn embed(&self, texts: &[&str], _: &(dyn Fn(usize) + Sync)) -> Result<Vec<f32>, ModelError> {
            let row = |text: &&str| {
                let language = f32::from(u8::from(detect_language(text) == "pl"));
                let angle = text.chars().count() as f32 / 40.0;
                let scale = 0.1f32;
                let rest = (1.0 - scale * scale).sqrt();
                let place = if language > 0.0 { [rest, 0.0] } else { [-rest, 0.0] };
                [place[0], scale * angle.sin(), scale * angle.cos()]
            };
            Ok(texts.iter().flat_map(row).collect())
        }
    }

    #[test]
    fn sentences_in_two_languages_meet_once_the_languages_are_taken_away() {
        let texts = [
            "Rząd zapowiedział w środę nowe przepisy o ochronie rzek i jezior w całym kraju.",
            "The government announced new rules to protect rivers and lakes on Wednesday. Ok",
        ];
        let cosine = |v: &[f32]| v[..3].iter().zip(&v[3..]).map(|(a, b)| a * b).sum::<f32>();
        let raw = ByLanguage.embed(&texts, &|_| {}).unwrap();
        let centred = Centred::new(Box::new(ByLanguage));
        let without = centred.embed(&texts, &|_| {}).unwrap();
        assert!(cosine(&raw) < -0.9);
        assert!(cosine(&without) > 0.5, "{without:?}");
        assert_ne!(centred.fingerprint(), ByLanguage.fingerprint());
    }

    #[test]
    fn background_text_is_a_language_and_a_sentence_a_line() {
        let mut of: HashMap<&str, usize> = HashMap::new();
        for line in BACKGROUND.lines() {
            let (language, text) = line.split_once('\t').expect("a tab");
            assert!(text.len() > 10, "{line}");
            *of.entry(language).or_default() += 1;
        }
        assert!(of.values().all(|&count| count == 100) && of.len() == 10, "{of:?}");
    }
}
