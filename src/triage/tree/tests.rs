//! The tree and its cause, on objects as servers send them.
use serde_json::json;

use super::*;
use crate::{
    domain::{KindId, Source},
    msg::Observation,
    triage::{
        bed::{Bed, DEV_MACHINE, Owner, Said, at},
        cause,
    },
};

/// Each line as `indent health title: words`.
fn text(bed: &Bed, view: &TreeView) -> Vec<String> {
    let line = |l: &TreeLine<'_>| {
        let (kind, name) = l.title();
        let words: Vec<String> = l.words().iter().map(|w| w.text.to_string()).collect();
        let words = if words.is_empty() { String::new() } else { format!(": {}", words.join(" ")) };
        format!("{}{} {kind}{name}{words}", "  ".repeat(l.more.len()), l.health.word())
    };
    lines(&bed.state, &bed.cluster, Some(view)).iter().map(line).collect()
}

fn shown(bed: &Bed) -> Vec<String> {
    text(bed, &TreeView::default())
}

fn open(bed: &Bed, ids: &[LineId]) -> Vec<String> {
    let mut view = TreeView::default();
    for id in ids {
        view.set_open(id, true);
    }
    text(bed, &view)
}

fn cause_words(bed: &Bed) -> String {
    cause::of(&bed.state, &bed.cluster).map(|c| c.words()).unwrap_or_default()
}

#[test]
fn equal_healthy_machines_are_one_line_in_both_dialects() {
    for version in ["v1beta2", "v1beta1"] {
        let mut bed = Bed::healthy(version, 4);
        bed.infra_cluster(&[("Ready", "True", "Ready", "")]);
        assert_eq!(
            shown(&bed),
            [
                "ok Cluster/c: Provisioned v1.33.5",
                "  ok DevCluster/c-infra",
                "  ok KubeadmControlPlane/cp: 1/1 ready v1.33.5",
                "    ok Machine/cp-0: Running v1.33.5",
                "  ok Workers",
                "    ok MachineDeployment/md: 4/4 ready v1.33.5",
                "      ok 4 machines: Running v1.33.5",
            ],
            "{version}"
        );
        assert_eq!(cause_words(&bed), "");
    }
}

#[test]
fn a_group_opens_into_its_machines_and_a_machine_into_what_it_stands_on() {
    let bed = Bed::healthy("v1beta2", 2);
    let group = LineId::Group(bed.target("pool", "md"), "Running v1.33.5 ok".into());
    let machine = LineId::Object(bed.target("machine", "md-1-1"));
    let lines = open(&bed, &[group, machine]);
    assert_eq!(
        lines[6..],
        [
            "      ok 2 machines: Running v1.33.5",
            "        ok Machine/md-1-0: Running v1.33.5",
            "        ok Machine/md-1-1: Running v1.33.5",
            "          ok DevMachine/md-1-1",
            "          ok KubeadmConfig/md-1-1",
            "          unknown Node/md-1-1: not read here",
        ]
    );
}

