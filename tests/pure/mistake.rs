//! Mistakes in settings files.

use clickoff::mistake::*;

#[test]
fn a_word_much_like_a_known_one_is_taken_for_it() {
    let known = ["accent", "button", "button_down", "dark", "colour_blind"];
    for (written, meant) in [
        ("acent", "accent"),
        ("Accent", "accent"),
        ("button-down", "button_down"),
        ("drak", "dark"),
        ("color_blind", "colour_blind"),
    ] {
        let words = unknown("key", written, &known);
        assert!(
            words.ends_with(&format!("did you mean `{meant}`?")),
            "{words}"
        );
    }
    let words = unknown("key", "xyz", &known);
    assert!(words.contains("`accent`, `button`"), "{words}");
    assert!(!words.contains("did you mean"), "{words}");
}

#[test]
fn the_line_is_that_of_the_value() {
    let mut document = Document::new("a.toml", "\n# x\na = 1\n\n[b]\nc = 2\n");
    for (key, value) in document.entries() {
        let _ = document.text(&value);
        document.wrong(&key.span(), "here");
    }
    let lines: Vec<_> = document.mistakes.iter().map(|m| m.place.line).collect();
    assert_eq!(lines, [3, 3, 5, 5].map(Some));
}

#[test]
fn what_is_no_toml_is_one_mistake_with_its_line() {
    let mut document = Document::new("a.toml", "a = 'b'\nc = [1,\nd");
    assert!(document.entries().is_empty());
    let [mistake] = &document.mistakes[..] else {
        panic!("{:?}", document.mistakes);
    };
    let words = mistake.to_string();
    assert!(words.starts_with("a.toml, line 3: "), "{words}");
    assert!(!words.contains('\n'), "{words}");
}
