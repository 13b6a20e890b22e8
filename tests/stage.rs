//! Stages give the tables of a run whatever the order of rows, the batches and the partitions; faults are told apart.
//! What needs the model that ships is skipped where it is missing.

use std::collections::{BTreeSet, HashMap};
use std::io::{Cursor, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use crossclaim::cache::{self, Store};
use crossclaim::embed::Vectors;
use crossclaim::pipeline::{self, Models, Silent};
use crossclaim::settings::{self, Settings};
use crossclaim::stage::{self, BadRow, Options, Shard, Stage, StageError, Tools};
use crossclaim::tables::{
    self, Builder, Cell, Column, Digest, Io, Kind, Origin, Piece, Table, TableReader, TableWriter,
};
use crossclaim::{align, article, model};

mod common;

use common::{fed, has_model, root};

/// A value that owns itself.
#[derive(Debug, Clone, PartialEq)]
enum Value {
    None,
    Whole(i64),
    Float(f32),
    Text(String),
    Bytes(Vec<u8>),
}

impl Value {
    fn of(cell: Cell<'_>) -> Self {
        match cell {
            Cell::None => Self::None,
            Cell::Whole(value) => Self::Whole(value),
            Cell::Float(value) => Self::Float(value),
            Cell::Text(value) => Self::Text(value.to_owned()),
            Cell::Bytes(value) => Self::Bytes(value.to_owned()),
        }
    }

    fn cell(&self) -> Cell<'_> {
        match self {
            Self::None => Cell::None,
            Self::Whole(value) => Cell::Whole(*value),
            Self::Float(value) => Cell::Float(*value),
            Self::Text(value) => Cell::Text(value),
            Self::Bytes(value) => Cell::Bytes(value),
        }
    }
}

/// A table that an engine would hold.
#[derive(Debug, Clone)]
struct Rows {
    columns: Vec<Column>,
    rows: Vec<Vec<Value>>,
}

impl Rows {
    fn of_bytes(columns: &[Column], io: Io, bytes: &[u8]) -> Self {
        let mut source = Cursor::new(bytes);
        let mut reader = TableReader::open(io, &mut source, Some(columns)).unwrap().unwrap();
        let mut rows = Vec::new();
        while let Some(piece) = reader.next_piece().unwrap() {
            let Piece::Batch(batch) = piece else { panic!("a bad row") };
            let row = |row| batch.columns().iter().map(|array| Value::of(tables::cell(array.as_ref(), row))).collect();
            rows.extend((0..batch.num_rows()).map(row));
        }
        Self { columns: columns.to_vec(), rows }
    }

    fn of_file(table: Table, folder: &Path) -> Self {
        let path = folder.join(format!("tables/{}.parquet", table.name()));
        Self::of_bytes(table.columns(), Io::Parquet, &std::fs::read(path).unwrap())
    }

    /// As a stream in batches of `size`.
    fn bytes(&self, io: Io, size: usize) -> Vec<u8> {
        let mut bytes = Vec::new();
        let origin = Origin { table: "test".into(), fingerprint: "test".into() };
        let mut builder = Builder::new(&self.columns);
        let mut writer = TableWriter::new(io, &mut bytes, &builder.schema(), &origin).unwrap();
        for part in self.rows.chunks(size) {
            part.iter().for_each(|row| builder.push(&row.iter().map(Value::cell).collect::<Vec<_>>()));
            writer.write(&builder.take().unwrap()).unwrap();
        }
        writer.finish().unwrap();
        bytes
    }

    fn digest(&self) -> Digest {
        let mut builder = Builder::new(&self.columns);
        self.rows.iter().for_each(|row| builder.push(&row.iter().map(Value::cell).collect::<Vec<_>>()));
        let mut digest = Digest::default();
        digest.add(&builder.take().unwrap());
        digest
    }

    fn at(&self, name: &str) -> usize {
        self.columns.iter().position(|column| column.name == name).unwrap_or_else(|| panic!("no column {name}"))
    }

    fn whole(&self, row: usize, name: &str) -> i64 {
        match self.rows[row][self.at(name)] {
            Value::Whole(value) => value,
            ref other => panic!("{name}: {other:?}"),
        }
    }

    fn text(&self, row: usize, name: &str) -> &str {
        match &self.rows[row][self.at(name)] {
            Value::Text(value) => value,
            other => panic!("{name}: {other:?}"),
        }
    }