#[test]
fn a_faulty_machine_stands_alone_with_its_deepest_condition_and_no_echo_above() {
    let mut bed = Bed::healthy("v1beta2", 3);
    let echo = "* Machine md-1-1:\n  * InfrastructureReady: no space left on the datastore";
    bed.cluster(&[
        ("Available", "False", "NotAvailable", "* WorkersAvailable:\n  * MachineDeployment md: 2 available"),
        ("WorkersAvailable", "False", "NotAvailable", "* MachineDeployment md: 2 available"),
        ("WorkerMachinesReady", "False", "NotReady", echo),
    ]);
    bed.pool(
        "md",
        3,
        &[
            ("Available", "False", "NotAvailable", "2 available replicas, at least 3 required"),
            ("MachinesReady", "False", "NotReady", echo),
        ],
    );
    bed.set("md-1", "md", &[("MachinesReady", "False", "NotReady", echo)]);
    bed.machine(
        "md-1-1",
        Owner::Set("md-1"),
        &[
            ("Ready", "False", "NotReady", "* InfrastructureReady: no space left on the datastore"),
            ("Available", "False", "NotReady", ""),
            ("InfrastructureReady", "False", "NotReady", "* VMProvisioned: no space left on the datastore"),
        ],
    );
    bed.infra(
        "md-1-1",
        &[
            ("Ready", "False", "NotReady", "* VMProvisioned: no space left on the datastore"),
            ("VMProvisioned", "False", "CloneFailed", "no space left on the datastore"),
        ],
    );
    assert_eq!(
        shown(&bed)[3..],
        [
            "    ok Machine/cp-0: Running v1.33.5",
            "  bad Workers",
            "    warning MachineDeployment/md: 3/3 ready v1.33.5",
            "      bad Machine/md-1-1: Running v1.33.5",
            "        bad DevMachine/md-1-1",
            "          bad VMProvisioned: False CloneFailed no space left on the datastore",
            "        ok KubeadmConfig/md-1-1",
            "        unknown Node/md-1-1: not read here",
            "      ok 2 machines: Running v1.33.5",
        ]
    );
    assert_eq!(cause_words(&bed), "DevMachine md-1-1: VMProvisioned False CloneFailed");
    let cause = cause::of(&bed.state, &bed.cluster).unwrap();
    assert_eq!((cause.since, &*cause.message), (Some(at(60)), "no space left on the datastore"));
}

#[test]
fn v1beta1_parents_repeat_their_children_with_a_suffix() {
    let mut bed = Bed::healthy("v1beta1", 2);
    bed.cluster(&[
        ("Ready", "False", "Warning/ScalingUp", "Scaling up"),
        ("ControlPlaneReady", "True", "", ""),
    ]);
    bed.pool(
        "md",
        2,
        &[
            ("Ready", "False", "Warning/WaitingForAvailableMachines", "Minimum availability requires 2"),
            ("Available", "False", "Warning/WaitingForAvailableMachines", "Minimum availability requires 2"),
            ("MachineSetReady", "False", "Error/BootstrapFailed @ Machine/md-1-0", "kubeadm join failed"),
        ],
    );
    bed.set("md-1", "md", &[("MachinesReady", "False", "Error/BootstrapFailed @ Machine/md-1-0", "1 of 2")]);
    bed.machine(
        "md-1-0",
        Owner::Set("md-1"),
        &[
            ("Ready", "False", "Error/BootstrapFailed", "kubeadm join failed"),
            ("BootstrapReady", "False", "Error/BootstrapFailed", "kubeadm join failed"),
        ],
    );
    let lines = shown(&bed);
    assert_eq!(
        lines[5..9],
        [
            "    bad MachineDeployment/md: 2/2 ready v1.33.5",
            "      bad Machine/md-1-0: Running v1.33.5",
            "        bad BootstrapReady: False BootstrapFailed kubeadm join failed",
            "        ok DevMachine/md-1-0",
        ],
        "{lines:#?}"
    );
    assert_eq!(cause_words(&bed), "Machine md-1-0: BootstrapReady False BootstrapFailed");
}

#[test]
fn a_pool_that_grows_waits_for_its_machines_in_either_dialect() {
    let mut bed = Bed::healthy("v1beta1", 2);
    let waits = "Warning/WaitingForAvailableMachines";
    bed.pool("md", 3, &[("Ready", "False", waits, "2 of 3"), ("Available", "False", waits, "2 of 3")]);
    let waiting = [("Ready", "False", "Info/WaitingForBootstrapData", "")];
    let mut machine = bed.machine_json("md-1-2", Owner::Set("md-1"), &waiting);
    machine["status"]["phase"] = "Pending".into();
    bed.put("machine", &machine);
    bed.infra("md-1-2", &[("VMProvisioned", "False", "Info/CloningTemplate", "")]);
    bed.bootstrap("md-1-2", &[("Ready", "True", "", "")]);
    let lines = shown(&bed);
    assert!(!lines.iter().any(|l| l.contains("2 of 3")), "{lines:#?}");
    assert_eq!(cause_words(&bed), "DevMachine md-1-2: VMProvisioned False CloningTemplate");
}

