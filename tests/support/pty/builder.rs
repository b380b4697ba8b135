//! Starts a program in a pseudo-terminal, with an environment in which nothing of the test's own is left.

#![allow(
    unsafe_code,
    reason = "what a child does between fork and exec is out of safe Rust's reach"
)]

use std::ffi::{OsStr, c_int};
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::Duration;

use rustix::process::{self, Gid, Pid, Signal, Uid};
use rustix::pty::{OpenptFlags, ioctl_tiocgptpeer, openpt, unlockpt};
use rustix::termios::tcgetattr;

use super::{Session, Terminal};

/// A program yet to be started, and its terminal; made by [`Session::builder`].
pub struct Builder {
    command: Command,
    master: OwnedFd,
    slave: OwnedFd,
    home: tempfile::TempDir,
    size: (u16, u16),
    ignore_sighup: bool,
    synchronizes: bool,
    deadline: Duration,
    kitty: Option<u16>,
    is_silent: bool,
    delay: Option<Duration>,
}

macro_rules! as_in_command {
    ($($(#[$doc:meta])* $name:ident($($arg:ident: $type:ty),*);)*) => {$(
        $(#[$doc])*
        pub fn $name(mut self, $($arg: $type),*) -> Self {
            self.command.$name($($arg),*);
            self
        }
    )*};
}

impl Builder {
    as_in_command! {
        /// Adds one argument.
        arg(arg: impl AsRef<OsStr>);
        /// Adds several arguments.
        args(args: impl IntoIterator<Item = impl AsRef<OsStr>>);
        /// Sets an environment variable; HOME is otherwise an empty directory that goes with the session.
        env(name: impl AsRef<OsStr>, value: impl AsRef<OsStr>);
        /// Sets several environment variables.
        envs(vars: impl IntoIterator<Item = (impl AsRef<OsStr>, impl AsRef<OsStr>)>);
        /// Leaves out one of the default environment variables: PATH, TERM, LANG, HOME.
        env_remove(name: impl AsRef<OsStr>);
        /// Sets the working directory, which is otherwise the test's.
        current_dir(dir: impl AsRef<Path>);
        /// Replaces the terminal as standard input; it stays the controlling terminal, `/dev/tty`.
        stdin(stdin: impl Into<Stdio>);
        /// Replaces the terminal as standard output, for example by a [`std::io::pipe`]'s writer.
        stdout(stdout: impl Into<Stdio>);
        /// Replaces the terminal as standard error.
        stderr(stderr: impl Into<Stdio>);
    }

    /// Sets the terminal's size in cells, which is otherwise 80 by 24.
    pub fn size(mut self, cols: u16, rows: u16) -> Self {
        self.size = (cols, rows);
        self
    }

    /// Starts the program with SIGHUP ignored, as `nohup` does.
    pub fn ignore_sighup(mut self) -> Self {
        self.ignore_sighup = true;
        self
    }

    /// Has the terminal speak the kitty keyboard protocol.
    pub fn kitty(self) -> Self {
        self.kitty_with(0b1_1111)
    }

    /// Has the terminal speak the kitty keyboard protocol with these flags alone.
    pub fn kitty_with(mut self, flags: u16) -> Self {
        self.kitty = Some(flags);
        self
    }

    /// Has the terminal answer no question; the test may.
    pub fn silent(mut self) -> Self {
        self.is_silent = true;
        self
    }

    /// Has the terminal's answers come so much later, as over a long line.
    pub fn answers_after(mut self, delay: Duration) -> Self {
        self.delay = Some(delay);
        self
    }

    /// Plays a terminal that does not know synchronized output, and answers no question about it.
    pub fn without_synchronized_output(mut self) -> Self {
        self.synchronizes = false;
        self
    }

    /// Sets how long each wait may take, which is otherwise 20 s.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = deadline;
        self
    }

    /// Runs the program as another user, who gets the terminal and the default HOME.
    ///
    /// # Panics
    /// Unless the test runs as root.
    pub fn user(mut self, uid: u32, gid: u32) -> Self {
        let owner = (Some(Uid::from_raw(uid)), Some(Gid::from_raw(gid)));
        rustix::fs::fchown(&self.slave, owner.0, owner.1).expect("only root can give away a tty");
        rustix::fs::chown(self.home.path(), owner.0, owner.1).expect("giving away HOME");
        self.command.uid(uid).gid(gid);
        self
    }

    /// Starts the program.
    ///
    /// # Panics
    /// When it cannot be started.
    #[track_caller]
    pub fn spawn(mut self) -> Session {
        let saved = tcgetattr(&self.slave).expect("reading the terminal's settings");
        let tty = copy(&self.slave);
        let set_up = move || {
            process::setsid()?;
            process::ioctl_tiocsctty(&tty)?;
            reset_signals(self.ignore_sighup);
            // The user has been changed by now, which would have cleared it.
            process::set_parent_process_death_signal(Some(Signal::KILL))?;
            Ok(())
        };
        // SAFETY: between fork and exec only async-signal-safe functions may be called; these are
        // bare system calls and signal(2), which take no lock and allocate nothing.
        unsafe { self.command.pre_exec(set_up) };

        let terminal = Terminal::new(self.master, self.size.0, self.size.1);
        let mut state = terminal.lock();
        let emulator = state.parser.callbacks_mut();
        (emulator.synchronizes, emulator.kitty) = (self.synchronizes, self.kitty);
        (emulator.is_silent, emulator.delay) = (self.is_silent, self.delay);
        drop(state);
        let terminal = Arc::new(terminal);
        let (woken, wake) = io::pipe().expect("making a pipe");
        let (started, answer) = mpsc::channel();
        let program = self.command.get_program().to_owned();
        // The kernel sends the parent's death signal when the thread that forked ends, not when
        // its process does: so the thread that lives as long as the session does the forking.
        let (reader, mut command) = (Arc::clone(&terminal), self.command);
        let reader = thread::spawn(move || {
            let child = command.spawn();
            drop(command); // and with it the slave, and the test's pipes
            let pid = child.as_ref().map(Pid::from_child);
            reader.lock().group = pid.as_ref().ok().copied();
            _ = started.send(pid.map_err(ToString::to_string));
            if let Ok(child) = child {
                reader.run(child, woken);
            }
        });
        let answer = answer.recv().expect("the thread that starts it panicked");
        let pid = match answer {
            Ok(pid) => pid,
            Err(error) => panic!("cannot start {program:?}: {error}"),
        };
        Session {
            terminal,
            wake,
            slave: self.slave,
            saved,
            child: pid,
            pid,
            deadline: self.deadline,
            reader: Some(reader),
            _home: self.home,
        }
    }
}

impl Session {
    /// Prepares a program, sought in PATH when its name has no slash, with a clean environment.
    ///
    /// # Panics
    /// When the system has no pseudo-terminal to give.
    pub fn builder(program: impl AsRef<OsStr>) -> Builder {
        // Without NOCTTY it could become the controlling terminal of the test itself.
        let flags = OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC;
        let master = openpt(flags).expect("opening a pseudo-terminal");
        unlockpt(&master).expect("unlocking the pseudo-terminal");
        rustix::io::ioctl_fionbio(&master, true).expect("making the master non-blocking");
        let slave = ioctl_tiocgptpeer(&master, flags).expect("opening the terminal's slave");
        let home = tempfile::tempdir().expect("making a home directory");
        let path = std::env::var_os("PATH").unwrap_or_else(|| "/usr/bin:/bin".into());
        let mut command = Command::new(program);
        command
            .env_clear()
            .env("PATH", path)
            .env("HOME", home.path());
        command.env("TERM", "xterm-256color").env("LANG", "C.UTF-8");
        command
            .stdin(copy(&slave))
            .stdout(copy(&slave))
            .stderr(copy(&slave));
        Builder {
            command,
            master,
            slave,
            home,
            size: (80, 24),
            ignore_sighup: false,
            synchronizes: true,
            deadline: Duration::from_secs(20),
            kitty: None,
            is_silent: false,
            delay: None,
        }
    }
}

fn copy(descriptor: &OwnedFd) -> OwnedFd {
    descriptor.try_clone().expect("copying a descriptor")
}

/// Undoes what background shells and `nohup` do to those they start, which may be this test.
fn reset_signals(ignore_sighup: bool) {
    unsafe extern "C" {
        // rustix has nothing like it; it comes from the C library, which std is linked to.
        fn signal(number: c_int, handler: usize) -> usize;
    }
    const SIG_DFL: usize = 0;
    const SIG_IGN: usize = 1;
    let hup = if ignore_sighup { SIG_IGN } else { SIG_DFL };
    let others = [Signal::INT, Signal::QUIT, Signal::TERM, Signal::TSTP];
    for (number, handler) in [(Signal::HUP, hup)]
        .into_iter()
        .chain(others.map(|s| (s, SIG_DFL)))
    {
        // SAFETY: these handlers are no functions, and any number is allowed.
        unsafe { signal(number.as_raw(), handler) };
    }
}
