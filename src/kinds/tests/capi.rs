//! Cluster API in its dialects, and the Tanzu release.
use super::{samples::*, *};

#[test]
fn a_machine_reads_the_same_in_old_and_new_spelling() {
    for (version, value, zone) in [("v1beta1", machine_a(), "az-1"), ("v1beta2", machine_c(), "az-2")] {
        let object = read("machine", version, &value);
        let machine = object.machine().unwrap();
        assert_eq!((machine.cluster.as_str(), machine.phase.as_str()), ("c1", "Running"));
        assert_eq!(machine.node, "node-x");
        assert_eq!(machine.failure_domain, zone);
        assert!(machine.control_plane);
        assert_eq!(machine.infrastructure.group, "infrastructure.cluster.x-k8s.io");
        assert_eq!(machine.bootstrap.kind, "KubeadmConfig");
        assert_eq!(machine.certificates_expiry.unwrap().to_string(), "2026-03-01T10:00:00Z");
    }
    assert_eq!(read("machine", "v1beta1", &machine_a()).machine().unwrap().address, "10.0.0.1");
}

#[test]
fn newer_conditions_are_preferred_where_they_are_served() {
    let a = read("machine", "v1beta1", &machine_a());
    assert_eq!(a.worst_condition().unwrap().kind, "HealthCheckSucceeded");
    assert_eq!(a.health(), Health::Warning);
    let b = read("machine", "v1beta1", &machine_b());
    assert_eq!(b.conditions.len(), 2);
    assert_eq!(b.health(), Health::Ok);
    let c = read("machine", "v1beta2", &machine_c());
    assert_eq!(c.condition("Ready").unwrap().status, Status::True);
    assert_eq!(c.health(), Health::Ok);
    assert_eq!(c.worst_condition(), None);
}

#[test]
fn remediation_is_one_word() {
    let word = |conditions: Value, annotations: Value| {
        let value = json!({"metadata": {"annotations": annotations}, "status": {"conditions": conditions}});
        read("machine", "v1beta2", &value).machine().unwrap().remediation.clone()
    };
    let failed = |kind: &str, reason: &str| json!({"type": kind, "status": "False", "reason": reason});
    let unhealthy = failed("HealthCheckSucceeded", "UnhealthyNode");
    assert_eq!(word(json!([]), json!({})), "");
    assert_eq!(word(json!([]), json!({"cluster.x-k8s.io/remediate-machine": ""})), "requested");
    assert_eq!(word(json!([unhealthy]), json!({})), "unhealthy");
    let owner = |reason: &str| word(json!([unhealthy, failed("OwnerRemediated", reason)]), json!({}));
    assert_eq!(owner("WaitingForRemediation"), "waiting");
    assert_eq!(owner("RemediationDeferred"), "deferred");
    assert_eq!(owner("MachineDeleting"), "replacing");
    assert_eq!(owner("CannotBeRemediated"), "failed");
    assert_eq!(word(json!([failed("ExternallyRemediated", "WaitingForRemediation")]), json!({})), "external");
}

#[test]
fn a_terminal_failure_of_the_old_api_is_kept() {
    let value =
        json!({"status": {"failureReason": "CreateError", "failureMessage": "no quota", "conditions": []}});
    let object = read("machine", "v1beta1", &value);
    assert_eq!(object.machine().unwrap().failure, "CreateError: no quota");
    assert_eq!(object.health(), Health::Bad);
}

#[test]
fn a_cluster_of_the_old_api() {
    let object = read("cluster", "v1beta1", &cluster_a());
    let cluster = object.cluster().unwrap();
    assert!(
        cluster.is_classy() && cluster.paused && cluster.infrastructure_ready && cluster.control_plane_ready
    );
    assert_eq!(cluster.class, "tkg-vsphere-default-v1.1.1");
    assert_eq!(cluster.endpoint, "10.0.0.9:6443");
    assert_eq!(cluster.control_plane_replicas, Some(3));
    assert_eq!(cluster.pools.iter().map(|p| p.replicas).collect::<Vec<_>>(), [Some(4), None]);
    assert_eq!(cluster.pools[1].annotations.len(), 1);
    assert_eq!(cluster.control_plane.name, "c1-cp");
    assert_eq!(cluster.control_plane_counts, None);
    assert_eq!(object.meta.annotation("TKGVERSION"), Some("v2.4.0"));
    assert_eq!(object.health(), Health::Progressing);
}

