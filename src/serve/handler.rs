//! Handles the ssh protocol of one connection: log-in, and at most one session with a shell.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::Arc;

use ratatui::layout::Size;
use russh::keys::{Algorithm, HashAlg};
use russh::server::{Auth, ChannelOpenHandle, Handler, Msg, PublicKeyOffer, Response};
use russh::server::{Session as Connection, VerifiedPublicKey};
use russh::{Channel, ChannelId, ChannelOpenFailure, Pty};
use tokio::sync::Notify;

use super::GameServer;
use super::game::{self, Terminal, Visit};
use super::game_handle::GameHandle;
use super::socket::Socket;
use crate::app::tty::USUAL;
use crate::store::SshKey;
use crate::words::{Say, Words};

/// The environment variables that a client may send. Each is a word about the terminal, the
/// language or the time zone.
const VARIABLES: [&str; 8] = [
    "LANG",
    "LANGUAGE",
    "LC_ALL",
    "LC_MESSAGES",
    "COLORTERM",
    "NO_COLOR",
    "TZ",
    "CLICKOFF_PLAIN",
];
const LONGEST: usize = 64;

/// The largest area of a terminal that is drawn on, which is larger than any screen. Each cell is
/// kept in 48 bytes: 6 MB.
const LARGEST: Size = Size::new(640, 200);

/// The longest name of a terminal, in bytes; the rest is cut off.
const LONGEST_TERM: usize = 64;

/// The handler of one connection.
pub struct ConnectionHandler {
    server: Arc<GameServer>,
    from: SocketAddr,
    socket: Socket,
    /// Notified once there is a session.
    begun: Arc<Notify>,
    key: Option<SshKey>,
    user: String,
    channel: Option<ChannelId>,
    terminal: Option<Terminal>,
    variables: HashMap<&'static str, String>,
    playing: Option<GameHandle>,
}

impl ConnectionHandler {
    pub fn new(
        server: Arc<GameServer>,
        from: SocketAddr,
        socket: Socket,
        begun: Arc<Notify>,
    ) -> Self {
        Self {
            server,
            from,
            socket,
            begun,
            key: None,
            user: String::new(),
            channel: None,
            terminal: None,
            variables: HashMap::new(),
            playing: None,
        }
    }

    /// Answers an unsupported request with a sentence, and ends the session.
    fn refuse(
        &mut self,
        channel: ChannelId,
        connection: &mut Connection,
    ) -> Result<(), russh::Error> {
        connection.channel_success(channel)?;
        let words = Words::new(game::language(&self.variables));
        let words = format!("clickoff: {}\r\n", words.say(&Say::NoCommandsFar));
        connection.extended_data(channel, 1, words.into_bytes())?;
        connection.exit_status_request(channel, 2)?;
        connection.eof(channel)?;
        connection.close(channel)
    }
}

/// The size that is drawn on. A client may send any size.
fn size(columns: u32, rows: u32) -> Size {
    let cells = |said: u32, usual: u16, most: u16| match u16::try_from(said) {
        Ok(0) => usual,
        Ok(said) => said.min(most),
        Err(_) => most,
    };
    Size::new(
        cells(columns, USUAL.width, LARGEST.width),
        cells(rows, USUAL.height, LARGEST.height),
    )
}

impl Handler for ConnectionHandler {
    type Error = russh::Error;

    async fn auth_publickey_offered(
        &mut self,
        _user: &str,
        offer: PublicKeyOffer<'_>,
    ) -> Result<Auth, Self::Error> {
        // RSA is not built in. A client with another key offers that one next.
        Ok(match offer.public_key.algorithm() {
            Algorithm::Rsa { .. } | Algorithm::Dsa => Auth::reject(),
            _ => Auth::Accept,
        })
    }

    async fn auth_publickey(
        &mut self,
        user: &str,
        key: VerifiedPublicKey<'_>,
    ) -> Result<Auth, Self::Error> {
        user.clone_into(&mut self.user);
        self.key = Some(SshKey {
            fingerprint: key.public_key.fingerprint(HashAlg::Sha256).to_string(),
            comment: game::comment(user),
        });
        Ok(Auth::Accept)
    }

