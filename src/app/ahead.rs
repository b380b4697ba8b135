//! Renders the frame that shows a press as saved while its commit is still on its way.
//!
//! A commit takes the disk half a millisecond or more, in which this thread has nothing to do; the
//! frame takes a tenth of one, which would come on top. So it is rendered for the answer that comes
//! nearly always. It is written only once that very answer is there, and thrown away where anything
//! else comes: what is on the screen is never a guess.

use std::time::Instant;

use ratatui::Terminal;
use ratatui::backend::Backend;

use crate::message::{Message, Reply};
use crate::state::{State, update};
use crate::ui::{self, Look};

/// A list longer than this takes longer to copy than a frame to render.
const PLAYERS: usize = 500;

/// What is in the buffer of the next frame.
#[derive(Debug, Default)]
pub enum Ahead {
    /// Nothing yet.
    #[default]
    Nothing,
    /// The frame for the state that it will be after this answer.
    After(Reply),
    /// The frame for the state as it is.
    Now,
}

impl Ahead {
    /// Renders the frame for the answer that is expected, unless it is rendered already.
    pub fn render<B: Backend>(
        &mut self,
        terminal: &mut Terminal<B>,
        state: &State,
        look: &Look,
        now: Instant,
    ) {
        if !matches!(self, Self::Nothing) || state.standings.len() > PLAYERS {
            return;
        }
        let Some(answer) = expected(state) else {
            return;
        };
        let mut after = state.clone();
        update(&mut after, Message::Reply(answer.clone()), now);
        ui::draw(&after, look, &mut terminal.get_frame());
        *self = Self::After(answer);
    }

    /// Hears of a message before the state does: the frame is right after the expected one only.
    pub fn hear<B: Backend>(&mut self, terminal: &mut Terminal<B>, message: &Message) {
        *self = match (std::mem::take(self), message) {
            (Self::Nothing, _) => Self::Nothing,
            (Self::After(expected), Message::Reply(answer)) if expected == *answer => Self::Now,
            _ => {
                terminal.current_buffer_mut().reset();
                Self::Nothing
            }
        };
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
        match std::mem::take(self) {
            Self::Now => return terminal.apply_buffer().map(drop),
            Self::After(_) => terminal.current_buffer_mut().reset(),
            Self::Nothing => {}
        }
        terminal
            .draw(|frame| ui::draw(state, look, frame))
            .map(drop)
    }
}

/// What the worker says where one commit holds all presses so far and nobody else scores meanwhile.
fn expected(state: &State) -> Option<Reply> {
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
    use ratatui::backend::TestBackend;
    use ratatui::buffer::Buffer;

    use super::*;
    use crate::game::{Player, PlayerId};
    use crate::message::{Action, Rights};
    use crate::ui::{keymap::Keymap, theme::Theme};

    const ADA: PlayerId = PlayerId(1);

    fn counted(counted: u64, score: i64) -> Message {
        Message::Reply(Reply::Counted {
            player: ADA,
            counted,
            score,
        })
    }

    /// Presses once, renders ahead, takes these messages, and draws; tells whether what was ahead
    /// was right, and gives the screen and the one that the same state makes from nothing.
    fn play(messages: &[Message]) -> (bool, [Buffer; 2]) {
        let now = Instant::now();
        let look = Look {
            keymap: Keymap::default(),
            theme: Theme::terminal(),
        };
        let new = || Terminal::new(TestBackend::new(80, 24)).expect("a terminal");
        let mut terminal = new();
        let mut state = State::new("here".into(), None, "Ada".into(), true);
        let players = vec![Player {
            id: ADA,
            name: "Ada".into(),
            email: String::new(),
            score: 41,
        }];
        let opened = Reply::Opened {
            players,
            kept: 0,
            rights: Rights::ALL,
        };
        update(&mut state, Message::Reply(opened), now);
        let mut ahead = Ahead::default();
        ahead.draw(&mut terminal, &state, &look).expect("drawn");
        update(&mut state, Message::Action(Action::Press), now);
        ahead.render(&mut terminal, &state, &look, now);
        assert!(matches!(ahead, Ahead::After(_)), "{ahead:?}");
        for message in messages {
            ahead.hear(&mut terminal, message);
            update(&mut state, message.clone(), now);
        }
        let mut fresh = new();
        let drawn = fresh.draw(|frame| ui::draw(&state, &look, frame));
        drawn.expect("drawn");
        let is_right = matches!(ahead, Ahead::Now);
        ahead.draw(&mut terminal, &state, &look).expect("drawn");
        let screens = [terminal, fresh].map(|t| t.backend().buffer().clone());
        (is_right, screens)
    }

    #[test]
    fn the_expected_answer_finds_its_frame_rendered() {
        let (is_right, [screen, fresh]) = play(&[counted(1, 42)]);
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
            let (is_right, [screen, fresh]) = play(&messages);
            assert!(!is_right, "{messages:?}");
            assert_eq!(screen, fresh, "{messages:?}");
        }
    }
}
