//! Owns the writing store and runs one transaction at a time.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::oneshot;
use tokio::time::Instant;

use super::backoff::Backoff;
use super::keeper::Keeper;
use super::ledger::{Account, Job, Settled};
use super::listing::anew;
use super::shared::{Shared, trouble};
use crate::game::{Aim, PlayerId, Window};
use crate::message::Reply;
use crate::store::{Cursor, Remedy, SessionId, Store, StoreError, Total};
use crate::words::Say;

mod checking;
mod jobs;
mod presence;

/// Whether to continue or to end; with an error if the store can't be used any more.
type Flow = ControlFlow<Result<(), StoreError>>;

/// How long to rest after counting for several players, for each of them. While many press, this
/// gathers more presses for the next time. Who plays alone never waits.
const REST: Duration = Duration::from_micros(500);

/// The longest rest: less than a person can feel.
const LONGEST_REST: Duration = Duration::from_millis(5);

/// What the watcher starts with.
#[derive(Debug, Clone, Copy)]
pub struct Beginning {
    /// From where it looks for changes.
    pub cursor: Cursor,
    /// Whether the list is only a part of all players.
    pub is_part: bool,
    /// The part of the list to read again after a survey, if no survey has counted the players
    /// below it.
    pub anew: Option<Aim>,
}

/// The task's state.
pub struct Scorer<S> {
    store: S,
    shared: Arc<Shared>,
    keeper: Arc<Keeper>,
    backoff: Backoff,
    failing_since: Option<Instant>,
    troubled: bool,
    /// Whether the user may remove old clients, and when that is next due.
    tidies: bool,
    tidy_at: Instant,
}

impl<S: Store> Scorer<S> {
    pub fn new(store: S, shared: Arc<Shared>, keeper: Arc<Keeper>) -> Self {
        let timing = shared.timing;
        Self {
            store,
            shared,
            keeper,
            backoff: Backoff::new(timing.first_retry, timing.longest_retry),
            failing_since: None,
            troubled: false,
            tidies: false,
            tidy_at: Instant::now() + timing.first_tidy,
        }
    }

    /// Opens the database, then works until there is nothing left to do and nothing more to come.
    ///
    /// # Errors
    /// If the store can't be used any more.
    pub async fn run(mut self, opened: oneshot::Sender<Beginning>) -> Result<(), StoreError> {
        let mut snapshot = match self.open().await {
            ControlFlow::Continue(snapshot) => snapshot,
            ControlFlow::Break(end) => return end,
        };
        let mut window = Window {
            players: std::mem::take(&mut snapshot.players),
            below: snapshot.below,
            ..Window::default()
        };
        let (around, last) = self.start_on(&window, &snapshot.database).await;
        if let Some(around) = around {
            window = around;
        }
        self.tidies = snapshot.rights.play;
        self.shared.ledger().opened(&snapshot);
        let beginning = Beginning {
            cursor: snapshot.cursor,
            is_part: !window.is_everyone(),
            anew: anew(&window),
        };
        self.keeper.opened(snapshot, window, last);
        let _ = opened.send(beginning);
        let mut said_resting = false;
        loop {
            let shared = Arc::clone(&self.shared);
            // Created before the ledger is read, so that no press in between is missed.
            let work = shared.work.notified();
            let (resting, has_work, leaving) = {
                let ledger = shared.ledger();
                (ledger.resting, ledger.has_work(), ledger.leaving)
            };
            if resting && !leaving {
                if !std::mem::replace(&mut said_resting, true) {
                    self.keeper.rest();
                }
                work.await;
                continue;
            }
            said_resting = false;
            if has_work {
                if let ControlFlow::Break(end) = self.step().await {
                    return end;
                }
            } else if leaving {
                break;
            } else if tokio::time::timeout_at(self.tidy_at, work).await.is_err() {
                self.tidy().await;
            }
        }
        self.retire().await;
        Ok(())
    }

