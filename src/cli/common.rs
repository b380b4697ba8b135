//! What all commands share: output, errors, and how a signal ends them.

use std::cell::Cell;
use std::fmt::Display;
use std::io::{self, IsTerminal, Write};
use std::pin::pin;
use std::rc::Rc;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;
use tokio::runtime::{Builder, Runtime};
use tokio::signal::unix::{SignalKind, signal};
use tokio::time::timeout;

use super::Exit;
use crate::settings::SettingsError;
use crate::store::archive::ArchiveError;
use crate::store::{Remedy, StoreError};
use crate::words::text;

/// How long a command may wait for the database after a signal.
const GRACE: Duration = Duration::from_secs(5);

/// How often a wait for something slow checks for a signal.
const LOOK: Duration = Duration::from_millis(100);

/// The longest line on standard error, in bytes. A name may have a megabyte.
const LONGEST: usize = 4096;

/// Why a command failed, and the exit code of the process.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// One or more whole sentences.
    pub words: String,
    /// The exit code.
    pub exit: Exit,
}

impl Failure {
    /// A failure with a sentence.
    pub fn new(exit: Exit, words: impl Into<String>) -> Self {
        let words = words.into();
        Self { words, exit }
    }
}

impl From<SettingsError> for Failure {
    fn from(error: SettingsError) -> Self {
        Self::new(Exit::Usage, error.to_string())
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::new(Exit::from(&error), error.to_string())
    }
}

impl From<ArchiveError> for Failure {
    fn from(error: ArchiveError) -> Self {
        let exit = match &error {
            ArchiveError::Store(error) => error.into(),
            ArchiveError::NoPlayers { .. } => Exit::Damaged,
            ArchiveError::NotText { .. } | ArchiveError::Unfit { .. } => Exit::Refused,
        };
        Self::new(exit, error.to_string())
    }
}

impl From<&StoreError> for Exit {
    fn from(error: &StoreError) -> Self {
        match error.remedy() {
            _ if *error == StoreError::Gone => Self::NotFound,
            Remedy::Stop(kind) => kind.into(),
            Remedy::Refuse => Self::Refused,
            Remedy::Retry | Remedy::Wait => Self::Unreachable,
        }
    }
}

/// Prints sentences on standard error, without control characters. Continuation lines are indented,
/// so that no name or quoted error looks like another sentence of ours.
pub fn note(words: &str) {
    // If standard error is closed, only the exit code is left.
    let _ = writeln!(io::stderr(), "{}", noted(words));
}

fn noted(words: &str) -> String {
    let words = text::harmless(words.trim_end());
    let mut noted = String::from("clickoff: ");
    for (at, line) in words.split('\u{240a}').enumerate() {
        if at > 0 {
            noted.push('\n');
            if !line.is_empty() && !line.starts_with("  ") {
                noted.push_str("  ");
            }
        }
        if line.len() <= LONGEST {
            noted.push_str(line);
            continue;
        }
        // Quoted text is usually in the middle, and the result at the end: keep both ends.
        let (head, tail) = (LONGEST / 2, line.len() - LONGEST / 2);
        noted.push_str(&line[..line.floor_char_boundary(head)]);
        noted.push('…');
        noted.push_str(&line[line.ceil_char_boundary(tail)..]);
    }
    noted
}

/// Prints a line of the answer on standard output, without control characters.
pub fn answer(words: &str) -> Result<(), Failure> {
    write_out(&format!("{}\n", text::harmless(words)))
}

/// Lines for standard output. If that is a terminal, they have no control characters but `end`.
pub fn harmless_lines(lines: String, end: &str) -> String {
    if !io::stdout().is_terminal() {
        return lines;
    }
    let lines = lines.split(end).map(text::harmless);
    lines.collect::<Vec<_>>().join(end)
}

/// Whether [`done`] prints nothing, because of `--quiet`.
static QUIET: AtomicBool = AtomicBool::new(false);

/// Turns off messages of success.
pub fn be_quiet() {
    QUIET.store(true, Ordering::Relaxed);
}

/// Whether messages of success are off.
pub fn is_quiet() -> bool {
    QUIET.load(Ordering::Relaxed)
}

/// Prints that something was done, unless `--quiet` is set. If that can't be printed, the work is
/// done all the same, and a failure would make scripts repeat it. So the message then goes to
/// standard error, and the command succeeds.
///
/// # Errors
/// If a signal ended it.
pub fn done(words: &str) -> Result<(), Failure> {
    if is_quiet() {
        return Ok(());
    }
    match answer(words) {
        Err(failure) if failure.exit == Exit::Output => {
            note(&format!(
                "{} It is done all the same: {words}",
                failure.words
            ));
            Ok(())
        }
        answered => answered,
    }
}

/// Says what was done, or what would be done: that is an answer, which `--quiet` does not turn off.
pub fn report(dry_run: bool, words: &str) -> Result<(), Failure> {
    match dry_run {
        true => answer(words),
        false => done(words),
    }
}

/// Writes to standard output. It is no error if the reader has gone. It ends at a signal if the
/// reader blocks.
///
/// # Errors
/// If it can't be written for another reason, or a signal ended it.
pub fn write_out(text: &str) -> Result<(), Failure> {
    let text = text.to_owned();
    let (done, stop) = interruptible(Duration::ZERO, async |_| written(text).await)?;
    done.unwrap_or_else(|| Err(Failure::new(stop.exit(), "")))
        .map(drop)
}

