//! How the store follows its database: what a game begins with, and what has changed since.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use super::super::connection::{Connection, Row, query, within};
use super::super::feed::{Feed, Stamped, Stamps, stamps};
use super::super::listing::{CHANGES, WINDOW};
use super::super::listing_calls::player;
use super::super::races;
use super::super::rules::rules;
use super::super::{Changes, Cursor, Day, Epoch, Snapshot, StoreError};
use super::{AnyStore, LONG_LIST};
use crate::game::{Aim, PlayerId};

/// How often a store that watches looks whether its server is still the one to be on.
const CHECK_SERVER: Duration = Duration::from_secs(10);

impl AnyStore {
    /// [`super::super::Store::open`].
    pub(super) async fn snapshot(&mut self) -> Result<Snapshot, StoreError> {
        let reached_before = self.prepared;
        let mut conn = match self.take().await {
            Err(error) if !reached_before => return Err(self.host().at_first(error)),
            taken => taken?,
        };
        let patience = self.host().patience().map(|patience| patience * LONG_LIST);
        match within(patience, read_snapshot(&mut conn)).await {
            Ok((snapshot, seen)) => {
                self.conn = Some(conn);
                self.feed.begin(snapshot.cursor, seen);
                Ok(snapshot)
            }
            Err(error) => {
                // Not left to its drop, which the program's end may overtake.
                conn.goodbye().await;
                Err(self.failed(error))
            }
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
        let patience = self.host().patience();
        let from = self.feed.from(since);
        let feed = &self.feed;
        let read = async {
            let (answer, took) = read_changes(&mut conn, from, most).await?;
            let news = match answer {
                Answer::Rows(rows) => News::of(&rows, feed)?,
                Answer::TooMany { cursor } => News::TooMany { cursor },
            };
            Ok((news, took))
        };
        let read = within(patience, read).await;
        let (news, took) = self.settle(conn, read).await?;
        self.poll_took = was_there.then_some(took);
        Ok(match news {
            News::TooMany { cursor } => Some(Changes {
                players: Vec::new(),
                gone: Vec::new(),
                too_many: true,
                raced: true,
                cursor: self.feed.skip(cursor),
            }),
            News::All(changes, stamps) => {
                let cursor = self.feed.offer(stamps.seen, stamps.newest);
                cursor.map(|cursor| Changes { cursor, ..changes })
            }
        })
    }

    /// Sees to it that a store that watches is where the other of this process writes, on a server
    /// that is still the one to be on, and leaves it the connection that it may lack. False where
    /// there is nothing to watch on for now.
    async fn check_connection(&mut self) -> Result<bool, StoreError> {
        if self.route.has_writer_moved()
            && let Some(conn) = self.conn.take()
        {
            tracing::info!("watching where the scores are saved now");
            tokio::spawn(conn.goodbye());
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
                tokio::spawn(conn.goodbye());
                return Err(self.route.failed(error, false));
            }
        }
        self.conn = Some(conn);
        Ok(true)
    }
}

/// Reads what a game begins with, and the changes that are in it already.
async fn read_snapshot(conn: &mut Connection) -> Result<(Snapshot, HashSet<Stamped>), sqlx::Error> {
    let sql = conn.sql;
    let begun = conn.begin(sql.begin_reading).await?;
    let about = conn.one(query(sql.opening)).await?;
    // The cursor first: what changes meanwhile is then read twice, never missed.
    let cursor: i64 = about.get("cursor")?;
    // What a poll from there would tell already is in the list that is read after it.
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
    if begun {
        conn.execute("COMMIT").await?;
    }
    let snapshot = Snapshot {
        database: about.get("database")?,
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

/// What the database answers a poll with.
enum Answer {
    Rows(Vec<Row>),
    /// More rows than were asked for, up to this cursor.
    TooMany {
        cursor: i64,
    },
}

/// Asks for what has changed, and tells how long the answer took.
async fn read_changes(
    conn: &mut Connection,
    from: i64,
    most: u32,
) -> Result<(Answer, Duration), sqlx::Error> {
    let sql = conn.sql;
    let asked = Instant::now();
    let begun = conn.begin(None).await?;
    let begin_took = begun.then(|| asked.elapsed());
    // A row of nothing but a cursor comes with those of a look back.
    let most = i64::from(most) + i64::from(sql.looks_back);
    let rows = conn
        .rows(query(sql.changes).bind(from).bind(most + 1))
        .await?;
    // One round trip, as the beginning is where there is one.
    let took = begin_took.unwrap_or_else(|| asked.elapsed());
    let answer = match rows.len() as i64 > most {
        true => {
            let cursor = conn.one(query(sql.cursor)).await?.scalar()?;
            Answer::TooMany { cursor }
        }
        false => Answer::Rows(rows),
    };
    if begun {
        conn.execute("COMMIT").await?;
    }
    Ok((answer, took))
}

/// What of an answer was not known before.
enum News {
    /// The changes, still without their cursor, and all that the answer told.
    All(Changes, Stamps),
    TooMany {
        cursor: i64,
    },
}

impl News {
    fn of(rows: &[Row], feed: &Feed) -> Result<Self, sqlx::Error> {
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
        Ok(Self::All(changes, stamps(rows)?))
    }
}
