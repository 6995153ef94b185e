use futures::{StreamExt as _, TryStreamExt as _, stream};

use super::*;
use crate::{domain::Facts, kinds};

fn event(line: &str) -> serde_json::Result<Event> {
    read(line.as_bytes(), &kinds::find("machine").unwrap().into(), "v1beta1")
}

#[test]
fn the_usual_line_and_any_other_spelling_of_it_are_the_same_row() {
    let object = r#"{"metadata":{"name":"a","namespace":"n","resourceVersion":"7"},"spec":{}}"#;
    let spellings = [
        format!(r#"{{"type":"MODIFIED","object":{object}}}"#),
        format!("{{\"type\":\"ADDED\",\"object\":{object}}}\r"),
        format!(r#"{{ "object": {object}, "type": "ADDED", "more": 1 }}"#),
    ];
    for line in spellings {
        let Event::Row(row) = event(&line).unwrap() else { panic!("{line}") };
        assert_eq!((row.meta.key(), &*row.meta.resource_version), (ObjectKey::new("n", "a"), "7"), "{line}");
    }
}

#[test]
fn a_bad_object_is_a_row_and_a_bad_line_is_an_error() {
    let line = r#"{"type":"ADDED","object":{"metadata":{"name":"a","namespace":"n","resourceVersion":"7"},"spec":"?","status":[1]}}"#;
    let Event::Row(row) = event(line).unwrap() else { panic!() };
    assert_eq!(row.meta.key(), ObjectKey::new("n", "a"));
    let Event::Row(row) = event(r#"{"type":"ADDED","object":"no object at all"}"#).unwrap() else { panic!() };
    assert!(matches!(row.facts, Facts::Malformed(_)), "{:?}", row.facts);
    for line in [r#"{"type":"ADDED","object":{"metadata":{"name":"a""#, "<html>", r#"{"type":"ADDED"}"#, "{}"]
    {
        assert!(event(line).is_err(), "{line}");
    }
}

#[test]
fn errors_bookmarks_and_what_is_yet_to_be_invented() {
    let gone = r#"{"kind":"Status","code":410,"reason":"Expired","message":"too old"}"#;
    for line in [format!(r#"{{"type":"ERROR","object":{gone}}}"#), gone.to_owned()] {
        assert!(matches!(event(&line).unwrap(), Event::Error(s) if s.code == 410), "{line}");
    }
    let mark = |annotations: &str| {
        format!(
            r#"{{"type":"BOOKMARK","object":{{"metadata":{{"resourceVersion":"9","annotations":{annotations}}}}}}}"#
        )
    };
    let whole = event(&mark(r#"{"k8s.io/initial-events-end":"true"}"#)).unwrap();
    assert!(matches!(whole, Event::Mark { version, listed: true } if version == "9"));
    assert!(matches!(event(&mark("null")).unwrap(), Event::Mark { listed: false, .. }));
    assert!(matches!(event(r#"{"type":"NEW","object":{}}"#).unwrap(), Event::Other));
}

async fn lines_of(pieces: &[&'static str], at_once: usize) -> Vec<String> {
    let body = stream::iter(pieces.to_vec()).map(|piece| Ok(piece.as_bytes().to_vec()));
    let mut lines = Lines::new(body.into_async_read());
    let mut found = Vec::new();
    loop {
        let mut room = at_once;
        let take = |line: &[u8]| {
            found.push(String::from_utf8_lossy(line).into_owned());
            room -= 1;
            room > 0
        };
        if lines.next(take).await.unwrap() == Found::End {
            return found;
        }
    }
}

#[tokio::test]
async fn lines_are_whole_wherever_the_bytes_are_cut_and_half_a_line_is_none() {
    for at_once in [1, 2, 100] {
        let found = lines_of(&["one\ntw", "o\n\n  \nth", "r", "ee\nfour\nhal"], at_once).await;
        assert_eq!(found, ["one", "two", "three", "four"], "{at_once} at once");
    }
    assert!(lines_of(&[], 5).await.is_empty());
}

#[tokio::test]
async fn an_event_laid_out_over_several_lines_is_one() {
    const PRETTY: &str = "{\n \"type\": \"ADDED\",\n \"object\": {\n  \"a\": {}\n }\n}\n";
    let (one, next) = (PRETTY.trim_end().to_owned(), "{\"type\":\"X\"}".to_owned());
    for at_once in [1, 3, 1000] {
        let lines = lines_of(&[PRETTY, "{\"type\":\"X\"}\n", PRETTY], at_once).await;
        assert_eq!(lines, [one.clone(), next.clone(), one.clone()], "{at_once} at once");
    }
    for cut in 1..PRETTY.len() {
        let lines = lines_of(&[&PRETTY[..cut], &PRETTY[cut..]], 1000).await;
        assert_eq!(lines.as_slice(), std::slice::from_ref(&one), "cut at {cut}");
    }
}

#[test]
fn a_batch_keeps_the_newest_of_each_object() {
    let row = |name: &str, version: &str| {
        let json = format!(r#"{{"metadata":{{"name":"{name}","resourceVersion":"{version}"}}}}"#);
        Box::new(kinds::find("machine").unwrap().read("v1beta1", &json))
    };
    let mut batch = Batch::default();
    batch.upsert(row("a", "1"));
    batch.upsert(row("b", "2"));
    batch.upsert(row("a", "3"));
    batch.remove(ObjectKey::new("", "b"));
    let changes = batch.take();
    assert!(
        matches!(&changes[..], [Change::Upsert(a), Change::Remove(_)] if &*a.meta.resource_version == "3")
    );
    assert!(batch.take().is_empty());
}
