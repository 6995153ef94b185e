//! Text broken into lines of a width, at spaces where there are any.
use unicode_segmentation::UnicodeSegmentation;

use super::width;

/// Breaks text into lines of at most `columns`. A line that goes on keeps the indentation of its beginning
/// (and stands after its bullet); a word that is longer than a line is broken where the line ends.
pub fn wrap(text: &str, columns: usize) -> Vec<String> {
    let columns = columns.max(8);
    let mut lines = Vec::new();
    for paragraph in text.lines() {
        let words = paragraph.trim_start();
        let indent = (paragraph.len() - words.len()).min(columns / 2);
        let bullet = if words.starts_with("* ") || words.starts_with("- ") { 2 } else { 0 };
        let (mut line, mut empty) = (" ".repeat(indent), true);
        for word in words.split(' ') {
            for piece in pieces(word, columns - indent - bullet) {
                if !empty && width(&line) + 1 + width(piece) > columns {
                    lines.push(std::mem::replace(&mut line, " ".repeat(indent + bullet)));
                    empty = true;
                }
                if !empty {
                    line.push(' ');
                }
                line.push_str(piece);
                empty = false;
            }
        }
        lines.push(line);
    }
    lines
}

/// A word in parts that fit.
fn pieces(word: &str, columns: usize) -> Vec<&str> {
    if width(word) <= columns {
        return vec![word];
    }
    let (mut pieces, mut start, mut used) = (Vec::new(), 0, 0);
    for (at, grapheme) in word.grapheme_indices(true) {
        let wide = width(grapheme);
        if used + wide > columns && at > start {
            pieces.push(&word[start..at]);
            (start, used) = (at, 0);
        }
        used += wide;
    }
    pieces.push(&word[start..]);
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn words_stay_whole_and_bullets_hang() {
        assert_eq!(wrap("one two three", 8), ["one two", "three"]);
        assert_eq!(wrap("  * alpha beta", 10), ["  * alpha", "    beta"]);
        assert_eq!(wrap("0123456789abc", 10), ["0123456789", "abc"]);
        assert_eq!(wrap("a\n\nb", 10), ["a", "", "b"]);
    }

    proptest! {
        #[test]
        fn no_line_is_too_long(text in any::<String>(), columns in 8usize..60) {
            let text = super::super::clean(&text, super::super::Newlines::Keep).into_owned();
            for line in wrap(&text, columns) {
                prop_assert!(width(&line) <= columns, "{line:?}");
            }
        }
    }
}
