//! `clickoff roles`: prints the SQL that creates the database roles of a server.

use clap::ValueEnum;

use super::common::{Failure, write_out};

/// Print the SQL that creates a server's roles: watcher, player and keeper
///
/// The owner of the database runs it once clickoff has been started on the database, and again
/// after an upgrade that changes the tables.
#[derive(Debug, clap::Args)]
#[command(after_long_help = EXAMPLES)]
pub struct Arguments {
    /// The kind of server
    #[arg(value_enum)]
    server: Server,
}

/// A server that has roles.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Server {
    /// PostgreSQL
    Postgres,
    /// MariaDB
    Mariadb,
}

const EXAMPLES: &str = "\
Examples:
  clickoff roles postgres | psql -d DATABASE -1 -v ON_ERROR_STOP=1 -f -
  clickoff roles mariadb | mariadb DATABASE";

/// Prints the SQL.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    write_out(match arguments.server {
        Server::Postgres => include_str!("../../assets/roles/postgres.sql"),
        Server::Mariadb => include_str!("../../assets/roles/mariadb.sql"),
    })
}
