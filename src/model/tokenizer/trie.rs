//! The pieces of a unigram model, found from a beginning on, character by character.

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
    /// Makes an empty trie.
    pub fn new() -> Self {
        Self { slots: vec![FREE; 1 << 20], nodes: 0 }
    }

    /// Adds a piece under its id; an earlier id of the same text is replaced.
    pub fn insert(&mut self, piece: &str, id: u32) {
        let mut node = ROOT;
        let mut last = None;
        for c in piece.chars() {
            if self.nodes as usize * 5 > self.slots.len() * 3 {
                self.grow();
            }
            let at = self.slot(node, c);
            if self.slots[at].child == 0 {
                self.nodes += 1;
                self.slots[at] = Slot { parent: node, character: u32::from(c), child: self.nodes, piece: NONE };
            }
            node = self.slots[at].child;
            last = Some(at);
        }
        if let Some(at) = last {
            self.slots[at].piece = id;
        }
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
        let mut trie = Trie::new();
        trie.slots.truncate(4);
        for (id, piece) in ["a", "ab", "abcd", "ž", "žaba", "x"].iter().enumerate() {
            trie.insert(piece, id as u32);
        }
        let found = |text: &str| {
            let (mut node, mut ids) = (ROOT, Vec::new());
            for c in text.chars() {
                let Some((next, id)) = trie.step(node, c) else { break };
                (node, _) = (next, ids.push(id));
            }
            ids
        };
        assert_eq!(found("abcde"), [0, 1, NONE, 2]);
        assert_eq!(found("žabac"), [3, NONE, NONE, 4]);
        assert!(found("y").is_empty());
    }
}
