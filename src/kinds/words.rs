//! Interning: one copy of each word that rows share. A pool per thread, so that decoding on several
//! threads takes no lock; words that no row holds any more are swept out, so it cannot grow for ever.
use std::{
    cell::RefCell,
    collections::HashSet,
    hash::{BuildHasherDefault, Hasher},
};

use crate::domain::Text;

/// Longer texts (messages with names and numbers in them) hardly repeat.
const LONGEST: usize = 160;
/// No sweep below this many words.
const FLOOR: usize = 4096;
/// A pool is swept after it was asked so many times for each word in it, even if it learns no new ones: rows that
/// were decoded on this thread are by and by replaced by rows that another thread decodes, with words of its own.
const ASKED: usize = 8;

thread_local! {
    static WORDS: RefCell<Words> = RefCell::default();
}

#[derive(Default)]
struct Words {
    known: HashSet<Text, BuildHasherDefault<Quick>>,
    sweep_at: usize,
    /// How often a word was wanted since the last sweep.
    asked: usize,
}

impl Words {
    fn get(&mut self, text: &str) -> Text {
        self.asked += 1;
        if self.asked > ASKED * self.known.len().max(FLOOR) {
            self.sweep();
        }
        if let Some(known) = self.known.get(text) {
            return known.clone();
        }
        if self.known.len() >= self.sweep_at.max(FLOOR) {
            self.sweep();
        }
        let word = Text::from(text);
        self.known.insert(word.clone());
        word
    }

    fn sweep(&mut self) {
        self.known.retain(|word| !word.is_unshared());
        if self.known.len() < self.known.capacity() / 4 {
            self.known.shrink_to(self.known.len() * 2);
        }
        self.sweep_at = self.known.len() * 2;
        self.asked = 0;
    }
}

/// Hashes short texts by multiplying, eight bytes at a time. A server that made words collide would
/// only slow its own rows down, and the pool is swept.
#[derive(Default)]
struct Quick(u64);

impl Quick {
    fn mix(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(5) ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
}

impl Hasher for Quick {
    fn write(&mut self, bytes: &[u8]) {
        let (words, rest) = bytes.as_chunks::<8>();
        for word in words {
            self.mix(u64::from_le_bytes(*word));
        }
        let mut last = [0; 8];
        last[..rest.len()].copy_from_slice(rest);
        self.mix(u64::from_le_bytes(last) ^ bytes.len() as u64);
    }
    fn write_u8(&mut self, _: u8) {}
    fn finish(&self) -> u64 {
        // The table takes its bucket from the low bits, which multiplying mixes least.
        self.0 ^ (self.0 >> 32)
    }
}

/// The shared copy of a text that is likely to repeat.
pub(super) fn word(text: &str) -> Text {
    if text.is_empty() || text.len() > LONGEST {
        return Text::from(text);
    }
    WORDS.with_borrow_mut(|words| words.get(text))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    #[test]
    fn equal_words_are_one_allocation() {
        assert!(Arc::ptr_eq(&word("Ready").shared(), &word("Ready").shared()));
    }

    #[test]
    fn words_nobody_holds_are_swept() {
        let mut words = Words::default();
        let held = words.get("held");
        for n in 0..3 * FLOOR {
            words.get(&n.to_string());
        }
        assert!(words.known.len() <= FLOOR, "{}", words.known.len());
        assert!(Arc::ptr_eq(&words.get("held").shared(), &held.shared()));
    }

    #[test]
    fn a_pool_that_only_hears_what_it_knows_is_swept_too() {
        let mut words = Words::default();
        for n in 0..FLOOR {
            words.get(&n.to_string());
        }
        for _ in 0..=ASKED * FLOOR {
            words.get("held");
        }
        assert!(words.known.len() <= 1, "{}", words.known.len());
        assert!(words.known.capacity() < FLOOR, "{}", words.known.capacity());
    }
}
