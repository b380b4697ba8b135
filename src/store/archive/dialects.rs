//! What else differs by engine in an archive, apart from the statements.

use super::statements::{SchemaPart, described_parts};
use crate::store::connection::{Connection, Driver};
use crate::store::{mysql, sqlite};

impl Connection {
    /// The parts of the schema that the migrations make.
    pub(super) async fn expected_parts(&self) -> Result<Vec<SchemaPart>, sqlx::Error> {
        match self.sql.archive.schema {
            Some(schema) => Ok(described_parts(schema)),
            None => sqlite::expected_parts().await,
        }
    }

    /// The kinds of parts that may be hidden from this user.
    pub(super) async fn hidden_parts(&mut self) -> Result<Vec<&'static str>, sqlx::Error> {
        match &mut self.driver {
            Driver::Sqlite(_) | Driver::Postgres(..) => Ok(Vec::new()),
            Driver::MySql(_, conn) => mysql::hidden_parts(conn).await,
        }
    }
}
