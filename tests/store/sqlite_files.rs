//! How the SQLite store treats its file: made private, refused unchanged, locked, replaced, or
//! created by the tutorial's program.

use std::ffi::OsString;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::time::Duration;

use clickoff::message::BrokenKind;
use clickoff::store::{AnyStore, CHANGES, ClientId, Remedy, SessionId, Store, StoreError, Target};

use crate::Sqlite;
use crate::contract::{Place, entry, history_holds};
use sqlx::Connection;

/// The names of all files beside the database, and its own.
fn files(place: &Sqlite) -> Vec<OsString> {
    let files = fs::read_dir(place.directory.path()).expect("listed");
    let mut names: Vec<_> = files
        .map(|file| file.expect("an entry").file_name())
        .collect();
    names.sort();
    names
}

/// Opening fails so, and the file is the same to the byte.
async fn refuses(place: &Sqlite, expected: impl Fn(&StoreError) -> bool) -> StoreError {
    let before = fs::read(place.path()).expect("readable");
    let error = place.store().open().await.expect_err("it is refused");
    assert!(expected(&error), "{error:?}");
    let name = place.path().display().to_string();
    assert!(error.to_string().contains(&name), "{error}");
    assert_eq!(
        fs::read(place.path()).expect("readable"),
        before,
        "left alone"
    );
    error
}

#[tokio::test]
async fn the_file_is_made_for_its_owner_alone() {
    let place = Sqlite::new();
    let mut store = place.store();
    store.open().await.expect("open");
    let added = store.add(&entry("Ada", "")).await;
    added.expect("added");
    let names: Vec<_> = fs::read_dir(place.directory.path())
        .expect("listed")
        .map(|f| f.expect("an entry"))
        .collect();
    assert!(
        names.len() >= 4,
        "the database, its WAL, its shm and its lock"
    );
    for file in names {
        let mode = file.metadata().expect("metadata").permissions().mode();
        assert_eq!(mode & 0o077, 0, "{:?} {mode:o}", file.path());
    }
}

#[tokio::test]
async fn the_file_stays_in_wal_mode() {
    let place = Sqlite::new();
    place.store().open().await.expect("open");
    assert_eq!(journal_mode(&place).await, "wal");
    // Another program may switch it back; WAL with full syncs is what was shown to lose nothing.
    let switch = async {
        while journal_mode(&place).await != "delete" {
            // It can't while the first connection has not ended.
            place.sql("PRAGMA journal_mode = DELETE").await;
        }
    };
    let switched = tokio::time::timeout(Duration::from_secs(10), switch).await;
    switched.expect("another mode");
    place.store().open().await.expect("open");
    assert_eq!(journal_mode(&place).await, "wal");
}

async fn journal_mode(place: &Sqlite) -> String {
    let mut conn = place.connection().await;
    let mode = sqlx::query_scalar("PRAGMA journal_mode");
    let mode = mode.fetch_one(&mut conn).await.expect("a mode");
    conn.close().await.expect("closed");
    mode
}

#[tokio::test]
async fn what_is_no_database_is_refused() {
    for content in [&b"hello, world\n".repeat(100)[..], &[0x5a; 5000], b"x"] {
        let place = Sqlite::new();
        fs::write(place.path(), content).expect("written");
        refuses(&place, |e| matches!(e, StoreError::NotADatabase { .. })).await;
    }
}

/// A database of many pages.
async fn filled() -> Sqlite {
    let place = Sqlite::new();
    place.store().open().await.expect("open");
    place
        .sql(
            "INSERT INTO users (name, email, score)
             WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500)
             SELECT 'player ' || i || hex(randomblob(40)), '', i FROM n",
        )
        .await;
    place.sql("PRAGMA wal_checkpoint(TRUNCATE)").await;
    place
}

#[tokio::test]
async fn a_truncated_database_is_refused() {
    let place = filled().await;
    let bytes = fs::read(place.path()).expect("readable");
    for length in [bytes.len() / 2, 4096 * 2, 5000, bytes.len() - 1] {
        fs::write(place.path(), &bytes[..length]).expect("written");
        let error = refuses(&place, |e| {
            matches!(e.remedy(), Remedy::Stop(BrokenKind::Damaged))
        })
        .await;
        assert!(matches!(error, StoreError::Damaged { .. }), "{error:?}");
    }
}

