//! A game without terminal, worker and clock, for tests of its behaviour and its screens.

#![allow(dead_code, reason = "each test binary uses its own part of this")]

use std::cmp::Reverse;
use std::time::{Duration, Instant};

use clickoff::game::{
    ClockReading, Effects, Entry, Motion, Period, Player, PlayerId, Points, Quarter, Ranking,
    Record,
};
use clickoff::message::{
    Action, Change, Command, Effect, Message, Metrics, Reply, Rights, Trouble,
};
use clickoff::state::{Adding, State, update};
use clickoff::words::{Say, Words};
use tui_input::InputRequest;

/// A Tuesday.
pub const NOON: &str = "2026-11-03T12:00:00Z";

/// The state, and the time that the test lets pass.
#[derive(Debug, Clone)]
pub struct Game {
    pub state: State,
    pub now: Instant,
}

impl Game {
    /// Started by the user `ada`; the database has not answered yet.
    pub fn started() -> Self {
        Self::started_with(None)
    }

    /// Started with `--player`.
    pub fn started_with(player: Option<&str>) -> Self {
        let place = "~/.local/share/clickoff/clickoff.db".to_owned();
        let player = player.map(str::to_owned);
        Self {
            state: State::new(place, player, "ada".into(), true),
            now: Instant::now(),
        }
    }

    /// Started where the player `ada` was played last if there is one, else the best; opened with
    /// these players, on a screen with ten rows of list.
    pub fn of(players: &[Player]) -> Self {
        let best = players.iter().min_by_key(|p| (Reverse(p.score), p.id));
        let own = players.iter().find(|p| p.name == "ada").or(best);
        let last = own.map(|p| p.id);
        let mut game = Self::started();
        game.sized(10);
        game.reply(Reply::Opened {
            window: players.to_vec().into(),
            last,
            kept: 0,
            rights: Rights::ALL,
        });
        // The question about the past of who is picked then; no answer to it comes by itself.
        game.send(Message::Tick);
        game
    }

    /// With a dozen players, `p1` the best with 120 points, `p12` the last with 10; `p1` is picked.
    pub fn of_a_dozen() -> Self {
        let players: Vec<Player> = (1..=12)
            .map(|n| player(n, &format!("p{n}"), 130 - 10 * n))
            .collect();
        Self::of(&players)
    }

    /// With as much that moves as this.
    pub fn moving(mut self, motion: Motion) -> Self {
        self.state.effects = Effects::new(motion);
        self
    }

    /// With nothing that moves by itself, but for the button.
    pub fn still(self) -> Self {
        self.moving(Motion::None)
    }

    /// Lets time pass until nothing is to be woken up for; tells when frames were drawn.
    pub fn rest(&mut self) -> Vec<Duration> {
        let begun = self.now;
        self.state.take_redraw();
        let mut frames = Vec::new();
        while let Some(at) = self.state.wake_at(self.now) {
            self.now = at;
            self.send(Message::Tick);
            if self.state.take_redraw() {
                frames.push(at - begun);
            }
        }
        frames
    }

    pub fn send(&mut self, message: Message) -> Vec<Effect> {
        update(&mut self.state, message, self.now)
    }

    /// Sends a message that may only ask for commands; gives them.
    pub fn tell(&mut self, message: Message) -> Vec<Command> {
        commands(self.send(message))
    }

    pub fn act(&mut self, action: Action) -> Vec<Command> {
        self.tell(Message::Action(action))
    }

    pub fn reply(&mut self, reply: Reply) -> Vec<Command> {
        self.tell(Message::Reply(reply))
    }

    pub fn opened(&mut self, players: &[Player]) {
        self.opened_with(players, Rights::ALL);
    }

    pub fn opened_with(&mut self, players: &[Player], rights: Rights) {
        self.reply(Reply::Opened {
            window: players.to_vec().into(),
            last: None,
            kept: 0,
            rights,
        });
    }

    pub fn sized(&mut self, list_rows: usize) {
        let help_overflow = 30;
        self.send(Message::Viewport(Metrics {
            list_rows,
            help_overflow,
        }));
    }

    /// Types into the field that has the focus.
    pub fn type_in(&mut self, text: &str) {
        for c in text.chars() {
            self.send(Message::Type(InputRequest::InsertChar(c)));
        }
    }

    /// Lets time pass and then the tick come.
    pub fn after(&mut self, time: Duration) -> Vec<Effect> {
        self.now += time;
        self.send(Message::Tick)
    }

    pub fn press(&mut self, times: usize) -> Vec<Command> {
        (0..times).flat_map(|_| self.act(Action::Press)).collect()
    }

    /// The space bar held for so many repeats, 30 a second, on a terminal that can't tell; gives
    /// how many points it scored.
    pub fn hold(&mut self, repeats: usize) -> usize {
        let first = self.press(1).len();
        self.now += Duration::from_millis(500);
        let more = (0..repeats).map(|_| {
            let scored = self.press(1).len();
            self.now += Duration::from_millis(33);
            scored
        });
        first + more.sum::<usize>()
    }

