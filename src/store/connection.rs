//! A connection to one of the engines: runs statements, and reads rows by column names.

use std::borrow::Cow;
use std::future::Future;
use std::io::ErrorKind;
use std::time::Duration;

use jiff::Timestamp;
use sqlx::database::HasStatementCache;
use sqlx::mysql::MySqlRow;
use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;
use sqlx::{
    ColumnIndex, Connection as _, Database, Decode, Encode, Executor, IntoArguments, MySql,
    MySqlConnection, PgConnection, Postgres, Row as _, Sqlite, SqliteConnection, Type,
};

pub use super::server::Connection;
use super::server::unpanicked;
use super::spelling::Spelling;
use crate::game::contest::{Length, Trace};

/// The time limit for closing a connection properly.
pub const CLOSE_LIMIT: Duration = Duration::from_secs(1);

/// A driver's connection that is borrowed, as from a transaction.
pub enum BorrowedConnection<'a> {
    Sqlite(&'a mut SqliteConnection),
    Postgres(&'a mut PgConnection),
    MySql(&'a mut MySqlConnection),
}

impl BorrowedConnection<'_> {
    /// Runs statements that are not prepared, and returns their rows.
    pub async fn rows(&mut self, sql: &'static str) -> Result<Vec<Row>, sqlx::Error> {
        Ok(match self {
            Self::Sqlite(conn) => {
                let rows = conn.fetch_all(sql).await?;
                rows.into_iter().map(Row::Sqlite).collect()
            }
            Self::Postgres(conn) => {
                let rows = conn.fetch_all(sql).await?;
                rows.into_iter().map(Row::Postgres).collect()
            }
            Self::MySql(conn) => {
                let rows = conn.fetch_all(sql).await?;
                rows.into_iter().map(Row::MySql).collect()
            }
        })
    }
}

impl Connection {
    /// Runs statements without values, and ignores their results.
    pub async fn execute(&mut self, sql: &'static str) -> Result<(), sqlx::Error> {
        self.answer(sql).await.map(drop)
    }

    /// Runs a query and returns all its rows.
    pub async fn rows(&mut self, query: Query) -> Result<Vec<Row>, sqlx::Error> {
        let spelling = &self.sql().spelling;
        Ok(match self {
            Self::Sqlite(conn) => {
                let rows = query.bound::<Sqlite>(spelling).fetch_all(conn).await?;
                rows.into_iter().map(Row::Sqlite).collect()
            }
            Self::Postgres(server, conn) => {
                // Behind a transaction-pooling proxy, prepared statements get lost.
                let query = query.bound::<Postgres>(spelling).persistent(!server.pooled);
                let rows = query.fetch_all(conn).await?;
                rows.into_iter().map(Row::Postgres).collect()
            }
            Self::MySql(_, conn) => {
                let rows = query.bound::<MySql>(spelling).fetch_all(conn).await?;
                rows.into_iter().map(Row::MySql).collect()
            }
        })
    }

    /// Runs a query and returns its first row.
    pub async fn row(&mut self, query: Query) -> Result<Option<Row>, sqlx::Error> {
        Ok(self.rows(query).await?.into_iter().next())
    }

    /// Runs a query and returns its first row, which must exist.
    pub async fn one(&mut self, query: Query) -> Result<Row, sqlx::Error> {
        self.row(query).await?.ok_or(sqlx::Error::RowNotFound)
    }

    /// Runs statements that are not prepared, and returns their rows.
    pub async fn answer(&mut self, sql: &'static str) -> Result<Vec<Row>, sqlx::Error> {
        let mut asked = match self {
            Self::Sqlite(conn) => BorrowedConnection::Sqlite(conn),
            Self::Postgres(_, conn) => BorrowedConnection::Postgres(conn),
            Self::MySql(_, conn) => BorrowedConnection::MySql(conn),
        };
        asked.rows(sql).await
    }

    /// Runs a query and returns the value of its first row, if there is a row.
    pub async fn scalar<T: Value>(&mut self, query: Query) -> Result<Option<T>, sqlx::Error> {
        let row = self.row(query).await?;
        row.map(|row| row.scalar()).transpose()
    }

    /// Runs queries in a transaction that begins with this statement, if there is one, and commits
    /// it. After an error, the connection must be dropped: that rolls it back.
    pub async fn in_transaction<T>(
        &mut self,
        begin: Option<&'static str>,
        ask: impl AsyncFnOnce(&mut Self) -> Result<T, sqlx::Error>,
    ) -> Result<T, sqlx::Error> {
        if let Some(begin) = begin {
            self.execute(begin).await?;
        }
        let answer = ask(self).await?;
        if begin.is_some() {
            self.execute("COMMIT").await?;
        }
        Ok(answer)
    }

    /// The statement that begins a transaction around each call, which is needed behind a
    /// transaction-pooling proxy.
    pub fn begins_call(&self) -> Option<&'static str> {
        let server = self.server()?;
        server.pooled.then_some(self.sql().begin_pooled?)
    }

    /// The statement that begins a transaction with several writes.
    pub fn begins_writes(&self) -> &'static str {
        self.begins_call().unwrap_or(self.sql().begin)
    }

    /// Closes the connection properly, but does not wait long: the server may hang.
    pub async fn close_in_time(self) {
        let _ = tokio::time::timeout(CLOSE_LIMIT, self.close()).await;
    }

    /// Closes the connection properly.
    pub async fn close(self) -> Result<(), sqlx::Error> {
        match self {
            Self::Sqlite(conn) => conn.close().await,
            Self::Postgres(_, conn) => conn.close().await,
            Self::MySql(_, conn) => conn.close().await,
        }
    }
}

