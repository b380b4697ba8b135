//! Databases on private servers. All tests share a server of each kind, except those that disturb
//! it.

mod mariadb;
mod postgres;

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError};

use clickoff::message::Rights;
use clickoff::store::AnyStore;
use sqlx::Connection;

use crate::contract::Place;
use crate::support::servers::{self, Engine, Server};

pub use postgres::POOL;

/// A PostgreSQL database of its own.
pub type Postgres = On<servers::PostgresEngine>;

/// A MariaDB database of its own.
pub type MariaDb = On<servers::MariaDbEngine>;

/// A name that no other database of this program has.
fn fresh_name() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    format!("t{}", NEXT.fetch_add(1, Ordering::Relaxed))
}

/// A database of its own on a server.
pub struct On<E: 'static> {
    server: &'static Server<E>,
    name: String,
    url: String,
    address: SocketAddr,
}

impl<E: Engine> On<E> {
    fn fresh(server: &'static Server<E>) -> Self {
        let name = fresh_name();
        let url = server.create_database(&name);
        Self {
            server,
            name,
            url,
            address: server.addr(),
        }
    }
}

/// What tests do to a database on whatever server.
pub trait OnServer {
    /// The server's address.
    fn address(&self) -> SocketAddr;

    /// Kills the server and starts it again.
    fn kill_and_restart(&self);

    /// Kills the server and leaves it so.
    fn kill_and_hold(&self);

    /// Copies the server, as a standby that is then cut off has it.
    fn copy(&self);

    /// Kills the server, and has one with the copy take over at its address.
    fn fail_over_to_copy(&self);

    /// The database's name, which no other has.
    fn name(&self) -> &str;

    /// The database's URL.
    fn url(&self) -> &str;

    /// What statements print.
    fn ask(&self, text: &str) -> String;

    /// The database's URL through another address.
    fn url_via(&self, address: SocketAddr) -> String {
        let here = self.address().to_string();
        self.url().replace(&here, &address.to_string())
    }

    /// The database's URL as another user.
    fn url_for(&self, user: &str, password: &str) -> String {
        let superuser = format!("{}:{}@", servers::ROLE, servers::PASSWORD);
        let other = format!("{user}:{password}@");
        self.url().replace(&superuser, &other)
    }
}

impl<E: Engine> OnServer for On<E> {
    fn address(&self) -> SocketAddr {
        self.address
    }

    fn kill_and_restart(&self) {
        self.server.kill9();
        self.server.restart();
    }

    fn kill_and_hold(&self) {
        self.server.kill9();
    }

    fn copy(&self) {
        self.server.copy();
    }

    fn fail_over_to_copy(&self) {
        self.server.fail_over_to_copy();
    }

    fn name(&self) -> &str {
        &self.name
    }

    fn url(&self) -> &str {
        &self.url
    }

    fn ask(&self, text: &str) -> String {
        self.server.sql_in(&self.name, text)
    }
}

