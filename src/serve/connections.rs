//! Takes connections, and sees to it that each logs in in time or is cut off.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use russh::MethodKind;
use russh::keys::PrivateKey;
use russh::server::Config;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;

use super::GameServer;
use super::door::Door;
use super::gate::{Gate, Place};
use super::socket::Socket;
use crate::fault;

/// How long a connection may take to log in and ask for a session.
const LOG_IN: Duration = Duration::from_secs(25);

/// How much of its input a connection's client may send before it is told that it was taken, and how
/// much of its output may be on the way.
const WINDOW: u32 = 64 * 1024;

/// How long to wait where no connection can be taken, as when there are too many open files.
const BREATH: Duration = Duration::from_millis(200);

/// What russh is told; most of its defaults are for other things than games.
pub fn config(key: PrivateKey) -> Config {
    let mut methods = russh::MethodSet::empty();
    methods.push(MethodKind::PublicKey);
    methods.push(MethodKind::KeyboardInteractive);
    Config {
        server_id: russh::SshId::Standard(
            concat!("SSH-2.0-clickoff_", env!("CARGO_PKG_VERSION")).into(),
        ),
        methods,
        // There is nothing to guess.
        auth_rejection_time: Duration::ZERO,
        auth_rejection_time_initial: Some(Duration::ZERO),
        keys: vec![key],
        window_size: WINDOW,
        // Frames that wait are old frames.
        channel_buffer_size: 1,
        event_buffer_size: 1,
        // It is of what the network does, and not of the player: who does nothing has a session
        // that answers these.
        keepalive_interval: Some(Duration::from_secs(30)),
        keepalive_max: 3,
        inactivity_timeout: Some(Duration::from_secs(120)),
        nodelay: true,
        ..Config::default()
    }
}

/// Takes connections without end.
pub async fn accept(
    listener: TcpListener,
    server: Arc<GameServer>,
    config: Arc<Config>,
    gate: Arc<Gate>,
) {
    let mut fails = false;
    loop {
        match listener.accept().await {
            Ok((stream, from)) => {
                fails = false;
                if let Some(place) = gate.enter(from.ip()) {
                    let (server, config) = (Arc::clone(&server), Arc::clone(&config));
                    tokio::spawn(connection(stream, from, place, server, config));
                }
            }
            Err(error) => {
                if !std::mem::replace(&mut fails, true) {
                    tracing::warn!(%error, "no connection can be taken");
                }
                tokio::time::sleep(BREATH).await;
            }
        }
    }
}

/// Speaks with one client until it is gone.
async fn connection(
    stream: TcpStream,
    from: SocketAddr,
    place: Place,
    server: Arc<GameServer>,
    config: Arc<Config>,
) {
    let socket = Socket::new(stream);
    let begun = Arc::new(Notify::new());
    let door = Door::new(server, from, socket.clone(), Arc::clone(&begun));
    let log_in = async {
        let mut session = russh::server::run_stream(config, socket.clone(), door).await?;
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
