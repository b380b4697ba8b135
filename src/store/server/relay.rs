//! A relay for connections without TLS, on which a driver can prove that it knows the password but
//! can't send the password itself.
//!
//! The drivers send the password whenever a server asks for it, so an attacker in between could
//! just ask. The check must be on the same connection, because another one may reach another
//! server. With TLS it is not needed.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt, copy};
use tokio::net::{TcpListener, TcpStream};

/// How long to wait for the driver to connect to the relay, on this machine.
const COMING: Duration = Duration::from_secs(10);

/// The longest message before the login is done.
const LONGEST: usize = 64 * 1024;

/// The error message if a server asks for the password itself.
pub const ASKED: &str = "the server asks for the password itself";

/// The error message if it is unclear what a server asks for.
pub const UNCLEAR: &str = "the server answers a log-in with what can't be judged";

/// Tells how many of these bytes from a server may go to the driver, and what to do then.
pub type Judge = fn(&[u8]) -> (usize, Judgement);

/// A relay for one connection of a driver.
#[derive(Debug)]
pub struct Relay {
    /// The address for the driver to connect to.
    pub at: SocketAddr,
    left: Arc<OnceLock<&'static str>>,
}

impl Relay {
    /// Connects to a server, and waits for the driver on a local port. The judge knows the protocol.
    pub async fn to(host: &str, port: u16, judge: Judge) -> io::Result<Self> {
        let server = TcpStream::connect((host, port)).await?;
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let at = listener.local_addr()?;
        let left = Arc::new(OnceLock::new());
        let why = Arc::clone(&left);
        tokio::spawn(async move {
            let Ok(Ok((driver, _))) = tokio::time::timeout(COMING, listener.accept()).await else {
                return;
            };
            drop(listener);
            let relayed = relay(judge, driver, server, &why).await;
            if let Err(error) = relayed {
                tracing::debug!(%error, "a link in the clear has ended");
            }
        });
        Ok(Self { at, left })
    }

    /// The result of the driver's connection, unless the relay ended it because of what the server
    /// asked for.
    ///
    /// # Errors
    /// [`ASKED`] or [`UNCLEAR`] in that case, else the driver's error.
    pub fn unless_asked<T>(&self, connected: Result<T, sqlx::Error>) -> Result<T, sqlx::Error> {
        match self.left.get() {
            Some(why) => Err(sqlx::Error::Configuration((*why).into())),
            None => connected,
        }
    }
}

async fn relay(
    judge: Judge,
    driver: TcpStream,
    server: TcpStream,
    left: &OnceLock<&'static str>,
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
            let (judged, verdict) = judge(&unjudged);
            to_driver.write_all(&unjudged[..judged]).await?;
            unjudged.drain(..judged);
            match verdict {
                Judgement::NotYet => {}
                Judgement::LoggedIn => break,
                Judgement::Asks => return Err(leave(left, ASKED)),
                Judgement::Unclear => return Err(leave(left, UNCLEAR)),
            }
        }
        to_driver.write_all(&unjudged).await?;
        copy(&mut from_server, &mut to_driver).await?;
        to_driver.shutdown().await
    };
    // When one side closes, the other is closed, too.
    tokio::select! {
        ended = there => ended,
        ended = back => ended,
    }
}

fn leave(left: &OnceLock<&'static str>, why: &'static str) -> io::Error {
    io::Error::other(*left.get_or_init(|| why))
}

/// What to do with a log-in.
#[derive(Debug, PartialEq, Eq)]
pub enum Judgement {
    /// More bytes are needed.
    NotYet,
    /// The login is done: no password will be asked for.
    LoggedIn,
    /// The server asks for the password itself.
    Asks,
    /// The message is not known.
    Unclear,
}

/// Judges whole messages of PostgreSQL up to ReadyForQuery.
/// <https://www.postgresql.org/docs/current/protocol-message-formats.html>
pub fn postgres(bytes: &[u8]) -> (usize, Judgement) {
    let mut at = 0;
    while let Some(header) = bytes.get(at..at + 5) {
        let length = u32::from_be_bytes([header[1], header[2], header[3], header[4]]) as usize;
        if !(4..=LONGEST).contains(&length) {
            return (at, Judgement::Unclear);
        }
        let Some(body) = bytes.get(at + 5..at + 1 + length) else {
            break;
        };
        // Allowed: no password, MD5 with a salt, and SCRAM.
        let asks = match (header[0], body) {
            (b'R', [0, 0, 0, 0 | 5 | 10 | 11 | 12, ..]) => false,
            (b'R', _) => true,
            _ => false,
        };
        if asks {
            return (at, Judgement::Asks);
        }
        at += 1 + length;
        if header[0] == b'Z' {
            return (at, Judgement::LoggedIn);
        }
    }
    (at, Judgement::NotYet)
}

