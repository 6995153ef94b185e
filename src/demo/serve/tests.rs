use std::sync::Arc;

use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use super::*;
use crate::demo::store::{Api, Fault, Info, resource};

fn store() -> Api {
    let served = resource::kubernetes().into_iter().chain(resource::cluster_api("v1beta2")).collect();
    let info = Info { version: "v1.33.4".into(), name: "one".into(), seed: 7 };
    Api::new(info, served, Arc::new(|| "2026-01-31T06:00:00Z".parse().unwrap()))
}

async fn client(keys: &Keys, server: &str, token: &str) -> kube::Client {
    let context =
        Context { name: "one".into(), user: "me".into(), server: server.into(), token: token.into() };
    let file = kube::config::Kubeconfig::from_yaml(&kubeconfig(keys, &[context])).unwrap();
    let options = kube::config::KubeConfigOptions::default();
    let config = kube::Config::from_custom_kubeconfig(file, &options).await.unwrap();
    kube::Client::try_from(config).unwrap()
}

async fn ask(client: &kube::Client, path: &str) -> Result<Value, kube::Error> {
    client.request::<Value>(http::Request::get(path).body(Vec::new()).unwrap()).await
}

#[tokio::test]
async fn a_door_is_reached_by_its_kubeconfig_alone_and_closes_when_told() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let keys = Keys::generate().unwrap();
    let door = Door::bind().await.unwrap();
    let (server, inside) = (door.server(), door.workload("a", "c"));
    let (store, stop) = (store(), CancellationToken::new());
    let inner = store.clone();
    let workloads: crate::demo::api::Workloads =
        Arc::new(move |namespace, name| ((namespace, name) == ("a", "c")).then(|| inner.clone()));
    let open = tokio::spawn(door.open(keys.clone(), store.clone(), workloads, stop.clone()));

    store.create(&resource::NAMESPACES, json!({ "metadata": { "name": "a" } })).unwrap();
    let admin = client(&keys, &server, &keys.tokens.admin).await;
    assert_eq!(ask(&admin, "/api/v1/namespaces").await.unwrap()["items"][0]["metadata"]["name"], "a");
    let workload = client(&keys, &inside, &keys.tokens.admin).await;
    assert_eq!(ask(&workload, "/api/v1/namespaces/a").await.unwrap()["kind"], "Namespace");
    let stranger = client(&keys, &server, "guess").await;
    let refused = ask(&stranger, "/api/v1/namespaces").await.unwrap_err();
    assert!(matches!(refused, kube::Error::Api(status) if status.code == 401));

    store.set_fault(Fault::Refusing);
    let gone = client(&keys, &server, &keys.tokens.admin).await;
    while ask(&gone, "/version").await.is_ok() {}
    store.set_fault(Fault::None);
    while ask(&gone, "/version").await.is_err() {
        tokio::task::yield_now().await;
    }

    stop.cancel();
    open.await.unwrap();
    assert!(ask(&gone, "/version").await.is_err());
}
