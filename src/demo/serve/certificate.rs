//! A certificate for loopback that signs itself: X.509, written out by hand, since nothing else here needs more.
use base64::{Engine as _, engine::general_purpose::STANDARD};
use ring::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair as _},
};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

const SEQUENCE: u8 = 0x30;
const SET: u8 = 0x31;
const INTEGER: u8 = 0x02;
const BIT_STRING: u8 = 0x03;
const OCTET_STRING: u8 = 0x04;
const OBJECT_ID: u8 = 0x06;
const UTF8: u8 = 0x0c;
const UTC_TIME: u8 = 0x17;

const ECDSA_WITH_SHA256: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02];
const EC_PUBLIC_KEY: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01];
const P256: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07];
const COMMON_NAME: &[u8] = &[0x55, 0x04, 0x03];
const ALTERNATIVE_NAMES: &[u8] = &[0x55, 0x1d, 0x11];
const KEY_USES: &[u8] = &[0x55, 0x1d, 0x25];
const SERVER_AUTH: &[u8] = &[0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x01];

/// A certificate and its key.
pub(super) struct Made {
    pub(super) certificate: CertificateDer<'static>,
    pub(super) key: PrivateKeyDer<'static>,
    pub(super) pem: String,
}

/// Makes one that is good for this machine, for as long as anybody will run this.
pub(super) fn make() -> Result<Made, String> {
    let random = SystemRandom::new();
    let failed = |_| "no key can be made".to_owned();
    let document = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &random).map_err(failed)?;
    let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, document.as_ref(), &random)
        .map_err(|error| error.to_string())?;
    let body = body(pair.public_key().as_ref());
    let signature = pair.sign(&random, &body).map_err(failed)?;
    let algorithm = node(SEQUENCE, &[&node(OBJECT_ID, &[ECDSA_WITH_SHA256])]);
    let der = node(SEQUENCE, &[&body, &algorithm, &node(BIT_STRING, &[&[0], signature.as_ref()])]);
    let encoded = STANDARD.encode(&der);
    let lines: Vec<&str> =
        encoded.as_bytes().chunks(64).filter_map(|c| std::str::from_utf8(c).ok()).collect();
    let pem = format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", lines.join("\n"));
    let key = PrivateKeyDer::try_from(document.as_ref().to_vec()).map_err(str::to_owned)?;
    Ok(Made { certificate: der.into(), key, pem })
}

/// What is signed.
fn body(public: &[u8]) -> Vec<u8> {
    let name = node(SEQUENCE, &[&node(OBJECT_ID, &[COMMON_NAME]), &node(UTF8, &[b"tko demo"])]);
    let name = node(SEQUENCE, &[&node(SET, &[&name])]);
    let valid = node(SEQUENCE, &[&node(UTC_TIME, &[b"200101000000Z"]), &node(UTC_TIME, &[b"491231235959Z"])]);
    let kind = node(SEQUENCE, &[&node(OBJECT_ID, &[EC_PUBLIC_KEY]), &node(OBJECT_ID, &[P256])]);
    // Names in a certificate are tagged by kind: 2 is a host, 7 an address.
    let names = node(SEQUENCE, &[&node(0x82, &[b"localhost"]), &node(0x87, &[&[127, 0, 0, 1]])]);
    let uses = node(SEQUENCE, &[&node(OBJECT_ID, &[SERVER_AUTH])]);
    let extension =
        |id: &[u8], value: &[u8]| node(SEQUENCE, &[&node(OBJECT_ID, &[id]), &node(OCTET_STRING, &[value])]);
    let extensions = node(SEQUENCE, &[&extension(ALTERNATIVE_NAMES, &names), &extension(KEY_USES, &uses)]);
    node(
        SEQUENCE,
        &[
            &node(0xa0, &[&node(INTEGER, &[&[2]])]),
            &node(INTEGER, &[&[1]]),
            &node(SEQUENCE, &[&node(OBJECT_ID, &[ECDSA_WITH_SHA256])]),
            &name,
            &valid,
            &name,
            &node(SEQUENCE, &[&kind, &node(BIT_STRING, &[&[0], public])]),
            &node(0xa3, &[&extensions]),
        ],
    )
}

/// One element of DER: tag, length, contents.
fn node(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let length: usize = parts.iter().map(|p| p.len()).sum();
    let mut out = vec![tag];
    match u8::try_from(length) {
        Ok(short) if short < 0x80 => out.push(short),
        Ok(byte) => out.extend([0x81, byte]),
        // Certificates of ours are far below 64 KiB.
        Err(_) => {
            let [.., high, low] = length.to_be_bytes();
            out.extend([0x82, high, low]);
        }
    }
    for part in parts {
        out.extend_from_slice(part);
    }
    out
}
