//! The two programs of the comparison, each in its own pseudo-terminal.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use clickoff::game::Entry;
use clickoff::store::{AnyStore, Store, Target};

use crate::floor;
use crate::pty::{Screen, Session};
use crate::screen::saved_score;
use crate::sqlite::Database;

/// One of the two programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Program {
    Clickoff,
    Floor,
}

/// Both, in the order of the table's columns.
pub const BOTH: [Program; 2] = [Program::Clickoff, Program::Floor];

/// Every round begins with the other program, so that the disk activity of one does not always
/// affect the other.
pub fn in_turn(round: usize) -> [Program; 2] {
    let [a, b] = BOTH;
    if round.is_multiple_of(2) {
        [a, b]
    } else {
        [b, a]
    }
}

/// The paths of the programs, their home and their databases.
pub struct Place {
    /// The clickoff binary that is measured.
    pub clickoff: PathBuf,
    directory: tempfile::TempDir,
}

impl Place {
    /// In cargo's target directory, which is more often on a real disk than `/tmp`.
    pub fn new() -> Self {
        let target = Path::new(env!("CARGO_TARGET_TMPDIR"));
        std::fs::create_dir_all(target).expect("making cargo's directory");
        let clickoff = std::env::var_os("CLICKOFF_BENCH_BINARY");
        let clickoff = clickoff.unwrap_or_else(|| env!("CARGO_BIN_EXE_clickoff").into());
        Self {
            clickoff: clickoff.into(),
            directory: tempfile::tempdir_in(target).expect("making a directory"),
        }
    }

    /// The directory of the databases.
    pub fn directory(&self) -> &Path {
        self.directory.path()
    }

    /// Creates a database in which Ada has no points. In clickoff's, eleven others fill the list.
    pub fn database(&self, program: Program, name: &str) -> PathBuf {
        let path = self.directory().join(format!("{name}-{program:?}.db"));
        if program == Program::Floor {
            floor::make(&path);
            return path;
        }
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime");
        runtime.block_on(async {
            let mut store = AnyStore::new(Target::Sqlite(path.clone()));
            store.open().await.expect("making a database");
            let others = (2..=12).map(|n| format!("Player {n}"));
            for name in std::iter::once("Ada".to_owned()).chain(others) {
                let entry = Entry::new(&name, "").expect("a name");
                let added = store.add(&entry).await;
                added.expect("adding a player");
            }
        });
        path
    }
}

/// Ada's score in the file of either program.
pub fn score_in(file: &Path) -> i64 {
    let score = Database::open(file).run("SELECT score FROM users WHERE name = 'Ada'");
    score.expect("the player is there")
}

/// A running program whose screen is complete.
pub struct Game {
    pub session: Session,
    pub program: Program,
    /// The time from before the fork until the first complete frame had arrived.
    pub start: Duration,
}

impl Game {
    /// Starts a program on an existing database.
    pub fn start(place: &Place, program: Program, file: &Path) -> Self {
        let exe = match program {
            Program::Clickoff => place.clickoff.clone(),
            Program::Floor => std::env::current_exe().expect("the benchmark's own path"),
        };
        let builder = Session::builder(exe).deadline(Duration::from_secs(120));
        // All share one home, since most starts find existing directories.
        let builder = builder.env("HOME", place.directory());
        let builder = match program {
            Program::Clickoff => builder.args(["--player", "Ada", "--database"]),
            Program::Floor => builder.arg("floor"),
        };
        let begun = Instant::now();
        let session = builder.arg(file).spawn();
        let complete = |screen: &Screen| match program {
            // The row of keys is drawn last.
            Program::Clickoff => shown(screen).is_some() && screen.contents().contains("q quit"),
            Program::Floor => shown(screen).is_some(),
        };
        let arrived = session.wait(complete, "the first complete frame");
        Self {
            start: arrived - begun,
            session,
            program,
        }
    }

    /// Waits until the screen shows this score as saved, and returns when it arrived.
    pub fn wait_for(&self, score: i64) -> Instant {
        let is_shown = |screen: &Screen| shown(screen) == Some(score);
        self.session.wait(is_shown, &format!("the score {score}"))
    }

    /// The score on the screen.
    pub fn score(&self) -> i64 {
        shown(&self.session.screen()).expect("a score on the screen")
    }

    /// Presses once, and returns the time until the committed score was on the screen.
    pub fn press(&self) -> Duration {
        let next = self.score() + 1;
        let sent = Instant::now();
        self.session.keys(" ");
        self.wait_for(next) - sent
    }

    /// Quits; the program must report success.
    pub fn quit(self) {
        self.session.keys("q");
        let status = self.session.wait_exit();
        assert!(status.success(), "{:?} ended with {status}", self.program);
    }
}

/// The committed score, if the screen shows that nothing is waiting.
fn shown(screen: &Screen) -> Option<i64> {
    let floor = || {
        let text = screen.contents();
        let line = text.lines().find(|line| line.contains("Score: "))?;
        line.split_whitespace().next_back()?.parse().ok()
    };
    saved_score(screen).or_else(floor)
}