    fn shuffled(mut self, seed: u64) -> Self {
        let mut state = seed | 1;
        for i in (1..self.rows.len()).rev() {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            self.rows.swap(i, (state >> 33) as usize % (i + 1));
        }
        self
    }

    /// Rows in the order of a whole number, others as they are.
    fn sorted_by(mut self, name: &str) -> Self {
        let at = self.at(name);
        self.rows.sort_by_key(|row| match row[at] {
            Value::Whole(value) => value,
            _ => panic!("{name} is no number"),
        });
        self
    }

    fn with_column(mut self, column: Column, value: impl Fn(&Self, usize) -> Value) -> Self {
        let values: Vec<Value> = (0..self.rows.len()).map(|row| value(&self, row)).collect();
        self.columns.push(column);
        self.rows.iter_mut().zip(values).for_each(|(row, value)| row.push(value));
        self
    }
}

/// Runs a stage in this process; gives its table and the bad rows.
fn try_stage(
    stage: Stage,
    table: Table,
    tools: &Tools<'_>,
    options: Options,
    input: &[u8],
) -> Result<(Rows, Vec<BadRow>), StageError> {
    let (mut out, mut bad) = (Vec::new(), Vec::new());
    let mut tell = |row: BadRow| {
        bad.push(row);
        Ok(())
    };
    stage::run(stage, tools, options, &mut Cursor::new(input), &mut out, &mut tell)?;
    Ok((Rows::of_bytes(table.columns(), options.io, &out), bad))
}

const PLAIN: Options = Options { io: Io::Arrow, looped: false, shard: Shard::WHOLE };

/// Runs a stage in every way that must make no difference: other batches, other forms, other partitions, a partition twice.
///
/// `shuffle` is for stages of single rows; the others get their rows as they are.
fn in_all_ways(stage: Stage, table: Table, tools: &Tools<'_>, input: &Rows, shuffle: bool) -> Rows {
    let run = |options: Options, bytes: &[u8]| {
        let (rows, bad) = try_stage(stage, table, tools, options, bytes).unwrap();
        assert!(bad.is_empty(), "{stage:?}: {bad:?}");
        rows
    };
    let reference = run(PLAIN, &input.bytes(Io::Arrow, 1_000));
    assert!(!reference.rows.is_empty(), "{stage:?} gives nothing");
    for size in [1, 7] {
        assert_eq!(
            run(PLAIN, &input.bytes(Io::Arrow, size)).digest(),
            reference.digest(),
            "{stage:?}, batches of {size}"
        );
    }
    for io in [Io::Parquet, Io::Jsonl] {
        let rows = run(Options { io, ..PLAIN }, &input.bytes(io, 1_000));
        assert_eq!(rows.digest(), reference.digest(), "{stage:?}, {io:?}");
    }
    if shuffle {
        let rows = run(PLAIN, &input.clone().shuffled(7).bytes(Io::Arrow, 5));
        assert_eq!(rows.digest(), reference.digest(), "{stage:?}, shuffled");
    }
    for of in [3, 16] {
        let bytes = input.bytes(Io::Arrow, 10);
        let mut sum = Digest::default();
        for number in 0..of {
            let options = Options { shard: Shard { number, of }, ..PLAIN };
            let part = run(options, &bytes).digest();
            assert_eq!(run(options, &bytes).digest(), part, "{stage:?}, part {number} of {of} again");
            sum.join(part);
        }
        assert_eq!(sum, reference.digest(), "{stage:?} in {of} parts");
    }
    reference
}

fn models() -> Models {
    let folder = root().join("models").join(model::SHIPPED);
    let own = model::Settings::default();
    let encoder = model::open_encoder(&folder, &own).unwrap();
    Models::new(encoder, model::open_judge(&folder, &own).unwrap()).unwrap()
}

fn without_models(settings: &Settings) -> Tools<'_> {
    Tools { align: &settings.align, judge: &settings.judge, group: &settings.group, encoder: None, bench: None }
}

