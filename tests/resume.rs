//! Nothing is computed twice, and nothing is lost: second, incremental, interrupted and killed runs end with the same files.
//! With the model that ships; skipped where it is missing.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

mod common;

use common::{has_model, root};

/// A folder with six short articles on one event, and what runs need beside it.
struct Place(tempfile::TempDir);

impl Place {
    fn new() -> Self {
        let place = Self(tempfile::tempdir().unwrap());
        std::fs::create_dir(place.path("corpus")).unwrap();
        for number in 0..5 {
            place.add_article(number);
        }
        place
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn add_article(&self, number: usize) {
        let hurt = [12, 15, 12, 9, 12, 15].get(number).copied().unwrap_or(number);
        let texts = [
            format!(
                "Die alte Brücke über den Fluss stürzte am Montagmorgen ein. Dabei wurden {hurt} Menschen verletzt. Die Stadt sperrte beide Ufer. Der Bürgermeister sprach von einem schwarzen Tag. Experten hatten seit Jahren gewarnt."
            ),
            format!(
                "The old bridge over the river collapsed on Monday morning. {hurt} people were injured. The town closed both banks. The mayor spoke of a black day. Nobody had warned of the danger."
            ),
            format!(
                "Stary most nad rzeką zawalił się w poniedziałek rano. Rannych zostało {hurt} osób. Miasto zamknęło oba brzegi. Burmistrz mówił o czarnym dniu. Eksperci ostrzegali od lat."
            ),
        ];
        std::fs::write(self.path("corpus").join(format!("{number}.txt")), &texts[number % 3]).unwrap();
    }

    /// Articles of the sample corpus: enough for several seconds of one thread.
    fn add_events(&self, events: &[&str]) {
        for file in events.iter().flat_map(|event| std::fs::read_dir(root().join("corpus").join(event)).unwrap()) {
            let file = file.unwrap();
            std::fs::copy(file.path(), self.path("corpus").join(file.file_name())).unwrap();
        }
    }

    fn command(&self, out: &str, cache: &str, more: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_crossclaim"));
        command.arg("run").arg(self.path("corpus")).arg("--out").arg(self.path(out)).arg("--set");
        command.arg(format!("cache.dir={}", self.path(cache).display()));
        // Else a run would take the files of an earlier one, and nothing of the cache be seen.
        command.args(["--set", "cache.runs=false"]).args(more);
        command.current_dir(self.0.path()).stdout(Stdio::null()).stderr(Stdio::piped());
        command
    }

    fn run(&self, out: &str, cache: &str, more: &[&str]) -> Output {
        let output = self.command(out, cache, more).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        output
    }

    /// Files of a run by their path in its folder, without `run.json`, which holds times, and `settings.toml`, which holds paths.
    fn files(&self, out: &str) -> BTreeMap<String, Vec<u8>> {
        let (folder, mut found) = (self.path(out), BTreeMap::new());
        let mut folders = vec![folder.clone()];
        while let Some(inner) = folders.pop() {
            for entry in std::fs::read_dir(inner).unwrap() {
                let path = entry.unwrap().path();
                let name = path.file_name().unwrap().to_string_lossy().into_owned();
                if path.is_dir() {
                    folders.push(path);
                } else if !["run.json", "settings.toml"].contains(&name.as_str()) && !name.starts_with('.') {
                    let below = path.strip_prefix(&folder).unwrap().to_string_lossy().into_owned();
                    found.insert(below, std::fs::read(path).unwrap());
                }
            }
        }
        found
    }

    fn about(&self, out: &str) -> serde_json::Value {
        serde_json::from_slice(&std::fs::read(self.path(out).join("run.json")).unwrap()).unwrap()
    }

    fn assert_same(&self, left: &str, right: &str) {
        let (a, b) = (self.files(left), self.files(right));
        assert_eq!(a.keys().collect::<Vec<_>>(), b.keys().collect::<Vec<_>>());
        assert!(a.len() > 5, "{:?}", a.keys());
        for (name, bytes) in &a {
            assert!(*bytes == b[name], "{name} differs between {left} and {right}");
        }
    }
}

/// Vectors and judgements that a run computed.
fn computed(about: &serde_json::Value) -> (u64, u64) {
    let count = |kind: &str| about["cache"][kind]["computed"].as_u64().unwrap();
    (count("vectors"), count("judgements"))
}

#[test]
fn a_second_run_computes_nothing_and_a_larger_corpus_only_what_is_new() {
    if !has_model() {
        return;
    }
    let place = Place::new();
    place.run("first", "cache", &[]);
    let (vectors, judgements) = computed(&place.about("first"));
    assert!(vectors > 10 && judgements > 50, "{vectors} {judgements}");
    place.run("second", "cache", &[]);
    assert_eq!(computed(&place.about("second")), (0, 0));
    place.assert_same("first", "second");

    std::fs::remove_file(place.path("cache/crossclaim.redb")).unwrap();
    place.run("removed", "cache", &[]);
    place.assert_same("first", "removed");

    place.add_article(5);
    place.run("incremental", "cache", &[]);
    place.run("full", "none", &["--set", "cache.enabled=false"]);
    place.assert_same("incremental", "full");
    let (more_vectors, more_judgements) = computed(&place.about("incremental"));
    assert!(more_vectors <= 5 && more_judgements < judgements, "{more_vectors} {more_judgements}");
}

#[test]
fn a_run_without_change_takes_the_files_of_an_earlier_one_unless_somebody_changed_them() {
    if !has_model() {
        return;
    }
    let place = Place::new();
    let run = |out: &str| {
        let output =
            place.command(out, "cache", &["--set", "cache.runs=true"]).stdout(Stdio::piped()).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap().contains("Nothing has changed")
    };
    assert!(!run("first"));
    let written = |out: &str| std::fs::metadata(place.path(out).join("pairs.csv")).unwrap().modified().unwrap();
    let before = written("first");
    assert!(run("first") && run("second"));
    assert_eq!(written("first"), before, "the files stay");
    place.assert_same("first", "second");
    let whole_path = place.path("first").canonicalize().unwrap();
    assert_eq!(place.about("second")["same_as"], whole_path.to_str().unwrap());

    // A note that names files outside its folder is not followed.
    let note = std::fs::read_dir(place.path("cache").join("runs")).unwrap().next().unwrap().unwrap().path();
    let honest = std::fs::read_to_string(&note).unwrap();
    std::fs::copy(place.path("first").join("pairs.csv"), place.path("outside.csv")).unwrap();
    let foreign = honest.replace("\"pairs.csv\"", "\"../outside.csv\"");
    assert_ne!(honest, foreign);
    std::fs::write(&note, foreign).unwrap();
    assert!(!run("deeper/foreign"));
    assert!(!place.path("deeper/outside.csv").exists());

    // Other files in the folder are not written over.
    std::fs::create_dir(place.path("mine")).unwrap();
    std::fs::write(place.path("mine").join("run.json"), "mine").unwrap();
    assert!(!run("mine"));

    let pairs = place.path("mine").join("pairs.csv");
    let marked = std::fs::read_to_string(&pairs).unwrap() + "changed";
    std::fs::write(&pairs, &marked).unwrap();
    assert!(!run("third"), "somebody changed a file");
    assert!(run("fourth"));
    std::fs::remove_file(place.path("third").join("claims.csv")).unwrap();
    assert!(!run("fifth"), "a file is gone");

    place.add_article(5);
    assert!(!run("more") && run("more"));
    place.run("full", "none", &["--set", "cache.enabled=false"]);
    place.assert_same("more", "full");
}

#[test]
fn a_run_that_is_killed_again_and_again_ends_with_the_same_files() {
    if !has_model() {
        return;
    }
    let kills: u64 = std::env::var("CROSSCLAIM_KILLS").ok().and_then(|n| n.parse().ok()).unwrap_or(5);
    let place = Place::new();
    let start = Instant::now();
    place.run("whole", "none", &["--set", "cache.enabled=false"]);
    let whole = start.elapsed();
    let reference = place.files("whole");
    let mut random = std::time::SystemTime::UNIX_EPOCH.elapsed().unwrap().as_nanos() as u64 | 1;
    eprintln!("seed {random}");
    for kill in 0..kills {
        let mut child = place.command("killed", "cache", &[]).spawn().unwrap();
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let share = (random >> 33) as f64 / f64::from(1u32 << 31);
        std::thread::sleep(whole.mul_f64(share));
        child.kill().unwrap();
        child.wait().unwrap();
        // What is there is whole.
        if place.path("killed").is_dir() {
            for (name, bytes) in place.files("killed") {
                assert!(bytes == reference[&name], "{name} is half-written after kill {kill}");
            }
        }
        if kill % 10 == 4 {
            let _ = std::fs::remove_file(place.path("cache/crossclaim.redb"));
        }
    }
    let output = place.run("killed", "cache", &[]);
    assert!(!String::from_utf8_lossy(&output.stderr).contains("damaged"), "a killed run damaged the cache");
    place.assert_same("whole", "killed");
}

#[test]
fn a_limited_run_says_what_was_not_judged_and_the_next_one_goes_on() {
    if !has_model() {
        return;
    }
    let place = Place::new();
    let command = place.command("limited", "cache", &["--set", "judge.max_pairs=20"]).output().unwrap();
    assert!(command.status.success());
    let about = place.about("limited");
    assert_eq!(about["partial"], true);
    let (judged, left) = (&about["judged"], about["unfinished"]["pairs"].as_u64().unwrap());
    assert_eq!(judged.as_object().unwrap().values().map(|n| n.as_u64().unwrap()).sum::<u64>(), 20);
    assert_eq!(left + 20, about["candidates"].as_u64().unwrap());
    place.run("rest", "cache", &["--budget", "10m"]);
    place.run("full", "none", &["--set", "cache.enabled=false"]);
    place.assert_same("rest", "full");
    assert_eq!(place.about("rest")["partial"], false);
    assert!(computed(&place.about("rest")).1 < 2 * (left + 20));
}

/// A run on one thread that has begun to compute.
#[cfg(unix)]
fn begun(place: &Place, out: &str) -> Child {
    begin(place, place.command(out, "cache", &["--threads", "1"]))
}

#[cfg(unix)]
fn begin(place: &Place, mut command: Command) -> Child {
    let child = command.spawn().unwrap();
    let start = Instant::now();
    while !place.path("cache/crossclaim.redb").exists() && start.elapsed() < Duration::from_secs(60) {
        std::thread::sleep(Duration::from_millis(5));
    }
    std::thread::sleep(Duration::from_millis(100));
    child
}

/// A pipe whose reader has gone away.
#[cfg(unix)]
fn unread() -> Stdio {
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    writer.into()
}

/// Presses Ctrl-C.
#[cfg(unix)]
fn interrupt(child: &Child) {
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_a_run_with_what_is_known_and_marks_it() {
    if !has_model() {
        return;
    }
    let place = Place::new();
    let mut command = place.command("stopped", "cache", &["--threads", "1"]);
    // Ctrl-C also ends whoever reads in the same pipeline.
    command.stdout(unread()).stderr(unread());
    let mut child = begin(&place, command);
    interrupt(&child);
    let status = child.wait().unwrap();
    assert_eq!(status.code(), Some(1));
    let about = place.about("stopped");
    assert_eq!((&about["partial"], &about["unfinished"]["stopped"]), (&true.into(), &true.into()));
    place.run("after", "cache", &[]);
    place.run("full", "none", &["--set", "cache.enabled=false"]);
    place.assert_same("after", "full");
}

#[cfg(unix)]
#[test]
fn sigterm_ends_a_run_in_order_also_where_ctrl_c_is_ignored() {
    if !has_model() {
        return;
    }
    let place = Place::new();
    let run = place.command("stopped", "cache", &["--threads", "1"]);
    // As a script does that puts a run into the background.
    let mut ignoring = Command::new("bash");
    ignoring.args(["-c", "trap '' INT; exec \"$0\" \"$@\""]).arg(run.get_program()).args(run.get_args());
    ignoring.current_dir(place.0.path()).stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = begin(&place, ignoring);
    assert!(Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap().success());
    assert_eq!(child.wait().unwrap().code(), Some(1));
    assert_eq!(place.about("stopped")["unfinished"]["stopped"], true);
}

#[cfg(unix)]
#[test]
fn ctrl_c_leaves_the_results_of_a_finished_run_as_they_are() {
    if !has_model() {
        return;
    }
    let limits: [&[&str]; 2] = [&[], &["--set", "judge.max_pairs=20"]];
    for limit in limits {
        let place = Place::new();
        place.run("full", "none", &[limit, &["--set", "cache.enabled=false"]].concat());
        let before = place.files("full");
        let mut child = begun(&place, "full");
        interrupt(&child);
        assert_eq!(child.wait().unwrap().code(), Some(1));
        assert!(before == place.files("full"), "{limit:?}");
    }
}

#[cfg(unix)]
#[test]
fn a_second_ctrl_c_stops_at_once_and_loses_nothing_that_was_kept() {
    if !has_model() {
        return;
    }
    let place = Place::new();
    let mut child = begun(&place, "stopped");
    interrupt(&child);
    let told = BufReader::new(child.stderr.take().unwrap()).lines().map(Result::unwrap);
    assert!(told.take_while(|line| !line.contains("finishing the batch")).count() < 10);
    let second = Instant::now();
    interrupt(&child);
    let status = child.wait().unwrap();
    assert!(second.elapsed() < Duration::from_secs(2));
    assert_eq!(status.code(), Some(1));
    // The batch was not finished: nothing is written, and no half of anything.
    assert!(!place.path("stopped/run.json").exists());
    place.run("stopped", "cache", &[]);
    place.run("full", "none", &["--set", "cache.enabled=false"]);
    place.assert_same("stopped", "full");
}

#[test]
fn a_run_whose_time_is_over_ends_properly_and_the_next_one_goes_on() {
    if !has_model() {
        return;
    }
    let place = Place::new();
    place.add_events(&["bank", "drones", "port"]);
    let output = place.run("short", "cache", &["--threads", "1", "--budget", "1s"]);
    let (about, said) = (place.about("short"), String::from_utf8_lossy(&output.stderr).into_owned());
    assert!(about["partial"] == true && about["unfinished"]["stopped"] == false, "{about:#}");
    let left = |what: &str| about["unfinished"][what].as_u64().unwrap();
    assert!(said.contains(&format!("{} pairs not judged; the next run goes on", left("pairs"))), "{said}");
    std::fs::write(place.path("no folder"), "").unwrap();
    let output = place.run("lost", "no folder", &["--threads", "1", "--budget", "1s"]);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("pairs not judged\n"), "nothing was kept to go on from: {said}");
    place.run("rest", "cache", &[]);
    assert_eq!(place.about("rest")["partial"], false);
    // On a busy machine the second may have ended before all texts had their vectors, and the pairs were unknown.
    assert!(left("texts") > 0 || (left("pairs") > 0 && computed(&place.about("rest")).1 <= 2 * left("pairs")));
    place.run("full", "none", &["--set", "cache.enabled=false"]);
    place.assert_same("rest", "full");
}

#[test]
fn two_runs_at_once_share_a_cache_and_a_killed_one_does_not_harm_the_other() {
    if !has_model() {
        return;
    }
    let place = Place::new();
    place.run("full", "none", &["--set", "cache.enabled=false"]);
    let mut both = ["left", "right"].map(|out| place.command(out, "cache", &["--threads", "1"]).spawn().unwrap());
    let mut killed = place.command("killed", "cache", &["--threads", "1"]).spawn().unwrap();
    std::thread::sleep(Duration::from_millis(500));
    killed.kill().unwrap();
    killed.wait().unwrap();
    for child in &mut both {
        assert!(child.wait().unwrap().success());
    }
    for out in ["left", "right"] {
        place.assert_same(out, "full");
    }
    place.run("after", "cache", &[]);
    assert_eq!(computed(&place.about("after")), (0, 0), "what two runs computed is all there");
    place.assert_same("after", "full");
}

#[test]
fn one_new_article_in_a_hundred_costs_little_and_changes_no_byte() {
    if !has_model() {
        return;
    }
    let place = Place(tempfile::tempdir().unwrap());
    std::fs::create_dir(place.path("corpus")).unwrap();
    let things = ["bridge", "school", "hospital", "ferry", "library", "stadium", "museum", "airport", "market", "mill"];
    let deeds = ["was closed after a fire", "will be sold to a bank", "was opened by the queen", "has lost its roof"];
    let towns = ["Split", "Gdańsk", "Patras", "Lyon", "Bremen", "Turku", "Porto"];
    let article = |number: usize| {
        let (thing, deed, town) = (things[number % 10], deeds[number / 3 % 4], towns[number % 7]);
        let text = format!("The {thing} in {town} {deed}. It cost {} million euros.", 3 + number % 5);
        std::fs::write(place.path("corpus").join(format!("{number:03}.txt")), text).unwrap();
    };
    let few = ["--set", "align.related=0.8", "--set", "align.per_claim=4"];
    (0..99).for_each(article);
    place.run("before", "cache", &few);
    article(99);
    place.run("incremental", "cache", &few);
    place.run("full", "none", &[&few[..], &["--set", "cache.enabled=false"]].concat());
    place.assert_same("incremental", "full");
    let (before, more) = (computed(&place.about("before")), computed(&place.about("incremental")));
    assert!(more.0 <= 2 && more.1 <= before.1 / 10, "{before:?} {more:?}");
}

#[cfg(unix)]
#[test]
fn a_full_disk_is_told_and_the_next_run_ends_with_the_same_files() {
    if !has_model() {
        return;
    }
    let place = Place::new();
    place.run("full", "none", &["--set", "cache.enabled=false"]);
    let run = place.command("out", "cache", &[]);
    // No file may grow beyond 96 KiB: as a full disk, the system refuses to write.
    let mut limited = Command::new("bash");
    limited.args(["-c", "trap '' XFSZ; ulimit -f 96; exec \"$0\" \"$@\""]).arg(run.get_program());
    let output = limited.args(run.get_args()).current_dir(place.0.path()).output().unwrap();
    let message = String::from_utf8_lossy(&output.stderr);
    assert!(!message.contains("panicked"), "{message}");
    assert_eq!(output.status.code(), Some(1), "{message}");
    assert!(message.contains("cannot write"), "{message}");
    let reference = place.files("full");
    for (name, bytes) in place.files("out") {
        assert!(bytes == reference[&name], "{name} is half-written");
    }
    place.run("out", "cache", &[]);
    place.assert_same("out", "full");
}
