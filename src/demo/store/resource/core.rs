//! Kinds that every Kubernetes API server has, as far as the demo needs them.
use super::{Column, Resource};

const ALL: &[&str] = &["all"];
const DATA: Column = Column::number("Data", "=data");
const REPLICAS_READY: Column = Column::text("Ready", "=replicas-ready");

pub static NAMESPACES: Resource = Resource::built_in("", "Namespace", "namespaces")
    .cluster_wide()
    .short(&["ns"])
    .status()
    .columns(&[Column::text("Status", ".status.phase")]);
pub static NODES: Resource =
    Resource::built_in("", "Node", "nodes").cluster_wide().short(&["no"]).status().columns(&[
        Column::text("Status", "=node-status"),
        Column::text("Roles", "=node-roles"),
        Column::text("Version", ".status.nodeInfo.kubeletVersion"),
        Column::text("Internal-IP", ".status.addresses.0.address").wide(),
        Column::text("OS-Image", ".status.nodeInfo.osImage").wide(),
        Column::text("Kernel-Version", ".status.nodeInfo.kernelVersion").wide(),
        Column::text("Container-Runtime", ".status.nodeInfo.containerRuntimeVersion").wide(),
    ]);
pub static PODS: Resource =
    Resource::built_in("", "Pod", "pods").short(&["po"]).categories(ALL).status().columns(&[
        Column::text("Ready", "=pod-ready"),
        Column::text("Status", "=pod-status"),
        Column::number("Restarts", ".status.containerStatuses.0.restartCount"),
        Column::text("IP", ".status.podIP").wide(),
        Column::text("Node", ".spec.nodeName").wide(),
    ]);
pub static EVENTS: Resource = Resource::built_in("", "Event", "events").short(&["ev"]).columns(&[
    Column::date("Last Seen", ".lastTimestamp|.eventTime|.metadata.creationTimestamp"),
    Column::text("Type", ".type"),
    Column::text("Reason", ".reason"),
    Column::text("Object", "=event-object"),
    Column::text("Message", ".message"),
]);
pub static SECRETS: Resource =
    Resource::built_in("", "Secret", "secrets").columns(&[Column::text("Type", ".type"), DATA]);
pub static CONFIGMAPS: Resource =
    Resource::built_in("", "ConfigMap", "configmaps").short(&["cm"]).columns(&[DATA]);
pub static SERVICES: Resource =
    Resource::built_in("", "Service", "services").short(&["svc"]).categories(ALL).status().columns(&[
        Column::text("Type", ".spec.type"),
        Column::text("Cluster-IP", ".spec.clusterIP"),
        Column::text("External-IP", "=external-ip"),
        Column::text("Port(s)", "=ports"),
    ]);
pub static ENDPOINTS: Resource = Resource::built_in("", "Endpoints", "endpoints").short(&["ep"]);
pub static SERVICE_ACCOUNTS: Resource =
    Resource::built_in("", "ServiceAccount", "serviceaccounts").short(&["sa"]);
pub static PERSISTENT_VOLUME_CLAIMS: Resource =
    Resource::built_in("", "PersistentVolumeClaim", "persistentvolumeclaims")
        .short(&["pvc"])
        .status()
        .columns(&[Column::text("Status", ".status.phase"), Column::text("Volume", ".spec.volumeName")]);
pub static PERSISTENT_VOLUMES: Resource = Resource::built_in("", "PersistentVolume", "persistentvolumes")
    .cluster_wide()
    .short(&["pv"])
    .status()
    .columns(&[Column::text("Status", ".status.phase")]);

pub static DEPLOYMENTS: Resource = Resource::built_in("apps", "Deployment", "deployments")
    .short(&["deploy"])
    .categories(ALL)
    .status()
    .scale()
    .generation()
    .columns(&[
        REPLICAS_READY,
        Column::number("Up-to-date", ".status.updatedReplicas"),
        Column::number("Available", ".status.availableReplicas"),
    ]);
pub static REPLICA_SETS: Resource = Resource::built_in("apps", "ReplicaSet", "replicasets")
    .short(&["rs"])
    .categories(ALL)
    .status()
    .scale()
    .generation()
    .columns(&[
        Column::number("Desired", ".spec.replicas"),
        Column::number("Current", ".status.replicas"),
        Column::number("Ready", ".status.readyReplicas"),
    ]);
pub static STATEFUL_SETS: Resource = Resource::built_in("apps", "StatefulSet", "statefulsets")
    .short(&["sts"])
    .categories(ALL)
    .status()
    .scale()
    .generation()
    .columns(&[REPLICAS_READY]);
pub static DAEMON_SETS: Resource = Resource::built_in("apps", "DaemonSet", "daemonsets")
    .short(&["ds"])
    .categories(ALL)
    .status()
    .generation()
    .columns(&[
        Column::number("Desired", ".status.desiredNumberScheduled"),
        Column::number("Current", ".status.currentNumberScheduled"),
        Column::number("Ready", ".status.numberReady"),
        Column::number("Up-to-date", ".status.updatedNumberScheduled"),
        Column::number("Available", ".status.numberAvailable"),
    ]);

pub static DISRUPTION_BUDGETS: Resource =
    Resource::built_in("policy", "PodDisruptionBudget", "poddisruptionbudgets")
        .short(&["pdb"])
        .status()
        .generation()
        .columns(&[
            Column::text("Min Available", ".spec.minAvailable"),
            Column::text("Max Unavailable", ".spec.maxUnavailable"),
            Column::number("Allowed Disruptions", ".status.disruptionsAllowed"),
        ]);
pub static LEASES: Resource = Resource::built_in("coordination.k8s.io", "Lease", "leases")
    .columns(&[Column::text("Holder", ".spec.holderIdentity")]);
pub static STORAGE_CLASSES: Resource = Resource::built_in("storage.k8s.io", "StorageClass", "storageclasses")
    .cluster_wide()
    .short(&["sc"])
    .columns(&[Column::text("Provisioner", ".provisioner")]);
pub static VOLUME_ATTACHMENTS: Resource =
    Resource::built_in("storage.k8s.io", "VolumeAttachment", "volumeattachments").cluster_wide().status();
pub static CUSTOM_RESOURCE_DEFINITIONS: Resource =
    Resource::built_in("apiextensions.k8s.io", "CustomResourceDefinition", "customresourcedefinitions")
        .cluster_wide()
        .short(&["crd", "crds"])
        .status()
        .generation()
        .columns(&[Column::text("Created At", ".metadata.creationTimestamp")]);
pub static VALIDATING_WEBHOOKS: Resource = Resource::built_in(
    "admissionregistration.k8s.io",
    "ValidatingWebhookConfiguration",
    "validatingwebhookconfigurations",
)
.cluster_wide();

pub(super) static CORE: &[&Resource] = &[
    &NAMESPACES,
    &NODES,
    &PODS,
    &EVENTS,
    &SECRETS,
    &CONFIGMAPS,
    &SERVICES,
    &ENDPOINTS,
    &SERVICE_ACCOUNTS,
    &PERSISTENT_VOLUME_CLAIMS,
    &PERSISTENT_VOLUMES,
    &DEPLOYMENTS,
    &REPLICA_SETS,
    &STATEFUL_SETS,
    &DAEMON_SETS,
    &DISRUPTION_BUDGETS,
    &LEASES,
    &STORAGE_CLASSES,
    &VOLUME_ATTACHMENTS,
    &CUSTOM_RESOURCE_DEFINITIONS,
    &VALIDATING_WEBHOOKS,
];
