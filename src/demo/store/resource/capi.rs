//! Kinds of Cluster API, its providers and Tanzu, as their definitions name them.
use super::{Column, Resource};

const CAPI: &str = "cluster.x-k8s.io";
const CONTROL_PLANE: &str = "controlplane.cluster.x-k8s.io";
const BOOTSTRAP: &str = "bootstrap.cluster.x-k8s.io";
const INFRASTRUCTURE: &str = "infrastructure.cluster.x-k8s.io";
const SUPERVISOR: &str = "vmware.infrastructure.cluster.x-k8s.io";
const ADDONS: &str = "addons.cluster.x-k8s.io";
const TANZU: &str = "run.tanzu.vmware.com";

const BOTH: &[&str] = &["v1beta2", "v1beta1"];
const CATEGORY: &[&str] = &["cluster-api"];
const OF_CLUSTER: Column = Column::text("Cluster", ".spec.clusterName");
const READY: Column = Column::text("Ready", "?Ready");

const fn of(group: &'static str, kind: &'static str, plural: &'static str) -> Resource {
    Resource::custom(group, kind, plural).versions(BOTH).categories(CATEGORY)
}

pub static CLUSTERS: Resource = of(CAPI, "Cluster", "clusters").short(&["cl"]).columns(&[
    Column::text("ClusterClass", ".spec.topology.classRef.name|.spec.topology.class"),
    Column::text("Available", "?Available|?Ready"),
    Column::text("Phase", ".status.phase"),
    Column::text("Version", ".spec.topology.version"),
    Column::flag("Paused", ".spec.paused").wide(),
]);
pub static CLUSTER_CLASSES: Resource = of(CAPI, "ClusterClass", "clusterclasses")
    .short(&["cc"])
    .columns(&[Column::text("Variables Ready", "?VariablesReady|?VariablesReconciled")]);
pub static MACHINE_DEPLOYMENTS: Resource =
    of(CAPI, "MachineDeployment", "machinedeployments").short(&["md"]).scale().columns(&[
        OF_CLUSTER,
        Column::text("Available", "?Available|?Ready"),
        Column::number("Desired", ".spec.replicas"),
        Column::number("Current", ".status.replicas"),
        Column::number("Ready", ".status.readyReplicas"),
        Column::number("Up-to-date", ".status.upToDateReplicas|.status.updatedReplicas"),
        Column::text("Phase", ".status.phase"),
        Column::text("Version", ".spec.template.spec.version"),
    ]);
pub static MACHINE_SETS: Resource = of(CAPI, "MachineSet", "machinesets").short(&["ms"]).scale().columns(&[
    OF_CLUSTER,
    Column::number("Desired", ".spec.replicas"),
    Column::number("Current", ".status.replicas"),
    Column::number("Ready", ".status.readyReplicas"),
    Column::text("Version", ".spec.template.spec.version"),
]);
pub static MACHINES: Resource = of(CAPI, "Machine", "machines").short(&["ma"]).columns(&[
    OF_CLUSTER,
    Column::text("Node Name", ".status.nodeRef.name"),
    READY,
    Column::text("Available", "?Available|?Ready"),
    Column::text("Up-to-date", "?UpToDate"),
    Column::text("Phase", ".status.phase"),
    Column::text("Version", ".spec.version"),
    Column::text("Provider ID", ".spec.providerID").wide(),
]);
pub static MACHINE_POOLS: Resource = of(CAPI, "MachinePool", "machinepools").short(&["mp"]).scale();
pub static MACHINE_HEALTH_CHECKS: Resource =
    of(CAPI, "MachineHealthCheck", "machinehealthchecks").short(&["mhc", "mhcs"]).columns(&[
        OF_CLUSTER,
        Column::number("Expected", ".status.expectedMachines"),
        Column::number("Current Healthy", ".status.currentHealthy"),
    ]);
pub static MACHINE_DRAIN_RULES: Resource = of(CAPI, "MachineDrainRule", "machinedrainrules").without_status();

pub static KUBEADM_CONTROL_PLANES: Resource =
    of(CONTROL_PLANE, "KubeadmControlPlane", "kubeadmcontrolplanes").short(&["kcp"]).scale().columns(&[
        Column::text("Available", "?Available|?Ready"),
        Column::number("Desired", ".spec.replicas"),
        Column::number("Current", ".status.replicas"),
        Column::number("Ready", ".status.readyReplicas"),
        Column::text("Version", ".spec.version"),
    ]);
pub static KUBEADM_CONTROL_PLANE_TEMPLATES: Resource =
    of(CONTROL_PLANE, "KubeadmControlPlaneTemplate", "kubeadmcontrolplanetemplates").without_status();
pub static KUBEADM_CONFIGS: Resource = of(BOOTSTRAP, "KubeadmConfig", "kubeadmconfigs").columns(&[READY]);
pub static KUBEADM_CONFIG_TEMPLATES: Resource =
    of(BOOTSTRAP, "KubeadmConfigTemplate", "kubeadmconfigtemplates").without_status();
