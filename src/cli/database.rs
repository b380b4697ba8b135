//! Opens a database for one query or one change.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::Exit;
use super::common::{Failure, answered, interruptible, is_quiet, note};
use super::find::find;
use super::keep::scratch::Scratch;
use super::retry::{retried, retried_if};
use crate::files;
use crate::game::Player;
use crate::message::Change;
use crate::settings::{Directories, Settings};
use crate::store::{AnyStore, Snapshot, Store, StoreError, Target};
use crate::words::text;

/// Runs work with a store that is not open yet. After a signal, the work gets a while to end.
///
/// # Errors
/// [`Exit::Signal`] if the work did not end in time.
pub fn work<T>(database: &Target, work: impl AsyncFnOnce(AnyStore) -> T) -> Result<T, Failure> {
    let store = AnyStore::new(database.clone());
    answered(async |_| Ok::<_, Failure>(work(store).await))
}

/// Runs work with an open store, as [`work`] does. A missing SQLite file is not created.
///
/// # Errors
/// As [`must_be_there`] and [`work`]; else the error of the store or the work.
pub fn ask<T>(
    database: &Target,
    work: impl AsyncFnOnce(&mut AnyStore) -> Result<T, Failure>,
) -> Result<T, Failure> {
    ask_opened(database, async |store, _| work(store).await)
}

/// As [`ask`]; the work also gets the snapshot that the store took when it opened.
pub fn ask_opened<T>(
    database: &Target,
    ask: impl AsyncFnOnce(&mut AnyStore, Snapshot) -> Result<T, Failure>,
) -> Result<T, Failure> {
    must_be_there(database)?;
    work(database, async |mut store| {
        let opened = retried(async || store.open().await).await?;
        ask(&mut store, opened).await
    })?
}

/// Runs work that reads an existing database until a signal ends it. It writes nothing.
///
/// # Errors
/// [`Exit::Signal`] without words after a signal, which is the usual end. Else as [`ask`].
pub fn follow(
    database: &Target,
    work: impl AsyncFnOnce(AnyStore, Snapshot) -> Result<(), Failure>,
) -> Result<(), Failure> {
    must_be_there(database)?;
    let (done, stop) = interruptible(Duration::ZERO, async |_| {
        let mut store = AnyStore::new(database.clone());
        let opened = retried(async || store.open().await).await?;
        work(store, opened).await
    })?;
    done.unwrap_or_else(|| Err(Failure::new(stop.exit(), "")))
}

/// Refuses a SQLite file that does not exist: reading must not create one.
///
/// # Errors
/// [`Exit::NotFound`] if the file does not exist.
pub fn must_be_there(database: &Target) -> Result<(), Failure> {
    let how = ": the game makes it, and so does `clickoff players add`";
    must_exist(database, how)
}

/// Finds the player for a word of the command line. A missing file is not created.
///
/// # Errors
/// [`Exit::NotFound`] if the file does not exist; else the error of [`find`].
pub fn player(database: &Target, word: &str) -> Result<Player, Failure> {
    ask(database, async |store| find(store, word).await)
}

/// As [`player`], but searched in a copy. The database itself is only read: clickoff's tables are
/// not created in it.
pub fn scratch_player(database: &Target, word: &str) -> Result<Player, Failure> {
    must_be_there(database)?;
    let scratch = answered(async |stop| Scratch::copy_of(database, &stop).await)?;
    player(&scratch.target, word)
}

/// Makes a change, and returns the changed player; `None` after a removal.
pub fn change(settings: &Settings, change: &Change) -> Result<Option<Player>, Failure> {
    make_directories(&settings.data_dir)?;
    let made = work(&settings.database, async |mut store| {
        retried_if(StoreError::wrote_nothing, async || store.open().await).await?;
        let namesakes = match change {
            // An error here must not fail the command.
            Change::Add(entry) => store.named(&entry.name).await.unwrap_or_default(),
            _ => Vec::new(),
        };
        let made = retried_if(StoreError::wrote_nothing, async || match change {
            Change::Add(entry) => store.add(entry).await.map(Some),
            Change::Edit(player, entry) => store.edit(*player, entry).await.map(Some),
            Change::Remove(player) => store.remove(*player).await.map(|()| None),
        });
        let made = made.await?;
        if let Change::Add(entry) = change {
            note_namesakes(&entry.name, &namesakes);
        }
        Ok(made)
    })?;
    made.map_err(|error: StoreError| {
        let is_known = error.wrote_nothing();
        let mut failure = Failure::from(error);
        if !is_known {
            failure.words += " It is not known whether it was done: see `clickoff players`.";
        }
        failure
    })
}

/// Refuses a file that does not exist. `how` says how to create it.
pub fn must_exist(database: &Target, how: &str) -> Result<(), Failure> {
    let Target::Sqlite(path) = database else {
        return Ok(());
    };
    if path.exists() {
        return Ok(());
    }
    let shown = path.display();
    // The game makes its own directory.
    let is_ours = |directory: &Path| Directories::find().is_ok_and(|ours| ours.data == directory);
    let lost = files::missing_directory(path).filter(|directory| !is_ours(directory));
    let words = match lost.map(Path::display) {
        Some(lost) => {
            format!("there is no database {shown}, and no directory {lost}: check the path.")
        }
        None => format!("there is no database {shown} yet{how}."),
    };
    Err(Failure::new(Exit::NotFound, words))
}

/// Notes that other players have the same name as a new one.
fn note_namesakes(name: &str, players: &[Player]) {
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

/// Makes the directories that do not exist.
pub fn make_directories<'a>(
    directories: impl IntoIterator<Item = &'a PathBuf>,
) -> Result<(), Failure> {
    for directory in directories {
        std::fs::create_dir_all(directory).map_err(|error| {
            let directory = directory.display();
            let words = format!("the directory {directory} can't be made: {error}.");
            Failure::new(Exit::Unreachable, words)
        })?;
    }
    Ok(())
}
