//! Reads keys, pastes and the mouse from the terminal, on the event loop's own thread.
//!
//! crossterm 0.29 can read only from the process's one standard input, blocks in the middle of a
//! paste, and loops for ever at full speed once its terminal has hung up. So the bytes are read here
//! and parsed by termina, whose parser comes from crossterm's; the words stay crossterm's.

use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_util::Stream;
use ratatui::crossterm::event::{
    Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers, MouseButton, MouseEvent, MouseEventKind,
};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use termina::Parser;
use termina::escape::csi::{
    Csi, DecModeSetting, DecPrivateMode, DecPrivateModeCode, Keyboard, Mode,
};
use termina::event as raw;
use tokio::io::Interest;
use tokio::io::unix::AsyncFd;

use super::{output, readiness};

/// How much is read at once.
const CHUNK: usize = 4096;

/// What a terminal sends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    /// A key, a paste or the mouse.
    Event(Event),
    /// The answer that it knows the kitty keyboard protocol.
    KnowsKeyReports,
}

/// What a terminal sends; an error or the end is the last item.
#[derive(Debug)]
pub struct Events {
    terminal: AsyncFd<OwnedFd>,
    parser: Parser,
}

/// The events of standard input.
///
/// # Errors
/// Where there is no further file descriptor, or it can't be waited for.
pub fn listen() -> io::Result<Events> {
    Events::of(io::stdin().as_fd().try_clone_to_owned()?)
}

impl Events {
    /// The events of a terminal, which may be one that blocks.
    ///
    /// # Errors
    /// Where it can't be waited for.
    pub fn of(terminal: OwnedFd) -> io::Result<Self> {
        Ok(Self {
            terminal: readiness::of(terminal, Interest::READABLE)?,
            parser: Parser::default(),
        })
    }
}

impl Stream for Events {
    type Item = io::Result<Input>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        loop {
            while let Some(event) = this.parser.pop() {
                if knows_synchronized_output(&event) {
                    output::synchronize();
                } else if let Some(input) = translate(event) {
                    return Poll::Ready(Some(Ok(input)));
                }
            }
            let mut guard = ready!(this.terminal.poll_read_ready(cx))?;
            let mut bytes = [0; CHUNK];
            match guard.try_io(|fd| read(fd.get_ref(), &mut bytes)) {
                Ok(Ok(0)) => return Poll::Ready(None),
                // A chunk that is full may end within an escape sequence.
                Ok(Ok(count)) => this.parser.parse(&bytes[..count], count == CHUNK),
                Ok(Err(error)) if error.kind() == io::ErrorKind::Interrupted => {}
                Ok(Err(error)) => return Poll::Ready(Some(Err(error))),
                Err(_would_block) => {}
            }
        }
    }
}

/// Reads what there is. The descriptor is asked first, for it is shared with the shell and stays as
/// the shell wants it, blocking.
fn read(terminal: &OwnedFd, bytes: &mut [u8]) -> io::Result<usize> {
    let mut fds = [PollFd::new(terminal, PollFlags::IN)];
    if poll(&mut fds, Some(&Timespec::default()))? == 0 {
        return Err(io::ErrorKind::WouldBlock.into());
    }
    Ok(rustix::io::read(terminal, bytes)?)
}

/// Whether it is the answer of a terminal that has the mode, be it on or off.
fn knows_synchronized_output(event: &raw::Event) -> bool {
    let raw::Event::Csi(Csi::Mode(Mode::ReportDecPrivateMode { mode, setting })) = event else {
        return false;
    };
    let synchronized = DecPrivateMode::Code(DecPrivateModeCode::SynchronizedOutput);
    let known = matches!(setting, DecModeSetting::Set | DecModeSetting::Reset);
    *mode == synchronized && known
}

