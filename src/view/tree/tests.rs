//! The tree as it is drawn and walked.
use crate::{
    msg::{Change, Msg, Observation},
    state::{Place, screen::Tab, tree::LineId},
    triage::bed::{Bed, Owner},
    update::{self, Context},
    view::tests::{draw, keys},
};

fn opened(mut bed: Bed) -> Bed {
    let place = Place::Tree(bed.cluster.clone());
    bed.state.screen.go(place);
    bed
}

fn faulty() -> Bed {
    let mut bed = Bed::healthy("v1beta2", 4);
    bed.infra("md-1-2", &[("VMProvisioned", "False", "CloneFailed", "no space left on the datastore")]);
    opened(bed)
}

/// What a watch says, through the mailbox.
fn told(bed: &mut Bed, change: Change) {
    let source = bed.source("machine");
    let state = &mut bed.state;
    let context = Context { keymap: crate::keymap::Keymap::default() };
    state.screen.followed.insert(source.clone());
    update::update(state, &context, Msg::Observed(source, Observation::Changes(vec![change])));
}

fn cursor(bed: &Bed) -> LineId {
    bed.state.screen.trees[&bed.cluster].cursor.clone().unwrap()
}

#[test]
fn a_frame_tells_the_cause_first_and_ends_at_the_deepest_condition() {
    let mut bed = faulty();
    (bed.state.width, bed.state.height) = (110, 18);
    let frame = draw(&bed.state);
    assert_eq!(frame[1], "Cluster ns/c  on main");
    assert!(
        frame[2].starts_with("✗ hangs on: DevMachine md-1-2: VMProvisioned False CloneFailed, 10m  no space")
    );
    let tree = [
        "▾✓ Cluster/c                      Provisioned v1.33.5                                                      10m",
        "├─ ? DevCluster/c-infra           not read here",
        "├─▾✓ KubeadmControlPlane/cp       1/1 ready v1.33.5                                                        10m",
        "│ └─▸✓ Machine/cp-0               Running v1.33.5                                                          10m",
        "└─▾✗ Workers",
        "  └─▾✓ MachineDeployment/md       4/4 ready v1.33.5                                                        10m",
        "    ├─▾✓ Machine/md-1-2           Running v1.33.5                                                          10m",
        "    │ ├─▾✗ DevMachine/md-1-2                                                                               10m",
        "    │ │ └─ ✗ VMProvisioned        False CloneFailed no space left on the datastore                         10m",
        "    │ ├─ ✓ KubeadmConfig/md-1-2                                                                            10m",
        "    │ └─ ? Node/md-1-2            not read here",
        "    └─▸✓ 3 machines               Running v1.33.5                                                          10m",
    ];
    assert_eq!(frame[3..15], tree);
}

#[test]
fn narrow_ascii_and_tiny_screens_keep_what_matters() {
    let mut bed = faulty();
    bed.state.look.ascii = true;
    for (width, height) in [(80, 24), (40, 8), (200, 50), (20, 5)] {
        (bed.state.width, bed.state.height) = (width, height);
        let frame = draw(&bed.state);
        assert_eq!(frame.len(), usize::from(height));
        if width >= 80 {
            assert!(
                frame
                    .iter()
                    .any(|l| l.contains("x VMProvisioned  False CloneFailed")
                        || l.contains("x VMProvisioned ")),
                "{frame:#?}"
            );
            assert!(frame[3].contains("-+ Cluster/c"), "{frame:#?}");
        }
    }
}

#[test]
fn all_well_is_said_only_of_what_can_be_read() {
    let bed = opened(Bed::healthy("v1beta2", 2));
    assert!(draw(&bed.state)[2].starts_with("✓ nothing is wrong"));
    let mut bed = opened(Bed::healthy("v1beta2", 2));
    let why = crate::domain::Problem::new(crate::domain::ProblemKind::Forbidden, "forbidden");
    let now = bed.state.now;
    let source = bed.source("machine-set");
    bed.state.fleet.observe(&source, Observation::Forbidden(why), now);
    let frame = draw(&bed.state);
    assert!(frame[1].ends_with("machinesets may not be read"), "{}", frame[1]);
    assert!(frame[2].starts_with("? nothing is wrong in what can be read"));
    assert!(frame.iter().any(|l| l.contains("3 machines") || l.contains("2 machines")));
}

