//! Many rows to a statement, for databases that take their values one by one.

use sqlx::query::Query;
use sqlx::{Encode, Executor, Type};

use super::races::NOBODY;
use super::{Batch, HistoryRecord, KeyRecord, PlayerRecord, RaceRecord, RacerRecord, SprintRecord};
use crate::store::calls::Values;

/// A hundred times the same, as one text.
macro_rules! hundred {
    ($($row:tt)*) => {
        ten!(ten!($($row)*))
    };
}
macro_rules! ten {
    ($($row:tt)*) => {
        concat!($($row)*, ",", $($row)*, ",", $($row)*, ",", $($row)*, ",", $($row)*, ",",
                $($row)*, ",", $($row)*, ",", $($row)*, ",", $($row)*, ",", $($row)*)
    };
}

/// One statement for one row, and one for a hundred.
pub type Inserts = [&'static str; 2];

/// The statements that insert such rows into a table, with what follows the rows.
macro_rules! inserts {
    ($into:literal, $row:literal) => {
        inserts!($into, $row, "")
    };
    ($into:literal, $row:literal, $then:literal) => {
        [
            concat!("INSERT INTO ", $into, " VALUES ", $row, $then),
            concat!("INSERT INTO ", $into, " VALUES ", hundred!($row), $then),
        ]
    };
}

const PLAYERS: Inserts = inserts!("users (id, name, email, score)", "(?, ?, ?, ?)");
const HISTORY: Inserts = inserts!(
    "click_history (user_id, quarter, points, overwritten)",
    "(?, ?, ?, ?)"
);
const SPRINTS: Inserts = inserts!(
    "click_sprints (user_id, seconds, presses, at, trace)",
    "(?, ?, ?, ?, ?)"
);
const RACES: Inserts = inserts!(
    "click_races (id, seconds, starts_at, closed_at)",
    "(?, ?, ?, ?)"
);
const RACERS: Inserts = inserts!(
    "click_racers (race, racer, user_id, name, base, presses, standing)",
    "(?, ?, ?, ?, 0, ?, ?)"
);
const KEYS: Inserts = inserts!("click_sessions (user_id, client, last_seq)", "(?, ?, ?)");

/// How records come to those that are there under the same keys; players and races never do.
#[derive(Debug, Clone, Copy)]
pub struct Merging {
    /// Points are added up, and refused where no number holds their sum.
    pub history: Inserts,
    /// The better sprint stays.
    pub sprints: Inserts,
    /// Whatever was counted stays so.
    pub keys: Inserts,
}

/// SQLite turns a sum too large into a REAL.
pub const SQLITE: Merging = Merging {
    history: inserts!(
        "click_history (user_id, quarter, points, overwritten)",
        "(?, ?, ?, ?)",
        " ON CONFLICT (user_id, quarter) DO UPDATE
          SET points = iif(typeof(points + excluded.points) = 'integer',
                           points + excluded.points, NULL),
              overwritten = iif(typeof(overwritten + excluded.overwritten) = 'integer',
                                overwritten + excluded.overwritten, NULL)"
    ),
    sprints: inserts!(
        "click_sprints (user_id, seconds, presses, at, trace)",
        "(?, ?, ?, ?, ?)",
        " ON CONFLICT (user_id, seconds) DO UPDATE
          SET presses = excluded.presses, at = excluded.at, trace = excluded.trace
          WHERE excluded.presses > presses"
    ),
    keys: inserts!(
        "click_sessions (user_id, client, last_seq)",
        "(?, ?, ?)",
        " ON CONFLICT (client, user_id) DO UPDATE
          SET last_seq = MAX(last_seq, excluded.last_seq)"
    ),
};

/// The same where a duplicate is spoken of otherwise.
pub const MYSQL: Merging = Merging {
    history: inserts!(
        "click_history (user_id, quarter, points, overwritten)",
        "(?, ?, ?, ?)",
        " ON DUPLICATE KEY UPDATE points = points + VALUES(points),
                                  overwritten = overwritten + VALUES(overwritten)"
    ),
    sprints: inserts!(
        "click_sprints (user_id, seconds, presses, at, trace)",
        "(?, ?, ?, ?, ?)",
        " ON DUPLICATE KEY UPDATE at = IF(VALUES(presses) > presses, VALUES(at), at),
                                  trace = IF(VALUES(presses) > presses, VALUES(trace), trace),
                                  presses = GREATEST(presses, VALUES(presses))"
    ),
    keys: inserts!(
        "click_sessions (user_id, client, last_seq)",
        "(?, ?, ?)",
        " ON DUPLICATE KEY UPDATE last_seq = GREATEST(last_seq, VALUES(last_seq))"
    ),
};

/// Adds records with a hundred to a statement, or merges them with those that are there.
pub async fn insert<DB>(
    conn: &mut DB::Connection,
    batch: &Batch,
    merging: Option<&Merging>,
) -> Result<(), sqlx::Error>
where
    DB: Values,
    for<'c> &'c mut DB::Connection: Executor<'c, Database = DB>,
    i64: Type<DB> + for<'e> Encode<'e, DB>,
    Option<i64>: for<'e> Encode<'e, DB>,
    String: Type<DB> + for<'e> Encode<'e, DB>,
    Option<String>: Type<DB> + for<'e> Encode<'e, DB>,
{
    match batch {
        Batch::Players(all) => {
            in_hundreds::<DB, _>(conn, all, PLAYERS, |query, player: &PlayerRecord| {
                let query = query.bind(player.id).bind(player.name.clone());
                query.bind(player.email.clone()).bind(player.score)
            })
            .await
        }
        Batch::History(all) => {
            let inserts = merging.map_or(HISTORY, |merging| merging.history);
            in_hundreds::<DB, _>(conn, all, inserts, |query, part: &HistoryRecord| {
                let query = query.bind(part.player).bind(part.quarter);
                query.bind(part.points).bind(part.overwritten)
            })
            .await
        }
        Batch::Sprints(all) => {
            let inserts = merging.map_or(SPRINTS, |merging| merging.sprints);
            in_hundreds::<DB, _>(conn, all, inserts, |query, sprint: &SprintRecord| {
                let query = query.bind(sprint.player).bind(sprint.seconds);
                let query = query.bind(sprint.presses).bind(sprint.at);
                query.bind(sprint.trace.clone())
            })
            .await
        }
        Batch::Keys(all) => {
            let inserts = merging.map_or(KEYS, |merging| merging.keys);
            in_hundreds::<DB, _>(conn, all, inserts, |query, key: &KeyRecord| {
                let query = query.bind(key.player).bind(key.client.clone());
                query.bind(key.counted)
            })
            .await
        }
        Batch::Races(all) => {
            in_hundreds::<DB, _>(conn, all, RACES, |query, race: &RaceRecord| {
                let query = query.bind(race.id).bind(race.seconds);
                query.bind(race.start).bind(race.closed)
            })
            .await
        }
        Batch::Racers(all) => {
            in_hundreds::<DB, _>(conn, all, RACERS, |query, racer: &RacerRecord| {
                let query = query.bind(racer.race).bind(racer.number);
                let query = query.bind(racer.player.unwrap_or(NOBODY));
                let query = query.bind(racer.name.clone()).bind(racer.presses);
                query.bind(racer.standing())
            })
            .await
        }
    }
}

/// Writes records in hundreds and single ones, each with the statement that takes so many.
async fn in_hundreds<DB, T>(
    conn: &mut DB::Connection,
    records: &[T],
    [one, many]: Inserts,
    bind: impl Fn(Query<'static, DB, DB::Arguments>, &T) -> Query<'static, DB, DB::Arguments>,
) -> Result<(), sqlx::Error>
where
    DB: Values,
    for<'c> &'c mut DB::Connection: Executor<'c, Database = DB>,
{
    let hundreds = records.chunks_exact(100);
    let rest = hundreds.remainder().chunks(1).map(|chunk| (one, chunk));
    for (sql, chunk) in hundreds.map(|chunk| (many, chunk)).chain(rest) {
        let query = chunk.iter().fold(sqlx::query(sql), &bind);
        query.execute(&mut *conn).await?;
    }
    Ok(())
}
