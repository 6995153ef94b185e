//! The resources that embedded servers may serve, as data: one line each. Which of them one server serves, and in
//! which versions, is chosen when it is made ([`Served`]).
mod capi;
mod carvel;
mod cells;
mod columns;
mod core;

pub use self::capi::*;
pub use self::carvel::*;
pub use self::columns::{Column, Form};
pub use self::core::*;

/// One resource of the API.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own about the kind")]
pub struct Resource {
    pub group: &'static str,
    pub kind: &'static str,
    pub plural: &'static str,
    pub short: &'static [&'static str],
    pub categories: &'static [&'static str],
    pub namespaced: bool,
    /// Every version there is, the one of the newest servers first.
    pub versions: &'static [&'static str],
    /// It has a status subresource.
    pub status: bool,
    /// It has a scale subresource.
    pub scale: bool,
    /// Its generation counts changes of what is asked of it.
    pub generation: bool,
    /// A kind of the server itself, which therefore takes strategic merge patches; else one of a definition.
    pub built_in: bool,
    /// What a Table shows between name and age.
    pub columns: &'static [Column],
}

impl Resource {
    /// A namespaced kind of a custom resource definition.
    pub const fn custom(group: &'static str, kind: &'static str, plural: &'static str) -> Self {
        Self {
            group,
            kind,
            plural,
            short: &[],
            categories: &[],
            namespaced: true,
            versions: &["v1"],
            status: true,
            scale: false,
            generation: true,
            built_in: false,
            columns: &[],
        }
    }

    /// A namespaced kind of the server itself, without a status.
    pub const fn built_in(group: &'static str, kind: &'static str, plural: &'static str) -> Self {
        let custom = Self::custom(group, kind, plural);
        Self { built_in: true, status: false, generation: false, ..custom }
    }

    #[must_use]
    pub const fn cluster_wide(self) -> Self {
        Self { namespaced: false, ..self }
    }
    #[must_use]
    pub const fn versions(self, versions: &'static [&'static str]) -> Self {
        Self { versions, ..self }
    }
    #[must_use]
    pub const fn short(self, short: &'static [&'static str]) -> Self {
        Self { short, ..self }
    }
    #[must_use]
    pub const fn categories(self, categories: &'static [&'static str]) -> Self {
        Self { categories, ..self }
    }
    #[must_use]
    pub const fn status(self) -> Self {
        Self { status: true, ..self }
    }
    #[must_use]
    pub const fn without_status(self) -> Self {
        Self { status: false, ..self }
    }
    #[must_use]
    pub const fn scale(self) -> Self {
        Self { scale: true, ..self }
    }
    #[must_use]
    pub const fn generation(self) -> Self {
        Self { generation: true, ..self }
    }
    #[must_use]
    pub const fn columns(self, columns: &'static [Column]) -> Self {
        Self { columns, ..self }
    }

    /// Group and plural say which resource it is.
    pub fn is(&self, other: &Self) -> bool {
        std::ptr::eq(self, other) || (self.plural == other.plural && self.group == other.group)
    }

    pub fn singular(&self) -> String {
        self.kind.to_lowercase()
    }

    /// As messages of the API name it: `machines.cluster.x-k8s.io`, `nodes`.
    pub fn qualified(&self) -> String {
        if self.group.is_empty() { self.plural.to_owned() } else { format!("{}.{}", self.plural, self.group) }
    }

    /// `apiVersion` of an object in a version.
    pub fn api_version(&self, version: &str) -> String {
        if self.group.is_empty() { version.to_owned() } else { format!("{}/{version}", self.group) }
    }
}

/// A resource as one server serves it: in one version, in which its objects are kept.
#[derive(Debug, Clone, Copy)]
pub struct Served {
    pub resource: &'static Resource,
    pub version: &'static str,
}

impl Served {
    /// In the newest version there is.
    pub fn newest(resource: &'static Resource) -> Self {
        Self { resource, version: resource.versions.first().copied().unwrap_or("v1") }
    }

    /// In the version that is asked for, where there is such a version, else in the newest.
    pub fn preferring(resource: &'static Resource, version: &'static str) -> Self {
        let found = resource.versions.iter().copied().find(|v| *v == version);
        found.map_or_else(|| Self::newest(resource), |version| Self { resource, version })
    }

    pub fn api_version(&self) -> String {
        self.resource.api_version(self.version)
    }
}

/// What every API server has, whatever it is for.
pub fn kubernetes() -> Vec<Served> {
    CORE.iter().copied().map(Served::newest).collect()
}

/// What a management server has besides: Cluster API in one of its versions, and what comes with it.
pub fn cluster_api(version: &'static str) -> Vec<Served> {
    CLUSTER_API.iter().copied().map(|r| Served::preferring(r, version)).collect()
}
