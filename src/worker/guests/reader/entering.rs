//! Finds a guest's player by the ssh key, and adds a player for a newcomer.

use std::sync::Arc;
use std::time::Instant;

use super::super::super::listing::{Listing, anew, read_part};
use super::super::super::shared::{Shared, lock};
use super::super::{GuestId, PART};
use super::{Ask, Reader};
use crate::game::{Aim, Entry, Player, Spot, Window};
use crate::message::{BrokenKind, Change, Farewell, Question, Reply, Rights, Seat};
use crate::store::{Remedy, Store, StoreError};
use crate::words::Say;

impl Reader {
    /// Ends a guest's session with a sentence.
    pub(super) fn turn_away(&self, id: GuestId, why: Say) {
        if let Some(guest) = self.guests.all().remove(id) {
            guest.shared.last_reply(Reply::Broken {
                why,
                kind: BrokenKind::Unreachable,
                farewell: Farewell::default(),
            });
        }
    }

    /// A guest's seat and player, and a sentence for the guest.
    async fn seat(
        &mut self,
        id: GuestId,
    ) -> Result<Option<(Seat, Option<Player>, Option<Say>)>, StoreError> {
        let visitor = self.guests.all().guests.get(&id).map(|g| g.visitor.clone());
        let Some(visitor) = visitor else {
            return Ok(None);
        };
        let admission = self.guests.admission;
        let mut code = None;
        if let Some(key) = &visitor.key {
            if let Some(player) = self.store.player_of_key(&key.fingerprint).await? {
                return Ok(Some((Seat::Player(player.id), Some(player), None)));
            }
            code = visitor.code.as_ref().map(|code| (code, key));
        }
        if let Some((code, key)) = code {
            let player = lock(&self.guests.codes).take(code, Instant::now());
            let player = match player {
                Some(player) => self.store.player(player).await?,
                None => None,
            };
            let Some(player) = player else {
                self.turn_away(id, Say::CodeUnknown);
                return Ok(None);
            };
            self.store.give_key(key, player.id).await?;
            let name = player.name.clone();
            let notice = Say::KeyJoined { name };
            return Ok(Some((Seat::Player(player.id), Some(player), Some(notice))));
        }
        let seat = match visitor.key {
            Some(_) if admission.join => Seat::Newcomer,
            _ if admission.watch => Seat::Watcher,
            Some(_) => {
                self.turn_away(id, Say::NotInvited);
                return Ok(None);
            }
            None => {
                self.turn_away(id, Say::KeyNeeded);
                return Ok(None);
            }
        };
        let notice = (seat == Seat::Watcher).then_some(match visitor.key {
            Some(_) => Say::NotInvited,
            None => Say::KeyNeeded,
        });
        Ok(Some((seat, None, notice)))
    }

    /// Opens the game for a guest: seat, list and rules.
    pub(super) async fn open(&mut self, id: GuestId) -> Result<(), StoreError> {
        let Some((seat, own, notice)) = self.seat(id).await? else {
            return Ok(());
        };
        let Some(shared) = self.shared(id) else {
            return Ok(());
        };
        self.guests.all().reading = Some(Arc::clone(&shared));
        let read = self.first_window(&shared, own.as_ref()).await;
        let mut all = self.guests.all();
        all.reading = None;
        let window = read?;
        let is_part = !window.is_everyone();
        let anew = anew(&window);
        if let Some(own) = own {
            let known = window.players.iter().find(|player| player.id == own.id);
            let known = known.cloned().unwrap_or(own);
            all.known.insert(known.id, known);
        }
        all.seat(id, seat);
        let (rights, rules) = (all.rights.unwrap_or(Rights::ALL), all.rules);
        if let Some(guest) = all.guests.get_mut(&id) {
            guest.listing = Some(Listing::new(is_part));
            shared.reply(Reply::Seated(seat));
            shared.reply(Reply::Opened {
                window,
                last: None,
                kept: 0,
                rights: seat.rights(rights),
            });
            if rules != crate::game::Rules::default() {
                shared.reply(Reply::Rules(rules));
            }
            let mut questions = shared.questions();
            questions.ask_again(Question::OpenRace);
            anew.into_iter()
                .for_each(|aim| questions.ask_again(Question::Show(aim, PART)));
            drop(questions);
            guest.asks = true;
        }
        if let Some(trouble) = all.watch_trouble.clone() {
            shared.reply(Reply::WatchTrouble(trouble));
        }
        if let Some(notice) = notice {
            shared.reply(Reply::Notice(notice));
        }
        drop(all);
        self.waiting.push_back(Ask::Questions(id));
        Ok(())
    }

    /// The top of the list, or the part around the guest's own player.
    async fn first_window(
        &mut self,
        shared: &Shared,
        own: Option<&Player>,
    ) -> Result<Window, StoreError> {
        let top = read_part(&mut self.store, shared, Aim::Top, PART).await?.0;
        let is_in = |own: &&Player| top.players.iter().any(|player| player.id == own.id);
        let Some(own) = own.filter(|own| !top.is_everyone() && !is_in(own)) else {
            return Ok(top);
        };
        let aim = Aim::Around(Spot::from(own));
        let around = read_part(&mut self.store, shared, aim, PART).await?.0;
        Ok(around)
    }

    /// Adds a guest's player together with its key.
    pub(super) async fn add(&mut self, id: GuestId, entry: &Entry) -> Result<(), StoreError> {
        let key = {
            let all = self.guests.all();
            let guest = all.guests.get(&id);
            guest.and_then(|guest| guest.visitor.key.clone())
        };
        let Some(key) = key else {
            return Ok(());
        };
        // A retry, or a second session with the same key, must not add a second player.
        let there = self.store.player_of_key(&key.fingerprint).await?;
        let added = match there {
            Some(player) => Ok(player),
            None => self.store.add_with_key(entry, &key).await,
        };
        let mut welcome = None;
        let reply = match added {
            Ok(player) => {
                let mut all = self.guests.all();
                all.known.insert(player.id, player.clone());
                all.seat(id, Seat::Player(player.id));
                all.update_player(player.clone());
                self.guests.send_news_soon(&mut all);
                let name = player.name.clone();
                welcome = Some(Reply::Notice(Say::KeyWelcome { name }));
                Reply::Done(Change::Add(entry.clone()), player)
            }
            Err(error) if error.remedy() == Remedy::Refuse => {
                Reply::Failed(Change::Add(entry.clone()), error.into())
            }
            Err(error) => return Err(error),
        };
        let mut all = self.guests.all();
        if let Some(guest) = all.guests.get_mut(&id) {
            guest.changes = guest.changes.saturating_sub(1);
            guest.shared.reply(reply);
            if let Some(welcome) = welcome {
                guest.shared.reply(welcome);
            }
        }
        all.leave_if_done(id);
        Ok(())
    }
}
