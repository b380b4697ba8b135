//! What the state knows of the past: the period that the list is ranked by, and the picked player's
//! days.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::game::{
    Past, Period, Player, PlayerId, Points, Ranking, Record, Standings, Window, calendar,
};
use crate::message::ClockReading;

/// How long a player is picked before the past is asked for: who walks through the list asks for
/// nothing on the way.
pub const PICKED: Duration = Duration::from_millis(300);

/// The least time between two questions that others' doings make necessary.
pub const AGAIN: Duration = Duration::from_secs(1);

/// How long after midnight the day's last commits are certain to be there.
const LAST_COMMITS: Duration = Duration::from_secs(1);

/// The past, as far as it is known.
#[derive(Debug, Clone)]
pub struct Times {
    /// Where days begin. An unknown one is counted as UTC.
    pub zone: TimeZone,
    /// What the list is ranked by.
    pub period: Period,
    /// The day it is there, by the database's clock, once something was asked.
    pub today: Option<Date>,
    /// The days of the player who is picked, once they are known.
    pub past: Option<Past>,
    /// Whose past is asked for or known.
    pub(super) about: Option<PlayerId>,
    /// The players with the points of the period in the place of the score: everyone, or the best.
    pub(super) ranking: Option<Standings>,
    /// How many stand before a player who was asked for.
    above: Option<(PlayerId, u64)>,
    /// The scores with which the period began, of all whose score is known to have changed in it.
    begun: HashMap<PlayerId, i64>,
    /// The same for the answer that is on its way.
    next: Option<HashMap<PlayerId, i64>>,
    /// When the ranking is to be asked for.
    pub(super) rank_at: Option<Instant>,
    /// When the picked player's past is.
    pub(super) recall_at: Option<Instant>,
    /// When both are, since the day is over.
    pub(super) midnight: Option<Instant>,
}

impl Default for Times {
    fn default() -> Self {
        Self {
            zone: TimeZone::UTC,
            period: Period::default(),
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

    /// How many stand before the picked player in the period, where that one is not in the list.
    pub fn above(&self) -> Option<(PlayerId, u64)> {
        self.above.filter(|_| self.ranking.is_some())
    }

    /// When something is to be asked, if ever.
    pub(super) fn due(&self) -> Option<Instant> {
        let times = [self.rank_at, self.recall_at, self.midnight];
        times.into_iter().flatten().min()
    }

    /// Has nothing asked any more.
    pub(super) fn ask_nothing(&mut self) {
        (self.rank_at, self.recall_at, self.midnight) = (None, None, None);
    }

    /// Goes to a period; what was known of another is forgotten.
    pub(super) fn turn_to(&mut self, period: Period) {
        self.period = period;
        self.ranking = None;
        self.above = None;
        self.begun.clear();
        self.next = None;
        self.rank_at = None;
    }

    /// Has scores noted for a new answer, beside those of the one that is shown until then.
    pub(super) fn rank_anew(&mut self) {
        self.rank_at = None;
        self.next = Some(HashMap::new());
    }

    /// Takes in an answer. Whoever it does not name has no points in the period, so the first score
    /// seen since it was asked for is the one with which the period began.
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

    /// The same where not everyone is here: ranks the best alone, of so many who have any points.
    pub(super) fn rank_best(&mut self, ranking: &Ranking, own: Option<(PlayerId, u64)>) {
        let best = &ranking.players;
        self.rank(&Standings::default(), &ranking.points);
        let end = own.map_or(best.len(), |(id, above)| {
            // That one may come behind the others, far from them.
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

    /// Whether it is known what a player had when the period began.
    pub(super) fn knows(&self, id: PlayerId) -> bool {
        self.begun.contains_key(&id)
    }

    /// Takes in a player who came or changed, and had this score before if known.
    pub(super) fn put(&mut self, player: &Player, before: Option<i64>) {
        if self.period == Period::AllTime {
            return;
        }
        let before = before.unwrap_or(player.score);
        if before != player.score {
            for noted in [Some(&mut self.begun), self.next.as_mut()]
                .into_iter()
                .flatten()
            {
                noted.entry(player.id).or_insert(before);
            }
        }
        let shown = self.with_points(player);
        if let Some(ranking) = &mut self.ranking {
            ranking.put(shown);
        }
    }

    /// Forgets a player.
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

    /// Takes in what is kept of the picked player.
    pub(super) fn recall(&mut self, record: &Record) {
        self.past = Some(Past::new(record, &self.zone));
    }

    /// Takes in the picked player's score.
    pub(super) fn follow(&mut self, score: i64) {
        if let (Some(past), Some(today)) = (&mut self.past, self.today) {
            past.set_score(score, today);
        }
    }

    /// Sets the day by the database's clock, and when it will be over.
    pub(super) fn set(&mut self, clock: ClockReading) {
        self.today = Some(calendar::day(clock.time, &self.zone));
        let (_, tomorrow) = Period::Day.bounds(clock.time, &self.zone);
        self.midnight = clock.when(tomorrow.start()).map(|at| at + LAST_COMMITS);
    }
}
