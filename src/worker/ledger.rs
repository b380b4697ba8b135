//! The presses that are made and not yet settled, folded per client and player.

use std::collections::VecDeque;

use crate::game::PlayerId;
use crate::game::race::{Entrance, Standing};
use crate::game::sprint::Sprinted;
use crate::message::{Change, Progress};
use crate::store::{ClientId, Counted, Day, Epoch, SessionId, Snapshot};

mod entries;

/// What the scorer is to do next.
#[derive(Debug, Clone)]
pub enum Job {
    /// Look up what the database has of this account.
    Check(Account),
    /// Count these presses, all that are there now.
    Count(Account),
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
    accounts: Vec<Account>,
    changes: VecDeque<Change>,
    /// Whose sprints begin.
    sprinters: VecDeque<PlayerId>,
    sprints: VecDeque<Sprinted>,
    /// The races that are to be entered, and for whom; of each player only the latest.
    entrances: VecDeque<(PlayerId, Entrance)>,
    /// Of each race and racer only the latest.
    reports: VecDeque<Progress>,
    /// Where the last count was, so that every account gets its turn.
    last: usize,
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
            accounts: Vec::new(),
            changes: VecDeque::new(),
            sprinters: VecDeque::new(),
            sprints: VecDeque::new(),
            entrances: VecDeque::new(),
            reports: VecDeque::new(),
            last: 0,
            change_first: false,
        }
    }

    /// Notes the database's day and epoch, also for presses that were booked before.
    pub fn opened(&mut self, snapshot: &Snapshot) {
        let day = snapshot.today;
        self.opened = day;
        self.epoch.clone_from(&snapshot.epoch);
        let own = self.accounts.iter_mut().filter(|a| a.client == self.client);
        own.for_each(|account| account.opened = day);
    }

    /// Books presses of this run.
    pub fn press(&mut self, player: PlayerId, presses: u64) {
        self.own(player).upto += presses;
    }

    /// This run's account for a player.
    fn own(&mut self, player: PlayerId) -> &mut Account {
        let (client, opened) = (self.client, self.opened);
        let mut accounts = self.accounts.iter();
        let known = accounts.position(|a| a.client == client && a.player == player);
        let at = known.unwrap_or(self.accounts.len());
        if known.is_none() {
            self.accounts.push(Account::new(client, player, opened));
        }
        &mut self.accounts[at]
    }

    /// Books a change of the list, after the changes booked before.
    pub fn change(&mut self, change: Change) {
        self.changes.push_back(change);
    }

    /// Books that a sprint begins, in the place of an earlier one of the player.
    pub fn sprint_begins(&mut self, player: PlayerId) {
        if !self.sprinters.contains(&player) {
            self.sprinters.push_back(player);
        }
    }

    /// Books a sprint that is to be kept.
    pub fn sprinted(&mut self, sprinted: Sprinted) {
        self.sprints.push_back(sprinted);
    }

    /// Books a race that is to be entered, in the place of one that the player had not yet.
    pub fn race(&mut self, player: PlayerId, entrance: Entrance) {
        let mut asked = self.entrances.iter_mut();
        match asked.find(|(known, _)| *known == player) {
            Some(known) => known.1 = entrance,
            None => self.entrances.push_back((player, entrance)),
        }
    }

    /// Books how far a racer is. Who has left stays so.
    pub fn progress(&mut self, progress: Progress) {
        let mut reports = self.reports.iter_mut();
        let of_it =
            |known: &Progress| (known.race, known.player) == (progress.race, progress.player);
        match reports.find(|known| of_it(known)) {
            Some(known) if known.standing == Standing::Racing => *known = progress,
            Some(_) => {}
            None => self.reports.push_back(progress),
        }
    }

    /// A client's account for a player.
    pub fn account(&mut self, client: ClientId, player: PlayerId) -> Option<&mut Account> {
        self.accounts
            .iter_mut()
            .find(|a| a.client == client && a.player == player)
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
                .iter()
                .any(|a| a.waiting() > 0 || a.is_unchecked())
    }

    /// What to do next. A removal waits for the presses of its player.
    pub fn next(&mut self) -> Option<Job> {
        if let Some(account) = self.accounts.iter().find(|a| a.is_unchecked()) {
            return Some(Job::Check(account.clone()));
        }
        if self.leaving {
            // Nobody enters a race or begins a sprint and goes.
            self.sprinters.clear();
            self.entrances.clear();
        }
        if let Some(player) = self.sprinters.front().copied() {
            // Before any press of the sprint is counted, or the database would not believe it.
            return Some(Job::Begin(self.own(player).clone()));
        }
        let many = self.accounts.len();
        let due = (1..=many)
            .map(|step| (self.last + step) % many)
            .find(|at| self.accounts[*at].waiting() > 0);
        if (self.change_first || due.is_none())
            && let Some(other) = self.next_other()
        {
            // The presses of a player who is to be removed go on before the removal.
            self.change_first = matches!(other, Job::Count(_));
            return Some(other);
        }
        due.map(|at| {
            self.last = at;
            self.change_first = true;
            Job::Count(self.accounts[at].clone())
        })
    }

    /// What is to be done next for a race, a sprint or the list.
    fn next_other(&mut self) -> Option<Job> {
        if let Some((player, entrance)) = self.entrances.front().copied() {
            return Some(Job::Enter(self.own(player).clone(), entrance));
        }
        if let Some(progress) = self.reports.front().cloned() {
            return Some(Job::Report(self.own(progress.player).clone(), progress));
        }
        if let Some(sprinted) = self.sprints.front().cloned() {
            return Some(Job::Sprint(self.own(sprinted.player).clone(), sprinted));
        }
        let change = self.changes.front()?;
        let is_due = |a: &&Account| *change == Change::Remove(a.player) && a.waiting() > 0;
        Some(match self.accounts.iter().find(is_due) {
            Some(account) => Job::Count(account.clone()),
            None => Job::Change(change.clone()),
        })
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
        for account in &mut self.accounts {
            account.seen = false;
        }
    }

    /// Drops the change that was done or given up.
    pub fn change_settled(&mut self) {
        self.changes.pop_front();
    }

    /// Drops the beginning that was noted or given up, unless another sprint begins meanwhile.
    pub fn begin_settled(&mut self, player: PlayerId) {
        self.sprinters.retain(|sprinter| *sprinter != player);
    }

    /// Drops the sprint that was kept or given up.
    pub fn sprint_settled(&mut self) {
        self.sprints.pop_front();
    }

    /// Drops the entrance that was made or refused, unless another is asked for meanwhile.
    pub fn entrance_settled(&mut self, player: PlayerId, entrance: Entrance) {
        self.entrances.retain(|asked| *asked != (player, entrance));
    }

    /// Drops a report that was sent, unless a newer one has come meanwhile.
    pub fn report_settled(&mut self, told: &Progress) {
        self.reports.retain(|known| known != told);
    }

    /// Presses that no commit holds, of all clients in the ledger.
    pub fn waiting(&self) -> u64 {
        self.accounts.iter().map(Account::waiting).sum()
    }

    /// Whether a client has presses that no commit holds.
    pub fn is_waiting(&self, client: ClientId) -> bool {
        self.accounts
            .iter()
            .any(|a| a.client == client && a.waiting() > 0)
    }

    /// Whether this run's rows in the database can go: all is counted, and no entry in the outbox
    /// can ask for them again.
    pub fn is_retirable(&self) -> bool {
        let mut own = self.accounts.iter().filter(|a| a.client == self.client);
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

    /// Notes that presses may have been settled, since the answer was lost.
    pub fn doubt(&mut self, upto: u64) {
        self.doubtful = self.doubtful.max(upto);
    }

    /// Books a commit.
    pub fn settle(&mut self, commit: Counted) -> Settled {
        let counted = commit.counted + self.elsewhere;
        let refused = commit.refused + self.refused_elsewhere;
        let news = counted.saturating_sub(self.counted);
        let refusals = refused.saturating_sub(self.refused).min(news);
        self.score = Some(commit.score);
        self.counted = counted;
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
    pub fn forget(&mut self, row: Option<Row>) -> u64 {
        let scored = self.counted - self.refused;
        let has = self.go_on_from(row);
        self.counted = has.counted + self.elsewhere;
        self.refused = has.refused + self.refused_elsewhere;
        scored.saturating_sub(self.counted - self.refused)
    }

    /// Goes on from what a restored backup has: what was settled before stays so. Gives how many
    /// presses the backup does not have, and how many are given up since nobody knows whether they
    /// were settled; none where the player's score tells that they were not.
    pub fn restore(&mut self, row: Option<Row>, score: i64, epoch: Option<Epoch>) -> (u64, u64) {
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

    fn go_on_from(&mut self, row: Option<Row>) -> Counted {
        self.session = row.map(|(session, _)| session);
        self.seen = true;
        self.score = None;
        row.map_or_else(Counted::default, |(_, has)| has)
    }
}

/// A client's row for a player, as it stands: what it has settled, and the player's score.
pub type Row = (SessionId, Counted);

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
