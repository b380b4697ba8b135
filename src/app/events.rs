//! Reads keys, pastes and the mouse from the terminal, on the event loop's own thread.
//!
//! crossterm 0.29 can only read from the process's standard input, blocks in the middle of a paste,
//! and loops at full speed once the terminal has hung up. So this file reads the bytes, and
//! [`super::parser`] parses them into crossterm's event types.

use std::io;
use std::os::fd::OwnedFd;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Instant;

use futures_util::Stream;
use tokio::io::Interest;
use tokio::io::unix::AsyncFd;
use tokio::sync::mpsc::Receiver;
use tokio::time::Sleep;

use super::line::{Line, OWN};
use super::parser::{Input, Parser};
use super::{readiness, tty};

/// The most bytes that are read at once.
const CHUNK: usize = 4096;

/// The input of all terminals. An error or the end of one of them is the last item.
#[derive(Debug)]
pub struct Events(Vec<Source>);

/// A terminal that is read.
#[derive(Debug)]
struct Source {
    bytes: Bytes,
    line: Arc<Line>,
    parser: Parser,
    /// Set only while a sequence is incomplete.
    alarm: Option<Pin<Box<Sleep>>>,
}

/// Where the bytes come from.
#[derive(Debug)]
enum Bytes {
    Own(AsyncFd<OwnedFd>),
    Remote(Receiver<Vec<u8>>),
}

/// The events of a remote terminal, whose bytes come from somebody else.
pub fn remote(line: &Arc<Line>, bytes: Receiver<Vec<u8>>) -> Events {
    Events(vec![Source::of(Bytes::Remote(bytes), line.clone())])
}

/// The events of standard input, and of the terminal that is drawn on if it is a different one.
///
/// # Errors
/// If there are too many open files, or the terminal can't be polled.
pub fn listen() -> io::Result<Events> {
    let sources = tty::inputs()?.into_iter().map(|terminal| {
        // It may be blocking.
        let bytes = readiness::of(terminal, Interest::READABLE)?;
        Ok(Source::of(Bytes::Own(bytes), OWN.clone()))
    });
    Ok(Events(sources.collect::<io::Result<_>>()?))
}

impl Source {
    fn of(bytes: Bytes, line: Arc<Line>) -> Self {
        Self {
            bytes,
            line,
            parser: Parser::default(),
            alarm: None,
        }
    }

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Option<io::Result<Input>>> {
        loop {
            if let Some(input) = self.parser.pop() {
                return Poll::Ready(Some(Ok(input)));
            }
            if !self.line.reports_keys() {
                self.parser.expect_no_reports();
            }
            let mut bytes = [0; CHUNK];
            let terminal = match &mut self.bytes {
                Bytes::Own(terminal) => terminal,
                Bytes::Remote(remote) => {
                    match remote.poll_recv(cx) {
                        Poll::Ready(Some(bytes)) => self.parser.parse(&bytes, Instant::now()),
                        Poll::Ready(None) => return Poll::Ready(None),
                        Poll::Pending => {
                            ready!(self.poll_alarm(cx));
                            self.parser.give_up();
                        }
                    }
                    continue;
                }
            };
            let read = match terminal.poll_read_ready(cx)? {
                Poll::Ready(mut guard) => {
                    match guard.try_io(|fd| tty::read(fd.get_ref(), &mut bytes)) {
                        Ok(read) => read,
                        Err(_would_block) => continue,
                    }
                }
                Poll::Pending => {
                    ready!(self.poll_alarm(cx));
                    let Bytes::Own(terminal) = &self.bytes else {
                        continue;
                    };
                    // On a busy machine the rest may be there already, without having been
                    // reported.
                    match tty::read(terminal.get_ref(), &mut bytes) {
                        Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                            self.parser.give_up();
                            continue;
                        }
                        read => read,
                    }
                }
            };
            match read {
                Ok(0) => return Poll::Ready(None),
                Ok(count) => self.parser.parse(&bytes[..count], Instant::now()),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Poll::Ready(Some(Err(error))),
            }
        }
    }

    /// Ready once an incomplete sequence has to be given up. Pending if there is none.
    fn poll_alarm(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let Some(deadline) = self.parser.deadline().map(tokio::time::Instant::from) else {
            self.alarm = None;
            return Poll::Pending;
        };
        let alarm = &mut self.alarm;
        let alarm = alarm.get_or_insert_with(|| Box::pin(tokio::time::sleep_until(deadline)));
        if alarm.deadline() != deadline {
            alarm.as_mut().reset(deadline);
        }
        alarm.as_mut().poll(cx)
    }
}

impl Stream for Events {
    type Item = io::Result<Input>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let sources = self.get_mut().0.iter_mut();
        let mut polled = sources.map(|source| source.poll(cx));
        polled.find(Poll::is_ready).unwrap_or(Poll::Pending)
    }
}
