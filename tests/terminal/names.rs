//! Names in any script and of any length, which never act as control sequences.

use crate::db::Db;
use crate::game::{Game, Home, USERS, list, list_width};

/// Orders that the game itself never writes.
const ORDERS: [&str; 6] = [
    "\x1b]0;owned\x07",
    "\x1b[31;7;5m",
    "\x1b[?1004h",
    "\x1bPowned\x1b\\",
    "\u{9b}31m",
    "\u{202e}",
];

const PEOPLE: [&str; 9] = [
    "Ada",
    "王小明和他的朋友们都喜欢点击",
    "👩‍👩‍👧‍👦 family",
    "e\u{301}\u{301}\u{301}tienne",
    "نرگس محمدی",
    "🇫🇷🇩🇪🇨🇳 flags",
    "❤️ heart",
    "क्षत्रिय",
    "1️⃣ ❤️‍🔥 🏳️‍🌈 👍🏽",
];

#[track_caller]
fn obeys_nobody(game: &Game) {
    let raw = game.raw();
    for order in ORDERS {
        let found = raw.windows(order.len()).any(|w| w == order.as_bytes());
        assert!(!found, "{order:?} reached the terminal");
    }
}

/// In every row of the list the score ends in the same column, and the border stands where it does
/// without names. Behind the score are the sign of who plays and the rate, or blanks.
#[track_caller]
fn is_aligned(game: &Game, rows: usize) {
    let screen = game.screen();
    let border = list_width(&screen) - 1;
    let cell = |row, col| {
        let cell = screen.cell(row, col);
        cell.map(|c| c.contents().to_owned()).unwrap_or_default()
    };
    let ends = (2..2 + rows as u16).map(|row| {
        let mark = (0..border).find(|col| cell(row, *col) == "●");
        let is_blank = |col: &u16| cell(row, *col).trim().is_empty();
        let end = (0..mark.unwrap_or(border)).rfind(|col| !is_blank(col));
        let is_digit = end.is_some_and(|col| cell(row, col).parse::<u8>().is_ok());
        (end, is_digit, cell(row, border))
    });
    let ends: Vec<_> = ends.collect();
    let aligned = ends.iter().all(|end| *end == ends[0]);
    assert!(
        aligned && ends[0].1 && ends[0].2 == "│",
        "the rows end in {ends:?}\n{}",
        screen.contents()
    );
}

#[test]
fn names_of_every_script_are_typed_stored_and_aligned() {
    let home = Home::with(&[]);
    let game = home.play();
    game.keys("\x15");
    game.keys(&format!("{}\r", PEOPLE[0]));
    game.shows(PEOPLE[0], 0);
    for (at, name) in PEOPLE.iter().enumerate().skip(1) {
        game.add(name);
        game.press(1);
        let more = |screen: &crate::pty::Screen| {
            let players = list(screen);
            players.len() == at + 1 && players.iter().any(|p| p.picked && p.score == 1)
        };
        game.wait(more, &format!("a row for {name}"));
    }
    game.wait_text("saved");
    is_aligned(&game, PEOPLE.len());
    // Moving draws single rows anew, over what was there.
    for _ in &PEOPLE[2..] {
        let before = game.list();
        game.keys("k");
        game.wait(|s| list(s) != before, "another player to be picked");
        is_aligned(&game, PEOPLE.len());
    }
    obeys_nobody(&game);
    game.quit();
    let mut db = Db::open(&home.database());
    for name in PEOPLE {
        assert_eq!(db.score(name), i64::from(name != "Ada"), "{name}");
    }
}

#[test]
fn a_pasted_name_of_ten_thousand_characters_is_stored_whole_and_shown_cut() {
    let home = Home::with(&[("Ada", 0)]);
    let game = home.play();
    let name: String = ('a'..='z').cycle().take(10_000).collect();
    game.add(&format!("\x1b[200~{name}\x1b[201~"));
    game.press(1);
    game.wait(
        |screen| {
            let players = list(screen);
            players.len() == 2
                && players[0].score == 1
                && players[0].name.starts_with("abcdefgh")
                && players[0].name.ends_with('…')
        },
        "the name, cut",
    );
    is_aligned(&game, 2);
    game.keys("d");
    game.wait_text("Remove abcdefgh");
    game.keys("n");
    game.quit();
    assert_eq!(home.score(&name), 1);
}

