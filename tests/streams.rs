//! Standard streams: a text from there is read as one from a file, and a reader that goes away changes nothing else.

use std::process::{Command, Output, Stdio};

mod common;

use common::{fed, has_model};

/// What `split` makes of a text from the standard input.
fn split(text: &str, options: &[&str]) -> Output {
    fed(text.as_bytes(), &[&["split"], options].concat())
}

#[test]
fn a_text_from_the_standard_input_is_split_as_one_from_a_file() {
    let text = "\u{feff}Most zamknięto w nocy. Naprawa potrwa dwa tygodnie.\n";
    for options in [["--lang", "pol"], ["--set", "article.language=pol"]] {
        let output = split(text, &options);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let said = String::from_utf8(output.stdout).unwrap();
        let first: serde_json::Value = serde_json::from_str(said.lines().next().unwrap()).unwrap();
        assert_eq!((&first["lang"], &first["text"]), (&"pl".into(), &"Most zamknięto w nocy.".into()));
    }
    assert_eq!(split(text, &["--lang", "HR"]).status.code(), Some(3));
}

#[test]
fn bytes_of_another_encoding_are_converted_or_refused_with_their_line() {
    let text = "Мост закрыли ночью из-за сильного ветра. Ремонт продлится две недели, сообщили городские власти.\n";
    let legacy = encoding_rs::WINDOWS_1251.encode(text).0;
    for options in [&["split"][..], &["split", "--set", "article.encoding=windows-1251"]] {
        let output = fed(&legacy, options);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        assert!(String::from_utf8(output.stdout).unwrap().contains("Ремонт продлится две недели"), "{options:?}");
    }
    let output = fed(b"One.\tTwo.\nOne.\t\xff.\n", &["judge"]);
    assert_eq!(output.status.code(), Some(3));
    assert!(String::from_utf8_lossy(&output.stderr).contains("`-`, line 2: not UTF-8"));
}

#[cfg(unix)]
#[test]
fn vectors_are_written_through_a_link_and_into_a_file_that_others_may_read() {
    use std::os::unix::fs::{MetadataExt, symlink};
    if !has_model() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    symlink("vectors.npy", path("link.npy")).unwrap();
    std::fs::write(path("vectors.npy"), "old").unwrap();
    let output = fed(b"The bridge was closed.\n", &["embed", "--out", path("link.npy").to_str().unwrap()]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(path("link.npy").is_symlink() && std::fs::read(path("vectors.npy")).unwrap().starts_with(b"\x93NUMPY"));
    std::fs::write(path("plain"), "").unwrap();
    let mode = |name: &str| std::fs::metadata(path(name)).unwrap().mode();
    assert_eq!(mode("vectors.npy"), mode("plain"));
}

#[test]
fn a_reader_of_messages_that_goes_away_changes_no_exit_code() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("good.txt"), "The bridge was closed on Monday.").unwrap();
    std::fs::write(folder.path().join("bad.txt"), b"PK\x03\x04\x00\x00binary").unwrap();
    let code = |arguments: &[&str]| {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let mut command = Command::new(env!("CARGO_BIN_EXE_crossclaim"));
        command.args(arguments).current_dir(folder.path()).stdout(Stdio::null()).stderr(writer);
        command.status().unwrap().code()
    };
    assert_eq!((code(&["split", "."]), code(&["split", "nowhere"])), (Some(4), Some(3)));
    std::fs::write(folder.path().join("marked.csv"), "pair_id,relation,mark,note,reviewer\np1,agreement,right,,\n")
        .unwrap();
    assert_eq!(code(&["review", "marked.csv"]), Some(0));
}
