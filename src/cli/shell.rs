//! `crossclaim completions` and `crossclaim man`.

use std::io::Write;

use anyhow::Result;
use clap::CommandFactory;

use super::Exit;

/// Arguments of `crossclaim completions`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:
  crossclaim completions bash > ~/.local/share/bash-completion/completions/crossclaim")]
pub struct Completions {
    /// The shell.
    shell: clap_complete::Shell,
}

pub fn completions(arguments: &Completions) -> Result<Exit> {
    let mut text = Vec::new();
    clap_complete::generate(arguments.shell, &mut super::Arguments::command(), "crossclaim", &mut text);
    std::io::stdout().write_all(&text)?;
    Ok(Exit::Done)
}

pub fn man() -> Result<Exit> {
    let mut text = Vec::new();
    clap_mangen::Man::new(super::Arguments::command()).render(&mut text)?;
    std::io::stdout().write_all(&text)?;
    Ok(Exit::Done)
}
