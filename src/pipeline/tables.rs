//! Keeps what a run found between its stages, as tables that are equal to those of `crossclaim stage`.

use std::io;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};

use super::{Models, Outcome};
use crate::align;
use crate::report::{ReportError, write_atomically, write_through};
use crate::settings::Settings;
use crate::tables::{
    self, Builder, Cell, ClaimKey, Digest, Head, Io, Origin, PairKey, Table, TableError, TableWriter, text_key,
};

/// Rows of a batch.
const BATCH: usize = 4_096;

/// Writes every table as Parquet into `folder`, and `manifest.json` with rows, digest, fingerprint and inputs of each.
pub fn write(
    outcome: &Outcome,
    models: &Models,
    settings: &Settings,
    folder: &Path,
) -> Result<Vec<PathBuf>, ReportError> {
    let tools = models.tools(settings);
    let found = Found::new(outcome, settings.align.event_articles);
    let (mut files, mut manifest) = (Vec::new(), Map::new());
    for table in Table::KEPT {
        let path = folder.join(format!("{}.parquet", table.name()));
        let origin = Origin { table: table.name().to_owned(), fingerprint: tools.fingerprint(table) };
        let mut digest = Digest::default();
        let mut problem = None;
        files.push(
            write_through(&path, |file| {
                // What fails in writing comes back as it is; a table that cannot be made is told apart below.
                found.fill(table, &origin, &mut digest, file).map_err(|error| match error {
                    TableError::Io(error) => error,
                    other => {
                        problem = Some(other.to_string());
                        io::Error::other("the table cannot be made")
                    }
                })
            })
            .map_err(|error| match problem {
                Some(problem) => ReportError::Format { what: table.name(), problem },
                None => error,
            })?,
        );
        let inputs: Map<String, Value> =
            inputs(table).iter().map(|&input| (input.name().to_owned(), manifest_digest(&manifest, input))).collect();
        let entry = json!({
            "rows": digest.rows,
            "digest": digest.hex(),
            "fingerprint": origin.fingerprint,
            "inputs": inputs,
        });
        manifest.insert(table.name().to_owned(), entry);
    }
    let manifest = json!({
        "program": "crossclaim",
        "version": env!("CARGO_PKG_VERSION"),
        "partial": outcome.unfinished.is_partial(),
        "tables": manifest,
    });
    files.push(write_atomically(&folder.join("manifest.json"), format!("{manifest:#}\n").as_bytes())?);
    Ok(files)
}

/// Tables that a table is made from.
fn inputs(table: Table) -> &'static [Table] {
    match table {
        Table::Segments => &[Table::Articles],
        Table::Claims => &[Table::Segments],
        Table::Vectors => &[Table::Claims],
        Table::Related => &[Table::Vectors],
        Table::Candidates => &[Table::Vectors, Table::Related],
        Table::Judgements => &[Table::Candidates, Table::Claims],
        Table::Groups => &[Table::Judgements],
        Table::Articles | Table::Scores | Table::Errors => &[],
    }
}

fn manifest_digest(manifest: &Map<String, Value>, table: Table) -> Value {
    manifest.get(table.name()).map_or(Value::Null, |entry| entry["digest"].clone())
}

/// What a run found, with what the tables repeat.
struct Found<'a> {
    outcome: &'a Outcome,
    /// Of every article.
    heads: Vec<Head<'a>>,
    /// First article of the event of every article.
    events: Vec<usize>,
}

impl<'a> Found<'a> {
    fn new(outcome: &'a Outcome, event_articles: usize) -> Self {
        let articles = &outcome.corpus.articles;
        let heads = articles.iter().map(|article| Head::new(&article.id, &article.language, article.date)).collect();
        Self { outcome, heads, events: align::events(articles.len(), &outcome.related, event_articles) }
    }

