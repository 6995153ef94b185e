//! The fake server on the loopback, with a runtime of its own: when it is stopped, every connection is cut.
use std::net::SocketAddr;

use axum::Router;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::response::IntoResponse as _;
use tokio::runtime::{Builder, Runtime};

use super::Server;

pub struct Loopback {
    pub address: SocketAddr,
    server: Server,
    runtime: Option<Runtime>,
}

impl Loopback {
    /// An address on which nothing listens yet.
    pub fn new(server: &Server) -> Self {
        let address = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        Self { address, server: server.clone(), runtime: None }
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub fn start(&mut self) {
        let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let (server, address) = (self.server.clone(), self.address);
        let listener = {
            let _inside = runtime.enter();
            let socket = tokio::net::TcpSocket::new_v4().unwrap();
            socket.set_reuseaddr(true).unwrap();
            socket.bind(address).unwrap();
            socket.listen(64).unwrap()
        };
        let service =
            Router::new().fallback(move |request: Request| {
                let server = server.clone();
                async move {
                    server.answer(request).await.unwrap_or_else(|_| StatusCode::BAD_GATEWAY.into_response())
                }
            });
        runtime.spawn(async move { axum::serve(listener, service).await });
        self.runtime = Some(runtime);
    }

    /// Dies as a process does.
    pub fn stop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
        self.server.close_watches();
    }
}

impl Drop for Loopback {
    fn drop(&mut self) {
        self.stop();
    }
}
