//! Who asks, and what they may do. Two identities: one may do everything, one reads everything but Secrets.
use http::{HeaderMap, header};

use super::{Identity, Refusal, Store, Tokens, route::Target};

/// What somebody wants to do.
#[derive(Debug, Clone, Default)]
pub(super) struct Access {
    pub(super) verb: String,
    pub(super) group: String,
    /// `*` in a question means all.
    pub(super) resource: String,
    pub(super) subresource: String,
    pub(super) namespace: String,
    pub(super) name: String,
}

impl Access {
    pub(super) fn to(target: &Target, verb: &str) -> Self {
        Self {
            verb: verb.to_owned(),
            group: target.served.resource.group.to_owned(),
            resource: target.served.resource.plural.to_owned(),
            subresource: target.subresource.clone(),
            namespace: target.space().to_owned(),
            name: target.name.clone(),
        }
    }
}

/// Whom the headers name; nothing when they name nobody, an error when they name somebody unknown.
pub(super) fn identify(tokens: &Tokens, headers: &HeaderMap) -> Result<Option<Identity>, Refusal> {
    let text = |name| headers.get(name).and_then(|v| v.to_str().ok());
    let Some(token) = text(header::AUTHORIZATION.as_str()).and_then(|v| v.strip_prefix("Bearer ")) else {
        return Ok(None);
    };
    let who = match token.trim() {
        t if !t.is_empty() && t == tokens.admin => Identity::Admin,
        t if !t.is_empty() && t == tokens.viewer => Identity::Viewer,
        _ => return Err(Refusal::unauthorized()),
    };
    match text("impersonate-user") {
        None => Ok(Some(who)),
        Some(user) if user == who.user() => Ok(Some(who)),
        Some(user) if who == Identity::Admin && user == Identity::Viewer.user() => Ok(Some(Identity::Viewer)),
        Some(user) => Err(Refusal::new(
            403,
            "Forbidden",
            format!(
                "users \"{user}\" is forbidden: User \"{}\" cannot impersonate resource \"users\" in API group \"\" at the cluster scope",
                who.user()
            ),
        )),
    }
}

/// Whether it is allowed.
pub(super) fn allows(store: &Store, who: Identity, access: &Access) -> bool {
    if store.is_forbidden(&access.group) {
        return false;
    }
    match who {
        Identity::Admin => true,
        Identity::Viewer => {
            let secret = access.group.is_empty() && matches!(access.resource.as_str(), "secrets" | "*");
            matches!(access.verb.as_str(), "get" | "list" | "watch") && !secret
        }
    }
}

/// Refuses what is not allowed, in the words of a real server.
pub(super) fn check(store: &Store, who: Identity, access: &Access) -> Result<(), Refusal> {
    if allows(store, who, access) {
        return Ok(());
    }
    let resource = match access.subresource.as_str() {
        "" => access.resource.clone(),
        part => format!("{}/{part}", access.resource),
    };
    let place = match access.namespace.as_str() {
        "" => "at the cluster scope".to_owned(),
        namespace => format!("in the namespace \"{namespace}\""),
    };
    let of = if access.group.is_empty() {
        access.resource.clone()
    } else {
        format!("{}.{}", access.resource, access.group)
    };
    let named = if access.name.is_empty() { String::new() } else { format!(" \"{}\"", access.name) };
    let mut refusal = Refusal::new(
        403,
        "Forbidden",
        format!(
            "{of}{named} is forbidden: User \"{}\" cannot {} resource \"{resource}\" in API group \"{}\" {place}",
            who.user(),
            access.verb,
            access.group
        ),
    );
    refusal.details = serde_json::json!({ "kind": access.resource });
    for (field, value) in [("name", &access.name), ("group", &access.group)] {
        if !value.is_empty() {
            refusal.details[field] = value.as_str().into();
        }
    }
    Err(refusal)
}
