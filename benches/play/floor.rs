//! The floor: a minimal program that needs only a terminal in raw mode and SQLite for a press.

use std::io::{stdin, stdout};
use std::path::Path;
use std::time::Instant;

use rustix::termios::{OptionalActions, tcgetattr, tcsetattr};

use crate::crowd;
use crate::sqlite::{Database, Statement};

/// A score in a file, stored as clickoff stores it: WAL, and every commit synced to the disk.
struct Floor<'db> {
    begin: Statement<'db>,
    update: Statement<'db>,
    commit: Statement<'db>,
}

/// Creates the tutorial's table with one player, in a new file.
pub fn make(file: &Path) -> Database {
    let database = Database::open(file);
    database.run("PRAGMA journal_mode = WAL");
    database.run(
        "CREATE TABLE users (id INTEGER PRIMARY KEY AUTOINCREMENT, name VARCHAR(100),
         email VARCHAR(100), score INTEGER DEFAULT 0)",
    );
    database.run("INSERT INTO users (name) VALUES ('Ada')");
    database
}

fn open(file: &Path) -> Database {
    let database = if file.exists() {
        Database::open(file)
    } else {
        make(file)
    };
    // This must be first, since the next statement reads the file, which others may be opening.
    database.run("PRAGMA busy_timeout = 60000");
    database.run("PRAGMA synchronous = FULL");
    database
}

impl<'db> Floor<'db> {
    fn on(database: &'db Database) -> Self {
        Self {
            begin: database.prepare("BEGIN IMMEDIATE"),
            update: database
                .prepare("UPDATE users SET score = score + 1 WHERE id = 1 RETURNING score"),
            commit: database.prepare("COMMIT"),
        }
    }

    fn press(&mut self) -> i64 {
        self.begin.run();
        let score = self.update.run().expect("the player is there");
        self.commit.run();
        score
    }
}

/// Plays on a terminal until `q`: for each key one read, one transaction, and one write of the
/// number.
pub fn play(file: &Path) {
    let database = open(file);
    let mut floor = Floor::on(&database);
    let score = database.run("SELECT score FROM users WHERE id = 1");
    let score = score.expect("the player is there");

    let saved = tcgetattr(stdin()).expect("the floor plays on a terminal");
    let mut raw = saved.clone();
    raw.make_raw();
    tcsetattr(stdin(), OptionalActions::Now, &raw).expect("switching to raw mode");
    put(&format!(
        "\x1b[?1049h\x1b[?25l\x1b[2J\x1b[3;5HScore: {score}"
    ));
    let mut keys = [0; 1024];
    'play: while let Ok(count @ 1..) = rustix::io::read(stdin(), &mut keys) {
        for key in &keys[..count] {
            match key {
                b' ' => put(&format!("\x1b[3;12H{}", floor.press())),
                b'q' => break 'play,
                _ => {}
            }
        }
    }
    put("\x1b[?25h\x1b[?1049l");
    tcsetattr(stdin(), OptionalActions::Now, &saved).expect("leaving raw mode");
}

/// Not through std's line buffer, whose flush would need a second write.
fn put(text: &str) {
    let written = rustix::io::write(stdout(), text.as_bytes()).expect("writing to the terminal");
    assert_eq!(written, text.len(), "the terminal took a part only");
}

/// Presses without a screen, with SQLite's own waiting between the writers.
pub fn crowd_member(file: &Path) {
    let database = open(file);
    let mut floor = Floor::on(&database);
    let start = crowd::ready();
    let mut latencies = Vec::new();
    for due in crowd::dues(start) {
        // A delay by the transaction counts into the wait of the next press.
        let wait = due.saturating_duration_since(Instant::now());
        std::thread::sleep(wait);
        let sent = if wait.is_zero() { due } else { Instant::now() };
        floor.press();
        latencies.push(sent.elapsed());
    }
    crowd::report(&latencies);
}
