//! Draws the screen, as a pure function of the state, the keymap and the theme.

pub mod about;
mod bars;
mod boxes;
pub mod card;
mod clicker;
mod compact;
mod contest;
mod digits;
mod effects;
mod field;
mod form;
mod help;
mod history;
pub mod keymap;
mod layout;
mod list;
mod numbers;
mod pace;
mod panels;
mod popup;
pub mod sentences;
mod status;
pub mod theme;
mod themes;
mod welcome;

use std::borrow::Cow;
use std::num::NonZeroU16;

use ratatui::Frame;
use ratatui::buffer::{Buffer, CellDiffOption};
use ratatui::crossterm::event::{MouseButton, MouseEvent, MouseEventKind};
use ratatui::layout::{Position, Rect};
use ratatui::style::{Color, Style};

use crate::message::{Action, Message, Metrics};
use crate::state::{Context, Mode, State};
use crate::words::{Say, Words, text};
use keymap::Keymap;
use layout::{Layout, last_row};
use theme::{Theme, Themes};

pub use clicker::title;

/// How many rows one step of the wheel scrolls.
const WHEEL: i32 = 3;

/// Everything besides the state that determines the screen.
#[derive(Debug, Default)]
pub struct Look {
    /// The keymap, which also provides hints and help.
    pub keymap: Keymap,
    /// The styles.
    pub theme: Theme,
    /// All themes to choose from.
    pub themes: Themes,
    /// The language.
    pub words: Words,
}

impl Look {
    /// A look for texts without a screen: the default keys, and no styles.
    pub fn of_text(words: Words) -> Self {
        Self {
            keymap: Keymap::default(),
            theme: Theme::default(),
            themes: Themes::default(),
            words,
        }
    }

    /// A player's name. If it has no visible character, a placeholder.
    pub fn name<'a>(&'a self, name: &'a str) -> Cow<'a, str> {
        text::visible_name(name).unwrap_or_else(|| self.words.say(&Say::Nameless))
    }

    /// The text of a message.
    pub fn say(&self, what: &Say) -> String {
        self.words.say(what).into_owned()
    }

    /// The first of these forms of a text that fits into a width; if none does, the last one, cut.
    pub fn first_that_fits(&self, forms: &[Say], columns: usize) -> Option<String> {
        let mut said = forms.iter().map(|form| self.say(form));
        let last = || Some(text::cut(&self.say(forms.last()?), columns));
        said.find(|words| text::width(words) <= columns)
            .or_else(last)
    }
}

/// Draws one frame.
pub fn draw(state: &State, look: &Look, frame: &mut Frame) {
    match Layout::of(frame.area()) {
        Layout::Full(full) => {
            bars::header(state, look, &full, frame);
            let (list, below) = panels::below_list(state, look, &full);
            list::draw(state, look, &full, list, frame);
            panels::draw(state, look, &full, below, frame);
            clicker::draw(state, look, &full, frame);
            numbers::draw(state, look, &full, frame);
            if let Some(contest) = state.contest() {
                contest::draw(state, contest, look, &full, frame);
            }
            bars::footer(state, look, &full, frame);
            match &state.mode {
                Mode::Play | Mode::Filter | Mode::Contest(_) => {}
                Mode::Form(form) => form::draw(state, form, look, frame),
                Mode::Namesake(..) | Mode::Confirm(_) => popup::draw_question(state, look, frame),
                Mode::History(view) => history::draw(state, view, look, frame),
                Mode::About => about::draw(state, look, frame),
                Mode::Themes(_) => themes::draw(state, look, frame),
            }
            help::draw(state, look, frame);
        }
        Layout::Compact(line) => compact::draw(state, look, line, frame),
        Layout::TooSmall(area) => compact::too_small(area, look, frame),
    }
    lay_under(look.theme.text, frame.buffer_mut());
    if let (Context::Themes, Layout::Full(_)) = (state.context(), Layout::of(frame.area())) {
        themes::draw_rows(state, look, frame);
    }
    keep_emoji_in_their_cells(frame.buffer_mut());
}