/// A corpus of the first articles of two events, and three pages of one outlet with a line on all of them.
fn corpus(folder: &Path) -> PathBuf {
    let place = folder.join("corpus");
    for (event, count) in [("drones", 4), ("wildfire", 3)] {
        std::fs::create_dir_all(place.join(event)).unwrap();
        let files = std::fs::read_dir(root().join("corpus").join(event)).unwrap();
        let mut files: Vec<PathBuf> = files.map(|entry| entry.unwrap().path()).filter(|p| p.is_file()).collect();
        files.sort();
        for file in &files[..count] {
            std::fs::copy(file, place.join(event).join(file.file_name().unwrap())).unwrap();
        }
    }
    let page = |number: usize, text: &str| {
        let line = serde_json::json!({
            "id": 10 - number, "outlet": "The Bridge", "language": "en", "date": format!("2024-05-0{number}"),
            "text": format!("{text}\n\nOur reporters in the region are thanked for their work on this page.\n\nThe bridge carries {number} cars a minute, officials said on Monday evening.\n"),
        });
        format!("{line}\n")
    };
    let pages = [
        page(1, "The council of the town voted for a new school on Tuesday after a long debate."),
        page(2, "A fire in the old harbour destroyed two warehouses in the night, nobody was hurt."),
        page(3, "The river rose by a metre within a day, and the banks were closed to all traffic."),
    ];
    std::fs::write(place.join("pages.jsonl"), pages.concat()).unwrap();
    place
}

#[test]
fn a_chain_of_stages_gives_the_tables_of_a_run_however_its_rows_are_dealt() {
    if !has_model() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let read = || article::read_corpus(&[corpus(folder.path())], &article::Settings::default()).unwrap();
    let settings = settings::compose(None, &["align.window_days=400".into(), "align.event_articles=3".into()]).unwrap();
    let store = Store::open(&cache::Settings { dir: folder.path().join("cache"), ..Default::default() }).unwrap();
    let cached = models().cached(store);

    let outcome = pipeline::run(read(), &cached, &settings, &Silent).unwrap();
    let out = folder.path().join("out");
    std::fs::create_dir(&out).unwrap();
    pipeline::write(&outcome, &[], &cached, &settings, &Default::default(), &out).unwrap();
    let manifest: serde_json::Value =
        serde_json::from_slice(&std::fs::read(out.join("tables/manifest.json")).unwrap()).unwrap();
    let tools = cached.tools(&settings);
    let check = |table: Table, rows: &Rows| {
        let kept = &manifest["tables"][table.name()];
        let digest = rows.digest();
        assert_eq!(
            (kept["rows"].as_u64(), kept["digest"].as_str()),
            (Some(digest.rows), Some(digest.hex().as_str())),
            "{table:?}"
        );
        assert_eq!(kept["fingerprint"], tools.fingerprint(table), "{table:?}");
    };
    for table in Table::KEPT {
        check(table, &Rows::of_file(table, &out));
    }

    let outlet = Column::new("key", Kind::Int64, "");
    let articles = Rows::of_file(Table::Articles, &out).with_column(outlet, |rows, row| {
        match &rows.rows[row][rows.at("outlet")] {
            Value::Text(outlet) => Value::Whole(tables::article_key(outlet)),
            _ => Value::Whole(rows.whole(row, "article")),
        }
    });
    let segments = in_all_ways(Stage::Split, Table::Segments, &tools, &articles.sorted_by("key"), false);
    assert!(
        (0..segments.rows.len())
            .any(|row| segments.rows[row][segments.at("dropped")] == Value::Text("recurring".into()))
    );
    check(Table::Segments, &segments);
    let claims = in_all_ways(Stage::Claims, Table::Claims, &tools, &segments, true);
    check(Table::Claims, &claims);

    // Once by the models themselves, dealt otherwise than in the run; then from the cache.
    let fresh = models();
    let fresh = fresh.tools(&settings);
    let vectors = in_all_ways(Stage::Embed, Table::Vectors, &tools, &claims, true);
    check(Table::Vectors, &vectors);
    let dealt = claims.clone().shuffled(3).bytes(Io::Arrow, 7);
    assert_eq!(try_stage(Stage::Embed, Table::Vectors, &fresh, PLAIN, &dealt).unwrap().0.digest(), vectors.digest());

    let related = in_all_ways(Stage::Relate, Table::Related, &tools, &vectors, true);
    check(Table::Related, &related);
    let by_days = in_all_ways(Stage::Relate, Table::Related, &tools, &stretches(&vectors, 400), false);
    check(Table::Related, &by_days);

    // One chain of the sample is longer than an event may be: the stage cuts it as the run did.
    let events = events(&related);
    assert!(events.values().any(|first| events.values().filter(|other| *other == first).count() > 3));
    let key = Column::new("key", Kind::Int64, "");
    let own = |rows: &Rows, row: usize| {
        let article = rows.whole(row, "article");
        Value::Whole(*events.get(&article).unwrap_or(&article))
    };
    let parts = vectors.clone().shuffled(11).with_column(key, own).sorted_by("key");
    let candidates = in_all_ways(Stage::Candidates, Table::Candidates, &tools, &parts, false);
    check(Table::Candidates, &candidates);
    let whole = in_all_ways(Stage::Candidates, Table::Candidates, &tools, &vectors, true);
    check(Table::Candidates, &whole);

    let pairs = with_texts(&candidates, &claims);
    let scores = in_all_ways(Stage::Judge, Table::Scores, &tools, &pairs, true);
    let few = Rows { rows: pairs.rows[..40].to_vec(), ..pairs.clone() };
    let dealt = few.clone().shuffled(5).bytes(Io::Arrow, 7);
    let by_model = try_stage(Stage::Judge, Table::Scores, &fresh, PLAIN, &dealt).unwrap().0;
    assert_eq!(by_model.digest(), Rows { rows: scores.rows[..40].to_vec(), ..scores.clone() }.digest());

    let of_events = scores.shuffled(13).sorted_by("event");
    let events: BTreeSet<i64> = (0..of_events.rows.len()).map(|row| of_events.whole(row, "event")).collect();
    assert!(events.len() > 1, "the sample has several events");
    let judgements = in_all_ways(Stage::Judge, Table::Judgements, &tools, &of_events, false);
    check(Table::Judgements, &judgements);
    let judgements = judgements.shuffled(17).sorted_by("event");
    let groups = in_all_ways(Stage::Group, Table::Groups, &tools, &judgements, false);
    check(Table::Groups, &groups);
}

