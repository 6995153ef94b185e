//! What tells one API server from another: its address in one spelling and the authority that signs it.
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use kube::config::Cluster;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use sha2::{Digest as _, Sha256};

use crate::domain::{Problem, ProblemKind};

/// A server's address in one spelling: lower case, port always there, no path slash at the end.
pub fn normal_server(server: &str) -> Option<String> {
    let uri: http::Uri = server.trim().parse().ok()?;
    let scheme = uri.scheme_str()?;
    let port = uri.port_u16().or(match scheme {
        "https" => Some(443),
        "http" => Some(80),
        _ => None,
    })?;
    let host = uri.host()?.to_ascii_lowercase();
    Some(format!("{scheme}://{host}:{port}{}", uri.path().trim_end_matches('/')))
}

/// The PEM text of a cluster's certificate authority, from the kubeconfig itself or the file it names.
pub(super) fn pem(cluster: &Cluster) -> Result<Option<Vec<u8>>, Problem> {
    let wrong = |what: String| Problem::new(ProblemKind::File, what).hint("get a fresh kubeconfig");
    match (&cluster.certificate_authority_data, &cluster.certificate_authority) {
        (Some(data), _) if !data.is_empty() => STANDARD
            .decode(data.trim())
            .map(Some)
            .map_err(|e| wrong(format!("certificate-authority-data is not base64: {e}"))),
        (_, Some(file)) if !file.is_empty() => std::fs::read(file)
            .map(Some)
            .map_err(|e| wrong(format!("{file}: the certificate authority cannot be read: {e}"))),
        _ => Ok(None),
    }
}

/// The certificates a server must be signed by; `None` leaves it to the roots of the system.
pub(in super::super) fn certificates(cluster: &Cluster) -> Result<Option<Vec<Vec<u8>>>, Problem> {
    let Some(text) = pem(cluster)? else { return Ok(None) };
    let found: Vec<Vec<u8>> =
        CertificateDer::pem_slice_iter(&text).flatten().map(|c| c.as_ref().to_vec()).collect();
    if found.is_empty() {
        return Err(Problem::new(ProblemKind::File, "the certificate authority holds no certificate")
            .hint("get a fresh kubeconfig"));
    }
    Ok(Some(found))
}

/// SHA-256 over the certificates of a PEM text, in hexadecimal and whatever their order; empty without any.
pub fn fingerprint(pem: &[u8]) -> String {
    let mut certificates: Vec<CertificateDer<'_>> = CertificateDer::pem_slice_iter(pem).flatten().collect();
    if certificates.is_empty() {
        return String::new();
    }
    certificates.sort_by(|a, b| a.as_ref().cmp(b.as_ref()));
    let mut hash = Sha256::new();
    for certificate in &certificates {
        hash.update(certificate.as_ref());
    }
    hash.finalize().iter().fold(String::with_capacity(64), |text, byte| text + &format!("{byte:02x}"))
}
