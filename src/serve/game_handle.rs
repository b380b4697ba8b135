//! A running game, as its connection sees it: where input goes, and where output comes from.

use std::io;
use std::sync::atomic::Ordering;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use ratatui::layout::Size;
use russh::ChannelId;
use russh::server::Handle;
use tokio::sync::mpsc::Sender;

use super::{GameServer, Session};
use crate::app::line::Line;
use crate::app::signals::Signal;
use crate::fault;

/// How many signals may wait. Messages about sizes leave room for the others.
pub const SIGNALS: usize = 4;

/// How long a client may take to receive output before its session ends.
const STUCK: Duration = Duration::from_secs(60);

/// A running game, as its connection sees it.
pub struct GameHandle {
    pub server: Arc<GameServer>,
    pub line: Arc<Line>,
    pub input: Option<Sender<Vec<u8>>>,
    pub signals: Sender<Signal>,
    /// The session, once it is registered.
    pub session: Arc<OnceLock<Arc<Session>>>,
    /// The cells of the terminal that are drawn on.
    pub cells: usize,
}

impl Drop for GameHandle {
    fn drop(&mut self) {
        self.server.cells.fetch_sub(self.cells, Ordering::Relaxed);
    }
}

impl GameHandle {
    /// Passes on what was typed.
    pub async fn send_input(&self, bytes: &[u8]) {
        if let Some(session) = self.session.get() {
            session.last_key.store(self.server.now(), Ordering::Relaxed);
        }
        if let Some(input) = &self.input {
            // A game that has ended reads nothing more.
            let _ = input.send(bytes.to_vec()).await;
        }
    }

    /// The terminal has another size. If many sizes come at once, the game sees the last one.
    pub fn resize(&mut self, size: Size) {
        self.server.cells.fetch_sub(self.cells, Ordering::Relaxed);
        let size = self.server.fit_size(size);
        self.cells = cells(size);
        self.line.set_size(size);
        if self.signals.capacity() > SIGNALS / 2 {
            let _ = self.signals.try_send(Signal::Resized);
        }
    }
}

/// The number of cells of a terminal.
pub fn cells(size: Size) -> usize {
    usize::from(size.width) * usize::from(size.height)
}

/// A function that sends bytes as fast as the client receives them.
pub fn sender(
    handle: Handle,
    channel: ChannelId,
    returns: bool,
) -> impl Fn(Vec<u8>) -> BoxFuture<'static, io::Result<()>> + Send + Sync + 'static {
    move |bytes| {
        let handle = handle.clone();
        async move {
            let bytes = match returns {
                true => with_carriage_returns(&bytes),
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

fn with_carriage_returns(bytes: &[u8]) -> Vec<u8> {
    let mut with = Vec::with_capacity(bytes.len() + 16);
    for byte in bytes {
        if *byte == b'\n' && with.last() != Some(&b'\r') {
            with.push(b'\r');
        }
        with.push(*byte);
    }
    with
}
