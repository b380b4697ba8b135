//! Themes and keymaps from files in the running game, and reports of their mistakes.

use std::fs;
use std::thread::sleep;
use std::time::Duration;

use crate::game::{Game, Home};
use crate::pty::{Color, key};

const MINE: &str = "inherits = 'dark'\nstrong = '#102030'\n";

/// A home with a player and these files in the configuration directory.
fn home(files: &[(&str, &str)]) -> Home {
    let home = Home::with(&[("Ada", 5)]);
    let config = home.join(".config/clickoff");
    fs::create_dir_all(config.join("themes")).expect("made");
    for (path, text) in files {
        match *path {
            "config.toml" => home.configure(text),
            path => fs::write(config.join(path), text).expect("written"),
        }
    }
    home
}

/// Starts a game on a wide terminal that says which colours it has.
fn start(home: &Home, environment: &[(&str, &str)]) -> Game {
    let game = home.game().size(120, 24);
    Game::start(game.envs(environment.iter().copied()))
}

const TRUECOLOR: &[(&str, &str)] = &[("COLORTERM", "truecolor")];

/// Waits until the program's name in the upper left corner has these colours.
#[track_caller]
fn wears(game: &Game, fg: Color, bg: Color) {
    let shown = |screen: &crate::pty::Screen| {
        let cell = screen.cell(0, 1).expect("a cell");
        (cell.contents(), cell.fgcolor(), cell.bgcolor()) == ("c", fg, bg)
    };
    game.wait(shown, &format!("{fg:?} on {bg:?}"));
}

/// Leaves the game; what it logged is the result.
fn log(home: &Home, game: Game) -> String {
    game.quit();
    home.log()
}

/// What the program's name is drawn in, by some themes.
const NIGHT: (Color, Color) = (Color::Rgb(255, 255, 255), Color::Rgb(0x16, 0x1a, 0x21));
const PAPER: (Color, Color) = (Color::Rgb(0, 0, 0), Color::Rgb(0xfa, 0xfa, 0xf7));

#[test]
fn the_list_wears_what_is_chosen_and_keeps_it_in_the_settings() {
    let text = "# mine\nplayer = 'Ada'\ntheme = 'mine' # for now\nmouse = true\n";
    let home = home(&[("config.toml", text), ("themes/mine.toml", MINE)]);
    let game = start(&home, TRUECOLOR);
    wears(&game, Color::Rgb(16, 32, 48), NIGHT.1);
    game.keys("t");
    game.wait_text("▶ mine");
    // From the last around to the first, and on.
    for (name, (fg, bg)) in [
        ("auto", (Color::Default, Color::Default)),
        ("terminal", (Color::Default, Color::Default)),
        ("dark", NIGHT),
        ("light", PAPER),
    ] {
        game.keys("t");
        game.wait_text(&format!("▶ {name} "));
        wears(&game, fg, bg);
    }
    game.keys(key::ESC);
    game.wait_gone("▶ light");
    wears(&game, Color::Rgb(16, 32, 48), NIGHT.1);
    game.keys("t");
    game.wait_text("▶ mine");
    game.keys("\x1b[H\x1b[B\x1b[B\x1b[B\r");
    game.says("Theme light, kept in ~/.config/clickoff/config.toml.");
    wears(&game, PAPER.0, PAPER.1);
    game.press(1);
    game.shows("Ada", 6);
    game.quit();
    let path = home.join(".config/clickoff/config.toml");
    let kept = fs::read_to_string(path).expect("settings");
    assert_eq!(kept, text.replace("'mine'", "\"light\""));
    let game = start(&home, TRUECOLOR);
    wears(&game, PAPER.0, PAPER.1);
    game.quit();
}

