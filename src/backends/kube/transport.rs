//! The wire beneath a client: TCP with keepalive, proxies, TLS and the headers every request carries. A dead
//! peer is noticed by the kernel within a minute, so that a silent watch is not mistaken for a quiet fleet.
use std::io;
use std::time::Duration;

use http::{HeaderValue, Uri, header};
use hyper::rt::{Read, Write};
use hyper_util::client::legacy::Client as HyperClient;
use hyper_util::client::legacy::connect::proxy::{SocksV5, Tunnel};
use hyper_util::client::legacy::connect::{Connection, HttpConnector};
use hyper_util::rt::{TokioExecutor, TokioTimer};
use kube::client::{Body, ClientBuilder, ConfigExt as _};
use kube::{Client, Config};
use tower::util::BoxCloneSyncService;
use tower::{BoxError, Service, ServiceBuilder, ServiceExt as _};
use tower_http::decompression::DecompressionLayer;

/// From the first packet to the end of the TLS handshake, proxy included.
pub(super) const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
const KEEPALIVE: Duration = Duration::from_secs(20);
const KEEPALIVE_INTERVAL: Duration = Duration::from_secs(10);
const KEEPALIVE_RETRIES: u32 = 3;

/// Tells the API server, and whoever reads its logs or sets its priorities, who is asking.
pub(super) fn user_agent() -> HeaderValue {
    let text = format!("tko/{} ({}; +console)", env!("CARGO_PKG_VERSION"), std::env::consts::OS);
    HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static("tko"))
}

/// Builds a client that adds no credentials by itself, except a client certificate.
pub(super) fn build(config: Config, proxy: Option<&Uri>) -> Result<Client, BoxError> {
    let mut tcp = HttpConnector::new();
    tcp.enforce_http(false);
    tcp.set_nodelay(true);
    tcp.set_connect_timeout(Some(CONNECT_TIMEOUT));
    tcp.set_keepalive(Some(KEEPALIVE));
    tcp.set_keepalive_interval(Some(KEEPALIVE_INTERVAL));
    tcp.set_keepalive_retries(Some(KEEPALIVE_RETRIES));
    let Some(proxy) = proxy else { return finish(config, tcp) };
    let (user, password) = credentials(proxy);
    match proxy.scheme_str() {
        Some("socks5" | "socks5h") => {
            let mut socks = SocksV5::new(proxy.clone(), tcp);
            if let Some(user) = user {
                socks = socks.with_auth(user, password);
            }
            finish(config, socks)
        }
        Some("https") => {
            // The certificate of the proxy is checked against the system's roots, not the cluster's.
            let secured = Config::new(proxy.clone()).rustls_https_connector_with_connector(tcp)?;
            finish(config, authorised(Tunnel::new(proxy.clone(), secured), user, &password))
        }
        _ => finish(config, authorised(Tunnel::new(proxy.clone(), tcp), user, &password)),
    }
}

fn authorised<C>(tunnel: Tunnel<C>, user: Option<String>, password: &str) -> Tunnel<C> {
    match user.and_then(|user| basic(&user, password)) {
        Some(value) => tunnel.with_auth(value),
        None => tunnel,
    }
}

/// The value of a Basic authorization header, marked as sensitive.
pub(super) fn basic(user: &str, password: &str) -> Option<HeaderValue> {
    use base64::Engine as _;
    let encoded = base64::engine::general_purpose::STANDARD.encode(format!("{user}:{password}"));
    let mut value = HeaderValue::from_str(&format!("Basic {encoded}")).ok()?;
    value.set_sensitive(true);
    Some(value)
}

/// User and password of a proxy URL, with their percent signs resolved.
fn credentials(proxy: &Uri) -> (Option<String>, String) {
    let authority = proxy.authority().map(http::uri::Authority::as_str).unwrap_or_default();
    let Some((pair, _)) = authority.rsplit_once('@') else { return (None, String::new()) };
    let (user, password) = pair.split_once(':').unwrap_or((pair, ""));
    (Some(percent_decoded(user)), percent_decoded(password))
}

fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        let escaped = match tail {
            [a, b, ..] if first == b'%' => hex(*a).zip(hex(*b)),
            _ => None,
        };
        if let Some((high, low)) = escaped {
            bytes.push(high * 16 + low);
            rest = &tail[2..];
        } else {
            bytes.push(first);
            rest = tail;
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|d| u8::try_from(d).ok())
}

/// TLS over the given connector, then the layers that every request passes.
fn finish<H>(mut config: Config, connector: H) -> Result<Client, BoxError>
where
    H: Service<Uri> + Clone + Send + Sync + 'static,
    H::Response: Read + Write + Connection + Unpin + Send + 'static,
    H::Future: Send + 'static,
    H::Error: Into<BoxError>,
{
    config.headers.push((header::USER_AGENT, user_agent()));
    let secured = bounded(config.rustls_https_connector_with_connector(connector)?);
    let wire: HyperClient<_, Body> =
        HyperClient::builder(TokioExecutor::new()).pool_timer(TokioTimer::new()).build(secured);
    let service = ServiceBuilder::new()
        .layer(config.base_uri_layer())
        .layer(DecompressionLayer::new().gzip(!config.disable_compression))
        .layer(config.extra_headers_layer()?)
        .map_err(BoxError::from)
        .service(wire);
    Ok(ClientBuilder::new(service, config.default_namespace).build())
}

/// Gives up on a connection that is not complete in time; the TCP timeout alone would wait for a peer that
/// accepts and then says nothing.
fn bounded<S>(connector: S) -> BoxCloneSyncService<Uri, S::Response, BoxError>
where
    S: Service<Uri, Error = BoxError> + Clone + Send + Sync + 'static,
    S::Response: 'static,
    S::Future: Send + 'static,
{
    BoxCloneSyncService::new(connector.map_future(|connecting| async move {
        tokio::time::timeout(CONNECT_TIMEOUT, connecting).await.unwrap_or_else(|_| {
            let words = format!("no connection within {} s", CONNECT_TIMEOUT.as_secs());
            Err(BoxError::from(io::Error::new(io::ErrorKind::TimedOut, words)))
        })
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn proxy_credentials_are_decoded() {
        let uri: Uri = "http://me%40corp:p%3Aw%25d@proxy:3128".parse().unwrap();
        assert_eq!(credentials(&uri), (Some(String::from("me@corp")), String::from("p:w%d")));
        assert_eq!(credentials(&"http://proxy:3128".parse().unwrap()).0, None);
        assert_eq!(percent_decoded("100%+1%4"), "100%+1%4");
    }

    #[test]
    fn the_user_agent_says_who_we_are() {
        let agent = user_agent();
        assert!(agent.to_str().unwrap().starts_with("tko/"));
        assert!(agent.to_str().unwrap().ends_with("; +console)"));
    }
}
