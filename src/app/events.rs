//! Reads the terminal on a thread of its own, and notices on another when it has hung up.
//!
//! crossterm 0.29 loops for ever at full speed once its terminal has hung up, and its event stream
//! can't be drained with a waker that does nothing. So a thread waits in its blocking read, and
//! `poll(2)` on a second one tells of the hang-up that the first can't see.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread;

use ratatui::crossterm::event::{self, Event};
use rustix::event::{PollFd, PollFlags, poll};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

/// Starts to read standard input; an error is the last item that counts.
///
/// # Errors
/// Where there can be no further thread.
pub fn listen() -> io::Result<UnboundedReceiver<io::Result<Event>>> {
    let (events, receiver) = unbounded_channel();
    let hang_up = events.clone();
    thread::Builder::new().name("input".into()).spawn(move || {
        // A game that nobody can tell to end must not go on.
        if catch_unwind(AssertUnwindSafe(|| read_all(&events))).is_err() {
            let _ = events.send(Err(io::Error::other("the reading thread panicked")));
        }
    })?;
    thread::Builder::new()
        .name("hang-up".into())
        .spawn(move || wait_for_hang_up(&hang_up))?;
    Ok(receiver)
}

fn read_all(events: &UnboundedSender<io::Result<Event>>) {
    loop {
        let event = event::read();
        let failed = event.is_err();
        // Nobody listens any more where the game has ended.
        if events.send(event).is_err() || failed {
            return;
        }
        crate::fault::point("read");
    }
}

fn wait_for_hang_up(events: &UnboundedSender<io::Result<Event>>) {
    let input = io::stdin();
    // Asked for nothing, poll still reports what no one may ignore: HUP, ERR and NVAL.
    let mut fds = [PollFd::new(&input, PollFlags::empty())];
    while poll(&mut fds, None) == Err(rustix::io::Errno::INTR) {}
    let _ = events.send(Err(io::ErrorKind::UnexpectedEof.into()));
}
