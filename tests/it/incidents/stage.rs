//! A fleet behind open doors, and the real binary on it. Its time moves by hand where something could race it.
use std::{
    process::{Command, Stdio},
    time::Duration,
};

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use tempfile::TempDir;
use tko::demo::{
    clock::Clock,
    control::{World, lock},
    fleet::{Size, fleet},
    open::Open,
    scenario::Scenario,
    serve::Keys,
};

/// Minutes between an incident and the first look at it: it must not pass by itself.
const LATER: u64 = 10;

/// A world without incidents, a few minutes ago.
pub fn world(seed: u64) -> World {
    world_at(seed, None)
}

/// The same whose time runs by itself, so many times faster than ours.
fn world_at(seed: u64, pace: Option<f64>) -> World {
    #[expect(
        clippy::disallowed_methods,
        reason = "the commands that look at it take the time from the system"
    )]
    let now = Timestamp::now();
    let start = now - SignedDuration::from_mins(i64::try_from(LATER).unwrap());
    let clock = pace.map_or_else(|| Clock::by_hand(start), |pace| Clock::running(start, pace));
    World::new(fleet(seed, Size::default(), start), seed, clock)
}

/// A fleet that can be looked at.
pub struct Stage {
    dir: TempDir,
    open: Open,
}

/// What a command came to.
#[derive(Debug)]
pub struct Ran {
    line: String,
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl Stage {
    /// Plays the incidents, lets some time pass and opens the doors.
    pub async fn new(seed: u64, scenarios: &[&Scenario]) -> Self {
        Self::open(world(seed), scenarios).await
    }

    /// The same on a fleet whose time runs by itself.
    pub async fn running(seed: u64, scenarios: &[&Scenario], pace: f64) -> Self {
        Self::open(world_at(seed, Some(pace)), scenarios).await
    }

    async fn open(mut world: World, scenarios: &[&Scenario]) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        for scenario in scenarios {
            (scenario.inject)(&mut world);
        }
        pass(&mut world, Duration::from_secs(LATER * 60));
        let dir = tempfile::tempdir().unwrap();
        let open = Open::start(world, &Keys::generate().unwrap(), dir.path()).await.unwrap();
        Self { dir, open }
    }

    /// The world behind the doors.
    pub fn with<T>(&self, change: impl FnOnce(&mut World) -> T) -> T {
        change(&mut lock(&self.open.world))
    }

    /// Time passes for the fleet.
    pub fn pass(&self, time: Duration) {
        self.with(|world| pass(world, time));
    }

    pub fn kubeconfig(&self) -> &std::path::Path {
        &self.open.kubeconfig
    }

    pub fn desk(&self) -> &std::path::Path {
        &self.open.desk
    }

    pub fn folder(&self) -> &std::path::Path {
        self.dir.path()
    }

    /// Runs the binary to its end, beside the servers of this runtime.
    pub async fn tko(&self, line: &str) -> Ran {
        let (dir, kubeconfig) = (self.dir.path().to_owned(), self.open.kubeconfig.clone());
        let words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        let run = move || {
            Command::new(env!("CARGO_BIN_EXE_tko"))
                .args(words)
                .env_clear()
                .env("HOME", &dir)
                .env("XDG_CONFIG_HOME", dir.join("config"))
                .env("XDG_STATE_HOME", dir.join("state"))
                .env("KUBECONFIG", kubeconfig)
                .env("TERM", "xterm-256color")
                .env("LANG", "C.UTF-8")
                .stdin(Stdio::null())
                .output()
                .unwrap()
        };
        let output = tokio::task::spawn_blocking(run).await.unwrap();
        Ran {
            line: line.to_owned(),
            code: output.status.code(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }

    pub async fn end(self) {
        self.open.end().await;
    }
}

/// Time passes in steps, as what is due makes more due.
fn pass(world: &mut World, time: Duration) {
    let step = Duration::from_secs(15);
    let mut left = time;
    world.step();
    while !left.is_zero() {
        let by = step.min(left);
        world.pass(by);
        world.step();
        left -= by;
    }
}

impl Ran {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.out)
            .unwrap_or_else(|e| panic!("tko {}: {e}\n{}\n{}", self.line, self.out, self.err))
    }
}
