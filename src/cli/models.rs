//! How commands come by their models.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use crossclaim::cache::Store;
use crossclaim::embed::Centred;
#[cfg(feature = "tables")]
use crossclaim::judge::{Bench, Calibration};
#[cfg(feature = "tables")]
use crossclaim::model::Judge;
use crossclaim::model::hub::{self, HubOptions};
use crossclaim::model::{self, Encoder, OpenJudge, Source};
use crossclaim::pipeline::Models;
use crossclaim::settings::Settings;

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
        let judge = open_judge(settings)?;
        let (encoder, is_pack) = any_encoder(settings)?;
        let models = Models::new(encoder, judge).with_context(|| format!("model `{}`", settings.model.judge))?;
        Ok(Self { models, is_pack })
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

fn open_judge(settings: &Settings) -> Result<OpenJudge> {
    Ok(model::open_judge(&resolve(&settings.model.judge)?, &settings.model)?)
}

/// A judge with what belongs to it.
#[cfg(feature = "tables")]
pub struct OpenedJudge {
    judge: Box<dyn Judge>,
    conflict_types: Vec<String>,
    calibration: Calibration,
}

#[cfg(feature = "tables")]
impl OpenedJudge {
    /// The one that the settings name.
    pub fn of(settings: &Settings) -> Result<Self> {
        let OpenJudge { judge, conflict_types, calibration } = open_judge(settings)?;
        let calibration =
            Calibration::of_model(calibration).with_context(|| format!("model `{}`", settings.model.judge))?;
        Ok(Self { judge, conflict_types, calibration })
    }

    /// The parts together.
    pub fn bench(&self) -> Bench<'_> {
        Bench { model: self.judge.as_ref(), calibration: &self.calibration, conflict_types: &self.conflict_types }
    }
}

/// Folder of a model, downloaded first if it is on the Hub.
fn resolve(name: &str) -> Result<PathBuf> {
    match Source::of(name) {
        Source::Shipped => shipped(),
        Source::Folder(folder) => Ok(folder),
        Source::Hub(hub) => fetch(&hub),
    }
}

/// Folder of a model of the Hub; says how far the download is.
pub fn fetch(name: &str) -> Result<PathBuf> {
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

/// Where the Hub and its cache are, from the environment.
pub fn hub_options() -> Result<HubOptions> {
    HubOptions::from_variables(|name| std::env::var(name).ok())
        .context("there is no place for the Hub's cache: set HF_HOME or HOME")
}

/// Folder of the model that ships with the program: `models/NAME` beside the program or above it, or in the source tree.
pub fn shipped() -> Result<PathBuf> {
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
