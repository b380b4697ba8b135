//! Remembers the last player on each database, in one small file per database.
//!
//! The file is named after the database's name for itself, so that a new database at the same path
//! has a new file. Nothing depends on it: a file that can't be read is ignored.

use std::fs::DirBuilder;
use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::files::{self, Links};

/// In bytes: a name may be as long as the form allows.
const LARGEST: u64 = 256 << 10;

/// Who was played last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastPlayer {
    /// `users.id`, which the database may have given to another player since.
    pub player: i64,
    /// The name, to notice that.
    pub name: String,
}

/// The file for a database; `None` if its name can't be a file name.
fn path(directory: &Path, database: &str) -> Option<PathBuf> {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
    let fits = (1..=64).contains(&database.len()) && database.chars().all(is_plain);
    fits.then(|| directory.join(format!("{database}.json")))
}

/// Who was played last on a database, if that is known.
pub fn read(directory: &Path, database: &str) -> Option<LastPlayer> {
    let path = path(directory, database)?;
    let text = match files::read(&path, LARGEST, Links::Refused) {
        Ok(text) => text,
        Err(error) => {
            if error.kind() != io::ErrorKind::NotFound {
                tracing::warn!(path = %path.display(), %error, "who played last can't be read");
            }
            return None;
        }
    };
    serde_json::from_str(&text).ok()
}

/// Remembers the last player on a database. It is durable when this returns.
///
/// # Errors
/// If the file can't be written. The earlier one is then unchanged.
pub fn keep(directory: &Path, database: &str, player: &LastPlayer) -> io::Result<()> {
    let Some(path) = path(directory, database) else {
        return Ok(());
    };
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(directory)?;
    let text = serde_json::to_string(player).map_err(io::Error::other)?;
    // Two runs on one database must not share a draft.
    let draft = path.with_extension(std::process::id().to_string());
    files::replace(&path, &draft, &text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ada(player: i64) -> LastPlayer {
        let name = "Ada".into();
        LastPlayer { player, name }
    }

    #[test]
    fn each_database_has_its_own_last_player_and_the_latest_counts() {
        let dir = tempfile::tempdir().expect("a temporary directory");
        let dir = dir.path().join("players");
        assert_eq!(read(&dir, "one"), None);
        keep(&dir, "one", &ada(1)).expect("kept");
        keep(&dir, "two", &ada(7)).expect("kept");
        keep(&dir, "one", &ada(3)).expect("kept");
        assert_eq!(read(&dir, "one"), Some(ada(3)));
        assert_eq!(read(&dir, "two"), Some(ada(7)));
        let files = std::fs::read_dir(&dir).expect("listed");
        assert_eq!(files.count(), 2, "no draft stays behind");
    }

    #[test]
    fn a_databases_name_leads_nowhere_else() {
        let dir = tempfile::tempdir().expect("a temporary directory");
        let inner = dir.path().join("players");
        for name in ["", "../x", "a/b", ".", "x\0", &"a".repeat(65)] {
            keep(&inner, name, &ada(1)).expect("left out");
            assert_eq!(read(&inner, name), None, "{name:?}");
        }
        assert_eq!(std::fs::read_dir(dir.path()).expect("listed").count(), 0);
    }

    #[test]
    fn what_is_no_memory_is_none_and_nothing_is_written_where_a_link_leads_to() {
        let dir = tempfile::tempdir().expect("a temporary directory");
        let at = |name: &str| dir.path().join(name);
        std::fs::write(at("broken.json"), "{").expect("written");
        std::fs::write(at("large.json"), "[".repeat(1 << 20)).expect("written");
        std::fs::write(at("elsewhere"), "precious").expect("written");
        std::os::unix::fs::symlink(at("elsewhere"), at("link.json")).expect("linked");
        for name in ["broken", "large", "link"] {
            assert_eq!(read(dir.path(), name), None, "{name}");
        }
        keep(dir.path(), "link", &ada(1)).expect("kept in the place of the link");
        let there = std::fs::read_to_string(at("elsewhere")).expect("there");
        assert_eq!(there, "precious");
        assert_eq!(read(dir.path(), "link"), Some(ada(1)));
    }
}
