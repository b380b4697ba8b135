//! A progress bar for what takes long, and nothing at all for what does not.

use std::io::IsTerminal;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::frame::is_quiet;

/// What is over before this needs no bar.
const LONG: Duration = Duration::from_secs(1);

/// A bar on standard error, once the work has taken a second and somebody sits there.
#[derive(Debug)]
pub struct Bar {
    bar: ProgressBar,
    since: Instant,
    hidden: bool,
}

impl Bar {
    /// Begins work of so many steps.
    pub fn new(steps: u64) -> Self {
        Self::styled(
            Some(steps),
            "{wide_bar} {human_pos} of {human_len}, {eta} left",
        )
    }

    /// Begins work of which it may not be known how much it is, nor of what.
    pub fn of(all: Option<u64>) -> Self {
        let known = "{wide_bar} {percent} %, {eta} left";
        let style = all.map_or("{spinner} {human_pos}", |_| known);
        Self::styled(all, style)
    }

    fn styled(all: Option<u64>, style: &str) -> Self {
        let bar = ProgressBar::with_draw_target(all, ProgressDrawTarget::hidden());
        // A text of our own, which is known to be one.
        bar.set_style(ProgressStyle::with_template(style).unwrap_or(ProgressStyle::default_bar()));
        Self {
            bar,
            since: Instant::now(),
            hidden: true,
        }
    }

    /// So many steps more are done.
    pub fn advance(&mut self, steps: u64) {
        self.bar.inc(steps);
        self.show();
    }

    /// So much is behind by now.
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

/// Whatever becomes of the work, the line is free for what is said next.
impl Drop for Bar {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
