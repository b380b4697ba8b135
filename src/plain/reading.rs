//! What a line means in each context: steps for the state, or an immediate answer.

use std::time::Instant;

use tui_input::InputRequest;

use super::words::{self, LENGTHS, PERIODS, Request, Takes, UNITS, Verb, WORDS};
use super::{Plain, Step};
use crate::game::Period;
use crate::game::contest::Length;
use crate::message::{Action, Message};
use crate::state::{Context, Field, Mode, State};
use crate::ui::sentences;
use crate::words::Say;

/// The answer that cancels a form.
const CALLED_OFF: &str = ".";

/// The answer that removes an e-mail.
const NONE: &str = "-";

/// What Enter alone does.
pub(super) const PRESS: Verb = Verb::Do(Action::Press);

/// What leaves the game.
pub(super) const QUIT: Verb = Verb::Do(Action::Quit);

pub(super) fn step(within: Context, message: Message) -> Step {
    let within = Some(within);
    Step { within, message }
}

pub(super) fn act(within: Context, action: Action) -> Step {
    step(within, Message::Action(action))
}

/// Replaces the text in the field with the focus.
pub(super) fn write(within: Context, text: &str) -> [Step; 2] {
    let steps = [
        Message::Type(InputRequest::DeleteLine),
        Message::Paste(text.to_owned()),
    ];
    steps.map(|message| step(within, message))
}

pub(super) fn quit() -> Vec<Step> {
    vec![Step {
        within: None,
        message: Message::Action(Action::Quit),
    }]
}

impl Plain {
    /// Whether a line asks to leave, in any context.
    pub fn is_quit(line: &str) -> bool {
        matches!(words::read(line), Request::Word(QUIT, _))
    }

    /// Reads a line, and returns its steps.
    pub(super) fn read(&mut self, line: &str, state: &State, now: Instant) -> Vec<Step> {
        let read = words::read(line);
        match state.context() {
            Context::Leaving if Self::is_quit(line) => quit(),
            Context::Leaving => {
                self.say(&sentences::status(state));
                Vec::new()
            }
            Context::Form => self.answer_form(line.trim(), state),
            within @ (Context::Confirm | Context::Namesake) => match read {
                Request::Word(Verb::Do(Action::Accept), "") => vec![act(within, Action::Accept)],
                Request::Word(Verb::Do(Action::Add), "") if within == Context::Namesake => {
                    vec![act(within, Action::Add)]
                }
                // The form below a question about a name is closed, too.
                answer => {
                    let back = [within, Context::Form].map(|within| act(within, Action::Back));
                    self.cancel(answer, back.to_vec())
                }
            },
            within @ Context::Choosing(_) => self.answer_length(within, line.trim(), read, state),
            within @ Context::Competing(_) => match state.contest() {
                Some(contest) => self.read_in_contest(within, read, contest, state, now),
                None => Vec::new(),
            },
            // None of these is ever open between two lines.
            Context::Filter
            | Context::Help
            | Context::History
            | Context::About
            | Context::Replay
            | Context::Themes => Vec::new(),
            Context::Play => self.play(read, state, now),
        }
    }

    pub(super) fn play(&mut self, line: Request<'_>, state: &State, now: Instant) -> Vec<Step> {
        let play = |action| vec![act(Context::Play, action)];
        let (verb, behind) = match line {
            Request::Blank(blanks) => return self.press(Context::Play, blanks),
            Request::Word(verb, behind) => (verb, behind),
            Request::Wrong(word, takes) => {
                self.say_wrong(word, takes);
                return Vec::new();
            }
            Request::Other(words) => return self.pick(words, state),
        };
        match verb {
            PRESS if behind.is_empty() => return self.press(Context::Play, 0),
            PRESS => self.say(&Say::PressBySpaces),
            Verb::List => self.list_from = Some(behind.parse().unwrap_or(1)),
            Verb::Where => self.say_where(state),
            Verb::Pick if behind.is_empty() => self.list_from = Some(1),
            Verb::Pick => return self.pick(behind, state),
            Verb::Do(open @ (Action::Add | Action::Edit)) => return fill_form(open, behind),
            Verb::Do(Action::Filter) => {
                self.list_from = Some(1);
                return filter(behind);
            }
            Verb::Do(Action::Period) => {
                self.list_from = Some(1);
                self.asked = Some(now);
                return turn_to(words::named(&PERIODS, behind), state.times.wanted());
            }
            Verb::Do(Action::History) => {
                if state.picked_player().is_some() {
                    self.history = Some(words::named(&UNITS, behind).unwrap_or(Period::Day));
                    self.asked = Some(now);
                }
                // Opening and closing it makes the state ask for it.
                return vec![
                    act(Context::Play, Action::History),
                    act(Context::History, Action::Back),
                ];
            }
            Verb::Do(Action::About) => {
                if state.picked_player().is_some() {
                    self.about = true;
                    self.asked = Some(now);
                }
                return vec![
                    act(Context::Play, Action::About),
                    act(Context::About, Action::Back),
                ];
            }
            Verb::Do(action @ Action::Contest(kind)) => {
                self.asked = Some(now);
                let mut steps = play(action);
                if let Some(length) = words::named(&LENGTHS, behind) {
                    steps.extend(begin(Context::Choosing(kind), length));
                }
                return steps;
            }
            Verb::Do(Action::Join) => {
                self.asked = Some(now);
                return play(Action::Join);
            }
            Verb::Stop => self.say(&Say::NothingIsOn),
            Verb::Quiet => {
                self.quiet = behind != "off";
                self.say(match self.quiet {
                    true => &Say::QuietOn,
                    false => &Say::QuietOff,
                });
            }
            Verb::Do(Action::Accept | Action::Back) => self.say(&Say::NothingAsked),
            Verb::Do(Action::Theme | Action::Mouse) => self.say(&Say::NoScreenForThat),
            Verb::Do(Action::Replay) => self.say(&Say::ReplayWhere),
            Verb::Do(Action::Help) => self.say_help(),
            QUIT => return quit(),
            Verb::Do(action) => return play(action),
        }
        Vec::new()
    }

