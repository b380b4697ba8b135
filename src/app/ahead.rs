//! Renders the frame that shows a press as saved while its commit is still on its way.
//!
//! A commit takes the disk half a millisecond or more, in which this thread has nothing to do; the
//! frame takes a quarter of one, which would come on top. So it is rendered for the answer that comes
//! nearly always, down to the bytes for the terminal. They are written only once that very answer is
//! there, and thrown away where anything else comes: what is on the screen is never a guess.

use std::time::Instant;

use ratatui::Terminal;
use ratatui::backend::Backend;

use super::output::Draft;
use crate::message::{Message, Reply};
use crate::state::{Mode, State, update};
use crate::ui::{self, Look};

/// A list longer than this takes longer to copy than a frame to render.
const PLAYERS: usize = 500;

/// The next frame, as far as it is there.
#[derive(Debug)]
pub struct Ahead {
    rendered: Rendered,
    draft: Draft,
}

/// What is in the buffer of the next frame.
#[derive(Debug, Default)]
enum Rendered {
    /// Nothing yet.
    #[default]
    Nothing,
    /// The frame for the state that it will be after this answer.
    After(Reply),
    /// The frame for the state as it is.
    Now,
}

impl Ahead {
    /// Nothing of a frame for the terminal whose bytes this draft takes.
    pub fn new(draft: Draft) -> Self {
        Self {
            rendered: Rendered::Nothing,
            draft,
        }
    }

    /// Renders the frame for the answer that is expected, unless it is rendered already.
    ///
    /// # Errors
    /// Where the terminal is gone.
    pub fn render<B: Backend>(
        &mut self,
        terminal: &mut Terminal<B>,
        state: &State,
        look: &Look,
        now: Instant,
    ) -> Result<(), B::Error> {
        if !matches!(self.rendered, Rendered::Nothing) || state.in_memory() > PLAYERS {
            return Ok(());
        }
        let Some(answer) = expected(state) else {
            return Ok(());
        };
        let mut after = state.clone();
        update(&mut after, Message::Reply(answer.clone()), now);
        ui::draw(&after, look, &mut terminal.get_frame());
        terminal.flush()?;
        self.rendered = Rendered::After(answer);
        Ok(())
    }

    /// Renders a frame for nobody, where there is nothing else to do: the next one is there sooner once
    /// the code for it has run.
    ///
    /// # Errors
    /// Where the terminal is gone.
    pub fn rehearse<B: Backend>(
        &mut self,
        terminal: &mut Terminal<B>,
        state: &State,
        look: &Look,
    ) -> Result<(), B::Error> {
        ui::draw(state, look, &mut terminal.get_frame());
        terminal.flush()?;
        self.rendered = Rendered::Now;
        self.forget(terminal);
        Ok(())
    }

    /// Hears of a message before the state does: the frame is right after the expected one only.
    pub fn hear<B: Backend>(&mut self, terminal: &mut Terminal<B>, message: &Message) {
        match (&self.rendered, message) {
            (Rendered::After(expected), Message::Reply(answer)) if expected == answer => {
                self.rendered = Rendered::Now;
            }
            _ => self.forget(terminal),
        }
    }

    /// Throws away what was rendered.
    pub fn forget<B: Backend>(&mut self, terminal: &mut Terminal<B>) {
        if !matches!(std::mem::take(&mut self.rendered), Rendered::Nothing) {
            self.draft.forget();
            terminal.current_buffer_mut().reset();
        }
    }

    /// Shows the state, with the frame that is there if it is the right one.
    ///
    /// # Errors
    /// Where the terminal is gone.
    pub fn draw<B: Backend>(
        &mut self,
        terminal: &mut Terminal<B>,
        state: &State,
        look: &Look,
    ) -> Result<(), B::Error> {
        if matches!(self.rendered, Rendered::Now) {
            self.rendered = Rendered::Nothing;
            terminal.swap_buffers();
            // Which flushes: no frame that shows a press has a cursor.
            return terminal.hide_cursor();
        }
        self.forget(terminal);
        terminal
            .draw(|frame| ui::draw(state, look, frame))
            .map(drop)
    }
}

