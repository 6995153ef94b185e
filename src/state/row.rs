//! What a line of a table stands for.
use serde::{Deserialize, Serialize};

use super::{fleet::ObjId, jobs::Job, notices::Notice, sites::Site};
use crate::{
    actions::plan::JobId,
    domain::{ClusterKey, Health, Object, SiteId, Source},
};

/// Identity of a row while the program runs: it never names another thing later.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum RowId {
    Site(u32),
    Object(ObjId),
    Job(JobId),
    Notice(u64),
}

/// The data behind a row.
#[derive(Debug, Clone, Copy)]
pub enum Row<'a> {
    Site(&'a Site),
    Object { source: &'a Source, object: &'a Object },
    Job(&'a Job),
    Notice(&'a Notice),
}

impl<'a> Row<'a> {
    pub fn object(self) -> Option<&'a Object> {
        if let Row::Object { object, .. } = self { Some(object) } else { None }
    }
    pub fn site(self) -> Option<&'a Site> {
        if let Row::Site(site) = self { Some(site) } else { None }
    }
    pub fn job(self) -> Option<&'a Job> {
        if let Row::Job(job) = self { Some(job) } else { None }
    }
    pub fn notice(self) -> Option<&'a Notice> {
        if let Row::Notice(notice) = self { Some(notice) } else { None }
    }
    /// The site a row belongs to.
    pub fn site_id(self) -> Option<&'a SiteId> {
        match self {
            Row::Site(site) => Some(&site.spec.id),
            Row::Object { source, .. } => Some(&source.site),
            Row::Job(job) => Some(&job.plan.target.source.site),
            Row::Notice(_) => None,
        }
    }
    /// Name of that site; empty when to none.
    pub fn site_name(self) -> &'a str {
        self.site_id().map_or("", SiteId::as_str)
    }
    /// The workload cluster a row is about: itself, its owner by label, or the API it was read from.
    pub fn cluster_key(self) -> Option<ClusterKey> {
        let Row::Object { source, object } = self else { return None };
        if let Some(cluster) = source.cluster() {
            return Some(cluster);
        }
        let name = if object.cluster().is_some() {
            object.meta.name.as_str()
        } else {
            object.meta.cluster_name().or_else(|| object.package_for())?
        };
        Some(ClusterKey {
            site: source.site.clone(),
            key: crate::domain::ObjectKey::new(&object.meta.namespace, name),
        })
    }
    pub fn health(self) -> Health {
        match self {
            Row::Site(site) => site.health(),
            Row::Object { object, .. } => object.health(),
            Row::Job(job) => job.health(),
            Row::Notice(notice) => notice.health(),
        }
    }
    /// What breaks ties when two rows sort alike: stable, and never equal for two rows.
    pub fn tie(self) -> String {
        match self {
            Row::Site(site) => site.spec.id.to_string(),
            Row::Object { source, object } => format!(
                "{}\u{0}{}\u{0}{}\u{0}{}",
                source.site,
                cluster_part(source),
                object.meta.namespace,
                object.meta.name
            ),
            Row::Job(job) => format!("{:010}", job.id.0),
            Row::Notice(notice) => format!("{:020}", notice.number),
        }
    }
}

fn cluster_part(source: &Source) -> String {
    source.cluster().map(|c| c.key.to_string()).unwrap_or_default()
}
