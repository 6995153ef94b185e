//! Odd values cost a field, broken JSON costs a row, nothing panics.
use proptest::prelude::*;

use super::{samples::*, *};

#[test]
fn nulls_and_wrong_types_cost_only_their_field() {
    let object = read(
        "machine",
        "v1beta1",
        &json!({
            "metadata": {"name": "m", "labels": null, "annotations": [1], "finalizers": null, "ownerReferences": {"a": 1},
                         "generation": "4", "creationTimestamp": "yesterday"},
            "spec": {"clusterName": 5, "version": "v1.30.0", "infrastructureRef": "x", "bootstrap": null},
            "status": {"phase": "Running", "addresses": null, "nodeRef": [], "certificatesExpiryDate": 12.5,
                       "conditions": [null, 3, {"status": "True"}, {"type": "Ready", "status": true, "reason": null}, {"type": "X", "status": "Maybe"}],
                       "v1beta2": {"conditions": null}}
        }),
    );
    let machine = object.machine().unwrap();
    assert_eq!((object.meta.name.as_str(), object.meta.generation, object.meta.created), ("m", 4, None));
    assert_eq!(
        (machine.cluster.as_str(), machine.version.as_str(), machine.phase.as_str()),
        ("", "v1.30.0", "Running")
    );
    assert_eq!(object.conditions.len(), 2);
    assert_eq!(object.condition("Ready").unwrap().status, Status::True);
    assert_eq!(object.condition("X").unwrap().status, Status::Unknown);
}

#[test]
fn an_object_without_status_or_spec_is_a_row() {
    for kind in KINDS {
        for json in [
            "{}",
            r#"{"spec":null,"status":null,"metadata":null}"#,
            r#"{"spec":[],"status":"x","metadata":1}"#,
        ] {
            let object = (kind.decode)("v1", json).unwrap();
            let _ = (object.health(), object.worst_condition().is_some());
        }
    }
}

#[test]
fn what_cannot_be_read_is_a_row_that_says_so() {
    let machine = find("machine").unwrap();
    let twice = r#"{"metadata":{"namespace":"fleet","name":"m"},"spec":{"version":"a","version":"b"}}"#;
    let object = machine.read("v1beta1", twice);
    assert!(matches!(&object.facts, Facts::Malformed(why) if why.contains("version")), "{object:?}");
    assert_eq!(object.meta.key().to_string(), "fleet/m");
    assert_eq!(object.health(), Health::Unknown);
    assert!(matches!(machine.read("v1beta1", "{\"metadata\":").facts, Facts::Malformed(_)));
}

#[test]
fn strings_of_any_script_come_through_unchanged() {
    let name = "\u{202e}m\u{1f680}\u{7}\"\\";
    let object = read("machine", "v1beta1", &json!({"metadata": {"name": name}}));
    assert_eq!(object.meta.name, *name);
}

#[test]
fn deep_nesting_is_skipped_or_refused_but_survived() {
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let ignored = format!(r#"{{"metadata":{{"name":"m","managedFields":{deep}}}}}"#);
    let _ = find("machine").unwrap().read("v1beta1", &ignored);
    let read = format!(r#"{{"metadata":{{"name":"m"}},"status":{{"phase":{deep}}}}}"#);
    let _ = find("machine").unwrap().read("v1beta1", &read);
}

/// Every path of a JSON value that can be replaced.
fn paths(value: &Value, at: &str, out: &mut Vec<String>) {
    out.push(at.to_owned());
    match value {
        Value::Object(map) => {
            for (key, child) in map {
                paths(child, &format!("{at}/{}", key.replace('~', "~0").replace('/', "~1")), out);
            }
        }
        Value::Array(list) => {
            for (n, child) in list.iter().enumerate() {
                paths(child, &format!("{at}/{n}"), out);
            }
        }
        _ => {}
    }
}

fn rubbish() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(|f| json!(f)),
        ".{0,20}".prop_map(Value::from),
        "-?[0-9]{0,40}(\\.[0-9]{0,3})?(Ki|Gi|m|n|e-?9{1,3}|E)?".prop_map(Value::from),
        Just(json!([])),
        Just(json!({})),
        Just(json!([{"type": "Ready"}, [null]])),
        Just(json!({"a": {"b": [1, "x", {}]}})),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn a_mutated_object_is_still_a_row(
        which in 0usize..5,
        hits in proptest::collection::vec((any::<prop::sample::Index>(), rubbish()), 1..4),
    ) {
        let mut value = vec![machine_a(), machine_b(), machine_c(), cluster_a(), cluster_c()].swap_remove(which);
        for (index, rubbish) in hits {
            let mut all = Vec::new();
            paths(&value, "", &mut all);
            let path = index.get(&all).clone();
            if !path.is_empty() && let Some(target) = value.pointer_mut(&path) {
                *target = rubbish;
            }
        }
        let json = value.to_string();
        for kind in KINDS {
            let object = (kind.decode)("v1beta1", &json);
            prop_assert!(object.is_ok(), "{}: {:?}", kind.id, object);
            let _ = object.map(|o| (o.health(), o.is_paused(), o.meta.is_behind()));
        }
    }

    #[test]
    fn cut_or_altered_bytes_never_panic(cut in any::<prop::sample::Index>(), byte in any::<char>()) {
        let json = machine_b().to_string();
        let at = cut.index(json.len());
        let (head, tail) = (json.get(..at).unwrap_or(""), json.get(at + 1..).unwrap_or(""));
        for kind in KINDS {
            let _ = kind.read("v1beta1", head);
            let _ = kind.read("v1beta1", &format!("{head}{byte}{tail}"));
        }
    }
}
