//! How the store follows its database: what a game begins with, and what has changed since.

use std::time::{Duration, Instant};

use sqlx::{ColumnIndex, Connection, Decode, Encode, Executor, Row, Type};

use super::super::calls::{Values, player};
use super::super::dialect::Dialect;
use super::super::feed::{Stamps, stamps};
use super::super::listing::{CHANGES, WINDOW};
use super::super::listing_calls::List;
use super::super::races;
use super::super::rules::rules;
use super::super::{Changes, Cursor, Day, Epoch, Snapshot, StoreError};
use super::{GOODBYE, LONG_LIST, SqlStore, within};
use crate::game::{Aim, Player, PlayerId};

/// What a look at the changes brought.
enum Look {
    Told(Vec<Player>, Vec<PlayerId>, bool, Stamps, Duration),
    /// More than were to be told, up to here.
    Skipped(i64, Duration),
}

impl<DB> SqlStore<DB>
where
    DB: Dialect + Values,
    for<'c> &'c mut DB::Connection: Executor<'c, Database = DB>,
    usize: ColumnIndex<DB::Row>,
    i64: Type<DB> + for<'e> Encode<'e, DB> + for<'d> Decode<'d, DB>,
    String: Type<DB> + for<'e> Encode<'e, DB> + for<'d> Decode<'d, DB>,
    Vec<u8>: Type<DB> + for<'d> Decode<'d, DB>,
{
    /// [`super::super::Store::open`].
    pub(super) async fn snapshot(&mut self) -> Result<Snapshot, StoreError> {
        let reached_before = self.prepared;
        let mut conn = match self.take().await {
            Err(error) if !reached_before => return Err(DB::at_first(error)),
            taken => taken?,
        };
        let manner = self.manner().begun_by(DB::SQL.begin_reading);
        let read = async {
            manner.begin::<DB>(&mut conn).await?;
            let opening = manner.query::<DB>(DB::SQL.opening);
            let about = opening.fetch_one(&mut conn).await?;
            let database: String = about.try_get(0)?;
            let rules = rules::<DB>(&about, 1)?;
            let today = Day(about.try_get(3)?);
            // The cursor first: what changes meanwhile is then read twice, never missed.
            let cursor: i64 = about.try_get(4)?;
            // What a look from there tells already is in the list that is read after it.
            let told = if DB::LOOKS_BACK {
                let told = manner.query::<DB>(DB::SQL.changes).bind(cursor);
                let told = told.bind(i64::from(CHANGES));
                stamps::<DB>(&told.fetch_all(&mut conn).await?)?.seen
            } else {
                Default::default()
            };
            let mut list = List::<DB>::new(&mut conn, manner);
            let window = list.window(Aim::Top, WINDOW).await?;
            let epoch = match DB::SQL.epoch {
                Some(sql) => {
                    let epoch = manner.query::<DB>(sql).fetch_optional(&mut conn).await?;
                    epoch.map(|row| row.try_get(0)).transpose()?.map(Epoch)
                }
                None => None,
            };
            let rights = DB::rights(&mut conn, manner).await?;
            manner.end::<DB>(&mut conn).await?;
            let snapshot = Snapshot {
                database,
                epoch,
                today,
                rights,
                rules,
                players: window.players,
                below: window.below,
                cursor: Cursor(cursor),
            };
            Ok((snapshot, told))
        };
        match within::<DB, _>(LONG_LIST, read).await {
            Ok((snapshot, told)) => {
                self.conn = Some(conn);
                self.feed.begin(snapshot.cursor, told);
                Ok(snapshot)
            }
            Err(error) => {
                // Not left to its drop, which the program's end may overtake; but a server that
                // hangs may not even take a farewell.
                let _ = tokio::time::timeout(GOODBYE, conn.close()).await;
                Err(self.failed(error))
            }
        }
    }

    /// [`super::super::Store::changes`].
    pub(super) async fn follow(
        &mut self,
        since: Cursor,
        most: u32,
    ) -> Result<Option<Changes>, StoreError> {
        self.looked = None;
        DB::check(self.route.here(), &self.local)?;
        if !self.look_after_connection().await? {
            return Ok(None);
        }
        let stood = self.conn.is_some();
        let mut conn = self.take().await?;
        let from = self.feed.from(since);
        let feed = &self.feed;
        let manner = self.manner();
        let read = async {
            let asked = Instant::now();
            manner.begin::<DB>(&mut conn).await?;
            let begun = manner.begins_apart().then(|| asked.elapsed());
            let rows = manner
                .query::<DB>(DB::SQL.changes)
                .bind(from)
                .bind(i64::from(most) + 1 + i64::from(DB::LOOKS_BACK))
                .fetch_all(&mut conn)
                .await?;
            let took = begun.unwrap_or_else(|| asked.elapsed());
            let mut skipped = None;
            if rows.len() > most as usize + usize::from(DB::LOOKS_BACK) {
                let cursor = manner.query::<DB>(DB::SQL.cursor).fetch_one(&mut conn);
                skipped = Some(cursor.await?.try_get::<i64, _>(0)?);
            }
            manner.end::<DB>(&mut conn).await?;
            if let Some(to) = skipped {
                return Ok(Look::Skipped(to, took));
            }
            let stamps = stamps::<DB>(&rows)?;
            let (mut players, mut gone, mut raced) = (Vec::new(), Vec::new(), false);
            for row in &rows {
                let Some(id) = row.try_get::<Option<i64>, _>(1)? else {
                    continue;
                };
                if !feed.is_news((id, row.try_get(0)?)) {
                    continue;
                }
                match row.try_get::<Option<i64>, _>(2)? {
                    Some(_) => players.push(player(row, 2)?),
                    None if id == races::OPENED => raced = true,
                    None => gone.push(PlayerId(id)),
                }
            }
            Ok(Look::Told(players, gone, raced, stamps, took))
        };
        let read = within::<DB, _>(1, read).await;
        let (players, gone, raced, stamps, took) = match self.settle(conn, read).await? {
            Look::Told(players, gone, raced, stamps, took) => (players, gone, raced, stamps, took),
            Look::Skipped(to, took) => {
                self.looked = stood.then_some(took);
                return Ok(Some(Changes {
                    players: Vec::new(),
                    gone: Vec::new(),
                    too_many: true,
                    raced: true,
                    cursor: self.feed.skip(to),
                }));
            }
        };
        self.looked = stood.then_some(took);
        let cursor = self.feed.offer(stamps.seen, stamps.newest);
        Ok(cursor.map(|cursor| Changes {
            players,
            gone,
            too_many: false,
            raced,
            cursor,
        }))
    }
}
