//! Kubernetes versions as TKG writes them (`v1.26.5+vmware.2-tkg.1`), compared by their numbers.
use std::cmp::Ordering;

/// Major, minor, patch and the vendor's rest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version<'a> {
    pub major: u32,
    pub minor: u32,
    pub patch: u32,
    pub rest: &'a str,
}

impl<'a> Version<'a> {
    /// Reads `v1.26.5+vmware.2`, `1.26.5`, `v1.26`; `None` for anything else.
    pub fn parse(text: &'a str) -> Option<Self> {
        let text = text.strip_prefix('v').unwrap_or(text);
        let cut = text.find(['+', '-']).unwrap_or(text.len());
        let (numbers, rest) = text.split_at(cut);
        let mut parts = numbers.split('.').map(str::parse::<u32>);
        let (major, minor) = (parts.next()?.ok()?, parts.next()?.ok()?);
        let patch = parts.next().transpose().ok()?.unwrap_or(0);
        Some(Self { major, minor, patch, rest })
    }

    /// `-rc.1`, but not `---vmware.1`: object names write `+` so.
    pub fn is_prerelease(&self) -> bool {
        self.rest.starts_with('-') && !self.rest.starts_with("---")
    }
}

/// Orders two versions by number, unknown ones last and by text.
pub fn compare(a: &str, b: &str) -> Ordering {
    match (Version::parse(a), Version::parse(b)) {
        (Some(x), Some(y)) => (x.major, x.minor, x.patch, !x.is_prerelease())
            .cmp(&(y.major, y.minor, y.patch, !y.is_prerelease()))
            .then_with(|| natural(x.rest, y.rest)),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => a.cmp(b),
    }
}

/// Compares vendor suffixes part by part, numbers by value: `vmware.10` is newer than `vmware.9`.
fn natural(a: &str, b: &str) -> Ordering {
    let parts = |text: &'_ str| -> Vec<(Option<u64>, String)> {
        text.split(|c: char| !c.is_ascii_alphanumeric())
            .filter(|part| !part.is_empty())
            .map(|part| (part.parse().ok(), part.to_owned()))
            .collect()
    };
    parts(a).cmp(&parts(b))
}

/// Whether two texts mean the same release. A vendor's name for it may say more than the Kubernetes in it does:
/// `v1.26.8+vmware.1-tkg.2` holds `v1.26.8+vmware.1`.
pub fn same_release(a: &str, b: &str) -> bool {
    let plain = |text: &str| text.strip_prefix('v').unwrap_or(text).replace("---", "+");
    let (a, b) = (plain(a), plain(b));
    let within = |long: &str, short: &str| {
        long.strip_prefix(short).is_some_and(|rest| rest.is_empty() || rest.starts_with("-tkg."))
    };
    !a.is_empty() && !b.is_empty() && (within(&a, &b) || within(&b, &a))
}

/// How many minor versions `kubelet` is behind `server`; negative when it is ahead.
pub fn minors_behind(kubelet: &str, server: &str) -> Option<i64> {
    let (k, s) = (Version::parse(kubelet)?, Version::parse(server)?);
    (k.major == s.major).then(|| i64::from(s.minor) - i64::from(k.minor))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_ordered_by_number() {
        let ordered = [
            "v1.26.5-rc.1",
            "v1.26.5",
            "v1.26.5+vmware.2-tkg.1",
            "v1.26.5+vmware.2-tkg.2",
            "v1.26.5---vmware.10-tkg.1",
            "v1.26.10",
            "v1.27",
            "nonsense",
        ];
        for pair in ordered.windows(2) {
            assert_eq!(compare(pair[0], pair[1]), Ordering::Less, "{pair:?}");
        }
        assert_eq!(compare("v1.26.5+vmware.1", "1.26.5---vmware.1"), Ordering::Equal);
    }

    #[test]
    fn a_vendors_release_holds_its_kubernetes() {
        assert!(same_release("v1.26.8+vmware.1-tkg.2", "v1.26.8+vmware.1"));
        assert!(same_release("1.33.4", "v1.33.4") && same_release("v1.26.5---vmware.1", "v1.26.5+vmware.1"));
        for other in ["v1.26.8+vmware.10", "v1.26.80", "v1.26.9+vmware.1", ""] {
            assert!(!same_release("v1.26.8+vmware.1", other), "{other}");
        }
    }

    #[test]
    fn skew_is_counted_in_minors() {
        assert_eq!(minors_behind("v1.26.5+vmware.1", "v1.28.0"), Some(2));
        assert_eq!(minors_behind("v1.29.0", "v1.28.0"), Some(-1));
        assert_eq!(minors_behind("", "v1.28.0"), None);
    }
}
