//! Draws frames, and writes to a line what has changed since the last one.
//!
//! ratatui's own `Terminal` keeps two pictures of each terminal. A server of a thousand games needs
//! that memory for other things, so all games of a thread draw in one buffer, and each keeps only
//! the picture that its terminal shows.

use std::cell::Cell as Slot;
use std::convert::Infallible;
use std::io;
use std::sync::Arc;

use ratatui::backend::{Backend, ClearType, CrosstermBackend, WindowSize};
use ratatui::buffer::{Buffer, Cell, CellWidth};
use ratatui::layout::{Position, Rect, Size};
use ratatui::{Frame, Terminal, TerminalOptions, Viewport};

use super::line::Line;
use super::output::Output;

/// More cells than most frames change.
const CHANGED: usize = 256;

thread_local! {
    /// Where the frames of this thread are drawn. It is taken out meanwhile, so that a panic leaves
    /// no half frame behind.
    static DRAFT: Slot<Option<Terminal<Draft>>> = const { Slot::new(None) };
}

/// The screen of a terminal.
#[derive(Debug)]
pub struct Screen {
    sequences: CrosstermBackend<Output>,
    shown: Buffer,
    /// Where the terminal shows the cursor, if that is known.
    cursor: Option<Option<Position>>,
}

impl Screen {
    /// The screen of a terminal of this size, which shows nothing yet.
    pub fn new(line: &Arc<Line>, area: Rect) -> Self {
        Self {
            sequences: CrosstermBackend::new(Output::to(line)),
            shown: Buffer::empty(area),
            cursor: None,
        }
    }

    /// Draws a frame, and writes what differs from the last one.
    ///
    /// # Errors
    /// If the terminal is gone.
    pub fn draw(&mut self, render: impl FnOnce(&mut Frame)) -> io::Result<()> {
        let area = self.shown.area;
        let mut draft = draft(area);
        let Ok(drawn) = draft.draw(render);
        let mut news = Vec::with_capacity(CHANGED);
        news.extend(self.shown.diff_iter(drawn.buffer));
        let is_new = !news.is_empty();
        let written = match is_new {
            true => self.sequences.draw(news.iter().copied()),
            false => Ok(()),
        };
        for (x, y, new) in news {
            // A wide character covers the cells behind it, which are not drawn themselves.
            let end = x.saturating_add(new.cell_width().max(1));
            for x in x..end.min(area.right()) {
                self.shown[(x, y)].clone_from(&drawn.buffer[(x, y)]);
            }
        }
        let cursor = draft.backend().cursor;
        DRAFT.set(Some(draft));
        written?;
        let before = self.cursor.replace(cursor);
        match cursor {
            None if before == Some(None) => {}
            None => self.sequences.hide_cursor()?,
            // What was written has moved it.
            Some(at) if is_new || before != Some(cursor) => {
                self.sequences.show_cursor()?;
                self.sequences.set_cursor_position(at)?;
            }
            Some(_) => {}
        }
        Backend::flush(&mut self.sequences)
    }

    /// Clears the terminal, which may have another size now, so that the next frame writes
    /// everything.
    ///
    /// # Errors
    /// If the terminal is gone.
    pub fn clear(&mut self, area: Rect) -> io::Result<()> {
        self.shown.resize(area);
        self.shown.reset();
        self.cursor = None;
        self.sequences.set_cursor_position(Position::ORIGIN)?;
        self.sequences.clear_region(ClearType::AfterCursor)
    }
}

/// This thread's buffer, in this size.
fn draft(area: Rect) -> Terminal<Draft> {
    match DRAFT.take() {
        Some(mut draft) => {
            if draft.get_frame().area() != area {
                let Ok(()) = draft.resize(area);
            }
            draft
        }
        None => {
            let viewport = Viewport::Fixed(area);
            let Ok(draft) = Terminal::with_options(Draft::default(), TerminalOptions { viewport });
            draft
        }
    }
}

/// A backend that writes nothing, and remembers the cursor.
#[derive(Debug, Default)]
struct Draft {
    cursor: Option<Position>,
}

impl Backend for Draft {
    type Error = Infallible;

    fn draw<'a, I>(&mut self, _: I) -> Result<(), Infallible>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        Ok(())
    }

    fn hide_cursor(&mut self) -> Result<(), Infallible> {
        self.cursor = None;
        Ok(())
    }

    fn show_cursor(&mut self) -> Result<(), Infallible> {
        Ok(())
    }

    fn get_cursor_position(&mut self) -> Result<Position, Infallible> {
        Ok(self.cursor.unwrap_or_default())
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> Result<(), Infallible> {
        self.cursor = Some(position.into());
        Ok(())
    }

    fn clear(&mut self) -> Result<(), Infallible> {
        Ok(())
    }

    fn clear_region(&mut self, _: ClearType) -> Result<(), Infallible> {
        Ok(())
    }

    fn size(&self) -> Result<Size, Infallible> {
        Ok(Size::ZERO)
    }

    fn window_size(&mut self) -> Result<WindowSize, Infallible> {
        Ok(WindowSize {
            columns_rows: Size::ZERO,
            pixels: Size::ZERO,
        })
    }

    fn flush(&mut self) -> Result<(), Infallible> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroU16;

    use super::*;

    /// The screen after these frames of one line, as the terminal shows it.
    fn shown(frames: &[&str]) -> String {
        let area = Rect::new(0, 0, 8, 1);
        let line = Line::to_remote(area.as_size(), false, |_| Box::pin(async { Ok(()) }));
        let mut screen = Screen::new(&line, area);
        for text in frames {
            let drawn = screen.draw(|frame| frame.render_widget(*text, area));
            drawn.expect("drawn");
        }
        let mut terminal =
            vt100::Parser::new(NonZeroU16::MIN, NonZeroU16::new(8).expect("not 0"), 0);
        terminal.process(&line.queue().bytes);
        terminal.screen().contents().trim_end().to_owned()
    }

    #[test]
    fn what_changes_is_drawn_and_what_a_wide_character_covers_is_not_forgotten() {
        let frames = [
            "abcdef",
            "a王cdef",
            "a王xdef",
            "a王王ef",
            "ab王ef",
            "abcdef",
            "王王王",
            "a",
            "",
        ];
        for end in 1..=frames.len() {
            assert_eq!(shown(&frames[..end]), frames[end - 1], "after {end} frames");
        }
    }
}