/// Vectors dealt into stretches of `window` days: every article at home in one, and copied to those that begin within the window.
fn stretches(vectors: &Rows, window: i64) -> Rows {
    let day = |row: usize| match &vectors.rows[row][vectors.at("date")] {
        Value::Text(date) => {
            let days = date.parse::<jiff::civil::Date>().unwrap() - jiff::civil::Date::ZERO;
            Some(i64::from(days.get_days()))
        }
        _ => None,
    };
    let keys: BTreeSet<i64> = (0..vectors.rows.len()).map(|row| day(row).map_or(0, |day| day / window)).collect();
    let mut dealt = vectors.clone();
    dealt.columns.push(Column::new("key", Kind::Int64, ""));
    dealt.columns.push(Column::new("home", Kind::Int32, ""));
    dealt.rows.clear();
    for row in 0..vectors.rows.len() {
        let first = *keys.first().unwrap();
        let (home, copies): (i64, Vec<i64>) = match day(row) {
            Some(day) => (day / window, (day / window + 1..=(day + window) / window).collect()),
            None => (first, keys.iter().copied().filter(|&key| key != first).collect()),
        };
        for key in [home].into_iter().chain(copies) {
            let mut values = vectors.rows[row].clone();
            values.extend([Value::Whole(key), Value::Whole((key == home).into())]);
            dealt.rows.push(values);
        }
    }
    dealt.sorted_by("key")
}

/// A number for the connected part of every related article, as an engine finds it.
fn events(related: &Rows) -> HashMap<i64, i64> {
    let ends = |row: usize| [related.whole(row, "left_article"), related.whole(row, "right_article")];
    let mut articles: Vec<i64> = (0..related.rows.len()).flat_map(ends).collect();
    articles.sort_unstable();
    articles.dedup();
    let place = |article: i64| articles.binary_search(&article).unwrap();
    let pairs: Vec<align::Related> = (0..related.rows.len())
        .map(|row| {
            let [left, right] = ends(row).map(place);
            align::Related { left, right, score: 1.0 }
        })
        .collect();
    let first = align::events(articles.len(), &pairs, 0);
    articles.iter().zip(first).map(|(&article, first)| (article, articles[first])).collect()
}

/// Candidates joined with the texts of both claims.
fn with_texts(candidates: &Rows, claims: &Rows) -> Rows {
    let place: HashMap<(i64, i64), usize> =
        (0..claims.rows.len()).map(|row| ((claims.whole(row, "article"), claims.whole(row, "index")), row)).collect();
    let mut joined = candidates.clone();
    let columns = Table::Scores.columns();
    joined.columns = columns[..columns.len() - 1].to_vec();
    for row in 0..candidates.rows.len() {
        for side in ["left", "right"] {
            let key = |name: &str| candidates.whole(row, &format!("{side}_{name}"));
            let claim = place[&(key("article"), key("index"))];
            let values = ["text", "lang", "date"].map(|name| claims.rows[claim][claims.at(name)].clone());
            joined.rows[row].extend(values);
        }
    }
    joined
}

