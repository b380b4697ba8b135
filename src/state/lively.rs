//! Pace, passing, moves in the ranking, and how often they are drawn.

use std::time::{Duration, Instant};

use super::list::PlayerNews;
use super::{OTHERS_FRAME, State};
use crate::game::{
    MOVED, News, OWN, OwnPresses, Period, Player, PlayerId, Rings, Tally, milestone,
};

impl State {
    /// Updates a score after a commit of this run, which has counted `own` new presses.
    pub(super) fn commit_score(&mut self, id: PlayerId, score: i64, own: u64, now: Instant) {
        let Some(mut player) = self.player(id).cloned() else {
            return;
        };
        let rise = score.saturating_sub(player.score);
        self.pace.seen(id, rise, OwnPresses::Counted(own), now);
        let before = std::mem::replace(&mut player.score, score);
        // A poll may have seen some of these presses before their count was known.
        let from = score.saturating_sub(own.cast_signed());
        if own > 0 {
            self.record_passed(id, from, score);
        }
        if own > 0 && self.picked == Some(id) {
            self.effects.counted(id, from, now);
            let feats = self.feats(id, from, score);
            self.effects.announce(feats, now);
            if feats != News::default() {
                self.bell.ring(Rings::All, now);
            }
        }
        let lasts = if own > 0 { OWN } else { MOVED };
        let before = Some(before);
        let player = &player;
        self.apply_changes(&[PlayerNews { player, before }], &[], lasts, now);
    }

    /// The feats of own presses that raised a score from `from` to `to`.
    pub fn feats(&self, id: PlayerId, from: i64, to: i64) -> News {
        // Always by all time, even if the list is ranked by a period.
        let midst = match self.times.is_all_time() {
            true => self.neighbours_of(id),
            false => &self.standings,
        };
        let passed = midst.ranks_within(from, to.saturating_sub(1));
        let mut passed = passed.into_iter().filter(|(other, _)| *other != id);
        News {
            milestone: milestone::reached(from, to),
            passed: passed.next().map(|(best, _)| (best, passed.count())),
            passed_by: None,
        }
    }

    /// Announces who has passed the picked player, if that player has played in this run.
    pub(super) fn announce_passers(&mut self, players: &[PlayerNews<'_>], now: Instant) {
        let Some(own) = self.picked_player() else {
            return;
        };
        if !self.tallies.contains_key(&own.id) {
            return;
        }
        let after = players.iter().find(|news| news.player.id == own.id);
        let after = after.map_or(own.score, |news| news.player.score);
        let was_behind = |news: &&PlayerNews<'_>| news.before.is_some_and(|b| b <= own.score);
        let passers = players.iter().filter(was_behind).map(|news| news.player);
        let passers = passers.filter(|p| p.id != own.id && p.score > after);
        let best = passers.clone().max_by_key(|p| p.score);
        let passed_by = best.map(|best| (best.id, passers.count() - 1));
        if passed_by.is_some() {
            self.bell.ring(Rings::All, now);
        }
        let news = News {
            passed_by,
            ..News::default()
        };
        self.effects.announce(news, now);
    }

    /// Records the presses of others, unless it is unknown when they were made.
    pub(super) fn record_paces(&mut self, players: &[PlayerNews<'_>], now: Instant) {
        if self.watch_trouble.is_some() || std::mem::take(&mut self.asleep) {
            return;
        }
        for PlayerNews { player, before } in players {
            if let Some(before) = before {
                let rise = player.score.saturating_sub(*before);
                let waiting = self.tallies.get(&player.id).map_or(0, Tally::waiting);
                self.pace
                    .seen(player.id, rise, OwnPresses::Waiting(waiting), now);
            }
        }
    }

    /// Adds, updates and removes players, and records who has moved in the ranking, to be shown for
    /// `lasts`. A rank that changes because a player was added or removed is not a move.
    pub(super) fn apply_changes(
        &mut self,
        players: &[PlayerNews<'_>],
        gone: &[PlayerId],
        lasts: Duration,
        now: Instant,
    ) {
        let changed = players.iter().filter_map(|PlayerNews { player, before }| {
            let rise = player.score.saturating_sub((*before)?);
            let points = self.ranking().get(player.id)?.score;
            Some([points, points.saturating_add(rise)])
        });
        let changed = changed.filter(|[old, new]| old != new);
        // No rank outside of this range changes.
        let points = changed
            .reduce(|[low, high], [old, new]| [low.min(old).min(new), high.max(old).max(new)]);
        let known = players.iter().filter(|news| news.before.is_some());
        let new = players.iter().filter(|news| news.before.is_none());
        self.change_list(|state| {
            let ranks = |state: &Self| {
                points.map(|[a, b]| state.ranking().ranks_within(a.min(b), a.max(b)))
            };
            let before = ranks(state);
            known.for_each(|news| state.put(news.player));
            // Mostly nobody has moved.
            let before = before.filter(|before| ranks(state).as_ref() != Some(before));
            for (id, rank) in before.unwrap_or_default() {
                let ranking = state.ranking();
                let points = ranking.get(id).map(|p| p.score);
                if points.is_some_and(|points| ranking.rank_of_score(points) != rank) {
                    state.moves.keep(id, rank, now + lasts);
                }
            }
            new.for_each(|news| state.put(news.player));
            for id in gone {
                state.remove_player(*id);
                state.pace.forget(*id);
                state.moves.forget(*id);
            }
        });
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
        // The new score may be outside of the loaded parts.
        let stays = self.known.contains_key(&id) || self.refers_to(id);
        if stays && !self.is_everyone() {
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

    /// Requests a frame for changes by others. If there was one just now, the next one comes a
    /// little later and shows everything until then.
    pub(super) fn redraw_for_others(&mut self, now: Instant) {
        let next = self.others_drawn.map(|at| at + OTHERS_FRAME);
        match next.filter(|next| *next > now) {
            Some(next) => self.others_due = Some(next),
            None => {
                self.others_drawn = Some(now);
                self.redraw = true;
            }
        }
    }

    /// Drops what has expired, and requests a frame that is due.
    pub(super) fn expire(&mut self, now: Instant) {
        let stopped = self.pace.expire(now);
        let moved = self.moves.expire(now);
        if stopped || moved || self.others_due.is_some_and(|due| due <= now) {
            self.others_due = None;
            self.redraw_for_others(now);
        }
    }
}
