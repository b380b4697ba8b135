//! Picking players, scrolling and filtering.

use super::{Context, State, themes};
use crate::game::{Aim, PlayerId, Standings};

/// Handles the mouse wheel: scrolls the list, the table of keys or the list of themes.
pub fn scroll(state: &mut State, rows: isize) {
    match state.context() {
        Context::Play | Context::Filter => {
            let top = state.viewport.top.saturating_add_signed(rows);
            state.asked.seeks = false;
            state.scroll_to(top);
        }
        Context::Themes => themes::move_by(state, rows.signum()),
        _ => state.scroll_help(rows),
    }
}

impl State {
    /// Picks a player, instead of one who is being added.
    pub(super) fn pick(&mut self, id: Option<PlayerId>) {
        if self.picked != id {
            self.effects.picked();
        }
        self.picked = id;
        self.asked.seeks = false;
        if let Some(adding) = &mut self.adding {
            adding.picked = false;
        }
    }

    /// Picks the guest's own player on an ssh server.
    pub(super) fn pick_own(&mut self, own: PlayerId) {
        if self.picked != Some(own) && self.player(own).is_some() {
            self.pick(Some(own));
            self.show_picked();
            self.follow_picked();
        }
    }

    /// Whether going to the last player means loading another part.
    pub(super) fn jumps_down(&self) -> bool {
        let ends = self.rows_here().end < self.row_count();
        ends && !self.is_filtered() && self.times.is_all_time()
    }

    /// Picks the player this many rows further down. If no visible player is picked, picks the
    /// first, or the last for `isize::MAX`.
    pub(super) fn pick_by(&mut self, rows: isize) {
        let here = self.rows_here();
        if here.is_empty() {
            return;
        }
        let row = match self.picked_row() {
            Some(row) => row.saturating_add_signed(rows),
            // Goes to the picked player first, who is in another part.
            None if self.picked_player().is_some() && !self.is_filtered() => {
                if self.show_picked() {
                    return;
                }
                here.start
            }
            None if rows == isize::MAX => here.end,
            None => here.start,
        };
        let row = row.clamp(here.start, here.end - 1);
        self.pick(self.row(row).map(|p| p.id));
        self.follow_picked();
    }

    /// Scrolls the list, as far as it has rows.
    pub(super) fn scroll_to(&mut self, top: usize) {
        let here = self.rows_here();
        let last = here.end.saturating_sub(self.viewport.rows);
        let top = top.min(last).max(here.start);
        if top != self.viewport.top {
            self.viewport.top = top;
            self.redraw = true;
        }
    }

    /// Scrolls as little as needed to show the picked player.
    pub(super) fn follow_picked(&mut self) {
        let mut top = self.viewport.top;
        if let Some(row) = self.picked_row() {
            top = top
                .min(row)
                .max((row + 1).saturating_sub(self.viewport.rows));
        }
        self.scroll_to(top);
    }

    /// Scrolls to the picked player. One who has left the loaded part, for example because one
    /// press passed hundreds of others with equal scores, is followed to the new place.
    pub(super) fn keep_in_sight(&mut self) {
        self.follow_picked();
        let there = self.picked_player().map(|p| Aim::Around(p.into()));
        let is_asked = there.is_some() && self.asked.jump == there;
        let is_here = self.picked.is_none_or(|id| self.row_of(id).is_some());
        self.asked.seeks = !is_here && (is_asked || self.show_picked());
    }

    /// Whether the picked player is visible, or will be as soon as another part is loaded.
    pub(super) fn is_kept_in_sight(&self) -> bool {
        self.asked.seeks || self.picked_is_in_sight()
    }

    pub(super) fn picked_is_in_sight(&self) -> bool {
        let shown = self.viewport.top..self.viewport.top + self.viewport.rows;
        self.picked_row().is_some_and(|row| shown.contains(&row))
    }

    /// Changes the list, and keeps the picked player visible if it was.
    pub(super) fn change_list(&mut self, change: impl FnOnce(&mut Self)) {
        let in_sight = self.is_kept_in_sight();
        change(self);
        self.refilter();
        if in_sight {
            self.keep_in_sight();
        } else {
            self.scroll_to(self.viewport.top);
        }
        self.redraw = true;
    }

    /// Applies the filter again.
    pub(super) fn refilter(&mut self) {
        let wanted = self.filter.value().to_lowercase();
        let fits = |text: &str| text.to_lowercase().contains(&wanted);
        let fitting = |players: &Standings| {
            let found = players.iter();
            let found = found.filter(|p| fits(&p.name) || fits(&p.email));
            Standings::new(found.cloned().collect())
        };
        // Results of a shorter text are filtered until the new answer comes.
        if let Some(finds) = &mut self.search_results
            && finds.wanted != wanted
        {
            if wanted.contains(&finds.wanted) && !finds.wanted.is_empty() {
                finds.players = fitting(&finds.players);
            } else {
                self.search_results = None;
            }
        }
        self.matches = match wanted.is_empty() {
            true => Standings::default(),
            false => fitting(self.ranking()),
        };
    }
}
