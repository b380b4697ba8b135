//! Which terminals support copying, as far as the environment tells.

use std::ffi::OsString;

use crate::state::Clipboard;

/// What is known from an environment. The Linux console has no clipboard, Apple's Terminal ignores
/// OSC 52, and GNU screen does not pass it on. Other terminals do not say whether they support it.
pub fn of(environment: impl Fn(&str) -> Option<OsString>) -> Clipboard {
    let text = |name: &str| {
        let value = environment(name).unwrap_or_default();
        value.to_string_lossy().into_owned()
    };
    let term = text("TERM");
    let kind = term.split(['-', '.']).next().unwrap_or_default();
    match (kind, text("TERM_PROGRAM").as_str()) {
        _ if !text("TMUX").is_empty() => Clipboard::Tmux,
        ("tmux", _) => Clipboard::Tmux,
        ("" | "dumb" | "linux" | "screen" | "cons25" | "vt100" | "vt220", _) => Clipboard::No,
        (_, "Apple_Terminal") => Clipboard::No,
        _ => Clipboard::Likely,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_terminals_that_take_nothing_are_known_and_tmux_has_a_say() {
        for (term, program, tmux, expected) in [
            ("xterm-256color", "", "", Clipboard::Likely),
            ("xterm-kitty", "", "", Clipboard::Likely),
            ("xterm-256color", "iTerm.app", "", Clipboard::Likely),
            ("xterm-256color", "Apple_Terminal", "", Clipboard::No),
            ("linux", "", "", Clipboard::No),
            ("", "", "", Clipboard::No),
            ("screen.xterm-256color", "", "", Clipboard::No),
            (
                "screen-256color",
                "tmux",
                "/tmp/tmux-1000/default,1,0",
                Clipboard::Tmux,
            ),
            ("tmux-256color", "Apple_Terminal", "", Clipboard::Tmux),
        ] {
            let environment = |name: &str| {
                let value = match name {
                    "TERM" => term,
                    "TERM_PROGRAM" => program,
                    "TMUX" => tmux,
                    _ => "",
                };
                (!value.is_empty()).then(|| value.into())
            };
            assert_eq!(of(environment), expected, "{term} {program} {tmux}");
        }
    }
}
