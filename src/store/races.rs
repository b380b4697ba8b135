//! Reads races.

use std::collections::BTreeMap;

use jiff::Timestamp;
use sqlx::{ColumnIndex, Database, Decode, Row, Type};

use crate::game::PlayerId;
use crate::game::contest::Length;
use crate::game::race::{Race, RaceId, Racer, Standing};

/// The key under which `click_changes` tells that a race was opened; no player has it.
pub const OPENED: i64 = i64::MIN;

/// How a standing is written.
pub fn written(standing: Standing) -> i64 {
    match standing {
        Standing::Racing => 0,
        Standing::Done => 1,
        Standing::Left => 2,
    }
}

/// Puts together what [`super::dialect::Statements::race`] and `races` answer with, the latest race
/// first. A length that this program does not know makes no race.
pub fn races<DB>(rows: &[DB::Row]) -> Result<Vec<Race>, sqlx::Error>
where
    DB: Database,
    usize: ColumnIndex<DB::Row>,
    i64: Type<DB> + for<'d> Decode<'d, DB>,
    Vec<u8>: Type<DB> + for<'d> Decode<'d, DB>,
{
    let mut races: BTreeMap<RaceId, Race> = BTreeMap::new();
    for row in rows {
        let Some(id) = row.try_get::<Option<i64>, _>(1)?.map(RaceId) else {
            continue;
        };
        let Some(length) = Length::of_seconds(row.try_get(2)?) else {
            continue;
        };
        let start = Timestamp::from_microsecond(row.try_get(3)?);
        let start = start.map_err(|error| sqlx::Error::Decode(error.into()))?;
        let closed = row.try_get::<Option<i64>, _>(4)?.is_some();
        let race = races.entry(id).or_insert(Race {
            id,
            length,
            start,
            closed,
            racers: Vec::new(),
        });
        if let Some(number) = row.try_get(5)? {
            let name: Option<Vec<u8>> = row.try_get(7)?;
            race.racers.push(Racer {
                number,
                player: PlayerId(row.try_get(6)?),
                name: String::from_utf8_lossy(&name.unwrap_or_default()).into_owned(),
                presses: row.try_get::<i64, _>(8)?.unsigned_abs(),
                standing: match row.try_get(9)? {
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
