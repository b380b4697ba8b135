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
}

/// Takes over SIGHUP, SIGINT, SIGTERM, SIGTSTP and SIGCONT.
///
/// # Errors
/// Where the system refuses a handler.
pub fn stream() -> io::Result<impl Stream<Item = Signal>> {
    let kinds = [
        (SignalKind::hangup(), Some(Number::HUP)),
        (SignalKind::interrupt(), Some(Number::INT)),
        (SignalKind::terminate(), Some(Number::TERM)),
        (SignalKind::from_raw(Number::TSTP.as_raw()), None),
        (SignalKind::from_raw(Number::CONT.as_raw()), None),
    ];
    let mut streams = Vec::new();
    for (at, (kind, stop)) in kinds.into_iter().enumerate() {
        let meaning = match (stop, at) {
            (Some(number), _) => Signal::Stop(number.as_raw()),
            (None, 3) => Signal::Suspend,
            (None, _) => Signal::Resumed,
        };
        streams.push(Box::pin(each(signal(kind)?, meaning)));
    }
    Ok(stream::select_all(streams))
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
