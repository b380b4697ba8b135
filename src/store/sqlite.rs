//! The SQLite dialect: a file, its fair lock, WAL with full durability.

use std::fs::{File, Metadata, OpenOptions};
use std::io;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use rustix::fs::{Access, access};
use sqlx::sqlite::{SqliteConnectOptions, SqliteRow, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection, Sqlite, SqliteConnection};

use super::dialect::{Dialect, Opening, Statements, bests, board, race};
use super::fair_lock::FairLock;
use super::listing::{like, sets};
use super::{Hosts, StoreError};

mod guard;
mod listing;
mod races;
mod reading;
mod room;
mod schema;

pub use guard::{Guard, Wish, guard};
pub use reading::{connect_to_read, save};
pub use schema::{PARTS, expected_parts};

/// How long SQLite itself waits for a lock before the worker hears of it.
const BUSY_TIMEOUT: Duration = Duration::from_secs(1);

/// What the WAL file is cut back to once a reader of an old state, for whom it had to grow, has gone.
/// Without one it stays at half of that.
const WAL_LIMIT: &str = "8388608";

/// Longer than any file system's clock tick: a file changed this recently may change again without
/// a new modification time.
const CLOCK_TICK: Duration = Duration::from_millis(50);

/// In bytes; <https://www.sqlite.org/fileformat.html#pages>.
const SMALLEST_PAGE: u64 = 512;

/// A SQLite database file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SqliteFile {
    /// Its absolute path.
    pub path: PathBuf,
}

impl SqliteFile {
    fn place(&self) -> String {
        self.path.display().to_string()
    }
}

/// The lock beside the file, which file it was, and how it looked last.
#[derive(Debug)]
pub struct Local {
    lock: FairLock,
    identity: Option<(u64, u64)>,
    looks: Option<Looks>,
}

/// How the database file and its WAL look from outside; a commit changes one of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Looks {
    files: [Option<(u64, u64, SystemTime)>; 2],
    settled: bool,
}

impl Looks {
    fn of(path: &Path) -> Self {
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
}

impl Dialect for Sqlite {
    type Target = SqliteFile;
    type Local = Local;