    /// The answer that a commit holds so many of this run's presses.
    pub fn counted(&mut self, player: i64, counted: u64, score: i64) {
        let player = PlayerId(player);
        self.reply(Reply::Counted {
            player,
            counted,
            score,
        });
    }

    /// The news that somebody else removed a player.
    pub fn gone(&mut self, id: i64) -> Vec<Command> {
        self.reply(Reply::Changed {
            players: Default::default(),
            gone: vec![PlayerId(id)],
        })
    }

    /// The news that somebody else added or changed a player.
    pub fn changed(&mut self, player: Player) -> Vec<Command> {
        self.reply(Reply::Changed {
            players: vec![player].into(),
            gone: Vec::new(),
        })
    }

    /// The answer that a player has been added.
    pub fn added(&mut self, id: i64, name: &str) -> Vec<Command> {
        self.reply(Reply::Done(Change::Add(entry(name)), player(id, name, 0)))
    }

    pub fn troubled(&mut self, what: impl Into<Say>, seconds: u64) {
        self.reply(Reply::Trouble(trouble(what, seconds)));
    }

    /// The news that the others can't be seen, for two seconds at least.
    pub fn blinded(&mut self) {
        self.reply(Reply::WatchTrouble(offline(2)));
    }

    /// The answer of what everyone has scored in a period: key, points and score.
    pub fn ranked(&mut self, period: Period, points: &[(i64, i64, i64)]) {
        let points = points.iter().map(|(id, points, score)| Points {
            player: PlayerId(*id),
            points: *points,
            score: *score,
        });
        let points = points.collect();
        self.reply(Reply::Ranked(
            period,
            self.clock(NOON),
            Ranking {
                points,
                ..Ranking::default()
            },
        ));
    }

    /// The answer of what a player scored: so much at noon of so many days ago.
    pub fn recalled(&mut self, id: i64, score: i64, days: &[(i64, i64)]) {
        let noon = Quarter::of(NOON.parse().expect("a time")).0;
        let quarters = days.iter().map(|(ago, n)| (Quarter(noon - 96 * ago), *n));
        self.reply(Reply::Recalled(
            PlayerId(id),
            self.clock(NOON),
            Record {
                score,
                quarters: quarters.collect(),
                ..Record::default()
            },
        ));
    }

    /// The database's clock, as it shows a time now.
    pub fn clock(&self, time: &str) -> ClockReading {
        ClockReading {
            time: time.parse().expect("a time"),
            at: self.now,
            took: Duration::ZERO,
        }
    }

    /// The picked player's name, or `nobody`.
    pub fn picked(&self) -> &str {
        self.state.picked_player().map_or("nobody", |p| &p.name)
    }

    pub fn notice(&self) -> String {
        self.state.notice.as_ref().map_or_else(String::new, english)
    }

    /// The names of the list's rows, filtered as they are.
    pub fn rows(&self) -> Vec<&str> {
        let rows = (0..self.state.row_count()).filter_map(|row| self.state.row(row));
        rows.map(|p| p.name.as_str()).collect()
    }

    /// Presses held for the player who is being added.
    pub fn held(&self) -> u64 {
        self.state.adding.as_ref().map_or(0, |a: &Adding| a.presses)
    }

    /// Whether a message makes a frame necessary.
    pub fn redraws(&mut self, message: Message) -> bool {
        self.state.take_redraw();
        self.send(message);
        self.state.take_redraw()
    }
}

/// What is said, in English.
pub fn english(what: &Say) -> String {
    Words::default().say(what).into_owned()
}

pub fn player(id: i64, name: &str, score: i64) -> Player {
    Player {
        id: PlayerId(id),
        name: name.into(),
        score,
        ..Player::default()
    }
}

pub fn entry(name: &str) -> Entry {
    Entry {
        name: name.into(),
        email: String::new(),
    }
}

pub fn trouble(what: impl Into<Say>, seconds: u64) -> Trouble {
    Trouble {
        what: what.into(),
        retry_in: Duration::from_secs(seconds),
        unkept: None,
        offline: false,
    }
}

/// The server is out of reach.
pub fn offline(seconds: u64) -> Trouble {
    Trouble {
        offline: true,
        ..trouble("The connection is lost.", seconds)
    }
}

/// The commands among effects that are nothing else, each press by itself.
pub fn commands(effects: Vec<Effect>) -> Vec<Command> {
    let commands = effects.into_iter().flat_map(|effect| match effect {
        Effect::Send(Command::Press(player, presses)) => {
            vec![Command::Press(player, 1); presses as usize]
        }
        Effect::Send(command) => vec![command],
        other => panic!("{other:?} was not expected"),
    });
    commands.collect()
}

/// So many presses for one player, each by itself.
pub fn presses(id: i64, times: usize) -> Vec<Command> {
    vec![Command::Press(PlayerId(id), 1); times]
}
