//! Runs the program in an empty home directory.

use std::ffi::OsStr;
use std::io::BufReader;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Output, Stdio};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

use crate::support::proxy::{Counters, Proxy};

/// A proxy through which each call takes so long that a copy of thousands always has some left.
pub fn slow_proxy(server: SocketAddr) -> Proxy {
    let proxy = Proxy::start(server);
    proxy.delay(Duration::from_millis(50));
    proxy
}

/// How long a run may take to get somewhere, on a machine that is busy with other tests.
const PATIENCE: Duration = Duration::from_secs(60);

/// The program, or the one that stood in `CLICKOFF_PROGRAM` when the tests were built: a release of
/// another target is played so.
pub const CLICKOFF: &str = match option_env!("CLICKOFF_PROGRAM") {
    Some(program) => program,
    None => env!("CARGO_BIN_EXE_clickoff"),
};

/// A home directory.
pub struct Home {
    dir: TempDir,
}

/// How a run of the program ended.
#[derive(Debug)]
pub struct Run {
    /// What it said on standard output.
    pub out: String,
    /// What it said on standard error.
    pub err: String,
    /// Its exit code.
    pub code: i32,
}

impl From<Output> for Run {
    fn from(output: Output) -> Self {
        Self {
            out: String::from_utf8(output.stdout).expect("text"),
            err: String::from_utf8(output.stderr).expect("text"),
            code: output.status.code().unwrap_or(-1),
        }
    }
}

impl Run {
    /// Ended well, with this to say and nothing to complain of.
    #[track_caller]
    pub fn says(&self, words: &str) {
        assert_eq!((self.code, self.err.as_str()), (0, ""), "{}", self.out);
        assert!(self.out.contains(words), "no {words:?} in {}", self.out);
    }

    /// Ended with this code and with each of these in its complaint, which a terminal can show.
    #[track_caller]
    pub fn fails(&self, code: i32, words: &[&str]) {
        assert_eq!((self.code, self.out.as_str()), (code, ""), "{}", self.err);
        assert!(self.err.starts_with("clickoff: "), "{}", self.err);
        for words in words {
            assert!(self.err.contains(words), "no {words:?} in {}", self.err);
        }
        let control = |c: char| c.is_control() && c != '\n';
        assert!(!self.err.contains(control), "{:?}", self.err);
    }
}

impl Home {
    /// An empty one.
    pub fn new() -> Self {
        let dir = tempfile::tempdir().expect("a home directory");
        Self { dir }
    }

    /// The directory.
    pub fn path(&self) -> &Path {
        self.dir.path()
    }

    /// A file in it.
    pub fn join(&self, name: &str) -> PathBuf {
        self.path().join(name)
    }

    /// The program with these arguments, in this directory, and with no other environment.
    pub fn command(&self, arguments: &[impl AsRef<OsStr>]) -> Command {
        let mut command = Command::new(CLICKOFF);
        command
            .args(arguments)
            .current_dir(self.path())
            .env_clear()
            .env("HOME", self.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// Runs the program to its end.
    #[track_caller]
    pub fn run(&self, arguments: &[impl AsRef<OsStr>]) -> Run {
        self.command(arguments).output().expect("it starts").into()
    }

    /// Runs a command whose standard output nobody reads.
    #[track_caller]
    pub fn unread(mut command: Command) -> Run {
        let (reader, writer) = std::io::pipe().expect("a pipe");
        drop(reader);
        let child = command.stdout(writer).spawn().expect("it starts");
        child.wait_with_output().expect("an end").into()
    }

    /// Runs `clickoff copy` to its end.
    #[track_caller]
    pub fn copy(&self, from: &str, to: &str, more: &[&str]) -> Run {
        self.run(&copying(from, to, more))
    }

    /// Starts `clickoff copy`.
    #[track_caller]
    pub fn start_copy(&self, from: &str, to: &str) -> Running {
        Running::start(self.command(&copying(from, to, &[])))
    }
}

fn copying<'a>(from: &'a str, to: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    [&["copy", "--from", from, "--to", to], more].concat()
}

/// A run of the program that has not ended.
pub struct Running(Child);

impl Running {
    /// Starts the program.
    #[track_caller]
    pub fn start(mut command: Command) -> Self {
        Self(command.spawn().expect("it starts"))
    }

    /// One that was started already.
    pub fn of(child: Child) -> Self {
        Self(child)
    }

    /// Lets it come through a thousand players, by the bytes that passed a slow proxy, and then
    /// lets no byte through.
    #[track_caller]
    pub fn stops_in_the_middle(&self, proxy: &Proxy, bytes: fn(&Counters) -> u64) {
        let far = proxy.wait_for(|counters| bytes(counters) > 40_000, PATIENCE);
        assert!(far, "it came not so far: {:?}", proxy.counters());
        proxy.freeze();
    }

    /// Sends it a signal.
    pub fn signal(&self, signal: Signal) {
        let pid = Pid::from_child(&self.0);
        kill_process(pid, signal).expect("it runs");
    }

    /// What it says on standard output, while it says it.
    #[track_caller]
    pub fn output(&mut self) -> BufReader<ChildStdout> {
        BufReader::new(self.0.stdout.take().expect("a pipe"))
    }

    /// Waits for its end.
    pub fn ends(self) -> Run {
        self.0.wait_with_output().expect("an end").into()
    }
}
