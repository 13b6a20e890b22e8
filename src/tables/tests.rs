use std::io::Cursor;

use arrow_array::RecordBatch;
use arrow_schema::ArrowError;
use parquet::errors::ParquetError;

use super::*;

/// Three rows of `claims`, and one of them without a date.
fn sample() -> RecordBatch {
    let mut rows = Builder::new(Table::Claims.columns());
    for (index, text) in ["Ένα.", "Dwa \"słowa\"\n.", ""].into_iter().enumerate() {
        let date = (index > 0).then(|| jiff::civil::date(2024, 2, 29));
        let head = Head::new("a/b.txt", "pl", date);
        claim(&mut rows, head, (index, 3 * index, 3 * index + 2), text, &Default::default());
    }
    rows.take().unwrap()
}

fn origin() -> Origin {
    Origin { table: "claims".into(), fingerprint: "f".into() }
}

fn written(io: Io, batches: &[RecordBatch]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut writer = TableWriter::new(io, &mut bytes, &Table::Claims.schema(), &origin()).unwrap();
    batches.iter().for_each(|batch| writer.write(batch).unwrap());
    writer.finish().unwrap();
    bytes
}

fn digest_of(io: Io, bytes: Vec<u8>) -> Result<Digest, TableError> {
    let mut source = Cursor::new(bytes);
    let mut reader = TableReader::open(io, &mut source, None)?.expect("a table");
    let mut digest = Digest::default();
    while let Some(piece) = reader.next_piece()? {
        match piece {
            Piece::Batch(batch) => digest.add(&batch),
            Piece::Bad { problem, .. } => return Err(TableError::Malformed(problem)),
        }
    }
    Ok(digest)
}

#[test]
fn every_form_gives_back_the_same_rows() {
    let batch = sample();
    let mut digest = Digest::default();
    digest.add(&batch);
    for io in [Io::Arrow, Io::Parquet, Io::Jsonl] {
        let bytes = written(io, std::slice::from_ref(&batch));
        assert_eq!(digest_of(io, bytes.clone()).unwrap(), digest, "{io:?}");
        assert_eq!(bytes, written(io, std::slice::from_ref(&batch)), "{io:?} is not the same bytes twice");
    }
}

#[test]
fn a_digest_knows_no_order_and_no_parts_but_every_bit_and_every_copy() {
    let batch = sample();
    let part = |from, count| {
        let mut digest = Digest::default();
        digest.add(&batch.slice(from, count));
        digest
    };
    let (whole, mut parts) = (part(0, 3), part(2, 1));
    parts.join(part(1, 1));
    parts.join(part(0, 1));
    assert_eq!(whole, parts);
    parts.join(part(0, 1));
    assert_ne!(whole, parts);
    assert_ne!(part(0, 1).sum, part(1, 1).sum);
}

#[test]
fn tables_say_where_they_come_from() {
    for io in [Io::Arrow, Io::Parquet] {
        let mut source = Cursor::new(written(io, &[sample()]));
        let reader = TableReader::open(io, &mut source, None).unwrap().unwrap();
        assert_eq!(reader.origin(), Some(origin()), "{io:?}");
    }
}

#[test]
fn a_stream_that_was_cut_is_told_wherever_it_was_cut() {
    for io in [Io::Arrow, Io::Parquet] {
        let bytes = written(io, &[sample(), sample()]);
        for length in (1..bytes.len()).step_by(7).chain([bytes.len() - 8, bytes.len() - 1]) {
            let result = digest_of(io, bytes[..length].to_vec());
            assert!(matches!(result, Err(TableError::Cut)), "{io:?}, {length} of {}: {result:?}", bytes.len());
        }
    }
    let result = digest_of(Io::Parquet, written(Io::Jsonl, &[sample()]));
    assert!(matches!(result, Err(TableError::Malformed(_))), "no Parquet at all: {result:?}");
}

#[test]
fn of_a_compression_that_is_not_read_it_is_said_what_to_write_instead() {
    let of_parquet = |codec: &str| ParquetError::General(format!("Disabled feature at compile time: {codec}"));
    let of_arrow = |codec: &str| {
        ArrowError::InvalidArgumentError(format!("{codec} IPC decompression requires the {codec} feature"))
    };
    let told: [(TableError, &str); 4] = [
        (of_parquet("flate2").into(), "gzip"),
        (ArrowError::from(of_parquet("zstd")).into(), "zstd"),
        (of_arrow("lz4").into(), "lz4"),
        (of_arrow("zstd").into(), "zstd"),
    ];
    for (error, codec) in told {
        let said = error.to_string();
        assert!(said.contains(&format!("compressed with {codec},")) && said.contains("with snappy"), "{said}");
    }
}

#[test]
fn keys_that_the_first_line_leaves_out_or_breaks_are_those_of_the_lines_after_it() {
    let columns = Table::Claims.columns();
    for first in ["{\"id\": \"a\"}", "not json"] {
        let mut source = Cursor::new(format!("{first}\n{{\"date\": \"2024-02-29\"}}\n\n{{\"text\": \"b\"}}\n"));
        let reader = TableReader::open(Io::Jsonl, &mut source, Some(columns)).unwrap().unwrap();
        assert!(reader.has("date"), "{first}");
        assert!(!reader.has("text"), "{first}: this line belongs to the next stream");
    }
}

#[test]
fn a_bad_line_is_a_bad_row_and_the_others_stay() {
    let mut bytes = written(Io::Jsonl, &[sample()]);
    bytes.extend(
        b"{\"article\": \"one\"}\nnot json\n{\"index\": 4294967296}\n{\"text_key\": \"0x\"}\n{\"lang\": \"pl\"}\n",
    );
    let mut source = Cursor::new(bytes);
    let columns = Table::Claims.columns();
    let mut reader = TableReader::open(Io::Jsonl, &mut source, Some(columns)).unwrap().unwrap();
    let (mut rows, mut bad) = (0, Vec::new());
    while let Some(piece) = reader.next_piece().unwrap() {
        match piece {
            Piece::Batch(batch) => rows += batch.num_rows(),
            Piece::Bad { problem, .. } => bad.push(problem),
        }
    }
    assert_eq!((rows, bad.len()), (4, 4), "{bad:?}");
}

#[test]
fn a_byte_order_mark_belongs_to_no_row() {
    let lines = written(Io::Jsonl, &[sample()]);
    let marked = ["\u{feff}".as_bytes(), &lines].concat();
    assert_eq!(digest_of(Io::Jsonl, marked).unwrap(), digest_of(Io::Jsonl, lines).unwrap());
}

#[test]
fn an_article_key_has_63_bits_and_scores_keep_theirs() {
    assert!(["", "a", "b", "ξ"].into_iter().all(|id| article_key(id) >= 0));
    let scores = |x: f32| crate::model::Scores {
        agreement: x,
        unrelated: -x,
        contradiction: f32::MIN_POSITIVE,
        conflict: [x; 16],
    };
    assert_eq!(scores_of(&scores_to(&scores(0.1), &scores(7.5))), Some((scores(0.1), scores(7.5))));
    assert_eq!(scores_of(&[0; 8]), None);
}
