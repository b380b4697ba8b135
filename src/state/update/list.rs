//! Questions about a list that is not loaded as a whole, and their answers.

use std::time::Instant;

use super::State;
use crate::game::{Aim, FoundPlayers, PlayerId, Spot, Standings, Window};
use crate::message::Question;
use crate::words::Say;

impl State {
    /// Asks for what the screen should show and is not loaded.
    pub(super) fn ask_for_list(&mut self, now: Instant) {
        if !self.loaded || self.leaving {
            return;
        }
        if self.asked.part.is_none()
            && let Some(aim) = self.asked.jump.or_else(|| self.wants_part())
        {
            self.asked.part = Some(aim);
            let players = u32::try_from(self.part_length()).unwrap_or(u32::MAX);
            self.ask(Question::Show(aim, players));
        }
        if let Some(id) = self.wants_around(now) {
            self.asked.around = Some((id, now));
            self.ask(Question::Surround(id));
        }
        let wanted = self.wanted();
        let searched = self.asked.search.as_deref();
        let found = self.search_results.as_ref().filter(|f| f.done);
        let found = found.map(|f| f.wanted.as_str());
        if searched.or(found).unwrap_or_default() != wanted {
            if wanted.is_empty() {
                self.search_results = None;
                self.asked.search = None;
                self.forget_unknown();
            } else {
                self.asked.search = Some(wanted.clone());
            }
            self.ask(Question::Search(wanted));
        }
    }

    /// The text to search for; empty if all players are loaded.
    fn wanted(&self) -> String {
        if self.is_everyone() {
            return String::new();
        }
        self.filter.value().to_lowercase()
    }

    /// Goes to an end or a spot of the list, as soon as it is loaded.
    pub(super) fn jump(&mut self, to: Aim) {
        self.asked.jump = Some(to);
        self.asked.part = None;
        self.asked.seeks = false;
    }

    /// Goes to the picked player, if that one is not loaded. True if so.
    pub(super) fn show_picked(&mut self) -> bool {
        let Some(player) = self.picked_player() else {
            return false;
        };
        let listed = self.is_filtered() || !self.times.is_all_time();
        let goes = !listed && self.standings.get(player.id).is_none();
        if goes {
            self.jump(Aim::Around(Spot::from(player)));
        }
        goes
    }

    /// Shows a part of the list, unless another one was asked for since. Visible rows stay where
    /// they are on the screen, if they are in the new part.
    pub(super) fn shown(&mut self, aim: Aim, window: Window) {
        let asked = self.asked.part;
        if asked.is_some_and(|asked| asked != aim) {
            return;
        }
        self.asked.part = None;
        let jump = self.asked.jump.take_if(|jump| *jump == aim);
        let all_time = self.times.is_all_time() && !self.is_filtered();
        let top = self.viewport.top;
        let kept = self.anchor().filter(|_| all_time);
        let in_sight = self.is_kept_in_sight();
        let row = self.picked.and_then(|id| self.row_of(id));
        if let Some(picked) = self.picked_player().cloned() {
            self.known.insert(picked.id, picked);
        }
        let before = std::mem::replace(&mut self.standings, Standings::windowed(window));
        // Players in the ranking of a period can be picked, even if the new part is without them.
        let ranked = before
            .iter()
            .filter(|p| self.ranking().get(p.id).is_some() && self.standings.get(p.id).is_none());
        let ranked: Vec<_> = ranked.map(|p| (p.id, p.clone())).collect();
        self.known.extend(ranked);
        for player in self.standings.iter() {
            if let Some(known) = self.known.get_mut(&player.id) {
                *known = player.clone();
            }
        }
        if self.is_everyone() {
            self.around = None;
            self.search_results = None;
            if let Some(id) = self.picked.filter(|id| self.standings.get(*id).is_none()) {
                self.picked_is_gone(id);
            }
            let ranked = self.ranking().iter().map(|player| player.id);
            let gone: Vec<_> = ranked
                .filter(|id| self.standings.get(*id).is_none())
                .collect();
            gone.into_iter().for_each(|id| self.times.remove(id));
            // The name of a player who is being removed is still needed.
            let removing = self.removing;
            self.known.retain(|id, _| removing == Some(*id));
        }
        self.refilter();
        let removed = self.removing.filter(|id| self.picked == Some(*id));
        if self.is_everyone() && removed.is_some_and(|id| self.standings.get(id).is_none()) {
            self.pick_instead(row);
        }
        let here = self.rows_here();
        match (jump, kept) {
            (Some(Aim::Top), _) => {
                self.pick(self.standings.iter().next().map(|p| p.id));
                self.follow_picked();
            }
            (Some(Aim::Bottom), _) => {
                self.pick(self.standings.iter().next_back().map(|p| p.id));
                self.follow_picked();
            }
            (Some(Aim::Around(_)), _) => self.follow_picked(),
            (None, Some((id, offset))) => {
                let row = self.row_of(id).map(|row| row.saturating_sub(offset));
                self.scroll_to(row.unwrap_or(here.start));
            }
            (None, None) => self.scroll_to(top),
        }
        let picked = self.picked_player().map(|p| Aim::Around(p.into()));
        if in_sight && picked != Some(aim) {
            self.keep_in_sight();
        }
        self.redraw = true;
    }

