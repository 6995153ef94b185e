//! Where the files of the operator and of the console are. Only names; nothing is created or read here.
use std::path::{Path, PathBuf};

use etcetera::base_strategy::{BaseStrategy, choose_base_strategy};

use crate::domain::{Problem, ProblemKind};

/// The three folders everything of ours lives in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paths {
    config: PathBuf,
    state: PathBuf,
    cache: PathBuf,
    home: PathBuf,
}

impl Paths {
    /// The folders of this user, after the XDG base directories.
    pub fn of_user() -> Result<Self, Problem> {
        let base = choose_base_strategy().map_err(|e| {
            Problem::new(ProblemKind::File, format!("the home folder is not known: {e}"))
                .hint("set HOME, or XDG_CONFIG_HOME, XDG_STATE_HOME and XDG_CACHE_HOME")
        })?;
        Ok(Self {
            config: base.config_dir().join("tko"),
            state: base.state_dir().unwrap_or_else(|| base.data_dir()).join("tko"),
            cache: base.cache_dir().join("tko"),
            home: base.home_dir().to_path_buf(),
        })
    }

    /// Everything under one folder: for tests, demos and portable set-ups.
    pub fn under(root: &Path) -> Self {
        Self {
            config: root.join("config"),
            state: root.join("state"),
            cache: root.join("cache"),
            home: root.join("home"),
        }
    }

    pub fn config_dir(&self) -> &Path {
        &self.config
    }
    pub fn state_dir(&self) -> &Path {
        &self.state
    }
    pub fn cache_dir(&self) -> &Path {
        &self.cache
    }
    pub fn config_file(&self) -> PathBuf {
        self.config.join("config.toml")
    }
    pub fn keymap_file(&self) -> PathBuf {
        self.config.join("keymap.toml")
    }
    /// Themes of the operator; those we ship are built in.
    pub fn theme_dir(&self) -> PathBuf {
        self.config.join("themes")
    }
    /// The audit records.
    pub fn journal_dir(&self) -> PathBuf {
        self.state.join("journal")
    }
    pub fn log_dir(&self) -> PathBuf {
        self.state.join("log")
    }
    /// Where kubectl looks when nothing else is said.
    pub fn default_kubeconfig(&self) -> PathBuf {
        self.home.join(".kube").join("config")
    }
}
