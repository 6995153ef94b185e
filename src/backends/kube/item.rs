//! An object on the wire before anybody knows its kind: who it is, and its JSON untouched.
//! It never fails to be read, so that one bad object cannot break a watch or a list.
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use crate::domain::ObjectKey;

/// Identity, version and JSON of one object.
#[derive(Debug, Clone)]
pub struct Item {
    pub key: ObjectKey,
    pub resource_version: String,
    pub json: Box<RawValue>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Head {
    metadata: Named,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Named {
    namespace: Option<String>,
    name: Option<String>,
    resource_version: Option<String>,
}

impl<'de> Deserialize<'de> for Item {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let json = Box::<RawValue>::deserialize(deserializer)?;
        let head: Head = serde_json::from_str(json.get()).unwrap_or_default();
        let Named { namespace, name, resource_version } = head.metadata;
        let key = ObjectKey::new(namespace.unwrap_or_default(), name.unwrap_or_default());
        Ok(Self { key, resource_version: resource_version.unwrap_or_default(), json })
    }
}

#[cfg(test)]
mod tests {
    use kube::api::WatchEvent;

    use super::*;

    #[test]
    fn a_watch_event_keeps_the_object_as_it_came() {
        let line = r#"{"type":"MODIFIED","object":{"metadata":{"name":"a","namespace":"n","resourceVersion":"7"},"spec":{"x":[1,2]}}}"#;
        let WatchEvent::Modified(item) = serde_json::from_str::<WatchEvent<Item>>(line).unwrap() else {
            panic!()
        };
        assert_eq!((item.key, &*item.resource_version), (ObjectKey::new("n", "a"), "7"));
        assert!(item.json.get().ends_with(r#""spec":{"x":[1,2]}}"#));
    }

    #[test]
    fn an_object_that_makes_no_sense_is_still_an_item() {
        let item: Item = serde_json::from_str(r#"{"metadata":"no"}"#).unwrap();
        assert_eq!(item.key, ObjectKey::new("", ""));
    }
}