#[test]
fn a_theme_that_can_not_be_kept_is_worn_for_this_run() {
    let home = home(&[]);
    // Where root plays, no mode forbids anything.
    let config = home.join(".config/clickoff/config.toml");
    fs::remove_file(&config).expect("removed");
    fs::create_dir(&config).expect("made");
    let other = home.join("other.toml");
    fs::write(&other, "").expect("written");
    let game = home.game().size(120, 24).arg("--config").arg(&other);
    let game = Game::start(game.envs(TRUECOLOR.iter().copied()));
    fs::remove_file(&other).expect("removed");
    fs::create_dir(&other).expect("made");
    game.keys("t\x1b[B\x1b[B\r");
    game.wait_text("Theme dark, for this run: ");
    game.wait_text("can't be written: ");
    wears(&game, NIGHT.0, NIGHT.1);
    game.quit();
}

#[test]
fn the_flag_goes_before_the_variable_and_both_before_the_file() {
    let home = home(&[("config.toml", "theme = 'monochrome'\n")]);
    let variable = [TRUECOLOR[0], ("CLICKOFF_THEME", "dark")];
    let game = start(&home, &variable);
    wears(&game, NIGHT.0, NIGHT.1);
    game.keys("t\x1b[B\r");
    game.says("The next start uses it only without CLICKOFF_THEME.");
    game.quit();
    let flag = home.game().size(120, 24).args(["--theme", "light"]);
    let game = Game::start(flag.envs(variable));
    wears(&game, PAPER.0, PAPER.1);
    game.quit();
}

#[test]
fn by_itself_it_wears_what_fits_the_terminals_background() {
    let home = home(&[]);
    for (answer, (fg, bg)) in [
        ("\x1b]11;rgb:0000/0000/0000\x07", NIGHT),
        ("\x1b]11;rgb:ffff/ffff/dddd\x1b\\", PAPER),
    ] {
        let game = start(&home, TRUECOLOR);
        // As long as it has not answered, and where it never does.
        wears(&game, Color::Default, Color::Default);
        assert!(asks_background(&game));
        game.keys(answer);
        wears(&game, fg, bg);
        // The list shows it so, too.
        game.keys("t\x1b[B");
        game.wait_text("▶ terminal");
        wears(&game, Color::Default, Color::Default);
        game.keys("\x1b[A");
        game.wait_text("▶ auto");
        wears(&game, fg, bg);
        game.keys(key::ESC);
        game.wait_gone("▶ auto");
        game.quit();
    }
}

#[test]
fn an_answer_that_comes_late_or_for_another_theme_changes_nothing() {
    let home = home(&[]);
    let game = start(&home, TRUECOLOR);
    sleep(Duration::from_millis(2200));
    game.keys("\x1b]11;rgb:0000/0000/0000\x07");
    game.press(1);
    game.shows("Ada", 6);
    wears(&game, Color::Default, Color::Default);
    game.quit();
    let game = Game::start(
        home.game()
            .size(120, 24)
            .args(["--theme", "light"])
            .envs(TRUECOLOR.iter().copied()),
    );
    game.keys("\x1b]11;rgb:0000/0000/0000\x07");
    game.press(1);
    game.shows("Ada", 7);
    wears(&game, PAPER.0, PAPER.1);
    game.quit();
}

#[test]
fn without_colours_the_background_is_not_asked_for() {
    let home = home(&[]);
    let game = start(&home, &[("NO_COLOR", "1"), TRUECOLOR[0]]);
    assert!(!asks_background(&game));
    game.keys("\x1b]11;rgb:0000/0000/0000\x07");
    game.press(1);
    game.shows("Ada", 6);
    wears(&game, Color::Default, Color::Default);
    game.quit();
}

fn asks_background(game: &Game) -> bool {
    let (raw, question) = (game.raw(), b"\x1b]11;?");
    raw.windows(question.len()).any(|bytes| bytes == question)
}

#[test]
fn a_terminal_that_does_not_say_truecolor_gets_256_colours() {
    let files = [("config.toml", "theme = 'dark'")];
    let home = home(&files);
    for colorterm in ["", "yes"] {
        let game = start(&home, &[("COLORTERM", colorterm)]);
        wears(&game, Color::Idx(231), Color::Idx(234));
        game.keys("t");
        for name in ["light", "high-contrast", "colour-blind"] {
            game.keys("t");
            game.wait_text(&format!("▶ {name}"));
        }
        let text = String::from_utf8_lossy(&game.raw()).into_owned();
        assert!(text.contains("38;5;"), "{text:?}");
        assert!(
            !text.contains("38;2;") && !text.contains("48;2;"),
            "{text:?}"
        );
        game.keys(key::ESC);
        game.wait_gone("▶ colour-blind");
        game.quit();
    }
}

