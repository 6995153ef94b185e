//! Patches of every kind, and who owns what was applied.
use super::{APPLY, Case, JSON, MERGE, PATCH, STRATEGIC, get, send};

pub(super) const CASES: &[Case] = &[
    Case {
        name: "a merge patch changes what it names and takes away what is null",
        steps: &[
            map!("merge"),
            send(
                "PATCH /api/v1/namespaces/{ns}/configmaps/merge",
                MERGE,
                r#"{"data":{"a":"9","b":null}}"#,
                200,
                &[("/data/a", "\"9\""), ("/data/b", "!")],
            ),
            send(
                "PATCH /api/v1/namespaces/{ns}/configmaps/merge",
                MERGE,
                r#"{"metadata":{"resourceVersion":"{old}"},"data":{"a":"8"}}"#,
                409,
                &[("/reason", "\"Conflict\"")],
            ),
            send(
                "PATCH /api/v1/namespaces/{ns}/configmaps/merge",
                MERGE,
                r#"{"metadata":{"uid":"other"}}"#,
                422,
                &[],
            ),
            send(
                "PATCH /api/v1/namespaces/{ns}/configmaps/merge",
                MERGE,
                r#"{"metadata":{"name":"other"}}"#,
                400,
                &[],
            ),
            send("PATCH /api/v1/namespaces/{ns}/configmaps/none", MERGE, r#"{"data":{"a":"8"}}"#, 404, &[]),
            send(
                "PATCH /api/v1/namespaces/{ns}/configmaps/merge",
                JSON,
                r#"{"data":{"a":"8"}}"#,
                415,
                &[("/reason", "\"UnsupportedMediaType\"")],
            ),
        ],
    },
    Case {
        name: "nothing is written where nothing changes",
        steps: &[
            map!("same"),
            send(
                "PATCH /api/v1/namespaces/{ns}/configmaps/same",
                MERGE,
                r#"{"data":{"a":"1"}}"#,
                200,
                &[("/metadata/resourceVersion", "\"{rv}\"")],
            ),
        ],
    },
    Case {
        name: "a JSON patch tests before it writes",
        steps: &[
            map!("json"),
            send(
                "PATCH /api/v1/namespaces/{ns}/configmaps/json",
                PATCH,
                r#"[{"op":"test","path":"/data/a","value":"1"},{"op":"replace","path":"/data/a","value":"7"}]"#,
                200,
                &[("/data/a", "\"7\"")],
            ),
            send(
                "PATCH /api/v1/namespaces/{ns}/configmaps/json",
                PATCH,
                r#"[{"op":"test","path":"/data/a","value":"1"},{"op":"replace","path":"/data/a","value":"8"}]"#,
                422,
                &[("/reason", "\"Invalid\"")],
            ),
            send(
                "PATCH /api/v1/namespaces/{ns}/configmaps/json",
                PATCH,
                r#"{"no":"list"}"#,
                400,
                &[("/reason", "\"BadRequest\"")],
            ),
            get("GET /api/v1/namespaces/{ns}/configmaps/json", 200, &[("/data/a", "\"7\"")]),
        ],
    },
    Case {
        name: "a strategic patch is for built-in kinds",
        steps: &[
            map!("strategic"),
            send(
                "PATCH /api/v1/namespaces/{ns}/configmaps/strategic",
                STRATEGIC,
                r#"{"data":{"a":"5"}}"#,
                200,
                &[("/data/a", "\"5\""), ("/data/b", "\"2\"")],
            ),
            send(
                "PATCH /apis/cluster.x-k8s.io/v1beta2/namespaces/{ns}/machinedrainrules/none",
                STRATEGIC,
                "{}",
                415,
                &[("/reason", "\"UnsupportedMediaType\"")],
            ),
        ],
    },
    Case {
        name: "who applies owns what was applied, and is told of others",
        steps: &[
            send(
                "PATCH /api/v1/namespaces/{ns}/configmaps/apply?fieldManager=us",
                APPLY,
                r#"{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"apply"},"data":{"a":"1","b":"2"}}"#,
                201,
                &[
                    ("/metadata/managedFields/0/manager", "\"us\""),
                    ("/metadata/managedFields/0/operation", "\"Apply\""),
                    ("/metadata/managedFields/0/fieldsV1/f:data/f:a", "{}"),
                ],
            ),
            send(
                "PATCH /api/v1/namespaces/{ns}/configmaps/apply?fieldManager=them",
                MERGE,
                r#"{"data":{"a":"9"}}"#,
                200,
                &[("/data/a", "\"9\"")],
            ),
            send(
                "PATCH /api/v1/namespaces/{ns}/configmaps/apply?fieldManager=us",
                APPLY,
                r#"{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"apply"},"data":{"a":"3"}}"#,
                409,
                &[
                    ("/reason", "\"Conflict\""),
                    ("/details/causes/0/reason", "\"FieldManagerConflict\""),
                    ("/details/causes/0/field", "\".data.a\""),
                ],
            ),
            send(
                "PATCH /api/v1/namespaces/{ns}/configmaps/apply?fieldManager=us&force=true",
                APPLY,
                r#"{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"apply"},"data":{"a":"3"}}"#,
                200,
                &[("/data/a", "\"3\""), ("/data/b", "!")],
            ),
            send(
                "PATCH /api/v1/namespaces/{ns}/configmaps/apply",
                APPLY,
                r#"{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"apply"}}"#,
                422,
                &[],
            ),
        ],
    },
];
