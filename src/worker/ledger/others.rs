//! The other jobs: changes of the list, sprints and races.

use super::{Account, Job, Ledger};
use crate::game::race::Standing;
use crate::message::{Change, ContestCommand};

impl Ledger {
    /// Adds a change of the list, after the earlier ones.
    pub fn change(&mut self, change: Change) {
        self.changes.push_back(change);
    }

    /// Adds something of a sprint or a race, in place of what it makes out of date. A racer who is
    /// done or has left stays so.
    pub fn contest(&mut self, command: ContestCommand) {
        use ContestCommand::{BeginSprint, EnterRace, ReportRace};
        let is_outdated = |known: &&mut ContestCommand| match (&**known, &command) {
            (BeginSprint(old), BeginSprint(new)) | (EnterRace(old, _), EnterRace(new, _)) => {
                old == new
            }
            (ReportRace(old), ReportRace(new)) => (old.race, old.player) == (new.race, new.player),
            _ => false,
        };
        match self.contests.iter_mut().find(is_outdated) {
            Some(ReportRace(old)) if old.standing != Standing::Racing => {}
            Some(outdated) => *outdated = command,
            None => self.contests.push_back(command),
        }
    }

    /// The next job for a sprint, a race or the list.
    pub(super) fn next_other(&mut self) -> Option<Job> {
        match self.contests.front().cloned() {
            Some(command) => self.contest_job(command),
            None => self.next_change(),
        }
    }

    pub(super) fn contest_job(&mut self, command: ContestCommand) -> Option<Job> {
        let account = self.own(command.player()).clone();
        Some(Job::Contest(account, command))
    }

    /// The next change of the list. A removal comes after the presses of its player.
    fn next_change(&self) -> Option<Job> {
        let change = self.changes.front()?;
        let is_due = |a: &&Account| *change == Change::Remove(a.player) && a.waiting() > 0;
        Some(match self.accounts.values().find(is_due) {
            Some(account) if !account.is_seen() => Job::Check(account.clone()),
            Some(account) => Job::Count(vec![account.clone()]),
            None => Job::Change(change.clone()),
        })
    }

    /// Removes the change that was made or given up.
    pub fn change_settled(&mut self) {
        self.changes.pop_front();
    }

    /// Removes what was stored of a sprint or race, or given up. What has replaced it meanwhile
    /// stays.
    pub fn contest_settled(&mut self, command: &ContestCommand) {
        if let Some(at) = self.contests.iter().position(|c| c == command) {
            self.contests.remove(at);
        }
    }
}
