//! The first start on a new machine.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use crate::game::{Game, Home, login};

#[test]
fn enter_and_space_are_one_point_for_the_login_name() {
    let home = Home::new();
    let game = home.play();
    game.wait_text("New player");
    game.wait_text(&login());
    game.keys("\r");
    game.wait_gone("New player");
    game.press(1);
    game.shows(&login(), 1);
    game.quit();
    assert_eq!(home.score(&login()), 1);
}

#[test]
fn keys_typed_faster_than_the_player_is_made_are_points_too() {
    let home = Home::new();
    let game = home.play();
    game.wait_text("New player");
    game.keys("\r     ");
    game.shows(&login(), 5);
    game.quit();
    assert_eq!(home.score(&login()), 5);
}

#[test]
fn leaving_before_the_player_is_made_still_scores_what_was_pressed() {
    let home = Home::new();
    let game = home.play();
    game.wait_text("New player");
    game.keys("\r   q");
    game.ends(0);
    assert_eq!(home.score(&login()), 3);
}

#[test]
fn all_that_is_kept_is_for_the_owner_alone() {
    let home = Home::new();
    let game = home.play();
    game.keys("\r ");
    game.shows(&login(), 1);
    // The database's companions, too, while they are there.
    let mut seen = Vec::new();
    only_owner(&home.join(".local"), &mut seen);
    game.quit();
    only_owner(&home.join(".local"), &mut seen);
    for name in ["clickoff.db", "clickoff.db-wal", ".log"] {
        assert!(seen.iter().any(|s| s.contains(name)), "{name} in {seen:?}");
    }
}

fn only_owner(path: &Path, seen: &mut Vec<String>) {
    let data = fs::symlink_metadata(path).expect("metadata");
    let mode = data.permissions().mode() & 0o777;
    let wanted = if data.is_dir() { 0o700 } else { 0o600 };
    assert_eq!(mode, wanted, "{} has mode {mode:o}", path.display());
    seen.push(path.display().to_string());
    if data.is_dir() {
        for entry in fs::read_dir(path).expect("a directory") {
            only_owner(&entry.expect("an entry").path(), seen);
        }
    }
}

#[test]
fn a_newcomer_on_others_scores_scores_for_nobody_and_then_is_started_on() {
    let home = Home::new();
    let others = Home::with(&[("Grace", 90), ("Alan", 7)]);
    let game = || home.game().arg("--database").arg(others.database());
    let new = Game::start(game());
    new.wait_text("Press n to add yourself");
    new.press(3);
    new.says("Nobody is picked, so nothing is scored");
    new.keys("n");
    new.wait_text("New player");
    new.wait_text(&login());
    new.keys("\r");
    new.wait_gone("New player");
    new.press(2);
    new.shows(&login(), 2);
    new.shows("Grace", 90);
    new.quit();
    let again = Game::start(game());
    again.picks(&login());
    // Whoever was played last goes before the login name.
    again.keys("\x1b[H");
    again.picks("Grace");
    again.press(1);
    again.shows("Grace", 91);
    again.quit();
    let last = Game::start(game());
    last.picks("Grace");
    last.quit();
    let asked = Game::start(game().args(["--player", "Alan"]));
    asked.picks("Alan");
    asked.quit();
    // In lines, too.
    let lines = Game::begin(game().arg("--plain"));
    lines.wait_text("Grace is picked: 91 points.");
    lines.keys("quit\r");
    lines.ends(0);
    assert_eq!([others.score("Grace"), others.score("Alan")], [91, 7]);
    // Another database in the same place has another memory.
    let more = Home::with(&[("Alan", 70), ("Grace", 9)]);
    fs::rename(more.database(), others.database()).expect("moved");
    let moved = Game::start(game());
    moved.wait_text("Press n to add yourself");
    moved.quit();
}

#[test]
fn one_point_that_is_still_on_its_way_when_the_game_is_left_is_remembered_too() {
    let home = Home::new();
    let others = Home::with(&[("Grace", 90), ("Alan", 7)]);
    let game = || home.game().arg("--database").arg(others.database());
    let first = Game::start(game());
    first.keys("\x1b[F");
    first.picks("Alan");
    first.keys(" q");
    first.ends(0);
    assert_eq!(others.score("Alan"), 8);
    let second = Game::start(game());
    second.picks("Alan");
    second.quit();
}

#[test]
fn what_a_newcomer_presses_in_lines_is_for_nobody() {
    let home = Home::new();
    let others = Home::with(&[("Grace", 90)]);
    let database = others.database();
    let lines = home.game().arg("--plain").arg("--database").arg(&database);
    let lines = Game::begin(lines);
    lines.wait_text("Nothing is scored yet");
    lines.keys("\r");
    lines.wait_text("Nobody is picked, so nothing is scored");
    lines.keys("add\r");
    lines.wait_text("Enter takes");
    lines.keys("\r");
    lines.wait_text("is picked: 0 points.");
    lines.keys("\r");
    lines.wait_text(": 1, saved.");
    lines.keys("quit\r");
    lines.ends(0);
    assert_eq!([others.score("Grace"), others.score(&login())], [90, 1]);
}
