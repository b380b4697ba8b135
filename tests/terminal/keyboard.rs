//! Everything that a keyboard or terminal may send: the game always keeps reacting, and never
//! misreads a part of a sequence.

use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::game::{Game, Home, list, until};
use crate::pty::{KeyKind, Screen, key};

fn ada() -> Home {
    Home::with(&[("Ada", 0), ("Bob", 0)])
}

/// Sends a text in pieces of one byte, so far apart. It is false where the machine was too busy for
/// that, and a piece came so late that the game may have given up.
fn slowly(game: &Game, text: &str, apart: Duration) -> bool {
    let mut is_in_time = true;
    let mut last: Option<Instant> = None;
    for byte in text.bytes() {
        is_in_time &= last.is_none_or(|last| last.elapsed() < Duration::from_millis(40));
        last = Some(Instant::now());
        game.bytes(&[byte]);
        sleep(apart);
    }
    is_in_time
}

/// Tries what a busy machine may be too slow for until it was not.
fn on_a_machine_in_time(mut try_it: impl FnMut() -> bool) {
    let tried = (0..100).any(|_| try_it());
    assert!(tried, "this machine was too busy a hundred times");
}

/// What begins like a sequence, and does not end.
const ENDLESS: [&str; 14] = [
    "\x1b]",
    "\x1bP",
    "\x1b_",
    "\x1bX",
    "\x1b^",
    "\x1b]11;rgb:",
    "\x1bPq",
    "\x1b_Gq",
    "\x1b[",
    "\x1b[?",
    "\x1b[1;",
    "\x1bO",
    "\x1b[M",
    "\x1b[[",
];

#[test]
fn after_what_has_no_end_the_next_key_counts() {
    let home = ada();
    let game = home.play();
    for (at, endless) in ENDLESS.iter().enumerate() {
        game.keys(endless);
        sleep(Duration::from_millis(120));
        game.press(1);
        game.shows("Ada", at as i64 + 1);
    }
    game.quit();
}

#[test]
fn ctrl_c_ends_the_game_behind_anything_at_once() {
    let home = ada();
    for endless in ENDLESS.iter().chain(&["\x1b", "\x1b[200~qq"]) {
        let game = home.play();
        game.press(2);
        game.keys(endless);
        game.keys(key::CTRL_C);
        assert_eq!(game.ends(0), "", "{endless:?}");
    }
}

#[test]
fn alt_and_a_bracket_swallows_no_more_than_a_moment_of_tapping() {
    let home = ada();
    let game = home.play();
    for (at, endless) in ["\x1b]", "\x1bP", "\x1b["].iter().enumerate() {
        game.keys(endless);
        for _ in 0..30 {
            sleep(Duration::from_millis(35));
            game.press(1);
        }
        let least = 20 * (at as i64 + 1);
        until("most presses to count", || game.best() >= least);
    }
    game.quit();
}

#[test]
fn a_flood_that_never_ends_is_over_with_the_flood() {
    let home = ada();
    let game = home.play();
    for (at, beginning) in ["\x1b]52;c;", "\x1bP", "\x1b["].iter().enumerate() {
        game.keys(&format!("{beginning}{}", "1".repeat(60_000)));
        sleep(Duration::from_millis(200));
        game.press(1);
        game.shows("Ada", at as i64 + 1);
    }
    game.quit();
}

#[test]
fn what_is_complete_and_unknown_is_skipped_whole() {
    let home = ada();
    let game = home.play();
    for unknown in [
        "\x1b]11;rgb:dddd/qqqq/nnnn\x1b\\",
        "\x1b]52;c;qqdy\x07",
        "\x1bP>|quit q\x1b\\",
        "\x1b_Gi=1;qqq\x1b\\",
        "\x1bXqqq\x1b\\",
        "\x1b^qqq\x1b\\",
        "\x1b[>1;4000q",
        "\x1b[=1q",
        "\x1b[<1q",
        "\x1b[?1;2q",
        "\x1b[1 q",
        "\x1b[1$q",
        "\x1b[3;4R",
        "\x1b[8;24;80t",
        "\x1b[200~\x1b[201~",
    ] {
        game.keys(unknown);
        game.press(1);
    }
    game.shows("Ada", 15);
    game.quit();
}

#[test]
fn keys_answers_and_mouse_reports_may_come_in_pieces() {
    const ANSWERS: &str = "\x1b[?64;1;2c\x1b[?2026;2$y\x1b]11;rgb:ffff/ffff/ffff\x1b\\";
    for apart in [500, 2_000, 8_000, 20_000] {
        let apart = Duration::from_micros(apart);
        on_a_machine_in_time(|| {
            let home = ada();
            let game = home.play();
            let (col, row) = game.find("space  +1").expect("the button");
            let click = format!("\x1b[<0;{};{}M", col + 1, row + 1);
            if !slowly(&game, key::DOWN, apart) {
                return false;
            }
            game.picks("Bob");
            if !slowly(&game, "\x1bOA", apart) {
                return false;
            }
            game.picks("Ada");
            if !slowly(&game, ANSWERS, apart) || !slowly(&game, &click, apart) {
                return false;
            }
            game.shows("Ada", 1);
            game.quit();
            true
        });
    }
}

