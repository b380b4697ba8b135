//! The last steps of an import, after all records were read: it corrects scores and histories, and
//! compares the database with the expected totals.

use super::Import;
use crate::cli::Exit;
use crate::cli::common::{Failure, StopSignal, many};
use crate::store::archive::{AnyRecord, HistoryRecord, RecordKind};

impl Import<'_> {
    /// Checks each player's history, once all of it has been read.
    pub(super) async fn settle(&mut self) -> Result<(), Failure> {
        let mut earlier = Vec::new();
        for (id, account) in &self.accounts {
            let Some(account) = account else { continue };
            let left = account.left;
            match (account.is_known, account.has_history) {
                _ if left == 0 => {}
                // Points without history get a record of their own, as points from before histories
                // were kept.
                (true, false) => {
                    earlier.push(AnyRecord::History(HistoryRecord {
                        player: self.key(*id),
                        quarter: 0,
                        points: left,
                        overwritten: 0,
                    }));
                }
                (_, true) => {
                    let points = many(left.unsigned_abs(), "point");
                    let than = if left < 0 { "less" } else { "more" };
                    let why = format!("the score is {points} {than} than its history makes.");
                    return Err(self.wrong(account.line.into(), why));
                }
                (false, false) => {}
            }
        }
        Ok(self.archive.merge(&earlier).await?)
    }

    /// Sets the scores of players that existed before. Their histories are complete by now.
    pub(super) async fn rescore(&mut self, stop: &StopSignal) -> Result<(), Failure> {
        let Some(merging) = &mut self.merging else {
            return Ok(());
        };
        let changed = std::mem::take(&mut merging.changed);
        let changed = changed.into_iter().filter(|(_, (a, b))| a != b);
        for (player, (before, after)) in changed {
            let points = i128::from(after.unwrap_or(0)) - i128::from(before.unwrap_or(0));
            self.expected[0].points += points;
            self.archive.rescore(player, after).await?;
            stop.check()?;
        }
        Ok(())
    }

    /// Compares the database with the expected totals.
    pub(super) async fn compare(&mut self, was_sound: bool) -> Result<(), Failure> {
        let is_fresh = self.merging.is_none();
        if !is_fresh && was_sound {
            self.expected[1].points = self.expected[0].points;
        }
        for (kind, expected) in RecordKind::ALL.into_iter().zip(self.expected) {
            let found = self.archive.totals(kind).await?;
            let is_right = match kind {
                RecordKind::Players => found == expected,
                _ if is_fresh => found == expected,
                RecordKind::History => !was_sound || found.points == expected.points,
                RecordKind::Races | RecordKind::Racers => found == expected,
                RecordKind::Sprints | RecordKind::Keys | RecordKind::SshKeys => true,
            };
            if !is_right {
                let place = self.archive.place();
                let words = format!(
                    "it came out as {} with {} in {place} instead of {} with {}: something there \
                     changes what is written, a trigger or a rule.",
                    many(found.records, "record"),
                    many(found.points, "point"),
                    many(expected.records, "record"),
                    many(expected.points, "point"),
                );
                return Err(Failure::new(Exit::Unreachable, words));
            }
        }
        Ok(())
    }
}