#[test]
fn what_only_waits_for_others_is_not_the_cause() {
    let mut bed = Bed::healthy("v1beta2", 1);
    bed.bootstrap(
        "md-1-0",
        &[(
            "DataSecretAvailable",
            "False",
            "NotAvailable",
            "Waiting for Cluster control plane to be initialized",
        )],
    );
    bed.infra(
        "cp-0",
        &[("APIServerProvisioned", "False", "NotProvisioned", "no route to the load balancer")],
    );
    assert_eq!(cause_words(&bed), "DevMachine cp-0: APIServerProvisioned False NotProvisioned");
}

#[test]
fn equal_words_of_several_conditions_are_one_line() {
    let mut bed = Bed::healthy("v1beta2", 1);
    let why = "connection to the workload cluster is down";
    bed.machine(
        "cp-0",
        Owner::Plane,
        &[
            ("EtcdPodHealthy", "Unknown", "ConnectionDown", why),
            ("APIServerPodHealthy", "Unknown", "ConnectionDown", why),
            ("SchedulerPodHealthy", "Unknown", "ConnectionDown", why),
        ],
    );
    let lines = shown(&bed);
    assert_eq!(lines[4], format!("      unknown EtcdPodHealthy +2: Unknown ConnectionDown {why}"));
    let all = TreeView { all_conditions: true, ..TreeView::default() };
    let lines = text(&bed, &all);
    assert!(lines.iter().any(|l| l.contains("SchedulerPodHealthy")), "{lines:#?}");
    assert!(lines[1].contains("ok Available: True Available"), "good ones too: {lines:#?}");
}

#[test]
fn machine_sets_are_shown_when_there_are_several_or_one_is_at_fault() {
    let mut bed = Bed::healthy("v1beta2", 1);
    bed.set("md-2", "md", &[("MachinesReady", "True", "Ready", "")]);
    assert!(!shown(&bed).iter().any(|l| l.contains("MachineSet/")), "an empty set is no news");
    bed.machine("md-2-0", Owner::Set("md-2"), &[("Ready", "True", "Ready", "")]);
    let lines = shown(&bed);
    let sets: Vec<_> = lines.iter().filter(|l| l.contains("MachineSet/")).collect();
    assert_eq!(sets.len(), 2, "{lines:#?}");

    let mut bed = Bed::healthy("v1beta2", 1);
    bed.set("md-1", "md", &[("MachinesCreated", "False", "CloningFailed", "template not found")]);
    assert_eq!(cause_words(&bed), "MachineSet md-1: MachinesCreated False CloningFailed");
}

#[test]
fn what_cannot_be_seen_is_not_taken_for_gone() {
    let mut bed = Bed::healthy("v1beta2", 1);
    let lines = shown(&bed);
    assert_eq!(lines[1], "  unknown DevCluster/c-infra: not read here");
    assert_eq!(bed.state.sites.len(), 1);
    // Not a fault either: the cluster is well as far as one can see.
    assert_eq!(cause_words(&bed), "");

    bed.remove(DEV_MACHINE, "md-1-0");
    assert!(!shown(&bed).iter().any(|l| l.contains("not found")), "its collection is not whole yet");
    bed.live(DEV_MACHINE);
    let lines = shown(&bed);
    assert!(lines.contains(&"        bad DevMachine/md-1-0: not found".to_owned()), "{lines:#?}");
    assert_eq!(cause_words(&bed), "Machine md-1-0: DevMachine md-1-0 not found");

    let forbidden = crate::domain::Problem::new(crate::domain::ProblemKind::Forbidden, "no rights");
    let source = Source { kind: KindId::new(DEV_MACHINE), ..bed.source("") };
    let now = bed.state.now;
    bed.state.fleet.observe(&source, Observation::Forbidden(forbidden), now);
    assert_eq!(cause_words(&bed), "");
}

