//! `crossclaim model`.

use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result, bail};
use crossclaim::model::hub::{self, HubName};
use crossclaim::model::{self, Source};
use crossclaim::settings::Settings;

use super::models::{fetch, hub_options, shipped};
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