    fn claim(&self, claim: usize) -> ClaimKey<'a> {
        let own = &self.outcome.claims[claim];
        let head = &self.heads[own.article];
        ClaimKey { article: head.key, id: head.id, index: own.segment }
    }

    fn event(&self, claim: usize) -> i64 {
        self.heads[self.events[self.outcome.claims[claim].article]].key
    }

    fn pair(&self, left: usize, right: usize) -> PairKey<'a> {
        PairKey { event: self.event(left), left: self.claim(left), right: self.claim(right) }
    }

    fn fill<W: io::Write + Send>(
        &self,
        table: Table,
        origin: &Origin,
        digest: &mut Digest,
        sink: W,
    ) -> Result<(), TableError> {
        let writer = TableWriter::new(Io::Parquet, sink, &table.schema(), origin)?;
        let mut out = Filling { rows: Builder::new(table.columns()), digest, writer };
        let outcome = self.outcome;
        match table {
            Table::Articles => out.each(0..self.heads.len(), |rows, article| self.article(rows, article))?,
            Table::Segments => out.each(0..self.heads.len(), |rows, article| {
                let text = &outcome.corpus.articles[article].text;
                tables::segments(rows, self.heads[article], text, &outcome.segments[article]);
            })?,
            Table::Claims => out.each(0..self.heads.len(), |rows, article| self.claims(rows, article))?,
            Table::Vectors => out.each(0..outcome.claims.len(), |rows, claim| {
                let seen = tables::Sighting {
                    date: outcome.article_of(claim).date,
                    text_key: &text_key(outcome.text_of(claim)),
                    names: &outcome.claims[claim].fields.mentions(),
                    vector: outcome.vectors.row(claim),
                };
                tables::vector(rows, self.claim(claim), seen);
            })?,
            Table::Related => out.each(&outcome.related, |rows, pair| {
                tables::related(rows, pair, |article| self.heads[article].id);
            })?,
            Table::Candidates => out.each(&outcome.candidates, |rows, pair| {
                tables::candidate(rows, self.pair(pair.left, pair.right), pair);
            })?,
            Table::Judgements => out.each(&outcome.judgements, |rows, judgement| {
                tables::judgement(rows, self.pair(judgement.pair.left, judgement.pair.right), judgement);
            })?,
            Table::Groups => out.each(&outcome.groups, |rows, group| {
                tables::group(rows, self.event(group.central), group, |claim| self.claim(claim));
            })?,
            Table::Scores | Table::Errors => {}
        }
        out.finish()
    }

    fn article(&self, rows: &mut Builder, article: usize) {
        let (head, article) = (&self.heads[article], &self.outcome.corpus.articles[article]);
        let day = article.date.map(|date| date.to_string());
        let extra = (!article.extra.is_empty())
            .then(|| serde_json::to_string(&article.extra).expect("other columns are texts"));
        rows.push(&[
            Cell::Whole(head.key),
            Cell::Text(head.id),
            Cell::Text(head.lang),
            day.as_deref().into(),
            article.outlet.as_deref().into(),
            article.title.as_deref().into(),
            article.author.as_deref().into(),
            article.url.as_deref().into(),
            extra.as_deref().into(),
            Cell::Text(&article.text),
        ]);
    }

    fn claims(&self, rows: &mut Builder, article: usize) {
        let outcome = self.outcome;
        let text = &outcome.corpus.articles[article].text;
        let segments = &outcome.segments[article];
        let places: Vec<(usize, usize)> = tables::offsets(text, segments).collect();
        for claim in &outcome.claims[outcome.extents[article].claims.clone()] {
            let (start, end) = places[claim.segment];
            let place = (claim.segment, start, end);
            tables::claim(rows, self.heads[article], place, claim.text(text), &claim.fields);
        }
    }
}

/// A table on its way to the disk.
struct Filling<'a, W: io::Write + Send> {
    rows: Builder,
    digest: &'a mut Digest,
    writer: TableWriter<W>,
}

impl<W: io::Write + Send> Filling<'_, W> {
    /// Adds the rows of every item, and writes them in batches.
    fn each<T>(
        &mut self,
        items: impl IntoIterator<Item = T>,
        mut add: impl FnMut(&mut Builder, T),
    ) -> Result<(), TableError> {
        for item in items {
            add(&mut self.rows, item);
            if self.rows.rows() >= BATCH {
                self.write()?;
            }
        }
        Ok(())
    }

    fn write(&mut self) -> Result<(), TableError> {
        let batch = self.rows.take()?;
        self.digest.add(&batch);
        self.writer.write(&batch)
    }

    fn finish(mut self) -> Result<(), TableError> {
        if self.rows.rows() > 0 {
            self.write()?;
        }
        self.writer.finish()
    }
}
