//! Names that tell one event from another of the same kind.

/// Names that an article mentions, as [`crate::claim::Fields::mentions`] writes them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Names {
    /// Sorted, each once.
    sure: Vec<u64>,
    /// Words that may be nouns, sorted, each once, none of them among the sure.
    unsure: Vec<u64>,
}

/// Share of names from which on more of them tell nothing more.
const MOST: f32 = 0.45;
/// Share that articles with next to no names are taken to have in common.
const USUAL: f32 = 0.28;
/// An article with fewer names tells nothing by them.
const TELLING: usize = 2;
/// Names that an article has at least: one in common of two says less than five of ten.
const FLOOR: usize = 3;

impl Names {
    /// Names of an article by the mentions of its claims.
    pub fn of<'a>(mentions: impl IntoIterator<Item = &'a str>) -> Self {
        let mut names = Self::default();
        for word in mentions.into_iter().flat_map(|claim| claim.split(' ')).filter(|word| !word.is_empty()) {
            match word.strip_prefix('?') {
                Some(word) => names.unsure.push(packed(word)),
                None => names.sure.push(packed(word)),
            }
        }
        for list in [&mut names.sure, &mut names.unsure] {
            list.sort_unstable();
            list.dedup();
        }
        names.unsure.retain(|name| names.sure.binary_search(name).is_err());
        names
    }

    /// Shared names as a share of the geometric mean of the articles' numbers of names, less what articles on one event usually
    /// share; at most [`Names::MOST_IN_COMMON`]. A name counts where one of the articles has it for sure.
    pub fn in_common(&self, other: &Self) -> f32 {
        if self.sure.len().min(other.sure.len()) < TELLING {
            return 0.0;
        }
        let has = |list: &[u64], name: &u64| list.binary_search(name).is_ok();
        let here = self.sure.iter().filter(|name| has(&other.sure, name) || has(&other.unsure, name)).count();
        let there = other.sure.iter().filter(|name| has(&self.unsure, name)).count();
        let mean = ((self.sure.len().max(FLOOR) * other.sure.len().max(FLOOR)) as f32).sqrt();
        ((here + there) as f32 / mean).min(MOST) - USUAL
    }

    /// The most that [`Names::in_common`] gives.
    pub const MOST_IN_COMMON: f32 = MOST - USUAL;
}

/// The first eight bytes of a word as a number.
fn packed(word: &str) -> u64 {
    let mut bytes = [0; 8];
    bytes.iter_mut().zip(word.bytes()).for_each(|(to, byte)| *to = byte);
    u64::from_be_bytes(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_common_are_a_share_of_all() {
        let names = |mentions: &[&str]| Names::of(mentions.iter().copied());
        let a = names(&["adrk drvnn", "", "?zntrlbnk drvnn kvl"]);
        let b = names(&["drvnn zntrlbnk kvl", "?mnstr"]);
        // Two in both, one that is sure in `b` only, of three and three.
        assert_eq!(a.in_common(&b), Names::MOST_IN_COMMON);
        assert_eq!(a.in_common(&b), b.in_common(&a));
        let c = names(&["?adrk kvl svlr tmn", "prtgl lbn mdrd", "rm ?mnstr"]);
        assert!((a.in_common(&c) - (2.0 / 21_f32.sqrt() - USUAL)).abs() < 1e-6);
        assert!((b.in_common(&names(&["rm prtgl tmn"])) + USUAL).abs() < 1e-6);
        // Two that may be nouns are no names in common, and where nobody is named nothing is told.
        assert!((names(&["rm prtgl ?mnstr"]).in_common(&b) + USUAL).abs() < 1e-6);
        assert_eq!(a.in_common(&names(&["drvnn"])), 0.0);
    }
}
