//! The directories of the program's files, and how paths are shown.

use std::path::{Path, PathBuf};

use directories::ProjectDirs;

use super::SettingsError;
use crate::store::{Target, archive};

/// The default directories of the program's files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Directories {
    /// The settings, the themes and the keymap.
    pub config: PathBuf,
    /// The scores.
    pub data: PathBuf,
    /// The log, the outbox and the reports of crashes.
    pub state: PathBuf,
}

impl Directories {
    /// Finds the directories; they need not exist.
    pub fn find() -> Result<Self, SettingsError> {
        let dirs = ProjectDirs::from("", "", "clickoff").ok_or(SettingsError::NoHome)?;
        let state = dirs.state_dir().unwrap_or_else(|| dirs.data_local_dir());
        Ok(Self {
            config: dirs.config_dir().to_owned(),
            data: dirs.data_dir().to_owned(),
            state: state.to_owned(),
        })
    }

    /// The configuration file.
    pub fn config_file(&self) -> PathBuf {
        self.config.join("config.toml")
    }
}

/// The default file of the host key of `clickoff serve`, below the state directory.
pub fn host_key(state: &Path) -> PathBuf {
    state.join("ssh_host_ed25519_key")
}

/// A path as it is shown, with `~` for the home directory.
pub fn shown_path(path: &Path) -> String {
    let home = std::env::var_os("HOME").map(PathBuf::from);
    let below = home.as_deref().filter(|h| *h != Path::new("/"));
    match below.and_then(|home| path.strip_prefix(home).ok()) {
        Some(rest) => format!("~/{}", rest.display()),
        None => path.display().to_string(),
    }
}

/// The place of a database as it is shown: a file's path, or a server's URL without its password.
pub fn shown_place(database: &Target) -> String {
    match database {
        Target::Sqlite(path) => shown_path(path),
        server => archive::place(server),
    }
}
