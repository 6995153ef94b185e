//! How the APIs of workload clusters are reached. One is asked for only when somebody looks at it.
use std::collections::{BTreeSet, HashMap};

use jiff::Timestamp;

use crate::domain::{ClusterKey, Problem, SiteId, site::Greeting};

#[derive(Debug, Clone, PartialEq)]
pub enum Reach {
    Connecting,
    /// Only the kubeconfig Secret (cluster-admin) would do; the operator has not agreed for this site.
    NeedsConsent,
    Live {
        via: String,
        greeting: Box<Greeting>,
    },
    Failing {
        problem: Problem,
        retry_at: Option<Timestamp>,
    },
}

#[derive(Debug, Default)]
pub struct Workloads {
    pub by_cluster: HashMap<ClusterKey, Reach>,
    /// Sites where the operator agreed to the use of kubeconfig Secrets.
    pub consent: BTreeSet<SiteId>,
    /// Sites where the operator was asked and said no; asked again only on demand.
    pub declined: BTreeSet<SiteId>,
}

impl Workloads {
    pub fn get(&self, cluster: &ClusterKey) -> Option<&Reach> {
        self.by_cluster.get(cluster)
    }
}
