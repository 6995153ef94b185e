//! Sources: a watch for one collection, its observations put into the mailbox.
use tokio::sync::mpsc::Sender;

use super::{
    links::{Link, Links},
    runner::served,
};
use crate::{
    backends::kube::watch::{Ended, Sink, Standing, Watch},
    domain::{Problem, ProblemKind, ResourceRef, Source},
    kinds::AnyKind,
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

/// Follows a source until it is given up: by the client of the moment, or not yet where there is none.
pub(super) async fn follow(links: Links, messages: Sender<Msg>, source: Source) {
    let mut wake = links.listen(&source.site);
    let mut standing = Standing::default();
    let mut sink = Mailbox { source: source.clone(), messages };
    loop {
        wake.arm();
        let Some(link) = links.get(&source.site, &source.home) else {
            wake.called().await;
            continue;
        };
        let Some((kind, version, fields)) = resolve(&link, &source) else {
            if !sink.send(Observation::Absent(absent(&source))).await {
                return;
            }
            wake.called().await;
            continue;
        };
        let Link { client, streaming, pulse, .. } = link;
        let watch = Watch { client, kind, version, fields, streaming, pulse };
        if watch.run(&mut standing, &mut wake, &mut sink).await == Ended::Unheard {
            return;
        }
    }
}

/// Why there is nothing to follow.
fn absent(source: &Source) -> Problem {
    let id = source.kind.as_str();
    let (known, found) = (crate::kinds::find(id), crate::kinds::any::parts(id));
    let group = known.map_or(found.map_or("", |(_, group)| group), |k| k.group);
    let name = known.map_or(found.map_or(id, |(plural, _)| plural), |k| k.kind);
    Problem::new(ProblemKind::Absent, format!("{name} is not served there")).hint(if group.is_empty() {
        "this API server has only a part of Kubernetes".to_owned()
    } else {
        format!("the API group {group} is not installed, or too old or new for this console")
    })
}

/// Kind, version and selector to read; events fall back to core/v1 where their own group is not served.
fn resolve(link: &Link, source: &Source) -> Option<(AnyKind, String, String)> {
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
    let (group, plural) = (kind.group(), kind.plural());
    let root = if group.is_empty() { format!("/api/{version}") } else { format!("/apis/{group}/{version}") };
    let key = &target.key;
    Some(if key.namespace.is_empty() {
        format!("{root}/{plural}/{}", key.name)
    } else {
        format!("{root}/namespaces/{}/{plural}/{}", key.namespace, key.name)
    })
}
