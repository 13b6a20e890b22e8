//! Gold pairs from a CSV file.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::{Path, PathBuf};

use crate::judge::Relation;
use crate::review::{Grid, Line, Mark, is_damaged, marked};

/// One side of a pair: a span of an article, in Unicode scalar values.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// Id of the article; in gold the name as written there, until [`Gold::locate`].
    pub article: String,
    /// First character.
    pub start: usize,
    /// One past the last character.
    pub end: usize,
    /// Language code.
    pub language: String,
}

impl Place {
    /// Makes a place in an article.
    pub fn new(article: &str, start: usize, end: usize, language: &str) -> Self {
        Self { article: article.to_owned(), start, end, language: language.to_owned() }
    }

    /// Event of the article, where its file name begins with it, as in the sample corpus.
    pub fn event(&self) -> &str {
        stem(&self.article).split('-').next().unwrap_or_default()
    }

    /// Whether both lie in one article and share at least half of the shorter span.
    pub fn meets(&self, other: &Self) -> bool {
        let shared = self.end.min(other.end).saturating_sub(self.start.max(other.start));
        let shorter = (self.end - self.start).min(other.end - other.start).max(1);
        self.article == other.article && 2 * shared >= shorter
    }
}

/// File name of an article without folders and extension.
fn stem(article: &str) -> &str {
    let name = article.rsplit(['/', '\\']).next().unwrap_or(article);
    [".txt", ".md", ".html", ".json"].iter().find_map(|e| name.strip_suffix(e)).unwrap_or(name)
}

/// One gold pair, the smaller place first.
#[derive(Debug, Clone, PartialEq)]
pub struct GoldPair {
    /// Both sides.
    pub sides: [Place; 2],
    /// Agreement or contradiction; other relations are not pairs.
    pub relation: Relation,
    /// Claims that both sides state.
    pub claims: Vec<String>,
    /// Kinds of conflict, where `pair_claims.csv` beside the gold file gives them.
    pub kinds: Vec<String>,
}

/// A pair that is known to be wrong.
#[derive(Debug, Clone, PartialEq)]
pub struct Trap {
    /// Both sides.
    pub sides: [Place; 2],
    /// The relation that it does not have; `None` if it has neither.
    pub denied: Option<Relation>,
}

impl Trap {
    /// Whether the pair is known not to have this relation.
    pub fn denies(&self, relation: Relation) -> bool {
        self.denied.is_none_or(|denied| denied == relation)
    }
}

/// Gold pairs, and pairs that may be reported or not.
#[derive(Debug, Clone, Default)]
pub struct Gold {
    /// What must be found.
    pub pairs: Vec<GoldPair>,
    /// Debatable pairs: reports of them are not counted.
    pub ignored: Vec<[Place; 2]>,
    /// Pairs that are known to be wrong; needed only where the gold is partial.
    pub traps: Vec<Trap>,
    /// Whether the gold says nothing about other pairs, as a person's marks on some rows: only known pairs are counted.
    pub is_partial: bool,
}

/// What is said of a scorecard against partial gold.
const PARTIAL: &str = "gold is marked pairs only: P is of the marked rows and not of the run (`crossclaim review` estimates \
    that from a sample);\nR and the steps are of the pairs that were shown for marking and not of all true pairs";

