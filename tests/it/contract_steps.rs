//! Writing: what goes over the wire and when, what is refused before that, and what the journal holds then.
use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use serde_json::{Value, json};
use tko::actions::plan::{Address, Goal, JobId, Pin, Plan, PlanToken, Step};
use tko::domain::site::{Discovery, Greeting, ServedKind};
use tko::domain::{Home, ObjectKey, Problem, ProblemKind, ResourceRef, SiteId, Source};
use tko::msg::{JobEvent, Msg};
use tko::runtime::audit::{self, Kind, Record};
use tko::runtime::executor::Executor;
use tko::runtime::links::Links;
use tokio::sync::mpsc::{Receiver, channel};

use crate::support::fakes::{Asked, Reply, Server};

const POOLS: &str = "/apis/cluster.x-k8s.io/v1beta1/machinedeployments";
const POOL: &str = "/apis/cluster.x-k8s.io/v1beta1/namespaces/n/machinedeployments/md-0";
const JOB: JobId = JobId(7);

/// An executor before a server that holds one pool.
struct Bench {
    server: Server,
    executor: Arc<Executor>,
    mailbox: Receiver<Msg>,
    folder: tempfile::TempDir,
    home: Home,
}

impl Bench {
    fn new() -> Self {
        Self::at(Home::Management, &["authorization.k8s.io"])
    }

    fn at(home: Home, groups: &[&str]) -> Self {
        let server = Server::new();
        server.put(POOLS, pool("u1"));
        let kind = |group: &&str| ServedKind { group: (*group).to_owned(), ..ServedKind::default() };
        let discovery = Discovery { kinds: groups.iter().map(kind).collect(), aggregated: true };
        let greeting = Greeting { identity: "ops@corp".into(), discovery, ..Greeting::default() };
        let links = Links::default();
        links.put(&site(), home.clone(), server.client(), &greeting);
        let (messages, mailbox) = channel(64);
        let folder = tempfile::tempdir().unwrap();
        let executor = Arc::new(Executor::new(links, messages, folder.path().join("journal")));
        Self { server, executor, mailbox, folder, home }
    }

    async fn open() -> Self {
        let mut bench = Self::new();
        bench.session(15).await.unwrap();
        bench
    }

    async fn session(&mut self, minutes: u32) -> Result<(), Problem> {
        self.executor.open(site(), "INC-1".into(), minutes).await;
        match self.mailbox.recv().await {
            Some(Msg::Session(_, answer)) => answer.map(|session| assert!(session.is_some())),
            other => panic!("{other:?}"),
        }
    }

    fn journal(&self) -> PathBuf {
        self.folder.path().join("journal").join(audit::FILE)
    }

