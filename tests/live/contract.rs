//! The contract of the demo's servers, played on a real kube-apiserver beside them: a behaviour on which the two
//! differ is mended, or listed in `src/demo/mod.rs`.
use kube::{
    Client,
    config::{KubeConfigOptions, Kubeconfig},
};
use tokio_util::sync::CancellationToken;

use crate::{
    bed::{Bed, User, beds},
    contract_demo::{
        cases, embedded,
        play::{self, Server},
    },
};

async fn client(yaml: &str) -> Client {
    let file = Kubeconfig::from_yaml(yaml).expect("a kubeconfig");
    let config = kube::Config::from_custom_kubeconfig(file, &KubeConfigOptions::default()).await;
    Client::try_from(config.expect("a configuration")).expect("a client")
}

async fn real(bed: &Bed, namespace: &str) -> Server {
    let admin = bed.kubeconfig(User::Admin);
    let mut stranger = Kubeconfig::from_yaml(&admin).expect("a kubeconfig");
    for user in &mut stranger.auth_infos {
        user.auth_info =
            Some(kube::config::AuthInfo { token: Some("nobody".to_owned().into()), ..Default::default() });
    }
    let options = KubeConfigOptions::default();
    let config = kube::Config::from_custom_kubeconfig(stranger, &options).await.expect("a configuration");
    Server {
        admin: client(&admin).await,
        viewer: client(&bed.kubeconfig(User::Viewer)).await,
        nobody: Client::try_from(config).expect("a client"),
        namespace: namespace.to_owned(),
    }
}

#[test]
fn the_embedded_server_and_the_real_one_keep_the_same_contract() {
    let Some(beds) = beds("contract") else { return };
    let namespace = format!("tko-contract-{}", std::process::id());
    beds.newest.kubectl(&["create", "namespace", &namespace]);
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let rows = runtime.block_on(async {
        let stop = CancellationToken::new();
        let (embedded, real) = (embedded::open(&stop).await, real(&beds.newest, &namespace).await);
        let mut rows = Vec::new();
        for case in cases::all() {
            rows.push((case.name, play::play(&embedded, case).await, play::play(&real, case).await));
        }
        stop.cancel();
        rows
    });
    beds.newest.kubectl(&["delete", "namespace", &namespace, "--wait=false"]);
    let shown: Vec<_> = rows.iter().map(|(name, one, other)| (*name, vec![one, other])).collect();
    let table = play::table(&["embedded", "real"], &shown);
    eprintln!("{table}");
    assert!(rows.iter().all(|(_, one, other)| one.is_ok() && other.is_ok()), "\n{table}");
}
