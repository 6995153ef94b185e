//! The valid word closest to a mistyped one, for every "unknown X, did you mean Y". Pure text.

/// The word of `known` that `word` most likely means; `None` when nothing is close enough to be worth saying.
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wanted: Vec<char> = word.to_lowercase().chars().collect();
    if wanted.is_empty() {
        return None;
    }
    known
        .into_iter()
        .filter_map(|candidate| {
            let other: Vec<char> = candidate.to_lowercase().chars().collect();
            let limit = 1 + wanted.len().max(other.len()) / 4;
            let steps = distance(&wanted, &other);
            // A word cut short is meant more often than a word that merely looks alike is.
            let begun = wanted.len() >= 2 && other.starts_with(&wanted);
            match (steps <= limit && steps < wanted.len(), begun) {
                (true, _) => Some((steps, candidate)),
                (false, true) => Some((limit + steps, candidate)),
                (false, false) => None,
            }
        })
        .min_by_key(|(steps, _)| *steps)
        .map(|(_, candidate)| candidate)
}

/// The end of a sentence on an unknown word: the nearest known one, else the known ones when they are few.
pub fn suggestion<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    const FEW: usize = 12;
    let known: Vec<&str> = known.into_iter().collect();
    match nearest(word, known.iter().copied()) {
        Some(meant) => format!("did you mean \"{meant}\"?"),
        None if known.is_empty() || known.len() > FEW => String::from("nothing known is close to it"),
        None => format!("known: {}", known.join(", ")),
    }
}

/// Edits that turn one word into the other: insert, delete, replace, or swap two neighbours.
fn distance(a: &[char], b: &[char]) -> usize {
    let width = b.len() + 1;
    let mut before: Vec<usize> = vec![0; width];
    let mut last: Vec<usize> = (0..width).collect();
    for (row, &left) in a.iter().enumerate() {
        let mut line = vec![row + 1; width];
        for (column, &right) in b.iter().enumerate() {
            let replace = last[column] + usize::from(left != right);
            let mut best = replace.min(last[column + 1] + 1).min(line[column] + 1);
            if row > 0 && column > 0 && left == b[column - 1] && a[row - 1] == right {
                best = best.min(before[column - 1] + 1);
            }
            line[column + 1] = best;
        }
        before = std::mem::replace(&mut last, line);
    }
    last[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    const WORDS: &[&str] = &["clusters", "machines", "nodes", "pools", "health.bad", "health.ok"];

    #[test]
    fn a_slip_of_the_finger_finds_its_word() {
        for (slip, meant) in [
            ("cluster", "clusters"),
            ("clsuters", "clusters"),
            ("Nodes", "nodes"),
            ("ndoes", "nodes"),
            ("health.bda", "health.bad"),
            ("mach", "machines"),
        ] {
            assert_eq!(nearest(slip, WORDS.iter().copied()), Some(meant), "{slip}");
        }
    }

    #[test]
    fn nonsense_finds_nothing() {
        for word in ["", "x", "zebra", "q", "packages-installed"] {
            assert_eq!(nearest(word, WORDS.iter().copied()), None, "{word}");
        }
    }

    #[test]
    fn the_sentence_lists_a_few_words_and_hides_many() {
        assert_eq!(suggestion("podes", ["nodes"]), "did you mean \"nodes\"?");
        assert_eq!(suggestion("zebra", ["a", "b"]), "known: a, b");
        assert_eq!(suggestion("zebra", ["ab"; 40]), "nothing known is close to it");
    }

    #[test]
    fn distance_counts_a_swap_once() {
        let chars = |text: &str| text.chars().collect::<Vec<_>>();
        assert_eq!(distance(&chars("ab"), &chars("ba")), 1);
        assert_eq!(distance(&chars(""), &chars("abc")), 3);
        assert_eq!(distance(&chars("kitten"), &chars("sitting")), 3);
    }
}
