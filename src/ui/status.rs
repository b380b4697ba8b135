//! The line of state: whether all is saved, and what is being done where it is not.

use ratatui::style::Style;

use super::Look;
use super::layout::Full;
use crate::message::Seat;
use crate::state::{State, Status, Troubled};
use crate::words::{Say, text};

/// The line of state in words, with its style.
pub fn styled(state: &State, look: &Look) -> (String, Style) {
    let theme = &look.theme;
    let style = match state.status() {
        Status::Loading => theme.quiet,
        Status::Saved if has_nobody(state) => theme.quiet,
        Status::LoadingTrouble(_) | Status::Waiting(..) | Status::Blind(..) => theme.trouble,
        Status::Saved => theme.saved,
        Status::Saving(_) | Status::Leaving(_) => theme.saving,
    };
    (words(state, look), style)
}

/// The line of state in words.
pub fn words(state: &State, look: &Look) -> String {
    look.words.say(&say(state)).into_owned()
}

/// What the line of state says.
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
        Status::Waiting(n, troubled) | Status::Blind(n, troubled) if troubled.trouble.offline => {
            offline(n, troubled, state)
        }
        Status::Waiting(0, troubled) => sentence(troubled, state),
        Status::Waiting(presses, troubled) => {
            let why = sentence(troubled, state).into();
            Say::NotSaved { presses, why }
        }
        Status::Blind(0, troubled) if has_nobody(state) => sentence(troubled, state),
        Status::Blind(presses, troubled) => Say::OthersUnseen {
            own: own(presses).into(),
            why: sentence(troubled, state).into(),
        },
        Status::Leaving(0) => Say::LeavingNow,
        Status::Leaving(presses) => Say::LeavingAfter { presses },
    }
}

/// Whether there is nobody to press for, so that nothing can be saved.
fn has_nobody(state: &State) -> bool {
    state.picked_adding().is_none() && state.picked_player().is_none()
}

/// Why there is nobody.
fn nobody(state: &State) -> Say {
    match state.standings.is_empty() {
        true => Say::NobodyPlays,
        false => Say::NobodyIsPicked,
    }
}

/// How it stands with this run's presses, where it is something else that fails.
fn own(presses: u64) -> Say {
    match presses {
        0 => Say::Saved,
        presses => Say::Saving { presses },
    }
}

/// What is wrong, if anything is, for where the number of presses that wait stands elsewhere.
pub fn trouble(state: &State) -> Option<Say> {
    match state.status() {
        Status::LoadingTrouble(troubled) => Some(sentence(troubled, state)),
        Status::Waiting(_, troubled) if !troubled.trouble.offline => {
            Some(sentence(troubled, state))
        }
        Status::Waiting(..) | Status::Blind(..) => Some(say(state)),
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
    match outbox(troubled, state) {
        Some(place) => what.and(place),
        None => what,
    }
}

/// That the server is away: what waits and until when, and then why, which may have to be cut.
fn offline(waiting: u64, troubled: &Troubled, state: &State) -> Say {
    let next = match troubled.seconds_left {
        _ if state.leaving => Say::ThenLeaving,
        0 => Say::ThenTryingAgain,
        seconds => Say::ThenNextTry { seconds },
    };
    let next = next.into();
    let offline = Say::OfflineUntil { waiting, next };
    let offline = match outbox(troubled, state) {
        Some(place) => offline.and(place),
        None => offline,
    };
    offline.and(troubled.trouble.what.clone())
}

/// Where the presses that wait are meanwhile.
fn outbox(troubled: &Troubled, state: &State) -> Option<Say> {
    match &troubled.trouble.unkept {
        Some(why) => {
            let why = why.trim_end_matches('.').to_owned();
            Some(Say::OutboxFails { why })
        }
        None => state.all_kept().then_some(match state.seat {
            Seat::Anyone => Say::KeptHere,
            _ => Say::KeptFar,
        }),
    }
}

/// The line of state where there is little room; what went wrong stands elsewhere.
pub fn short(state: &State, look: &Look) -> (String, Style) {
    let (words, style) = styled(state, look);
    let short = match state.status() {
        Status::LoadingTrouble(_) => Say::Loading,
        Status::Waiting(n, troubled) | Status::Blind(n, troubled) if troubled.trouble.offline => {
            match n {
                0 => Say::ShortOffline,
                presses => Say::ShortOfflineWith { presses },
            }
        }
        Status::Blind(0, _) if has_nobody(state) => nobody(state),
        Status::Blind(presses, _) => own(presses),
        Status::Waiting(0, _) => Say::ShortWaiting,
        Status::Waiting(presses, _) => Say::ShortUnsaved { presses },
        Status::Leaving(presses) if presses > 0 => Say::ShortLeaving { presses },
        _ => return (words, style),
    };
    (look.words.say(&short).into_owned(), style)
}

/// These words in as many lines as there is room for, and at most `rows`.
pub fn wrap(words: &str, full: &Full, rows: usize) -> Vec<String> {
    text::wrap(words, full.status.width.into(), rows)
}

/// Whether all of the line of state can be seen in its place.
pub fn fits(state: &State, look: &Look, full: &Full) -> bool {
    wrap(&words(state, look), full, usize::MAX).len() <= full.status.height.into()
}
