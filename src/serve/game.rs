//! One visitor's game, from the shell request to the last message.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::panic::AssertUnwindSafe;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use futures_util::{FutureExt, stream};
use jiff::tz::TimeZone;
use ratatui::layout::Size;
use russh::ChannelId;
use russh::server::Handle;
use tokio::sync::mpsc::{Receiver, Sender, channel};

use super::game_handle::{GameHandle, SIGNALS, cells, sender};
use super::lines::Lines;
use super::socket::Socket;
use super::{GameServer, Session};
use crate::app::line::Line;
use crate::app::signals::Signal;
use crate::app::tty::USUAL;
use crate::app::{lines, play, title};
use crate::game::{Effects, Motion};
use crate::settings::appearance::Appearance;
use crate::state::{Ended, State};
use crate::store::SshKey;
use crate::words::{Language, Say, Words, text};
use crate::worker::guests::{PART, Visitor, is_code};

/// How many pieces of input may wait. Each is at most one packet.
const INPUT: usize = 4;

/// How long the end of a session may take.
const GOODBYE: Duration = Duration::from_secs(3);

/// The user name that asks for a code.
const CODE: &str = "code";

/// A user name for everybody, which is never offered as a player's name.
const ANYBODY: &str = "play";

/// The comment of a key, by which the keeper may recognise it: the user name, which is mostly the
/// login name on the client's machine. User names with a special meaning give none.
pub fn comment(user: &str) -> String {
    let mut known = text::harmless(user).into_owned();
    known.truncate(known.floor_char_boundary(LONGEST_USER));
    match [CODE, ANYBODY].contains(&user) || is_code(&user.to_lowercase()) {
        true => String::new(),
        false => known,
    }
}

/// The longest user name that is kept, in bytes.
const LONGEST_USER: usize = 64;

/// A client's terminal.
pub struct Terminal {
    pub kind: String,
    pub size: Size,
}

/// A visitor, and what the client has sent.
pub struct Visit {
    pub user: String,
    pub key: Option<SshKey>,
    pub terminal: Option<Terminal>,
    pub variables: HashMap<&'static str, String>,
    pub from: SocketAddr,
}

/// Starts a game in its own task.
pub fn begin(
    server: Arc<GameServer>,
    visit: Visit,
    handle: Handle,
    channel_id: ChannelId,
    socket: Socket,
) -> GameHandle {
    let (give_input, input) = channel(INPUT);
    let (give_signal, signals) = channel(SIGNALS);
    let size = visit
        .terminal
        .as_ref()
        .map_or(USUAL, |terminal| terminal.size);
    let size = server.fit_size(size);
    let kind = visit
        .terminal
        .as_ref()
        .map(|terminal| terminal.kind.clone());
    let restores = title::can_be_restored(|name| {
        (name == "TERM").then(|| kind.clone().unwrap_or_default().into())
    });
    // The client's terminal is in raw mode, so lines have to end with a carriage return and a line
    // feed.
    let returns = visit.terminal.is_some() && is_plain(&visit);
    let line = Line::to_remote(size, restores, sender(handle.clone(), channel_id, returns));
    let session = Arc::new(OnceLock::new());
    let playing = GameHandle {
        server: Arc::clone(&server),
        line: line.clone(),
        input: Some(give_input),
        signals: give_signal.clone(),
        session: Arc::clone(&session),
        cells: cells(size),
    };
    tokio::spawn(async move {
        let language = language(&visit.variables);
        let from = visit.from;
        let game = Game {
            server,
            line: line.clone(),
            known: session,
            signals: give_signal,
        };
        let played = AssertUnwindSafe(game.play(visit, input, signals)).catch_unwind();
        let (last, status) = played.await.unwrap_or_else(|_| {
            tracing::error!(%from, "a session has failed");
            crate::app::terminal::restore_line(&line);
            (vec![Say::SessionFailed], 70)
        });
        let words = Words::new(language);
        let said: String = last
            .iter()
            .map(|say| format!("clickoff: {}\r\n", text::harmless(&words.say(say))))
            .collect();
        line.queue_bytes(said.as_bytes());
        let _ = play::drained(&line).await;
        let goodbye = async {
            let _ = handle.exit_status_request(channel_id, status).await;
            let _ = handle.eof(channel_id).await;
            let _ = handle.close(channel_id).await;
        };
        let _ = tokio::time::timeout(GOODBYE, goodbye).await;
        // A client that received this closes the connection itself. One that can't is cut off.
        tokio::time::sleep(GOODBYE).await;
        socket.cut();
    });
    playing
}

/// The language that these variables of a client ask for.
pub fn language(variables: &HashMap<&'static str, String>) -> Language {
    Language::of_locale(|name| variables.get(name).cloned()).0
}

/// Whether to play in lines instead of on the screen.
fn is_plain(visit: &Visit) -> bool {
    let asked = visit.variables.get("CLICKOFF_PLAIN");
    let asked = asked.is_some_and(|value| matches!(value.as_str(), "true" | "1"));
    let terminal = visit.terminal.as_ref();
    asked || terminal.is_none_or(|terminal| matches!(terminal.kind.as_str(), "" | "dumb"))
}

/// One game.
struct Game {
    server: Arc<GameServer>,
    line: Arc<Line>,
    known: Arc<OnceLock<Arc<Session>>>,
    signals: Sender<Signal>,
}

