//! A game in a terminal of its own: what the player does, and what the screen then shows.

use std::fs;
use std::ops::{Deref, DerefMut};
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::db;
use crate::pty::{Builder, Screen, Session};

/// The program, or the one that stood in `CLICKOFF_PROGRAM` when the tests were built: a release of
/// another target is played so.
pub const CLICKOFF: &str = match option_env!("CLICKOFF_PROGRAM") {
    Some(program) => program,
    None => env!("CARGO_BIN_EXE_clickoff"),
};

/// The tutorial's table, from which clickoff makes its own database.
pub const USERS: &str = "CREATE TABLE users (id INTEGER NOT NULL, name VARCHAR(100),
                         email VARCHAR(100), score INTEGER, PRIMARY KEY (id));";

/// A home directory, which outlives the games that are played in it.
pub struct Home {
    dir: TempDir,
    /// Whom the settings start on.
    start_on: Option<String>,
}

impl Home {
    /// An empty one.
    pub fn new() -> Self {
        let dir = tempfile::tempdir().expect("a home directory");
        let start_on = None;
        Self { dir, start_on }
    }

    /// One with these players in the default database, whose settings start on the best.
    #[track_caller]
    pub fn with(players: &[(&str, i64)]) -> Self {
        let mut home = Self::new();
        let database = home.database();
        fs::create_dir_all(database.parent().expect("a directory")).expect("made");
        let mut db = db::Db::open(&database);
        db.run(USERS);
        for (name, score) in players {
            db.run(&format!(
                "INSERT INTO users (name, score) VALUES ('{name}', {score})"
            ));
        }
        let best = players.iter().rev().max_by_key(|(_, score)| score);
        home.start_on = best.map(|(name, _)| (*name).to_owned());
        home.configure("");
        home
    }

    pub fn path(&self) -> &Path {
        self.dir.path()
    }

    /// A file or directory in it.
    pub fn join(&self, path: &str) -> PathBuf {
        self.path().join(path)
    }

    /// The default database.
    pub fn database(&self) -> PathBuf {
        self.join(".local/share/clickoff/clickoff.db")
    }

    /// The files of the state directory whose names begin so.
    pub fn state_files(&self, begin: &str) -> Vec<PathBuf> {
        let entries = fs::read_dir(self.join(".local/state/clickoff")).expect("a directory");
        let files = entries.flatten();
        let named = files.filter(|file| file.file_name().to_string_lossy().starts_with(begin));
        named.map(|file| file.path()).collect()
    }

    /// All that is in the log.
    pub fn log(&self) -> String {
        let files = self.state_files("clickoff.");
        files.iter().flat_map(fs::read_to_string).collect()
    }

    /// The letters that wait in the outbox, as one text.
    pub fn letters(&self) -> String {
        let outbox = fs::read_dir(self.join(".local/state/clickoff/outbox"));
        let files = outbox.into_iter().flatten().flatten().map(|e| e.path());
        let letters = files.filter(|path| path.extension().is_some_and(|e| e == "json"));
        // One may be delivered between being listed and being read.
        letters.flat_map(fs::read_to_string).collect()
    }

    /// Writes the configuration file, which also says whom to start on.
    pub fn configure(&self, text: &str) {
        fs::create_dir_all(self.join(".config/clickoff")).expect("made");
        let says_itself = text.contains("player");
        let start_on = self.start_on.as_ref().filter(|_| !says_itself);
        let start_on = start_on.map_or_else(String::new, |name| {
            format!("\nplayer = {}\n", serde_json::Value::from(name.as_str()))
        });
        let text = format!("{text}{start_on}");
        fs::write(self.join(".config/clickoff/config.toml"), text).expect("written");
    }

    /// A player's score in the default database.
    #[track_caller]
    pub fn score(&self, name: &str) -> i64 {
        db::score(&self.database(), name)
    }

    /// Checks that what was kept for a player is saved by the next start, and not again by another.
    #[track_caller]
    pub fn delivers(&self, name: &str, score: i64) {
        for _ in 0..2 {
            let game = self.play();
            game.shows(name, score);
            game.quit();
            assert_eq!(self.letters(), "");
        }
        assert_eq!(self.score(name), score);
    }

    /// Prepares a game.
    pub fn game(&self) -> Builder {
        Session::builder(CLICKOFF).env("HOME", self.path())
    }