#[test]
fn in_pieces_keys_that_a_terminal_reports_are_whole_too() {
    on_a_machine_in_time(|| {
        let home = ada();
        let game = Game::start(home.game().kitty());
        game.wait_key_reports(true);
        // A bare ESC is a beginning there, and never a key.
        let apart = Duration::from_millis(20);
        if !slowly(&game, "\x1b[32;1:1u\x1b[32;1:3u", apart) {
            return false;
        }
        reported_keys_are_whole(&game);
        true
    });
}

fn reported_keys_are_whole(game: &Game) {
    game.shows("Ada", 1);
    game.keys(key::ESC);
    sleep(Duration::from_millis(150));
    game.key(' ', KeyKind::Press);
    game.shows("Ada", 2);
    // Where text is typed, it is a key again.
    game.key('n', KeyKind::Press);
    game.wait_text("New player");
    game.wait_key_reports(false);
    game.keys(key::ESC);
    game.wait_gone("New player");
    game.wait_key_reports(true);
    game.keys("\x1b[27u");
    game.says("q leaves the game");
    game.key('q', KeyKind::Press);
    game.ends(0);
}

#[test]
fn escape_is_a_key_after_the_usual_delay() {
    let home = ada();
    let game = home.play();
    let shows = |players| {
        let shown = |screen: &Screen| list(screen).len() == players;
        game.wait(shown, &format!("{players} players"))
    };
    game.keys("/B");
    shows(1);
    let begun = Instant::now();
    game.keys(key::ESC);
    shows(2);
    assert!(begun.elapsed() >= Duration::from_millis(45));
    // Twice, and it clears a filter and says what leaves.
    game.keys("/B\r");
    shows(1);
    game.keys("\x1b\x1b");
    game.says("q leaves the game");
    game.quit();
}

#[test]
fn option_and_an_arrow_is_one_key() {
    let home = ada();
    let game = home.play();
    for arrow in ["\x1b\x1b[A", "\x1b\x1bOB", "\x1b[1;3C"] {
        game.keys(arrow);
        game.says("alt-");
        game.press(1);
    }
    game.shows("Ada", 3);
    game.quit();
}

#[test]
fn a_paste_that_is_not_closed_ends_by_itself() {
    let home = ada();
    let game = home.play();
    game.keys("\x1b[200~   qqq");
    game.shows("Ada", 3);
    game.press(1);
    game.shows("Ada", 4);
    // Nor do fingers keep it open.
    game.keys("\x1b[200~q");
    for _ in 0..20 {
        sleep(Duration::from_millis(60));
        game.press(1);
    }
    game.shows("Ada", 24);
    game.quit();
}

#[test]
fn keys_hold_on_layouts_of_other_scripts() {
    let home = ada();
    let game = Game::start(home.game().kitty());
    game.wait_key_reports(true);
    // Russian: н is on n, Esc closes; я on z; й on q.
    game.keys("\x1b[1085::110u");
    game.wait_text("New player");
    game.wait_key_reports(false);
    // What is typed is the layout's own.
    game.keys("Ян\r");
    game.wait_key_reports(true);
    game.shows("Ян", 0);
    game.keys("\x1b[1088:1056:114;2u");
    game.says("No race");
    // Enter with Shift is Enter.
    game.keys("\x1b[13;2u");
    game.shows("Ян", 1);
    game.keys("\x1b[100;9u");
    game.says("super-d does nothing");
    game.keys("\x1b[100;17u");
    game.says("hyper-d does nothing");
    game.keys("\x1b[1092::97u");
    game.says("ф does nothing");
    game.keys("\x1b[1081::113u");
    game.ends(0);
    let game = Game::start(home.game().kitty());
    game.wait_key_reports(true);
    game.keys("\x1b[1089::99;5u");
    game.ends(0);
}

#[test]
fn ctrl_l_draws_over_what_another_program_has_written() {
    let home = ada();
    let game = home.play();
    let terminal = format!("/proc/{}/fd/1", game.pid());
    for keys in ["", "n"] {
        game.keys(keys);
        std::fs::write(&terminal, "\x1b[2J\x1b[5;5Ha message of somebody").expect("written");
        game.wait_text("a message of somebody");
        game.keys("\x0c");
        game.wait_gone("a message of somebody");
        game.wait_text("Ada");
    }
    game.keys(key::ESC);
    game.wait_gone("New player");
    game.looks_fresh(&home, "Ada", 0);
    game.quit();
}
