//! Fresh databases on each engine, and stores for them.
#![allow(dead_code)] // each benchmark uses its own part of this

use std::cell::Cell;
use std::net::SocketAddr;
use std::path::Path;

use clickoff::game::{Entry, PlayerId};
use clickoff::store::{AnyStore, ClientId, Store, Target};
use clickoff::worker::{self, FileOutbox, Timing};

use super::machine;
use super::pressing::Client;
use super::support::proxy::Proxy;
use super::support::servers::{MariaDb, Missing, Options, Postgres};

/// The number of players in a page.
const PAGE: u32 = 10_000;

/// The servers, and a directory for the files.
pub struct Places {
    pub postgres: Postgres,
    pub mariadb: MariaDb,
    directory: tempfile::TempDir,
    next: Cell<u32>,
}

/// A database with players.
pub struct Place {
    pub engine: &'static str,
    /// The target, as clickoff gets it.
    pub url: String,
    /// The address of its server, if it has one.
    pub address: Option<SocketAddr>,
    /// The players in the order of their names, from `Player 0`.
    pub players: Vec<PlayerId>,
    outbox: std::path::PathBuf,
}

impl Places {
    /// Starts the servers with room for this many connections. They have settings of production,
    /// unless nothing needs to be durable.
    ///
    /// # Errors
    /// A program that isn't installed.
    pub fn start(durable: bool, connections: u32) -> Result<Self, Missing> {
        let options = |settings: &[&str]| Options {
            fsync: durable,
            settings: settings.iter().map(|&s| s.to_owned()).collect(),
        };
        let room = format!("max_connections={connections}");
        let postgres = Postgres::start_with(options(&[&room]))?;
        // The tests' servers have less memory and a smaller log than the defaults.
        let mariadb = MariaDb::start_with(options(&[
            &room.replace('_', "-"),
            "innodb-buffer-pool-size=128M",
            "innodb-log-file-size=96M",
        ]))?;
        let target = Path::new(env!("CARGO_TARGET_TMPDIR"));
        std::fs::create_dir_all(target).expect("making cargo's directory");
        Ok(Self {
            postgres,
            mariadb,
            directory: tempfile::tempdir_in(target).expect("making a directory"),
            next: Cell::new(0),
        })
    }

    /// The machine, the servers, and their settings for durability.
    pub fn facts(&self, durable: bool) -> String {
        let postgres = self.postgres.sql(
            "SELECT format('PostgreSQL %s with fsync %s, synchronous_commit %s',
                           current_setting('server_version'), current_setting('fsync'),
                           current_setting('synchronous_commit'))",
        );
        let mariadb = self.mariadb.sql(
            "SELECT CONCAT('MariaDB ', VERSION(), ' with innodb_flush_log_at_trx_commit ',
                           @@innodb_flush_log_at_trx_commit)",
        );
        let both = [
            postgres.ends_with("fsync on, synchronous_commit on"),
            mariadb.ends_with(" 1"),
        ];
        assert_eq!(both, [durable; 2], "{postgres}; {mariadb}: durable or not");
        let machine = machine::facts(self.postgres.dir());
        format!("{machine}\n{postgres}; {mariadb}; SQLite in WAL mode with synchronous FULL.")
    }

    fn next(&self) -> u32 {
        self.next.replace(self.next.get() + 1)
    }

    /// The URL of an empty database on PostgreSQL.
    pub fn on_postgres(&self) -> String {
        self.postgres.create_database(&format!("b{}", self.next()))
    }

    /// The URL of an empty database on MariaDB.
    pub fn on_mariadb(&self) -> String {
        self.mariadb.create_database(&format!("b{}", self.next()))
    }

    /// A fresh SQLite file with this many players.
    pub async fn sqlite(&self, players: u32) -> Place {
        let path = self.directory.path().join(format!("{}.db", self.next()));
        let url = path.to_str().expect("a path of UTF-8").to_owned();
        self.place("SQLite", url, None, players).await
    }

    /// A fresh PostgreSQL database with this many players.
    pub async fn postgres(&self, players: u32) -> Place {
        let address = Some(self.postgres.addr());
        self.place("PostgreSQL", self.on_postgres(), address, players)
            .await
    }

    /// A fresh MariaDB database with this many players.
    pub async fn mariadb(&self, players: u32) -> Place {
        let address = Some(self.mariadb.addr());
        self.place("MariaDB", self.on_mariadb(), address, players)
            .await
    }

    async fn place(
        &self,
        engine: &'static str,
        url: String,
        address: Option<SocketAddr>,
        players: u32,
    ) -> Place {
        let mut place = Place {
            engine,
            url,
            address,
            players: Vec::new(),
            outbox: self.directory.path().join("outbox"),
        };
        let mut store = place.store();
        store.open().await.expect("making a database");
        for n in 0..players {
            let entry = Entry::new(&format!("Player {n}"), "").expect("a name");
            let added = store.add(&entry).await;
            place.players.push(added.expect("adding a player").id);
        }
        place
    }
}

impl Place {
    /// The same database through a proxy.
    pub fn through(self, proxy: &Proxy) -> Self {
        let address = self.address.expect("a file has no address").to_string();
        let url = self.url.replace(&address, &proxy.addr().to_string());
        Self { url, ..self }
    }

    fn target(&self) -> Target {
        Target::parse(self.url.as_ref()).expect("a database")
    }

    /// A store.
    pub fn store(&self) -> AnyStore {
        AnyStore::new(self.target())
    }

    /// The game's worker with its stores, as the program starts it.
    pub fn worker(&self) -> Client {
        self.worker_with(Timing::default())
    }

    /// As above, with other timings.
    pub fn worker_with(&self, timing: Timing) -> Client {
        let (scoring, watching) = (self.store(), AnyStore::second(self.target()));
        let outbox = FileOutbox::new(self.outbox.clone());
        let client = ClientId::new_v4();
        worker::spawn(scoring, watching, outbox, client, timing).into()
    }

    /// The sum of all scores, including those outside of the list's window.
    pub async fn score(&self) -> i64 {
        let mut store = self.store();
        store.open().await.expect("reading the scores");
        let (mut sum, mut after) = (0, None);
        loop {
            let page = store.page(after, PAGE).await.expect("reading the scores");
            let Some(last) = page.last() else {
                return sum;
            };
            after = Some(last.into());
            sum += page.iter().map(|player| player.score).sum::<i64>();
        }
    }
}
