//! What an amount counts or measures: the unit before or behind it.

use super::Quantity;
use super::amount::{self, Amount};
use super::lexicon::Section;
use super::line::Line;
use super::unit::Unit;

/// From here on some languages put a preposition before the unit: Romanian '20 de kilometri'.
const LINKED: f64 = 20.0;

/// Unit behind the amount at `at`; behind an age, people are others: `a woman aged 34 and her children`.
pub(super) fn unit_of(line: &Line, at: usize, amount: &Amount) -> Option<(Unit, f64, f64, usize)> {
    unit_behind(line, amount).filter(|(unit, ..)| *unit != Unit::Persons || age_before(line, at).is_none())
}

/// Unit behind an amount: unit, factor, shift, token behind it.
pub(super) fn unit_behind(line: &Line, amount: &Amount) -> Option<(Unit, f64, f64, usize)> {
    let dash = |at: usize| {
        if line.tokens.is_dash(at) && line.tokens.joined(at + 1) { at + 1 } else { at }
    };
    let start = dash(amount.end);
    // Endings are listed with their hyphen or without.
    let age = [amount.end, start].into_iter().find_map(|at| Some((at, line.hit(at, Section::Age)?)));
    let age = age.filter(|(at, hit)| match hit.entry.key.as_str() {
        "before" | "apart" | "unless" | "decade" => false,
        "joined" => line.tokens.joined(start),
        _ => !is_term(line, amount.end, at + hit.len),
    });
    if let Some((at, age)) = age.filter(|_| line.tokens.joined(start) || !amount.share) {
        return Some((Unit::Age, 1.0, 0.0, at + age.len));
    }
    let linked = line
        .hit(start, Section::OutOf)
        .filter(|hit| amount.high >= 1e6 || amount.share || (hit.entry.key == "link" && amount.low >= LINKED))
        .map_or(start, |hit| start + hit.len);
    // German 'zwei tote Hunde' are no people.
    let adjective = |at: usize, behind: usize| {
        let capital = |at: usize| line.is_word(at) && line.tokens.items[at].capital;
        line.lexicon.capital_nouns && !capital(at) && capital(behind)
    };
    let unit = |at: usize| {
        let hit = line.hit(at, Section::Unit).filter(|_| !amount::opens_model(line, at))?;
        (hit.entry.key != "persons" || !adjective(at, at + hit.len)).then_some((hit, at))
    };
    // Turkish '30'dan fazla kişi', 'more than 30 people'.
    let passed = || {
        [amount.end, start].into_iter().find_map(|at| {
            let modifier = line.hit(at, Section::ModifierAfter).filter(|hit| hit.entry.key != "minus")?;
            unit(at + modifier.len)
        })
    };
    let direct = unit(amount.end).or_else(|| unit(start)).or_else(|| unit(linked)).or_else(passed);
    let persons = || {
        // '15 wounded civilians': people may be named one or two words later.
        (1..=2).map(|ahead| start + ahead).take_while(|&at| line.is_word(at - 1) && line.is_word(at)).find_map(|at| {
            let plain =
                line.literal(at - 1).is_none() && !line.has(at - 1, Section::In) && !line.has(at - 1, Section::Unit);
            let people = line.hit(at, Section::Unit).filter(|hit| plain && hit.entry.key.starts_with("person"))?;
            (!opens_amount(line, at + people.len)).then_some((people, at))
        })
    };
    let (hit, at) = direct.or_else(persons)?;
    let (unit, factor, shift) = Unit::from_key(&hit.entry.key)?;
    if amount.share && matches!(unit, Unit::Persons | Unit::Count | Unit::Percent) {
        return None;
    }
    // Spanish 'un segundo sospechoso' is another suspect.
    if amount.one && amount.low == 1.0 && unit == Unit::Duration && line.has(at, Section::Ordinal) {
        return None;
    }
    let mut end = at + hit.len;
    // 'Ein Mann', 'one official': an article more often than a count.
    if amount.one && amount.low == 1.0 && unit == Unit::Persons && hit.entry.key != "person" {
        return None;
    }
    end = if end < line.tokens.len() && end > at && line.tokens.raw(end) == "." && abbreviation(line, end) {
        end + 1
    } else {
        end
    };
    Some((unit, factor, shift, end))
}

/// Whether another amount begins at `at`, and the word before it is a verb: 'two missiles killed 14 people'.
fn opens_amount(line: &Line, at: usize) -> bool {
    let start = line.hit(at, Section::Modifier).map_or(at, |hit| at + hit.len);
    amount::amount(line, start).is_some_and(|amount| !amount.one)
}

/// Whether the full stop at `at` belongs to an abbreviated unit: the sentence goes on in lower case.
fn abbreviation(line: &Line, at: usize) -> bool {
    line.tokens.joined(at) && line.is_word(at + 1) && !line.tokens.items[at + 1].capital
}

