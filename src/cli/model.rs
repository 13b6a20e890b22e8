//! `crossclaim model`, and how every command comes by its models.

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use crossclaim::cache::Store;
use crossclaim::embed::Centred;
#[cfg(feature = "tables")]
use crossclaim::judge::Bench;
use crossclaim::judge::Calibration;
use crossclaim::model::hub::{self, HubName, HubOptions};
use crossclaim::model::{self, Encoder, Judge, Source};
use crossclaim::pipeline::Models;
use crossclaim::settings::Settings;

use super::{Common, Exit};

/// Arguments of `crossclaim model`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  crossclaim model list
  crossclaim model show
  crossclaim model fetch hub:intfloat/multilingual-e5-base
  crossclaim model verify

HF_ENDPOINT, HF_HOME, HF_HUB_OFFLINE and HF_TOKEN are honoured.")]
pub struct Arguments {
    /// What to do.
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    /// Which models the settings name, and where they are.
    List,
    /// Origin, licence, training data of the shipped model, and where its scores are.
    Show,
    /// Downloads a model from the Hugging Face Hub into its cache.
    Fetch {
        /// `hub:owner/name@revision`.
        name: String,
    },
    /// Checks every file of the models in the settings against its checksum.
    Verify,
}

pub fn execute(arguments: &Arguments, common: &Common) -> Result<Exit> {
    let settings = common.settings(&[])?;
    let mut out = std::io::stdout().lock();
    match &arguments.action {
        Action::List => {
            for (role, name) in [("encoder", &settings.model.encoder), ("judge", &settings.model.judge)] {
                let place = match Source::of(name) {
                    Source::Shipped => shipped()?.display().to_string(),
                    Source::Folder(folder) => folder.display().to_string(),
                    Source::Hub(hub) => format!("Hugging Face Hub, revision {}", hub.parse::<HubName>()?.revision),
                };
                writeln!(out, "{role}\t{name}\t{place}")?;
            }
        }
        Action::Show => {
            let path = shipped()?.join("manifest.json");
            let text = std::fs::read_to_string(&path).with_context(|| format!("cannot read `{}`", path.display()))?;
            writeln!(out, "{}", text.trim_end())?;
        }
        Action::Fetch { name } => writeln!(out, "{}", fetch(name)?.display())?,
        Action::Verify => verify(&settings, &mut out)?,
    }
    Ok(Exit::Done)
}

fn verify(settings: &Settings, out: &mut dyn Write) -> Result<()> {
    let mut plain = Vec::new();
    for (role, name) in [("encoder", &settings.model.encoder), ("judge", &settings.model.judge)] {
        let files = match Source::of(name) {
            Source::Shipped => verify_pack(&shipped()?)?,
            Source::Folder(folder) if model::is_pack(&folder) => verify_pack(&folder)?,
            Source::Folder(_) => {
                plain.push(format!("`{name}`"));
                continue;
            }
            Source::Hub(hub) => hub::verify(&hub.parse()?, &hub_options()?)?,
        };
        writeln!(out, "{role}\t{name}\t{files} files are whole")?;
    }
    if !plain.is_empty() {
        bail!("there are no checksums to compare with in a plain folder: {}", plain.join(", "));
    }
    Ok(())
}

/// Gives the number of files.
fn verify_pack(folder: &Path) -> Result<usize> {
    let pack = model::pack::open(folder)?;
    pack.verify()?;
    Ok(pack.manifest().files.len())
}

/// Encoder and judge that the settings name.
pub fn open(settings: &Settings) -> Result<Models> {
    Ok(Opened::of(settings)?.finish(settings, None))
}

/// The same behind the cache of the settings.
pub fn open_cached(settings: &Settings) -> Result<Models> {
    Opened::of(settings)?.cached(settings)
}

/// Models as they are, before anything is put around them.
pub struct Opened {
    models: Models,
    is_pack: bool,
}

impl Opened {
    /// Those that the settings name.
    pub fn of(settings: &Settings) -> Result<Self> {
        let OpenedJudge { judge, conflict_types, calibration } = self::judge(settings)?;
        let (encoder, is_pack) = any_encoder(settings)?;
        Ok(Self { models: Models { encoder, judge, conflict_types, calibration, cache: None }, is_pack })
    }

    /// What tells these models from others.
    pub fn fingerprints(&self) -> [String; 2] {
        [self.models.encoder.fingerprint(), self.models.judge.fingerprint()]
    }

    /// Behind the cache, if there is to be one; a cache that cannot be used is told and left out.
    pub fn cached(self, settings: &Settings) -> Result<Models> {
        if !settings.cache.enabled {
            return Ok(self.finish(settings, None));
        }
        match Store::open(&settings.cache) {
            Ok(mut store) => {
                if store.bytes() > settings.cache.max_megabytes.saturating_mul(1_000_000) {
                    match store.prune(settings.cache.max_megabytes / 5 * 4) {
                        Ok(pruned) => {
                            tracing::info!("{} entries of the cache were dropped: it was too large", pruned.entries);
                        }
                        Err(error) => tracing::warn!("{error}: it stays larger than `cache.max_megabytes`"),
                    }
                }
                Ok(self.finish(settings, Some(store)))
            }
            Err(error) => {
                tracing::warn!("{error}: this run goes on without it");
                Ok(self.finish(settings, None))
            }
        }
    }

