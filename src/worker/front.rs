//! Takes commands at once, passes answers on, keeps what waits, and ends the worker in time.

use std::sync::Arc;

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender};
use tokio::task::{JoinError, JoinHandle};
use tokio::time::Instant;

use super::outbox::{Adopted, Outbox};
use super::past::Question;
use super::{Event, Shared};
use crate::game::Rules;
use crate::message::{BrokenKind, Change, Command, Farewell, Reply, Trouble};
use crate::store::{Remedy, StoreError};
use crate::words::Say;

/// The task's state.
pub struct Front<O> {
    shared: Arc<Shared>,
    outbox: O,
    replies: UnboundedSender<Reply>,
    /// The database's own name, once it is open.
    database: Option<String>,
    /// Why the store can't take presses now, and when it is tried again.
    trouble: Option<(Trouble, Instant)>,
    /// Whether the outbox holds a letter of this run.
    letter: bool,
    /// So many presses of this run were said to be kept since the trouble began.
    said_kept: u64,
    deadline: Option<Instant>,
}

/// Why the front ends.
enum End {
    /// Asked to, and drained or out of time.
    Left,
    /// The store can't be used.
    Broken(StoreError),
    /// A task panicked.
    Panicked(JoinError),
}

impl<O: Outbox> Front<O> {
    pub fn new(shared: Arc<Shared>, outbox: O, replies: UnboundedSender<Reply>) -> Self {
        Self {
            shared,
            outbox,
            replies,
            database: None,
            trouble: None,
            letter: false,
            said_kept: 0,
            deadline: None,
        }
    }

    fn reply(&self, reply: Reply) {
        // Nobody listens any more when the screen has gone; the presses are still drained.
        let _ = self.replies.send(reply);
    }

    pub async fn run(
        mut self,
        mut commands: UnboundedReceiver<Command>,
        mut events: UnboundedReceiver<Event>,
        mut scorer: JoinHandle<()>,
        mut watcher: JoinHandle<()>,
    ) {
        let mut watching = true;
        let mut listening = true;
        let end = loop {
            let out_of_time = async {
                match self.deadline {
                    Some(at) => tokio::time::sleep_until(at).await,
                    None => std::future::pending().await,
                }
            };
            // In this order, so that whatever the tasks said before they ended is heard first.
            tokio::select! {
                biased;
                Some(event) = events.recv() => {
                    if let Some(end) = self.on_event(event) {
                        break end;
                    }
                }
                command = commands.recv(), if listening => {
                    listening = command.is_some();
                    if self.on_commands(command, &mut commands) {
                        break End::Left;
                    }
                }
                ended = &mut scorer => match ended {
                    Ok(()) => break End::Left,
                    Err(panic) => break End::Panicked(panic),
                },
                ended = &mut watcher, if watching => match ended {
                    Ok(()) => watching = false,
                    Err(panic) => break End::Panicked(panic),
                },
                () = out_of_time => break End::Left,
            }
        };
        while let Ok(event) = events.try_recv() {
            let _ = self.on_event(event);
        }
        if let Ok(command) = commands.try_recv() {
            let _ = self.on_commands(Some(command), &mut commands);
        }
        watcher.abort();
        self.end(end);
    }

    /// Takes a command and all that have come with it; true where it is to end at once.
    fn on_commands(
        &mut self,
        first: Option<Command>,
        more: &mut UnboundedReceiver<Command>,
    ) -> bool {
        // The sender gone is the screen gone: save what there is and end.
        let mut next = Some(first.unwrap_or(Command::Leave));
        let mut now = false;
        {
            let shared = Arc::clone(&self.shared);
            let mut ledger = shared.ledger();
            while let Some(command) = next {
                match command {
                    Command::Press(player) => ledger.press(player),
                    Command::Add(entry) => ledger.change(Change::Add(entry)),
                    Command::Edit(player, entry) => ledger.change(Change::Edit(player, entry)),
                    Command::Remove(player) => ledger.change(Change::Remove(player)),
                    Command::Seek(name) => shared.seek(name),
                    Command::Show(aim) => shared.ask(Question::Show(aim)),
                    Command::Surround(player) => shared.ask(Question::Surround(player)),
                    Command::Search(wanted) => shared.ask(Question::Search(wanted)),
                    Command::Rank(period, zone) => shared.ask(Question::Rank(period, zone)),
                    Command::Recall(player) => shared.ask(Question::Recall(player)),
                    Command::Bests(player) => shared.ask(Question::Bests(player)),
                    Command::BeginSprint(player) => ledger.sprint_begins(player),
                    Command::KeepSprint(sprinted) => ledger.sprinted(sprinted),
                    Command::Race(player, entrance) => ledger.race(player, entrance),
                    Command::ReportRace(progress) => ledger.progress(progress),
                    Command::WatchRace(race) => shared.watch_race(race),
                    Command::Races => shared.ask(Question::Races),
                    Command::Rest => ledger.resting = true,
                    Command::Resume => ledger.resting = false,
                    Command::Leave => {
                        ledger.leaving = true;
                        let drain = shared.timing.drain;
                        self.deadline.get_or_insert_with(|| Instant::now() + drain);
                        // Before the database is open there is nothing that could be saved.
                        now |= self.database.is_none() && !ledger.has_work();
                    }
                    Command::LeaveNow => now = true,
                }
                next = more.try_recv().ok();
            }
            if ledger.leaving {
                shared.hurry.notify_one();
            }
        }
        self.keep_or_complain();
        self.shared.work.notify_one();
        now
    }

