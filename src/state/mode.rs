//! Who has the keys, and so which of them mean anything.

use super::{Contest, Form, History, Kind, State};
use crate::game::PlayerId;

/// Who has the keys.
#[derive(Debug, Clone)]
pub enum Mode {
    /// The list and the button.
    Play,
    /// The filter's text field; moving still works.
    Filter,
    /// The form for a new or a changed player.
    Form(Form),
    /// The question whether to remove this player.
    Confirm(PlayerId),
    /// The table of keys, scrolled by this many rows.
    Help(usize),
    /// What the picked player scored when.
    History(History),
    /// A contest, in the place of the list.
    Contest(Contest),
}

/// The set of bindings that is in force; the keymap is looked up by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Context {
    /// The list and the button.
    Play,
    /// The filter's text field.
    Filter,
    /// The form's text fields.
    Form,
    /// A yes-or-no question.
    Confirm,
    /// The table of keys.
    Help,
    /// The history of a player.
    History,
    /// The choice of how long to sprint.
    Sprint,
    /// A sprint that is on, and its result.
    Sprinting,
    /// The choice of how long to race.
    Race,
    /// A race that is asked for or on, and its result.
    Racing,
    /// Leaving, while presses are still being saved.
    Leaving,
}

impl Context {
    /// Where the button's key scores.
    pub const PLAYED: [Self; 3] = [Self::Play, Self::Sprinting, Self::Racing];
}

impl State {
    /// Which bindings are in force.
    pub fn context(&self) -> Context {
        match (&self.mode, self.leaving) {
            (_, true) => Context::Leaving,
            (Mode::Play, _) => Context::Play,
            (Mode::Filter, _) => Context::Filter,
            (Mode::Form(_), _) => Context::Form,
            (Mode::Confirm(_), _) => Context::Confirm,
            (Mode::Help(_), _) => Context::Help,
            (Mode::History(_), _) => Context::History,
            (Mode::Contest(contest), _) => match (contest.kind(), contest.is_choice()) {
                (Kind::Sprint, true) => Context::Sprint,
                (Kind::Sprint, false) => Context::Sprinting,
                (Kind::Race, true) => Context::Race,
                (Kind::Race, false) => Context::Racing,
            },
        }
    }
}
