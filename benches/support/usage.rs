//! Resource usage: processor time of servers; memory, files and threads of one process.
#![allow(dead_code)] // each benchmark uses its own part of this

use std::collections::HashMap;
use std::fs;
use std::time::Duration;

use rustix::process::{Resource, getrlimit, setrlimit};

use super::machine;
use super::support::servers::{Engine, Server};

/// Raises this process's limit of open files as far as allowed.
pub fn allow_many_files() {
    let mut limit = getrlimit(Resource::Nofile);
    limit.current = limit.maximum;
    // If that is not enough, connecting fails with an error.
    let _ = setrlimit(Resource::Nofile, limit);
}

/// The processor time of processes, by process id.
pub type Times = HashMap<i32, Duration>;

/// The processor time of a server's processes.
pub fn server_time<E: Engine>(server: &Server<E>) -> Times {
    let processes = server.processes().into_iter();
    let times = processes.filter_map(|pid| Some((pid, machine::cpu_time(pid)?)));
    times.collect()
}

/// What was used since then. Processes that started or ended meanwhile are left out.
pub fn used(before: &Times, after: Times) -> Duration {
    let spent = |(pid, after): (i32, Duration)| Some(after.saturating_sub(*before.get(&pid)?));
    after.into_iter().filter_map(spent).sum()
}

/// The resources of a process.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Held {
    /// Resident memory, in KiB.
    pub memory: u64,
    /// Open files.
    pub files: usize,
    /// Threads.
    pub threads: usize,
}

impl Held {
    /// Of a running process.
    pub fn by(process: impl std::fmt::Display) -> Self {
        let entries = |what: &str| {
            let entries = fs::read_dir(format!("/proc/{process}/{what}"));
            entries.expect("a process that runs").count()
        };
        let status = fs::read_to_string(format!("/proc/{process}/status"));
        let status = status.expect("a process that runs");
        let mut lines = status.lines();
        let memory = lines.find_map(|line| line.strip_prefix("VmRSS:"));
        let memory = memory.and_then(|line| line.split_whitespace().next()?.parse().ok());
        Self {
            memory: memory.expect("resident memory"),
            files: entries("fd"),
            threads: entries("task"),
        }
    }
}

/// The bytes of all files in a directory and below it.
pub fn bytes_below(directory: &std::path::Path) -> u64 {
    let entries = fs::read_dir(directory).into_iter().flatten().flatten();
    let sizes = entries.map(|entry| match entry.file_type() {
        Ok(kind) if kind.is_dir() => bytes_below(&entry.path()),
        _ => entry.metadata().map_or(0, |data| data.len()),
    });
    sizes.sum()
}

/// Bytes as MiB.
pub fn mib(bytes: u64) -> String {
    format!("{:.1} MiB", bytes as f64 / (1 << 20) as f64)
}
