//! Lists, watches, shapes, and what a server says that it serves.
use super::{Case, JSON, MERGE, PARTIAL, Step, TABLE, as_kind, get, send, watch};

pub(super) const CASES: &[Case] = &[
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
];
