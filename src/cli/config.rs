//! `crossclaim config`.

use std::io::Write;

use anyhow::Result;
use crossclaim::settings;

use super::{Common, Exit};

/// Arguments of `crossclaim config`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  crossclaim config                          effective settings
  crossclaim config --defaults > my.toml     the documented defaults, to start a file of your own
  crossclaim run --config my.toml")]
pub struct Arguments {
    /// The documented defaults instead of the effective settings.
    #[arg(long)]
    defaults: bool,
}

pub fn execute(arguments: &Arguments, common: &Common) -> Result<Exit> {
    let text =
        if arguments.defaults { settings::DEFAULTS.to_owned() } else { settings::to_toml(&common.settings(&[])?) };
    std::io::stdout().write_all(text.as_bytes())?;
    Ok(Exit::Done)
}