#[test]
fn bad_rows_are_named_and_the_others_go_their_way() {
    let settings = Settings::default();
    let tools = without_models(&settings);
    let columns = [
        Column::maybe("article", Kind::Int64, ""),
        Column::maybe("id", Kind::Text, ""),
        Column::maybe("date", Kind::Text, ""),
        Column::maybe("text", Kind::Text, ""),
    ];
    let text = |text: &str| Value::Text(text.into());
    let rows = vec![
        vec![Value::None, text("a"), Value::None, text("Prices rose. Nobody knows why.")],
        vec![Value::None, Value::None, Value::None, text("No id.")],
        vec![Value::Whole(7), text("b"), Value::None, text("Wrong key.")],
        vec![Value::None, text("c"), text("yesterday"), text("No date.")],
        vec![Value::Whole(tables::article_key("d")), text("d"), text("2024-02-29"), text("")],
        vec![Value::None, text("e"), Value::None, Value::None],
        vec![Value::None, text("f"), text("2024-02-29"), text("The last one.")],
    ];
    let input = Rows { columns: columns.to_vec(), rows };
    for io in [Io::Arrow, Io::Parquet, Io::Jsonl] {
        let options = Options { io, ..PLAIN };
        let (out, bad) = try_stage(Stage::Split, Table::Segments, &tools, options, &input.bytes(io, 3)).unwrap();
        let ids: Vec<&str> = (0..out.rows.len()).map(|row| out.text(row, "id")).collect();
        assert_eq!(ids, ["a", "a", "f"], "{io:?}");
        assert_eq!(bad.iter().map(|bad| bad.row).collect::<Vec<_>>(), [1, 2, 3, 5], "{io:?}");
        assert!(
            bad[2].problem.contains("yesterday") && bad[2].content.as_ref().unwrap().contains("No date."),
            "{bad:?}"
        );
    }
    let told = |number| {
        let options = Options { shard: Shard { number, of: 3 }, ..PLAIN };
        try_stage(Stage::Split, Table::Segments, &tools, options, &input.bytes(Io::Arrow, 3)).unwrap().1
    };
    let mut told: Vec<u64> = (0..3).flat_map(told).map(|bad| bad.row).collect();
    told.sort_unstable();
    assert_eq!(told, [1, 2, 3, 5], "one worker tells of a row");
}

#[test]
fn a_key_stands_for_outlets_where_there_is_no_such_column() {
    let settings = Settings::default();
    let tools = without_models(&settings);
    let columns = vec![
        Column::new("key", Kind::Int64, ""),
        Column::new("id", Kind::Text, ""),
        Column::new("lang", Kind::Text, ""),
        Column::new("text", Kind::Text, ""),
    ];
    let line = "We tell the stories of this coast every morning.";
    let leads = [
        "The harbour office closed the old pier on Monday morning.",
        "Two trains stood still for hours in the tunnel near Halden.",
        "The mayor promised to lower the price of tickets by autumn.",
    ];
    let pages = |keys: [i64; 3]| {
        let text = |lead: &str| format!("{lead}\n\n{line}\n\nThe council meets again in May, she said.");
        let row = |(key, lead): (i64, &str)| {
            vec![Value::Whole(key), Value::Text(lead.into()), Value::Text("en".into()), Value::Text(text(lead))]
        };
        Rows { columns: columns.clone(), rows: keys.into_iter().zip(leads).map(row).collect() }
    };
    let dropped = |input: &Rows| {
        let bytes = input.bytes(Io::Arrow, 2);
        let (out, bad) = try_stage(Stage::Split, Table::Segments, &tools, PLAIN, &bytes).unwrap();
        assert!(bad.is_empty(), "{bad:?}");
        let recurs = |row: &usize| out.rows[*row][out.at("dropped")] == Value::Text("recurring".into());
        (0..out.rows.len()).filter(recurs).filter(|&row| out.text(row, "text") == line).count()
    };
    assert_eq!(dropped(&pages([4, 4, 4])), 3);
    assert_eq!(dropped(&pages([4, 5, 6])), 0);
    let unknown = pages([4, 4, 4]).with_column(Column::maybe("outlet", Kind::Text, ""), |_, _| Value::None);
    assert_eq!(dropped(&unknown), 0, "as in a run");
}

#[test]
fn a_language_may_be_written_in_many_ways() {
    let text = "Rząd przyjął we wtorek projekt ustawy, która ma obniżyć ceny energii dla gospodarstw domowych.";
    for lang in ["pl", "PL", "pol", "pl-PL", "polski", ""] {
        let line = serde_json::json!({"id": "a", "lang": lang, "text": text}).to_string();
        let output = crossclaim(&["split", "--io", "jsonl"], line.as_bytes());
        let segment: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(segment["lang"], "pl", "{lang}");
    }
}

