//! Chance that can be repeated: everything random in the demo comes from one number. Not for secrets.

/// A stream of numbers made from a seed (`SplitMix64`).
#[derive(Debug, Clone)]
pub struct Seed(u64);

impl Seed {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A stream of its own for a thing with a name: what one thing draws never shifts what another gets.
    #[must_use]
    pub fn named(&self, name: &str) -> Self {
        Self(hash(self.0, name))
    }

    pub fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        scramble(self.0)
    }

    /// A number below `end`, which must not be zero.
    pub fn below(&mut self, end: u64) -> u64 {
        self.draw() % end.max(1)
    }

    /// A number from `low` to `high`, both included.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        let width = u64::try_from(high.saturating_sub(low)).unwrap_or(0).saturating_add(1);
        low.saturating_add(i64::try_from(self.below(width)).unwrap_or(0))
    }

    /// One of several; `list` must not be empty.
    pub fn pick<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[usize::try_from(self.below(list.len() as u64)).unwrap_or(0)]
    }

    /// Letters as Kubernetes puts behind generated names: no vowels, so no words.
    pub fn suffix(&mut self, length: usize) -> String {
        const LETTERS: &[u8] = b"bcdfghjklmnpqrstvwxz2456789";
        (0..length).map(|_| char::from(*self.pick(LETTERS))).collect()
    }
}

/// A uid that is always the same for the same words.
pub fn uid(words: &[&str]) -> String {
    let mut state = 0x51ed_270b_9f3a_0c47;
    for word in words {
        state = hash(state, word);
    }
    let (high, low) = (scramble(state), scramble(state ^ 0xd6e8_feb8_6659_fd93));
    format!(
        "{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}",
        high >> 32,
        (high >> 16) & 0xffff,
        high & 0xfff,
        0x8000 | ((low >> 48) & 0x3fff),
        low & 0xffff_ffff_ffff
    )
}

fn hash(start: u64, text: &str) -> u64 {
    let mix = |state: u64, byte: u8| (state ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    scramble(text.bytes().fold(start ^ 0xcbf2_9ce4_8422_2325, mix))
}

fn scramble(mut x: u64) -> u64 {
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_says_the_same() {
        let draw = |seed| {
            let mut seed = Seed::new(seed).named("site").named("cluster");
            (seed.draw(), seed.suffix(5), seed.between(3, 9))
        };
        assert_eq!(draw(7), draw(7));
        assert_ne!(draw(7), draw(8));
    }

    #[test]
    fn numbers_stay_between_their_bounds() {
        let mut seed = Seed::new(1);
        for _ in 0..1000 {
            assert!((3..=5).contains(&seed.between(3, 5)));
        }
        assert_eq!(seed.between(4, 4), 4);
    }

    #[test]
    fn a_uid_has_the_form_of_one_and_differs_by_every_word() {
        let one = uid(&["site", "Machine", "a"]);
        assert_eq!(one.len(), 36);
        assert_eq!(one.as_bytes()[14], b'4');
        assert_ne!(one, uid(&["site", "Machine", "b"]));
        assert_eq!(one, uid(&["site", "Machine", "a"]));
    }
}
