//! The logistic model of borders: combinations of attributes and their weights.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::shape::{
    ATTRIBUTES, BEFORE, CLASS, CLOSER, GAP, INSIDE, LAST, LENGTH, MARK, NEXT, OPEN, ORDINAL, Shape, WORD,
};

/// Combinations of attributes that the model weighs.
const TEMPLATES: &[&[usize]] = &[
    &[],
    &[CLASS],
    &[MARK, GAP, NEXT],
    &[MARK, CLOSER, OPEN, NEXT],
    &[MARK, INSIDE, CLOSER, NEXT],
    &[LAST, NEXT, ORDINAL],
    &[LAST, BEFORE, NEXT],
    &[LAST, WORD, ORDINAL],
    &[LAST, CLASS, WORD],
    &[CLASS, NEXT],
    &[CLASS, BEFORE, WORD],
    &[LENGTH, LAST],
    &[LENGTH, MARK, NEXT],
    &[OPEN, WORD, NEXT],
    &[CLASS, BEFORE, NEXT],
    &[CLASS, LENGTH, NEXT],
    &[LENGTH, LAST, ORDINAL],
    &[OPEN, MARK, NEXT, CLOSER, INSIDE],
    &[CLASS, CLOSER, NEXT],
    &[INSIDE, OPEN, WORD],
];

/// Weights as `training/sentence/train.py` writes them: name and weight, one a line.
static WEIGHTS: LazyLock<Vec<Vec<f32>>> = LazyLock::new(|| {
    let weights: HashMap<&str, f32> = include_str!("weights.txt")
        .lines()
        .filter_map(|line| line.split_once(' '))
        .filter_map(|(name, weight)| Some((name, weight.trim().parse().ok()?)))
        .collect();
    let weight = |template: &[usize], index: usize| {
        weights.get(name(template, &unpack(template, index)).as_str()).copied().unwrap_or(0.0)
    };
    TEMPLATES.iter().map(|template| (0..size(template)).map(|index| weight(template, index)).collect()).collect()
});

fn size(template: &[usize]) -> usize {
    template.iter().map(|&attribute| ATTRIBUTES[attribute].1.len()).product()
}

/// The position of a shape in the table of a template.
fn pack(template: &[usize], shape: &Shape) -> usize {
    template.iter().fold(0, |index, &attribute| index * ATTRIBUTES[attribute].1.len() + usize::from(shape[attribute]))
}

fn unpack(template: &[usize], mut index: usize) -> Shape {
    let mut shape = [0; ATTRIBUTES.len()];
    for &attribute in template.iter().rev() {
        let values = ATTRIBUTES[attribute].1.len();
        shape[attribute] = (index % values) as u8;
        index /= values;
    }
    shape
}

fn name(template: &[usize], shape: &Shape) -> String {
    let part = |&attribute: &usize| {
        let (name, values) = ATTRIBUTES[attribute];
        format!("{name}={}", values[usize::from(shape[attribute])])
    };
    if template.is_empty() { "bias".to_string() } else { template.iter().map(part).collect::<Vec<_>>().join("&") }
}

/// Names of the features of a shape, for training.
pub(super) fn names(shape: &Shape) -> Vec<String> {
    TEMPLATES.iter().map(|template| name(template, shape)).collect()
}

/// Log odds that a candidate is a border.
pub(super) fn log_odds(shape: &Shape) -> f32 {
    TEMPLATES.iter().zip(WEIGHTS.iter()).map(|(template, table)| table[pack(template, shape)]).sum()
}
