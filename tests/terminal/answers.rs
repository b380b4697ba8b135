//! Answers of the terminal: which are used, and that none of them reaches the shell.

use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::game::{Game, Home, until};
use crate::pty::{Builder, KeyKind, Signal, key};

const RELEASE_Q: &str = "\x1b[113;1:3u";

fn ada() -> Home {
    Home::with(&[("Ada", 0)])
}

#[test]
fn flags_that_lack_event_types_leave_held_keys_to_their_pace() {
    let home = ada();
    home.configure("held_keys = 'once'");
    // As zellij has it; event types alone, which no space has; all but event types.
    for flags in [0b1, 0b10, 0b1101] {
        let game = Game::start(home.game().kitty_with(flags));
        let set = || {
            let raw = game.raw();
            let has = |order: &[u8]| raw.windows(order.len()).any(|w| w == order);
            has(b"\x1b[>15u") && has(b"\x1b[<1u")
        };
        until("the flags to be tried and taken back", set);
        game.wait_key_reports(false);
        // No release is waited for: the button comes up by itself, as for any terminal whose held
        // keys are told by their pace.
        game.press(1);
        game.wait_text("▼ +1 ▼");
        game.wait_gone("▼ +1 ▼");
        game.quit();
    }
}

#[test]
fn flags_of_several_digits_are_read_and_those_that_are_there_are_believed() {
    let home = ada();
    // All of them, as a terminal answers that reports texts too; and without alternate keys.
    for answer in ["\x1b[?15u", "\x1b[?31u", "\x1b[?11u"] {
        let game = Game::start(home.game().silent());
        game.keys("\x1b[?0u");
        let asked = || game.raw().ends_with(b"\x1b[>15u\x1b[?u");
        until("the flags to be set", asked);
        game.keys(answer);
        let before = game.best();
        for kind in [
            KeyKind::Press,
            KeyKind::Repeat,
            KeyKind::Repeat,
            KeyKind::Release,
        ] {
            game.keys(&format!("\x1b[32;1:{}u", kind as u8));
        }
        game.says("A held key scores once");
        game.shows("Ada", before + 1);
        game.keys("\x1b[113u");
        game.ends(0);
    }
}

#[test]
fn what_comes_after_leaving_is_not_left_to_the_shell() {
    let home = ada();
    for kitty in [true, false] {
        let line = |builder: Builder| builder.answers_after(Duration::from_millis(120));
        let builder = line(home.game());
        let game = Game::start(if kitty { builder.kitty() } else { builder });
        if kitty {
            game.wait_key_reports(true);
            game.keys("\x1b[113u");
        } else {
            // Typed ahead, before the terminal could answer anything.
            game.keys("q");
        }
        sleep(Duration::from_millis(60));
        game.keys(if kitty { RELEASE_Q } else { "\x1b[<64;1;1M" });
        assert_eq!(game.ends(0), "");
        sleep(Duration::from_millis(300));
        assert_eq!(game.unread(), "");
    }
}

#[test]
fn a_key_typed_ahead_leaves_no_answer_behind() {
    let home = ada();
    let builder = home
        .game()
        .kitty()
        .answers_after(Duration::from_millis(150));
    let game = Game::begin(builder);
    game.keys("q");
    game.wait_exit();
    game.terminal_restored();
    sleep(Duration::from_millis(500));
    assert_eq!(game.unread(), "");
}

#[test]
fn a_signal_and_ctrl_z_leave_no_answer_behind_either() {
    let home = ada();
    let far = |builder: Builder| builder.kitty().answers_after(Duration::from_millis(120));
    let game = Game::start(far(home.game()));
    game.wait_key_reports(true);
    game.signal(Signal::TERM);
    sleep(Duration::from_millis(40));
    game.keys(RELEASE_Q);
    game.ends(143);
    sleep(Duration::from_millis(300));
    assert_eq!(game.unread(), "");

    let game = crate::suspending::in_a_shell_with(&home, far);
    game.wait_key_reports(true);
    game.keys("\x1b[122;5u");
    sleep(Duration::from_millis(40));
    game.keys("\x1b[122;5:3u");
    game.wait_text("stopped 147.");
    sleep(Duration::from_millis(300));
    assert_eq!(game.unread(), "");
    game.keys(key::ENTER);
    game.wait_key_reports(true);
    game.keys("\x1b[113u");
    game.wait_text("ended 0.");
    game.wait_exit();
    game.terminal_restored();
}

#[test]
fn a_terminal_that_answers_nothing_is_not_waited_for() {
    let home = ada();
    let game = Game::start(home.game().silent());
    sleep(Duration::from_secs(1));
    let begun = Instant::now();
    game.quit();
    assert!(
        begun.elapsed() < Duration::from_millis(900),
        "{:?}",
        begun.elapsed()
    );
}

#[test]
fn a_terminal_that_stops_answering_is_not_waited_for_long() {
    let home = ada();
    let game = Game::start(home.game());
    game.pause_reading();
    let begun = Instant::now();
    game.keys("q");
    assert_eq!(game.wait_exit().code(), Some(0));
    assert!(
        begun.elapsed() < Duration::from_secs(5),
        "{:?}",
        begun.elapsed()
    );
    game.resume_reading();
    game.wait_exit();
    game.terminal_restored();
}