    /// Runs one job. It is chosen after the wait for the file's lock, so that it includes all
    /// presses until then.
    async fn step(&mut self) -> Flow {
        self.failing_since.get_or_insert_with(Instant::now);
        if let Err(error) = self.store.turn().await {
            return self.failed(error).await;
        }
        let job = self.shared.ledger().next();
        match job {
            Some(Job::Check(account)) => self.look_up(account).await,
            Some(Job::Register(group)) => self.register(group).await,
            Some(Job::Count(group)) => {
                let players = group.len() as u32;
                self.count(group).await?;
                if players > 1 {
                    tokio::time::sleep(LONGEST_REST.min(REST * players)).await;
                }
                ControlFlow::Continue(())
            }
            Some(Job::Change(change)) => self.change(change).await,
            Some(Job::Contest(account, job)) => self.contest_job(account, job).await,
            None => ControlFlow::Continue(()),
        }
    }

    /// Finds or creates an account's session.
    async fn look_up(&mut self, account: Account) -> Flow {
        match self.session(&account).await {
            Ok(_) => ControlFlow::Continue(()),
            Err(error) => self.count_failed(&account, error).await,
        }
    }

    /// Makes the rows of new accounts. Where that fails, each is tried alone next.
    async fn register(&mut self, group: Vec<Account>) -> Flow {
        let client = self.shared.ledger().client;
        let players: Vec<PlayerId> = group.iter().map(|account| account.player).collect();
        match self.store.register_all(client, &players).await {
            Ok(sessions) => {
                let mut ledger = self.shared.ledger();
                for (player, session) in sessions {
                    ledger.registered(client, player, session);
                }
                ledger.handle_alone_unless_registered(&group);
                ControlFlow::Continue(())
            }
            Err(error) => {
                if !error.is_offline() {
                    self.shared.ledger().handle_alone_unless_registered(&group);
                }
                match error.remedy() {
                    Remedy::Refuse => ControlFlow::Continue(()),
                    _ => self.failed(error).await,
                }
            }
        }
    }

    /// Commits the totals of a group in one transaction.
    async fn count(&mut self, group: Vec<Account>) -> Flow {
        crate::fault::point("count");
        let totals: Vec<Total> = group.iter().filter_map(Account::total).collect();
        let counted = match self.store.count_all(&totals).await {
            Ok(counted) => counted,
            Err(error) => return self.group_failed(&group, error).await,
        };
        self.succeeded();
        let mut committed = self.shared.committed();
        committed.extend(group.iter().map(|account| account.player));
        let mut over = Vec::new();
        for (account, counted) in group.iter().zip(counted) {
            let Account { client, player, .. } = *account;
            let mut ledger = self.shared.ledger();
            let own = client == ledger.client;
            let booked = ledger.account(client, player).map(|a| a.settle(counted));
            drop(ledger);
            let Settled {
                scored,
                news,
                refusals,
            } = booked.unwrap_or_default();
            self.shared.reply(if own {
                Reply::Counted {
                    player,
                    counted: scored,
                    score: counted.score,
                }
            } else {
                Reply::Delivered {
                    player,
                    presses: news,
                    score: counted.score,
                }
            });
            if refusals > 0 {
                over.push((own, player, refusals, counted.max_rate));
            }
        }
        drop(committed);
        for (own, player, refusals, limit) in over {
            self.over_rate(own, player, refusals, limit);
        }
        if let Some(account) = group.first() {
            self.keeper.settled(account.client);
        }
        ControlFlow::Continue(())
    }

    /// Handles a failed count. The error of a single account is reported. In a group one account
    /// may be the cause, so each is counted alone next; some may be counted already.
    async fn group_failed(&mut self, group: &[Account], error: StoreError) -> Flow {
        if group.len() > 1 || !error.wrote_nothing() {
            self.shared.ledger().doubt(group);
        }
        match group {
            [account] if error == StoreError::Gone => match self.row_is_gone(account).await {
                Ok(()) => ControlFlow::Continue(()),
                Err(error) => self.count_failed(account, error).await,
            },
            [account] => self.count_failed(account, error).await,
            _ => {
                if !error.is_offline() {
                    self.shared.ledger().count_alone(group);
                }
                match error.remedy() {
                    Remedy::Refuse => ControlFlow::Continue(()),
                    _ => self.failed(error).await,
                }
            }
        }
    }

