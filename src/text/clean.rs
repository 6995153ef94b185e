//! Makes foreign text harmless. Whatever an API server, a webhook or a log line contains, no control
//! character, escape sequence or bidi override may reach the terminal; what was there stays visible.
use std::borrow::Cow;

/// What a line break becomes in a text that must stay on one line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Newlines {
    /// A visible sign, for values whose line breaks matter.
    Sign,
    /// A space, for prose.
    Space,
    /// A line feed, for callers that split into lines afterwards.
    Keep,
}

/// Replaces every character that a terminal would act on. Clean text is handed back unchanged and uncopied.
///
/// An escape sequence becomes its letters after a visible `␛`: dropping it whole would let a name hide
/// part of itself from the operator who has to confirm it.
pub fn clean(text: &str, newlines: Newlines) -> Cow<'_, str> {
    let Some(first) = text.find(|c| replacement(c).is_some()) else {
        return Cow::Borrowed(text);
    };
    let mut out = String::with_capacity(text.len() + 8);
    out.push_str(&text[..first]);
    let mut rest = text[first..].chars().peekable();
    while let Some(c) = rest.next() {
        let ends_line = c == '\n' || (c == '\r' && rest.peek() != Some(&'\n'));
        match (c, newlines) {
            ('\r', _) if !ends_line => {}
            (_, Newlines::Keep) if ends_line => out.push('\n'),
            (_, Newlines::Space) if ends_line => out.push(' '),
            (_, Newlines::Sign) if ends_line => out.push('␤'),
            _ => out.push(replacement(c).unwrap_or(c)),
        }
    }
    Cow::Owned(out)
}

/// The visible stand-in for a character that must not be sent.
fn replacement(c: char) -> Option<char> {
    match c {
        // The block of control pictures mirrors the control characters; a tab is layout, not content.
        '\t' => Some(' '),
        '\0'..='\x1f' => char::from_u32(0x2400 + u32::from(c)),
        '\x7f' => Some('␡'),
        _ if is_treacherous(c) => Some('\u{fffd}'),
        // Bidi marks, embeddings, overrides and isolates reorder what stands beside them.
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
            Some('\u{fffd}')
        }
        // Separators and characters without any picture: two names that differ must not look equal.
        '\u{2028}' | '\u{2029}' | '\u{200b}' | '\u{2060}' | '\u{feff}' => Some('\u{fffd}'),
        _ => None,
    }
}

/// Characters without a picture of their own that act on the terminal or on the letters beside them.
fn is_treacherous(c: char) -> bool {
    // C1: some terminals take U+009B for a CSI.
    let control = matches!(c, '\u{80}'..='\u{9f}');
    // Bidi marks, embeddings, overrides and isolates reorder what stands beside them.
    let bidi =
        matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    // Two names that differ must not look equal.
    let invisible = matches!(c, '\u{2028}' | '\u{2029}' | '\u{200b}' | '\u{2060}' | '\u{feff}');
    control || bidi || invisible
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn clean_text_is_not_copied() {
        for text in ["", "machine-0", "naïve 漢字 👩‍👩‍👧", "שלום"] {
            assert!(matches!(clean(text, Newlines::Sign), Cow::Borrowed(same) if same == text));
        }
    }

    #[test]
    fn escape_sequences_lose_their_power_and_stay_visible() {
        assert_eq!(clean("a\x1b[31mred\x07", Newlines::Sign), "a␛[31mred␇");
        assert_eq!(clean("\u{9b}2J\x7f\0", Newlines::Sign), "\u{fffd}2J␡␀");
        assert_eq!(clean("user\u{202e}gnp.exe", Newlines::Sign), "user\u{fffd}gnp.exe");
    }

    #[test]
    fn line_breaks_become_what_was_asked_and_pairs_count_once() {
        assert_eq!(clean("a\r\nb\nc\rd", Newlines::Sign), "a␤b␤c␤d");
        assert_eq!(clean("a\r\nb\nc\rd", Newlines::Space), "a b c d");
        assert_eq!(clean("a\r\nb\nc\rd\te", Newlines::Keep), "a\nb\nc\nd e");
    }

    proptest! {
        #[test]
        fn nothing_a_terminal_acts_on_is_left(text in any::<String>()) {
            let out = clean(&text, Newlines::Sign);
            prop_assert!(!out.chars().any(char::is_control));
            let again = clean(&out, Newlines::Sign);
            prop_assert_eq!(&again, &out);
        }
    }
}
