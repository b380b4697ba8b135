//! Snapshots of the screen, and properties for every size and every name.

mod card;
mod clicks;
mod film;
mod grouped;
mod keymap_files;
mod keys;
mod pictures;
mod readme;
pub mod scenes;
mod sizes;
mod stage;
mod styles;
mod svg;
mod theme_files;
mod theme_list;
mod themes;

use clickoff::message::Message;
use clickoff::ui::keymap::Keymap;
use clickoff::ui::theme::{Theme, Themes};
use clickoff::ui::{self, Look};
use clickoff::words::{Language, Words};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use unicode_width::UnicodeWidthStr;

use crate::common::{self, Game};

/// A frame, and where the cursor stands if it is shown.
struct Screen {
    cells: Buffer,
    cursor: Option<Position>,
}

fn look(theme: Theme) -> Look {
    look_in(theme, Language::English)
}

fn look_in(theme: Theme, language: Language) -> Look {
    Look {
        keymap: Keymap::default(),
        theme,
        themes: Themes::default(),
        words: Words::new(language),
    }
}

/// Tells the game the size of its screen, as the program does, and draws it.
fn draw(game: &mut Game, look: &Look, (columns, rows): (u16, u16)) -> Screen {
    let area = Rect::new(0, 0, columns, rows);
    let metrics = ui::metrics(area, look, &game.state);
    game.send(Message::Viewport(metrics));
    let mut terminal = Terminal::new(TestBackend::new(columns, rows)).expect("a test terminal");
    terminal
        .draw(|frame| ui::draw(&game.state, look, frame))
        .expect("drawing into memory");
    let backend = terminal.backend();
    Screen {
        cells: backend.buffer().clone(),
        cursor: backend.cursor_visible().then(|| backend.cursor_position()),
    }
}

impl Screen {
    /// One row as a terminal shows it: what a wide symbol covers is no text of its own.
    fn row(&self, y: u16) -> String {
        let mut line = String::new();
        let mut x = 0;
        while x < self.cells.area.width {
            let symbol = self.cells[(x, y)].symbol();
            line.push_str(symbol);
            x += (symbol.width() as u16).max(1);
        }
        line
    }

    fn text(&self) -> String {
        let rows = (0..self.cells.area.height).map(|y| self.row(y).trim_end().to_owned() + "\n");
        rows.collect()
    }
}
