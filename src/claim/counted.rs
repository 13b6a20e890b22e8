//! What an amount counts or measures: the unit before or behind it.

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
    let age = line.hit(start, Section::Age).filter(|hit| match hit.entry.key.as_str() {
        "before" | "apart" => false,
        "joined" => line.tokens.joined(start),
        _ => true,
    });
    if let Some(age) = age.filter(|_| line.tokens.joined(start) || !amount.share) {
        return Some((Unit::Age, 1.0, 0.0, start + age.len));
    }
    let linked = line
        .hit(start, Section::OutOf)
        .filter(|hit| amount.high >= 1e6 || amount.share || (hit.entry.key == "link" && amount.low >= LINKED))
        .map_or(start, |hit| start + hit.len);
    let unit = |at: usize| line.hit(at, Section::Unit).filter(|_| !amount::opens_model(line, at)).map(|hit| (hit, at));
    // Turkish '30'dan fazla kişi', 'more than 30 people'.
    let passed = || {
        let modifier = line.hit(start, Section::ModifierAfter).filter(|hit| hit.entry.key != "minus")?;
        unit(start + modifier.len)
    };
    let direct = unit(start).or_else(|| unit(linked)).or_else(passed);
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

/// The first token of words before `at` that say whose age follows: `âgé de 46 ans`, `aged 46`.
pub(super) fn age_before(line: &Line, at: usize) -> Option<usize> {
    let (start, _) = line.ending(at, Section::Age).filter(|(_, hit)| hit.entry.key == "before")?;
    Some(start)
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
    let (start, hit) = line.ending(at, Section::Unit)?;
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
