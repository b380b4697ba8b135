//! Lets only one client at a time set up a Galera cluster. `GET_LOCK` holds only on its own node,
//! and running the same DDL on several nodes at once can leave one of them hanging.

use sqlx::{Executor, MySqlConnection, query_scalar};

/// All nodes create tables in the same order, so only one client succeeds with this one.
const CLAIM: &str = "CREATE TABLE click_setup (holder INT PRIMARY KEY) ENGINE = InnoDB";

/// A claim of this age was left behind by a client that ended.
const LEFT_BEHIND: &str = "
    SELECT COUNT(*) FROM information_schema.tables
    WHERE table_schema = DATABASE() AND table_name = 'click_setup'
      AND create_time < NOW() - INTERVAL 60 SECOND";

const RELEASE: &str = "DROP TABLE IF EXISTS click_setup";

/// Whether the server is a node of a cluster.
pub async fn is_node(conn: &mut MySqlConnection) -> Result<bool, sqlx::Error> {
    let on = "SHOW GLOBAL VARIABLES WHERE Variable_name = 'wsrep_on' AND Value = 'ON'";
    Ok(!conn.fetch_all(on).await?.is_empty())
}

/// Claims the right to set up the schema.
///
/// # Errors
/// If another client has claimed it, that the table exists already.
pub async fn claim(conn: &mut MySqlConnection) -> Result<(), sqlx::Error> {
    let Err(error) = conn.execute(CLAIM).await else {
        return Ok(());
    };
    let left: i64 = query_scalar(LEFT_BEHIND).fetch_one(&mut *conn).await?;
    if left > 0 {
        release(conn).await?;
    }
    Err(error)
}

/// Releases the claim.
pub async fn release(conn: &mut MySqlConnection) -> Result<(), sqlx::Error> {
    conn.execute(RELEASE).await.map(drop)
}
