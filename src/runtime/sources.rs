//! Sources: a watch for one collection, its observations put into the mailbox.
use tokio::sync::mpsc::Sender;

use super::{
    links::{Link, Links},
    runner::served,
};
use crate::{
    backends::kube::watch::{Sink, Watch},
    domain::{Problem, ProblemKind, ResourceRef, Source},
    kinds::Kind,
    msg::{Msg, Observation},
};

struct Mailbox {
    source: Source,
    messages: Sender<Msg>,
}

impl Sink for Mailbox {
    async fn send(&mut self, observation: Observation) -> bool {
        self.messages.send(Msg::Observed(self.source.clone(), observation)).await.is_ok()
    }
}

/// Follows a source until it is given up. A kind that is not served is looked for again on a retry.
pub(super) async fn follow(links: Links, messages: Sender<Msg>, source: Source) {
    let retry = links.retry(&source.site);
    let mut sink = Mailbox { source: source.clone(), messages };
    loop {
        let Some(link) = links.get(&source.site, &source.home) else {
            retry.notified().await;
            continue;
        };
        if let Some((kind, version, fields)) = resolve(&link, &source) {
            let watch = Watch {
                client: link.client,
                kind,
                version,
                fields,
                streaming: link.streaming,
                retry: retry.clone(),
            };
            watch.run(&mut sink).await;
            return;
        }
        let known = crate::kinds::find(source.kind.as_str());
        let group = known.map_or("", |k| k.group);
        let problem = Problem::new(
            ProblemKind::Absent,
            format!("{} is not served there", known.map_or(source.kind.as_str(), |k| k.kind)),
        )
        .hint(if group.is_empty() {
            "this API server has only a part of Kubernetes".to_owned()
        } else {
            format!("the API group {group} is not installed, or too old or new for this console")
        });
        if !sink.send(Observation::Absent(problem)).await {
            return;
        }
        retry.notified().await;
    }
}

/// Kind, version and selector to read; events fall back to core/v1 where their own group is not served.
fn resolve(link: &Link, source: &Source) -> Option<(&'static Kind, String, String)> {
    if let Some((kind, version)) = served(link, source.kind.as_str()) {
        return Some((kind, version, source.fields.clone()));
    }
    if source.kind != *"event" {
        return None;
    }
    let (kind, version) = served(link, "core-event")?;
    Some((kind, version, source.fields.replace("regarding.", "involvedObject.")))
}

/// The path of one object.
pub(super) fn path_of(link: &Link, target: &ResourceRef) -> Option<String> {
    let (kind, version) = served(link, target.source.kind.as_str())?;
    let root = if kind.group.is_empty() {
        format!("/api/{version}")
    } else {
        format!("/apis/{}/{version}", kind.group)
    };
    let key = &target.key;
    Some(if key.namespace.is_empty() {
        format!("{root}/{}/{}", kind.plural, key.name)
    } else {
        format!("{root}/namespaces/{}/{}/{}", key.namespace, kind.plural, key.name)
    })
}
