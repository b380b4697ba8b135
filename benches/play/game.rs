//! The two programs that are compared, each played in a pseudo-terminal of its own.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use clickoff::game::Entry;
use clickoff::store::{AnyStore, Store, Target};

use crate::floor;
use crate::pty::{Screen, Session};
use crate::screen::saved_score;
use crate::sqlite::Database;

/// Which of the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Program {
    Clickoff,
    Floor,
}

/// Both, in the order of the table's columns.
pub const BOTH: [Program; 2] = [Program::Clickoff, Program::Floor];

/// Each round begins with the other one, so that neither always has the other's disk behind it.
pub fn in_turn(round: usize) -> [Program; 2] {
    let [a, b] = BOTH;
    if round.is_multiple_of(2) {
        [a, b]
    } else {
        [b, a]
    }
}

/// Where the programs, their home and their databases are.
pub struct Place {
    /// The clickoff that is measured.
    pub clickoff: PathBuf,
    directory: tempfile::TempDir,
}

impl Place {
    /// In cargo's target directory, which is on a real disk more often than `/tmp` is.
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

    /// Makes a database in which Ada has no point yet; in clickoff's, eleven others fill the list.
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
                let email = String::new();
                let added = store.add(&Entry { name, email }).await;
                added.expect("adding a player");
            }
        });
        path
    }
}

/// Ada's score in a file, of either program.
pub fn score_in(file: &Path) -> i64 {
    let score = Database::open(file).run("SELECT score FROM users WHERE name = 'Ada'");
    score.expect("the player is there")
}

/// A program that runs and shows all it has to show.
pub struct Game {
    pub session: Session,
    pub program: Program,
    /// From before the fork until the last of the first complete frame arrived.
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
        // One home for all, for most starts find its directories made.
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

    /// Waits until the screen shows this score as saved; gives when it arrived there.
    pub fn wait_for(&self, score: i64) -> Instant {
        let is_shown = |screen: &Screen| shown(screen) == Some(score);
        self.session.wait(is_shown, &format!("the score {score}"))
    }

    /// The score on the screen.
    pub fn score(&self) -> i64 {
        shown(&self.session.screen()).expect("a score on the screen")
    }

    /// Presses once; gives how long the committed score took to the screen.
    pub fn press(&self) -> Duration {
        let next = self.score() + 1;
        let sent = Instant::now();
        self.session.keys(" ");
        self.wait_for(next) - sent
    }

    /// Leaves; the program must say that all went well.
    pub fn quit(self) {
        self.session.keys("q");
        let status = self.session.wait_exit();
        assert!(status.success(), "{:?} ended with {status}", self.program);
    }
}

/// The committed score, where the screen says that nothing else waits.
fn shown(screen: &Screen) -> Option<i64> {
    let floor = || {
        let text = screen.contents();
        let line = text.lines().find(|line| line.contains("Score: "))?;
        line.split_whitespace().next_back()?.parse().ok()
    };
    saved_score(screen).or_else(floor)
}
