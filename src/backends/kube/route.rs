//! Which way a server is reached: straight, or through which proxy and why. Pure: the environment is read once
//! and passed in. Proxy credentials never appear in what is shown.
use std::net::IpAddr;

use http::Uri;

use crate::domain::{Problem, ProblemKind};
use crate::nearest::suggestion;

const SCHEMES: &[&str] = &["http", "https", "socks5", "socks5h"];

/// The proxy variables of the environment, in either case; the upper one wins.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ProxyEnvironment {
    https: Option<Variable>,
    http: Option<Variable>,
    all: Option<Variable>,
    no: Option<Variable>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Variable {
    name: String,
    value: String,
}

impl ProxyEnvironment {
    /// Takes the variables that `lookup` knows.
    pub fn new(lookup: impl Fn(&str) -> Option<String>) -> Self {
        let find = |name: &str| {
            [name.to_owned(), name.to_ascii_lowercase()].into_iter().find_map(|name| {
                let value = lookup(&name).filter(|v| !v.trim().is_empty())?;
                Some(Variable { name, value: value.trim().to_owned() })
            })
        };
        Self {
            https: find("HTTPS_PROXY"),
            http: find("HTTP_PROXY"),
            all: find("ALL_PROXY"),
            no: find("NO_PROXY"),
        }
    }
}

/// The way to a server, for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    pub via: Via,
    /// Which setting decided it.
    pub why: String,
}

/// The first hop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Via {
    Direct,
    /// The proxy's URL without its credentials.
    Proxy(String),
}

/// A route, and the proxy with its credentials for whoever connects.
#[derive(Clone)]
pub(super) struct Choice {
    pub route: Route,
    pub proxy: Option<Uri>,
}

/// Chooses as kubectl does: `proxy-url` of the kubeconfig without exception, then the environment with
/// `NO_PROXY`; beyond kubectl also `ALL_PROXY`.
pub(super) fn choose(
    server: &Uri,
    proxy_url: Option<&str>,
    environment: &ProxyEnvironment,
) -> Result<Choice, Problem> {
    if let Some(url) = proxy_url.filter(|url| !url.trim().is_empty()) {
        return through(url.trim(), "proxy-url of the kubeconfig");
    }
    let by_scheme = if server.scheme_str() == Some("http") { &environment.http } else { &environment.https };
    let Some(variable) = by_scheme.as_ref().or(environment.all.as_ref()) else {
        return Ok(direct(String::from("no proxy is set")));
    };
    let host = server.host().unwrap_or_default().trim_matches(['[', ']']).to_ascii_lowercase();
    if host == "localhost" || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback()) {
        return Ok(direct(format!("{} is set, but this is the local host", variable.name)));
    }
    if let Some(no) = &environment.no {
        let port = server.port_u16().unwrap_or(if server.scheme_str() == Some("http") { 80 } else { 443 });
        let mut entries = no.value.split([',', ' ', '\t']).map(str::trim);
        if let Some(entry) = entries.find(|entry| exempts(entry, &host, port)) {
            return Ok(direct(format!("\"{entry}\" in {}", no.name)));
        }
    }
    through(&variable.value, &variable.name)
}

fn direct(why: String) -> Choice {
    Choice { route: Route { via: Via::Direct, why }, proxy: None }
}

fn through(url: &str, why: &str) -> Result<Choice, Problem> {
    let with_scheme = if url.contains("://") { url.to_owned() } else { format!("http://{url}") };
    let wrong = |what: String, hint: String| {
        Err(Problem::new(ProblemKind::File, format!("{why}: {what}")).hint(hint))
    };
    let Ok(uri) = with_scheme.parse::<Uri>() else {
        // The text itself may hold a password.
        return wrong(String::from("is not a URL"), String::from("write it as http://host:port"));
    };
    let scheme = uri.scheme_str().unwrap_or_default();
    if !SCHEMES.contains(&scheme) {
        return wrong(
            format!("unknown proxy scheme \"{scheme}\""),
            suggestion(scheme, SCHEMES.iter().copied()),
        );
    }
    let Some(host) = uri.host() else {
        return wrong(String::from("names no host"), String::from("write it as http://host:port"));
    };
    let port = uri.port().map(|port| format!(":{port}")).unwrap_or_default();
    let shown = format!("{scheme}://{host}{port}");
    Ok(Choice { route: Route { via: Via::Proxy(shown), why: why.to_owned() }, proxy: Some(uri) })
}

/// Whether one entry of `NO_PROXY` covers the host: `*`, an address, a CIDR range, `name` with its
/// subdomains, `.name` or `*.name` for subdomains alone, each but the range with an optional port.
fn exempts(entry: &str, host: &str, port: u16) -> bool {
    if entry.is_empty() {
        return false;
    }
    if entry == "*" {
        return true;
    }
    let entry = entry.to_ascii_lowercase();
    let address = host.parse::<IpAddr>().ok();
    if let Some((network, bits)) = entry.split_once('/') {
        return match (address, network.parse::<IpAddr>(), bits.parse::<u32>()) {
            (Some(ip), Ok(network), Ok(bits)) => in_network(ip, network, bits),
            _ => false,
        };
    }
    let (name, wanted) = split_port(&entry);
    if wanted.is_some_and(|wanted| wanted != port) {
        return false;
    }
    if let Ok(ip) = name.parse::<IpAddr>() {
        return address == Some(ip);
    }
    match name.strip_prefix("*.").or_else(|| name.strip_prefix('.')) {
        Some(domain) => below(host, domain),
        None => host == name || below(host, name),
    }
}

