//! Many rows to a statement for PostgreSQL, which takes each column as an array.

use sqlx::PgConnection;

use super::Batch;
use super::races::NOBODY;

const PLAYERS: &str = "INSERT INTO users (id, name, email, score) OVERRIDING SYSTEM VALUE
    SELECT * FROM UNNEST($1::bigint[], $2::text[], $3::text[], $4::bigint[])";

/// The insertion alone, and the same with what becomes of those that are there under the same keys.
macro_rules! inserts {
    ($insert:literal, $merge:literal) => {
        [$insert, concat!($insert, $merge)]
    };
}

/// Points are added up.
const HISTORY: [&str; 2] = inserts!(
    "INSERT INTO click_history AS h (user_id, quarter, points, overwritten)
     SELECT * FROM UNNEST($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[])",
    " ON CONFLICT (user_id, quarter) DO UPDATE
      SET points = h.points + excluded.points,
          overwritten = h.overwritten + excluded.overwritten"
);

/// The better sprint stays.
const SPRINTS: [&str; 2] = inserts!(
    "INSERT INTO click_sprints AS s (user_id, seconds, presses, at, trace)
     SELECT * FROM UNNEST($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::text[])",
    " ON CONFLICT (user_id, seconds) DO UPDATE
      SET presses = excluded.presses, at = excluded.at, trace = excluded.trace
      WHERE excluded.presses > s.presses"
);

/// Whatever was counted stays so.
const KEYS: [&str; 2] = inserts!(
    "INSERT INTO click_sessions AS s (user_id, client, last_seq)
     SELECT * FROM UNNEST($1::bigint[], $2::text[], $3::bigint[])",
    " ON CONFLICT (client, user_id) DO UPDATE
      SET last_seq = GREATEST(s.last_seq, excluded.last_seq)"
);

const RACES: &str = "INSERT INTO click_races (id, seconds, starts_at, closed_at)
    OVERRIDING SYSTEM VALUE
    SELECT * FROM UNNEST($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[])";

const RACERS: &str =
    "INSERT INTO click_racers (race, racer, user_id, name, presses, standing, base)
    SELECT *, 0 FROM UNNEST($1::bigint[], $2::bigint[], $3::bigint[], $4::text[], $5::bigint[],
                            $6::bigint[])";

/// A column of records.
fn column<'a, T, C>(records: &'a [T], of: impl Fn(&'a T) -> C) -> Vec<C> {
    records.iter().map(of).collect()
}

/// Adds records by one statement, or merges them with those that are there.
pub async fn insert(
    conn: &mut PgConnection,
    batch: &Batch,
    merged: bool,
) -> Result<(), sqlx::Error> {
    let manner = usize::from(merged);
    let query = match batch {
        Batch::Players(all) => sqlx::query(PLAYERS)
            .bind(column(all, |player| player.id))
            .bind(column(all, |player| player.name.as_deref()))
            .bind(column(all, |player| player.email.as_deref()))
            .bind(column(all, |player| player.score)),
        Batch::History(all) => sqlx::query(HISTORY[manner])
            .bind(column(all, |part| part.player))
            .bind(column(all, |part| part.quarter))
            .bind(column(all, |part| part.points))
            .bind(column(all, |part| part.overwritten)),
        Batch::Sprints(all) => sqlx::query(SPRINTS[manner])
            .bind(column(all, |sprint| sprint.player))
            .bind(column(all, |sprint| sprint.seconds))
            .bind(column(all, |sprint| sprint.presses))
            .bind(column(all, |sprint| sprint.at))
            .bind(column(all, |sprint| sprint.trace.as_str())),
        Batch::Keys(all) => sqlx::query(KEYS[manner])
            .bind(column(all, |key| key.player))
            .bind(column(all, |key| key.client.as_str()))
            .bind(column(all, |key| key.counted)),
        Batch::Races(all) => sqlx::query(RACES)
            .bind(column(all, |race| race.id))
            .bind(column(all, |race| race.seconds))
            .bind(column(all, |race| race.start))
            .bind(column(all, |race| race.closed)),
        Batch::Racers(all) => sqlx::query(RACERS)
            .bind(column(all, |racer| racer.race))
            .bind(column(all, |racer| racer.number))
            .bind(column(all, |racer| racer.player.unwrap_or(NOBODY)))
            .bind(column(all, |racer| racer.name.as_deref()))
            .bind(column(all, |racer| racer.presses))
            .bind(column(all, super::RacerRecord::standing)),
    };
    query.execute(conn).await.map(drop)
}
