//! The other jobs: changes of the list, sprints and races.

use super::{Account, Job, Ledger};
use crate::game::PlayerId;
use crate::game::race::{Entrance, Standing};
use crate::game::sprint::Sprinted;
use crate::message::{Change, Progress};

impl Ledger {
    /// Adds a change of the list, after the earlier ones.
    pub fn change(&mut self, change: Change) {
        self.changes.push_back(change);
    }

    /// Adds the beginning of a sprint, in place of an earlier one of the player.
    pub fn sprint_begins(&mut self, player: PlayerId) {
        if !self.sprinters.contains(&player) {
            self.sprinters.push_back(player);
        }
    }

    /// Adds a sprint that is to be kept.
    pub fn sprinted(&mut self, sprinted: Sprinted) {
        self.sprints.push_back(sprinted);
    }

    /// Adds a race to enter, in place of one that the player has not entered yet.
    pub fn race(&mut self, player: PlayerId, entrance: Entrance) {
        let mut asked = self.entrances.iter_mut();
        match asked.find(|(known, _)| *known == player) {
            Some(known) => known.1 = entrance,
            None => self.entrances.push_back((player, entrance)),
        }
    }

    /// Adds a racer's progress, in place of an earlier report. A racer who is done or has left
    /// stays so.
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

    /// The next job for a race, a sprint or the list.
    pub(super) fn next_other(&mut self) -> Option<Job> {
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

    /// Removes the beginning that was recorded or given up.
    pub fn begin_settled(&mut self, player: PlayerId) {
        self.sprinters.retain(|sprinter| *sprinter != player);
    }

    /// Removes the sprint that was kept or given up.
    pub fn sprint_settled(&mut self) {
        self.sprints.pop_front();
    }

    /// Removes the entrance that was made or refused, unless a newer one has come.
    pub fn entrance_settled(&mut self, player: PlayerId, entrance: Entrance) {
        self.entrances.retain(|asked| *asked != (player, entrance));
    }

    /// Removes the report that was stored, unless a newer one has come.
    pub fn report_settled(&mut self, told: &Progress) {
        self.reports.retain(|known| known != told);
    }
}
