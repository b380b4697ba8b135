//! Facts about the machine, and what `/proc` tells about a process.
#![allow(dead_code)] // each benchmark uses its own part of this

use std::fs;
use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

use super::figures::{ms, percentile};

/// The machine and the file system of a directory, as one sentence.
pub fn facts(directory: &Path) -> String {
    let read = |file: &str| fs::read_to_string(file).unwrap_or_default();
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let processors = read("/proc/cpuinfo");
    let model = processors.lines().find(|l| l.starts_with("model name"));
    let model = model.and_then(|l| l.split_once(": ")).map(|(_, name)| name);
    let release = read("/proc/sys/kernel/osrelease");
    let mounts = read("/proc/self/mounts");
    // The longest mount point that contains the directory; the last one if several have the same
    // path.
    let mounts = mounts.lines().filter_map(|line| {
        let mut fields = line.split(' ').skip(1);
        Some((fields.next()?, fields.next()?))
    });
    let above = mounts.filter(|(point, _)| directory.starts_with(point));
    let files = above.max_by_key(|(point, _)| point.len());
    let load = read("/proc/loadavg");
    format!(
        "{cores} cores ({}), Linux {}, {}; making 4 KiB durable takes {}; load before {}.",
        model.unwrap_or("unknown"),
        release.trim(),
        files.map_or("unknown file system", |(_, kind)| kind),
        ms(sync_time(directory)),
        load.split(' ').next().unwrap_or("unknown"),
    )
}

/// How long the disk takes to make 4 KiB durable, as for every commit: the median of 100.
fn sync_time(directory: &Path) -> Duration {
    let mut file = tempfile::tempfile_in(directory).expect("a file to sync");
    let mut once = || {
        let begun = Instant::now();
        file.write_all(&[1; 4096]).expect("writing to the disk");
        file.sync_data().expect("syncing to the disk");
        begun.elapsed()
    };
    let mut times: Vec<Duration> = (0..100).map(|_| once()).collect();
    percentile(&mut times, 50)
}

/// The processor time of a process's live threads, finer than the ticks of `/proc/PID/stat`; `None`
/// if the kernel doesn't count it.
pub fn cpu_time(process: impl std::fmt::Display) -> Option<Duration> {
    let ran = |task: fs::DirEntry| -> Option<u64> {
        let text = fs::read_to_string(task.path().join("schedstat")).ok()?;
        text.split_whitespace().next()?.parse().ok()
    };
    let tasks = fs::read_dir(format!("/proc/{process}/task"))
        .ok()?
        .flatten();
    let nanoseconds = tasks.filter_map(ran).sum();
    (nanoseconds > 0).then(|| Duration::from_nanos(nanoseconds))
}
