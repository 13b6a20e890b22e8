//! The pieces of a unigram model, found from a beginning on, character by character.

use rayon::slice::ParallelSliceMut;

/// The start, where no character has been read.
pub(super) const ROOT: u32 = 0;
/// Stands for "no piece ends here".
pub(super) const NONE: u32 = u32::MAX;

/// A trie whose edges lie in one hash table: parent and character to child.
#[derive(Debug)]
pub(super) struct Trie {
    slots: Vec<Slot>,
    nodes: u32,
}

#[derive(Debug, Clone, Copy)]
struct Slot {
    parent: u32,
    character: u32,
    /// 0 marks a free slot: the root is nobody's child.
    child: u32,
    piece: u32,
}

const FREE: Slot = Slot { parent: 0, character: 0, child: 0, piece: NONE };

impl Trie {
    /// Makes a trie of pieces and their ids; of equal pieces the one with the highest id counts.
    pub fn new(mut pieces: Vec<(&str, u32)>) -> Self {
        // Sorted, a piece shares its beginning with the one before it: each node is looked up once, not once for every piece below it.
        pieces.par_sort_unstable();
        let mut trie = Self { slots: vec![FREE; 1 << 20], nodes: 0 };
        let (mut before, mut path) = (Vec::new(), Vec::new());
        for (piece, id) in pieces {
            let shared = before.iter().zip(piece.chars()).take_while(|&(a, b)| *a == b).count();
            before.truncate(shared);
            path.truncate(shared);
            for c in piece.chars().skip(shared) {
                path.push(trie.child(path.last().map_or(ROOT, |&node| node), c));
                before.push(c);
            }
            if let Some(&c) = before.last() {
                let at = trie.slot(path.len().checked_sub(2).map_or(ROOT, |parent| path[parent]), c);
                trie.slots[at].piece = id;
            }
        }
        trie
    }

    /// The node after `character`, made if need be.
    fn child(&mut self, node: u32, character: char) -> u32 {
        if self.nodes as usize * 5 > self.slots.len() * 3 {
            self.grow();
        }
        let at = self.slot(node, character);
        if self.slots[at].child == 0 {
            self.nodes += 1;
            self.slots[at] = Slot { parent: node, character: u32::from(character), child: self.nodes, piece: NONE };
        }
        self.slots[at].child
    }

    /// The node after `character`, and the piece that ends there (or `NONE`).
    #[inline]
    pub fn step(&self, node: u32, character: char) -> Option<(u32, u32)> {
        let slot = &self.slots[self.slot(node, character)];
        (slot.child != 0).then_some((slot.child, slot.piece))
    }

    fn slot(&self, parent: u32, character: char) -> usize {
        let mask = self.slots.len() - 1;
        let key = (u64::from(parent) << 21 | u64::from(character)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let mut at = (key >> 32) as usize & mask;
        loop {
            let slot = &self.slots[at];
            if slot.child == 0 || (slot.parent == parent && slot.character == u32::from(character)) {
                return at;
            }
            at = (at + 1) & mask;
        }
    }

    fn grow(&mut self) {
        let double = vec![FREE; self.slots.len() * 2];
        let old = std::mem::replace(&mut self.slots, double);
        for slot in old.into_iter().filter(|slot| slot.child != 0) {
            let c = char::from_u32(slot.character).unwrap_or_default();
            let at = self.slot(slot.parent, c);
            self.slots[at] = slot;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_are_found_along_the_text_and_after_growing() {
        let mut trie = Trie::new(vec![("žaba", 4), ("a", 0), ("abcd", 2), ("x", 5), ("ab", 6), ("ž", 3), ("ab", 1)]);
        trie.grow();
        let found = |text: &str| {
            let (mut node, mut ids) = (ROOT, Vec::new());
            for c in text.chars() {
                let Some((next, id)) = trie.step(node, c) else { break };
                (node, _) = (next, ids.push(id));
            }
            ids
        };
        assert_eq!(found("abcde"), [0, 6, NONE, 2]);
        assert_eq!(found("žabac"), [3, NONE, NONE, 4]);
        assert!(found("y").is_empty());
    }
}
