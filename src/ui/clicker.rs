//! The clicker pane: the picked player, the score in big digits, the button and the line of state.

use ratatui::Frame;
use ratatui::layout::{Alignment, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, BorderType, Paragraph, Wrap};
use tui_big_text::{BigText, PixelSize};

use super::layout::Full;
use super::{Look, text};
use crate::message::{Action, Trouble};
use crate::state::{Context, Mode, State, Status, Troubled};

/// Draws the pane.
pub fn draw(state: &State, look: &Look, full: &Full, frame: &mut Frame) {
    let theme = &look.theme;
    let mut block = Block::bordered()
        .border_type(BorderType::Rounded)
        .border_style(theme.border);
    let room = usize::from(full.pane.width).saturating_sub(6);
    if let Some(player) = state.picked_player() {
        let name = text::cut(&text::name(&player.name), room);
        block = block.title(Line::styled(format!(" {name} "), theme.strong).centered());
    } else if let Some(adding) = &state.adding {
        let name = text::cut(&text::name(&adding.name), room);
        block = block.title(Line::styled(format!(" {name} "), theme.quiet).centered());
    }
    frame.render_widget(block, full.pane);
    match state.picked_player() {
        Some(player) => {
            digits(player.score, look, full.digits, frame);
            button(state, look, full.button, frame);
        }
        None if state.loaded && !state.leaving => {
            let key = |action| look.keymap.label(Context::Play, action);
            let words = if state.standings.is_empty() {
                format!("Press {} to add the first player.", key(Action::Add))
            } else {
                let (up, down) = (key(Action::Up), key(Action::Down));
                format!("Pick a player with {up} and {down}.")
            };
            let area = full.digits.union(full.button).intersection(full.pane);
            let words = Paragraph::new(words)
                .alignment(Alignment::Center)
                .wrap(Wrap { trim: true });
            frame.render_widget(words, area);
        }
        None => {}
    }
    let (words, style) = status(state, look);
    let words = Paragraph::new(words)
        .style(style)
        .alignment(Alignment::Center)
        .wrap(Wrap { trim: true });
    frame.render_widget(words, full.status);
}

/// The score as large as it fits.
fn digits(score: i64, look: &Look, area: Rect, frame: &mut Frame) {
    let written = score.to_string();
    let columns = written.len() as u16;
    let size = [(PixelSize::HalfHeight, 8, 4), (PixelSize::Quadrant, 4, 4)]
        .into_iter()
        .find(|(_, wide, high)| columns * wide <= area.width && *high <= area.height);
    let Some((size, wide, high)) = size else {
        let line = Line::styled(text::cut(&written, area.width.into()), look.theme.accent);
        let middle = Rect {
            y: area.y + area.height / 2,
            height: area.height.min(1),
            ..area
        };
        frame.render_widget(line.centered(), middle);
        return;
    };
    // The widget's own alignment counts glyph cells, so the place is made to measure instead.
    let place = Rect {
        x: area.x + (area.width - columns * wide) / 2,
        y: area.y + (area.height - high) / 2,
        width: columns * wide,
        height: high,
    };
    let digits = BigText::builder()
        .pixel_size(size)
        .style(look.theme.accent)
        .lines([Line::from(written)])
        .build();
    frame.render_widget(digits, place);
}

/// The button: it stands on its shadow, and pressed it goes down onto it.
fn button(state: &State, look: &Look, area: Rect, frame: &mut Frame) {
    let down = state.button_is_down();
    let style = if down {
        look.theme.button_down
    } else {
        look.theme.button
    };
    let deep = area.height > 3;
    let face = Rect {
        y: area.y + u16::from(down && deep),
        height: 3.min(area.height),
        ..area
    };
    let label = if down {
        "▼ +1 ▼".to_owned()
    } else {
        let key = look.keymap.label(Context::Play, Action::Press);
        format!("{key}  +1")
    };
    let block = Block::bordered()
        .border_type(if down {
            BorderType::Thick
        } else {
            BorderType::Rounded
        })
        .style(style);
    frame.render_widget(
        Paragraph::new(label)
            .style(style)
            .alignment(Alignment::Center)
            .block(block),
        face,
    );
    if deep && !down {
        let shadow = "▔".repeat(usize::from(area.width).saturating_sub(2));
        let under = Rect {
            x: area.x + 1,
            y: area.y + 3,
            width: area.width.saturating_sub(2),
            height: 1,
        };
        frame.render_widget(Span::styled(shadow, look.theme.quiet), under);
    }
}

/// The line of state in words.
pub fn status(state: &State, look: &Look) -> (String, Style) {
    let theme = &look.theme;
    match state.status() {
        Status::Loading => ("Loading…".into(), theme.quiet),
        Status::LoadingTrouble(troubled) => (
            format!("Loading… {}", trouble(troubled, state)),
            theme.trouble,
        ),
        Status::Saved => {
            let words = match &state.adding {
                Some(adding) => format!("adding {}…", text::cut(&adding.name, 20)),
                None => "saved".into(),
            };
            (words, theme.saved)
        }
        Status::Saving(n) => (format!("saving {n}"), theme.saving),
        Status::Waiting(0, troubled) => (trouble(troubled, state), theme.trouble),
        Status::Waiting(n, troubled) => (
            format!("{n} not saved yet: {}", trouble(troubled, state)),
            theme.trouble,
        ),
        Status::Leaving(0) => ("leaving…".into(), theme.saving),
        Status::Leaving(n) => (format!("leaving: saving {n}"), theme.saving),
    }
}

fn trouble(troubled: &Troubled, state: &State) -> String {
    let Trouble { what, unkept, .. } = &troubled.trouble;
    let left = troubled.seconds_left;
    let mut words = text::harmless(what).into_owned();
    if let Some(why) = unkept {
        words += " Not even the outbox can be written: ";
        words += &text::harmless(why);
    }
    if state.leaving {
        words += " Leaving…";
    } else if left > 0 {
        words += &format!(" Next try in {left} s.");
    } else {
        words += " Trying again…";
    }
    words
}

/// The line of state for a screen of one line.
pub fn short_status(state: &State, look: &Look) -> (String, Style) {
    let (words, style) = status(state, look);
    match (&state.mode, state.status()) {
        (Mode::Play, Status::Waiting(n, _)) if n > 0 => (format!("{n} not saved"), style),
        _ => (words, style),
    }
}
