//! `clickoff roles`: what a server's keeper runs to say who may look and who may play.

use clap::ValueEnum;

use super::frame::{Failure, write_out};

/// Print the SQL that makes a server's roles: watcher, player and keeper
///
/// The database's owner runs it, after clickoff was started on the database once, and again after an
/// upgrade that changes the tables.
#[derive(Debug, clap::Args)]
#[command(after_long_help = EXAMPLES)]
pub struct Arguments {
    /// For which server
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

/// Prints them.
///
/// # Errors
/// Where standard output can't be written.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    write_out(match arguments.server {
        Server::Postgres => include_str!("../../assets/roles/postgres.sql"),
        Server::Mariadb => include_str!("../../assets/roles/mariadb.sql"),
    })
}
