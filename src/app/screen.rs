//! The backend for ratatui: crossterm's sequences, written to a line with a known size.
//!
//! crossterm's own backend asks the process's terminal for its size and cursor, which is wrong for
//! a remote terminal.

use std::io;

use ratatui::backend::{Backend, ClearType, CrosstermBackend, WindowSize};
use ratatui::buffer::Cell;
use ratatui::layout::{Position, Size};

use super::line::Way;
use super::output::Output;

/// The screen of a terminal.
#[derive(Debug)]
pub struct Screen {
    sequences: CrosstermBackend<Output>,
    way: Way,
}

impl Screen {
    /// The screen of this terminal.
    pub fn of(way: &Way) -> Self {
        Self {
            sequences: CrosstermBackend::new(Output::to(way)),
            way: way.clone(),
        }
    }
}

impl Backend for Screen {
    type Error = io::Error;

    fn draw<'a, I>(&mut self, content: I) -> io::Result<()>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        self.sequences.draw(content)
    }

    fn hide_cursor(&mut self) -> io::Result<()> {
        self.sequences.hide_cursor()
    }

    fn show_cursor(&mut self) -> io::Result<()> {
        self.sequences.show_cursor()
    }

    fn get_cursor_position(&mut self) -> io::Result<Position> {
        // No frame needs it, and asking the terminal would block.
        Err(io::ErrorKind::Unsupported.into())
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> io::Result<()> {
        self.sequences.set_cursor_position(position)
    }

    fn clear(&mut self) -> io::Result<()> {
        self.sequences.clear()
    }

    fn clear_region(&mut self, region: ClearType) -> io::Result<()> {
        self.sequences.clear_region(region)
    }

    fn size(&self) -> io::Result<Size> {
        Ok(self.way.size())
    }

    fn window_size(&mut self) -> io::Result<WindowSize> {
        Ok(WindowSize {
            columns_rows: self.way.size(),
            pixels: Size::ZERO,
        })
    }

    fn flush(&mut self) -> io::Result<()> {
        Backend::flush(&mut self.sequences)
    }
}
