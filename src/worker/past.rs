//! Answers questions about periods, history, best sprints, races and names, by the database's
//! clock.

use std::cmp::Reverse;
use std::time::{Duration, SystemTime};

use jiff::Timestamp;
use jiff::tz::TimeZone;
use tokio::time::Instant;

use crate::game::race::RaceId;
use crate::game::{ClockReading, Period, PlayerId, Ranking};
use crate::message::{Question, Reply};
use crate::store::{AsOf, Remedy, Store, StoreError, WINDOW};

/// A larger difference between two clocks is not just drift.
const MOVED: Duration = Duration::from_secs(2);

/// Answers a question. Returns `None` for questions about the list, which are answered elsewhere,
/// and if no race is open.
pub async fn answer<S: Store>(
    store: &mut S,
    question: &Question,
    own: Option<PlayerId>,
) -> Result<Option<Reply>, StoreError> {
    let reply = match question {
        Question::Show(..) | Question::Surround(_) | Question::Search(_) => return Ok(None),
        Question::Named(name) => {
            let named = store.named(name).await?.into_iter();
            let best = named.min_by_key(|p| (Reverse(p.score), p.id));
            Ok(Reply::Named(name.clone(), best))
        }
        Question::Rank(period, zone) => rank(store, *period, zone, own).await,
        Question::Races => store.races().await.map(Reply::Races),
        Question::OpenRace => {
            let (race, reading) = timed(store.race(None)).await?;
            return Ok(race.map(|race| Reply::RaceOpened(race, reading)));
        }
        Question::Bests(player) => {
            let bests = store.bests(*player).await?;
            Ok(Reply::Bests(*player, bests))
        }
        Question::Recall(player) => {
            let (record, clock) = timed(store.history(*player)).await?;
            Ok(Reply::Recalled(*player, clock, record))
        }
    };
    reply.map(Some)
}

/// Polls a race that is watched. Returns the reply for those who watch it, and whether they need
/// no further poll: it is closed or gone, or the database can't answer until somebody mends it.
pub async fn poll_race<S: Store>(store: &mut S, race: RaceId) -> Result<(Reply, bool), StoreError> {
    match timed(store.race(Some(race))).await {
        Ok((found, clock)) => {
            let is_over = found.as_ref().is_none_or(|found| found.closed);
            Ok((Reply::RaceSeen(race, found, clock), is_over))
        }
        Err(error) if error.remedy() == Remedy::Wait => Ok((Reply::RaceUnseen(error.into()), true)),
        Err(error) => Err(error),
    }
}

async fn rank<S: Store>(
    store: &mut S,
    period: Period,
    zone: &TimeZone,
    own: Option<PlayerId>,
) -> Result<Reply, StoreError> {
    let (ranking, clock) = ranking(store, period, zone, WINDOW, own).await?;
    Ok(Reply::Ranked(period, clock, ranking))
}

/// Reads the ranking of the current period, and the database's clock. The database's clock decides
/// which period is current. The first query uses this machine's clock; if that was another period,
/// the ranking is read again.
pub async fn ranking<S: Store>(
    store: &mut S,
    period: Period,
    zone: &TimeZone,
    limit: u32,
    own: Option<PlayerId>,
) -> Result<(Ranking, ClockReading), StoreError> {
    let mut now = Timestamp::now();
    loop {
        let (since, until) = period.bounds(now, zone);
        let (ranking, clock) = timed(store.ranking(since, limit, own)).await?;
        now = clock.time;
        if (since.start()..until.start()).contains(&now) {
            return Ok((ranking, clock));
        }
    }
}

/// Waits for a value, and reads the database's clock from it. The clock was read about in the middle
/// of the wait.
async fn timed<T>(
    asking: impl Future<Output = Result<AsOf<T>, StoreError>>,
) -> Result<(T, ClockReading), StoreError> {
    let asked = Instant::now();
    let answer = asking.await?;
    let took = asked.elapsed();
    let reading = ClockReading {
        time: answer.clock,
        at: (asked + took / 2).into_std(),
        took,
    };
    Ok((answer.value, reading))
}

/// Notices that the machine slept, which the monotonic clock does not count, or that its clock was
/// set.
#[derive(Debug)]
pub struct Sleep {
    since: (SystemTime, std::time::Instant),
}

impl Default for Sleep {
    fn default() -> Self {
        Self {
            since: (SystemTime::now(), std::time::Instant::now()),
        }
    }
}

impl Sleep {
    /// Whether either happened since the last call.
    pub fn is_over(&mut self) -> bool {
        let (wall, monotonic) = std::mem::take(self).since;
        let here = self.since.1 - monotonic;
        self.since.0 < wall + here.saturating_sub(MOVED) || self.since.0 > wall + here + MOVED
    }
}
