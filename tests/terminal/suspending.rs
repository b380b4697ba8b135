//! Ctrl-Z and SIGSTOP: the game restores the terminal, and continues completely.

use std::fs::OpenOptions;
use std::io::Write;

use crate::db::Db;
use crate::game::{CLICKOFF, Game, Home};
use crate::pty::{Builder, Session, Signal, key};

#[test]
fn ctrl_z_gives_the_terminal_to_the_shell_and_fg_brings_the_game_back() {
    let home = Home::with(&[("Ada", 0)]);
    let game = in_a_shell(&home);
    game.press(50);
    game.takes("Ada", 50);
    game.keys(key::CTRL_Z);
    // 128 + SIGSTOP, which the game sends itself once it has given the terminal back.
    game.wait_text("stopped 147.");
    assert!(game.is_stopped());
    game.terminal_restored();
    game.keys(key::ENTER);
    game.shows("Ada", 50);
    game.wait(
        |s| s.alternate_screen() && s.hide_cursor() && s.bracketed_paste(),
        "the terminal's modes to be back",
    );
    game.press(50);
    game.shows("Ada", 100);
    game.keys("q");
    game.wait_text("ended 0.");
    game.wait_exit();
    game.terminal_restored();
    assert_eq!(home.score("Ada"), 100);
}

#[test]
fn ctrl_z_does_not_wait_for_a_locked_file_for_ever() {
    let home = Home::with(&[("Ada", 0)]);
    home.play().quit(); // switches the file to WAL, in which it can be locked and read
    let mut db = Db::open(&home.database());
    db.lock();
    let game = in_a_shell(&home);
    game.press(3);
    game.takes("Ada", 3);
    game.keys(key::CTRL_Z);
    game.wait_text("stopped 147.");
    game.terminal_restored();
    game.keys(key::ENTER);
    game.takes("Ada", 3);
    db.unlock();
    game.shows("Ada", 3);
    game.keys("q");
    game.wait_text("ended 0.");
    game.wait_exit();
    assert_eq!(home.score("Ada"), 3);
}

/// A game that a shell with job control has started.
fn in_a_shell(home: &Home) -> Game {
    in_a_shell_with(home, |builder| builder)
}

/// The same, in a terminal that is prepared.
pub fn in_a_shell_with(home: &Home, prepare: impl FnOnce(Builder) -> Builder) -> Game {
    let script = "set -m; \"$GAME\"; printf 'stopped %s.' $?; read x; fg; printf 'ended %s.' $?";
    let builder = Session::builder("sh")
        .args(["-c", script])
        .env("GAME", CLICKOFF)
        .env("HOME", home.path());
    let mut game = Game::start(prepare(builder));
    game.follow_foreground();
    game
}

#[test]
fn stopped_from_outside_it_takes_the_screen_back_and_scores_what_was_pressed_meanwhile() {
    let home = Home::with(&[("Ada", 0)]);
    let game = home.play();
    game.signal(Signal::STOP);
    game.wait_stopped();
    game.press(7);
    let terminal = format!("/proc/{}/fd/1", game.pid());
    let mut terminal = OpenOptions::new().write(true).open(terminal).expect("open");
    terminal
        .write_all(b"\x1b[2J\x1b[5;5Hanother program was here")
        .expect("written");
    game.wait_text("another program was here");
    game.signal(Signal::CONT);
    game.wait_gone("another program was here");
    game.shows("Ada", 7);
    for part in [" clickoff", "Players", "space  +1", "q quit"] {
        game.wait_text(part);
    }
    game.quit();
    assert_eq!(home.score("Ada"), 7);
}

#[test]
fn a_suspended_game_can_be_ended_from_the_shell() {
    let home = Home::with(&[("Ada", 0)]);
    let script =
        "set -m; \"$GAME\"; kill -TERM %1; kill -CONT %1; wait -f %1; printf 'ended %s.' $?";
    let builder = Session::builder("bash")
        .args(["-c", script])
        .env("GAME", CLICKOFF)
        .env("HOME", home.path());
    let game = Game::start(builder);
    game.press(3);
    game.keys(key::CTRL_Z);
    game.wait_text("ended 143.");
    game.wait_exit();
    game.terminal_restored();
    assert_eq!(home.score("Ada"), 3);
}

#[test]
fn brought_into_the_background_and_then_back_the_game_goes_on() {
    let home = Home::with(&[("Ada", 0)]);
    let script = "set -m; \"$GAME\"; bg; sleep 1; printf 'in the background.'; read x; fg";
    let builder = Session::builder("bash")
        .args(["-c", script])
        .env("GAME", CLICKOFF)
        .env("HOME", home.path());
    let game = Game::start(builder);
    game.press(3);
    game.keys(key::CTRL_Z);
    game.wait_text("in the background.");
    assert!(!game.screen().alternate_screen());
    game.keys(key::ENTER);
    game.shows("Ada", 3);
    game.press(1);
    game.shows("Ada", 4);
    game.keys("q");
    game.wait_exit();
    game.terminal_restored();
}

#[test]
fn ctrl_z_does_nothing_where_no_shell_could_bring_the_game_back() {
    let home = Home::with(&[("Ada", 0)]);
    let below = Session::builder("sh")
        .args(["-c", "\"$GAME\"; printf 'ended %s.' $?"])
        .env("GAME", CLICKOFF)
        .env("HOME", home.path());
    // As `ssh -t host clickoff` and `xterm -e` have it; below a script; with keys reported.
    for builder in [home.game(), below, home.game().kitty()] {
        let game = Game::start(builder);
        let before = game.best();
        game.keys(key::CTRL_Z);
        game.keys("\x1b[122;5u");
        game.press(1);
        game.shows("Ada", before + 1);
        // Nor does the signal from outside.
        let group = rustix::process::getpgid(Some(game.pid())).expect("a group");
        rustix::process::kill_process_group(group, Signal::TSTP).expect("sent");
        game.press(1);
        game.shows("Ada", before + 2);
        let raw = game.raw();
        let left = raw.windows(8).any(|w| w == b"\x1b[?1049l");
        assert!(!left, "the screen was left");
        game.keys("q");
        game.wait_exit();
        game.terminal_restored();
    }
}

#[test]
fn stopped_by_sigstop_and_back_in_the_foreground_keys_come_one_by_one_again() {
    let home = Home::with(&[("Ada", 0)]);
    let game = in_a_shell(&home);
    game.press(1);
    game.shows("Ada", 1);
    game.signal(Signal::STOP);
    game.wait_text("stopped 147.");
    // What a shell with a line editor does.
    game.set_line_editing();
    game.keys(key::ENTER);
    game.wait_gone("stopped 147.");
    game.press(5);
    game.shows("Ada", 6);
    game.keys("q");
    game.wait_text("ended 0.");
    game.wait_exit();
    game.terminal_restored();
}
