//! Reads the ranking on a connection.

use std::time::Instant;

use super::connection::{Connection, Query, Row, query};
use super::listing::{
    BEFORE_ALL, FIRST, FOUND, LAST, STRIDE, Scan, SearchStep, SurveySteps, entry, fits,
};
use crate::game::{Aim, Player, PlayerId, Spot, Window};

/// The number of entries from rung to rung.
const STEP: i64 = 1000;

/// Key, key, id -> `rank_key`, `user_id`, `place` of the last rung of the survey that is not after
/// this entry.
const RUNG: &str = "SELECT rank_key, user_id, place FROM click_ladder
    WHERE rank_key < ? OR (rank_key = ? AND user_id <= ?)
    ORDER BY rank_key DESC, user_id DESC LIMIT 1";

/// Id, offset -> the id that is this many players later.
const NEXT: &str = "SELECT CAST(u.id AS {integer}) AS id FROM users u WHERE u.id > ? ORDER BY u.id LIMIT 1 OFFSET ?";

/// -> The number of players in the last survey.
const SURVEYED: &str = "SELECT players FROM click_survey";

/// Reads a player from a row.
pub fn player(row: &Row) -> Result<Player, sqlx::Error> {
    Ok(Player {
        id: PlayerId(row.get("id")?),
        name: row.text("name_bytes")?,
        email: row.text("email_bytes")?,
        score: row.get("score")?,
    })
}

impl Connection {
    /// The number of entries with this key from the first id up to, but without, the second.
    async fn among(&mut self, key: i64, from: i64, to: i64) -> Result<i64, sqlx::Error> {
        let among = self.sql().listing.among();
        self.number(among, &[key, from, to]).await
    }

    /// The number of entries between two keys.
    async fn between(&mut self, from: i64, to: i64) -> Result<i64, sqlx::Error> {
        let between = self.sql().listing.between();
        self.number(between, &[from, to]).await
    }

    /// Runs a query for a number of entries, with the same values for each part.
    async fn number(&mut self, sql: String, values: &[i64]) -> Result<i64, sqlx::Error> {
        let values = values.repeat(self.sql().listing.parts.len());
        let number = self.scalar(query(sql).bind_all(&values)).await?;
        Ok(number.unwrap_or(0))
    }

    /// Runs a query for players.
    async fn players(&mut self, query: Query) -> Result<Vec<Player>, sqlx::Error> {
        self.rows(query).await?.iter().map(player).collect()
    }

    /// Runs a query for the players from an entry on, or before it. Returns them in the order of
    /// the ranking.
    async fn page(
        &mut self,
        is_before: bool,
        (key, id): (i64, i64),
        many: u32,
    ) -> Result<Vec<Player>, sqlx::Error> {
        let many = i64::from(many);
        let listing = &self.sql().listing;
        let values = [key, id, many, key, many].repeat(listing.parts.len());
        let page = query(listing.page(is_before)).bind_all(&values);
        let mut players = self.players(page).await?;
        players.sort_unstable_by_key(|player| entry(player.into()));
        Ok(players)
    }

    async fn from(&mut self, at: (i64, i64), many: u32) -> Result<Vec<Player>, sqlx::Error> {
        let mut players = self.page(false, at, many).await?;
        players.truncate(many as usize);
        Ok(players)
    }

    async fn before(&mut self, at: (i64, i64), many: u32) -> Result<Vec<Player>, sqlx::Error> {
        let mut players = self.page(true, at, many).await?;
        let over = players.len().saturating_sub(many as usize);
        players.drain(..over);
        Ok(players)
    }

    /// Reads this many players after a spot.
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

    /// The number of entries before this one: up to the last rung as of the survey, and from there
    /// exact.
    pub async fn place(&mut self, (key, id): (i64, i64)) -> Result<u64, sqlx::Error> {
        let rung = query(RUNG).bind_all(&[key, key, id]);
        let (mut from, mut place) = (FIRST, 0);
        if let Some(rung) = self.row(rung).await? {
            from = (rung.get("rank_key")?, rung.get("user_id")?);
            place = rung.get("place")?;
        }
        place += if from.0 == key {
            self.among(key, from.1, id).await?
        } else {
            self.among(from.0, from.1, i64::MAX).await?
                + self.between(from.0, key).await?
                + self.among(key, i64::MIN, id).await?
        };
        Ok(place.unsigned_abs())
    }

