//! Opens and reads files that others may have created: only regular files, up to a size limit, and
//! without blocking on pipes or devices.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use rustix::fs::OFlags;

/// The largest file of settings, keys or themes, in bytes.
pub const SETTINGS: u64 = 256 << 10;

/// Whether a link may lead to the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Links {
    /// It may: the player named the path.
    Followed,
    /// It may not: the file is the program's own, and a link could make it overwrite another file.
    Refused,
}

/// Reads a text of at most `most` bytes.
///
/// # Errors
/// As [`open`], or if the text is longer or not UTF-8.
pub fn read(path: &Path, most: u64, links: Links) -> io::Result<String> {
    let file = open(OpenOptions::new().read(true), path, links)?;
    let mut text = Vec::new();
    // The limit also holds for a file that grows while it is read.
    file.take(most + 1).read_to_end(&mut text)?;
    if text.len() as u64 > most {
        let words = format!("it has more than the {most} bytes that such a file may have");
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, words));
    }
    let no_text = |_| io::Error::new(io::ErrorKind::InvalidData, "it is not valid UTF-8");
    String::from_utf8(text).map_err(no_text)
}

/// Opens a file with these options. A pipe, a device or a directory is an error, without blocking.
///
/// # Errors
/// The system's error, or that it is not a regular file.
pub fn open(options: &mut OpenOptions, path: &Path, links: Links) -> io::Result<File> {
    let flags = match links {
        Links::Followed => OFlags::NONBLOCK | OFlags::NOCTTY,
        Links::Refused => OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::NOFOLLOW,
    };
    // Checked before opening, too: opening a device can have side effects.
    let data = match links {
        Links::Followed => std::fs::metadata(path),
        Links::Refused => std::fs::symlink_metadata(path),
    };
    if let Ok(data) = data {
        regular(&data)?;
    }
    let file = options
        .custom_flags(flags.bits().cast_signed())
        .open(path)?;
    regular(&file.metadata()?)?;
    Ok(file)
}

/// Opens a file of the program's own for writing, readable by its owner only. Creates it if needed.
///
/// # Errors
/// As [`open`].
pub fn private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    let options = options.write(true).create(true).truncate(false).mode(0o600);
    open(options, path, Links::Refused)
}

/// Replaces a file of the program's own atomically: writes a draft, syncs it and renames it. It is
/// durable when this returns.
///
/// # Errors
/// The system's error. The earlier file is then unchanged.
pub fn replace(path: &Path, draft: &Path, text: &str) -> io::Result<()> {
    let mut file = private(draft)?;
    file.set_len(0)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    std::fs::rename(draft, path)?;
    File::open(directory_of(path))?.sync_all()
}

/// The directory of a file.
pub fn directory_of(path: &Path) -> &Path {
    let directory = path.parent().filter(|d| !d.as_os_str().is_empty());
    directory.unwrap_or(Path::new("."))
}

/// The directory of a path, if it does not exist.
pub fn missing_directory(path: &Path) -> Option<&Path> {
    Some(directory_of(path)).filter(|directory| !directory.is_dir())
}

/// Adds the missing directory to a "not found" error, if a directory is missing.
pub fn of_directory(path: &Path, error: io::Error) -> io::Error {
    match missing_directory(path) {
        Some(directory) if error.kind() == io::ErrorKind::NotFound => {
            let words = format!("there is no directory {}", directory.display());
            io::Error::new(io::ErrorKind::NotFound, words)
        }
        _ => error,
    }
}

fn regular(data: &std::fs::Metadata) -> io::Result<()> {
    let words = match data.file_type() {
        kind if kind.is_file() => return Ok(()),
        kind if kind.is_dir() => return Err(io::ErrorKind::IsADirectory.into()),
        kind if kind.is_symlink() => "it is a link, where a file is wanted",
        _ => "it is not a regular file",
    };
    Err(io::Error::other(words))
}
