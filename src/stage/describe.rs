//! What stages read and write, for people and engines.

use serde_json::{Value, json};

use super::drive::Work;
use super::{Stage, candidates, claims, embed, group, judge, relate, split};
use crate::tables::Column;

/// One JSON object per stage and step: input and output with their columns, how rows must be sorted, by what they may be spread,
/// and what a partition cannot know.
pub fn describe() -> Vec<Value> {
    let mut steps = Vec::new();
    for stage in Stage::ALL {
        match stage {
            Stage::Split => steps.push(step::<split::Split>(
                stage,
                "articles",
                "key, if there is one",
                "article; outlet for exactness",
                "which lines recur on the pages of an outlet: with one key per outlet they are dropped as in a run, without a key they stay",
            )),
            Stage::Claims => steps.push(step::<claims::Claims>(stage, "segments", "", "any", "")),
            Stage::Embed => steps.push(step::<embed::Embed<'_>>(
                stage,
                "claims",
                "",
                "any; text_key, so that copies meet and are embedded once",
                "",
            )),
            Stage::Relate => steps.push(step::<relate::Relate<'_>>(
                stage,
                "vectors",
                "key, if there is one",
                "stretches of days, each article also copied (home = 0) to those that begin within align.window_days after its day, \
                 articles without a date to all of them; without a window there is one part",
                "",
            )),
            Stage::Candidates => steps.push(step::<candidates::Candidates<'_>>(
                stage,
                "vectors",
                "key, if there is one",
                "event: the connected parts that related makes of the articles, which the engine finds",
                "the event itself: an article in another part than one that it is related to loses candidates",
            )),
            Stage::Judge => {
                steps.push(step::<judge::Score<'_>>(
                    stage,
                    "candidates with the texts, languages and dates of both claims",
                    "",
                    "any; both text keys, so that copies meet and are judged once",
                    "third sentences, which the second step hears; the most similar of all pairs: judge.max_pairs must be 0",
                ));
                steps.push(step::<judge::Conclude<'_>>(stage, "scores", "event", "event", ""));
            }
            Stage::Group => steps.push(step::<group::Grouping<'_>>(stage, "judgements", "event", "event", "")),
        }
    }
    steps
}

fn step<W: Work>(stage: Stage, input: &str, sorted_by: &str, partition: &str, unknown: &str) -> Value {
    json!({
        "stage": stage.name(),
        "input": {"table": input, "sorted_by": sorted_by, "columns": columns(W::COLUMNS)},
        "output": {"table": W::TABLE.name(), "columns": columns(W::TABLE.columns())},
        "partition": partition,
        "a_partition_cannot_know": unknown,
    })
}

fn columns(columns: &[Column]) -> Vec<Value> {
    let column = |column: &Column| {
        json!({
            "name": column.name,
            "type": column.kind.name(),
            "needed": column.needed,
            "meaning": column.meaning,
        })
    };
    columns.iter().map(column).collect()
}
