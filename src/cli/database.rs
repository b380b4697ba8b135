//! The database that the settings name, opened for one question or one change.

use std::time::{Duration, Instant};

use super::Exit;
use super::find::find;
use super::frame::{Failure, GRACE, interruptible};
use crate::game::{Player, Rules, Spot};
use crate::message::Change;
use crate::settings::{Flags, Settings};
use crate::store::{AnyStore, NewRules, Remedy, Store, StoreError, Target};

/// How long a database that is busy is asked again.
const PATIENCE: Duration = Duration::from_secs(5);

/// Between two tries.
const PAUSE: Duration = Duration::from_millis(100);

/// The database of the settings.
#[derive(Debug)]
pub struct Database {
    settings: Settings,
}

/// What is asked of a database or done in it, whichever kind it is.
pub trait Work {
    /// What comes of it.
    type Done;

    /// Does it, with a store that is not open yet.
    fn with(&self, store: AnyStore) -> impl Future<Output = Self::Done>;
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

    /// That of settings that are known.
    pub fn of(settings: Settings) -> Self {
        Self { settings }
    }

    /// Does a work on it, till its end or till it was told to end and did not in good time.
    ///
    /// # Errors
    /// [`Exit::Signal`] for the latter.
    pub fn work<W: Work>(&self, work: &W) -> Result<W::Done, Failure> {
        let (done, stop) = interruptible(GRACE, async |_| work.with(self.store()).await)?;
        done.ok_or_else(|| stop.unanswered())
    }

    /// Does a work that writes nothing and has no end of its own, till it is told to end.
    ///
    /// # Errors
    /// [`Exit::Signal`] then, without a word: it is what was wanted.
    pub fn work_till_told<W: Work>(&self, work: &W) -> Result<W::Done, Failure> {
        let (done, stop) = interruptible(Duration::ZERO, async |_| work.with(self.store()).await)?;
        done.ok_or_else(|| Failure::new(stop.exit(), ""))
    }

    fn store(&self) -> AnyStore {
        AnyStore::new(self.settings.database.clone())
    }

    /// Whether there is anything to ask: a question makes no file.
    ///
    /// # Errors
    /// [`Exit::NotFound`] for a file that is not there.
    pub fn must_be_there(&self) -> Result<(), Failure> {
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
        Ok(())
    }

    /// The player that a word means. A file that is not there is not made.
    ///
    /// # Errors
    /// [`Exit::NotFound`] for such a file; else what [`find`] says.
    pub fn player(&self, word: &str) -> Result<Player, Failure> {
        self.must_be_there()?;
        self.work(&Meant(word.to_owned()))?
    }

    /// What the database demands of its players. A file that is not there is not made.
    ///
    /// # Errors
    /// As [`Self::player`].
    pub fn rules(&self) -> Result<Rules, Failure> {
        self.must_be_there()?;
        Ok(self.work(&AskedRules)??)
    }

    /// Changes the rules of a database that is there.
    ///
    /// # Errors
    /// What the store says.
    pub fn set_rules(&self, rules: &NewRules) -> Result<(), Failure> {
        Ok(self.work(rules)??)
    }

    /// Makes a change, and gives the player as it is then; nobody where one was removed.
    ///
    /// # Errors
    /// What the store says.
    pub fn change(&self, change: &Change) -> Result<Option<Player>, Failure> {
        make_directory(&self.settings)?;
        self.work(change)?.map_err(|error| {
            let mut failure = Failure::from(error.clone());
            if !error.wrote_nothing() {
                failure.words += " It is not known whether it was done: see `clickoff players`.";
            }
            failure
        })
    }
}

/// What the database demands of its players.
struct AskedRules;

impl Work for AskedRules {
    type Done = Result<Rules, StoreError>;

    async fn with(&self, mut store: AnyStore) -> Self::Done {
        let opened = retried(StoreError::wrote_nothing, async || store.open().await);
        Ok(opened.await?.rules)
    }
}

impl Work for NewRules {
    type Done = Result<(), StoreError>;

    async fn with(&self, mut store: AnyStore) -> Self::Done {
        retried(StoreError::wrote_nothing, async || store.open().await).await?;
        // Done twice, it is the same.
        retried(|_| true, async || store.set_rules(*self).await).await
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

/// Reads the player that a word means.
struct Meant(String);

impl Work for Meant {
    type Done = Result<Player, Failure>;

    async fn with(&self, mut store: AnyStore) -> Self::Done {
        retried(StoreError::wrote_nothing, async || store.open().await).await?;
        find(&mut store, &self.0).await
    }
}

/// How many players are read at once where all of them are wanted.
const PAGE: u32 = 1000;

/// Reads the players behind one, or the first: none behind the last.
///
/// # Errors
/// What the store says.
pub async fn page(
    store: &mut AnyStore,
    after: Option<&Player>,
    many: usize,
) -> Result<Vec<Player>, StoreError> {
    let many = u32::try_from(many).map_or(PAGE, |many| many.min(PAGE));
    retried(
        |_| true,
        async || store.page(after.map(Spot::from), many).await,
    )
    .await
}

impl Work for Change {
    type Done = Result<Option<Player>, StoreError>;

    async fn with(&self, mut store: AnyStore) -> Self::Done {
        retried(StoreError::wrote_nothing, async || store.open().await).await?;
        let made = retried(StoreError::wrote_nothing, async || match self {
            Self::Add(entry) => store.add(entry).await.map(Some),
            Self::Edit(player, entry) => store.edit(*player, entry).await.map(Some),
            Self::Remove(player) => store.remove(*player).await.map(|()| None),
        });
        made.await
    }
}

/// Asks again while a database is busy, after errors that allow it.
pub async fn retried<T>(
    allow: fn(&StoreError) -> bool,
    mut call: impl AsyncFnMut() -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    let end = Instant::now() + PATIENCE;
    loop {
        match call().await {
            Err(error) if allow(&error) && waited(&error, end).await => {}
            done => return done,
        }
    }
}

/// Waits if an error passes and there is time left for another try, and tells whether it did.
async fn waited(error: &StoreError, end: Instant) -> bool {
    let passes = error.remedy() == Remedy::Retry && Instant::now() < end;
    if passes {
        tokio::time::sleep(PAUSE).await;
    }
    passes
}