pub static CLUSTER_RESOURCE_SETS: Resource = of(ADDONS, "ClusterResourceSet", "clusterresourcesets");
pub static CLUSTER_RESOURCE_SET_BINDINGS: Resource =
    of(ADDONS, "ClusterResourceSetBinding", "clusterresourcesetbindings").without_status();

pub static VSPHERE_CLUSTERS: Resource = of(INFRASTRUCTURE, "VSphereCluster", "vsphereclusters").columns(&[
    READY,
    Column::text("Server", ".spec.server"),
    Column::text("ControlPlaneEndpoint", ".spec.controlPlaneEndpoint.host"),
]);
pub static VSPHERE_MACHINES: Resource = of(INFRASTRUCTURE, "VSphereMachine", "vspheremachines")
    .columns(&[READY, Column::text("ProviderID", ".spec.providerID")]);
pub static VSPHERE_VMS: Resource = of(INFRASTRUCTURE, "VSphereVM", "vspherevms").columns(&[READY]);
pub static VSPHERE_MACHINE_TEMPLATES: Resource =
    of(INFRASTRUCTURE, "VSphereMachineTemplate", "vspheremachinetemplates");
pub static VSPHERE_CLUSTER_TEMPLATES: Resource =
    of(INFRASTRUCTURE, "VSphereClusterTemplate", "vsphereclustertemplates").without_status();
pub static VSPHERE_FAILURE_DOMAINS: Resource =
    of(INFRASTRUCTURE, "VSphereFailureDomain", "vspherefailuredomains").cluster_wide();
pub static VSPHERE_DEPLOYMENT_ZONES: Resource =
    of(INFRASTRUCTURE, "VSphereDeploymentZone", "vspheredeploymentzones").cluster_wide();
pub static SUPERVISOR_CLUSTERS: Resource =
    of(SUPERVISOR, "VSphereCluster", "vsphereclusters").columns(&[READY]);
pub static SUPERVISOR_MACHINES: Resource =
    of(SUPERVISOR, "VSphereMachine", "vspheremachines").columns(&[READY]);
pub static SUPERVISOR_MACHINE_TEMPLATES: Resource =
    of(SUPERVISOR, "VSphereMachineTemplate", "vspheremachinetemplates");

pub static AWS_CLUSTERS: Resource =
    of(INFRASTRUCTURE, "AWSCluster", "awsclusters").short(&["awsc"]).columns(&[READY]);
pub static AWS_MACHINES: Resource = of(INFRASTRUCTURE, "AWSMachine", "awsmachines")
    .short(&["awsm"])
    .columns(&[READY, Column::text("InstanceID", ".spec.instanceID")]);
pub static AWS_MACHINE_TEMPLATES: Resource =
    of(INFRASTRUCTURE, "AWSMachineTemplate", "awsmachinetemplates").short(&["awsmt"]);
pub static AWS_CLUSTER_TEMPLATES: Resource =
    of(INFRASTRUCTURE, "AWSClusterTemplate", "awsclustertemplates").without_status();

pub static TANZU_RELEASES: Resource =
    Resource::custom(TANZU, "TanzuKubernetesRelease", "tanzukubernetesreleases")
        .versions(&["v1alpha3", "v1alpha2", "v1alpha1"])
        .cluster_wide()
        .short(&["tkr"])
        .columns(&[
            Column::text("Version", ".spec.version"),
            READY,
            Column::text("Compatible", "?Compatible"),
        ]);
pub static OS_IMAGES: Resource = Resource::custom(TANZU, "OSImage", "osimages")
    .versions(&["v1alpha3"])
    .cluster_wide()
    .short(&["osimg"])
    .columns(&[Column::text("Version", ".spec.kubernetesVersion"), Column::text("OS Name", ".spec.os.name")]);
pub static CLUSTER_BOOTSTRAPS: Resource = Resource::custom(TANZU, "ClusterBootstrap", "clusterbootstraps")
    .versions(&["v1alpha3"])
    .short(&["cb"])
    .columns(&[Column::text("Resolved_TKR", ".status.resolvedTKR")]);
pub static TANZU_CLUSTERS: Resource =
    Resource::custom(TANZU, "TanzuKubernetesCluster", "tanzukubernetesclusters")
        .versions(&["v1alpha3", "v1alpha2"])
        .short(&["tkc"])
        .columns(&[READY, Column::text("Phase", ".status.phase")]);

pub(super) static CLUSTER_API: &[&Resource] = &[
    &CLUSTERS,
    &CLUSTER_CLASSES,
    &MACHINE_DEPLOYMENTS,
    &MACHINE_SETS,
    &MACHINES,
    &MACHINE_POOLS,
    &MACHINE_HEALTH_CHECKS,
    &MACHINE_DRAIN_RULES,
    &KUBEADM_CONTROL_PLANES,
    &KUBEADM_CONTROL_PLANE_TEMPLATES,
    &KUBEADM_CONFIGS,
    &KUBEADM_CONFIG_TEMPLATES,
    &CLUSTER_RESOURCE_SETS,
    &CLUSTER_RESOURCE_SET_BINDINGS,
];
