//! The database that the settings name, opened for one question or one change.

use std::time::{Duration, Instant};

use super::Exit;
use super::frame::{Failure, interruptible};
use crate::game::{Player, Rules};
use crate::message::Change;
use crate::settings::{Flags, Settings};
use crate::store::{
    Keeper, MySqlStore, NewRules, PostgresStore, Remedy, Snapshot, SqliteFile, SqliteStore, Store,
    StoreError, Target,
};

/// How long a database that is busy is asked again.
const PATIENCE: Duration = Duration::from_secs(5);

/// Between two tries.
const PAUSE: Duration = Duration::from_millis(100);

/// The database of the settings.
#[derive(Debug)]
pub struct Database {
    settings: Settings,
}

/// The same call with whatever store leads to the database.
macro_rules! with_store {
    ($target:expr, $store:ident => $call:expr) => {
        match $target.clone() {
            Target::Sqlite(path) => {
                let $store = SqliteStore::new(SqliteFile { path });
                $call
            }
            Target::Postgres(server) => {
                let $store = PostgresStore::new(server);
                $call
            }
            Target::MySql(server) => {
                let $store = MySqlStore::new(server);
                $call
            }
        }
    };
}

impl Database {
    /// Finds out which it is.
    ///
    /// # Errors
    /// Settings that can't be used.
    pub fn find(flags: Flags) -> Result<Self, Failure> {
        let settings = Settings::find(flags, |name| std::env::var_os(name))?;
        Ok(Self { settings })
    }

    /// All players. A file that is not there is not made.
    ///
    /// # Errors
    /// [`Exit::NotFound`] for such a file; else what the store says.
    pub fn players(&self) -> Result<Vec<Player>, Failure> {
        Ok(self.opened()?.players)
    }

    /// What the database demands of its players. A file that is not there is not made.
    ///
    /// # Errors
    /// As [`Self::players`].
    pub fn rules(&self) -> Result<Rules, Failure> {
        Ok(self.opened()?.rules)
    }

    /// Changes the rules.
    ///
    /// # Errors
    /// What the store says.
    pub fn set_rules(&self, rules: NewRules) -> Result<(), Failure> {
        let set = with_store!(self.settings.database, store => block_on(set(store, rules)));
        Ok(set??)
    }

    fn opened(&self) -> Result<Snapshot, Failure> {
        if let Target::Sqlite(path) = &self.settings.database
            && !path.exists()
        {
            let words = format!(
                "there is no database {} yet: the game makes it, and so does \
                 `clickoff players add`.",
                path.display()
            );
            return Err(Failure::new(Exit::NotFound, words));
        }
        let asked = with_store!(self.settings.database, store => block_on(opened(store)));
        Ok(asked??)
    }

    /// Makes a change, and gives the player as it is then; nobody where one was removed.
    ///
    /// # Errors
    /// What the store says.
    pub fn change(&self, change: &Change) -> Result<Option<Player>, Failure> {
        if let Some(directory) = &self.settings.data_dir {
            std::fs::create_dir_all(directory).map_err(|error| {
                let directory = directory.display();
                let words = format!("the directory {directory} can't be made: {error}.");
                Failure::new(Exit::Unreachable, words)
            })?;
        }
        let made = with_store!(self.settings.database, store => block_on(made(store, change)));
        made?.map_err(|error| {
            let mut failure = Failure::from(error.clone());
            if matches!(error, StoreError::Gone) {
                failure.exit = Exit::NotFound;
            }
            if !error.wrote_nothing() {
                failure.words += " It is not known whether it was done: see `clickoff players`.";
            }
            failure
        })
    }
}

async fn opened(mut store: impl Store) -> Result<Snapshot, StoreError> {
    retried(async || store.open().await).await
}

async fn set(mut store: impl Keeper, rules: NewRules) -> Result<(), StoreError> {
    retried(async || store.open().await).await?;
    retried(async || store.set_rules(rules).await).await
}

async fn made(mut store: impl Store, change: &Change) -> Result<Option<Player>, StoreError> {
    retried(async || store.open().await).await?;
    retried(async || match change {
        Change::Add(entry) => store.add(entry).await.map(Some),
        Change::Edit(player, entry) => store.edit(*player, entry).await.map(Some),
        Change::Remove(player) => store.remove(*player).await.map(|()| None),
    })
    .await
}

/// Asks again while a database is busy, and never where something may have been written.
async fn retried<T>(mut call: impl AsyncFnMut() -> Result<T, StoreError>) -> Result<T, StoreError> {
    let end = Instant::now() + PATIENCE;
    loop {
        match call().await {
            Err(error)
                if error.remedy() == Remedy::Retry
                    && error.wrote_nothing()
                    && Instant::now() < end =>
            {
                tokio::time::sleep(PAUSE).await;
            }
            done => return done,
        }
    }
}

fn block_on<T>(work: impl Future<Output = T>) -> Result<T, Failure> {
    let (done, stop) = interruptible(async |_| work.await)?;
    done.ok_or_else(|| {
        let words = "interrupted while the database did not answer.";
        Failure::new(Exit::Signal(stop.signal().unwrap_or(0)), words)
    })
}
