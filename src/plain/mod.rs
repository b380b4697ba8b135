//! The game in lines: what a line means, and what is said as things come true; pure, without a clock.

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

use crate::game::{Period, Player, PlayerId};
use crate::message::{Change, Command, Effect, Message, Reply};
use crate::state::{Context, Mode, State, update};
use crate::ui::{Look, card};
use crate::words::{Say, text};
use others::Others;
use telling::ToldTrouble;

/// How long what depends on an answer of the database is waited for before the next line is done.
const PATIENCE: Duration = Duration::from_secs(10);

/// The most lines that wait for a reader; the oldest go.
const WAITING: usize = 500;

/// The most columns of a name in a sentence.
const NAME: usize = 60;

/// A message for the state, for where these bindings are in force; anywhere, if it does not say.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Step {
    /// Where it holds. Elsewhere it means something else, and is not sent.
    within: Option<Context>,
    /// The message.
    message: Message,
}

/// The game in lines beside its state: what was said of it, and what is still to be said.
#[derive(Debug)]
pub struct Plain {
    look: Look,
    /// Whether the lines come from a terminal's keys.
    typed: bool,
    /// Whether what others do is not told.
    quiet: bool,
    said: Vec<String>,
    /// Whether the database's first answer was told.
    begun: bool,
    loading_told: bool,
    /// The players of the list as it was last told, by their numbers.
    listed: Vec<PlayerId>,
    /// How many rows stand before the first of these.
    listed_from: usize,
    /// The list is to be told from this number on.
    list_from: Option<usize>,
    /// The history is to be told by this unit.
    history: Option<Period>,
    /// The page about the picked player is to be told.
    about: bool,
    /// Changes of the list that the database has not answered.
    changes: usize,
    /// Since when something is waited for.
    asked: Option<Instant>,
    /// Whom the next answer to a search is about.
    seeking: Option<String>,
    picked: Option<PlayerId>,
    /// What the open question asks, as it was last asked.
    question: Option<telling::Prompt>,
    trouble: Option<ToldTrouble>,
    notice: Option<(Say, Instant)>,
    over_rate: Option<(Say, Instant)>,
    /// Players with presses whose commit is still to be told.
    owed: Vec<PlayerId>,
    owed_since: Option<Instant>,
    /// The score of each player as it was last told.
    told: HashMap<PlayerId, i64>,
    scored_at: Option<Instant>,
    saving_told: bool,
    others: Others,
    contest: contest::Told,
    due: Option<Instant>,
}

impl Plain {
    /// One that has said nothing; `typed` where lines are typed into a terminal.
    pub fn new(look: Look, typed: bool) -> Self {
        Self {
            look,
            typed,
            quiet: false,
            said: Vec::new(),
            begun: false,
            loading_told: false,
            listed: Vec::new(),
            listed_from: 0,
            list_from: None,
            history: None,
            about: false,
            changes: 0,
            asked: None,
            seeking: None,
            picked: None,
            question: None,
            trouble: None,
            notice: None,
            over_rate: None,
            owed: Vec::new(),
            owed_since: None,
            told: HashMap::new(),
            scored_at: None,
            saving_told: false,
            others: Others::default(),
            contest: contest::Told::default(),
            due: None,
        }
    }

    /// Takes what is to be written, line by line, harmless to any terminal.
    pub fn take_lines(&mut self) -> Vec<String> {
        std::mem::take(&mut self.said)
    }

    /// The game goes on after a stop: says how it stands.
    pub fn come_back(&mut self, state: &State) {
        self.say_where(state);
    }

    /// When something is to be said, if ever: a tick is wanted then.
    pub fn wake_at(&self) -> Option<Instant> {
        self.due
    }

    /// Takes a message into the state, tells what has become true by it, and gives what is to be
    /// done.
    pub fn handle(&mut self, message: Message, state: &mut State, now: Instant) -> Vec<Effect> {
        let mut effects = self.step(message, state, now);
        effects.extend(self.end_seeking(state, now));
        self.settle(state);
        effects
    }

    /// Does what was asked for a player who was looked for, once the answer is there.
    fn end_seeking(&mut self, state: &mut State, now: Instant) -> Vec<Effect> {
        let mut effects = Vec::new();
        for step in self.sought(state) {
            if step.within.is_none_or(|c| c == state.context()) {
                effects.extend(self.step(step.message, state, now));
            }
        }
        effects
    }

    /// Does a line, and gives what is to be done.
    pub fn take_line(&mut self, line: &str, state: &mut State, now: Instant) -> Vec<Effect> {
        let mut effects = Vec::new();
        for step in self.read(line, state, now) {
            if step.within.is_none_or(|c| c == state.context()) {
                effects.extend(self.step(step.message, state, now));
            }
        }
        if self.seeking.is_some() {
            self.asked = Some(now);
        }
        effects.extend(self.end_seeking(state, now));
        self.settle(state);
        effects
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
            // Lines are there to be copied.
            notice = None;
            let card = card::of(state, &self.look).unwrap_or_default();
            card.into_iter().for_each(|line| self.say_line(line));
        }
        self.follow(state, notice, now);
        effects
    }

    /// Hears what is told to the worker.
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
            Command::Add(_) | Command::Edit(..) | Command::Remove(_) => {
                self.changes += 1;
                self.asked = Some(now);
            }
            Command::Named(_) => self.asked = Some(now),
            _ => {}
        }
    }

    /// Hears a message before the state does.
    fn observe(&mut self, message: &Message, state: &State) {
        let Message::Reply(reply) = message else {
            return;
        };
        match reply {
            Reply::Changed { players, .. } if state.loaded => self.others.observe(players, state),
            Reply::Done(..) | Reply::Failed(..) => self.changes = self.changes.saturating_sub(1),
            Reply::Forgotten(why)
                if self.history.take().is_some() | std::mem::take(&mut self.about) =>
            {
                let why = why.clone().into();
                self.say(&Say::HistoryUnread { why });
            }
            _ => {}
        }
        if let Reply::Done(Change::Edit(..), player) = reply {
            let name = self.name(player);
            self.say(&Say::Changed { name });
        }
    }

    /// Whether the next line can be done: presses once the database is open, and other lines once
    /// all that was asked before is answered, or waited for long enough.
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
        // A script reads the scores that it has made; who types has seen them come.
        let unsaved = state.trouble.is_none() && state.waiting() > 0;
        answered && !unsaved && !contest::is_asked_for(state)
    }

    /// Until when the next line is held back, at most.
    pub fn patience_ends(&self) -> Option<Instant> {
        self.asked.map(|asked| asked + PATIENCE)
    }

    fn say(&mut self, what: &Say) {
        let words = self.look.words.say(what);
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
        text::cut(&self.look.name(&player.name), NAME)
    }

    fn name_of(&self, id: PlayerId, state: &State) -> String {
        let player = state.player(id);
        player.map_or_else(
            || self.look.words.say(&Say::Nameless).into_owned(),
            |p| self.name(p),
        )
    }
}

/// Whether a form waits to hear who bears a name.
fn is_asking(state: &State) -> bool {
    matches!(&state.mode, Mode::Form(form) if form.is_asking())
}
