//! What becomes of an object: made, replaced, held and deleted.
use super::{Case, JSON, MERGE, get, send};

pub(super) const CASES: &[Case] = &[
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
];
