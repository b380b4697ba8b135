//! A new file that appears only when it is complete and on the disk, and never replaces another
//! file.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use uuid::Uuid;

use crate::cli::Exit;
use crate::cli::common::Failure;
use crate::files;

/// A file that is being written under a temporary name.
#[derive(Debug)]
pub struct NewFile {
    place: PathBuf,
    beside: PathBuf,
}

impl NewFile {
    /// Prepares to write a file. Nothing is created yet.
    ///
    /// # Errors
    /// [`Exit::Refused`] if the file exists, [`Exit::Usage`] if the path is not a file name.
    pub fn at(place: &Path) -> Result<Self, Failure> {
        let Some(name) = place.file_name() else {
            let words = format!("{} names no file.", place.display());
            return Err(Failure::new(Exit::Usage, words));
        };
        if fs::symlink_metadata(place).is_ok() {
            return Err(occupied(place));
        }
        if let Some(directory) = files::missing_directory(place) {
            let words = format!("there is no directory {}.", directory.display());
            return Err(Failure::new(Exit::NotFound, words));
        }
        let mut beside = std::ffi::OsString::from(".");
        beside.push(name);
        beside.push(format!(".{}.part", Uuid::new_v4().simple()));
        Ok(Self {
            place: place.to_owned(),
            beside: place.with_file_name(beside),
        })
    }

    /// The temporary path.
    pub fn beside(&self) -> &Path {
        &self.beside
    }

    /// Creates the temporary file, with access for its owner only.
    pub fn create(&self) -> Result<File, Failure> {
        let mut options = OpenOptions::new();
        let made = options.write(true).create_new(true).mode(0o600);
        made.open(&self.beside)
            .map_err(|error| self.unwritten(&error))
    }

    /// Writes more to it.
    pub fn write(&self, mut file: &File, text: &str) -> Result<(), Failure> {
        let written = file.write_all(text.as_bytes());
        written.map_err(|error| self.unwritten(&error))
    }

    /// Syncs the file to the disk and gives it its name.
    ///
    /// # Errors
    /// [`Exit::Refused`] if a file of this name has appeared meanwhile; else the system's error.
    pub fn finish(self) -> Result<(), Failure> {
        let put = || {
            File::open(&self.beside)?.sync_all()?;
            // Unlike a rename, a link never replaces a file.
            fs::hard_link(&self.beside, &self.place)?;
            let directory = self.place.parent().filter(|d| !d.as_os_str().is_empty());
            File::open(directory.unwrap_or(Path::new(".")))?.sync_all()
        };
        put().map_err(|error: io::Error| match error.kind() {
            io::ErrorKind::AlreadyExists => occupied(&self.place),
            _ => self.unwritten(&error),
        })
    }

    fn unwritten(&self, error: &io::Error) -> Failure {
        let words = format!(
            "the file {} can't be written: {error}.",
            self.place.display()
        );
        Failure::new(Exit::Unreachable, words)
    }
}

fn occupied(place: &Path) -> Failure {
    let words = format!(
        "there is a file {} already: name another one.",
        place.display()
    );
    Failure::new(Exit::Refused, words)
}

/// Removes the temporary name, whether the file was finished or not.
impl Drop for NewFile {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.beside);
    }
}
