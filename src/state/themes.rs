//! The list of themes. Moving in it applies a theme, and one can be saved.

use super::{Mode, State};
use crate::message::{Action, Effect};
use crate::words::Say;

/// Opens the list. If something else is open, it only switches to the next theme.
pub fn open(state: &mut State) {
    if state.themes.len() < 2 {
        state.notice = Some(Say::ThemeAlone);
        return;
    }
    match state.mode {
        Mode::Play | Mode::Filter if state.help.is_none() => {
            state.mode = Mode::Themes(state.theme);
        }
        Mode::Themes(_) => next(state),
        _ => {
            next(state);
            state.notice = Some(theme_now(state));
        }
    }
}

/// Handles an action in the list.
pub fn act(state: &mut State, action: Action) {
    let Mode::Themes(before) = state.mode else {
        return;
    };
    match action {
        Action::Up => move_by(state, -1),
        Action::Down => move_by(state, 1),
        Action::PageUp | Action::First => move_by(state, isize::MIN),
        Action::PageDown | Action::Last => move_by(state, isize::MAX),
        Action::Accept => {
            state.mode = Mode::Play;
            if state.keeps_theme {
                state.ask_for(Effect::KeepTheme(state.theme));
            } else {
                state.notice = Some(theme_now(state));
            }
        }
        Action::Back => {
            state.mode = Mode::Play;
            apply(state, before);
        }
        _ => {}
    }
}

/// Moves on by this many themes, as far as there are any.
pub fn move_by(state: &mut State, by: isize) {
    let last = state.themes.len().saturating_sub(1);
    let to = state.theme.saturating_add_signed(by).min(last);
    apply(state, to);
}

/// Switches to the next theme, and from the last to the first.
fn next(state: &mut State) {
    let next = (state.theme + 1) % state.themes.len();
    apply(state, next);
}

fn theme_now(state: &State) -> Say {
    let name = state.themes[state.theme].clone();
    Say::ThemeNow { name }
}

fn apply(state: &mut State, theme: usize) {
    if theme != state.theme {
        state.redraw = true;
        state.theme = theme;
        state.ask_for(Effect::SetTheme(theme));
    }
}
