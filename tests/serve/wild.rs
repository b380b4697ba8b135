//! Our own ssh client, which sends requests that a normal client never sends.

use std::sync::Arc;
use std::time::Duration;

use russh::client::{self, Handle};
use russh::keys::ssh_key::private::Ed25519Keypair;
use russh::keys::{PrivateKey, PrivateKeyWithHashAlg, PublicKeyOrCertificate};
use tokio::runtime::Runtime;

use crate::server::{Place, Server, join, quit, wait_score};

struct Trusting;

impl client::Handler for Trusting {
    type Error = russh::Error;

    async fn check_server_key(&mut self, _: &PublicKeyOrCertificate) -> Result<bool, Self::Error> {
        Ok(true)
    }
}

fn runtime() -> Runtime {
    let mut builder = tokio::runtime::Builder::new_current_thread();
    builder.enable_all().build().expect("a runtime")
}

/// Logs in with a key of its own.
async fn log_in(server: &Server, seed: u8) -> Handle<Trusting> {
    let config = Arc::new(client::Config::default());
    let connected = client::connect(config, &server.address, Trusting).await;
    let mut client = connected.expect("connected");
    let key = PrivateKey::from(Ed25519Keypair::from_seed(&[seed; 32]));
    let key = PrivateKeyWithHashAlg::new(Arc::new(key), None);
    let answer = client.authenticate_publickey("play", key).await;
    assert!(answer.expect("an answer").success());
    client
}

#[test]
fn of_a_thousand_channels_one_is_a_session_and_the_others_are_nothing() {
    let place = Place::new();
    let server = place.serve(&[]);
    let game = server.play(&place, "ada");
    join(&game, "Ada");
    runtime().block_on(async {
        let client = log_in(&server, 1).await;
        let mut first = client.channel_open_session().await.expect("a channel");
        let before = server.memory();
        for n in 0..1_000 {
            let another = client.channel_open_session().await;
            assert!(another.is_err(), "{n}");
        }
        let grown = server.memory().saturating_sub(before);
        assert!(grown < 8_000, "{grown} kB");
        // The first is as good as it was, and what is asked for again and again is kept once.
        for n in 0..1_000 {
            let value = "x".repeat(n % 80);
            first
                .set_env(false, "LANG", value.clone())
                .await
                .expect("sent");
            first
                .set_env(false, format!("X{n}"), value)
                .await
                .expect("sent");
            let pty = first.request_pty(false, "xterm", 80, 24, 0, 0, &[]);
            pty.await.expect("sent");
        }
        first.request_shell(true).await.expect("sent");
        let mut shown = Vec::new();
        while !String::from_utf8_lossy(&shown).contains("New player") {
            match first.wait().await {
                Some(russh::ChannelMsg::Data { data }) => shown.extend_from_slice(&data),
                Some(_) => {}
                None => panic!("{}", String::from_utf8_lossy(&shown)),
            }
        }
        let shell = first.request_shell(true).await;
        shell.expect("sent");
    });
    game.keys("  ");
    wait_score(&game, "Ada", 2);
    quit(&game);
}

/// Numbers that look random, and are the same each time.
fn noise(seed: u64, bytes: usize) -> Vec<u8> {
    let mut state = seed;
    let next = |_| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (state >> 56) as u8
    };
    (0..bytes).map(next).collect()
}

#[test]
fn noise_and_storms_of_sizes_cost_little_and_disturb_nobody() {
    let place = Place::new();
    let server = place.serve(&["--idle", "off"]);
    let game = server.play(&place, "ada");
    join(&game, "Ada");
    let before = server.memory();
    runtime().block_on(async {
        for seed in 2..6_u8 {
            let client = log_in(&server, seed).await;
            let channel = client.channel_open_session().await.expect("a channel");
            let pty = channel.request_pty(false, "xterm", 65_535, 65_535, 0, 0, &[]);
            pty.await.expect("sent");
            channel.request_shell(false).await.expect("sent");
            for n in 0..500 {
                // Whoever has left by a key that the noise has hit takes no more.
                let sized = channel.window_change(65_535 - n, 60_000 + n, 0, 0).await;
                let sent = channel.data_bytes(noise(u64::from(seed) << 32 | u64::from(n), 200));
                let sent = tokio::time::timeout(Duration::from_secs(2), sent).await;
                if sized.is_err() || !matches!(sent, Ok(Ok(()))) {
                    break;
                }
            }
        }
    });
    let grown = server.memory().saturating_sub(before);
    assert!(grown < 120_000, "{grown} kB");
    game.keys("  ");
    wait_score(&game, "Ada", 2);
    quit(&game);
    place.verify();
}
