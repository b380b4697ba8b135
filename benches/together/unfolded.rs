//! The same guarantee without folding: each press is a transaction of its own, and waits for the
//! last.

use std::time::Duration;

use clickoff::message::{Command, Reply};
use clickoff::store::{AnyStore, ClientId, Counted, Remedy, SessionId, Store};
use tokio::sync::mpsc::unbounded_channel;

use super::pressing::Client;

/// Starts it with the interface of the game's worker, and a store of its own.
pub fn spawn(mut store: AnyStore) -> Client {
    let (commands, mut inbox) = unbounded_channel();
    let (outgoing, replies) = unbounded_channel();
    let task = tokio::spawn(async move {
        let say = |reply| outgoing.send(reply).expect("somebody listens");
        let opened = store.open().await.expect("opening the database");
        say(Reply::Opened {
            last: None,
            window: opened.players.into(),
            kept: 0,
            rights: opened.rights,
        });
        let client = ClientId::new_v4();
        let (mut session, mut upto) = (None, 0);
        while let Some(Command::Press(player, 1)) = inbox.recv().await {
            let session = match session {
                Some(session) => session,
                None => {
                    let made = store.register(client, player).await;
                    *session.insert(made.expect("making the client's row"))
                }
            };
            upto += 1;
            let Counted { score, counted, .. } = count(&mut store, session, upto).await;
            say(Reply::Counted {
                player,
                counted,
                score,
            });
        }
        store.retire(client).await.expect("leaving in order");
    });
    Client {
        send: Box::new(move |command| commands.send(command).expect("it runs")),
        replies,
        task,
    }
}

/// Counts, and tries again if the rows were locked for too long.
async fn count(store: &mut AnyStore, session: SessionId, upto: u64) -> Counted {
    loop {
        store.turn().await.expect("a turn");
        match store.count(session, upto).await {
            Ok(counted) => return counted,
            Err(error) if error.remedy() == Remedy::Retry => {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            Err(error) => panic!("a press is not counted: {error}"),
        }
    }
}
