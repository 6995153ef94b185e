use serde_json::json;

use super::*;

/// A field of bytes.
fn bytes(number: u8, of: &[u8]) -> Vec<u8> {
    [&[number << 3 | 2, u8::try_from(of.len()).unwrap()], of].concat()
}

fn body(api_version: &str, kind: &str, raw: &[u8]) -> Vec<u8> {
    let meta = [bytes(1, api_version.as_bytes()), bytes(2, kind.as_bytes())].concat();
    [MAGIC.to_vec(), bytes(1, &meta), bytes(2, raw), bytes(3, b""), bytes(4, b"")].concat()
}

#[test]
fn a_namespace_as_a_typed_client_sends_it() {
    // Go writes every text, empty or not, and a time that was never set as an empty message.
    let meta = [bytes(1, b"compat"), bytes(2, b""), bytes(3, b""), vec![7 << 3, 0], bytes(8, b"")].concat();
    let status = bytes(1, b"");
    let raw = [bytes(1, &meta), bytes(2, b""), bytes(3, &status)].concat();
    let read = read(&body("v1", "Namespace", &raw)).unwrap();
    assert_eq!(read, json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "compat"}}));
}

#[test]
fn maps_are_gathered_and_secrets_stay_encoded() {
    let entry = |key: &[u8], value: &[u8]| [bytes(1, key), bytes(2, value)].concat();
    let raw = [
        bytes(1, &bytes(1, b"s")),
        bytes(2, &entry(b"a", b"\xff\x00")),
        bytes(2, &entry(b"b", b"two")),
        bytes(3, b"Opaque"),
    ]
    .concat();
    let read = read(&body("v1", "Secret", &raw)).unwrap();
    assert_eq!(read["data"], json!({"a": "/wA=", "b": "dHdv"}));
    assert_eq!(read["type"], "Opaque");
}

#[test]
fn zero_is_kept_where_it_differs_from_nothing() {
    let options = [vec![1 << 3, 0], bytes(4, b"Background")].concat();
    let raw = [bytes(1, &bytes(1, b"pod")), bytes(2, &options)].concat();
    let read = read(&body("policy/v1", "Eviction", &raw)).unwrap();
    assert_eq!(read["deleteOptions"], json!({"gracePeriodSeconds": 0, "propagationPolicy": "Background"}));
}

#[test]
fn a_list_of_messages_with_numbers_of_several_bytes() {
    let port = [bytes(1, b"http"), vec![3 << 3, 0x90, 0x3f]].concat();
    let container = [bytes(1, b"c"), bytes(2, b"image"), bytes(6, &port), bytes(8, b"")].concat();
    let template = bytes(2, &bytes(2, &container));
    let spec = [vec![1 << 3, 3], bytes(3, &template), bytes(4, &bytes(1, b""))].concat();
    let read = read(&body("apps/v1", "Deployment", &bytes(2, &spec))).unwrap();
    assert_eq!(
        read["spec"],
        json!({"replicas": 3, "template": {"spec": {"containers": [
            {"name": "c", "image": "image", "ports": [{"name": "http", "containerPort": 8080}]}]}}})
    );
}

#[test]
fn what_is_not_known_is_refused_and_what_is_broken_is_said() {
    // A volume: a field that nothing here knows.
    let spec = bytes(3, &bytes(2, &bytes(1, &bytes(1, b"volume"))));
    let unknown = read(&body("apps/v1", "Deployment", &bytes(2, &spec))).unwrap_err();
    assert_eq!((unknown.code, unknown.message.contains("field 1 of PodSpec")), (415, true));
    assert_eq!(read(&body("v1", "Node", b"")).unwrap_err().code, 415);
    let whole = body("v1", "Namespace", &bytes(1, &bytes(1, b"compat")));
    assert_eq!(read(&whole[..whole.len() - 7]).unwrap_err().code, 400);
    assert_eq!(read(b"{}").unwrap_err().code, 400);
}
