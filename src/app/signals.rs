//! The signals that end, stop and continue the program, as one stream.

use std::io;

use futures_util::{Stream, stream};
use rustix::process::{Pid, Signal as Number, getpid, kill_current_process_group, kill_process};
use tokio::signal::unix::{Signal as Incoming, SignalKind, signal};

/// A signal that came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signal {
    /// One of those that end a program, by its number.
    Stop(i32),
    /// SIGTSTP, as the shell's Ctrl-Z sends it.
    Suspend,
    /// SIGCONT.
    Resumed,
    /// SIGWINCH: the terminal has another size.
    Resized,
}

/// Takes over SIGHUP, SIGINT, SIGTERM, SIGTSTP, SIGCONT and SIGWINCH.
///
/// # Errors
/// Where the system refuses a handler.
pub fn stream() -> io::Result<impl Stream<Item = Signal>> {
    let meanings = [
        (Number::HUP, Signal::Stop(Number::HUP.as_raw())),
        (Number::INT, Signal::Stop(Number::INT.as_raw())),
        (Number::TERM, Signal::Stop(Number::TERM.as_raw())),
        (Number::TSTP, Signal::Suspend),
        (Number::CONT, Signal::Resumed),
        (Number::WINCH, Signal::Resized),
    ];
    let each = meanings.into_iter().map(|(number, meaning)| {
        let incoming = signal(SignalKind::from_raw(number.as_raw()))?;
        Ok(Box::pin(each(incoming, meaning)))
    });
    Ok(stream::select_all(each.collect::<io::Result<Vec<_>>>()?))
}

fn each(incoming: Incoming, meaning: Signal) -> impl Stream<Item = Signal> {
    stream::unfold(incoming, move |mut incoming| async move {
        incoming.recv().await.map(|()| (meaning, incoming))
    })
}

/// Sends SIGTSTP to the whole process group, as the terminal does for Ctrl-Z outside raw mode: a
/// shell waits for the group's leader, which may be `cargo run`.
pub fn raise_suspend() {
    if let Err(error) = kill_current_process_group(Number::TSTP) {
        tracing::warn!(%error, "the process group can't be stopped");
    }
}

/// Stops this process until SIGCONT.
pub fn stop_self() {
    let me: Pid = getpid();
    if let Err(error) = kill_process(me, Number::STOP) {
        tracing::warn!(%error, "the process can't be stopped");
    }
}