    const SQL: Statements = Statements {
        database: "SELECT value FROM click_meta WHERE key = 'database'",
        opening: Opening::WithPlayers(listing::OPENING),
        cursor: "SELECT COALESCE(MAX(seq), 0) FROM click_changes",
        listing: listing::SQL,
        changes: "SELECT c.seq, c.user_id, u.id, CAST(u.name AS BLOB), CAST(u.email AS BLOB),
                         CAST(COALESCE(u.score, 0) AS INTEGER)
                  FROM click_changes c LEFT JOIN users u ON u.id = c.user_id
                  WHERE c.seq > ? ORDER BY c.seq LIMIT ?",
        register: "INSERT INTO click_sessions (client, user_id, seen)
                   SELECT ?1, id, CASE WHEN substr(?1, 15, 1) <> '8'
                                       THEN CAST(strftime('%s', 'now') AS INTEGER) / 86400 END
                   FROM users WHERE id = ?2
                   ON CONFLICT (client, user_id) DO NOTHING",
        resume: "INSERT INTO click_sessions (client, user_id, seen)
                 SELECT ?1, id, CAST(strftime('%s', 'now') AS INTEGER) / 86400
                 FROM users WHERE id = ?2
                   AND (SELECT CAST(value AS INTEGER) FROM click_meta WHERE key = 'kept_since') <= ?3
                 ON CONFLICT (client, user_id) DO NOTHING",
        session: "SELECT id FROM click_sessions WHERE client = ? AND user_id = ?",
        claims: "SELECT client, user_id, last_seq FROM click_sessions
                 WHERE client BETWEEN substr(?1, 1, 24) || '000000000000'
                                  AND substr(?1, 1, 24) || 'ffffffffffff'",
        // One text, because each further one costs two switches between threads, which on an idle
        // machine is a tenth of the whole. A sum too large turns into a REAL, and is left out.
        // A session with a limit is left to the second text, on whose `refused` a trigger counts.
        count: "BEGIN IMMEDIATE;
                UPDATE users
                SET score = COALESCE(score, 0)
                          + (?2 - (SELECT last_seq FROM click_sessions WHERE id = ?1))
                WHERE id = (SELECT user_id FROM click_sessions
                            WHERE id = ?1 AND last_seq < ?2 AND max_rate IS NULL AND refused = 0)
                  AND typeof(COALESCE(score, 0)
                          + (?2 - (SELECT last_seq FROM click_sessions WHERE id = ?1)))
                    = 'integer';
                UPDATE click_sessions
                SET last_seq = CASE changes() WHEN 1 THEN ?2 ELSE last_seq END
                WHERE id = ?1 AND max_rate IS NULL AND refused = 0
                  AND user_id IN (SELECT id FROM users)
                RETURNING last_seq, (SELECT CAST(COALESCE(score, 0) AS INTEGER)
                                     FROM users WHERE id = user_id), 0, NULL;
                COMMIT",
        count_limited: Some(
            "BEGIN IMMEDIATE;
             UPDATE click_sessions
             SET last_seq = CASE WHEN (SELECT typeof(COALESCE(score, 0) + (?2 - last_seq))
                                       FROM users WHERE id = user_id) = 'integer'
                                 THEN MAX(last_seq, ?2) ELSE last_seq END,
                 refused = refused
             WHERE id = ?1;
             SELECT s.last_seq, CAST(COALESCE(u.score, 0) AS INTEGER), s.refused, s.max_rate
             FROM click_sessions s JOIN users u ON u.id = s.user_id
             WHERE s.id = ?1;
             COMMIT",
        ),
        add: "INSERT INTO users (name, email, score) VALUES (?, ?, 0) RETURNING id",
        added: None,
        edit: "UPDATE users SET name = ?, email = ? WHERE id = ?
               RETURNING CAST(COALESCE(score, 0) AS INTEGER)",
        edited: None,
        remove: "DELETE FROM users WHERE id = ?",
        retire: "DELETE FROM click_sessions WHERE client = ?",
        tidy: "BEGIN IMMEDIATE;
               UPDATE click_sessions SET seen = CAST(strftime('%s', 'now') AS INTEGER) / 86400
               WHERE client = ?1 AND seen < CAST(strftime('%s', 'now') AS INTEGER) / 86400;
               UPDATE click_meta SET value = CAST(strftime('%s', 'now') AS INTEGER) / 86400 - 90
               WHERE key = 'kept_since'
                 AND CAST(value AS INTEGER) < CAST(strftime('%s', 'now') AS INTEGER) / 86400 - 90
                 AND EXISTS (SELECT 1 FROM click_sessions
                             WHERE seen < CAST(strftime('%s', 'now') AS INTEGER) / 86400 - 90);
               DELETE FROM click_sessions WHERE id IN (
                   SELECT id FROM click_sessions
                   WHERE seen < CAST(strftime('%s', 'now') AS INTEGER) / 86400 - 90
                     AND seen < (SELECT CAST(value AS INTEGER) FROM click_meta
                                 WHERE key = 'kept_since')
                   LIMIT 500);
               SELECT changes() = 500;
               COMMIT",
        kept_since: "SELECT CAST(value AS INTEGER) FROM click_meta WHERE key = 'kept_since'",
        sprint: "INSERT INTO click_sprints (user_id, seconds, presses, at, trace)
                 SELECT id, ?2, ?3, CAST(strftime('%s', 'now') AS INTEGER), ?4
                 FROM users WHERE id = ?1
                 ON CONFLICT (user_id, seconds) DO UPDATE
                 SET presses = excluded.presses, at = excluded.at, trace = excluded.trace
                 WHERE excluded.presses > presses",
        bests: bests!("?"),
        set_rules: "BEGIN IMMEDIATE;
                    INSERT INTO click_meta (key, value)
                    SELECT 'held_keys', ?1 WHERE ?1 IS NOT NULL
                    ON CONFLICT (key) DO UPDATE SET value = excluded.value;
                    INSERT INTO click_meta (key, value)
                    SELECT 'max_rate', ?2 WHERE ?2 IS NOT NULL
                    ON CONFLICT (key) DO UPDATE SET value = excluded.value;
                    UPDATE click_sessions
                    SET max_rate = CASE WHEN ?2 GLOB '[1-9]*' THEN CAST(?2 AS INTEGER) END
                    WHERE ?2 IS NOT NULL;
                    COMMIT",
        board: board!(first "?" over "?"),
        own_board: board!(of "?"),
        race_open: races::OPEN,
        race_join: races::JOIN,
        race_report: races::REPORT,
        race: race!(races::now!(), "CAST(c.name AS BLOB)", "?"),
        races: race!(last races::now!(), "CAST(c.name AS BLOB)", "?"),
        begin_reading: None,
        // Without statistics SQLite would go through all players. This costs what was played: who
        // did is in the index, and each one's quarter hours stand together.
        ranking: "SELECT CAST(unixepoch('subsec') * 1000 AS INTEGER) * 1000,
                         p.id, p.name, p.email, p.score, p.points, p.place, p.players
                  FROM (SELECT 1) LEFT JOIN (
                      SELECT u.id, CAST(u.name AS BLOB) AS name, CAST(u.email AS BLOB) AS email,
                             CAST(COALESCE(u.score, 0) AS INTEGER) AS score,
                             r.points, r.place - 1 AS place, r.players
                      FROM (SELECT user_id, points, COUNT(*) OVER () AS players,
                                   ROW_NUMBER() OVER (ORDER BY points DESC, user_id) AS place
                            FROM (SELECT played.user_id, SUM(h.points) AS points
                                  FROM (SELECT DISTINCT user_id
                                        FROM click_history INDEXED BY click_history_quarter
                                        WHERE quarter >= ?1) played
                                  CROSS JOIN click_history h
                                      ON h.user_id = played.user_id AND h.quarter >= ?1
                                  GROUP BY played.user_id)) r
                      CROSS JOIN users u ON u.id = r.user_id
                      WHERE r.place <= ?2 OR r.user_id = ?3
                  ) p",
        history: "SELECT CAST(unixepoch('subsec') * 1000 AS INTEGER) * 1000,
                         CASE WHEN u.id IS NOT NULL THEN CAST(COALESCE(u.score, 0) AS INTEGER) END,
                         h.quarter, h.points
                  FROM (SELECT ? AS id) p
                  LEFT JOIN users u ON u.id = p.id
                  LEFT JOIN click_history h ON h.user_id = u.id",
    };

