//! Databases that can't be played on: a sentence says what is wrong and what to do, and nothing is
//! changed.

use std::ffi::OsStr;
use std::fs::{self, Permissions};
use std::io::Read;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use crate::db::Db;
use crate::game::{CLICKOFF, Game, Home, USERS};
use crate::pty::Session;

/// Starts a game that must end at once with this code; gives its sentence.
#[track_caller]
fn refused(home: &Home, arguments: &[&str], code: i32) -> String {
    let game = Game::begin(home.game().args(arguments).size(200, 24));
    let words = game.ends(code);
    assert!(words.starts_with("clickoff: "), "{words}");
    assert!(!words.contains('\x1b'), "the screen was touched: {words}");
    words
}

/// As [`refused`], for a database file, which must stay as it is, alone in its directory.
#[track_caller]
fn refused_file(home: &Home, name: &str, code: i32, wanted: &[&str]) {
    let path = home.join(name);
    let before = (fs::read(&path).expect("bytes"), names(home.path()));
    let path = path.display().to_string();
    let words = refused(home, &["--database", &path], code);
    for wanted in wanted.iter().chain([&path.as_str()]) {
        assert!(words.contains(wanted), "no {wanted:?} in {words}");
    }
    let after = (fs::read(&path).expect("bytes"), names(home.path()));
    assert!(before.0 == after.0, "{path} was changed");
    assert_eq!(before.1, after.1, "files beside {path}");
}

fn names(directory: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(directory).expect("a directory").flatten();
    let mut names: Vec<PathBuf> = entries.map(|e| e.path()).collect();
    // SQLite's companions go with the connection, which the program's end may overtake.
    let companion = |name: &str| name.ends_with("-wal") || name.ends_with("-shm");
    names.retain(|path| !path.ends_with(".local") && !companion(&path.to_string_lossy()));
    names.sort();
    names
}

/// A database of clickoff's own with some hundred players, closed and checkpointed.
fn database(home: &Home, name: &str) -> PathBuf {
    let path = home.join(name);
    let mut db = Db::open(&path);
    db.run(USERS);
    db.run(
        "WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 900)
         INSERT INTO users (name, email, score) SELECT 'player ' || n, hex(randomblob(20)), n FROM n",
    );
    drop(db);
    let game = Game::start(home.game().arg("--database").arg(&path));
    game.quit();
    Db::open(&path).run("PRAGMA wal_checkpoint(TRUNCATE)");
    path
}

#[test]
fn a_file_that_is_no_database_is_refused_and_left_alone() {
    let home = Home::new();
    let noise: Vec<u8> = (0..20_000u32).map(|n| (n * n / 7 % 251) as u8).collect();
    fs::write(home.join("noise.db"), noise).expect("written");
    fs::write(home.join("notes.txt"), "a shopping list\n".repeat(500)).expect("written");
    for name in ["noise.db", "notes.txt"] {
        let wanted = ["is not a SQLite database", "--database"];
        refused_file(&home, name, 7, &wanted);
    }
}

#[test]
fn a_truncated_database_is_refused_and_left_alone() {
    let home = Home::new();
    let path = database(&home, "scores.db");
    let whole = fs::read(&path).expect("bytes");
    for keep in [whole.len() / 2, 5000] {
        fs::write(&path, &whole[..keep]).expect("written");
        refused_file(&home, "scores.db", 7, &["is damaged", "restore a backup"]);
    }
    // Not even one page: nothing that SQLite could know for its own.
    fs::write(&path, &whole[..50]).expect("written");
    refused_file(&home, "scores.db", 7, &["is not a SQLite database"]);
}

#[test]
fn a_corrupt_database_is_refused_and_left_alone() {
    let home = Home::new();
    let path = database(&home, "scores.db");
    let mut bytes = fs::read(&path).expect("bytes");
    // All but the first page, whatever is read first.
    bytes[4096..].fill(0xa5);
    fs::write(&path, &bytes).expect("written");
    refused_file(&home, "scores.db", 7, &["is damaged", "restore a backup"]);
}

#[test]
fn a_database_of_a_newer_clickoff_is_refused_by_name() {
    let home = Home::new();
    let path = database(&home, "scores.db");
    let mut db = Db::open(&path);
    db.run(
        "INSERT INTO click_migrations (version, description, success, checksum, execution_time)
         VALUES (999, 'the future', TRUE, x'00', 0)",
    );
    drop(db);
    let wanted = ["was made by a newer clickoff", "\"the future\""];
    refused_file(&home, "scores.db", 7, &wanted);
}

#[test]
fn a_database_of_another_program_is_refused() {
    let home = Home::new();
    let wanted = ["is the database of another program"];
    Db::open(&home.join("songs.db")).run("CREATE TABLE songs (id INTEGER PRIMARY KEY, title TEXT)");
    refused_file(&home, "songs.db", 7, &wanted);
    // Its users are other users.
    Db::open(&home.join("site.db")).run("CREATE TABLE users (id INTEGER PRIMARY KEY, login TEXT)");
    refused_file(&home, "site.db", 7, &wanted);
}

