//! What is remembered between runs, as a file of the state folder. Losing it is harmless, so nothing
//! here is worth more than a line in the log, and nobody waits for the disk.
use std::{
    fs,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use crate::state::memory::Memory;

const FILE: &str = "memory.json";

/// What earlier runs remembered; nothing when there is no such file or it makes no sense.
pub fn load(folder: &Path) -> Memory {
    fs::read(folder.join(FILE)).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default()
}

/// Writes the newest of what it is given; older states that were not written yet are skipped.
#[derive(Debug, Clone)]
pub struct Keeper {
    folder: PathBuf,
    newest: Arc<Mutex<Option<Memory>>>,
    writing: Arc<Mutex<()>>,
}

impl Keeper {
    pub fn new(folder: PathBuf) -> Self {
        Self { folder, newest: Arc::default(), writing: Arc::default() }
    }

    /// Takes a state; `write` is to follow, from where waiting does no harm.
    pub fn take(&self, memory: Memory) {
        *self.newest.lock().unwrap_or_else(PoisonError::into_inner) = Some(memory);
    }

    /// Writes what was taken last, if nobody has yet.
    pub fn write(&self) {
        let _one_at_a_time = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        let newest = self.newest.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(memory) = newest
            && let Err(error) = save(&self.folder, &memory)
        {
            tracing::warn!(%error, "what was set could not be remembered");
        }
    }
}

/// Writes it beside and renames, so that another console never reads half a file.
fn save(folder: &Path, memory: &Memory) -> std::io::Result<()> {
    fs::create_dir_all(folder)?;
    let beside = folder.join(format!("{FILE}.{}", std::process::id()));
    fs::write(&beside, serde_json::to_vec(memory)?)
        .and_then(|()| fs::rename(&beside, folder.join(FILE)))
        .inspect_err(|_| {
            // Whether the rest can be removed does not matter: it is overwritten or ignored.
            let _ = fs::remove_file(&beside);
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::memory::PaneMemory;

    fn memory(sort: &str) -> Memory {
        let pane = PaneMemory { sort: sort.into(), reverse: true, wide: false };
        Memory { panes: [("machines".to_owned(), pane)].into() }
    }

    #[test]
    fn the_newest_is_remembered_and_nothing_is_left_beside() {
        let folder = tempfile::tempdir().unwrap();
        let keeper = Keeper::new(folder.path().join("state"));
        keeper.take(memory("age"));
        keeper.take(memory("name"));
        keeper.write();
        keeper.write();
        let state = folder.path().join("state");
        assert_eq!(load(&state), memory("name"));
        assert_eq!(fs::read_dir(&state).unwrap().count(), 1);
    }

    #[test]
    fn what_makes_no_sense_is_no_memory_and_a_folder_that_cannot_be_made_no_error() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(FILE), "{half").unwrap();
        assert_eq!(load(folder.path()), Memory::default());
        let keeper = Keeper::new(folder.path().join(FILE).join("no folder"));
        keeper.take(memory("age"));
        keeper.write();
    }
}
