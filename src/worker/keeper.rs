//! Keeps presses in the outbox while the database can't take them, and drops them once it has.
//!
//! The scorer calls it when the store fails or recovers, and the supervisor when presses come
//! meanwhile. Each call holds one lock, so that the replies and the outbox never differ.

use std::sync::{Arc, Mutex, MutexGuard};

use tokio::time::Instant;

use super::outbox::{Adopted, Outbox, OutboxEntry};
use super::shared::{Shared, lock};
use crate::game::{PlayerId, Rules, Window};
use crate::message::{Farewell, Reply, Trouble};
use crate::store::{ClientId, Snapshot};
use crate::words::Say;

/// What stands between the ledger and the outbox.
pub struct Keeper {
    shared: Arc<Shared>,
    /// None once the worker has ended: what is in the outbox then is for the next run.
    kept: Mutex<Option<Kept>>,
}

struct Kept {
    outbox: Box<dyn Outbox>,
    /// The database's own name, once it is open.
    database: Option<String>,
    /// Why the store can't take presses now, and when it is tried again.
    trouble: Option<(Trouble, Instant)>,
    /// Whether the outbox holds something of this run.
    holds_own: bool,
    /// How many presses of this run were said to be kept since the trouble began.
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

    /// Books what earlier runs left behind, and tells that the database is open.
    pub fn opened(&self, snapshot: Snapshot, window: Window, last: Option<PlayerId>) {
        self.with(|shared, kept| kept.opened(shared, snapshot, window, last));
    }

    /// Whether the database is open.
    pub fn is_open(&self) -> bool {
        self.with(|_, kept| kept.database.is_some()) == Some(true)
    }

    /// Keeps what waits, and tells that the store can't take it now.
    pub fn trouble(&self, mut trouble: Trouble) {
        self.with(|shared, kept| {
            shared.ledger().troubled = true;
            trouble.unkept = kept.keep(shared).err();
            let next_try = Instant::now() + trouble.retry_in;
            kept.trouble = Some((trouble.clone(), next_try));
            shared.reply(Reply::Trouble(trouble));
        });
    }

    /// Tells that the store takes presses again.
    pub fn recovered(&self) {
        self.with(|shared, kept| {
            shared.ledger().troubled = false;
            kept.trouble = None;
            kept.said = 0;
            shared.reply(Reply::Recovered);
        });
    }

    /// During trouble, keeps what just came; what can't be kept changes the sentence on the screen.
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

    /// Keeps what waits, and tells that a rest has begun.
    pub fn rest(&self) {
        self.with(|shared, kept| {
            if let Err(why) = kept.keep(shared) {
                // They wait in memory all the same; only a kill would lose them.
                tracing::warn!(why, "the presses that rest can't be kept");
            }
            shared.reply(Reply::Resting);
        });
    }

    /// Drops a client's entry once none of its presses waits. It is called after the reply that says
    /// so, or a crash between the two would lose the presses.
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

    /// Keeps what waits, and sends the last reply.
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
    fn opened(
        &mut self,
        shared: &Shared,
        snapshot: Snapshot,
        window: Window,
        last: Option<PlayerId>,
    ) {
        // Who may not play leaves them where they are, for a time when they can be counted.
        let adopted = match snapshot.rights.play {
            true => self.outbox.adopt(&snapshot.database),
            false => Adopted::default(),
        };
        let mut ledger = shared.ledger();
        for entry in &adopted.entries {
            ledger.adopt(entry);
        }
        drop(ledger);
        self.database = Some(snapshot.database);
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
    }

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

    /// Drops an earlier run's entry, except for the presses that can't be delivered.
    fn delivered(&mut self, shared: &Shared, client: ClientId) {
        let database = self.database.as_deref().unwrap_or_default();
        let rest = shared.ledger().entry_put_aside(client, database);
        let Some(rest) = rest else {
            return self.discard(client);
        };
        if let Err(error) = self.outbox.keep(&rest) {
            // As it was, it is as good: what was delivered of it adds nothing.
            tracing::warn!(%error, "an entry can't be shortened");
        }
    }

    fn discard(&mut self, client: ClientId) {
        if let Err(error) = self.outbox.discard(client) {
            // Delivered again, it adds nothing.
            tracing::warn!(%error, "a delivered entry stays in the outbox");
        }
    }
}
