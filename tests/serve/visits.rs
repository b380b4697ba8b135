//! How a visitor becomes a player: first and later visits, a second machine, and unknown keys.

use crate::server::{Place, everywhere, join, quit, text, wait_score};

everywhere!(
    the_first_visit_adds_a_player_and_the_second_knows_the_key,
    a_second_machine_joins_by_a_code_that_is_good_once,
    two_players_race_and_both_see_it,
    a_guest_sees_how_many_players_there_are_though_nobody_has_counted_them,
);

fn the_first_visit_adds_a_player_and_the_second_knows_the_key(place: Place) {
    let server = place.serve(&[]);
    let game = server.play(&place, "ada");
    join(&game, "Ada");
    game.keys("   ");
    wait_score(&game, "Ada", 3);
    game.wait_text("saved");
    quit(&game);
    assert_eq!(place.score("Ada"), 3);
    let game = server.play(&place, "ada");
    wait_score(&game, "Ada", 3);
    game.keys("  ");
    wait_score(&game, "Ada", 5);
    quit(&game);
    // The key is known to another server, too.
    drop(server);
    let server = place.serve(&[]);
    let game = server.come_back(&place, "ada");
    game.keys(" ");
    wait_score(&game, "Ada", 6);
    quit(&game);
    assert_eq!((place.score("Ada"), place.sum()), (6, 6));
    place.verify();
}

fn a_second_machine_joins_by_a_code_that_is_good_once(place: Place) {
    let server = place.serve(&[]);
    let game = server.play(&place, "ada");
    join(&game, "Ada");
    let asked = server.script(&place, Some("ada"), "code", &[], "");
    let said = text(&asked.stdout);
    assert!(asked.status.success(), "{said}");
    let code = said
        .split("ssh ")
        .nth(1)
        .and_then(|rest| rest.split('@').next());
    let code = code.unwrap_or_else(|| panic!("{said}"));
    let second = server.client(&place, Some("laptop"), code, &[]).spawn();
    second.wait_text("From now on this key plays for Ada, too.");
    second.keys("    ");
    wait_score(&second, "Ada", 4);
    // Both see all, and each its own presses as saved.
    wait_score(&game, "Ada", 4);
    game.keys(" ");
    wait_score(&second, "Ada", 5);
    game.wait_text("saved");
    second.wait_text("saved");
    quit(&second);
    let third = server.script(&place, Some("thief"), code, &[], "");
    assert!(
        text(&third.stdout).contains("This code is not valid"),
        "{third:?}"
    );
    assert_eq!(third.status.code(), Some(1));
    // Later the key alone is enough.
    let second = server.come_back(&place, "laptop");
    second.keys(" ");
    wait_score(&second, "Ada", 6);
    quit(&second);
    quit(&game);
    assert_eq!((place.score("Ada"), place.sum()), (6, 6));
    let nobody = server.script(&place, Some("nobody"), "code", &[], "");
    assert!(
        text(&nobody.stdout).contains("has no player yet"),
        "{nobody:?}"
    );
}

fn a_guest_sees_how_many_players_there_are_though_nobody_has_counted_them(place: Place) {
    place.answer(&["players", "add", "Zoe"]);
    place.fill(700);
    let server = place.serve(&[]);
    let game = server.play(&place, "ada");
    let count = |n: u32| {
        move |screen: &crate::pty::Screen| {
            let text = screen.contents();
            text.lines()
                .any(|line| line.contains("Players") && line.contains(&format!(" {n} ")))
        }
    };
    game.wait(count(701), "the number of players");
    join(&game, "Ada");
    game.wait(count(702), "the number with oneself");
    quit(&game);
}

#[test]
fn a_player_scores_for_nobody_else_and_changes_nobody_else() {
    let place = Place::new();
    place.answer(&["players", "add", "Aaron"]);
    let server = place.serve(&[]);
    let game = server.play(&place, "ada");
    join(&game, "Ada");
    // Aaron stands above, and is looked at; the press is Ada's all the same.
    game.keys("\x1b[A");
    game.wait(
        |screen| {
            screen
                .contents()
                .lines()
                .any(|l| l.contains('▶') && l.contains("Aaron"))
        },
        "Aaron to be picked",
    );
    game.keys(" ");
    wait_score(&game, "Ada", 1);
    game.keys("\x1b[B");
    game.keys("e");
    game.wait_text("You can only change your own player.");
    game.keys("d\x1b[3~");
    game.keys(" ");
    wait_score(&game, "Ada", 2);
    quit(&game);
    assert_eq!((place.score("Aaron"), place.score("Ada")), (0, 2));
}

