//! Documents say what is so: their commands run, the settings page is the settings file, quoted rows come from the corpus.

use std::path::{Path, PathBuf};
use std::process::Command;

mod common;

use common::{has_model, root};

/// Documents whose ```console blocks are run, each in a folder of its own, in order.
const DOCUMENTS: [&str; 5] = ["README.md", "docs/settings.md", "docs/formats.md", "docs/models.md", "docs/stages.md"];

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|problem| panic!("{}: {problem}", path.display()))
}

/// The settings page, made from the comments and values of `pipeline.toml`.
fn settings_page(toml: &str) -> String {
    let mut page = String::from(
        "# Settings\n\n<!-- Made from pipeline.toml: `WRITE_DOCS=1 cargo test --release --test docs` -->\n",
    );
    let (mut comment, mut section) = (Vec::new(), String::new());
    for line in toml.lines().chain([""]) {
        if let Some(words) = line.strip_prefix('#') {
            comment.push(words.strip_prefix(' ').unwrap_or(words));
        } else if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            section = format!("{name}.");
            page.push_str(&format!("\n## `[{name}]`\n"));
        } else if let Some((key, value)) = line.split_once(" = ") {
            // A setting whose neighbour above was explained together with it has no words of its own.
            page.push_str(&format!("\n### `{section}{key}`\n\nDefault: `{value}`\n"));
            page.push_str(&prose(&std::mem::take(&mut comment)));
        } else if !comment.is_empty() {
            page.push_str(&prose(&std::mem::take(&mut comment)));
        }
    }
    page + "\n## See and change them\n\n```console\n$ crossclaim config\n$ crossclaim config --defaults > my.toml\n\
        $ crossclaim config --config my.toml --set align.neighbours=5\n```\n"
}

/// Comment lines as Markdown: lines that are settings themselves become a block of code.
fn prose(lines: &[&str]) -> String {
    let is_toml = |line: &&&str| line.starts_with('[') || line.contains(" = ");
    let (code, words): (Vec<&str>, Vec<&str>) = lines.iter().copied().partition(|line| is_toml(&line));
    let mut text = if words.is_empty() { String::new() } else { format!("\n{}\n", words.join("\n")) };
    if !code.is_empty() {
        text.push_str(&format!("\n```toml\n{}\n```\n", code.join("\n")));
    }
    text
}

#[test]
fn the_settings_page_is_made_from_the_settings_file() {
    let page = settings_page(&read(&root().join("pipeline.toml")));
    let file = root().join("docs/settings.md");
    if std::env::var_os("WRITE_DOCS").is_some() {
        std::fs::write(&file, &page).unwrap();
    }
    assert!(read(&file) == page, "docs/settings.md is stale: WRITE_DOCS=1 cargo test --release --test docs");
}

#[test]
fn every_column_of_every_table_is_explained() {
    let page = read(&root().join("docs/formats.md"));
    // Of a part only, since tables share names of columns.
    let part = |name: &str| {
        let named = format!("`{name}`");
        let is_named = |part: &&str| part.lines().next().is_some_and(|heading| heading.contains(&named));
        page.split("\n## ").find(is_named).unwrap_or_else(|| panic!("no part on {name}"))
    };
    let report = crossclaim::report::Report { watch: vec![Default::default()], ..Default::default() };
    for table in crossclaim::report::table::tables(&report) {
        for column in table.columns {
            assert!(part(table.name).contains(&format!("`{}`", column.name)), "{}: {}", table.name, column.name);
        }
    }
    let schema: serde_json::Value = serde_json::from_str(crossclaim::report::PAIRS_SCHEMA).unwrap();
    for name in schema["properties"].as_object().unwrap().keys() {
        assert!(part("pairs").contains(&format!("`{name}`")), "pairs.jsonl: {name}");
    }
}

#[test]
fn sentences_in_the_readme_stand_in_the_sample_corpus() {
    let readme = read(&root().join("README.md"));
    let rows = readme.split("```csv\n").nth(1).and_then(|rest| rest.split("```").next()).expect("rows of pairs.csv");
    let mut reader = csv::Reader::from_reader(rows.as_bytes());
    let columns = reader.headers().unwrap().clone();
    let mut quoted = 0;
    for row in reader.records().map(Result::unwrap) {
        let cell = |name: &str| row[columns.iter().position(|column| column == name).unwrap()].to_owned();
        for side in ["left", "right"] {
            let article = read(&root().join("corpus").join(cell(&format!("{side}_article"))));
            assert!(article.contains(&cell(&format!("{side}_text"))), "{row:?}");
            quoted += 1;
        }
    }
    assert!(quoted >= 4);
}