#[test]
fn vectors_that_come_twice_or_do_not_fit_are_bad_rows() {
    let settings = Settings::default();
    let tools = without_models(&settings);
    let floats = Vectors::from_floats(&[1.0, 0.2, 0.9, 0.3], 2);
    let bytes = |row: usize| floats.row(row).iter().map(|&byte| byte as u8).collect::<Vec<u8>>();
    let columns = vec![
        Column::new("id", Kind::Text, ""),
        Column::new("index", Kind::Int32, ""),
        Column::new("vector", Kind::Bytes, ""),
    ];
    let row = |id: &str, index, vector| vec![Value::Text(id.into()), Value::Whole(index), Value::Bytes(vector)];
    let rows = vec![
        row("a", 0, bytes(0)),
        row("b", 0, bytes(1)),
        row("a", 0, bytes(0)),
        row("c", 0, vec![1, 2, 3]),
        row("d", -1, bytes(0)),
    ];
    let input = Rows { columns, rows };
    let (out, bad) = try_stage(Stage::Relate, Table::Related, &tools, PLAIN, &input.bytes(Io::Arrow, 2)).unwrap();
    assert_eq!(out.rows.len(), 1);
    assert_eq!(bad.iter().map(|bad| bad.row).collect::<BTreeSet<_>>(), [2, 3, 4].into(), "{bad:?}");
}

#[test]
fn what_a_retry_cannot_cure_is_told_from_what_it_can() {
    let settings = Settings::default();
    let tools = without_models(&settings);
    let fails =
        |stage, table, input: &[u8]| try_stage(stage, table, &tools, PLAIN, input).expect_err("a failure").may_pass();
    let claims = Rows { columns: Table::Claims.columns().to_vec(), rows: Vec::new() };
    assert!(!fails(Stage::Relate, Table::Related, &claims.bytes(Io::Arrow, 1)), "a column is missing");
    assert!(!fails(Stage::Embed, Table::Vectors, &claims.bytes(Io::Arrow, 1)), "there is no encoder");
    assert!(!fails(Stage::Relate, Table::Related, b"{\"no\": \"arrow\"}, but a text of some length"), "no arrow");
    let bytes = claims.bytes(Io::Arrow, 1);
    assert!(fails(Stage::Claims, Table::Claims, &bytes[..bytes.len() - 8]), "cut");
    assert!(fails(Stage::Claims, Table::Claims, &[]), "nothing at all");

    let mut judge = settings.judge.clone();
    judge.max_pairs = 5;
    let limited = Tools { judge: &judge, ..tools };
    assert!(!try_stage(Stage::Judge, Table::Scores, &limited, PLAIN, &[]).err().unwrap().may_pass());
}

fn crossclaim(arguments: &[&str], input: &[u8]) -> Output {
    fed(input, &[&["stage"], arguments].concat())
}

#[test]
fn a_key_that_comes_back_stops_the_stage_with_the_code_of_faults_that_stay() {
    let lines = "{\"key\": 5, \"id\": \"a\", \"text\": \"One.\"}\n{\"key\": 9, \"id\": \"b\", \"text\": \"Two.\"}\n{\"key\": 5, \"id\": \"c\", \"text\": \"Three.\"}\n";
    let output = crossclaim(&["split", "--io", "jsonl"], lines.as_bytes());
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(3), "{said}");
    assert!(said.contains("the key 5 comes after 9"), "{said}");
    let damaged = format!("nonsense\n{lines}");
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("errors.jsonl");
    let output = crossclaim(&["split", "--io", "jsonl", "--errors", &file.to_string_lossy()], damaged.as_bytes());
    assert_eq!(output.status.code(), Some(3), "the first line alone does not say that there is no key");
    assert_eq!(std::fs::read_to_string(&file).unwrap().lines().count(), 1, "what was told before is kept");
    let output = crossclaim(&["split", "--io", "arrow"], &[]);
    assert_eq!(output.status.code(), Some(1), "an input that never came may come");
    let output = crossclaim(&["split", "--io", "arrow", "--shard", "4/4"], &[]);
    assert_eq!(output.status.code(), Some(2));
    let output = crossclaim(&["split", "--io", "parquet", "--loop"], &[]);
    assert_eq!(output.status.code(), Some(3));
    if has_model() {
        let output = crossclaim(&["embed", "--set", "model.instruction_set=mmx"], &[]);
        assert_eq!(output.status.code(), Some(3), "{}", String::from_utf8_lossy(&output.stderr));
    }
}

