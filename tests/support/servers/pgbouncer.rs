//! A private PgBouncer that pools a PostgreSQL server's connections by transaction.

use std::net::{SocketAddr, TcpStream};

use super::{
    Account, Daemon, Engine, Instance, Missing, PASSWORD, Port, Postgres, PostgresEngine, ROLE,
    START, find,
};

/// A proxy on 127.0.0.1 that gives each transaction one of few connections to a server.
///
/// Its process and files are gone when it is dropped, and soon after the test process has ended.
#[derive(Debug)]
pub struct PgBouncer {
    // As in a server, the process has to end first.
    _daemon: Daemon,
    _instance: Instance,
    port: Port,
}

impl PgBouncer {
    /// Starts a proxy with so many connections to each database of `server`, which must take the
    /// superuser with or without the password.
    ///
    /// # Errors
    ///
    /// The program that isn't installed.
    ///
    /// # Panics
    ///
    /// With the end of its log, where it doesn't start.
    pub fn start(server: &Postgres, connections: u32) -> Result<PgBouncer, Missing> {
        let program = find("pgbouncer", &[], "pgbouncer")?;
        let instance = Instance::new(Account::first_of(PostgresEngine::ACCOUNTS));
        let port = Port::reserve();
        let users = instance.write("users", &format!("\"{ROLE}\" \"{PASSWORD}\"\n"));
        // All else is the default: startup parameters that it does not know are refused.
        let settings = format!(
            "[databases]\n\
             * = host=127.0.0.1 port={}\n\
             [pgbouncer]\n\
             pool_mode = transaction\n\
             default_pool_size = {connections}\n\
             max_client_conn = 200\n\
             listen_addr = 127.0.0.1\n\
             listen_port = {}\n\
             unix_socket_dir =\n\
             auth_type = trust\n\
             auth_file = {}\n",
            server.addr().port(),
            port.number(),
            users.display()
        );
        let settings = instance.write("pgbouncer.ini", &settings);
        let daemon = Daemon::new(instance.dir().join("log"));
        let mut command = instance.command(program);
        command.arg(settings);
        daemon.launch(command);
        daemon.wait_until(|| TcpStream::connect(port.addr()).is_ok(), START);
        Ok(PgBouncer {
            _daemon: daemon,
            _instance: instance,
            port,
        })
    }

    /// The address for clients.
    pub fn addr(&self) -> SocketAddr {
        self.port.addr()
    }
}
