//! Forwards the worker's replies: each to the guests that it concerns, and changed players to all.

use std::sync::Arc;

use tokio::sync::mpsc::UnboundedReceiver;
use tokio::sync::oneshot;

use super::booked::Booked;
use super::reader::Ask;
use super::{All, End, GuestId, Guests};
use crate::game::PlayerId;
use crate::message::{Change, Farewell, Reply};

/// Forwards replies until the worker has ended. Returns how it ended.
pub async fn pass_on(
    guests: Arc<Guests>,
    mut replies: UnboundedReceiver<Reply>,
    opened: oneshot::Sender<()>,
) -> End {
    let mut end = End::default();
    let mut opened = Some(opened);
    while let Some(reply) = replies.recv().await {
        if matches!(reply, Reply::Opened { .. })
            && let Some(opened) = opened.take()
        {
            let _ = opened.send(());
        }
        match &reply {
            Reply::Left(farewell) => end.0 = farewell.clone(),
            Reply::Broken {
                why,
                kind,
                farewell,
            } => end = (farewell.clone(), Some((*kind, why.clone()))),
            _ => {}
        }
        let entered = matches!(reply, Reply::RaceEntered(..));
        let mut all = guests.all();
        all.pass(reply);
        guests.send_news_soon(&mut all);
        drop(all);
        if entered {
            guests.ask(Ask::Races);
        }
    }
    end
}

impl All {
    fn pass(&mut self, reply: Reply) {
        match reply {
            Reply::Opened { rights, kept, .. } => {
                if kept > 0 {
                    tracing::info!(kept, "presses of an earlier run come from the outbox");
                }
                self.rights = Some(rights);
                self.trouble = None;
            }
            Reply::Rules(rules) => {
                self.rules = rules;
                self.to_all(&Reply::Rules(rules));
            }
            Reply::Changed { players, gone } => {
                players
                    .iter()
                    .cloned()
                    .for_each(|player| self.update_player(player));
                self.gone.extend(gone);
            }
            Reply::Counted {
                player,
                counted,
                score,
            } => self.counted(player, counted, score),
            Reply::OverRate {
                player,
                presses,
                limit,
            } => self.settle(player, presses, |presses| Reply::OverRate {
                player,
                presses,
                limit,
            }),
            Reply::Refused {
                player,
                presses,
                why,
            } => self.settle(player, presses, |presses| Reply::Refused {
                player,
                presses,
                why: why.clone(),
            }),
            Reply::ServerForgot { player, presses } => self.forgot(player, presses),
            Reply::Delivered { player, score, .. } => {
                if let Some(known) = self.known.get(&player).cloned() {
                    self.update_player(crate::game::Player { score, ..known });
                }
            }
            Reply::RefusedKept { presses, why } => {
                tracing::warn!(presses, ?why, "presses of an earlier run are not counted");
            }
            Reply::Trouble(trouble) => {
                self.trouble = Some(trouble.clone());
                self.to_all(&Reply::Trouble(trouble));
            }
            Reply::Recovered => {
                self.trouble = None;
                self.to_all(&Reply::Recovered);
            }
            Reply::WatchTrouble(trouble) => {
                self.watch_trouble = Some(trouble.clone());
                self.to_all(&Reply::WatchTrouble(trouble));
            }
            Reply::WatchRecovered => {
                self.watch_trouble = None;
                self.to_all(&Reply::WatchRecovered);
            }
            Reply::Kept(kept) => {
                // It is unknown whose latest presses are not kept yet.
                let all: u64 = self.booked.values().map(Booked::all_waiting).sum();
                for (id, guest) in &self.guests {
                    let kept = if kept >= all { self.waiting(*id) } else { 0 };
                    guest.shared.reply(Reply::Kept(kept));
                }
            }
            Reply::Done(change, player) => {
                let mut player = player;
                if let Change::Edit(..) = change {
                    if let Some(known) = self.known.get(&player.id) {
                        // The player may have scored since.
                        player.score = player.score.max(known.score);
                    }
                    self.update_player(player.clone());
                }
                self.answer_change(Reply::Done(change, player));
            }
            Reply::Failed(..) => self.answer_change(reply),
            Reply::SprintKept(ref sprinted) | Reply::SprintUnkept(ref sprinted, _) => {
                self.to_seated(sprinted.player, &reply);
            }
            Reply::RaceEntered(player, entered) => {
                self.entrances.pop_front();
                for id in self.seated(player) {
                    if let Some(guest) = self.guests.get(&id) {
                        guest.shared.questions().watched = Some(entered.race);
                    }
                }
                self.to_seated(player, &reply);
            }
            Reply::RaceMissed(_) => {
                if let Some(player) = self.entrances.pop_front() {
                    self.to_seated(player, &reply);
                }
            }
            Reply::RaceOpened(..) | Reply::ClockMoved | Reply::Notice(_) => self.to_all(&reply),
            // It is the server's way to the database, and says nothing about a guest's own.
            Reply::RoundTrip(_) => {}
            Reply::Left(_) | Reply::Broken { .. } => self.end(&reply),
            // Guests' questions are answered by the reader, so no other reply comes.
            _ => {}
        }
    }

