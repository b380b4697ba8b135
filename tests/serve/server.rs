//! A server for a single test, and ssh clients with their own keys.

use std::io::{BufRead, BufReader, Write};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crate::database;
use crate::database::servers::{Engine, MariaDb, Missing, PASSWORD, Postgres, ROLE, require};
use crate::db::Db;
use crate::pty::{Builder, Session, Signal};

/// How long anything may take.
pub const PATIENCE: Duration = Duration::from_secs(30);

static POSTGRES: LazyLock<Result<Postgres, Missing>> = LazyLock::new(Postgres::start);
static MARIADB: LazyLock<Result<MariaDb, Missing>> = LazyLock::new(MariaDb::start);

/// The same tests on a database of each kind.
macro_rules! everywhere {
    ($($test:ident),* $(,)?) => {
        mod sqlite {
            $(#[test]
            fn $test() {
                super::$test($crate::server::Place::new());
            })*
        }
        mod postgres {
            $(#[test]
            fn $test() {
                $crate::server::Place::postgres().into_iter().for_each(super::$test);
            })*
        }
        mod mariadb {
            $(#[test]
            fn $test() {
                $crate::server::Place::mariadb().into_iter().for_each(super::$test);
            })*
        }
    };
}
pub(crate) use everywhere;

/// Asks a place's database.
type Asking = Box<dyn Fn(&Place, &str) -> String>;

/// A directory with the server's home and keys, and a database: a file in it, or on a server.
pub struct Place {
    dir: tempfile::TempDir,
    url: Option<String>,
    ask: Asking,
}

impl Place {
    /// One with a file.
    pub fn new() -> Self {
        let ask = |place: &Self, sql: &str| Db::open(&place.database()).number(sql).to_string();
        Self {
            dir: tempfile::tempdir().expect("a directory"),
            url: None,
            ask: Box::new(ask),
        }
    }

    /// One on a server, by this URL and with what asks there.
    pub fn on(url: String, ask: impl Fn(&str) -> String + 'static) -> Self {
        let ask = move |_: &Self, sql: &str| ask(sql);
        Self {
            url: Some(url),
            ask: Box::new(ask),
            ..Self::new()
        }
    }

    /// One on PostgreSQL, by a user who has the keeper's role.
    pub fn postgres() -> Option<Self> {
        let server = require(POSTGRES.as_ref().map_err(Clone::clone))?;
        let roles = include_str!("../../assets/roles/postgres.sql");
        let user = |name: &str| {
            format!("CREATE ROLE {name} LOGIN PASSWORD 's3cret'; GRANT clickoff_keeper TO {name}")
        };
        Some(Self::with_a_keeper(server, roles, user))
    }

    /// One on MariaDB, by a user who has the keeper's role.
    pub fn mariadb() -> Option<Self> {
        let server = require(MARIADB.as_ref().map_err(Clone::clone))?;
        let roles = include_str!("../../assets/roles/mariadb.sql");
        let user = |name: &str| {
            format!(
                "CREATE USER {name} IDENTIFIED BY 's3cret'; GRANT clickoff_keeper TO {name};
                 SET DEFAULT ROLE clickoff_keeper FOR {name}"
            )
        };
        Some(Self::with_a_keeper(server, roles, user))
    }

