//! SQLite: a file in WAL mode with full durability, and a lock file for fairness.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use super::StoreError;
use super::dialect::{Calls, Statements};
use super::sanitized::sanitized;
use super::spelling::Spelling;

mod archive;
mod connecting;
mod counting;
mod fair_lock;
mod file;
mod fit;
mod guard;
mod listing;
mod races;
mod reading;
mod safety;
mod schema;
mod session_row;
mod sprints;

pub use connecting::connect;
pub use counting::count;
use fair_lock::FairLock;
use file::{FileState, cannot_open, from_io, identity};
pub use guard::{GuardAction, GuardState, guard};
pub use reading::{connect_to_read, save};
pub use safety::unlimit;
use schema::PARTS;
pub use schema::in_memory;

/// A SQLite database file, and what this process knows of it.
#[derive(Debug)]
pub struct SqliteFile {
    path: PathBuf,
    lock: FairLock,
    /// The path without links: SQLite keeps its other files beside that.
    real: PathBuf,
    identity: Option<(u64, u64)>,
    state: Option<FileState>,
}

/// A clone knows nothing of the file yet.
impl Clone for SqliteFile {
    fn clone(&self) -> Self {
        Self::at(self.path.clone())
    }
}

impl SqliteFile {
    /// The file at an absolute path.
    pub fn at(path: PathBuf) -> Self {
        Self {
            lock: FairLock::for_database(&path),
            real: path.clone(),
            path,
            identity: None,
            state: None,
        }
    }

    fn place(&self) -> String {
        self.path.display().to_string()
    }

    fn unusable(&self, why: impl Into<String>) -> StoreError {
        StoreError::Unusable {
            place: self.place(),
            why: why.into(),
        }
    }

    /// Waits for this process's turn to write.
    pub async fn turn(&mut self) -> Result<(), StoreError> {
        let turn = self.lock.acquire(&self.path).await;
        turn.map_err(|error| from_io(self, &error))
    }

    /// Ends the turn to write.
    pub fn end_turn(&mut self) {
        self.lock.release();
    }

    /// Checks that the file was not replaced.
    ///
    /// # Errors
    /// [`StoreError::Replaced`] if it was.
    pub fn check(&self) -> Result<(), StoreError> {
        match self.identity {
            None => Ok(()),
            opened => self.check_against(opened),
        }
    }

    /// Checks that the file at the path is this one.
    fn check_against(&self, opened: Option<(u64, u64)>) -> Result<(), StoreError> {
        match identity(&self.path) {
            now @ Some(_) if now == opened => Ok(()),
            _ => Err(StoreError::Replaced {
                place: self.place(),
            }),
        }
    }

    /// Waits until the file may have changed since the last call, and polls at this interval. It
    /// may return early.
    pub async fn wait_for_change(&mut self, interval: Duration) {
        let path = self.real.clone();
        let before = self.state;
        let wanted = Arc::new(());
        let waiter = Arc::downgrade(&wanted);
        // A sleeping thread wakes up once per poll, a timer of the runtime twice.
        let poll = tokio::task::spawn_blocking(move || {
            loop {
                std::thread::sleep(interval);
                let now = FileState::of(&path);
                if now.may_differ_from(before) || waiter.strong_count() == 0 {
                    return now;
                }
            }
        });
        self.state = poll.await.ok();
        drop(wanted);
    }

    /// What a driver's error means.
    pub fn explain(&self, error: sqlx::Error) -> StoreError {
        let place = self.place();
        let sqlx::Error::Database(database) = &error else {
            return match error {
                sqlx::Error::Io(io) => from_io(self, &io),
                sqlx::Error::WorkerCrashed => StoreError::Lost {
                    place,
                    why: "the driver has failed".to_owned(),
                },
                other => StoreError::Unread {
                    place,
                    why: sanitized(&other.to_string()),
                },
            };
        };
        let why = sanitized(database.message());
        let code = database.code().and_then(|code| code.parse::<i32>().ok());
        // https://www.sqlite.org/rescode.html: the low byte is the primary code.
        match code.map_or(0, |code| code & 0xff) {
            5 | 6 | 15 | 17 => StoreError::Busy { place },
            8 => StoreError::ReadOnly { place, why },
            10 => StoreError::Device { place, why },
            11 => StoreError::Damaged { place, why },
            13 => StoreError::Full { place },
            9 => self.unusable(
                "reading it takes longer than in any database of clickoff. Name another one.",
            ),
            14 => cannot_open(self, why),
            // Code 1 also comes from a trigger that refers to something missing.
            1 | 18..=20 => StoreError::Rejected { why },
            26 => StoreError::NotADatabase { place },
            _ => StoreError::Other { place, why },
        }
    }
}

