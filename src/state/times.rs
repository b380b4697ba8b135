//! Points by time: the ranking of a period, and the picked player's history.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::game::{
    ClockReading, Past, Period, Player, PlayerId, Points, Ranking, Record, Standings, Window,
    calendar,
};

/// How long a player has to be picked before the history is asked for, so that scrolling through
/// the list asks for nothing.
pub const PICKED: Duration = Duration::from_millis(300);

/// The least time between two questions that are caused by changes of others.
pub const AGAIN: Duration = Duration::from_secs(1);

/// How long after midnight the last commits of the day are certainly visible.
const LAST_COMMITS: Duration = Duration::from_secs(1);

/// Points by time, as far as they are known.
#[derive(Debug, Clone)]
pub struct Times {
    /// The time zone of the days. An unknown zone counts as UTC.
    pub zone: TimeZone,
    /// The period that the list is ranked by.
    pub period: Period,
    /// The period that was asked for. Until the answer comes, the list stays as it is.
    pub(super) asked: Option<Period>,
    /// Today in that zone by the database's clock, once it was read.
    pub today: Option<Date>,
    /// The picked player's history, once it is read.
    pub past: Option<Past>,
    /// The player whose history was asked for or is known.
    pub(super) about: Option<PlayerId>,
    /// The players with the points of the period as scores: everyone, or the best.
    pub(super) ranking: Option<Standings>,
    /// The number of players before the picked one.
    above: Option<(PlayerId, u64)>,
    /// The scores at the beginning of the period, of all players whose score is known to have
    /// changed in it.
    begun: HashMap<PlayerId, i64>,
    /// The same for the answer that was asked for.
    next: Option<HashMap<PlayerId, i64>>,
    /// When to ask for the ranking.
    pub(super) rank_at: Option<Instant>,
    /// When to ask for the picked player's history.
    pub(super) recall_at: Option<Instant>,
    /// When to ask for both, because the day is over.
    pub(super) midnight: Option<Instant>,
}

impl Default for Times {
    fn default() -> Self {
        Self {
            zone: TimeZone::UTC,
            period: Period::default(),
            asked: None,
            today: None,
            past: None,
            about: None,
            ranking: None,
            above: None,
            begun: HashMap::new(),
            next: None,
            rank_at: None,
            recall_at: None,
            midnight: None,
        }
    }
}

impl Times {
    /// Whether the list is ranked by all time.
    pub fn is_all_time(&self) -> bool {
        self.period == Period::AllTime
    }

    /// The period that the list is or will be ranked by, once the answer has come.
    pub fn wanted(&self) -> Period {
        self.asked.unwrap_or(self.period)
    }

    /// The number of players before the picked one in the period, if that one is not in the list.
    pub fn above(&self) -> Option<(PlayerId, u64)> {
        self.above.filter(|_| self.ranking.is_some())
    }

    /// When the next question is due, if any.
    pub(super) fn due(&self) -> Option<Instant> {
        let times = [self.rank_at, self.recall_at, self.midnight];
        times.into_iter().flatten().min()
    }

    /// Cancels all questions.
    pub(super) fn ask_nothing(&mut self) {
        (self.rank_at, self.recall_at, self.midnight) = (None, None, None);
    }

    /// Switches to a period, and drops the ranking of the old one.
    pub(super) fn switch_to(&mut self, period: Period) {
        self.period = period;
        self.asked = None;
        self.ranking = None;
        self.above = None;
        self.begun.clear();
        self.next = None;
        self.rank_at = None;
    }

    /// Starts to record scores for a new answer. Until it comes, the current ranking stays.
    pub(super) fn begin_ranking(&mut self) {
        self.rank_at = None;
        self.next = Some(HashMap::new());
    }

    /// Switches to a period whose ranking has come, with the scores recorded since it was asked for.
    pub(super) fn switch_to_answered(&mut self, period: Period) {
        let next = self.next.take();
        if period == self.period {
            self.asked = None;
        } else {
            self.switch_to(period);
        }
        self.next = next;
    }

    /// Forgets the period that was asked for.
    pub(super) fn stop_asking(&mut self) {
        self.asked = None;
        self.next = None;
        self.rank_at = None;
    }

    /// Ranks everyone by an answer. A player who is not in it has no points in the period, so the
    /// first score seen since the question is the one from the beginning of the period.
    pub(super) fn rank(&mut self, players: &Standings, points: &[Points]) {
        if let Some(next) = self.next.take() {
            self.begun = next;
        }
        let begun = points
            .iter()
            .map(|p| (p.player, p.score.saturating_sub(p.points)));
        self.begun.extend(begun);
        let shown = players.iter().map(|p| self.with_points(p)).collect();
        self.ranking = Some(Standings::new(shown));
    }

    /// Ranks only the best by an answer, where not all players are loaded. `scorers` is the number
    /// of players with points.
    pub(super) fn rank_best(&mut self, ranking: &Ranking, own: Option<(PlayerId, u64)>) {
        let best = &ranking.players;
        self.rank(&Standings::default(), &ranking.points);
        let end = own.map_or(best.len(), |(id, above)| {
            // The picked player may be at the end of the answer, far behind the others.
            let far = above >= best.len() as u64;
            best.len() - usize::from(far && best.last().is_some_and(|last| last.id == id))
        });
        let shown = best[..end].iter().map(|p| self.with_points(p)).collect();
        self.above = own;
        self.ranking = Some(Standings::windowed(Window {
            players: shown,
            below: ranking.scorers.saturating_sub(end as u64),
            ..Window::default()
        }));
    }

    /// Whether a player's score at the beginning of the period is known.
    pub(super) fn knows(&self, id: PlayerId) -> bool {
        self.begun.contains_key(&id)
    }

    /// Adds or updates a player, who had the score `before` if it is known.
    pub(super) fn put(&mut self, player: &Player, before: Option<i64>) {
        if self.wanted() == Period::AllTime {
            return;
        }
        let before = before.unwrap_or(player.score);
        if before != player.score {
            let shown = self.period != Period::AllTime;
            let begun = shown.then_some(&mut self.begun);
            for noted in [begun, self.next.as_mut()].into_iter().flatten() {
                noted.entry(player.id).or_insert(before);
            }
        }
        let shown = self.with_points(player);
        if let Some(ranking) = &mut self.ranking {
            ranking.put(&shown);
        }
    }

    /// Removes a player.
    pub(super) fn remove(&mut self, id: PlayerId) {
        self.begun.remove(&id);
        if let Some(next) = &mut self.next {
            next.remove(&id);
        }
        if let Some(ranking) = &mut self.ranking {
            ranking.remove(id);
        }
    }

    fn with_points(&self, player: &Player) -> Player {
        let begun = self.begun.get(&player.id).copied();
        Player {
            score: player.score.saturating_sub(begun.unwrap_or(player.score)),
            ..player.clone()
        }
    }

    /// Sets the picked player's history.
    pub(super) fn set_record(&mut self, record: &Record) {
        self.past = Some(Past::new(record, &self.zone));
    }

    /// Updates the picked player's score.
    pub(super) fn set_score(&mut self, score: i64) {
        if let (Some(past), Some(today)) = (&mut self.past, self.today) {
            past.set_score(score, today);
        }
    }

    /// Sets today by the database's clock, and the time when it ends.
    pub(super) fn set(&mut self, clock: ClockReading) {
        self.today = Some(calendar::day(clock.time, &self.zone));
        let (_, tomorrow) = Period::Day.bounds(clock.time, &self.zone);
        self.midnight = clock.when(tomorrow.start()).map(|at| at + LAST_COMMITS);
    }
}
