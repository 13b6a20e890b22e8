//! What tests of the program share; none uses all of it.
#![allow(dead_code)]

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

/// Folder of the project.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Whether the shipped model is there; says so if not.
pub fn has_model() -> bool {
    let there = root().join("models").join(crossclaim::model::SHIPPED).join("manifest.json").is_file();
    if !there {
        eprintln!("skipped: models/{} is missing", crossclaim::model::SHIPPED);
    }
    there
}

/// What the program makes of these arguments in a folder.
pub fn crossclaim(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_crossclaim")).args(arguments).current_dir(folder).output().unwrap()
}

/// What it makes, in the folder of the project, of bytes from the standard input.
pub fn fed(bytes: &[u8], arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_crossclaim"));
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.current_dir(root()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    std::thread::scope(|scope| {
        // A command that refuses its options does not read.
        scope.spawn(move || stdin.write_all(bytes));
        child.wait_with_output().unwrap()
    })
}
