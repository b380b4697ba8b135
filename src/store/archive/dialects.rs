//! What else differs by engine in an archive, apart from the statements.

use super::statements::{SchemaPart, described_parts};
use crate::store::connection::{Connection, Driver, Row, query};
use crate::store::{mysql, sqlite};

impl Connection {
    /// The parts of the schema that the migrations make.
    pub(super) async fn expected_parts(&self) -> Result<Vec<SchemaPart>, sqlx::Error> {
        match self.sql.archive.schema {
            Some(schema) => Ok(described_parts(schema)),
            None => {
                let driver = Driver::Sqlite(sqlite::in_memory().await?);
                let mut conn = Self {
                    sql: self.sql,
                    driver,
                };
                let parts = conn.parts().await;
                conn.close().await?;
                parts
            }
        }
    }

    /// The parts of the schema that are there.
    pub(super) async fn parts(&mut self) -> Result<Vec<SchemaPart>, sqlx::Error> {
        let rows = self.rows(query(self.sql.archive.parts)).await?;
        let part = |row: &Row| {
            let text = |column| row.get::<Option<String>>(column);
            let (kind, name) = (text("kind")?, text("name")?);
            let (kind, name) = (kind.unwrap_or_default(), name.unwrap_or_default());
            Ok((kind, name, text("what")?))
        };
        rows.iter().map(part).collect()
    }

    /// The kinds of parts that may be hidden from this user.
    pub(super) async fn hidden_parts(&mut self) -> Result<Vec<&'static str>, sqlx::Error> {
        match &mut self.driver {
            Driver::MySql(_, conn) => mysql::hidden_parts(conn).await,
            _ => Ok(Vec::new()),
        }
    }
}