#[test]
fn a_digest_takes_and_refuses_what_a_stage_does() {
    for io in [Io::Arrow, Io::Parquet] {
        let problem = digests(Options { io, ..PLAIN }, &[]).unwrap_err();
        assert!(problem.may_pass(), "{io:?}: {problem}");
    }
    let lines = crossclaim(&["split", "--io", "jsonl"], b"{\"id\": \"a\", \"text\": \"One. Two.\"}\n").stdout;
    let spaced = String::from_utf8(lines.clone()).unwrap().replace('\n', "\n\n");
    let digests = |lines: &[u8]| digests(Options { io: Io::Jsonl, ..PLAIN }, lines).unwrap();
    assert_eq!(digests(format!("\n{spaced}").as_bytes()), digests(&lines));
}

fn digests(options: Options, input: &[u8]) -> Result<Vec<stage::Summary>, StageError> {
    let mut found = Vec::new();
    let mut tell = |summary: stage::Summary| -> std::io::Result<()> {
        found.push(summary);
        Ok(())
    };
    stage::digests(options, &mut Cursor::new(input), &mut tell)?;
    Ok(found)
}

#[test]
fn lines_of_json_lack_columns_and_hold_empty_texts_as_other_tables_do() {
    let split = |lines: &str| crossclaim(&["split", "--io", "jsonl"], lines.as_bytes());
    let output = split("{\"id\": \"a\"}\n{\"id\": \"b\"}\n");
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(3), "{said}");
    assert!(said.contains("the input has no column `text`, only id"), "{said}");
    assert_eq!(split("not json\n").status.code(), Some(4), "a bad row does not say that columns are missing");
    let output = split("{\"id\": \"a\", \"date\": \"\", \"outlet\": \"\", \"text\": \"One thing.\"}\n");
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn bad_rows_go_to_the_errors_table_or_are_counted() {
    let folder = tempfile::tempdir().unwrap();
    let lines =
        "{\"id\": \"a\", \"text\": \"One. Two.\"}\nnonsense\n{\"id\": \"b\"}\n{\"id\": \"c\", \"text\": \"Three.\"}\n";
    let file = folder.path().join("errors.jsonl");
    let output = crossclaim(&["split", "--io", "jsonl", "--errors", &file.to_string_lossy()], lines.as_bytes());
    assert_eq!(output.status.code(), Some(4));
    assert_eq!(String::from_utf8(output.stdout).unwrap().lines().count(), 3);
    let errors = std::fs::read_to_string(&file).unwrap();
    let errors: Vec<serde_json::Value> = errors.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(errors.iter().map(|error| error["row"].as_u64().unwrap()).collect::<Vec<_>>(), [1, 2]);
    assert_eq!((&errors[0]["stage"], &errors[1]["problem"]), (&"split".into(), &"`text` is empty".into()));

    let output = crossclaim(&["split", "--io", "jsonl"], lines.as_bytes());
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(4));
    assert!(said.contains("row 2: `text` is empty") && said.contains("2 rows could not be used"), "{said}");
}

