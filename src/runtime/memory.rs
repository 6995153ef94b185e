//! What is remembered between runs, as a file of the state folder. Losing it is harmless, so nothing
//! here is worth more than a line in the log.
use std::{fs, path::Path};

use crate::state::memory::Memory;

const FILE: &str = "memory.json";

/// What earlier runs remembered; nothing when there is no such file or it makes no sense.
pub fn load(folder: &Path) -> Memory {
    fs::read(folder.join(FILE)).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default()
}

/// Writes it beside and renames, so that another console never reads half a file.
pub(super) fn save(folder: &Path, memory: &Memory) {
    let write = || -> std::io::Result<()> {
        fs::create_dir_all(folder)?;
        let beside = folder.join(format!("{FILE}.{}", std::process::id()));
        fs::write(&beside, serde_json::to_vec(memory)?)?;
        fs::rename(beside, folder.join(FILE))
    };
    if let Err(error) = write() {
        tracing::warn!(%error, "what was set could not be remembered");
    }
}