    /// Reads a part of the ranking.
    pub async fn window(&mut self, aim: Aim, many: u32) -> Result<Window, sqlx::Error> {
        let (at, before, behind) = match aim {
            Aim::Top => (FIRST, 0, many + 1),
            Aim::Bottom => (LAST, many + 1, 0),
            Aim::Around(spot) => (entry(spot), many / 2 + 1, many + 1),
        };
        // In this order, since scores rise: a player who passes the spot between the two statements
        // is in both answers, and never in neither.
        let behind = match behind {
            0 => Vec::new(),
            behind => self.from(at, behind).await?,
        };
        let mut players = match before {
            0 => Vec::new(),
            before => self.before(at, before).await?,
        };
        let is_top = before == 0 || players.len() < before as usize;
        if !is_top {
            players.remove(0);
        }
        for player in behind {
            if players.iter().all(|before| before.id != player.id) {
                players.push(player);
            }
        }
        let is_bottom = players.len() <= many as usize;
        players.truncate(many as usize);
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
            let surveyed: Option<i64> = self.scalar(query(SURVEYED)).await?;
            let surveyed = surveyed.map_or(0, i64::unsigned_abs);
            window.below = surveyed.saturating_sub(seen).max(1);
        }
        Ok(window)
    }

    /// A player by key.
    pub async fn player(&mut self, id: PlayerId) -> Result<Option<Player>, sqlx::Error> {
        let player = query("SELECT {player} FROM users u WHERE u.id = ?").bind(id.0);
        Ok(self.players(player).await?.pop())
    }

    /// Players by their exact name, at most [`FOUND`].
    pub async fn named(&mut self, name: &str) -> Result<Vec<Player>, sqlx::Error> {
        let named = self.sql().listing.named;
        let named = query(format!(
            "SELECT {{player}} FROM users u WHERE {named} LIMIT ?"
        ));
        let named = named.bind(name.to_owned()).bind(FOUND as i64);
        let found = self.players(named).await;
        // Nobody has a name that the database can't encode.
        let players = match found {
            Err(error) if (self.sql().is_unwritable)(&error) => Vec::new(),
            found => found?,
        };
        // The column's collation may treat other names as equal.
        Ok(players.into_iter().filter(|p| p.name == name).collect())
    }

    /// A step of a search: first the best players, then all by id.
    pub async fn search(
        &mut self,
        wanted: &str,
        from: Option<Scan>,
    ) -> Result<SearchStep, sqlx::Error> {
        let listing = &self.sql().listing;
        let (text, next) = match from {
            None => (query(listing.best(wanted)), Some(BEFORE_ALL)),
            Some(Scan { after }) => {
                let stride = query(NEXT).bind_all(&[after, STRIDE - 1]);
                let end: Option<i64> = self.scalar(stride).await?;
                let between = query(listing.search(wanted));
                let between = between.bind_all(&[after, end.unwrap_or(i64::MAX)]);
                (between, end.map(|after| Scan { after }))
            }
        };
        let pattern = (self.sql().listing.pattern)(wanted);
        let text = text.bind(pattern.clone()).bind(pattern);
        let found = self.players(text.bind(FOUND as i64 + 1)).await;
        let players = match found {
            Err(error) if (self.sql().is_unwritable)(&error) => {
                return Ok(SearchStep {
                    players: Vec::new(),
                    next: None,
                });
            }
            found => found?,
        };
        Ok(SearchStep {
            players: players.into_iter().filter(|p| fits(p, wanted)).collect(),
            next,
        })
    }

    /// Makes a survey rung by rung, so that nobody has to wait for a lock meanwhile. Returns the
    /// query that stores it.
    pub async fn climb(&mut self, steps: SurveySteps) -> Result<Query, sqlx::Error> {
        let begun = Instant::now();
        let (mut rungs, mut players) = (Vec::new(), 0);
        let first = self.from(FIRST, 1).await?;
        let mut at = first.first().map(|first| entry(first.into()));
        while let Some((key, id)) = at {
            rungs.push([key, id, players]);
            at = self.entry_of(steps.ties, &[key, id, STEP - 1]).await?;
            if at.is_none() {
                let tied = self.among(key, id, i64::MAX).await?;
                at = self.entry_of(steps.rest, &[key, STEP - tied]).await?;
                if at.is_none() {
                    players += tied + self.between(key, i64::MAX).await?;
                    if key < LAST.0 {
                        // Players with the lowest possible score are not between any two keys.
                        players += self.among(LAST.0, i64::MIN, i64::MAX).await?;
                    }
                    break;
                }
            }
            players += STEP;
        }
        let took = i64::try_from(begun.elapsed().as_micros()).unwrap_or(i64::MAX);
        let rungs = serde_json::to_string(&rungs).unwrap_or_default();
        Ok(query(steps.keep).bind(rungs).bind(players).bind(took))
    }

    async fn entry_of(
        &mut self,
        sql: &'static str,
        values: &[i64],
    ) -> Result<Option<(i64, i64)>, sqlx::Error> {
        let row = self.row(query(sql).bind_all(values)).await?;
        row.map(|row| Ok((row.get("rank_key")?, row.get("user_id")?)))
            .transpose()
    }
}
