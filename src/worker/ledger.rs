//! The presses that are made and not yet settled, folded per client and player.

use std::collections::VecDeque;

use super::outbox::{KeptPresses, Letter};
use crate::game::PlayerId;
use crate::game::race::{Entrance, Standing};
use crate::game::sprint::Sprinted;
use crate::message::{Change, Progress};
use crate::store::{ClientId, Counted, Day, SessionId};

/// One client's presses for one player.
#[derive(Debug, Clone)]
pub struct Account {
    /// Whose presses.
    pub client: ClientId,
    /// For whom.
    pub player: PlayerId,
    /// The client's row in the database, once it is there.
    pub session: Option<SessionId>,
    /// Whether the row was seen on this connection. It may be another client's by now where the
    /// database was restored from a backup in between.
    pub seen: bool,
    /// All presses: the total that only grows.
    pub upto: u64,
    /// Of these, the ones that a commit has settled.
    pub counted: u64,
    /// Of these, the ones that were over the database's limit.
    pub refused: u64,
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

    /// As a letter has it.
    fn kept(&self) -> KeptPresses {
        KeptPresses {
            player: self.player.0,
            session: self.session.map(|s| s.0),
            upto: self.upto,
            counted: self.counted,
            refused: self.refused,
        }
    }
}

/// What the scorer is to do next.
#[derive(Debug, Clone)]
pub enum Job {
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

    /// Takes note of the database's day, also for what was booked before it was known.
    pub fn opened_on(&mut self, day: Day) {
        self.opened = day;
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
            || self.accounts.iter().any(|a| a.waiting() > 0)
    }

    /// What to do next. The change before which presses of its own player wait goes after them.
    pub fn next(&mut self) -> Option<Job> {
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
        if let Some(account) = self.find(client, player) {
            account.session = Some(session);
            account.seen = true;
        }
    }

    /// Has every row looked for anew: the connection is lost.
    pub fn disconnected(&mut self) {
        for account in &mut self.accounts {
            account.seen = false;
        }
    }

    /// Books a commit. Gives how many presses it has counted that are news, and how many refused.
    pub fn counted(&mut self, client: ClientId, player: PlayerId, commit: Counted) -> (u64, u64) {
        let Counted {
            counted, refused, ..
        } = commit;
        let Some(account) = self.find(client, player) else {
            return (0, 0);
        };
        let settled = counted.saturating_sub(account.counted);
        let refusals = refused.saturating_sub(account.refused).min(settled);
        account.counted = counted;
        account.refused = refused;
        // The database may know of more presses than a letter written before a crash does.
        account.upto = account.upto.max(counted);
        (settled - refusals, refusals)
    }

    /// Gives up the presses of an account up to a total; what came later stays. Gives how many.
    pub fn refuse(&mut self, client: ClientId, player: PlayerId, upto: u64) -> u64 {
        let Some(account) = self.find(client, player) else {
            return 0;
        };
        let refused = upto.min(account.upto).saturating_sub(account.counted);
        account.upto -= refused;
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
