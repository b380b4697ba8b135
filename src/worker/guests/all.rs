//! The guests of a server, and what each of them has under way.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::Arc;

use super::super::listing::Listing;
use super::super::shared::Shared;
use super::booked::Booked;
use super::{GuestId, Visitor};
use crate::game::{Player, PlayerId, Rules};
use crate::message::{Farewell, Reply, Rights, Seat, Trouble};

/// What is known of a guest.
pub struct Guest {
    pub visitor: Visitor,
    pub seat: Seat,
    /// Its own replies, and its own questions.
    pub shared: Arc<Shared>,
    /// Absent while the reader has it.
    pub listing: Option<Listing>,
    /// Whether the reader has been told of its questions.
    pub asks: bool,
    /// Of its presses, those that are scored.
    pub counted: u64,
    /// How many of its changes are not answered yet.
    pub changes: u32,
    /// Whether it is leaving.
    pub leaving: bool,
}

/// The guests, and what they have under way.
#[derive(Default)]
pub struct All {
    pub next: u64,
    pub guests: BTreeMap<GuestId, Guest>,
    pub seated: HashMap<PlayerId, Vec<GuestId>>,
    pub booked: HashMap<PlayerId, Booked>,
    /// The players of guests, as they are.
    pub known: HashMap<PlayerId, Player>,
    /// Who has asked for the changes that the ledger has, in their order.
    pub changes: VecDeque<GuestId>,
    /// For whom the ledger has races to enter, in their order.
    pub entrances: VecDeque<PlayerId>,
    /// What everybody is still to hear of players.
    pub news: HashMap<PlayerId, Player>,
    pub gone: Vec<PlayerId>,
    /// Whether that is about to be told.
    pub news_due: bool,
    /// Whom the reader reads for.
    pub reading: Option<Arc<Shared>>,
    /// Once the database is open.
    pub rights: Option<Rights>,
    pub rules: Rules,
    pub trouble: Option<Trouble>,
    pub blind: Option<Trouble>,
    /// Once the worker has ended.
    pub ended: Option<Reply>,
}

impl All {
    /// What is new, to everybody.
    pub fn send_news(&mut self) {
        self.news_due = false;
        let news: Arc<[Player]> = std::mem::take(&mut self.news).into_values().collect();
        let gone = std::mem::take(&mut self.gone);
        for guest in self
            .guests
            .values()
            .filter(|guest| guest.listing.is_some() || guest.asks)
        {
            guest.shared.reply(Reply::Changed {
                players: Arc::clone(&news),
                gone: gone.clone(),
            });
        }
    }

    /// Has everybody hear of a player.
    pub fn update_player(&mut self, player: Player) {
        if let Some(known) = self.known.get_mut(&player.id) {
            known.clone_from(&player);
        }
        self.news.insert(player.id, player);
    }

    /// How many presses of a guest are not settled.
    pub fn waiting(&self, id: GuestId) -> u64 {
        let Some(Seat::Player(player)) = self.guests.get(&id).map(|guest| guest.seat) else {
            return 0;
        };
        self.booked
            .get(&player)
            .map_or(0, |booked| booked.waiting(id))
    }

    /// Has a guest part that is leaving, if nothing of it is under way.
    pub fn leave_if_done(&mut self, id: GuestId) {
        let guest = self.guests.get(&id);
        if guest.is_some_and(|guest| guest.leaving && guest.changes == 0) && self.waiting(id) == 0 {
            self.leave_now(id);
        }
    }

    /// Has a guest part.
    pub fn leave_now(&mut self, id: GuestId) {
        let kept = self.waiting(id);
        if let Some(guest) = self.remove(id) {
            guest
                .shared
                .last_reply(Reply::Left(Farewell { kept, lost: None }));
        }
    }

    pub fn remove(&mut self, id: GuestId) -> Option<Guest> {
        let guest = self.guests.remove(&id)?;
        if let Seat::Player(player) = guest.seat
            && let Some(seated) = self.seated.get_mut(&player)
        {
            seated.retain(|of| *of != id);
            if seated.is_empty() {
                self.seated.remove(&player);
            }
        }
        Some(guest)
    }

    /// Seats a guest.
    pub fn seat(&mut self, id: GuestId, seat: Seat) {
        if let Some(guest) = self.guests.get_mut(&id) {
            guest.seat = seat;
            if let Seat::Player(player) = seat {
                self.seated.entry(player).or_default().push(id);
            }
        }
    }

    /// The guests who play for a player.
    pub fn seated(&self, player: PlayerId) -> Vec<GuestId> {
        self.seated.get(&player).cloned().unwrap_or_default()
    }
}
