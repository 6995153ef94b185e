//! Takes secrets out of text before it is kept anywhere: tokens, passwords, keys. Rather one word too many
//! than one too few.
use std::{borrow::Cow, sync::LazyLock};

use regex_lite::Regex;

/// What a secret is replaced by.
const MARK: &str = "***";

/// Letters without which none of the patterns can match; looked for first, since most lines have none.
const SIGNS: &[&str] = &[
    "bearer",
    "basic",
    "token",
    "passw",
    "secret",
    "-key",
    "key-data",
    "-data",
    "authorization",
    "eyj",
    "private key",
    "://",
];

/// Each keeps its first group and loses what follows.
static PATTERNS: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    [
        // Whole blocks first, so that nothing of them is taken for something smaller.
        r"(?s)()-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\z)",
        r"(?i)\b((?:bearer|basic)\s+)[A-Za-z0-9._~+/=-]+",
        // name: value, name=value and "name":"value", also where the quotes are escaped.
        r#"(?i)((?:client-key-data|client-certificate-data|api-?key|private-?key|(?:[a-z0-9]+[_-])?(?:token|password|passwd|secret))\\?["']?\s*[:=]\s*\\?["']?)(?:[^\s"'\\,;&}]+)"#,
        // A token by its looks: two parts of JSON in base64 and a signature.
        r"\b()eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*",
        // scheme://user:password@host
        r"([a-z][a-z0-9+.-]*://[^\s/:@]+:)[^\s/@]+(?:@)",
    ]
    .into_iter()
    .filter_map(|pattern| Regex::new(pattern).ok())
    .collect()
});

/// The text without its secrets; a text without any is handed back uncopied.
pub fn redact(text: &str) -> Cow<'_, str> {
    let lower = text.to_ascii_lowercase();
    if !SIGNS.iter().any(|sign| lower.contains(sign)) {
        return Cow::Borrowed(text);
    }
    let mut out = Cow::Borrowed(text);
    for pattern in PATTERNS.iter() {
        if pattern.is_match(&out) {
            let replaced = pattern.replace_all(&out, |found: &regex_lite::Captures<'_>| {
                let kept = found.get(1).map_or("", |group| group.as_str());
                let after = if found[0].ends_with('@') { "@" } else { "" };
                format!("{kept}{MARK}{after}")
            });
            out = Cow::Owned(replaced.into_owned());
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_patterns_are_patterns() {
        assert_eq!(PATTERNS.len(), 5);
    }

    #[test]
    fn secrets_in_their_usual_clothes_are_taken_out() {
        let cases = [
            ("Authorization: Bearer abc.DEF-1/2=", "Authorization: Bearer ***"),
            (r#"{"token":"s3cr3t","site":"a"}"#, r#"{"token":"***","site":"a"}"#),
            (r#"body="{\"password\":\"hunter2\"}""#, r#"body="{\"password\":\"***\"}""#),
            ("client-key-data: LS0tLS1CRUdJTg==\nname: a", "client-key-data: ***\nname: a"),
            ("refresh_token=abc&x=1", "refresh_token=***&x=1"),
            ("GET https://alice:pw@proxy:3128/x", "GET https://alice:***@proxy:3128/x"),
            ("got eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhIn0.c2ln from exec", "got *** from exec"),
            ("x -----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY----- y", "x *** y"),
        ];
        for (text, redacted) in cases {
            assert_eq!(redact(text), redacted);
            assert_eq!(redact(redacted), redacted, "twice is as once");
        }
    }

    #[test]
    fn ordinary_text_is_not_copied() {
        for text in ["", "scaled md-0 from 3 to 5", "漢字"] {
            assert!(matches!(redact(text), Cow::Borrowed(_)), "{text}");
        }
        assert_eq!(redact("GET https://api.example:6443/apis"), "GET https://api.example:6443/apis");
        assert_eq!(redact("secrets is forbidden"), "secrets is forbidden");
    }
}
