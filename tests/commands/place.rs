//! A database of any kind, which tests fill and read without the program.

use std::fmt::Write;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU32, Ordering};

use tempfile::TempDir;

use crate::db::Db;
use crate::support::servers::{MariaDb, Missing, PASSWORD, Postgres, ROLE, require};

static POSTGRES: LazyLock<Result<Postgres, Missing>> = LazyLock::new(Postgres::start);
static MARIADB: LazyLock<Result<MariaDb, Missing>> = LazyLock::new(MariaDb::start);

/// The table of players in a program's own size, without anything of clickoff's beside it.
pub const TABLE: &str = "CREATE TABLE users (id BIGINT NOT NULL PRIMARY KEY, name VARCHAR(100),
                                             email VARCHAR(100), score BIGINT)";

/// The table as the tutorial's program makes it on a server: with numbers of 32 bits.
pub const TUTORIAL: &str = "CREATE TABLE users (id INTEGER NOT NULL PRIMARY KEY,
                                                name VARCHAR(100), email VARCHAR(100),
                                                score INTEGER)";

/// A player as the tables have it.
pub type Row = (i64, Option<String>, Option<String>, Option<i64>);

/// A race as the tables have it: key, length, start, end if it is closed, and the racers in the
/// order of their numbers, each with player, name, presses and standing.
pub type Race<'a> = (i64, i64, i64, Option<i64>, &'a [Racer<'a>]);
/// One who races.
pub type Racer<'a> = (i64, Option<&'a str>, i64, i64);

/// A player with a name and a score.
pub fn row(id: i64, name: &str, score: i64) -> Row {
    (id, Some(name.to_owned()), None, Some(score))
}

/// So many players.
pub fn crowd(players: i64) -> Vec<Row> {
    let player = |n| {
        (
            n,
            Some(format!("player {n}")),
            Some(format!("{n}@example.org")),
            Some(n % 97),
        )
    };
    (1..=players).map(player).collect()
}

/// A database of its own.
pub enum Place {
    /// A SQLite file.
    Sqlite(TempDir),
    /// A PostgreSQL database and its URL.
    Postgres(&'static Postgres, String, String),
    /// A MariaDB database and its URL.
    MariaDb(&'static MariaDb, String, String),
}

fn fresh_name() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    format!("t{}", NEXT.fetch_add(1, Ordering::Relaxed))
}

impl Place {
    /// A SQLite file that is not there yet.
    pub fn sqlite() -> Option<Self> {
        Some(Self::Sqlite(tempfile::tempdir().expect("a directory")))
    }

    /// An empty PostgreSQL database.
    pub fn postgres() -> Option<Self> {
        let server = require(POSTGRES.as_ref().map_err(Clone::clone))?;
        let name = fresh_name();
        let url = server.create_database(&name);
        Some(Self::Postgres(server, name, url))
    }

    /// An empty MariaDB database.
    pub fn mariadb() -> Option<Self> {
        let server = require(MARIADB.as_ref().map_err(Clone::clone))?;
        let name = fresh_name();
        let url = server.create_database(&name);
        Some(Self::MariaDb(server, name, url))
    }

    /// Another one of the same kind, empty.
    pub fn another(&self) -> Self {
        let place = match self {
            Self::Sqlite(_) => Self::sqlite(),
            Self::Postgres(..) => Self::postgres(),
            Self::MariaDb(..) => Self::mariadb(),
        };
        place.expect("there was one")
    }

    /// The URL of a user with a role, once clickoff has opened the database.
    #[track_caller]
    pub fn member(&self, role: &str) -> String {
        let (name, roles) = match self {
            Self::Sqlite(_) => panic!("a file knows no users"),
            Self::Postgres(_, name, _) => (name, include_str!("../../assets/roles/postgres.sql")),
            Self::MariaDb(_, name, _) => (name, include_str!("../../assets/roles/mariadb.sql")),
        };
        let user = format!("{role}_{name}");
        self.run(roles);
        self.run(&match self {
            Self::MariaDb(..) => format!(
                "CREATE USER {user} IDENTIFIED BY 's3cret'; GRANT clickoff_{role} TO {user};
                 SET DEFAULT ROLE clickoff_{role} FOR {user}"
            ),
            _ => format!(
                "CREATE ROLE {user} LOGIN PASSWORD 's3cret'; GRANT clickoff_{role} TO {user}"
            ),
        });
        let owner = format!("{ROLE}:{PASSWORD}@");
        self.url().replace(&owner, &format!("{user}:s3cret@"))
    }

