//! Keeps presses on this machine while the database can't store them: one small file per run.
//!
//! An entry holds totals, not additions, so that delivering it twice adds nothing. A run holds the
//! lock file of its entry while it lives. If the lock is free, the run has ended, and the next run
//! on the same database takes the entry over.

use std::collections::HashMap;
use std::fs::{DirBuilder, File};
use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::files::{self, Links};
use crate::store::{ClientId, Day, Epoch};

/// In bytes: an entry has about a hundred for each player of its run.
const LARGEST: u64 = 16 << 20;

/// One run's presses that wait for delivery.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutboxEntry {
    /// The run's client.
    pub client: ClientId,
    /// The database's own name for itself.
    pub database: String,
    /// The database's day when the run opened it: its rows are not older. Entries of earlier
    /// versions lack it, and count as of day 0.
    #[serde(default)]
    pub opened: Day,
    /// The epoch of the database when the presses were made, if known.
    #[serde(default)]
    pub epoch: Option<Epoch>,
    /// What waits, by player.
    pub presses: Vec<KeptPresses>,
}

impl OutboxEntry {
    /// How many presses wait.
    pub fn waiting(&self) -> u64 {
        let each = self.presses.iter();
        each.map(|k| k.upto.saturating_sub(k.counted)).sum()
    }
}

/// One player's presses in an entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptPresses {
    /// `users.id`.
    pub player: i64,
    /// `click_sessions.id`, if the client's row exists. If that row is gone later, it was deleted
    /// with its player, and the presses are void, even if the player's id is used again. Or it was
    /// removed after a long time, or lost by a server that failed; in the same epoch, the presses
    /// may then be counted again.
    pub session: Option<i64>,
    /// All presses of the client for the player.
    pub upto: u64,
    /// Of these, the ones that are known to be settled.
    pub counted: u64,
    /// Of these, the ones that were over the database's limit.
    #[serde(default)]
    pub refused: u64,
    /// The player's score after the last commit, if there was one.
    #[serde(default)]
    pub score: Option<i64>,
}

/// The entries found at a start.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Adopted {
    /// Entries for this database whose runs have ended.
    pub entries: Vec<OutboxEntry>,
    /// Files that can't be read as entries, and why.
    pub unreadable: Vec<(String, String)>,
}

/// A durable store for entries.
pub trait Outbox: Send + 'static {
    /// Keeps an entry, in place of the client's earlier one. It is durable when this returns.
    ///
    /// # Errors
    /// If it could not be made durable. The earlier entry is then unchanged.
    fn keep(&mut self, entry: &OutboxEntry) -> io::Result<()>;

    /// Removes a client's entry, if there is one.
    ///
    /// # Errors
    /// If the file can't be removed.
    fn discard(&mut self, client: ClientId) -> io::Result<()>;

    /// Takes over the entries for a database whose runs have ended.
    fn adopt(&mut self, database: &str) -> Adopted;
}

/// Entries as files in a directory.
#[derive(Debug)]
pub struct FileOutbox {
    directory: PathBuf,
    locks: HashMap<ClientId, File>,
}

impl FileOutbox {
    /// An outbox in a directory, which is created with the first entry.
    pub fn new(directory: PathBuf) -> Self {
        Self {
            directory,
            locks: HashMap::new(),
        }
    }

    fn path(&self, client: ClientId, ending: &str) -> PathBuf {
        self.directory.join(format!("{client}.{ending}"))
    }

    /// Takes a client's lock, if it is free.
    fn lock(&mut self, client: ClientId) -> io::Result<bool> {
        if self.locks.contains_key(&client) {
            return Ok(true);
        }
        let file = files::private(&self.path(client, "lock"))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(std::fs::TryLockError::WouldBlock) => return Ok(false),
            Err(std::fs::TryLockError::Error(error)) => return Err(error),
        }
        self.locks.insert(client, file);
        Ok(true)
    }
}

/// How many presses wait in a directory for a database, of any run. Takes nothing over.
pub fn presses_kept(directory: &Path, database: &str) -> u64 {
    let entries = outbox_entries(directory);
    let ours = entries.iter().filter(|entry| entry.database == database);
    ours.map(OutboxEntry::waiting).sum()
}

/// All entries that can be read, of any run and database.
pub fn outbox_entries(directory: &Path) -> Vec<OutboxEntry> {
    let files = std::fs::read_dir(directory).into_iter().flatten().flatten();
    let paths = files.map(|file| file.path());
    let entries = paths.filter(|path| path.extension().is_some_and(|e| e == "json"));
    entries.filter_map(|path| read(&path).ok()).collect()
}

fn read(path: &Path) -> io::Result<OutboxEntry> {
    let text = files::read(path, LARGEST, Links::Refused)?;
    serde_json::from_str(&text).map_err(io::Error::other)
}

