//! Malicious servers, which record everything that they receive.
#![allow(dead_code)] // each test binary uses its own part of this

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

/// How long it listens after it has said everything.
const EARS: Duration = Duration::from_millis(500);

/// A server on 127.0.0.1, for as long as the test runs.
pub struct Rogue {
    address: SocketAddr,
    heard: Arc<Mutex<Vec<u8>>>,
}

/// One client's connection.
pub struct Client {
    stream: TcpStream,
    heard: Arc<Mutex<Vec<u8>>>,
}

impl Rogue {
    /// Starts a server that treats each client so.
    pub fn start(treat: impl Fn(&mut Client) + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        let heard = Arc::default();
        let ears = Arc::clone(&heard);
        let treat = Arc::new(treat);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let heard = Arc::clone(&ears);
                let treat = Arc::clone(&treat);
                thread::spawn(move || treat(&mut Client { stream, heard }));
            }
        });
        Self { address, heard }
    }

    /// Its address on this machine.
    pub fn addr(&self) -> SocketAddr {
        self.address
    }

    /// The same by an address that may lead to another machine, for all that is known of it.
    pub fn as_from_afar(&self) -> String {
        format!("0.0.0.0:{}", self.address.port())
    }

    /// Whether any client has said this.
    pub fn has_heard(&self, what: &str) -> bool {
        let heard = self.heard.lock().unwrap_or_else(PoisonError::into_inner);
        heard
            .windows(what.len())
            .any(|part| part == what.as_bytes())
    }
}

impl Client {
    /// Says something; a client that is gone does not hear it.
    pub fn say(&mut self, what: &[u8]) {
        let _ = self.stream.write_all(what);
    }

    /// Hears some bytes; none where the client is gone or says nothing more.
    pub fn hear(&mut self) -> Vec<u8> {
        let mut part = [0; 4096];
        let _ = self.stream.set_read_timeout(Some(EARS));
        let read = self.stream.read(&mut part).unwrap_or(0);
        let mut heard = self.heard.lock().unwrap_or_else(PoisonError::into_inner);
        heard.extend_from_slice(&part[..read]);
        part[..read].to_vec()
    }

    /// Hears all that is still said.
    pub fn hear_out(&mut self) {
        while !self.hear().is_empty() {}
    }

    /// Says no to TLS where it is asked for, and hears how the client begins a session.
    pub fn begin_postgres(&mut self) -> Vec<u8> {
        const TLS: [u8; 8] = [0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f];
        let first = self.hear();
        if first != TLS {
            return first;
        }
        self.say(b"N");
        self.hear()
    }

    /// Greets as MariaDB does, without TLS, by a way to log in.
    pub fn greet_mysql(&mut self, plugin: &str) {
        const CAPABILITIES: u32 = 0x0008_a205 | 1 << 15 | 1 << 3;
        let capabilities = CAPABILITIES.to_le_bytes();
        let body = [
            b"\x0a8.0.0\0\x01\0\0\0saltsalt\0",
            &capabilities[..2],
            &[45, 2, 0],
            &capabilities[2..],
            &[21],
            &[0; 10],
            b"saltsaltsalt\0",
            plugin.as_bytes(),
            b"\0",
        ]
        .concat();
        self.say(&packet(0, &body));
    }

    /// Lets the client in, whatever it says.
    pub fn let_in_mysql(&mut self) {
        self.greet_mysql("mysql_native_password");
        self.hear();
        self.say(&packet(2, OK));
    }
}

/// MariaDB's word that all is well.
pub const OK: &[u8] = &[0, 0, 0, 2, 0, 0, 0];

/// A packet of MariaDB's protocol.
pub fn packet(number: u8, body: &[u8]) -> Vec<u8> {
    let length = (body.len() as u32).to_le_bytes();
    [&length[..3], &[number], body].concat()
}

/// A message of PostgreSQL's protocol.
pub fn message(kind: u8, body: &[u8]) -> Vec<u8> {
    let length = (body.len() as u32 + 4).to_be_bytes();
    [&[kind], &length[..], body].concat()
}
