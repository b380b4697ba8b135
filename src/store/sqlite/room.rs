//! Lays the WAL file out once, so that a commit overwrites what is there instead of making it longer.
//!
//! A file that grows costs each commit a second write of the file system's own, for the new length
//! and the new blocks: a third of the time that a press takes to be saved. SQLite makes the WAL as
//! long as it will be anyway, a thousand pages, in one transaction that does not fit its cache, and
//! rolls that back; what stands there is what any transaction leaves that was given up.

use std::fs::File;
use std::path::Path;

use rustix::fs::statvfs;
use sqlx::{Sqlite, SqliteConnection};

use super::super::StoreError;
use super::super::dialect::Dialect;
use super::file::{companion, from_io};
use super::{Local, SqliteFile};

/// In bytes: the thousand pages after which SQLite begins the file anew, and a commit more
/// (<https://www.sqlite.org/c3ref/wal_autocheckpoint.html>).
const ROOM: u32 = 4_200_000;

/// In bytes: with less left on the disk, it is left to what has to be written.
const SPARE: u64 = 64 << 20;

/// How many bytes. Any large value does; this one is in no index and fires no trigger. The cache is
/// SQLite's own again at the end (<https://www.sqlite.org/pragma.html#pragma_cache_size>).
const LAY_OUT: &str = "PRAGMA cache_size = 8;
                       BEGIN IMMEDIATE;
                       UPDATE click_survey SET players = zeroblob(?1) WHERE id = 1;
                       ROLLBACK;
                       PRAGMA cache_size = -2000";

/// Sees to it that the WAL is as long as it gets, and on the disk.
pub async fn make(
    target: &SqliteFile,
    local: &mut Local,
    conn: &mut SqliteConnection,
) -> Result<(), StoreError> {
    let wal = companion(&local.path, "-wal");
    if std::fs::metadata(&wal).is_ok_and(|data| data.len() >= ROOM.into()) || is_scarce(&local.path)
    {
        return Ok(());
    }
    Sqlite::turn(target, local).await?;
    let lay_out = sqlx::query(LAY_OUT).bind(ROOM).persistent(false);
    let laid_out = lay_out.execute(conn).await;
    Sqlite::end_turn(local);
    laid_out.map_err(|error| Sqlite::explain(target, error))?;
    // Or the first press would have to wait for all of it. Of the locks that closing a file ends,
    // SQLite has none on this one.
    let sync = move || File::open(wal).and_then(|wal| wal.sync_data());
    match tokio::task::spawn_blocking(sync).await {
        Ok(synced) => synced.map_err(|error| from_io(target, &error)),
        Err(_) => Ok(()),
    }
}

/// Whether a disk has little left.
fn is_scarce(path: &Path) -> bool {
    statvfs(path).is_ok_and(|disk| disk.f_bavail.saturating_mul(disk.f_frsize) < SPARE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_there_is_little_left_no_room_is_made() {
        // Linux says that there is none in it.
        assert!(is_scarce(Path::new("/proc")));
    }
}
