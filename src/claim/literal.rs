//! Number literals in local formats: `1.234,5`, `1 234,5`, `1,234.5`, `1’234`, `1,50,000`.

use super::token::DECIMAL;

/// What a literal says.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Literal {
    pub value: f64,
    /// The other reading where the format leaves two.
    pub other: Option<f64>,
    /// Whether it is digits only.
    pub plain: bool,
}

/// Reads a folded literal; with `comma` the language writes a decimal comma. `None` for versions, dates and the like.
pub(crate) fn read(text: &str, comma: bool) -> Option<Literal> {
    let groups: Vec<&str> = text.split(|c: char| !c.is_ascii_digit()).collect();
    let marks: Vec<char> = text.chars().filter(|c| !c.is_ascii_digit()).collect();
    let joined = |parts: &[&str]| parts.concat().parse::<f64>().ok();
    let decimal = |parts: &[&str], tail: &str| format!("{}.{tail}", parts.concat()).parse::<f64>().ok();
    let Some((&last, &tail)) = marks.last().zip(groups.last()) else {
        return Some(Literal { value: joined(&groups)?, other: None, plain: true });
    };
    let (head, whole) = (&groups[..groups.len() - 1], &groups[1..]);
    let thousands = |parts: &[&str]| parts.iter().all(|group| group.len() == 3);
    // In India the groups before the last have two digits.
    let lakhs = |parts: &[&str]| {
        let split = parts.split_last().filter(|_| !comma && marks[0] == ',' && groups[0].len() <= 2);
        split.is_some_and(|(last, pairs)| last.len() == 3 && pairs.iter().all(|pair| pair.len() == 2))
    };
    let grouped = |parts: &[&str]| (1..=3).contains(&groups[0].len()) && (thousands(parts) || lakhs(parts));
    let only = marks.iter().all(|mark| *mark == last);
    let decimal_mark = if comma { ',' } else { '.' };
    let written = |value, other| Some(Literal { value, other, plain: false });
    match last {
        '.' | ',' if only && marks.len() == 1 => {
            if !grouped(whole) || groups[0] == "0" {
                written(decimal(head, tail)?, None)
            } else if last == decimal_mark {
                written(decimal(head, tail)?, joined(&groups))
            } else {
                written(joined(&groups)?, None)
            }
        }
        DECIMAL if marks.len() == 1 => written(decimal(head, tail)?, None),
        '.' | ',' | DECIMAL
            if !only && !marks[..marks.len() - 1].contains(&last) && grouped(&groups[1..groups.len() - 1]) =>
        {
            written(decimal(head, tail)?, None)
        }
        _ if only && grouped(whole) => written(joined(&groups)?, None),
        _ => None,
    }
}