#[test]
fn escape_sequences_in_the_database_reach_the_terminal_as_pictures() {
    let home = Home::with(&[]);
    let mut db = Db::open(&home.database());
    let hostile = ORDERS.concat();
    for at in 0..3 {
        db.run(&format!(
            "INSERT INTO users (name, email, score) VALUES ('{at}{hostile}', '{hostile}', {at})"
        ));
    }
    let game = home.play();
    game.wait_text("2␛]0;owned");
    game.keys("\x1b[H");
    game.press(1);
    is_aligned(&game, 3);
    for (keys, text) in [
        ("e", "Edit player"),
        ("d", "Remove player"),
        ("/zz", "Nobody matches the filter."),
    ] {
        game.keys(keys);
        game.wait_text(text);
        game.keys("\x1b");
        game.wait_gone(text);
    }
    // Removed by somebody else, the name is in a sentence too.
    db.run("DELETE FROM users WHERE score >= 2");
    game.wait_text("Pick a player with");
    obeys_nobody(&game);
    game.quit();
    obeys_nobody(&game);
}

#[test]
fn a_pasted_name_is_freed_of_escape_sequences() {
    let home = Home::with(&[]);
    let game = home.play();
    game.keys("\x15");
    let hostile = ORDERS[0..4].concat();
    game.keys(&format!("\x1b[200~Eve{hostile}\x1b[201~\r"));
    game.wait_text("Eve]0;owned");
    game.press(1);
    game.wait_text("saved");
    obeys_nobody(&game);
    game.quit();
    let mut db = Db::open(&home.database());
    let controls = "SELECT COUNT(*) FROM users WHERE name GLOB '*' || char(27) || '*'
                    OR name GLOB '*' || char(7) || '*'";
    assert_eq!(db.number(controls), 0);
}

#[test]
fn a_path_with_escape_sequences_is_named_harmlessly() {
    let home = Home::new();
    let path = home.join("\x1b]0;owned\x07.db");
    db_of_another(&path);
    let game = Game::begin(home.game().arg("--database").arg(&path));
    let words = game.ends(7);
    assert!(words.contains("␛]0;owned␇.db"), "{words}");
    obeys_nobody(&game);

    let game = Game::begin(home.game().arg("--config").arg(&path));
    let words = game.ends(2);
    assert!(words.contains("␛]0;owned␇.db"), "{words}");
    obeys_nobody(&game);

    let path = home.join("\x1b[31;7;5m.db");
    let game = Game::start(home.game().arg("--database").arg(&path));
    game.wait_text("~/␛[31;7;5m.db");
    obeys_nobody(&game);
    game.keys("\r ");
    game.wait_text("▼ +1 ▼");
    game.keys("q");
    game.ends(0);
    obeys_nobody(&game);
}

#[test]
fn an_argument_with_escape_sequences_is_repeated_harmlessly() {
    let home = Home::with(&[]);
    let hostile = ORDERS.concat();
    let game = Game::begin(home.game().arg(format!("--{hostile}")));
    let words = game.ends(2);
    assert!(words.contains("'--␛]0;owned␇"), "{words}");
    obeys_nobody(&game);

    let game = Game::start(home.game().args(["--player", &hostile]));
    game.wait_text("]0;owned");
    game.keys("\r ");
    game.wait_text("▼ +1 ▼");
    game.quit();
    obeys_nobody(&game);
}

fn db_of_another(path: &std::path::Path) {
    crate::db::sql(path, &USERS.replace("users", "songs"));
}

#[test]
fn a_pasted_name_of_200_kb_is_cut_at_once_and_said_to_be_too_long() {
    let home = Home::with(&[("Ada", 0)]);
    let game = home.play();
    let name: String = ('a'..='z').cycle().take(200_000).collect();
    for paste in [format!("\x1b[200~{name}\x1b[201~"), name.clone()] {
        game.keys("n");
        game.wait_text("New player");
        let begun = std::time::Instant::now();
        game.keys(&paste);
        game.wait_text("At most 16,384 characters fit here.");
        // Unmarked, all of it is keys.
        let most = if paste.starts_with('\x1b') { 2 } else { 20 };
        assert!(begun.elapsed().as_secs() < most, "{:?}", begun.elapsed());
        // In the midst of it, too, and taken away at once.
        game.keys("\x01x");
        game.keys("\x15");
        game.keys("Bea\x1b[200~trice\x1b[201~\r");
        game.wait_gone("New player");
        game.shows("Beatrice", 0);
        game.keys("d");
        game.wait_text("Remove Beatrice");
        game.keys("y");
        game.wait(|screen| list(screen).len() == 1, "her to go");
    }
    // The filter is a field as well.
    game.keys(&format!("/\x1b[200~{name}\x1b[201~"));
    game.wait_text("Nobody matches the filter.");
    game.keys("\x1b");
    game.shows("Ada", 0);
    game.quit();
}
