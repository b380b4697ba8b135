//! The threads of a fault proxy, which carry bytes both ways and apply its faults to them.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{self, Sender};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use super::{Counters, Ending, LONGEST_PATTERN, Port};

/// The connections that may wait to be accepted.
const BACKLOG: i32 = 128;

/// How long the server gets to accept a connection; a frozen one's backlog may be full.
const CONNECT: Duration = Duration::from_secs(5);

/// The most bytes that are judged and forwarded as one chunk.
const CHUNK: usize = 64 * 1024;

/// What the test's threads and the proxy's share.
#[derive(Debug)]
pub struct Shared {
    upstream: SocketAddr,
    listener: TcpListener,
    state: Mutex<State>,
    /// Told of every change of the state.
    pub changed: Condvar,
}

/// The faults in force and the connections they apply to.
#[derive(Debug, Default)]
pub struct State {
    pub faults: Faults,
    pub refusing: bool,
    pub counters: Counters,
    closing: bool,
    cut_calls: u64,
    /// By the connection's number, counted from 1; broken ones are in only while they hang.
    links: BTreeMap<u64, Link>,
}

/// What a test has asked for.
#[derive(Debug, Default)]
pub struct Faults {
    pub delay: Duration,
    pub frozen: bool,
    pub ending: Ending,
    /// The probability and the seed.
    pub drop_replies: Option<(f64, u64)>,
    pub traps: Vec<Trap>,
}

/// Patterns; the next connection whose client sends one of them is broken.
#[derive(Debug)]
pub struct Trap {
    pub patterns: Vec<Vec<u8>>,
    /// Whether the server gets to see and answer the pattern first.
    pub forward: bool,
}

/// A client's connection and its counterpart to the server.
#[derive(Debug)]
struct Link {
    client: Arc<TcpStream>,
    server: Arc<TcpStream>,
    hanging: bool,
    /// The last bytes from the client, in case a pattern is split between chunks.
    sent: Vec<u8>,
    awaits_reply: bool,
    replies: u64,
    /// Whether the next reply is the one to a trap's pattern.
    doomed: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Direction {
    ToServer,
    ToClient,
}

impl Shared {
    pub fn new(port: &Port, upstream: SocketAddr) -> Shared {
        Shared {
            upstream,
            listener: TcpListener::bind(port.addr()).expect("a reserved port can be bound"),
            state: Mutex::default(),
            changed: Condvar::new(),
        }
    }

    pub fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Makes the kernel refuse connections from now on and wakes the accepting thread.
    pub fn deafen(&self) {
        // Unlike a closed one, a socket that was shut down wakes its accepter and keeps its port.
        let _ = rustix::net::shutdown(&self.listener, rustix::net::Shutdown::Both);
    }

    /// Makes the kernel accept connections again.
    pub fn listen(&self) {
        rustix::net::listen(&self.listener, BACKLOG).expect("a bound socket can listen");
    }

    /// Accepts connections till the proxy is closed.
    pub fn accept(shared: &Arc<Shared>) {
        loop {
            let accepted = shared.listener.accept();
            let mut state = shared.state();
            if accepted.is_err() {
                let idle = |state: &mut State| state.refusing && !state.closing;
                let waited = shared.changed.wait_while(state, idle);
                state = waited.unwrap_or_else(PoisonError::into_inner);
            }
            if state.closing {
                return;
            }
            if let Ok((client, _)) = accepted {
                state.counters.connections += 1;
                let (id, cut_calls) = (state.counters.connections, state.cut_calls);
                let shared = Arc::clone(shared);
                thread::spawn(move || shared.relay(id, cut_calls, client));
            }
            drop(state);
            shared.changed.notify_all();
        }
    }

    /// Carries the bytes of the connection `id`, accepted after `cut_calls` of them.
    fn relay(&self, id: u64, cut_calls: u64, client: TcpStream) {
        let Ok(server) = TcpStream::connect_timeout(&self.upstream, CONNECT) else {
            return;
        };
        for side in [&client, &server] {
            let _ = side.set_nodelay(true);
        }
        let (client, server) = (Arc::new(client), Arc::new(server));
        let link = Link {
            client: Arc::clone(&client),
            server: Arc::clone(&server),
            hanging: false,
            sent: Vec::new(),
            awaits_reply: false,
            replies: 0,
            doomed: false,
        };
        {
            let mut state = self.state();
            if state.closing {
                return;
            }
            state.links.insert(id, link);
            if state.cut_calls > cut_calls {
                state.cut(id);
            }
        }
        self.changed.notify_all();
        thread::scope(|scope| {
            scope.spawn(|| self.pump(id, Direction::ToServer, &client, &server));
            self.pump(id, Direction::ToClient, &server, &client);
        });
        self.state().links.remove(&id);
    }