    /// Starts a game and waits until it can be played.
    #[track_caller]
    pub fn play(&self) -> Game {
        Game::start(self.game())
    }
}

/// A running game.
pub struct Game {
    session: Session,
}

impl Deref for Game {
    type Target = Session;

    fn deref(&self) -> &Session {
        &self.session
    }
}

impl DerefMut for Game {
    fn deref_mut(&mut self) -> &mut Session {
        &mut self.session
    }
}

impl Game {
    /// Starts a game.
    #[track_caller]
    pub fn begin(builder: Builder) -> Self {
        let session = builder.spawn();
        Self { session }
    }

    /// Starts a game and waits until it can be played.
    #[track_caller]
    pub fn start(builder: Builder) -> Self {
        let game = Self::begin(builder);
        // A form may stand over the line of state.
        let is_asked = |screen: &Screen| screen.contents().contains("╭ New player");
        game.wait(
            |screen| waiting(screen) == Some(0) || is_asked(screen),
            "the game to be loaded",
        );
        game
    }

    /// Presses the space bar.
    #[track_caller]
    pub fn press(&self, times: usize) {
        self.keys(&" ".repeat(times));
    }

    /// Adds a player by the form.
    #[track_caller]
    pub fn add(&self, name: &str) {
        self.keys("n");
        self.wait_text("New player");
        self.keys(name);
        self.keys("\r");
        self.wait_gone("New player");
    }

    /// Waits until the list has this player with this score, and every press is saved.
    #[track_caller]
    pub fn shows(&self, name: &str, score: i64) {
        let shown = |screen: &Screen| {
            let players = list(screen);
            waiting(screen) == Some(0) && players.iter().any(|p| p.name == name && p.score == score)
        };
        self.wait(shown, &format!("{name} with {score} points, saved"));
    }

    /// Waits until this player is the picked one.
    #[track_caller]
    pub fn picks(&self, name: &str) {
        let picked = |screen: &Screen| list(screen).iter().any(|p| p.picked && p.name == name);
        self.wait(picked, &format!("{name} to be picked"));
    }

    /// Waits until the game has taken so many points for a player, saved or not.
    #[track_caller]
    pub fn takes(&self, name: &str, points: i64) {
        let taken = |screen: &Screen| {
            let players = list(screen);
            let player = players.iter().find(|p| p.name == name);
            player.map(|p| p.score + waiting(screen).unwrap_or(0)) == Some(points)
        };
        self.wait(taken, &format!("{points} points for {name}, saved or not"));
    }

    /// Waits until the line of state or the footer says this, however it is wrapped.
    #[track_caller]
    pub fn says(&self, words: &str) {
        let said = |screen: &Screen| {
            let (rows, _) = screen.size();
            let footer = screen.rows(0, u16::MAX).nth(usize::from(rows.get()) - 1);
            pane(screen).join(" ").contains(words) || footer.is_some_and(|f| f.contains(words))
        };
        self.wait(said, &format!("the game to say {words:?}"));
    }

    /// Waits until the screen is the one that a second game, which has this to show, draws from
    /// nothing.
    #[track_caller]
    pub fn looks_fresh(&self, home: &Home, name: &str, score: i64) {
        let fresh = Self::start(home.game().args(["--player", name]));
        fresh.shows(name, score);
        until("the screen of a fresh game", || {
            lines(&self.screen()) == lines(&fresh.screen())
        });
        fresh.quit();
    }

    /// The players that the list shows.
    pub fn list(&self) -> Vec<Row> {
        list(&self.screen())
    }

    /// The best score on the screen.
    pub fn best(&self) -> i64 {
        self.list().iter().map(|p| p.score).max().unwrap_or(0)
    }

    /// Waits for the end, which must have this exit code and leave the terminal as it was; gives
    /// what the program said after it had given the terminal back, but for what was scored.
    #[track_caller]
    pub fn ends(&self, code: i32) -> String {
        let status = self.wait_exit();
        let words = self.last_words();
        let lines = words.split_inclusive('\n');
        let words: String = lines.filter(|line| !is_summary(line)).collect();
        assert_eq!(status.code(), Some(code), "{status}: {words}");
        self.terminal_restored();
        words
    }

    /// Leaves with the key for it.
    #[track_caller]
    pub fn quit(&self) {
        self.keys("q");
        assert_eq!(self.ends(0), "", "a good end has nothing to say");
    }

