//! A world behind open doors: an address for each site, kubeconfigs that lead there, and the controllers at work. Knows
//! neither the command line nor the console.
use std::{
    io::Write as _,
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
};

use futures::future::join_all;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::{
    api::Workloads,
    control::{self, Live, Shared, World},
    serve::{Context, Desk, Door, Keys, kubeconfig},
};
use crate::{domain::Problem, runtime::private};

/// The kubeconfig in its folder that leads to where incidents are played.
pub const DESK: &str = "kubeconfig.desk";

/// A demo that can be reached.
pub struct Open {
    /// What moves behind the doors.
    pub world: Shared,
    /// Leads to every site, for somebody who may do everything.
    pub kubeconfig: PathBuf,
    /// That of somebody who may only read.
    pub viewer: PathBuf,
    /// Leads to the desk where incidents are played.
    pub desk: PathBuf,
    stop: CancellationToken,
    tasks: Vec<JoinHandle<()>>,
}

impl Open {
    /// Opens a door for every site, and writes the ways there into a folder.
    pub async fn start(world: World, keys: &Keys, folder: &Path) -> Result<Self, Problem> {
        let mut doors = Vec::new();
        for live in world.sites() {
            live.api.define_kinds();
            doors.push((live.api.clone(), live.site.plan.answers, Door::bind().await?));
        }
        for (at, (.., door)) in doors.iter().enumerate() {
            world.open_workloads(at, |namespace, name| inside(keys, door, namespace, name));
        }
        let ways = |token: &str, user: &dyn Fn(&Live) -> String| {
            let contexts = world.sites().iter().zip(&doors).map(|(live, (.., door))| Context {
                name: live.site.plan.name.to_owned(),
                user: user(live),
                server: door.server(),
                token: token.to_owned(),
            });
            kubeconfig(keys, &contexts.collect::<Vec<_>>())
        };
        let (own, viewer) = (folder.join("kubeconfig"), folder.join("kubeconfig.viewer"));
        write(&own, &ways(&keys.tokens.admin, &|live| live.site.plan.user.to_owned()))?;
        write(&viewer, &ways(&keys.tokens.viewer, &|live| format!("{}-viewer", live.site.plan.name)))?;
        let (desk, file) = (Desk::bind().await?, folder.join(DESK));
        write(&file, &kubeconfig(keys, &[to_desk(keys, &desk)]))?;
        let stop = CancellationToken::new();
        let world: Shared = Arc::new(Mutex::new(world));
        let mut tasks = vec![
            tokio::spawn(control::run(world.clone(), stop.clone())),
            tokio::spawn(desk.open(keys.clone(), world.clone(), stop.clone())),
        ];
        for (at, (api, answers, door)) in doors.into_iter().enumerate() {
            // A site that does not answer has an address, and nobody behind it.
            if answers {
                let world = world.clone();
                let workloads: Workloads =
                    Arc::new(move |namespace, name| control::workload(&world, at, namespace, name));
                tasks.push(tokio::spawn(door.open(keys.clone(), api, workloads, stop.clone())));
            }
        }
        Ok(Self { world, kubeconfig: own, viewer, desk: file, stop, tasks })
    }

    /// Closes every door, and waits until they are closed.
    pub async fn end(self) {
        self.stop.cancel();
        join_all(self.tasks).await;
    }
}

fn to_desk(keys: &Keys, desk: &Desk) -> Context {
    Context {
        name: "desk".into(),
        user: "desk".into(),
        server: desk.server(),
        token: keys.tokens.admin.clone(),
    }
}

/// The kubeconfig that leads into a workload cluster.
fn inside(keys: &Keys, door: &Door, namespace: &str, name: &str) -> String {
    let way = Context {
        name: format!("{name}-admin@{name}"),
        user: format!("{name}-admin"),
        server: door.workload(namespace, name),
        token: keys.tokens.admin.clone(),
    };
    kubeconfig(keys, &[way])
}

fn write(path: &Path, text: &str) -> Result<(), Problem> {
    let mut file = private::open(path, std::fs::OpenOptions::new().write(true).create(true).truncate(true))?;
    file.write_all(text.as_bytes()).map_err(|error| private::problem("cannot write", path, &error))
}
