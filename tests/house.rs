//! The dependency rule of the house: `lib.rs` lists the modules in the order of the way of a claim; a module uses only earlier ones.

use std::path::Path;

#[test]
fn a_module_uses_only_modules_listed_before_it() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let lib = std::fs::read_to_string(root.join("lib.rs")).unwrap();
    let modules: Vec<&str> =
        lib.lines().filter_map(|l| l.strip_prefix("pub mod ")).map(|m| m.trim_end_matches(';')).collect();
    assert!(modules.len() > 8, "lib.rs lists the modules, one a line");
    for (place, module) in modules.iter().enumerate() {
        for file in files(&root, module) {
            let text = std::fs::read_to_string(&file).unwrap();
            let used = used(&text);
            for later in &modules[place + 1..] {
                assert!(!used.contains(later), "{} uses `{later}`, which comes after `{module}`", file.display());
            }
        }
    }
}

#[test]
fn modules_are_seen_alone_and_in_braces() {
    let text = "use crate::{align::{self, Extent, relate as r}, judge as j,\n    report};\nuse crate::claim::Claim;";
    assert_eq!(used(text), ["align", "judge", "report", "claim"]);
}

/// Names that stand after `crate::` in a file, alone or in braces.
fn used(text: &str) -> Vec<&str> {
    let mut names = Vec::new();
    for (at, path) in text.match_indices("crate::") {
        let rest = &text[at + path.len()..];
        let Some(group) = rest.strip_prefix('{') else {
            names.push(first_name(rest));
            continue;
        };
        let (mut depth, mut start) = (0, 0);
        for (end, c) in group.char_indices() {
            match c {
                '{' => depth += 1,
                ',' | '}' if depth == 0 => {
                    names.push(first_name(&group[start..end]));
                    start = end + 1;
                    if c == '}' {
                        break;
                    }
                }
                '}' => depth -= 1,
                _ => {}
            }
        }
    }
    names
}

fn first_name(path: &str) -> &str {
    path.trim_start().split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default()
}

/// `module.rs` and everything in the folder `module/`.
fn files(root: &Path, module: &str) -> Vec<std::path::PathBuf> {
    let mut found: Vec<_> = Some(root.join(format!("{module}.rs"))).into_iter().filter(|f| f.is_file()).collect();
    let mut folders = vec![root.join(module)];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).into_iter().flatten() {
            let path = entry.unwrap().path();
            match path.is_dir() {
                true => folders.push(path),
                false if path.extension().is_some_and(|e| e == "rs") => found.push(path),
                false => {}
            }
        }
    }
    found
}
