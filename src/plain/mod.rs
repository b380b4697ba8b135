//! The game in lines: reads commands, and says what happens. It is pure and has no clock.

mod contest;
mod others;
mod picking;
mod race;
mod reading;
mod replay;
mod scores;
mod sprint;
mod telling;
pub mod words;

use std::collections::HashMap;
use std::time::{Duration, Instant};

use crate::game::race::RaceId;
use crate::game::{Period, Player, PlayerId};
use crate::message::{Change, Command, Effect, Message, Question, Reply};
use crate::state::{Context, Mode, State, update};
use crate::ui::{Look, card};
use crate::words::{Say, text};
use others::Others;
use telling::ToldTrouble;

/// How long the next line waits for answers of the database to the lines before it.
const PATIENCE: Duration = Duration::from_secs(10);

/// The most lines that wait for a reader. Beyond that, the oldest are dropped.
const WAITING: usize = 500;

/// The widest name in a sentence, in columns.
const NAME: usize = 60;

/// A message for the state, and the context in which it is valid.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Step {
    /// The context. In any other one the message would mean something else, and is not sent. None
    /// for every context.
    within: Option<Context>,
    /// The message.
    message: Message,
}

/// What the game in lines keeps beside the state: what was said, and what is still to be said.
#[derive(Debug, Default)]
pub struct Plain {
    look: Look,
    /// Whether the lines are typed at a terminal.
    typed: bool,
    /// Whether to say nothing about other players.
    quiet: bool,
    said: Vec<String>,
    /// Whether the first answer of the database was said.
    begun: bool,
    loading_told: bool,
    /// The players of the list that was last shown, in the order of their numbers.
    listed: Vec<PlayerId>,
    /// The number of rows before the first of them.
    listed_from: usize,
    /// The number to show the list from, if it has to be shown.
    list_from: Option<usize>,
    /// The unit of the history, if it has to be shown.
    history: Option<Period>,
    /// Whether the page about the picked player has to be shown.
    about: bool,
    /// The number of changes that the database has not answered.
    changes: usize,
    /// When the last question was asked.
    asked: Option<Instant>,
    /// The text of the search whose answer picks a player.
    seeking: Option<String>,
    picked: Option<PlayerId>,
    /// The context of the question that was last asked, if it is still open.
    question: Option<Context>,
    trouble: Option<ToldTrouble>,
    notice: Option<(Say, Instant)>,
    over_rate: Option<(Say, Instant)>,
    /// Players with presses whose commit was not said yet.
    owed: Vec<PlayerId>,
    owed_since: Option<Instant>,
    /// The score of each player that was last said.
    told: HashMap<PlayerId, i64>,
    scored_at: Option<Instant>,
    saving_told: bool,
    others: Others,
    /// The last race whose offer was said.
    offered: Option<RaceId>,
    contest: contest::ToldContest,
    due: Option<Instant>,
}

impl Plain {
    /// A game that has said nothing yet. `typed` is for lines that are typed at a terminal.
    pub fn new(look: Look, typed: bool) -> Self {
        Self {
            look,
            typed,
            ..Self::default()
        }
    }

    /// Takes the lines to be written. They are safe for any terminal.
    pub fn take_lines(&mut self) -> Vec<String> {
        std::mem::take(&mut self.said)
    }

    /// When the next tick is needed, if at all.
    pub fn wake_at(&self) -> Option<Instant> {
        self.due
    }

    /// Applies a message to the state, says what is new, and returns what has to be done.
    pub fn handle(&mut self, message: Message, state: &mut State, now: Instant) -> Vec<Effect> {
        let effects = self.step(message, state, now);
        self.finish(effects, state, now)
    }

    /// Finishes picking by a search once the answer is there, and answers.
    fn finish(&mut self, effects: Vec<Effect>, state: &mut State, now: Instant) -> Vec<Effect> {
        let steps = self.finish_search(state);
        let more = self.take_steps(steps, state, now);
        self.answer(state);
        [effects, more].concat()
    }

    fn take_steps(&mut self, steps: Vec<Step>, state: &mut State, now: Instant) -> Vec<Effect> {
        let mut effects = Vec::new();
        for step in steps {
            if step.within.is_none_or(|c| c == state.context()) {
                effects.extend(self.step(step.message, state, now));
            }
        }
        effects
    }

    /// Executes a line, and returns what has to be done.
    pub fn take_line(&mut self, line: &str, state: &mut State, now: Instant) -> Vec<Effect> {
        let steps = self.read(line, state, now);
        let effects = self.take_steps(steps, state, now);
        if self.seeking.is_some() {
            self.asked = Some(now);
        }
        self.finish(effects, state, now)
    }