#[test]
fn a_cluster_of_the_new_api() {
    let object = read("cluster", "v1beta2", &cluster_c());
    let cluster = object.cluster().unwrap();
    assert_eq!(
        (cluster.class.as_str(), cluster.class_namespace.as_str()),
        ("builtin-generic-v3.4.0", "public")
    );
    assert_eq!(cluster.endpoint, "[fd00::1]:6443");
    assert!(cluster.paused && cluster.control_plane_ready);
    assert_eq!(cluster.control_plane_counts.unwrap().ready, Some(2));
    assert_eq!(cluster.worker_counts.unwrap().desired, Some(0));
    assert_eq!(object.worst_condition().unwrap().kind, "ControlPlaneAvailable");
    assert_eq!(object.health(), Health::Bad);
}

#[test]
fn a_cluster_without_a_class_is_not_classy() {
    let object = read("cluster", "v1beta1", &json!({"spec": {"topology": null}}));
    assert!(!object.cluster().unwrap().is_classy());
}

#[test]
fn counters_in_three_spellings() {
    let rows = [
        json!({"replicas": 3, "readyReplicas": 2, "updatedReplicas": 1, "unavailableReplicas": 1}),
        json!({"replicas": 3, "readyReplicas": 9, "updatedReplicas": 9, "unavailableReplicas": 9,
               "v1beta2": {"readyReplicas": 2, "availableReplicas": 2, "upToDateReplicas": 1}}),
        json!({"replicas": 3, "readyReplicas": 2, "availableReplicas": 2, "upToDateReplicas": 1}),
    ];
    for status in rows {
        for id in ["control-plane", "pool", "machine-set"] {
            let object = read(id, "v1beta1", &json!({"spec": {"replicas": 4}, "status": status}));
            let replicas = match &object.facts {
                Facts::ControlPlane(c) => c.replicas,
                Facts::Pool(p) => p.replicas,
                Facts::MachineSet(s) => s.replicas,
                other => panic!("{other:?}"),
            };
            let counts = replicas.counted.unwrap();
            let numbers =
                (replicas.desired, counts.current, counts.ready, counts.available, counts.up_to_date);
            assert_eq!(numbers, (Some(4), 3, 2, 2, 1), "{id} {status}");
        }
    }
}

#[test]
fn what_was_not_counted_is_not_none() {
    for (status, counted) in [
        (json!(null), None),
        (json!({}), None),
        (json!({ "phase": "ScalingUp" }), None),
        (json!({ "observedGeneration": 1 }), Some(0)),
        (json!({ "replicas": 2 }), Some(2)),
    ] {
        let object = read("pool", "v1beta1", &json!({"spec": {"replicas": 4}, "status": status}));
        let replicas = object.pool().unwrap().replicas;
        assert_eq!(replicas.counted.map(|c| c.current), counted, "{status}");
        assert_eq!(replicas.desired, Some(4));
    }
}

#[test]
fn a_control_plane_finds_its_cluster_by_label_or_owner() {
    let old = read(
        "control-plane",
        "v1beta1",
        &json!({
            "metadata": {"labels": {"cluster.x-k8s.io/cluster-name": "c1"}},
            "spec": {"replicas": 3, "version": "v1.29.0"},
            "status": {"version": "v1.28.0", "initialized": true}
        }),
    );
    let plane = old.control_plane().unwrap();
    assert_eq!(
        (plane.cluster.as_str(), plane.running_version.as_str(), plane.initialized),
        ("c1", "v1.28.0", true)
    );
    let new = read(
        "control-plane",
        "v1beta2",
        &json!({
            "metadata": {"ownerReferences": [{"kind": "Cluster", "name": "c2"}]},
            "status": {"initialization": {"controlPlaneInitialized": true}}
        }),
    );
    assert_eq!(new.control_plane().unwrap().cluster, "c2");
    assert!(new.control_plane().unwrap().initialized);
}