    /// The file of a SQLite database.
    pub fn file(&self) -> PathBuf {
        match self {
            Self::Sqlite(dir) => dir.path().join("scores.db"),
            _ => panic!("a server has no file"),
        }
    }

    /// What `--from` and `--to` take.
    pub fn url(&self) -> String {
        match self {
            Self::Sqlite(_) => self.file().display().to_string(),
            Self::Postgres(_, _, url) | Self::MariaDb(_, _, url) => url.clone(),
        }
    }

    /// The server's address.
    pub fn address(&self) -> SocketAddr {
        match self {
            Self::Sqlite(_) => panic!("a file has no address"),
            Self::Postgres(server, ..) => server.addr(),
            Self::MariaDb(server, ..) => server.addr(),
        }
    }

    /// The same through another address.
    pub fn url_via(&self, address: SocketAddr) -> String {
        self.url()
            .replace(&self.address().to_string(), &address.to_string())
    }

    /// Runs statements.
    #[track_caller]
    pub fn run(&self, sql: &str) {
        let done = self.try_run(sql);
        done.unwrap_or_else(|error| panic!("{}: {error}", sql.get(..300).unwrap_or(sql)));
    }

    /// Runs statements that may fail.
    pub fn try_run(&self, sql: &str) -> Result<(), String> {
        match self {
            Self::Sqlite(_) => {
                let done = Db::open(&self.file()).try_run(sql);
                done.map_err(|error| error.to_string())
            }
            Self::Postgres(server, name, _) => server.try_sql(name, sql).map(drop),
            Self::MariaDb(server, name, _) => server.try_sql(name, sql).map(drop),
        }
    }

    /// The texts that a query answers with, one a row.
    #[track_caller]
    pub fn texts(&self, sql: &str) -> Vec<String> {
        let lines = |text: String| text.lines().map(str::to_owned).collect();
        match self {
            Self::Sqlite(_) => Db::open(&self.file()).texts(sql),
            Self::Postgres(server, name, _) => lines(server.sql_in(name, sql)),
            Self::MariaDb(server, name, _) => lines(server.sql_in(name, sql)),
        }
    }

    /// Makes a table and puts players into it, as another program does.
    #[track_caller]
    pub fn fill(&self, table: &str, rows: &[Row]) {
        self.run(table);
        self.insert(rows);
    }

    /// Puts players into the table that is there.
    #[track_caller]
    pub fn insert(&self, rows: &[Row]) {
        let mut sql = String::new();
        for chunk in rows.chunks(500) {
            let values: Vec<String> = chunk.iter().map(|row| self.values(row)).collect();
            let values = values.join(", ");
            write!(
                sql,
                "INSERT INTO users (id, name, email, score) VALUES {values};"
            )
            .expect("written");
        }
        self.run(&sql);
    }

    fn values(&self, (id, name, email, score): &Row) -> String {
        let text = |text: &Option<String>| self.text(text.as_deref());
        format!(
            "({id}, {}, {}, {})",
            text(name),
            text(email),
            or_null(*score)
        )
    }

    /// A text for a statement.
    fn text(&self, text: Option<&str>) -> String {
        let Some(text) = text else {
            return "NULL".to_owned();
        };
        let hex = hex(text);
        match self {
            Self::Sqlite(_) => format!("CAST(x'{hex}' AS TEXT)"),
            Self::Postgres(..) => format!("convert_from('\\x{hex}', 'UTF8')"),
            Self::MariaDb(..) => format!("CONVERT(x'{hex}' USING utf8mb4)"),
        }
    }