impl Game {
    /// Plays, and returns the last messages and the exit status.
    async fn play(
        self,
        visit: Visit,
        input: Receiver<Vec<u8>>,
        signals: Receiver<Signal>,
    ) -> (Vec<Say>, u32) {
        if visit.user == CODE {
            return match &visit.key {
                None => (vec![Say::KeyNeeded], 1),
                Some(key) => match self.server.guests.code(key.clone()).await {
                    Ok(code) => (vec![Say::CodeIs { code }], 0),
                    Err(why) => (vec![why], 1),
                },
            };
        }
        let code = Some(visit.user.to_lowercase()).filter(|user| is_code(user));
        let visitor = Visitor {
            key: visit.key.clone(),
            code,
        };
        let Some((entered, replies)) = self.enter(visitor) else {
            return (vec![Say::ServerFull], 1);
        };
        let guest = Arc::clone(&entered.session.guest);
        let commands = Box::new(move |command| guest.send(command));
        let signals = {
            let mut signals = signals;
            stream::poll_fn(move |cx| signals.poll_recv(cx))
        };
        let words = Words::new(language(&visit.variables));
        let login = Some(&visit.user).filter(|user| *user != ANYBODY);
        let mut state = self.state(login.cloned().unwrap_or_default(), &visit);
        let ended = if is_plain(&visit) {
            state.effects = Effects::new(Motion::None);
            let typed = visit.terminal.is_some();
            let lines = self.lines(input, typed);
            play::remote_in_lines(
                &self.line,
                state,
                words,
                typed,
                (commands, replies),
                lines,
                signals,
            )
            .await
        } else {
            let found = self.look(&visit);
            let settings = &self.server.settings;
            let look = found.dress(&mut state, settings.motion, words);
            let title = settings.title;
            let played = play::remote_on_screen(
                &self.line,
                state,
                look,
                title,
                (commands, replies),
                input,
                signals,
            );
            match played.await {
                Ok(ended) => ended,
                Err(error) => {
                    tracing::warn!(%error, "a session has no terminal");
                    return (vec![Say::SessionFailed], 1);
                }
            }
        };
        last_messages(&ended, &entered.session)
    }

    /// Registers a session, if there is room for another.
    fn enter(
        &self,
        visitor: Visitor,
    ) -> Option<(
        SessionGuard,
        tokio::sync::mpsc::UnboundedReceiver<crate::message::Reply>,
    )> {
        let server = &self.server;
        let mut sessions = server.sessions();
        if sessions.len() >= server.options.sessions {
            return None;
        }
        let (guest, replies) = server.guests.enter(visitor);
        let session = Arc::new(Session {
            last_key: AtomicU64::new(server.now()),
            signals: self.signals.clone(),
            guest: Arc::new(guest),
            why: OnceLock::new(),
            warned: AtomicBool::new(false),
        });
        let id = server.next.fetch_add(1, Ordering::Relaxed);
        sessions.insert(id, Arc::clone(&session));
        // A game enters once, so it is not set yet.
        let _ = self.known.set(Arc::clone(&session));
        let server = Arc::clone(server);
        Some((
            SessionGuard {
                server,
                id,
                session,
            },
            replies,
        ))
    }

    fn state(&self, login: String, visit: &Visit) -> State {
        let server = &self.server;
        let zone = visit.variables.get("TZ");
        let zone = zone.and_then(|zone| TimeZone::get(zone).ok());
        let zone = zone.unwrap_or_else(|| server.zone.clone());
        let place = server.place.clone();
        let mut state = server.settings.state(place, None, login, zone);
        state.part = PART as usize;
        state
    }

    fn look(&self, visit: &Visit) -> &Appearance {
        let says = |name| {
            visit
                .variables
                .get(name)
                .map(String::as_str)
                .unwrap_or_default()
        };
        let [none, few, many] = &self.server.looks;
        match says("COLORTERM") {
            _ if !says("NO_COLOR").is_empty() => none,
            "truecolor" | "24bit" => many,
            _ => few,
        }
    }

    /// Turns input into lines, and echoes them as they are typed.
    fn lines(&self, mut input: Receiver<Vec<u8>>, typed: bool) -> Receiver<lines::LineInput> {
        let (give, lines) = channel(INPUT * 16);
        let line = self.line.clone();
        tokio::spawn(async move {
            let mut read = Lines::new(typed);
            while let Some(bytes) = input.recv().await {
                let found = read.read(&bytes);
                line.queue_bytes(&read.echo());
                if typed {
                    let _ = play::drained(&line).await;
                }
                for line in found {
                    if give.send(line).await.is_err() {
                        return;
                    }
                }
            }
            for line in read.rest().into_iter().chain([lines::LineInput::End]) {
                let _ = give.send(line).await;
            }
        });
        lines
    }
}

/// The registration of a session, which ends when it is dropped.
struct SessionGuard {
    server: Arc<GameServer>,
    id: u64,
    session: Arc<Session>,
}

impl Drop for SessionGuard {
    fn drop(&mut self) {
        self.server.sessions().remove(&self.id);
        self.server.session_ended.notify_one();
    }
}

/// The messages at the end of a session, and its exit status.
fn last_messages(ended: &Ended, session: &Session) -> (Vec<Say>, u32) {
    let mut last = Vec::new();
    let mut status = 0;
    if let Some((_, why)) = &ended.broken {
        last.push(why.clone());
        status = 1;
    }
    last.extend(session.why.get().cloned());
    if ended.farewell.kept > 0 {
        let presses = ended.farewell.kept;
        last.push(Say::ServerKeeps { presses });
        status = 8;
    }
    if ended.sprint_void {
        last.push(Say::VoidAtEnd);
    }
    (last, status)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_known_by_the_name_that_it_came_with() {
        assert_eq!(comment("ada"), "ada");
        assert_eq!(comment("\u{1b}[2J"), "\u{241b}[2J");
        assert_eq!(comment(&"王".repeat(1000)), "王".repeat(21));
        for none in ["play", "code", "join-0123456789", "Join-0123456789", ""] {
            assert_eq!(comment(none), "");
        }
    }
}
