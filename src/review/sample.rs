//! A review file that is worth a person's hour: few rows that stand for the whole run.

use std::collections::BTreeMap;

use super::Stratum;
use crate::judge::language_pair;
use crate::report::table::{Cell, Column, Table, pairs};
use crate::report::{Row, reordered};

/// A drawn row and the part of the run that it stands for.
#[derive(Debug, Clone, PartialEq)]
pub struct Sampled {
    /// The row.
    pub row: Row,
    /// Its part of the run.
    pub stratum: Stratum,
}

/// Draws about `size` rows: from every relation and confidence band one at least, more from larger ones (by the square
/// root of their rows), and within a band evenly over languages and reasons. The same rows give the same sample.
pub fn sample(rows: &[Row], size: usize) -> Vec<Sampled> {
    let mut strata: BTreeMap<String, Vec<&Row>> = BTreeMap::new();
    for row in rows {
        let tenth = ((row.confidence * 10.0) as usize).min(9);
        strata.entry(format!("{} 0.{tenth}", row.relation)).or_default().push(row);
    }
    // A band without a row would be missing from every estimate for the whole run.
    let shares = shares(&strata.values().map(Vec::len).collect::<Vec<_>>(), size.max(strata.len()));
    let mut drawn = Vec::new();
    for ((name, mut own), count) in strata.into_iter().zip(shares) {
        // Ids are hashes: within equal keys their order is as good as chance, and the same tomorrow.
        own.sort_by_cached_key(|row| {
            (language_pair(&row.left.lang, &row.right.lang), row.conflict().to_owned(), row.pair_id.clone())
        });
        let stratum = Stratum { name, rows: own.len() };
        let at = |k: usize| (2 * k + 1) * own.len() / (2 * count);
        drawn.extend((0..count).map(|k| Sampled { row: own[at(k)].clone(), stratum: stratum.clone() }));
    }
    drawn
}

/// How many rows of each stratum are drawn: in proportion to the square root of its rows, one at least.
fn shares(rows: &[usize], size: usize) -> Vec<usize> {
    let size = size.min(rows.iter().sum());
    let mut shares = vec![0; rows.len()];
    for _ in 0..size {
        // The next row goes where it is missed most: the highest ratio of what is due to what is there.
        let due = |at: usize| (rows[at] as f64).sqrt() / (shares[at] as f64 + 1e-9);
        let open = (0..rows.len()).filter(|&at| shares[at] < rows[at]);
        if let Some(next) = open.max_by(|&a, &b| due(a).total_cmp(&due(b)).then(b.cmp(&a))) {
            shares[next] += 1;
        }
    }
    shares
}

/// The sample as a table: the columns of `pairs` in the order of `report.xlsx`, with `stratum` and `stratum_rows`. A
/// marked row stands for `stratum_rows` divided by the marked rows of its stratum.
pub fn sample_table(drawn: &[Sampled]) -> Table {
    let rows: Vec<Row> = drawn.iter().map(|one| one.row.clone()).collect();
    let mut table = pairs(&rows);
    let column = |name: &str, width| Column { name: name.to_owned(), width };
    table.columns.extend([column("stratum", 18), column("stratum_rows", 12)]);
    for (cells, one) in table.rows.iter_mut().zip(drawn) {
        cells.extend([Cell::Text(one.stratum.name.clone()), Cell::Count(one.stratum.rows)]);
    }
    reordered(table)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run() -> Vec<Row> {
        let languages = ["pl", "de", "el", "hr"];
        (0..1000)
            .map(|at| {
                let mut row = Row {
                    pair_id: format!("p{:08x}", (at as u32).wrapping_mul(2_654_435_761)),
                    relation: if at % 10 == 0 { "contradiction" } else { "agreement" }.to_owned(),
                    confidence: 0.5 + (at * 7 % 500) as f64 / 1000.0,
                    ..Row::default()
                };
                row.left.lang = languages[at % 4].to_owned();
                row.right.lang = languages[at / 4 % 4].to_owned();
                row
            })
            .collect()
    }

    #[test]
    fn a_sample_reaches_every_band_relation_and_language_pair_and_is_the_same_every_time() {
        let drawn = sample(&run(), 100);
        assert_eq!(drawn.len(), 100);
        let mut shuffled = run();
        shuffled.reverse();
        assert_eq!(drawn, sample(&shuffled, 100));
        let distinct =
            |key: &dyn Fn(&Sampled) -> String| drawn.iter().map(key).collect::<std::collections::BTreeSet<_>>().len();
        assert_eq!(distinct(&|one| one.stratum.name.clone()), 10);
        assert_eq!(distinct(&|one| one.row.pair_id.clone()), 100, "no row twice");
        assert_eq!(distinct(&|one| language_pair(&one.row.left.lang, &one.row.right.lang)), 10);
    }

    #[test]
    fn the_weights_of_a_sample_add_up_to_the_run() {
        let drawn = sample(&run(), 100);
        let count = |name: &str| drawn.iter().filter(|one| one.stratum.name == name).count();
        let sum: f64 = drawn.iter().map(|one| one.stratum.rows as f64 / count(&one.stratum.name) as f64).sum();
        assert!((sum - 1000.0).abs() < 1e-6);
        let least: usize = sample(&run(), 3).iter().map(|one| one.stratum.rows).sum();
        assert_eq!(least, 1000, "a small sample has a row of every part");
    }

    #[test]
    fn a_reviewer_marks_beside_the_texts() {
        let table = sample_table(&sample(&run(), 12));
        let names: Vec<&str> = table.columns.iter().map(|column| column.name.as_str()).collect();
        assert_eq!(names[3..8], ["left_text", "right_text", "mark", "note", "reviewer"]);
        assert!(names.contains(&"pair_id") && names.contains(&"stratum_rows"));
        let at = names.iter().position(|name| *name == "stratum").unwrap();
        assert!(table.rows.iter().all(|row| matches!(&row[at], Cell::Text(name) if name.contains(" 0."))));
    }

    #[test]
    fn a_sample_of_more_than_there_is_is_everything() {
        assert_eq!(sample(&run()[..30], 100).len(), 30);
        assert!(sample(&[], 100).is_empty());
    }
}
