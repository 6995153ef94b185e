//! Lines that tell the operator something: good news fades, a failure stays until it is read.
use std::collections::VecDeque;

use jiff::Timestamp;
use serde::Serialize;

use crate::domain::{Health, Problem};

/// Seconds a piece of good news stays in the footer.
const FADE: i64 = 6;
/// How many notices are kept for the notices pane.
const KEPT: usize = 500;

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Notice {
    pub number: u64,
    pub at: Timestamp,
    pub text: String,
    /// Set when it is a failure.
    pub problem: Option<Problem>,
}

impl Notice {
    pub fn health(&self) -> Health {
        if self.problem.is_some() { Health::Bad } else { Health::Ok }
    }
    /// Just told: worth the place of the key hints.
    pub fn is_fresh(&self, now: Timestamp) -> bool {
        now.as_second() - self.at.as_second() < FADE
    }
}

#[derive(Debug, Default)]
pub struct Notices {
    kept: VecDeque<Notice>,
    next: u64,
    /// Notices up to this number have been dismissed.
    read: u64,
    /// Something was told since somebody last asked.
    news: bool,
}

impl Notices {
    pub fn tell(&mut self, now: Timestamp, text: impl Into<String>) {
        self.push(now, text.into(), None);
    }
    pub fn fail(&mut self, now: Timestamp, problem: Problem) {
        self.push(now, problem.summary.clone(), Some(problem));
    }
    fn push(&mut self, at: Timestamp, text: String, problem: Option<Problem>) {
        self.next += 1;
        self.news = true;
        self.kept.push_back(Notice { number: self.next, at, text, problem });
        if self.kept.len() > KEPT {
            self.kept.pop_front();
        }
    }
    /// Whether something was told since the last call.
    pub fn take_news(&mut self) -> bool {
        std::mem::take(&mut self.news)
    }
    pub fn get(&self, number: u64) -> Option<&Notice> {
        self.kept.iter().find(|n| n.number == number)
    }
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Notice> {
        self.kept.iter()
    }
    pub fn len(&self) -> usize {
        self.kept.len()
    }
    pub fn is_empty(&self) -> bool {
        self.kept.is_empty()
    }
    /// What the footer shows: the newest unread failure, else the newest news that has not faded.
    pub fn current(&self, now: Timestamp) -> Option<&Notice> {
        let unread = || self.kept.iter().rev().filter(|n| n.number > self.read);
        let fresh = |n: &&Notice| n.is_fresh(now);
        unread()
            .next()
            .filter(fresh)
            .or_else(|| unread().find(|n| n.problem.is_some()))
            .or_else(|| unread().find(fresh))
    }
    /// The operator has seen what is there; returns whether there was anything.
    pub fn dismiss(&mut self) -> bool {
        let had = self.read < self.next;
        self.read = self.next;
        had
    }
}
