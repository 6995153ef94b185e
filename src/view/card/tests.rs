//! Cards, drawn and searched.
use jiff::Timestamp;

use crate::{
    domain::{Health, Problem, ProblemKind, ResourceRef},
    msg::{Document, Observation},
    state::{Place, screen::Tab},
    theme::Role,
    triage::bed::{Bed, Owner},
    update,
    view::{
        card::{self, Line},
        copy,
        tests::{draw, keys, marked},
    },
};

fn opened(bed: &mut Bed, target: &ResourceRef, tab: Tab) {
    bed.state.screen.go(Place::Object { target: target.clone(), tab });
}

fn machine() -> (Bed, ResourceRef) {
    let mut bed = Bed::healthy("v1beta2", 2);
    let message = "* NodeHealthy: the kubelet stopped posting its status and nobody has heard of it since";
    bed.machine(
        "md-1-0",
        Owner::Set("md-1"),
        &[
            ("Ready", "False", "NotReady", message),
            ("UpToDate", "True", "UpToDate", ""),
            ("NodeHealthy", "False", "NodeLost", "gone"),
        ],
    );
    let target = bed.target("machine", "md-1-0");
    (bed, target)
}

const YAML: &str = "apiVersion: v1\nmetadata:\n  name: a\n  labels:\n    one: x\n    two: y\nspec:\n  list:\n  - port: 1\n  - port: 2\nstatus: {}\n";

fn yaml() -> (Bed, ResourceRef) {
    let (mut bed, target) = machine();
    let document = Document { yaml: YAML.into(), fetched: Timestamp::UNIX_EPOCH };
    bed.state.documents.put(target.clone(), Ok(document));
    opened(&mut bed, &target, Tab::Yaml);
    (bed, target)
}

fn texts(bed: &Bed) -> Vec<String> {
    card::lines(&bed.state).iter().map(Line::text).collect()
}

#[test]
fn the_worst_condition_comes_first_with_its_whole_message_wrapped() {
    let (mut bed, target) = machine();
    (bed.state.width, bed.state.height) = (60, 20);
    opened(&mut bed, &target, Tab::Conditions);
    let lines = texts(&bed);
    assert!(lines[1].starts_with("NodeHealthy False") && lines[1].ends_with("NodeLost"), "{lines:#?}");
    assert!(lines[3].starts_with("Ready "), "a summary comes after what it sums up: {lines:#?}");
    assert_eq!(lines[4], "    * NodeHealthy: the kubelet stopped posting its status");
    assert_eq!(lines[5], "      and nobody has heard of it since");
    assert!(draw(&bed.state).iter().all(|l| crate::text::width(l) <= 60));
}