#[tokio::test]
async fn a_damaged_database_is_refused() {
    let place = filled().await;
    let mut bytes = fs::read(place.path()).expect("readable");
    // All pages but the first, which has the schema.
    bytes[4096..].fill(0xa5);
    fs::write(place.path(), &bytes).expect("written");
    refuses(&place, |e| matches!(e, StoreError::Damaged { .. })).await;
}

#[tokio::test]
async fn a_newer_schema_is_refused_by_name() {
    let place = Sqlite::new();
    place.store().open().await.expect("open");
    place
        .sql(
            "INSERT INTO click_migrations (version, description, success, checksum, execution_time)
             VALUES (999, 'flying carpets', TRUE, x'00', 0); PRAGMA wal_checkpoint(TRUNCATE)",
        )
        .await;
    let error = refuses(&place, |e| matches!(e, StoreError::Newer { .. })).await;
    assert!(error.to_string().contains("flying carpets"), "{error}");
}

/// Files of other programs, and what is said of each.
const MISFITS: &[(&str, &str)] = &[
    ("CREATE TABLE songs (id INTEGER)", "no table users"),
    (
        "CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT, email TEXT)",
        "no column score",
    ),
    (
        "CREATE TABLE users (id CHAR(36) PRIMARY KEY, name TEXT, email TEXT, score INTEGER)",
        "the column id of its table users is of the type CHAR(36); INTEGER PRIMARY KEY would fit",
    ),
    (
        "CREATE TABLE users (id UUID NOT NULL PRIMARY KEY, name TEXT, email TEXT, score INTEGER)",
        "the column id of its table users is of the type UUID; INTEGER PRIMARY KEY would fit",
    ),
    (
        "CREATE TABLE users (id BLOB NOT NULL PRIMARY KEY, name TEXT, email TEXT, score INTEGER)",
        "the column id of its table users is of the type BLOB; INTEGER PRIMARY KEY would fit",
    ),
    (
        "CREATE TABLE users (id NOT NULL PRIMARY KEY, name TEXT, email TEXT, score INTEGER)",
        "the column id of its table users has no type; INTEGER PRIMARY KEY would fit",
    ),
    (
        "CREATE TABLE users (id INTEGER, name TEXT, email TEXT, score INTEGER)",
        "the column id of its table users may be NULL; INTEGER PRIMARY KEY would fit",
    ),
    (
        "CREATE TABLE users (id BIGINT PRIMARY KEY, name TEXT, email TEXT, score INTEGER)",
        "the column id of its table users may be NULL; INTEGER PRIMARY KEY would fit",
    ),
    (
        "CREATE TABLE users (id BIGINT NOT NULL, name TEXT, email TEXT, score INTEGER)",
        "the column id of its table users may hold a number twice; INTEGER PRIMARY KEY would fit",
    ),
    (
        "CREATE TABLE users (id BIGINT NOT NULL, name TEXT, email TEXT, score INTEGER,
                             PRIMARY KEY (id, name))",
        "the column id of its table users may hold a number twice",
    ),
    (
        "CREATE TABLE users (id BIGINT NOT NULL PRIMARY KEY, name TEXT, email TEXT, score INTEGER);
         INSERT INTO users VALUES ('ada', 'Ada', '', 1)",
        "an id of its table users is 'ada', which is no whole number",
    ),
    (
        "CREATE TABLE users (id BIGINT UNSIGNED NOT NULL PRIMARY KEY, name TEXT, email TEXT,
                             score INTEGER);
         INSERT INTO users VALUES (18446744073709551615, 'Ada', '', 1)",
        "which is no whole number",
    ),
    (
        "CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT, email TEXT, score VARCHAR(10))",
        "the column score of its table users is of the type VARCHAR(10); INTEGER would fit",
    ),
    (
        "CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT, email TEXT,
                             score INTEGER AS (length(name)) STORED)",
        "the column score of its table users is generated; INTEGER would fit",
    ),
    (
        "CREATE TABLE users (id INTEGER PRIMARY KEY, first TEXT, email TEXT, score INTEGER,
                             name TEXT AS (first))",
        "the column name of its table users is generated; VARCHAR(100) would fit",
    ),
    (
        "CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT, email TEXT, score INTEGER);
         INSERT INTO users VALUES (3, 'Ada', '', 'many')",
        "the player 3 of its table users has the score 'many', which is no whole number",
    ),
    (
        "CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT, email TEXT, score NUMERIC(10, 2));
         INSERT INTO users VALUES (3, 'Ada', '', 2), (4, 'Bob', '', 2.5)",
        "the player 4 of its table users has the score 2.5, which is no whole number",
    ),
    (
        "CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT, email TEXT, score INTEGER);
         CREATE VIEW users AS SELECT * FROM people",
        "its users is no plain table",
    ),
    (
        "PRAGMA writable_schema = ON;
         INSERT INTO sqlite_master (type, name, tbl_name, rootpage, sql)
         VALUES ('table', 'users', 'users', 0,
                 'CREATE VIRTUAL TABLE users USING fts5 (id, name, email, score)')",
        "its users is no plain table",
    ),
    (
        "PRAGMA encoding = 'UTF-16';
         CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT, email TEXT, score INTEGER)",
        "its texts are in UTF-16le, and clickoff reads UTF-8",
    ),
];

