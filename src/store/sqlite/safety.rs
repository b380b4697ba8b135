//! Checks before SQLite opens a file, against cases in which SQLite would do harm: other names of
//! the same file, and a journal that names further files.

use std::fs::OpenOptions;
use std::io::{self, Read, Seek, SeekFrom};
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use sqlx::SqliteConnection;

use super::file::companion;
use super::{SqliteFile, StoreError};
use crate::files::{self, Links};

/// How many steps of SQLite's virtual machine a statement may take before the file is known to be a
/// valid database. The statements until then take some thousands.
const STEPS: i32 = 10_000_000;

/// A journal that names a super-journal ends with the length of the name, a checksum, and these
/// eight bytes (`readSuperJournal` in <https://www.sqlite.org/src/file/src/pager.c>).
const MAGIC: [u8; 8] = [0xd9, 0xd5, 0x05, 0xf9, 0x20, 0xa1, 0x63, 0xd7];

/// Refuses a file that SQLite must not open. Called before each opening.
///
/// # Errors
/// [`StoreError::Unusable`] with what is wrong and what to do.
pub fn check(target: &SqliteFile) -> Result<(), StoreError> {
    // SQLite resolves links, and keeps its journals beside the target.
    let Ok(path) = std::fs::canonicalize(&target.path) else {
        // SQLite will report that it can't open it.
        return Ok(());
    };
    refusal(&path).map_or(Ok(()), |why| Err(target.unusable(why)))
}

/// What is wrong with the file, and what to do.
fn refusal(path: &Path) -> Option<String> {
    // https://www.sqlite.org/howtocorrupt.html#_multiple_links_to_the_same_file
    let links = std::fs::metadata(path).map_or(0, |data| data.nlink());
    if links > 1 {
        return Some(format!(
            "the file has {links} names (hard links), and points are lost where it is played on by \
             two of them. Copy it with `cp`, and use the copy."
        ));
    }
    if is_mount_point(path) {
        return Some(
            "the file itself is mounted here, and points are lost where it is played on by its \
             other name, too. Mount the directory that it is in."
                .to_owned(),
        );
    }
    let journal = companion(path, "-journal");
    let shown = journal.display();
    match names_others(&journal) {
        Ok(false) => None,
        Ok(true) => Some(format!(
            "{shown} is of a transaction over several files, and names one that SQLite would \
             delete. Open the database once with the program that wrote it; if you don't know \
             that program, don't use the file."
        )),
        Err(error) => Some(format!("{shown} can't be read: {error}. Look what it is.")),
    }
}

/// Whether something is mounted on the file, as containers do with single files.
#[cfg(target_os = "linux")]
fn is_mount_point(path: &Path) -> bool {
    use rustix::fs::{AtFlags, CWD, StatxAttributes, StatxFlags, statx};
    // A kernel that is too old to know leaves the bit out of the mask.
    statx(CWD, path, AtFlags::empty(), StatxFlags::empty()).is_ok_and(|data| {
        let known = data.stx_attributes & data.stx_attributes_mask;
        known.contains(StatxAttributes::MOUNT_ROOT)
    })
}

#[cfg(not(target_os = "linux"))]
fn is_mount_point(_path: &Path) -> bool {
    false
}

/// Whether SQLite would roll back this journal and then access the file that it names.
fn names_others(journal: &Path) -> io::Result<bool> {
    let mut file = match files::open(OpenOptions::new().read(true), journal, Links::Refused) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err(error),
    };
    let mut first = [0];
    let length = file.metadata()?.len();
    // A journal that begins with a zero is finished
    // (<https://www.sqlite.org/pragma.html#pragma_journal_mode>).
    if length < 16 || file.read(&mut first)? == 0 || first == [0] {
        return Ok(false);
    }
    let mut end = [0; 16];
    let read = file.seek(SeekFrom::End(-16));
    // A journal that became shorter meanwhile is finished, too.
    let read = read.and_then(|_| file.read_exact(&mut end));
    Ok(read.is_ok() && end[8..] == MAGIC)
}

/// Sets the limit for each statement.
pub async fn limit(conn: &mut SqliteConnection) -> Result<(), sqlx::Error> {
    conn.lock_handle()
        .await?
        .set_progress_handler(STEPS, || false);
    Ok(())
}

/// Removes the limit.
pub async fn unlimit(conn: &mut SqliteConnection) -> Result<(), sqlx::Error> {
    conn.lock_handle().await?.remove_progress_handler();
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_something_is_mounted_it_is_known() {
        // There is no Linux without it.
        #[cfg(target_os = "linux")]
        assert!(is_mount_point(Path::new("/proc")));
        let directory = tempfile::tempdir().expect("a directory");
        let file = directory.path().join("game.db");
        std::fs::write(&file, "").expect("written");
        assert!(!is_mount_point(&file));
        assert_eq!(refusal(&file), None);
    }
}
