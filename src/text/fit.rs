//! Widths in terminal columns and strings cut or padded to one. Works on graphemes, so that an emoji or
//! an accent is never cut in half; the order of right-to-left text is left to the terminal.
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// Where the padding goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    Left,
    Right,
    Center,
}

/// The columns a text takes, counted as ratatui counts them: grapheme by grapheme.
pub fn width(text: &str) -> usize {
    if is_plain(text) { text.len() } else { text.graphemes(true).map(UnicodeWidthStr::width).sum() }
}

/// Makes a text exactly `columns` wide: padded when shorter, cut with the ellipsis when longer.
pub fn fit(text: &str, columns: usize, align: Align, ellipsis: &str) -> String {
    let mut cut = truncate(text, columns, ellipsis);
    let missing = columns.saturating_sub(width(&cut));
    let before = match align {
        Align::Left => 0,
        Align::Right => missing,
        Align::Center => missing / 2,
    };
    if before > 0 {
        cut.insert_str(0, &" ".repeat(before));
    }
    cut.extend(std::iter::repeat_n(' ', missing - before));
    cut
}

/// Cuts a text to at most `columns`, the ellipsis included. Where not even the ellipsis fits, it is left out.
pub fn truncate(text: &str, columns: usize, ellipsis: &str) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    let mark = if width(ellipsis) <= columns { ellipsis } else { "" };
    let mut cut = head(text, columns - width(mark)).to_owned();
    cut.push_str(mark);
    cut
}

/// Cuts the middle out of a long name, since both its beginning and its end tell it from its neighbours.
pub fn truncate_middle(text: &str, columns: usize, ellipsis: &str) -> String {
    let mark = width(ellipsis);
    if width(text) <= columns || columns < mark + 2 {
        return truncate(text, columns, ellipsis);
    }
    let room = columns - mark;
    let end = tail(text, room / 2);
    let start = head(text, room - width(end));
    format!("{start}{ellipsis}{end}")
}

/// One byte is one column: true of nearly every name in Kubernetes, and much cheaper.
fn is_plain(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b' '..=b'~'))
}

fn head(text: &str, columns: usize) -> &str {
    let mut used = 0;
    for (at, grapheme) in text.grapheme_indices(true) {
        used += grapheme.width();
        if used > columns {
            return &text[..at];
        }
    }
    text
}

fn tail(text: &str, columns: usize) -> &str {
    let mut used = 0;
    for (at, grapheme) in text.grapheme_indices(true).rev() {
        used += grapheme.width();
        if used > columns {
            return &text[at + grapheme.len()..];
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn short_texts_are_padded_to_the_side_asked() {
        assert_eq!(fit("ab", 5, Align::Left, "…"), "ab   ");
        assert_eq!(fit("ab", 5, Align::Right, "…"), "   ab");
        assert_eq!(fit("ab", 5, Align::Center, "…"), " ab  ");
        assert_eq!(fit("", 0, Align::Left, "…"), "");
    }

    #[test]
    fn long_texts_end_in_the_ellipsis_or_in_nothing_where_it_does_not_fit() {
        assert_eq!(fit("abcdef", 4, Align::Left, "…"), "abc…");
        assert_eq!(fit("abcdef", 4, Align::Left, "..."), "a...");
        assert_eq!(fit("abcdef", 2, Align::Left, "..."), "ab");
        assert_eq!(fit("abcdef", 1, Align::Left, "…"), "…");
    }

    #[test]
    fn a_wide_letter_is_left_out_whole_and_its_half_padded() {
        assert_eq!(width("漢字"), 4);
        assert_eq!(fit("漢字漢", 4, Align::Left, "…"), "漢… ");
        assert_eq!(fit("👩‍👩‍👧 family", 4, Align::Left, "…"), "👩‍👩‍👧 …");
        assert_eq!(fit("e\u{301}e\u{301}e\u{301}", 2, Align::Left, "…"), "e\u{301}…");
    }

    #[test]
    fn the_middle_goes_and_both_ends_stay() {
        assert_eq!(truncate_middle("prod-eu-md-0-7c9f4-x2k8p", 13, "…"), "prod-e…-x2k8p");
        assert_eq!(truncate_middle("short", 13, "…"), "short");
        assert_eq!(truncate_middle("abcdef", 2, "…"), "a…");
        assert_eq!(truncate_middle("abcdef", 0, "…"), "");
    }

    proptest! {
        #[test]
        fn fitted_text_is_exactly_as_wide_as_asked(text in any::<String>(), columns in 0usize..60, at in 0usize..3) {
            // Control characters have no width in a cell; `clean` takes them out before a text gets here.
            let text = super::super::clean(&text, super::super::Newlines::Space);
            let align = [Align::Left, Align::Right, Align::Center][at];
            prop_assert_eq!(width(&fit(&text, columns, align, "…")), columns);
            prop_assert!(width(&truncate_middle(&text, columns, "…")) <= columns);
            prop_assert!(width(&truncate(&text, columns, "...")) <= columns);
        }

        #[test]
        fn no_text_makes_it_panic(text in any::<String>(), mark in any::<String>(), columns in 0usize..9) {
            let _ = fit(&text, columns, Align::Left, &mark);
            let _ = truncate_middle(&text, columns, &mark);
        }
    }
}
