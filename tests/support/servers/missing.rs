//! What a test does if a server is not installed.

use std::error::Error;
use std::fmt::{self, Display, Formatter};
use std::fs;
use std::io::{self, Write};
use std::panic::Location;
use std::path::PathBuf;

/// A program that a server needs and this machine lacks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    /// The program's or library's file name.
    pub program: &'static str,
    /// The Debian package that has it.
    pub package: &'static str,
}

impl Display for Missing {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Missing { program, package } = self;
        write!(f, "{program} is MISSING: apt-get install {package}")
    }
}

impl Error for Missing {}

/// The server a test can't do without where it must run, and otherwise may be skipped for.
///
/// Returns `None` for a missing server after a line on stderr, past the test harness' capture.
///
/// # Panics
///
/// For a missing server, where the environment sets `CI` or `CLICKOFF_REQUIRE_SERVERS` to anything
/// but the empty string.
#[track_caller]
pub fn require<T>(found: Result<T, Missing>) -> Option<T> {
    let missing = match found {
        Ok(server) => return Some(server),
        Err(missing) => missing,
    };
    let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    if set("CI") || set("CLICKOFF_REQUIRE_SERVERS") {
        panic!("{missing}");
    }
    let test = Location::caller();
    let _ = writeln!(io::stderr(), "TEST SKIPPED at {test}: {missing}");
    None
}

/// Looks for `program` in `dirs`, then in `PATH` and where only root's `PATH` leads.
pub(super) fn find(
    program: &'static str,
    dirs: &[PathBuf],
    package: &'static str,
) -> Result<PathBuf, Missing> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let system = ["/usr/local/sbin", "/usr/sbin", "/usr/bin"].map(PathBuf::from);
    dirs.iter()
        .cloned()
        .chain(std::env::split_paths(&path))
        .chain(system)
        .map(|dir| dir.join(program))
        .find(|file| fs::metadata(file).is_ok_and(|metadata| metadata.is_file()))
        .ok_or(Missing { program, package })
}
