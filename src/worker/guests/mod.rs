//! Lets many games share one worker: checks each guest's commands against its seat, and sends it
//! its own replies.
//!
//! All guests together are one client, whose total for a player sums up all guests who play for
//! that player. Writes go through the worker's ledger. Questions are answered by the reader on one
//! more connection, one guest after the other.

mod all;
mod answers;
mod booked;
mod codes;
mod reader;

use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::oneshot;

use super::shared::{Shared, lock};
use super::{Handle, Timing, Worker};
use crate::message::{
    BrokenKind, Change, Command, ContestCommand, Farewell, Question, Reply, Seat,
};
use crate::store::{AnyStore, ClientId, SshKey, WINDOW};
use crate::words::Say;
use all::{All, Guest};
use codes::Codes;
use reader::Ask;

/// How many players a guest's list holds at a time. Each guest follows all of them, so with many
/// guests this decides how many fit on a machine.
pub const PART: u32 = 64;

/// Whom a game server lets in.
#[derive(Debug, Clone, Copy)]
pub struct Admission {
    /// Whether an unknown key may add a player.
    pub join: bool,
    /// Whether somebody without a player may watch.
    pub watch: bool,
}

/// Somebody who connects.
#[derive(Debug, Clone)]
pub struct Visitor {
    /// The ssh key that was authenticated, if any.
    pub key: Option<SshKey>,
    /// The code that adds this key to a player.
    pub code: Option<String>,
}

/// The id of a guest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct GuestId(u64);

/// The guests of one worker.
pub struct Guests {
    all: Mutex<All>,
    worker: Handle,
    asks: UnboundedSender<Ask>,
    codes: Mutex<Codes>,
    admission: Admission,
    timing: Timing,
}

/// Lets guests play with a worker. `reading` is a store of the same database. Also returns how the
/// worker ends.
pub fn welcome(
    worker: Worker,
    reading: AnyStore,
    admission: Admission,
    timing: Timing,
) -> (Arc<Guests>, impl Future<Output = End>) {
    let (asks, asked) = unbounded_channel();
    let (opened, is_open) = oneshot::channel();
    let guests = Arc::new(Guests {
        all: Mutex::default(),
        worker: worker.handle,
        asks,
        codes: Mutex::default(),
        admission,
        timing,
    });
    let (give_end, end) = oneshot::channel();
    let pass_on = answers::pass_on(Arc::clone(&guests), worker.replies, opened);
    tokio::spawn(async move {
        let _ = give_end.send(pass_on.await);
    });
    tokio::spawn(reader::read(Arc::clone(&guests), reading, asked, is_open));
    let end = async { end.await.unwrap_or_default() };
    (guests, end)
}

/// Whether a user name has the form of a code.
pub fn is_code(user: &str) -> bool {
    user.starts_with(codes::PREFIX)
}

/// How the worker ended: what became of the waiting presses, and the failure that ended it.
pub type End = (Farewell, Option<(BrokenKind, Say)>);

/// Takes the commands of one guest. If it is dropped, the guest is gone; its presses stay.
pub struct GuestHandle {
    guests: Arc<Guests>,
    id: GuestId,
}

impl GuestHandle {
    /// Sends the guest a sentence.
    pub fn notify(&self, what: Say) {
        let all = self.guests.all();
        if let Some(guest) = all.guests.get(&self.id) {
            guest.shared.reply(Reply::Notice(what));
        }
    }

    /// Carries out a command, as far as the guest's seat allows.
    pub fn send(&self, command: Command) {
        self.guests.send(self.id, command);
    }
}

impl Drop for GuestHandle {
    fn drop(&mut self) {
        self.guests.all().remove(self.id);
    }
}