impl Gold {
    /// What must be said of shares that are measured against it.
    pub fn note(&self) -> Option<&'static str> {
        self.is_partial.then_some(PARTIAL)
    }

    /// Puts ids of articles, `ids`, in the place of names, and returns how many pairs lie on other articles.
    ///
    /// A name with `/` or `#` is a whole id, any other may be a file name without folders and extension: an error where
    /// two articles have it.
    pub fn locate(&mut self, ids: &[&str]) -> Result<usize, EvaluateError> {
        let known: HashSet<&str> = ids.iter().copied().collect();
        let mut by_stem: HashMap<&str, Vec<&str>> = HashMap::new();
        for id in ids.iter().copied().filter(|id| !id.contains('#')) {
            by_stem.entry(stem(id)).or_default().push(id);
        }
        let pairs = self.pairs.iter_mut().map(|pair| &mut pair.sides);
        let traps = self.traps.iter_mut().map(|trap| &mut trap.sides);
        for sides in pairs.chain(&mut self.ignored).chain(traps) {
            for place in sides.iter_mut() {
                if known.contains(place.article.as_str()) || place.article.contains(['/', '#']) {
                    continue;
                }
                let found = by_stem.get(stem(&place.article)).map_or(&[][..], Vec::as_slice);
                match found {
                    [] => {}
                    [only] => place.article = (*only).to_owned(),
                    [first, second, ..] => {
                        let (first, second) = ((*first).to_owned(), (*second).to_owned());
                        return Err(EvaluateError::Ambiguous { name: place.article.clone(), first, second });
                    }
                }
            }
            sides.sort();
        }
        let is_elsewhere = |sides: &&[Place; 2]| sides.iter().any(|place| !known.contains(place.article.as_str()));
        let traps = self.traps.iter().map(|trap| &trap.sides);
        Ok(self.pairs.iter().map(|pair| &pair.sides).chain(traps).filter(is_elsewhere).count())
    }
}

/// What can go wrong with gold.
#[derive(Debug, thiserror::Error)]
pub enum EvaluateError {
    /// The file cannot be read.
    #[error("cannot read gold `{path}`: {source}")]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A row is malformed.
    #[error("gold `{path}`, row {row}: {problem}")]
    Row {
        /// The file.
        path: PathBuf,
        /// Row, the header is 1.
        row: usize,
        /// What is wrong.
        problem: String,
    },
    /// A file name that two articles have.
    #[error("gold on `{name}` may mean `{first}` or `{second}`: write whole ids")]
    Ambiguous {
        /// The name in the gold.
        name: String,
        /// Id of an article with this name.
        first: String,
        /// Id of another.
        second: String,
    },
}

/// Reads gold pairs (columns `article_a, lang_a, start_a, end_a`, the same for `b`, `claim`, `relation`), and pairs to
/// ignore in the same form. A pairs file that a person has marked is gold too. Articles are named as in the files:
/// [`Gold::locate`] finds them.
pub fn read_gold(path: &Path, ignore: &[PathBuf]) -> Result<Gold, EvaluateError> {
    let mut gold = match Grid::read(path) {
        Ok(grid) if grid.has("left_article") => reviewed_gold(path, &grid)?,
        // What is no reviewed file is read as gold; its errors say more there.
        _ => plain_gold(path)?,
    };
    for file in ignore {
        for (number, row) in rows(file)?.into_iter().enumerate() {
            gold.ignored.push(sides(file, number + 2, &row)?);
        }
    }
    Ok(gold)
}

/// Marked rows: `right` is the relation shown, a relation is that, `unrelated` is a trap, `wrong` one for the relation
/// shown only; a pair with contradicting marks is ignored.
fn reviewed_gold(path: &Path, grid: &Grid) -> Result<Gold, EvaluateError> {
    let mut said: BTreeMap<&str, Said> = BTreeMap::new();
    for line in grid.lines() {
        let (shown, Some(mark)) = marked(&line) else { continue };
        let problem = |problem: String| EvaluateError::Row { path: path.into(), row: line.number, problem };
        let mut sides =
            [reviewed_side(&line, "left").map_err(problem)?, reviewed_side(&line, "right").map_err(problem)?];
        sides.sort();
        let own = said.entry(line.cell("pair_id")).or_default();
        let relation = match mark {
            Mark::Relation(relation) => relation,
            Mark::Right => shown.ok_or_else(|| problem("`right` without a relation".to_owned()))?,
            Mark::Wrong => {
                own.traps.push(Trap { sides, denied: shown });
                continue;
            }
        };
        let conflict = line.cell("reason").split(':').next().unwrap_or_default().trim();
        let kinds = match relation {
            Relation::Contradiction if !conflict.is_empty() => vec![conflict.to_owned()],
            _ => Vec::new(),
        };
        own.pairs.push(GoldPair { sides, relation, claims: Vec::new(), kinds });
    }
    let mut gold = Gold { is_partial: true, ..Gold::default() };
    for Said { pairs, traps } in said.into_values() {
        let Some(first) = pairs.first().cloned() else {
            gold.traps.extend(traps);
            continue;
        };
        let is_denied = first.relation != Relation::Unrelated && traps.iter().any(|trap| trap.denies(first.relation));
        if is_denied || pairs.iter().any(|pair| pair.relation != first.relation) {
            gold.ignored.push(first.sides);
        } else if first.relation == Relation::Unrelated {
            gold.traps.push(Trap { sides: first.sides, denied: None });
        } else {
            gold.pairs.push(first);
        }
    }
    Ok(gold)
}

