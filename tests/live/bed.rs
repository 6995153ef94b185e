//! The beds under test, and kubectl and clusterctl as independent readers of them.
use std::{
    env,
    path::{Path, PathBuf},
    process::{self, Command, Output},
    sync::{Mutex, MutexGuard, PoisonError},
    thread,
    time::{Duration, Instant},
};

use serde_json::Value;

/// How long the engines may take for what they do in seconds on an idle machine.
pub const LONG: Duration = Duration::from_mins(8);

/// The tests look at the same fleets: one at a time.
static TURN: Mutex<()> = Mutex::new(());

/// The beds of this run, for as long as it is this test's turn.
pub struct Beds {
    /// Cluster API with v1beta1 and v1beta2.
    pub newest: Bed,
    /// Cluster API that serves v1beta1 alone.
    pub v1beta1: Bed,
    _turn: MutexGuard<'static, ()>,
}

/// The beds, or nothing (with a word why) where there are none.
pub fn beds(test: &str) -> Option<Beds> {
    let named = |variable: &str| env::var(variable).ok().filter(|v| !v.is_empty());
    if named("TKO_LIVE").is_none() {
        eprintln!("skipped: {test} needs TKO_LIVE=1 and the beds of `.ci/run live`");
        return None;
    }
    let bed = |variable| Bed::new(&named(variable).unwrap_or_else(|| panic!("{variable} is not set")));
    let turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    eprintln!("live: {test}");
    Some(Beds { newest: bed("TKO_LIVE_NEWEST"), v1beta1: bed("TKO_LIVE_V1BETA1"), _turn: turn })
}

/// Who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum User {
    Admin,
    Viewer,
}

/// A bed that runs.
pub struct Bed {
    /// Its name, and that of its context and site.
    pub name: String,
    folder: PathBuf,
}

impl Bed {
    fn new(kubeconfig: &str) -> Self {
        let folder =
            Path::new(kubeconfig).parent().expect("a bed's kubeconfig lies in its folder").to_owned();
        let name = folder.file_name().expect("a bed has a name").to_string_lossy().into_owned();
        Self { name, folder }
    }

    fn file(&self, user: User) -> PathBuf {
        self.folder.join(match user {
            User::Admin => "kubeconfig",
            User::Viewer => "kubeconfig.viewer",
        })
    }
    /// The text of a kubeconfig of the bed.
    pub fn kubeconfig(&self, user: User) -> String {
        std::fs::read_to_string(self.file(user)).expect("the bed has a kubeconfig")
    }
    /// What people asked of its API server, one JSON object a line, where the bed writes that down.
    pub fn audit(&self) -> Vec<Value> {
        let text = std::fs::read_to_string(self.folder.join("log/audit.log")).unwrap_or_default();
        text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect()
    }

    pub fn run(&self, user: User, program: &str, args: &[&str]) -> Output {
        let bin = env::var("TKO_LIVE_BIN").map_or_else(|_| root().join("bin"), PathBuf::from);
        Command::new(bin.join(program))
            .args(args)
            .arg("--kubeconfig")
            .arg(self.file(user))
            .output()
            .unwrap_or_else(|e| panic!("{program} does not start: {e}"))
    }

    /// What kubectl prints, as admin. On a busy machine an answer may need another try.
    pub fn kubectl(&self, args: &[&str]) -> String {
        let what = format!("kubectl {}", args.join(" "));
        eventually(&what, Duration::from_mins(2), || {
            let output = self.run(User::Admin, "kubectl", args);
            if output.status.success() {
                Ok(String::from_utf8(output.stdout).expect("kubectl prints text"))
            } else {
                Err(String::from_utf8_lossy(&output.stderr).into_owned())
            }
        })
    }

    /// A list or an object, as kubectl has it.
    pub fn get(&self, args: &[&str]) -> Value {
        let args = [&["get", "-o", "json"], args].concat();
        serde_json::from_str(&self.kubectl(&args)).expect("kubectl prints JSON")
    }
    /// The items of a list over all namespaces.
    pub fn list(&self, args: &[&str]) -> Vec<Value> {
        let list = self.get(&[&["-A"], args].concat());
        list["items"].as_array().expect("a list has items").clone()
    }
}

/// A text field of an object, by its JSON pointer.
pub fn text<'a>(object: &'a Value, pointer: &str) -> &'a str {
    object.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}

/// Waits for something in the world, and returns it; fails with the last reason why it is not there.
pub fn eventually<T>(what: &str, within: Duration, mut tried: impl FnMut() -> Result<T, String>) -> T {
    let start = Instant::now();
    loop {
        match tried() {
            Ok(found) => return found,
            Err(why) => assert!(start.elapsed() < within, "waited {within:?} in vain for {what}: {why}"),
        }
        thread::sleep(Duration::from_millis(500));
    }
}

fn root() -> PathBuf {
    if let Ok(root) = env::var("TKO_TESTBED_DIR") {
        return root.into();
    }
    let cache = env::var("XDG_CACHE_HOME")
        .map_or_else(|_| Path::new(&env::var("HOME").expect("a home")).join(".cache"), PathBuf::from);
    cache.join("tko-bed")
}

/// Runs one of the test bed's commands.
pub fn testbed(command: &str, args: &[&str]) -> String {
    let scripts = env::var("TKO_LIVE_TESTBED")
        .map_or_else(|_| Path::new(env!("CARGO_MANIFEST_DIR")).join("testbed"), PathBuf::from);
    let output =
        Command::new(scripts.join(command)).args(args).output().expect("the test bed's commands run");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "testbed/{command} {}: {said}", args.join(" "));
    String::from_utf8(output.stdout).expect("the test bed prints text")
}

/// A bed of a test's own, with one small cluster, for what would disturb others. Purged at the end.
pub struct OwnBed(pub Bed);

impl OwnBed {
    pub fn up() -> Self {
        // Whoever starts the tests may name it, to purge it where they are cut off.
        let name = env::var("TKO_LIVE_OWN").unwrap_or_else(|_| format!("live-{}", process::id()));
        // Made first, so that what was begun is purged whatever goes wrong.
        let own = Self(Bed { folder: root().join("beds").join(&name), name });
        let name = &*own.0.name;
        testbed("up", &["--name", name, "--audit"]);
        let fleet = ["--clusters", "1", "--control-planes", "1", "--workers", "1", "--wait", "600"];
        testbed("fleet", &[&["--name", name], &fleet[..]].concat());
        own
    }
}

impl Drop for OwnBed {
    fn drop(&mut self) {
        let down = || testbed("down", &["--name", &self.0.name, "--purge"]);
        if let Err(why) = std::panic::catch_unwind(std::panic::AssertUnwindSafe(down)) {
            eprintln!("the bed {} could not be purged: {why:?}", self.0.name);
        }
    }
}