#[cfg(feature = "tables")]
#[test]
fn every_column_of_every_intermediate_table_is_named() {
    let page = read(&root().join("docs/stages.md"));
    let row = |name: &str| {
        let start = format!("| `{name}` |");
        page.lines().find(|line| line.starts_with(&start)).unwrap_or_else(|| panic!("no row on {name}"))
    };
    let before = row("candidates").split_once("`event`").and_then(|(_, rest)| rest.split_once("`similarity`"));
    let before = format!("`event`{}`similarity`", before.expect("columns from `event` to `similarity`").0);
    for table in crossclaim::tables::Table::KEPT {
        let row = row(table.name()).replace("`event` to `similarity` as before", &before);
        for column in table.columns() {
            assert!(row.contains(&format!("`{}`", column.name)), "{}: {}", table.name(), column.name);
        }
    }
}

/// Command lines of the ```console blocks, with the exit code that a line `? N` below asks for.
fn commands(text: &str) -> Vec<(String, i32)> {
    let mut commands: Vec<(String, i32)> = Vec::new();
    let mut inside = false;
    for line in text.lines() {
        match (inside, line) {
            (false, "```console") => inside = true,
            (true, "```") => inside = false,
            (true, line) if line.starts_with("$ ") => commands.push((line[2..].to_owned(), 0)),
            (true, line) if line.starts_with("? ") => commands.last_mut().unwrap().1 = line[2..].parse().unwrap(),
            _ => {}
        }
    }
    commands
}

/// A reader's folder: three articles of one event as `articles/`, three of another as `corpus/`.
fn place() -> tempfile::TempDir {
    let place = tempfile::tempdir().unwrap();
    for (folder, event) in [("articles", "drones"), ("corpus", "bank")] {
        std::fs::create_dir(place.path().join(folder)).unwrap();
        let mut files: Vec<PathBuf> =
            std::fs::read_dir(root().join("corpus").join(event)).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.sort();
        for file in &files[..3] {
            std::fs::copy(file, place.path().join(folder).join(file.file_name().unwrap())).unwrap();
        }
    }
    place
}

/// Marks every open row of a review file as a reader would.
fn mark(file: &Path) {
    let text = read(file);
    let filled: Vec<String> = text
        .lines()
        .map(|line| {
            // The first three empty columns in a row are the reviewer's.
            let is_marked = line.contains(",right,,Ana,");
            if is_marked { line.to_owned() } else { line.replacen(",,,,", ",right,,Ana,", 1) }
        })
        .collect();
    std::fs::write(file, filled.join("\r\n") + "\r\n").unwrap();
}

#[test]
fn every_command_of_the_documents_runs() {
    if !has_model() {
        return;
    }
    let program = Path::new(env!("CARGO_BIN_EXE_crossclaim"));
    let mut paths = vec![program.parent().unwrap().to_owned()];
    paths.extend(std::env::split_paths(&std::env::var_os("PATH").unwrap()));
    let paths = std::env::join_paths(paths).unwrap();
    let mut count = 0;
    for document in DOCUMENTS {
        let place = place();
        for (command, code) in commands(&read(&root().join(document))) {
            // This test is itself run by `cargo test`, from what `cargo build` made.
            if ["cargo test", "cargo build", "git clone"].iter().any(|start| command.starts_with(start)) {
                continue;
            }
            let command =
                command.replace("cargo run --release -- ", "crossclaim ").replace("cargo run --release", "crossclaim");
            for file in command.split_whitespace().filter(|word| word.ends_with("review.csv")) {
                mark(&place.path().join(file));
            }
            let output =
                Command::new("sh").args(["-c", &command]).current_dir(place.path()).env("PATH", &paths).output();
            let output = output.unwrap();
            let said = String::from_utf8_lossy(&output.stderr);
            assert_eq!(output.status.code(), Some(code), "{document}: {command}\n{said}");
            count += 1;
        }
    }
    assert!(count > 15, "{count} commands");
}

#[test]
fn links_between_the_documents_lead_somewhere() {
    for document in [
        "README.md",
        "CONTRIBUTING.md",
        "ARCHITECTURE.md",
        "CHANGELOG.md",
        "docs/formats.md",
        "docs/models.md",
        "docs/stages.md",
    ] {
        let path = root().join(document);
        let text = read(&path);
        for target in text.split("](").skip(1).filter_map(|rest| rest.split([')', '#']).next()) {
            let is_elsewhere = target.is_empty() || target.starts_with("http");
            assert!(is_elsewhere || path.parent().unwrap().join(target).exists(), "{document}: {target}");
        }
    }
}
