//! Shared, immutable text: what the rows of a fleet are made of. Thousands of rows repeat the same
//! words (condition types, reasons, versions, cluster names), so a row holds a pointer, not a copy.
use std::{
    borrow::Borrow,
    cmp::Ordering,
    fmt,
    hash::{Hash, Hasher},
    ops::Deref,
    sync::Arc,
};

use serde::{Deserialize, Serialize};

/// A string that is never changed in place and cheap to clone. Use it like a `&str`.
#[derive(Clone, Default, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Text(Arc<str>);

impl Text {
    pub fn as_str(&self) -> &str {
        &self.0
    }
    /// The pointer itself, to share it with an identity (`ObjectKey`).
    pub fn shared(&self) -> Arc<str> {
        Arc::clone(&self.0)
    }
    /// Whether nobody else holds this text; the interning pool drops such entries.
    pub fn is_unshared(&self) -> bool {
        Arc::strong_count(&self.0) == 1
    }
}

impl Deref for Text {
    type Target = str;
    fn deref(&self) -> &str {
        &self.0
    }
}

impl AsRef<str> for Text {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl Borrow<str> for Text {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl PartialEq for Text {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || self.0 == other.0
    }
}

impl Hash for Text {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

impl PartialEq<str> for Text {
    fn eq(&self, other: &str) -> bool {
        &*self.0 == other
    }
}

impl PartialEq<&str> for Text {
    fn eq(&self, other: &&str) -> bool {
        &*self.0 == *other
    }
}

impl PartialOrd for Text {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Text {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.cmp(&other.0)
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        if text.is_empty() { Self::default() } else { Self(Arc::from(text)) }
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Self::from(text.as_str())
    }
}

impl From<Arc<str>> for Text {
    fn from(text: Arc<str>) -> Self {
        Self(text)
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&*self.0, f)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::Text;

    #[test]
    fn behaves_like_a_str_and_shares() {
        let a = Text::from("Ready");
        let b = a.clone();
        assert_eq!(a, b);
        assert_eq!(a, "Ready");
        assert!(!a.is_unshared());
        assert_eq!(format!("{a:>7}|{a:?}"), "  Ready|\"Ready\"");
        let map = BTreeMap::from([(a, Text::from("x"))]);
        assert_eq!(map.get("Ready").map(Text::as_str), Some("x"));
    }

    #[test]
    fn goes_through_json_as_a_string() {
        let text: Text = serde_json::from_str("\"v1.30\"").unwrap();
        assert_eq!(serde_json::to_string(&text).unwrap(), "\"v1.30\"");
    }
}
