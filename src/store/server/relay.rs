//! A way to a server in the clear on which a driver can prove that it knows the password, but can't
//! give it away.
//!
//! The drivers answer whatever a server asks for, so whoever stands between could have the password
//! for the asking. What is asked has to be looked at on the very connection: one that is made to
//! look first may be answered by another server than the next. TLS needs no such look.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt, copy};
use tokio::net::{TcpListener, TcpStream};

/// How long the driver may take to come, which is on this machine.
const COMING: Duration = Duration::from_secs(10);

/// The longest message in which a server may ask for a password; it may say more afterwards.
const LONGEST: usize = 64 * 1024;

/// How it is told on that a server has asked for the password itself.
pub const ASKED: &str = "the server asks for the password itself";

/// Whose language is spoken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protocol {
    /// PostgreSQL's.
    Postgres,
    /// MariaDB's and MySQL's.
    MySql,
}

/// A relay that one connection of a driver goes through.
#[derive(Debug)]
pub struct Relay {
    /// Where the driver has to connect.
    pub at: SocketAddr,
    asked: Arc<AtomicBool>,
}

impl Relay {
    /// Connects to a server, and waits for the driver on a port of this machine alone.
    ///
    /// # Errors
    /// As a driver that connects itself.
    pub async fn to(protocol: Protocol, host: &str, port: u16) -> io::Result<Self> {
        let host = host.trim_matches(['[', ']']);
        let server = TcpStream::connect((host, port)).await?;
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let at = listener.local_addr()?;
        let asked = Arc::new(AtomicBool::new(false));
        let seen = Arc::clone(&asked);
        tokio::spawn(async move {
            let Ok(Ok((driver, _))) = tokio::time::timeout(COMING, listener.accept()).await else {
                return;
            };
            drop(listener);
            let relayed = relay(protocol, driver, server, &seen).await;
            if let Err(error) = relayed {
                tracing::debug!(%error, "a link in the clear has ended");
            }
        });
        Ok(Self { at, asked })
    }

    /// What became of the driver's connection, unless the server was left because it asked for the
    /// password itself.
    ///
    /// # Errors
    /// [`ASKED`] in that case, else what the driver says.
    pub fn unless_asked<T>(&self, connected: Result<T, sqlx::Error>) -> Result<T, sqlx::Error> {
        match self.asked.load(Ordering::SeqCst) {
            true => Err(sqlx::Error::Configuration(ASKED.into())),
            false => connected,
        }
    }
}

