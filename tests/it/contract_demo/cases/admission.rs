//! What the webhooks of Cluster API refuse, in their words.
use super::{Case, JSON, MERGE, get, send};

/// A Cluster of the class of these cases, but for what the arguments say of its topology.
macro_rules! cluster {
    ($name:literal, $topology:literal) => {
        concat!(
            r#"{"apiVersion":"cluster.x-k8s.io/v1beta2","kind":"Cluster","metadata":{"name":""#,
            $name,
            r#""},"spec":{"topology":{"classRef":{"name":"contract"},"#,
            $topology,
            "}}}"
        )
    };
}

pub(super) const CASES: &[Case] = &[
    Case {
        name: "etcd beside the API server wants an odd number of machines",
        steps: &[send(
            "POST /apis/controlplane.cluster.x-k8s.io/v1beta2/namespaces/{ns}/kubeadmcontrolplanes?dryRun=All",
            JSON,
            r#"{"apiVersion":"controlplane.cluster.x-k8s.io/v1beta2","kind":"KubeadmControlPlane","metadata":{"name":"even"},
                    "spec":{"replicas":2,"version":"v1.33.4","kubeadmConfigSpec":{"clusterConfiguration":{"apiServer":{"certSANs":["a"]}}},"machineTemplate":{"spec":{"infrastructureRef":{
                    "apiGroup":"infrastructure.cluster.x-k8s.io","kind":"DockerMachineTemplate","name":"none"}}}}}"#,
            422,
            &[
                ("/reason", "\"Invalid\""),
                ("/details/causes/0/field", "\"spec.replicas\""),
                ("/details/causes/0/message", "\"Forbidden: cannot be an even number when etcd is stacked\""),
            ],
        )],
    },
    Case {
        name: "what is not a label value cannot be the name of a Cluster",
        steps: &[send(
            "POST /apis/cluster.x-k8s.io/v1beta2/namespaces/{ns}/clusters?dryRun=All",
            JSON,
            r#"{"apiVersion":"cluster.x-k8s.io/v1beta2","kind":"Cluster","metadata":{"name":"a-name-that-is-longer-than-the-sixty-three-characters-of-a-label"},
                "spec":{"controlPlaneEndpoint":{"host":"10.0.0.1","port":6443},"infrastructureRef":{"apiGroup":"infrastructure.cluster.x-k8s.io","kind":"DockerCluster","name":"none"}}}"#,
            422,
            &[
                ("/details/causes/0/field", "\"metadata.name\""),
                (
                    "/details/causes/0/message",
                    r#""Invalid value: \"a-name-that-is-longer-than-the-sixty-three-characters-of-a-label\": must be a valid label value must be no more than 63 bytes""#,
                ),
            ],
        )],
    },
    Case {
        name: "a topology fits its class, goes up one minor at a time, and keeps its class from being deleted",
        steps: &[
            send(
                "POST /apis/cluster.x-k8s.io/v1beta2/namespaces/{ns}/clusterclasses",
                JSON,
                r#"{"apiVersion":"cluster.x-k8s.io/v1beta2","kind":"ClusterClass","metadata":{"name":"contract"},"spec":{
                    "infrastructure":{"templateRef":{"apiVersion":"infrastructure.cluster.x-k8s.io/v1beta2","kind":"DockerClusterTemplate","name":"none"}},
                    "controlPlane":{"templateRef":{"apiVersion":"controlplane.cluster.x-k8s.io/v1beta2","kind":"KubeadmControlPlaneTemplate","name":"none"}}}}"#,
                201,
                &[],
            ),
            send(
                "POST /apis/cluster.x-k8s.io/v1beta2/namespaces/{ns}/clusters?dryRun=All",
                JSON,
                cluster!(
                    "contract",
                    r#""version":"v1.33.1","workers":{"machineDeployments":[{"name":"md-0","class":"none"}]}"#
                ),
                422,
                &[
                    ("/details/causes/0/field", "\"spec.topology.workers.machineDeployments[0].class\""),
                    (
                        "/details/causes/0/message",
                        r#""Invalid value: \"none\": MachineDeploymentClass with name \"none\" does not exist in ClusterClass \"contract\"""#,
                    ),
                ],
            ),
            send(
                "POST /apis/cluster.x-k8s.io/v1beta2/namespaces/{ns}/clusters",
                JSON,
                cluster!("contract", r#""version":"v1.33.1""#),
                201,
                &[("/spec/topology/version", "\"v1.33.1\"")],
            ),
            send(
                "PATCH /apis/cluster.x-k8s.io/v1beta2/namespaces/{ns}/clusters/contract?dryRun=All",
                MERGE,
                r#"{"spec":{"topology":{"version":"v1.32.8"}}}"#,
                422,
                &[
                    ("/reason", "\"Invalid\""),
                    ("/details/kind", "\"Cluster\""),
                    ("/details/causes/0/field", "\"spec.topology.version\""),
                    (
                        "/details/causes/0/message",
                        r#""Invalid value: \"v1.32.8\": version cannot be decreased from \"1.33.1\" to \"1.32.8\"""#,
                    ),
                ],
            ),
            send(
                "PATCH /apis/cluster.x-k8s.io/v1beta2/namespaces/{ns}/clusters/contract?dryRun=All",
                MERGE,
                r#"{"spec":{"topology":{"version":"v1.35.0"}}}"#,
                422,
                &[(
                    "/details/causes/0/message",
                    r#""Invalid value: \"v1.35.0\": version cannot be increased from \"1.33.1\" to \"1.35.0\"""#,
                )],
            ),
            get(
                "DELETE /apis/cluster.x-k8s.io/v1beta2/namespaces/{ns}/clusterclasses/contract",
                403,
                &[("/reason", "\"Forbidden\""), ("/details/name", "\"contract\"")],
            ),
            get("DELETE /apis/cluster.x-k8s.io/v1beta2/namespaces/{ns}/clusters/contract", 200, &[]),
        ],
    },
];
