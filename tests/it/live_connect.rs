//! Greets a real control plane: every context of the kubeconfig that `TKO_LIVE_KUBECONFIG` names. What only a
//! real TLS server can show is here too.
use std::path::PathBuf;
use std::sync::Arc;

use base64::Engine as _;
use kube::config::Kubeconfig;
use serde_json::json;
use tko::backends::kube::greeting::greet;
use tko::backends::kube::{Connections, Options, Request, Sites};
use tko::domain::ProblemKind;

use crate::support::fleet::{Fleet, site, without_sites};

fn kubeconfig() -> Kubeconfig {
    Kubeconfig::read_from(std::env::var_os("TKO_LIVE_KUBECONFIG").unwrap()).unwrap()
}

#[tokio::test]
#[ignore = "needs a control plane; set TKO_LIVE_KUBECONFIG"]
async fn every_site_is_greeted() {
    let files = std::env::var_os("TKO_LIVE_KUBECONFIG").map(PathBuf::from).into_iter().collect();
    let sites = Sites::load(&Request { files, ..Request::default() });
    assert_eq!(sites.problems, []);
    assert!(!sites.specs.is_empty());
    let connections = Connections::new(Arc::new(sites), Options::default());
    for spec in &connections.sites().specs {
        let client = connections.connect(&spec.id).await.unwrap();
        let greeting = greet(&client).await.unwrap_or_else(|p| panic!("{}: {p} {}", spec.id, p.hint));
        println!(
            "{}: {} as {} in {} ms, skew {} s, {} kinds, aggregated: {}",
            spec.id,
            greeting.version,
            greeting.identity,
            greeting.latency_ms,
            greeting.clock_skew_s,
            greeting.discovery.kinds.len(),
            greeting.discovery.aggregated
        );
        assert!(greeting.discovery.serves_group("apps"));
        assert!(greeting.clock_skew_s.abs() < 60);
    }
}

#[tokio::test]
#[ignore = "needs a control plane with client certificates; set TKO_LIVE_KUBECONFIG"]
async fn a_plugin_may_answer_with_a_certificate() {
    use secrecy::ExposeSecret as _;
    let config = kubeconfig();
    let cluster = config.clusters[0].cluster.clone().unwrap();
    let user = config.auth_infos[0].auth_info.clone().unwrap();
    let decoded = |text: &str| {
        String::from_utf8(base64::engine::general_purpose::STANDARD.decode(text).unwrap()).unwrap()
    };
    let answer = json!({
        "kind": "ExecCredential", "apiVersion": "client.authentication.k8s.io/v1",
        "status": {
            "clientCertificateData": decoded(&user.client_certificate_data.unwrap()),
            "clientKeyData": decoded(user.client_key_data.unwrap().expose_secret()),
        },
    });
    let fleet = Fleet::new();
    let file = fleet.write("answer.json", &answer.to_string());
    let script = fleet.script("login", &format!("cat {}", file.display()));
    let authority = format!("certificate-authority-data: {}", cluster.certificate_authority_data.unwrap());
    let exec =
        format!("exec: {{apiVersion: client.authentication.k8s.io/v1, command: \"{}\"}}", script.display());
    let fleet = fleet.site("a", &cluster.server.unwrap(), &authority, &exec);
    let client = fleet.connections(Options::default()).connect(&site("a")).await.unwrap();
    let greeting = greet(&client).await.unwrap();
    assert_ne!(greeting.identity, "system:anonymous");
    assert!(!greeting.identity.is_empty());
}

#[tokio::test]
#[ignore = "needs a control plane with a certificate authority of its own; set TKO_LIVE_KUBECONFIG"]
async fn tls_that_does_not_fit_says_why() {
    let cluster = kubeconfig().clusters[0].cluster.clone().unwrap();
    let server = cluster.server.unwrap();
    let authority = format!("certificate-authority-data: {}", cluster.certificate_authority_data.unwrap());
    let connections = Fleet::new()
        .site("system-roots", &server, "", "")
        .site("other-name", &server, &format!("{authority}, tls-server-name: other.example"), "")
        .site("right-name", &server, &format!("{authority}, tls-server-name: kubernetes"), "token: wrong")
        .site("unchecked", &server, "insecure-skip-tls-verify: true", "token: wrong")
        .connections(Options::default());
    for (name, kind, word) in [
        ("system-roots", ProblemKind::Tls, "certificate-authority"),
        ("other-name", ProblemKind::Tls, "tls-server-name"),
        ("right-name", ProblemKind::Unauthenticated, "log in"),
        ("unchecked", ProblemKind::Unauthenticated, "log in"),
    ] {
        let client = connections.connect(&site(name)).await.unwrap();
        let problem = greet(&client).await.unwrap_err();
        assert_eq!(problem.kind, kind, "{name}: {problem:?}");
        assert!(problem.hint.contains(word), "{name}: {problem:?}");
    }
}

/// The in-memory workload API of the test bed is partial: plain discovery only, and no /version.
#[tokio::test]
#[ignore = "needs the project's test bed with workload clusters; set TKO_LIVE_KUBECONFIG"]
async fn a_workload_cluster_is_reached_by_its_secret() {
    let client = kube::Client::try_from(kubeconfig()).unwrap();
    let secrets: kube::Api<k8s_openapi::api::core::v1::Secret> = kube::Api::all(client);
    let wanted = kube::api::ListParams::default().fields("type=cluster.x-k8s.io/secret");
    let found = secrets.list(&wanted).await.unwrap();
    let secret =
        found.items.iter().find(|s| s.metadata.name.as_ref().unwrap().ends_with("-kubeconfig")).unwrap();
    let yaml = &secret.data.as_ref().unwrap()["value"];
    let client = without_sites().client_from_kubeconfig_yaml(&yaml.0).await.unwrap();
    let greeting = greet(&client).await.unwrap();
    println!("{greeting:?}");
    assert!(greeting.discovery.kinds.iter().any(|k| k.plural == "nodes"));
}
