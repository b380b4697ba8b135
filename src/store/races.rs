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

/// Reads the result of [`super::dialect::Statements::race`] or `races`, the latest race first.
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
