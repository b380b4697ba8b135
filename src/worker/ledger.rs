//! The presses that are made and not yet settled, folded per client and player.

use std::collections::VecDeque;

use super::outbox::{KeptPresses, Letter};
use crate::game::PlayerId;
use crate::game::race::{Entrance, Standing};
use crate::game::sprint::Sprinted;
use crate::message::{Change, Progress};
use crate::store::{ClientId, Counted, Day, Epoch, SessionId, Snapshot};

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
    /// restored. So many of them were over the limit.
    pub elsewhere: u64,
    refused_elsewhere: u64,
    /// The player's score when the last commit was told.
    pub score: Option<i64>,
    /// The state of the database that the row is of.
    pub epoch: Option<Epoch>,
    /// The database's day when the client opened it.
    pub opened: Day,
    /// Whether the presses stay in their letter for good: what became of them can't be known.
    pub aside: bool,
}

impl Account {
    fn waiting(&self) -> u64 {
        match self.aside {
            true => 0,
            false => self.upto.saturating_sub(self.counted),
        }
    }

    /// Whether a new connection has to be asked what the database has of it.
    fn is_unchecked(&self) -> bool {
        self.session.is_some() && !self.seen && !self.aside && self.upto > 0
    }

    /// As a letter has it.
    fn kept(&self) -> KeptPresses {
        KeptPresses {
            player: self.player.0,
            session: self.session.map(|s| s.0),
            upto: self.upto - self.elsewhere,
            counted: self.counted - self.elsewhere,
            refused: self.refused - self.refused_elsewhere,
            score: self.score,
        }
    }
}

/// A client's row for a player, as it stands: what it has settled, and the player's score.
pub type Row = (SessionId, Counted);