#[test]
fn a_place_that_can_hold_no_file_is_refused() {
    let home = Home::new();
    let path = home.path().display();
    let words = refused(&home, &["--database", &path.to_string()], 6);
    assert!(words.contains("it is a directory"), "{words}");
    let missing = format!("{path}/no/such/scores.db");
    let words = refused(&home, &["--database", &missing], 6);
    let wanted = format!("there is no directory {path}/no/such");
    assert!(words.contains(&wanted), "{words}");
    assert!(words.contains("mkdir -p"), "{words}");
    let words = refused(&home, &["--database", "/dev/null"], 6);
    assert!(words.contains("not a regular file"), "{words}");
    assert_eq!(names(home.path()), Vec::<PathBuf>::new());
}

#[test]
fn wrong_usage_and_wrong_settings_are_named() {
    let home = Home::new();
    let words = refused(&home, &["--database", "redis://localhost/1"], 2);
    assert!(words.contains("unknown scheme \"redis\""), "{words}");
    assert!(words.contains("(given by --database)"), "{words}");
    let words = refused(&home, &["--database", ""], 2);
    assert!(words.contains("is empty"), "{words}");
    let words = refused(&home, &["--databse", "x.db"], 2);
    assert!(
        words.contains("--databse") && words.contains("Usage:"),
        "{words}"
    );
    let variable = home
        .game()
        .env("CLICKOFF_DATABASE", "oracle://u:secret@h/x");
    let words = Game::begin(variable).ends(2);
    assert!(words.contains("(given by CLICKOFF_DATABASE)"), "{words}");
    assert!(!words.contains("secret"), "{words}");
    let latin1 = OsStr::from_bytes(b"caf\xe9.db");
    let words = Game::begin(home.game().arg("--database").arg(latin1)).ends(2);
    assert!(words.contains("not valid UTF-8"), "{words}");

    let config = home.join("config.toml");
    fs::write(&config, "player = 'Ada'\nmouse = 'sometimes'\n").expect("written");
    let config = config.display().to_string();
    let words = refused(&home, &["--config", &config], 2);
    assert!(
        words.contains(&config) && words.contains("line 2"),
        "{words}"
    );
    let words = refused(&home, &["--config", "/no/such/config.toml"], 2);
    assert!(words.contains("/no/such/config.toml"), "{words}");
}

#[test]
fn a_game_without_a_terminal_says_so_and_writes_nothing_else() {
    let home = Home::new();
    let wanted = "clickoff: the game needs a terminal for its keys and its screen";
    let game = Game::begin(home.game().stdin(Stdio::null()));
    let words = game.ends(9);
    assert!(words.starts_with(wanted), "{words}");

    let (mut reader, writer) = std::io::pipe().expect("a pipe");
    let game = Game::begin(home.game().stdout(writer));
    let words = game.ends(9);
    assert!(words.starts_with(wanted), "{words}");
    let mut piped = Vec::new();
    reader.read_to_end(&mut piped).expect("read");
    assert_eq!(piped, b"");
    assert!(!home.join(".local").exists(), "files made");
}

/// A directory with a game's file, for somebody who may not write all of it.
struct Shared {
    dir: tempfile::TempDir,
    root: bool,
}

impl Shared {
    fn new() -> Self {
        let dir = tempfile::tempdir().expect("a directory");
        let root = rustix::process::geteuid().is_root();
        // Permissions don't bind root, so another user has to play, with a program in reach.
        fs::copy(CLICKOFF, dir.path().join("clickoff")).expect("copied");
        let home = dir.path().join("scores");
        fs::create_dir(&home).expect("made");
        let mut db = Db::open(&home.join("scores.db"));
        db.run(USERS);
        db.run("INSERT INTO users (name, score) VALUES ('Ada', 7)");
        drop(db);
        fs::set_permissions(dir.path(), Permissions::from_mode(0o755)).expect("set");
        Self { dir, root }
    }

    fn file(&self) -> PathBuf {
        self.dir.path().join("scores/scores.db")
    }

    /// Sets the modes of the directory and the file, as they are for the one who plays.
    fn allow(&self, directory: u32, file: u32) {
        let set = |path: &Path, mode| fs::set_permissions(path, Permissions::from_mode(mode));
        set(&self.file(), file).expect("set");
        set(&self.dir.path().join("scores"), directory).expect("set");
    }

    #[track_caller]
    fn refuses(&self, file: &Path) {
        let mut builder = Session::builder(self.dir.path().join("clickoff"));
        if self.root {
            builder = builder.user(65534, 65534);
        }
        let game = Game::begin(builder.arg("--database").arg(file).size(200, 24));
        let words = game.ends(6);
        let wanted = format!("{} can't be written", file.display());
        assert!(words.contains(&wanted), "{words}");
        assert!(words.contains("Allow writing"), "{words}");
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        self.allow(0o755, 0o644);
    }
}

#[test]
fn what_may_not_be_written_is_refused_and_left_alone() {
    let shared = Shared::new();
    let before = fs::read(shared.file()).expect("bytes");
    // Read-only alone, in a read-only directory, and writable in a directory where no journal can be.
    for (directory, file) in [(0o777, 0o444), (0o555, 0o444), (0o555, 0o666)] {
        shared.allow(directory, file);
        shared.refuses(&shared.file());
    }
    shared.refuses(&shared.dir.path().join("scores/new.db"));
    assert!(before == fs::read(shared.file()).expect("bytes"));
    assert_eq!(names(&shared.dir.path().join("scores")), [shared.file()]);
}
