//! The title of the terminal's window. It is written a few times a second at most.

use std::ffi::OsString;
use std::time::{Duration, Instant};

/// The least time between two titles.
const PAUSE: Duration = Duration::from_millis(400);

/// The title that the terminal shows.
#[derive(Debug, Default)]
pub struct Title {
    shown: Option<String>,
    since: Option<Instant>,
    /// When a title that came too soon may be written.
    due: Option<Instant>,
}

impl Title {
    /// The title to write now, if any.
    pub fn next(&mut self, wanted: String, now: Instant) -> Option<&str> {
        self.due = None;
        if self.shown.as_ref() == Some(&wanted) {
            return None;
        }
        let free = self.since.map(|since| since + PAUSE);
        self.due = free.filter(|free| *free > now);
        if self.due.is_some() {
            return None;
        }
        self.since = Some(now);
        Some(self.shown.insert(wanted))
    }

    /// When the title has to be updated, if at all.
    pub fn due(&self) -> Option<Instant> {
        self.due
    }

    /// Forgets the title, because another program may have changed it.
    pub fn forget(&mut self) {
        *self = Self::default();
    }
}

/// Whether the terminal can restore its old title. The Linux console has no title, and GNU screen
/// keeps the last one. tmux, which may call itself screen, behaves like xterm.
pub fn can_be_restored(environment: impl Fn(&str) -> Option<OsString>) -> bool {
    let term = environment("TERM").unwrap_or_default();
    let term = term.to_string_lossy();
    match term.split(['-', '.']).next().unwrap_or_default() {
        "" | "dumb" | "linux" => false,
        "screen" => environment("TMUX").is_some(),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_is_written_once_and_the_next_not_before_its_time() {
        let start = Instant::now();
        let at = |ms| start + Duration::from_millis(ms);
        let mut title = Title::default();
        assert_eq!(title.next("1".into(), at(0)), Some("1"));
        assert_eq!(title.next("1".into(), at(900)), None);
        assert_eq!(title.due(), None, "it is there");
        assert_eq!(title.next("2".into(), at(900)), Some("2"));
        assert_eq!(title.next("3".into(), at(1_000)), None);
        assert_eq!(title.due(), Some(at(900) + PAUSE));
        assert_eq!(title.next("4".into(), at(900) + PAUSE), Some("4"));
        assert_eq!(title.due(), None);
        assert_eq!(title.next("5".into(), at(1_400)), None);
        assert_eq!(title.next("4".into(), at(1_410)), None);
        assert_eq!(title.due(), None, "it is what it was");
        title.forget();
        assert_eq!(title.next("4".into(), at(1_420)), Some("4"));
    }

    #[test]
    fn a_terminal_that_would_keep_the_title_gets_none() {
        let can = |term: &str, tmux: bool| {
            can_be_restored(|name| match name {
                "TERM" => Some(term.into()),
                "TMUX" => tmux.then(|| "/tmp/tmux-0/default,1,0".into()),
                _ => None,
            })
        };
        for term in [
            "",
            "dumb",
            "linux",
            "linux-16color",
            "screen",
            "screen.xterm-256color",
        ] {
            assert!(!can(term, false), "{term}");
        }
        for term in [
            "xterm",
            "xterm-256color",
            "tmux-256color",
            "foot",
            "xterm-kitty",
        ] {
            assert!(can(term, false), "{term}");
        }
        assert!(can("screen-256color", true));
    }
}