    fn pump(&self, id: u64, direction: Direction, from: &TcpStream, to: &TcpStream) {
        let (sender, chunks) = mpsc::channel();
        thread::scope(|scope| {
            scope.spawn(move || self.read(from, &sender));
            for (due, chunk) in chunks {
                let forward = self.admit(id, direction, due, &chunk);
                let over = if !forward {
                    chunk.is_empty() && direction == Direction::ToServer
                } else if chunk.is_empty() {
                    to.shutdown(Shutdown::Write).is_err()
                } else {
                    let mut to = to;
                    to.write_all(&chunk).is_err()
                };
                if over && let Some(link) = self.state().links.remove(&id) {
                    link.close();
                }
            }
        });
    }

    /// Takes chunks at once, so that the sender never waits, with the time each is due; the end of
    /// the stream is an empty one.
    fn read(&self, mut from: &TcpStream, chunks: &Sender<(Instant, Vec<u8>)>) {
        let mut buffer = vec![0; CHUNK];
        loop {
            let length = from.read(&mut buffer).unwrap_or(0);
            let due = Instant::now() + self.state().faults.delay;
            if chunks.send((due, buffer[..length].to_vec())).is_err() || length == 0 {
                return;
            }
        }
    }

    /// Waits till the chunk may pass and returns whether it does.
    fn admit(&self, id: u64, direction: Direction, due: Instant, chunk: &[u8]) -> bool {
        let mut state = self.state();
        let forward = loop {
            let left = due.saturating_duration_since(Instant::now());
            if state.links.get(&id).is_none_or(|link| link.hanging) {
                return false;
            } else if !left.is_zero() {
                let waited = self.changed.wait_timeout(state, left);
                state = waited.unwrap_or_else(PoisonError::into_inner).0;
            } else if state.faults.frozen {
                let waited = self.changed.wait(state);
                state = waited.unwrap_or_else(PoisonError::into_inner);
            } else {
                break chunk.is_empty() || state.judge(id, direction, chunk);
            }
        };
        drop(state);
        self.changed.notify_all();
        forward
    }
}

impl State {
    /// Breaks all connections.
    pub fn cut_all(&mut self) {
        self.cut_calls += 1;
        for id in self.links.keys().copied().collect::<Vec<_>>() {
            self.cut(id);
        }
    }

    /// Closes all connections, and those to come.
    pub fn close_all(&mut self) {
        self.closing = true;
        for link in std::mem::take(&mut self.links).values() {
            link.close();
        }
    }

    fn cut(&mut self, id: u64) {
        let Some(link) = self.links.get_mut(&id).filter(|link| !link.hanging) else {
            return;
        };
        self.counters.cuts += 1;
        match self.faults.ending {
            Ending::Close => {
                link.close();
                self.links.remove(&id);
            }
            Ending::Hang => link.hanging = true,
        }
    }

    /// Counts the chunk and returns whether it passes; a connection it breaks is cut.
    fn judge(&mut self, id: u64, direction: Direction, chunk: &[u8]) -> bool {
        let State {
            faults,
            counters,
            links,
            ..
        } = self;
        let Some(link) = links.get_mut(&id) else {
            return false;
        };
        let length = chunk.len() as u64;
        match direction {
            Direction::ToServer => {
                let mut sprung = faults.traps.iter();
                link.sent.extend_from_slice(chunk);
                let sprung = sprung.position(|trap| trap.ends_in(&link.sent, chunk.len()));
                let excess = link.sent.len().saturating_sub(LONGEST_PATTERN);
                link.sent.drain(..excess);
                if let Some(index) = sprung {
                    link.doomed = true;
                    if !faults.traps.remove(index).forward {
                        self.cut(id);
                        return false;
                    }
                }
                link.awaits_reply = true;
                counters.bytes_to_server += length;
            }
            Direction::ToClient => {
                if std::mem::take(&mut link.awaits_reply) {
                    link.replies += 1;
                    counters.round_trips += 1;
                    let lost = faults.drop_replies.is_some_and(|(probability, seed)| {
                        draw([seed, id, link.replies]) < probability
                    });
                    if lost || link.doomed {
                        self.cut(id);
                        return false;
                    }
                }
                counters.bytes_to_client += length;
            }
        }
        true
    }
}

impl Link {
    fn close(&self) {
        for side in [&self.client, &self.server] {
            let _ = side.shutdown(Shutdown::Both);
        }
    }
}

impl Trap {
    /// Whether a pattern ends in the last `new` bytes of `sent`.
    fn ends_in(&self, sent: &[u8], new: usize) -> bool {
        self.patterns.iter().any(|pattern| {
            let length = pattern.len();
            let old = (sent.len() - new).saturating_sub(length - 1);
            sent[old..].windows(length).any(|window| window == pattern)
        })
    }
}

/// A number from 0 to below 1 that depends on `key` alone but looks random (SplitMix64).
fn draw(key: [u64; 3]) -> f64 {
    let mix = key.into_iter().fold(0_u64, |state, part| {
        let mut z = (state ^ part).wrapping_add(0x9e37_79b9_7f4a_7c15);
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    });
    (mix >> 11) as f64 / (1_u64 << 53) as f64
}
