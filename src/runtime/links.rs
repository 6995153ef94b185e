//! The API servers that are connected: client, what they serve, what they are known to refuse.
use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use kube::Client;
use tokio::time::Instant;

use crate::{
    backends::kube::{
        backoff::{Bell, Wake},
        pulse::Pulse,
    },
    domain::{
        Home, SiteId,
        site::{Discovery, Greeting},
    },
};

/// One connected API server.
#[derive(Clone)]
pub struct Link {
    pub client: Client,
    pub discovery: Arc<Discovery>,
    /// Cleared when the server refuses a streaming list.
    pub streaming: Arc<AtomicBool>,
    /// Whether it still answers, asked by all that follow something there.
    pub pulse: Arc<Pulse>,
    /// Who we are there, for the journal.
    pub identity: String,
}

/// All of them, by site and home.
#[derive(Clone, Default)]
pub struct Links {
    by_home: Arc<Mutex<HashMap<(SiteId, Home), Link>>>,
    bells: Arc<Mutex<HashMap<SiteId, Bell>>>,
    /// When a site last answered a greeting.
    greeted: Arc<Mutex<HashMap<SiteId, Instant>>>,
}

impl Links {
    pub fn get(&self, site: &SiteId, home: &Home) -> Option<Link> {
        lock(&self.by_home).get(&(site.clone(), home.clone())).cloned()
    }

    /// Keeps what a greeting told; what was learnt of the server before still holds.
    pub fn put(&self, site: &SiteId, home: Home, client: Client, greeting: &Greeting) {
        if home == Home::Management {
            lock(&self.greeted).insert(site.clone(), Instant::now());
        }
        let mut by_home = lock(&self.by_home);
        let streaming = by_home
            .get(&(site.clone(), home.clone()))
            .map_or_else(|| Arc::new(AtomicBool::new(true)), |l| l.streaming.clone());
        let link = Link {
            client,
            discovery: Arc::new(greeting.discovery.clone()),
            streaming,
            pulse: Arc::default(),
            identity: greeting.identity.clone(),
        };
        by_home.insert((site.clone(), home), link);
    }

    /// Hears when what waits for the site should try now.
    pub fn listen(&self, site: &SiteId) -> Wake {
        self.bell(site).listen()
    }

    /// Everything that waits for the site tries now.
    pub fn ring(&self, site: &SiteId) {
        self.bell(site).ring();
    }

    fn bell(&self, site: &SiteId) -> Bell {
        lock(&self.bells).entry(site.clone()).or_default().clone()
    }

    /// How long ago the site answered a greeting.
    pub fn greeted(&self, site: &SiteId) -> Option<Duration> {
        lock(&self.greeted).get(site).map(Instant::elapsed)
    }

    /// A server that was upgraded may have learnt streaming lists.
    pub fn try_streaming_again(&self, site: &SiteId) {
        for ((of, _), link) in lock(&self.by_home).iter() {
            if of == site {
                link.streaming.store(true, Ordering::Relaxed);
            }
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
