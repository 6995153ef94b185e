//! The cluster that a target belongs to, with its control plane, pools and machines as they are known here.
use super::plan::Refusal;
use crate::{
    domain::{
        ClusterKey, Home, Object, ObjectKey, ResourceRef, Source,
        cluster::Cluster,
        pool::{ControlPlane, Pool},
        site::Protection,
    },
    state::{Freshness, State},
};

/// A cluster and what belongs to it.
pub struct Family<'a> {
    state: &'a State,
    key: ClusterKey,
    /// Where the Cluster stands.
    pub at: ResourceRef,
    pub object: &'a Object,
    pub cluster: &'a Cluster,
}

impl<'a> Family<'a> {
    /// The family of a Cluster, or of anything on the management API that belongs to one.
    pub fn of(state: &'a State, target: &ResourceRef) -> Result<Self, Refusal> {
        let at = cluster_of(state, target)
            .ok_or_else(|| Refusal::new("the cluster it belongs to is not known here"))?;
        let object = state
            .fleet
            .find(&at)
            .ok_or_else(|| Refusal::new(format!("the Cluster {} is not known here", at.key)))?;
        let cluster =
            object.cluster().ok_or_else(|| Refusal::new(format!("the Cluster {} cannot be read", at.key)))?;
        Ok(Self { state, key: at.cluster_key(), at, object, cluster })
    }

    /// Refuses for a cluster that is on its way out.
    pub fn living(self) -> Result<Self, Refusal> {
        match self.object.meta.deleted {
            Some(_) => Err(Refusal::new("the cluster is being deleted")),
            None => Ok(self),
        }
    }

    pub fn key(&self) -> &ClusterKey {
        &self.key
    }

    /// Its control plane, where it is one that we read.
    pub fn plane(&self) -> Option<(ResourceRef, &'a Object, &'a ControlPlane)> {
        let own = &self.cluster.control_plane.name;
        let plane = |(_, source, object): (_, &Source, &'a Object)| {
            let facts = object.control_plane()?;
            let at = ResourceRef { source: source.clone(), key: object.meta.key() };
            (own.is_empty() || *own == object.meta.name).then_some((at, object, facts))
        };
        self.state.fleet.members(&self.key).find_map(plane)
    }

    /// Its node pools, by name.
    pub fn pools(&self) -> Vec<(ResourceRef, &'a Object, &'a Pool)> {
        let pool = |(_, source, object): (_, &Source, &'a Object)| {
            let at = ResourceRef { source: source.clone(), key: object.meta.key() };
            Some((at, object, object.pool()?))
        };
        let mut pools: Vec<_> = self.state.fleet.members(&self.key).filter_map(pool).collect();
        pools.sort_by(|a, b| a.0.key.cmp(&b.0.key));
        pools
    }

    /// All its machines.
    pub fn machines(&self) -> impl Iterator<Item = &'a Object> {
        self.state.fleet.members(&self.key).map(|(.., o)| o).filter(|o| o.machine().is_some())
    }

    /// Whether everything of this kind on the site is known here now.
    pub fn knows_all(&self, kind: &str) -> bool {
        let source = Source::management(&self.at.source.site, kind);
        self.state.fleet.collection(&source).is_some_and(|c| c.freshness == Freshness::Live)
    }

    /// The part that the cluster plays in a Tanzu fleet, where its labels tell: `management`, `tanzu-services`.
    pub fn role(&self) -> Option<&'a str> {
        const PREFIX: &str = "cluster-role.tkg.tanzu.vmware.com/";
        self.object.meta.labels.keys().find_map(|label| label.strip_prefix(PREFIX))
    }

    /// Other clusters of the same site.
    pub fn siblings(&self) -> usize {
        let clusters = self.state.fleet.of_kind("cluster");
        clusters.filter(|(_, source, o)| **source == self.at.source && o.meta.key() != self.at.key).count()
    }

    pub fn protection(&self) -> Protection {
        super::spec::protection(self.state, &self.at)
    }
}

/// Where the Cluster stands that a target is, or belongs to.
pub fn cluster_of(state: &State, target: &ResourceRef) -> Option<ResourceRef> {
    let source = Source::management(&target.source.site, "cluster");
    if let Home::Workload(key) = &target.source.home {
        return Some(ResourceRef { source, key: key.clone() });
    }
    if target.source.kind == *"cluster" {
        return Some(target.clone());
    }
    let object = state.fleet.find(target)?;
    let of_plane = || object.control_plane().map(|c| c.cluster.as_str());
    let name = object.meta.cluster_name().or_else(of_plane).filter(|name| !name.is_empty())?;
    Some(ResourceRef { source, key: ObjectKey::new(&object.meta.namespace, name) })
}
