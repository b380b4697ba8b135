//! Leaving by key, by signal and after a lost terminal: nothing is lost, and nothing is left
//! behind.

use std::io::Write;

use crate::db::Db;
use crate::game::{CLICKOFF, Game, Home, is_summary, list, until};
use crate::pty::{Signal, key};

const SIGNALS: [(Signal, i32); 4] = [
    (Signal::TERM, 143),
    (Signal::HUP, 129),
    (Signal::INT, 130),
    (Signal::QUIT, 131),
];

#[test]
fn every_key_for_leaving_saves_and_restores() {
    let home = Home::with(&[("Ada", 0)]);
    for (at, keys) in ["q", key::CTRL_C].into_iter().enumerate() {
        let game = home.play();
        game.press(40);
        game.keys(keys);
        assert_eq!(game.ends(0), "");
        assert_eq!(home.score("Ada"), 40 * (at as i64 + 1));
    }
}

#[test]
fn escape_ends_nothing_and_says_which_key_does() {
    let home = Home::with(&[("Ada", 0)]);
    let game = home.play();
    game.keys(key::ESC);
    game.says("Nothing is open: q leaves the game.");
    game.press(1);
    game.shows("Ada", 1);
    game.quit();
}

#[test]
fn ctrl_c_leaves_from_anywhere_and_escape_only_steps_back() {
    let home = Home::with(&[("Ada", 0)]);
    for (keys, text) in [
        ("n", "New player"),
        ("e", "Edit player"),
        ("d", "Remove Ada"),
        ("?", "In the game"),
        ("/x", "Nobody matches the filter."),
    ] {
        let game = home.play();
        game.keys(keys);
        game.wait_text(text);
        game.keys(key::ESC);
        game.wait_gone(text);
        game.keys(keys);
        game.wait_text(text);
        game.keys(key::CTRL_C);
        assert_eq!(game.ends(0), "");
    }
}

#[test]
fn every_signal_that_ends_saves_and_restores_first() {
    let home = Home::with(&[("Ada", 0)]);
    let others = [
        (Signal::ALARM, 142),
        (Signal::USR1, 138),
        (Signal::USR2, 140),
    ];
    for (at, (signal, code)) in SIGNALS.into_iter().chain(others).enumerate() {
        let points = 500 * (at as i64 + 1);
        let game = home.play();
        game.press(500);
        game.takes("Ada", points);
        game.signal(signal);
        assert_eq!(game.ends(code), "");
        assert_eq!(home.score("Ada"), points);
    }
}

#[test]
fn a_closed_terminal_ends_the_game_even_where_sighup_is_ignored() {
    let home = Home::with(&[("Ada", 0)]);
    for (at, ignored) in [false, true].into_iter().enumerate() {
        let points = 500 * (at as i64 + 1);
        let builder = home.game();
        let game = Game::start(if ignored {
            builder.ignore_sighup()
        } else {
            builder
        });
        game.press(500);
        game.takes("Ada", points);
        game.hang_up();
        assert_eq!(game.wait_exit().code(), Some(129));
        assert_eq!(home.score("Ada"), points);
    }
}

#[test]
fn what_a_locked_file_holds_up_at_the_end_is_drained_or_delivered_next_time() {
    let home = Home::with(&[("Ada", 0)]);
    home.play().quit(); // switches the file to WAL, in which it can be locked and read
    let mut points = 0;
    for (signal, code) in SIGNALS {
        let mut db = Db::open(&home.database());
        db.lock();
        let game = home.play();
        game.press(30);
        points += 30;
        game.takes("Ada", points);
        game.signal(signal);
        game.wait(
            |s| s.contents().contains("eaving") || !s.alternate_screen(),
            "the game to leave",
        );
        db.unlock();
        let status = game.wait_exit().code();
        assert!([Some(code), Some(8)].contains(&status), "{status:?}");
        game.terminal_restored();
        let game = home.play();
        game.shows("Ada", points);
        game.quit();
        assert_eq!(home.score("Ada"), points);
        assert_eq!(home.letters(), "");
    }
}