#[tokio::test]
async fn another_programs_database_is_refused() {
    for (sql, why) in MISFITS {
        let place = Sqlite::new();
        place.sql(sql).await;
        let error = refuses(&place, |e| matches!(e, StoreError::Foreign { .. })).await;
        assert!(error.to_string().contains(why), "{error}");
        assert_eq!(files(&place), ["game.db"], "nothing is left beside it");
    }
}

#[tokio::test]
async fn another_programs_table_is_played_on_where_its_columns_fit() {
    for columns in [
        "id INTEGER PRIMARY KEY, name TEXT, email TEXT, score)",
        "id INTEGER PRIMARY KEY, name, email, score REAL)",
        "id INTEGER PRIMARY KEY, name TEXT, email TEXT, score NUMERIC, born AS (1815) STORED)",
        "id BIGINT NOT NULL UNIQUE, name TEXT, email TEXT, score BIGINT)",
        "ID integer primary key, Name TEXT, Email TEXT, Score DOUBLE PRECISION)",
        "id INT NOT NULL PRIMARY KEY, name TEXT, email TEXT, score INT) WITHOUT ROWID",
    ] {
        let place = Sqlite::new();
        let table = format!("CREATE TABLE users ({columns}");
        let mut conn = place.connection().await;
        for sql in [
            &table,
            "INSERT INTO users (id, name, score) VALUES (7, 'Ada', 4)",
        ] {
            let sql = sqlx::raw_sql(sqlx::AssertSqlSafe(sql));
            sql.execute(&mut conn).await.expect("the other program's");
        }
        conn.close().await.expect("closed");
        let mut store = place.store();
        let opened = store.open().await.expect(columns);
        let ada = &opened.players[0];
        assert_eq!((ada.id.0, ada.score), (7, 4), "{columns}");
        let row = store.register(ClientId::new_v4(), ada.id).await;
        let counted = store.count(row.expect("a row"), 3).await;
        assert_eq!(counted.expect(columns).score, 7, "{columns}");
        history_holds(&mut store).await;
    }
}

#[tokio::test]
async fn a_file_whose_migrations_are_forgotten_is_not_mistaken_for_a_ready_one() {
    let place = Sqlite::new();
    place.store().open().await.expect("it opens");
    place.sql("DELETE FROM click_migrations").await;
    let error = place.store().open().await;
    let error = error.expect_err("tables that are there can't be made");
    assert!(error.to_string().contains("already exists"), "{error}");
}

