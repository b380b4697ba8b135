//! Changes to a whole database, made and checked in one transaction.

use std::cell::Cell;

use super::reading::Records;
use crate::cli::Exit;
use crate::cli::frame::{Failure, GRACE, Stop, interruptible, many};
use crate::cli::progress::Progress;
use crate::store::Target;
use crate::store::archive::{Archive, ArchiveError, BATCH, Batch, HistoryRecord, Kind};
use crate::store::archive::{PlayerRecord, Totals};

/// What is to be done to a database, and what has to come out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan {
    /// Players to add, with their keys.
    pub added: Vec<PlayerRecord>,
    /// Players to give another score.
    pub changed: Vec<(i64, Option<i64>)>,
    /// How many players of the file are left out.
    pub skipped: u64,
    /// From which key to which one histories are removed, after that.
    pub forgotten: Vec<(i64, i64)>,
    /// Parts of histories to add in their place.
    pub history: Vec<HistoryRecord>,
    /// The totals of each kind then.
    pub expected: [Totals; Kind::ALL.len()],
}

impl Plan {
    /// Everything that is to be in an empty database.
    pub fn whole(records: Records) -> Self {
        let Records { players, history } = records;
        let ends = players.first().zip(players.last());
        let forgotten = ends.map(|(first, last)| (first.id, last.id));
        let expected = [
            Batch::Players(players.clone()).totals(),
            Batch::History(history.clone()).totals(),
        ];
        Self {
            forgotten: forgotten.into_iter().collect(),
            expected,
            added: players,
            history,
            ..Self::default()
        }
    }

    /// Makes the changes in the transaction that is open, without committing it.
    ///
    /// # Errors
    /// What the database says, or a signal.
    pub async fn make(&self, archive: &mut Archive, stop: &Stop) -> Result<(), Failure> {
        let steps = self.added.len() + self.changed.len() + self.history.len();
        let mut progress = Progress::new(steps as u64);
        let players = self.added.chunks(BATCH);
        for batch in players.map(|chunk| Batch::Players(chunk.to_vec())) {
            archive.insert(&batch).await?;
            progress.advance(batch.len() as u64);
            stop.go_on()?;
        }
        for (player, score) in &self.changed {
            archive.rescore(*player, *score).await?;
            progress.advance(1);
            stop.go_on()?;
        }
        for (first, last) in &self.forgotten {
            archive.forget(*first, *last).await?;
            stop.go_on()?;
        }
        let history = self.history.chunks(BATCH);
        for batch in history.map(|chunk| Batch::History(chunk.to_vec())) {
            archive.insert(&batch).await?;
            progress.advance(batch.len() as u64);
            stop.go_on()?;
        }
        archive.move_keys().await?;
        for (kind, expected) in Kind::ALL.into_iter().zip(self.expected) {
            let found = archive.totals(kind).await?;
            if found != expected {
                let place = archive.place();
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

/// Writes to a database in one transaction: all that the work does, or nothing.
///
/// # Errors
/// A [`Failure`] that ends with `nothing` where nothing was written.
pub fn in_one_transaction<T>(
    database: &Target,
    nothing: &str,
    work: impl AsyncFnOnce(&mut Archive, &Stop) -> Result<T, Failure>,
) -> Result<T, Failure> {
    let committing = Cell::new(false);
    let (done, stop) = interruptible(GRACE, async |stop| {
        let mut archive = Archive::write(database).await?;
        let done = async {
            let done = work(&mut archive, &stop).await?;
            stop.go_on()?;
            committing.set(true);
            match archive.commit().await {
                Err(ArchiveError::Store(error)) if error.wrote_nothing() => {
                    committing.set(false);
                    Err(error.into())
                }
                committed => Ok(committed.map(|()| done)?),
            }
        };
        let done = done.await;
        archive.close().await;
        done
    })?;
    done.unwrap_or_else(|| Err(stop.unanswered()))
        .map_err(|mut failure: Failure| {
            let unknown = "It is not known whether everything was written or nothing: look with \
                           `clickoff top` before you repeat it.";
            let then = if committing.get() { unknown } else { nothing };
            failure.words = format!("{} {then}", failure.words);
            failure
        })
}
