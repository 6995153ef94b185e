//! One line of the journal: how it is made and how it is checked. Works on the very bytes of the line, so
//! that no other writer of JSON can disagree about them.
use ring::digest;
use serde::Serialize;

use super::{Entry, Record};

/// What stands for the previous line of the first one.
pub(super) const START: &str = "0000000000000000000000000000000000000000000000000000000000000000";

const FIELD: &str = ",\"hash\":\"";

#[derive(Serialize)]
struct Body<'a> {
    seq: u64,
    #[serde(flatten)]
    entry: &'a Entry,
    prev: &'a str,
}

/// A record's line without its line break, and its hash.
pub(super) fn line(seq: u64, entry: &Entry, prev: &str) -> serde_json::Result<(String, String)> {
    let mut line = serde_json::to_string(&Body { seq, entry, prev })?;
    let hash = digest(line.as_bytes());
    line.pop();
    line.push_str(FIELD);
    line.push_str(&hash);
    line.push_str("\"}");
    Ok((line, hash))
}

/// Reads a line and checks its own hash; the error says what is wrong with it.
pub(super) fn check(line: &[u8]) -> Result<Record, String> {
    let text = std::str::from_utf8(line).map_err(|_| "it is not UTF-8".to_owned())?;
    let record: Record = serde_json::from_str(text).map_err(|error| error.to_string())?;
    let body =
        text.strip_suffix(&format!("{FIELD}{}\"}}", record.hash)).ok_or("its hash is not its last field")?;
    if digest(format!("{body}}}").as_bytes()) == record.hash {
        Ok(record)
    } else {
        Err("its hash does not match: it was changed".to_owned())
    }
}

/// SHA-256 in hexadecimal.
pub(super) fn digest(bytes: &[u8]) -> String {
    digest::digest(&digest::SHA256, bytes).as_ref().iter().fold(String::with_capacity(64), |mut hex, byte| {
        for half in [byte >> 4, byte & 15] {
            hex.push(char::from(if half < 10 { b'0' + half } else { b'a' + half - 10 }));
        }
        hex
    })
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_digest_is_sha_256() {
        assert_eq!(super::digest(b"abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }
}