/// A database on a kind of server, and what tests do to it there.
pub trait Served: OnServer + Place + Sized + Send + Sync + 'static {
    /// A connection of a program that is not clickoff.
    type Connection: Connection + Send;

    /// What a statement with two texts holds on its way to the server, up to the length of the first.
    const TWO_TEXTS: &'static [u8];

    /// Each call of the counting statement holds one of these on its way to the server, and nothing
    /// else that a game sends does: the first text is the session's id, a number of 60 bits, where
    /// other calls have a client's id, of 36 letters.
    fn counts() -> Vec<Vec<u8>> {
        (12..=19)
            .map(|digits| [Self::TWO_TEXTS, &[digits]].concat())
            .collect()
    }

    /// How many connections wait for a lock, as SQL.
    const WAITING: &'static str;

    /// What a client's id in brackets makes SQL that tells its rows.
    const CLAIMS: &'static str;

    /// A database on the shared server.
    fn new() -> Option<Self>;

    /// A database on a server that many clients may log in to again and again.
    fn for_faults() -> Option<Self>;

    /// A database on a server of its own, which may be killed.
    fn alone() -> Option<Self>;

    /// A store that connects to this URL.
    fn store_at(url: &str) -> AnyStore;

    /// Ends one of the clients' connections to the database.
    fn end_a_connection(&self);

    /// A connection to this URL.
    fn connection(url: &str) -> impl Future<Output = Result<Self::Connection, sqlx::Error>> + Send {
        Self::Connection::connect(url)
    }

    /// Runs statements.
    fn run(
        conn: &mut Self::Connection,
        text: &'static str,
    ) -> impl Future<Output = Result<(), sqlx::Error>> + Send;

    /// Adds to a score as most programs do.
    fn add_blindly(
        conn: &mut Self::Connection,
        player: i64,
        presses: i64,
    ) -> impl Future<Output = Result<(), sqlx::Error>> + Send;

    /// Adds 1 to a score in a transaction that stays open, with the row locked.
    async fn begin_adding(&self, player: i64) -> Self::Connection {
        let mut conn = Self::connection(self.url()).await.expect("a connection");
        Self::run(&mut conn, "BEGIN").await.expect("begun");
        let added = Self::add_blindly(&mut conn, player, 1).await;
        added.expect("added");
        conn
    }

    /// Commits that.
    async fn commit(mut conn: Self::Connection) {
        Self::run(&mut conn, "COMMIT").await.expect("committed");
    }

    /// Makes the next updates of `users` fail with an error of the server's.
    fn fail_updates(&self, code: &str);

    /// Makes a trigger of another program refuse a score over 7, in words.
    const CAP: &'static str;

    /// Takes it away again.
    const UNCAP: &'static str = "DROP TRIGGER cap";

    /// Takes away what counts.
    const HIDE_COUNTING: &'static str;

    /// Makes the next inserts into a table fail with an error of the server's.
    fn fail_inserts(&self, table: &str, code: &str);

    /// Makes setting up the database, which is fresh, fail with an error of the server's.
    fn fail_migrations(&self, code: &str);

    /// Lets it be set up again.
    fn let_migrations_pass(&self);

    /// Makes the server, which is the test's own, refuse writes as a copy of another does.
    fn take_no_writes(&self);

    /// A code with which a trigger refuses something.
    const REFUSING: &'static str;

    /// The server's codes for what passes by itself.
    const PASSING: &'static [&'static str];

    /// The file with the roles for this kind of server.
    const ROLES: &'static str;

    /// Makes the roles and gives them their rights here.
    fn make_roles(&self) {
        // The roles are those of all databases on the server.
        static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
        let _turn = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
        self.ask(Self::ROLES);
    }

    /// Makes a user with these rights, written with `{user}` where its name stands, and gives the
    /// URL for it.
    fn add_user(&self, name: &str, password: &str, rights: &str) -> String {
        let user = format!("{name}_{}", self.name());
        let text = format!("{} {rights}", Self::NEW_USER);
        let text = text.replace("{user}", &user);
        self.ask(&text.replace("{password}", password));
        self.url_for(&user, password)
    }

    /// Makes `{user}`, who logs in with `{password}`.
    const NEW_USER: &'static str;

    /// The rights of one of the file's roles, as [`Self::add_user`] takes them.
    fn role(name: &str) -> String;

    /// Lets the user `{user}` have two connections at once.
    const TWO_CONNECTIONS: &'static str;

    /// Ends the older connection of the user whose name begins with `twice`.
    const END_FIRST_OF_TWICE: &'static str;

    /// How many connections of clients the database has beside the one that asks.
    const CONNECTIONS: &'static str;

    /// Ways to give rights that only this kind of server has, as in [`WAYS`].
    const WAYS: &'static [(&'static str, Rights)];

    /// Takes the right to count from the file's roles.
    const TAKE_AWAY: &'static str;

    /// Says a total below zero.
    fn count_below_zero(
        conn: &mut Self::Connection,
        session: i64,
    ) -> impl Future<Output = Result<(), sqlx::Error>> + Send;

    /// Whether the server said no for want of a right.
    fn is_refusal(error: &sqlx::Error) -> bool;
}

/// What one may who may only watch.
pub const WATCH: Rights = Rights {
    play: false,
    add: false,
    edit: false,
    remove: false,
};

/// What a player may.
pub const BUT_REMOVE: Rights = Rights {
    remove: false,
    ..Rights::ALL
};

/// Further rights of one who may watch, and what is allowed then.
pub const WAYS: &[(&str, Rights)] = &[
    ("", WATCH),
    ("GRANT UPDATE (name) ON users TO {user};", WATCH),
    // The last, since it is for all.
    (
        "GRANT DELETE ON users TO PUBLIC;",
        Rights {
            remove: true,
            ..WATCH
        },
    ),
];

/// A test for each function, on each kind of server.
macro_rules! on_servers {
    ($new:ident: $($test:ident),* $(,)?) => {
        on_servers!(@on postgres, Postgres, $new, $($test)*);
        on_servers!(@on mariadb, MariaDb, $new, $($test)*);
    };
    (@on $module:ident, $place:ident, $new:ident, $($test:ident)*) => {
        mod $module {
            use crate::places::{$place, Served};

            $(#[tokio::test(flavor = "multi_thread")]
            async fn $test() {
                if let Some(place) = $place::$new() {
                    super::$test(place).await;
                }
            })*
        }
    };
}
pub(crate) use on_servers;
