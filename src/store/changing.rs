//! Adds, edits and removes players: each in one transaction that reads back what it wrote.

use sqlx::{ColumnIndex, Decode, Encode, Executor, Row, Type};

use super::StoreError;
use super::calls::{Manner, Values, player};
use super::dialect::Dialect;
use super::sql_store::{SqlStore, within};
use crate::game::{Entry, Player, PlayerId};

/// A change of the list of players.
#[derive(Debug, Clone, Copy)]
pub enum Changing<'a> {
    Add(&'a Entry),
    Edit(PlayerId, &'a Entry),
    Remove(PlayerId),
}

/// How the transaction of a change ended.
enum Ended {
    /// The player as the row holds it, none where it is gone.
    Done(Option<Player>),
    /// Rolled back, since the row is not what was written.
    Overruled {
        row: Option<Player>,
        by: Vec<String>,
    },
}

impl<DB> SqlStore<DB>
where
    DB: Dialect + Values,
    for<'c> &'c mut DB::Connection: Executor<'c, Database = DB>,
    usize: ColumnIndex<DB::Row>,
    i64: Type<DB> + for<'e> Encode<'e, DB> + for<'d> Decode<'d, DB>,
    String: Type<DB> + for<'e> Encode<'e, DB> + for<'d> Decode<'d, DB>,
    Option<String>: Type<DB> + for<'e> Encode<'e, DB>,
    Vec<u8>: Type<DB> + for<'d> Decode<'d, DB>,
{
    /// Makes a change. Gives the player as the row holds it, none where it is gone.
    ///
    /// # Errors
    /// [`StoreError::Overruled`] where the database did something else than it was told to.
    pub(super) async fn change(
        &mut self,
        changing: Changing<'_>,
    ) -> Result<Option<Player>, StoreError> {
        let ended = async {
            self.turn_and_check().await?;
            let mut conn = self.take().await?;
            let manner = self.manner().in_transaction::<DB>();
            let ended = within::<DB, _>(1, change::<DB>(&mut conn, manner, changing)).await;
            self.settle(conn, ended).await
        };
        let ended = ended.await;
        DB::end_turn(&mut self.local);
        match ended? {
            Ended::Done(player) => Ok(player),
            Ended::Overruled { row, by } => Err(StoreError::Overruled {
                why: overruled(changing, row.as_ref(), &by),
            }),
        }
    }
}

async fn change<DB>(
    conn: &mut DB::Connection,
    manner: Manner,
    changing: Changing<'_>,
) -> Result<Ended, sqlx::Error>
where
    DB: Dialect + Values,
    for<'c> &'c mut DB::Connection: Executor<'c, Database = DB>,
    usize: ColumnIndex<DB::Row>,
    i64: Type<DB> + for<'e> Encode<'e, DB> + for<'d> Decode<'d, DB>,
    String: Type<DB> + for<'e> Encode<'e, DB> + for<'d> Decode<'d, DB>,
    Option<String>: Type<DB> + for<'e> Encode<'e, DB>,
    Vec<u8>: Type<DB> + for<'d> Decode<'d, DB>,
{
    let email = |entry: &Entry| (!entry.email.is_empty()).then(|| entry.email.clone());
    manner.begin::<DB>(conn).await?;
    let id = match changing {
        Changing::Add(entry) => {
            let add = manner.query::<DB>(DB::SQL.add).bind(entry.name.clone());
            let rows = add.bind(email(entry)).fetch_all(&mut *conn).await?;
            // A row that something else was made of has no key.
            rows.first().map_or(Ok(0), |row| row.try_get(0))?
        }
        Changing::Edit(player, entry) => {
            let edit = manner.query::<DB>(DB::SQL.edit).bind(entry.name.clone());
            let edit = edit.bind(email(entry)).bind(player.0);
            edit.execute(&mut *conn).await?;
            player.0
        }
        Changing::Remove(player) => {
            let remove = manner.query::<DB>(DB::SQL.remove).bind(player.0);
            remove.execute(&mut *conn).await?;
            player.0
        }
    };
    let row = read::<DB>(conn, manner, id).await?;
    if is_as_told(changing, row.as_ref()) {
        manner.end::<DB>(conn).await?;
        return Ok(Ended::Done(row));
    }
    let by = manner.query::<DB>(DB::SQL.meddlers);
    let by = by.fetch_all(&mut *conn).await?;
    let by = by
        .iter()
        .map(|row| row.try_get(0))
        .collect::<Result<_, _>>()?;
    conn.execute("ROLLBACK").await?;
    // A player who can't be edited was gone before, or got another key by the edit.
    if matches!(changing, Changing::Edit(..))
        && row.is_none()
        && read::<DB>(conn, manner, id).await?.is_none()
    {
        return Ok(Ended::Done(None));
    }
    Ok(Ended::Overruled { row, by })
}

/// The player as the row holds it, none where there is no row.
async fn read<DB>(
    conn: &mut DB::Connection,
    manner: Manner,
    id: i64,
) -> Result<Option<Player>, sqlx::Error>
where
    DB: Dialect + Values,
    for<'c> &'c mut DB::Connection: Executor<'c, Database = DB>,
    usize: ColumnIndex<DB::Row>,
    i64: Type<DB> + for<'e> Encode<'e, DB> + for<'d> Decode<'d, DB>,
    Vec<u8>: Type<DB> + for<'d> Decode<'d, DB>,
{
    let row = manner.query::<DB>(DB::SQL.listing.player).bind(id);
    let row = row.fetch_optional(conn).await?;
    row.map(|row| player(&row, 0)).transpose()
}

/// Whether the row is what the change makes of it.
fn is_as_told(changing: Changing<'_>, row: Option<&Player>) -> bool {
    let holds = |row: &Player, entry: &Entry| row.name == entry.name && row.email == entry.email;
    match (changing, row) {
        (Changing::Add(entry), Some(row)) => holds(row, entry) && row.score == 0,
        (Changing::Edit(_, entry), Some(row)) => holds(row, entry),
        (Changing::Remove(_), None) => true,
        (Changing::Add(_) | Changing::Edit(..), None) | (Changing::Remove(_), Some(_)) => false,
    }
}

/// What was written, what the row holds, and what on the table may have done it.
fn overruled(changing: Changing<'_>, row: Option<&Player>, by: &[String]) -> String {
    // As a literal, since a name may hold anything.
    let holds = |row: Option<&Player>| match row {
        Some(row) => format!(
            "the row holds the name {:?}, the e-mail {:?} and the score {}",
            row.name, row.email, row.score
        ),
        None => "there is no row of it".to_owned(),
    };
    let what = match changing {
        Changing::Add(entry) => format!("{:?} was added, and {}", entry.name, holds(row)),
        Changing::Edit(_, entry) => format!(
            "the name was to be {:?} and the e-mail {:?}, and {}",
            entry.name,
            entry.email,
            holds(row)
        ),
        Changing::Remove(_) => "the player was removed, and is still there".to_owned(),
    };
    match by {
        [] => what,
        by => format!("{what}. Look at the table users: it has {}", by.join(", ")),
    }
}