/// Waits for an answer, at most this long, if there is a limit. After a timeout the connection must
/// be dropped, because its transaction was cancelled.
pub async fn within<T>(
    time_limit: Option<Duration>,
    asking: impl Future<Output = Result<T, sqlx::Error>>,
) -> Result<T, sqlx::Error> {
    let Some(time_limit) = time_limit else {
        return asking.await;
    };
    tokio::time::timeout(time_limit, unpanicked(asking))
        .await
        .unwrap_or_else(|_| Err(sqlx::Error::Io(ErrorKind::TimedOut.into())))
}

/// Whether the error is a timeout.
pub fn is_timeout(error: &sqlx::Error) -> bool {
    matches!(error, sqlx::Error::Io(error) if error.kind() == ErrorKind::TimedOut)
}

/// A statement with the values of its placeholders.
#[derive(Debug)]
pub struct Query {
    sql: Cow<'static, str>,
    values: Vec<Bound>,
}

/// The value of a placeholder.
#[derive(Debug)]
pub enum Bound {
    Number(Option<i64>),
    Text(Option<String>),
}

impl From<i64> for Bound {
    fn from(number: i64) -> Self {
        Self::Number(Some(number))
    }
}

impl From<Option<i64>> for Bound {
    fn from(number: Option<i64>) -> Self {
        Self::Number(number)
    }
}

impl From<String> for Bound {
    fn from(text: String) -> Self {
        Self::Text(Some(text))
    }
}

impl From<Option<String>> for Bound {
    fn from(text: Option<String>) -> Self {
        Self::Text(text)
    }
}

/// A query without values. It can contain the words of [`Spelling`].
pub fn query(sql: impl Into<Cow<'static, str>>) -> Query {
    Query {
        sql: sql.into(),
        values: Vec::new(),
    }
}

impl Query {
    /// Binds the next placeholder to a value.
    pub fn bind(mut self, value: impl Into<Bound>) -> Self {
        self.values.push(value.into());
        self
    }

