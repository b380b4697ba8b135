//! Text of a server or a driver on its way into a sentence of ours.

use crate::words::text;

/// The longest text of a server that is passed on, in bytes.
const LONGEST: usize = 1000;

/// Text of a server or a driver as part of a sentence of ours: in one line, without what a terminal
/// obeys, without its full stop, and cut off where it is very long.
pub fn sanitized(text: &str) -> String {
    let words = text.split(|c: char| c.is_whitespace() || c.is_control());
    let mut line = String::new();
    for word in words.filter(|word| !word.is_empty()) {
        if line.len() > LONGEST {
            break;
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line += &text::harmless(&word[..word.floor_char_boundary(2 * LONGEST)]);
    }
    if line.len() > LONGEST {
        line.truncate(line.floor_char_boundary(LONGEST));
        line += "…";
    }
    let end = line.trim_end_matches(['.', ' ']).len();
    line.truncate(end);
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_of_a_server_becomes_one_short_harmless_line() {
        assert_eq!(
            sanitized("  no room.\nHINT:\tmake\r\n some. "),
            "no room. HINT: make some"
        );
        assert_eq!(
            sanitized("\u{1b}[2Jclickoff: saved\0"),
            "[2Jclickoff: saved"
        );
        assert_eq!(
            sanitized("\u{202e}desrever"),
            sanitized("\u{202e}desrever\n")
        );
        assert!(!sanitized("\u{202e}desrever").contains('\u{202e}'));
        assert_eq!(sanitized(""), "");
        for long in ["é".repeat(300_000), "word ".repeat(300_000)] {
            let line = sanitized(&long);
            assert!(line.len() <= LONGEST + 3 && line.ends_with('…'), "{line}");
        }
    }
}
