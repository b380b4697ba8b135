//! What is open and receives the keys.

use super::{Contest, Form, Ghost, HistoryView, Racers, Rival, State};
use crate::game::PlayerId;
use crate::game::contest::Kind;
use crate::game::race::RaceId;

/// What is open and receives the keys.
#[derive(Debug, Clone, Default)]
#[allow(
    clippy::large_enum_variant,
    reason = "a game has one, and seldom moves it"
)]
pub enum Mode {
    /// The list and the button.
    #[default]
    Play,
    /// The filter's text field. Moving in the list still works.
    Filter,
    /// The form for a new or a changed player.
    Form(Form),
    /// The question whether the new player is this one, who has the same name.
    Namesake(Form, PlayerId),
    /// The question whether to remove this player.
    Confirm(PlayerId),
    /// The history of the picked player.
    History(HistoryView),
    /// The page about the picked player.
    About,
    /// The list of themes, and the theme that was in use before.
    Themes(usize),
    /// A contest, shown instead of the list.
    Contest(Contest),
}

/// The key bindings in effect. The keymap has a table for each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Context {
    /// The list and the button.
    Play,
    /// The filter's text field.
    Filter,
    /// The form's text fields.
    Form,
    /// The question whether a new player is an existing one.
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
    /// The choice of a length for a contest of this kind.
    Choosing(Kind),
    /// A contest of this kind, from the request to its result.
    Competing(Kind),
    /// A replay.
    Replay,
    /// Leaving, while presses are still being saved.
    Leaving,
}

impl Context {
    /// The contexts in which the button's key scores, except the filter.
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

    pub(super) fn contest_mut(&mut self) -> Option<&mut Contest> {
        match &mut self.mode {
            Mode::Contest(contest) => Some(contest),
            _ => None,
        }
    }

    /// The data of the sprint on the screen.
    pub(super) fn ghost_mut(&mut self) -> Option<&mut Ghost> {
        match &mut self.contest_mut()?.rival {
            Rival::Ghost(ghost) => Some(ghost),
            _ => None,
        }
    }

    /// The data of the race on the screen.
    pub(super) fn racers_mut(&mut self) -> Option<&mut Racers> {
        match &mut self.contest_mut()?.rival {
            Rival::Racers(racers) => Some(racers),
            _ => None,
        }
    }

    /// The contest on the screen, if it is of this kind.
    pub fn contest_of(&self, kind: Kind) -> Option<&Contest> {
        self.contest().filter(|contest| contest.kind() == kind)
    }

    /// The race that is shown, or will be once it is read.
    pub fn watched_race(&self) -> Option<RaceId> {
        match &self.contest()?.rival {
            Rival::Racers(racers) => racers.id,
            _ => None,
        }
    }

    /// The bindings in effect.
    pub fn context(&self) -> Context {
        match self.help {
            _ if self.leaving => Context::Leaving,
            Some(_) => Context::Help,
            None => self.helped(),
        }
    }

    /// The bindings in effect when the table of keys is closed. That table lists them first.
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
