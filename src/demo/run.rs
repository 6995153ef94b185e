//! `tko demo`: makes a fleet, opens its doors, and starts the ordinary console on the kubeconfig that leads there, or
//! waits until it is told to end. Everything it writes lies in one private folder, which goes with it.
use std::{
    io::Write as _,
    path::{Path, PathBuf},
    process::ExitCode,
    sync::{Arc, Mutex},
};

use futures::future::join_all;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::{
    api::Workloads,
    clock::Clock,
    control::{self, Shared, World},
    fleet::{Size, fleet},
    scenario::{self, OPENING, SCENARIOS},
    serve::{Context, Door, Keys, kubeconfig},
};
use crate::{
    cli::{Cli, Demo},
    config::Paths,
    domain::{Problem, ProblemKind},
    nearest::suggestion,
    runtime::{console, private, setup::Setup, signals},
};

/// Runs the demo to its end.
pub async fn run(cli: &Cli, args: &Demo) -> Result<ExitCode, Problem> {
    if args.list {
        return list();
    }
    if cli.global.kubeconfig.is_some() || !cli.global.contexts.is_empty() {
        return Err(Problem::new(
            ProblemKind::Policy,
            "the demo brings its own kubeconfig: it takes neither --kubeconfig nor --context",
        ));
    }
    let keys = Keys::generate()?;
    let folder = Folder::make(args.folder.as_deref(), &keys)?;
    let running = Running::start(args, keys, folder.path()).await?;
    let outcome = if args.serve { wait(&running).await } else { show(cli, &running, folder.path()).await };
    running.end().await;
    outcome
}

fn list() -> Result<ExitCode, Problem> {
    let mut out = std::io::stdout().lock();
    for scenario in SCENARIOS {
        let mark =
            if OPENING.iter().any(|s| s.name == scenario.name) { "  (played from the start)" } else { "" };
        writeln!(out, "{:<24} {}{mark}", scenario.name, scenario.title).map_err(|e| lost(&e))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn lost(error: &std::io::Error) -> Problem {
    private::problem("cannot write", Path::new("standard output"), error)
}

/// The console on the demo, as it would be on any fleet.
async fn show(cli: &Cli, running: &Running, folder: &Path) -> Result<ExitCode, Problem> {
    let mut flags = cli.global.flags();
    flags.kubeconfig = Some(running.kubeconfig.clone());
    Box::pin(console::console_on(cli, Setup::read_in(Paths::under(folder), flags))).await
}

/// Serves until told to end.
async fn wait(running: &Running) -> Result<ExitCode, Problem> {
    let mut signals = signals::listen()?;
    let write = || -> std::io::Result<()> {
        let mut out = std::io::stdout().lock();
        writeln!(out, "export KUBECONFIG={}", running.kubeconfig.display())?;
        writeln!(out, "# {} reads only. Interrupt to end.", running.viewer.display())?;
        out.flush()
    };
    write().map_err(|e| lost(&e))?;
    while let Some(signal) = signals.recv().await {
        if signal.ends() || signal == signals::Signal::Interrupt {
            break;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// A demo whose doors are open.
struct Running {
    kubeconfig: PathBuf,
    /// That of somebody who may only read.
    viewer: PathBuf,
    stop: CancellationToken,
    tasks: Vec<JoinHandle<()>>,
}

impl Running {
    async fn start(args: &Demo, keys: Keys, folder: &Path) -> Result<Self, Problem> {
        let mut world = world(args);
        for scenario in wanted(args.scenario.as_deref())? {
            (scenario.inject)(&mut world);
        }
        let stop = CancellationToken::new();
        let mut doors = Vec::new();
        for (at, live) in world.sites().iter().enumerate() {
            live.api.define_kinds();
            let door = Door::bind().await?;
            let context = |name: &str, user: &str, server: String| Context {
                name: name.to_owned(),
                user: user.to_owned(),
                server,
                token: keys.tokens.admin.clone(),
            };
            world.open_workloads(at, |namespace, name| {
                let way = context(
                    &format!("{name}-admin@{name}"),
                    &format!("{name}-admin"),
                    door.workload(namespace, name),
                );
                kubeconfig(&keys, &[way])
            });
            let site = context(live.site.name, live.site.user, door.server());
            // A site that does not answer has an address, and nobody behind it.
            doors.push((site, live.site.answers.then(|| (door, live.api.clone()))));
        }
        let contexts: Vec<Context> = doors.iter().map(|(context, _)| context.clone()).collect();
        let of_viewer: Vec<Context> = contexts
            .iter()
            .map(|c| Context {
                user: format!("{}-viewer", c.name),
                token: keys.tokens.viewer.clone(),
                ..c.clone()
            })
            .collect();
        let (own, viewer) = (folder.join("kubeconfig"), folder.join("kubeconfig.viewer"));
        write(&own, &kubeconfig(&keys, &contexts))?;
        write(&viewer, &kubeconfig(&keys, &of_viewer))?;
        let world: Shared = Arc::new(Mutex::new(world));
        let mut tasks = vec![tokio::spawn(control::run(world.clone(), stop.clone()))];
        for (at, (_, door)) in doors.into_iter().enumerate() {
            let Some((door, api)) = door else { continue };
            let world = world.clone();
            let workloads: Workloads =
                Arc::new(move |namespace, name| control::workload(&world, at, namespace, name));
            tasks.push(tokio::spawn(door.open(keys.clone(), api, workloads, stop.clone())));
        }
        Ok(Self { kubeconfig: own, viewer, stop, tasks })
    }

    /// Closes every door, and waits until they are closed.
    async fn end(self) {
        self.stop.cancel();
        join_all(self.tasks).await;
    }
}

fn world(args: &Demo) -> World {
    #[expect(clippy::disallowed_methods, reason = "the demo begins now")]
    let now = jiff::Timestamp::now();
    let count = |asked: Option<u32>| asked.and_then(|n| usize::try_from(n).ok());
    let size = Size { clusters: count(args.clusters), machines: count(args.machines) };
    World::new(fleet(args.seed, size, now), args.seed, Clock::running(now, f64::from(args.speed)))
}

/// The incidents to play: the one that was asked for, or those of the opening.
fn wanted(name: Option<&str>) -> Result<Vec<&'static scenario::Scenario>, Problem> {
    let Some(name) = name else { return Ok(OPENING.to_vec()) };
    let found = scenario::find(name).ok_or_else(|| {
        Problem::new(ProblemKind::Policy, format!("--scenario {name}: no such incident"))
            .hint(suggestion(name, scenario::names()))
    })?;
    Ok(vec![found])
}

fn write(path: &Path, text: &str) -> Result<(), Problem> {
    let mut file = private::open(path, std::fs::OpenOptions::new().write(true).create(true).truncate(true))?;
    file.write_all(text.as_bytes()).map_err(|error| private::problem("cannot write", path, &error))
}

/// The folder of a run.
struct Folder {
    path: PathBuf,
    /// It is ours, and goes with us.
    ours: bool,
}

impl Folder {
    /// One whose name nobody could have taken before.
    fn make(asked: Option<&Path>, keys: &Keys) -> Result<Self, Problem> {
        let own = || std::env::temp_dir().join(format!("tko-demo-{}", keys.name));
        let path = asked.map_or_else(own, Path::to_owned);
        private::folder(&path)?;
        Ok(Self { path, ours: asked.is_none() })
    }

    fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if self.ours
            && let Err(error) = std::fs::remove_dir_all(&self.path)
        {
            tracing::warn!(%error, path = %self.path.display(), "the demo's folder stays");
        }
    }
}
