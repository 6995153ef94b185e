//! `tko demo` and `tko tutor`: makes a fleet, opens its doors, and starts the ordinary console on the kubeconfig that leads there, or
//! waits until it is told to end. Everything it writes lies in one private folder, which goes with it.
use std::{
    io::Write as _,
    path::{Path, PathBuf},
    process::ExitCode,
};

use super::{
    clock::Clock,
    control::World,
    fleet::{Size, fleet},
    open::{self, Open},
    scenario::{self, OPENING, SCENARIOS},
    serve::Keys,
};
use crate::{
    backends::drill::Desk,
    cli::{Cli, Demo, DemoAsk, Tutor},
    config::Paths,
    domain::{Problem, ProblemKind, drill::Drilling},
    nearest::suggestion,
    runtime::{
        console, private,
        setup::{Ground, Setup},
        signals,
    },
};

/// Runs the demo to its end.
pub async fn run(cli: &Cli, args: &Demo) -> Result<ExitCode, Problem> {
    if args.list {
        return list();
    }
    if let Some(ask) = &args.ask {
        return talk(ask).await;
    }
    play(cli, args, false).await
}

/// Runs the guided incident: the demo with nothing else wrong, and the tutor beside the console.
pub async fn tutor(cli: &Cli, args: &Tutor) -> Result<ExitCode, Problem> {
    let demo = Demo {
        ask: None,
        list: false,
        serve: false,
        scenario: Some(scenario::TAUGHT.name.to_owned()),
        speed: args.speed,
        seed: 1,
        clusters: None,
        machines: None,
        folder: None,
    };
    play(cli, &demo, true).await
}

async fn play(cli: &Cli, args: &Demo, tutor: bool) -> Result<ExitCode, Problem> {
    if cli.global.kubeconfig.is_some() || !cli.global.contexts.is_empty() {
        return Err(Problem::new(
            ProblemKind::Policy,
            "the demo brings its own kubeconfig: it takes neither --kubeconfig nor --context",
        ));
    }
    let keys = Keys::generate()?;
    let folder = Folder::make(args.folder.as_deref(), &keys)?;
    let mut world = world(args);
    for scenario in wanted(args.scenario.as_deref())? {
        (scenario.inject)(&mut world);
    }
    let open = Open::start(world, &keys, folder.path()).await?;
    let outcome = if args.serve { wait(&open).await } else { show(cli, &open, folder.path(), tutor).await };
    open.end().await;
    outcome
}

/// Asks a demo that is being served, elsewhere, to play or end an incident, and prints how all of them are then.
async fn talk(ask: &DemoAsk) -> Result<ExitCode, Problem> {
    let (incident, what): (_, fn(String) -> Drilling) = match ask {
        DemoAsk::Inject(incident) => (incident, Drilling::Play),
        DemoAsk::End(incident) => (incident, Drilling::End),
    };
    let none = || {
        Problem::new(ProblemKind::Policy, "no demo is named")
            .hint("set KUBECONFIG as `tko demo --serve` prints it, or name its folder with --folder")
    };
    let beside = || Some(Path::new(&std::env::var_os("KUBECONFIG")?).parent()?.to_owned());
    let folder = incident.folder.clone().or_else(beside).ok_or_else(none)?;
    let desk = folder.join(open::DESK);
    if !desk.is_file() {
        let summary = format!("{}: no demo is served from there", folder.display());
        return Err(Problem::new(ProblemKind::File, summary).hint(none().hint));
    }
    let what = incident.name.clone().map_or(Drilling::List, what);
    let drills = Desk::read(desk).ask(&what).await?;
    let mut out = std::io::stdout().lock();
    for drill in drills {
        let mark = if drill.playing { "playing" } else { "" };
        writeln!(out, "{:<24} {mark:<8} {}", drill.name, drill.title).map_err(|e| lost(&e))?;
    }
    Ok(ExitCode::SUCCESS)
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
async fn show(cli: &Cli, open: &Open, folder: &Path, tutor: bool) -> Result<ExitCode, Problem> {
    let mut flags = cli.global.flags();
    flags.kubeconfig = Some(open.kubeconfig.clone());
    let mut setup = Setup::read_in(Paths::under(folder), flags);
    setup.practise(Ground { desk: open.desk.clone(), tutor });
    Box::pin(console::console_on(cli, setup)).await
}

/// Serves until told to end.
async fn wait(open: &Open) -> Result<ExitCode, Problem> {
    let mut signals = signals::listen()?;
    let write = || -> std::io::Result<()> {
        let mut out = std::io::stdout().lock();
        writeln!(out, "export KUBECONFIG={}", open.kubeconfig.display())?;
        writeln!(out, "# {} reads only. Interrupt to end.", open.viewer.display())?;
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