#[test]
fn who_has_no_key_watches_or_is_told_what_to_do() {
    let place = Place::new();
    let server = place.serve(&[]);
    let game = server.play(&place, "ada");
    join(&game, "Ada");
    let watcher = server.client(&place, None, "play", &[]).spawn();
    watcher.wait_text("watching");
    watcher.wait_text("you need an ssh key");
    watcher.keys(" ");
    watcher.wait_text("You are only watching here.");
    game.keys("  ");
    wait_score(&watcher, "Ada", 2);
    quit(&watcher);
    quit(&game);
    let closed = place.serve(&["--watch", "closed", "--join", "invited"]);
    let watcher = closed.script(&place, None, "play", &[], "");
    assert!(
        text(&watcher.stdout).contains("you need an ssh key"),
        "{watcher:?}"
    );
    assert_eq!(watcher.status.code(), Some(1));
    let stranger = closed.script(&place, Some("bob"), "play", &[], "quit\n");
    assert!(
        text(&stranger.stdout).contains("accepts only keys"),
        "{stranger:?}"
    );
    assert_eq!(stranger.status.code(), Some(1));
    // Who is a player already is not asked.
    let game = closed.come_back(&place, "ada");
    game.keys(" ");
    wait_score(&game, "Ada", 3);
    quit(&game);
    assert_eq!(place.number("SELECT COUNT(*) FROM users"), 1);
}

fn two_players_race_and_both_see_it(place: Place) {
    let server = place.serve(&[]);
    let ada = server.play(&place, "ada");
    join(&ada, "Ada");
    let bob = server.play(&place, "bob");
    join(&bob, "Bob");
    ada.keys("r");
    ada.wait_text("The last races");
    ada.keys("k\r");
    bob.wait_text("Ada opens a race over 5 s: R joins");
    bob.keys("R");
    ada.wait_text("Bob            0");
    for game in [&ada, &bob] {
        game.wait_text("s left");
    }
    for _ in 0..5 {
        ada.keys(" ");
        bob.keys("  ");
        std::thread::sleep(std::time::Duration::from_millis(120));
    }
    let over = |screen: &crate::pty::Screen| {
        let text = screen.contents();
        let has = |name, n: &str| {
            text.lines().any(|line| {
                let mut words = line.split_whitespace();
                words.any(|word| word == name) && words.any(|word| word == n)
            })
        };
        has("Bob", "10") && has("Ada", "5")
    };
    ada.wait(over, "the result of both");
    bob.wait(over, "the result of both");
    ada.wait_text("Place 2 of 2");
    bob.wait_text("You win!");
    for game in [&ada, &bob] {
        game.keys("\x1b");
        game.wait_text("Players");
        quit(game);
    }
    let races = "SELECT COUNT(*) FROM click_racers WHERE presses IN (5, 10)";
    assert_eq!(place.number(races), 2);
    assert_eq!((place.score("Ada"), place.score("Bob")), (5, 10));
}

#[test]
fn without_a_terminal_it_is_the_game_in_lines_and_in_the_language_asked_for() {
    let place = Place::new();
    let server = place.serve(&[]);
    let script = "Ada\n\n\nlist\nquit\n";
    let played = server.script(&place, Some("ada"), "ada", &[], script);
    let said = text(&played.stdout);
    assert!(played.status.success(), "{said}");
    assert!(said.contains("Every press is saved."), "{said}");
    assert_eq!(place.score("Ada"), 2);
    let game = server.client(&place, Some("ada"), "play", &[]);
    let game = game.env("LC_ALL", "zh_CN.UTF-8").spawn();
    game.wait_text("玩家");
    game.wait_text("已保存");
    game.keys(" ");
    wait_score(&game, "Ada", 3);
    quit(&game);
    let dumb = server.client(&place, Some("ada"), "play", &[]);
    let dumb = dumb.env("TERM", "dumb").spawn();
    dumb.wait_text("is picked");
    dumb.keys("\r");
    dumb.wait_text("Ada: 4, saved");
    dumb.keys("quix\x7ft\r");
    assert!(dumb.wait_exit().success());
    assert_eq!(place.score("Ada"), 4);
}

#[test]
fn without_colours_there_are_none() {
    let place = Place::new();
    let server = place.serve(&[]);
    let game = server.client(&place, Some("ada"), "play", &[]);
    let game = game.env("NO_COLOR", "1").spawn();
    join(&game, "Ada");
    quit(&game);
    let plain = text(&game.raw());
    assert!(!plain.contains("\x1b[38;"), "{}", plain.escape_debug());
    let game = server.client(&place, Some("ada"), "ada", &[]);
    let game = game.env("COLORTERM", "truecolor").spawn();
    wait_score(&game, "Ada", 0);
    quit(&game);
}
