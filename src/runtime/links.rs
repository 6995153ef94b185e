//! The API servers that are connected: client, what they serve, what they are known to refuse.
use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use kube::Client;
use tokio::sync::Notify;

use crate::domain::{
    Home, SiteId,
    site::{Discovery, Greeting},
};

/// One connected API server.
#[derive(Clone)]
pub struct Link {
    pub client: Client,
    pub discovery: Arc<Discovery>,
    /// Cleared when the server refuses a streaming list.
    pub streaming: Arc<AtomicBool>,
    /// Who we are there, for the journal.
    pub identity: String,
}

/// All of them, by site and home.
#[derive(Clone, Default)]
pub struct Links {
    by_home: Arc<Mutex<HashMap<(SiteId, Home), Link>>>,
    retries: Arc<Mutex<HashMap<SiteId, Arc<Notify>>>>,
}

impl Links {
    pub fn get(&self, site: &SiteId, home: &Home) -> Option<Link> {
        self.by_home
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(&(site.clone(), home.clone()))
            .cloned()
    }

    /// Keeps what a greeting told; what was learnt of the server before still holds.
    pub fn put(&self, site: &SiteId, home: Home, client: Client, greeting: &Greeting) {
        let mut by_home = self.by_home.lock().unwrap_or_else(PoisonError::into_inner);
        let streaming = by_home
            .get(&(site.clone(), home.clone()))
            .map_or_else(|| Arc::new(AtomicBool::new(true)), |l| l.streaming.clone());
        let link = Link {
            client,
            discovery: Arc::new(greeting.discovery.clone()),
            streaming,
            identity: greeting.identity.clone(),
        };
        by_home.insert((site.clone(), home), link);
    }

    /// What wakes every waiting retry of a site.
    pub fn retry(&self, site: &SiteId) -> Arc<Notify> {
        self.retries.lock().unwrap_or_else(PoisonError::into_inner).entry(site.clone()).or_default().clone()
    }

    /// A server that was upgraded may have learnt streaming lists.
    pub fn try_streaming_again(&self, site: &SiteId) {
        for ((of, _), link) in self.by_home.lock().unwrap_or_else(PoisonError::into_inner).iter() {
            if of == site {
                link.streaming.store(true, Ordering::Relaxed);
            }
        }
    }
}
