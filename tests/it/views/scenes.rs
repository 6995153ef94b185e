//! The fleet of the view tests, in every state of its data.
use serde_json::json;
use tko::{
    domain::{Problem, ProblemKind},
    msg::{Msg, Observation},
};

use crate::support::{
    objects::{self, DAY, HOUR, MINUTE, Template},
    scenario::{Scenario, absent, cluster_key, forbidden, own, refused},
};

/// How a pane's data is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Case {
    Loading,
    Live,
    Stale,
    /// One of two sites may not be looked at.
    PartlyForbidden,
    Forbidden,
    Absent,
    Empty,
    Many,
    Names,
    Malformed,
    Unreachable,
}

impl Case {
    pub const ALL: [Self; 11] = [
        Self::Loading,
        Self::Live,
        Self::Stale,
        Self::PartlyForbidden,
        Self::Forbidden,
        Self::Absent,
        Self::Empty,
        Self::Many,
        Self::Names,
        Self::Malformed,
        Self::Unreachable,
    ];
}

/// Names that break tables: long, wide, joined emoji, right to left, control and bidi characters.
pub const NAMES: [&str; 7] = [
    "a-name-that-is-much-longer-than-any-column-will-ever-be-because-somebody-generated-it-0123456789",
    "全角文字のクラスター名",
    "👩‍👩‍👧‍👦-family-🚀",
    "שלום-עולם-مرحبا",
    "esc\u{1b}[31mred\u{7}bell\r\nnext\tline",
    "bidi\u{202e}txt.exe\u{2066}",
    "combining-e\u{301}\u{300}\u{302}",
];

const KINDS: [&str; 4] = ["cluster", "control-plane", "pool", "machine"];

/// A console that shows a pane of objects of the management API in that state.
pub fn management(pane: &str, case: Case, (width, height): (u16, u16)) -> Scenario {
    let mut s = Scenario::new(width, height);
    s.site("lab").site("prod-eu").starts().pane = pane.into();
    if case == Case::Unreachable {
        s.site_fails("lab", refused()).site_fails("prod-eu", refused());
        return s;
    }
    s.live("lab").live("prod-eu");
    match case {
        Case::Loading | Case::Unreachable => {}
        Case::Live => fleet(&mut s),
        Case::Stale => {
            fleet(&mut s);
            s.tick(35);
            for kind in KINDS {
                s.stale("prod-eu", kind);
            }
            s.site_fails("prod-eu", refused()).tick(95);
        }
        Case::PartlyForbidden => {
            fleet(&mut s);
            all(&mut s, &["lab"], |what| Observation::Forbidden(forbidden(what)));
        }
        Case::Forbidden => all(&mut s, &["lab", "prod-eu"], |what| Observation::Forbidden(forbidden(what))),
        Case::Absent => all(&mut s, &["lab", "prod-eu"], |what| Observation::Absent(absent(what))),
        Case::Empty => {
            for (site, kind) in pairs() {
                s.list(site, kind, &[]);
            }
        }
        Case::Many => many(&mut s, pane),
        Case::Names => names(&mut s),
        Case::Malformed => malformed(&mut s),
    }
    s
}

fn pairs() -> impl Iterator<Item = (&'static str, &'static str)> {
    ["lab", "prod-eu"].into_iter().flat_map(|site| KINDS.into_iter().map(move |kind| (site, kind)))
}

fn all(s: &mut Scenario, sites: &[&str], say: fn(&str) -> Observation) {
    for (site, kind) in pairs().filter(|(site, _)| sites.contains(site)) {
        s.says(&own(site, kind), say(tko::kinds::find(kind).unwrap().plural));
    }
}

/// Two sites: the lab speaks the old dialect and is well, prod has one of every trouble.
pub fn fleet(s: &mut Scenario) {
    s.list("lab", "cluster", &[objects::cluster("lab-1").v1beta1()]);
    s.list("lab", "control-plane", &[objects::control_plane("lab-1").v1beta1()]);
    s.list("lab", "pool", &[objects::pool("lab-1", "md-0", 2).v1beta1()]);
    s.list("lab", "machine", &[objects::machine("lab-1", "md-0", "lab-1-md-0-a").v1beta1()]);
    troubled_clusters(s);
    troubled_pools(s);
    troubled_machines(s);
}

