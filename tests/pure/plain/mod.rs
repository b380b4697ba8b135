//! The plain mode: the meaning of each line, and what is printed when.

mod lines;
mod races;
mod told;
mod words;

use std::time::Duration;

use crate::common::{Game, commands};
use clickoff::message::{Command, Message, Reply};
use clickoff::plain::Plain;
use clickoff::ui::Look;
use clickoff::words::{Language, Words, text};

/// A game in lines without terminal, worker and clock.
pub struct Lines {
    game: Game,
    plain: Plain,
}

impl Lines {
    /// Typed in English, with this state.
    pub fn of(game: Game) -> Self {
        Self::by(game, Language::English, true)
    }

    /// In a language, typed or through a pipe.
    pub fn by(game: Game, language: Language, typed: bool) -> Self {
        let look = Look::of_text(Words::new(language));
        let plain = Plain::new(look, typed);
        let mut lines = Self { game, plain };
        lines.after(Duration::ZERO);
        lines
    }

    /// Ada with 3 points, who is picked, and Bob with 2; what the beginning says is read.
    pub fn of_two() -> Self {
        let players = [
            crate::common::player(1, "Ada", 3),
            crate::common::player(2, "Bob", 2),
        ];
        let mut lines = Self::of(Game::of(&players));
        lines.said();
        lines
    }

    /// Does a line; gives the commands.
    pub fn line(&mut self, line: &str) -> Vec<Command> {
        let (state, now) = (&mut self.game.state, self.game.now);
        commands(self.plain.take_line(line, state, now))
    }

    /// Sends a message; gives the commands.
    pub fn send(&mut self, message: Message) -> Vec<Command> {
        let (state, now) = (&mut self.game.state, self.game.now);
        commands(self.plain.handle(message, state, now))
    }

    /// An answer of the worker.
    pub fn reply(&mut self, reply: Reply) -> Vec<Command> {
        self.send(Message::Reply(reply))
    }

    /// Lets time pass, with a tick whenever one is wanted.
    pub fn after(&mut self, time: Duration) {
        let end = self.game.now + time;
        loop {
            let wanted = [self.game.state.wake_at(self.game.now), self.plain.wake_at()];
            let next = wanted.into_iter().flatten().min();
            self.game.now = next.filter(|at| *at < end).unwrap_or(end);
            self.send(Message::Tick);
            if self.game.now == end {
                break;
            }
        }
    }

    /// What was said since it was last asked for; each line can be shown by any terminal.
    pub fn said(&mut self) -> Vec<String> {
        let said = self.plain.take_lines();
        for line in &said {
            assert_eq!(text::harmless(line), *line);
        }
        said
    }

    /// Checks what was said since it was last asked for.
    #[track_caller]
    pub fn says(&mut self, lines: &[&str]) {
        assert_eq!(self.said(), lines);
    }
}
