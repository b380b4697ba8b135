//! The presses that are not settled yet, as totals per client and player, and other jobs for the
//! database.

use std::collections::{BTreeMap, VecDeque};
use std::ops::Bound;

use crate::game::PlayerId;
use crate::message::{Change, ContestCommand};
use crate::store::{Claim, ClientId, Counted, Day, Epoch, SessionId, Snapshot, Total};

mod entries;
mod others;
mod recovery;

/// The most players whose presses go in one transaction, so that others who write for one of them
/// don't wait long.
const GROUP: usize = 1_000;

/// The most players that are registered in one transaction.
const REGISTERED: usize = 100;

/// What the scorer is to do next.
#[derive(Debug, Clone)]
pub enum Job {
    /// Look up what the database has of this account, or make its row.
    Check(Account),
    /// Make the rows of these new accounts of this run.
    Register(Vec<Account>),
    /// Count all presses of these accounts in one transaction. They are of one client, in the order
    /// of their players.
    Count(Vec<Account>),
    /// Change the list.
    Change(Change),
    /// Store something of a sprint or a race, for which the account needs a session.
    Contest(Account, ContestCommand),
}

/// The presses and changes that are not settled yet.
#[derive(Debug, Default)]
pub struct Ledger {
    /// This run's client.
    pub client: ClientId,
    /// The database's day when this run opened it.
    pub opened: Day,
    /// The database's epoch.
    pub epoch: Option<Epoch>,
    /// Set once nothing more will come.
    pub leaving: bool,
    /// Set while no transaction may begin.
    pub resting: bool,
    /// Set while the store fails: new presses must be kept in the outbox at once.
    pub troubled: bool,
    /// Set once an outbox entry refers to this client's rows in the database, which must then stay.
    pub keep_row: bool,
    accounts: BTreeMap<(ClientId, PlayerId), Account>,
    changes: VecDeque<Change>,
    contests: VecDeque<ContestCommand>,
    /// Where the last count ended.
    last: (ClientId, PlayerId),
    /// Whether another job comes before the next count, so that none waits for ever.
    change_first: bool,
}

impl Ledger {
    /// An empty ledger.
    pub fn new(client: ClientId) -> Self {
        Self {
            client,
            last: (client, PlayerId::default()),
            ..Self::default()
        }
    }

    /// Sets the database's day and epoch, also for presses that were added before.
    pub fn opened(&mut self, snapshot: &Snapshot) {
        let day = snapshot.today;
        self.opened = day;
        self.epoch.clone_from(&snapshot.epoch);
        let own = self.accounts.values_mut();
        let own = own.filter(|a| a.client == self.client);
        own.for_each(|account| account.opened = day);
    }

    /// Adds presses of this run.
    pub fn press(&mut self, player: PlayerId, presses: u64) {
        self.own(player).upto += presses;
    }

    /// This run's account for a player.
    fn own(&mut self, player: PlayerId) -> &mut Account {
        let (client, opened) = (self.client, self.opened);
        let known = self.accounts.entry((client, player));
        known.or_insert_with(|| Account::new(client, player, opened))
    }

    /// A client's account for a player.
    pub fn account(&mut self, client: ClientId, player: PlayerId) -> Option<&mut Account> {
        self.accounts.get_mut(&(client, player))
    }

    /// Whether there is anything to do.
    pub fn has_work(&self) -> bool {
        !self.changes.is_empty()
            || self.contests.iter().any(|c| !self.leaving || is_result(c))
            || self
                .accounts
                .values()
                .any(|a| a.waiting() > 0 || a.is_unchecked())
    }

