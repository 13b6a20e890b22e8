//! Every setting of every stage, composed from `pipeline.toml`, the user's file, `--set` and a few flags.

mod text;
mod validate;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use toml::{Table, Value};

use crate::{align, article, cache, group, judge, model, report};
use text::{plainly, syntax, with_line};

pub use text::without_placeholders;

/// The documented defaults; the same text as `pipeline.toml` at the root of the project.
pub const DEFAULTS: &str = include_str!("../pipeline.toml");

/// All settings of a run: one section per module.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// What is run, on what, and where results go.
    pub run: Run,
    /// Reading the corpus.
    pub article: article::Settings,
    /// Which models.
    pub model: model::Settings,
    /// Keeping what was computed.
    pub cache: cache::Settings,
    /// Relating articles and finding candidates.
    pub align: align::Settings,
    /// Judging pairs.
    pub judge: judge::Settings,
    /// Making claims out of pairs.
    pub group: group::Settings,
    /// Writing results.
    pub report: report::Settings,
    /// Claims that the user asks about.
    pub watch: Vec<Watch>,
}

/// Section `[run]`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Run {
    /// Files, folders and globs that make the corpus.
    pub corpus: Vec<String>,
    /// Folder below which each run gets a folder of its own.
    pub outputs: PathBuf,
    /// Threads; 0 takes one per core.
    pub threads: usize,
    /// Seconds after which a run ends with what it has; 0 sets no limit.
    pub budget_seconds: u64,
}

/// One `[[watch]]` section: a claim that every article is asked about.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Watch {
    /// The claim as a sentence, in any language.
    pub claim: String,
}

/// What can be wrong with settings.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// A settings file cannot be read.
    #[error("cannot read settings `{path}`: {source}")]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// Not TOML.
    #[error("{origin}: {message}")]
    Syntax {
        /// File or option.
        origin: String,
        /// Line, column and what is wrong.
        message: String,
    },
    /// A key that does not exist.
    #[error("{origin}: unknown setting `{key}`{}", nearest.as_ref().map(|n| format!("; did you mean `{n}`?")).unwrap_or_default())]
    Unknown {
        /// File or option.
        origin: String,
        /// The key as written.
        key: String,
        /// The known key that looks most like it.
        nearest: Option<String>,
    },
    /// A value of another type than expected, or out of range.
    #[error("{origin}: setting `{key}`: {message}")]
    Value {
        /// File or option.
        origin: String,
        /// The key.
        key: String,
        /// What is wrong and what is allowed.
        message: String,
    },
}

/// Merges the layers: defaults, then the user's file, then each `key=value`; checks names, types and ranges.
///
/// Relative paths in the user's file count from the folder of that file.
pub fn compose(file: Option<&Path>, assignments: &[String]) -> Result<Settings, SettingsError> {
    let mut table = parse("pipeline.toml", DEFAULTS)?;
    let known = keys(&table, "");
    let mut settings = from_table(&table, "pipeline.toml")?;
    if let Some(path) = file {
        let text = std::fs::read_to_string(path).map_err(|source| SettingsError::Read { path: path.into(), source })?;
        let text = without_placeholders(&text);
        let origin = path.display().to_string();
        let mut layer = parse(&origin, &text)?;
        check_names(&layer, "", &known, &origin).map_err(|error| with_line(error, &text))?;
        // Once more as settings, because only a text can say in which line a value of another type stands.
        toml::from_str::<Settings>(&text).map_err(|e| syntax(&origin, &e))?;
        rebase(&mut layer, path.parent().unwrap_or(Path::new("")));
        merge(&mut table, layer);
        settings = from_table(&table, &origin).map_err(|error| with_line(error, &text))?;
    }
    for assignment in assignments {
        let origin = format!("--set {assignment}");
        let layer = assigned(assignment, &table)?;
        check_names(&layer, "", &known, &origin)?;
        merge(&mut table, layer);
        settings = from_table(&table, &origin)?;
    }
    Ok(settings)
}

/// Reads finished settings, such as the `settings.toml` of a run.
pub fn read(path: &Path) -> Result<Settings, SettingsError> {
    compose(Some(path), &[])
}

