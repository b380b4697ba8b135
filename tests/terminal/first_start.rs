//! The first start, on a machine that has never seen the game.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use crate::game::{Home, login};

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