/// Whether the years of the amount that ends before `end` are those of a sentence or a contract, which stands before the
/// number or at `behind`: Greek `φυλάκιση δέκα ετών`, unlike `άνδρας δέκα ετών`.
fn is_term(line: &Line, end: usize, behind: usize) -> bool {
    let names = |at: usize| line.hit(at, Section::Age).is_some_and(|hit| hit.entry.key == "unless");
    let counts = |at: usize| line.literal(at).is_some() || line.has(at, Section::Number) || line.has(at, Section::One);
    let links = [Section::Modifier, Section::To, Section::Between];
    let mut at = end;
    while at > 0 {
        at = match links.iter().find_map(|section| line.ending(at, *section)) {
            Some((start, _)) => start,
            None if counts(at - 1) => at - 1,
            None => break,
        };
    }
    names(behind) || (at > 0 && names(at - 1))
}

/// The first token of words before `at` that say whose age follows: `âgé de 46 ans`, `aged 46`, `w wieku od 7 do 12 lat`.
pub(super) fn age_before(line: &Line, at: usize) -> Option<usize> {
    let before = |at: usize| line.ending(at, Section::Age).filter(|(_, hit)| hit.entry.key == "before");
    let (start, _) = before(at).or_else(|| before(line.ending(at, Section::Between)?.0))?;
    Some(start)
}

/// Whether years at `at` are the second age of two: `w wieku 17 i 19 lat`.
pub(super) fn age_listed(line: &Line, at: usize) -> bool {
    let first = line.ending(at, Section::And).map_or(0, |(and, _)| and).checked_sub(1);
    first.is_some_and(|first| line.digits(first).is_some() && age_before(line, first).is_some())
}

/// An age to ten years: `a woman in her early 60s`.
pub(super) fn age_in_tens(line: &Line, at: usize) -> Option<(Quantity, usize)> {
    let low = tens(line, at)? as f64;
    let (first, _) = line.ending(at, Section::Age).filter(|(_, hit)| hit.entry.key == "decade")?;
    let span = line.tokens.span(first, at + 2);
    Some((Quantity { span, low, high: low + 9.0, other: None, unit: Unit::Age, role: None, modifier: None }, at + 2))
}

/// Two digits that name ten years and count nothing: `60s`, `90er`.
pub(super) fn tens(line: &Line, at: usize) -> Option<i64> {
    let joined = line.is_word(at + 1) && line.tokens.joined(at + 1);
    let decade = joined && line.hit(at + 1, Section::Decade).is_some_and(|hit| hit.entry.key == "behind");
    line.digits(at).filter(|value| decade && (10..100).contains(value) && value % 10 == 0)
}

/// Whether the mark before `at` is a minus: '-5 °C'.
pub(super) fn below_zero(line: &Line, at: usize) -> bool {
    at > 0 && line.tokens.is_dash(at - 1) && line.tokens.joined(at) && !line.tokens.joined(at - 1)
}

/// `12 M€`, `1.2m packs`: where no length is meant, a letter is a scale as it is behind money.
pub(super) fn letter_scale(line: &Line, amount: &Amount) -> Option<(f64, usize)> {
    let scale = line.hit(amount.end, Section::MoneyScale)?;
    let next = amount.end + scale.len;
    let unit = line.hit(next, Section::Unit);
    let money = || {
        let unit = unit.and_then(|hit| Unit::from_key(&hit.entry.key));
        line.tokens.joined(next) && matches!(unit, Some((Unit::Money(_), ..)))
    };
    let counted =
        || line.tokens.folded(next).ends_with('s') && line.is_word(next) && line.hit(next, Section::Stop).is_none();
    let persons = || unit.is_some_and(|hit| hit.entry.key == "persons");
    let close = || line.tokens.joined(amount.end) && (counted() || persons());
    (money() || close()).then_some((scale.entry.low, next))
}

/// Currency sign or code, or percent, before an amount: `€8m`, `US$ 3 bn`, `yüzde 15`, `%15`.
pub(super) fn unit_before(
    line: &Line,
    at: usize,
    first: &mut usize,
    amount: &mut Amount,
) -> Option<(Unit, f64, f64, usize)> {
    let (start, hit) = match line.ending(at, Section::Unit)? {
        // 'A$3m' is Australian, 'a $3m fine' is not.
        (_, sign) if sign.len > 1 && !line.is_word(at - 1) && !line.tokens.joined(at - 1) => {
            (at - 1, line.hit(at - 1, Section::Unit).filter(|hit| hit.len == 1)?)
        }
        found => found,
    };
    let tight = || line.tokens.raw(at - 1) == "%" && line.tokens.joined(at) && !line.tokens.joined(at - 1);
    if hit.entry.key == "percent before" || tight() {
        *first = start;
        return Some((Unit::Percent, 1.0, 0.0, amount.end));
    }
    let written = line.tokens.raw(at - 1);
    let sign = !line.is_word(at - 1) || (written.len() == 3 && written.bytes().all(|b| b.is_ascii_uppercase()));
    let (unit, factor, shift) =
        Unit::from_key(&hit.entry.key).filter(|(unit, _, _)| matches!(unit, Unit::Money(_)) && sign)?;
    *first = start;
    if let Some(scale) = line.hit(amount.end, Section::MoneyScale) {
        amount.low *= scale.entry.low;
        amount.high *= scale.entry.low;
        amount.end += scale.len;
    }
    Some((unit, factor, shift, amount.end))
}
