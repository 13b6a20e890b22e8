//! Models come from the Hub once, resume, are verified and work offline: against a small Hub on loopback.

use crossclaim::model::candle;
use crossclaim::model::hub::{self, Fetched, HubName, HubOptions};
use serde_json::json;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::sync::{Arc, Mutex};
use tempfile::TempDir;

const COMMIT: &str = "0123456789abcdef0123456789abcdef01234567";
const LATER: &str = "89abcdef0123456789abcdef0123456789abcdef";
const WEIGHTS: &str = "model.safetensors";

/// What the Hub on loopback serves, how it misbehaves and what it was asked.
#[derive(Default)]
struct State {
    files: BTreeMap<String, Vec<u8>>,
    commit: String,
    /// Ends the connection after so many bytes of the weights, so many times.
    cuts: usize,
    cut_after: usize,
    /// Changes a byte of what is sent for this file.
    damages: Option<&'static str>,
    /// Gives no sizes and checksums in the listing, as old mirrors do.
    bare_listing: bool,
    /// Does not know the repository's weights although it lists them.
    hides_weights: bool,
    requests: Vec<String>,
}

struct Hub {
    state: Arc<Mutex<State>>,
    options: HubOptions,
    _cache: TempDir,
}

impl Hub {
    fn start() -> Self {
        let tiny = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/tiny/bert");
        let mut files: BTreeMap<String, Vec<u8>> = ["config.json", "tokenizer.json", WEIGHTS]
            .map(|name| (name.to_string(), std::fs::read(tiny.join(name)).unwrap()))
            .into();
        files.insert("1_Pooling/config.json".into(), br#"{"pooling_mode_cls_token": true}"#.into());
        for other in ["pytorch_model.bin", "README.md", "onnx/model.onnx", "../escape.json"] {
            files.insert(other.into(), b"not needed".into());
        }
        let state = Arc::new(Mutex::new(State { files, commit: COMMIT.into(), ..State::default() }));
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let cache = tempfile::tempdir().unwrap();
        let options = HubOptions {
            endpoint: format!("http://{}", listener.local_addr().unwrap()),
            cache: cache.path().join("hub"),
            offline: false,
            token: None,
        };
        let shared = Arc::clone(&state);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                // a client that goes away early is part of these tests
                drop(answer(stream, &shared));
            }
        });
        Self { state, options, _cache: cache }
    }

    fn with(&self, change: impl FnOnce(&mut State)) -> &Self {
        change(&mut self.state.lock().unwrap());
        self
    }

    fn fetch(&self, name: &str) -> Result<Fetched, String> {
        hub::fetch(&name.parse::<HubName>().unwrap(), &self.options, &mut |_| {}).map_err(|error| error.to_string())
    }

    fn offline(&self, name: &str) -> Result<Fetched, String> {
        let options = HubOptions { offline: true, endpoint: "http://127.0.0.1:1".into(), ..self.options.clone() };
        hub::fetch(&name.parse::<HubName>().unwrap(), &options, &mut |_| {}).map_err(|error| error.to_string())
    }

    fn requests(&self) -> Vec<String> {
        std::mem::take(&mut self.state.lock().unwrap().requests)
    }

    fn blobs(&self) -> Vec<std::path::PathBuf> {
        let folder = self.options.cache.join("models--tiny--bert/blobs");
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect()
    }
}