fn parse(origin: &str, text: &str) -> Result<Table, SettingsError> {
    text.parse::<Table>().map_err(|e| syntax(origin, &e))
}

/// One `section.key=value` as a table. A value that is no TOML is taken as text, as is one for a setting that is text in `table`.
fn assigned(assignment: &str, table: &Table) -> Result<Table, SettingsError> {
    let syntax =
        |message: &str| SettingsError::Syntax { origin: format!("--set {assignment}"), message: message.into() };
    let (key, text) =
        assignment.split_once('=').ok_or_else(|| syntax("expected KEY=VALUE, as in align.neighbours=5"))?;
    let mut parts: Vec<&str> = key.trim().split('.').collect();
    let old = parts[1..].iter().try_fold(table.get(parts[0]), |value, part| Some(value?.get(part)));
    let is_text = matches!(old.flatten(), Some(Value::String(_)));
    // A space at the end may be meant, as in model.prompt='query: '.
    let text = text.trim_start();
    let value = format!("v = {text}").parse::<Table>().ok().and_then(|mut t| t.remove("v"));
    let value = value.filter(|v| v.is_str() || !is_text).unwrap_or_else(|| Value::String(text.to_owned()));
    let last = parts.pop().filter(|p| !p.is_empty()).ok_or_else(|| syntax("the key is empty"))?;
    let mut layer = Table::from_iter([(last.to_owned(), value)]);
    for part in parts.into_iter().rev() {
        layer = Table::from_iter([(part.to_owned(), Value::Table(layer))]);
    }
    Ok(layer)
}

/// Dotted names of all settings.
fn keys(table: &Table, prefix: &str) -> Vec<String> {
    let mut all = Vec::new();
    for (key, value) in table {
        let name = format!("{prefix}{key}");
        if let Value::Table(inner) = value {
            all.extend(keys(inner, &format!("{name}.")));
        }
        all.push(name);
    }
    all
}

fn check_names(layer: &Table, prefix: &str, known: &[String], origin: &str) -> Result<(), SettingsError> {
    for (key, value) in layer {
        let name = format!("{prefix}{key}");
        if !known.contains(&name) {
            let near = known.iter().map(|k| (strsim::damerau_levenshtein(k, &name), k)).min();
            let nearest = near.filter(|(distance, _)| *distance <= 3 + name.len() / 4).map(|(_, k)| k.clone());
            return Err(SettingsError::Unknown { origin: origin.to_owned(), key: name, nearest });
        }
        match value {
            // Pairs of languages are the user's own keys.
            Value::Table(inner) if name != "judge.languages" => check_names(inner, &format!("{name}."), known, origin)?,
            _ => {}
        }
    }
    Ok(())
}

fn merge(into: &mut Table, layer: Table) {
    for (key, value) in layer {
        match (into.get_mut(&key), value) {
            (Some(Value::Table(old)), Value::Table(new)) => merge(old, new),
            (_, value) => drop(into.insert(key, value)),
        }
    }
}

/// Makes the relative paths of a settings file relative to the folder that it lies in.
fn rebase(layer: &mut Table, folder: &Path) {
    let join = |value: &mut Value| {
        if let Value::String(text) = value {
            let own = text.starts_with("hub:") || text.is_empty() || Path::new(text).is_absolute();
            if !own {
                *text = folder.join(&*text).to_string_lossy().into_owned();
            }
        }
    };
    let paths = [("run", "corpus"), ("run", "outputs"), ("model", "encoder"), ("model", "judge"), ("cache", "dir")];
    for (section, key) in paths {
        let Some(value) = layer.get_mut(section).and_then(|s| s.get_mut(key)) else {
            continue;
        };
        let named = section == "model" && value.as_str() == Some("shipped");
        match value {
            Value::Array(items) => items.iter_mut().for_each(join),
            value if !named => join(value),
            _ => {}
        }
    }
}

