//! Keeps presses in the outbox while the database can't store them, and removes them once it has.
//!
//! The scorer calls it when the store fails or recovers, and the supervisor when presses come in
//! between. Each call holds one lock, so that the replies and the outbox always agree.

use std::sync::{Arc, Mutex, MutexGuard};

use tokio::time::Instant;

use super::outbox::{Adopted, Outbox, OutboxEntry};
use super::shared::{Shared, lock};
use crate::game::{PlayerId, Rules, Window};
use crate::message::{Farewell, Reply, Trouble};
use crate::store::{ClientId, Snapshot};
use crate::words::Say;

/// Moves presses between the ledger and the outbox.
pub struct Keeper {
    shared: Arc<Shared>,
    /// `None` once the worker has ended: the outbox is then left to the next run.
    kept: Mutex<Option<Kept>>,
}

struct Kept {
    outbox: Box<dyn Outbox>,
    /// The database's name for itself, once it is open.
    database: Option<String>,
    /// Why the store can't take presses now, and when it is tried again.
    trouble: Option<(Trouble, Instant)>,
    /// Whether the outbox holds something of this run.
    holds_own: bool,
    /// How many presses of this run were last reported as kept.
    said: u64,
}

impl Keeper {
    pub fn new(shared: Arc<Shared>, outbox: impl Outbox) -> Self {
        Self {
            shared,
            kept: Mutex::new(Some(Kept {
                outbox: Box::new(outbox),
                database: None,
                trouble: None,
                holds_own: false,
                said: 0,
            })),
        }
    }

    /// Runs a closure, unless the worker has ended.
    fn with<T>(&self, act: impl FnOnce(&Shared, &mut Kept) -> T) -> Option<T> {
        let mut kept: MutexGuard<'_, Option<Kept>> = lock(&self.kept);
        kept.as_mut().map(|kept| act(&self.shared, kept))
    }

    /// Adds the presses of earlier runs to the ledger, and replies that the database is open.
    pub fn opened(&self, snapshot: Snapshot, window: Window, last: Option<PlayerId>) {
        self.with(|shared, kept| {
            // Without the right to play they stay in the outbox until a later run can count them.
            let adopted = match snapshot.rights.play {
                true => kept.outbox.adopt(&snapshot.database),
                false => Adopted::default(),
            };
            let mut ledger = shared.ledger();
            for entry in &adopted.entries {
                ledger.adopt(entry);
            }
            drop(ledger);
            kept.database = Some(snapshot.database);
            shared.reply(Reply::Opened {
                window,
                last,
                kept: adopted.entries.iter().map(OutboxEntry::waiting).sum(),
                rights: snapshot.rights,
            });
            if snapshot.rules != Rules::default() {
                shared.reply(Reply::Rules(snapshot.rules));
            }
            if let Some((path, why)) = adopted.unreadable.into_iter().next() {
                shared.reply(Reply::Notice(Say::KeptUnreadable { path, why }));
            }
        });
    }

    /// Whether the database is open.
    pub fn is_open(&self) -> bool {
        self.with(|_, kept| kept.database.is_some()) == Some(true)
    }

    /// Keeps the waiting presses, and replies that the store fails.
    pub fn trouble(&self, mut trouble: Trouble) {
        self.with(|shared, kept| {
            shared.ledger().troubled = true;
            trouble.unkept = kept.keep(shared).err();
            let next_try = Instant::now() + trouble.retry_in;
            kept.trouble = Some((trouble.clone(), next_try));
            shared.reply(Reply::Trouble(trouble));
        });
    }

    /// Replies that the store works again.
    pub fn recovered(&self) {
        self.with(|shared, kept| {
            shared.ledger().troubled = false;
            kept.trouble = None;
            kept.said = 0;
            shared.reply(Reply::Recovered);
        });
    }

    /// While the store fails, keeps new presses, and replies if it changes whether they can be
    /// kept.
    pub fn keep_more(&self) {
        self.with(|shared, kept| {
            let Some((mut trouble, next_try)) = kept.trouble.clone() else {
                return;
            };
            let unkept = kept.keep(shared).err();
            if unkept != trouble.unkept {
                trouble.unkept = unkept;
                trouble.retry_in = next_try.saturating_duration_since(Instant::now());
                kept.trouble = Some((trouble.clone(), next_try));
                shared.reply(Reply::Trouble(trouble));
            }
        });
    }

    /// Keeps the waiting presses, and replies that a rest has begun.
    pub fn rest(&self) {
        self.with(|shared, kept| {
            if let Err(why) = kept.keep(shared) {
                // They still wait in memory. Only a kill would lose them.
                tracing::warn!(why, "the presses that rest can't be kept");
            }
            shared.reply(Reply::Resting);
        });
    }

    /// Removes a client's entry once none of its presses waits. It is called after the commit was
    /// replied, so that a crash in between loses nothing.
    pub fn settled(&self, client: ClientId) {
        self.with(|shared, kept| {
            let ledger = shared.ledger();
            let (waits, own) = (ledger.is_waiting(client), ledger.client == client);
            drop(ledger);
            match own {
                _ if waits => {}
                true if kept.holds_own => {
                    kept.holds_own = false;
                    kept.discard(client);
                }
                true => {}
                false => kept.delivered(shared, client),
            }
        });
    }

    /// Keeps the waiting presses, and sends the last reply.
    pub fn end(&self, reply: impl FnOnce(Farewell) -> Reply) {
        let mut kept = lock(&self.kept);
        let Some(mut last) = kept.take() else {
            return;
        };
        let waiting = self.shared.ledger().waiting();
        let farewell = match last.keep(&self.shared) {
            Ok(()) => Farewell {
                kept: waiting,
                lost: None,
            },
            Err(why) => Farewell {
                kept: 0,
                lost: Some((waiting, why.into())),
            },
        };
        self.shared.last_reply(reply(farewell));
    }
}

impl Kept {
    /// Keeps this run's waiting presses on this machine.
    fn keep(&mut self, shared: &Shared) -> Result<(), String> {
        let Some(database) = &self.database else {
            return Ok(());
        };
        let entry = shared.ledger().own_entry(database);
        if entry.presses.is_empty() {
            return Ok(());
        }
        self.outbox.keep(&entry).map_err(|e| e.to_string())?;
        shared.ledger().keep_row = true;
        self.holds_own = true;
        let kept = entry.waiting();
        if std::mem::replace(&mut self.said, kept) != kept {
            shared.reply(Reply::Kept(kept));
        }
        Ok(())
    }

    /// Removes an earlier run's entry, except for the presses that can't be delivered.
    fn delivered(&mut self, shared: &Shared, client: ClientId) {
        let database = self.database.as_deref().unwrap_or_default();
        let rest = shared.ledger().entry_put_aside(client, database);
        let Some(rest) = rest else {
            return self.discard(client);
        };
        if let Err(error) = self.outbox.keep(&rest) {
            // The old entry does no harm: delivering it again adds nothing.
            tracing::warn!(%error, "an entry can't be shortened");
        }
    }

    fn discard(&mut self, client: ClientId) {
        if let Err(error) = self.outbox.discard(client) {
            // Delivering it again adds nothing.
            tracing::warn!(%error, "a delivered entry stays in the outbox");
        }
    }
}