    fn on_event(&mut self, event: Event) -> Option<End> {
        match event {
            Event::Opened(snapshot, window) => {
                self.database = Some(snapshot.database.clone());
                // Who may not play leaves them where they are, for a time when they can be counted.
                let Adopted {
                    letters,
                    unreadable,
                } = if snapshot.rights.play {
                    self.outbox.adopt(&snapshot.database)
                } else {
                    Adopted::default()
                };
                let mut kept = 0;
                {
                    let mut ledger = self.shared.ledger();
                    for letter in &letters {
                        ledger.adopt(letter);
                        kept += letter.waiting();
                    }
                }
                self.reply(Reply::Opened {
                    window,
                    kept,
                    rights: snapshot.rights,
                });
                if snapshot.rules != Rules::default() {
                    self.reply(Reply::Rules(snapshot.rules));
                }
                if let Some((path, why)) = unreadable.into_iter().next() {
                    self.reply(Reply::Notice(Say::KeptUnreadable { path, why }));
                }
                self.shared.work.notify_one();
            }
            Event::Say(reply) => {
                if reply == Reply::Resting
                    && let Err(why) = self.keep()
                {
                    // They wait in memory all the same; only a kill would lose them.
                    tracing::warn!(why, "the presses that rest can't be kept");
                }
                let settled = matches!(
                    reply,
                    Reply::Counted { .. } | Reply::Refused { .. } | Reply::OverRate { .. }
                );
                self.reply(reply);
                let own = self.shared.ledger().client;
                if settled && self.letter && !self.shared.ledger().is_waiting(own) {
                    self.discard(own);
                }
            }
            Event::Trouble(mut trouble) => {
                trouble.unkept = self.keep().err();
                let next_try = Instant::now() + trouble.retry_in;
                self.trouble = Some((trouble.clone(), next_try));
                let leave = self.deadline.is_some();
                self.reply(Reply::Trouble(trouble));
                if leave {
                    // Tried once more in vain; what waits is in the outbox.
                    return Some(End::Left);
                }
            }
            Event::Calm => {
                self.trouble = None;
                self.said_kept = 0;
                self.reply(Reply::Calm);
            }
            Event::Delivered(client) => self.delivered(client),
            Event::Broken(error) => return Some(End::Broken(error)),
        }
        None
    }

    /// Keeps this run's waiting presses on this machine.
    fn keep(&mut self) -> Result<(), String> {
        let Some(database) = &self.database else {
            return Ok(());
        };
        let letter = self.shared.ledger().own_letter(database);
        if letter.presses.is_empty() {
            return Ok(());
        }
        self.outbox.keep(&letter).map_err(|e| e.to_string())?;
        self.shared.ledger().keep_row = true;
        self.letter = true;
        let kept = letter.waiting();
        if std::mem::replace(&mut self.said_kept, kept) != kept {
            self.reply(Reply::Kept(kept));
        }
        Ok(())
    }

    /// During trouble, keeps what just came; what can't be kept changes the sentence on the screen.
    fn keep_or_complain(&mut self) {
        let Some((mut trouble, next_try)) = self.trouble.clone() else {
            return;
        };
        let unkept = self.keep().err();
        if unkept != trouble.unkept {
            trouble.unkept = unkept;
            trouble.retry_in = next_try.saturating_duration_since(Instant::now());
            self.trouble = Some((trouble.clone(), next_try));
            self.reply(Reply::Trouble(trouble));
        }
    }

    /// Drops a letter, but for what of it can't be delivered.
    fn delivered(&mut self, client: crate::store::ClientId) {
        let database = self.database.as_deref().unwrap_or_default();
        let rest = self.shared.ledger().letter_put_aside(client, database);
        let Some(rest) = rest else {
            return self.discard(client);
        };
        if let Err(error) = self.outbox.keep(&rest) {
            // As it was, it is as good: what was delivered of it adds nothing.
            tracing::warn!(%error, "a letter can't be shortened");
        }
    }

    fn discard(&mut self, client: crate::store::ClientId) {
        if client == self.shared.ledger().client {
            self.letter = false;
        }
        if let Err(error) = self.outbox.discard(client) {
            // Delivered again, it adds nothing.
            tracing::warn!(%error, "a delivered letter stays in the outbox");
        }
    }

    fn end(mut self, end: End) {
        let waiting = self.shared.ledger().waiting();
        let farewell = match self.keep() {
            Ok(()) => Farewell {
                kept: waiting,
                lost: None,
            },
            Err(why) => Farewell {
                kept: 0,
                lost: Some((waiting, why.into())),
            },
        };
        self.reply(match end {
            End::Left => Reply::Left(farewell),
            End::Broken(error) => Reply::Broken {
                kind: match error.remedy() {
                    Remedy::Stop(kind) => kind,
                    _ => BrokenKind::Unreachable,
                },
                why: error.into(),
                farewell,
            },
            End::Panicked(panic) => Reply::Broken {
                why: Say::PartFailed {
                    panic: panic.to_string(),
                },
                kind: BrokenKind::Internal,
                farewell,
            },
        });
    }
}
