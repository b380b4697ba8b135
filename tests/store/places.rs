//! Databases on private servers, one server of a kind for all tests that don't hurt it.

mod mariadb;
mod postgres;

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU32, Ordering};

use crate::contract::Place;
use crate::support::servers;

pub use mariadb::MariaDb;
pub use postgres::{POOL, Postgres};

/// A name that no other database of this program has.
fn fresh_name() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    format!("t{}", NEXT.fetch_add(1, Ordering::Relaxed))
}

/// A database on a server, and what tests do to it.
pub trait Served: Place + Sized + Send + Sync + 'static {
    /// A connection of a program that is not clickoff.
    type Connection: Send;

    /// What every call of the counting statement holds on its way to the server, and no other.
    const COUNT: &'static [u8];

    /// How many connections wait for a lock, as SQL.
    const WAITING: &'static str;

    /// A database on the shared server.
    fn new() -> Option<Self>;

    /// A database on a server that many clients may log in to again and again.
    fn for_faults() -> Option<Self>;

    /// A database on a server of its own, which may be killed.
    fn alone() -> Option<Self>;

    /// The server's address.
    fn address(&self) -> SocketAddr;

    /// Kills the server and starts it again.
    fn kill_and_restart(&self);

    /// The database's URL through another address.
    fn url_via(&self, address: SocketAddr) -> String;

    /// A store that connects to this URL.
    fn store_at(url: &str) -> Self::Store;

    /// What statements print.
    fn ask(&self, text: &str) -> String;

    /// Ends one of the clients' connections to the database.
    fn end_a_connection(&self);

    /// The database's name, which no other has.
    fn name(&self) -> &str;

    /// A connection to this URL.
    fn connection(url: &str) -> impl Future<Output = Result<Self::Connection, sqlx::Error>> + Send;

    /// Adds to a score as most programs do.
    fn add_blindly(
        conn: &mut Self::Connection,
        player: i64,
        presses: i64,
    ) -> impl Future<Output = Result<(), sqlx::Error>> + Send;

    /// Adds 1 to a score in a transaction that stays open, with the row locked.
    async fn begin_adding(&self, player: i64) -> Self::Connection;

    /// Commits that.
    async fn commit(conn: Self::Connection);

    /// Makes the next updates of `users` fail with an error of the server's.
    fn fail_updates(&self, code: &str);

    /// Makes the next inserts into a table fail with an error of the server's.
    fn fail_inserts(&self, table: &str, code: &str);

    /// Makes setting up the database, which is fresh, fail with an error of the server's.
    fn fail_migrations(&self, code: &str);

    /// Lets it be set up again.
    fn let_migrations_pass(&self);

    /// Makes the server, which is the test's own, refuse writes as a copy of another does.
    fn take_no_writes(&self);

    /// The server's codes for what passes by itself.
    const PASSING: &'static [&'static str];

    /// Makes a role that may play, add and edit, but neither remove players nor set scores.
    fn add_player_role(&self, role: &str, password: &str);

    /// Makes a role that may only write users.
    fn add_other_role(&self, role: &str, password: &str);

    /// The database's URL as another role.
    fn url_for(&self, role: &str, password: &str) -> String {
        let user = format!("{}:{}@", servers::ROLE, servers::PASSWORD);
        let url = self.url_via(self.address());
        url.replace(&user, &format!("{role}:{password}@"))
    }
}

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
