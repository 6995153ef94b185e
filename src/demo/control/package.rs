//! kapp-controller, as far as the demo needs one: packages go through fetch, template and deploy, heed what clients
//! ask of them (pause, resume, another version, deletion), and fail where an incident made them.
use std::sync::Arc;

use serde_json::Value;

use super::{Due, Key, Live, World};
use crate::demo::{
    fleet::{
        Cluster,
        package::{Flaw, Install, Phase},
        render::{
            Here, observe,
            package::{self as render, DEPLOY, FETCH, TEMPLATE},
        },
    },
    store::{Api, Change, Delete, resource},
};

/// How long the controller takes to see a change, in milliseconds.
const NOTICE: i64 = 400;

impl World {
    /// Looks at what clients did to packages of a site and of its clusters.
    pub(super) fn listen_to_packages(&mut self, site: usize) {
        let live = &mut self.sites[site];
        let mut stores: Vec<(Option<Key>, Api)> = vec![(None, live.api.clone())];
        // The API of a management cluster is the site's own.
        let others =
            live.workloads.iter().filter(|(key, _)| !live.cluster(key).is_some_and(Cluster::is_management));
        stores.extend(others.map(|(key, api)| (Some(key.clone()), api.clone())));
        let mut changed = Vec::new();
        for (cluster, api) in stores.into_iter().filter(|(_, api)| api.serves(&resource::PACKAGE_INSTALLS)) {
            let seen = self.sites[site].packages_seen.entry(cluster.clone()).or_insert(0);
            let before = std::mem::replace(seen, api.revision());
            let Ok(events) = api.changed_since(&resource::PACKAGE_INSTALLS, before) else { continue };
            changed.extend(
                events.into_iter().map(|event| (cluster.clone(), event.change, event.object.value())),
            );
        }
        for (cluster, change, object) in changed {
            self.package_changed(site, cluster.as_ref(), change, &object);
        }
    }

    /// Takes over what is asked of a package; what the controller wrote itself asks nothing new.
    fn package_changed(&mut self, site: usize, cluster: Option<&Key>, change: Change, object: &Value) {
        let now = self.now;
        let Some((key, name)) = self.sites[site].owner_of(site, cluster, object) else { return };
        let Some(install) = self.install_mut(&key, &name) else { return };
        let spec = &object["spec"];
        let flag = |field: &str| spec[field].as_bool().unwrap_or(false);
        let (paused, cancelled) = (flag("paused"), flag("canceled"));
        let version = spec["packageRef"]["versionSelection"]["constraints"].as_str().unwrap_or_default();
        let deleted = !object["metadata"]["deletionTimestamp"].is_null() || change == Change::Deleted;
        let released = (install.paused && !paused) || (install.cancelled && !cancelled);
        let is_new = *version != *install.version && !version.is_empty();
        let held = (paused, cancelled) != (install.paused, install.cancelled);
        let is_going = deleted && install.deleted.is_none();
        if !(released || is_new || held || is_going) {
            return;
        }
        (install.paused, install.cancelled) = (paused, cancelled);
        if is_new {
            install.version = version.into();
        }
        if is_going {
            install.deleted = Some(now);
            install.phase = Phase::Deleting;
        } else if !(paused || cancelled) {
            install.phase = Phase::Fetching;
        }
        install.since = now;
        self.later(NOTICE, Due::Package(key, name));
    }

    /// Writes where a package stands, and makes its next phase due.
    pub(super) fn package(&mut self, key: &Key, name: &Arc<str>) {
        let now = self.now;
        let Some(install) = self.install_mut(key, name) else { return };
        let is_held = install.paused || install.cancelled;
        let is_over = |of: &Install| {
            lasts(of.phase).is_some_and(|seconds| now.duration_since(of.since).as_secs() >= seconds)
        };
        if is_over(install) && !is_held {
            if install.phase == Phase::Deleting && install.flaw != Flaw::NoAccount {
                return self.drop_package(key, name);
            }
            install.phase = next(install.phase, install.flaw);
            install.since = now;
            if install.phase == Phase::Done {
                install.failures = if install.flaw == Flaw::None { 0 } else { install.failures + 1 };
            }
        }
        if let Some(seconds) = lasts(install.phase).filter(|_| !is_held) {
            self.later(seconds * 1000, Due::Package(key.clone(), name.clone()));
        }
        self.write_package(key, name);
    }

    /// An incident changes a package: everything about it is written anew.
    pub fn alter_package(&mut self, key: &Key, reference: &str, change: impl FnOnce(&mut Install)) {
        self.now = self.clock.now();
        let Some(cluster) = self.cluster_mut(key) else { return };
        let Some(install) = cluster.packages.iter_mut().find(|p| p.reference == reference) else { return };
        change(install);
        let (name, phase) = (install.name.clone(), install.phase);
        self.reload_packages(key);
        if phase != Phase::Done {
            self.later(0, Due::Package(key.clone(), name));
        }
    }

    /// Somebody took a package away, with all that was of it.
    pub fn without_package(&mut self, key: &Key, reference: &str) {
        let found = self.cluster(key).and_then(|c| c.packages.iter().find(|p| p.reference == reference));
        if let Some(name) = found.map(|install| install.name.clone()) {
            self.drop_package(key, &name);
        }
    }