/// What the rows of one pair say of it.
#[derive(Default)]
struct Said {
    pairs: Vec<GoldPair>,
    traps: Vec<Trap>,
}

fn reviewed_side(line: &Line<'_>, side: &str) -> Result<Place, String> {
    let cell = |name: &str| line.cell(&format!("{side}_{name}"));
    let offset = |name: &str| {
        cell(name).parse::<usize>().map_err(|_| format!("`{}` in column `{side}_{name}` is no offset", cell(name)))
    };
    let (start, end, article) = (offset("start")?, offset("end")?, cell("article"));
    if end < start {
        return Err(format!("the span {start}..{end} ends before it starts"));
    }
    if article.is_empty() || is_damaged(article) {
        return Err(format!("the article `{article}` cannot be told: letters were lost when the file was saved"));
    }
    Ok(Place::new(article, start, end, cell("lang")))
}

fn plain_gold(path: &Path) -> Result<Gold, EvaluateError> {
    let kinds = read_kinds(&path.with_file_name("pair_claims.csv"))?;
    let mut gold = Gold::default();
    for (number, row) in rows(path)?.into_iter().enumerate() {
        let problem = |problem: String| EvaluateError::Row { path: path.into(), row: number + 2, problem };
        let name = row.get("relation").ok_or_else(|| problem("there is no column `relation`".to_owned()))?;
        let relation =
            Relation::named(name).ok_or_else(|| problem(format!("`{name}` in column `relation` is no relation")))?;
        if relation == Relation::Unrelated {
            continue;
        }
        let sides = sides(path, number + 2, &row)?;
        let claims =
            row.get("claim").map(|c| c.split([';', ' ', ',']).filter(|p| !p.is_empty()).map(str::to_owned).collect());
        let kinds = row.get("pair_id").and_then(|id| kinds.get(id)).cloned().unwrap_or_default();
        gold.pairs.push(GoldPair { sides, relation, claims: claims.unwrap_or_default(), kinds });
    }
    Ok(gold)
}

/// Kinds of conflict by pair id: those of claims whose variants differ.
fn read_kinds(path: &Path) -> Result<HashMap<String, Vec<String>>, EvaluateError> {
    let mut kinds: HashMap<String, Vec<String>> = HashMap::new();
    if !path.exists() {
        return Ok(kinds);
    }
    for row in rows(path)? {
        if let (Some(id), Some(kind)) = (row.get("pair_id"), row.get("kind"))
            && row.get("variant_a") != row.get("variant_b")
        {
            kinds.entry(id.clone()).or_default().push(kind.clone());
        }
    }
    Ok(kinds)
}

