//! Files for programs: JSON Lines and Parquet.

use super::*;

#[cfg(feature = "tables")]
#[test]
fn the_parquet_file_has_the_values_of_the_json_lines() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("pairs.parquet");
    std::fs::write(&path, to_parquet(&sample().pairs).unwrap()).unwrap();
    let batches = crate::tables::read_parquet(&path).unwrap();
    let rows: Vec<_> =
        batches.iter().flat_map(|batch| (0..batch.num_rows()).map(|row| crate::tables::to_json(batch, row))).collect();
    let lines = String::from_utf8(to_jsonl(&sample().pairs)).unwrap();
    assert_eq!(rows.len(), lines.lines().count());
    for (row, line) in rows.iter().zip(lines.lines()) {
        let object: serde_json::Map<String, serde_json::Value> = serde_json::from_str(line).unwrap();
        assert!(row.keys().eq(object.keys()));
        for (key, value) in &object {
            match value.as_f64() {
                Some(number) => assert!((row[key].as_f64().unwrap() - number).abs() < 1e-6, "{key}"),
                None => assert_eq!(&row[key], value, "{key}"),
            }
        }
    }
}

#[test]
fn every_line_of_json_keeps_to_the_schema() {
    let schema: serde_json::Value = serde_json::from_str(PAIRS_SCHEMA).unwrap();
    let properties = schema["properties"].as_object().unwrap();
    let lines = String::from_utf8(to_jsonl(&sample().pairs)).unwrap();
    assert_eq!(lines.lines().count(), 28);
    for line in lines.lines() {
        let object: serde_json::Map<String, serde_json::Value> = serde_json::from_str(line).unwrap();
        let keys: Vec<&String> = object.keys().collect();
        let named: Vec<&str> = schema["required"].as_array().unwrap().iter().map(|key| key.as_str().unwrap()).collect();
        assert_eq!(keys, named);
        for (key, value) in &object {
            let rule = &properties[key];
            match rule["type"].as_str().unwrap() {
                "string" => {
                    let text = value.as_str().unwrap();
                    let fits = |pattern: &str| regex::Regex::new(pattern).unwrap().is_match(text);
                    assert!(rule["pattern"].as_str().is_none_or(fits), "{key}: {text}");
                    let allowed = |list: &Vec<serde_json::Value>| list.contains(value);
                    assert!(rule["enum"].as_array().is_none_or(allowed), "{key}: {text}");
                }
                "integer" => assert!(value.is_u64(), "{key}"),
                _ => {
                    let number = value.as_f64().unwrap();
                    let range = rule["minimum"].as_f64().unwrap()..=rule["maximum"].as_f64().unwrap();
                    assert!(range.contains(&number), "{key}: {number}");
                }
            }
        }
    }
}

#[test]
fn json_keeps_the_raw_text() {
    let mut report = sample();
    report.pairs[0].left.text = "- Iran\n=1".to_owned();
    let lines = String::from_utf8(to_jsonl(&report.pairs)).unwrap();
    let first: serde_json::Value = serde_json::from_str(lines.lines().next().unwrap()).unwrap();
    assert_eq!(first["left_text"], "- Iran\n=1");
    assert_eq!(first["similarity"], 0.812346);
}

#[test]
fn pairs_for_programs_are_read_back_whole() {
    let mut report = sample();
    report.pairs[0].mark = "right".to_owned();
    report.pairs[0].left.before = "line\nbreak".to_owned();
    let rounded =
        |row: &Row| Row { similarity: 0.812346, confidence: (row.confidence * 1e6).round() / 1e6, ..row.clone() };
    let text = String::from_utf8(to_jsonl(&report.pairs)).unwrap();
    let expected: Vec<Row> = report.pairs.iter().map(rounded).collect();
    assert_eq!(read_jsonl(&text).unwrap(), expected);
    assert_eq!(read_jsonl("{}\n").unwrap_err().0, 1);
}
