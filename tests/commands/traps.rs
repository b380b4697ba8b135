//! Malicious files: dangerous features of SQLite are not used, and nothing hangs or grows without
//! limit.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use rustix::fs::{CWD, FileType, Mode, mknodat};
use rustix::process::Signal;

use crate::db::Db;
use crate::home::{CLICKOFF, Home, Run, Running};
use crate::place::{Place, TABLE, row};
use crate::pty::Session;

/// The first eight bytes of a journal, and the last of one that names a super-journal.
const MAGIC: [u8; 8] = [0xd9, 0xd5, 0x05, 0xf9, 0x20, 0xa1, 0x63, 0xd7];

/// A journal that is to be played back into a database of one page, by which SQLite deletes the
/// named file (<https://www.sqlite.org/fileformat.html#the_rollback_journal>).
fn journal_naming(file: &Path) -> Vec<u8> {
    let name = file.to_str().expect("text").as_bytes();
    let mut journal = MAGIC.to_vec();
    for number in [0, 1, 2, 512, 4096_u32] {
        journal.extend(number.to_be_bytes());
    }
    journal.resize(512, 0);
    let lock_page: u32 = 0x4000_0000 / 4096 + 1;
    journal.extend(lock_page.to_be_bytes());
    journal.extend(name);
    let length = u32::try_from(name.len()).expect("short");
    journal.extend(length.to_be_bytes());
    let sum: u32 = name.iter().map(|byte| u32::from(*byte)).sum();
    journal.extend(sum.to_be_bytes());
    journal.extend(MAGIC);
    journal
}

/// Every command that opens a SQLite file, with the file as `{}`.
const OPENING: &[&str] = &[
    "-d {} players list",
    "-d {} players add Eve",
    "-d {} click Ada",
    "-d {} history Ada",
    "-d {} top",
    "-d {} sprints",
    "-d {} rules",
    "-d {} rules --max-rate 5",
    "-d {} watch",
    "-d {} doctor",
    "-d {} verify",
    "-d {} guard install",
    "-d {} export",
    "-d {} backup copy.db",
    "-d {} import other.jsonl",
    "-d {} restore other.jsonl",
    "copy --from {} --to new.db",
    "copy --from other.db --to {}",
    "-d new.db import {}",
    "-d new.db restore {}",
];

fn run(home: &Home, line: &str, file: &Path) -> Run {
    let file = file.to_str().expect("text");
    let words: Vec<&str> = line
        .split(' ')
        .map(|word| if word == "{}" { file } else { word })
        .collect();
    home.run(&words)
}

/// A home with a database, another one, and players to import.
fn prepared() -> (Home, Place) {
    let (home, place) = (Home::new(), Place::sqlite().expect("a file"));
    place.fill(TABLE, &[row(1, "Ada", 7)]);
    home.run(&["-d", "other.db", "players", "add", "Bob"])
        .says("Added");
    let exported = home.run(&["-d", "other.db", "export"]);
    fs::write(home.join("other.jsonl"), exported.out).expect("written");
    (home, place)
}

#[test]
fn a_journal_that_would_delete_a_file_is_never_opened() {
    let (home, place) = prepared();
    let victim = home.join("thesis.txt");
    let journal = place.file().with_file_name("scores.db-journal");
    fs::write(&victim, "years of work").expect("written");
    fs::write(&journal, journal_naming(&victim)).expect("written");
    // SQLite finds the journal beside the file itself, by whatever link that is named.
    let link = home.join("link.db");
    symlink(place.file(), &link).expect("a link");
    for file in [&place.file(), &link] {
        for line in OPENING {
            let said = run(&home, line, file);
            assert_eq!(said.code, 6, "{line}: {} {}", said.out, said.err);
            assert!(said.err.contains("scores.db-journal is of a"), "{line}");
            assert!(victim.exists(), "{line}");
        }
        let mut asking = home.command(&["--", "clickoff", "-d"]);
        asking.arg(file).args(["players", "show", ""]);
        asking.env("_CLICKOFF_COMPLETE", "fish");
        let offered: Run = asking.output().expect("it starts").into();
        assert!(!offered.out.contains("Ada"), "{}", offered.out);
        assert!(victim.exists(), "completions");
    }
    // Opened by anybody else, it does delete the file; and a journal that is over does no harm.
    let mut over = journal_naming(&victim);
    over[0] = 0;
    fs::write(&journal, over).expect("written");
    run(&home, "-d {} click Ada", &place.file()).says("Ada");
    let (_, bait) = prepared();
    let journal = bait.file().with_file_name("scores.db-journal");
    fs::write(&journal, journal_naming(&victim)).expect("written");
    drop(Db::open(&bait.file()).try_run("SELECT * FROM users"));
    assert!(!victim.exists(), "or this test would show nothing");
}

#[test]
fn a_file_with_two_names_is_refused_by_both() {
    let (home, place) = prepared();
    let second = home.join("second.db");
    fs::hard_link(place.file(), &second).expect("a link");
    for file in [&place.file(), &second] {
        for line in OPENING {
            let said = run(&home, line, file);
            assert_eq!(said.code, 6, "{line}: {} {}", said.out, said.err);
            assert!(said.err.contains("2 names (hard links)"), "{}", said.err);
        }
    }
    fs::remove_file(&second).expect("removed");
    run(&home, "-d {} click Ada", &place.file()).says("Ada");
}