    /// Enter alone is a press, and otherwise each blank before it is one, as on the screen. Only
    /// the Enter key of a terminal can be held; input from a pipe counts as pasted.
    pub(super) fn press(&self, within: Context, blanks: usize) -> Vec<Step> {
        if self.typed && blanks < 2 {
            return vec![act(within, Action::Press)];
        }
        let spaces = " ".repeat(blanks.max(1));
        vec![step(within, Message::Paste(spaces))]
    }

    fn say_wrong(&mut self, word: &str, takes: Takes) {
        let word = word.to_owned();
        let what = match takes {
            Takes::OneOf(these) => Say::TakesOneOf {
                word,
                these: these.join(", "),
            },
            Takes::Number => Say::TakesNumber { word },
            Takes::Nothing | Takes::Text => Say::TakesNothing { word },
        };
        self.say(&what);
    }

    fn answer_form(&mut self, answer: &str, state: &State) -> Vec<Step> {
        let Mode::Form(form) = &state.mode else {
            return Vec::new();
        };
        let form_act = |action| act(Context::Form, action);
        let mut steps = Vec::new();
        if answer == CALLED_OFF {
            self.say(&Say::NothingDone);
            return vec![form_act(Action::Back)];
        }
        // If the answer is not accepted, the question is asked again.
        self.question = None;
        match form.focus {
            Field::Name => {
                if !answer.is_empty() {
                    steps.extend(write(Context::Form, answer));
                }
                let nothing = answer.is_empty() && form.name.value().trim().is_empty();
                // An empty name makes the form complain. For a new player only the name is asked
                // for.
                steps.push(form_act(match nothing || !form.has_email {
                    true => Action::Accept,
                    false => Action::NextField,
                }));
            }
            Field::Email => {
                if !answer.is_empty() {
                    let email = if answer == NONE { "" } else { answer };
                    steps.extend(write(Context::Form, email));
                }
                steps.push(form_act(Action::Accept));
            }
        }
        steps
    }

    /// Cancels what was asked with these steps, and leaves if that was the answer.
    fn cancel(&mut self, answer: Request<'_>, mut back: Vec<Step>) -> Vec<Step> {
        self.say(&Say::NothingDone);
        if let Request::Word(QUIT, _) = answer {
            back.extend(quit());
        }
        back
    }

    fn answer_length(
        &mut self,
        within: Context,
        answer: &str,
        line: Request<'_>,
        state: &State,
    ) -> Vec<Step> {
        if let Some(length) = words::named(&LENGTHS, answer) {
            return begin(within, length);
        }
        let back = act(within, Action::Back);
        match line {
            Request::Word(Verb::Do(Action::Join), "") => {
                vec![back, act(Context::Play, Action::Join)]
            }
            Request::Word(Verb::Do(Action::Replay), "") => {
                // The question is asked again.
                self.question = None;
                self.say_replay(state);
                Vec::new()
            }
            answer => self.cancel(answer, vec![back]),
        }
    }

    fn say_help(&mut self) {
        for what in [&Say::HelpEnter, &Say::HelpSpaces, &Say::HelpAnswers] {
            self.say(what);
        }
        for word in &WORDS {
            if let Some(does) = word.does {
                let word = words::shown(word);
                let does = does.clone().into();
                self.say(&Say::HelpRow { word, does });
            }
        }
    }
}

/// Opens a form. If there is a name, fills it in and accepts it.
fn fill_form(open: Action, name: &str) -> Vec<Step> {
    let mut steps = vec![act(Context::Play, open)];
    if !name.is_empty() {
        steps.extend(write(Context::Form, name));
        steps.push(act(Context::Form, Action::Accept));
    }
    steps
}

/// Filters the list; an empty text shows everybody.
pub(super) fn filter(wanted: &str) -> Vec<Step> {
    let mut steps = vec![act(Context::Play, Action::Filter)];
    steps.extend(write(Context::Filter, wanted));
    steps.push(act(Context::Filter, Action::Accept));
    steps
}

/// Goes on to this period, or to the next one.
fn turn_to(wanted: Option<Period>, from: Period) -> Vec<Step> {
    let mut period = from;
    let mut steps = Vec::new();
    while wanted.map_or(steps.is_empty(), |wanted| wanted != period) {
        period = period.next();
        steps.push(act(Context::Play, Action::Period));
    }
    steps
}

/// Chooses a length and starts.
fn begin(within: Context, length: Length) -> Vec<Step> {
    let up = std::iter::repeat_n(Action::Up, Length::ALL.len());
    let down = std::iter::repeat_n(Action::Down, length as usize);
    let steps = up.chain(down).chain([Action::Accept]);
    steps.map(|action| act(within, action)).collect()
}
