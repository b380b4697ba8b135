//! The clicker pane: the picked player, the score in large digits, the button and the status line.

use ratatui::Frame;
use ratatui::layout::{Margin, Rect};
use ratatui::text::{Line, Span, Text};
use ratatui::widgets::{Block, BorderType, Paragraph};

use super::layout::Full;
use super::{Look, digits, effects, numbers, pace, status, welcome};
use crate::message::Action;
use crate::state::{Context, State, Status};
use crate::words::{Say, text};

/// The largest width of a name in the title of the terminal window.
const TITLE_NAME: usize = 40;

/// Draws the pane.
pub fn draw(state: &State, look: &Look, full: &Full, frame: &mut Frame) {
    let theme = &look.theme;
    let mut block = Block::bordered()
        .border_type(BorderType::Rounded)
        .border_style(theme.border);
    if let Some((name, _)) = subject(state) {
        let room = usize::from(full.pane.width).saturating_sub(6);
        // The list shows other numbers then.
        let which = match state.times.is_all_time() {
            true => String::new(),
            false => format!(" · {}", look.say(&Say::AllTime)),
        };
        let name = text::cut(&look.name(name), room.saturating_sub(text::width(&which)));
        let title = Line::styled(format!(" {name}{which} "), theme.strong);
        block = block.title(title.centered());
    }
    if let Some(player) = state
        .picked_player()
        .filter(|p| state.pace.is_playing(p.id) && !numbers::has_rates(state, look, full))
    {
        let rate = pace::rate(state, player.id);
        let over = Say::RateOver {
            rate: rate.clone(),
            seconds: pace::WINDOW.as_secs(),
        };
        let room = usize::from(full.pane.width).saturating_sub(6);
        let words = look.first_that_fits(&[over, rate.into()], room);
        let words = format!(" {} ", words.unwrap_or_default());
        block = block.title_bottom(Line::styled(words, theme.quiet).centered());
    }
    frame.render_widget(block, full.pane);
    // The list says that nobody plays yet, so only what to do is said here.
    let is_empty = state.standings.is_empty()
        && subject(state).is_none()
        && state.rights.play
        && state.status() == Status::Saved;
    if let Some((_, score)) = subject(state) {
        let from = state.picked_player();
        let from = from.and_then(|p| state.effects.changed_from(p.id));
        let place = digits::draw(score, from, look, full.digits, frame);
        if has_button(state) {
            button(state, look, full.button, frame);
        }
        effects::draw(state, look, full, place, frame);
    } else if state.loaded && !state.leaving {
        let words = nobody(state, look);
        if is_empty {
            let inner = full.pane.inner(Margin::new(2, 1));
            return welcome::draw(&words, look, inner, frame);
        }
        let area = full.digits.union(full.button).intersection(full.pane);
        let area = area.inner(Margin::new(1, 0));
        let words = look.say(&words);
        let lines = text::wrap(&words, area.width.into(), area.height.into());
        let area = Rect {
            y: area.y + (area.height - lines.len() as u16) / 2,
            height: lines.len() as u16,
            ..area
        };
        let words = Paragraph::new(Text::from_iter(lines));
        frame.render_widget(words.centered(), area);
    }
    if is_empty {
        return;
    }
    let (words, style) = match status::fits(state, look, full) {
        true => status::styled(state, look),
        false => status::short(state, look),
    };
    let lines = status::wrap(&words, full, full.status.height.into());
    let words = Paragraph::new(Text::from_iter(lines)).style(style);
    frame.render_widget(words.centered(), full.status);
}

/// What to do if no player is picked.
pub fn nobody(state: &State, look: &Look) -> Say {
    let key = |action| look.keymap.label(Context::Play, action);
    if state.standings.is_empty() && !state.rights.add {
        Say::NobodyPlays
    } else if state.standings.is_empty() {
        let key = key(Action::Add);
        Say::AddFirst { key }
    } else {
        let (up, down) = (key(Action::Up), key(Action::Down));
        match state.is_newcomer() {
            true => Say::NewHere {
                key: key(Action::Add),
                up,
                down,
            },
            false => Say::PickWith { up, down },
        }
    }
}

/// The player for whom a press scores, with the committed score. A player who is being added has
/// none yet.
pub fn subject(state: &State) -> Option<(&str, i64)> {
    let adding = state.picked_adding().map(|a| (a.name.as_str(), 0));
    let player = || state.picked_player().map(|p| (p.name.as_str(), p.score));
    adding.or_else(player)
}

/// The title of the terminal window: `Ada 1,234 · clickoff`, or only the program's name if no player
/// is picked. It contains no control characters.
pub fn title(state: &State, look: &Look) -> String {
    subject(state).map_or_else(
        || "clickoff".to_owned(),
        |(name, score)| {
            let name = text::cut(&look.name(name), TITLE_NAME);
            format!("{name} {} · clickoff", text::grouped(score))
        },
    )
}

/// Whether the button is shown.
pub fn has_button(state: &State) -> bool {
    state.rights.play && subject(state).is_some()
}

/// Draws the button. It has a shadow, and covers the shadow while it is pressed.
fn button(state: &State, look: &Look, area: Rect, frame: &mut Frame) {
    let down = state.button_is_down();
    let key = look.keymap.label(Context::Play, Action::Press);
    let (style, border, label) = match down {
        true => (
            look.theme.button_down,
            BorderType::Thick,
            "▼ +1 ▼".to_owned(),
        ),
        false => (look.theme.button, BorderType::Rounded, format!("{key}  +1")),
    };
    let face = Rect {
        y: area.y + u16::from(down && area.height > 3),
        height: 3.min(area.height),
        ..area
    };
    let block = Block::bordered().border_type(border).style(style);
    let label = Paragraph::new(label).style(style).centered();
    frame.render_widget(label.block(block), face);
    if !down && let Some(under) = area.rows().nth(3) {
        let under = under.inner(Margin::new(1, 0));
        let shadow = "▔".repeat(under.width.into());
        frame.render_widget(Span::styled(shadow, look.theme.quiet), under);
    }
}