/// Tables that are taken for clickoff's, where the one of the players has no end.
const ENDLESS: &str = "
    CREATE TABLE click_migrations (version BIGINT PRIMARY KEY, description TEXT NOT NULL);
    INSERT INTO click_migrations VALUES (100, 'first release');
    CREATE TABLE click_meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
    INSERT INTO click_meta VALUES ('database', 'x');
    CREATE TABLE click_changes (user_id INTEGER PRIMARY KEY, seq INTEGER);
    CREATE VIEW users AS
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)
        SELECT i AS id, 'Ada' AS name, '' AS email, i AS score FROM n";

#[test]
fn a_file_without_an_end_is_given_up() {
    let home = Home::new();
    let file = home.join("endless.db");
    Db::open(&file).run(ENDLESS);
    for line in [
        "-d {} players list",
        "-d {} click Ada",
        "-d {} verify",
        "-d new.db import {}",
    ] {
        let begun = Instant::now();
        let said = run(&home, line, &file);
        assert!(
            [6, 7].contains(&said.code),
            "{line}: {} {}",
            said.code,
            said.err
        );
        assert!(begun.elapsed() < Duration::from_secs(30), "{line}");
    }
}

/// A pipe that nobody writes to.
fn pipe(path: &Path) {
    fs::create_dir_all(path.parent().expect("a directory")).expect("made");
    let mode = Mode::from_raw_mode(0o600);
    mknodat(CWD, path, FileType::Fifo, mode, 0).expect("a pipe");
}

/// Ends by itself or by one signal, and soon.
#[track_caller]
fn ends(mut command: Command, told: Option<Signal>) -> Run {
    let begun = Instant::now();
    command.stdin(Stdio::null());
    let running = Running::start(command);
    if let Some(signal) = told {
        std::thread::sleep(Duration::from_millis(500));
        running.signal(signal);
    }
    let run = running.ends();
    let took = begun.elapsed();
    assert!(took < Duration::from_secs(30), "{took:?} {}", run.err);
    run
}

#[test]
fn nothing_waits_for_a_pipe_that_stands_where_a_file_is_wanted() {
    let home = Home::new();
    let today = jiff::Timestamp::now().strftime("%Y-%m-%d");
    let state = home.join(".local/state/clickoff");
    pipe(&state.join(format!("clickoff.{today}.log")));
    pipe(&state.join("outbox/x.json"));
    pipe(&home.join(".config/clickoff/themes/x.toml"));
    pipe(&home.join(".config/clickoff/keymap.toml"));
    for line in ["players add Ada", "click Ada", "copy --to new.db"] {
        let words: Vec<&str> = line.split(' ').collect();
        let run = ends(home.command(&words), None);
        assert_eq!(run.code, 0, "{line}: {}", run.err);
    }
    let run = ends(home.command(&["doctor"]), None);
    assert_eq!(run.code, 2, "{}", run.err);
    assert!(run.err.contains("2 mistakes"), "{}", run.err);
    let run = ends(home.command(&["config", "check"]), None);
    run.fails(2, &["themes/x.toml", "keymap.toml", "not a regular file"]);
    pipe(&home.join("pipe.toml"));
    let run = ends(home.command(&["--config", "pipe.toml", "top"]), None);
    run.fails(2, &["pipe.toml can't be read: it is not a regular file"]);
    // Somebody may still write to this one; meanwhile it can be told to end.
    let import = home.command(&["-d", "new.db", "import", "pipe.toml"]);
    let run = ends(import, Some(Signal::TERM));
    assert_eq!(run.code, 128 + 15, "{}", run.err);

    // The game saves its presses all the same, and says what it could not read.
    let game = Session::builder(CLICKOFF)
        .env("HOME", home.path())
        .current_dir(home.path())
        .args(["--player", "Ada"])
        .spawn();
    game.wait_text("Ada");
    game.keys("   ");
    game.wait_text("4");
    game.keys("q");
    assert_eq!(game.wait_exit().code(), Some(0));
    home.run(&["players", "show", "Ada"]).says("4");
}

#[test]
fn what_is_far_too_large_is_told_and_not_read() {
    let home = Home::new();
    let brackets = "[".repeat(200 << 20);
    for (name, arguments) in [
        (".config/clickoff/config.toml", &["top"][..]),
        (".config/clickoff/keymap.toml", &["config", "check"]),
        (".config/clickoff/themes/x.toml", &["config", "check"]),
    ] {
        let path = home.join(name);
        fs::create_dir_all(path.parent().expect("a directory")).expect("made");
        fs::write(&path, &brackets).expect("written");
        let run = ends(home.command(arguments), None);
        run.fails(2, &[name, "more than the 262144 bytes"]);
        fs::write(&path, &brackets[..262_144]).expect("written");
        let run = ends(home.command(arguments), None);
        run.fails(2, &[name]);
        fs::remove_file(&path).expect("removed");
    }
}
