//! One listener: takes connections while its server is well, and closes, cuts or keeps them waiting while it is not.
use std::{io, net::SocketAddr, sync::Arc, time::Duration};

use hyper::{server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::watch::Receiver,
    task::JoinSet,
    time::{sleep, timeout},
};
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;

use super::{Keys, failed};
use crate::{
    demo::{
        api::{Service, Workloads},
        store::{Api, Fault},
    },
    domain::Problem,
};

/// How long a connection may take to say hello, and to end.
const HELLO: Duration = Duration::from_secs(10);
const FAREWELL: Duration = Duration::from_millis(300);
/// How long until an address that was given up is tried again.
const AGAIN: Duration = Duration::from_millis(200);

/// An address that was taken. Nothing answers there before it is opened.
pub struct Door {
    listener: TcpListener,
    address: SocketAddr,
}

impl Door {
    /// Takes a free port of loopback.
    pub async fn bind() -> Result<Self, Problem> {
        let bound = TcpListener::bind((std::net::Ipv4Addr::LOCALHOST, 0)).await;
        let bound = bound.and_then(|listener| Ok((listener.local_addr()?, listener)));
        let (address, listener) = bound.map_err(|error| failed(&format!("no port of loopback: {error}")))?;
        Ok(Self { listener, address })
    }

    /// The address as a kubeconfig has it.
    pub fn server(&self) -> String {
        format!("https://{}", self.address)
    }

    /// Where the API of a workload cluster is found behind this door.
    pub fn workload(&self, namespace: &str, name: &str) -> String {
        format!("{}/clusters/{namespace}/{name}", self.server())
    }

    /// Serves a store until told to stop; ends when the last connection has.
    pub async fn open(self, keys: Keys, store: Api, workloads: Workloads, stop: CancellationToken) {
        let service = Service { store, tokens: keys.tokens.clone(), workloads, stop: stop.clone() };
        let acceptor = TlsAcceptor::from(keys.tls);
        let mut connections = JoinSet::new();
        let mut fault = service.store.fault();
        let mut listener = Some(self.listener);
        while !stop.is_cancelled() {
            let refusing = *fault.borrow_and_update() == Fault::Refusing;
            match &listener {
                _ if refusing => {
                    // A closed port is what refuses as a dead server does.
                    listener = None;
                    tokio::select! {
                        () = stop.cancelled() => {}
                        _ = fault.changed() => {}
                    }
                }
                None => match TcpListener::bind(self.address).await {
                    Ok(bound) => listener = Some(bound),
                    Err(error) => {
                        tracing::warn!(%error, address = %self.address, "the port is not free again");
                        sleep(AGAIN).await;
                    }
                },
                Some(open) => tokio::select! {
                    () = stop.cancelled() => {}
                    _ = fault.changed() => {}
                    taken = open.accept() => match taken {
                        Ok((stream, _)) => {
                            connections.spawn(connection(acceptor.clone(), stream, service.clone()));
                        }
                        // Out of files, most likely: they come back when connections end.
                        Err(error) => {
                            tracing::warn!(%error, "no connection can be taken");
                            sleep(AGAIN).await;
                        }
                    },
                    _ = connections.join_next(), if !connections.is_empty() => {}
                },
            }
        }
        drop(listener);
        // Whoever has not ended by then is cut.
        let _ = timeout(FAREWELL * 2, async { while connections.join_next().await.is_some() {} }).await;
    }
}

/// Serves one connection to its end.
async fn connection(acceptor: TlsAcceptor, stream: TcpStream, service: Service) {
    let (mut fault, stop) = (service.store.fault(), service.stop.clone());
    let _ = stream.set_nodelay(true);
    let served = async {
        let greeted = timeout(HELLO, acceptor.accept(stream)).await;
        let Ok(Ok(stream)) = greeted else { return };
        let service = Arc::new(service);
        let answer = service_fn(move |request| Service::clone(&service).answer(request));
        let mut server = http1::Builder::new();
        server.timer(TokioTimer::new());
        let mut serving = std::pin::pin!(server.serve_connection(TokioIo::new(stream), answer));
        tokio::select! {
            ended = &mut serving => log(ended.map_err(io::Error::other)),
            () = stop.cancelled() => {
                serving.as_mut().graceful_shutdown();
                let _ = timeout(FAREWELL, serving).await;
            }
        }
    };
    tokio::select! {
        () = served => {}
        () = dead(&mut fault) => {}
    }
}

/// Waits until the server is dead.
async fn dead(fault: &mut Receiver<Fault>) {
    if fault.wait_for(|f| *f == Fault::Refusing).await.is_err() {
        std::future::pending::<()>().await;
    }
}

fn log(ended: io::Result<()>) {
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection to the demo ended");
    }
}
