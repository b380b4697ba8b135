//! The signals that end, suspend and continue the program, and resizes, as one stream.

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
    /// A signal that ends the program, by its number.
    Stop(i32),
    /// SIGTSTP, as sent by Ctrl-Z, if there is a shell that can continue the program.
    Suspend,
    /// SIGCONT.
    Resumed,
    /// SIGWINCH: the terminal has another size.
    Resized,
}

/// Signals that end a program by default, and that people and programs send.
const STOPS: [Number; 7] = [
    Number::HUP,
    Number::INT,
    Number::QUIT,
    Number::TERM,
    Number::ALARM,
    Number::USR1,
    Number::USR2,
];

/// Handles the signals that end a program, SIGTSTP, SIGCONT and SIGWINCH.
///
/// # Errors
/// If the system refuses a handler.
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

/// Whether there is a shell that notices when this program stops. Without one, in an orphaned
/// process group, the kernel would discard a SIGTSTP. But it is handled here, and the SIGSTOP that
/// is sent instead would stop the program for good.
fn can_be_brought_back() -> bool {
    let Ok(session) = getsid(None) else {
        return false;
    };
    // A shell with job control gives each job its own process group, different from the session
    // leader's.
    let is_job = getpgrp() != session;
    is_job && getppid().is_some_and(|parent| getsid(Some(parent)) == Ok(session))
}

fn each(incoming: Incoming, meaning: Signal) -> impl Stream<Item = Signal> {
    stream::unfold(incoming, move |mut incoming| async move {
        incoming.recv().await.map(|()| (meaning, incoming))
    })
}

/// Sends SIGTSTP to the whole process group, as the terminal does for Ctrl-Z outside of raw mode: a
/// shell waits for the group leader, which may be `cargo run`.
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
