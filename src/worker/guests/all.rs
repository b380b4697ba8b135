//! The guests of a game server, and what is pending for each of them.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::Arc;

use super::super::listing::Listing;
use super::super::shared::Shared;
use super::booked::Booked;
use super::{GuestId, Visitor};
use crate::game::{ChangedPlayers, Player, PlayerId, Rules};
use crate::message::{Farewell, Reply, Rights, Seat, Trouble};

/// A guest.
pub struct Guest {
    pub visitor: Visitor,
    pub seat: Seat,
    /// The guest's own replies and questions.
    pub shared: Arc<Shared>,
    /// Absent while the reader has it.
    pub listing: Option<Listing>,
    /// Whether the reader was asked to answer its questions.
    pub asks: bool,
    /// How many of its presses are scored.
    pub counted: u64,
    /// How many of its changes are not answered yet.
    pub changes: u32,
    /// Whether it is leaving.
    pub leaving: bool,
}

/// All guests, and what is pending.
#[derive(Default)]
pub struct All {
    pub next: u64,
    pub guests: BTreeMap<GuestId, Guest>,
    pub seated: HashMap<PlayerId, Vec<GuestId>>,
    pub booked: HashMap<PlayerId, Booked>,
    /// The guests' players, as last read.
    pub known: HashMap<PlayerId, Player>,
    /// The guests who asked for the changes in the ledger, in their order.
    pub changes: VecDeque<GuestId>,
    /// The players for whom the ledger has races to enter, in their order.
    pub entrances: VecDeque<PlayerId>,
    /// Changed players, not yet sent to the guests.
    pub news: HashMap<PlayerId, Player>,
    pub gone: Vec<PlayerId>,
    /// Whether sending that is already scheduled.
    pub news_due: bool,
    /// The guest for whom the reader is reading.
    pub reading: Option<Arc<Shared>>,
    /// Once the database is open.
    pub rights: Option<Rights>,
    pub rules: Rules,
    pub trouble: Option<Trouble>,
    pub watch_trouble: Option<Trouble>,
    /// Once the worker has ended.
    pub ended: Option<Reply>,
}

impl All {
    /// Sends changed players to all guests.
    pub fn send_news(&mut self) {
        self.news_due = false;
        let news: ChangedPlayers = std::mem::take(&mut self.news).into_values().collect();
        let gone = std::mem::take(&mut self.gone);
        for guest in self
            .guests
            .values()
            .filter(|guest| guest.listing.is_some() || guest.asks)
        {
            guest.shared.reply(Reply::Changed {
                players: news.clone(),
                gone: gone.clone(),
            });
        }
    }

    /// Updates a player, to be sent to all guests.
    pub fn update_player(&mut self, player: Player) {
        if let Some(known) = self.known.get_mut(&player.id) {
            known.clone_from(&player);
        }
        self.news.insert(player.id, player);
    }

    /// How many presses of a guest wait.
    pub fn waiting(&self, id: GuestId) -> u64 {
        let Some(Seat::Player(player)) = self.guests.get(&id).map(|guest| guest.seat) else {
            return 0;
        };
        self.booked
            .get(&player)
            .map_or(0, |booked| booked.waiting(id))
    }

    /// Ends a guest's session if it is leaving and nothing of it is pending.
    pub fn leave_if_done(&mut self, id: GuestId) {
        let guest = self.guests.get(&id);
        if guest.is_some_and(|guest| guest.leaving && guest.changes == 0) && self.waiting(id) == 0 {
            self.leave_now(id);
        }
    }

    /// Ends a guest's session.
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

    /// Sets a guest's seat.
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