impl Guests {
    fn all(&self) -> MutexGuard<'_, All> {
        lock(&self.all)
    }

    /// Lets a visitor in. Returns where to send commands, and the replies.
    pub fn enter(self: &Arc<Self>, visitor: Visitor) -> (GuestHandle, UnboundedReceiver<Reply>) {
        let (replies, answers) = unbounded_channel();
        let shared = Arc::new(Shared::new(ClientId::nil(), self.timing, replies));
        let mut all = self.all();
        let id = GuestId(all.next);
        all.next += 1;
        if let Some(trouble) = all.trouble.clone() {
            shared.reply(Reply::Trouble(trouble));
        }
        if let Some(ended) = all.ended.clone() {
            shared.last_reply(ended);
        }
        let guest = Guest {
            visitor,
            seat: Seat::Watcher,
            shared,
            listing: None,
            asks: false,
            counted: 0,
            changes: 0,
            leaving: false,
        };
        all.guests.insert(id, guest);
        drop(all);
        self.ask(Ask::Open(id));
        let guests = Arc::clone(self);
        (GuestHandle { guests, id }, answers)
    }

    /// Creates a code that adds another key to the player with this key.
    ///
    /// # Errors
    /// Why there is none: a sentence.
    pub async fn code(&self, key: SshKey) -> Result<String, Say> {
        let (give, given) = oneshot::channel();
        self.ask(Ask::Code(key, give));
        given.await.unwrap_or(Err(Say::WorkerGone))
    }

    /// How many guests there are.
    pub fn count(&self) -> usize {
        self.all().guests.len()
    }

    /// Ends the worker, once all is committed or in its outbox.
    pub fn end(&self) {
        self.worker.send(Command::Leave);
    }

    fn ask(&self, ask: Ask) {
        // If the reader is gone, the worker has ended.
        let _ = self.asks.send(ask);
    }

    fn send(self: &Arc<Self>, id: GuestId, command: Command) {
        let mut all = self.all();
        let Some(guest) = all.guests.get_mut(&id) else {
            return;
        };
        let seat = guest.seat;
        match command {
            Command::Press(player, presses) if seat.is_for(player) => {
                all.booked.entry(player).or_default().press(id, presses);
                self.worker.send(command);
            }
            Command::Press(player, presses) => guest.shared.reply(Reply::Refused {
                player,
                presses,
                why: Say::NotYours,
            }),
            Command::Change(Change::Add(entry)) if seat == Seat::Newcomer && guest.changes == 0 => {
                guest.changes += 1;
                drop(all);
                self.ask(Ask::Add(id, entry));
            }
            Command::Change(change @ Change::Edit(player, _))
                if seat.is_for(player) && guest.changes > 0 =>
            {
                guest
                    .shared
                    .reply(Reply::Failed(change, Say::StillChanging));
            }
            Command::Change(Change::Edit(player, _)) if seat.is_for(player) => {
                guest.changes += 1;
                all.changes.push_back(id);
                self.worker.send(command);
            }
            Command::Change(change) => {
                guest.shared.reply(Reply::Failed(change, Say::KeeperOnly));
            }
            Command::Contest(contest) if seat.is_for(contest.player()) => {
                // The ledger has one entrance per player.
                if let ContestCommand::EnterRace(player, _) = contest
                    && !all.entrances.contains(&player)
                {
                    all.entrances.push_back(player);
                }
                self.worker.send(Command::Contest(contest));
            }
            Command::Contest(ContestCommand::EnterRace(..)) => {
                guest.shared.reply(Reply::RaceMissed(Say::NotYours));
            }
            Command::Contest(_) => {}
            Command::Ask(Question::Show(aim, players)) => {
                self.question(guest, id, Question::Show(aim, players.min(WINDOW)));
            }
            Command::Ask(question) => self.question(guest, id, question),
            Command::WatchRace(race) => {
                guest.shared.questions().watched = race;
                drop(all);
                self.ask(Ask::Races);
            }
            Command::Leave => {
                guest.leaving = true;
                all.leave_if_done(id);
                drop(all);
                self.leave_in_time(id);
            }
            Command::LeaveNow => all.leave_now(id),
            // These concern the whole process, not one guest.
            Command::Rest | Command::Resume | Command::StartOn(_) | Command::Remember(..) => {}
        }
    }

    fn question(&self, guest: &mut Guest, id: GuestId, question: Question) {
        guest.shared.ask(question);
        if guest.listing.is_some() && !std::mem::replace(&mut guest.asks, true) {
            self.ask(Ask::Questions(id));
        }
    }

    /// Ends a guest's session at the latest after the drain's time limit.
    fn leave_in_time(self: &Arc<Self>, id: GuestId) {
        let (guests, drain) = (Arc::clone(self), self.timing.drain);
        tokio::spawn(async move {
            tokio::time::sleep(drain).await;
            guests.all().leave_now(id);
        });
    }

    /// Schedules sending changed players to all guests, a little later, so that many scores become
    /// one message.
    fn send_news_soon(self: &Arc<Self>, all: &mut All) {
        if all.news.is_empty() && all.gone.is_empty() || std::mem::replace(&mut all.news_due, true)
        {
            return;
        }
        let many = u64::try_from(all.guests.len()).unwrap_or(u64::MAX);
        let wait = Duration::from_millis((NEWS + many).min(SLOWEST_NEWS));
        let guests = Arc::clone(self);
        tokio::spawn(async move {
            tokio::time::sleep(wait).await;
            guests.all().send_news();
        });
    }
}

/// The delay in milliseconds before others' scores are sent. It grows with the number of guests up
/// to the second value.
const NEWS: u64 = 50;
const SLOWEST_NEWS: u64 = 350;