    /// Picks the player in the row of the removed one.
    pub(super) fn pick_instead(&mut self, row: Option<usize>) {
        let row = row.unwrap_or(0).min(self.row_count().saturating_sub(1));
        self.picked = self.row(row).map(|p| p.id);
    }

    /// The player whose row should stay where it is, and its offset on the screen: the picked
    /// player if visible, otherwise the first row.
    fn anchor(&self) -> Option<(PlayerId, usize)> {
        let top = self.viewport.top;
        let picked = self.picked.filter(|_| self.picked_is_in_sight());
        let id = picked.or_else(|| self.row(top).map(|p| p.id))?;
        Some((id, self.row_of(id)?.saturating_sub(top)))
    }

    /// Handles the players around the picked one.
    pub(super) fn surrounded(&mut self, id: PlayerId, window: Option<Window>) {
        if self.picked != Some(id) || self.is_everyone() {
            return;
        }
        match window.map(Standings::windowed) {
            // Without the player it was read while the player moved, and is asked for again.
            Some(around) => {
                if let Some(player) = around.get(id) {
                    self.known.insert(id, player.clone());
                    self.around = Some(around);
                }
            }
            None => self.picked_is_gone(id),
        }
        self.forget_unknown();
    }

    /// The picked player was removed by somebody, and this was not reported as a change of its own.
    fn picked_is_gone(&mut self, id: PlayerId) {
        if self.removing == Some(id) {
            return;
        }
        let name = self.picked_player().map(|p| super::short(&p.name));
        self.remove_player(id);
        self.refilter();
        self.picked = None;
        self.scroll_to(self.viewport.top);
        let name = name.unwrap_or_else(|| Box::new(Say::SomePlayer));
        self.notice = Some(Say::RemovedByOther { name });
    }

    /// Handles search results, unless the search has changed.
    pub(super) fn found(&mut self, finds: FoundPlayers) {
        if self.asked.search.as_ref() != Some(&finds.wanted) {
            return;
        }
        if finds.done {
            self.asked.search = None;
        }
        let unknown = finds.players.iter();
        let unknown = unknown.filter(|p| self.standings.get(p.id).is_none());
        self.known.extend(unknown.map(|p| (p.id, p.clone())));
        self.change_list(|state| state.search_results = Some(finds));
        self.forget_unknown();
    }

    /// Handles a part or a search that can't be read.
    pub(super) fn not_found(&mut self, why: Say) {
        self.asked.part = None;
        self.asked.jump = None;
        if let Some(wanted) = self.asked.search.take() {
            let finds = self.search_results.take();
            let finds = FoundPlayers {
                wanted,
                done: true,
                ..finds.unwrap_or_default()
            };
            self.change_list(|state| state.search_results = Some(finds));
        }
        self.notice = Some(why);
    }
}