#[test]
fn an_object_that_cannot_be_read_says_so_and_its_yaml_works() {
    let (mut bed, target) = machine();
    let kind = crate::kinds::find("machine").unwrap();
    let row = kind.read("v1beta2", r#"{"metadata":{"namespace":"ns","name":"md-1-0"},"spec":"#);
    let source = target.source.clone();
    let now = bed.state.now;
    let mut broken = row;
    broken.meta.namespace = "ns".into();
    broken.meta.name = "md-1-0".into();
    let change = crate::msg::Change::Upsert(Box::new(broken));
    bed.state.fleet.observe(&source, Observation::Changes(vec![change]), now);
    opened(&mut bed, &target, Tab::Conditions);
    assert!(texts(&bed).iter().any(|l| l.contains("this object could not be read")));
    let document = Document { yaml: YAML.into(), fetched: Timestamp::UNIX_EPOCH };
    bed.state.documents.put(target.clone(), Ok(document));
    opened(&mut bed, &target, Tab::Yaml);
    assert_eq!(texts(&bed).len(), 11);
}

#[test]
fn yaml_is_there_even_when_the_row_is_gone() {
    let (mut bed, _) = yaml();
    bed.remove("machine", "md-1-0");
    assert_eq!(texts(&bed)[0], "apiVersion: v1");
}

#[test]
fn events_that_are_none_denied_absent_or_not_yet_there_differ() {
    let (mut bed, target) = machine();
    opened(&mut bed, &target, Tab::Events);
    let uid = bed.state.fleet.find(&target).unwrap().meta.uid.to_string();
    let source = update::events_of(&target, &uid);
    let now = bed.state.now;
    assert_eq!(texts(&bed), ["loading"]);
    bed.state.fleet.observe(&source, Observation::Resumed, now);
    assert!(texts(&bed)[0].starts_with("no events"));
    let why = Problem::new(ProblemKind::Forbidden, "events is forbidden");
    bed.state.fleet.observe(&source, Observation::Forbidden(why), now);
    assert!(texts(&bed)[0].starts_with("you may not read events"));
    let why = Problem::new(ProblemKind::Absent, "Event is not served there");
    bed.state.fleet.observe(&source, Observation::Absent(why), now);
    assert_eq!(texts(&bed), ["Event is not served there"]);
}

#[test]
fn events_come_newest_first() {
    let (mut bed, target) = machine();
    let uid = bed.state.fleet.find(&target).unwrap().meta.uid.to_string();
    let source = update::events_of(&target, &uid);
    for (name, reason, time) in [("a", "Old", 10), ("b", "New", 500)] {
        let event = serde_json::json!({
            "apiVersion": "events.k8s.io/v1", "kind": "Event", "metadata": {"namespace": "ns", "name": name},
            "type": "Warning", "reason": reason, "note": "words of it", "reportingController": "core",
            "eventTime": crate::triage::bed::at(time).to_string(),
        });
        bed.put_in(&source, &event);
    }
    let now = bed.state.now;
    bed.state.fleet.observe(&source, Observation::Resumed, now);
    opened(&mut bed, &target, Tab::Events);
    assert_eq!(
        texts(&bed),
        ["  100s  New  core", "          words of it", "    9m  Old  core", "          words of it"]
    );
}

#[test]
fn enter_on_an_owner_or_child_goes_there() {
    let (mut bed, target) = machine();
    opened(&mut bed, &target, Tab::Owners);
    let lines = texts(&bed);
    assert_eq!(lines[0], "Owners");
    assert!(lines[1].starts_with("MachineSet/md-1") && lines[1].ends_with("controller"), "{lines:#?}");
    assert_eq!(lines[2], "Refers to");
    assert!(lines.contains(&"Node/md-1-0  not read here".to_owned()), "{lines:#?}");
    let at = lines.iter().position(|l| l == "Children").unwrap();
    assert!(lines[at + 1].starts_with("DevMachine/md-1-0"), "{lines:#?}");
    keys(&mut bed.state, "j enter");
    let set = bed.target("machine-set", "md-1");
    assert_eq!(*bed.state.screen.place(), Place::Object { target: set, tab: Tab::Conditions });
}

#[test]
fn blocks_of_yaml_fold_and_search_opens_what_hides_a_match() {
    let (mut bed, _) = yaml();
    keys(&mut bed.state, "Z");
    assert_eq!(
        texts(&bed),
        [
            "apiVersion: v1",
            "metadata:",
            "  name: a",
            "  labels:  [2 lines]",
            "spec:",
            "  list:  [2 lines]",
            "status: {}"
        ]
    );
    keys(&mut bed.state, "/ p o r t enter");
    assert_eq!(texts(&bed)[bed.state.screen.card.line], "  - port: 1");
    assert!(draw(&bed.state)[2].ends_with("/port  1 of 2"), "{}", draw(&bed.state)[2]);
    keys(&mut bed.state, "n");
    assert!(draw(&bed.state)[2].ends_with("/port  2 of 2"));
    keys(&mut bed.state, "n N");
    assert_eq!(texts(&bed)[bed.state.screen.card.line], "  - port: 2");
    keys(&mut bed.state, "space");
    assert_eq!(texts(&bed)[bed.state.screen.card.line], "  list:  [2 lines]", "its block folds");
}

#[test]
fn only_the_match_is_marked() {
    let (mut bed, _) = yaml();
    keys(&mut bed.state, "/ o n e enter");
    let line = draw(&bed.state).iter().position(|l| l.contains("one: x")).unwrap();
    let marks = marked(&bed.state, u16::try_from(line).unwrap(), Role::FilterMatch);
    assert_eq!(marks, "    ^^^");
}

#[test]
fn a_document_that_could_not_be_had_says_why() {
    let (mut bed, target) = machine();
    opened(&mut bed, &target, Tab::Yaml);
    assert_eq!(card::lines(&bed.state)[0].health, Some(Health::Progressing));
    let problem = Problem::new(ProblemKind::Forbidden, "machines is forbidden").hint("ask for get");
    bed.state.documents.put(target.clone(), Err(problem));
    assert_eq!(texts(&bed), ["machines is forbidden", "ask for get"]);
}

#[test]
fn what_is_copied_names_the_object_wherever_it_is_looked_at() {
    let (mut bed, target) = machine();
    opened(&mut bed, &target, Tab::Conditions);
    let choices = copy::choices(&bed.state).unwrap();
    let of = |title: &str| choices.iter().find(|(t, _)| t.starts_with(title)).unwrap().1.clone();
    assert_eq!(of("Name"), "md-1-0");
    assert_eq!(of("Reference"), "main:machine/ns/md-1-0");
    assert_eq!(
        of("Command"),
        "kubectl --context admin@main -n ns get machines.cluster.x-k8s.io md-1-0 -o yaml"
    );
    assert!(of("JSON").contains(r#""name":"md-1-0""#));
    assert!(of("Markdown").starts_with("| "));
    let infra = bed.target(crate::triage::bed::DEV_MACHINE, "md-1-0");
    let object = bed.state.fleet.find(&infra).unwrap();
    assert!(
        copy::kubectl(&bed.state, &infra, object)
            .contains("get devmachines.infrastructure.cluster.x-k8s.io md-1-0")
    );
}