    const LOOKS_BACK: bool = false;

    fn pattern(wanted: &str) -> String {
        match wanted.is_ascii() {
            true => like(wanted),
            false => format!("*{}*", sets(wanted, "")),
        }
    }

    const PATIENCE: Option<Duration> = None;

    fn place(hosts: &Hosts<SqliteFile>) -> String {
        hosts.all[0].place()
    }

    fn local(target: &SqliteFile) -> Local {
        Local {
            lock: FairLock::beside(&target.path),
            identity: None,
            looks: None,
        }
    }

    async fn connect(
        target: &SqliteFile,
        local: &mut Local,
        first: bool,
    ) -> Result<SqliteConnection, StoreError> {
        let connecting = connect(target, local, first, None);
        connecting.await.map(|(conn, _)| conn)
    }

    async fn begin(
        target: &SqliteFile,
        local: &mut Local,
        many: i64,
    ) -> Result<(SqliteConnection, Vec<SqliteRow>), StoreError> {
        connect(target, local, true, Some(many)).await
    }

    async fn turn(target: &SqliteFile, local: &mut Local) -> Result<(), StoreError> {
        local
            .lock
            .acquire(&target.path)
            .await
            .map_err(|error| from_io(target, &error))
    }

    fn end_turn(local: &mut Local) {
        local.lock.release();
    }

