//! How files are written, and stored reports read back.

use std::fs;

use super::*;

#[test]
fn files_are_written_whole_with_the_rights_of_the_user() {
    let folder = tempfile::tempdir().unwrap();
    let settings = Settings::default();
    let paths = write_report(&sample(), &settings, &folder.path().join("new"), &|_| false).unwrap().files;
    let names: Vec<_> = paths.iter().map(|path| path.file_name().unwrap().to_str().unwrap()).collect();
    assert_eq!(
        names,
        [
            "pairs.csv",
            "claims.csv",
            "matrix.csv",
            "watch.csv",
            "pairs.jsonl",
            "pairs.schema.json",
            "report.xlsx",
            "report.html"
        ]
    );
    assert_eq!(fs::read_dir(folder.path().join("new")).unwrap().count(), names.len(), "nothing is left behind");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let plain = folder.path().join("plain");
        fs::write(&plain, "").unwrap();
        let mode = |path: &std::path::Path| fs::metadata(path).unwrap().permissions().mode();
        assert_eq!(mode(&paths[0]), mode(&plain));
    }
}

#[cfg(unix)]
#[test]
fn a_link_and_a_pipe_stay_what_they_are() {
    use std::os::unix::fs::{FileTypeExt, symlink};
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    fs::write(path("mine.toml"), "old").unwrap();
    for (link, target) in [("link.toml", "mine.toml"), ("early.toml", "not there yet.toml")] {
        symlink(target, path(link)).unwrap();
        assert_eq!(write_atomically(&path(link), b"new").unwrap(), path(link));
        assert!(path(link).is_symlink() && fs::read(path(target)).unwrap() == b"new", "{link}");
    }

    let pipe = path("pipe");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let reader = std::thread::spawn({
        let pipe = pipe.clone();
        move || fs::read(pipe).unwrap()
    });
    write_atomically(&pipe, b"new").unwrap();
    assert!(fs::symlink_metadata(&pipe).unwrap().file_type().is_fifo());
    assert_eq!(reader.join().unwrap(), b"new");
}

#[test]
fn a_file_that_must_stay_gets_a_new_one_beside_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("pairs.csv");
    fs::write(&path, "marked").unwrap();
    let is_kept = |file: &std::path::Path| fs::read(file).is_ok_and(|bytes| bytes.starts_with(b"marked"));
    let second = folder.path().join("pairs-2.csv");
    assert_eq!(write_beside(&path, b"new", &is_kept).unwrap(), (second.clone(), true));
    assert_eq!(write_beside(&path, b"newer", &is_kept).unwrap(), (second, true));
    assert_eq!(write_beside(&path, b"marked", &is_kept).unwrap(), (path.clone(), false), "nothing would change");
    let written = write_report(&sample(), &Settings::default(), folder.path(), &is_kept).unwrap();
    assert_eq!(written.kept, std::slice::from_ref(&path));
    assert_eq!(fs::read(&path).unwrap(), b"marked");
}

#[test]
fn what_a_killed_run_was_writing_goes_and_what_is_being_written_stays() {
    let folder = tempfile::tempdir().unwrap();
    let long_ago = std::time::SystemTime::now() - std::time::Duration::from_secs(7200);
    for (name, is_old) in [(".writing-aB3dE9", true), (".writing-now123", false), (".writing-my-notes", true)] {
        let file = fs::File::create(folder.path().join(name)).unwrap();
        if is_old {
            file.set_modified(long_ago).unwrap();
        }
    }
    remove_drafts(folder.path());
    let left = |name: &str| folder.path().join(name).exists();
    assert!(!left(".writing-aB3dE9") && left(".writing-now123") && left(".writing-my-notes"));
}

#[test]
fn a_stored_report_is_read_back_whole() {
    let folder = tempfile::tempdir().unwrap();
    assert!(Report::read(folder.path()).unwrap_err().to_string().contains("folder of a finished run"));
    assert!(sample().store(folder.path()).unwrap().ends_with("tables/report.json"));
    assert_eq!(Report::read(folder.path()).unwrap(), sample());
    let path = folder.path().join("tables/report.json");
    let bytes = fs::read(&path).unwrap();
    fs::write(&path, &bytes[..bytes.len() / 2]).unwrap();
    let problem = Report::read(folder.path()).unwrap_err().to_string();
    assert!(problem.ends_with("the JSON is cut short; run again into this folder"), "{problem}");
}

#[test]
fn a_report_that_an_earlier_version_stored_is_read() {
    let mut stored = serde_json::to_value(sample()).unwrap();
    for claim in stored["claims"].as_array_mut().unwrap() {
        claim.as_object_mut().unwrap().remove("inconsistent");
    }
    stored["articles"][0]["claims"] = serde_json::json!(9);
    let row = &mut stored["matrix"]["rows"][1];
    assert_eq!(row["stances"][0], serde_json::json!([1, "contradicts"]));
    let [yes, no, silent] = ["agrees", "contradicts", "silent"];
    row["stances"] = serde_json::json!([silent, no, yes, silent, no, yes, silent, no]);
    assert_eq!(serde_json::from_value::<Report>(stored).unwrap(), sample());
}

#[test]
fn a_folder_that_cannot_be_written_is_named() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("file"), "").unwrap();
    let problem = write_atomically(&folder.path().join("file/pairs.csv"), b"x").unwrap_err();
    assert!(problem.to_string().starts_with("cannot write `") && problem.to_string().contains("pairs.csv"));
}
