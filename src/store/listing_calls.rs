//! Reads the ranking by its keys, on a connection that is known to be good.

use sqlx::{ColumnIndex, Decode, Encode, Executor, Row, Type};

use super::calls::{Manner, Values, player};
use super::dialect::Dialect;
use super::listing::{BEFORE_ALL, FIRST, FOUND, Found, LAST, STRIDE, Scan, Survey, entry, fits};
use crate::game::{Aim, Player, PlayerId, Spot, Window};

/// The statements about the ranking of one connection.
pub struct List<'c, DB: Dialect> {
    conn: &'c mut DB::Connection,
    manner: Manner,
}

impl<'c, DB> List<'c, DB>
where
    DB: Dialect + Values,
    for<'e> &'e mut DB::Connection: Executor<'e, Database = DB>,
    usize: ColumnIndex<DB::Row>,
    i64: Type<DB> + for<'e> Encode<'e, DB> + for<'d> Decode<'d, DB>,
    String: Type<DB> + for<'e> Encode<'e, DB>,
    Vec<u8>: Type<DB> + for<'d> Decode<'d, DB>,
{
    pub fn new(conn: &'c mut DB::Connection, manner: Manner) -> Self {
        Self { conn, manner }
    }

    async fn rows(
        &mut self,
        sql: &'static str,
        values: &[i64],
    ) -> Result<Vec<DB::Row>, sqlx::Error> {
        let mut query = self.manner.query::<DB>(sql);
        for value in values {
            query = query.bind(*value);
        }
        query.fetch_all(&mut *self.conn).await
    }

    async fn number(&mut self, sql: &'static str, values: &[i64]) -> Result<i64, sqlx::Error> {
        let rows = self.rows(sql, values).await?;
        rows.first().map_or(Ok(0), |row| row.try_get(0))
    }

    /// So many players from an entry on, or before it, always in the order of the ranking.
    async fn page(
        &mut self,
        sql: &'static str,
        (key, id): (i64, i64),
        many: u32,
    ) -> Result<Vec<Player>, sqlx::Error> {
        let many = i64::from(many);
        let rows = self.rows(sql, &[key, id, many, key, many]).await?;
        let players: Result<Vec<Player>, _> = rows.iter().map(|row| player(row, 0)).collect();
        let mut players = players?;
        players.sort_unstable_by_key(|player| entry(player.into()));
        Ok(players)
    }

    async fn from(&mut self, at: (i64, i64), many: u32) -> Result<Vec<Player>, sqlx::Error> {
        let mut players = self.page(DB::SQL.listing.from, at, many).await?;
        players.truncate(many as usize);
        Ok(players)
    }

    async fn before(&mut self, at: (i64, i64), many: u32) -> Result<Vec<Player>, sqlx::Error> {
        let mut players = self.page(DB::SQL.listing.before, at, many).await?;
        let over = players.len().saturating_sub(many as usize);
        players.drain(..over);
        Ok(players)
    }

    /// So many players behind a spot.
    pub async fn behind(
        &mut self,
        after: Option<Spot>,
        many: u32,
    ) -> Result<Vec<Player>, sqlx::Error> {
        let at = after.map_or(FIRST, |spot| {
            let (key, id) = entry(spot);
            (key, id.saturating_add(1))
        });
        self.from(at, many).await
    }

    /// How many entries are before this one: of the last rung before it as of the survey, and from
    /// there as it is.
    pub async fn place(&mut self, (key, id): (i64, i64)) -> Result<u64, sqlx::Error> {
        let sql = DB::SQL.listing;
        let rung = self.rows(sql.rung, &[key, key, id]).await?;
        let (mut from, mut place) = (FIRST, 0);
        if let Some(rung) = rung.first() {
            from = (rung.try_get(0)?, rung.try_get(1)?);
            place = rung.try_get(2)?;
        }
        place += if from.0 == key {
            self.number(sql.among, &[key, from.1, id]).await?
        } else {
            self.number(sql.among, &[from.0, from.1, i64::MAX]).await?
                + self.number(sql.between, &[from.0, key]).await?
                + self.number(sql.among, &[key, i64::MIN, id]).await?
        };
        Ok(place.unsigned_abs())
    }

    /// How many players the last survey saw.
    async fn surveyed(&mut self) -> Result<u64, sqlx::Error> {
        Ok(self
            .number(DB::SQL.listing.players, &[])
            .await?
            .unsigned_abs())
    }

    /// Reads a part of the ranking.
    pub async fn window(&mut self, aim: Aim, many: u32) -> Result<Window, sqlx::Error> {
        let is_top;
        let is_bottom;
        let mut players;
        match aim {
            Aim::Top => {
                is_top = true;
                players = self.from(FIRST, many + 1).await?;
                is_bottom = players.len() <= many as usize;
            }
            Aim::Bottom => {
                is_bottom = true;
                players = self.before(LAST, many + 1).await?;
                is_top = players.len() <= many as usize;
                if !is_top {
                    players.remove(0);
                }
            }
            Aim::Around(spot) => {
                let half = many / 2;
                players = self.before(entry(spot), half + 1).await?;
                is_top = players.len() <= half as usize;
                if !is_top {
                    players.remove(0);
                }
                let rest = many + 1 - players.len() as u32;
                let behind = self.from(entry(spot), rest).await?;
                is_bottom = behind.len() < rest as usize;
                // Who moved between the two statements is in both.
                players.retain(|p| behind.iter().all(|b| b.id != p.id));
                players.extend(behind);
            }
        }
        self.placed(players, (is_top, is_bottom), many).await
    }

    /// So many of these players, with how many are above and below.
    async fn placed(
        &mut self,
        mut players: Vec<Player>,
        (is_top, is_bottom): (bool, bool),
        many: u32,
    ) -> Result<Window, sqlx::Error> {
        if !is_bottom {
            players.truncate(many as usize);
        }
        let mut window = Window {
            players,
            ..Window::default()
        };
        if let (false, Some(first)) = (is_top, window.players.first()) {
            let first = entry(first.into());
            window.higher = self.place((first.0, i64::MIN)).await?;
            window.above = self.place(first).await?.max(window.higher).max(1);
        }
        if !is_bottom {
            let seen = window.above + window.players.len() as u64;
            window.below = self.surveyed().await?.saturating_sub(seen).max(1);
        }
        Ok(window)
    }

    /// The players of one statement.
    async fn players(
        &mut self,
        sql: &'static str,
        values: &[i64],
    ) -> Result<Vec<Player>, sqlx::Error> {
        let rows = self.rows(sql, values).await?;
        rows.iter().map(|row| player(row, 0)).collect()
    }

    /// A player by key.
    pub async fn player(&mut self, id: PlayerId) -> Result<Option<Player>, sqlx::Error> {
        Ok(self.players(DB::SQL.listing.player, &[id.0]).await?.pop())
    }

    /// Players by their exact name, no more than a search finds.
    pub async fn named(&mut self, name: &str) -> Result<Vec<Player>, sqlx::Error> {
        let query = self.manner.query::<DB>(DB::SQL.listing.named);
        let query = query.bind(name.to_owned()).bind(FOUND as i64);
        let rows = query.fetch_all(&mut *self.conn).await?;
        let players: Result<Vec<Player>, _> = rows.iter().map(|row| player(row, 0)).collect();
        // As bytes, whatever the column's collation takes for the same.
        Ok(players?.into_iter().filter(|p| p.name == name).collect())
    }

    /// A step of a search: first through the best, then by their keys through all.
    pub async fn search(&mut self, wanted: &str, from: Option<Scan>) -> Result<Found, sqlx::Error> {
        let sql = DB::SQL.listing;
        let (text, values, next) = match from {
            None => (sql.best.of(wanted), Vec::new(), Some(BEFORE_ALL)),
            Some(Scan { after }) => {
                let end = self.rows(sql.stride, &[after, STRIDE - 1]).await?;
                let end = end.first().map(|row| row.try_get(0)).transpose()?;
                let next = end.map(|after| Scan { after });
                (
                    sql.search.of(wanted),
                    vec![after, end.unwrap_or(i64::MAX)],
                    next,
                )
            }
        };
        let pattern = DB::pattern(wanted);
        let mut query = self.manner.query::<DB>(text);
        for value in values {
            query = query.bind(value);
        }
        let query = query.bind(pattern.clone()).bind(pattern);
        let rows = query
            .bind(FOUND as i64 + 1)
            .fetch_all(&mut *self.conn)
            .await?;
        let players: Result<Vec<Player>, _> = rows.iter().map(|row| player(row, 0)).collect();
        Ok(Found {
            players: players?.into_iter().filter(|p| fits(p, wanted)).collect(),
            next,
        })
    }

    /// Whether a survey is to be taken, where that is done by steps.
    pub async fn is_survey_due(&mut self) -> Result<bool, sqlx::Error> {
        match DB::SQL.listing.survey {
            Survey::Own { .. } => Ok(true),
            Survey::Steps { due, .. } => Ok(!self.rows(due, &[]).await?.is_empty()),
        }
    }

    /// Counts the places of the ranking anew: the rungs of the ladder, and how many players there
    /// are. It goes from rung to rung, so that nobody waits for a lock meanwhile.
    pub async fn climb(&mut self) -> Result<(Vec<[i64; 3]>, i64), sqlx::Error> {
        let sql = DB::SQL.listing;
        let (mut rungs, mut players) = (Vec::new(), 0);
        let Survey::Steps { ties, rest, .. } = sql.survey else {
            return Ok((rungs, players));
        };
        let first = self.from(FIRST, 1).await?;
        let mut at = first.first().map(|first| entry(first.into()));
        while let Some((key, id)) = at {
            rungs.push([key, id, players]);
            at = self.entry_of(ties, &[key, id, RUNG - 1]).await?;
            if at.is_none() {
                let tied = self.number(sql.among, &[key, id, i64::MAX]).await?;
                at = self.entry_of(rest, &[key, RUNG - tied]).await?;
                if at.is_none() {
                    players += tied + self.number(sql.between, &[key, i64::MAX]).await?;
                    if key < LAST.0 {
                        // The lowest score of all is between no two keys.
                        let lowest = [LAST.0, i64::MIN, i64::MAX];
                        players += self.number(sql.among, &lowest).await?;
                    }
                    break;
                }
            }
            players += RUNG;
        }
        Ok((rungs, players))
    }

    async fn entry_of(
        &mut self,
        sql: &'static str,
        values: &[i64],
    ) -> Result<Option<(i64, i64)>, sqlx::Error> {
        let rows = self.rows(sql, values).await?;
        let entry = |row: &DB::Row| Ok((row.try_get(0)?, row.try_get(1)?));
        rows.first().map(entry).transpose()
    }
}

/// How many entries are from rung to rung.
const RUNG: i64 = 1000;
