//! The real console in a home of its own. Says nothing of what it is connected to.
use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use portable_pty::CommandBuilder;
use tempfile::TempDir;

use crate::support::{Pty, command};

/// The program under test: what cargo built beside the tests, or what `TKO_BIN` names.
pub fn binary() -> String {
    env::var("TKO_BIN").unwrap_or_else(|_| env!("CARGO_BIN_EXE_tko").to_owned())
}

/// A home folder with a kubeconfig in it, thrown away at the end.
pub struct Home {
    folder: TempDir,
}

impl Home {
    pub fn new(kubeconfig: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        fs::write(folder.path().join("kubeconfig"), kubeconfig).expect("a kubeconfig");
        Self { folder }
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }
    /// The kubeconfig that every run in this home uses.
    pub fn kubeconfig(&self) -> PathBuf {
        self.path().join("kubeconfig")
    }

    /// The command of the console; more can be set on it.
    pub fn command(&self, args: &[&str]) -> CommandBuilder {
        let mut command = command(&binary(), args, self.path());
        command.env("KUBECONFIG", self.kubeconfig());
        command.env("XDG_STATE_HOME", self.path().join("state"));
        command
    }

    /// Opens the console in a terminal.
    pub fn open(&self, args: &[&str]) -> Pty {
        Pty::start(self.command(args), 150, 40)
    }

    /// Runs a command without a terminal to its end.
    pub fn run(&self, args: &[&str]) -> Output {
        Command::new(binary())
            .args(args)
            .env_clear()
            .env("PATH", env::var_os("PATH").unwrap_or_default())
            .env("HOME", self.path())
            .env("KUBECONFIG", self.kubeconfig())
            .env("XDG_STATE_HOME", self.path().join("state"))
            .current_dir(self.path())
            .stdin(Stdio::null())
            .output()
            .expect("the console starts")
    }

    /// All that the console wrote to its log.
    pub fn log(&self) -> String {
        let files = fs::read_dir(self.path().join("state/tko/log")).into_iter().flatten().flatten();
        files.map(|file| fs::read_to_string(file.path()).unwrap_or_default()).collect()
    }
}