    /// Replies how many presses the database has settled without counting them.
    fn over_rate(&self, own: bool, player: PlayerId, presses: u64, limit: Option<u32>) {
        self.shared.reply(if own {
            Reply::OverRate {
                player,
                presses,
                limit,
            }
        } else {
            let why = match limit.map(u64::from) {
                Some(limit) => Say::KeptOverRate { presses, limit },
                None => Say::KeptOverRateBefore { presses },
            };
            Reply::RefusedKept { presses, why }
        });
    }

    /// The session of an account. `None` if it had to be looked up first; it is known in the next
    /// step.
    async fn session(&mut self, account: &Account) -> Result<Option<SessionId>, StoreError> {
        let Account { client, player, .. } = *account;
        let session = match account.session {
            Some(session) if account.seen => return Ok(Some(session)),
            Some(_) => {
                self.check(account).await?;
                return Ok(None);
            }
            None if client == self.shared.ledger().client => {
                self.store.register(client, player).await?
            }
            // The earlier run may have created its session after it wrote the entry.
            None => self.store.resume(client, player, account.opened).await?,
        };
        self.shared.ledger().registered(client, player, session);
        Ok(None)
    }

    async fn count_failed(&mut self, account: &Account, error: StoreError) -> Flow {
        if error.remedy() != Remedy::Refuse {
            return self.failed(error).await;
        }
        self.succeeded();
        let Account {
            client,
            player,
            upto,
            ..
        } = *account;
        let (presses, own) = {
            let mut ledger = self.shared.ledger();
            let own = client == ledger.client;
            let presses = ledger.account(client, player).map(|account| match error {
                StoreError::Forgotten if !own => account.put_aside(),
                _ => account.refuse(upto),
            });
            let presses = presses.unwrap_or_default();
            (presses, own)
        };
        if !own && error == StoreError::Forgotten {
            let why = Say::KeptForgotten { presses };
            self.shared.reply(Reply::RefusedKept { presses, why });
            self.keeper.settled(client);
            return ControlFlow::Continue(());
        }
        if presses == 0 {
            return ControlFlow::Continue(());
        }
        let why = Box::new(error.into());
        let why = Say::NotCounted { presses, why };
        self.shared.reply(if own {
            Reply::Refused {
                player,
                presses,
                why,
            }
        } else {
            Reply::RefusedKept { presses, why }
        });
        self.keeper.settled(client);
        ControlFlow::Continue(())
    }

    fn succeeded(&mut self) {
        self.backoff.reset();
        self.failing_since = None;
        if std::mem::take(&mut self.troubled) {
            self.keeper.recovered();
        }
    }

    async fn failed(&mut self, error: StoreError) -> Flow {
        self.shared.ledger().disconnected();
        let wait = match error.remedy() {
            Remedy::Retry => self.backoff.next(),
            Remedy::Wait | Remedy::Refuse => self.shared.timing.mend,
            Remedy::Stop(_) => return ControlFlow::Break(Err(error)),
        };
        self.pause(&error, wait).await
    }

    /// Waits before the next try, and reports the failure if it lasts long enough to be noticed.
    /// When the game is ending, a reported failure ends the work instead: the waiting presses are
    /// in the outbox.
    async fn pause(&mut self, error: &StoreError, wait: Duration) -> Flow {
        tracing::warn!(%error, ?wait, "the store failed; trying again");
        let since = self.failing_since.map_or(Duration::ZERO, |at| at.elapsed());
        if self.troubled || since + wait >= self.shared.timing.patience {
            self.troubled = true;
            self.keeper.trouble(trouble(error, wait));
            if self.shared.ledger().leaving {
                return ControlFlow::Break(Ok(()));
            }
        }
        let _ = tokio::time::timeout(wait, self.shared.retry_now.notified()).await;
        ControlFlow::Continue(())
    }
}
