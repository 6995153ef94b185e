//! What clients asked for: reads what changed in a store since the last look and makes the controllers due.
use std::sync::Arc;

use serde::Deserialize;
use serde_json::Value;

use super::{Due, Key, World};
use crate::demo::{
    fleet::Stage,
    store::{Change, Object, Resource, resource},
};

/// Resources whose changes mean work.
pub(super) static FOLLOWED: [&Resource; 5] = [
    &resource::CLUSTERS,
    &resource::MACHINE_DEPLOYMENTS,
    &resource::KUBEADM_CONTROL_PLANES,
    &resource::MACHINES,
    &resource::MACHINE_HEALTH_CHECKS,
];

/// How long a controller takes to see a change, in milliseconds.
const NOTICE: i64 = 400;

/// What is read of an object that changed.
#[derive(Deserialize, Default)]
#[serde(default, rename_all = "camelCase")]
struct Changed<'a> {
    #[serde(borrow)]
    metadata: Meta<'a>,
    #[serde(borrow)]
    spec: Spec<'a>,
}

#[derive(Deserialize, Default)]
#[serde(default, rename_all = "camelCase")]
struct Meta<'a> {
    #[serde(borrow)]
    deletion_timestamp: Option<std::borrow::Cow<'a, str>>,
    annotations: Option<Value>,
}

#[derive(Deserialize, Default)]
#[serde(default, rename_all = "camelCase")]
struct Spec<'a> {
    #[serde(borrow)]
    cluster_name: Option<std::borrow::Cow<'a, str>>,
}

impl World {
    /// Looks at what was written to a site's store by others.
    pub(super) fn listen(&mut self, site: usize) {
        for resource in FOLLOWED {
            let live = &mut self.sites[site];
            let seen = live.seen.get(resource.plural).copied().unwrap_or(0);
            let Ok(events) = live.api.changed_since(resource, seen) else {
                // So much was written that the log is gone: everything is looked at.
                live.seen.insert(resource.plural, live.api.revision());
                let all: Vec<Arc<Object>> = live.api.list(resource, None).objects;
                for object in &all {
                    self.changed(site, resource, object, Change::Modified);
                }
                continue;
            };
            if let Some(last) = events.last() {
                live.seen.insert(resource.plural, last.revision);
            }
            for event in events {
                if !self.sites[site].own.remove(&event.revision) {
                    self.changed(site, resource, &event.object, event.change);
                }
            }
        }
    }

    fn changed(&mut self, site: usize, resource: &Resource, object: &Arc<Object>, change: Change) {
        let json = object.json.clone();
        let changed: Changed<'_> = serde_json::from_slice(&json).unwrap_or_default();
        let named = |name: &str| Key { site, namespace: object.namespace.clone(), name: name.into() };
        if resource.is(&resource::CLUSTERS) {
            let key = named(&object.name);
            let ending = changed.metadata.deletion_timestamp.is_some() || change == Change::Deleted;
            self.later(NOTICE, if ending { Due::Ending(key) } else { Due::Topology(key) });
            return;
        }
        let cluster = changed.spec.cluster_name.as_deref();
        if resource.is(&resource::MACHINE_DEPLOYMENTS) {
            let Some(cluster) = cluster else { return };
            let key = named(cluster);
            if changed.metadata.deletion_timestamp.is_some() || change == Change::Deleted {
                self.pool_deleted(&key, &object.name);
            }
            self.later(NOTICE, Due::Topology(key));
        } else if resource.is(&resource::KUBEADM_CONTROL_PLANES) {
            let owner =
                object.value()["metadata"]["labels"]["cluster.x-k8s.io/cluster-name"].as_str().map(named);
            if let Some(key) = owner {
                self.later(NOTICE, Due::Topology(key));
            }
        } else if resource.is(&resource::MACHINES) {
            let Some(cluster) = cluster else { return };
            let asked = changed.metadata.annotations.unwrap_or_default();
            let gone = change == Change::Deleted;
            let remediate = asked.get("cluster.x-k8s.io/remediate-machine").is_some();
            self.machine_changed(
                &named(cluster),
                &object.name,
                changed.metadata.deletion_timestamp.is_some() || gone,
                remediate,
            );
        }
    }

    fn machine_changed(&mut self, key: &Key, name: &Arc<str>, deleted: bool, remediate: bool) {
        let now = self.now;
        let Some(machine) = self.cluster_mut(key).and_then(|c| c.machine_mut(name)) else { return };
        if machine.deleted.is_none() && (deleted || remediate) {
            machine.deleted = Some(now);
            machine.stage = Stage::Draining;
            machine.since = now;
            self.touch(key, Some(name));
            self.later(NOTICE, Due::Stage(key.clone(), name.clone()));
            self.owner_due(key, name);
        }
    }
}