#[test]
fn a_cluster_that_is_gone_says_so() {
    let mut bed = opened(Bed::healthy("v1beta2", 1));
    bed.remove("cluster", "c");
    assert!(draw(&bed.state)[2].contains("the object is gone"));
    keys(&mut bed.state, "j k G space");
}

#[test]
fn keys_walk_open_and_fold() {
    let mut bed = opened(Bed::healthy("v1beta2", 3));
    keys(&mut bed.state, "G");
    assert!(matches!(cursor(&bed), LineId::Group(..)));
    keys(&mut bed.state, "enter");
    assert!(draw(&bed.state).iter().any(|l| l.contains("Machine/md-1-2")));
    keys(&mut bed.state, "j");
    assert_eq!(cursor(&bed), LineId::Object(bed.target("machine", "md-1-0")));
    keys(&mut bed.state, "space");
    assert!(draw(&bed.state).iter().any(|l| l.contains("DevMachine/md-1-0")));
    keys(&mut bed.state, "j space");
    assert_eq!(cursor(&bed), LineId::Object(bed.target("machine", "md-1-0")), "a leaf folds its branch");
    assert!(!draw(&bed.state).iter().any(|l| l.contains("DevMachine/md-1-0")));
    keys(&mut bed.state, "Z");
    assert!(draw(&bed.state).iter().any(|l| l.contains("Available")), "every condition");
    keys(&mut bed.state, "enter");
    assert!(matches!(bed.state.screen.place(), Place::Object { tab: Tab::Conditions, .. }));
}

#[test]
fn the_cursor_stays_on_its_machine_and_never_slips_to_a_neighbour() {
    let mut bed = faulty();
    bed.infra("md-1-3", &[("VMProvisioned", "False", "CloneFailed", "no space left on the datastore")]);
    keys(&mut bed.state, "G");
    while cursor(&bed) != LineId::Object(bed.target("machine", "md-1-3")) {
        keys(&mut bed.state, "k");
    }
    let conditions = [("Ready", "False", "NotReady", "kubelet is gone")];
    let above = bed.machine_json("md-1-0", Owner::Set("md-1"), &conditions);
    let kind = crate::kinds::find("machine").unwrap();
    let row = kind.read("v1beta2", &above.to_string());
    told(&mut bed, Change::Upsert(Box::new(row)));
    assert_eq!(cursor(&bed), LineId::Object(bed.target("machine", "md-1-3")), "a line came above it");
    let gone = Change::Remove(bed.target("machine", "md-1-3").key);
    told(&mut bed, gone);
    let after = cursor(&bed);
    assert!(
        after == LineId::Object(bed.target("cluster", "c"))
            || after == LineId::Object(bed.target("pool", "md")),
        "{after:?}"
    );
}

#[test]
fn a_machine_that_gets_well_leaves_the_cursor_on_its_pool() {
    let mut bed = faulty();
    keys(&mut bed.state, "G");
    while cursor(&bed) != LineId::Object(bed.target("machine", "md-1-2")) {
        keys(&mut bed.state, "k");
    }
    bed.infra("md-1-2", &[("Ready", "True", "Ready", "")]);
    let row = bed.machine_json("md-1-2", Owner::Set("md-1"), &[("Ready", "True", "Again", "")]);
    let row = crate::kinds::find("machine").unwrap().read("v1beta2", &row.to_string());
    told(&mut bed, Change::Upsert(Box::new(row)));
    assert_eq!(cursor(&bed), LineId::Object(bed.target("pool", "md")));
}

#[test]
fn infrastructure_of_the_open_cluster_is_followed_as_discovery_names_it() {
    let mut bed = opened(Bed::healthy("v1beta2", 1));
    keys(&mut bed.state, "j");
    let followed = &bed.state.screen.followed;
    for kind in [crate::triage::bed::DEV_MACHINE, "bootstrap", "machine-set", "health-check"] {
        assert!(followed.contains(&bed.source(kind)), "{kind}");
    }
}
