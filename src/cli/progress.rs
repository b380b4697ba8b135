//! A progress bar for work that takes longer than a second.

use std::io::IsTerminal;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::common::is_quiet;

/// Work that is shorter than this gets no bar.
const LONG: Duration = Duration::from_secs(1);

/// A bar on standard error. It appears after a second, and only on a terminal.
#[derive(Debug)]
pub struct Bar {
    bar: ProgressBar,
    since: Instant,
    hidden: bool,
}

impl Bar {
    /// Begins work with this many steps.
    pub fn new(steps: u64) -> Self {
        Self::styled(
            Some(steps),
            "{wide_bar} {human_pos} of {human_len}, {eta} left",
        )
    }

    /// Begins work whose amount, and unit, may be unknown.
    pub fn of(all: Option<u64>) -> Self {
        let known = "{wide_bar} {percent} %, {eta} left";
        let style = all.map_or("{spinner} {human_pos}", |_| known);
        Self::styled(all, style)
    }

    fn styled(all: Option<u64>, style: &str) -> Self {
        let bar = ProgressBar::with_draw_target(all, ProgressDrawTarget::hidden());
        // A constant template, which is valid.
        bar.set_style(ProgressStyle::with_template(style).unwrap_or(ProgressStyle::default_bar()));
        Self {
            bar,
            since: Instant::now(),
            hidden: true,
        }
    }

    /// Adds steps that are done.
    pub fn advance(&mut self, steps: u64) {
        self.bar.inc(steps);
        self.show();
    }

    /// Sets how much is done.
    pub fn reach(&mut self, behind: u64) {
        self.bar.set_position(behind);
        self.show();
    }

    fn show(&mut self) {
        if self.hidden
            && !is_quiet()
            && self.since.elapsed() >= LONG
            && std::io::stderr().is_terminal()
        {
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
            self.hidden = false;
        }
    }
}

/// Clears the line for the next message, however the work ended.
impl Drop for Bar {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
