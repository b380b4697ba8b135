//! Who has the keys, and so which of them mean anything.

use super::{Contest, Form, HistoryView, State};
use crate::game::PlayerId;
use crate::game::contest::Kind;

/// Who has the keys.
#[derive(Debug, Clone)]
#[allow(
    clippy::large_enum_variant,
    reason = "a game has one, and seldom moves it"
)]
pub enum Mode {
    /// The list and the button.
    Play,
    /// The filter's text field; moving still works.
    Filter,
    /// The form for a new or a changed player.
    Form(Form),
    /// The question whether the one to be added is this player, who bears the name already.
    Namesake(Form, PlayerId),
    /// The question whether to remove this player.
    Confirm(PlayerId),
    /// What the picked player scored when.
    History(HistoryView),
    /// The page about the picked player.
    About,
    /// The list of themes, opened on this one.
    Themes(usize),
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
    /// The question whether a new player is one who is there already.
    Namesake,
    /// A yes-or-no question.
    Confirm,
    /// The table of keys.
    Help,
    /// The history of a player.
    History,
    /// The page about a player.
    About,
    /// The list of themes.
    Themes,
    /// The choice of how long a contest of this kind is to last.
    Choosing(Kind),
    /// A contest of this kind that is asked for or on, and its result.
    Competing(Kind),
    /// A contest that is watched again.
    Replay,
    /// Leaving, while presses are still being saved.
    Leaving,
}

impl Context {
    /// Where the button's key scores, outside of the filter.
    pub fn played() -> impl Iterator<Item = Self> {
        std::iter::once(Self::Play).chain(Kind::ALL.map(Self::Competing))
    }
}

impl State {
    /// The contest on the screen.
    pub fn contest(&self) -> Option<&Contest> {
        match &self.mode {
            Mode::Contest(contest) => Some(contest),
            _ => None,
        }
    }

    /// Which bindings are in force.
    pub fn context(&self) -> Context {
        match self.help {
            _ if self.leaving => Context::Leaving,
            Some(_) => Context::Help,
            None => self.helped(),
        }
    }

    /// Which bindings are in force where the table of keys is not open, which tells them first.
    pub fn helped(&self) -> Context {
        match &self.mode {
            Mode::Play => Context::Play,
            Mode::Filter => Context::Filter,
            Mode::Form(_) => Context::Form,
            Mode::Namesake(..) => Context::Namesake,
            Mode::Confirm(_) => Context::Confirm,
            Mode::History(_) => Context::History,
            Mode::About => Context::About,
            Mode::Themes(_) => Context::Themes,
            Mode::Contest(contest) if contest.replay.is_some() => Context::Replay,
            Mode::Contest(contest) => match contest.is_choice() {
                true => Context::Choosing(contest.kind()),
                false => Context::Competing(contest.kind()),
            },
        }
    }
}
