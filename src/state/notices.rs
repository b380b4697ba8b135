//! How long a notice stays, and when another sentence is added to it.

use std::time::Instant;

use super::{NOTICE_READ, NOTICE_SENTENCES, OverRate, State};
use crate::game::PlayerId;
use crate::message::{Action, Message};
use crate::words::Say;

/// The notice as it was before a message.
pub struct Earlier {
    notice: Option<Say>,
    over_rate: Option<OverRate>,
    /// Whether a new sentence is added to it, because it can't have been read yet.
    continues: bool,
    /// Whether the message means that it was read.
    is_read: bool,
}

impl State {
    /// Takes the notice before a message is handled.
    pub(super) fn take_notice(&mut self, message: &Message, now: Instant) -> Earlier {
        let fresh = self.notice_since.is_some_and(|at| now < at + NOTICE_READ);
        // Whoever finds a key that does something needs no sentence about one that does nothing.
        let about_key = matches!(
            self.notice,
            Some(
                Say::KeyDoesNothing { .. }
                    | Say::KeyDoesNothingHelp { .. }
                    | Say::NothingToClose { .. }
            )
        );
        Earlier {
            notice: self.notice.take(),
            over_rate: self.over_rate.clone(),
            continues: fresh && matches!(message, Message::Reply(_)),
            is_read: match message {
                Message::Action(Action::Press) => about_key || !fresh,
                Message::Action(_) | Message::Type(_) | Message::Pick(_) => true,
                _ => false,
            },
        }
    }

    /// Puts the notice back after the message, unless it was read or there is a new one.
    pub(super) fn restore_notice(&mut self, earlier: Earlier, now: Instant) {
        let Some(new) = &mut self.notice else {
            self.redraw |= earlier.is_read && earlier.notice.is_some();
            self.notice = earlier.notice.filter(|_| !earlier.is_read);
            return;
        };
        // If two sentences come together, for example when a player is removed and presses with it,
        // neither may replace the other unread.
        let continued = |old: &Say| earlier.continues && old.sentences().len() <= NOTICE_SENTENCES;
        if let Some(old) = earlier.notice.filter(continued) {
            // The new sentence about presses over the limit includes the old one.
            let told = earlier.over_rate;
            let told = told.filter(|told| self.over_rate.as_ref() != Some(told));
            let mut all = old.sentences().to_vec();
            all.retain(|old| told.as_ref().is_none_or(|told| told.sentence != *old));
            let news = new.sentences().iter();
            all.extend(news.filter(|news| !old.sentences().contains(news)).cloned());
            *new = Say::from(all);
        }
        self.notice_since = Some(now);
    }

    /// Handles presses over the database's limit. Several sentences about them are added up to one.
    pub(super) fn refuse_over_rate(
        &mut self,
        player: PlayerId,
        presses: u64,
        limit: Option<u32>,
        now: Instant,
    ) {
        self.tallies.entry(player).or_default().refused += presses;
        let earlier = self.over_rate.take();
        let earlier = earlier.filter(|earlier| now < earlier.told + NOTICE_READ);
        let presses = presses + earlier.map_or(0, |earlier| earlier.presses);
        let sentence = Say::over_rate(presses, limit);
        self.over_rate = Some(OverRate {
            presses,
            told: now,
            sentence: sentence.clone(),
        });
        self.notice = Some(sentence);
    }
}
