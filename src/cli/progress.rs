//! A progress bar for work that takes longer than a second.

use std::io::Read;
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
}

impl Bar {
    /// Begins work with this many steps.
    pub fn new(steps: u64) -> Self {
        let style = "{wide_bar} {human_pos} of {human_len}, {eta} left";
        Self::styled(Some(steps), style)
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
        let since = Instant::now();
        Self { bar, since }
    }

    /// A reader that adds the bytes that are read.
    pub fn counting<R: Read>(&self, reader: R) -> impl Read + use<R> {
        self.bar.wrap_read(reader)
    }

    /// Adds steps that are done, and shows the bar if it is time.
    pub fn advance(&self, steps: u64) {
        self.bar.inc(steps);
        if self.bar.is_hidden() && !is_quiet() && self.since.elapsed() >= LONG {
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
        }
    }
}

/// Clears the line for the next message, however the work ended.
impl Drop for Bar {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