#[test]
fn a_node_tells_its_own_state_where_the_workload_api_is_read() {
    let mut bed = Bed::healthy("v1beta2", 1);
    bed.node("md-1-0", "False");
    let lines = shown(&bed);
    let at = lines.iter().position(|l| l.contains("Node/md-1-0")).unwrap();
    assert_eq!(lines[at], "        bad Node/md-1-0");
    assert_eq!(lines[at + 1], "          bad Ready: False KubeletNotReady");
    assert_eq!(cause_words(&bed), "Node md-1-0: Ready False KubeletNotReady");
}

#[test]
fn a_deletion_ends_at_the_finalizers_of_the_last_in_the_chain() {
    let mut bed = Bed::healthy("v1beta2", 1);
    let mut machine = bed.machine_json("md-1-0", Owner::Set("md-1"), &[("Ready", "True", "Ready", "")]);
    machine["metadata"]["deletionTimestamp"] = at(300).to_string().into();
    machine["metadata"]["finalizers"] = json!(["machine.cluster.x-k8s.io"]);
    bed.put("machine", &machine);
    let lines = shown(&bed);
    let at_machine = lines.iter().position(|l| l.contains("Machine/md-1-0")).unwrap();
    assert_eq!(lines[at_machine], "      progressing Machine/md-1-0: Deleting v1.33.5");
    assert_eq!(lines[at_machine + 1], "        progressing held by finalizer: machine.cluster.x-k8s.io");
    assert_eq!(cause_words(&bed), "Machine md-1-0: held by finalizer machine.cluster.x-k8s.io");

    let mut infra = json!({"apiVersion": "infrastructure.cluster.x-k8s.io/v1beta2", "kind": "DevMachine"});
    infra["metadata"] = json!({"namespace": "ns", "name": "md-1-0", "deletionTimestamp": at(310).to_string(),
        "finalizers": ["devmachine"], "labels": {"cluster.x-k8s.io/cluster-name": "c"}});
    bed.put(DEV_MACHINE, &infra);
    assert_eq!(cause_words(&bed), "DevMachine md-1-0: held by finalizer devmachine");
    assert_eq!(shown(&bed).iter().filter(|l| l.contains("held by")).count(), 1);
}

#[test]
fn health_checks_are_listed_when_they_have_something_to_say() {
    let mut bed = Bed::healthy("v1beta2", 1);
    bed.health_check(2, 2, &[("RemediationAllowed", "True", "RemediationAllowed", "")]);
    assert!(!shown(&bed).iter().any(|l| l.contains("MachineHealthCheck")));
    bed.health_check(0, 2, &[("RemediationAllowed", "False", "TooManyUnhealthy", "2 of 2 are unhealthy")]);
    let lines = shown(&bed);
    assert_eq!(
        lines[lines.len() - 2..],
        [
            "  bad MachineHealthCheck/check: 0 of 2 healthy",
            "    bad RemediationAllowed: False TooManyUnhealthy 2 of 2 are unhealthy"
        ]
    );
}

#[test]
fn machines_without_a_known_owner_are_not_lost() {
    let mut bed = Bed::healthy("v1beta2", 1);
    bed.machine("stray", Owner::Nobody, &[("Ready", "True", "Ready", "")]);
    bed.machine("orphan", Owner::Set("set-that-is-gone"), &[("Ready", "False", "NotReady", "")]);
    let lines = shown(&bed);
    assert!(lines.iter().any(|l| l.contains("Machine/stray")), "{lines:#?}");
    assert!(lines.iter().any(|l| l.contains("Machine/orphan")), "{lines:#?}");
}

#[test]
fn a_provider_without_conditions_is_no_fault() {
    let mut bed = Bed::healthy("v1beta1", 1);
    bed.infra_cluster(&[]);
    assert_eq!(shown(&bed)[1], "  unknown DevCluster/c-infra: writes no conditions");
    assert_eq!(cause_words(&bed), "");
}

