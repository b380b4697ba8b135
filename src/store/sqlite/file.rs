//! The file system's view of a SQLite file, and checks before SQLite opens it.

use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use rustix::fs::{Access, access};

use super::super::sanitized::sanitized;
use super::{SqliteFile, StoreError};

/// Longer than any file system's clock tick: a file that was changed this recently may change again
/// without a new modification time.
const CLOCK_TICK: Duration = Duration::from_millis(50);

/// In bytes; <https://www.sqlite.org/fileformat.html#pages>.
const SMALLEST_PAGE: u64 = 512;

/// Sizes and times of the database file and its WAL. Each commit changes one of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FileState {
    files: [Option<(u64, u64, SystemTime)>; 2],
    settled: bool,
}

impl FileState {
    /// Reads them.
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

    /// Whether there may have been a commit since.
    pub fn may_differ_from(self, before: Option<Self>) -> bool {
        before.is_none_or(|before| !before.settled || before.files != self.files)
    }
}

/// The device and inode of the file at a path.
pub fn identity(path: &Path) -> Option<(u64, u64)> {
    let data = std::fs::metadata(path).ok()?;
    Some((data.dev(), data.ino()))
}

/// Translates an error of the file system.
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

/// SQLite says only "unable to open database file". The file system knows the reason.
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

/// Checks that the file can be written, and its directory, for the WAL.
fn writable(path: &Path) -> io::Result<()> {
    access(path, Access::READ_OK | Access::WRITE_OK)?;
    if let Some(directory) = path.parent() {
        access(directory, Access::WRITE_OK | Access::EXEC_OK)?;
    }
    Ok(())
}

/// The path of a database with this ending added.
pub fn companion(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

/// Whether the file is truncated, which SQLite notices only when it reads the missing part. With a
/// journal SQLite repairs a half-written page itself.
pub fn is_cut_off(path: &Path) -> bool {
    let length = |path: &Path| std::fs::metadata(path).map_or(0, |data| data.len());
    !length(path).is_multiple_of(SMALLEST_PAGE)
        && ["-wal", "-journal"]
            .iter()
            .all(|ending| length(&companion(path, ending)) == 0)
}

/// Whether the file exists. Refuses what can't be a database, before SQLite opens it.
pub fn exists(target: &SqliteFile) -> Result<bool, StoreError> {
    match std::fs::metadata(&target.path) {
        Ok(data) if data.is_dir() => {
            let words = "it is a directory. Name a file in it, as DIRECTORY/clickoff.db.";
            Err(target.unusable(words))
        }
        Ok(data) if !data.is_file() => {
            Err(target.unusable("it is not a regular file. Name another one."))
        }
        // SQLite would treat a file shorter than its smallest page as empty. The file must not be
        // opened here, because closing it would drop all locks that SQLite holds on it in this
        // process.
        Ok(data) if (1..SMALLEST_PAGE).contains(&data.len()) => Err(StoreError::NotADatabase {
            place: target.place(),
        }),
        Ok(_) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(target.unusable(format!("{error}. Check the path."))),
    }
}

/// Creates a missing file, for its owner only, and refuses what can't be a database.
pub fn prepare_file(target: &SqliteFile) -> Result<(), StoreError> {
    let path = &target.path;
    if exists(target)? {
        return writable(path).map_err(|error| from_io(target, &error));
    }
    let directory = path.parent().unwrap_or(Path::new("/"));
    if !directory.is_dir() {
        let directory = directory.display();
        return Err(target.unusable(format!(
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
    // SQLite syncs the directory only for its journals, so the entry of the file itself is synced
    // here.
    File::open(directory)
        .and_then(|d| d.sync_all())
        .map_err(|error| from_io(target, &error))
}