fn below(host: &str, domain: &str) -> bool {
    host.strip_suffix(domain).is_some_and(|rest| rest.len() > 1 && rest.ends_with('.'))
}

/// Splits `host:port` and `[v6]:port`; a bare IPv6 address keeps its colons.
fn split_port(entry: &str) -> (&str, Option<u16>) {
    if let Some(rest) = entry.strip_prefix('[') {
        let (host, tail) = rest.split_once(']').unwrap_or((rest, ""));
        return (host, tail.strip_prefix(':').and_then(|p| p.parse().ok()));
    }
    match entry.rsplit_once(':') {
        Some((host, port)) if !host.contains(':') => match port.parse() {
            Ok(port) => (host, Some(port)),
            Err(_) => (entry, None),
        },
        _ => (entry, None),
    }
}

fn in_network(ip: IpAddr, network: IpAddr, bits: u32) -> bool {
    let (ip, network, width) = match (ip, network) {
        (IpAddr::V4(a), IpAddr::V4(b)) => (u128::from(u32::from(a)), u128::from(u32::from(b)), 32),
        (IpAddr::V6(a), IpAddr::V6(b)) => (u128::from(a), u128::from(b), 128),
        _ => return false,
    };
    bits <= width && (bits == 0 || (ip >> (width - bits)) == (network >> (width - bits)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn environment(pairs: &[(&str, &str)]) -> ProxyEnvironment {
        ProxyEnvironment::new(|name| pairs.iter().find(|(n, _)| *n == name).map(|(_, v)| (*v).to_owned()))
    }
    fn route(server: &str, proxy_url: Option<&str>, pairs: &[(&str, &str)]) -> Route {
        choose(&server.parse().unwrap(), proxy_url, &environment(pairs)).map(|c| c.route).unwrap()
    }
    fn is_direct(server: &str, no_proxy: &str) -> bool {
        let pairs = [("HTTPS_PROXY", "http://proxy:3128"), ("NO_PROXY", no_proxy)];
        route(server, None, &pairs).via == Via::Direct
    }

    #[test]
    fn the_kubeconfig_decides_before_the_environment() {
        let pairs = [("HTTPS_PROXY", "http://env:1"), ("NO_PROXY", "*")];
        let found = route("https://api:6443", Some("socks5://jump:1080"), &pairs);
        assert_eq!(found.via, Via::Proxy(String::from("socks5://jump:1080")));
        assert_eq!(found.why, "proxy-url of the kubeconfig");
    }

    #[test]
    fn variables_in_either_case_and_by_scheme() {
        let lower = route("https://api", None, &[("https_proxy", "proxy:3128")]);
        assert_eq!(lower, Route { via: Via::Proxy("http://proxy:3128".into()), why: "https_proxy".into() });
        assert_eq!(route("http://api", None, &[("HTTPS_PROXY", "http://p:1")]).via, Via::Direct);
        let all = route("http://api", None, &[("all_proxy", "socks5h://p:1")]);
        assert_eq!(all.why, "all_proxy");
        assert_eq!(route("https://api", None, &[("HTTPS_PROXY", " ")]).via, Via::Direct);
    }

    #[test]
    fn credentials_are_not_shown() {
        let found = route("https://api", Some("http://user:secret@proxy:3128"), &[]);
        assert!(!format!("{found:?}").contains("secret"));
        let problem =
            choose(&"https://api".parse().unwrap(), Some("http://u:secret@ bad"), &environment(&[]));
        assert!(!problem.err().unwrap().summary.contains("secret"));
    }

    #[test]
    fn no_proxy_in_all_its_forms() {
        for (server, no_proxy, direct) in [
            ("https://api.corp.example:6443", "example.org,corp.example", true),
            ("https://api.corp.example:6443", ".corp.example", true),
            ("https://api.corp.example:6443", "*.corp.example", true),
            ("https://corp.example", ".corp.example", false),
            ("https://notcorp.example", "corp.example", false),
            ("https://API.Corp.Example", "corp.EXAMPLE", true),
            ("https://api:6443", "api:6443", true),
            ("https://api:6443", "api:443", false),
            ("https://api", "api:443", true),
            ("https://10.1.2.3:6443", "10.0.0.0/8", true),
            ("https://11.1.2.3:6443", "10.0.0.0/8", false),
            ("https://10.1.2.3:6443", "10.1.2.3", true),
            ("https://10.1.2.3:6443", "0.0.0.0/0", true),
            ("https://[fd00::1]:6443", "fd00::/8", true),
            ("https://[fd00::1]:6443", "[fd00::1]:6443", true),
            ("https://[fd00::1]:6443", "fd00::1", true),
            ("https://api", "a b api", true),
            ("https://api", "*", true),
            ("https://api", ",,10.0.0.0/99,/,", false),
        ] {
            assert_eq!(is_direct(server, no_proxy), direct, "{server} with {no_proxy}");
        }
    }

    #[test]
    fn the_local_host_never_goes_through_a_proxy_of_the_environment() {
        for server in ["https://127.0.0.1:6443", "https://localhost:6443", "https://[::1]:6443"] {
            assert_eq!(route(server, None, &[("HTTPS_PROXY", "http://p:1")]).via, Via::Direct);
        }
    }

    #[test]
    fn an_unknown_scheme_names_the_nearest() {
        let problem =
            choose(&"https://api".parse().unwrap(), Some("sock5://p:1"), &environment(&[])).err().unwrap();
        assert_eq!(problem.hint, "did you mean \"socks5\"?");
    }
}