fn troubled_clusters(s: &mut Scenario) {
    s.list(
        "prod-eu",
        "cluster",
        &[
            objects::cluster("billing"),
            objects::cluster("payments")
                .condition("Available", "False", "NotAvailable", 12 * MINUTE)
                .set("/status/controlPlane/readyReplicas", json!(1)),
            objects::cluster("search")
                .set("/spec/paused", json!(true))
                .condition("Paused", "True", "Paused", HOUR),
            objects::cluster("upgrading")
                .set("/spec/topology/version", json!("v1.34.1"))
                .condition("TopologyReconciled", "False", "ClusterUpgrading", 9 * MINUTE)
                .set("/status/workers/upToDateReplicas", json!(1)),
            objects::cluster("leaving").deleting(),
            objects::cluster("newborn")
                .set("/status", json!({}))
                .set("/metadata/creationTimestamp", objects::ago(20).into()),
        ],
    );
}

fn troubled_pools(s: &mut Scenario) {
    s.list(
        "prod-eu",
        "control-plane",
        &[
            objects::control_plane("billing"),
            objects::control_plane("payments").set("/status/readyReplicas", json!(1)).condition(
                "Available",
                "False",
                "NotAvailable",
                12 * MINUTE,
            ),
            objects::control_plane("upgrading")
                .set("/spec/version", json!("v1.34.1"))
                .set("/status/upToDateReplicas", json!(1)),
        ],
    );
    s.list(
        "prod-eu",
        "pool",
        &[
            objects::pool("billing", "md-0", 3),
            objects::pool("billing", "gpu", 2).set("/status/readyReplicas", json!(1)).condition(
                "Available",
                "False",
                "NotAvailable",
                2 * HOUR,
            ),
            objects::pool("payments", "md-0", 5)
                .set("/status/replicas", json!(3))
                .set("/status/readyReplicas", json!(3))
                .set("/status/upToDateReplicas", json!(3)),
            objects::pool("search", "md-0", 3).set("/spec/paused", json!(true)),
        ],
    );
}

fn troubled_machines(s: &mut Scenario) {
    s.list(
        "prod-eu",
        "machine",
        &[
            objects::machine("billing", "md-0", "billing-md-0-a"),
            objects::machine("billing", "gpu", "billing-gpu-b").condition(
                "NodeHealthy",
                "Unknown",
                "NodeConnectionDown",
                8 * MINUTE,
            ),
            objects::machine("payments", "md-0", "payments-md-0-c")
                .set("/status/phase", json!("Provisioning"))
                .set("/status/nodeRef", json!(null))
                .set("/metadata/creationTimestamp", objects::ago(7 * MINUTE).into())
                .condition("Ready", "False", "NotReady", 7 * MINUTE)
                .condition("InfrastructureReady", "False", "WaitingForInfrastructure", 7 * MINUTE)
                .condition("NodeHealthy", "Unknown", "InspectionFailed", 7 * MINUTE),
            objects::machine("payments", "md-0", "payments-md-0-d")
                .deleting()
                .set("/status/phase", json!("Deleting")),
            objects::machine("search", "md-0", "search-md-0-e")
                .set("/status/phase", json!("Failed"))
                .condition("HealthCheckSucceeded", "False", "UnhealthyNode", 3 * HOUR)
                .condition("OwnerRemediated", "False", "WaitingForRemediation", 3 * HOUR),
            objects::machine("billing", "md-0", "billing-cp-f")
                .label("cluster.x-k8s.io/control-plane", "")
                .set("/status/certificatesExpiryDate", objects::ago(-5 * DAY).into()),
        ],
    );
}

fn many(s: &mut Scenario, pane: &str) {
    for (site, kind) in pairs() {
        s.list(site, kind, &[]);
    }
    let number = |n: usize| format!("c-{n:04}");
    let of = |make: &dyn Fn(usize) -> Template| (0..5000).map(make).collect::<Vec<_>>();
    match pane {
        "machines" => s.list("lab", "machine", &of(&|n| objects::machine("c-0001", "md-0", &number(n)))),
        "pools" => s.list("lab", "pool", &of(&|n| objects::pool(&number(n), "md-0", 3))),
        _ => s.list("lab", "cluster", &of(&|n| objects::cluster(&number(n)))),
    };
}

fn names(s: &mut Scenario) {
    let each = |make: &dyn Fn(&str) -> Template| NAMES.iter().map(|n| make(n)).collect::<Vec<_>>();
    s.list("lab", "cluster", &each(&|n| objects::cluster(n).namespace("命名空間")));
    s.list("lab", "control-plane", &[]);
    s.list("lab", "pool", &each(&|n| objects::pool("c", n, 1)));
    s.list("lab", "machine", &each(&|n| objects::machine("c", "md-0", n)));
    for kind in KINDS {
        s.list("prod-eu", kind, &[]);
    }
}

