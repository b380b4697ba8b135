//! The presses that are made and not yet settled, folded per client and player.

use std::collections::{BTreeMap, VecDeque};
use std::ops::Bound;

use crate::game::PlayerId;
use crate::game::race::Entrance;
use crate::game::sprint::Sprinted;
use crate::message::{Change, Progress};
use crate::store::{ClientId, Counted, Day, Epoch, SessionId, Snapshot, Total};

mod entries;
mod others;

/// The most players whose presses go in one transaction, so that others who write for one of them
/// don't wait long.
const GROUP: usize = 1_000;

/// What the scorer is to do next.
#[derive(Debug, Clone)]
pub enum Job {
    /// Look up what the database has of this account, or make its row.
    Check(Account),
    /// Count the presses of these accounts in one transaction, all that are there now. They are one
    /// client's, in the order of their players.
    Count(Vec<Account>),
    /// Change the list.
    Change(Change),
    /// Note that a sprint begins.
    Begin(Account),
    /// Keep a sprint.
    Sprint(Account, Sprinted),
    /// Enter a race.
    Enter(Account, Entrance),
    /// Report how far a racer is.
    Report(Account, Progress),
}

/// The presses and changes that are not settled yet.
#[derive(Debug)]
pub struct Ledger {
    /// This run's client.
    pub client: ClientId,
    /// The database's day when this run opened it.
    pub opened: Day,
    /// Which state of the database it is.
    pub epoch: Option<Epoch>,
    /// Set once nothing more will come.
    pub leaving: bool,
    /// Set while no transaction may begin.
    pub resting: bool,
    /// Set while the store can't take presses: what comes is to be kept in the outbox at once.
    pub troubled: bool,
    /// Set once an entry names this client's rows in the database: they must stay.
    pub keep_row: bool,
    accounts: BTreeMap<(ClientId, PlayerId), Account>,
    changes: VecDeque<Change>,
    /// Whose sprints begin.
    sprinters: VecDeque<PlayerId>,
    sprints: VecDeque<Sprinted>,
    /// The races that are to be entered, and for whom; of each player only the latest.
    entrances: VecDeque<(PlayerId, Entrance)>,
    /// Of each race and racer only the latest.
    reports: VecDeque<Progress>,
    /// Where the last count ended.
    last: (ClientId, PlayerId),
    /// Whether a change, a sprint or a race goes before the next count, so that none waits for ever.
    change_first: bool,
}

impl Ledger {
    /// An empty ledger.
    pub fn new(client: ClientId) -> Self {
        Self {
            client,
            opened: Day::default(),
            epoch: None,
            leaving: false,
            resting: false,
            troubled: false,
            keep_row: false,
            accounts: BTreeMap::new(),
            changes: VecDeque::new(),
            sprinters: VecDeque::new(),
            sprints: VecDeque::new(),
            entrances: VecDeque::new(),
            reports: VecDeque::new(),
            last: (client, PlayerId::default()),
            change_first: false,
        }
    }

    /// Notes the database's day and epoch, also for presses that were booked before.
    pub fn opened(&mut self, snapshot: &Snapshot) {
        let day = snapshot.today;
        self.opened = day;
        self.epoch.clone_from(&snapshot.epoch);
        let own = self.accounts.values_mut();
        let own = own.filter(|a| a.client == self.client);
        own.for_each(|account| account.opened = day);
    }

    /// Books presses of this run.
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
            || (!self.sprinters.is_empty() && !self.leaving)
            || !self.sprints.is_empty()
            || (!self.entrances.is_empty() && !self.leaving)
            || !self.reports.is_empty()
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
        // From behind the last count on, so that every account gets its turn.
        let behind = (Bound::Excluded(self.last), Bound::Unbounded);
        let behind = self.accounts.range(behind);
        let round = behind.chain(self.accounts.range(..=self.last));
        let mut due = round.filter(|(_, account)| account.waiting() > 0);
        let due = due.next().map(|(at, first)| {
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
            // The presses of a player who is to be removed go on before the removal.
            self.change_first = matches!(other, Job::Check(_) | Job::Count(_));
            return Some(other);
        }
        let (last, due) = due?;
        self.last = last;
        self.change_first = true;
        Some(due)
    }

    /// What is to be done before any press is counted.
    fn next_first(&mut self) -> Option<Job> {
        if let Some(account) = self.accounts.values().find(|a| a.is_unchecked()) {
            return Some(Job::Check(account.clone()));
        }
        if self.leaving {
            // Nobody enters a race or begins a sprint and goes.
            self.sprinters.clear();
            self.entrances.clear();
        }
        // Before any press of the sprint is counted, or the database would not believe it.
        let player = self.sprinters.front().copied()?;
        Some(Job::Begin(self.own(player).clone()))
    }

    /// Remembers a client's row.
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

    /// Has every row looked up again, since the connection is lost.
    pub fn disconnected(&mut self) {
        for account in self.accounts.values_mut() {
            account.seen = false;
        }
    }

    /// Notes that what a group said may have been settled, since the answer was lost.
    pub fn doubt(&mut self, group: &[Account]) {
        for said in group {
            if let Some(account) = self.account(said.client, said.player) {
                account.doubtful = account.doubtful.max(said.upto);
            }
        }
    }