/// How SQLite spells the statements that are written once for all engines.
const SPELLING: Spelling = Spelling {
    integer: "INTEGER",
    text: "TEXT",
    divide: "/",
    join: "CROSS JOIN",
    // It has no routines.
    call: "",
    numbers: "?",
    clock: "CAST(unixepoch('subsec') * 1000 AS INTEGER) * 1000",
    cursor: "(SELECT COALESCE(MAX(seq), 0) FROM click_changes)",
    score: "CAST(COALESCE(u.score, 0) AS INTEGER)",
    meta_key: "key",
    bytes: ["CAST(", " AS BLOB)"],
    is_numbered: false,
};

/// The statements of SQLite.
pub const SQL: Statements = Statements {
    migrations: schema::MIGRATIONS,
    spelling: SPELLING,
    archive: archive::SQL,
    listing: listing::SQL,
    calls: CALLS,
    epoch: None,
    changes: "SELECT c.seq AS stamp, c.user_id, {player}
              FROM click_changes c LEFT JOIN users u ON u.id = c.user_id
              WHERE c.seq > ? ORDER BY c.seq LIMIT ?",
    looks_back: false,
    takes_many: true,
    claims: "SELECT id, client, user_id, last_seq FROM click_sessions
             WHERE client BETWEEN substr(?1, 1, 24) || '000000000000'
                              AND substr(?1, 1, 24) || 'ffffffffffff'",
    begin: "BEGIN IMMEDIATE",
    begin_pooled: None,
    begin_reading: None,
    foreign_triggers: r"SELECT 'trigger ' || name FROM sqlite_master
                WHERE type = 'trigger'
                  AND (lower(tbl_name) = 'users' OR tbl_name LIKE 'click\_%' ESCAPE '\')
                  AND name NOT LIKE 'click\_%' ESCAPE '\'
                ORDER BY 1",
    edit: "UPDATE users SET name = ?, email = ? WHERE id = ?",
    // Without statistics SQLite would read all players. This way the cost grows only with what was
    // played: the index has the players of the period, and the quarter hours of a player are stored
    // together.
    scorers: "SELECT played.user_id, SUM(h.points) AS points
              FROM (SELECT DISTINCT c.user_id, since.quarter AS since
                    FROM (SELECT ? AS quarter) since
                    CROSS JOIN click_history c INDEXED BY click_history_quarter
                        ON c.quarter >= since.quarter) played
              CROSS JOIN click_history h
                  ON h.user_id = played.user_id AND h.quarter >= played.since
              GROUP BY played.user_id",
    is_unwritable: |_| false,
};

/// The statements in place of a server's routines.
const CALLS: Calls = Calls {
    register: "INSERT INTO click_sessions (client, user_id, seen)
               SELECT ?1, id, CASE WHEN substr(?1, 15, 1) <> '8'
                                   THEN CAST(strftime('%s', 'now') AS INTEGER) / 86400 END
               FROM users WHERE id IN (SELECT value FROM json_each('[' || ?2 || ']'))
               ON CONFLICT (client, user_id) DO NOTHING",
    resume: "INSERT INTO click_sessions (client, user_id, seen)
             SELECT ?1, id, CAST(strftime('%s', 'now') AS INTEGER) / 86400
             FROM users WHERE id = ?2
               AND (SELECT CAST(value AS INTEGER) FROM click_meta WHERE key = 'kept_since') <= ?3
             ON CONFLICT (client, user_id) DO NOTHING",
    session: "SELECT id, user_id FROM click_sessions
              WHERE client = ?1 AND user_id IN (SELECT value FROM json_each('[' || ?2 || ']'))",
    add: "INSERT INTO users (name, email, score) VALUES (?, ?, 0) RETURNING id",
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
    sprint_begin: sprints::BEGIN,
    sprint: sprints::KEEP,
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
    race_open: races::OPEN,
    race_join: races::JOIN,
    race_report: races::REPORT,
};