    fn with_a_keeper<E: Engine>(
        server: &'static database::servers::Server<E>,
        roles: &str,
        user: impl Fn(&str) -> String,
    ) -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!("t{}", NEXT.fetch_add(1, Ordering::Relaxed));
        let url = server.create_database(&name);
        let owner = Self::on(url.clone(), |_| String::new());
        owner.answer(&["players"]);
        server.sql_in(&name, roles);
        let keeper = format!("keeper_of_{name}");
        server.sql_in(&name, &user(&keeper));
        let url = url.replace(&format!("{ROLE}:{PASSWORD}@"), &format!("{keeper}:s3cret@"));
        Self::on(url, move |sql| server.sql_in(&name, sql))
    }

    pub fn join(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// What a number of the database is.
    #[track_caller]
    pub fn number(&self, sql: &str) -> i64 {
        let answer = (self.ask)(self, sql);
        answer
            .trim()
            .parse()
            .unwrap_or_else(|_| panic!("{sql}: {answer}"))
    }

    /// Adds players without a score, with names from `P1` on.
    pub fn fill(&self, players: u32) {
        let rows: Vec<String> = (1..=players).map(|n| format!("('P{n}', 0)")).collect();
        let rows = rows.join(", ");
        (self.ask)(
            self,
            &format!("INSERT INTO users (name, score) VALUES {rows} RETURNING id"),
        );
    }

    pub fn database(&self) -> PathBuf {
        self.join("game.db")
    }

    /// A command of the program under test, on this place's database.
    pub fn clickoff(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_clickoff"));
        command.env_clear().env("HOME", self.dir.path());
        match &self.url {
            Some(url) => command.env("CLICKOFF_DATABASE", url),
            None => command.arg("--database").arg(self.database()),
        };
        command
    }

    /// What such a command answers.
    #[track_caller]
    pub fn answer(&self, arguments: &[&str]) -> String {
        let output = self.clickoff().args(arguments).output().expect("run");
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{arguments:?}: {error}");
        String::from_utf8(output.stdout).expect("text")
    }

    /// Starts a server with a fault that is its own.
    #[track_caller]
    pub fn serve_with_fault(&self, fault: &str) -> Server {
        let mut faulty = self.clickoff();
        faulty.env("CLICKOFF_FAULT", fault);
        Server::start_by(faulty, "127.0.0.1:0", &[])
    }

    /// Starts a server.
    #[track_caller]
    pub fn serve(&self, arguments: &[&str]) -> Server {
        Server::start(self, "127.0.0.1:0", arguments)
    }

    /// A private key, made at the first call of the name.
    #[track_caller]
    pub fn key(&self, name: &str) -> PathBuf {
        let path = self.join(name);
        if !path.exists() {
            let made = Command::new("ssh-keygen")
                .args(["-q", "-t", "ed25519", "-N", "", "-C", name, "-f"])
                .arg(&path)
                .status();
            assert!(made.expect("OpenSSH's ssh-keygen").success());
        }
        path
    }

    pub fn score(&self, name: &str) -> i64 {
        self.number(&format!(
            "SELECT COALESCE(SUM(score), -1) FROM users WHERE name = '{name}'"
        ))
    }

    /// That a score is the sum of what was pressed, and the history agrees.
    #[track_caller]
    pub fn verify(&self) {
        self.answer(&["verify"]);
    }

    pub fn sum(&self) -> i64 {
        self.number("SELECT COALESCE(SUM(score), 0) FROM users")
    }
}

/// A running server.
pub struct Server {
    child: Child,
    pub address: String,
    pub port: u16,
    pub fingerprint: String,
    words: Option<JoinHandle<String>>,
    logs: PathBuf,
}

impl Server {
    #[track_caller]
    pub fn start(place: &Place, listen: &str, arguments: &[&str]) -> Self {
        Self::start_by(place.clickoff(), listen, arguments)
    }

