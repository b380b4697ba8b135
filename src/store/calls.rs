//! What is asked of a database in one call, on a connection that is known to be good.

use sqlx::{ColumnIndex, Database, Decode, Encode, Executor, IntoArguments, Row, Type};

use super::dialect::Dialect;
use super::{ClientId, Counted, SessionId};
use crate::game::{Entry, Player, PlayerId};

/// How a locked transaction ended.
pub enum Locked {
    Counted(Counted),
    Gone,
    ScoreFull,
}

/// The bounds that sqlx needs of a database for this file's few kinds of values, in one place.
pub trait Values: Database<Arguments: IntoArguments<Self>, Row: Row<Database = Self>> {}
impl<DB> Values for DB where DB: Database<Arguments: IntoArguments<DB>> {}

/// The writes beside the score, each one transaction that answers with a number or with nothing.
pub enum Write<'a> {
    Register(ClientId, PlayerId),
    Add(&'a Entry),
    Edit(PlayerId, &'a Entry),
    Remove(PlayerId),
    Retire(ClientId),
}

/// Makes a write and reads its answer.
pub async fn run_write<DB>(
    conn: &mut DB::Connection,
    write: Write<'_>,
) -> Result<Option<i64>, sqlx::Error>
where
    DB: Dialect + Values,
    for<'c> &'c mut DB::Connection: Executor<'c, Database = DB>,
    usize: ColumnIndex<DB::Row>,
    i64: Type<DB> + for<'e> Encode<'e, DB> + for<'d> Decode<'d, DB>,
    String: Type<DB> + for<'e> Encode<'e, DB>,
    Option<String>: Type<DB> + for<'e> Encode<'e, DB>,
{
    let sql = &DB::SQL;
    let email = |entry: &Entry| (!entry.email.is_empty()).then(|| entry.email.clone());
    let rows = match write {
        Write::Register(client, player) => {
            sqlx::query(sql.register)
                .bind(client.to_string())
                .bind(player.0)
                .execute(&mut *conn)
                .await?;
            sqlx::query(sql.session)
                .bind(client.to_string())
                .bind(player.0)
                .fetch_all(conn)
                .await?
        }
        Write::Add(entry) => {
            let add = sqlx::query(sql.add)
                .bind(entry.name.clone())
                .bind(email(entry));
            let told = add.fetch_all(&mut *conn).await?;
            match sql.added {
                Some(added) => sqlx::query(added).fetch_all(conn).await?,
                None => told,
            }
        }
        Write::Edit(player, entry) => {
            let edit = sqlx::query(sql.edit)
                .bind(entry.name.clone())
                .bind(email(entry))
                .bind(player.0);
            let told = edit.fetch_all(&mut *conn).await?;
            match sql.edited {
                Some(edited) => sqlx::query(edited).bind(player.0).fetch_all(conn).await?,
                None => told,
            }
        }
        Write::Remove(player) => {
            sqlx::query(sql.remove)
                .bind(player.0)
                .fetch_all(conn)
                .await?
        }
        Write::Retire(client) => {
            sqlx::query(sql.retire)
                .bind(client.to_string())
                .fetch_all(conn)
                .await?
        }
    };
    rows.first().map(|row| row.try_get(0)).transpose()
}

/// The locked transaction: the rows are locked before the kept number is read, so no earlier
/// connection of this client, half dead, can slip in between.
pub async fn locked_count<DB>(
    conn: &mut DB::Connection,
    session: SessionId,
    upto: u64,
) -> Result<Locked, sqlx::Error>
where
    DB: Dialect + Values,
    for<'c> &'c mut DB::Connection: Executor<'c, Database = DB>,
    usize: ColumnIndex<DB::Row>,
    i64: Type<DB> + for<'e> Encode<'e, DB> + for<'d> Decode<'d, DB>,
{
    let upto = i64::try_from(upto).unwrap_or(i64::MAX);
    let rows = sqlx::query(DB::SQL.count)
        .bind(session.0)
        .bind(upto)
        .fetch_all(conn)
        .await?;
    let Some(row) = rows.first() else {
        return Ok(Locked::Gone);
    };
    let counted: i64 = row.try_get(0)?;
    if counted < upto {
        return Ok(Locked::ScoreFull);
    }
    Ok(Locked::Counted(Counted {
        score: row.try_get(1)?,
        counted: counted.unsigned_abs(),
    }))
}

/// Reads id, name, email, score from column `at` on. Names are read as bytes: a file that other
/// programs wrote may hold what is no UTF-8, and one such row must not hide all others.
pub fn player<DB>(row: &DB::Row, at: usize) -> Result<Player, sqlx::Error>
where
    DB: Database,
    usize: ColumnIndex<DB::Row>,
    i64: Type<DB> + for<'d> Decode<'d, DB>,
    Vec<u8>: Type<DB> + for<'d> Decode<'d, DB>,
{
    let text = |column| -> Result<String, sqlx::Error> {
        let bytes: Option<Vec<u8>> = row.try_get(column)?;
        Ok(bytes.map_or_else(String::new, |b| String::from_utf8_lossy(&b).into_owned()))
    };
    Ok(Player {
        id: PlayerId(row.try_get(at)?),
        name: text(at + 1)?,
        email: text(at + 2)?,
        score: row.try_get(at + 3)?,
    })
}
