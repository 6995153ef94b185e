//! The definitions of the custom kinds that a server has: what tools look at to find out which versions there are.
use serde_json::json;

use super::{Api, resource::CUSTOM_RESOURCE_DEFINITIONS};

impl Api {
    /// Makes a definition for every kind that is none of the server's own; they have no schema.
    pub fn define_kinds(&self) {
        for served in self.served().iter().filter(|s| !s.resource.built_in) {
            let (resource, version) = (served.resource, served.version);
            let mut names = json!({
                "kind": resource.kind, "listKind": format!("{}List", resource.kind), "plural": resource.plural,
                "singular": resource.singular(),
            });
            for (field, words) in [("shortNames", resource.short), ("categories", resource.categories)] {
                if !words.is_empty() {
                    names[field] = json!(words);
                }
            }
            let mut labels = json!({});
            if resource.group.ends_with("cluster.x-k8s.io") {
                // By this a version of Cluster API finds the version of a provider's kind.
                labels[format!("cluster.x-k8s.io/{version}")] = version.into();
            }
            let definition = json!({
                "metadata": { "name": resource.qualified(), "labels": labels },
                "spec": {
                    "group": resource.group, "names": names, "conversion": { "strategy": "None" },
                    "scope": if resource.namespaced { "Namespaced" } else { "Cluster" },
                    "versions": [{ "name": version, "served": true, "storage": true, "schema": {
                        "openAPIV3Schema": { "type": "object", "x-kubernetes-preserve-unknown-fields": true },
                    }}],
                },
                "status": {
                    "acceptedNames": names, "storedVersions": [version],
                    "conditions": [
                        { "type": "NamesAccepted", "status": "True", "reason": "NoConflicts" },
                        { "type": "Established", "status": "True", "reason": "InitialNamesAccepted" },
                    ],
                },
            });
            // One that is there already stays as it is.
            let _ = self.create(&CUSTOM_RESOURCE_DEFINITIONS, definition);
        }
    }
}
