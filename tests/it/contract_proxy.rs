//! Proxies: CONNECT with and without a password, SOCKS5, refusals, and the route that is shown.
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use serde_json::json;
use tko::backends::kube::error::problem;
use tko::backends::kube::{Connections, Options, ProxyEnvironment, Via};
use tko::domain::{Problem, ProblemKind};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use crate::support::api::{FakeApi, answer_json};
use crate::support::fleet::{Fleet, site};

type Seen = Arc<Mutex<Vec<String>>>;

async fn get(connections: &Connections) -> Result<serde_json::Value, Problem> {
    let client = connections.connect(&site("a")).await?;
    let request = http::Request::get("/thing").body(Vec::new()).unwrap();
    client.request(request).await.map_err(|e| problem("get thing", &e))
}

/// A CONNECT proxy that remembers the heads of its requests and answers with `status` when that is not 200.
async fn connect_proxy(status: u16) -> (SocketAddr, Seen) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let seen = Seen::default();
    let log = seen.clone();
    tokio::spawn(async move {
        while let Ok((mut client, _)) = listener.accept().await {
            let log = log.clone();
            tokio::spawn(async move {
                let mut head = Vec::new();
                while !head.ends_with(b"\r\n\r\n") {
                    head.push(client.read_u8().await.unwrap());
                }
                let head = String::from_utf8(head).unwrap();
                let target = head.split_whitespace().nth(1).unwrap().to_owned();
                log.lock().unwrap().push(head);
                client.write_all(format!("HTTP/1.1 {status} x\r\n\r\n").as_bytes()).await.unwrap();
                if status == 200 {
                    let mut server = TcpStream::connect(target).await.unwrap();
                    let _ = tokio::io::copy_bidirectional(&mut client, &mut server).await;
                }
            });
        }
    });
    (address, seen)
}

/// A SOCKS5 proxy for IPv4 targets that wants `me` and `pw`.
async fn socks_proxy() -> (SocketAddr, Seen) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let seen = Seen::default();
    let log = seen.clone();
    tokio::spawn(async move {
        while let Ok((mut client, _)) = listener.accept().await {
            let methods = read(&mut client, 2).await[1];
            read(&mut client, methods.into()).await;
            client.write_all(&[5, 2]).await.unwrap();
            let user = read(&mut client, 2).await[1];
            let user = read(&mut client, user.into()).await;
            let password = client.read_u8().await.unwrap();
            let password = read(&mut client, password.into()).await;
            let pair = [user, b":".to_vec(), password].concat();
            log.lock().unwrap().push(String::from_utf8(pair).unwrap());
            client.write_all(&[1, 0]).await.unwrap();
            let target = read(&mut client, 10).await;
            let port = u16::from_be_bytes([target[8], target[9]]);
            client.write_all(&[5, 0, 0, 1, 127, 0, 0, 1, 0, 0]).await.unwrap();
            tokio::spawn(async move {
                let mut server = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
                let _ = tokio::io::copy_bidirectional(&mut client, &mut server).await;
            });
        }
    });
    (address, seen)
}

async fn read(stream: &mut TcpStream, length: usize) -> Vec<u8> {
    let mut bytes = vec![0; length];
    stream.read_exact(&mut bytes).await.unwrap();
    bytes
}

async fn through(proxy: &str) -> (Result<serde_json::Value, Problem>, Connections, FakeApi) {
    let api = FakeApi::start(|_| answer_json(&json!({"ok": true}))).await;
    let cluster = format!("proxy-url: \"{proxy}\"");
    let connections = Fleet::new().site("a", &api.url(), &cluster, "").connections(Options::default());
    (get(&connections).await, connections, api)
}

#[tokio::test]
async fn connect_with_a_password() {
    let (proxy, seen) = connect_proxy(200).await;
    let (answer, connections, api) = through(&format!("http://me:p%40w@{proxy}")).await;
    assert_eq!(answer.unwrap()["ok"], true);
    let head = seen.lock().unwrap()[0].clone();
    assert!(head.starts_with(&format!("CONNECT {} HTTP/1.1", api.address)), "{head}");
    assert!(head.contains("Proxy-Authorization: Basic bWU6cEB3"), "{head}");
    let route = connections.route(&site("a")).unwrap();
    assert_eq!(route.via, Via::Proxy(format!("http://{proxy}")));
    assert_eq!(route.why, "proxy-url of the kubeconfig");
}

#[tokio::test]
async fn socks5_with_a_password() {
    for scheme in ["socks5", "socks5h"] {
        let (proxy, seen) = socks_proxy().await;
        let (answer, ..) = through(&format!("{scheme}://me:pw@{proxy}")).await;
        assert_eq!(answer.unwrap()["ok"], true);
        assert_eq!(*seen.lock().unwrap(), ["me:pw"]);
    }
}

#[tokio::test]
async fn a_proxy_that_refuses_is_named_as_the_culprit() {
    for (status, word) in [(407, "user and password"), (403, "proxy")] {
        let (proxy, _) = connect_proxy(status).await;
        let (answer, ..) = through(&format!("http://{proxy}")).await;
        let problem = answer.unwrap_err();
        assert_eq!(problem.kind, ProblemKind::Unreachable);
        assert!(problem.hint.contains(word), "{problem:?}");
    }
}

#[tokio::test]
async fn a_proxy_that_is_down_is_named_as_the_culprit() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    for scheme in ["http", "socks5"] {
        let (answer, ..) = through(&format!("{scheme}://{free}")).await;
        let problem = answer.unwrap_err();
        assert_eq!(problem.kind, ProblemKind::Unreachable);
        assert!(problem.hint.contains("proxy"), "{problem:?}");
        assert!(problem.summary.contains("by way of the proxy: "), "{problem:?}");
    }
}

#[tokio::test]
async fn the_route_names_the_variable_that_decided() {
    let environment = |name: &str| match name {
        "https_proxy" => Some(String::from("http://u:pw@proxy.corp:3128")),
        "NO_PROXY" => Some(String::from(".lab.corp,10.0.0.0/8")),
        _ => None,
    };
    let options = Options { proxies: ProxyEnvironment::new(environment), ..Options::default() };
    let connections = Fleet::new()
        .site("far", "https://api.far.corp:6443", "", "")
        .site("lab", "https://api.lab.corp:6443", "", "")
        .site("ip", "https://10.1.2.3:6443", "", "")
        .connections(options);
    let route = |name: &str| connections.route(&site(name)).unwrap();
    assert_eq!(route("far").via, Via::Proxy(String::from("http://proxy.corp:3128")));
    assert_eq!(route("far").why, "https_proxy");
    assert_eq!((route("lab").via, route("lab").why.as_str()), (Via::Direct, "\".lab.corp\" in NO_PROXY"));
    assert_eq!((route("ip").via, route("ip").why.as_str()), (Via::Direct, "\"10.0.0.0/8\" in NO_PROXY"));
}