fn etag(path: &str, content: &[u8]) -> String {
    match path.ends_with(".safetensors") {
        true => hexadecimal(&Sha256::digest(content)),
        false => {
            let mut git = format!("blob {}\0", content.len()).into_bytes();
            git.extend(content);
            hexadecimal(&sha1::Sha1::digest(&git))
        }
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn answer(mut stream: TcpStream, state: &Mutex<State>) -> std::io::Result<()> {
    let mut lines = BufReader::new(stream.try_clone()?).lines();
    let request = lines.next().transpose()?.unwrap_or_default();
    let mut range = None;
    for line in lines {
        let line = line?;
        if line.is_empty() {
            break;
        }
        if let Some(value) = line.to_lowercase().strip_prefix("range: bytes=") {
            range = Some(value.to_string());
        }
    }
    let mut state = state.lock().unwrap();
    state.requests.push(format!("{request} {}", range.as_deref().unwrap_or("")));
    let url = request.split(' ').nth(1).unwrap_or_default();
    let path = url.split('?').next().unwrap_or_default();
    let commit = state.commit.clone();
    if let Some(revision) = path.strip_prefix("/api/models/tiny/bert/revision/") {
        if revision != "main" && revision != commit {
            return refuse(&mut stream, "RevisionNotFound");
        }
        let siblings: Vec<_> = state.files.iter().map(|(path, content)| listed(path, content, &state)).collect();
        let body = json!({"sha": commit, "siblings": siblings}).to_string();
        return write!(stream, "HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len());
    }
    let file = path.strip_prefix(&format!("/tiny/bert/resolve/{commit}/"));
    let Some((file, mut content)) = file.and_then(|file| Some((file, state.files.get(file)?.clone()))) else {
        return refuse(&mut stream, if path.starts_with("/api") { "RepoNotFound" } else { "EntryNotFound" });
    };
    if file == WEIGHTS && state.hides_weights {
        return refuse(&mut stream, "EntryNotFound");
    }
    let (etag, size) = (etag(file, &content), content.len());
    if state.damages == Some(file) {
        content[size / 2] ^= 1;
    }
    let (first, last) = range.as_deref().and_then(|range| range.split_once('-')).unwrap_or(("0", ""));
    let first: usize = first.parse().unwrap_or(0);
    let last: usize = last.parse().unwrap_or(size - 1);
    if first >= size {
        return write!(stream, "HTTP/1.1 416 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    }
    write!(
        stream,
        "HTTP/1.1 206 Partial\r\nETag: \"{etag}\"\r\nX-Repo-Commit: {commit}\r\nContent-Length: {}\r\n\
         Content-Range: bytes {first}-{last}/{size}\r\nConnection: close\r\n\r\n",
        last + 1 - first,
    )?;
    let mut body = &content[first..=last];
    if file == WEIGHTS && body.len() > 1 && state.cuts > 0 {
        state.cuts -= 1;
        body = &body[..state.cut_after.min(body.len())];
    }
    stream.write_all(body)
}

fn listed(path: &str, content: &[u8], state: &State) -> serde_json::Value {
    match (state.bare_listing, path == WEIGHTS) {
        (true, _) => json!({"rfilename": path}),
        (false, true) => json!({"rfilename": path, "size": content.len(), "blobId": "f".repeat(40),
            "lfs": {"sha256": etag(path, content), "size": content.len(), "pointerSize": 135}}),
        (false, false) => json!({"rfilename": path, "size": content.len(), "blobId": etag(path, content)}),
    }
}

fn refuse(stream: &mut TcpStream, code: &str) -> std::io::Result<()> {
    write!(stream, "HTTP/1.1 404 No\r\nX-Error-Code: {code}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
}

#[test]
fn a_branch_is_resolved_to_its_commit_and_only_needed_files_come() {
    let hub = Hub::start();
    let mut heard = Vec::new();
    let name: HubName = "hub:tiny/bert".parse().unwrap();
    let fetched = hub::fetch(&name, &hub.options, &mut |progress| {
        heard.push((progress.file.to_string(), progress.done, progress.total));
    })
    .unwrap();
    assert_eq!(fetched.pinned.to_string(), format!("tiny/bert@{COMMIT}"));
    assert_eq!(fetched.downloaded, 4);
    let size = std::fs::metadata(fetched.folder.join(WEIGHTS)).unwrap().len();
    assert_eq!(heard.last(), Some(&(WEIGHTS.to_string(), size, size)));
    let asked = hub.requests().join("\n");
    assert!(asked.contains("1_Pooling/config.json") && asked.contains(&format!("/resolve/{COMMIT}/")), "{asked}");
    assert!(!["README", "pytorch", "onnx", "escape"].iter().any(|file| asked.contains(file)), "{asked}");
    assert!(candle::judge(&fetched.folder, &candle::Options::default()).is_ok());
    assert_eq!(hub::verify(&name, &hub.options).unwrap(), 4);
}

#[test]
fn the_second_time_no_body_is_asked_for_and_a_pinned_commit_needs_no_request() {
    let hub = Hub::start();
    hub.fetch("hub:tiny/bert").unwrap();
    hub.requests();
    assert_eq!(hub.fetch("hub:tiny/bert").unwrap().downloaded, 0);
    let asked = hub.requests();
    assert!(asked.len() == 1 && asked[0].contains("/api/models/tiny/bert/revision/main"), "{asked:?}");
    assert_eq!(hub.fetch(&format!("hub:tiny/bert@{COMMIT}")).unwrap().downloaded, 0);
    assert_eq!(hub.requests(), Vec::<String>::new());
}

#[test]
fn offline_the_cache_is_used_and_its_absence_is_said() {
    let hub = Hub::start();
    let error = hub.offline("hub:tiny/bert").unwrap_err();
    assert!(error.contains("tiny/bert@main") && error.contains("HF_HUB_OFFLINE"), "{error}");
    let online = hub.fetch("hub:tiny/bert").unwrap();
    let offline = hub.offline("hub:tiny/bert").unwrap();
    assert_eq!((offline.folder, offline.pinned, offline.note), (online.folder, online.pinned, None));
    assert!(hub.offline(&format!("hub:tiny/bert@{LATER}")).is_err());
}

#[cfg(unix)]
#[test]
fn a_whole_model_is_used_where_the_cache_cannot_be_written() {
    let hub = Hub::start();
    let folder = hub.fetch("hub:tiny/bert").unwrap().folder;
    let model = hub.options.cache.join("models--tiny--bert");
    let name = model.join("refs/main");
    std::fs::write(&name, format!("{COMMIT}\n")).unwrap();
    assert_eq!(hub.fetch("hub:tiny/bert").unwrap().note, None);
    assert!(std::fs::read_to_string(&name).unwrap().ends_with('\n'), "a name that is right is not written again");
    for (place, says) in [("refs", "cannot note in the cache"), ("crossclaim", "with its checksum again")] {
        std::fs::remove_dir_all(model.join(place)).unwrap();
        // As in a folder of another user: nothing is there, and nothing can be made.
        std::os::unix::fs::symlink("/nowhere/at/all", model.join(place)).unwrap();
        let fetched = hub.fetch("hub:tiny/bert").unwrap();
        assert_eq!((&fetched.folder, fetched.downloaded), (&folder, 0));
        let note = fetched.note.unwrap();
        assert!(note.contains(says), "{note}");
    }
}

#[test]
fn without_the_server_a_branch_falls_back_to_the_cache_with_a_note() {
    let hub = Hub::start();
    let gone = HubOptions { endpoint: "http://127.0.0.1:1".into(), ..hub.options.clone() };
    let name: HubName = "tiny/bert".parse().unwrap();
    let error = hub::fetch(&name, &gone, &mut |_| {}).unwrap_err().to_string();
    assert!(error.contains("cannot be reached") && error.contains("not in the cache"), "{error}");
    hub.fetch("tiny/bert").unwrap();
    let note = hub::fetch(&name, &gone, &mut |_| {}).unwrap().note.unwrap();
    assert!(note.contains("cannot be reached") && note.contains(COMMIT), "{note}");
}

#[test]
fn a_connection_cut_in_the_middle_is_resumed_where_it_stopped() {
    let hub = Hub::start();
    hub.with(|state| (state.cuts, state.cut_after) = (2, 15_000));
    let fetched = hub.fetch("hub:tiny/bert").unwrap();
    let weights = hub.with(|_| {}).state.lock().unwrap().files[WEIGHTS].clone();
    assert_eq!(std::fs::read(fetched.folder.join(WEIGHTS)).unwrap(), weights);
    let ranges: Vec<String> = hub.requests().into_iter().filter(|line| line.contains(WEIGHTS)).collect();
    assert!(ranges.iter().any(|line| line.ends_with(" 15000-")), "{ranges:?}");
    assert!(ranges.iter().any(|line| line.ends_with(" 30000-")), "{ranges:?}");
}

#[test]
fn a_download_that_was_given_up_is_continued_by_the_next_call() {
    let hub = Hub::start();
    hub.with(|state| (state.cuts, state.cut_after) = (1, 20_000)).with(|state| state.damages = None);
    hub.fetch("hub:tiny/bert").unwrap();
    // what a killed program leaves: a part of the weights and no manifest
    let (blob, part) = hub
        .blobs()
        .into_iter()
        .find(|path| path.file_name().unwrap().len() == 64)
        .map(|blob| (blob.clone(), blob.with_extension("part")))
        .unwrap();
    std::fs::rename(&blob, &part).unwrap();
    for length in [30_000, std::fs::metadata(&part).unwrap().len()] {
        let whole = hub.with(|_| {}).state.lock().unwrap().files[WEIGHTS].clone();
        std::fs::write(&part, &whole[..length as usize]).unwrap();
        let model = hub.options.cache.join("models--tiny--bert");
        std::fs::remove_dir_all(model.join("crossclaim")).unwrap();
        std::fs::remove_file(model.join("snapshots").join(COMMIT).join(WEIGHTS)).unwrap();
        drop(std::fs::remove_file(&blob));
        hub.requests();
        let fetched = hub.fetch("hub:tiny/bert").unwrap();
        assert_eq!((fetched.downloaded, std::fs::read(fetched.folder.join(WEIGHTS)).unwrap()), (1, whole));
        assert!(!hub.requests().iter().any(|line| line.ends_with(" 0-")), "nothing is asked for from its start");
        std::fs::copy(&blob, &part).unwrap();
    }
}

#[test]
fn content_that_does_not_match_its_checksum_is_refused_and_not_kept() {
    for (file, bare_listing) in [(WEIGHTS, false), (WEIGHTS, true), ("tokenizer.json", false)] {
        let hub = Hub::start();
        hub.with(|state| (state.damages, state.bare_listing) = (Some(file), bare_listing));
        let error = hub.fetch("hub:tiny/bert").unwrap_err();
        assert!(error.contains(file) && error.contains("does not match the checksum"), "{error}");
        assert!(hub.offline("hub:tiny/bert").is_err());
        let expected = hub.with(|_| {}).state.lock().unwrap().files[file].len() as u64;
        assert!(hub.blobs().iter().all(|blob| blob.metadata().unwrap().len() != expected));
        hub.with(|state| state.damages = None);
        assert!(hub.fetch("hub:tiny/bert").is_ok(), "a later, honest answer is taken");
    }
}

#[test]
fn verify_finds_a_file_that_was_damaged_later() {
    let (hub, name) = (Hub::start(), "tiny/bert".parse::<HubName>().unwrap());
    let fetched = hub.fetch("tiny/bert").unwrap();
    let path = fetched.folder.join(WEIGHTS);
    let mut content = std::fs::read(&path).unwrap();
    content[30_000] ^= 1;
    std::fs::write(&path, content).unwrap();
    let error = hub::verify(&name, &hub.options).unwrap_err().to_string();
    assert!(error.contains(WEIGHTS) && error.contains("damaged"), "{error}");
}

#[test]
fn a_new_revision_downloads_only_what_changed() {
    let hub = Hub::start();
    hub.fetch("hub:tiny/bert").unwrap();
    hub.with(|state| {
        state.commit = LATER.into();
        state.files.insert("1_Pooling/config.json".into(), br#"{"pooling_mode_mean_tokens": true}"#.into());
    });
    let later = hub.fetch("hub:tiny/bert").unwrap();
    assert_eq!((later.pinned.revision.as_str(), later.downloaded), (LATER, 1));
    assert!(candle::encoder(&later.folder, &candle::Options::default()).is_ok());
    assert_eq!(hub.offline(&format!("tiny/bert@{COMMIT}")).unwrap().pinned.revision, COMMIT);
}

#[test]
fn what_is_not_there_is_said_clearly() {
    let hub = Hub::start();
    let error = hub.fetch("hub:nobody/nothing").unwrap_err();
    assert!(error.contains("no public model `nobody/nothing`"), "{error}");
    let error = hub.fetch("hub:tiny/bert@no-such-branch").unwrap_err();
    assert!(error.contains("`tiny/bert` has no revision `no-such-branch`"), "{error}");
    hub.with(|state| state.hides_weights = true);
    let error = hub.fetch("hub:tiny/bert").unwrap_err();
    assert!(error.contains(WEIGHTS) && error.contains("does not have it (HTTP status 404)"), "{error}");
    hub.with(|state| drop(state.files.remove(WEIGHTS)));
    let error = hub.fetch("hub:tiny/bert").unwrap_err();
    assert!(error.contains("no safetensors weights"), "{error}");
}

#[test]
fn names_are_read_and_nonsense_is_refused() {
    let name: HubName = "hub:intfloat/multilingual-e5-small@refs/pr/3".parse().unwrap();
    assert_eq!((name.repository.as_str(), name.revision.as_str()), ("intfloat/multilingual-e5-small", "refs/pr/3"));
    assert_eq!("bert-base-uncased".parse::<HubName>().unwrap().revision, "main");
    for nonsense in ["", "hub:", "a/b/c", "a/../b", "../../etc@x", "a/b@", "a/b@../../x", "a b/c"] {
        assert!(nonsense.parse::<HubName>().is_err(), "{nonsense}");
    }
}

#[test]
fn the_variables_of_the_hub_are_honoured() {
    let options = |variables: &[(&str, &str)]| {
        let variables: BTreeMap<String, String> =
            variables.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect();
        HubOptions::from_variables(|name| variables.get(name).cloned())
    };
    let plain = options(&[("HOME", "/home/ada")]).unwrap();
    assert_eq!(plain.endpoint, "https://huggingface.co");
    assert_eq!(plain.cache, Path::new("/home/ada/.cache/huggingface/hub"));
    assert!(!plain.offline && plain.token.is_none());
    let set = options(&[
        ("HF_HOME", "/data/hf"),
        ("HF_ENDPOINT", "https://mirror.example/"),
        ("HF_HUB_OFFLINE", "1"),
        ("HF_TOKEN", " secret "),
    ])
    .unwrap();
    assert_eq!((set.endpoint.as_str(), set.cache.as_path()), ("https://mirror.example", Path::new("/data/hf/hub")));
    assert!(set.offline && set.token.as_deref() == Some("secret"));
    assert!(!options(&[("HOME", "/"), ("HF_HUB_OFFLINE", "0")]).unwrap().offline);
    assert!(options(&[]).is_none());
}