async fn relay(
    protocol: Protocol,
    driver: TcpStream,
    server: TcpStream,
    asked: &AtomicBool,
) -> io::Result<()> {
    for side in [&driver, &server] {
        side.set_nodelay(true)?;
    }
    let (mut from_driver, mut to_driver) = driver.into_split();
    let (mut from_server, mut to_server) = server.into_split();
    let there = async {
        copy(&mut from_driver, &mut to_server).await?;
        to_server.shutdown().await
    };
    let back = async {
        let mut unjudged = Vec::new();
        let mut part = [0; 4096];
        loop {
            let read = from_server.read(&mut part).await?;
            if read == 0 {
                return to_driver.shutdown().await;
            }
            unjudged.extend_from_slice(&part[..read]);
            let (judged, verdict) = judge(protocol, &unjudged);
            to_driver.write_all(&unjudged[..judged]).await?;
            unjudged.drain(..judged);
            match verdict {
                Verdict::NotYet => {}
                Verdict::LoggedIn => break,
                Verdict::Asks => {
                    asked.store(true, Ordering::SeqCst);
                    return Err(io::Error::other("it asks for the password itself"));
                }
            }
        }
        to_driver.write_all(&unjudged).await?;
        copy(&mut from_server, &mut to_driver).await?;
        to_driver.shutdown().await
    };
    // The end of one side is the end of both: a driver that leaves waits for no answer.
    tokio::select! {
        ended = there => ended,
        ended = back => ended,
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Verdict {
    /// More is to be looked at.
    NotYet,
    /// From here on no password is asked for.
    LoggedIn,
    /// It asks for the password itself, or says what can't be judged.
    Asks,
}

/// How many of these bytes from a server may pass to the driver, and what to do then.
fn judge(protocol: Protocol, bytes: &[u8]) -> (usize, Verdict) {
    match protocol {
        Protocol::Postgres => postgres(bytes),
        Protocol::MySql => mysql(bytes),
    }
}

/// Whole messages of PostgreSQL up to the first that says that it is ready.
/// <https://www.postgresql.org/docs/current/protocol-message-formats.html>
fn postgres(bytes: &[u8]) -> (usize, Verdict) {
    let mut at = 0;
    while let Some(header) = bytes.get(at..at + 5) {
        let length = u32::from_be_bytes([header[1], header[2], header[3], header[4]]) as usize;
        if !(4..=LONGEST).contains(&length) {
            return (at, Verdict::Asks);
        }
        let Some(body) = bytes.get(at + 5..at + 1 + length) else {
            break;
        };
        // Any way but the password itself: none at all, a hash of it with salt, and SCRAM.
        let asks = match (header[0], body) {
            (b'R', [0, 0, 0, 0 | 5 | 10 | 11 | 12, ..]) => false,
            (b'R', _) => true,
            _ => false,
        };
        if asks {
            return (at, Verdict::Asks);
        }
        at += 1 + length;
        if header[0] == b'Z' {
            return (at, Verdict::LoggedIn);
        }
    }
    (at, Verdict::NotYet)
}

/// The way to log in whose answer is the password.
const CLEAR: &[u8] = b"mysql_clear_password";

/// MariaDB's greeting, which names the way to log in. The driver is asked for no other way that
/// gives the password away: it refuses this one later, and has no other.
/// <https://mariadb.com/docs/server/reference/clientserver-protocol/1-connecting/connection>
fn mysql(bytes: &[u8]) -> (usize, Verdict) {
    let Some(header) = bytes.get(..4) else {
        return (0, Verdict::NotYet);
    };
    let length = u32::from_le_bytes([header[0], header[1], header[2], 0]) as usize;
    if length > LONGEST {
        return (0, Verdict::Asks);
    }
    match bytes.get(4..4 + length) {
        None => (0, Verdict::NotYet),
        Some(greeting) if greeting.windows(CLEAR.len()).any(|name| name == CLEAR) => {
            (0, Verdict::Asks)
        }
        Some(_) => (bytes.len(), Verdict::LoggedIn),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A message of PostgreSQL.
    fn message(kind: u8, body: &[u8]) -> Vec<u8> {
        let length = (body.len() as u32 + 4).to_be_bytes();
        [&[kind], &length[..], body].concat()
    }

    #[test]
    fn postgres_may_ask_for_a_proof_until_it_is_ready() {
        let scram = message(b'R', b"\0\0\0\x0aSCRAM-SHA-256\0\0");
        let (ok, ready) = (message(b'R', &[0; 4]), message(b'Z', b"I"));
        let notice = message(b'N', b"SNOTICE\0\0");
        let all = [&*scram, &notice, &ok, &ready, b"D"].concat();
        assert_eq!(
            judge(Protocol::Postgres, &all),
            (all.len() - 1, Verdict::LoggedIn)
        );
        for cut in 0..all.len() - 2 {
            let (judged, verdict) = judge(Protocol::Postgres, &all[..cut]);
            assert!(judged <= cut && verdict == Verdict::NotYet, "{cut}");
        }
    }

    #[test]
    fn postgres_may_never_ask_for_the_password() {
        let plain = message(b'R', &[0, 0, 0, 3]);
        // After a proof, too.
        for before in [vec![], message(b'R', &[0; 4]), message(b'N', b"\0")] {
            let all = [&*before, &plain].concat();
            assert_eq!(
                judge(Protocol::Postgres, &all),
                (before.len(), Verdict::Asks)
            );
        }
        for unknown in [
            message(b'R', &[0, 0, 0, 7]),
            message(b'R', &[0, 0]),
            message(b'R', &[1, 0, 0, 0]),
            vec![b'R', 0xff, 0xff, 0xff, 0xff],
            vec![b'D', 0, 0, 0, 0],
        ] {
            assert_eq!(judge(Protocol::Postgres, &unknown), (0, Verdict::Asks));
        }
    }

    #[test]
    fn mariadb_may_greet_with_any_way_but_the_password() {
        let greeting = |plugin: &str| {
            let body = format!("\n10.11\0....salt....{plugin}\0");
            let length = (body.len() as u32).to_le_bytes();
            [&length[..3], &[0], body.as_bytes()].concat()
        };
        let native = greeting("mysql_native_password");
        let judged = judge(Protocol::MySql, &native);
        assert_eq!(judged, (native.len(), Verdict::LoggedIn));
        let cut = judge(Protocol::MySql, &native[..20]);
        assert_eq!(cut, (0, Verdict::NotYet));
        let clear = judge(Protocol::MySql, &greeting("mysql_clear_password"));
        assert_eq!(clear, (0, Verdict::Asks));
        let long = judge(Protocol::MySql, &[0xff, 0xff, 0xff, 0]);
        assert_eq!(long, (0, Verdict::Asks));
    }
}
