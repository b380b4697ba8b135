//! Adds, edits and removes players: each in one transaction that reads back what it wrote.

use super::super::connection::{Connection, Query, query};
use super::super::{SshKey, StoreError};
use super::AnyStore;
use crate::game::{Entry, Player, PlayerId};

/// Id: removes a player.
const REMOVE: &str = "DELETE FROM users WHERE id = ?";

/// Fingerprint, player, comment: adds a key.
const ADD_KEY: &str = "INSERT INTO click_keys (fingerprint, user_id, comment, at)
    VALUES (?, ?, ?, {clock} {divide} 1000000)";

/// A change of the list of players.
#[derive(Debug, Clone, Copy)]
pub enum Changing<'a> {
    /// Add a player, with an ssh key if there is one.
    Add(&'a Entry, Option<&'a SshKey>),
    Edit(PlayerId, &'a Entry),
    Remove(PlayerId),
}

impl AnyStore {
    /// Makes a change. Returns the player as it is in the row; `None` if it is gone.
    ///
    /// # Errors
    /// [`StoreError::Overruled`] if the row is not what was written.
    pub(super) async fn change(
        &mut self,
        changing: Changing<'_>,
    ) -> Result<Option<Player>, StoreError> {
        self.write_on_connection(async |conn: &mut Connection| change(conn, changing).await)
            .await?
    }
}

async fn change(
    conn: &mut Connection,
    changing: Changing<'_>,
) -> Result<Result<Option<Player>, StoreError>, sqlx::Error> {
    let sql = conn.sql();
    let email = |entry: &Entry| (!entry.email.is_empty()).then(|| entry.email.clone());
    conn.execute(conn.begins_writes()).await?;
    let id = match changing {
        Changing::Add(entry, _) => {
            let add = query(sql.calls.add).bind(entry.name.clone());
            // A trigger may have suppressed the row.
            conn.scalar(add.bind(email(entry))).await?.unwrap_or(0)
        }
        Changing::Edit(player, entry) => {
            let edit = query(sql.edit).bind(entry.name.clone());
            conn.rows(edit.bind(email(entry)).bind(player.0)).await?;
            player.0
        }
        Changing::Remove(player) => {
            conn.rows(query(REMOVE).bind(player.0)).await?;
            player.0
        }
    };
    let id = PlayerId(id);
    let row = conn.player(id).await?;
    if is_as_told(changing, row.as_ref()) {
        if let Changing::Add(_, Some(key)) = changing {
            let add = add_key(key, id);
            conn.rows(add).await?;
        }
        conn.execute("COMMIT").await?;
        return Ok(Ok(row));
    }
    let by = conn.foreign_triggers().await?;
    conn.execute("ROLLBACK").await?;
    // If the row is gone, the player was gone before, or the edit changed its id.
    if matches!(changing, Changing::Edit(..)) && row.is_none() && conn.player(id).await?.is_none() {
        return Ok(Ok(None));
    }
    let why = overruled(changing, row.as_ref(), &by);
    Ok(Err(StoreError::Overruled { why }))
}

/// Stores a key with its player.
pub(super) fn add_key(key: &SshKey, player: PlayerId) -> Query {
    query(ADD_KEY)
        .bind(key.fingerprint.clone())
        .bind(player.0)
        .bind(key.comment.clone())
}

/// Whether the row is what the change should make it.
fn is_as_told(changing: Changing<'_>, row: Option<&Player>) -> bool {
    let holds = |row: &Player, entry: &Entry| row.name == entry.name && row.email == entry.email;
    match (changing, row) {
        (Changing::Add(entry, _), Some(row)) => holds(row, entry) && row.score == 0,
        (Changing::Edit(_, entry), Some(row)) => holds(row, entry),
        (Changing::Remove(_), None) => true,
        (Changing::Add(..) | Changing::Edit(..), None) | (Changing::Remove(_), Some(_)) => false,
    }
}

/// What was written, what the row holds, and which triggers may have changed it.
fn overruled(changing: Changing<'_>, row: Option<&Player>, by: &[String]) -> String {
    // As a literal, because a name may contain anything.
    let holds = |row: Option<&Player>| match row {
        Some(row) => format!(
            "the row holds the name {:?}, the e-mail {:?} and the score {}",
            row.name, row.email, row.score
        ),
        None => "there is no row of it".to_owned(),
    };
    let what = match changing {
        Changing::Add(entry, _) => {
            format!("{:?} was added, and {}", entry.name, holds(row))
        }
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
