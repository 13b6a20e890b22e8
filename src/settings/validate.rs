//! Checks what settings say: ranges, and names that stand for something.

use super::Settings;
use crate::article::ArticleError;
use crate::model::int8::InstructionSet;
use crate::report::ReportError;
use crate::{judge, report};

/// More threads than any machine has cores; a slip of the pen would start them all.
const MOST_THREADS: usize = 1024;

/// Checks ranges; an error is the key and what is wrong with its value.
pub(super) fn validate(settings: &Settings) -> Result<(), (String, String)> {
    let share = |key: &str, value: f64| {
        let message = format!("{value} is out of range; allowed is 0 to 1");
        if (0.0..=1.0).contains(&value) { Ok(()) } else { Err((key.to_owned(), message)) }
    };
    share("align.related", settings.align.related.into())?;
    share("align.fading", settings.align.fading.into())?;
    share("judge.agreement", settings.judge.agreement)?;
    share("judge.contradiction", settings.judge.contradiction)?;
    share("judge.sure", settings.judge.sure)?;
    share("group.linkage", settings.group.linkage)?;
    share("group.opposition", settings.group.opposition)?;
    for (pair, own) in &settings.judge.languages {
        let key = format!("judge.languages.{pair}");
        let wanted = pair.split_once('-').map(|(a, b)| judge::language_pair(a, b));
        if wanted.as_ref() != Some(pair) || pair.chars().any(char::is_uppercase) {
            let message = "a pair of languages is two codes in alphabetical order, as `el-pl`";
            return Err((key, message.to_owned()));
        }
        for (name, value) in [("agreement", own.agreement), ("contradiction", own.contradiction)] {
            share(&format!("{key}.{name}"), value.unwrap_or(0.0))?;
        }
    }
    if settings.run.threads > MOST_THREADS {
        let message = format!("{} is out of range; allowed is 0 to {MOST_THREADS}", settings.run.threads);
        return Err(("run.threads".to_owned(), message));
    }
    if !(1..=100).contains(&settings.align.neighbours) {
        let message = format!("{} is out of range; allowed is 1 to 100", settings.align.neighbours);
        return Err(("align.neighbours".to_owned(), message));
    }
    if settings.watch.iter().any(|watch| watch.claim.trim().is_empty()) {
        return Err(("watch".to_owned(), "a claim is empty".to_owned()));
    }
    validate_names(settings)
}

/// Checks names that stand for something: languages, encodings, locales, delimiters and instruction sets, also of other processors.
fn validate_names(settings: &Settings) -> Result<(), (String, String)> {
    let of_article = |error: ArticleError| match error {
        ArticleError::Setting { key, value, problem } => (format!("article.{key}"), format!("\"{value}\": {problem}")),
        other => ("article".to_owned(), other.to_string()),
    };
    settings.article.fixed_language().map_err(of_article)?;
    settings.article.fixed_encoding().map_err(of_article)?;
    report::Dialect::of(&settings.report).map_err(|error| match error {
        ReportError::Setting { key, value, problem } => (format!("report.{key}"), format!("\"{value}\": {problem}")),
        other => ("report".to_owned(), other.to_string()),
    })?;
    let set = settings.model.instruction_set.as_str();
    let names = InstructionSet::ALL.map(InstructionSet::name);
    if set != "auto" && !names.contains(&set) {
        let message = format!("\"{set}\": expected auto, {}", names.join(", "));
        return Err(("model.instruction_set".to_owned(), message));
    }
    Ok(())
}