impl Outbox for FileOutbox {
    fn keep(&mut self, entry: &OutboxEntry) -> io::Result<()> {
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&self.directory)?;
        self.lock(entry.client)?;
        let text = serde_json::to_string(entry).map_err(io::Error::other)?;
        let draft = self.path(entry.client, "draft");
        files::replace(&self.path(entry.client, "json"), &draft, &text)
    }

    fn discard(&mut self, client: ClientId) -> io::Result<()> {
        for ending in ["json", "draft", "lock"] {
            match std::fs::remove_file(self.path(client, ending)) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        }
        if let Some(lock) = self.locks.remove(&client) {
            lock.unlock()?;
        }
        Ok(())
    }

    fn adopt(&mut self, database: &str) -> Adopted {
        let mut adopted = Adopted::default();
        let Ok(files) = std::fs::read_dir(&self.directory) else {
            return adopted;
        };
        let mut paths: Vec<PathBuf> = files.flatten().map(|f| f.path()).collect();
        paths.retain(|p| p.extension().is_some_and(|e| e == "json"));
        paths.sort();
        for path in paths {
            match self.adopt_file(&path, database) {
                Ok(Some(entry)) => adopted.entries.push(entry),
                Ok(None) => {}
                Err(error) => {
                    tracing::error!(path = %path.display(), %error, "an entry can't be read");
                    let path = path.display().to_string();
                    adopted.unreadable.push((path, error.to_string()));
                }
            }
        }
        adopted
    }
}

impl FileOutbox {
    fn adopt_file(&mut self, path: &Path, database: &str) -> io::Result<Option<OutboxEntry>> {
        let entry = match read(path) {
            Ok(entry) => entry,
            // Delivered and discarded by another run since the directory was read.
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        if entry.database != database || self.locks.contains_key(&entry.client) {
            return Ok(None);
        }
        if !self.lock(entry.client)? {
            return Ok(None);
        }
        // Read anew under the lock: its run may have kept more just before it ended, and another
        // run may have delivered it just now.
        match read(path) {
            Ok(entry) => Ok(Some(entry)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                self.discard(entry.client)?;
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }
}

impl Drop for FileOutbox {
    /// Frees the locks explicitly: a program that is being started right now has copies of the open
    /// files for a moment, and a lock ends by itself only with the last copy.
    fn drop(&mut self) {
        for lock in self.locks.values() {
            // If this fails, the lock ends when the last copy is closed.
            let _ = lock.unlock();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(client: ClientId, upto: u64) -> OutboxEntry {
        OutboxEntry {
            client,
            database: "db".into(),
            opened: Day(20_000),
            epoch: None,
            presses: vec![KeptPresses {
                player: 7,
                session: Some(3),
                upto,
                counted: 1,
                refused: 0,
                score: None,
            }],
        }
    }

    #[test]
    fn an_entry_outlives_its_run_and_is_delivered_by_one_other() {
        let dir = tempfile::tempdir().expect("a temporary directory");
        let outbox = || FileOutbox::new(dir.path().join("outbox"));
        let client = ClientId::new_v4();
        let mut first = outbox();
        first.keep(&entry(client, 5)).expect("kept");
        first.keep(&entry(client, 9)).expect("kept again");
        assert_eq!(outbox().adopt("db").entries, [], "its run still lives");
        let _copy = first.locks[&client]
            .try_clone()
            .expect("a copy, as a child has one");
        drop(first);
        let mut second = outbox();
        assert_eq!(second.adopt("another").entries, []);
        assert_eq!(second.adopt("db").entries, [entry(client, 9)]);
        assert_eq!(outbox().adopt("db").entries, [], "adopted already");
        second.discard(client).expect("discarded");
        drop(second);
        assert_eq!(outbox().adopt("db"), Adopted::default());
    }

    #[test]
    fn an_entry_of_an_earlier_version_is_of_the_first_day() {
        let client = ClientId::new_v4();
        let text = format!(r#"{{"client":"{client}","database":"db","presses":[]}}"#);
        let entry: OutboxEntry = serde_json::from_str(&text).expect("an entry");
        assert_eq!(entry.opened, Day(0));
    }

    #[test]
    fn what_is_no_entry_is_named_and_left_alone() {
        let dir = tempfile::tempdir().expect("a temporary directory");
        let at = |name: &str| dir.path().join(name);
        std::fs::write(at("x.json"), "{").expect("written");
        std::fs::write(at("large.json"), "[".repeat(20 << 20)).expect("written");
        std::fs::create_dir(at("directory.json")).expect("made");
        std::os::unix::fs::symlink("/dev/zero", at("endless.json")).expect("linked");
        let mode = rustix::fs::Mode::from_raw_mode(0o600);
        let kind = rustix::fs::FileType::Fifo;
        rustix::fs::mknodat(rustix::fs::CWD, at("pipe.json"), kind, mode, 0).expect("a pipe");
        let adopted = FileOutbox::new(dir.path().to_owned()).adopt("db");
        assert_eq!(adopted.entries, []);
        assert_eq!(adopted.unreadable.len(), 5, "{:?}", adopted.unreadable);
        assert_eq!(std::fs::read_dir(dir.path()).expect("listed").count(), 5);
        assert_eq!(outbox_entries(dir.path()), []);
    }

    #[test]
    fn nothing_is_written_where_a_link_leads_to() {
        let dir = tempfile::tempdir().expect("a temporary directory");
        let elsewhere = dir.path().join("elsewhere");
        std::fs::write(&elsewhere, "precious").expect("written");
        for ending in ["draft", "lock"] {
            let client = ClientId::new_v4();
            let mut outbox = FileOutbox::new(dir.path().join("outbox"));
            outbox.keep(&entry(ClientId::new_v4(), 1)).expect("kept");
            let link = outbox.path(client, ending);
            std::os::unix::fs::symlink(&elsewhere, link).expect("linked");
            outbox.keep(&entry(client, 5)).expect_err("a link");
        }
        let there = std::fs::read_to_string(&elsewhere).expect("there");
        assert_eq!(there, "precious");
    }
}
