//! The database that the settings name, opened for one question or one change.

use std::time::{Duration, Instant};

use super::Exit;
use super::frame::{Failure, interruptible};
use crate::game::Player;
use crate::message::Change;
use crate::settings::{Flags, Settings};
use crate::store::{
    MySqlStore, PostgresStore, Remedy, SqliteFile, SqliteStore, Store, StoreError, Target,
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

pub(super) use with_store;

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
        let asked = with_store!(self.settings.database, store => block_on(players(store)));
        Ok(asked??)
    }

    /// Makes a change, and gives the player as it is then; nobody where one was removed.
    ///
    /// # Errors
    /// What the store says.
    pub fn change(&self, change: &Change) -> Result<Option<Player>, Failure> {
        make_directory(&self.settings)?;
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

/// Makes the directory of the default database.
///
/// # Errors
/// Where that is not possible.
pub fn make_directory(settings: &Settings) -> Result<(), Failure> {
    let Some(directory) = &settings.data_dir else {
        return Ok(());
    };
    std::fs::create_dir_all(directory).map_err(|error| {
        let directory = directory.display();
        let words = format!("the directory {directory} can't be made: {error}.");
        Failure::new(Exit::Unreachable, words)
    })
}

async fn players(mut store: impl Store) -> Result<Vec<Player>, StoreError> {
    Ok(retried(async || store.open().await).await?.players)
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
    done.ok_or_else(|| stop.unanswered())
}
