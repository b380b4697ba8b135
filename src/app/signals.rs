//! The signals that end, stop and continue the program, as one stream.

use std::io;

use futures_util::{Stream, StreamExt, stream};
use rustix::process::{
    Pid, Signal as Number, getpgrp, getpid, getppid, getsid, kill_current_process_group,
    kill_process,
};
use tokio::signal::unix::{Signal as Incoming, SignalKind, signal};

/// A signal that came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signal {
    /// One of those that end a program, by its number.
    Stop(i32),
    /// SIGTSTP, as the shell's Ctrl-Z sends it, where there is a shell to bring the program back.
    Suspend,
    /// SIGCONT.
    Resumed,
    /// SIGWINCH: the terminal has another size.
    Resized,
}

/// The signals that a person or a program may send and that end a program which does nothing about
/// them.
const STOPS: [Number; 7] = [
    Number::HUP,
    Number::INT,
    Number::QUIT,
    Number::TERM,
    Number::ALARM,
    Number::USR1,
    Number::USR2,
];

/// Takes over the signals that end a program, SIGTSTP, SIGCONT and SIGWINCH.
///
/// # Errors
/// Where the system refuses a handler.
pub fn stream() -> io::Result<impl Stream<Item = Signal>> {
    let stops = STOPS.map(|number| (number, Signal::Stop(number.as_raw())));
    let others = [
        (Number::TSTP, Signal::Suspend),
        (Number::CONT, Signal::Resumed),
        (Number::WINCH, Signal::Resized),
    ];
    let each = stops.into_iter().chain(others).map(|(number, meaning)| {
        let incoming = signal(SignalKind::from_raw(number.as_raw()))?;
        Ok(Box::pin(each(incoming, meaning)))
    });
    let all = stream::select_all(each.collect::<io::Result<Vec<_>>>()?);
    Ok(all.filter(|signal| {
        let counts = *signal != Signal::Suspend || can_be_brought_back();
        std::future::ready(counts)
    }))
}

/// Whether there is a shell that sees this program stop. The kernel would discard a SIGTSTP where
/// there is none, in an orphaned process group; but it is handled here, and what is sent in its
/// place after the terminal is given back stops for good.
fn can_be_brought_back() -> bool {
    let Ok(session) = getsid(None) else {
        return false;
    };
    // A shell with jobs gives each a group of its own, apart from that of the session's leader.
    let is_job = getpgrp() != session;
    is_job && getppid().is_some_and(|parent| getsid(Some(parent)) == Ok(session))
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