    fn records(&self) -> Vec<Record> {
        let text = fs::read_to_string(self.journal()).unwrap_or_default();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    fn plan(&self, change: &Value) -> Plan {
        let source = Source { home: self.home.clone(), ..Source::management(&site(), "pool") };
        let target = ResourceRef { source, key: ObjectKey::new("n", "md-0") };
        let at = Address {
            target: target.clone(),
            group: "cluster.x-k8s.io".into(),
            version: "v1beta1".into(),
            plural: "machinedeployments".into(),
            kind: "MachineDeployment".into(),
        };
        let pin = Pin { uid: "u1".into(), resource_version: "101".into(), generation: 3 };
        let step = if change.is_array() {
            Step::JsonPatch { at, pin, operations: change.clone() }
        } else {
            Step::MergePatch { at, pin, body: change.clone() }
        };
        Plan {
            action: "pool.scale".into(),
            title: "Scale pool".into(),
            target,
            summary: "scale".into(),
            steps: vec![step],
            consequences: Vec::new(),
            goal: Goal::Immediate,
            equivalent: String::new(),
            inputs: std::collections::BTreeMap::new(),
            undo: None,
        }
    }

    fn to_five(&self) -> Plan {
        self.plan(&json!([{ "op": "replace", "path": "/spec/replicas", "value": 5 }]))
    }

    async fn execute(&mut self, plan: Plan) -> Vec<JobEvent> {
        self.executor.execute(JOB, plan).await;
        let mut events = Vec::new();
        while let Ok(Msg::Job(JOB, event)) = self.mailbox.try_recv() {
            events.push(event);
        }
        events
    }

    /// Why the job failed.
    async fn failure(&mut self, plan: Plan) -> Problem {
        match self.execute(plan).await.pop() {
            Some(JobEvent::Failed(problem)) => problem,
            other => panic!("{other:?}"),
        }
    }

    async fn rehearse(&mut self, plan: Plan) -> Result<tko::actions::plan::DryRunReport, Problem> {
        self.executor.dry_run(PlanToken(1), plan).await;
        match self.mailbox.recv().await {
            Some(Msg::DryRun(PlanToken(1), answer)) => answer.map(|report| *report),
            other => panic!("{other:?}"),
        }
    }

    fn replicas(&self) -> Value {
        self.server.get(POOLS, "n/md-0").unwrap()["spec"]["replicas"].clone()
    }
}

fn site() -> SiteId {
    SiteId::new("east")
}

fn pool(uid: &str) -> Value {
    json!({
        "apiVersion": "cluster.x-k8s.io/v1beta1", "kind": "MachineDeployment",
        "metadata": { "name": "md-0", "namespace": "n", "uid": uid, "generation": 3 },
        "spec": { "replicas": 3, "token": "old" },
    })
}

fn is_patch(asked: &Asked) -> bool {
    asked.method == "PATCH"
}

#[tokio::test(start_paused = true)]
async fn without_a_session_nothing_at_all_is_asked() {
    let mut bench = Bench::new();
    let plan = bench.to_five();
    for problem in [bench.rehearse(plan.clone()).await.unwrap_err(), bench.failure(plan.clone()).await] {
        assert_eq!(problem.kind, ProblemKind::Policy);
        assert!(problem.summary.contains("read-only") && problem.hint.contains("--write"), "{problem:?}");
    }
    bench.session(0).await.unwrap();
    assert!(
        bench.failure(plan.clone()).await.summary.contains("read-only"),
        "a session that is over is none"
    );
    bench.session(15).await.unwrap();
    bench.executor.close(site()).await;
    assert!(matches!(bench.mailbox.recv().await, Some(Msg::Session(_, Ok(None)))));
    assert!(bench.failure(plan).await.summary.contains("read-only"));
    assert_eq!(bench.server.take_log(), [""; 0]);
    let actions: Vec<_> = bench.records().into_iter().map(|r| (r.entry.action, r.entry.reason)).collect();
    let opened = ("session.open".to_owned(), "INC-1".to_owned());
    let closed = ("session.close".to_owned(), "INC-1".to_owned());
    assert_eq!(actions, [opened.clone(), opened, closed], "sessions are on record, refusals did nothing");
}

#[tokio::test(start_paused = true)]
async fn a_dry_run_asks_what_the_server_would_store_and_stores_nothing() {
    let mut bench = Bench::open().await;
    bench.server.warn("spec.replicas: \\\"deprecated\\\" way");
    let report = bench.rehearse(bench.to_five()).await.unwrap();
    assert_eq!(bench.replicas(), 3);
    let log = bench.server.log();
    assert_eq!(bench.server.take_log(), [format!("GET {POOL}"), format!("PATCH {POOL}")]);
    assert_eq!(log[1].query, "dryRun=All&fieldManager=tko&fieldValidation=Strict");
    assert_eq!(log[1].content_type, "application/json-patch+json");
    let body = json!([
        { "op": "test", "path": "/metadata/uid", "value": "u1" },
        { "op": "replace", "path": "/metadata/resourceVersion", "value": "101" },
        { "op": "replace", "path": "/spec/replicas", "value": 5 },
    ]);
    assert_eq!(log[1].body, body);
    let changes: Vec<_> =
        report.changes.iter().map(|c| (&*c.path, c.after.clone().unwrap(), c.asked)).collect();
    assert_eq!(changes, [("spec.replicas", json!(5), true), ("spec.defaulted", json!(true), false)]);
    assert_eq!(report.warnings, ["spec.replicas: \"deprecated\" way"]);
    assert_eq!(report.resource_version, "101");
    assert_eq!(bench.records().len(), 1, "only the session is on record");
}

#[tokio::test(start_paused = true)]
async fn the_intent_is_on_the_disk_before_the_first_request_and_the_outcome_after_it() {
    let mut bench = Bench::open().await;
    bench.rehearse(bench.to_five()).await.unwrap();
    bench.server.take_log();
    let journal = bench.journal();
    bench.server.fail(1, Reply::Nothing, move |_| {
        let text = fs::read_to_string(&journal).unwrap();
        let last: Record = serde_json::from_str(text.lines().last().unwrap()).unwrap();
        assert_eq!((last.entry.kind, &*last.entry.action), (Kind::Intent, "pool.scale"));
        false
    });
    let events = bench.execute(bench.to_five()).await;
    assert!(matches!(
        &events[..],
        [JobEvent::Started, JobEvent::Step { index: 0, outcome: Ok(words) }, JobEvent::Submitted]
            if words.contains("102")
    ));
    assert_eq!(bench.replicas(), 5);
    let log = bench.server.log();
    assert_eq!(log[1].query, "fieldManager=tko&fieldValidation=Strict");
    let [_, intent, outcome] = &bench.records()[..] else { panic!() };
    assert_eq!((intent.entry.kind, outcome.entry.kind), (Kind::Intent, Kind::Outcome));
    assert_eq!(intent.entry.plan["steps"][0]["operations"][0]["value"], 5);
    assert_eq!(intent.entry.dry_run["changes"][0]["path"], "spec.replicas");
    assert_eq!((&*intent.entry.uid, &*intent.entry.resource_version), ("u1", "101"));
    assert_eq!(
        (&*intent.entry.identity, &*intent.entry.reason, &*intent.entry.job),
        ("ops@corp", "INC-1", "7")
    );
    assert_eq!(outcome.entry.answer, json!({ "ok": true, "resourceVersions": ["102"] }));
    assert_eq!(audit::verify(&bench.journal()).unwrap().first_bad, None);
}

#[tokio::test(start_paused = true)]
async fn no_record_no_action() {
    // The disk is full.
    let mut bench = Bench::open().await;
    fs::remove_file(bench.journal()).unwrap();
    std::os::unix::fs::symlink("/dev/full", bench.journal()).unwrap();
    let problem = bench.failure(bench.to_five()).await;
    assert_eq!(problem.kind, ProblemKind::File);
    assert!(problem.summary.contains("journal"), "{}", problem.summary);
    assert_eq!(bench.server.take_log(), [""; 0]);

    // There is no folder to write it to, not even for the session.
    let mut bench = Bench::new();
    fs::write(bench.folder.path().join("journal"), "in the way").unwrap();
    let problem = bench.session(15).await.unwrap_err();
    assert_eq!(problem.kind, ProblemKind::File);
    assert!(bench.failure(bench.to_five()).await.summary.contains("read-only"), "no record, no session");
    assert_eq!(bench.server.take_log(), [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn another_object_or_another_spec_is_a_conflict_and_nothing_is_written() {
    let cases = [("u2", 3, "taken its place"), ("u1", 4, "generation 3 is now 4")];
    for (uid, generation, words) in cases {
        let mut bench = Bench::open().await;
        let mut object = pool(uid);
        object["metadata"]["generation"] = json!(generation);
        bench.server.put(POOLS, object);
        let problem = bench.failure(bench.to_five()).await;
        assert_eq!(problem.kind, ProblemKind::Conflict);
        assert!(problem.summary.contains(words), "{}", problem.summary);
        assert_eq!(bench.server.take_log(), [format!("GET {POOL}")]);
        let last = bench.records().pop().unwrap();
        assert_eq!((last.entry.kind, &last.entry.answer["ok"]), (Kind::Outcome, &json!(false)));
    }
}

#[tokio::test(start_paused = true)]
async fn a_status_that_moves_on_is_outrun_but_not_for_ever() {
    let conflict = Reply::status(409, "Conflict", "the object has been modified");
    let mut bench = Bench::open().await;
    bench.server.fail(3, conflict.clone(), is_patch);
    // The status moved on since the plan was made: another version of the same spec.
    bench.server.put(POOLS, pool("u1"));
    assert_eq!(bench.execute(bench.to_five()).await.pop(), Some(JobEvent::Submitted));
    assert_eq!(bench.server.log().iter().filter(|a| is_patch(a)).count(), 4);
    assert_eq!(bench.replicas(), 5);

    let mut bench = Bench::open().await;
    bench.server.fail(usize::MAX, conflict, is_patch);
    assert_eq!(bench.failure(bench.to_five()).await.kind, ProblemKind::Conflict);
    assert_eq!(bench.server.take_log().len(), 12);
}

#[tokio::test(start_paused = true)]
async fn a_merge_patch_carries_its_preconditions() {
    let mut bench = Bench::open().await;
    let plan = bench.plan(&json!({ "spec": { "paused": true }, "metadata": { "labels": { "a": "b" } } }));
    assert_eq!(bench.execute(plan).await.pop(), Some(JobEvent::Submitted));
    let asked = bench.server.log().pop().unwrap();
    assert_eq!(asked.content_type, "application/merge-patch+json");
    let meta = json!({ "labels": { "a": "b" }, "uid": "u1", "resourceVersion": "101" });
    assert_eq!(asked.body, json!({ "spec": { "paused": true }, "metadata": meta }));
}

impl Bench {
    /// A plan with this step instead.
    fn with(&self, step: impl FnOnce(Address, Pin) -> Step) -> Plan {
        let mut plan = self.to_five();
        let Some(Step::JsonPatch { at, pin, .. }) = plan.steps.pop() else { panic!() };
        plan.steps.push(step(at, pin));
        plan
    }
}

#[tokio::test(start_paused = true)]
async fn a_new_object_is_shown_whole_and_never_replaces_another() {
    let mut bench = Bench::open().await;
    let body = json!({
        "apiVersion": "cluster.x-k8s.io/v1beta1", "kind": "MachineDeployment",
        "metadata": { "name": "md-1", "namespace": "n" }, "spec": { "replicas": 1, "token": "t0p" },
    });
    let plan = bench.with(|mut at, _| {
        at.target.key = ObjectKey::new("n", "md-1");
        Step::Create { at, body: body.clone() }
    });
    let report = bench.rehearse(plan.clone()).await.unwrap();
    let shown: Vec<_> = report
        .changes
        .iter()
        .map(|c| format!("{} {} {}", c.path, c.after.clone().unwrap(), c.asked))
        .collect();
    assert!(shown.contains(&"spec.replicas 1 true".to_owned()), "{shown:?}");
    assert!(shown.contains(&"spec.defaulted true false".to_owned()), "{shown:?}");
    assert!(shown.contains(&"spec.token \"***\" true".to_owned()), "{shown:?}");
    assert_eq!(bench.server.get(POOLS, "n/md-1"), None, "a dry run makes nothing");
    assert_eq!(
        bench.server.take_log(),
        ["POST /apis/cluster.x-k8s.io/v1beta1/namespaces/n/machinedeployments"]
    );

    assert_eq!(bench.execute(plan.clone()).await.pop(), Some(JobEvent::Submitted));
    assert_eq!(bench.server.get(POOLS, "n/md-1").unwrap()["spec"]["replicas"], 1);
    let problem = bench.failure(plan).await;
    assert!(
        problem.kind == ProblemKind::Conflict && problem.summary.contains("already exists"),
        "{problem:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn only_the_object_that_was_shown_is_deleted() {
    let delete = |bench: &Bench| bench.with(|at, pin| Step::Delete { at, pin });
    let mut bench = Bench::open().await;
    let report = bench.rehearse(delete(&bench)).await.unwrap();
    assert_eq!(report.changes.len(), 1);
    assert_eq!(report.changes[0].path, "MachineDeployment n/md-0");
    assert!(bench.server.get(POOLS, "n/md-0").is_some(), "a dry run deletes nothing");
    // The status moved on meanwhile: it is the same object still.
    bench.server.put(POOLS, pool("u1"));
    let events = bench.execute(delete(&bench)).await;
    assert!(
        matches!(&events[1], JobEvent::Step { outcome: Ok(words), .. } if words == "deletion accepted"),
        "{events:?}"
    );
    assert_eq!(bench.server.get(POOLS, "n/md-0"), None);
    let asked = bench.server.log().pop().unwrap();
    assert_eq!((&*asked.method, &*asked.query), ("DELETE", ""));
    assert_eq!(asked.body["preconditions"], json!({ "uid": "u1", "resourceVersion": "102" }));
    assert_eq!(asked.body["propagationPolicy"], "Background");

    for (uid, generation) in [("u2", 3), ("u1", 4)] {
        let mut bench = Bench::open().await;
        let mut object = pool(uid);
        object["metadata"]["generation"] = json!(generation);
        bench.server.put(POOLS, object);
        assert_eq!(bench.failure(delete(&bench)).await.kind, ProblemKind::Conflict);
        assert!(bench.server.get(POOLS, "n/md-0").is_some(), "another one, or another spec, stays");
    }
}

#[tokio::test(start_paused = true)]
async fn refusals_are_in_the_servers_own_words() {
    let webhook = "admission webhook \"validation.machinedeployment.cluster.x-k8s.io\" denied the request: not during the freeze";
    let invalid = json!({
        "kind": "Status", "status": "Failure", "code": 422, "reason": "Invalid",
        "message": "MachineDeployment.cluster.x-k8s.io \"md-0\" is invalid: spec.replicas: Invalid value: -1",
        "details": { "name": "md-0", "causes": [
            { "reason": "FieldValueInvalid", "message": "must not be negative", "field": "spec.replicas" },
            { "reason": "FieldValueRequired", "message": "is needed", "field": "spec.selector" },
        ] },
    });
    let quota = "machinedeployments \"md-0\" is forbidden: exceeded quota: compute, requested: 5, used: 3, limited: 4";
    let cases = [
        (Reply::status(403, "Forbidden", webhook), ProblemKind::Refused, "not during the freeze"),
        (Reply::Status(422, invalid), ProblemKind::Refused, "spec.replicas: must not be negative"),
        (Reply::status(403, "Forbidden", quota), ProblemKind::Refused, "exceeded quota: compute"),
        (
            Reply::status(403, "Forbidden", "User \"ops\" cannot patch"),
            ProblemKind::Forbidden,
            "cannot patch",
        ),
        (
            Reply::status(400, "BadRequest", "strict decoding error: unknown field \"spec.x\""),
            ProblemKind::Refused,
            "unknown field \"spec.x\"",
        ),
        (Reply::Later(429, 3), ProblemKind::Throttled, "too many requests"),
    ];
    for (reply, kind, words) in cases {
        let mut bench = Bench::open().await;
        bench.server.fail(2, reply, is_patch);
        let rehearsed = bench.rehearse(bench.to_five()).await.unwrap_err();
        let problem = bench.failure(bench.to_five()).await;
        assert_eq!(problem, rehearsed);
        assert_eq!((problem.kind, bench.replicas()), (kind, json!(3)), "{problem:?}");
        let text = format!("{}\n{}", problem.summary, problem.detail);
        assert!(text.contains(words), "{text}");
        let last = bench.records().pop().unwrap().entry;
        assert!(last.answer.to_string().contains(&words.replace('"', "\\\"")), "{}", last.answer);
    }
}

#[tokio::test(start_paused = true)]
async fn a_write_without_an_answer_may_have_happened() {
    let mut bench = Bench::open().await;
    let late = Reply::status(504, "Timeout", "request did not complete within the allotted timeout");
    bench.server.fail(1, late, is_patch);
    let problem = bench.failure(bench.to_five()).await;
    assert!(problem.hint.contains("it is not repeated"), "{problem:?}");
    bench.server.fail(2, Reply::Refused, is_patch);
    assert!(!bench.rehearse(bench.to_five()).await.unwrap_err().hint.contains("may have"));
    let problem = bench.failure(bench.to_five()).await;
    assert!(problem.hint.contains("may have made the change or not"), "{problem:?}");
}

#[tokio::test(start_paused = true)]
async fn an_api_that_ignores_dry_runs_is_not_written_to() {
    let workload = || Home::Workload(ObjectKey::new("n", "prod"));
    let mut bench = Bench::at(workload(), &["cluster.x-k8s.io"]);
    bench.session(15).await.unwrap();
    for problem in [bench.rehearse(bench.to_five()).await.unwrap_err(), bench.failure(bench.to_five()).await]
    {
        assert!(problem.summary.contains("does not honour dry runs"), "{problem:?}");
    }
    assert_eq!(bench.server.take_log(), [""; 0]);
    let mut whole = Bench::at(workload(), &["authorization.k8s.io"]);
    whole.session(15).await.unwrap();
    assert_eq!(whole.execute(whole.to_five()).await.pop(), Some(JobEvent::Submitted));
}

#[tokio::test(start_paused = true)]
async fn a_secret_that_changes_shows_that_and_no_more() {
    let mut bench = Bench::open().await;
    let plan = bench.plan(&json!([{ "op": "replace", "path": "/spec/token", "value": "new" }]));
    let report = bench.rehearse(plan).await.unwrap();
    let change = &report.changes.iter().find(|c| c.path == "spec.token").unwrap();
    assert_eq!((&change.before, &change.after), (&Some(json!("***")), &Some(json!("***"))));
    assert!(change.asked);
}

#[tokio::test(start_paused = true)]
async fn a_cancelled_job_makes_no_further_step() {
    let mut bench = Bench::open().await;
    let mut plan = bench.to_five();
    plan.steps.push(plan.steps[0].clone());
    let executor = bench.executor.clone();
    bench.server.fail(1, Reply::Nothing, move |asked| {
        if is_patch(asked) {
            executor.cancel(JOB);
        }
        false
    });
    let problem = bench.failure(plan).await;
    assert_eq!(problem.kind, ProblemKind::Cancelled);
    assert_eq!(bench.server.log().iter().filter(|a| is_patch(a)).count(), 1);
    assert_eq!(bench.records().pop().unwrap().entry.answer["ok"], false);
}

#[tokio::test(start_paused = true)]
async fn the_end_of_a_followed_job_is_on_record_once_and_only_if_it_is_followed() {
    let mut bench = Bench::open().await;
    let followed = |bench: &Bench| {
        let mut plan = bench.to_five();
        plan.goal = Goal::PoolSize { pool: plan.target.clone(), replicas: 5 };
        plan
    };
    bench.execute(followed(&bench)).await;
    bench.executor.ended(JOB, "5 machines run".into()).await;
    bench.executor.ended(JOB, "again".into()).await;
    let records = bench.records();
    assert_eq!(records.len(), 4);
    assert_eq!(records[3].entry.answer, json!({ "end": "5 machines run" }));
    assert_eq!((&*records[3].entry.job, &*records[3].entry.target), ("7", &*records[2].entry.target));

    let mut bench = Bench::open().await;
    bench.execute(followed(&bench)).await;
    bench.executor.cancel(JOB);
    bench.executor.ended(JOB, "5 machines run".into()).await;
    assert_eq!(bench.records().len(), 3, "nobody looked any more");
}