    fn counted(&mut self, player: PlayerId, counted: u64, score: i64) {
        let settled = self.booked.entry(player).or_default().scored(counted);
        let reading = self.reading.clone();
        for (id, presses) in settled {
            if let Some(guest) = self.guests.get_mut(&id) {
                guest.counted += presses;
            }
        }
        if let Some(known) = self.known.get(&player).cloned() {
            self.update_player(crate::game::Player { score, ..known });
        }
        // Locked until the replies are sent, so that older data can't come after them.
        let committed = reading.as_ref().map(|reading| {
            let mut committed = reading.committed();
            committed.insert(player);
            committed
        });
        for id in self.seated(player) {
            if let Some(guest) = self.guests.get(&id) {
                let counted = guest.counted;
                guest.shared.reply(Reply::Counted {
                    player,
                    counted,
                    score,
                });
            }
        }
        drop(committed);
        for id in self.seated(player) {
            self.leave_if_done(id);
        }
    }

    /// Settles presses that are not counted: tells each guest of its own.
    fn settle(&mut self, player: PlayerId, presses: u64, reply: impl Fn(u64) -> Reply) {
        let booked = self.booked.get_mut(&player);
        let settled = booked.map_or_else(Vec::new, |booked| booked.settle(presses));
        for (id, presses) in settled {
            self.to(id, reply(presses));
            self.leave_if_done(id);
        }
    }

    fn forgot(&mut self, player: PlayerId, presses: u64) {
        let last = self.seated(player).pop();
        let mut own = 0;
        if let Some(guest) = last.and_then(|id| self.guests.get_mut(&id)) {
            own = presses.min(guest.counted);
            guest.counted -= own;
        }
        let booked = self.booked.entry(player).or_default();
        booked.forgotten(last, own);
        booked.forgotten(None, presses - own);
        if let Some(id) = last {
            let presses = own;
            self.to(id, Reply::ServerForgot { player, presses });
        }
    }

    fn answer_change(&mut self, reply: Reply) {
        let Some(id) = self.changes.pop_front() else {
            return;
        };
        if let Some(guest) = self.guests.get_mut(&id) {
            guest.changes = guest.changes.saturating_sub(1);
        }
        self.to(id, reply);
        self.leave_if_done(id);
    }

    fn end(&mut self, last: &Reply) {
        self.ended = Some(match last {
            Reply::Left(_) => Reply::Left(Farewell::default()),
            broken => broken.clone(),
        });
        let ids: Vec<GuestId> = self.guests.keys().copied().collect();
        for id in ids {
            match last {
                Reply::Left(_) => self.leave_now(id),
                broken => {
                    if let Some(guest) = self.remove(id) {
                        guest.shared.last_reply(broken.clone());
                    }
                }
            }
        }
    }

    fn to(&self, id: GuestId, reply: Reply) {
        if let Some(guest) = self.guests.get(&id) {
            guest.shared.reply(reply);
        }
    }

    fn to_seated(&self, player: PlayerId, reply: &Reply) {
        for id in self.seated(player) {
            self.to(id, reply.clone());
        }
    }

    fn to_all(&self, reply: &Reply) {
        for guest in self.guests.values() {
            guest.shared.reply(reply.clone());
        }
    }
}
