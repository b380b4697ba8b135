//! Reads races.

use std::collections::BTreeMap;

use super::connection::Row;
use crate::game::PlayerId;
use crate::game::contest::Length;
use crate::game::race::{Race, RaceId, Racer, Standing};

/// The id for which `click_changes` records that a race was opened. No player has it.
pub const OPENED: i64 = i64::MIN;

/// How a standing is stored.
pub fn written(standing: Standing) -> i64 {
    match standing {
        Standing::Racing => 0,
        Standing::Done => 1,
        Standing::Left => 2,
    }
}

/// Race, or 0 for the newest that is not closed -> `clock` in microseconds since 1970, `race`,
/// `seconds`, `starts_at`, `closed_at`, and a `racer` with `user_id`, `name_bytes`, `presses`,
/// `standing` and `trace`. Without a race all but the clock is NULL.
pub fn select_race() -> String {
    with_racers(
        "(SELECT CAST(? AS {integer}) AS id) asked LEFT JOIN click_races r ON r.id = CASE asked.id
             WHEN 0 THEN (SELECT MAX(id) FROM click_races WHERE closed_at IS NULL)
             ELSE asked.id END",
    )
}

/// Limit -> the same of the last closed races.
pub fn select_races() -> String {
    with_racers(
        "(SELECT * FROM click_races WHERE closed_at IS NOT NULL ORDER BY id DESC LIMIT ?) r",
    )
}

fn with_racers(races: &str) -> String {
    format!(
        "SELECT {{clock}} AS clock, r.id AS race, r.seconds, r.starts_at, r.closed_at, c.racer,
                c.user_id, {{racer_name}} AS name_bytes, c.presses, c.standing, c.trace
         FROM {races} LEFT JOIN click_racers c ON c.race = r.id"
    )
}

/// Reads the result of [`select_race`] or [`select_races`], the latest race first.
/// Races with an unknown length are left out.
pub fn races(rows: &[Row]) -> Result<Vec<Race>, sqlx::Error> {
    let mut races: BTreeMap<RaceId, Race> = BTreeMap::new();
    for row in rows {
        let Some(id) = row.get::<Option<i64>>("race")?.map(RaceId) else {
            continue;
        };
        let Some(length) = Length::of_seconds(row.get("seconds")?) else {
            continue;
        };
        let start = row.moment("starts_at")?;
        let closed = row.get::<Option<i64>>("closed_at")?.is_some();
        let race = races.entry(id).or_insert(Race {
            id,
            length,
            start,
            closed,
            racers: Vec::new(),
        });
        if let Some(number) = row.get("racer")? {
            race.racers.push(Racer {
                number,
                player: PlayerId(row.get("user_id")?),
                name: row.text("name_bytes")?,
                presses: row.count("presses")?,
                trace: row.trace("presses", length)?,
                standing: match row.get::<i64>("standing")? {
                    0 => Standing::Racing,
                    1 => Standing::Done,
                    _ => Standing::Left,
                },
            });
        }
    }
    for race in races.values_mut() {
        race.racers.sort_by_key(|racer| racer.number);
    }
    Ok(races.into_values().rev().collect())
}
