//! Finds out what a MariaDB or MySQL server allows its user.
//!
//! Privileges can be granted on many levels and by nested roles, and the server's lists leave roles
//! out. So this runs statements that change nothing but need the same privileges.

use sqlx::{AssertSqlSafe, Executor, MySqlConnection};

use super::errors::is_wait;
use super::{is_refusal, number};
use crate::message::Rights;

/// Play, add, edit and remove: statements that change nothing, because there is no session 0, and
/// no player is added or edited without a name.
const QUESTIONS: [&str; 4] = [
    "CALL click_session('', 0); CALL click_count(0, 0);",
    "CALL click_add(NULL, NULL);",
    "CALL click_edit(NULL, NULL, NULL);",
    "EXPLAIN DELETE FROM users WHERE FALSE;",
];

/// No procedure of this name.
const NO_PROCEDURE: u16 = 1305;

/// Reads the user's rights: in one round trip if all is allowed.
pub async fn ask(conn: &mut MySqlConnection) -> Result<Rights, sqlx::Error> {
    let all = conn.execute(AssertSqlSafe(QUESTIONS.concat()));
    match all.await {
        Ok(_) => return Ok(Rights::ALL),
        // While all writers are blocked, the rights are unknown, and each further try would wait.
        Err(error) if is_wait(&error) => return Ok(Rights::ALL),
        // The first failure ends the batch, so each is now tried alone.
        Err(sqlx::Error::Database(_)) => {}
        Err(error) => return Err(error),
    }
    let [play, add, edit, remove] = QUESTIONS;
    Ok(Rights {
        play: may(conn, play).await?,
        add: may(conn, add).await?,
        edit: may(conn, edit).await?,
        remove: may(conn, remove).await?,
    })
}

/// Whether the server allows these statements. Other errors, as of a read-only server, say nothing
/// about rights.
async fn may(conn: &mut MySqlConnection, statements: &'static str) -> Result<bool, sqlx::Error> {
    match conn.execute(statements).await {
        Ok(_) => Ok(true),
        Err(error) if is_refusal(&error) || number(&error) == NO_PROCEDURE => Ok(false),
        Err(sqlx::Error::Database(_)) => Ok(true),
        Err(error) => Err(error),
    }
}
