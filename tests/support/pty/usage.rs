//! What `/proc` tells about the program of a session.

use std::fs;

use super::Session;

/// Each of these panics when the program has ended.
impl Session {
    /// Whether a signal has stopped the program.
    #[track_caller]
    pub fn is_stopped(&self) -> bool {
        self.stat(3) == "T"
    }

    /// The processor time the program has used, in clock ticks of 10 ms.
    #[track_caller]
    pub fn cpu_ticks(&self) -> u64 {
        let [user, system] = [14, 15].map(|n| self.stat(n).parse::<u64>());
        user.expect("utime is a number") + system.expect("stime is a number")
    }

    /// The program's resident memory, in KiB.
    #[track_caller]
    pub fn rss_kb(&self) -> u64 {
        let status = self.proc("status");
        number(&status, "VmRSS:").expect("a program that has ended has no memory")
    }

    /// How often the program's threads have gone to sleep of their own accord; ended threads don't count.
    #[track_caller]
    pub fn voluntary_switches(&self) -> u64 {
        let tasks = fs::read_dir(format!("/proc/{}/task", self.pid()));
        let tasks = tasks.expect("the program has ended").flatten();
        // A thread may end between being listed and being read.
        let read = |task: fs::DirEntry| fs::read_to_string(task.path().join("status")).ok();
        let switches = |status: String| number(&status, "voluntary_ctxt_switches:");
        tasks.filter_map(read).filter_map(switches).sum()
    }

    /// A field of `/proc/PID/stat` by its number in proc_pid_stat(5), from 3.
    #[track_caller]
    fn stat(&self, field: usize) -> String {
        let stat = self.proc("stat");
        // Field 2 is the name, in parentheses, which may itself have spaces and parentheses.
        let (_, fields) = stat.rsplit_once(") ").expect("a name in parentheses");
        let field = fields.split(' ').nth(field - 3);
        field.expect("/proc/PID/stat has this field").to_owned()
    }

    #[track_caller]
    fn proc(&self, file: &str) -> String {
        let path = format!("/proc/{}/{file}", self.pid());
        fs::read_to_string(path).expect("the program has ended")
    }
}

fn number(status: &str, name: &str) -> Option<u64> {
    let value = status.lines().find_map(|line| line.strip_prefix(name))?;
    value.split_whitespace().next()?.parse().ok()
}