#[tokio::test]
async fn a_directory_or_a_missing_one_is_refused() {
    let place = Sqlite::new();
    fs::create_dir(place.path()).expect("made");
    let error = place.store().open().await.expect_err("refused");
    assert!(error.to_string().contains("it is a directory"), "{error}");
    let path = place.path().join("no/game.db");
    let mut store = AnyStore::new(Target::Sqlite(path));
    let error = store.open().await.expect_err("refused");
    assert!(
        error.to_string().contains("there is no directory"),
        "{error}"
    );
}

/// The file opened, with a client's row for a player in it.
async fn with_a_row(place: &Sqlite) -> (AnyStore, SessionId) {
    let mut store = place.store();
    store.open().await.expect("open");
    let ada = store.add(&entry("Ada", "")).await.expect("added").id;
    let row = store.register(ClientId::new_v4(), ada).await;
    (store, row.expect("a row"))
}

#[tokio::test]
async fn a_file_that_another_program_holds_locked_is_busy_and_nothing_else() {
    let place = Sqlite::new();
    let (mut store, row) = with_a_row(&place).await;
    let mut other = place.connection().await;
    sqlx::raw_sql("BEGIN IMMEDIATE")
        .execute(&mut other)
        .await
        .expect("locked");
    let error = store.count(row, 1).await.expect_err("locked");
    assert!(matches!(error, StoreError::Busy { .. }), "{error:?}");
    let others = place.store().open().await.expect("reading goes on");
    assert_eq!(others.players[0].score, 0);
    sqlx::raw_sql("COMMIT")
        .execute(&mut other)
        .await
        .expect("unlocked");
    assert_eq!(store.count(row, 1).await.expect("counted").score, 1);
}

#[tokio::test]
async fn a_file_that_was_replaced_takes_no_presses() {
    let place = Sqlite::new();
    let (mut store, row) = with_a_row(&place).await;
    fs::rename(place.path(), place.directory.path().join("moved.db")).expect("moved");
    let error = store.count(row, 1).await.expect_err("the file is gone");
    assert!(matches!(error, StoreError::Replaced { .. }), "{error:?}");
    fs::write(place.path(), b"").expect("another");
    let error = store.count(row, 1).await.expect_err("another file");
    assert!(matches!(error, StoreError::Replaced { .. }), "{error:?}");
    assert!(
        !place.path().with_file_name("game.db-wal").exists()
            || fs::metadata(place.path()).expect("there").len() == 0
    );
}

/// The table as Flask-SQLAlchemy's `create_all` makes it for the tutorial's model.
const FLASK: &str = "
    CREATE TABLE users (
        id INTEGER NOT NULL,
        name VARCHAR(100),
        email VARCHAR(100),
        score INTEGER,
        PRIMARY KEY (id)
    );
    INSERT INTO users VALUES (1, 'Ada', 'ada@example.org', 41), (2, NULL, NULL, NULL),
                             (3, CAST(x'ff41fe' AS TEXT), 'x', '12');";

#[tokio::test]
async fn the_tutorials_file_opens_plays_and_stays_valid_for_its_program() {
    let place = Sqlite::new();
    place.sql(FLASK).await;
    let mut store = place.store();
    let mut players = store.open().await.expect("open").players;
    players.sort_by_key(|p| p.id);
    let read: Vec<_> = players.iter().map(|p| (p.name.as_str(), p.score)).collect();
    assert_eq!(read, [("Ada", 41), ("", 0), ("\u{fffd}A\u{fffd}", 12)]);
    for player in &players {
        let row = store
            .register(ClientId::new_v4(), player.id)
            .await
            .expect("a row");
        let counted = store.count(row, 1).await.expect("counted");
        assert_eq!(counted.score, player.score + 1);
    }
    // What the tutorial's program does, word for word.
    place
        .sql(
            "BEGIN; SELECT users.id, users.name, users.email, users.score FROM users
             WHERE users.id = 1; UPDATE users SET score = 43 WHERE users.id = 1; COMMIT;
             INSERT INTO users (name, email, score) VALUES ('New', 'n@example.org', 0)",
        )
        .await;
    let players = store.open().await.expect("open").players;
    assert!(players.iter().any(|p| p.name == "Ada" && p.score == 43));
    assert_eq!(players.len(), 4);
    let mut conn = place.connection().await;
    let columns: Vec<String> = sqlx::query_scalar("SELECT name FROM pragma_table_info('users')")
        .fetch_all(&mut conn)
        .await
        .expect("columns");
    assert_eq!(columns, ["id", "name", "email", "score"]);
}