/// What the scorer is to do next.
#[derive(Debug, Clone)]
pub enum Job {
    /// Look what the database has of this account.
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
    /// Tell how far a racer is, all that is known now.
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
    /// Set once a letter names this client's rows in the database: they must stay.
    pub keep_row: bool,
    accounts: Vec<Account>,
    changes: VecDeque<Change>,
    /// Whose sprint begins.
    sprinter: Option<PlayerId>,
    sprints: VecDeque<Sprinted>,
    /// The race that is to be entered, and for whom.
    entrance: Option<(PlayerId, Entrance)>,
    /// Of each race only the latest.
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
            keep_row: false,
            accounts: Vec::new(),
            changes: VecDeque::new(),
            sprinter: None,
            sprints: VecDeque::new(),
            entrance: None,
            reports: VecDeque::new(),
            last: 0,
            change_first: false,
        }
    }

    /// Takes note of the database's day and epoch, also for what was booked before they were known.
    pub fn opened(&mut self, snapshot: &Snapshot) {
        let day = snapshot.today;
        self.opened = day;
        self.epoch.clone_from(&snapshot.epoch);
        let own = self.accounts.iter_mut().filter(|a| a.client == self.client);
        own.for_each(|account| account.opened = day);
    }

    /// Books one press of this run.
    pub fn press(&mut self, player: PlayerId) {
        self.own(player).upto += 1;
    }

    /// This run's account for a player.
    fn own(&mut self, player: PlayerId) -> &mut Account {
        let (client, opened) = (self.client, self.opened);
        let mut accounts = self.accounts.iter();
        let known = accounts.position(|a| a.client == client && a.player == player);
        let at = known.unwrap_or(self.accounts.len());
        if known.is_none() {
            self.accounts.push(Account {
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
            });
        }
        &mut self.accounts[at]
    }

    /// Books a change of the list, after the changes booked before.
    pub fn change(&mut self, change: Change) {
        self.changes.push_back(change);
    }

    /// Books that a sprint begins, in the place of an earlier one.
    pub fn sprint_begins(&mut self, player: PlayerId) {
        self.sprinter = Some(player);
    }

    /// Books a sprint that is to be kept.
    pub fn sprinted(&mut self, sprinted: Sprinted) {
        self.sprints.push_back(sprinted);
    }

    /// Books a race that is to be entered, in the place of one that was not yet.
    pub fn race(&mut self, player: PlayerId, entrance: Entrance) {
        self.entrance = Some((player, entrance));
    }

    /// Books how far a racer is. Who has left stays so.
    pub fn progress(&mut self, progress: Progress) {
        let mut reports = self.reports.iter_mut();
        match reports.find(|known| known.race == progress.race) {
            Some(known) if known.standing == Standing::Racing => *known = progress,
            Some(_) => {}
            None => self.reports.push_back(progress),
        }
    }

    /// Books what an earlier run left behind.
    pub fn adopt(&mut self, letter: &Letter) {
        for kept in &letter.presses {
            self.accounts.push(Account {
                client: letter.client,
                player: PlayerId(kept.player),
                session: kept.session.map(SessionId),
                seen: false,
                upto: kept.upto,
                counted: kept.counted.min(kept.upto),
                refused: kept.refused,
                doubtful: kept.upto,
                elsewhere: 0,
                refused_elsewhere: 0,
                score: kept.score,
                epoch: letter.epoch.clone(),
                opened: letter.opened,
                aside: false,
            });
        }
    }

    fn find(&mut self, client: ClientId, player: PlayerId) -> Option<&mut Account> {
        self.accounts
            .iter_mut()
            .find(|a| a.client == client && a.player == player)
    }

    /// Whether there is anything to do.
    pub fn has_work(&self) -> bool {
        !self.changes.is_empty()
            || (self.sprinter.is_some() && !self.leaving)
            || !self.sprints.is_empty()
            || (self.entrance.is_some() && !self.leaving)
            || !self.reports.is_empty()
            || self
                .accounts
                .iter()
                .any(|a| a.waiting() > 0 || a.is_unchecked())
    }

    /// What to do next. The change before which presses of its own player wait goes after them.
    pub fn next(&mut self) -> Option<Job> {
        if let Some(account) = self.accounts.iter().find(|a| a.is_unchecked()) {
            return Some(Job::Check(account.clone()));
        }
        self.sprinter = self.sprinter.filter(|_| !self.leaving);
        if let Some(player) = self.sprinter {
            // Before any press of the sprint is counted, or the database would not believe it.
            return Some(Job::Begin(self.own(player).clone()));
        }
        let many = self.accounts.len();
        let due = (1..=many)
            .map(|step| (self.last + step) % many)
            .find(|at| self.accounts[*at].waiting() > 0);
        if (self.change_first || due.is_none())
            && let Some(race) = self.next_race()
        {
            self.change_first = false;
            return Some(race);
        }
        if (self.change_first || due.is_none())
            && let Some(sprinted) = self.sprints.front().cloned()
        {
            self.change_first = false;
            return Some(Job::Sprint(self.own(sprinted.player).clone(), sprinted));
        }
        if (self.change_first || due.is_none())
            && let Some(change) = self.changes.front()
        {
            let first = match change {
                Change::Remove(player) => self
                    .accounts
                    .iter()
                    .position(|a| a.player == *player && a.waiting() > 0),
                Change::Add(_) | Change::Edit(..) => None,
            };
            if let Some(at) = first {
                return Some(Job::Count(self.accounts[at].clone()));
            }
            self.change_first = false;
            return Some(Job::Change(change.clone()));
        }
        due.map(|at| {
            self.last = at;
            self.change_first = true;
            Job::Count(self.accounts[at].clone())
        })
    }

    /// What is to be done for a race.
    fn next_race(&mut self) -> Option<Job> {
        // Nobody enters a race and goes.
        self.entrance = self.entrance.filter(|_| !self.leaving);
        if let Some((player, entrance)) = self.entrance {
            return Some(Job::Enter(self.own(player).clone(), entrance));
        }
        let progress = *self.reports.front()?;
        Some(Job::Report(self.own(progress.player).clone(), progress))
    }

    /// Remembers a client's row.
    pub fn registered(&mut self, client: ClientId, player: PlayerId, session: SessionId) {
        let epoch = self.epoch.clone();
        if let Some(account) = self.find(client, player) {
            if account.session.is_none() {
                account.epoch = epoch;
            }
            account.session = Some(session);
            account.seen = true;
        }
    }

    /// Takes note that presses may have been settled: the answer was lost.
    pub fn doubted(&mut self, client: ClientId, player: PlayerId, upto: u64) {
        if let Some(account) = self.find(client, player) {
            account.doubtful = account.doubtful.max(upto);
        }
    }

    /// Has the presses that the database has forgotten counted again. Gives how many.
    pub fn forgot(&mut self, client: ClientId, player: PlayerId, row: Option<Row>) -> u64 {
        let Some(account) = self.find(client, player) else {
            return 0;
        };
        let scored = account.counted - account.refused;
        let has = row.map_or_else(Counted::default, |(_, has)| has);
        account.session = row.map(|(session, _)| session);
        account.seen = true;
        account.counted = has.counted + account.elsewhere;
        account.refused = has.refused + account.refused_elsewhere;
        account.score = None;
        scored.saturating_sub(account.counted - account.refused)
    }

    /// Goes on from what a restored backup has of an account of this run: what was settled before
    /// stays so. Gives how many presses the backup does not have, and how many are given up since
    /// nobody knows whether they were settled; none where the score tells that they were not.
    pub fn restored(
        &mut self,
        client: ClientId,
        player: PlayerId,
        row: Option<Row>,
        score: i64,
        epoch: Option<Epoch>,
    ) -> (u64, u64) {
        let Some(account) = self.find(client, player) else {
            return (0, 0);
        };
        let has = row.map_or_else(Counted::default, |(_, has)| has);
        let given_up = match account.score {
            Some(told) if score <= told => 0,
            _ => account.doubtful.saturating_sub(account.counted),
        };
        account.upto -= given_up.min(account.upto);
        account.doubtful = account.counted;
        account.elsewhere = account.counted.saturating_sub(has.counted);
        account.refused_elsewhere = account.refused.saturating_sub(has.refused);
        account.session = row.map(|(session, _)| session);
        account.seen = true;
        account.epoch = epoch;
        account.score = None;
        let undone = account.elsewhere.saturating_sub(account.refused_elsewhere);
        (undone, given_up)
    }

    /// Has every row looked for anew: the connection is lost.
    pub fn disconnected(&mut self) {
        for account in &mut self.accounts {
            account.seen = false;
        }
    }

    /// Books a commit. Gives how many presses have scored in all, how many of them are news, and how
    /// many were refused.
    pub fn counted(
        &mut self,
        client: ClientId,
        player: PlayerId,
        commit: Counted,
    ) -> (u64, u64, u64) {
        let Some(account) = self.find(client, player) else {
            return (0, 0, 0);
        };
        let counted = commit.counted + account.elsewhere;
        let refused = commit.refused + account.refused_elsewhere;
        account.score = Some(commit.score);
        let settled = counted.saturating_sub(account.counted);
        let refusals = refused.saturating_sub(account.refused).min(settled);
        account.counted = counted;
        account.refused = refused;
        // The database may know of more presses than a letter written before a crash does.
        account.upto = account.upto.max(counted);
        let scored = counted.saturating_sub(refused);
        (scored, settled - refusals, refusals)
    }

    /// Gives up the presses of an account up to a total; what came later stays. Gives how many.
    pub fn refuse(&mut self, client: ClientId, player: PlayerId, upto: u64) -> u64 {
        let Some(account) = self.find(client, player) else {
            return 0;
        };
        let refused = upto.min(account.upto).saturating_sub(account.counted);
        account.upto -= refused;
        account.doubtful = account.doubtful.min(account.upto);
        // What the database has of it was looked at.
        account.seen = account.session.is_some();
        refused
    }

    /// Leaves the presses of an account in their letter. Gives how many.
    pub fn put_aside(&mut self, client: ClientId, player: PlayerId) -> u64 {
        let Some(account) = self.find(client, player) else {
            return 0;
        };
        let waiting = account.waiting();
        account.aside = true;
        waiting
    }

    /// What of an earlier client's letter stays in it for good, if anything does.
    pub fn letter_put_aside(&self, client: ClientId, database: &str) -> Option<Letter> {
        let accounts = self.accounts.iter();
        let aside = accounts.filter(|a| a.client == client && a.aside);
        let opened = aside.clone().map(|a| a.opened).next()?;
        Some(Letter {
            client,
            database: database.to_owned(),
            opened,
            epoch: aside.clone().find_map(|a| a.epoch.clone()),
            presses: aside.map(Account::kept).collect(),
        })
    }

    /// Drops the change that was done or given up.
    pub fn change_settled(&mut self) {
        self.changes.pop_front();
    }

    /// Drops the beginning that was noted or given up, unless another sprint begins meanwhile.
    pub fn begin_settled(&mut self, player: PlayerId) {
        self.sprinter = self.sprinter.filter(|sprinter| *sprinter != player);
    }

    /// Drops the sprint that was kept or given up.
    pub fn sprint_settled(&mut self) {
        self.sprints.pop_front();
    }

    /// Drops the entrance that was made or refused, unless another is asked for meanwhile.
    pub fn entrance_settled(&mut self, player: PlayerId, entrance: Entrance) {
        self.entrance = self.entrance.filter(|asked| *asked != (player, entrance));
    }

    /// Drops what was told of a racer, unless there is more to tell meanwhile.
    pub fn report_settled(&mut self, told: Progress) {
        self.reports.retain(|known| *known != told);
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

    /// This run's waiting presses, to be kept in the outbox.
    pub fn own_letter(&self, database: &str) -> Letter {
        let own = self.accounts.iter();
        let own = own.filter(|a| a.client == self.client && a.waiting() > 0);
        Letter {
            client: self.client,
            database: database.to_owned(),
            opened: self.opened,
            epoch: own.clone().find_map(|a| a.epoch.clone()),
            presses: own.map(Account::kept).collect(),
        }
    }

    /// Whether this run's rows in the database can go: all is counted, and no letter in the outbox
    /// can ask for them again.
    pub fn is_retirable(&self) -> bool {
        let mut own = self.accounts.iter().filter(|a| a.client == self.client);
        !self.keep_row && !self.is_waiting(self.client) && own.any(|a| a.session.is_some())
    }
}
