//! Interning: one copy of each word that rows share. A pool per thread, so that decoding on several
//! threads takes no lock; words that no row holds any more are swept out, so it cannot grow for ever.
use std::{cell::RefCell, collections::HashSet};

use crate::domain::Text;

/// Longer texts (messages with names and numbers in them) hardly repeat.
const LONGEST: usize = 160;
/// No sweep below this many words.
const FLOOR: usize = 4096;

thread_local! {
    static WORDS: RefCell<Words> = RefCell::default();
}

#[derive(Default)]
struct Words {
    known: HashSet<Text>,
    sweep_at: usize,
}

impl Words {
    fn get(&mut self, text: &str) -> Text {
        if let Some(known) = self.known.get(text) {
            return known.clone();
        }
        if self.known.len() >= self.sweep_at.max(FLOOR) {
            self.known.retain(|word| !word.is_unshared());
            self.sweep_at = self.known.len() * 2;
        }
        let word = Text::from(text);
        self.known.insert(word.clone());
        word
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
}
