//! The ssh clients of the benchmark: each has its own connection, key and player.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use clickoff::game::PlayerId;
use clickoff::store::{AnyStore, SshKey};
use russh::client::{self, Handle, Handler};
use russh::keys::ssh_key::private::Ed25519Keypair;
use russh::keys::{HashAlg, PrivateKey, PrivateKeyWithHashAlg, PublicKeyOrCertificate};
use russh::{Channel, ChannelMsg};

use super::terminal::{HEIGHT, Terminal, WIDTH};

/// Accepts any host key.
struct Trusting;

impl Handler for Trusting {
    type Error = russh::Error;

    async fn check_server_key(&mut self, _: &PublicKeyOrCertificate) -> Result<bool, Self::Error> {
        Ok(true)
    }
}

/// How long a session may say nothing that owes an answer.
const PATIENCE: Duration = Duration::from_secs(30);

/// The key of the player with this number.
fn key(number: u32) -> PrivateKey {
    let mut seed = [7; 32];
    seed[..4].copy_from_slice(&number.to_be_bytes());
    PrivateKey::from(Ed25519Keypair::from_seed(&seed))
}

/// Adds the players' keys to the database.
pub async fn give_keys(store: &mut AnyStore, players: &[PlayerId]) {
    for (number, player) in (0..).zip(players) {
        let fingerprint = key(number).public_key().fingerprint(HashAlg::Sha256);
        let key = SshKey {
            fingerprint: fingerprint.to_string(),
            comment: String::new(),
        };
        store.give_key(&key, *player).await.expect("a key");
    }
}

/// A client whose game is running.
pub struct Guest {
    // Dropping it closes the connection.
    _handle: Handle<Trusting>,
    channel: Channel<client::Msg>,
    pub terminal: Terminal,
    /// What all clients have received.
    received: Arc<AtomicU64>,
}

/// The result of a client's presses.
#[derive(Debug, Default)]
pub struct Played {
    /// For each press, the time until a frame that shows it as committed had arrived.
    pub latencies: Vec<Duration>,
    pub frames: u32,
}

impl Guest {
    /// Logs in, and waits for the first frame with its player.
    pub async fn enter(server: SocketAddr, number: u32, received: Arc<AtomicU64>) -> Self {
        let config = Arc::new(client::Config {
            nodelay: true,
            ..client::Config::default()
        });
        let handle = client::connect(config, server, Trusting).await;
        let mut handle = handle.expect("a connection");
        let key = PrivateKeyWithHashAlg::new(Arc::new(key(number)), None);
        let proven = handle.authenticate_publickey("play", key).await;
        assert!(proven.expect("an answer").success(), "the key is known");
        let channel = handle.channel_open_session().await.expect("a session");
        let (width, height) = (WIDTH as u32, HEIGHT as u32);
        let pty = channel.request_pty(false, "xterm-256color", width, height, 0, 0, &[]);
        pty.await.expect("a terminal");
        channel
            .set_env(false, "LANG", "en_US.UTF-8")
            .await
            .expect("sent");
        channel.request_shell(false).await.expect("a shell");
        let mut guest = Self {
            _handle: handle,
            channel,
            terminal: Terminal::default(),
            received,
        };
        while guest.terminal.committed().is_none() {
            guest.hear().await;
        }
        guest
    }

    /// Waits for more output, and returns the number of frames that it completes.
    async fn hear(&mut self) -> u32 {
        let came = tokio::time::timeout(PATIENCE, self.channel.wait()).await;
        match came.unwrap_or(None) {
            Some(ChannelMsg::Data { data }) => {
                let length = data.len() as u64;
                self.received.fetch_add(length, Ordering::Relaxed);
                let came = self.terminal.take(&data);
                if came.asked {
                    let known = &b"\x1b[?2026;2$y"[..];
                    self.channel.data_bytes(known).await.expect("sent");
                }
                came.frames
            }
            Some(ChannelMsg::Eof | ChannelMsg::Close | ChannelMsg::ExitStatus { .. }) | None => {
                let rows: Vec<String> = self.terminal.rows().collect();
                panic!("a session says nothing more:\n{}", rows.join("\n"))
            }
            Some(_) => 0,
        }
    }

    /// Receives output for some time.
    pub async fn listen(&mut self, until: Instant) {
        while tokio::time::timeout_at(until.into(), self.hear())
            .await
            .is_ok()
        {}
    }

    /// Presses at each due time, and waits until all presses are shown as committed.
    pub async fn play(&mut self, mut dues: impl Iterator<Item = Instant>) -> Played {
        let before = self.terminal.committed().expect("a score");
        let mut played = Played::default();
        let mut waiting = VecDeque::new();
        let mut due = dues.next();
        while due.is_some() || !waiting.is_empty() {
            let alarm = tokio::time::sleep_until(due.unwrap_or_else(Instant::now).into());
            tokio::select! {
                biased;
                () = alarm, if due.is_some() => {
                    waiting.push_back(Instant::now());
                    self.channel.data_bytes(&b" "[..]).await.expect("sent");
                    due = dues.next();
                }
                frames = self.hear() => {
                    played.frames += frames;
                    // In the middle of a frame, the parts of the screen may not belong together.
                    if frames > 0 && let Some(score) = self.terminal.committed() {
                        let shown = usize::try_from(score - before).unwrap_or_default();
                        let news = shown.saturating_sub(played.latencies.len());
                        let now = Instant::now();
                        let news = waiting.drain(..news.min(waiting.len()));
                        played.latencies.extend(news.map(|sent| now - sent));
                    }
                }
            }
        }
        played
    }

    /// Watches another player's row until a given time, and reports when it showed which score.
    pub async fn watch(&mut self, name: &str, until: Instant) -> Vec<(i64, Instant)> {
        let mut seen: Vec<(i64, Instant)> = Vec::new();
        while let Ok(frames) = tokio::time::timeout_at(until.into(), self.hear()).await {
            let score = self.terminal.score(name).filter(|_| frames > 0);
            if let Some(score) = score
                && seen.last().is_none_or(|(last, _)| *last != score)
            {
                seen.push((score, Instant::now()));
            }
        }
        seen
    }
}