#[test]
fn a_second_q_leaves_a_locked_file_at_once() {
    let home = Home::with(&[("Ada", 0)]);
    home.play().quit();
    let mut db = Db::open(&home.database());
    db.lock();
    let game = home.play();
    game.press(4);
    game.takes("Ada", 4);
    game.keys("qq");
    let words = game.ends(8);
    assert!(words.contains("4 presses not saved in"), "{words}");
    assert!(words.contains("saved at the next start"), "{words}");
    db.unlock();
    let game = home.play();
    game.wait(
        |screen| list(screen).iter().any(|p| p.score == 4),
        "the four presses",
    );
    game.quit();
    assert_eq!(home.score("Ada"), 4);
}

#[test]
#[cfg(debug_assertions)] // a release build can't be made to hang
fn a_signal_gives_the_terminal_back_even_where_the_game_hangs() {
    let home = Home::with(&[("Ada", 0)]);
    for (signal, code) in [(Signal::TERM, 143), (Signal::QUIT, 131)] {
        let builder = home.game().kitty().env("CLICKOFF_FAULT", "hang-read");
        let game = Game::start(builder);
        game.wait_key_reports(true);
        game.press(1);
        std::thread::sleep(std::time::Duration::from_millis(200));
        game.signal(signal);
        game.ends(code);
    }
}

#[test]
fn what_was_scored_is_summed_up_in_the_players_language_unless_it_is_to_be_quiet() {
    let cases: [(&[&str], &[&str]); 3] = [
        (
            &[],
            &["Ada: 3 points this time, best ", "rank 2 → 1; passed Bob"],
        ),
        (
            &["--language", "zh-CN"],
            &["Ada：这次得 3 分", "第 2 名 → 第 1 名；超过了 Bob"],
        ),
        (&["--quiet"], &[]),
    ];
    for (flags, said) in cases {
        let home = Home::with(&[("Ada", 0), ("Bob", 2)]);
        let game = Game::begin(
            home.game()
                .args(["--player", "Ada"])
                .args(flags.iter().copied()),
        );
        game.wait_text("Ada");
        game.press(3);
        let saved = || home.score("Ada") == 3;
        until("three points", saved);
        game.keys("q");
        assert_eq!(game.ends(0), "");
        let words = game.last_words();
        let lines: Vec<&str> = words.lines().filter(|line| is_summary(line)).collect();
        assert_eq!(lines.len(), said.len(), "{words:?}");
        for (line, said) in lines.iter().zip(said) {
            assert!(line.starts_with(said), "{words:?}");
        }
    }
    // Who has scored nothing is told nothing.
    let home = Home::with(&[("Ada", 0)]);
    let game = home.play();
    game.keys("q");
    game.ends(0);
    assert_eq!(game.last_words(), "");
}

#[test]
fn the_bell_rings_on_a_terminal_with_the_frame_and_never_in_a_pipe() {
    let rings = |game: &Game| game.raw().iter().filter(|byte| **byte == 7).count();
    for (bell, wanted) in [("none", 0), ("all", 1)] {
        let home = Home::with(&[("Ada", 9)]);
        home.configure(&format!("title = false\nbell = '{bell}'"));
        let game = home.play();
        let before = rings(&game);
        game.press(1);
        game.shows("Ada", 10);
        assert_eq!(rings(&game) - before, wanted, "{bell}");
        game.quit();
        let mut lines = std::process::Command::new(CLICKOFF);
        lines
            .env_clear()
            .env("HOME", home.path())
            .args(["--plain", "--bell", "all"]);
        let mut lines = lines
            .stdin(std::process::Stdio::piped())
            .stdout(std::process::Stdio::piped())
            .spawn()
            .expect("started");
        let mut input = lines.stdin.take().expect("a pipe");
        input.write_all(&b"\n".repeat(15)).expect("written");
        drop(input);
        let output = lines.wait_with_output().expect("ended");
        assert!(output.status.success());
        assert!(!output.stdout.contains(&7), "{:?}", output.stdout);
        assert_eq!(home.score("Ada"), 25, "a milestone");
    }
}
