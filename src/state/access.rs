//! What we may do, as the servers said (`SelfSubjectAccessReview`), cached until the identity changes.
use std::collections::{HashMap, HashSet};

use serde::{Deserialize, Serialize};

use crate::domain::{Home, SiteId};

/// One access review: may we do this there?
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Question {
    pub site: SiteId,
    pub home: Home,
    pub verb: String,
    pub group: String,
    pub resource: String,
    /// Empty asks for all namespaces.
    pub namespace: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Permit {
    Allowed,
    Denied(String),
    /// The question could not be put; the server decides when we try.
    Unknown(String),
}

#[derive(Debug, Default)]
pub struct Access {
    answers: HashMap<Question, Permit>,
    asked: HashSet<Question>,
}

impl Access {
    pub fn get(&self, question: &Question) -> Option<&Permit> {
        self.answers.get(question)
    }
    /// Those of the questions that are neither answered nor on their way; they count as asked now.
    pub fn unasked(&mut self, questions: impl IntoIterator<Item = Question>) -> Vec<Question> {
        questions
            .into_iter()
            .filter(|q| !self.answers.contains_key(q) && self.asked.insert(q.clone()))
            .collect()
    }
    pub fn learn(&mut self, question: Question, permit: Permit) {
        self.asked.remove(&question);
        self.answers.insert(question, permit);
    }
    /// Who we are at a site has changed: what we may do there must be asked again.
    pub fn forget_site(&mut self, site: &SiteId) {
        self.answers.retain(|q, _| q.site != *site);
        self.asked.retain(|q| q.site != *site);
    }
}
