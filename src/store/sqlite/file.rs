//! What the file system tells of a SQLite file, and what has to be right there before SQLite sees it.

use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use rustix::fs::{Access, access};

use super::super::sanitized::sanitized;
use super::{SqliteFile, StoreError};

/// Longer than any file system's clock tick: a file changed this recently may change again without
/// a new modification time.
const CLOCK_TICK: Duration = Duration::from_millis(50);

/// In bytes; <https://www.sqlite.org/fileformat.html#pages>.
pub const SMALLEST_PAGE: u64 = 512;

/// How the database file and its WAL look from outside; a commit changes one of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FileState {
    files: [Option<(u64, u64, SystemTime)>; 2],
    settled: bool,
}

impl FileState {
    /// How they look now.
    pub fn of(path: &Path) -> Self {
        let look = |path: &Path| -> Option<(u64, u64, SystemTime)> {
            let data = std::fs::metadata(path).ok()?;
            Some((data.ino(), data.len(), data.modified().ok()?))
        };
        let files = [look(path), look(&companion(path, "-wal"))];
        let newest = files.iter().flatten().map(|(_, _, at)| *at).max();
        let age = newest.and_then(|at| SystemTime::now().duration_since(at).ok());
        Self {
            files,
            settled: age.is_some_and(|age| age > CLOCK_TICK),
        }
    }

    /// Whether a commit may have been since.
    pub fn may_differ_from(self, before: Option<Self>) -> bool {
        before.is_none_or(|before| !before.settled || before.files != self.files)
    }
}

/// Which file is at a path, if any is.
pub fn identity(path: &Path) -> Option<(u64, u64)> {
    let data = std::fs::metadata(path).ok()?;
    Some((data.dev(), data.ino()))
}

/// What an error of the file system means.
pub fn from_io(target: &SqliteFile, error: &io::Error) -> StoreError {
    let place = target.place();
    let why = sanitized(&error.to_string());
    match error.kind() {
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
            StoreError::ReadOnly { place, why }
        }
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => StoreError::Full { place },
        _ => StoreError::Device { place, why },
    }
}

/// SQLite says only "unable to open database file"; the file system knows more.
pub fn cannot_open(target: &SqliteFile, why: String) -> StoreError {
    match writable(&target.path) {
        Err(error) => error_at(target, &error),
        Ok(()) => StoreError::Device {
            place: target.place(),
            why,
        },
    }
}

fn error_at(target: &SqliteFile, error: &io::Error) -> StoreError {
    match error.kind() {
        io::ErrorKind::NotFound => StoreError::Replaced {
            place: target.place(),
        },
        _ => from_io(target, error),
    }
}

/// Whether the file and, for the WAL beside it, its directory can be written.
fn writable(path: &Path) -> io::Result<()> {
    access(path, Access::READ_OK | Access::WRITE_OK)?;
    if let Some(directory) = path.parent() {
        access(directory, Access::WRITE_OK | Access::EXEC_OK)?;
    }
    Ok(())
}

/// The file that SQLite keeps beside a database under this ending.
pub fn companion(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

/// Whether the file lost its last bytes, which SQLite would not miss before it needs them. With a
/// journal beside it, a half-written page is what SQLite itself mends.
pub fn is_cut_off(path: &Path) -> bool {
    let length = |path: &Path| std::fs::metadata(path).map_or(0, |data| data.len());
    !length(path).is_multiple_of(SMALLEST_PAGE)
        && ["-wal", "-journal"]
            .iter()
            .all(|ending| length(&companion(path, ending)) == 0)
}

/// Makes a missing file, for its owner alone, and refuses what can't be one before SQLite sees it.
pub fn prepare_file(target: &SqliteFile) -> Result<(), StoreError> {
    let path = &target.path;
    let unusable = |why: String| StoreError::Unusable {
        place: target.place(),
        why,
    };
    match std::fs::metadata(path) {
        Ok(data) if data.is_dir() => {
            return Err(unusable(
                "it is a directory. Name a file in it, as DIRECTORY/clickoff.db.".into(),
            ));
        }
        Ok(data) if !data.is_file() => {
            return Err(unusable(
                "it is not a regular file. Name another one.".into(),
            ));
        }
        // SQLite would take a file shorter than its smallest page for an empty one. It is not
        // looked into: closing a file drops all locks that SQLite holds on it in this process.
        Ok(data) if (1..SMALLEST_PAGE).contains(&data.len()) => {
            return Err(StoreError::NotADatabase {
                place: target.place(),
            });
        }
        Ok(_) => return writable(path).map_err(|error| from_io(target, &error)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(unusable(format!("{error}. Check the path."))),
    }
    let directory = path.parent().unwrap_or(Path::new("/"));
    if !directory.is_dir() {
        let directory = directory.display();
        return Err(unusable(format!(
            "there is no directory {directory}. Make it with `mkdir -p`, or check the path."
        )));
    }
    let made = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path);
    match made {
        Ok(_) => {}
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
        Err(error) => return Err(from_io(target, &error)),
    }
    // SQLite syncs the directory for its journals; the entry of the file itself is ours to sync.
    File::open(directory)
        .and_then(|d| d.sync_all())
        .map_err(|error| from_io(target, &error))
}
