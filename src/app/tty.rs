//! The local terminals: the one that is drawn on, and the one that is typed at if it is different.
//! Size, raw mode, and reading.

use std::fs::OpenOptions;
use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::ffi::OsStringExt;
use std::os::unix::fs::OpenOptionsExt;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError, TryLockError};

use ratatui::layout::Size;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::OFlags;
use rustix::process::getpgrp;
use rustix::termios::{
    LocalModes, OptionalActions, Termios, tcgetattr, tcgetpgrp, tcgetwinsize, tcsetattr, ttyname,
};

/// The size to assume if a terminal does not know it, as on a serial line or in some containers.
pub const USUAL: Size = Size::new(80, 24);

/// The largest area that is drawn on. It is larger than any wall of screens, and small enough to be
/// kept in memory twice. Anybody can set the size of a terminal.
pub const LARGEST: Size = Size::new(2000, 1000);

/// The terminals in raw mode, with their settings from before.
static RAW: Mutex<Vec<(OwnedFd, Termios)>> = Mutex::new(Vec::new());

/// The path of standard output's terminal.
///
/// # Errors
/// If it has no path, for example after `su`.
pub fn path() -> io::Result<PathBuf> {
    let name = ttyname(io::stdout(), Vec::new())?;
    Ok(std::ffi::OsString::from_vec(name.into_bytes()).into())
}

/// Whether standard output is a different terminal than standard input.
fn are_two() -> bool {
    let (input, output) = (io::stdin(), io::stdout());
    let [typed, drawn] = [input.as_fd(), output.as_fd()].map(|fd| {
        let device = rustix::fs::fstat(fd).map(|stat| stat.st_rdev);
        (device.ok(), tcgetpgrp(fd).is_ok())
    });
    // `/dev/tty` has its own device number, but only one terminal is the controlling one.
    typed.0 != drawn.0 && !(typed.1 && drawn.1)
}

/// Whether this program, and not a shell, is in the terminal's foreground.
pub fn is_in_foreground() -> bool {
    // Without a controlling terminal there is no job control.
    tcgetpgrp(io::stdin()).map_or(true, |group| group == getpgrp())
}

/// The terminals to read from: standard input, and the terminal that is drawn on if it is
/// different. The questions and the mouse go to that one, and the player sits there.
///
/// # Errors
/// If there are too many open files.
pub fn inputs() -> io::Result<Vec<OwnedFd>> {
    let mut inputs = vec![io::stdin().as_fd().try_clone_to_owned()?];
    if are_two() {
        let flags = OFlags::NOCTTY.bits().cast_signed();
        let open = |path| OpenOptions::new().read(true).custom_flags(flags).open(path);
        match path().and_then(open) {
            Ok(drawn) => inputs.push(drawn.into()),
            Err(error) => tracing::info!(%error, "keys come from standard input alone"),
        }
    }
    Ok(inputs)
}

/// Reads what is available. It polls first, because the descriptor is shared with the shell and
/// stays blocking.
///
/// # Errors
/// [`io::ErrorKind::WouldBlock`] if there is nothing to read, or the terminal's error.
pub fn read(terminal: &OwnedFd, bytes: &mut [u8]) -> io::Result<usize> {
    let mut fds = [PollFd::new(terminal, PollFlags::IN)];
    if poll(&mut fds, Some(&Timespec::default()))? == 0 {
        return Err(io::ErrorKind::WouldBlock.into());
    }
    Ok(rustix::io::read(terminal, bytes)?)
}

/// The size of the terminal that is drawn on, in cells. If it does not know its size, LINES and
/// COLUMNS are used.
pub fn size() -> Size {
    let (columns, rows) = match tcgetwinsize(io::stdout()) {
        Ok(size) => (size.ws_col, size.ws_row),
        Err(_) => (0, 0),
    };
    let said = |name| std::env::var(name).unwrap_or_default();
    Size {
        width: cells(columns, &said("COLUMNS"), USUAL.width).min(LARGEST.width),
        height: cells(rows, &said("LINES"), USUAL.height).min(LARGEST.height),
    }
}

fn cells(known: u16, said: &str, usual: u16) -> u16 {
    let said = said.trim().parse().unwrap_or(0);
    let mut found = [known, said].into_iter().filter(|cells| *cells > 0);
    found.next().unwrap_or(usual)
}

/// Turns on raw mode. Called again after a suspend, it keeps the settings that the shell has made
/// meanwhile.
///
/// # Errors
/// Where the terminal is gone.
pub fn set_raw() -> io::Result<()> {
    let mut raw = RAW.lock().unwrap_or_else(PoisonError::into_inner);
    let (input, output) = (io::stdin(), io::stdout());
    let terminals = [Some(input.as_fd()), are_two().then(|| output.as_fd())];
    for (at, terminal) in terminals.into_iter().flatten().enumerate() {
        let found = tcgetattr(terminal)?;
        let mut wanted = found.clone();
        wanted.make_raw();
        match raw.get_mut(at) {
            None => raw.push((terminal.try_clone_to_owned()?, found)),
            // It is still raw, so no other program has changed it.
            Some(_) if !found.local_modes.contains(LocalModes::ICANON) => {}
            Some((_, before)) => *before = found,
        }
        tcsetattr(terminal, OptionalActions::Now, &wanted)?;
    }
    Ok(())
}

/// Restores the settings of the terminals. Also called from a second thread if the one that plays
/// hangs, which may be in this very function.
pub fn unset_raw() {
    let mut raw = match RAW.try_lock() {
        Ok(raw) => raw,
        Err(TryLockError::Poisoned(raw)) => raw.into_inner(),
        Err(TryLockError::WouldBlock) => return,
    };
    for (terminal, before) in raw.drain(..) {
        // If the terminal is gone, nothing can be done.
        let _ = tcsetattr(terminal, OptionalActions::Now, &before);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_terminal_knows_goes_before_the_environment_and_that_before_the_usual() {
        for (known, said, found) in [
            (30, "40", 30),
            (0, "40", 40),
            (0, " 40\n", 40),
            (0, "", 80),
            (0, "0", 80),
            (0, "-1", 80),
            (0, "70000", 80),
            (0, "wide", 80),
        ] {
            assert_eq!(cells(known, said, 80), found, "{known} {said:?}");
        }
    }
}
