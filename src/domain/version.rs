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
}

/// Orders two versions by number, unknown ones last and by text.
pub fn compare(a: &str, b: &str) -> Ordering {
    match (Version::parse(a), Version::parse(b)) {
        (Some(x), Some(y)) => (x.major, x.minor, x.patch, x.rest).cmp(&(y.major, y.minor, y.patch, y.rest)),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => a.cmp(b),
    }
}

/// How many minor versions `kubelet` is behind `server`; negative when it is ahead.
pub fn minors_behind(kubelet: &str, server: &str) -> Option<i64> {
    let (k, s) = (Version::parse(kubelet)?, Version::parse(server)?);
    (k.major == s.major).then(|| i64::from(s.minor) - i64::from(k.minor))
}