/// As [`write_out`], on the runtime of the caller. Returns whether the reader was still there.
pub async fn written(text: String) -> Result<bool, Failure> {
    let writing = tokio::task::spawn_blocking(move || {
        let mut output = io::stdout().lock();
        let written = output.write_all(text.as_bytes());
        written.and_then(|()| output.flush())
    });
    match writing.await {
        Ok(Ok(())) => Ok(true),
        Ok(Err(error)) if error.kind() == io::ErrorKind::BrokenPipe => Ok(false),
        Ok(Err(error)) => {
            let words = format!("standard output can't be written: {error}.");
            Err(Failure::new(Exit::Output, words))
        }
        Err(panic) => Err(Failure::new(Exit::Fault, panic.to_string())),
    }
}

/// `1 player`, `2,000 players`.
pub fn many(n: impl Display, noun: &str) -> String {
    let n = text::grouped(n);
    let plural = if n == "1" { "" } else { "s" };
    format!("{n} {noun}{plural}")
}

/// Whether a signal told the command to end, and which.
#[derive(Debug, Clone, Default)]
pub struct StopSignal(Rc<Cell<Option<i32>>>);

impl StopSignal {
    /// Returns an error if a signal has come.
    ///
    /// # Errors
    /// [`Exit::Signal`], if a signal has come.
    pub fn check(&self) -> Result<(), Failure> {
        let interrupted = |number| Failure::new(Exit::Signal(number), "interrupted.");
        self.0.get().map_or(Ok(()), |n| Err(interrupted(n)))
    }

    /// Waits for something that may be slow, unless a signal comes.
    ///
    /// # Errors
    /// [`Exit::Signal`], if a signal comes.
    pub async fn wait_for<T>(&self, slow: impl Future<Output = T>) -> Result<T, Failure> {
        let mut slow = pin!(slow);
        loop {
            self.check()?;
            if let Ok(done) = timeout(LOOK, &mut slow).await {
                return Ok(done);
            }
        }
    }

    /// The exit code of a command that a signal ended.
    pub fn exit(&self) -> Exit {
        Exit::Signal(self.0.get().unwrap_or(0))
    }
}

/// Runs a command's work. The work checks its [`StopSignal`] where it can stop cleanly. Returns
/// `None` if the work did not end within the grace period after a signal, or if a second signal
/// came; its connections are dropped then.
///
/// SIGHUP keeps its default: it ends the process at once, or is ignored under nohup.
///
/// # Errors
/// If the system refuses a runtime or a signal handler.
pub fn interruptible<T>(
    grace: Duration,
    work: impl AsyncFnOnce(StopSignal) -> T,
) -> Result<(Option<T>, StopSignal), Failure> {
    let stop = StopSignal::default();
    let mut done = None;
    let work = async { done = Some(work(stop.clone()).await) };
    run_until_signal(grace, &stop, work.boxed_local()).map_err(|error| {
        let words = format!("the runtime can't be started: {error}.");
        Failure::new(Exit::Fault, words)
    })?;
    Ok((done, stop))
}

/// The work is boxed, so that the runtime's loop is compiled only once and not for each command.
fn run_until_signal(
    grace: Duration,
    stop: &StopSignal,
    work: LocalBoxFuture<'_, ()>,
) -> io::Result<()> {
    // The runtime is never dropped, because that could wait for a thread that is blocked on a lock.
    static RUNTIME: OnceLock<Runtime> = OnceLock::new();
    let runtime = match RUNTIME.get() {
        Some(runtime) => runtime,
        None => {
            let runtime = Builder::new_current_thread().enable_all().build()?;
            RUNTIME.get_or_init(|| runtime)
        }
    };
    runtime.block_on(async {
        let mut interrupt = signal(SignalKind::interrupt())?;
        let mut terminate = signal(SignalKind::terminate())?;
        let mut next = async || {
            let kind = tokio::select! {
                _ = interrupt.recv() => SignalKind::interrupt(),
                _ = terminate.recv() => SignalKind::terminate(),
            };
            kind.as_raw_value()
        };
        let told = async {
            stop.0.set(Some(next().await));
            let _ = timeout(grace, next()).await;
        };
        tokio::select! {
            biased;
            () = work => {}
            () = told => {}
        }
        Ok(())
    })
}

/// Runs work that asks a database. After a signal, it gets [`GRACE`] to end.
///
/// # Errors
/// The error of the work; [`Exit::Signal`] if it did not end in time.
pub fn answered<T, E: Into<Failure>>(
    work: impl AsyncFnOnce(StopSignal) -> Result<T, E>,
) -> Result<T, Failure> {
    let (done, stop) = interruptible(GRACE, work)?;
    let Some(done) = done else {
        let words = "interrupted while a database did not answer.";
        return Err(Failure::new(stop.exit(), words));
    };
    done.map_err(Into::into)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_of_others_passes_for_a_sentence_of_ours() {
        let told = "a\nclickoff: Removed Bob.\r\n\n  b\x1b[2J\u{202e}\n";
        let noted = noted(told);
        let shown = "clickoff: a\n  clickoff: Removed Bob.␍\n\n  b␛[2J\u{fffd}";
        assert_eq!(noted, shown);
        let own = noted.lines().filter(|line| line.starts_with("clickoff"));
        assert_eq!(own.count(), 1);
    }

    #[test]
    fn no_line_is_longer_than_it_may_be() {
        let noted = noted(&format!("{} is too long.", "王".repeat(100_000)));
        assert!(noted.len() < LONGEST + 20, "{}", noted.len());
        assert!(noted.ends_with("王 is too long.") && noted.contains('…'));
    }
}
