//! The server's own key. It is made at the first start, and only its owner can read it.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use russh::keys::ssh_key::LineEnding;
use russh::keys::ssh_key::private::Ed25519Keypair;
use russh::keys::{Algorithm, HashAlg, PrivateKey};
use rustix::fs::OFlags;
use rustix::process::geteuid;

/// Longer than any key, in bytes.
const LONGEST: u64 = 64 * 1024;

/// Why the server has no usable key.
#[derive(Debug, thiserror::Error)]
pub enum HostKeyError {
    /// It can't be read or made.
    #[error("the host key {path} can't be used: {why}", path = .0.display(), why = .1)]
    Io(PathBuf, io::Error),
    /// It is not a key.
    #[error("the host key {path} can't be read: {why}", path = .0.display(), why = .1)]
    NoKey(PathBuf, russh::keys::ssh_key::Error),
    /// It has a passphrase.
    #[error(
        "the host key {path} has a passphrase, and nobody is there to enter it: \
         `ssh-keygen -p -f {path}` takes it away", path = .0.display()
    )]
    Locked(PathBuf),
    /// It is not a regular file.
    #[error("the host key {path} is no file", path = .0.display())]
    NoFile(PathBuf),
    /// Others can read it.
    #[error(
        "the host key {path} can be read by others: whoever has it can pass for this server. \
         `chmod 600` it, or remove it to have another made", path = .0.display()
    )]
    Open(PathBuf),
    /// It belongs to another user.
    #[error(
        "the host key {path} belongs to another user (number {owner}): it is not used",
        path = .0.display(), owner = .1
    )]
    Foreign(PathBuf, u32),
}

/// Reads the key from this file. If there is no such file, it makes one.
pub fn find(path: &Path) -> Result<PrivateKey, HostKeyError> {
    if let Some(key) = read(path)? {
        return Ok(key);
    }
    let fails = |error| HostKeyError::Io(path.to_owned(), error);
    make(path).map_err(fails)?;
    read(path)?.ok_or_else(|| fails(io::ErrorKind::NotFound.into()))
}

/// Reads the key from this file, if the file exists.
pub fn read(path: &Path) -> Result<Option<PrivateKey>, HostKeyError> {
    let fails = |error| HostKeyError::Io(path.to_owned(), error);
    let mut file = match open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        opened => opened.map_err(fails)?,
    };
    let known = file.metadata().map_err(fails)?;
    if !known.is_file() {
        return Err(HostKeyError::NoFile(path.to_owned()));
    }
    if known.uid() != geteuid().as_raw() {
        return Err(HostKeyError::Foreign(path.to_owned(), known.uid()));
    }
    if known.mode() & 0o077 != 0 {
        return Err(HostKeyError::Open(path.to_owned()));
    }
    let mut text = Vec::new();
    let read = (&mut file).take(LONGEST).read_to_end(&mut text);
    read.map_err(fails)?;
    let key = PrivateKey::from_openssh(&text)
        .map_err(|error| HostKeyError::NoKey(path.to_owned(), error))?;
    if key.is_encrypted() {
        return Err(HostKeyError::Locked(path.to_owned()));
    }
    Ok(Some(key))
}

/// A key's kind and fingerprint, as ssh shows them.
pub fn shown(key: &PrivateKey) -> String {
    let algorithm = key.algorithm();
    let kind = match &algorithm {
        Algorithm::Ed25519 => "ED25519",
        Algorithm::Ecdsa { .. } => "ECDSA",
        other => other.as_str(),
    };
    format!("{kind}, {}", key.fingerprint(HashAlg::Sha256))
}

fn open(path: &Path) -> io::Result<File> {
    // A link could lead to another user's file, and opening a pipe could block.
    let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK;
    OpenOptions::new()
        .read(true)
        .custom_flags(flags.bits().cast_signed())
        .open(path)
}

/// Makes a key. If two servers do so at once, both use the first one.
fn make(path: &Path) -> io::Result<()> {
    let mut seed = [0; 32];
    File::open("/dev/urandom")?.read_exact(&mut seed)?;
    let key = PrivateKey::from(Ed25519Keypair::from_seed(&seed));
    let text = key.to_openssh(LineEnding::LF).map_err(io::Error::other)?;
    let directory = path.parent().unwrap_or(Path::new("."));
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}", std::process::id()));
    let new = directory.join(name);
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&new)?;
    let made = file
        .write_all(text.as_bytes())
        .and_then(|()| file.sync_all())
        .and_then(|()| std::fs::hard_link(&new, path));
    std::fs::remove_file(&new)?;
    match made {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        made => made,
    }
}

#[cfg(test)]
mod tests {
    use std::fs::Permissions;
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn a_key_is_made_once_for_its_owner_alone() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("host_key");
        assert!(read(&path).expect("looked").is_none());
        let first = shown(&find(&path).expect("made"));
        assert!(first.starts_with("ED25519, SHA256:"), "{first}");
        assert_eq!(shown(&find(&path).expect("found")), first);
        let mode = std::fs::metadata(&path).expect("there").mode();
        assert_eq!(mode & 0o777, 0o600);
        let left = std::fs::read_dir(directory.path()).expect("listed").count();
        assert_eq!(left, 1);
    }

    #[test]
    fn a_key_that_others_can_read_or_that_is_none_is_refused() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("host_key");
        find(&path).expect("made");
        for mode in [0o640, 0o604, 0o620] {
            std::fs::set_permissions(&path, Permissions::from_mode(mode)).expect("set");
            assert!(
                matches!(find(&path), Err(HostKeyError::Open(_))),
                "{mode:o}"
            );
        }
        std::fs::set_permissions(&path, Permissions::from_mode(0o600)).expect("set");
        std::fs::write(&path, "no key").expect("written");
        assert!(matches!(find(&path), Err(HostKeyError::NoKey(..))));
        let link = directory.path().join("link");
        std::os::unix::fs::symlink(&path, &link).expect("linked");
        assert!(matches!(find(&link), Err(HostKeyError::Io(..))));
        assert!(matches!(
            find(directory.path()),
            Err(HostKeyError::NoFile(_))
        ));
    }
}
