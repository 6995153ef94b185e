//! Kubeconfigs that lead to the demo's doors.
use std::fmt::Write as _;

use base64::{Engine as _, engine::general_purpose::STANDARD};

use super::Keys;

/// One way in.
#[derive(Debug, Clone)]
pub struct Context {
    pub name: String,
    pub user: String,
    pub server: String,
    pub token: String,
}

/// A file with these contexts, the first of them current.
pub fn kubeconfig(keys: &Keys, contexts: &[Context]) -> String {
    let authority = STANDARD.encode(keys.authority.as_bytes());
    let (mut clusters, mut users, mut entries) = (String::new(), String::new(), String::new());
    for Context { name, user, server, token } in contexts {
        // Writing to a String cannot fail.
        let _ = write!(
            clusters,
            "- name: {name}\n  cluster:\n    server: {server}\n    certificate-authority-data: {authority}\n"
        );
        let _ = write!(users, "- name: {user}\n  user:\n    token: {token}\n");
        let _ = write!(entries, "- name: {name}\n  context:\n    cluster: {name}\n    user: {user}\n");
    }
    let current = contexts.first().map(|c| c.name.as_str()).unwrap_or_default();
    format!(
        "apiVersion: v1\nkind: Config\ncurrent-context: {current}\nclusters:\n{clusters}users:\n{users}contexts:\n{entries}"
    )
}
