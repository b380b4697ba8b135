//! What differs from engine to engine when everything is read, beside the statements.

use super::statements::{Part, described_parts};
use crate::store::connection::{Connection, Driver};
use crate::store::host::Host;
use crate::store::{StoreError, mysql, postgres, sqlite};

impl Host {
    /// Connects to read, and changes nothing.
    ///
    /// # Errors
    /// [`StoreError::Newer`] and [`StoreError::Foreign`] for what can't be understood.
    pub(super) async fn connect_to_read(&self) -> Result<Connection, StoreError> {
        if let Self::Sqlite(file) = self {
            let driver = Driver::Sqlite(sqlite::connect_to_read(file).await?);
            let sql = self.sql();
            return Ok(Connection { sql, driver });
        }
        let mut conn = self.connect(&mut None, None).await?;
        let refused = match &mut conn.driver {
            Driver::Sqlite(_) => Ok(()),
            Driver::Postgres(server, conn) => postgres::refuse_to_read(server, conn).await,
            Driver::MySql(server, conn) => mysql::refuse_to_read(server, conn).await,
        };
        if let Err(error) = refused {
            let _ = conn.close().await;
            return Err(error);
        }
        Ok(conn)
    }
}

impl Connection {
    /// The parts of the schema that the migrations make.
    pub(super) async fn expected_parts(&self) -> Result<Vec<Part>, sqlx::Error> {
        match self.sql.archive.schema {
            Some(schema) => Ok(described_parts(schema)),
            None => sqlite::expected_parts().await,
        }
    }

    /// The kinds of parts of which this user may not see some that are there.
    pub(super) async fn hidden_parts(&mut self) -> Result<Vec<&'static str>, sqlx::Error> {
        match &mut self.driver {
            Driver::Sqlite(_) | Driver::Postgres(..) => Ok(Vec::new()),
            Driver::MySql(_, conn) => mysql::hidden_parts(conn).await,
        }
    }
}
