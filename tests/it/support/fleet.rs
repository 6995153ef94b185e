//! A kubeconfig in a temporary folder, and the connections made from it.
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tempfile::TempDir;
use tko::backends::kube::{Connections, Options, Request, Sites};
use tko::domain::SiteId;

/// Sites by name, each with the extra lines of its cluster and its user.
#[derive(Default)]
pub struct Fleet {
    clusters: String,
    users: String,
    contexts: String,
    dir: Option<TempDir>,
}

impl Fleet {
    pub fn new() -> Self {
        Self { dir: Some(tempfile::tempdir().unwrap()), ..Self::default() }
    }
    pub fn dir(&self) -> &Path {
        self.dir.as_ref().unwrap().path()
    }
    /// Adds a site; `cluster` and `user` are YAML flow mappings without their braces.
    pub fn site(mut self, name: &str, server: &str, cluster: &str, user: &str) -> Self {
        let comma = if cluster.is_empty() { "" } else { ", " };
        writeln!(self.clusters, "- name: {name}\n  cluster: {{server: \"{server}\"{comma}{cluster}}}")
            .unwrap();
        writeln!(self.users, "- name: {name}\n  user: {{{user}}}").unwrap();
        writeln!(
            self.contexts,
            "- name: {name}\n  context: {{cluster: {name}, user: {name}, namespace: {name}-ns}}"
        )
        .unwrap();
        self
    }
    pub fn yaml(&self) -> String {
        format!("clusters:\n{}users:\n{}contexts:\n{}", self.clusters, self.users, self.contexts)
    }
    pub fn connections(&self, options: Options) -> Connections {
        let file = self.write("kubeconfig", &self.yaml());
        let sites = Sites::load(&Request { files: vec![file], ..Request::default() });
        assert_eq!(sites.problems, [], "the fixture is valid");
        Connections::new(Arc::new(sites), options)
    }
    pub fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.dir().join(name);
        std::fs::write(&path, text).unwrap();
        path
    }
    /// Writes an executable shell script.
    pub fn script(&self, name: &str, body: &str) -> PathBuf {
        use std::os::unix::fs::PermissionsExt as _;
        let path = self.write(name, &format!("#!/bin/sh\n{body}\n"));
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o700)).unwrap();
        path
    }
}

pub fn without_sites() -> Connections {
    Connections::new(Arc::default(), Options::default())
}

pub fn site(name: &str) -> SiteId {
    SiteId::new(name)
}
