//! Standard input and output on two different terminals: the one for output counts.

use std::fs::File;
use std::io::{PipeWriter, Read, Write};
use std::os::fd::{AsFd, OwnedFd};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, poll};
use rustix::pty::{OpenptFlags, ioctl_tiocgptpeer, openpt, unlockpt};
use rustix::termios::{LocalModes, Winsize, tcgetattr, tcsetwinsize};

use crate::game::{Game, Home, until};
use crate::pty::Builder;

/// The terminal that is drawn on.
struct Drawn {
    master: File,
    slave: OwnedFd,
    screen: Arc<Mutex<vt100::Parser>>,
    reading: JoinHandle<()>,
    /// Its end ends the reading.
    end: PipeWriter,
}

impl Drawn {
    fn new(columns: u16, rows: u16) -> Self {
        let flags = OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC;
        let master = openpt(flags).expect("a terminal");
        unlockpt(&master).expect("unlocked");
        let size = Winsize {
            ws_row: rows,
            ws_col: columns,
            ws_xpixel: 0,
            ws_ypixel: 0,
        };
        tcsetwinsize(&master, size).expect("sized");
        let slave = ioctl_tiocgptpeer(&master, flags).expect("its other side");
        let cells = |n| std::num::NonZeroU16::new(n).expect("some");
        let parser = vt100::Parser::new(cells(rows), cells(columns), 0);
        let screen = Arc::new(Mutex::new(parser));
        let master = File::from(master);
        let (mut reader, shown) = (master.try_clone().expect("copied"), Arc::clone(&screen));
        let (ended, end) = std::io::pipe().expect("a pipe");
        let reading = thread::spawn(move || {
            let mut bytes = [0; 4096];
            loop {
                let mut fds = [&reader as &dyn AsFd, &ended]
                    .map(|fd| PollFd::from_borrowed_fd(fd.as_fd(), PollFlags::IN));
                poll(&mut fds, None).expect("waited");
                if !fds[1].revents().is_empty() {
                    break;
                }
                let Ok(count) = reader.read(&mut bytes) else {
                    break;
                };
                shown.lock().expect("whole").process(&bytes[..count]);
            }
        });
        Self {
            master,
            slave,
            screen,
            reading,
            end,
        }
    }

    /// Takes the terminal away, as closing its window does.
    fn hang_up(self) {
        drop((self.end, self.master));
        self.reading.join().expect("read");
    }

    fn keys(&self, keys: &str) {
        (&self.master).write_all(keys.as_bytes()).expect("typed");
    }

    fn text(&self) -> String {
        self.screen.lock().expect("whole").screen().contents()
    }

    #[track_caller]
    fn wait_text(&self, text: &str) {
        until(&format!("{text:?} on the other terminal"), || {
            self.text().contains(text)
        });
    }

    fn edits_lines(&self) -> bool {
        let modes = tcgetattr(&self.slave).expect("settings").local_modes;
        modes.contains(LocalModes::ICANON | LocalModes::ECHO)
    }

    /// A game that is drawn here, and has its keyboard in the session's terminal.
    fn game(&self, builder: Builder) -> Game {
        Game::begin(builder.stdout(self.slave.try_clone().expect("copied")))
    }
}

#[test]
fn the_screen_has_the_size_the_modes_and_the_keys_of_the_one_it_is_drawn_on() {
    let home = Home::with(&[("Ada", 0)]);
    let drawn = Drawn::new(100, 30);
    let game = drawn.game(home.game().size(40, 10));
    drawn.wait_text("saved");
    drawn.wait_text("q quit");
    let screen = drawn.text();
    let last = screen.lines().last().unwrap_or_default().to_owned();
    assert_eq!(screen.lines().count(), 30, "{screen}");
    assert!(last.contains("q quit"), "{screen}");
    assert!(
        !drawn.edits_lines(),
        "what is typed there would be shown there"
    );
    // Its answers are no keys, and neither stand on its screen.
    drawn.keys("\x1b[?2026;2$y\x1b[?64;1c ");
    until("a press there", || home.score("Ada") == 1);
    // The mouse is there, too.
    let row = screen
        .lines()
        .position(|line| line.contains("space  +1"))
        .expect("a button");
    let line = screen.lines().nth(row).expect("its line");
    let column = line.chars().take_while(|c| *c != 's').count();
    drawn.keys(&format!("\x1b[<0;{};{}M", column + 1, row + 1));
    until("a click there", || home.score("Ada") == 2);
    // And who types at the other one is heard.
    game.press(1);
    until("a press here", || home.score("Ada") == 3);
    assert_eq!(game.raw(), b"", "nothing is drawn where nobody looks");
    drawn.keys("q");
    assert_eq!(game.wait_exit().code(), Some(0));
    game.terminal_restored();
    assert!(drawn.edits_lines());
}

#[test]
fn in_lines_what_is_typed_on_one_is_answered_on_the_other() {
    let home = Home::with(&[("Ada", 0)]);
    let drawn = Drawn::new(100, 30);
    let game = drawn.game(home.game().arg("--plain"));
    drawn.wait_text("Ada");
    game.keys("\r");
    drawn.wait_text("Ada: 1, saved.");
    assert!(drawn.edits_lines());
    game.keys("quit\r");
    assert_eq!(game.wait_exit().code(), Some(0));
    game.terminal_restored();
}

#[test]
fn the_end_of_either_ends_the_game() {
    for plain in [false, true] {
        for drawn_ends in [false, true] {
            let home = Home::with(&[("Ada", 0)]);
            let drawn = Drawn::new(100, 30);
            let builder = home.game();
            let game = drawn.game(if plain {
                builder.arg("--plain")
            } else {
                builder
            });
            drawn.wait_text("Ada");
            thread::sleep(Duration::from_millis(200));
            if drawn_ends {
                drawn.hang_up();
                // In lines it is noticed once there is something to say.
                game.keys("\r");
            } else {
                game.hang_up();
            }
            let code = game.wait_exit().code();
            assert_eq!(code, Some(129), "{plain} {drawn_ends}");
        }
    }
}
