//! A list in pages, for servers without streaming lists; the rows of each page are shown at once.
use std::{sync::atomic::Ordering, time::Duration};

use kube::{api::ListParams, core::Request};
use serde::Deserialize;
use serde_json::value::RawValue;
use tokio::time::Instant;

use super::{End, Sink, Standing, Watch, say};
use crate::{
    domain::{Problem, ProblemKind},
    msg::{Change, Observation},
};

/// Objects on a page of a list.
const PAGE: u32 = 500;
/// How long a page may take.
const PATIENCE: Duration = Duration::from_mins(1);

/// A page; what is no object of the kind is read as far as it can be.
#[derive(Deserialize)]
struct Page<'a> {
    #[serde(default)]
    metadata: PageMeta,
    #[serde(borrow, default)]
    items: Option<Vec<&'a RawValue>>,
}

#[derive(Deserialize, Default)]
#[serde(default, rename_all = "camelCase")]
struct PageMeta {
    resource_version: Option<String>,
    #[serde(rename = "continue")]
    next: Option<String>,
}

impl Watch {
    pub(super) async fn pages(&self, standing: &mut Standing, sink: &mut impl Sink) -> Result<(), End> {
        let mut next = None;
        loop {
            let first = next.is_none();
            let text = self.page(next).await.map_err(End::Broken)?;
            let page: Page<'_> = serde_json::from_str(&text)
                .map_err(|e| End::Broken(self.problem(&kube::Error::SerdeError(e))))?;
            if first {
                say(sink, Observation::Listing).await?;
            }
            let rows = page.items.unwrap_or_default();
            let changes: Vec<Change> = rows
                .iter()
                .map(|json| Change::Upsert(Box::new(self.kind.read(&self.version, json.get()))))
                .collect();
            if !changes.is_empty() {
                say(sink, Observation::Changes(changes)).await?;
            }
            next = page.metadata.next.filter(|token| !token.is_empty());
            if next.is_none() {
                return self.listed(page.metadata.resource_version, standing, sink).await;
            }
        }
    }

    async fn page(&self, next: Option<String>) -> Result<String, Problem> {
        let params = ListParams {
            limit: Some(PAGE),
            field_selector: self.selector(),
            continue_token: next,
            ..ListParams::default()
        };
        let request = Request::new(self.path())
            .list(&params)
            .map_err(|e| self.problem(&kube::Error::BuildRequest(e)))?;
        let answer = tokio::time::timeout(PATIENCE, self.client.request_text(request)).await;
        answer
            .map_err(|_| self.silent("the list did not come", PATIENCE))?
            .map_err(|error| self.problem(&error))
    }

    async fn listed(
        &self,
        version: Option<String>,
        standing: &mut Standing,
        sink: &mut impl Sink,
    ) -> Result<(), End> {
        if std::mem::take(&mut standing.paged) {
            // The pages worked where the stream did not: worth remembering for the other kinds.
            self.streaming.store(false, Ordering::Relaxed);
        }
        say(sink, Observation::Listed).await?;
        standing.failing = false;
        standing.heard = Some(Instant::now());
        let Some(version) = version.filter(|v| !v.is_empty()) else {
            let summary = format!("watch {}: the list has no resourceVersion", self.kind.plural());
            return Err(End::Broken(
                Problem::new(ProblemKind::Malformed, summary).hint("this kind cannot be watched here"),
            ));
        };
        standing.move_on(&version);
        Ok(())
    }
}
