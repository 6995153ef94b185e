//! What an API server must do, as data: played against the demo's servers in the hermetic tests, and unchanged
//! against a real kube-apiserver in the live suite.

/// One behaviour.
pub struct Case {
    pub name: &'static str,
    pub steps: &'static [Step],
}

/// One request, and what must be true of its answer. `{ns}` is a namespace of the run, `{rv}`, `{old}` and `{uid}`
/// are of the last object that was answered (`{old}` the revision before that), `{next}` the continue token.
pub struct Step {
    /// `viewer GET /api` asks as the one who may only read; `GET /api` as admin.
    pub ask: &'static str,
    /// The media type that is sent, or, of a `GET`, wanted.
    pub kind: &'static str,
    pub body: &'static str,
    pub code: u16,
    /// JSON pointers into the answer and what stands there: JSON, `*` for anything, `!` for nothing.
    pub has: &'static [(&'static str, &'static str)],
    /// What a watch tells: `ADDED name`, `BOOKMARK end`.
    pub events: &'static [&'static str],
}

const JSON: &str = "application/json";
const MERGE: &str = "application/merge-patch+json";
const PATCH: &str = "application/json-patch+json";
const APPLY: &str = "application/apply-patch+yaml";
const STRATEGIC: &str = "application/strategic-merge-patch+json";
const TABLE: &str = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json";
const PARTIAL: &str = "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io,application/json";

const fn get(ask: &'static str, code: u16, has: &'static [(&'static str, &'static str)]) -> Step {
    Step { ask, kind: JSON, body: "", code, has, events: &[] }
}

const fn as_kind(
    ask: &'static str,
    kind: &'static str,
    has: &'static [(&'static str, &'static str)],
) -> Step {
    Step { ask, kind, body: "", code: 200, has, events: &[] }
}

const fn send(
    ask: &'static str,
    kind: &'static str,
    body: &'static str,
    code: u16,
    has: &'static [(&'static str, &'static str)],
) -> Step {
    Step { ask, kind, body, code, has, events: &[] }
}