    /// What to do next. A removal waits for the presses of its player.
    pub fn next(&mut self) -> Option<Job> {
        if let Some(first) = self.next_first() {
            return Some(first);
        }
        // Round robin: start after the last counted account.
        let behind = (Bound::Excluded(self.last), Bound::Unbounded);
        let behind = self.accounts.range(behind);
        let round = behind.chain(self.accounts.range(..=self.last));
        let mut due = round.filter(|(_, account)| account.waiting() > 0);
        let due = due.next().map(|(at, first)| {
            if first.is_new_to(self.client) {
                // All together, because each transaction waits for the disk.
                let others = due.filter(|(_, other)| other.is_new_to(self.client));
                let group = std::iter::once((at, first)).chain(others);
                let group = group.map(|(_, account)| account.clone());
                return (*at, Job::Register(group.take(REGISTERED).collect()));
            }
            if !first.is_seen() {
                return (*at, Job::Check(first.clone()));
            }
            let others = due.take_while(|(_, other)| first.may_go_with(other));
            let group = std::iter::once((at, first)).chain(others).take(GROUP);
            let (places, mut group): (Vec<_>, Vec<_>) =
                group.map(|(at, account)| (*at, account.clone())).unzip();
            group.sort_by_key(|account| account.player);
            (places.last().copied().unwrap_or(*at), Job::Count(group))
        });
        if (self.change_first || due.is_none())
            && let Some(other) = self.next_other()
        {
            // A removal comes after the presses of its player.
            self.change_first = matches!(other, Job::Check(_) | Job::Count(_));
            return Some(other);
        }
        let (last, due) = due?;
        self.last = last;
        self.change_first = true;
        Some(due)
    }

    /// The job that must come before any press is counted.
    fn next_first(&mut self) -> Option<Job> {
        if let Some(account) = self.accounts.values().find(|a| a.is_unchecked()) {
            return Some(Job::Check(account.clone()));
        }
        if self.leaving {
            // A player who leaves no longer enters a race or begins a sprint.
            self.contests.retain(is_result);
        }
        // The beginning must be recorded before a press of the sprint is counted, or the database
        // refuses the sprint.
        let mut contests = self.contests.iter();
        let begins = contests.find(|c| matches!(c, ContestCommand::BeginSprint(_)))?;
        self.contest_job(begins.clone())
    }

    /// Sets an account's session.
    pub fn registered(&mut self, client: ClientId, player: PlayerId, session: SessionId) {
        let epoch = self.epoch.clone();
        if let Some(account) = self.account(client, player) {
            if account.session.is_none() {
                account.epoch = epoch;
            }
            account.session = Some(session);
            account.seen = true;
        }
    }

    /// Marks the sessions of a client as checked if its rows show that the database has all of
    /// their commits. Returns whether that of this player is one of them.
    pub fn confirm(&mut self, client: ClientId, player: PlayerId, rows: &[Claim]) -> bool {
        let mut confirmed = false;
        for row in rows {
            let account = self
                .account(client, row.player)
                .filter(|a| a.session.is_some() && row.counted + a.elsewhere >= a.counted);
            if account.is_some() {
                self.registered(client, row.player, row.session);
                confirmed |= row.player == player;
            }
        }
        confirmed
    }

    /// Marks all sessions to be checked again, since the connection is lost.
    pub fn disconnected(&mut self) {
        for account in self.accounts.values_mut() {
            account.seen = false;
        }
    }

    /// Notes that the totals of a group may be settled, since the answer was lost.
    pub fn doubt(&mut self, group: &[Account]) {
        self.change_each(group, |account, said| {
            account.doubtful = account.doubtful.max(said.upto);
        });
    }

    /// Makes each of these accounts be counted alone until that succeeds. Together they failed,
    /// maybe because of one of them.
    pub fn count_alone(&mut self, group: &[Account]) {
        self.change_each(group, |account, _| account.alone = true);
    }

    /// Makes each of these accounts that has no session be handled alone, for example because its
    /// player is gone.
    pub fn handle_alone_unless_registered(&mut self, group: &[Account]) {
        self.change_each(group, |account, _| {
            account.alone |= account.session.is_none();
        });
    }

    fn change_each(&mut self, group: &[Account], change: impl Fn(&mut Account, &Account)) {
        for said in group {
            if let Some(account) = self.account(said.client, said.player) {
                change(account, said);
            }
        }
    }

    /// Presses that no commit holds, of all clients in the ledger.
    pub fn waiting(&self) -> u64 {
        self.accounts.values().map(Account::waiting).sum()
    }

    /// Whether a client has presses that no commit holds.
    pub fn is_waiting(&self, client: ClientId) -> bool {
        self.accounts
            .values()
            .any(|a| a.client == client && a.waiting() > 0)
    }