/// Objects that cannot be read or say nothing, between ones that can.
fn malformed(s: &mut Scenario) {
    let bad = |t: Template| {
        t.set("/spec", json!(7)).set("/status", json!("nothing")).set("/metadata/ownerReferences", json!("x"))
    };
    let silent = |t: Template| t.set("/status", json!(null));
    let nulls = |t: Template| t.set("/status/conditions", json!(null)).set("/metadata/labels", json!(null));
    let three = |make: &dyn Fn(&str) -> Template| {
        vec![make("fine"), bad(make("garbled")), silent(make("silent")), nulls(make("nulls"))]
    };
    s.list("lab", "cluster", &three(&|n| objects::cluster(n)));
    s.list("lab", "control-plane", &[]);
    s.list("lab", "pool", &three(&|n| objects::pool(n, "md-0", 3)));
    s.list("lab", "machine", &three(&|n| objects::machine("c", "md-0", n)));
    for kind in KINDS {
        s.list("prod-eu", kind, &[]);
    }
}

/// The sites themselves.
pub fn sites(case: Case, (width, height): (u16, u16)) -> Scenario {
    let mut s = Scenario::new(width, height);
    match case {
        Case::Loading => {
            s.site("lab").site("prod-eu").begin();
        }
        Case::Empty => {
            s.begin();
        }
        Case::Many => {
            for n in 0..5000 {
                s.site(&format!("site-{n:04}"));
            }
            s.begin();
        }
        Case::Names => {
            for name in NAMES {
                s.site(name);
            }
            s.begin();
        }
        Case::Unreachable => {
            s.site("lab").site("prod-eu").site("dns").site("login").site("cert");
            s.site_fails("lab", refused())
                .site_fails("prod-eu", Problem::new(ProblemKind::Server, "503 from the load balancer"));
            s.site_fails("dns", Problem::new(ProblemKind::Dns, "no address for api.dns.example"));
            s.site_fails(
                "login",
                Problem::new(
                    ProblemKind::Unauthenticated,
                    "the plugin `pinniped` ended with 1: session expired",
                )
                .hint("run `pinniped login`"),
            );
            s.site_fails("cert", Problem::new(ProblemKind::Tls, "the certificate of 10.0.0.9 has expired"));
        }
        _ => return management("fleet", case, (width, height)),
    }
    s
}

/// Nodes of one workload cluster.
pub fn nodes(case: Case, size: (u16, u16)) -> Scenario {
    let mut s = management("clusters", Case::Live, size);
    if case == Case::Empty {
        s.keys("5");
        return s;
    }
    let key = cluster_key("prod-eu", "billing");
    s.select("billing").keys("i 5");
    let source = tko::domain::Source::workload(&key, "node");
    match case {
        Case::Loading => {
            s.reached(&key);
        }
        Case::Unreachable => {
            let event = tko::msg::WorkloadEvent::Failed { problem: refused(), retry_at: None };
            s.send(Msg::Workload(key, Box::new(event)));
        }
        Case::Forbidden => {
            s.reached(&key).says(&source, Observation::Forbidden(forbidden("nodes")));
        }
        Case::Absent => {
            s.reached(&key).says(&source, Observation::Absent(absent("nodes")));
        }
        Case::Many => {
            let nodes: Vec<Template> = (0..5000).map(|n| objects::node(&format!("node-{n:04}"))).collect();
            s.reached(&key).list_from(&source, &nodes);
        }
        Case::Names => {
            let nodes: Vec<Template> = NAMES.iter().map(|n| objects::node(n)).collect();
            s.reached(&key).list_from(&source, &nodes);
        }
        Case::Malformed => {
            let silent = objects::node("silent").set("/status", json!(null));
            let garbled = objects::node("garbled").set("/spec", json!(7)).set("/status", json!([]));
            s.reached(&key).list_from(&source, &[objects::node("fine"), silent, garbled]);
        }
        _ => {
            s.reached(&key).list_from(&source, &troubled_nodes());
            if case == Case::Stale {
                s.tick(30).says(&source, Observation::Failed { problem: refused(), retry_at: None }).tick(95);
            }
        }
    }
    s
}

fn troubled_nodes() -> Vec<Template> {
    vec![
        objects::node("node-ok"),
        objects::node("node-cp").label("node-role.kubernetes.io/control-plane", "").set(
            "/spec/taints",
            json!([{ "key": "node-role.kubernetes.io/control-plane", "effect": "NoSchedule" }]),
        ),
        objects::node("node-gone").condition("Ready", "Unknown", "NodeStatusUnknown", 6 * MINUTE),
        objects::node("node-sick").condition("Ready", "False", "KubeletNotReady", 2 * MINUTE).condition(
            "DiskPressure",
            "True",
            "KubeletHasDiskPressure",
            2 * MINUTE,
        ),
        objects::node("node-cordoned").set("/spec/unschedulable", json!(true)),
        objects::node("node-old").set("/status/nodeInfo/kubeletVersion", json!("v1.29.0")),
    ]
}
