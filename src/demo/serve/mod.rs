//! Doors of embedded API servers: listeners on loopback, with a certificate and tokens of this run alone.
mod certificate;
mod desk;
mod door;
mod kubeconfig;

use std::sync::Arc;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use rustls::ServerConfig;

pub use desk::Desk;
pub use door::Door;
pub use kubeconfig::{Context, kubeconfig};

use super::api::Tokens;
use crate::domain::{Problem, ProblemKind};

/// What all doors of a run have in common.
#[derive(Clone)]
pub struct Keys {
    /// The certificate that clients must trust.
    pub authority: Arc<str>,
    pub tokens: Tokens,
    /// Of this run alone, and no secret.
    pub name: String,
    tls: Arc<ServerConfig>,
}

impl Keys {
    /// New ones, which nobody else knows.
    pub fn generate() -> Result<Self, Problem> {
        let made = certificate::make().map_err(|why| failed(&why))?;
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let tls = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .and_then(|tls| tls.with_no_client_auth().with_single_cert(vec![made.certificate], made.key))
            .map_err(|error| failed(&error.to_string()))?;
        let tokens = Tokens { admin: token()?, viewer: token()? };
        let name = token()?.chars().filter(char::is_ascii_alphanumeric).take(10).collect();
        Ok(Self { authority: made.pem.into(), tokens, name, tls: Arc::new(tls) })
    }
}

/// Long enough that nobody guesses it.
fn token() -> Result<String, Problem> {
    let mut bytes = [0_u8; 24];
    let random = ring::rand::SystemRandom::new();
    ring::rand::SecureRandom::fill(&random, &mut bytes)
        .map_err(|_| failed("the system gives no random numbers"))?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

fn failed(why: &str) -> Problem {
    Problem::new(ProblemKind::Policy, format!("the demo cannot start: {why}"))
}

#[cfg(test)]
mod tests;
