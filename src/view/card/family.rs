//! The family of an object: what owns it, what it refers to, what it owns. Enter goes to what is followed.
use super::Line;
use crate::{
    domain::{
        ClusterKey, Facts, Health, Object, ObjectKey, ResourceRef, Source, cluster::ObjectLink, object::Owner,
    },
    state::{Row, State},
    theme::Role,
    triage::{
        link::{self, Linked},
        tree,
    },
    view::tree::role,
};

pub(in crate::view) fn lines(state: &State, target: &ResourceRef, object: &Object) -> Vec<Line> {
    let cluster = Row::Object { source: &target.source, object }.cluster_key();
    let mut lines = vec![Line::of("Owners", Role::Title)];
    let owners: Vec<Line> = object
        .meta
        .owners
        .iter()
        .map(|owner| owned_by(state, target, owner))
        .chain(machine(state, target, object))
        .collect();
    section(&mut lines, owners, "none");
    let referred = refers_to(state, target, object, cluster.as_ref());
    if !referred.is_empty() {
        lines.push(Line::of("Refers to", Role::Title));
        lines.extend(referred);
    }
    lines.push(Line::of("Children", Role::Title));
    section(&mut lines, children(state, target, object, cluster.as_ref()), "none that is followed");
    lines
}

fn section(lines: &mut Vec<Line>, own: Vec<Line>, none: &str) {
    if own.is_empty() {
        lines.push(Line::of(format!("  {none}"), Role::TextDim));
    }
    lines.extend(own);
}

fn owned_by(state: &State, target: &ResourceRef, owner: &Owner) -> Line {
    let key = ObjectKey::new(&target.key.namespace, &owner.name);
    let linked = match link::beside(state, &target.source, &owner.api_version, &owner.kind) {
        Some(source) => link::look(state, ResourceRef { source, key }),
        None => Linked::Unseen("not read here".into()),
    };
    let mut line = linked_line(&owner.kind, &owner.name, linked);
    if owner.controller {
        line.spans.push(("  controller".into(), Role::TextDim));
    }
    line
}

/// The machine that a node runs on: Cluster API writes it on the node.
fn machine(state: &State, target: &ResourceRef, object: &Object) -> Option<Line> {
    object.node()?;
    let name = object.meta.annotation("cluster.x-k8s.io/machine")?;
    let namespace = object.meta.annotation("cluster.x-k8s.io/cluster-namespace")?;
    let source = Source::management(&target.source.site, "machine");
    let linked = link::look(state, ResourceRef { source, key: ObjectKey::new(namespace, name) });
    Some(linked_line("Machine", name, linked))
}

fn refers_to(
    state: &State,
    target: &ResourceRef,
    object: &Object,
    cluster: Option<&ClusterKey>,
) -> Vec<Line> {
    let linked = |link: &ObjectLink| {
        let found = match link::source(state, &target.source.site, &link.group, &link.kind) {
            Some(source) => link::look(
                state,
                ResourceRef { source, key: ObjectKey::new(&target.key.namespace, &link.name) },
            ),
            None => Linked::Unseen("not read here".into()),
        };
        linked_line(&link.kind, &link.name, found)
    };
    let named: Vec<&ObjectLink> = match &object.facts {
        Facts::Cluster(c) => vec![&c.infrastructure, &c.control_plane],
        Facts::Machine(m) => vec![&m.infrastructure, &m.bootstrap],
        Facts::Pool(p) => vec![&p.infrastructure],
        _ => Vec::new(),
    };
    let mut lines: Vec<Line> = named.into_iter().filter(|l| !l.name.is_empty()).map(linked).collect();
    if let (Some(machine), Some(cluster)) = (object.machine().filter(|m| !m.node.is_empty()), cluster) {
        let nodes = Source::workload(cluster, "node");
        lines.push(linked_line("Node", &machine.node, link::node(state, cluster, &nodes, &machine.node)));
    }
    lines
}

/// Members of the same cluster that name the object as an owner.
fn children(state: &State, target: &ResourceRef, object: &Object, cluster: Option<&ClusterKey>) -> Vec<Line> {
    let Some(cluster) = cluster.filter(|_| target.source.cluster().is_none()) else { return Vec::new() };
    let is_child = |child: &Object| child.meta.owners.iter().any(|o| o.uid == object.meta.uid);
    let mut children: Vec<(&Source, &Object)> = state
        .fleet
        .members(cluster)
        .filter(|(_, _, child)| !object.meta.uid.is_empty() && is_child(child))
        .map(|(_, source, child)| (source, child))
        .collect();
    children.sort_by_key(|(_, o)| (o.meta.kind.clone(), std::cmp::Reverse(o.health()), o.meta.name.clone()));
    children
        .into_iter()
        .map(|(source, child)| {
            object_line(ResourceRef { source: source.clone(), key: child.meta.key() }, child)
        })
        .collect()
}

fn linked_line(kind: &str, name: &str, linked: Linked<'_>) -> Line {
    let (health, why) = match linked {
        Linked::Here(target, object) => return object_line(target, object),
        Linked::Gone => (Health::Warning, "not found".into()),
        Linked::Unseen(why) => (Health::Unknown, why),
    };
    Line {
        health: Some(health),
        spans: vec![
            (format!("{kind}/"), Role::TextDim),
            (name.to_owned(), Role::Text),
            (format!("  {why}"), Role::TextDim),
        ],
        ..Line::default()
    }
}

fn object_line(target: ResourceRef, object: &Object) -> Line {
    let mut spans = vec![
        (format!("{}/", object.meta.kind), Role::TextDim),
        (object.meta.name.to_string(), Role::Text),
        (" ".into(), Role::Text),
    ];
    for word in tree::object_words(object) {
        spans.push((format!(" {}", word.text), role(word.tone)));
    }
    Line { health: Some(object.health()), spans, target: Some(target), ..Line::default() }
}