fn rows(path: &Path) -> Result<Vec<BTreeMap<String, String>>, EvaluateError> {
    let text = std::fs::read_to_string(path).map_err(|source| EvaluateError::Read { path: path.into(), source })?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let head = text.lines().next().unwrap_or_default();
    let delimiter = [b',', b';', b'\t'].into_iter().max_by_key(|&d| head.bytes().filter(|&b| b == d).count());
    let mut reader =
        csv::ReaderBuilder::new().delimiter(delimiter.unwrap_or(b',')).flexible(true).from_reader(text.as_bytes());
    let problem = |row: usize, e: csv::Error| EvaluateError::Row { path: path.into(), row, problem: e.to_string() };
    let header = reader.headers().map_err(|e| problem(1, e))?.clone();
    let mut rows = Vec::new();
    for (number, record) in reader.records().enumerate() {
        let record = record.map_err(|e| problem(number + 2, e))?;
        rows.push(header.iter().map(str::to_owned).zip(record.iter().map(str::to_owned)).collect());
    }
    Ok(rows)
}

fn sides(path: &Path, number: usize, row: &BTreeMap<String, String>) -> Result<[Place; 2], EvaluateError> {
    let problem = |problem: String| EvaluateError::Row { path: path.into(), row: number, problem };
    let side = |s: &str| -> Result<Place, EvaluateError> {
        let text = |name: &str| {
            let column = format!("{name}_{s}");
            row.get(&column).ok_or_else(|| problem(format!("there is no column `{column}`")))
        };
        let offset = |name: &str| {
            let value = text(name)?;
            value.parse::<usize>().map_err(|_| problem(format!("`{value}` in column `{name}_{s}` is no offset")))
        };
        let (start, end) = (offset("start")?, offset("end")?);
        if end < start {
            return Err(problem(format!("the span {start}..{end} ends before it starts")));
        }
        Ok(Place::new(text("article")?, start, end, row.get(&format!("lang_{s}")).map_or("", String::as_str)))
    };
    let mut sides = [side("a")?, side("b")?];
    sides.sort();
    Ok(sides)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluate::{Predicted, score};

    #[test]
    fn spans_meet_when_they_share_half_of_the_shorter() {
        let place = |start, end| Place::new("x/bank-de.txt", start, end, "de");
        assert!(place(0, 10).meets(&place(5, 40)));
        assert!(!place(0, 10).meets(&place(6, 40)));
        assert!(!place(0, 10).meets(&Place::new("other", 0, 10, "de")));
    }

    const HEADER: &str = "pair_id;relation;reason;left_article;left_lang;left_start;left_end;right_article;right_lang;\
        right_start;right_end;mark\r\n";

    /// A row that shows a contradiction.
    fn row(id: &str, start: usize, mark: &str) -> String {
        format!("{id};contradiction;number: 1 / 2;a/x-el.txt;el;{start};{};a/y-pl.txt;pl;0;9;{mark}\r\n", start + 9)
    }

    fn says(relation: Relation, start: usize) -> Predicted {
        let sides = [Place::new("a/x-el.txt", start, start + 9, "el"), Place::new("a/y-pl.txt", 0, 9, "pl")];
        Predicted { sides, relation, confidence: 0.9 }
    }

    #[test]
    fn wrong_denies_only_the_relation_that_was_shown() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("pairs.csv");
        let rows = [
            row("p1", 0, "wrong"),
            row("p2", 10, "wrong"),
            row("p2", 10, "agreement"),
            row("p3", 20, "wrong"),
            row("p3", 20, "unrelated"),
        ];
        std::fs::write(&path, format!("{HEADER}{}", rows.concat())).unwrap();
        let gold = read_gold(&path, &[]).unwrap();
        let card = |relation| score(&gold, &[0, 10, 20].map(|start| says(relation, start)));
        // The first pair may agree or not, the second does, the third does not; none is a contradiction.
        let agreement = card(Relation::Agreement).agreement;
        assert_eq!((agreement.gold, agreement.predicted, agreement.right), (1, 2, 1));
        assert_eq!(card(Relation::Contradiction).contradiction.predicted, 3);
    }

    #[test]
    fn marks_of_a_person_are_gold_for_the_pairs_that_are_marked() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("pairs.csv");
        let rows = [
            row("p1", 0, "right"),
            row("p2", 10, "wrong"),
            row("p3", 20, "Agreement"),
            row("p4", 30, ""),
            row("p5", 40, "right"),
            row("p5", 40, "wrong"),
        ];
        std::fs::write(&path, format!("\u{feff}{HEADER}{}", rows.concat())).unwrap();
        let gold = read_gold(&path, &[]).unwrap();
        let relations: Vec<_> = gold.pairs.iter().map(|pair| pair.relation).collect();
        assert_eq!(relations, [Relation::Contradiction, Relation::Agreement]);
        assert_eq!(gold.pairs[0].kinds, ["number"]);
        assert_eq!((gold.traps.len(), gold.ignored.len(), gold.is_partial), (1, 1, true));
        let say = |start| says(Relation::Contradiction, start);
        let card = score(&gold, &[say(0), say(10), say(30), say(40), say(70)]);
        // The trap counts against the program; unmarked, disputed and new pairs do not.
        assert_eq!((card.contradiction.predicted, card.contradiction.right), (2, 1));
        std::fs::write(&path, format!("{HEADER}{}", rows[0].replace("y-pl", "??????"))).unwrap();
        assert!(read_gold(&path, &[]).unwrap_err().to_string().contains("row 2: the article `a/??????.txt`"));
    }

    #[test]
    fn whole_ids_tell_articles_of_one_file_name_apart_and_the_bare_name_is_refused() {
        let pair = |left: &str, right: &str| GoldPair {
            sides: [Place::new(left, 0, 9, "de"), Place::new(right, 0, 9, "pl")],
            relation: Relation::Agreement,
            claims: Vec::new(),
            kinds: Vec::new(),
        };
        let ids = ["de/1.txt", "pl/1.txt", "pl/2.txt", "news.jsonl#https://example.org/2"];
        let pairs = vec![pair("pl/1.txt", "2"), pair("news.jsonl#https://example.org/2", "hr/2.txt")];
        let mut gold = Gold { pairs, ..Gold::default() };
        assert_eq!(gold.locate(&ids).unwrap(), 1, "one pair is on an article that is not there");
        assert_eq!(gold.pairs[0], pair("pl/1.txt", "pl/2.txt"));
        gold.pairs.push(pair("1", "2"));
        let message = gold.locate(&ids).unwrap_err().to_string();
        assert!(message.contains("`de/1.txt` or `pl/1.txt`"), "{message}");
    }

    #[test]
    fn gold_without_relations_or_with_an_unknown_one_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("gold.csv");
        let read = |column: &str, relation: &str| {
            let header = format!("article_a,start_a,end_a,article_b,start_b,end_b,{column}\n");
            let rows = ["agreement", relation].map(|relation| format!("a,0,5,b,0,5,{relation}\n"));
            std::fs::write(&path, header + &rows.concat()).unwrap();
            read_gold(&path, &[])
        };
        assert_eq!(read("relation", "unrelated").unwrap().pairs.len(), 1);
        let message = read("relation", "same").unwrap_err().to_string();
        assert!(message.contains("gold.csv`, row 3: `same` in column `relation`"), "{message}");
        let message = read("verdict", "agreement").unwrap_err().to_string();
        assert!(message.contains("row 2: there is no column `relation`"), "{message}");
    }

    #[test]
    fn a_bad_offset_names_file_row_and_column() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("gold.csv");
        let header = "pair_id,article_a,lang_a,start_a,end_a,article_b,lang_b,start_b,end_b,claim,relation\n";
        std::fs::write(&path, format!("{header}p,a,pl,0,x,b,de,0,5,c1,agreement\n")).unwrap();
        let message = read_gold(&path, &[]).unwrap_err().to_string();
        assert!(message.contains("row 2") && message.contains("`x` in column `end_a`"), "{message}");
    }
}