    /// An incident changes the repositories of a cluster.
    pub fn alter_repositories(
        &mut self,
        key: &Key,
        change: impl FnOnce(&mut Vec<crate::demo::fleet::package::Repository>),
    ) {
        self.now = self.clock.now();
        let Some(cluster) = self.cluster_mut(key) else { return };
        change(&mut cluster.repositories);
        self.reload_packages(key);
    }

    fn install_mut(&mut self, key: &Key, name: &str) -> Option<&mut Install> {
        self.cluster_mut(key)?.packages.iter_mut().find(|p| &*p.name == name)
    }

    /// Puts every package object of a cluster as it is now, where its stores are there already.
    fn reload_packages(&mut self, key: &Key) {
        let now = self.now;
        let Some(live) = self.sites.get(key.site) else { return };
        let Some(cluster) = live.cluster(key) else { return };
        let here = Here { site: &live.site, cluster, now };
        for install in &cluster.packages {
            let Some(api) = live.store_of(key, install) else { continue };
            render::install(here, install, &mut |value| _ = api.load(value));
        }
        if let Some(api) = live.own_store(key) {
            for repository in &cluster.repositories {
                api.load(render::repository(here, repository));
            }
        }
    }

    /// Brings the statuses of a package to where it is.
    fn write_package(&mut self, key: &Key, name: &str) {
        let Some(live) = self.sites.get(key.site) else { return };
        let Some(install) = live.cluster(key).and_then(|c| c.packages.iter().find(|p| &*p.name == name))
        else {
            return;
        };
        let Some(api) = live.store_of(key, install) else { return };
        _ = api.modify(&resource::PACKAGE_INSTALLS, &install.namespace, name, |object| {
            let generation = object["metadata"]["generation"].as_i64().unwrap_or(1);
            object["status"] = render::status(install, generation);
        });
        _ = api.modify(&resource::APPS, &install.namespace, name, |object| {
            for (field, value) in [("paused", install.paused), ("canceled", install.cancelled)] {
                if value {
                    object["spec"][field] = true.into();
                } else if let Some(spec) = object["spec"].as_object_mut() {
                    spec.remove(field);
                }
            }
            let generation = object["metadata"]["generation"].as_i64().unwrap_or(1);
            let mut status = render::app_status(install, generation);
            observe(&mut status, generation);
            object["status"] = status;
        });
    }

    fn drop_package(&mut self, key: &Key, name: &str) {
        let Some(live) = self.sites.get(key.site) else { return };
        let Some(cluster) = live.cluster(key) else { return };
        let Some(install) = cluster.packages.iter().find(|p| &*p.name == name) else { return };
        if let Some(api) = live.store_of(key, install) {
            for resource in [&resource::APPS, &resource::PACKAGE_INSTALLS] {
                _ = api.modify(resource, &install.namespace, name, |object| {
                    object["metadata"]["finalizers"] = Value::Array(Vec::new());
                });
                _ = api.delete(resource, &install.namespace, name, &Delete::default());
            }
        }
        if let Some(cluster) = self.cluster_mut(key) {
            cluster.packages.retain(|p| &*p.name != name);
        }
    }
}

/// Seconds that a phase takes; none for the last.
fn lasts(phase: Phase) -> Option<i64> {
    match phase {
        Phase::Fetching => Some(FETCH),
        Phase::Templating => Some(TEMPLATE),
        Phase::Deploying | Phase::Deleting => Some(DEPLOY),
        Phase::Done => None,
    }
}

/// What comes after a phase, given what is wrong.
fn next(phase: Phase, flaw: Flaw) -> Phase {
    match (phase, flaw) {
        (Phase::Fetching, flaw) if flaw != Flaw::Certificate => Phase::Templating,
        (Phase::Templating, flaw) if flaw != Flaw::Values => Phase::Deploying,
        _ => Phase::Done,
    }
}

impl Live {
    /// The store that a cluster's own packages are in: none while nobody has asked for it.
    fn own_store(&self, key: &Key) -> Option<&Api> {
        let is_management = self.cluster(key)?.role == crate::demo::fleet::Role::Management;
        let api = if is_management { Some(&self.api) } else { self.workloads.get(key) };
        api.filter(|api| api.serves(&resource::PACKAGE_INSTALLS))
    }

    fn store_of(&self, key: &Key, install: &Install) -> Option<&Api> {
        if !install.is_remote() {
            return self.own_store(key);
        }
        Some(&self.api).filter(|api| api.serves(&resource::PACKAGE_INSTALLS))
    }

    /// The cluster and the name of a package that stands in the store of a cluster, or of the site.
    fn owner_of(&self, site: usize, cluster: Option<&Key>, object: &Value) -> Option<(Key, Arc<str>)> {
        let name = object["metadata"]["name"].as_str()?;
        let namespace = object["metadata"]["namespace"].as_str()?;
        if let Some(key) = cluster {
            return Some((key.clone(), name.into()));
        }
        let owns = |c: &&crate::demo::fleet::Cluster| {
            c.packages.iter().any(|p| {
                &*p.name == name
                    && &*p.namespace == namespace
                    && (p.is_remote() || c.role == crate::demo::fleet::Role::Management)
            })
        };
        let found = self.site.clusters.iter().find(owns)?;
        let key = Key { site, namespace: found.namespace.clone(), name: found.name.clone() };
        Some((key, name.into()))
    }
}