#[test]
fn rubbish_is_one_line_that_says_so() {
    let mut bed = Bed::healthy("v1beta2", 1);
    let mut machine = bed.machine_json("md-1-0", Owner::Set("md-1"), &[]);
    machine["status"] = json!(null);
    bed.put("machine", &machine);
    assert!(shown(&bed).iter().any(|l| l.contains("Machine/md-1-0")));
    assert_eq!(Bed::new("v1beta2").state.fleet.collections().count(), 0);
    assert!(shown(&Bed::new("v1beta2")).is_empty(), "no cluster, no tree");
}

#[test]
fn five_hundred_machines_are_seven_lines_and_every_one_can_be_opened() {
    let mut bed = Bed::healthy("v1beta2", 500);
    assert_eq!(shown(&bed).len(), 7);
    let group = LineId::Group(bed.target("pool", "md"), "Running v1.33.5 ok".into());
    assert_eq!(open(&bed, &[group]).len(), 507);
    for number in 0..500 {
        bed.infra(&format!("md-1-{number}"), &[("Ready", "False", "CloneFailed", "no space")]);
    }
    assert!(shown(&bed).len() > 2000);
}

/// Run by hand in release: a frame of the largest cluster has to stay below 2 ms.
#[test]
#[ignore = "a measurement"]
fn time_of_the_largest_tree() {
    let mut bed = Bed::healthy("v1beta2", 500);
    let kinds: Vec<String> = (0..15).map(|n| format!("Component{n}PodHealthy")).collect();
    let mut conditions = vec![("Ready", "True", "Ready", "")];
    conditions.extend(kinds.iter().map(|kind| (kind.as_str(), "True", "Running", "")));
    for number in 0..500 {
        bed.machine(&format!("md-1-{number}"), Owner::Set("md-1"), &conditions);
        bed.node(&format!("md-1-{number}"), "True");
    }
    let measure = |what: &str, bed: &Bed| {
        #[expect(clippy::disallowed_methods, reason = "a measurement")]
        let start = std::time::Instant::now();
        for _ in 0..100 {
            let tree = of(&bed.state, &bed.cluster, &TreeView::default()).unwrap();
            std::hint::black_box((cause::in_tree(&tree), flat(tree, &TreeView::default()).len()));
        }
        println!("{what}: {:?}", start.elapsed() / 100);
    };
    measure("500 healthy", &bed);
    for number in 0..500 {
        bed.infra(&format!("md-1-{number}"), &[("Ready", "False", "CloneFailed", "no space")]);
    }
    measure("500 faulty", &bed);
}

/// What the cluster hangs on when its control plane machine says that its certificates end then.
fn with_certificates(
    version: &'static str,
    end: Timestamp,
    plane: &[Said<'_>],
    worker: &[Said<'_>],
) -> String {
    let mut bed = Bed::healthy(version, 2);
    let mut machine = bed.machine_json("cp-0", Owner::Plane, plane);
    machine["status"]["certificatesExpiryDate"] = end.to_string().into();
    bed.put("machine", &machine);
    let worker = bed.machine_json("md-1-0", Owner::Set("md-1"), worker);
    bed.put("machine", &worker);
    cause_words(&bed)
}

#[test]
fn certificates_that_ended_explain_all_else_and_those_that_end_soon_are_told() {
    let (well, days) = ([("Ready", "True", "Ready", "")], |n: i64| at(600 + n * 86_400));
    for version in ["v1beta2", "v1beta1"] {
        let lost = [("NodeHealthy", "False", "ConnectionDown", "Remote connection down")];
        let said = with_certificates(version, at(300), &lost, &lost);
        assert_eq!(said, format!("Machine cp-0: certificates expired {}", at(300)), "{version}");
        let said = with_certificates(version, days(2), &well, &well);
        assert_eq!(said, format!("Machine cp-0: certificates expire in 2 days: {}", days(2)), "{version}");
        let said = with_certificates(version, days(2), &well, &lost);
        assert!(said.starts_with("Machine md-1-0: NodeHealthy"), "what is broken comes first: {said}");
        assert_eq!(with_certificates(version, days(20), &well, &well), "", "{version}");
    }
}
