//! The tokenizer of XLM-RoBERTa and its descendants: a unigram model (Kudo 2018) over SentencePiece's normalization.
//!
//! Gives exactly the ids of the `tokenizers` library for the same `tokenizer.json`, and starts in some hundredths of a second.

mod charsmap;
#[cfg(test)]
mod tests;
mod trie;

use std::collections::BTreeMap;

use charsmap::Charsmap;
use trie::{NONE, ROOT, Trie};

/// Stands for a space, and begins a word.
const SPACE: char = '\u{2581}';
/// How much less likely than the least likely piece an unknown character is, in natural logarithm.
const UNKNOWN_PENALTY: f64 = 10.0;

/// Ids with a meaning of their own.
#[derive(Debug, Clone, serde::Deserialize)]
pub struct Special {
    /// Stands for characters that no piece covers.
    pub unknown: u32,
    /// Begins every sequence.
    pub start: u32,
    /// Ends every text.
    pub end: u32,
    /// Texts that become these ids wherever they stand.
    pub added: BTreeMap<String, u32>,
}

/// Turns text into token ids.
#[derive(Debug)]
pub struct Tokenizer {
    /// Ids with a meaning of their own.
    pub special: Special,
    charsmap: Charsmap,
    trie: Trie,
    scores: Vec<f64>,
    unknown_score: f64,
}

/// Memory that `encode` uses again.
#[derive(Debug, Default)]
pub struct Scratch {
    text: Vec<char>,
    ends: Vec<End>,
    ids: Vec<u32>,
}

/// The best way to cover a word up to some character.
#[derive(Debug, Clone, Copy)]
struct End {
    score: f64,
    start: u32,
    id: u32,
}

const UNREACHED: End = End { score: 0.0, start: u32::MAX, id: NONE };

impl Tokenizer {
    /// Builds a tokenizer from pieces in the order of their ids, log-probabilities and a `precompiled_charsmap`.
    pub fn new<'p>(
        pieces: impl Iterator<Item = &'p str>,
        scores: Vec<f64>,
        charsmap: &[u8],
        special: Special,
    ) -> Result<Self, String> {
        let charsmap = Charsmap::parse(charsmap).ok_or("the normalization table is damaged")?;
        if special.added.keys().any(|content| !content.starts_with('<')) {
            return Err("an added token does not begin with `<`".into());
        }
        let pieces: Vec<(&str, u32)> = pieces.zip(0..).collect();
        if pieces.len() != scores.len() {
            return Err(format!("{} pieces, {} scores", pieces.len(), scores.len()));
        }
        let trie = Trie::new(pieces);
        let unknown_score = scores.iter().copied().fold(f64::INFINITY, f64::min) - UNKNOWN_PENALTY;
        Ok(Self { special, charsmap, trie, scores, unknown_score })
    }

    /// Appends the ids of `text`, without start and end.
    pub fn encode(&self, text: &str, scratch: &mut Scratch, ids: &mut Vec<u32>) {
        let mut rest = text;
        let mut from = 0;
        while let Some(at) = rest[from..].find('<') {
            let at = from + at;
            let added = self.special.added.iter().filter(|(content, _)| rest[at..].starts_with(content.as_str()));
            match added.max_by_key(|(content, _)| content.len()) {
                Some((content, id)) => {
                    self.encode_plain(&rest[..at], scratch, ids);
                    ids.push(*id);
                    rest = &rest[at + content.len()..];
                    from = 0;
                }
                None => from = at + 1,
            }
        }
        self.encode_plain(rest, scratch, ids);
    }

    fn encode_plain(&self, text: &str, scratch: &mut Scratch, ids: &mut Vec<u32>) {
        let Scratch { text: chars, ends, ids: reversed } = scratch;
        chars.clear();
        let mut after_space = false;
        self.charsmap.normalize(text, |c| {
            if c != ' ' {
                chars.push(c);
            } else if !after_space {
                chars.push(SPACE);
            }
            after_space = c == ' ';
        });
        if chars.is_empty() {
            return;
        }
        if chars[0] != SPACE {
            chars.insert(0, SPACE);
        }
        let mut start = 0;
        while start < chars.len() {
            let length = chars[start + 1..].iter().position(|c| *c == SPACE).map_or(chars.len() - start, |at| at + 1);
            self.encode_word(&chars[start..start + length], ends, reversed, ids);
            start += length;
        }
    }

    /// Viterbi: the most likely pieces of a word; unknown characters side by side become one id.
    fn encode_word(&self, word: &[char], ends: &mut Vec<End>, reversed: &mut Vec<u32>, ids: &mut Vec<u32>) {
        ends.clear();
        ends.resize(word.len() + 1, UNREACHED);
        for start in 0..word.len() {
            let before = ends[start].score;
            let mut offer = |end: usize, score: f64, id| {
                if ends[end].start == u32::MAX || score > ends[end].score {
                    ends[end] = End { score, start: start as u32, id };
                }
            };
            let (mut node, mut single) = (ROOT, false);
            for (at, c) in word[start..].iter().enumerate() {
                let Some((next, id)) = self.trie.step(node, *c) else {
                    break;
                };
                node = next;
                if id != NONE {
                    single |= at == 0;
                    offer(start + at + 1, self.scores[id as usize] + before, id);
                }
            }
            if !single {
                offer(start + 1, self.unknown_score + before, self.special.unknown);
            }
        }
        reversed.clear();
        let mut end = word.len();
        while end > 0 {
            let best = ends[end];
            if best.id != self.special.unknown || reversed.last() != Some(&best.id) {
                reversed.push(best.id);
            }
            end = best.start as usize;
        }
        ids.extend(reversed.iter().rev());
    }
}
