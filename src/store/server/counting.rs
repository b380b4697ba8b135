//! The locked transaction on a server: calls the routine `click_count`, which takes the same four
//! steps as `sqlite/counting.rs`, in one round trip.
//!
//! The routine begins, reads the rows `FOR UPDATE`, adds to the score and keeps the session's total
//! beside it, and commits: see `assets/schema`.

use crate::store::connection::{Connection, Row, query};
use crate::store::{Counted, StoreError, Total};

/// Sessions and their totals, each as a list with commas -> `counted`, `score`, `refused`,
/// `max_rate` of each, in order, or nothing if a player is gone. The routine locks the rows before it
/// reads the totals, so that an old connection of this client can't write in between. On MariaDB the
/// routine begins and ends its transaction, and is for one session.
const COUNT: &str = "{call} click_count({numbers}, {numbers})";

impl Connection {
    /// Counts totals with the server's routine, in one transaction.
    pub async fn count_by_routine(
        &mut self,
        totals: &[Total],
    ) -> Result<Result<Vec<Counted>, StoreError>, sqlx::Error> {
        let call = query(COUNT)
            .bind_list(totals.iter().map(|total| total.session.0))
            .bind_list(totals.iter().map(upto));
        let rows = self.rows(call).await?;
        if rows.len() < totals.len() {
            return Ok(Err(StoreError::Gone));
        }
        let counted = totals.iter().zip(&rows);
        let counted = counted.map(|(total, row)| read_counted(row, upto(total)));
        let counted: Result<Vec<_>, _> = counted.collect();
        Ok(counted?.into_iter().collect())
    }
}

/// A total as the databases store it.
fn upto(total: &Total) -> i64 {
    i64::try_from(total.upto).unwrap_or(i64::MAX)
}

/// Reads the routine's result.
fn read_counted(row: &Row, upto: i64) -> Result<Result<Counted, StoreError>, sqlx::Error> {
    // The routine counts less than the total if the score would not fit its column.
    if row.get::<i64>("counted")? < upto {
        return Ok(Err(StoreError::ScoreFull));
    }
    let max_rate: Option<i64> = row.get("max_rate")?;
    Ok(Ok(Counted {
        score: row.get("score")?,
        counted: row.count("counted")?,
        refused: row.count("refused")?,
        max_rate: max_rate.and_then(|rate| rate.try_into().ok()),
    }))
}
