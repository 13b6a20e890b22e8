//! The text of a settings file: where a key stands in it, and what is wrong with it in words of people.

use toml::de::{DeTable, DeValue};

use super::SettingsError;

/// Turns the empty defaults of a list of sections into comments where such sections follow: TOML allows only one of both.
pub fn without_placeholders(text: &str) -> String {
    let mut text = text.to_owned();
    for (placeholder, section) in [("watch = []", "[[watch]]"), ("languages = {}", "[judge.languages")] {
        if text.lines().any(|line| line.trim_start().starts_with(section)) {
            text =
                format!("\n{text}").replace(&format!("\n{placeholder}"), &format!("\n# {placeholder}"))[1..].to_owned();
        }
    }
    text
}

/// An error of the parser, with a hint where the cause is a usual one.
pub(super) fn syntax(origin: &str, error: &toml::de::Error) -> SettingsError {
    let mut message = plainly(error.to_string().trim_end());
    let has_decimal_comma = |line: &str| {
        let bytes = line.as_bytes();
        bytes.windows(3).any(|w| w[0].is_ascii_digit() && w[1] == b',' && w[2].is_ascii_digit())
    };
    if message.lines().any(has_decimal_comma) {
        message += "\nnumbers have a point: 0.5";
    } else if message.contains(":\\") {
        message += "\nwrite paths with / or between single quotes";
    }
    SettingsError::Syntax { origin: origin.to_owned(), message }
}

/// What a parser says of types, in words of people.
pub(super) fn plainly(message: &str) -> String {
    let words = [
        ("expected f64", "expected a number with a point, as 0.6"),
        ("expected f32", "expected a number with a point, as 0.6"),
        ("expected usize", "expected a whole number"),
        ("expected u64", "expected a whole number"),
        ("expected u32", "expected a whole number"),
        ("expected a sequence", "expected a list, as [\"csv\", \"html\"]"),
        ("expected a boolean", "expected true or false"),
        ("expected a string", "expected a text in quotation marks"),
    ];
    words.iter().fold(message.to_owned(), |message, (theirs, ours)| message.replace(theirs, ours))
}

/// Adds to where an error comes from the line of the key in the text of that file.
pub(super) fn with_line(mut error: SettingsError, text: &str) -> SettingsError {
    if let SettingsError::Unknown { origin, key, .. } | SettingsError::Value { origin, key, .. } = &mut error
        && let Some(line) = line_of(text, key)
    {
        *origin = format!("{origin}, line {line}");
    }
    error
}

/// Line, from 1, that a dotted key has in a text.
fn line_of(text: &str, key: &str) -> Option<usize> {
    let document = DeTable::parse(text).ok()?;
    let mut table = document.get_ref();
    let mut start = None;
    for part in key.split('.') {
        let (key, value) = table.get_key_value(part)?;
        start = Some(key.span().start);
        match value.get_ref() {
            DeValue::Table(inner) => table = inner,
            _ => break,
        }
    }
    Some(text.get(..start?)?.matches('\n').count() + 1)
}
