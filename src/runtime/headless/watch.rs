//! `tko get --watch`: one JSON object a line for every row that comes, changes or goes. What the clock
//! alone changes (ages) is no change. Work per change is proportional to the change.
use std::{
    collections::{HashMap, HashSet},
    time::Duration,
};

use serde_json::{Value, json};
use tokio::time::Instant;

use super::{
    exit::{Exit, Failure},
    get, name, out,
    out::Out,
    row,
    run::Run,
};
use crate::{
    domain::{ObjectKey, ResourceRef, Source},
    msg::{Change, Msg, Observation},
    panes::{Pane, Rows},
    state::{Row, RowId, State},
};

/// Changes that come closer together than this are printed together.
const GATHER: Duration = Duration::from_millis(100);
/// Nothing ends a watch but its reader, or a signal.
const FOR_EVER: Duration = Duration::from_hours(365 * 24);

/// What is to be looked at again.
#[derive(Debug, Default)]
struct Dirty {
    all: bool,
    rows: HashSet<ResourceRef>,
}

/// Prints what is there, then every change.
pub(super) async fn watch(run: &mut Run, pane: &'static Pane, out: &mut Out) -> Result<Exit, Failure> {
    let mut told = Told { pane, rows: HashMap::new() };
    let mut dirty = Dirty { all: true, rows: HashSet::new() };
    let mut troubles = Troubles::default();
    loop {
        troubles.say(&run.state);
        told.catch_up(&run.state, std::mem::take(&mut dirty), out)?;
        out.finish()?;
        let far = Instant::now() + FOR_EVER;
        let Some(msg) = run.message(far).await else { return Ok(Exit::Ok) };
        dirty.note(pane, &msg);
        run.send(msg);
        let end = Instant::now() + GATHER;
        while dirty.any() {
            let Some(msg) = run.message(end).await else { break };
            dirty.note(pane, &msg);
            run.send(msg);
        }
    }
}

impl Dirty {
    fn any(&self) -> bool {
        self.all || !self.rows.is_empty()
    }

    /// Which rows a message may have changed.
    fn note(&mut self, pane: &Pane, msg: &Msg) {
        match msg {
            Msg::Observed(source, Observation::Changes(changes)) => {
                for change in changes {
                    self.change(pane, source, change);
                }
            }
            Msg::Observed(..) | Msg::Site(..) | Msg::Workload(..) => self.all = true,
            _ => {}
        }
    }

    fn change(&mut self, pane: &Pane, source: &Source, change: &Change) {
        if matches!(pane.rows, Rows::Sites) {
            self.all = true;
            return;
        }
        let key = match change {
            Change::Upsert(object) => object.meta.key(),
            Change::Remove(key) => key.clone(),
        };
        if pane.kinds().contains(&source.kind.as_str()) {
            self.rows.insert(ResourceRef { source: source.clone(), key });
        } else if pane.joins.contains(&source.kind.as_str()) {
            match change {
                // A part of a cluster is counted in the cluster's row.
                Change::Upsert(object) if pane.id == "clusters" => {
                    if let Some(cluster) = object.meta.cluster_name() {
                        let key = ObjectKey::new(&object.meta.namespace, cluster);
                        self.rows
                            .insert(ResourceRef { source: Source::management(&source.site, "cluster"), key });
                    }
                }
                _ => self.all = true,
            }
        }
    }
}

/// What the reader knows.
struct Told {
    pane: &'static Pane,
    /// By name: the steady part of the row, and who it is.
    rows: HashMap<String, Value>,
}

impl Told {
    fn catch_up(&mut self, state: &State, dirty: Dirty, out: &mut Out) -> Result<(), Failure> {
        if dirty.all {
            let rows = get::rows(state, self.pane);
            let here: HashSet<String> = rows.iter().map(|row| name::of(*row)).collect();
            for row in rows {
                self.show(state, row, out)?;
            }
            let gone: Vec<String> = self.rows.keys().filter(|n| !here.contains(*n)).cloned().collect();
            return gone.into_iter().try_for_each(|name| self.remove(&name, out));
        }
        for target in dirty.rows {
            let shown = state.fleet.id_of(&target).map(RowId::Object).filter(|id| {
                state.screen.tables.get(self.pane.id).is_some_and(|t| t.index.position(*id).is_some())
            });
            match shown.and_then(|id| state.row(id)) {
                Some(row) => self.show(state, row, out)?,
                None => self.remove(&target.to_string(), out)?,
            }
        }
        Ok(())
    }

    fn show(&mut self, state: &State, row: Row<'_>, out: &mut Out) -> Result<(), Failure> {
        let value = row::json(state, self.pane, row);
        let steady = row::steady(value.clone());
        let kind = match self.rows.get(&name::of(row)) {
            None => "ADDED",
            Some(before) if *before != steady => "CHANGED",
            Some(_) => return Ok(()),
        };
        self.rows.insert(name::of(row), steady);
        event(kind, &value, out)
    }

    fn remove(&mut self, name: &str, out: &mut Out) -> Result<(), Failure> {
        match self.rows.remove(name) {
            Some(last) => event("REMOVED", &last, out),
            None => Ok(()),
        }
    }
}

fn event(kind: &str, row: &Value, out: &mut Out) -> Result<(), Failure> {
    out.line(row::harmless(json!({ "type": kind, "row": row }).to_string()))
}

/// What a watch lacks, said once when it begins and once when it is over.
#[derive(Debug, Default)]
struct Troubles {
    said: HashSet<String>,
}

impl Troubles {
    fn say(&mut self, state: &State) {
        let lacks = super::lacks::Standing::of(state).lacks_now();
        let now: HashSet<String> = lacks.iter().map(ToString::to_string).collect();
        for line in now.difference(&self.said) {
            out::say(line);
        }
        for line in self.said.difference(&now) {
            out::say(&format!("over: {line}"));
        }
        self.said = now;
    }
}
