//! Private PostgreSQL, MariaDB and Galera servers and a pooling proxy for integration tests, gone when dropped.

mod authority;
mod daemon;
mod galera;
mod instance;
mod mariadb;
mod missing;
mod pgbouncer;
mod postgres;

use std::ffi::OsStr;
use std::net::SocketAddr;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use rustix::process::Signal;

use super::port::Port;
use daemon::Daemon;
use instance::{Account, Instance, run};
use missing::find;

pub use authority::{Authority, Form};
pub use galera::Galera;
pub use mariadb::MariaDbEngine;
pub use missing::{Missing, require};
pub use pgbouncer::PgBouncer;
pub use postgres::PostgresEngine;

/// The name of every server's superuser.
pub const ROLE: &str = "clickoff";

/// The password of every server's superuser.
pub const PASSWORD: &str = "clickoff";

/// How long a server gets to accept connections, on a machine that is busy with other tests.
const START: Duration = Duration::from_secs(120);

/// A private PostgreSQL server.
pub type Postgres = Server<PostgresEngine>;

/// A private MariaDB server, alone or a node of a [`Galera`] cluster.
pub type MariaDb = Server<MariaDbEngine>;

/// How a server is set up.
#[derive(Clone, Debug)]
pub struct Options {
    /// Whether a commit is on disk before it is acknowledged, as in production. Without, it is
    /// still in the kernel's hands by then, and survives [`Server::kill9`] but no power failure.
    pub fsync: bool,
    /// Further settings, each `name=value` as in the server's configuration file.
    pub settings: Vec<String>,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            fsync: true,
            settings: Vec::new(),
        }
    }
}

/// What one database system does in its own way.
pub trait Engine: Sized {
    /// The Unix accounts that can run it for root, best first.
    const ACCOUNTS: &[&str];
    /// The database that a fresh server has for tests.
    const DATABASE: &str;
    /// The URL scheme.
    const SCHEME: &str;
    /// The signal that ends connections and shuts the server down in order.
    const STOP: Signal;

    /// Looks for the programs.
    ///
    /// # Errors
    ///
    /// The first that isn't installed.
    fn find() -> Result<Self, Missing>;

    /// Makes the data directory, with the superuser [`ROLE`].
    fn install(&self, instance: &Instance);

    /// The command that runs the server in the foreground.
    fn server(&self, instance: &Instance, port: &Port, options: &Options) -> Command;

    /// The client that runs the SQL from its stdin and prints bare values, with its arguments.
    fn client(&self, instance: &Instance, port: &Port, database: &str) -> Vec<String>;

    /// The URL of `database` over the server's Unix socket.
    fn socket_url(instance: &Instance, port: &Port, database: &str) -> String;
}

/// A private server with a superuser, an own data directory, a Unix socket and a port on 127.0.0.1.
///
/// Its processes and files are gone when it is dropped, and soon after the test process has ended
/// in whatever way, so that it may also be a static. All methods take `&self`, block, and panic
/// where the server can't do what they ask.
#[derive(Debug)]
pub struct Server<E> {
    engine: E,
    options: Options,
    /// An SQL query and what it answers once the server is ready.
    ready: (&'static str, &'static str),
    // The processes have to end before the directory and the port are given up.
    daemon: Daemon,
    instance: Instance,
    port: Port,
}

impl<E: Engine> Server<E> {
    /// Starts a server with the default [`Options`] and waits till it accepts connections.
    ///
    /// # Errors
    ///
    /// The program that isn't installed.
    ///
    /// # Panics
    ///
    /// With the end of its log, where the server doesn't start.
    pub fn start() -> Result<Self, Missing> {
        Self::start_with(Options::default())
    }

    /// Like [`start`](Self::start), with other options.
    ///
    /// # Errors
    ///
    /// The program that isn't installed.
    ///
    /// # Panics
    ///
    /// With the end of its log, where the server doesn't start.
    pub fn start_with(options: Options) -> Result<Self, Missing> {
        let server = Self::prepare(options, ("SELECT 1", "1"))?;
        server.launch(&[]);
        Ok(server)
    }

    /// Installs a server that doesn't run yet.
    fn prepare(options: Options, ready: (&'static str, &'static str)) -> Result<Self, Missing> {
        let engine = E::find()?;
        let instance = Instance::new(Account::first_of(E::ACCOUNTS));
        engine.install(&instance);
        Ok(Server {
            engine,
            options,
            ready,
            daemon: Daemon::new(instance.dir().join("log")),
            instance,
            port: Port::reserve(),
        })
    }

    fn launch(&self, arguments: &[&str]) {
        let mut command = self
            .engine
            .server(&self.instance, &self.port, &self.options);
        self.daemon.launch({
            command.args(arguments);
            command
        });
        let (query, answer) = self.ready;
        let ready = || {
            self.try_sql(E::DATABASE, query)
                .is_ok_and(|got| got == answer)
        };
        self.daemon.wait_until(ready, START);
    }

    /// The address of the TCP port, which stays the same over restarts.
    pub fn addr(&self) -> SocketAddr {
        self.port.addr()
    }

    /// The URL of the default database as the superuser, over TCP.
    pub fn url(&self) -> String {
        self.url_via(self.addr())
    }

