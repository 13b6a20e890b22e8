//! What tests with the shipped model share.

use std::path::Path;

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
