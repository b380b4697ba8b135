//! The status line: whether everything is saved, and otherwise what is being done.

use ratatui::style::Style;

use super::Look;
use super::layout::Full;
use crate::message::Seat;
use crate::state::{State, Status, Troubled};
use crate::words::{Say, text};

/// The status line as text, with its style.
pub fn styled(state: &State, look: &Look) -> (String, Style) {
    let theme = &look.theme;
    let style = match state.status() {
        Status::Loading => theme.quiet,
        Status::Saved if has_nobody(state) => theme.quiet,
        Status::LoadingTrouble(_) | Status::Waiting(..) | Status::WatchTrouble(..) => theme.trouble,
        Status::Saved => theme.saved,
        Status::Saving(_) | Status::Leaving(_) => theme.saving,
    };
    (words(state, look), style)
}

/// The status line as text.
pub fn words(state: &State, look: &Look) -> String {
    look.say(&say(state))
}

/// The status line as a message.
pub fn say(state: &State) -> Say {
    match state.status() {
        Status::Loading => Say::Loading,
        Status::LoadingTrouble(troubled) => {
            let why = sentence(troubled, state).into();
            Say::LoadingTrouble { why }
        }
        Status::Saved => match &state.adding {
            Some(adding) => Say::Adding {
                name: text::cut(&adding.name, 20),
            },
            None if !state.rights.play => Say::Watching,
            None if has_nobody(state) => nobody(state),
            None => Say::Saved,
        },
        Status::Saving(presses) => Say::Saving { presses },
        Status::Waiting(n, troubled) | Status::WatchTrouble(n, troubled)
            if troubled.trouble.offline =>
        {
            offline(n, troubled, state)
        }
        Status::Waiting(0, troubled) => sentence(troubled, state),
        Status::Waiting(presses, troubled) => {
            let why = sentence(troubled, state).into();
            Say::NotSaved { presses, why }
        }
        Status::WatchTrouble(0, troubled) if has_nobody(state) => sentence(troubled, state),
        Status::WatchTrouble(presses, troubled) => Say::OthersUnseen {
            own: own(presses).into(),
            why: sentence(troubled, state).into(),
        },
        Status::Leaving(0) => Say::LeavingNow,
        Status::Leaving(presses) => Say::LeavingAfter { presses },
    }
}

/// Whether there is no player to press for, so that nothing is to be saved.
fn has_nobody(state: &State) -> bool {
    state.picked_adding().is_none() && state.picked_player().is_none()
}

/// Why there is no player.
fn nobody(state: &State) -> Say {
    match state.standings.is_empty() {
        true => Say::NobodyPlays,
        false => Say::NobodyIsPicked,
    }
}

/// The state of this run's presses while something else fails.
fn own(presses: u64) -> Say {
    match presses {
        0 => Say::Saved,
        presses => Say::Saving { presses },
    }
}

/// What is wrong, if anything. The number of waiting presses is shown elsewhere.
pub fn trouble(state: &State) -> Option<Say> {
    match state.status() {
        Status::LoadingTrouble(troubled) => Some(sentence(troubled, state)),
        Status::Waiting(_, troubled) if !troubled.trouble.offline => {
            Some(sentence(troubled, state))
        }
        Status::Waiting(..) | Status::WatchTrouble(..) => Some(say(state)),
        _ => None,
    }
}

/// What went wrong and what is being done about it.
fn sentence(troubled: &Troubled, state: &State) -> Say {
    let next = match troubled.seconds_left {
        _ if state.leaving => Say::Leaving,
        0 => Say::TryingAgain,
        seconds => Say::NextTry { seconds },
    };
    let what = troubled.trouble.what.clone().and(next);
    with_outbox(what, troubled, state)
}

/// That the server can't be reached: what waits and until when, then the reason, which may be cut.
fn offline(waiting: u64, troubled: &Troubled, state: &State) -> Say {
    let next = match troubled.seconds_left {
        _ if state.leaving => Say::ThenLeaving,
        0 => Say::ThenTryingAgain,
        seconds => Say::ThenNextTry { seconds },
    };
    let next = next.into();
    let offline = Say::OfflineUntil { waiting, next };
    with_outbox(offline, troubled, state).and(troubled.trouble.what.clone())
}

/// Adds where the waiting presses are kept meanwhile, if they are.
fn with_outbox(what: Say, troubled: &Troubled, state: &State) -> Say {
    let place = match &troubled.trouble.unkept {
        Some(why) => {
            let why = why.trim_end_matches('.').to_owned();
            Say::OutboxFails { why }
        }
        None if !state.all_kept() => return what,
        None if state.seat == Seat::Anyone => Say::KeptHere,
        None => Say::KeptFar,
    };
    what.and(place)
}

/// A short status line. What went wrong is shown elsewhere.
pub fn short(state: &State, look: &Look) -> (String, Style) {
    let (words, style) = styled(state, look);
    let short = match state.status() {
        Status::LoadingTrouble(_) => Say::Loading,
        Status::Waiting(n, troubled) | Status::WatchTrouble(n, troubled)
            if troubled.trouble.offline =>
        {
            match n {
                0 => Say::ShortOffline,
                presses => Say::ShortOfflineWith { presses },
            }
        }
        Status::WatchTrouble(0, _) if has_nobody(state) => nobody(state),
        Status::WatchTrouble(presses, _) => own(presses),
        Status::Waiting(0, _) => Say::ShortWaiting,
        Status::Waiting(presses, _) => Say::ShortUnsaved { presses },
        Status::Leaving(presses) if presses > 0 => Say::ShortLeaving { presses },
        _ => return (words, style),
    };
    (look.say(&short), style)
}

/// Wraps text into as many lines as there is room for, and at most `rows`.
pub fn wrap(words: &str, full: &Full, rows: usize) -> Vec<String> {
    text::wrap(words, full.status.width.into(), rows)
}

/// Whether the whole status line fits into its area.
pub fn fits(state: &State, look: &Look, full: &Full) -> bool {
    wrap(&words(state, look), full, usize::MAX).len() <= full.status.height.into()
}
