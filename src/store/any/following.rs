//! Reads what a game starts with, and polls for changes.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use super::super::connection::{Connection, Row, query, within};
use super::super::feed::{Feed, Stamped, stamps};
use super::super::listing::{CHANGES, WINDOW};
use super::super::listing_calls::player;
use super::super::races;
use super::super::rules::rules;
use super::super::{Changes, Cursor, Day, Epoch, Snapshot, StoreError};
use super::{AnyStore, LONG_LIST};
use crate::game::{Aim, PlayerId};

/// How often a watching store checks that its server still takes writes.
const CHECK_SERVER: Duration = Duration::from_secs(10);

/// -> `known_as`, the database's name for itself; the rules `held_keys` and `max_rate`; `today`, the
/// day; and `newest`, the cursor.
const OPENING: &str = "SELECT value AS known_as,
           (SELECT value FROM click_meta WHERE {meta_key} = 'held_keys') AS held_keys,
           (SELECT value FROM click_meta WHERE {meta_key} = 'max_rate') AS max_rate,
           {clock} {divide} 86400000000 AS today, {cursor} AS newest
    FROM click_meta WHERE {meta_key} = 'database'";

impl AnyStore {
    /// [`super::super::Store::open`].
    pub(super) async fn snapshot(&mut self) -> Result<Snapshot, StoreError> {
        let read = async |conn: &mut Connection| {
            conn.in_transaction(conn.sql().begin_reading, read_snapshot)
                .await
        };
        match self.on_connection(LONG_LIST, read).await {
            Ok((snapshot, seen)) => {
                self.feed.begin(snapshot.cursor, seen);
                Ok(snapshot)
            }
            Err(error) if !self.prepared => Err(self.host().at_first(error)),
            Err(error) => Err(error),
        }
    }

    /// [`super::super::Store::changes`].
    pub(super) async fn poll(
        &mut self,
        since: Cursor,
        most: u32,
    ) -> Result<Option<Changes>, StoreError> {
        self.poll_took = None;
        self.check()?;
        if !self.check_connection().await? {
            return Ok(None);
        }
        let was_there = self.conn.is_some();
        let mut conn = self.take().await?;
        let time_limit = self.host().time_limit();
        let from = self.feed.from(since);
        let feed = &self.feed;
        let read = async {
            let answer = read_changes(&mut conn, from, most).await?;
            Ok((changes(&answer.rows, feed)?, stamps(&answer.rows)?, answer))
        };
        let read = within(time_limit, read).await;
        let (changes, stamps, answer) = self.settle(conn, read).await?;
        self.poll_took = was_there.then_some(answer.took);
        Ok(match answer.too_many {
            Some(newest) => Some(Changes {
                too_many: true,
                raced: true,
                cursor: self.feed.skip(newest),
                ..changes
            }),
            None => {
                let cursor = self.feed.offer(stamps.seen, stamps.newest);
                cursor.map(|cursor| Changes { cursor, ..changes })
            }
        })
    }

    /// Keeps a watching store on the host that the first store of this process writes to, and
    /// checks that the server still takes writes. Offers its connection to the first store, if that
    /// one needs it. Returns false if it has no connection now.
    async fn check_connection(&mut self) -> Result<bool, StoreError> {
        if self.route.has_writer_moved()
            && let Some(conn) = self.conn.take()
        {
            tracing::info!("watching where the scores are saved now");
            tokio::spawn(conn.close_in_time());
        }
        let Some(conn) = self.conn.take() else {
            return Ok(true);
        };
        let Some(mut conn) = conn.offer_spare() else {
            tracing::info!("the connection for watching is left to saving");
            return Ok(false);
        };
        if self.checked_server.elapsed() >= CHECK_SERVER {
            self.checked_server = Instant::now();
            if let Err(error) = conn.check_server().await {
                tokio::spawn(conn.close_in_time());
                return Err(self.route.failed(error, false));
            }
        }
        self.conn = Some(conn);
        Ok(true)
    }
}

/// Reads what a game starts with, and the changes that it already includes.
async fn read_snapshot(conn: &mut Connection) -> Result<(Snapshot, HashSet<Stamped>), sqlx::Error> {
    let sql = conn.sql();
    let about = conn.one(query(OPENING)).await?;
    // The cursor is read first, so that a change in between is read twice and never missed.
    let cursor: i64 = about.get("newest")?;
    // The list, which is read after this, already includes the changes that a poll from there would
    // report.
    let seen = match sql.looks_back {
        true => {
            let changes = query(sql.changes).bind(cursor).bind(i64::from(CHANGES));
            stamps(&conn.rows(changes).await?)?.seen
        }
        false => HashSet::new(),
    };
    let window = conn.window(Aim::Top, WINDOW).await?;
    let epoch = match sql.epoch {
        Some(sql) => conn.scalar(query(sql)).await?.map(Epoch),
        None => None,
    };
    let rights = conn.rights().await?;
    let snapshot = Snapshot {
        database: about.get("known_as")?,
        epoch,
        today: Day(about.get("today")?),
        rights,
        rules: rules(&about)?,
        players: window.players,
        below: window.below,
        cursor: Cursor(cursor),
    };
    Ok((snapshot, seen))
}

/// The database's answer to a poll.
struct Answer {
    /// The changes, if there are not more than the limit.
    rows: Vec<Row>,
    /// The newest cursor if there are more.
    too_many: Option<i64>,
    took: Duration,
}

/// Reads changes, and measures how long the answer took.
async fn read_changes(conn: &mut Connection, from: i64, most: u32) -> Result<Answer, sqlx::Error> {
    let sql = conn.sql();
    let asked = Instant::now();
    let begin = conn.begins_call();
    conn.in_transaction(begin, async |conn: &mut Connection| {
        let begin_took = begin.map(|_| asked.elapsed());
        // An overlapping poll has one more row, with only a cursor.
        let most = i64::from(most) + i64::from(sql.looks_back);
        let changes = query(sql.changes).bind(from).bind(most + 1);
        let mut rows = conn.rows(changes).await?;
        // One round trip: that of the BEGIN, if there is one.
        let took = begin_took.unwrap_or_else(|| asked.elapsed());
        let mut too_many = None;
        if rows.len() as i64 > most {
            rows.clear();
            too_many = conn.scalar(query("SELECT {cursor} AS newest")).await?;
        }
        Ok(Answer {
            rows,
            too_many,
            took,
        })
    })
    .await
}

/// The changes that are new, still without their cursor.
fn changes(rows: &[Row], feed: &Feed) -> Result<Changes, sqlx::Error> {
    let mut changes = Changes {
        players: Vec::new(),
        gone: Vec::new(),
        too_many: false,
        raced: false,
        cursor: Cursor::default(),
    };
    for row in rows {
        let Some(changed) = row.get::<Option<i64>>("user_id")? else {
            continue;
        };
        if !feed.is_news((changed, row.get("stamp")?)) {
            continue;
        }
        match row.get::<Option<i64>>("id")? {
            Some(_) => changes.players.push(player(row)?),
            None if changed == races::OPENED => changes.raced = true,
            None => changes.gone.push(PlayerId(changed)),
        }
    }
    Ok(changes)
}