    /// Asks nothing: this lets in somebody without a key, to watch or to read why playing needs
    /// one.
    async fn auth_keyboard_interactive<'a>(
        &'a mut self,
        user: &str,
        _submethods: &str,
        _response: Option<Response<'a>>,
    ) -> Result<Auth, Self::Error> {
        user.clone_into(&mut self.user);
        Ok(Auth::Accept)
    }

    async fn channel_open_session(
        &mut self,
        channel: Channel<Msg>,
        reply: ChannelOpenHandle,
        _connection: &mut Connection,
    ) -> Result<(), Self::Error> {
        if self.channel.is_some() {
            reply
                .reject(ChannelOpenFailure::AdministrativelyProhibited)
                .await;
        } else {
            self.channel = Some(channel.id());
            reply.accept().await;
        }
        Ok(())
    }

    async fn pty_request(
        &mut self,
        channel: ChannelId,
        term: &str,
        columns: u32,
        rows: u32,
        _width: u32,
        _height: u32,
        _modes: &[(Pty, u32)],
        connection: &mut Connection,
    ) -> Result<(), Self::Error> {
        if self.playing.is_some() {
            return connection.channel_failure(channel);
        }
        let mut kind = term.to_owned();
        kind.truncate(kind.floor_char_boundary(LONGEST_TERM));
        let size = size(columns, rows);
        self.terminal = Some(Terminal { kind, size });
        connection.channel_success(channel)
    }

    async fn env_request(
        &mut self,
        channel: ChannelId,
        name: &str,
        value: &str,
        connection: &mut Connection,
    ) -> Result<(), Self::Error> {
        let known = VARIABLES.iter().find(|known| **known == name);
        match known.filter(|_| value.len() <= LONGEST) {
            Some(known) => {
                self.variables.insert(known, value.to_owned());
                connection.channel_success(channel)
            }
            None => connection.channel_failure(channel),
        }
    }

    async fn shell_request(
        &mut self,
        channel: ChannelId,
        connection: &mut Connection,
    ) -> Result<(), Self::Error> {
        if self.playing.is_some() {
            return connection.channel_failure(channel);
        }
        connection.channel_success(channel)?;
        let visit = Visit {
            user: self.user.clone(),
            key: self.key.clone(),
            terminal: self.terminal.take(),
            variables: std::mem::take(&mut self.variables),
            from: self.from,
        };
        let (server, handle) = (Arc::clone(&self.server), connection.handle());
        self.playing = Some(game::begin(
            server,
            visit,
            handle,
            channel,
            self.socket.clone(),
        ));
        self.begun.notify_one();
        Ok(())
    }

    async fn exec_request(
        &mut self,
        channel: ChannelId,
        _command: &[u8],
        connection: &mut Connection,
    ) -> Result<(), Self::Error> {
        self.refuse(channel, connection)
    }

    async fn subsystem_request(
        &mut self,
        channel: ChannelId,
        _name: &str,
        connection: &mut Connection,
    ) -> Result<(), Self::Error> {
        self.refuse(channel, connection)
    }

    async fn x11_request(
        &mut self,
        channel: ChannelId,
        _single: bool,
        _protocol: &str,
        _cookie: &str,
        _screen: u32,
        connection: &mut Connection,
    ) -> Result<(), Self::Error> {
        connection.channel_failure(channel)
    }

    async fn window_change_request(
        &mut self,
        _channel: ChannelId,
        columns: u32,
        rows: u32,
        _width: u32,
        _height: u32,
        _connection: &mut Connection,
    ) -> Result<(), Self::Error> {
        if let Some(playing) = &mut self.playing {
            playing.resize(size(columns, rows));
        }
        Ok(())
    }

    async fn data(
        &mut self,
        _channel: ChannelId,
        data: &[u8],
        _connection: &mut Connection,
    ) -> Result<(), Self::Error> {
        if let Some(playing) = &self.playing {
            playing.send_input(data).await;
        }
        Ok(())
    }

    async fn channel_eof(
        &mut self,
        _channel: ChannelId,
        _connection: &mut Connection,
    ) -> Result<(), Self::Error> {
        if let Some(playing) = &mut self.playing {
            playing.input = None;
        }
        Ok(())
    }

    async fn channel_close(
        &mut self,
        channel: ChannelId,
        _connection: &mut Connection,
    ) -> Result<(), Self::Error> {
        if self.channel == Some(channel) {
            self.playing = None;
        }
        Ok(())
    }
}