    /// Binds the next placeholder, `{numbers}`, to a list of numbers.
    pub fn bind_list(self, numbers: impl Iterator<Item = i64>) -> Self {
        let numbers: Vec<String> = numbers.map(|number| number.to_string()).collect();
        self.bind(numbers.join(","))
    }

    /// Binds the next placeholders to numbers.
    pub fn bind_all(self, numbers: &[i64]) -> Self {
        numbers
            .iter()
            .fold(self, |query, number| query.bind(*number))
    }

    /// The query for a driver.
    fn bound<DB>(self, spelling: &Spelling) -> sqlx::query::Query<'static, DB, DB::Arguments>
    where
        DB: Database<Arguments: IntoArguments<DB>> + HasStatementCache,
        Option<i64>: Type<DB> + for<'e> Encode<'e, DB>,
        Option<String>: Type<DB> + for<'e> Encode<'e, DB>,
    {
        let query = sqlx::query(spelling.spell(&self.sql));
        self.values
            .into_iter()
            .fold(query, |query, value| match value {
                Bound::Number(number) => query.bind(number),
                Bound::Text(text) => query.bind(text),
            })
    }
}

/// A row of any engine.
pub enum Row {
    Sqlite(SqliteRow),
    Postgres(PgRow),
    MySql(MySqlRow),
}

/// A type that can be read from a column of every engine.
pub trait Value:
    Type<Sqlite>
    + Type<Postgres>
    + Type<MySql>
    + for<'r> Decode<'r, Sqlite>
    + for<'r> Decode<'r, Postgres>
    + for<'r> Decode<'r, MySql>
{
}

impl<T> Value for T where
    T: Type<Sqlite>
        + Type<Postgres>
        + Type<MySql>
        + for<'r> Decode<'r, Sqlite>
        + for<'r> Decode<'r, Postgres>
        + for<'r> Decode<'r, MySql>
{
}

impl Row {
    /// The value of a column.
    pub fn get<T: Value>(&self, column: &str) -> Result<T, sqlx::Error> {
        self.at(column)
    }

    /// The value of a row with one column.
    pub fn scalar<T: Value>(&self) -> Result<T, sqlx::Error> {
        self.at(0)
    }

    fn at<T: Value, I>(&self, column: I) -> Result<T, sqlx::Error>
    where
        I: ColumnIndex<SqliteRow> + ColumnIndex<PgRow> + ColumnIndex<MySqlRow>,
    {
        match self {
            Self::Sqlite(row) => row.try_get(column),
            Self::Postgres(row) => row.try_get(column),
            Self::MySql(row) => row.try_get(column),
        }
    }

    /// A count, which is never negative.
    pub fn count(&self, column: &str) -> Result<u64, sqlx::Error> {
        self.get(column).map(i64::unsigned_abs)
    }

    /// A text that another program may have written, so that it need not be UTF-8. It is read as
    /// bytes and made valid, because one bad row must not make the others unreadable. NULL is the
    /// empty text.
    pub fn text(&self, column: &str) -> Result<String, sqlx::Error> {
        let bytes: Option<Vec<u8>> = self.get(column)?;
        Ok(bytes.map_or_else(String::new, |b| String::from_utf8_lossy(&b).into_owned()))
    }

    /// A time, stored in microseconds since 1970.
    pub fn moment(&self, column: &str) -> Result<Timestamp, sqlx::Error> {
        let moment = Timestamp::from_microsecond(self.get(column)?);
        moment.map_err(|error| sqlx::Error::Decode(error.into()))
    }

    /// The trace of presses whose number is in the column `presses`. `None` if the text is not a
    /// valid trace of that many presses, as another program may have written it.
    pub fn trace(&self, presses: &str, length: Length) -> Result<Option<Trace>, sqlx::Error> {
        let presses = self.count(presses)?;
        let text = self.get::<Option<String>>("trace").unwrap_or_default();
        let trace = text.and_then(|text| Trace::parse(&text, length));
        Ok(trace.filter(|trace| trace.total() == presses))
    }
}
