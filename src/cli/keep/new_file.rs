//! A new file that appears only when it is complete and on the disk, and never replaces another
//! file.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::cli::Exit;
use crate::cli::common::Failure;
use crate::files;

/// A file that is being written under a temporary name, which goes if it is not finished.
#[derive(Debug)]
pub struct NewFile {
    place: PathBuf,
    file: NamedTempFile,
}

impl NewFile {
    /// Begins to write a file, with access for its owner only.
    ///
    /// # Errors
    /// [`Exit::Refused`] if the file exists, [`Exit::Usage`] if the path is not a file name.
    pub fn at(place: &Path) -> Result<Self, Failure> {
        let Some(name) = place.file_name() else {
            let words = format!("{} names no file.", place.display());
            return Err(Failure::new(Exit::Usage, words));
        };
        if fs::symlink_metadata(place).is_ok() {
            return Err(unwritten(place, &io::ErrorKind::AlreadyExists.into()));
        }
        if let Some(directory) = files::missing_directory(place) {
            let words = format!("there is no directory {}.", directory.display());
            return Err(Failure::new(Exit::NotFound, words));
        }
        let mut prefix = OsString::from(".");
        prefix.push(name);
        let made = tempfile::Builder::new()
            .prefix(&prefix)
            .suffix(".part")
            .tempfile_in(files::directory_of(place));
        let file = made.map_err(|error| unwritten(place, &error))?;
        let place = place.to_owned();
        Ok(Self { place, file })
    }

    /// The temporary path.
    pub fn path(&self) -> &Path {
        self.file.path()
    }

    /// Writes more to it.
    pub fn write(&mut self, text: &str) -> Result<(), Failure> {
        let written = self.file.write_all(text.as_bytes());
        written.map_err(|error| unwritten(&self.place, &error))
    }

    /// Syncs the file to the disk and gives it its name.
    ///
    /// # Errors
    /// [`Exit::Refused`] if a file of this name has appeared meanwhile; else the system's error.
    pub fn finish(self) -> Result<(), Failure> {
        let Self { place, file } = self;
        let put = || {
            file.as_file().sync_all()?;
            file.persist_noclobber(&place)?;
            File::open(files::directory_of(&place))?.sync_all()
        };
        put().map_err(|error| unwritten(&place, &error))
    }
}

fn unwritten(place: &Path, error: &io::Error) -> Failure {
    let place = place.display();
    if error.kind() == io::ErrorKind::AlreadyExists {
        let words = format!("there is a file {place} already: name another one.");
        return Failure::new(Exit::Refused, words);
    }
    let words = format!("the file {place} can't be written: {error}.");
    Failure::new(Exit::Unreachable, words)
}