    /// Whether this run's rows in the database can be deleted: all is counted, and no outbox entry
    /// refers to them.
    pub fn is_retirable(&self) -> bool {
        let own = self.accounts.values();
        let mut own = own.filter(|a| a.client == self.client);
        !self.keep_row && !self.is_waiting(self.client) && own.any(|a| a.session.is_some())
    }
}

/// Whether a player who leaves still wants this to be stored.
fn is_result(command: &ContestCommand) -> bool {
    use ContestCommand::{KeepSprint, ReportRace};
    matches!(command, KeepSprint(_) | ReportRace(_))
}

/// One client's presses for one player.
#[derive(Debug, Clone, Default)]
pub struct Account {
    /// Whose presses.
    pub client: ClientId,
    /// For whom.
    pub player: PlayerId,
    /// The client's row in the database, once it is there.
    pub session: Option<SessionId>,
    /// Whether the row was checked on this connection. After a lost connection the next server may
    /// have forgotten commits, or a backup may have been restored.
    pub seen: bool,
    /// All presses: the total that only grows.
    pub upto: u64,
    /// Of these, the ones that a commit has settled.
    pub counted: u64,
    /// Of these, the ones that were over the database's limit.
    pub refused: u64,
    /// The total that a commit whose answer was lost may have settled.
    doubtful: u64,
    /// Settled presses that are not in the client's row, because the row comes from a restored
    /// backup.
    pub elsewhere: u64,
    refused_elsewhere: u64,
    /// The player's score after the last commit.
    pub score: Option<i64>,
    /// The epoch of the database that the row belongs to.
    pub epoch: Option<Epoch>,
    /// The database's day when the client opened it.
    pub opened: Day,
    /// Whether the presses stay in the outbox for good, because nobody can know whether they were
    /// counted.
    pub aside: bool,
    /// Whether they are counted in a transaction of their own.
    alone: bool,
}

impl Account {
    /// An account without presses.
    pub fn new(client: ClientId, player: PlayerId, opened: Day) -> Self {
        Self {
            client,
            player,
            opened,
            ..Self::default()
        }
    }

    /// Presses that no commit holds.
    pub fn waiting(&self) -> u64 {
        match self.aside {
            true => 0,
            false => self.upto.saturating_sub(self.counted),
        }
    }

    /// Whether the session must be checked on the new connection.
    pub fn is_unchecked(&self) -> bool {
        self.session.is_some() && !self.seen && !self.aside && self.upto > 0
    }

    /// Whether the session is known, and was checked on this connection.
    fn is_seen(&self) -> bool {
        self.session.is_some() && self.seen
    }

    /// Whether the account is this client's and has no row yet, and nothing failed with it.
    fn is_new_to(&self, client: ClientId) -> bool {
        self.client == client && self.session.is_none() && !self.alone
    }

    /// Whether both may be counted in one transaction.
    fn may_go_with(&self, other: &Self) -> bool {
        let together = |account: &Self| account.is_seen() && !account.alone;
        self.client == other.client && together(self) && together(other)
    }

    /// The total to send to the database.
    pub fn total(&self) -> Option<Total> {
        Some(Total {
            session: self.session?,
            upto: self.upto - self.elsewhere,
        })
    }

    /// Books a commit.
    pub fn settle(&mut self, commit: Counted) -> Settled {
        let counted = commit.counted + self.elsewhere;
        let refused = commit.refused + self.refused_elsewhere;
        let news = counted.saturating_sub(self.counted);
        let refusals = refused.saturating_sub(self.refused).min(news);
        self.score = Some(commit.score);
        self.counted = counted;
        self.alone = false;
        self.refused = refused;
        // After a crash the database may know more presses than the outbox entry.
        self.upto = self.upto.max(counted);
        Settled {
            scored: counted.saturating_sub(refused),
            news: news - refusals,
            refusals,
        }
    }
}

/// What a commit changed for an account.
#[derive(Debug, Clone, Copy, Default)]
pub struct Settled {
    /// All presses that have scored.
    pub scored: u64,
    /// How many of these are new.
    pub news: u64,
    /// How many are newly refused because they were too fast.
    pub refusals: u64,
}