#[tokio::test]
async fn a_history_follows_writes_that_replace_a_row_or_hold_no_number() {
    let place = Sqlite::new();
    place.sql(FLASK).await;
    let mut store = place.store();
    history_holds(&mut store).await;
    for sql in [
        "REPLACE INTO users VALUES (1, 'Ada', NULL, 5)",
        "REPLACE INTO users VALUES (1, 'Ada', NULL, NULL)",
        "INSERT INTO users VALUES (1, 'Ada', NULL, 7)
         ON CONFLICT (id) DO UPDATE SET score = excluded.score",
        "UPDATE OR REPLACE users SET id = 1 WHERE id = 3",
        "UPDATE OR REPLACE users SET id = 1, score = 9 WHERE id = 2",
        "UPDATE users SET score = 'many'",
        "UPDATE users SET score = '12'",
        "UPDATE users SET score = 1.5",
        "UPDATE users SET score = 1e300",
        "UPDATE users SET score = 3",
    ] {
        place.sql(sql).await;
        history_holds(&mut store).await;
    }
}

#[tokio::test]
async fn there_is_no_way_to_a_file_that_would_take_time() {
    let place = Sqlite::new();
    let mut store = place.store();
    let cursor = store.open().await.expect("open").cursor;
    for _ in 0..3 {
        store.changes(cursor, CHANGES).await.expect("a look");
        assert_eq!(store.round_trip(), None);
    }
}

#[tokio::test]
async fn the_wal_is_cut_back_once_a_reader_of_an_old_state_has_gone() {
    let place = Sqlite::new();
    let mut store = place.store();
    store.open().await.expect("open");
    let ada = store.add(&entry("Ada", "")).await.expect("added").id;
    let row = store.register(ClientId::new_v4(), ada).await;
    let row = row.expect("a row");
    let wal = place.path().with_extension("db-wal");
    let length = || fs::metadata(&wal).expect("a WAL file").len();
    let mut reader = place.connection().await;
    let mut tx = reader.begin().await.expect("a transaction");
    let count = "SELECT COUNT(*) FROM users";
    sqlx::raw_sql(count).execute(&mut *tx).await.expect("read");
    let mut upto = 0;
    while length() < 10 << 20 {
        upto += 1;
        store.count(row, upto).await.expect("counted");
    }
    tx.rollback().await.expect("the reader goes");
    // The next to write begins the file anew.
    for _ in 0..2 {
        upto += 1;
        store.count(row, upto).await.expect("counted");
    }
    assert!(length() <= 8 << 20, "{} bytes stay", length());
    reader.close().await.expect("closed");
}

#[tokio::test]
async fn by_a_link_to_the_file_changes_are_seen_as_well() {
    let place = Sqlite::new();
    place.store().open().await.expect("open");
    let link = place.directory.path().join("link.db");
    std::os::unix::fs::symlink(place.path(), &link).expect("a link");
    let mut store = AnyStore::new(Target::Sqlite(link));
    let cursor = store.open().await.expect("open").cursor;
    let look = Duration::from_millis(10);
    let mut quiet = false;
    for _ in 0..100 {
        let stirred = tokio::time::timeout(30 * look, store.wait_for_change(look));
        quiet = stirred.await.is_err();
        if quiet {
            break;
        }
    }
    assert!(quiet, "nothing happens");
    let mut other = place.store();
    other.open().await.expect("open");
    other.add(&entry("Ada", "")).await.expect("added");
    let stirred = tokio::time::timeout(500 * look, store.wait_for_change(look));
    stirred.await.expect("it is seen");
    let changes = store.changes(cursor, CHANGES).await.expect("a look");
    assert_eq!(changes.expect("a change").players[0].name, "Ada");
}
