//! Questions about the past, bests and races: which were asked, and their answers by the database's
//! clock.

use std::time::{Duration, SystemTime};

use jiff::Timestamp;
use jiff::tz::TimeZone;
use tokio::time::Instant;

use super::Shared;
use crate::game::race::{Race, RaceId, Sample};
use crate::game::{Aim, Period, PlayerId};
use crate::message::{Clock, Reply};
use crate::store::{Ranking, Store, StoreError, WINDOW};

/// A difference between two clocks that is more than their ordinary drift.
const MOVED: Duration = Duration::from_secs(2);

/// What can be asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Question {
    /// Everyone's points in a period.
    Rank(Period, TimeZone),
    /// A player's points by quarter hours.
    Recall(PlayerId),
    /// The boards of sprints and a player's own bests.
    Bests(PlayerId),
    /// The last races.
    Races,
    /// Whether a race is open.
    OpenRace,
    /// A part of the list.
    Show(Aim),
    /// Who stands around a player.
    Surround(PlayerId),
    /// Who fits this.
    Search(String),
}

/// What was asked and not yet answered; of each kind only the latest is still of interest.
#[derive(Debug, Default)]
pub struct Questions {
    show: Option<Question>,
    surround: Option<Question>,
    search: Option<Question>,
    rank: Option<Question>,
    recall: Option<Question>,
    bests: Option<Question>,
    races: Option<Question>,
    open_race: Option<Question>,
    /// The race that is told of again and again.
    watched: Option<RaceId>,
}

impl Questions {
    fn of(&mut self, question: &Question) -> &mut Option<Question> {
        match question {
            Question::Show(_) => &mut self.show,
            Question::Surround(_) => &mut self.surround,
            Question::Search(_) => &mut self.search,
            Question::Rank(..) => &mut self.rank,
            Question::Recall(_) => &mut self.recall,
            Question::Bests(_) => &mut self.bests,
            Question::Races => &mut self.races,
            Question::OpenRace => &mut self.open_race,
        }
    }
}

impl Shared {
    /// Asks, in the place of what was asked before.
    pub fn ask(&self, question: Question) {
        let mut questions = self.questions();
        let place = questions.of(&question);
        *place = Some(question);
        self.asked.notify_one();
    }

    /// Asks what was not answered, unless there is something newer.
    pub fn ask_again(&self, question: Question) {
        let mut questions = self.questions();
        questions.of(&question).get_or_insert(question);
    }

    /// Takes the next question; that for a ranking of a period only if it `may_rank`.
    pub fn question(&self, may_rank: bool) -> Option<Question> {
        let mut questions = self.questions();
        let show = questions.show.take();
        show.or_else(|| questions.surround.take())
            .or_else(|| questions.search.take())
            .or_else(|| questions.rank.take_if(|_| may_rank))
            .or_else(|| questions.recall.take())
            .or_else(|| questions.bests.take())
            .or_else(|| questions.races.take())
            .or_else(|| questions.open_race.take())
    }

    /// Whether something is asked of the list.
    pub fn is_asked(&self) -> bool {
        let questions = self.questions();
        let list = [&questions.show, &questions.surround, &questions.search];
        list.into_iter().any(Option::is_some)
    }

    /// Has a race told of again and again, and no other.
    pub fn watch_race(&self, race: Option<RaceId>) {
        self.questions().watched = race;
        self.asked.notify_one();
    }

    /// The race that is told of again and again.
    pub fn watched_race(&self) -> Option<RaceId> {
        self.questions().watched
    }

    /// Ends that for a race of which there is nothing more to tell.
    pub fn race_is_over(&self, race: RaceId) {
        let mut questions = self.questions();
        questions.watched = questions.watched.filter(|watched| *watched != race);
    }
}

/// Answers a question; nothing where no race is open. What is asked of the list is answered elsewhere.
pub async fn answer<S: Store>(
    store: &mut S,
    question: &Question,
    own: Option<PlayerId>,
) -> Result<Option<Reply>, StoreError> {
    let reply = match question {
        Question::Show(_) | Question::Surround(_) | Question::Search(_) => return Ok(None),
        Question::Rank(period, zone) => rank(store, *period, zone, own).await,
        Question::Races => store.races().await.map(Reply::Races),
        Question::OpenRace => {
            let (look, sample) = look(store, None).await?;
            return Ok(look.map(|race| Reply::RaceOpened(race, sample)));
        }
        Question::Bests(player) => {
            let bests = store.bests(*player).await?;
            Ok(Reply::Bests(*player, bests))
        }
        Question::Recall(player) => {
            let (history, at) = timed(store.history(*player)).await?;
            Ok(Reply::Recalled {
                player: *player,
                clock: Clock {
                    time: history.clock,
                    at,
                },
                score: history.score,
                quarters: history.quarters,
            })
        }
    };
    reply.map(Some)
}

/// How a race stands, and what the database's clock shows.
pub async fn look<S: Store>(
    store: &mut S,
    race: Option<RaceId>,
) -> Result<(Option<Race>, Sample), StoreError> {
    let asked = Instant::now();
    let (look, at) = timed(store.race(race)).await?;
    let sample = Sample {
        time: look.clock,
        at,
        took: asked.elapsed(),
    };
    Ok((look.race, sample))
}

async fn rank<S: Store>(
    store: &mut S,
    period: Period,
    zone: &TimeZone,
    own: Option<PlayerId>,
) -> Result<Reply, StoreError> {
    let (ranking, at) = ranking(store, period, zone, WINDOW, own).await?;
    Ok(Reply::Ranked {
        period,
        clock: Clock {
            time: ranking.clock,
            at,
        },
        points: ranking.points,
        players: ranking.players,
        above: ranking.above,
        scorers: ranking.scorers,
    })
}

/// What the best have scored in the period that is now, and when the database's clock was read.
/// Which period that is is not known before the clock is; it is asked for again where this
/// machine's clock led to another one.
pub async fn ranking<S: Store>(
    store: &mut S,
    period: Period,
    zone: &TimeZone,
    many: u32,
    own: Option<PlayerId>,
) -> Result<(Ranking, std::time::Instant), StoreError> {
    let mut now = Timestamp::now();
    loop {
        let (since, until) = period.bounds(now, zone);
        let (ranking, at) = timed(store.ranking(since, many, own)).await?;
        now = ranking.clock;
        if (since.start()..until.start()).contains(&now) {
            return Ok((ranking, at));
        }
    }
}

/// The answer, and the middle of the time that it took: about when the server's clock was read.
async fn timed<T>(
    asking: impl Future<Output = Result<T, StoreError>>,
) -> Result<(T, std::time::Instant), StoreError> {
    let asked = Instant::now();
    let answer = asking.await?;
    Ok((answer, (asked + asked.elapsed() / 2).into_std()))
}

/// Notices that the machine slept, which the clock for waits does not count, or that its clock
/// was set.
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
    /// Whether it was so since this was asked last.
    pub fn is_over(&mut self) -> bool {
        let (wall, monotonic) = std::mem::take(self).since;
        let here = self.since.1 - monotonic;
        self.since.0 < wall + here.saturating_sub(MOVED) || self.since.0 > wall + here + MOVED
    }
}
