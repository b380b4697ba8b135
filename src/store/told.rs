//! Text of a server or a driver on its way into a sentence of ours.

use crate::words::text;

/// The longest text of a server that is passed on, in bytes.
const LONGEST: usize = 1000;

/// Text of a server or a driver as part of a sentence of ours: in one line, without what a terminal
/// obeys, without its full stop, and cut off where it is very long.
pub fn told(text: &str) -> String {
    let words = text.split(|c: char| c.is_whitespace() || c.is_control());
    let mut told = String::new();
    for word in words.filter(|word| !word.is_empty()) {
        if told.len() > LONGEST {
            break;
        }
        if !told.is_empty() {
            told.push(' ');
        }
        told += &text::harmless(&word[..word.floor_char_boundary(2 * LONGEST)]);
    }
    if told.len() > LONGEST {
        told.truncate(told.floor_char_boundary(LONGEST));
        told += "…";
    }
    let end = told.trim_end_matches(['.', ' ']).len();
    told.truncate(end);
    told
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_of_a_server_becomes_one_short_harmless_line() {
        assert_eq!(
            told("  no room.\nHINT:\tmake\r\n some. "),
            "no room. HINT: make some"
        );
        assert_eq!(told("\u{1b}[2Jclickoff: saved\0"), "[2Jclickoff: saved");
        assert_eq!(told("\u{202e}desrever"), told("\u{202e}desrever\n"));
        assert!(!told("\u{202e}desrever").contains('\u{202e}'));
        assert_eq!(told(""), "");
        for long in ["é".repeat(300_000), "word ".repeat(300_000)] {
            let told = told(&long);
            assert!(told.len() <= LONGEST + 3 && told.ends_with('…'), "{told}");
        }
    }
}
