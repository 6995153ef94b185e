//! Incidents of packages: the checks and the matrix name their true cause, whatever the seed.
use serde_json::Value;
use tko::demo::scenario::{SCENARIOS, Scenario};

use super::{SEEDS, stage::Stage};

/// What `tko check packages` says of those that fail somewhere: rule, cluster, words.
const CAUSES: [(&str, &str); 4] = [
    (
        "package-values",
        "PKG-04 staging/payments-stage contour: Given data value 'envoy.service.typ' is not declared",
    ),
    ("package-dependency", "PKG-03 web/web-stage-eu contour needs cert-manager, which is not installed"),
    ("package-delete-stuck", "PKG-04 prod/identity-prod prometheus: Preparing kapp: Getting service account"),
    ("repository-certificate", "PKG-02 tkg-system/shared-services tanzu-standard is failed: Get \"https://"),
];
/// The one that fails nowhere: clusters that differ from the others.
const DRIFT: &str = "package-drift";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_checks_and_the_matrix_name_the_true_cause() {
    let scenarios: Vec<&Scenario> = SCENARIOS.iter().copied().filter(|s| s.is_of_packages()).collect();
    for scenario in &scenarios {
        let is_told = scenario.name == DRIFT || CAUSES.iter().any(|(name, _)| *name == scenario.name);
        assert!(is_told, "{} has no cause here", scenario.name);
    }
    for seed in SEEDS {
        // All at once: each has clusters of its own, and none may hide another.
        let stage = Stage::new(seed, &scenarios).await;
        let failures = failures(&stage).await;
        for (scenario, cause) in CAUSES {
            assert!(failures.iter().any(|f| f.starts_with(cause)), "seed {seed}: {scenario}: {failures:?}");
        }
        assert_drift(&stage, seed).await;
        stage.end().await;
    }
}

/// What fails, as `rule cluster words`.
async fn failures(stage: &Stage) -> Vec<String> {
    let ran = stage.tko("check packages -o json --use-kubeconfig-secret --timeout 120").await;
    assert_eq!(ran.code, Some(1), "{}", ran.err);
    let document = ran.json();
    let words = |r: &Value, field: &str| r[field].as_str().unwrap_or_default().to_owned();
    let results = document["results"].as_array().unwrap().iter();
    results
        .filter(|r| r["verdict"] == "fail")
        .map(|r| format!("{} {} {}", words(r, "rule"), words(r, "cluster"), words(r, "words")))
        .collect()
}

/// The matrix shows who differs, and what is not read.
async fn assert_drift(stage: &Stage, seed: u64) {
    let ran = stage.tko("package matrix -o json --use-kubeconfig-secret --timeout 120").await;
    // The site that does not answer makes the answer incomplete.
    assert_eq!(ran.code, Some(3), "seed {seed}: {}", ran.err);
    let document = ran.json();
    let lines = document["packages"].as_array().unwrap();
    let contour = lines.iter().find(|l| l["package"] == "contour.tanzu.vmware.com").unwrap();
    assert_eq!(contour["versions"].as_object().unwrap().len(), 3, "seed {seed}: {contour}");
    let drifts = contour["cells"].as_array().unwrap().iter().filter(|c| c["drifts"] == true).count();
    assert_eq!(drifts, 3, "seed {seed}");
    let places = document["places"].as_array().unwrap();
    assert!(places.iter().any(|p| p["site"] == "edge-north" && p["unread"].is_string()), "seed {seed}");
}
