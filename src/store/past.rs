//! Reads the results of the queries for rankings and histories.

use jiff::Timestamp;

use super::AsOf;
use super::connection::Row;
use super::listing_calls::player;
use crate::game::contest::Length;
use crate::game::record::{OwnRace, OwnSprint, Record};
use crate::game::{PlayerId, Points, Quarter, Ranking};

/// Reads the result of [`ranking`](super::dialect::Statements::ranking).
pub fn ranking(rows: &[Row], own: Option<PlayerId>) -> Result<AsOf<Ranking>, sqlx::Error> {
    let clock = clock(rows)?;
    let mut ranking = Ranking::default();
    let mut places = Vec::with_capacity(rows.len());
    for row in rows {
        if row.get::<Option<i64>>("id")?.is_none() {
            continue;
        }
        let player = player(row)?;
        let points = Points {
            player: player.id,
            score: player.score,
            points: row.get("points")?,
        };
        let place: i64 = row.get("place")?;
        if own == Some(player.id) {
            ranking.above = Some(place.unsigned_abs());
        }
        ranking.scorers = row.count("players")?;
        places.push((place, points, player));
    }
    places.sort_unstable_by_key(|(place, ..)| *place);
    for (_, points, player) in places {
        ranking.points.push(points);
        ranking.players.push(player);
    }
    Ok(AsOf {
        clock,
        value: ranking,
    })
}

/// Reads the result of [`history`](super::dialect::Statements::history). `None` if there is no such
/// player.
pub fn history(rows: &[Row]) -> Result<Option<AsOf<Record>>, sqlx::Error> {
    let clock = clock(rows)?;
    let mut record = Record::default();
    let mut races = Vec::new();
    for row in rows {
        if let Some(race) = row.get::<Option<i64>>("race")? {
            let rival: Option<i64> = row.get("rival")?;
            let own = OwnRace {
                start: row.moment("at")?,
                presses: row.count("points")?,
                rival: rival.map(|presses| presses.max(0).unsigned_abs()),
            };
            races.push((race, own));
        } else if let Some(seconds) = row.get("seconds")? {
            // Only another program can have written another length.
            if let Some(length) = Length::of_seconds(seconds) {
                record.sprints.push(OwnSprint {
                    length,
                    presses: row.count("points")?,
                    at: row.moment("at")?,
                    trace: row.trace("points", length)?,
                    beat: row.count("beat")?,
                });
            }
        } else {
            let Some(score) = row.get("score")? else {
                return Ok(None);
            };
            record.score = score;
            if let Some(quarter) = row.get::<Option<i64>>("quarter")? {
                let points = row.get("points")?;
                record.quarters.push((Quarter(quarter), points));
            }
        }
    }
    record.quarters.sort_unstable();
    record.sprints.sort_by_key(|sprint| sprint.length);
    races.sort_unstable_by_key(|(race, _)| std::cmp::Reverse(*race));
    record.races = races.into_iter().map(|(_, own)| own).collect();
    Ok(Some(AsOf {
        clock,
        value: record,
    }))
}

/// Reads the database's clock, which every row has.
pub fn clock(rows: &[Row]) -> Result<Timestamp, sqlx::Error> {
    let row = rows.first().ok_or(sqlx::Error::RowNotFound)?;
    row.moment("clock")
}
