//! The other jobs: changes of the list, sprints and races.

use super::{Account, ContestJob, Job, Ledger};
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
        let (player, job) = if let Some((player, entrance)) = self.entrances.front().copied() {
            (player, ContestJob::Enter(entrance))
        } else if let Some(progress) = self.reports.front() {
            (progress.player, ContestJob::Report(progress.clone()))
        } else if let Some(sprinted) = self.sprints.front() {
            (sprinted.player, ContestJob::KeepSprint(sprinted.clone()))
        } else {
            return self.next_change();
        };
        Some(Job::Contest(self.own(player).clone(), job))
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

    /// Removes a job of a sprint or race that was done or given up. An entrance or a report that has
    /// replaced it meanwhile stays.
    pub fn contest_settled(&mut self, player: PlayerId, job: &ContestJob) {
        match job {
            ContestJob::BeginSprint => self.sprinters.retain(|sprinter| *sprinter != player),
            ContestJob::KeepSprint(_) => drop(self.sprints.pop_front()),
            ContestJob::Enter(entrance) => {
                self.entrances.retain(|asked| *asked != (player, *entrance));
            }
            ContestJob::Report(told) => self.reports.retain(|known| known != told),
        }
    }
}
