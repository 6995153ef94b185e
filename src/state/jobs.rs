//! Plans being carried out, and how they ended. Every step's outcome is kept.
use indexmap::IndexMap;
use jiff::Timestamp;
use serde::Serialize;

use crate::{
    actions::plan::{JobId, Plan},
    domain::{Health, Problem},
};

/// How many finished jobs are kept for the jobs pane.
const KEPT: usize = 200;

#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "phase", rename_all = "kebab-case")]
pub enum Phase {
    /// The executor has it.
    Queued,
    /// Requests are going out.
    Writing,
    /// The engine works; `waiting` says for which condition, `progress` how far it is.
    Following {
        waiting: String,
        progress: String,
    },
    Done,
    Failed {
        problem: Problem,
    },
    /// We stopped looking; the engine goes on.
    Left,
}

impl Phase {
    pub fn is_over(&self) -> bool {
        matches!(self, Phase::Done | Phase::Failed { .. } | Phase::Left)
    }
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Job {
    pub id: JobId,
    pub plan: Plan,
    pub started: Timestamp,
    pub ended: Option<Timestamp>,
    pub phase: Phase,
    /// The server's words to each step that was made.
    pub steps: Vec<Result<String, Problem>>,
    /// How long this usually takes here, seconds, where enough was seen to say.
    pub usual: Option<i64>,
}

impl Job {
    pub fn health(&self) -> Health {
        match &self.phase {
            Phase::Done => Health::Ok,
            Phase::Failed { .. } => Health::Bad,
            Phase::Left => Health::Unknown,
            _ => Health::Progressing,
        }
    }
}

#[derive(Debug, Default)]
pub struct Jobs {
    by_id: IndexMap<JobId, Job>,
    next: u64,
}

impl Jobs {
    pub fn start(&mut self, plan: Plan, now: Timestamp) -> JobId {
        self.next += 1;
        let id = JobId(self.next);
        self.by_id.insert(
            id,
            Job { id, plan, started: now, ended: None, phase: Phase::Queued, steps: Vec::new(), usual: None },
        );
        while self.by_id.len() > KEPT {
            self.by_id.shift_remove_index(0);
        }
        id
    }
    pub fn get(&self, id: JobId) -> Option<&Job> {
        self.by_id.get(&id)
    }
    pub fn get_mut(&mut self, id: JobId) -> Option<&mut Job> {
        self.by_id.get_mut(&id)
    }
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Job> {
        self.by_id.values()
    }
    pub fn running(&self) -> impl Iterator<Item = &Job> {
        self.by_id.values().filter(|j| !j.phase.is_over())
    }
}