#[test]
fn a_loop_answers_every_stream_before_the_next_one_comes() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_crossclaim"))
        .args(["stage", "split", "--loop"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let (mut stdin, mut stdout) = (child.stdin.take().unwrap(), std::io::BufReader::new(child.stdout.take().unwrap()));
    let columns = [Column::new("id", Kind::Text, ""), Column::new("text", Kind::Text, "")];
    for (id, text, count) in [("a", "One thing. Another thing.", 2), ("b", "", 0), ("c", "A third thing.", 1)] {
        let rows = vec![vec![Value::Text(id.into()), Value::Text(text.into())]];
        stdin.write_all(&Rows { columns: columns.to_vec(), rows }.bytes(Io::Arrow, 1)).unwrap();
        stdin.flush().unwrap();
        let mut reader = TableReader::open(Io::Arrow, &mut stdout, None).unwrap().unwrap();
        assert_eq!(reader.origin().unwrap().table, "segments");
        let mut found = 0;
        while let Some(Piece::Batch(batch)) = reader.next_piece().unwrap() {
            found += batch.num_rows();
        }
        assert_eq!(found, count, "{id}");
    }
    drop(stdin);
    let mut rest = Vec::new();
    stdout.read_to_end(&mut rest).unwrap();
    assert!(rest.is_empty());
    assert_eq!(child.wait().unwrap().code(), Some(0));

    let lines = b"{\"id\": \"a\", \"text\": \"One.\"}\n\n{\"id\": \"b\", \"text\": \"Two.\"}\n";
    let output = crossclaim(&["split", "--io", "jsonl", "--loop"], lines);
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(text.split("\n\n").filter(|stream| !stream.is_empty()).count(), 2, "{text}");
}

#[test]
fn without_a_loop_nothing_behind_the_first_stream_is_lost() {
    let lines = "\u{feff}{\"id\": \"a\", \"text\": \"One.\"}\n\r\n\n{\"id\": \"b\", \"text\": \"Two.\"}\n\n";
    let output = crossclaim(&["split", "--io", "jsonl"], lines.as_bytes());
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(String::from_utf8(output.stdout).unwrap().lines().count(), 2);

    let columns = vec![Column::new("id", Kind::Text, ""), Column::new("text", Kind::Text, "")];
    let stream = Rows { columns, rows: Vec::new() }.bytes(Io::Arrow, 1);
    let output = crossclaim(&["split"], &stream);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let output = crossclaim(&["split"], &[stream.clone(), stream].concat());
    assert_eq!(output.status.code(), Some(3));
    assert!(String::from_utf8_lossy(&output.stderr).contains("more input follows the first stream: use --loop"));
}

#[test]
fn streams_of_different_origin_are_not_mixed() {
    let table = |fingerprint: &str| {
        let mut bytes = Vec::new();
        let origin = Origin { table: "segments".into(), fingerprint: fingerprint.into() };
        TableWriter::new(Io::Arrow, &mut bytes, &Table::Segments.schema(), &origin).unwrap().finish().unwrap();
        bytes
    };
    let output = crossclaim(&["claims", "--loop"], &[table("one"), table("one")].concat());
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    for what in ["claims", "digest"] {
        let output = crossclaim(&[what, "--loop"], &[table("one"), table("two")].concat());
        assert_eq!(output.status.code(), Some(3), "{what}");
        assert!(String::from_utf8_lossy(&output.stderr).contains("must not be mixed"), "{what}");
        assert!(!output.stdout.is_empty(), "{what}: the first stream was answered");
    }
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_crossclaim"))
        .args(["stage", "split", "--io", "jsonl"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let mut stdin = child.stdin.take().unwrap();
    for number in 0..5_000 {
        let line =
            format!("{{\"id\": \"{number}\", \"text\": \"One sentence. Another sentence. A third sentence.\"}}\n");
        if stdin.write_all(line.as_bytes()).is_err() {
            break;
        }
    }
    drop(stdin);
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn description_digest_and_self_test_are_lines_of_json() {
    let lines = |output: Output| -> Vec<serde_json::Value> {
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    };
    let steps = lines(crossclaim(&["describe"], &[]));
    let names: Vec<&str> = steps.iter().map(|step| step["stage"].as_str().unwrap()).collect();
    assert_eq!(names, ["split", "claims", "embed", "relate", "candidates", "judge", "judge", "group"]);
    // What a stage needs, the tables before it have: only keys and joined columns come from the engine.
    for step in &steps {
        for column in step["input"]["columns"].as_array().unwrap().iter().filter(|column| column["needed"] == true) {
            let name = column["name"].as_str().unwrap();
            let has =
                |table: &Table| table.columns().iter().any(|own| own.name == name && own.kind.name() == column["type"]);
            assert!(Table::KEPT.iter().chain([&Table::Scores]).any(has), "{}: {name}", step["stage"]);
        }
    }

    let row = "{\"id\": \"a\", \"text\": \"One. Two.\"}\n";
    let segments = crossclaim(&["split", "--io", "jsonl"], row.as_bytes()).stdout;
    let digest = &lines(crossclaim(&["digest", "--io", "jsonl"], &segments))[0];
    assert_eq!((&digest["table"], &digest["rows"]), (&"segments".into(), &2.into()));
    let output = crossclaim(&["digest", "--io", "jsonl"], row.as_bytes());
    assert_eq!(output.status.code(), Some(3), "articles need a language");
    if has_model() {
        let test = &lines(crossclaim(&["selftest"], &[]))[0];
        assert_eq!(test["selftest"].as_str().map(str::len), Some(32), "{test}");
        assert_eq!(*test, lines(crossclaim(&["selftest", "--threads", "1"], &[]))[0]);
    }
}