/// The authentication plugin that sends the password itself.
const CLEAR: &[u8] = b"mysql_clear_password";

/// Judges whole packets of MariaDB up to the end of the login. The greeting and a switch request
/// name the authentication plugin; `caching_sha2_password` may ask for the password itself later.
/// <https://mariadb.com/docs/server/reference/clientserver-protocol/1-connecting/connection>
/// <https://dev.mysql.com/doc/dev/mysql-server/latest/page_caching_sha2_authentication_exchanges.html>
pub fn mysql(bytes: &[u8]) -> (usize, Judgement) {
    let mut at = 0;
    while let Some(header) = bytes.get(at..at + 4) {
        let length = u32::from_le_bytes([header[0], header[1], header[2], 0]) as usize;
        if length > LONGEST {
            return (at, Judgement::Unclear);
        }
        let Some(body) = bytes.get(at + 4..at + 4 + length) else {
            break;
        };
        let is_greeting = header[3] == 0;
        let names_clear = body.windows(CLEAR.len()).any(|name| name == CLEAR);
        let asks = match body {
            // An error, or the end of the login.
            [0xff, ..] => return (bytes.len(), Judgement::LoggedIn),
            [0x00, ..] if !is_greeting => return (bytes.len(), Judgement::LoggedIn),
            [0xfe, ..] => names_clear,
            [0x01, 0x04] => true,
            _ => is_greeting && names_clear,
        };
        if asks {
            return (at, Judgement::Asks);
        }
        at += 4 + length;
    }
    (at, Judgement::NotYet)
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
        assert_eq!(postgres(&all), (all.len() - 1, Judgement::LoggedIn));
        for cut in 0..all.len() - 2 {
            let (judged, verdict) = postgres(&all[..cut]);
            assert!(judged <= cut && verdict == Judgement::NotYet, "{cut}");
        }
    }

    #[test]
    fn postgres_may_never_ask_for_the_password() {
        let plain = message(b'R', &[0, 0, 0, 3]);
        // Also after the proof.
        for before in [vec![], message(b'R', &[0; 4]), message(b'N', b"\0")] {
            let all = [&*before, &plain].concat();
            assert_eq!(postgres(&all), (before.len(), Judgement::Asks));
        }
        for unknown in [
            message(b'R', &[0, 0, 0, 7]),
            message(b'R', &[0, 0]),
            message(b'R', &[1, 0, 0, 0]),
        ] {
            assert_eq!(postgres(&unknown), (0, Judgement::Asks));
        }
        for unclear in [vec![b'R', 0xff, 0xff, 0xff, 0xff], vec![b'D', 0, 0, 0, 0]] {
            assert_eq!(postgres(&unclear), (0, Judgement::Unclear));
        }
    }

    /// A packet of MariaDB.
    fn packet(number: u8, body: &[u8]) -> Vec<u8> {
        let length = (body.len() as u32).to_le_bytes();
        [&length[..3], &[number], body].concat()
    }

    fn greeting(plugin: &str) -> Vec<u8> {
        packet(0, format!("\n10.11\0....salt....{plugin}\0").as_bytes())
    }

    #[test]
    fn mariadb_may_greet_with_any_way_but_the_password() {
        let native = greeting("mysql_native_password");
        let judged = mysql(&native);
        assert_eq!(judged, (native.len(), Judgement::NotYet));
        let cut = mysql(&native[..20]);
        assert_eq!(cut, (0, Judgement::NotYet));
        let clear = mysql(&greeting("mysql_clear_password"));
        assert_eq!(clear, (0, Judgement::Asks));
        let long = mysql(&[0xff, 0xff, 0xff, 0]);
        assert_eq!(long, (0, Judgement::Unclear));
    }

    #[test]
    fn mariadb_may_ask_for_a_proof_until_the_log_in_is_over() {
        let (fast, full) = (packet(4, &[1, 3]), packet(4, &[1, 4]));
        let (ok, refused) = (packet(5, &[0, 0, 0]), packet(2, b"\xff\x15\x04no"));
        let hello = greeting("caching_sha2_password");
        for (then, expected) in [
            (vec![fast, ok.clone()], Judgement::LoggedIn),
            (vec![refused], Judgement::LoggedIn),
            (vec![full], Judgement::Asks),
        ] {
            let all = [&hello[..], &then.concat()].concat();
            let (_, verdict) = mysql(&all);
            assert_eq!(verdict, expected, "{then:?}");
        }
        let clear = packet(2, b"\xfemysql_clear_password\0");
        assert_eq!(mysql(&clear), (0, Judgement::Asks));
        let native = packet(2, b"\xfemysql_native_password\0salt");
        assert_eq!(mysql(&native), (native.len(), Judgement::NotYet));
    }
}
