//! Reads rankings of a period, and histories.

use jiff::Timestamp;

use super::AsOf;
use super::connection::Row;
use super::listing_calls::player;
use crate::game::contest::Length;
use crate::game::record::{OwnRace, OwnSprint, Record};
use crate::game::{PlayerId, Points, Quarter, Ranking};

/// Quarter, limit, id -> `clock` in microseconds since 1970, then `id`, `name_bytes`, `email_bytes`,
/// `score`, `points` since the quarter began, `place`, which is how many players stand before this
/// one, and `players`, which is how many have points. The rows are the best players with points, and
/// the player with that id. If nobody has points, there is one row with only a clock.
pub fn ranking_since(scorers: &str) -> String {
    format!(
        "SELECT {{clock}} AS clock, p.*
         FROM (SELECT 1 AS one) o LEFT JOIN (
             SELECT {{player}}, r.points, r.place - 1 AS place, r.players
             FROM (SELECT s.user_id, s.points, COUNT(*) OVER () AS players,
                          ROW_NUMBER() OVER (ORDER BY s.points DESC, s.user_id) AS place
                   FROM ({scorers}) s) r
             {{join}} users u ON u.id = r.user_id
             WHERE r.place <= ? OR r.user_id = ?
         ) p ON 1 = 1"
    )
}

/// Reads the result of [`ranking_since`].
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

/// Player -> three kinds of rows, each with `clock` in microseconds since 1970. First: `score`, NULL
/// if the player is gone, and a `quarter` with its `points`, if there is one. Second: the `seconds`
/// of a best sprint, its presses as `points`, `at` in microseconds since 1970, its `trace`, and by
/// how much it `beat` the best before. Third: a closed `race` that started `at`, the player's presses
/// as `points`, and the most presses of a `rival`, NULL if nobody else raced. All other columns are
/// NULL.
pub const HISTORY: &str = "
    WITH p AS (SELECT CAST(? AS {integer}) AS id, {clock} AS clock)
    SELECT p.clock, CASE WHEN u.id IS NOT NULL THEN {score} END AS score, h.quarter, h.points,
           CAST(NULL AS {integer}) AS seconds, CAST(NULL AS {integer}) AS at,
           CAST(NULL AS {text}) AS trace, CAST(NULL AS {integer}) AS beat,
           CAST(NULL AS {integer}) AS race, CAST(NULL AS {integer}) AS rival
    FROM p LEFT JOIN users u ON u.id = p.id LEFT JOIN click_history h ON h.user_id = u.id
    UNION ALL
    SELECT p.clock, NULL, NULL, s.presses, s.seconds, s.at * 1000000, s.trace, s.beat, NULL, NULL
    FROM p JOIN click_sprints s ON s.user_id = p.id
    UNION ALL
    SELECT p.clock, NULL, NULL, MAX(CASE WHEN c.user_id = p.id THEN c.presses END), NULL,
           r.starts_at, NULL, NULL, r.id,
           MAX(CASE WHEN c.user_id <> p.id AND (c.presses > 0 OR c.standing <> 2)
                    THEN c.presses END)
    FROM p JOIN click_racers o ON o.user_id = p.id
           JOIN click_races r ON r.id = o.race AND r.closed_at IS NOT NULL
           JOIN click_racers c ON c.race = r.id
    GROUP BY p.clock, r.id, r.starts_at";

/// Reads the result of [`HISTORY`]. `None` if there is no such player.
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
