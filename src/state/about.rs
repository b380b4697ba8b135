//! The page about a player, and the card to copy.

use std::time::Instant;

use super::{Clipboard, Mode, State};
use crate::message::{Action, Effect};
use crate::words::Say;

/// Handles an action on the page.
pub fn act(state: &mut State, action: Action) {
    match action {
        Action::Back | Action::About => state.mode = Mode::Play,
        Action::Card => state.copy_card(),
        _ => {}
    }
}

impl State {
    /// Opens the page about the picked player. It reads the history again, because some of it does
    /// not follow from points.
    pub(super) fn open_about(&mut self, now: Instant) {
        if self.picked_player().is_none() {
            self.notice = Some(Say::NobodyToShow);
            return;
        }
        self.mode = Mode::About;
        self.times.recall_at = Some(now);
    }

    /// Copies a card about the result of a contest, or about the picked player.
    pub(super) fn copy_card(&mut self) {
        let known = match self.contest() {
            Some(contest) if !contest.has_result() => return,
            Some(_) => true,
            None if self.picked_player().is_none() => {
                self.notice = Some(Say::NobodyToShow);
                return;
            }
            None => self.times.past_and_today().is_some(),
        };
        self.notice = Some(match (known, self.clipboard) {
            (false, _) => Say::CardNotYet,
            (true, Clipboard::Likely) => Say::CardCopied,
            (true, Clipboard::Tmux) => Say::CardCopiedTmux,
            (true, Clipboard::No) => Say::CardNotTaken,
        });
        if known && self.clipboard != Clipboard::No {
            self.ask_for(Effect::CopyCard);
        }
    }
}
