//! Flags, environment and configuration file in the running game.

use std::fs;
use std::process::{Command, Stdio};

use crate::game::{CLICKOFF, Game, Home};
use crate::pty::MouseProtocolMode;

#[test]
fn player_starts_on_a_known_player_and_offers_to_add_an_unknown_one() {
    let home = Home::with(&[("Ada", 5), ("Bob", 3)]);
    let game = Game::start(home.game().args(["--player", "Bob"]));
    game.picks("Bob");
    game.press(1);
    game.shows("Bob", 4);
    game.quit();

    let game = Game::start(home.game().args(["--player", "Cleo"]));
    game.wait_text("New player");
    game.wait_text("Cleo");
    game.keys("\r ");
    game.shows("Cleo", 1);
    game.quit();
    assert_eq!(home.score("Ada"), 5);
}

#[test]
fn the_flag_goes_before_the_variable_before_the_file() {
    let home = Home::new();
    let config = home.join("file.db");
    home.configure(&format!("database = '{}'", config.display()));
    let (flag, variable) = (home.join("flag.db"), home.join("env.db"));
    let game = home.game().env("CLICKOFF_DATABASE", &variable);
    let game = Game::start(game.arg("--database").arg(&flag));
    game.wait_text("~/flag.db");
    drop(game);
    let game = Game::start(home.game().env("CLICKOFF_DATABASE", &variable));
    game.wait_text("~/env.db");
    drop(game);
    let game = home.play();
    game.wait_text("~/file.db");
    drop(game);
    for path in [&flag, &variable, &config] {
        assert!(path.exists(), "{}", path.display());
    }
    assert!(!home.database().exists(), "the default is not touched");
}

#[test]
fn the_configuration_file_sets_player_and_mouse() {
    let home = Home::with(&[("Ada", 5), ("Bob", 3)]);
    home.configure("player = 'Bob'\nmouse = false\n");
    let game = home.play();
    game.picks("Bob");
    assert_eq!(
        game.screen().mouse_protocol_mode(),
        MouseProtocolMode::None,
        "the mouse is left to the terminal"
    );
    game.keys("m");
    game.wait(
        |s| s.mouse_protocol_mode() == MouseProtocolMode::PressRelease,
        "the mouse to be taken",
    );
    game.quit();
    let game = Game::start(home.game().args(["--player", "Ada"]));
    game.picks("Ada");
    game.quit();
}

#[test]
fn a_relative_path_and_a_url_mean_the_file_they_name() {
    let home = Home::new();
    for (argument, file) in [("team.db", "team.db"), ("sqlite://url.db", "url.db")] {
        let game = home.game().current_dir(home.path());
        let game = Game::start(game.args(["--database", argument]));
        game.wait_text(&format!("~/{file}"));
        game.keys("\r ");
        game.wait(
            |s| crate::game::list(s).iter().any(|p| p.score == 1),
            "a point",
        );
        game.quit();
        assert_eq!(crate::db::sum(&home.join(file)), 1);
    }
}

#[test]
fn help_and_version_need_no_terminal_and_make_no_file() {
    let home = Home::new();
    for (flag, text) in [
        ("--help", "Exit codes:"),
        ("-h", "Usage:"),
        ("--version", "clickoff "),
    ] {
        let output = Command::new(CLICKOFF)
            .arg(flag)
            .env_clear()
            .env("HOME", home.path())
            .stdin(Stdio::null())
            .output()
            .expect("run");
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success(), "{flag}: {}", output.status);
        assert!(said.contains(text), "{flag}: {said}");
        assert_eq!(output.stderr, b"", "{flag}");
    }
    let left = fs::read_dir(home.path()).expect("a directory").count();
    assert_eq!(left, 0, "files made");
}