/// What was sent, in crossterm's words, if it is something that a keymap or the mouse can have.
fn translate(event: raw::Event) -> Option<Input> {
    Some(Input::Event(match event {
        raw::Event::Csi(Csi::Keyboard(Keyboard::ReportFlags(_))) => {
            return Some(Input::KnowsKeyReports);
        }
        raw::Event::Key(key) => Event::Key(KeyEvent::new_with_kind(
            key_code(key.code)?,
            modifiers(key.modifiers),
            match key.kind {
                raw::KeyEventKind::Press => KeyEventKind::Press,
                raw::KeyEventKind::Repeat => KeyEventKind::Repeat,
                raw::KeyEventKind::Release => KeyEventKind::Release,
            },
        )),
        raw::Event::Mouse(mouse) => Event::Mouse(MouseEvent {
            kind: mouse_kind(mouse.kind),
            column: mouse.column,
            row: mouse.row,
            modifiers: modifiers(mouse.modifiers),
        }),
        raw::Event::Paste(text) => Event::Paste(text),
        raw::Event::FocusIn => Event::FocusGained,
        raw::Event::FocusOut => Event::FocusLost,
        _ => return None,
    }))
}

fn key_code(code: raw::KeyCode) -> Option<KeyCode> {
    Some(match code {
        raw::KeyCode::Char(char) => KeyCode::Char(char),
        raw::KeyCode::Function(number) => KeyCode::F(number),
        raw::KeyCode::Enter => KeyCode::Enter,
        raw::KeyCode::Backspace => KeyCode::Backspace,
        raw::KeyCode::Tab => KeyCode::Tab,
        raw::KeyCode::BackTab => KeyCode::BackTab,
        raw::KeyCode::Escape => KeyCode::Esc,
        raw::KeyCode::Left => KeyCode::Left,
        raw::KeyCode::Right => KeyCode::Right,
        raw::KeyCode::Up => KeyCode::Up,
        raw::KeyCode::Down => KeyCode::Down,
        raw::KeyCode::Home => KeyCode::Home,
        raw::KeyCode::End => KeyCode::End,
        raw::KeyCode::PageUp => KeyCode::PageUp,
        raw::KeyCode::PageDown => KeyCode::PageDown,
        raw::KeyCode::Insert => KeyCode::Insert,
        raw::KeyCode::Delete => KeyCode::Delete,
        raw::KeyCode::KeypadBegin => KeyCode::KeypadBegin,
        raw::KeyCode::PrintScreen => KeyCode::PrintScreen,
        raw::KeyCode::Pause => KeyCode::Pause,
        raw::KeyCode::Menu => KeyCode::Menu,
        raw::KeyCode::Null => KeyCode::Null,
        // Reported by the kitty protocol alone, and by themselves nothing that is pressed.
        raw::KeyCode::CapsLock | raw::KeyCode::ScrollLock | raw::KeyCode::NumLock => return None,
        raw::KeyCode::Modifier(_) | raw::KeyCode::Media(_) => return None,
    })
}

fn modifiers(modifiers: raw::Modifiers) -> KeyModifiers {
    [
        (raw::Modifiers::SHIFT, KeyModifiers::SHIFT),
        (raw::Modifiers::ALT, KeyModifiers::ALT),
        (raw::Modifiers::CONTROL, KeyModifiers::CONTROL),
        (raw::Modifiers::SUPER, KeyModifiers::SUPER),
        (raw::Modifiers::HYPER, KeyModifiers::HYPER),
        (raw::Modifiers::META, KeyModifiers::META),
    ]
    .into_iter()
    .filter(|(held, _)| modifiers.contains(*held))
    .map(|(_, modifier)| modifier)
    .collect()
}

fn mouse_kind(kind: raw::MouseEventKind) -> MouseEventKind {
    match kind {
        raw::MouseEventKind::Down(button) => MouseEventKind::Down(mouse_button(button)),
        raw::MouseEventKind::Up(button) => MouseEventKind::Up(mouse_button(button)),
        raw::MouseEventKind::Drag(button) => MouseEventKind::Drag(mouse_button(button)),
        raw::MouseEventKind::Moved => MouseEventKind::Moved,
        raw::MouseEventKind::ScrollDown => MouseEventKind::ScrollDown,
        raw::MouseEventKind::ScrollUp => MouseEventKind::ScrollUp,
        raw::MouseEventKind::ScrollLeft => MouseEventKind::ScrollLeft,
        raw::MouseEventKind::ScrollRight => MouseEventKind::ScrollRight,
    }
}

fn mouse_button(button: raw::MouseButton) -> MouseButton {
    match button {
        raw::MouseButton::Left => MouseButton::Left,
        raw::MouseButton::Right => MouseButton::Right,
        raw::MouseButton::Middle => MouseButton::Middle,
    }
}
