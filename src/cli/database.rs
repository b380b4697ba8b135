//! The database that the settings name, opened for one question or one change.

use std::path::Path;
use std::time::Duration;

use super::Exit;
use super::find::find;
use super::frame::{Failure, GRACE, StopSignal, interruptible, is_quiet, note};
use super::retry::{retried, retried_if};
use super::scratch::Scratch;
use crate::files;
use crate::game::Player;
use crate::message::Change;
use crate::settings::{Directories, Flags, Settings};
use crate::store::{AnyStore, Snapshot, Store, StoreError, Target};
use crate::words::text;

/// The database of the settings.
#[derive(Debug)]
pub struct Database {
    settings: Settings,
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

    /// The settings that name it.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Works on it with a store that is not open yet, until the end or until it was told to end and
    /// did not in good time.
    ///
    /// # Errors
    /// [`Exit::Signal`] for the latter.
    pub fn work<T>(&self, work: impl AsyncFnOnce(AnyStore) -> T) -> Result<T, Failure> {
        let (done, stop) = interruptible(GRACE, async |_| work(self.store()).await)?;
        done.ok_or_else(|| stop.unanswered())
    }

    /// Works with a store that is open, as [`Self::work`] does. A file that is not there is not
    /// made.
    ///
    /// # Errors
    /// As [`Self::must_be_there`] and [`Self::work`]; else what the store or the work says.
    pub fn ask<T>(
        &self,
        work: impl AsyncFnOnce(&mut AnyStore) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        self.ask_opened(async |store, _| work(store).await)
    }

    /// The same with what the store saw as it opened.
    ///
    /// # Errors
    /// As [`Self::ask`].
    pub fn ask_opened<T>(
        &self,
        work: impl AsyncFnOnce(&mut AnyStore, Snapshot) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        self.must_be_there()?;
        self.work(async |mut store| {
            let opened = retried(async || store.open().await).await?;
            work(&mut store, opened).await
        })?
    }

    /// Follows a database that is there until it is told to end, and writes nothing in it.
    ///
    /// # Errors
    /// [`Exit::Signal`] then, without a word: it is what was wanted. Else as [`Self::ask`].
    pub fn follow(
        &self,
        work: impl AsyncFnOnce(AnyStore, Snapshot) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        self.must_be_there()?;
        let (done, stop) = interruptible(Duration::ZERO, async |_| {
            let mut store = self.store();
            let opened = retried(async || store.open().await).await?;
            work(store, opened).await
        })?;
        done.unwrap_or_else(|| Err(Failure::new(stop.exit(), "")))
    }

    fn store(&self) -> AnyStore {
        AnyStore::new(self.settings.database.clone())
    }

    /// Whether there is anything to ask: a question makes no file.
    ///
    /// # Errors
    /// [`Exit::NotFound`] for a file that is not there.
    pub fn must_be_there(&self) -> Result<(), Failure> {
        let how = ": the game makes it, and so does `clickoff players add`";
        must_exist(&self.settings.database, how)
    }

    /// The player that a word means. A file that is not there is not made.
    ///
    /// # Errors
    /// [`Exit::NotFound`] for such a file; else what [`find`] says.
    pub fn player(&self, word: &str) -> Result<Player, Failure> {
        self.ask(async |store| find(store, word).await)
    }

    /// The same, looked for in a copy: the database itself is only read, and stays as it is even
    /// where clickoff's own tables are not there yet.
    ///
    /// # Errors
    /// As [`Self::player`].
    pub fn scratch_player(&self, word: &str) -> Result<Player, Failure> {
        self.must_be_there()?;
        let database = &self.settings.database;
        let copying = async |stop: StopSignal| Scratch::copy_of(database, &stop).await;
        let (copied, stop) = interruptible(GRACE, copying)?;
        let scratch = copied.ok_or_else(|| stop.unanswered())??;
        let copy = Self::of(Settings {
            database: scratch.target.clone(),
            ..self.settings.clone()
        });
        copy.player(word)
    }

    /// Makes a change, and gives the player as it is then; nobody where one was removed.
    ///
    /// # Errors
    /// What the store says.
    pub fn change(&self, change: &Change) -> Result<Option<Player>, Failure> {
        make_directory(&self.settings)?;
        let made = self.work(async |mut store| {
            retried_if(StoreError::wrote_nothing, async || store.open().await).await?;
            let namesakes = match change {
                // Not worth a failure.
                Change::Add(entry) => store.named(&entry.name).await.unwrap_or_default(),
                _ => Vec::new(),
            };
            let made = retried_if(StoreError::wrote_nothing, async || match change {
                Change::Add(entry) => store.add(entry).await.map(Some),
                Change::Edit(player, entry) => store.edit(*player, entry).await.map(Some),
                Change::Remove(player) => store.remove(*player).await.map(|()| None),
            });
            let made = made.await?;
            Ok::<_, StoreError>((made, namesakes))
        })?;
        if let (Change::Add(entry), Ok((_, namesakes))) = (change, &made) {
            tell_namesakes(&entry.name, namesakes);
        }
        made.map(|(made, _)| made).map_err(|error: StoreError| {
            let is_known = error.wrote_nothing();
            let mut failure = Failure::from(error);
            if !is_known {
                failure.words += " It is not known whether it was done: see `clickoff players`.";
            }
            failure
        })
    }
}

/// Refuses a file that is not there, and says how it comes to be, where that is to be said.
///
/// # Errors
/// [`Exit::NotFound`].
pub fn must_exist(database: &Target, how: &str) -> Result<(), Failure> {
    match database {
        Target::Sqlite(path) if !path.exists() => {
            let shown = path.display();
            // The game makes its own directory.
            let is_ours =
                |directory: &Path| Directories::find().is_ok_and(|ours| ours.data == directory);
            let lost = files::missing_directory(path).filter(|directory| !is_ours(directory));
            let words = match lost.map(Path::display) {
                Some(lost) => {
                    format!(
                        "there is no database {shown}, and no directory {lost}: check the path."
                    )
                }
                None => format!("there is no database {shown} yet{how}."),
            };
            Err(Failure::new(Exit::NotFound, words))
        }
        _ => Ok(()),
    }
}

/// Tells whoever adds a player that the name is somebody else's, too.
fn tell_namesakes(name: &str, players: &[Player]) {
    let ids = players.iter().filter(|p| p.name == name);
    let ids: Vec<String> = ids.take(3).map(|p| p.id.0.to_string()).collect();
    if ids.is_empty() || is_quiet() {
        return;
    }
    note(&format!(
        "{} was there already (id {}): by that name alone nobody is meant from now on.",
        text::visible_name(name).unwrap_or_default(),
        ids.join(", "),
    ));
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
