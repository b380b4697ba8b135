//! The processes of one private server: started, awaited, frozen and killed together.

use std::collections::HashSet;
use std::fs::{self, OpenOptions};
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

/// The pause between two looks at a state that is waited for.
const POLL: Duration = Duration::from_millis(10);

/// How long the kernel or an orderly shutdown gets to change a server's processes.
const PATIENCE: Duration = Duration::from_secs(60);

/// A server's first process, its descendants and what they print.
#[derive(Debug)]
pub struct Daemon {
    log: PathBuf,
    child: Mutex<Option<Child>>,
}

impl Daemon {
    /// A server that doesn't run yet and prints into the file `log`.
    pub fn new(log: PathBuf) -> Daemon {
        Daemon {
            log,
            child: Mutex::new(None),
        }
    }

    /// Starts the server in a process group of its own.
    ///
    /// # Panics
    ///
    /// Where it can't be started or runs already.
    pub fn launch(&self, mut command: Command) {
        let mut child = self.child();
        assert!(child.is_none(), "the server runs already");
        let log = OpenOptions::new()
            .create(true)
            .append(true)
            .open(&self.log)
            .expect("the server's directory is writable");
        let spawned = command
            .process_group(0)
            .stdin(Stdio::null())
            .stdout(log.try_clone().expect("a spare file descriptor"))
            .stderr(log)
            .spawn();
        *child = Some(spawned.unwrap_or_else(|error| panic!("{command:?}: {error}")));
    }

    /// Waits up to `limit` till `ready` is true of the launched server.
    ///
    /// # Panics
    ///
    /// With the log's end, where the server exits or the time is over.
    pub fn wait_until(&self, ready: impl Fn() -> bool, limit: Duration) {
        let deadline = Instant::now() + limit;
        while !ready() {
            let exited = match &mut *self.child() {
                Some(child) => child.try_wait().expect("a child's status is readable"),
                None => panic!("the server was ended while it was waited for"),
            };
            if let Some(status) = exited {
                panic!("the server ended with {status}:\n{}", self.log_end());
            }
            if Instant::now() > deadline {
                panic!("the server isn't ready in {limit:?}:\n{}", self.log_end());
            }
            thread::sleep(POLL);
        }
    }

    /// What the server has printed since it was first launched.
    pub fn log(&self) -> String {
        let log = fs::read(&self.log).unwrap_or_default();
        String::from_utf8_lossy(&log).into_owned()
    }

    /// Every process of the server, the launched one first.
    pub fn processes(&self) -> Vec<Pid> {
        let Some(root) = self.child().as_ref().map(Pid::from_child) else {
            return Vec::new();
        };
        let all = Process::all();
        let mut members = HashSet::from([root]);
        // Postgres gives each child its own group; what a state transfer leaves orphaned keeps it.
        while let Some(next) = all.iter().find(|process| {
            let ours = process.group == root.as_raw_pid()
                || members.iter().any(|pid| pid.as_raw_pid() == process.parent);
            ours && !members.contains(&process.pid)
        }) {
            members.insert(next.pid);
        }
        let mut pids: Vec<_> = members.into_iter().collect();
        pids.sort_by_key(|pid| (*pid != root, pid.as_raw_pid()));
        pids
    }

    /// Sends `signal` to the launched process and waits till all are gone.
    ///
    /// # Panics
    ///
    /// Where they aren't after a minute; they are killed first.
    pub fn stop(&self, signal: Signal) {
        self.thaw();
        let all = self.processes();
        let Some(root) = all.first() else {
            return;
        };
        let _ = kill_process(*root, signal);
        if poll(|| all.iter().copied().all(is_gone), PATIENCE) {
            self.reap();
        } else {
            self.kill9();
            panic!("the server didn't stop:\n{}", self.log_end());
        }
    }

    /// Kills all processes at one moment and waits till they are gone.
    pub fn kill9(&self) {
        // Frozen ones neither fork nor, as the postmaster would, recover from a killed child.
        self.try_freeze();
        let all = self.processes();
        for pid in &all {
            let _ = kill_process(*pid, Signal::KILL);
        }
        self.reap();
        poll(|| all.iter().copied().all(is_gone), PATIENCE);
    }

    /// Stops all processes where they are, till [`thaw`](Self::thaw).
    ///
    /// # Panics
    ///
    /// Where one still runs after a minute.
    pub fn freeze(&self) {
        assert!(self.try_freeze(), "the server can't be frozen");
    }

    /// Lets a frozen server run on.
    pub fn thaw(&self) {
        for pid in self.processes() {
            let _ = kill_process(pid, Signal::CONT);
        }
    }

    fn try_freeze(&self) -> bool {
        let all_stopped = || {
            let running = self.processes().into_iter().filter(|pid| !is_stopped(*pid));
            let mut none = true;
            // The parent comes first: stopped, it forks nothing that a next look has to find.
            for pid in running {
                none = false;
                let _ = kill_process(pid, Signal::STOP);
            }
            none
        };
        poll(all_stopped, PATIENCE)
    }

    fn reap(&self) {
        if let Some(mut child) = self.child().take() {
            let _ = child.wait();
        }
    }

    fn log_end(&self) -> String {
        let log = self.log();
        let lines: Vec<_> = log.lines().collect();
        lines[lines.len().saturating_sub(40)..].join("\n")
    }

    fn child(&self) -> MutexGuard<'_, Option<Child>> {
        // A panic elsewhere in a test must not keep the server from being ended.
        self.child.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        self.kill9();
    }
}

/// A line of the process table.
struct Process {
    pid: Pid,
    state: u8,
    parent: i32,
    group: i32,
}

impl Process {
    fn all() -> Vec<Process> {
        let proc = fs::read_dir("/proc").expect("/proc is mounted");
        proc.filter_map(|entry| Process::find(entry.ok()?.file_name().to_str()?.parse().ok()?))
            .collect()
    }

    /// The process with the number `pid`, unless it has ended.
    fn find(pid: i32) -> Option<Process> {
        let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
        // The program's name, in parentheses, may itself contain spaces and parentheses.
        let mut fields = stat.rsplit_once(") ")?.1.split(' ');
        let process = Process {
            pid: Pid::from_raw(pid)?,
            state: *fields.next()?.as_bytes().first()?,
            parent: fields.next()?.parse().ok()?,
            group: fields.next()?.parse().ok()?,
        };
        (!matches!(process.state, b'Z' | b'X')).then_some(process)
    }
}

fn is_gone(pid: Pid) -> bool {
    Process::find(pid.as_raw_pid()).is_none()
}

fn is_stopped(pid: Pid) -> bool {
    Process::find(pid.as_raw_pid()).is_none_or(|process| process.state == b'T')
}

fn poll(mut done: impl FnMut() -> bool, limit: Duration) -> bool {
    let deadline = Instant::now() + limit;
    while !done() {
        if Instant::now() > deadline {
            return false;
        }
        thread::sleep(POLL);
    }
    true
}