    /// Like [`url`](Self::url), through the address of a proxy.
    pub fn url_via(&self, addr: SocketAddr) -> String {
        url::<E>(ROLE, PASSWORD, addr, E::DATABASE)
    }

    /// Like [`url`](Self::url), as another role.
    pub fn url_for(&self, role: &str, password: &str) -> String {
        url::<E>(role, password, self.addr(), E::DATABASE)
    }

    /// The URL of the default database as the superuser, over the Unix socket.
    pub fn socket_url(&self) -> String {
        E::socket_url(&self.instance, &self.port, E::DATABASE)
    }

    /// Creates a database, for a test that shares the server with others, and returns its URL.
    ///
    /// # Panics
    ///
    /// Where the database exists or `name` isn't lower-case letters, digits and underscores.
    pub fn create_database(&self, name: &str) -> String {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        assert!(name.chars().all(plain), "{name:?} would need quoting");
        self.sql(&format!("CREATE DATABASE {name}"));
        url::<E>(ROLE, PASSWORD, self.addr(), name)
    }

    /// Runs SQL statements as the superuser in the default database and returns what they print:
    /// a line for each row, without the last newline.
    ///
    /// # Panics
    ///
    /// Where a statement fails or all of them take longer than a minute.
    pub fn sql(&self, text: &str) -> String {
        self.sql_in(E::DATABASE, text)
    }

    /// Like [`sql`](Self::sql), in another database.
    ///
    /// # Panics
    ///
    /// Where a statement fails or all of them take longer than a minute.
    pub fn sql_in(&self, database: &str, text: &str) -> String {
        let result = self.try_sql(database, text);
        result.unwrap_or_else(|error| panic!("{text}: {error}"))
    }

    /// Like [`sql_in`](Self::sql_in), for statements that may fail.
    ///
    /// # Errors
    ///
    /// The client's exit status and stderr; status 124 where it took longer than a minute.
    pub fn try_sql(&self, database: &str, text: &str) -> Result<String, String> {
        let mut client = self.instance.command("timeout");
        client.arg("--kill-after=5").arg("60");
        client.args(self.engine.client(&self.instance, &self.port, database));
        run(client, text)
    }

    /// Kills all processes of the server at one moment; committed data stays.
    pub fn kill9(&self) {
        self.daemon.kill9();
    }

    /// Shuts the server down in order, ending its connections.
    ///
    /// # Panics
    ///
    /// Where that takes longer than a minute.
    pub fn stop(&self) {
        self.daemon.stop(E::STOP);
    }

    /// Starts the server again on its data and port, after [`stop`](Self::stop) if it runs.
    ///
    /// # Panics
    ///
    /// With the end of its log, where the server doesn't start.
    pub fn restart(&self) {
        self.stop();
        self.launch(&[]);
    }

    /// Copies all that the server has, as a standby that is then cut off has it.
    ///
    /// # Panics
    ///
    /// Where it can't be copied.
    pub fn copy(&self) {
        self.stop();
        self.files("rm -rf copy && cp -a data copy");
        self.launch(&[]);
    }

    /// Kills the server, and has one with the copy take over at its address.
    ///
    /// # Panics
    ///
    /// Where there is no copy.
    pub fn fail_over_to_copy(&self) {
        self.kill9();
        self.files("rm -rf data && mv copy data");
        self.launch(&[]);
    }

    fn files(&self, script: &str) {
        let mut shell = self.instance.command("/bin/sh");
        shell.args(["-c", script]);
        run(shell, "").unwrap_or_else(|error| panic!("{script}: {error}"));
    }

    /// Stops all processes of the server in their tracks; clients can connect but get no answer.
    pub fn freeze(&self) {
        self.daemon.freeze();
    }

    /// Lets a frozen server run on.
    pub fn thaw(&self) {
        self.daemon.thaw();
    }

    /// The directory of everything the server writes, its Unix socket included.
    pub fn dir(&self) -> &Path {
        self.instance.dir()
    }

    /// The numbers of the server's processes, that of the first one first; none where it is down.
    pub fn processes(&self) -> Vec<i32> {
        let processes = self.daemon.processes();
        processes.iter().map(|pid| pid.as_raw_pid()).collect()
    }

    /// What the server has logged since it was first started.
    pub fn log(&self) -> String {
        self.daemon.log()
    }
}

fn url<E: Engine>(role: &str, password: &str, addr: SocketAddr, database: &str) -> String {
    let (role, password) = (percent_encode(role), percent_encode(password));
    format!("{}://{role}:{password}@{addr}/{database}", E::SCHEME)
}

fn percent_encode(text: impl AsRef<OsStr>) -> String {
    let encode = |&byte: &u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
            char::from(byte).to_string()
        }
        _ => format!("%{byte:02X}"),
    };
    text.as_ref()
        .as_encoded_bytes()
        .iter()
        .map(encode)
        .collect()
}

/// The version a server program states, to tell data directories of different ones apart.
fn version(instance: &Instance, program: &Path) -> String {
    let mut command = instance.command(program);
    command.arg("--version");
    run(command, "").unwrap_or_else(|error| panic!("{}: {error}", program.display()))
}