    /// Puts races into the tables of a database that clickoff has opened. In those that are open,
    /// each racer has a session.
    #[track_caller]
    pub fn add_races(&self, races: &[Race<'_>]) {
        let own_keys = match self {
            Self::Postgres(..) => "OVERRIDING SYSTEM VALUE",
            _ => "",
        };
        let mut sql = String::new();
        for (id, seconds, start, closed, racers) in races {
            sql += &format!(
                "INSERT INTO click_races (id, seconds, starts_at, closed_at) {own_keys}
                 VALUES ({id}, {seconds}, {start}, {});",
                or_null(*closed)
            );
            for (n, (player, name, presses, standing)) in (1..).zip(*racers) {
                let session = closed.is_none().then_some(n);
                sql += &format!(
                    "INSERT INTO click_racers
                         (race, racer, session, user_id, name, base, presses, standing, trace)
                     VALUES ({id}, {n}, {}, {player}, {}, 3, {presses}, {standing}, {});",
                    or_null(session),
                    self.text(*name),
                    // Of some who were done, as of older races.
                    match standing {
                        1 if n % 2 == 1 => format!("'1,,{n}'"),
                        _ => "NULL".to_owned(),
                    }
                );
            }
        }
        self.run(&sql);
    }

    /// All closed races as they are stored and all who raced in them, a line each; of a racer who is
    /// nobody any more it tells no key.
    #[track_caller]
    pub fn races(&self) -> Vec<String> {
        let mut lines = self.texts(match self {
            Self::MariaDb(..) => {
                "SELECT CONCAT_WS(' ', id, seconds, starts_at, closed_at) FROM click_races
                 WHERE closed_at IS NOT NULL ORDER BY id"
            }
            _ => {
                "SELECT id || ' ' || seconds || ' ' || starts_at || ' ' || closed_at
                 FROM click_races WHERE closed_at IS NOT NULL ORDER BY id"
            }
        });
        let racers = self.texts(match self {
            Self::Sqlite(_) => {
                "SELECT race || ' ' || racer || ' ' || COALESCE(u.id, '-') || ' '
                     || iif(c.name IS NULL, '-', hex(c.name)) || ' ' || presses || ' ' || standing
                     || ' ' || COALESCE(trace, '-')
                 FROM click_racers c LEFT JOIN users u ON u.id = c.user_id
                 WHERE c.session IS NULL ORDER BY race, racer"
            }
            Self::Postgres(..) => {
                "SELECT race || ' ' || racer || ' ' || COALESCE(u.id::text, '-') || ' '
                     || COALESCE(upper(encode(convert_to(c.name, 'UTF8'), 'hex')), '-') || ' '
                     || presses || ' ' || standing || ' ' || COALESCE(trace, '-')
                 FROM click_racers c LEFT JOIN users u ON u.id = c.user_id
                 WHERE c.session IS NULL ORDER BY race, racer"
            }
            Self::MariaDb(..) => {
                "SELECT CONCAT_WS(' ', race, racer, COALESCE(u.id, '-'),
                                  COALESCE(HEX(c.name), '-'), presses, standing,
                                  COALESCE(trace, '-'))
                 FROM click_racers c LEFT JOIN users u ON u.id = c.user_id
                 WHERE c.session IS NULL ORDER BY race, racer"
            }
        });
        lines.extend(racers);
        lines
    }

    /// All players as they are stored, a line each, with their texts as bytes.
    #[track_caller]
    pub fn rows(&self) -> Vec<String> {
        let lines = self.texts(match self {
            Self::Sqlite(_) => {
                "SELECT id || ' ' || iif(name IS NULL, '-', hex(name))
                     || ' ' || iif(email IS NULL, '-', hex(email))
                     || ' ' || COALESCE(score, '-') FROM users ORDER BY id"
            }
            Self::Postgres(..) => {
                "SELECT id || ' ' || COALESCE(encode(convert_to(name, 'UTF8'), 'hex'), '-')
                     || ' ' || COALESCE(encode(convert_to(email, 'UTF8'), 'hex'), '-')
                     || ' ' || COALESCE(score::text, '-') FROM users ORDER BY id"
            }
            Self::MariaDb(..) => {
                "SELECT CONCAT(id, ' ', COALESCE(HEX(CONVERT(name USING utf8mb4)), '-'),
                               ' ', COALESCE(HEX(CONVERT(email USING utf8mb4)), '-'),
                               ' ', COALESCE(score, '-')) FROM users ORDER BY id"
            }
        });
        lines.iter().map(|line| line.to_uppercase()).collect()
    }

    /// Whether it holds these players and no others.
    #[track_caller]
    pub fn holds(&self, rows: &[Row]) {
        let text = |text: &Option<String>| text.as_ref().map_or("-".to_owned(), |t| hex(t));
        let line = |(id, name, email, score): &Row| {
            let score = score.map_or("-".to_owned(), |score| score.to_string());
            format!("{id} {} {} {score}", text(name), text(email))
        };
        let mut expected: Vec<&Row> = rows.iter().collect();
        expected.sort_by_key(|row| row.0);
        let expected: Vec<String> = expected.into_iter().map(line).collect();
        let found = self.rows();
        let different = found
            .iter()
            .zip(&expected)
            .find(|(found, wanted)| found != wanted);
        assert_eq!(different, None, "found, wanted");
        assert_eq!(found.len(), expected.len());
    }

    /// All histories as they are stored, a line each part.
    #[track_caller]
    pub fn history(&self) -> Vec<String> {
        self.texts(match self {
            Self::MariaDb(..) => {
                "SELECT CONCAT_WS(' ', user_id, quarter, points, overwritten) FROM click_history
                 ORDER BY user_id, quarter"
            }
            _ => {
                "SELECT user_id || ' ' || quarter || ' ' || points || ' ' || overwritten
                 FROM click_history ORDER BY user_id, quarter"
            }
        })
    }