const fn watch(ask: &'static str, events: &'static [&'static str]) -> Step {
    Step { ask, kind: JSON, body: "", code: 200, has: &[], events }
}

/// A configuration map of a name.
macro_rules! map {
    ($name:literal) => {
        send(
            "POST /api/v1/namespaces/{ns}/configmaps",
            JSON,
            concat!(
                r#"{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":""#,
                $name,
                r#"","labels":{"of":""#,
                $name,
                r#""}},"data":{"a":"1","b":"2"}}"#
            ),
            201,
            &[("/metadata/uid", "*"), ("/metadata/creationTimestamp", "*"), ("/metadata/generation", "!")],
        )
    };
}

/// Every case; each leaves the namespace as it found it but for the objects it names after itself.
pub const CASES: &[Case] = &[
    Case {
        name: "a custom object gets a generation, which counts changes of what is asked for",
        steps: &[
            send(
                "POST /apis/cluster.x-k8s.io/v1beta2/namespaces/{ns}/machinedrainrules",
                JSON,
                r#"{"apiVersion":"cluster.x-k8s.io/v1beta2","kind":"MachineDrainRule","metadata":{"name":"g"},"spec":{"drain":{"behavior":"Skip"}}}"#,
                201,
                &[
                    ("/metadata/generation", "1"),
                    ("/metadata/namespace", "*"),
                    ("/kind", "\"MachineDrainRule\""),
                ],
            ),
            send(
                "PATCH /apis/cluster.x-k8s.io/v1beta2/namespaces/{ns}/machinedrainrules/g",
                MERGE,
                r#"{"metadata":{"labels":{"x":"y"}}}"#,
                200,
                &[("/metadata/generation", "1"), ("/metadata/labels/x", "\"y\"")],
            ),
            send(
                "PATCH /apis/cluster.x-k8s.io/v1beta2/namespaces/{ns}/machinedrainrules/g",
                MERGE,
                r#"{"spec":{"drain":{"behavior":"Drain","order":5}}}"#,
                200,
                &[("/metadata/generation", "2")],
            ),
            get(
                "DELETE /apis/cluster.x-k8s.io/v1beta2/namespaces/{ns}/machinedrainrules/g",
                200,
                &[("/status", "\"Success\""), ("/details/name", "\"g\"")],
            ),
            get(
                "GET /apis/cluster.x-k8s.io/v1beta2/namespaces/{ns}/machinedrainrules/g",
                404,
                &[("/reason", "\"NotFound\""), ("/details/group", "\"cluster.x-k8s.io\"")],
            ),
        ],
    },
    Case {
        name: "a name is taken once, and made up where one is asked for",
        steps: &[
            map!("once"),
            send(
                "POST /api/v1/namespaces/{ns}/configmaps",
                JSON,
                r#"{"metadata":{"name":"once"}}"#,
                409,
                &[("/reason", "\"AlreadyExists\""), ("/details/kind", "\"configmaps\"")],
            ),
            send(
                "POST /api/v1/namespaces/{ns}/configmaps",
                JSON,
                r#"{"metadata":{"generateName":"made-"}}"#,
                201,
                &[("/metadata/name", "*")],
            ),
            send(
                "POST /api/v1/namespaces/{ns}/configmaps",
                JSON,
                r#"{"metadata":{}}"#,
                422,
                &[("/reason", "\"Invalid\"")],
            ),
            send(
                "POST /api/v1/namespaces/{ns}/configmaps",
                JSON,
                r#"{"metadata":{"name":"x","namespace":"default"}}"#,
                400,
                &[("/reason", "\"BadRequest\"")],
            ),
            send(
                "POST /api/v1/namespaces/no-such-namespace/configmaps",
                JSON,
                r#"{"metadata":{"name":"x"}}"#,
                404,
                &[("/details/kind", "\"namespaces\"")],
            ),
        ],
    },
    Case {
        name: "a list comes in pages that meet, and by labels and fields",
        steps: &[
            map!("page-1"),
            map!("page-2"),
            map!("page-3"),
            get(
                "GET /api/v1/namespaces/{ns}/configmaps?labelSelector=of+in+(page-1,page-2,page-3)&limit=2",
                200,
                &[
                    ("/items/0/metadata/name", "\"page-1\""),
                    ("/items/1/metadata/name", "\"page-2\""),
                    ("/metadata/continue", "*"),
                    ("/metadata/remainingItemCount", "!"),
                ],
            ),
            get(
                "GET /api/v1/namespaces/{ns}/configmaps?labelSelector=of+in+(page-1,page-2,page-3)&limit=2&continue={next}",
                200,
                &[("/items/0/metadata/name", "\"page-3\""), ("/items/1", "!"), ("/metadata/continue", "!")],
            ),
            get(
                "GET /api/v1/namespaces/{ns}/configmaps?fieldSelector=metadata.name%3Dpage-2",
                200,
                &[
                    ("/items/0/metadata/name", "\"page-2\""),
                    ("/items/1", "!"),
                    ("/kind", "\"ConfigMapList\""),
                ],
            ),
            get(
                "GET /api/v1/namespaces/{ns}/configmaps?fieldSelector=data.a%3D1",
                400,
                &[("/reason", "\"BadRequest\"")],
            ),
            get(
                "GET /api/v1/namespaces/{ns}/configmaps?labelSelector=a+b",
                400,
                &[("/reason", "\"BadRequest\"")],
            ),
            get(
                "GET /api/v1/namespaces/{ns}/configmaps?labelSelector=of!%3Dpage-1,of,!no,of+notin+(page-2)&limit=1",
                200,
                &[("/items/0", "*")],
            ),
            get("GET /api/v1/configmaps?continue=nonsense", 400, &[("/reason", "\"BadRequest\"")]),
        ],
    },
    Case {
        name: "rows and metadata alone where they are wanted",
        steps: &[
            map!("shape"),
            as_kind(
                "GET /api/v1/namespaces/{ns}/configmaps?fieldSelector=metadata.name%3Dshape",
                TABLE,
                &[
                    ("/kind", "\"Table\""),
                    ("/columnDefinitions/0/name", "\"Name\""),
                    ("/rows/0/cells/0", "\"shape\""),
                    ("/rows/0/object/kind", "\"PartialObjectMetadata\""),
                    ("/rows/0/object/metadata/name", "\"shape\""),
                ],
            ),
            as_kind(
                "GET /api/v1/namespaces/{ns}/configmaps?includeObject=None&fieldSelector=metadata.name%3Dshape",
                TABLE,
                &[("/rows/0/object", "null")],
            ),
            as_kind(
                "GET /api/v1/namespaces/{ns}/configmaps/shape",
                TABLE,
                &[("/kind", "\"Table\""), ("/rows/0/cells/0", "\"shape\"")],
            ),
            as_kind(
                "GET /api/v1/namespaces/{ns}/configmaps?fieldSelector=metadata.name%3Dshape",
                PARTIAL,
                &[
                    ("/kind", "\"PartialObjectMetadataList\""),
                    ("/items/0/metadata/name", "\"shape\""),
                    ("/items/0/data", "!"),
                ],
            ),
            Step {
                ask: "GET /api/v1/namespaces/{ns}/configmaps/shape",
                kind: "text/csv",
                body: "",
                code: 406,
                has: &[("/reason", "\"NotAcceptable\"")],
                events: &[],
            },
        ],
    },
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
        name: "who replaces must have read the last revision",
        steps: &[
            map!("put"),
            send(
                "PUT /api/v1/namespaces/{ns}/configmaps/put",
                JSON,
                r#"{"metadata":{"name":"put","resourceVersion":"{rv}"},"data":{"a":"3"}}"#,
                200,
                &[("/data/a", "\"3\""), ("/data/b", "!")],
            ),
            send(
                "PUT /api/v1/namespaces/{ns}/configmaps/put",
                JSON,
                r#"{"metadata":{"name":"put","resourceVersion":"{old}"},"data":{"a":"4"}}"#,
                409,
                &[("/reason", "\"Conflict\"")],
            ),
            send(
                "PUT /api/v1/namespaces/{ns}/configmaps/put",
                JSON,
                r#"{"metadata":{"name":"else"},"data":{"a":"4"}}"#,
                400,
                &[],
            ),
        ],
    },
    Case {
        name: "a dry run says what would be, and writes nothing",
        steps: &[
            send(
                "POST /api/v1/namespaces/{ns}/configmaps?dryRun=All",
                JSON,
                r#"{"metadata":{"name":"dry"}}"#,
                201,
                &[("/metadata/uid", "*"), ("/metadata/resourceVersion", "!")],
            ),
            get("GET /api/v1/namespaces/{ns}/configmaps/dry", 404, &[]),
            map!("dry"),
            send(
                "PATCH /api/v1/namespaces/{ns}/configmaps/dry?dryRun=All",
                MERGE,
                r#"{"data":{"a":"6"}}"#,
                200,
                &[("/data/a", "\"6\"")],
            ),
            get("DELETE /api/v1/namespaces/{ns}/configmaps/dry?dryRun=All", 200, &[]),
            get("GET /api/v1/namespaces/{ns}/configmaps/dry", 200, &[("/data/a", "\"1\"")]),
            send("PATCH /api/v1/namespaces/{ns}/configmaps/dry?dryRun=Some", MERGE, "{}", 422, &[]),
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
    Case {
        name: "finalizers hold an object until the last is gone",
        steps: &[
            send(
                "POST /api/v1/namespaces/{ns}/configmaps",
                JSON,
                r#"{"metadata":{"name":"held","finalizers":["tko.test/hold"]}}"#,
                201,
                &[],
            ),
            get("DELETE /api/v1/namespaces/{ns}/configmaps/held", 200, &[]),
            get(
                "GET /api/v1/namespaces/{ns}/configmaps/held",
                200,
                &[("/metadata/deletionTimestamp", "*"), ("/metadata/deletionGracePeriodSeconds", "0")],
            ),
            send(
                "PATCH /api/v1/namespaces/{ns}/configmaps/held",
                MERGE,
                r#"{"metadata":{"finalizers":null}}"#,
                200,
                &[],
            ),
            get("GET /api/v1/namespaces/{ns}/configmaps/held", 404, &[]),
        ],
    },
    Case {
        name: "a deletion may insist on the object it saw",
        steps: &[
            map!("seen"),
            send(
                "DELETE /api/v1/namespaces/{ns}/configmaps/seen",
                JSON,
                r#"{"preconditions":{"uid":"another"}}"#,
                409,
                &[("/reason", "\"Conflict\"")],
            ),
            send(
                "DELETE /api/v1/namespaces/{ns}/configmaps/seen",
                JSON,
                r#"{"preconditions":{"resourceVersion":"1"}}"#,
                409,
                &[],
            ),
            get("GET /api/v1/namespaces/{ns}/configmaps/seen", 200, &[]),
            send(
                "DELETE /api/v1/namespaces/{ns}/configmaps/seen",
                JSON,
                r#"{"preconditions":{"uid":"{uid}"}}"#,
                200,
                &[],
            ),
            send("DELETE /api/v1/namespaces/{ns}/configmaps/seen", JSON, "", 404, &[]),
        ],
    },
    Case {
        name: "many are deleted by a selector",
        steps: &[
            map!("many"),
            get(
                "DELETE /api/v1/namespaces/{ns}/configmaps?labelSelector=of%3Dmany",
                200,
                &[("/kind", "\"ConfigMapList\""), ("/items/0/metadata/name", "\"many\"")],
            ),
            get("GET /api/v1/namespaces/{ns}/configmaps/many", 404, &[]),
            get("DELETE /api/v1/namespaces", 405, &[("/reason", "\"MethodNotAllowed\"")]),
        ],
    },
    Case {
        name: "a watch begins with what is there, and follows a revision",
        steps: &[
            map!("watched"),
            watch(
                "GET /api/v1/namespaces/{ns}/configmaps?watch=true&timeoutSeconds=1&fieldSelector=metadata.name%3Dwatched",
                &["ADDED watched"],
            ),
            send(
                "PATCH /api/v1/namespaces/{ns}/configmaps/watched",
                MERGE,
                r#"{"data":{"a":"2"}}"#,
                200,
                &[],
            ),
            watch(
                "GET /api/v1/namespaces/{ns}/configmaps?watch=true&timeoutSeconds=1&fieldSelector=metadata.name%3Dwatched&resourceVersion={old}",
                &["MODIFIED watched"],
            ),
            send(
                "PATCH /api/v1/namespaces/{ns}/configmaps/watched",
                MERGE,
                r#"{"metadata":{"labels":{"of":"nobody"}}}"#,
                200,
                &[],
            ),
            watch(
                "GET /api/v1/namespaces/{ns}/configmaps?watch=true&timeoutSeconds=1&labelSelector=of%3Dwatched&resourceVersion={old}",
                &["DELETED watched"],
            ),
            watch(
                "GET /api/v1/namespaces/{ns}/configmaps?watch=true&timeoutSeconds=1&labelSelector=of%3Dnobody&resourceVersion={old}",
                &["ADDED watched"],
            ),
        ],
    },
    Case {
        name: "a streaming list marks its end",
        steps: &[
            map!("stream"),
            watch(
                "GET /api/v1/namespaces/{ns}/configmaps?watch=true&timeoutSeconds=1&fieldSelector=metadata.name%3Dstream&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true",
                &["ADDED stream", "BOOKMARK end"],
            ),
            get(
                "GET /api/v1/namespaces/{ns}/configmaps?watch=true&timeoutSeconds=1&sendInitialEvents=true",
                422,
                &[("/reason", "\"Invalid\"")],
            ),
            get(
                "GET /api/v1/namespaces/{ns}/configmaps?watch=true&timeoutSeconds=1&resourceVersion=nonsense",
                500,
                &[],
            ),
        ],
    },
    Case {
        name: "a status is written at its own address only",
        steps: &[
            send(
                "POST /api/v1/nodes",
                JSON,
                r#"{"apiVersion":"v1","kind":"Node","metadata":{"name":"{ns}"}}"#,
                201,
                &[],
            ),
            send(
                "PATCH /api/v1/nodes/{ns}",
                MERGE,
                r#"{"spec":{"providerID":"tko://x"},"status":{"phase":"Running"}}"#,
                200,
                &[("/spec/providerID", "\"tko://x\""), ("/status/phase", "!")],
            ),
            send(
                "PATCH /api/v1/nodes/{ns}/status",
                MERGE,
                r#"{"status":{"phase":"Running"}}"#,
                200,
                &[("/status/phase", "\"Running\""), ("/spec/providerID", "\"tko://x\"")],
            ),
            get("DELETE /api/v1/nodes/{ns}", 200, &[]),
        ],
    },
    Case {
        name: "replicas are read and written through scale",
        steps: &[
            send(
                "POST /apis/apps/v1/namespaces/{ns}/deployments",
                JSON,
                r#"{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"scaled"},"spec":{"replicas":0,"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"none"}]}}}}"#,
                201,
                &[("/metadata/generation", "1")],
            ),
            get(
                "GET /apis/apps/v1/namespaces/{ns}/deployments/scaled/scale",
                200,
                &[
                    ("/kind", "\"Scale\""),
                    ("/apiVersion", "\"autoscaling/v1\""),
                    ("/spec/replicas", "!"),
                    ("/status/selector", "\"a=b\""),
                ],
            ),
            send(
                "PATCH /apis/apps/v1/namespaces/{ns}/deployments/scaled/scale",
                MERGE,
                r#"{"spec":{"replicas":1}}"#,
                200,
                &[("/spec/replicas", "1")],
            ),
            get(
                "GET /apis/apps/v1/namespaces/{ns}/deployments/scaled",
                200,
                &[("/spec/replicas", "1"), ("/metadata/generation", "2")],
            ),
            send(
                "PATCH /apis/apps/v1/namespaces/{ns}/deployments/scaled/scale",
                MERGE,
                r#"{"spec":{"replicas":-1}}"#,
                422,
                &[],
            ),
        ],
    },
    Case {
        name: "revisions that cannot be read are refused",
        steps: &[
            get("GET /api/v1/configmaps?resourceVersion=nonsense", 400, &[("/reason", "\"BadRequest\"")]),
            map!("uid"),
            send(
                "PUT /api/v1/namespaces/{ns}/configmaps/uid",
                JSON,
                r#"{"metadata":{"name":"uid","uid":"other"}}"#,
                409,
                &[("/reason", "\"Conflict\"")],
            ),
        ],
    },
    Case {
        name: "what is served is told, group by group and at once",
        steps: &[
            get("GET /version", 200, &[("/gitVersion", "*"), ("/major", "\"1\"")]),
            get("GET /api", 200, &[("/kind", "\"APIVersions\""), ("/versions/0", "\"v1\"")]),
            get(
                "GET /apis",
                200,
                &[("/kind", "\"APIGroupList\""), ("/groups/0/preferredVersion/groupVersion", "*")],
            ),
            get("GET /apis/apps", 200, &[("/kind", "\"APIGroup\""), ("/name", "\"apps\"")]),
            get(
                "GET /apis/cluster.x-k8s.io/v1beta2",
                200,
                &[("/kind", "\"APIResourceList\""), ("/groupVersion", "\"cluster.x-k8s.io/v1beta2\"")],
            ),
            as_kind(
                "GET /apis",
                "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json",
                &[
                    ("/kind", "\"APIGroupDiscoveryList\""),
                    ("/items/0/metadata/name", "*"),
                    ("/items/0/versions/0/freshness", "\"Current\""),
                ],
            ),
            get("GET /openapi/v3", 200, &[("/paths/api~1v1/serverRelativeURL", "*")]),
        ],
    },
    Case {
        name: "what is not served is refused",
        steps: &[
            get("GET /nowhere", 404, &[]),
            get("GET /api/v1/things", 404, &[("/reason", "\"NotFound\"")]),
            get("GET /apis/none.example/v1/things", 404, &[]),
            get("GET /apis/none.example/v1", 404, &[]),
            get("GET /apis/cluster.x-k8s.io/v1beta2/namespaces/{ns}/machines/none/exec", 404, &[]),
            send("POST /api/v1/configmaps", JSON, "{}", 405, &[]),
            send("POST /api/v1/namespaces/{ns}/configmaps", "text/csv", "a,b", 415, &[]),
            send("POST /api/v1/namespaces/{ns}/configmaps", JSON, "{", 400, &[]),
            send(
                "POST /api/v1/namespaces/{ns}/configmaps",
                JSON,
                r#"{"apiVersion":"v1","kind":"Secret","metadata":{"name":"x"}}"#,
                400,
                &[],
            ),
        ],
    },
    Case {
        name: "who may only read is told so, and can ask beforehand",
        steps: &[
            get("viewer GET /api/v1/namespaces/{ns}/configmaps", 200, &[("/kind", "\"ConfigMapList\"")]),
            get(
                "viewer GET /api/v1/namespaces/{ns}/secrets",
                403,
                &[("/reason", "\"Forbidden\""), ("/details/kind", "\"secrets\"")],
            ),
            send(
                "viewer POST /api/v1/namespaces/{ns}/configmaps",
                JSON,
                r#"{"metadata":{"name":"no"}}"#,
                403,
                &[],
            ),
            get("viewer DELETE /api/v1/namespaces/{ns}/configmaps/none", 403, &[]),
            send(
                "viewer POST /apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
                JSON,
                r#"{"apiVersion":"authorization.k8s.io/v1","kind":"SelfSubjectAccessReview","spec":{"resourceAttributes":{"verb":"patch","group":"cluster.x-k8s.io","resource":"clusters"}}}"#,
                201,
                &[("/status/allowed", "false")],
            ),
            send(
                "POST /apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
                JSON,
                r#"{"apiVersion":"authorization.k8s.io/v1","kind":"SelfSubjectAccessReview","spec":{"resourceAttributes":{"verb":"patch","group":"cluster.x-k8s.io","resource":"clusters"}}}"#,
                201,
                &[("/status/allowed", "true")],
            ),
            send(
                "viewer POST /apis/authorization.k8s.io/v1/selfsubjectrulesreviews",
                JSON,
                r#"{"apiVersion":"authorization.k8s.io/v1","kind":"SelfSubjectRulesReview","spec":{"namespace":"default"}}"#,
                201,
                &[("/status/resourceRules/0/verbs", "*")],
            ),
            send(
                "viewer POST /apis/authentication.k8s.io/v1/selfsubjectreviews",
                JSON,
                r#"{"apiVersion":"authentication.k8s.io/v1","kind":"SelfSubjectReview"}"#,
                201,
                &[("/status/userInfo/username", "*")],
            ),
            get("nobody GET /api/v1/namespaces/{ns}/configmaps", 401, &[("/reason", "\"Unauthorized\"")]),
        ],
    },
];
