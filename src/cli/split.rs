//! `crossclaim split`.

use std::io::{BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use crossclaim::article::{self, Article};
use crossclaim::sentence::{self, Kind, Segment};
use serde::Serialize;

use super::{Common, Exit, corpus};

/// Arguments of `crossclaim split`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  crossclaim split page.txt
  crossclaim split corpus/ | jq -r 'select(.kind == \"sentence\") | .text'
  cat page.txt | crossclaim split --lang hr")]
pub struct Arguments {
    /// Files, folders and globs; the standard input if there is none, or `-` alone.
    files: Vec<PathBuf>,
    /// Language of all of them, as `hr`; detected if not given.
    #[arg(long, value_name = "xx")]
    lang: Option<String>,
}

/// One line of the output; offsets count Unicode scalar values.
#[derive(Serialize)]
struct Line<'a> {
    article: &'a str,
    lang: &'a str,
    index: usize,
    start: usize,
    end: usize,
    kind: Kind,
    /// Why it is no claim, where it is none.
    dropped: Option<&'a str>,
    text: &'a str,
}

pub fn execute(arguments: &Arguments, common: &Common) -> Result<Exit> {
    let more: Vec<String> = arguments.lang.iter().map(|l| format!("article.language={l}")).collect();
    let settings = common.settings(&more)?;
    let mut out = BufWriter::new(std::io::stdout().lock());
    if arguments.files.is_empty() || arguments.files == [Path::new("-")] {
        let fixed = settings.article.fixed_language()?;
        let mut input = Vec::new();
        std::io::stdin().read_to_end(&mut input).context("cannot read the standard input")?;
        let text = article::decode_text(input, &settings.article)?;
        let language = fixed.unwrap_or_else(|| article::detect_language(&text));
        write(&mut out, "-", language, &text, sentence::split(&text, language))?;
        out.flush()?;
        return Ok(Exit::Done);
    }
    let corpus = article::read_corpus(&arguments.files, &settings.article)?;
    for (Article { id, language, text, .. }, segments) in
        corpus.articles.iter().zip(sentence::split_corpus(&corpus.articles))
    {
        write(&mut out, id, language, text, segments)?;
    }
    out.flush()?;
    for note in &corpus.notes {
        tracing::info!("{note}");
    }
    corpus::tell_skipped(&corpus);
    Ok(corpus::exit(&corpus))
}

fn write(out: &mut impl Write, article: &str, lang: &str, text: &str, segments: Vec<Segment>) -> Result<()> {
    let (mut bytes, mut chars) = (0, 0);
    for segment in segments {
        let quoted = &text[segment.span.clone()];
        let start = chars + text[bytes..segment.span.start].chars().count();
        let end = start + quoted.chars().count();
        (bytes, chars) = (segment.span.end, end);
        let Segment { index, kind, dropped, .. } = segment;
        let line = Line { article, lang, index, start, end, kind, dropped, text: quoted };
        serde_json::to_writer(&mut *out, &line).map_err(std::io::Error::from)?;
        out.write_all(b"\n")?;
    }
    Ok(())
}
