//! Points by time: the ranking of a period, the picked player's history, the questions for them, and
//! their answers.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::list::PlayerNews;
use super::{HistoryView, Mode, State};
use crate::game::{
    ClockReading, Expiring, Past, Period, Player, PlayerId, Points, Ranking, Record, Standings,
    Window, calendar,
};
use crate::message::Question;
use crate::words::Say;

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

    /// The picked player's history and today's date, once both are known.
    pub fn past_and_today(&self) -> Option<(&Past, Date)> {
        Some((self.past.as_ref()?, self.today?))
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

    /// Sets today by the database's clock, and the time when it ends.
    pub(super) fn set(&mut self, clock: ClockReading) {
        self.today = Some(calendar::day(clock.time, &self.zone));
        let (_, tomorrow) = Period::Day.bounds(clock.time, &self.zone);
        self.midnight = clock.when(tomorrow.start()).map(|at| at + LAST_COMMITS);
    }
}

impl State {
    /// Ranks the list by the next period.
    pub(super) fn turn_period(&mut self) {
        match self.times.wanted().next() {
            Period::AllTime => {
                self.change_list(|state| state.times.switch_to(Period::AllTime));
                self.moves = Expiring::default();
            }
            period => {
                self.times.asked = Some(period);
                self.ask_ranking();
            }
        }
    }

    fn ask_ranking(&mut self) {
        let period = self.times.wanted();
        if period != Period::AllTime {
            // Until the answer comes, the current ranking stays, and scores are noted for the next.
            self.times.rank_at = None;
            self.times.next = Some(HashMap::new());
            self.ask(Question::Rank(period, self.times.zone.clone()));
        }
    }

    /// Handles the ranking of a period, unless another one is wanted now.
    pub(super) fn ranked(&mut self, period: Period, clock: ClockReading, ranking: &Ranking) {
        if period != self.times.wanted() {
            return;
        }
        self.times.set(clock);
        self.change_list(|state| {
            state.times.switch_to_answered(period);
            if state.is_everyone() {
                state.times.rank(&state.standings, &ranking.points);
                return;
            }
            let own = state.picked.zip(ranking.above);
            let times = &mut state.times;
            times.rank_best(ranking, own);
            let unknown = ranking.players.iter();
            let unknown = unknown.filter(|p| state.standings.get(p.id).is_none());
            state.known.extend(unknown.map(|p| (p.id, p.clone())));
            state.forget_unknown();
        });
        self.moves = Expiring::default();
    }

    /// Handles a player's history, unless somebody else is picked now.
    pub(super) fn recalled(&mut self, id: PlayerId, clock: ClockReading, record: &Record) {
        if self.times.about == Some(id) {
            self.times.set(clock);
            self.times.past = Some(Past::new(record, &self.times.zone));
            self.update_score(id);
        }
    }

    /// Handles that history can't be read. The game goes on without it, and says so if somebody
    /// wanted to see it.
    pub(super) fn forgotten(&mut self, why: Say) {
        let history = matches!(self.mode, Mode::History(_) | Mode::About);
        if history {
            self.mode = Mode::Play;
        }
        if history || self.is_ranking() {
            let why = why.into();
            self.notice = Some(Say::HistoryUnread { why });
        }
        if self.is_ranking() {
            let times = &mut self.times;
            (times.asked, times.next, times.rank_at) = (None, None, None);
        }
    }

    /// Reads a player's history again if it is on the screen, because what changed does not follow
    /// from points.
    pub(super) fn recall_again(&mut self, player: PlayerId, now: Instant) {
        if self.times.about == Some(player) {
            self.times.recall_at.get_or_insert(now + AGAIN);
        }
    }

    /// Opens the history of the picked player.
    pub(super) fn open_history(&mut self, now: Instant) {
        if self.picked_player().is_none() {
            self.notice = Some(Say::NobodyToRecall);
            return;
        }
        let unit = Period::Day;
        self.mode = Mode::History(HistoryView { unit, back: 0 });
        if self.times.past.is_none() {
            self.times.recall_at = Some(now);
        }
    }

    /// Updates the score in the history of the picked player.
    pub(super) fn update_score(&mut self, id: PlayerId) {
        let score = self.player(id).map(|p| p.score);
        let times = &mut self.times;
        if times.about == Some(id)
            && let (Some(score), Some(past), Some(today)) = (score, &mut times.past, times.today)
        {
            past.set_score(score, today);
        }
    }

    /// Asks again a little later if a change can't come from points alone: a score that fell was
    /// set by a program, and the points of a new player may be from this period or not.
    pub(super) fn ask_if_unclear(&mut self, players: &[PlayerNews<'_>], now: Instant) {
        let part = !self.is_everyone();
        let doubtful = |news: &&PlayerNews<'_>| match news.before {
            // The score at the beginning of the period is not known.
            Some(_) if part && !self.times.knows(news.player.id) => true,
            Some(before) => news.player.score < before,
            None => news.player.score != 0,
        };
        let Some(PlayerNews { player, .. }) = players.iter().find(doubtful) else {
            return;
        };
        if self.times.wanted() != Period::AllTime {
            self.times.rank_at.get_or_insert(now + AGAIN);
        }
        if self.times.about == Some(player.id) {
            self.times.recall_at.get_or_insert(now + AGAIN);
        }
    }

    /// Asks for the history of the picked player, once the pick has not changed for a while.
    pub(super) fn follow_pick(&mut self, now: Instant) {
        if self.leaving {
            let times = &mut self.times;
            (times.rank_at, times.recall_at, times.midnight) = (None, None, None);
            return;
        }
        let picked = self.picked_player().map(|p| p.id);
        if picked == self.times.about {
            return;
        }
        let first = self.times.about.is_none();
        self.times.about = picked;
        self.times.past = None;
        self.times.recall_at = picked.map(|_| if first { now } else { now + PICKED });
    }

    /// Asks again for everything that depends on the date.
    pub(super) fn ask_for_today(&mut self, now: Instant) {
        self.times.midnight = None;
        if self.times.wanted() != Period::AllTime {
            self.times.rank_at = Some(now);
        }
        if self.times.about.is_some() {
            self.times.recall_at = Some(now);
        }
    }

    /// Sends the questions that are due.
    pub(super) fn ask_what_is_due(&mut self, now: Instant) {
        let is_due = |at: Option<Instant>| at.is_some_and(|at| at <= now);
        if is_due(self.times.midnight) {
            self.ask_for_today(now);
        }
        if is_due(self.times.rank_at) {
            self.ask_ranking();
        }
        if is_due(self.times.recall_at) {
            self.times.recall_at = None;
            if let Some(player) = self.times.about {
                self.ask(Question::Recall(player));
            }
        }
    }
}