    fn check(target: &SqliteFile, local: &Local) -> Result<(), StoreError> {
        let now = std::fs::metadata(&target.path).ok().map(identity);
        if local.identity.is_none() || now == local.identity {
            return Ok(());
        }
        Err(StoreError::Replaced {
            place: target.place(),
        })
    }

    async fn make_room(
        target: &SqliteFile,
        local: &mut Local,
        conn: &mut SqliteConnection,
    ) -> Result<(), StoreError> {
        room::make(target, local, conn).await
    }

    async fn stirred(target: &SqliteFile, local: &mut Local, every: Duration) {
        let path = target.path.clone();
        let before = local.looks;
        let wanted = Arc::new(());
        let waiter = Arc::downgrade(&wanted);
        // A sleeping thread is woken once a look; a timer of the runtime is woken twice.
        let look = tokio::task::spawn_blocking(move || {
            loop {
                std::thread::sleep(every);
                let now = Looks::of(&path);
                let stirred = before.is_none_or(|b| !b.settled || b.files != now.files);
                if stirred || waiter.strong_count() == 0 {
                    return now;
                }
            }
        });
        local.looks = look.await.ok();
        drop(wanted);
    }

    fn explain(target: &SqliteFile, error: sqlx::Error) -> StoreError {
        let place = target.place();
        let sqlx::Error::Database(database) = &error else {
            return match error {
                sqlx::Error::Io(io) => from_io(target, &io),
                other => StoreError::Lost {
                    place,
                    why: other.to_string(),
                },
            };
        };
        let why = database.message().to_owned();
        let code = database.code().and_then(|code| code.parse::<i32>().ok());
        // https://www.sqlite.org/rescode.html: the low byte is the primary code.
        match code.map_or(0, |code| code & 0xff) {
            5 | 6 | 15 | 17 => StoreError::Busy { place },
            8 => StoreError::ReadOnly { place, why },
            10 => StoreError::Device { place, why },
            11 => StoreError::Damaged { place, why },
            13 => StoreError::Full { place },
            14 => cannot_open(target, why),
            18..=20 => StoreError::Rejected { why },
            26 => StoreError::NotADatabase { place },
            _ => StoreError::Other { place, why },
        }
    }
}

/// Opens a connection that can be used, with the opening for so many players where they are wanted
/// and the file was ready for it.
async fn connect(
    target: &SqliteFile,
    local: &mut Local,
    first: bool,
    opening: Option<i64>,
) -> Result<(SqliteConnection, Vec<SqliteRow>), StoreError> {
    if first {
        prepare_file(target)?;
    } else {
        Sqlite::check(target, local)?;
    }
    local.looks = None;
    let mut conn = open(target).await?;
    match make_ready(target, local, &mut conn, first, opening).await {
        Ok(rows) => {
            local.identity = std::fs::metadata(&target.path).ok().map(identity);
            Ok((conn, rows))
        }
        Err(error) => {
            // Closed here, not behind our back: the program may end on this, and is to leave no
            // journal beside a file that it can't use.
            let _ = conn.close().await;
            Err(error)
        }
    }
}

/// Opens a connection to a file that is there.
async fn open(target: &SqliteFile) -> Result<SqliteConnection, StoreError> {
    SqliteConnectOptions::new()
        .filename(&target.path)
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(BUSY_TIMEOUT)
        .pragma("journal_size_limit", WAL_LIMIT)
        .statement_cache_capacity(32)
        .thread_name(|_| "sqlite".to_owned())
        .disable_statement_logging()
        .connect()
        .await
        .map_err(|error| Sqlite::explain(target, error))
}

/// Brings the schema up to date, if asked to, and sees to it that the file is in WAL; gives the
/// opening where it was read on the way.
async fn make_ready(
    target: &SqliteFile,
    local: &mut Local,
    conn: &mut SqliteConnection,
    first: bool,
    opening: Option<i64>,
) -> Result<Vec<SqliteRow>, StoreError> {
    let explain = |error| Sqlite::explain(target, error);
    let standing = match schema::standing(conn, opening).await {
        Ok(standing) => Ok(Some(standing)),
        Err(error) if first && schema::is_missing(&error) => Ok(None),
        Err(error) => Err(explain(error)),
    };
    // It says more than that a page is missing, which the opening may have met.
    let may_be_cut_off = matches!(standing, Ok(_) | Err(StoreError::Damaged { .. }));
    if first && may_be_cut_off && is_cut_off(&target.path) {
        return Err(StoreError::Damaged {
            place: target.place(),
            why: "it ends in the middle of a page".into(),
        });
    }
    let standing = match standing? {
        Some(standing) if !first || standing.is_current(target)? => standing,
        older => {
            if older.is_none() {
                // What has answered with an error is not asked any more.
                let failed = std::mem::replace(conn, open(target).await?);
                let _ = failed.close().await;
            }
            // Before the turn, too: beside another program's file no lock is to be left.
            schema::refuse_foreign(target, conn).await?;
            Sqlite::turn(target, local).await?;
            let brought_up = schema::bring_up_to_date(target, conn).await;
            Sqlite::end_turn(local);
            brought_up?;
            schema::standing(conn, None).await.map_err(explain)?
        }
    };
    if standing.journal_mode != "wal" {
        Sqlite::turn(target, local).await?;
        let switched = schema::switch_to_wal(conn).await.map_err(explain);
        Sqlite::end_turn(local);
        switched?;
    }
    Ok(standing.opening)
}

fn identity(data: Metadata) -> (u64, u64) {
    (data.dev(), data.ino())
}

fn from_io(target: &SqliteFile, error: &io::Error) -> StoreError {
    let place = target.place();
    let why = error.to_string();
    match error.kind() {
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
            StoreError::ReadOnly { place, why }
        }
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => StoreError::Full { place },
        _ => StoreError::Device { place, why },
    }
}