/// What the worker says where one commit holds all presses so far and nobody else scores meanwhile.
///
/// None where the frame has a cursor, which is no part of its cells.
fn expected(state: &State) -> Option<Reply> {
    if matches!(state.mode, Mode::Filter | Mode::Form(_)) {
        return None;
    }
    let player = state.picked_player()?;
    let tally = state.tallies.get(&player.id)?;
    let news = i64::try_from(tally.waiting()).ok()?;
    (news > 0).then_some(Reply::Counted {
        player: player.id,
        counted: tally.counted + tally.waiting(),
        score: player.score.checked_add(news)?,
    })
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::io::{self, Write};
    use std::rc::Rc;

    use ratatui::backend::CrosstermBackend;
    use ratatui::layout::Rect;
    use ratatui::{TerminalOptions, Viewport};
    use vt100::Parser;

    use super::*;
    use crate::game::{Player, PlayerId};
    use crate::message::{Action, Rights};
    use crate::ui::{keymap::Keymap, theme::Theme};
    use crate::words::Words;

    const ADA: PlayerId = PlayerId(1);

    fn counted(counted: u64, score: i64) -> Message {
        Message::Reply(Reply::Counted {
            player: ADA,
            counted,
            score,
        })
    }

    /// A terminal that shows what is written to it once it is flushed.
    struct Paper {
        draft: Draft,
        screen: Rc<RefCell<Parser>>,
    }

    impl Write for Paper {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.draft.write(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            let screen = &mut self.screen.borrow_mut();
            self.draft.take(|bytes| screen.process(bytes));
            Ok(())
        }
    }

    type Screen = Rc<RefCell<Parser>>;

    fn terminal() -> (Terminal<CrosstermBackend<Paper>>, Screen, Draft) {
        let area = Rect::new(0, 0, 80, 24);
        let (rows, columns) = (Parser::<()>::DEFAULT_ROWS, Parser::<()>::DEFAULT_COLS);
        let screen = Rc::new(RefCell::new(Parser::new(rows, columns, 0)));
        let draft = Draft::default();
        let paper = Paper {
            draft: draft.clone(),
            screen: Rc::clone(&screen),
        };
        let viewport = Viewport::Fixed(area);
        let backend = CrosstermBackend::new(paper);
        let terminal = Terminal::with_options(backend, TerminalOptions { viewport });
        (terminal.expect("a terminal"), screen, draft)
    }

    /// All that a player sees.
    fn shown(screen: &Screen) -> String {
        let parser = screen.borrow();
        let screen = parser.screen();
        let cursor = match screen.hide_cursor() {
            true => String::new(),
            false => format!("{:?}", screen.cursor_position()),
        };
        let mut shown = cursor;
        for (row, column) in (0..24).flat_map(|row| (0..80).map(move |column| (row, column))) {
            let cell = screen.cell(row, column).expect("a cell");
            let text = if cell.has_contents() {
                cell.contents()
            } else {
                " "
            };
            let colours = (cell.fgcolor(), cell.bgcolor());
            let modes = (cell.bold(), cell.dim(), cell.underline(), cell.inverse());
            shown += &format!("{row} {column} {text} {colours:?} {modes:?}\n");
        }
        shown
    }

    /// The screen that a state makes from nothing.
    fn fresh(state: &State, look: &Look) -> String {
        let (mut terminal, screen, _) = terminal();
        let drawn = terminal.draw(|frame| ui::draw(state, look, frame));
        drawn.expect("drawn");
        shown(&screen)
    }

    fn look() -> Look {
        Look {
            keymap: Keymap::default(),
            theme: Theme::terminal(),
            words: Words::default(),
        }
    }

    /// Before the database has answered.
    fn nobody() -> State {
        State::new("here".into(), None, "Ada".into(), true)
    }

    /// The answer: Ada plays.
    fn ada() -> Message {
        let players = vec![Player {
            id: ADA,
            name: "Ada".into(),
            email: String::new(),
            score: 41,
        }];
        Message::Reply(Reply::Opened {
            window: players.into(),
            kept: 0,
            rights: Rights::ALL,
        })
    }

    /// Presses once, takes the first messages, renders ahead, takes the others, and draws; tells
    /// whether what was ahead was right, and gives the screen and the one that the same state makes
    /// from nothing.
    fn play(first: &[Message], then: &[Message]) -> (bool, [String; 2]) {
        let now = Instant::now();
        let look = look();
        let mut state = nobody();
        update(&mut state, ada(), now);
        let (mut terminal, screen, draft) = terminal();
        let mut ahead = Ahead::new(draft);
        ahead.draw(&mut terminal, &state, &look).expect("drawn");
        let before = shown(&screen);
        update(&mut state, Message::Action(Action::Press), now);
        for message in first {
            update(&mut state, message.clone(), now);
        }
        let rendered = ahead.render(&mut terminal, &state, &look, now);
        rendered.expect("rendered");
        assert_eq!(shown(&screen), before, "nothing is shown before its time");
        for message in then {
            ahead.hear(&mut terminal, message);
            update(&mut state, message.clone(), now);
        }
        let fresh = fresh(&state, &look);
        let is_right = matches!(ahead.rendered, Rendered::Now);
        ahead.draw(&mut terminal, &state, &look).expect("drawn");
        (is_right, [shown(&screen), fresh])
    }

    #[test]
    fn the_expected_answer_finds_its_frame_rendered() {
        let (is_right, [screen, fresh]) = play(&[], &[counted(1, 42)]);
        assert!(is_right);
        assert_eq!(screen, fresh);
    }

    #[test]
    fn whatever_else_comes_is_drawn_as_it_is() {
        let press = Message::Action(Action::Press);
        for messages in [
            vec![],
            vec![counted(1, 50)],
            vec![press.clone()],
            vec![press, counted(1, 42)],
            vec![counted(1, 42), Message::Tick],
        ] {
            let (is_right, [screen, fresh]) = play(&[], &messages);
            assert!(!is_right, "{messages:?}");
            assert_eq!(screen, fresh, "{messages:?}");
        }
    }

    #[test]
    fn a_frame_with_a_cursor_is_not_rendered_ahead() {
        let filter = Message::Action(Action::Filter);
        let (is_right, [screen, fresh]) = play(&[filter], &[counted(1, 42)]);
        assert!(!is_right);
        assert_eq!(screen, fresh);
    }

    #[test]
    fn a_rehearsal_leaves_nothing_behind() {
        let (look, mut state) = (look(), nobody());
        let (mut terminal, screen, draft) = terminal();
        let before = shown(&screen);
        let mut ahead = Ahead::new(draft);
        let rehearsed = ahead.rehearse(&mut terminal, &state, &look);
        rehearsed.expect("rehearsed");
        Backend::flush(terminal.backend_mut()).expect("flushed");
        assert_eq!(shown(&screen), before);
        update(&mut state, ada(), Instant::now());
        ahead.draw(&mut terminal, &state, &look).expect("drawn");
        let fresh = fresh(&state, &look);
        assert_eq!(shown(&screen), fresh);
    }
}