/// Applies a style to every cell without colours of its own. This comes last, because a box clears
/// its area first.
fn lay_under(style: Style, buffer: &mut Buffer) {
    let (fg, bg) = (style.fg.unwrap_or_default(), style.bg.unwrap_or_default());
    if (fg, bg) == (Color::Reset, Color::Reset) {
        return;
    }
    for cell in &mut buffer.content {
        if cell.fg == Color::Reset {
            cell.fg = fg;
        }
        if cell.bg == Color::Reset {
            cell.bg = bg;
        }
    }
}

/// Works around a bug in ratatui 0.30: behind an emoji that a variation selector makes wide, it
/// writes the covered cell, too, and moves the rest of the line to the right. It does not do this
/// for a cell whose width is set explicitly.
fn keep_emoji_in_their_cells(buffer: &mut Buffer) {
    for cell in &mut buffer.content {
        // The selector has three bytes, and something stands before it: so most cells need no
        // search.
        if cell.symbol().len() > 3
            && cell.symbol().contains('\u{fe0f}')
            && let Some(width) = NonZeroU16::new(text::width(cell.symbol()) as u16)
        {
            cell.set_diff_option(CellDiffOption::ForcedWidth(width));
        }
    }
}

/// The sizes that the state must know for this screen.
pub fn metrics(area: Rect, look: &Look, state: &State) -> Metrics {
    Metrics {
        list_rows: match Layout::of(area) {
            Layout::Full(full) => full.rows.height.into(),
            _ => 1,
        },
        help_overflow: help::overflow(state, look, area),
    }
}

/// The message for a mouse event.
pub fn mouse(mouse: &MouseEvent, state: &State, look: &Look, area: Rect) -> Option<Message> {
    match mouse.kind {
        MouseEventKind::Down(MouseButton::Left) => {
            click(state, look, area, mouse.column, mouse.row)
        }
        MouseEventKind::ScrollUp => Some(Message::Scroll(-WHEEL)),
        MouseEventKind::ScrollDown => Some(Message::Scroll(WHEEL)),
        _ => None,
    }
}

/// The message for a click at this position.
pub fn click(state: &State, look: &Look, area: Rect, column: u16, row: u16) -> Option<Message> {
    let at = Position::new(column, row);
    let plays = matches!(
        state.context(),
        Context::Play | Context::Filter | Context::Competing(_)
    );
    match Layout::of(area) {
        Layout::Full(full) => {
            let in_box = || bars::hint_at(state, look, box_hints(state, look, area)?, at);
            if let Some(action) = bars::click(state, look, &full, at).or_else(in_box) {
                return Some(Message::Action(action));
            }
            if !plays || bars::bottom(state, look, &full).contains(at) {
                return None;
            }
            let contest = state.contest();
            if let Some(action) = contest.and_then(|contest| contest::click(contest, &full, at)) {
                return action.map(Message::Action);
            }
            if full.button.contains(at) && clicker::has_button(state) {
                return Some(Message::Action(Action::Press));
            }
            let row = full.rows.rows().position(|row| row.contains(at))?;
            let player = state.row(state.viewport.top + row)?;
            Some(Message::Pick(player.id))
        }
        Layout::Compact(line) if plays && line.contains(at) => {
            let hinted = line.height > 2 && state.notice.is_none();
            let hint = hinted.then(|| bars::hint_at(state, look, last_row(line).1, at));
            Some(Message::Action(hint.flatten().unwrap_or(Action::Press)))
        }
        Layout::Compact(_) | Layout::TooSmall(_) => None,
    }
}

/// The row of the hints in the box that is open, if it shows them.
fn box_hints(state: &State, look: &Look, area: Rect) -> Option<Rect> {
    let size = match &state.mode {
        _ if state.help.is_some() => return None,
        Mode::Form(form) if form.complaint.is_some() => return None,
        Mode::Form(_) | Mode::Namesake(..) | Mode::Confirm(_) => popup::ASKING,
        Mode::Themes(_) => themes::size(look),
        _ => return None,
    };
    Some(last_row(popup::inner(area, size)).1)
}
