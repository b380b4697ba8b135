//! Writes a report of a crash, without anything private, so that it can be passed on.

use std::backtrace::Backtrace;
use std::fs::OpenOptions;
use std::io::{self, Write};
use std::panic::PanicHookInfo;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::SystemTime;

use crate::words::text;

/// The number of reports that are kept.
const KEPT: usize = 10;

/// The prefix of the reports' names.
const NAME: &str = "crash-";

/// Whether a report was written. A later panic is most likely a consequence of the first.
static REPORTED: AtomicBool = AtomicBool::new(false);

/// Writes a report of the process's first panic into a directory, and returns a sentence with its
/// path.
pub fn report(directory: &Path, panic: &PanicHookInfo<'_>) -> Option<String> {
    if REPORTED.swap(true, Ordering::SeqCst) {
        return None;
    }
    let path = write(directory, &words(panic, &Backtrace::force_capture())).ok()?;
    let path = path.display().to_string();
    Some(format!(
        "clickoff: a report of this crash, with nothing private in it, is in {}\n",
        text::harmless(&path)
    ))
}

fn write(directory: &Path, report: &str) -> io::Result<PathBuf> {
    std::fs::create_dir_all(directory)?;
    drop_old(directory)?;
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    let seconds = since.map_or(0, |since| since.as_secs());
    let path = directory.join(format!("{NAME}{seconds}-{}.txt", std::process::id()));
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(&path)?;
    file.write_all(report.as_bytes())?;
    Ok(path)
}

/// Removes the oldest reports, to have room for one more. Names sort by time.
fn drop_old(directory: &Path) -> io::Result<()> {
    let entries = std::fs::read_dir(directory)?.flatten();
    let paths = entries.map(|entry| entry.path());
    let is_report = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default();
        name.to_string_lossy().starts_with(NAME)
    };
    let mut reports: Vec<PathBuf> = paths.filter(is_report).collect();
    reports.sort();
    let excess = (reports.len() + 1).saturating_sub(KEPT);
    reports[..excess].iter().try_for_each(std::fs::remove_file)
}

fn words(panic: &PanicHookInfo<'_>, backtrace: &Backtrace) -> String {
    let system = rustix::system::uname();
    let [name, release, machine] =
        [system.sysname(), system.release(), system.machine()].map(|part| part.to_string_lossy());
    let thread = std::thread::current();
    let place = panic.location().map_or_else(String::new, |location| {
        let (line, column) = (location.line(), location.column());
        format!("{}:{line}:{column}", source(location.file()))
    });
    // Text that was formatted at run time may hold a name, a path or a URL. Literals of the source
    // don't.
    let literal = panic.payload().downcast_ref::<&'static str>();
    let what = literal.unwrap_or(&"(left out, since something private may be in it)");
    format!(
        "clickoff {version}, {build} build\nsystem: {name} {release} {machine}\n\
         thread: {thread}\nplace: {place}\nwords: {what}\n\n{backtrace}",
        version = env!("CARGO_PKG_VERSION"),
        build = if cfg!(debug_assertions) {
            "debug"
        } else {
            "release"
        },
        thread = thread.name().unwrap_or("(no name)"),
        backtrace = without_places(&backtrace.to_string()),
    )
}

/// A backtrace without the directories of the machine that built the program.
fn without_places(backtrace: &str) -> String {
    let lines = backtrace.lines().map(|line| {
        let place = line.trim_start().strip_prefix("at ");
        place.map_or_else(
            || format!("{line}\n"),
            |path| format!("      at {}\n", source(path)),
        )
    });
    lines.collect()
}

/// A source file's path, beginning with its package.
fn source(path: &str) -> &str {
    const PACKAGES: &str = "/registry/src/";
    if path.starts_with("/rustc/") {
        return path;
    }
    if let Some((_, below)) = path.split_once(PACKAGES) {
        return below.split_once('/').map_or(below, |(_, package)| package);
    }
    match path.rfind("/src/") {
        Some(at) => &path[at + 1..],
        None if path.starts_with("src/") => path,
        None => path.rsplit('/').next().unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_directory_of_the_builder_is_named() {
        for (path, left) in [
            ("src/main.rs", "src/main.rs"),
            ("./games/clickoff/src/app/mod.rs:3:4", "src/app/mod.rs:3:4"),
            ("/home/ada/clickoff/tests/pty.rs", "pty.rs"),
            (
                "/rustc/59807616/library/std/src/rt.rs:1",
                "/rustc/59807616/library/std/src/rt.rs:1",
            ),
            (
                "/home/ada/.cargo/registry/src/index.crates.io-1949/tokio-1.2.3/src/rt/mod.rs:7",
                "tokio-1.2.3/src/rt/mod.rs:7",
            ),
        ] {
            assert_eq!(source(path), left);
        }
        let backtrace = "   0: clickoff::main\n             at /home/ada/src/main.rs:1:2\n";
        let left = "   0: clickoff::main\n      at src/main.rs:1:2\n";
        assert_eq!(without_places(backtrace), left);
    }

    #[test]
    fn ten_reports_are_kept() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = |n| directory.path().join(format!("{NAME}{n}-1.txt"));
        for n in 10..30 {
            std::fs::write(path(n), "").expect("written");
        }
        let last = write(directory.path(), "words").expect("written");
        let left = std::fs::read_dir(directory.path()).expect("listed").count();
        assert_eq!(left, KEPT);
        assert!(path(29).exists() && !path(20).exists());
        assert_eq!(std::fs::read_to_string(last).expect("text"), "words");
    }
}