    /// The same, by a command that may be a special one.
    #[track_caller]
    pub fn start_by(mut command: Command, listen: &str, arguments: &[&str]) -> Self {
        command.args(["serve", "--listen", listen]).args(arguments);
        let home = command.get_envs().find(|(name, _)| *name == "HOME");
        let home = home.and_then(|(_, value)| value).expect("a home");
        let logs = Path::new(home).join(".local/state/clickoff");
        command.stderr(Stdio::piped()).stdin(Stdio::null());
        let mut child = command.process_group(0).spawn().expect("started");
        let mut errors = BufReader::new(child.stderr.take().expect("piped"));
        let mut line = || {
            let mut line = String::new();
            errors.read_line(&mut line).expect("a line");
            line
        };
        let first = line();
        let address = first.trim().strip_prefix("clickoff: serving on ");
        let address = address.and_then(|rest| rest.strip_suffix('.'));
        let address = address.unwrap_or_else(|| panic!("{first}")).to_owned();
        let second = line();
        let fingerprint = second.trim().trim_end_matches('.');
        let fingerprint = fingerprint.rsplit(' ').next().expect("a word").to_owned();
        let words = std::thread::spawn(move || {
            let rest = errors.lines().map_while(Result::ok);
            rest.collect::<Vec<_>>().join("\n")
        });
        let port = address.rsplit(':').next().expect("a port");
        Self {
            child,
            port: port.parse().expect("a number"),
            address,
            fingerprint,
            words: Some(words),
            logs,
        }
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    pub fn signal(&self, signal: Signal) {
        let pid = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(pid, signal).expect("signalled");
    }

    /// Kills it with SIGKILL.
    pub fn kill9(mut self) {
        self.child.kill().expect("killed");
        self.child.wait().expect("ended");
    }

    /// Waits for its end; how it ended, and its last words.
    #[track_caller]
    pub fn wait(&mut self) -> (ExitStatus, String) {
        let begun = Instant::now();
        while begun.elapsed() < PATIENCE {
            if let Some(status) = self.child.try_wait().expect("asked") {
                let words = self.words.take().expect("once").join().expect("read");
                return (status, words);
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        panic!("the server does not end");
    }

    /// What it has logged.
    pub fn log(&self) -> String {
        let files = std::fs::read_dir(&self.logs)
            .into_iter()
            .flatten()
            .flatten();
        let logs = files.filter(|file| file.path().extension().is_some_and(|e| e == "log"));
        logs.map(|log| std::fs::read_to_string(log.path()).unwrap_or_default())
            .collect()
    }

    /// Ends it in order, as a keeper does.
    #[track_caller]
    pub fn end(&mut self) {
        self.signal(Signal::TERM);
        let (status, words) = self.wait();
        assert!(status.success(), "{status}: {words}");
    }

    /// How many sockets it has open.
    pub fn sockets(&self) -> usize {
        let files = std::fs::read_dir(format!("/proc/{}/fd", self.pid())).expect("its files");
        let files = files.filter_map(|file| std::fs::read_link(file.ok()?.path()).ok());
        let sockets = files.filter(|to| to.to_string_lossy().starts_with("socket:"));
        sockets.count()
    }

    /// How much memory it has, in kB.
    pub fn memory(&self) -> u64 {
        let path = format!("/proc/{}/status", self.pid());
        let status = std::fs::read_to_string(path).expect("a process");
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let number = line.and_then(|line| line.split_whitespace().next());
        number.expect("its memory").parse().expect("a number")
    }

    fn options(&self, place: &Place, key: Option<&Path>) -> Vec<String> {
        let known = place.join("known_hosts");
        let mut options = vec![
            "-F".to_owned(),
            "none".to_owned(),
            "-p".to_owned(),
            self.port.to_string(),
        ];
        let known = format!("UserKnownHostsFile={}", known.display());
        for option in [
            known.as_str(),
            "GlobalKnownHostsFile=/dev/null",
            "StrictHostKeyChecking=accept-new",
            "IdentitiesOnly=yes",
            "LogLevel=ERROR",
            "SendEnv=LANG LC_ALL NO_COLOR COLORTERM TZ",
        ] {
            options.extend(["-o".to_owned(), option.to_owned()]);
        }
        match key {
            Some(key) => options.extend(["-i".to_owned(), key.display().to_string()]),
            None => options.extend(["-o", "PubkeyAuthentication=no"].map(str::to_owned)),
        }
        options
    }

    /// OpenSSH's client in a pseudo-terminal, with this key or none; `user` goes before the host.
    pub fn client(&self, place: &Place, key: Option<&str>, user: &str, more: &[&str]) -> Builder {
        self.client_by(Session::builder("ssh"), place, key, user, more)
    }

    /// The same by a program that starts it.
    pub fn client_by(
        &self,
        builder: Builder,
        place: &Place,
        key: Option<&str>,
        user: &str,
        more: &[&str],
    ) -> Builder {
        let key = key.map(|key| place.key(key));
        builder
            .args(self.options(place, key.as_deref()))
            .args(more)
            .arg(format!("{user}@127.0.0.1"))
            .deadline(PATIENCE)
    }

    /// The same, started.
    #[track_caller]
    pub fn play(&self, place: &Place, key: &str) -> Session {
        self.client(place, Some(key), "play", &[]).spawn()
    }

    /// The same of a player who has been here before, once the list is there.
    #[track_caller]
    pub fn come_back(&self, place: &Place, key: &str) -> Session {
        let game = self.play(place, key);
        game.wait_text("saved");
        game
    }

    /// The client without a terminal, with this as its input.
    #[track_caller]
    pub fn script(
        &self,
        place: &Place,
        key: Option<&str>,
        user: &str,
        more: &[&str],
        input: &str,
    ) -> Output {
        let key = key.map(|key| place.key(key));
        let mut command = Command::new("ssh");
        command
            .args(self.options(place, key.as_deref()))
            .args(["-T", &format!("{user}@127.0.0.1")])
            .args(more)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().expect("OpenSSH's ssh");
        let mut stdin = child.stdin.take().expect("piped");
        // One that is refused reads nothing.
        let _ = stdin.write_all(input.as_bytes());
        drop(stdin);
        child.wait_with_output().expect("ended")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        if std::thread::panicking() {
            println!("--- the server's log ---\n{}", self.log());
        }
    }
}

/// Adds the player of a new key, by the form.
#[track_caller]
pub fn join(game: &Session, name: &str) {
    game.wait_text("New player");
    game.keys(name);
    game.keys("\r");
    game.wait_text(&format!("Welcome, {name}"));
}

/// Leaves by its key.
#[track_caller]
pub fn quit(game: &Session) {
    game.keys("q");
    let status = game.wait_exit();
    assert!(status.success(), "{status}\n{}", game.screen_text());
    game.terminal_restored();
}

/// Waits until a player stands in the list with so many points.
#[track_caller]
pub fn wait_score(game: &Session, name: &str, score: u64) {
    let shows = |line: &str| {
        let mut words = line.split_whitespace();
        words.any(|word| word == name) && words.any(|word| word == score.to_string())
    };
    game.wait(
        |screen| screen.contents().lines().any(shows),
        &format!("{name} with {score}"),
    );
}

pub fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