#[test]
fn a_pool_and_a_set() {
    let value = json!({
        "metadata": {
            "labels": {"topology.cluster.x-k8s.io/deployment-name": "md-0"},
            "annotations": {"machinedeployment.clusters.x-k8s.io/revision": "7"}
        },
        "spec": {"clusterName": "c1", "replicas": 2, "paused": true, "template": {"spec": {
            "version": "v1.28.3", "failureDomain": "az-1", "infrastructureRef": {"apiGroup": "i", "kind": "T", "name": "t"}}}},
        "status": {"phase": "ScalingUp", "replicas": 2, "readyReplicas": 2}
    });
    let object = read("pool", "v1beta1", &value);
    let pool = object.pool().unwrap();
    assert_eq!(
        (pool.topology_name.as_str(), pool.version.as_str(), pool.failure_domain.as_str()),
        ("md-0", "v1.28.3", "az-1")
    );
    assert_eq!(
        (pool.phase.as_str(), pool.infrastructure.kind.as_str(), pool.paused),
        ("ScalingUp", "T", true)
    );
    let set = read("machine-set", "v1beta1", &value);
    assert_eq!(set.machine_set().unwrap().revision, "7");
    assert_eq!(set.machine_set().unwrap().replicas.counted.unwrap().up_to_date, 2);
}

#[test]
fn checks_classes_configs_and_releases() {
    let check = read(
        "health-check",
        "v1beta2",
        &json!({
        "spec": {"clusterName": "c1"}, "status": {"expectedMachines": 3, "currentHealthy": 2, "remediationsAllowed": 1}}),
    );
    let check = check.health_check().unwrap();
    assert_eq!((check.expected, check.healthy, check.allowed), (3, 2, Some(1)));

    let class = read(
        "cluster-class",
        "v1beta2",
        &json!({
        "spec": {"workers": {"machineDeployments": [{"class": "w"}]}, "kubernetesVersions": ["v1.32.0", "v1.33.0"], "variables": [{"name": "a"}]},
        "status": {"variables": [{"name": "a", "definitions": []}, {"name": "b"}]}}),
    );
    let class = class.class().unwrap();
    assert_eq!(
        (class.variables.len(), class.worker_classes.len(), class.kubernetes_versions.len()),
        (2, 1, 2)
    );

    let config = read(
        "bootstrap",
        "v1beta1",
        &json!({"status": {"conditions": [
        {"type": "DataSecretAvailable", "status": "False", "severity": "Info", "reason": "WaitingForControlPlaneAvailable"}]}}),
    );
    assert_eq!(config.health(), Health::Progressing);

    let release = read(
        "release",
        "v1alpha3",
        &json!({
        "metadata": {"name": "v1.26.8---vmware.1-tkg.1", "labels": {"v1.26": "", "deactivated": ""}},
        "spec": {"version": "v1.26.8+vmware.1-tkg.1", "kubernetes": {"version": "v1.26.8+vmware.1"}}}),
    );
    let release = release.release().unwrap();
    assert_eq!(
        (release.kubernetes.as_str(), release.unusable.as_str(), release.is_usable()),
        ("v1.26.8+vmware.1", "deactivated", false)
    );
    let old = read("release", "v1alpha2", &json!({"spec": {"kubernetesVersion": "v1.23.8"}}));
    assert_eq!(old.release().unwrap().kubernetes, "v1.23.8");
}

#[test]
fn a_plain_kind_is_known_by_its_json() {
    let value = json!({"apiVersion": "infrastructure.cluster.x-k8s.io/v1beta1", "kind": "VSphereMachine",
        "metadata": {"name": "m"}, "spec": 7, "status": {"conditions": [{"type": "VMProvisioned", "status": "True"}]}});
    let object = decode_plain("v1beta1", &value.to_string()).unwrap();
    assert_eq!(object.meta.kind, "VSphereMachine");
    assert_eq!((object.facts.clone(), object.health()), (Facts::Plain, Health::Ok));
}
