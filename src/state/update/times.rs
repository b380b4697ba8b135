//! Questions about points by time, and their answers.

use std::time::Instant;

use super::State;
use crate::game::{ClockReading, Expiring, Period, Player, PlayerId, Ranking, Record};
use crate::message::Question;
use crate::state::list::PlayerNews;
use crate::state::times::{AGAIN, PICKED};
use crate::state::{HistoryView, Mode};
use crate::words::Say;

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
            self.times.begin_ranking();
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
            self.times.set_record(record);
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
            self.times.stop_asking();
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
        match self.picked_player() {
            Some(_) => {
                self.mode = Mode::History(HistoryView::default());
                if self.times.past.is_none() {
                    self.times.recall_at = Some(now);
                }
            }
            None => {
                self.notice = Some(Say::NobodyToRecall);
            }
        }
    }

    /// Adds or updates a player in all lists.
    pub(super) fn put(&mut self, player: &Player) {
        let id = player.id;
        if self.times.wanted() != Period::AllTime && (self.is_everyone() || self.times.knows(id)) {
            let before = self.player(id).map(|p| p.score);
            self.times.put(player, before);
        }
        if let Some(around) = &mut self.around {
            around.put(player);
        }
        if let Some(finds) = &mut self.search_results
            && finds.players.get(id).is_some()
        {
            finds.players.put(player);
        }
        let is_known = self.known.contains_key(&id) || self.picked == Some(id);
        if is_known && !self.is_everyone() {
            self.known.insert(id, player.clone());
        }
        self.standings.put(player);
        self.update_score(id);
    }

    /// Removes a player from all lists.
    pub(super) fn remove_player(&mut self, id: PlayerId) {
        self.times.remove(id);
        self.standings.remove(id);
        self.known.remove(&id);
        if let Some(around) = &mut self.around {
            around.remove(id);
        }
        if let Some(finds) = &mut self.search_results {
            finds.players.remove(id);
        }
    }

    fn update_score(&mut self, id: PlayerId) {
        if self.times.about == Some(id)
            && let Some(score) = self.player(id).map(|p| p.score)
        {
            self.times.set_score(score);
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
            return self.times.ask_nothing();
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
