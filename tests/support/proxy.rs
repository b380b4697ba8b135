//! A TCP proxy on 127.0.0.1 that breaks connections to a server as a test demands.

mod relay;

use std::net::SocketAddr;
use std::sync::{Arc, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use super::port::Port;
use relay::{Faults, Shared, State, Trap};

/// The longest pattern that [`Proxy::cut_before`] and [`Proxy::cut_after`] take, in bytes.
pub const LONGEST_PATTERN: usize = 256;

/// What becomes of a connection that the proxy breaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ending {
    /// Both sides are closed: each peer reads the end of the stream.
    #[default]
    Close,
    /// Both sides stay open but no further byte passes, till the client closes its side.
    Hang,
}

/// What has passed a [`Proxy`] since it started.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counters {
    /// Connections accepted from clients.
    pub connections: u64,
    /// Connections broken by the proxy.
    pub cuts: u64,
    /// Bursts of bytes from a client that the server has answered, whether or not the answer got
    /// through; what a server says unasked, like MariaDB's greeting, is none.
    pub round_trips: u64,
    /// Bytes forwarded to the server.
    pub bytes_to_server: u64,
    /// Bytes forwarded to clients.
    pub bytes_to_client: u64,
}

impl Counters {
    /// What has been added since `earlier`.
    ///
    /// # Panics
    ///
    /// Where `earlier` is later.
    pub fn since(&self, earlier: &Counters) -> Counters {
        Counters {
            connections: self.connections - earlier.connections,
            cuts: self.cuts - earlier.cuts,
            round_trips: self.round_trips - earlier.round_trips,
            bytes_to_server: self.bytes_to_server - earlier.bytes_to_server,
            bytes_to_client: self.bytes_to_client - earlier.bytes_to_client,
        }
    }
}

/// A proxy between the clients that connect to [`addr`](Self::addr) and one server.
///
/// It runs on threads of its own, so that neither a blocked runtime nor paused tokio time affects
/// it. Each change is in force for every byte sent after the method has returned. Dropping it
/// closes all connections.
#[derive(Debug)]
pub struct Proxy {
    shared: Arc<Shared>,
    acceptor: Option<JoinHandle<()>>,
    port: Port,
}

impl Proxy {
    /// Starts a proxy to `upstream` that passes everything.
    ///
    /// # Panics
    ///
    /// Where no port or thread is to be had.
    pub fn start(upstream: SocketAddr) -> Proxy {
        let port = Port::reserve();
        let shared = Arc::new(Shared::new(&port, upstream));
        let acceptor = thread::spawn({
            let shared = Arc::clone(&shared);
            move || Shared::accept(&shared)
        });
        Proxy {
            shared,
            acceptor: Some(acceptor),
            port,
        }
    }

    /// The address for clients, which stays the same.
    pub fn addr(&self) -> SocketAddr {
        self.port.addr()
    }

    /// Goes back to passing everything at once; broken connections stay broken.
    pub fn pass(&self) {
        self.accept();
        self.change(|state| state.faults = Faults::default());
    }

    /// Delays each byte by `delay` in each direction, from now on.
    pub fn delay(&self, delay: Duration) {
        self.change(|state| state.faults.delay = delay);
    }

    /// Takes bytes from both sides and forwards none till [`thaw`](Self::thaw).
    pub fn freeze(&self) {
        self.change(|state| state.faults.frozen = true);
    }

    /// Forwards what came since [`freeze`](Self::freeze), and goes on.
    pub fn thaw(&self) {
        self.change(|state| state.faults.frozen = false);
    }

    /// Refuses new connections as a port nobody listens on does, till [`accept`](Self::accept).
    pub fn refuse(&self) {
        self.change(|state| {
            state.refusing = true;
            self.shared.deafen();
        });
    }

    /// Accepts new connections again.
    ///
    /// # Panics
    ///
    /// Where the kernel doesn't let the proxy listen again.
    pub fn accept(&self) {
        self.change(|state| {
            if std::mem::take(&mut state.refusing) {
                self.shared.listen();
            }
        });
    }

    /// Chooses what becomes of the connections broken from now on.
    pub fn set_ending(&self, ending: Ending) {
        self.change(|state| state.faults.ending = ending);
    }

    /// Breaks all connections now.
    pub fn cut(&self) {
        self.change(State::cut_all);
    }

    /// Swallows a whole reply of the server with `probability` and breaks its connection.
    ///
    /// The fate of the nth reply on the mth connection depends on `seed`, n and m alone. The seed
    /// is printed to stderr.
    ///
    /// # Panics
    ///
    /// Where `probability` isn't between 0 and 1.
    pub fn drop_replies(&self, probability: f64, seed: u64) {
        assert!((0.0..=1.0).contains(&probability), "{probability} is none");
        eprintln!(
            "{} drops replies: probability {probability}, seed {seed}",
            self.addr()
        );
        self.change(|state| state.faults.drop_replies = Some((probability, seed)));
    }

    /// Breaks the next connection whose client sends one of `patterns`, without forwarding the
    /// chunk it ends in. Each call is good for one connection; several add up.
    ///
    /// # Panics
    ///
    /// Where a pattern is empty or longer than [`LONGEST_PATTERN`].
    pub fn cut_before(&self, patterns: &[impl AsRef<[u8]>]) {
        self.set_trap(patterns, false);
    }

    /// Forwards the next of `patterns` that a client sends, waits for the server's reply, swallows
    /// that and breaks the connection. Each call is good for one connection; several add up.
    ///
    /// The reply is whatever the server sends next: to a client that doesn't wait for the reply
    /// to one request before it sends another, it may be an earlier one.
    ///
    /// # Panics
    ///
    /// Where a pattern is empty or longer than [`LONGEST_PATTERN`].
    pub fn cut_after(&self, patterns: &[impl AsRef<[u8]>]) {
        self.set_trap(patterns, true);
    }

    /// What has passed till now. A byte is counted before its receiver has it.
    pub fn counters(&self) -> Counters {
        self.shared.state().counters
    }

    /// Waits up to `limit` till `reached` is true of the counters, and returns whether it is.
    pub fn wait_for(&self, reached: impl Fn(&Counters) -> bool, limit: Duration) -> bool {
        let state = self.shared.state();
        let unreached = |state: &mut State| !reached(&state.counters);
        let waited = self
            .shared
            .changed
            .wait_timeout_while(state, limit, unreached);
        !waited.unwrap_or_else(PoisonError::into_inner).1.timed_out()
    }

    fn set_trap(&self, patterns: &[impl AsRef<[u8]>], forward: bool) {
        let patterns: Vec<Vec<u8>> = patterns.iter().map(|p| p.as_ref().to_vec()).collect();
        for length in patterns.iter().map(Vec::len) {
            assert!((1..=LONGEST_PATTERN).contains(&length), "{length} bytes");
        }
        self.change(|state| state.faults.traps.push(Trap { patterns, forward }));
    }

    fn change(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.shared.state());
        self.shared.changed.notify_all();
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.change(|state| {
            state.close_all();
            self.shared.deafen();
        });
        if let Some(acceptor) = self.acceptor.take() {
            let _ = acceptor.join();
        }
    }
}
