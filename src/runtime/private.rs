//! Folders and files that only their owner may read: logs, the journal, recordings and copied text all
//! tell what a fleet looks like. Errors name the path.
use std::{
    fs::{DirBuilder, File, OpenOptions, Permissions},
    io,
    os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt},
    path::Path,
};

use crate::domain::{Problem, ProblemKind};

const FOLDER: u32 = 0o700;
const FILE: u32 = 0o600;

/// Creates a folder with mode 0700, parents too, and tightens one that is open to others.
pub fn folder(path: &Path) -> Result<(), Problem> {
    DirBuilder::new()
        .recursive(true)
        .mode(FOLDER)
        .create(path)
        .map_err(|error| problem("cannot create the folder", path, &error))?;
    tighten(path, FOLDER).map_err(|error| problem("cannot make the folder private", path, &error))
}

/// Opens a file with mode 0600 as the options say (they must ask for writing).
pub fn open(path: &Path, options: &mut OpenOptions) -> Result<File, Problem> {
    let file = options.mode(FILE).open(path).map_err(|error| problem("cannot write", path, &error))?;
    tighten(path, FILE).map_err(|error| problem("cannot make the file private", path, &error))?;
    Ok(file)
}

/// A failed call on a file as a problem, with what to do about the usual causes.
pub fn problem(what: &str, path: &Path, error: &io::Error) -> Problem {
    let hint = match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            "free some space there, or set XDG_STATE_HOME"
        }
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
            "make it writable for you, or point XDG_STATE_HOME to a folder that is"
        }
        io::ErrorKind::NotADirectory | io::ErrorKind::AlreadyExists => {
            "a file stands where a folder should be"
        }
        _ => "",
    };
    Problem::new(ProblemKind::File, format!("{what} {}: {error}", path.display())).hint(hint)
}

fn tighten(path: &Path, mode: u32) -> io::Result<()> {
    let now = std::fs::metadata(path)?;
    // A device that stands for a file is not ours to change.
    if (now.is_file() || now.is_dir()) && now.mode() & 0o077 != 0 {
        std::fs::set_permissions(path, Permissions::from_mode(mode))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mode(path: &Path) -> u32 {
        std::fs::metadata(path).unwrap().mode() & 0o777
    }

    #[test]
    fn folders_and_files_are_the_owners_alone_even_where_they_were_open() {
        let home = tempfile::tempdir().unwrap();
        let state = home.path().join("a/state");
        folder(&state).unwrap();
        assert_eq!(mode(&state), 0o700);

        let path = state.join("journal");
        std::fs::write(&path, "x").unwrap();
        std::fs::set_permissions(&path, Permissions::from_mode(0o644)).unwrap();
        open(&path, OpenOptions::new().append(true)).unwrap();
        assert_eq!(mode(&path), 0o600);
    }

    #[test]
    fn a_device_keeps_its_mode() {
        let before = mode(Path::new("/dev/null"));
        open(Path::new("/dev/null"), OpenOptions::new().write(true)).unwrap();
        assert_eq!(mode(Path::new("/dev/null")), before);
    }

    #[test]
    fn a_file_in_the_way_is_named_with_a_hint() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("state");
        std::fs::write(&path, "").unwrap();
        let problem = folder(&path.join("log")).unwrap_err();
        assert_eq!(problem.kind, ProblemKind::File);
        assert!(problem.summary.contains("state"), "{problem}");
        assert!(!problem.hint.is_empty(), "{problem:?}");
    }
}
