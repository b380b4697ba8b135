//! Accepts connections, and cuts off each one that does not log in in time.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use russh::MethodKind;
use russh::keys::PrivateKey;
use russh::server::Config;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;

use super::GameServer;
use super::handler::ConnectionHandler;
use super::login_limit::{LoginLimit, LoginPermit};
use super::socket::Socket;
use crate::fault;

/// How long a connection may take to log in and ask for a session.
const LOG_IN: Duration = Duration::from_secs(25);

/// How much a client may send before it has to wait for the server, and how much output may be on
/// the way to it, in bytes.
const WINDOW: u32 = 64 * 1024;

/// How long to wait after a connection could not be accepted, for example because too many files
/// are open.
const ACCEPT_RETRY: Duration = Duration::from_millis(200);

/// The settings for russh. Most of its defaults are not meant for games.
pub fn config(key: PrivateKey) -> Config {
    let mut methods = russh::MethodSet::empty();
    methods.push(MethodKind::PublicKey);
    methods.push(MethodKind::KeyboardInteractive);
    Config {
        server_id: russh::SshId::Standard(
            concat!("SSH-2.0-clickoff_", env!("CARGO_PKG_VERSION")).into(),
        ),
        methods,
        // There are no passwords to guess, so a rejection needs no delay.
        auth_rejection_time: Duration::ZERO,
        auth_rejection_time_initial: Some(Duration::ZERO),
        keys: vec![key],
        window_size: WINDOW,
        // A queue would only hold outdated frames.
        channel_buffer_size: 1,
        event_buffer_size: 1,
        // These detect a broken network, not an idle player: the client of an idle player answers
        // keepalives.
        keepalive_interval: Some(Duration::from_secs(30)),
        keepalive_max: 3,
        inactivity_timeout: Some(Duration::from_secs(120)),
        nodelay: true,
        ..Config::default()
    }
}

/// Accepts connections until the task is aborted.
pub async fn accept(
    listener: TcpListener,
    server: Arc<GameServer>,
    config: Arc<Config>,
    limit: Arc<LoginLimit>,
) {
    let mut fails = false;
    loop {
        match listener.accept().await {
            Ok((stream, from)) => {
                fails = false;
                if let Some(place) = limit.enter(from.ip()) {
                    let (server, config) = (Arc::clone(&server), Arc::clone(&config));
                    tokio::spawn(connection(stream, from, place, server, config));
                }
            }
            Err(error) => {
                if !std::mem::replace(&mut fails, true) {
                    tracing::warn!(%error, "no connection can be taken");
                }
                tokio::time::sleep(ACCEPT_RETRY).await;
            }
        }
    }
}

/// Serves one client until it disconnects.
async fn connection(
    stream: TcpStream,
    from: SocketAddr,
    place: LoginPermit,
    server: Arc<GameServer>,
    config: Arc<Config>,
) {
    let socket = Socket::new(stream);
    let begun = Arc::new(Notify::new());
    let handler = ConnectionHandler::new(server, from, socket.clone(), Arc::clone(&begun));
    let log_in = async {
        let mut session = russh::server::run_stream(config, socket.clone(), handler).await?;
        tokio::select! {
            ended = &mut session => ended.map(|()| None),
            () = begun.notified() => Ok(Some(session)),
        }
    };
    let session = match tokio::time::timeout(fault::limit("log-in", LOG_IN), log_in).await {
        Ok(Ok(Some(session))) => session,
        Ok(Ok(None)) => return,
        Ok(Err(error)) => {
            tracing::debug!(%from, %error, "a connection has failed");
            return socket.cut();
        }
        Err(_) => {
            tracing::debug!(%from, "a connection did not log in in time");
            return socket.cut();
        }
    };
    drop(place);
    if let Err(error) = session.await {
        tracing::debug!(%from, %error, "a connection has failed");
    }
    socket.cut();
}
