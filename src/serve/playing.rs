//! A game that is on, as its connection knows it: what goes in, and the way out.

use std::io;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use ratatui::layout::Size;
use russh::ChannelId;
use russh::server::Handle;
use tokio::sync::mpsc::Sender;

use super::{GameServer, Session};
use crate::app::line::Way;
use crate::app::signals::Signal;
use crate::fault;

/// How many signals may wait; sizes leave room for the others.
pub const SIGNALS: usize = 4;

/// How long a client may take over what it is sent, before its session ends.
const STUCK: Duration = Duration::from_secs(60);

/// A game that is on, as its connection knows it.
pub struct Playing {
    pub server: Arc<GameServer>,
    pub way: Way,
    pub input: Option<Sender<Vec<u8>>>,
    pub signals: Sender<Signal>,
    /// Once it has a place among the sessions.
    pub session: Arc<Mutex<Option<Arc<Session>>>>,
    /// How many cells the terminal was granted.
    pub cells: usize,
}

impl Drop for Playing {
    fn drop(&mut self) {
        self.server.cells.fetch_sub(self.cells, Ordering::Relaxed);
    }
}

impl Playing {
    /// Takes what was typed.
    pub async fn take(&self, bytes: &[u8]) {
        let session = self
            .session
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        if let Some(session) = session {
            session.last_key.store(self.server.now(), Ordering::Relaxed);
        }
        if let Some(input) = &self.input {
            // A game that has ended wants nothing more.
            let _ = input.send(bytes.to_vec()).await;
        }
    }

    /// Nothing more will be typed.
    pub fn end_input(&mut self) {
        self.input = None;
    }

    /// The terminal has another size. Of many that come at once, the last is seen.
    pub fn resize(&mut self, size: Size) {
        self.server.cells.fetch_sub(self.cells, Ordering::Relaxed);
        let size = self.server.grant(size);
        self.cells = cells(size);
        self.way.set_size(size);
        if self.signals.capacity() > SIGNALS / 2 {
            let _ = self.signals.try_send(Signal::Resized);
        }
    }
}

/// How many cells a terminal has.
pub fn cells(size: Size) -> usize {
    usize::from(size.width) * usize::from(size.height)
}

/// Sends bytes, as fast as the client takes them.
pub fn sender(
    handle: Handle,
    channel: ChannelId,
    returns: bool,
) -> impl Fn(Vec<u8>) -> BoxFuture<'static, io::Result<()>> + Send + Sync + 'static {
    move |bytes| {
        let handle = handle.clone();
        async move {
            let bytes = match returns {
                true => with_returns(&bytes),
                false => bytes,
            };
            let limit = fault::limit("stuck", STUCK);
            let sent = tokio::time::timeout(limit, handle.data(channel, bytes)).await;
            let sent =
                sent.inspect_err(|_| tracing::info!("a client reads no more; it is cut off"))?;
            sent.map_err(|_| io::ErrorKind::BrokenPipe.into())
        }
        .boxed()
    }
}

fn with_returns(bytes: &[u8]) -> Vec<u8> {
    let mut with = Vec::with_capacity(bytes.len() + 16);
    for byte in bytes {
        if *byte == b'\n' && with.last() != Some(&b'\r') {
            with.push(b'\r');
        }
        with.push(*byte);
    }
    with
}