    /// What was written after the game's screen was left; everything where there was none.
    pub fn last_words(&self) -> String {
        const LEFT: &[u8] = b"\x1b[?1049l\x1b[?25h";
        let raw = self.raw();
        let left = raw.windows(LEFT.len()).rposition(|w| w == LEFT);
        let rest = &raw[left.map_or(0, |at| at + LEFT.len())..];
        String::from_utf8_lossy(rest).into_owned()
    }
}

/// Whether a line says what was scored in a game that is over.
pub fn is_summary(line: &str) -> bool {
    let of_points = [" this time", "：这次得"]
        .iter()
        .any(|words| line.contains(words));
    of_points || line.starts_with("rank ") || (line.starts_with("第 ") && line.contains(" 名"))
}

/// A line of the player list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    pub picked: bool,
    pub playing: bool,
    pub rank: usize,
    pub name: String,
    pub score: i64,
}

/// The screen without the blanks at the ends of its lines, which may never have been written.
fn lines(screen: &Screen) -> Vec<String> {
    let lines = screen.rows(0, u16::MAX);
    lines.map(|line| line.trim_end().to_owned()).collect()
}

/// How wide the list is with its border, on a screen with room for it.
pub fn list_width(screen: &Screen) -> u16 {
    let corner = |column: &u16| screen.cell(1, *column).is_some_and(|c| c.contents() == "╮");
    (0..screen.size().1.get())
        .find(corner)
        .map_or(0, |column| column + 1)
}

/// Reads the player list from the screen.
pub fn list(screen: &Screen) -> Vec<Row> {
    let inside = screen.rows(1, list_width(screen).saturating_sub(2));
    inside.filter_map(|line| row(&line)).collect()
}

fn row(line: &str) -> Option<Row> {
    let picked = line.starts_with('▶');
    let line = line.strip_prefix(['▶', ' '])?;
    // Behind the score stand the sign of who plays and the rate.
    let (line, playing) = match line.split_once('●') {
        Some((line, _)) => (line, true),
        None => (line, false),
    };
    // Behind the rank stands by how many ranks the player has moved.
    let line = line.trim();
    let (rank, rest) = line.split_at(line.find([' ', '▲', '▼'])?);
    let rest = match rest.strip_prefix(['▲', '▼']) {
        Some(moved) => moved.split_once(' ')?.1,
        None => rest,
    };
    let (name, score) = rest.trim_end().rsplit_once(' ')?;
    Some(Row {
        picked,
        playing,
        rank: number(rank)?,
        name: name.trim().to_owned(),
        score: number(score)?,
    })
}

/// A number as the screen has it, such as `1,234`.
fn number<N: FromStr>(shown: &str) -> Option<N> {
    shown.replace(',', "").parse().ok()
}

/// The lines beside the list.
fn pane(screen: &Screen) -> Vec<String> {
    let (rows, cols) = screen.size();
    let left = list_width(screen) + 1;
    let inside = screen.rows(left, (cols.get() - 1).saturating_sub(left));
    let lines = inside
        .skip(2)
        .take(usize::from(rows.get()).saturating_sub(4));
    // On a wide screen, a page stands beside the pane.
    let lines = lines.map(|line| {
        line.split("││")
            .next()
            .unwrap_or_default()
            .trim()
            .to_owned()
    });
    lines.filter(|line| !line.is_empty()).collect()
}

/// How many presses the line of state says are not saved yet, where it says so.
pub fn waiting(screen: &Screen) -> Option<i64> {
    let lines = pane(screen);
    // Where nobody is picked, there is nothing to save.
    let nothing = ["saved", "Nobody is picked.", "Nobody plays yet."];
    if lines.iter().any(|line| nothing.contains(&line.as_str())) {
        return Some(0);
    }
    let words = lines.join(" ");
    if let Some((_, saving)) = words.rsplit_once("saving ") {
        return number(saving.split(' ').next()?);
    }
    let (before, _) = words.split_once(" not saved yet")?;
    number(before.rsplit(' ').next()?)
}

/// Waits for something that no terminal tells of.
#[track_caller]
pub fn until(what: &str, mut ready: impl FnMut() -> bool) {
    let end = Instant::now() + Duration::from_secs(20);
    while !ready() {
        assert!(Instant::now() < end, "waited for {what}");
        thread::sleep(Duration::from_millis(2));
    }
}

/// The login name, which the first player gets.
pub fn login() -> String {
    whoami::username().expect("a login name")
}