    fn step(&mut self, message: Message, state: &mut State, now: Instant) -> Vec<Effect> {
        self.observe(&message, state);
        let mut effects = update(state, message, now);
        for effect in &effects {
            if let Effect::Send(command) = effect {
                self.observe_command(command, state, now);
            }
        }
        let mut notice = state.notice.take();
        if effects.contains(&Effect::CopyCard) {
            effects.retain(|effect| *effect != Effect::CopyCard);
            // The lines themselves can be copied.
            notice = None;
            let card = card::of(state, &self.look).unwrap_or_default();
            card.into_iter().for_each(|line| self.say_line(line));
        }
        self.follow(state, notice, now);
        effects
    }

    /// Watches a command that is sent to the worker.
    fn observe_command(&mut self, command: &Command, state: &State, now: Instant) {
        match command {
            Command::Press(id, _) => {
                if self.owed.is_empty() {
                    self.owed_since = Some(now);
                    self.asked = Some(now);
                    self.saving_told = false;
                }
                if !self.owed.contains(id) {
                    self.owed.push(*id);
                }
                let score = state.player(*id).map_or(0, |p| p.score);
                self.told.entry(*id).or_insert(score);
            }
            Command::Change(_) => {
                self.changes += 1;
                self.asked = Some(now);
            }
            Command::Ask(Question::Named(_)) => self.asked = Some(now),
            _ => {}
        }
    }

    /// Watches a message before the state handles it.
    fn observe(&mut self, message: &Message, state: &State) {
        let Message::Reply(reply) = message else {
            return;
        };
        match reply {
            Reply::Changed { players, .. } if state.loaded => self.others.observe(players, state),
            Reply::Done(..) | Reply::Failed(..) => self.changes = self.changes.saturating_sub(1),
            Reply::Unanswered(Question::Rank(..) | Question::Recall(_), why)
                if self.history.take().is_some() | std::mem::take(&mut self.about) =>
            {
                self.say(&Say::HistoryUnread { why: why.into() });
            }
            _ => {}
        }
        if let Reply::Done(Change::Edit(..), player) = reply {
            let name = self.name(player);
            self.say(&Say::Changed { name });
        }
    }

    /// Whether the next line can be executed. Presses can once the database is open. Other lines
    /// wait until everything before them is answered, but not for ever.
    pub fn is_ready(&self, line: &str, state: &State, now: Instant) -> bool {
        if !state.loaded {
            return false;
        }
        let patient = self.asked.is_some_and(|asked| now < asked + PATIENCE);
        let blank = line.trim().is_empty() && state.context() == Context::Play;
        if !patient || (blank && self.changes == 0) {
            return true;
        }
        let answered = self.changes == 0
            && self.history.is_none()
            && !self.about
            && !state.is_ranking()
            && !state.is_fetching()
            && !is_asking(state);
        if self.typed {
            return answered;
        }
        // A script wants to read the scores after its presses. Somebody who types sees them come.
        let unsaved = state.trouble.is_none() && state.waiting() > 0;
        answered && !unsaved && !contest::is_asked_for(state)
    }

    /// The latest time at which the next line is executed.
    pub fn patience_ends(&self) -> Option<Instant> {
        self.asked.map(|asked| asked + PATIENCE)
    }

    /// Says this.
    pub fn say(&mut self, what: &Say) {
        let words = self.look.say(what);
        let line = text::harmless(words.trim()).into_owned();
        self.say_line(line);
    }

    fn say_line(&mut self, line: String) {
        if self.said.len() >= WAITING {
            self.said.remove(0);
        }
        self.said.push(line);
    }

    fn wake(&mut self, at: Instant) {
        self.due = Some(self.due.map_or(at, |due| due.min(at)));
    }

    fn name(&self, player: &Player) -> String {
        self.short(&player.name)
    }

    /// A name, cut so that it fits into a sentence.
    fn short(&self, name: &str) -> String {
        text::cut(&self.look.name(name), NAME)
    }

    /// A player's name and score.
    fn named(&self, id: PlayerId, state: &State) -> (String, i64) {
        let points = state.player(id).map_or(0, |p| p.score);
        (self.name_of(id, state), points)
    }

    fn name_of(&self, id: PlayerId, state: &State) -> String {
        let player = state.player(id);
        player.map_or_else(|| self.look.say(&Say::Nameless), |p| self.name(p))
    }
}

/// Whether a form waits for the answer whether a name exists.
fn is_asking(state: &State) -> bool {
    matches!(&state.mode, Mode::Form(form) if form.is_asking())
}