    /// Has each of these counted by itself until that went well: together they failed, and it may be
    /// for one of them.
    pub fn count_alone(&mut self, group: &[Account]) {
        for Account { client, player, .. } in group {
            if let Some(account) = self.account(*client, *player) {
                account.alone = true;
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

    /// Whether this run's rows in the database can go: all is counted, and no entry in the outbox
    /// can ask for them again.
    pub fn is_retirable(&self) -> bool {
        let own = self.accounts.values();
        let mut own = own.filter(|a| a.client == self.client);
        !self.keep_row && !self.is_waiting(self.client) && own.any(|a| a.session.is_some())
    }
}

/// One client's presses for one player.
#[derive(Debug, Clone)]
pub struct Account {
    /// Whose presses.
    pub client: ClientId,
    /// For whom.
    pub player: PlayerId,
    /// The client's row in the database, once it is there.
    pub session: Option<SessionId>,
    /// Whether the row was seen on this connection. Where the connection was lost, the server behind
    /// the next one may have forgotten some of it, or a backup may have been restored in between.
    pub seen: bool,
    /// All presses: the total that only grows.
    pub upto: u64,
    /// Of these, the ones that a commit has settled.
    pub counted: u64,
    /// Of these, the ones that were over the database's limit.
    pub refused: u64,
    /// Of all, the ones that a commit may have settled whose answer was lost.
    doubtful: u64,
    /// Of the settled ones, those that are not in the client's row: the row is of a backup that was
    /// restored; and how many of them were over the limit.
    pub elsewhere: u64,
    refused_elsewhere: u64,
    /// The player's score when the last commit was told.
    pub score: Option<i64>,
    /// The state of the database that the row is of.
    pub epoch: Option<Epoch>,
    /// The database's day when the client opened it.
    pub opened: Day,
    /// Whether the presses stay in their entry for good: what became of them can't be known.
    pub aside: bool,
    /// Whether they go in a transaction of their own.
    alone: bool,
}

impl Account {
    /// One without a press.
    pub fn new(client: ClientId, player: PlayerId, opened: Day) -> Self {
        Self {
            client,
            player,
            session: None,
            seen: false,
            upto: 0,
            counted: 0,
            refused: 0,
            doubtful: 0,
            elsewhere: 0,
            refused_elsewhere: 0,
            score: None,
            epoch: None,
            opened,
            aside: false,
            alone: false,
        }
    }

    /// Presses that no commit holds.
    pub fn waiting(&self) -> u64 {
        match self.aside {
            true => 0,
            false => self.upto.saturating_sub(self.counted),
        }
    }

    /// Whether the database has to be asked on a new connection what it has of it.
    pub fn is_unchecked(&self) -> bool {
        self.session.is_some() && !self.seen && !self.aside && self.upto > 0
    }

    /// Whether the database has its row on this connection, for all that is known.
    fn is_seen(&self) -> bool {
        self.session.is_some() && self.seen
    }

    /// Whether both may be counted in one transaction.
    fn may_go_with(&self, other: &Self) -> bool {
        let together = |account: &Self| account.is_seen() && !account.alone;
        self.client == other.client && together(self) && together(other)
    }

    /// What the database is to be told of it.
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
        // The database may know of more presses than an entry written before a crash does.
        self.upto = self.upto.max(counted);
        Settled {
            scored: counted.saturating_sub(refused),
            news: news - refusals,
            refusals,
        }
    }

    /// Gives up the presses up to a total; what came later stays. Gives how many.
    pub fn refuse(&mut self, upto: u64) -> u64 {
        let refused = upto.min(self.upto).saturating_sub(self.counted);
        self.upto -= refused;
        self.doubtful = self.doubtful.min(self.upto);
        // What the database has of it was looked at.
        self.seen = self.session.is_some();
        refused
    }

    /// Leaves the presses in their entry. Gives how many.
    pub fn put_aside(&mut self) -> u64 {
        let waiting = self.waiting();
        self.aside = true;
        waiting
    }

    /// Has the presses that the database has forgotten counted again. Gives how many.
    pub fn forget(&mut self, row: Option<SettledRow>) -> u64 {
        let scored = self.counted - self.refused;
        let has = self.go_on_from(row);
        self.counted = has.counted + self.elsewhere;
        self.refused = has.refused + self.refused_elsewhere;
        scored.saturating_sub(self.counted - self.refused)
    }

    /// Goes on from what a restored backup has: what was settled before stays so. Gives how many
    /// presses the backup does not have, and how many are given up since nobody knows whether they
    /// were settled; none where the player's score tells that they were not.
    pub fn restore(
        &mut self,
        row: Option<SettledRow>,
        score: i64,
        epoch: Option<Epoch>,
    ) -> (u64, u64) {
        let given_up = match self.score {
            Some(told) if score <= told => 0,
            _ => self.doubtful.saturating_sub(self.counted),
        };
        let has = self.go_on_from(row);
        self.upto -= given_up.min(self.upto);
        self.doubtful = self.counted;
        self.elsewhere = self.counted.saturating_sub(has.counted);
        self.refused_elsewhere = self.refused.saturating_sub(has.refused);
        self.epoch = epoch;
        let undone = self.elsewhere.saturating_sub(self.refused_elsewhere);
        (undone, given_up)
    }

    fn go_on_from(&mut self, row: Option<SettledRow>) -> Counted {
        self.session = row.map(|(session, _)| session);
        self.seen = true;
        self.score = None;
        row.map_or_else(Counted::default, |(_, has)| has)
    }
}

/// A client's row for a player, as it stands: what it has settled, and the player's score.
pub type SettledRow = (SessionId, Counted);

/// What a commit was of an account.
#[derive(Debug, Clone, Copy, Default)]
pub struct Settled {
    /// All presses that have scored.
    pub scored: u64,
    /// Of these, the ones that had not before.
    pub news: u64,
    /// How many were refused since they were too fast.
    pub refusals: u64,
}