    fn finish(self, settings: &Settings, cache: Option<Store>) -> Models {
        let Self { mut models, is_pack } = self;
        if let Some(store) = cache {
            models = models.cached(store);
        }
        models.encoder = centred(models.encoder, is_pack, settings);
        models
    }
}

/// The encoder, and whether it is a pack.
fn any_encoder(settings: &Settings) -> Result<(Box<dyn Encoder>, bool)> {
    let folder = resolve(&settings.model.encoder)?;
    Ok((model::open_encoder(&folder, &settings.model)?, model::is_pack(&folder)))
}

/// The encoder that the settings name, as its own files have it.
pub fn encoder(settings: &Settings) -> Result<Box<dyn Encoder>> {
    Ok(any_encoder(settings)?.0)
}

/// The encoder as runs use it.
#[cfg(feature = "tables")]
pub fn centred_encoder(settings: &Settings) -> Result<Box<dyn Encoder>> {
    let (encoder, is_pack) = any_encoder(settings)?;
    Ok(centred(encoder, is_pack, settings))
}

/// Takes the language means away where the settings want that.
fn centred(encoder: Box<dyn Encoder>, is_pack: bool, settings: &Settings) -> Box<dyn Encoder> {
    if settings.model.language_means && !is_pack { Box::new(Centred::new(encoder)) } else { encoder }
}

/// A judge with what belongs to it.
pub struct OpenedJudge {
    judge: Box<dyn Judge>,
    conflict_types: Vec<String>,
    calibration: Calibration,
}

impl OpenedJudge {
    /// The parts together.
    #[cfg(feature = "tables")]
    pub fn bench(&self) -> Bench<'_> {
        Bench { model: self.judge.as_ref(), calibration: &self.calibration, conflict_types: &self.conflict_types }
    }
}

/// The judge that the settings name.
pub fn judge(settings: &Settings) -> Result<OpenedJudge> {
    let open = model::open_judge(&resolve(&settings.model.judge)?, &settings.model)?;
    let calibration = match open.calibration {
        serde_json::Value::Null => Calibration::identity(),
        own => Calibration::from_json(own).with_context(|| format!("model `{}`", settings.model.judge))?,
    };
    Ok(OpenedJudge { judge: open.judge, conflict_types: open.conflict_types, calibration })
}

/// Folder of a model, downloaded first if it is on the Hub.
fn resolve(name: &str) -> Result<PathBuf> {
    match Source::of(name) {
        Source::Shipped => shipped(),
        Source::Folder(folder) => Ok(folder),
        Source::Hub(hub) => fetch(&hub),
    }
}

fn fetch(name: &str) -> Result<PathBuf> {
    let bar = indicatif::ProgressBar::hidden();
    let fetched = hub::fetch(&name.parse()?, &hub_options()?, &mut |progress| {
        if bar.is_hidden() {
            bar.set_draw_target(indicatif::ProgressDrawTarget::stderr());
            bar.set_style(
                indicatif::ProgressStyle::with_template("{msg:>24} {wide_bar} {bytes}/{total_bytes} {eta:>5}")
                    .expect("the template is fixed"),
            );
        }
        bar.set_message(progress.file.to_owned());
        bar.set_length(progress.total);
        bar.set_position(progress.done);
    })?;
    bar.finish_and_clear();
    if let Some(note) = &fetched.note {
        tracing::warn!("{note}");
    }
    tracing::info!("model {} at revision {}", fetched.pinned.repository, fetched.pinned.revision);
    Ok(fetched.folder)
}

fn hub_options() -> Result<HubOptions> {
    HubOptions::from_variables(|name| std::env::var(name).ok())
        .context("there is no place for the Hub's cache: set HF_HOME or HOME")
}

/// Folder of the model that ships with the program: `models/NAME` beside the program or above it, or in the source tree.
fn shipped() -> Result<PathBuf> {
    let inner = Path::new("models").join(model::SHIPPED);
    let program = std::env::current_exe().context("cannot tell where the program lies")?;
    let source = Path::new(env!("CARGO_MANIFEST_DIR"));
    let found =
        program.ancestors().skip(1).take(4).chain([source]).map(|folder| folder.join(&inner)).find(|f| f.is_dir());
    found.with_context(|| {
        format!(
            "the model that ships with the program is missing: `{}` is neither beside `{}` nor above it",
            inner.display(),
            program.display()
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pack_is_verified_in_any_folder_and_beside_a_plain_one() {
        let Ok(pack) = shipped() else { return };
        let plain = tempfile::tempdir().unwrap();
        let mut settings = Settings::default();
        settings.model.encoder = plain.path().display().to_string();
        settings.model.judge = pack.display().to_string();
        let mut out = Vec::new();
        let problem = verify(&settings, &mut out).unwrap_err().to_string();
        assert!(problem.contains(&settings.model.encoder) && !problem.contains(&settings.model.judge), "{problem}");
        let out = String::from_utf8(out).unwrap();
        assert!(out.starts_with("judge\t") && out.ends_with("files are whole\n"), "{out}");
    }
}
