//! The one-line name of a row, that other commands and scripts take.
use crate::{domain::ResourceRef, state::Row};

/// `site:kind/namespace/name`, or `site/NAME` for a site.
pub(super) fn of(row: Row<'_>) -> String {
    match row {
        Row::Object { source, object } => {
            ResourceRef { source: source.clone(), key: object.meta.key() }.to_string()
        }
        Row::Site(site) => format!("site/{}", site.spec.id),
        Row::Job(job) => format!("job/{}", job.id.0),
        Row::Notice(notice) => format!("notice/{}", notice.number),
    }
}
