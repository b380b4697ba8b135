//! The terminal that is drawn on, and the one that is typed at where that is another: its size, its
//! raw mode, and what is read from it.

use std::fs::OpenOptions;
use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::ffi::OsStringExt;
use std::os::unix::fs::OpenOptionsExt;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError, TryLockError};

use ratatui::layout::Size;
use rustix::fs::OFlags;
use rustix::termios::{
    LocalModes, OptionalActions, Termios, tcgetattr, tcgetpgrp, tcgetwinsize, tcsetattr, ttyname,
};

/// The size of a terminal that knows none, as those of a serial line and of some containers.
const USUAL: Size = Size::new(80, 24);

/// The terminals in raw mode, with the settings that they had before.
static RAW: Mutex<Vec<(OwnedFd, Termios)>> = Mutex::new(Vec::new());

/// Where standard output's terminal is, to be opened anew.
///
/// # Errors
/// Where there is no way to it, as after `su`.
pub fn path() -> io::Result<PathBuf> {
    let name = ttyname(io::stdout(), Vec::new())?;
    Ok(std::ffi::OsString::from_vec(name.into_bytes()).into())
}

/// Whether standard output leads to another terminal than standard input.
fn are_two() -> bool {
    let (input, output) = (io::stdin(), io::stdout());
    let [typed, drawn] = [input.as_fd(), output.as_fd()].map(|fd| {
        let device = rustix::fs::fstat(fd).map(|stat| stat.st_rdev);
        (device.ok(), tcgetpgrp(fd).is_ok())
    });
    // `/dev/tty` has a number of its own; only the one terminal that it is tells who plays there.
    typed.0 != drawn.0 && !(typed.1 && drawn.1)
}

/// What is read: standard input, and the terminal that is drawn on where that is another. That one
/// gets the questions and the mouse, and whoever sees the game sits there.
///
/// # Errors
/// Where there is no further file descriptor.
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

/// The size of the terminal that is drawn on, in cells. One that knows none is as large as LINES
/// and COLUMNS say.
pub fn size() -> Size {
    let (columns, rows) = match tcgetwinsize(io::stdout()) {
        Ok(size) => (size.ws_col, size.ws_row),
        Err(_) => (0, 0),
    };
    let said = |name: &str| std::env::var(name).ok()?.trim().parse().ok();
    let known = |cells: u16, name, usual| match cells {
        0 => said(name).filter(|cells| *cells > 0).unwrap_or(usual),
        cells => cells,
    };
    Size {
        width: known(columns, "COLUMNS", USUAL.width),
        height: known(rows, "LINES", USUAL.height),
    }
}

/// Has each key sent as it is typed, and nothing shown of it. Done again, as after a stop, it holds
/// whatever the shell has made of the terminal meanwhile.
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
            // Raw still: nobody has had it since.
            Some(_) if !found.local_modes.contains(LocalModes::ICANON) => {}
            Some((_, before)) => *before = found,
        }
        tcsetattr(terminal, OptionalActions::Now, &wanted)?;
    }
    Ok(())
}

/// Gives the terminals the settings that they had. From a thread beside the one that plays too,
/// which may hang in here itself.
pub fn unset_raw() {
    let mut raw = match RAW.try_lock() {
        Ok(raw) => raw,
        Err(TryLockError::Poisoned(raw)) => raw.into_inner(),
        Err(TryLockError::WouldBlock) => return,
    };
    for (terminal, before) in raw.drain(..) {
        // Nobody is left to be told that it is gone.
        let _ = tcsetattr(terminal, OptionalActions::Now, &before);
    }
}
