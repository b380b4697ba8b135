//! Asks a MariaDB or MySQL server what its user may do.
//!
//! A privilege can be given on everything, a database, a table or its columns, to the user, to a
//! role within a role or to PUBLIC, and what the server tells of that leaves roles out. So it is
//! asked for statements that change nothing and need the same privileges.

use sqlx::{Executor, MySqlConnection};

use super::errors::is_wait;
use super::{is_refusal, number};
use crate::message::Rights;

/// There is no session 0.
macro_rules! play {
    () => {
        "CALL click_session('', 0); CALL click_count(0, 0);"
    };
}

/// Nobody is added without a name.
macro_rules! add {
    () => {
        "CALL click_add(NULL, NULL);"
    };
}

macro_rules! edit {
    () => {
        "CALL click_edit(NULL, NULL, NULL);"
    };
}

macro_rules! remove {
    () => {
        "EXPLAIN DELETE FROM users WHERE FALSE;"
    };
}

/// No procedure of this name.
const NO_PROCEDURE: u16 = 1305;

/// What the user may do: one round trip for one who may do everything.
pub async fn ask(conn: &mut MySqlConnection) -> Result<Rights, sqlx::Error> {
    let all = conn.execute(concat!(play!(), add!(), edit!(), remove!()));
    match all.await {
        Ok(_) => return Ok(Rights::ALL),
        // A server that holds all writers up says nothing about rights, and takes its time each time.
        Err(error) if is_wait(&error) => return Ok(Rights::ALL),
        // The first that fails ends them, so each is asked for by itself.
        Err(sqlx::Error::Database(_)) => {}
        Err(error) => return Err(error),
    }
    Ok(Rights {
        play: may(conn, play!()).await?,
        add: may(conn, add!()).await?,
        edit: may(conn, edit!()).await?,
        remove: may(conn, remove!()).await?,
    })
}

/// Whether the server lets these statements pass. An error that is no refusal, as of a server that
/// takes no writes now, says nothing about rights.
async fn may(conn: &mut MySqlConnection, statements: &'static str) -> Result<bool, sqlx::Error> {
    match conn.execute(statements).await {
        Ok(_) => Ok(true),
        Err(error) if is_refusal(&error) || number(&error) == NO_PROCEDURE => Ok(false),
        Err(sqlx::Error::Database(_)) => Ok(true),
        Err(error) => Err(error),
    }
}