#[test]
fn no_color_goes_before_every_theme() {
    let files = [
        ("config.toml", "theme = 'mine'"),
        ("themes/mine.toml", MINE),
    ];
    let home = home(&files);
    let game = start(&home, &[("NO_COLOR", "1"), TRUECOLOR[0]]);
    wears(&game, Color::Default, Color::Default);
    game.keys("t");
    game.wait_text("only one theme without colours");
    wears(&game, Color::Default, Color::Default);
    game.quit();
}

#[test]
fn a_theme_with_mistakes_is_reported_and_the_game_is_played_without_it() {
    let home = home(&[
        ("config.toml", "theme = 'mine'"),
        (
            "themes/mine.toml",
            "inherits = 'dark'\nacent = 'red'\nkey = 'rde'\n",
        ),
    ]);
    let game = start(&home, TRUECOLOR);
    game.wait_text("~/.config/clickoff/themes/mine.toml, line 2: unknown style `acent`; did you");
    game.wait_text("(1 more mistake in the");
    wears(&game, Color::Default, Color::Default);
    game.press(2);
    game.shows("Ada", 7);
    let log = log(&home, game);
    assert!(log.contains("line 3: `rde` is no colour"), "{log}");
}

#[test]
fn an_unknown_theme_is_reported_with_the_one_that_may_be_meant() {
    let home = home(&[("config.toml", "mouse = false\ntheme = 'drak'")]);
    let game = start(&home, TRUECOLOR);
    game.wait_text("config.toml, line 2: unknown theme `drak`; did you mean `dark`?");
    wears(&game, Color::Default, Color::Default);
    game.quit();
}

#[test]
fn a_theme_that_can_not_be_read_is_reported() {
    let home = home(&[]);
    let path = home.join(".config/clickoff/themes/latin.toml");
    fs::write(path, b"# caf\xe9").expect("written");
    let game = start(&home, TRUECOLOR);
    game.wait_text("themes/latin.toml: it can't be read:");
    game.quit();
}

#[test]
fn a_keymap_is_obeyed_and_shown() {
    let home = home(&[(
        "keymap.toml",
        "[play]\npress = ['x', 'ctrl-p']\nquit = 'f10'\nhelp = 'f1'\n",
    )]);
    let game = start(&home, &[]);
    game.wait_text("x score");
    game.keys("x\x10");
    game.shows("Ada", 7);
    game.keys(" q");
    game.says("q does nothing here: f1 shows the keys.");
    game.shows("Ada", 7);
    game.keys("\x1bOP");
    game.wait_text("x, ctrl-p ");
    game.keys(key::ESC);
    game.wait_gone("x, ctrl-p ");
    game.keys("\x1b[21~");
    assert!(game.wait_exit().success());
}

#[test]
fn a_keymap_with_mistakes_is_reported_with_both_lines_and_the_default_keys_hold() {
    let home = home(&[("keymap.toml", "[play]\nadd = 'a'\nedit = ['x', 'a']\n")]);
    let game = start(&home, &[]);
    game.wait_text("keymap.toml, line 3: `a` is bound to `edit` here and to `add` in line 2.");
    game.wait_text("The default keys are used");
    game.press(1);
    game.shows("Ada", 6);
    game.quit();
}

#[test]
fn a_keymap_without_a_way_out_locks_nobody_in() {
    let unbound = "[play]\nquit = []\nback = []\n[everywhere]\nquit = []\n";
    let home = home(&[("keymap.toml", unbound)]);
    let game = start(&home, &[]);
    game.press(1);
    game.shows("Ada", 6);
    game.keys(key::CTRL_C);
    assert!(game.wait_exit().success());
    assert_eq!(home.score("Ada"), 6);
}