    /// All sprints as they are stored, a line each.
    #[track_caller]
    pub fn sprints(&self) -> Vec<String> {
        self.texts(match self {
            Self::MariaDb(..) => {
                "SELECT CONCAT_WS(' ', user_id, seconds, presses, at, CONCAT(trace, '.')) FROM click_sprints
                 WHERE user_id IN (SELECT id FROM users) ORDER BY user_id, seconds"
            }
            _ => {
                "SELECT user_id || ' ' || seconds || ' ' || presses || ' ' || at || ' ' || trace || '.'
                 FROM click_sprints WHERE user_id IN (SELECT id FROM users)
                 ORDER BY user_id, seconds"
            }
        })
    }

    /// All calls with a key as they are stored, a line each.
    #[track_caller]
    pub fn keys(&self) -> Vec<String> {
        self.texts(match self {
            Self::MariaDb(..) => {
                "SELECT CONCAT_WS(' ', user_id, client, last_seq) FROM click_sessions
                 WHERE client LIKE '_____________-8%' AND last_seq > 0 ORDER BY client, user_id"
            }
            _ => {
                "SELECT user_id || ' ' || client || ' ' || last_seq FROM click_sessions
                 WHERE client LIKE '_____________-8%' AND last_seq > 0 ORDER BY client, user_id"
            }
        })
    }

    /// Adds ssh keys, each by its fingerprint, with player, comment and time.
    #[track_caller]
    pub fn add_ssh_keys(&self, keys: &[(&str, i64, &str, i64)]) {
        for (fingerprint, player, comment, at) in keys {
            let comment = self.text(Some(comment));
            self.run(&format!(
                "INSERT INTO click_keys (fingerprint, user_id, comment, at)
                 VALUES ('{fingerprint}', {player}, {comment}, {at})"
            ));
        }
    }

    /// All ssh keys as they are stored, a line each.
    #[track_caller]
    pub fn ssh_keys(&self) -> Vec<String> {
        self.texts(match self {
            Self::MariaDb(..) => {
                "SELECT CONCAT_WS(' ', fingerprint, user_id, at, CONCAT(comment, '.')) FROM click_keys
                 ORDER BY fingerprint"
            }
            _ => {
                "SELECT fingerprint || ' ' || user_id || ' ' || at || ' ' || comment || '.'
                 FROM click_keys ORDER BY fingerprint"
            }
        })
    }

    /// Everything that is kept of its players.
    #[track_caller]
    pub fn everything(&self) -> Vec<String> {
        let players = [self.rows(), self.history(), self.sprints(), self.keys()].concat();
        [players, self.races(), self.ssh_keys()].concat()
    }

    /// The type of a key that the database gives by itself.
    pub fn own_keys(&self) -> &'static str {
        match self {
            Self::Sqlite(_) => "INTEGER",
            Self::Postgres(..) => "BIGSERIAL",
            Self::MariaDb(..) => "BIGINT AUTO_INCREMENT",
        }
    }

    /// The database's own name, once clickoff has opened it.
    #[track_caller]
    pub fn name(&self) -> String {
        self.meta("database")
    }

    /// What tells a restored backup from a server that forgot something.
    #[track_caller]
    pub fn epoch(&self) -> String {
        self.meta("epoch")
    }

    #[track_caller]
    fn meta(&self, of: &str) -> String {
        let column = match self {
            Self::MariaDb(..) => "name",
            _ => "key",
        };
        let sql = format!("SELECT value FROM click_meta WHERE {column} = '{of}'");
        self.texts(&sql).remove(0)
    }
}

fn or_null(number: Option<i64>) -> String {
    number.map_or("NULL".to_owned(), |number| number.to_string())
}

fn hex(text: &str) -> String {
    text.bytes().map(|byte| format!("{byte:02X}")).collect()
}

/// A test for each function, on each of the places where it can be: `all` of them or `servers`.
macro_rules! on {
    (all: $($test:ident),* $(,)?) => {
        crate::place::on!(@ sqlite, $($test)*);
        crate::place::on!(servers: $($test),*);
    };
    (servers: $($test:ident),* $(,)?) => {
        crate::place::on!(@ postgres, $($test)*);
        crate::place::on!(@ mariadb, $($test)*);
    };
    (@ $kind:ident, $($test:ident)*) => {
        mod $kind {
            $(#[test]
            fn $test() {
                if let Some(place) = crate::place::Place::$kind() {
                    super::$test(place);
                }
            })*
        }
    };
}
pub(crate) use on;
