//! The presses that are made and not yet settled, folded per client and player.

use std::collections::VecDeque;

use super::account::Account;
use super::outbox::OutboxEntry;
use crate::game::PlayerId;
use crate::game::race::{Entrance, Standing};
use crate::game::sprint::Sprinted;
use crate::message::{Change, Progress};
use crate::store::{ClientId, Day, Epoch, SessionId, Snapshot};

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

    /// Books what an earlier run left behind.
    pub fn adopt(&mut self, entry: &OutboxEntry) {
        for kept in &entry.presses {
            self.accounts.push(Account::adopted(entry, kept));
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
        if let Some((player, entrance)) = self.entrances.front().copied() {
            return Some(Job::Enter(self.own(player).clone(), entrance));
        }
        let progress = *self.reports.front()?;
        Some(Job::Report(self.own(progress.player).clone(), progress))
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

    /// The part of an earlier client's entry that can't be delivered, if any.
    pub fn entry_put_aside(&self, client: ClientId, database: &str) -> Option<OutboxEntry> {
        let accounts = self.accounts.iter();
        let aside = accounts.filter(|a| a.client == client && a.aside);
        let opened = aside.clone().map(|a| a.opened).next()?;
        Some(OutboxEntry {
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
    pub fn own_entry(&self, database: &str) -> OutboxEntry {
        let own = self.accounts.iter();
        let own = own.filter(|a| a.client == self.client && a.waiting() > 0);
        OutboxEntry {
            client: self.client,
            database: database.to_owned(),
            opened: self.opened,
            epoch: own.clone().find_map(|a| a.epoch.clone()),
            presses: own.map(Account::kept).collect(),
        }
    }

    /// Whether this run's rows in the database can go: all is counted, and no entry in the outbox
    /// can ask for them again.
    pub fn is_retirable(&self) -> bool {
        let mut own = self.accounts.iter().filter(|a| a.client == self.client);
        !self.keep_row && !self.is_waiting(self.client) && own.any(|a| a.session.is_some())
    }
}
