//! What ratatui draws on: crossterm's sequences, on a line whose size it is told.
//!
//! crossterm asks the process's own terminal for its size and its cursor, which is another terminal
//! than one that is far away.

use std::io;

use ratatui::backend::{Backend, ClearType, CrosstermBackend, WindowSize};
use ratatui::buffer::Cell;
use ratatui::layout::{Position, Size};

use super::line::Way;
use super::output::Output;

/// The screen at the end of a line.
#[derive(Debug)]
pub struct Screen {
    sequences: CrosstermBackend<Output>,
    way: Way,
}

impl Screen {
    /// The screen of this line.
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
        // No frame asks; and an answer would have to be waited for.
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
