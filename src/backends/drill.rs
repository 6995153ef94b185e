//! The desk at which incidents are played on a fleet made for it. Only its address is known here, and only where the
//! entry of the program gave one: a run on a real fleet has no desk to ask.
use std::{path::PathBuf, sync::Arc};

use serde::Deserialize;

use super::kube::{Connections, Options, Request, Sites, error};
use crate::domain::{
    Problem, ProblemKind,
    drill::{Drill, Drilling},
};

/// Where incidents are played.
#[derive(Clone)]
pub struct Desk {
    connections: Arc<Connections>,
    /// Its context in the kubeconfig that leads there.
    context: Option<String>,
}

/// What it answers to everything: all it can play, as it is by then.
#[derive(Debug, Deserialize)]
struct Answer {
    scenarios: Vec<Drill>,
}

impl Desk {
    /// The desk that a kubeconfig of its own leads to. Connects to nothing yet.
    pub fn read(file: PathBuf) -> Self {
        let sites = Sites::load(&Request { files: vec![file], ..Request::default() });
        let context = sites.specs.first().map(|spec| spec.context.clone());
        Self { connections: Arc::new(Connections::new(Arc::new(sites), Options::default())), context }
    }

    /// Asks for the list, or has an incident played or ended.
    pub async fn ask(&self, what: &Drilling) -> Result<Vec<Drill>, Problem> {
        let none = || Problem::new(ProblemKind::File, "no kubeconfig leads to where incidents are played");
        let context = self.context.as_ref().ok_or_else(none)?;
        let client = self.connections.connect_context(context).await?;
        let (words, method) = match what {
            Drilling::List => ("list the incidents", http::Method::GET),
            Drilling::Play(_) => ("play the incident", http::Method::POST),
            Drilling::End(_) => ("end the incident", http::Method::DELETE),
        };
        let path =
            what.name().map_or_else(|| "/demo/scenarios".into(), |name| format!("/demo/scenarios/{name}"));
        let request = http::Request::builder().method(method).uri(path).body(Vec::new());
        let request = request.map_err(|e| Problem::new(ProblemKind::Policy, format!("{words}: {e}")))?;
        let answer: Answer = client.request(request).await.map_err(|e| error::problem(words, &e))?;
        Ok(answer.scenarios)
    }
}
