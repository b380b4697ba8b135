//! Makes the text of a server or driver safe to show in a sentence of ours.

use crate::words::text;

/// The maximum length of such a text, in bytes.
const LONGEST: usize = 1000;

/// Returns the text in one line, without control characters or a full stop at its end, and cut off
/// if it is very long.
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
