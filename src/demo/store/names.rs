//! Uids and the suffixes of generated names: drawn from the seed of the server, so that a run can be repeated.
use std::fmt::Write as _;

/// Letters that make no words, as real API servers use them.
const LETTERS: &[u8] = b"bcdfghjklmnpqrstvwxz2456789";

/// A small generator (splitmix64); nothing here needs to be hard to guess.
pub(super) struct Names(u64);

impl Names {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed ^ 0x9e37_79b9_7f4a_7c15)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A random uid in the shape of version 4.
    pub(super) fn uid(&mut self) -> String {
        let (a, b) = (self.next(), self.next());
        let mut text = String::with_capacity(36);
        let parts =
            (a >> 32, (a >> 16) & 0xffff, a & 0x0fff, (b >> 48) & 0x3fff | 0x8000, b & 0xffff_ffff_ffff);
        // Writing to a String cannot fail.
        let _ =
            write!(text, "{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}", parts.0, parts.1, parts.2, parts.3, parts.4);
        text
    }

    /// Five letters for a generated name.
    pub(super) fn suffix(&mut self) -> String {
        let mut bits = self.next();
        let mut text = String::with_capacity(5);
        for _ in 0..5 {
            let at = usize::try_from(bits % LETTERS.len() as u64).unwrap_or_default();
            text.push(char::from(LETTERS[at]));
            bits /= LETTERS.len() as u64;
        }
        text
    }
}
