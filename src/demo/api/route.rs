//! What an address means.
use http::Method;

use super::{Refusal, Store};
use crate::demo::store::Served;

/// Objects of one resource, or one of them, or a part of it.
#[derive(Debug, Clone)]
pub(super) struct Target {
    pub(super) served: Served,
    /// Nothing for all namespaces, or where there are none.
    pub(super) namespace: Option<String>,
    /// Empty for all of them.
    pub(super) name: String,
    pub(super) subresource: String,
}

/// Pages that are not about objects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Page {
    Paths,
    Version,
    Health,
    Legacy,
    Groups,
    Group(String),
    Resources {
        group: String,
        version: String,
    },
    /// Of the older kind: one document for all.
    OpenApiV2,
    OpenApi,
    OpenApiOf {
        group: String,
        version: String,
    },
}

/// Questions about who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Review {
    Access,
    Rules,
    Subject,
}

pub(super) enum Route {
    Plain(Page),
    Review(Review),
    Objects(Target),
    /// The group version is there, the resource is not.
    NoResource,
}

pub(super) fn no_resource() -> Refusal {
    Refusal::new(404, "NotFound", "the server could not find the requested resource")
}

pub(super) fn not_allowed() -> Refusal {
    Refusal::new(405, "MethodNotAllowed", "the server does not allow this method on the requested resource")
}

impl Target {
    /// What is done to it, as access rules name it.
    pub(super) fn verb(&self, method: &Method, watch: bool) -> Option<&'static str> {
        let one = !self.name.is_empty();
        Some(match *method {
            Method::GET | Method::HEAD if one && !watch => "get",
            Method::GET if watch => "watch",
            Method::GET | Method::HEAD => "list",
            Method::POST if !one || !self.subresource.is_empty() => "create",
            Method::PUT if one => "update",
            Method::PATCH if one => "patch",
            Method::DELETE if one => "delete",
            Method::DELETE => "deletecollection",
            _ => return None,
        })
    }

    /// The namespace as the store has it.
    pub(super) fn space(&self) -> &str {
        self.namespace.as_deref().unwrap_or_default()
    }
}

/// Finds out what a path means; nothing when no server would know it.
pub(super) fn route(store: &Store, path: &str) -> Option<Route> {
    let decoded = super::query::decode(&path.replace('+', "%2B"));
    let parts: Vec<&str> = decoded.split('/').filter(|p| !p.is_empty()).collect();
    let owned = |text: &str| text.to_owned();
    Some(match parts.as_slice() {
        [] => Route::Plain(Page::Paths),
        ["version"] => Route::Plain(Page::Version),
        ["healthz" | "livez" | "readyz", ..] => Route::Plain(Page::Health),
        ["api"] => Route::Plain(Page::Legacy),
        ["apis"] => Route::Plain(Page::Groups),
        ["openapi", "v2"] => Route::Plain(Page::OpenApiV2),
        ["openapi", "v3"] => Route::Plain(Page::OpenApi),
        ["openapi", "v3", "api", version] => {
            Route::Plain(Page::OpenApiOf { group: String::new(), version: owned(version) })
        }
        ["openapi", "v3", "apis", group, version] => {
            Route::Plain(Page::OpenApiOf { group: owned(group), version: owned(version) })
        }
        ["api", version] => Route::Plain(Page::Resources { group: String::new(), version: owned(version) }),
        ["apis", group] => Route::Plain(Page::Group(owned(group))),
        ["apis", group, version] => {
            Route::Plain(Page::Resources { group: owned(group), version: owned(version) })
        }
        ["apis", "authorization.k8s.io", "v1", "selfsubjectaccessreviews"] => Route::Review(Review::Access),
        ["apis", "authorization.k8s.io", "v1", "selfsubjectrulesreviews"] => Route::Review(Review::Rules),
        ["apis", "authentication.k8s.io", "v1", "selfsubjectreviews"] => Route::Review(Review::Subject),
        ["api", version, rest @ ..] => return objects(store, "", version, rest),
        ["apis", group, version, rest @ ..] => return objects(store, group, version, rest),
        _ => return None,
    })
}

fn objects(store: &Store, group: &str, version: &str, rest: &[&str]) -> Option<Route> {
    let (namespace, rest) = match rest {
        // A namespace itself, and its parts.
        ["namespaces"] | ["namespaces", _] | ["namespaces", _, "status" | "finalize"] => (None, rest),
        ["namespaces", namespace, rest @ ..] => (Some((*namespace).to_owned()), rest),
        _ => (None, rest),
    };
    let (plural, name, subresource) = match rest {
        [plural] => (plural, "", ""),
        [plural, name] => (plural, *name, ""),
        [plural, name, subresource] => (plural, *name, *subresource),
        _ => return Some(Route::NoResource),
    };
    let mut of_version =
        store.served().iter().filter(|s| s.resource.group == group && s.version == version).peekable();
    of_version.peek()?;
    let Some(served) = of_version.find(|s| s.resource.plural == *plural) else {
        return Some(Route::NoResource);
    };
    let scoped = served.resource.namespaced;
    // Objects in namespaces are read one by one only there; others have no namespace.
    if scoped && namespace.is_none() && !name.is_empty() || !scoped && namespace.is_some() {
        return Some(Route::NoResource);
    }
    Some(Route::Objects(Target {
        served: *served,
        namespace,
        name: name.to_owned(),
        subresource: subresource.to_owned(),
    }))
}