fn from_table(table: &Table, origin: &str) -> Result<Settings, SettingsError> {
    let refused = |key: &str, message: String| SettingsError::Value {
        origin: origin.into(),
        key: key.into(),
        message: plainly(&message),
    };
    // Section by section, so that the message names the key.
    for (section, value) in table {
        let single = Table::from_iter([(section.clone(), value.clone())]);
        if let Err(error) = single.try_into::<Settings>() {
            return Err(refused(section, error.to_string().trim().replace('\n', "; ")));
        }
    }
    let settings: Settings =
        table.clone().try_into().map_err(|e: toml::de::Error| refused("", e.message().to_owned()))?;
    validate::validate(&settings).map_err(|(key, message)| refused(&key, message))?;
    Ok(settings)
}

/// Effective settings as TOML.
pub fn to_toml(settings: &Settings) -> String {
    toml::to_string_pretty(settings).expect("settings are plain values")
}

/// Effective settings as TOML for a file that works wherever it lies: every path is absolute.
pub fn to_toml_anywhere(settings: &Settings) -> String {
    let mut table = Table::try_from(settings).expect("settings are plain values");
    rebase(&mut table, &std::path::absolute(".").unwrap_or_default());
    to_toml(&table.try_into().expect("paths stay texts"))
}

/// Names and values of all settings, for `run.json`.
pub fn flat(settings: &Settings) -> BTreeMap<String, String> {
    fn walk(table: &Table, prefix: &str, out: &mut BTreeMap<String, String>) {
        for (key, value) in table {
            match value {
                Value::Table(inner) => walk(inner, &format!("{prefix}{key}."), out),
                other => drop(out.insert(format!("{prefix}{key}"), other.to_string())),
            }
        }
    }
    let mut out = BTreeMap::new();
    walk(&Table::try_from(settings).expect("settings are plain values"), "", &mut out);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(file: &str, sets: &[&str]) -> String {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("my.toml");
        std::fs::write(&path, file).unwrap();
        let sets: Vec<String> = sets.iter().map(|s| (*s).to_owned()).collect();
        compose(Some(&path), &sets).unwrap_err().to_string()
    }

    #[test]
    fn the_embedded_file_states_every_default() {
        let from_file: Table = DEFAULTS.parse().unwrap();
        let from_code = Table::try_from(compose(None, &[]).unwrap()).unwrap();
        let (mut file, mut code) = (keys(&from_file, ""), keys(&from_code, ""));
        file.sort();
        code.sort();
        assert_eq!(file, code);
    }

    #[test]
    fn a_partial_file_and_an_assignment_override_the_defaults() {
        let settings = compose(None, &["align.neighbours=7".into(), "model.encoder=hub:a/b@main".into()]).unwrap();
        assert_eq!((settings.align.neighbours, settings.model.encoder.as_str()), (7, "hub:a/b@main"));
    }

    #[test]
    fn sections_may_follow_all_defaults() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("my.toml");
        for pair in
            ["[judge.languages.el-pl]\ncontradiction = 0.7", "[judge.languages]\nel-pl = { contradiction = 0.7 }"]
        {
            let more = format!("\n{pair}\n\n[[watch]]\nclaim = \"The bridge fell.\"\n");
            std::fs::write(&path, format!("{DEFAULTS}{more}")).unwrap();
            let settings = read(&path).unwrap();
            assert_eq!(settings.watch[0].claim, "The bridge fell.");
            assert_eq!(settings.judge.languages["el-pl"].contradiction, Some(0.7));
        }
    }

    #[test]
    fn wrong_types_are_told_in_words_of_people() {
        assert!(error("", &["judge.agreement=0,6"]).contains("a number with a point, as 0.6"));
        assert!(error("", &["report.formats=xlsx"]).contains("expected a list"));
        assert!(error("[judge]\nagreement = 0,6\n", &[]).contains("numbers have a point"));
        assert!(error("[cache]\ndir = \"C:\\Users\\ana\"\n", &[]).contains("write paths with /"));
    }

    #[test]
    fn an_unknown_key_names_the_nearest() {
        let message = error("[align]\nneigbours = 5\n", &[]);
        assert!(message.contains("unknown setting `align.neigbours`; did you mean `align.neighbours`?"), "{message}");
        assert!(error("", &["judge.contradicton=0.5"]).contains("`judge.contradiction`"));
    }

    #[test]
    fn values_out_of_range_and_of_the_wrong_type_are_refused() {
        assert!(error("[judge]\nagreement = 1.5\n", &[]).contains("judge.agreement"));
        let message = error("[align]\nneighbours = \"many\"\n", &[]);
        assert!(message.contains("my.toml") && message.contains("line 2"), "{message}");
        assert!(error("", &["run.threads=100000"]).contains("allowed is 0 to 1024"));
        assert!(error("", &["judge.sure=2"]).starts_with("--set judge.sure=2: setting `judge.sure`"));
        assert!(error("[align\n", &[]).contains("line 1"));
    }

    #[test]
    fn errors_in_a_file_name_the_line() {
        assert!(
            error("# mine\n\n[align]\nneighbours = 500\n", &[]).contains("my.toml, line 4: setting `align.neighbours`")
        );
        assert!(error("[judge]\n\ncontradicton = 0.5\n", &[]).contains("my.toml, line 3: unknown setting"));
        assert!(error("[judge.languages]\nel-pl = { agreement = 2 }\n", &[]).contains("my.toml, line 2: "));
        assert!(error("align.related = 65\n", &["judge.sure=0.5"]).contains("my.toml, line 1: "));
    }

    #[test]
    fn names_that_mean_nothing_are_refused_before_any_work() {
        for set in [
            "report.locale=xx",
            "report.delimiter=|",
            "article.encoding=win-1250",
            "article.language=Polish",
            "model.instruction_set=mmx",
        ] {
            let (key, value) = set.split_once('=').unwrap();
            let message = error("", &[set]);
            assert!(message.contains(&format!("setting `{key}`: \"{value}\": expected ")), "{message}");
        }
        assert!(error("[[watch]]\nclaim = \" \"\n", &[]).contains("setting `watch`: a claim is empty"));
        for set in ["model.instruction_set=neon", "model.instruction_set=amx", "report.locale=de-AT"] {
            compose(None, &[set.to_owned()]).unwrap();
        }
    }

    #[test]
    fn a_pair_of_languages_is_refused_where_it_would_never_be_looked_up() {
        for pair in ["pl-el", "EL-PL", "el_pl"] {
            let message = error(&format!("[judge.languages.{pair}]\ncontradiction = 0.9\n"), &[]);
            assert!(message.contains("in alphabetical order, as `el-pl`"), "{message}");
        }
        assert!(compose(None, &["judge.languages.el-pl.contradiction=0.9".into()]).is_ok());
    }

    #[test]
    fn what_is_set_for_a_text_is_text() {
        let sets = ["model.prompt=query: ", "cache.dir=2024", "run.outputs=2026-11-30"].map(str::to_owned);
        let settings = compose(None, &sets).unwrap();
        assert_eq!(settings.model.prompt, "query: ");
        assert_eq!(settings.cache.dir, Path::new("2024"));
        assert_eq!(settings.run.outputs, Path::new("2026-11-30"));
    }

    #[test]
    fn a_file_of_effective_settings_means_the_same_in_another_folder() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("settings.toml");
        let settings = compose(None, &["model.encoder=mine".into(), "judge.sure=0.7".into()]).unwrap();
        std::fs::write(&path, to_toml_anywhere(&settings)).unwrap();
        let back = read(&path).unwrap();
        let here = std::env::current_dir().unwrap();
        assert_eq!(back.run.corpus, [here.join("corpus").to_string_lossy()]);
        assert_eq!((back.cache.dir, back.run.outputs), (here.join("cache"), here.join("outputs")));
        assert_eq!(
            (back.model.encoder, back.model.judge),
            (here.join("mine").to_string_lossy().into_owned(), "shipped".into())
        );
        assert_eq!(back.judge.sure, 0.7);
    }

    #[test]
    fn paths_count_from_the_file_that_names_them() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("my.toml");
        std::fs::write(&path, "[run]\ncorpus = [\"news\"]\n[model]\nencoder = \"models/mine\"\njudge = \"own\"\n")
            .unwrap();
        let settings = compose(Some(&path), &[]).unwrap();
        assert_eq!(settings.run.corpus, [folder.path().join("news").to_string_lossy()]);
        assert_eq!(settings.model.encoder, folder.path().join("models/mine").to_string_lossy());
        assert_eq!(settings.model.judge, folder.path().join("own").to_string_lossy());
    }
}
