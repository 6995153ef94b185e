//! Words found by their letters in order, and how well they fit: for the filter's second try and for ranking
//! what the palette offers. The one place that knows the matching library.
use std::cell::RefCell;

use nucleo_matcher::pattern::{Atom, AtomKind, CaseMatching, Normalization};
use nucleo_matcher::{Config, Matcher, Utf32Str};

/// Below this for each letter the letters are scattered over the row and the match means nothing.
const LEAST_PER_LETTER: usize = 12;

thread_local! {
    // Working memory of the library, large and without any meaning between two calls.
    static SCRATCH: RefCell<(Matcher, Vec<char>)> = RefCell::new((Matcher::new(Config::DEFAULT), Vec::new()));
}

/// A word to look for, prepared once.
#[derive(Debug, Clone, PartialEq)]
pub struct Needle {
    atom: Atom,
    letters: usize,
}

impl Needle {
    /// Prepares a word; case never counts.
    pub fn new(word: &str) -> Self {
        let atom = Atom::new(word, CaseMatching::Ignore, Normalization::Smart, AtomKind::Fuzzy, false);
        Self { atom, letters: word.chars().count() }
    }

    /// How well it fits, more being better; `None` when its letters are not there in order.
    pub fn score(&self, text: &str) -> Option<u16> {
        SCRATCH.with_borrow_mut(|(matcher, buffer)| self.atom.score(Utf32Str::new(text, buffer), matcher))
    }

    /// Its letters stand close enough together to be meant.
    pub fn fits(&self, text: &str) -> bool {
        self.score(text).is_some_and(|score| usize::from(score) >= LEAST_PER_LETTER * self.letters)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn close_letters_fit_and_scattered_ones_do_not() {
        let row = "prod-cluster-7 vmware-system fra-1 running v1.27.5 control plane ready three of three";
        for (word, fits) in [
            ("prdclu", true),
            ("prodclus7", true),
            ("vmwsys", true),
            ("podr", true),
            ("pvpe", false),
            ("xyz", false),
        ] {
            assert_eq!(Needle::new(word).fits(row), fits, "{word}: {:?}", Needle::new(word).score(row));
        }
    }

    #[test]
    fn a_better_fit_scores_higher() {
        let needle = Needle::new("pools");
        assert!(needle.score("Node pools") > needle.score("p o o l s"));
        assert_eq!(needle.score("machines"), None);
    }
}
