//! The demo's own server, with a namespace and nothing else.
use std::sync::Arc;

use kube::{
    Client,
    config::{KubeConfigOptions, Kubeconfig},
};
use serde_json::json;
use tko::demo::{
    admission,
    serve::{Context, Door, Keys, kubeconfig},
    store::{Api, Info, resource},
};
use tokio_util::sync::CancellationToken;

use super::play::Server;

/// Opens a server; it ends with the token.
pub async fn open(stop: &CancellationToken) -> Server {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let resources = resource::kubernetes().into_iter().chain(resource::cluster_api("v1beta2")).collect();
    let info = Info { version: "v1.33.4+vmware.1".into(), name: "one".into(), seed: 7 };
    let api = Api::new(info, resources, Arc::new(|| "2026-01-31T06:00:00Z".parse().expect("a time")));
    admission::cluster_api(&api);
    api.create(&resource::NAMESPACES, json!({ "metadata": { "name": "contract" } })).expect("a namespace");
    let keys = Keys::generate().expect("keys");
    let door = Door::bind().await.expect("a port of loopback");
    let server = door.server();
    tokio::spawn(door.open(keys.clone(), api, Arc::new(|_, _| None), stop.clone()));
    Server {
        admin: client(&keys, &server, &keys.tokens.admin).await,
        viewer: client(&keys, &server, &keys.tokens.viewer).await,
        nobody: client(&keys, &server, "nobody").await,
        namespace: "contract".into(),
    }
}

async fn client(keys: &Keys, server: &str, token: &str) -> Client {
    let context =
        Context { name: "one".into(), user: "me".into(), server: server.into(), token: token.into() };
    let file = Kubeconfig::from_yaml(&kubeconfig(keys, &[context])).expect("a kubeconfig");
    let options = KubeConfigOptions::default();
    let config = kube::Config::from_custom_kubeconfig(file, &options).await.expect("a configuration");
    Client::try_from(config).expect("a client")
}