/// SQLite says only "unable to open database file"; the file system knows more.
fn cannot_open(target: &SqliteFile, why: String) -> StoreError {
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
fn companion(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

/// Whether the file lost its last bytes, which SQLite would not miss before it needs them. With a
/// journal beside it, a half-written page is what SQLite itself mends.
fn is_cut_off(path: &Path) -> bool {
    let length = |path: &Path| std::fs::metadata(path).map_or(0, |data| data.len());
    !length(path).is_multiple_of(SMALLEST_PAGE)
        && ["-wal", "-journal"]
            .iter()
            .all(|ending| length(&companion(path, ending)) == 0)
}

/// Makes a missing file, for its owner alone, and refuses what can't be one before SQLite sees it.
fn prepare_file(target: &SqliteFile) -> Result<(), StoreError> {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn every_connection_syncs_fully() {
        let directory = tempfile::tempdir().expect("a temporary directory");
        let target = SqliteFile {
            path: directory.path().join("game.db"),
        };
        let mut local = Sqlite::local(&target);
        for first in [true, false] {
            let mut conn = Sqlite::connect(&target, &mut local, first)
                .await
                .expect("a connection");
            let full: i64 = sqlx::query_scalar("PRAGMA synchronous")
                .fetch_one(&mut conn)
                .await
                .expect("a level");
            assert_eq!(
                full, 2,
                "https://www.sqlite.org/pragma.html#pragma_synchronous"
            );
        }
    }
    #[tokio::test]
    async fn an_opening_comes_along_where_the_file_is_ready() {
        let directory = tempfile::tempdir().expect("a temporary directory");
        let target = SqliteFile {
            path: directory.path().join("game.db"),
        };
        let mut local = Sqlite::local(&target);
        let mut rows_of = Vec::new();
        for _ in 0..3 {
            let (mut conn, rows) = Sqlite::begin(&target, &mut local, 10)
                .await
                .expect("a connection");
            rows_of.push(rows.len());
            sqlx::query("INSERT INTO users (name, email, score) VALUES ('Ada', '', 0)")
                .execute(&mut conn)
                .await
                .expect("a player");
        }
        assert_eq!(
            rows_of,
            [0, 2, 3],
            "none where tables had to be made, then one row and a player each"
        );
    }
}
