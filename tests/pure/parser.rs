//! What terminals send, and what it is read as; and that nothing that they send makes the keyboard deaf.

use proptest::prelude::*;
use ratatui::crossterm::event::{
    KeyCode, KeyEvent, KeyEventKind, KeyModifiers, MouseButton, MouseEventKind,
};

use std::time::{Duration, Instant};

use clickoff::app::parser::*;
use clickoff::ui::theme::Background;

/// What all of these bytes are, after a pause.
fn read(bytes: &[u8]) -> Vec<String> {
    read_in_pieces(&[bytes])
}

/// What bytes are that come in pieces, and after them nothing more.
fn read_in_pieces(pieces: &[&[u8]]) -> Vec<String> {
    let mut parser = Parser::default();
    for piece in pieces {
        parser.parse(piece, Instant::now());
    }
    if parser.deadline().is_some() {
        parser.give_up();
    }
    words(&mut parser)
}

/// What a parser has read, in short words.
fn words(parser: &mut Parser) -> Vec<String> {
    std::iter::from_fn(|| parser.pop().map(|input| word(&input))).collect()
}

fn word(input: &Input) -> String {
    let key = |key: &KeyEvent| {
        let held = [
            ("shift-", KeyModifiers::SHIFT),
            ("alt-", KeyModifiers::ALT),
            ("ctrl-", KeyModifiers::CONTROL),
            ("super-", KeyModifiers::SUPER),
            ("hyper-", KeyModifiers::HYPER),
            ("meta-", KeyModifiers::META),
        ];
        let held = held.into_iter().filter(|(_, m)| key.modifiers.contains(*m));
        let held: String = held.map(|(word, _)| word).collect();
        let code = match key.code {
            KeyCode::Char(c) => c.to_string(),
            other => format!("{other:?}"),
        };
        let kind = match key.kind {
            KeyEventKind::Press => "",
            KeyEventKind::Repeat => " again",
            KeyEventKind::Release => " up",
        };
        format!("{held}{code}{kind}")
    };
    match input {
        Input::Key { key: k, latin } => {
            let latin = latin.map_or_else(String::new, |l| format!(" on {}", key(&l)));
            key(k) + &latin
        }
        Input::Mouse(mouse) => {
            let at = format!("{},{}", mouse.column, mouse.row);
            match mouse.kind {
                MouseEventKind::Down(MouseButton::Left) => format!("click {at}"),
                MouseEventKind::Up(MouseButton::Left) => format!("unclick {at}"),
                kind => format!("{kind:?} {at}"),
            }
        }
        Input::Paste(text) => format!("paste {text:?}"),
        Input::Answer(answer) => format!("{answer:?}"),
    }
}

#[track_caller]
fn reads(bytes: &str, wanted: &[&str]) {
    assert_eq!(read(bytes.as_bytes()), wanted, "{bytes:?}");
}

/// Keys of terminals without a protocol for them.
#[rustfmt::skip]
const LEGACY: &[(&str, &[&str])] = &[
    ("a Z9", &["a", " ", "shift-Z", "9"]),
    ("é王👍", &["é", "王", "👍"]),
    ("\r\t\x7f\n", &["Enter", "Tab", "Backspace", "ctrl-j"]),
    ("\0\x01\x1a\x1c", &["ctrl- ", "ctrl-a", "ctrl-z", "ctrl-4"]),
    ("\x1b", &["Esc"]),
    ("\x1b\x1b", &["Esc", "Esc"]),
    ("\x1b\x1b\x1b", &["Esc", "Esc", "Esc"]),
    ("\x1bx\x1b\r\x1bé", &["alt-x", "alt-Enter", "alt-é"]),
    ("\x1bX\x1b[A", &["shift-alt-X", "Up"]),
    ("\x1b[A\x1b[B\x1b[C\x1b[D", &["Up", "Down", "Right", "Left"]),
    ("\x1bOA\x1bOD\x1bOH\x1bOF", &["Up", "Left", "Home", "End"]),
    ("\x1bOP\x1bOQ\x1bOR\x1bOS", &["F(1)", "F(2)", "F(3)", "F(4)"]),
    ("\x1b[P\x1b[R\x1b[[A\x1b[[E", &["F(1)", "F(3)", "F(1)", "F(5)"]),
    ("\x1bOM\x1bOp\x1bOk", &["Enter", "0", "+"]),
    ("\x1b[1~\x1b[4~\x1b[5~\x1b[6~", &["Home", "End", "PageUp", "PageDown"]),
    ("\x1b[7~\x1b[8~\x1b[2~\x1b[3~", &["Home", "End", "Insert", "Delete"]),
    ("\x1b[15~\x1b[17~\x1b[24~", &["F(5)", "F(6)", "F(12)"]),
    ("\x1b[1;5C\x1b[1;2A\x1b[3;3~", &["ctrl-Right", "shift-Up", "alt-Delete"]),
    ("\x1b[Z\x1b[1;6Z", &["shift-BackTab", "shift-ctrl-BackTab"]),
    // Option and an arrow, as macOS's Terminal and others send it, is one key.
    ("\x1b\x1b[A\x1b\x1bOB", &["alt-Up", "alt-Down"]),
    ("\x1b\x1b[1;2A", &["shift-alt-Up"]),
    ("\x1b\x1b[3~", &["alt-Delete"]),
    // Escape, and then another key.
    ("\x1b\x1bx", &["Esc", "alt-x"]),
    // What begins a sequence is a key, too.
    ("\x1b[", &["alt-["]),
    ("\x1bO", &["shift-alt-O"]),
    ("\x1b]", &["alt-]"]),
    ("\x1bP", &["shift-alt-P"]),
    ("\x1b_\x1b^\x1bX", &["alt-_", "alt-^", "shift-alt-X"]),
    ("\x1b]\x1b]\x1b[", &["alt-]", "alt-]", "alt-["]),
    ("\x1b]\x1b", &["alt-]", "Esc"]),
];

/// Keys by the kitty protocol, by xterm's modifyOtherKeys, and with layouts of other scripts.
#[rustfmt::skip]
const REPORTED: &[(&str, &[&str])] = &[
    ("\x1b[97u\x1b[97;5u\x1b[97;1:2u\x1b[97;1:3u", &["a", "ctrl-a", "a again", "a up"]),
    ("\x1b[32;1:1u\x1b[32;1:3u", &[" ", "  up"]),
    ("\x1b[27u\x1b[13u\x1b[9u\x1b[127u", &["Esc", "Enter", "Tab", "Backspace"]),
    ("\x1b[13;2u\x1b[9;2u\x1b[27;2;13~", &["shift-Enter", "shift-BackTab", "shift-Enter"]),
    ("\x1b[103:71;2u\x1b[47:63;2u", &["shift-G", "shift-?"]),
    // Without the shifted key, or with another.
    ("\x1b[103;2u\x1b[47;2u\x1b[48:61;2u", &["shift-G", "shift-?", "shift-="]),
    ("\x1b[97;9u\x1b[97;17u\x1b[97;33u", &["super-a", "hyper-a", "meta-a"]),
    // All modifiers and both locks.
    ("\x1b[97;256u", &["shift-alt-ctrl-super-hyper-meta-A"]),
    ("\x1b[97;65u\x1b[97;129u", &["a", "a"]),
    ("\x1b[1;1:3A\x1b[3;5:2~", &["Up up", "ctrl-Delete again"]),
    ("\x1b[57399u\x1b[57414u\x1b[57376u", &["0", "Enter", "F(13)"]),
    // Shift, Caps Lock and "play" by themselves.
    ("\x1b[57441;2u\x1b[57358u\x1b[57428u", &[]),
    ("\x1b[27;5;99~\x1b[27;2;63~", &["ctrl-c", "shift-?"]),
    // The text counts, and may come without a key.
    ("\x1b[97;2;228u\x1b[0;;233u\x1b[0;;104:105u", &["shift-ä", "é", "h", "i"]),
    ("\x1b[1081::113u\x1b[1089::99;5u", &["й on q", "ctrl-с on ctrl-c"]),
    ("\x1b[1082:1050:114;2u", &["shift-К on shift-R"]),
    ("\x1b[1081::113;1:3u", &["й up on q up"]),
    // Who writes Latin letters in other places means them: AZERTY's `a` is on QWERTY's `q`.
    ("\x1b[97::113u\x1b[246::59u\x1b[59::109u", &["a", "ö", ";"]),
    ("\x1b[115u\x1b[55u", &["s", "7"]),
];

/// What is no key.
#[rustfmt::skip]
const OTHERS: &[(&str, &[&str])] = &[
    ("\x1b[<0;3;4M\x1b[<0;3;4m\x1b[<64;1;1M", &["click 2,3", "unclick 2,3", "ScrollUp 0,0"]),
    ("\x1b[<0;300;400M", &["click 299,399"]),
    ("\x1b[M !!\x1b[M#!!\x1b[32;3;4M", &["click 0,0", "unclick 0,0", "click 2,3"]),
    ("\x1b[<128;1;1M\x1b[<;;M\x1b[I\x1b[O", &[]),
    ("\x1b[?0u\x1b[?15u\x1b[?31u", &["KeyFlags(0)", "KeyFlags(15)", "KeyFlags(31)"]),
    ("\x1b[?2026;2$y\x1b[?2026;0$y", &["Synchronizes(true)", "Synchronizes(false)"]),
    ("\x1b[?64;1;2c\x1b[?6c", &["Attributes", "Attributes"]),
    ("\x1b[200~one\r two\x1b[201~x", &["paste \"one\\r two\"", "x"]),
    ("\x1b[200~\x1b[31m\x1b[20\x1b[201~", &["paste \"\\u{1b}[31m\\u{1b}[20\""]),
    ("\x1b[200~\x1b[201~\x1b[201~", &["paste \"\""]),
    ("\x1b\x1b[?6c\x1b\x1b[<0;1;1M", &["Esc", "Attributes", "Esc", "click 0,0"]),
];

/// What says nothing to us, each of it complete, with letters in it that would be orders.
#[rustfmt::skip]
const UNKNOWN: &[&str] = &[
    "\x1b]10;rgb:dddd/eeee/ffff\x07", "\x1b]12;rgb:dddd/eeee/ffff\x1b\\", "\x1b]lquit\x1b\\",
    "\x1b]52;c;qqqdy\x07", "\x1bP>|XTerm(370) q\x1b\\", "\x1bP1$r0;48:2::1:2:3m\x1b\\",
    "\x1bPq\x07q\x1b\\", "\x1b_Gi=1;quit\x1b\\", "\x1bXquit\x1b\\", "\x1b^quit é\x1b\\",
    "\x1b[>1;4000;0c", "\x1b[=1q", "\x1b[<1q", "\x1b[?1;2;3q", "\x1b[?997;1n", "\x1b[3;4R",
    "\x1b[8;24;80t", "\x1b[1$q", "\x1b[1 !q", "\x1b[!p", "\x1b[1;2;3;4;5;6;7;8q", "\x1b[?q",
    "\x1b[99999999999u", "\x1b[1114112u", "\x1b[999~", "\x1b[[q", "\x1bOc",
];

#[test]
fn keys_are_read_as_terminals_without_a_protocol_send_them() {
    for (bytes, wanted) in LEGACY {
        reads(bytes, wanted);
    }
}

#[test]
fn keys_are_read_as_protocols_report_them() {
    for (bytes, wanted) in REPORTED {
        reads(bytes, wanted);
    }
}

#[test]
fn the_mouse_pastes_and_answers_are_read() {
    for (bytes, wanted) in OTHERS {
        reads(bytes, wanted);
    }
}

#[test]
fn what_is_unknown_and_complete_is_skipped_whole() {
    for bytes in UNKNOWN {
        let mut parser = Parser::default();
        parser.parse(bytes.as_bytes(), Instant::now());
        assert_eq!(parser.deadline(), None, "{bytes:?} has ended");
        reads(&format!("{bytes} "), &[" "]);
    }
}

#[test]
fn where_escape_is_reported_an_esc_alone_is_none() {
    let reported = "\x1b[?15u";
    for (bytes, wanted) in [
        ("\x1b", &[][..]),
        ("\x1b\x1b", &[]),
        ("\x1b[", &[]),
        ("\x1b]", &[]),
        ("\x1b\x1b[99;5u", &["ctrl-c"]),
        ("\x1b[27u", &["Esc"]),
        ("\x1b[27u\x1b[?0u\x1b", &["Esc", "KeyFlags(0)", "Esc"]),
    ] {
        let bytes = format!("{reported}{bytes}");
        let wanted = [&["KeyFlags(15)"], wanted].concat();
        reads(&bytes, &wanted);
    }
    let mut parser = Parser::default();
    parser.parse(b"\x1b[?15u", Instant::now());
    parser.expect_no_reports();
    parser.parse(b"\x1b", Instant::now());
    parser.give_up();
    assert_eq!(words(&mut parser), ["KeyFlags(15)", "Esc"]);
    // Event types alone leave it a byte.
    reads("\x1b[?2u\x1b", &["KeyFlags(2)", "Esc"]);
}

/// The beginnings of everything that may have an end.
#[rustfmt::skip]
const BEGINNINGS: &[&str] = &[
    "\x1b", "\x1b\x1b", "\x1b[", "\x1b[1;", "\x1b[?", "\x1b[<0;1", "\x1b[1$", "\x1b[[", "\x1b[M",
    "\x1b[M !", "\x1bO", "\x1bO5", "\x1b]", "\x1b]11;rgb:", "\x1b]11;rgb:ff\x1b", "\x1bP", "\x1bPq",
    "\x1b_G", "\x1bX", "\x1b^q", "\x1b[200~", "\x1b[200~qd\x1b[20", "\x1b[20", "\u{c3}",
    "\x1b\u{e7}",
];

#[test]
fn ctrl_c_always_arrives_and_what_follows_it() {
    for beginning in BEGINNINGS {
        // The last two are not whole characters.
        let mut bytes = beginning.as_bytes().to_vec();
        if !beginning.is_ascii() {
            bytes.pop();
        }
        bytes.extend_from_slice(b"\x03 ");
        let read = read(&bytes);
        let last = &read[read.len() - 2..];
        assert_eq!(last, ["ctrl-c", " "], "{beginning:?}");
    }
}

#[test]
fn what_does_not_end_is_given_up_after_a_pause() {
    let begun = Instant::now();
    for beginning in BEGINNINGS {
        let mut parser = Parser::default();
        parser.parse(beginning.as_bytes(), begun);
        // Whole characters are not waited for.
        let Some(deadline) = parser.deadline() else {
            assert!(!beginning.is_ascii(), "{beginning:?}");
            continue;
        };
        let most = match beginning.starts_with("\x1b[200~") {
            true => PASTE_PATIENCE,
            false => PATIENCE,
        };
        assert_eq!(deadline - begun, most, "{beginning:?}");
        parser.give_up();
        words(&mut parser);
        parser.parse(b" \x1b[A", deadline);
        assert_eq!(words(&mut parser), [" ", "Up"], "{beginning:?}");
        assert_eq!(parser.deadline(), None);
    }
}

/// Bytes that come one by one at this distance, in milliseconds, until what they belong to is
/// given up; tells how many that takes.
fn swallowed(beginning: &[u8], each: u8, distance: u64) -> usize {
    let mut parser = Parser::default();
    let mut now = Instant::now();
    parser.parse(beginning, now);
    for count in 0..10_000 {
        now += Duration::from_millis(distance);
        if parser.deadline().is_none_or(|deadline| deadline <= now) {
            return count;
        }
        parser.parse(&[each], now);
    }
    usize::MAX
}

#[test]
fn fingers_and_a_held_key_end_what_has_no_end_and_a_slow_line_does_not() {
    for beginning in ["\x1b]", "\x1bPq", "\x1b_", "\x1b[", "\x1b[1"] {
        for (distance, most) in [(120, 0), (60, 0), (40, 4), (33, 7)] {
            let swallowed = swallowed(beginning.as_bytes(), b'1', distance);
            assert!(swallowed <= most, "{beginning:?} {distance}: {swallowed}");
        }
        assert_eq!(swallowed(beginning.as_bytes(), b'1', 20), usize::MAX);
    }
    for (distance, most) in [(600, 0), (120, 5), (60, 11), (33, 25)] {
        let swallowed = swallowed(b"\x1b[200~", b' ', distance);
        assert!(swallowed <= most, "a paste {distance}: {swallowed}");
    }
    // As a line of 1,200 bits a second brings it.
    assert_eq!(swallowed(b"\x1b[200~", b' ', 8), usize::MAX);
}

#[test]
fn what_never_ends_is_given_up_at_a_length() {
    for beginning in ["\x1b]", "\x1bP", "\x1b[", "\x1bO"] {
        let mut parser = Parser::default();
        parser.parse(beginning.as_bytes(), Instant::now());
        parser.parse(&vec![b'1'; LONGEST + 1], Instant::now());
        parser.parse(b" ", Instant::now());
        assert_eq!(
            words(&mut parser).pop().as_deref(),
            Some(" "),
            "{beginning:?}"
        );
    }
    // Of a paste, the beginning is kept, and its end is seen.
    let mut parser = Parser::default();
    parser.parse(b"\x1b[200~", Instant::now());
    for _ in 0..3 {
        parser.parse(&vec![b'x'; PASTE], Instant::now());
    }
    parser.parse(b"\x1b[201~ ", Instant::now());
    let Some(Input::Paste(text)) = parser.pop() else {
        panic!("no paste");
    };
    assert_eq!(text.len(), PASTE);
    assert_eq!(words(&mut parser), [" "]);
}

#[test]
fn a_control_sequence_longer_than_any_is_skipped_whole() {
    let digits = "1;".repeat(READ);
    for last in ['u', 'q', '~', 'A'] {
        reads(&format!("\x1b[{digits}{last} "), &[" "]);
    }
}

#[test]
fn bytes_that_are_no_text_are_skipped_alone() {
    for (bytes, wanted) in [
        (&b"a\xffb"[..], &["a", "b"][..]),
        (b"\xc3(", &["("]),
        (b"\xe7\x8e ", &[" "]),
        (b"\xf0\x9f\x91\x1b[A", &["Up"]),
        (b"\xc0\x80\xed\xa0\x80\xf5\x80 ", &[" "]),
        // C1 controls, alone and as UTF-8.
        (b"\x9b31m", &["3", "1", "m"]),
        (b"\xc2\x9b ", &[" "]),
    ] {
        assert_eq!(read(bytes), wanted, "{bytes:?}");
    }
}

/// Bytes as a terminal might send them, and as none would.
fn streams() -> impl Strategy<Value = Vec<u8>> {
    let known = [LEGACY, REPORTED, OTHERS].concat();
    let known: Vec<&str> = known.into_iter().map(|(bytes, _)| bytes).collect();
    let parts = prop_oneof![
        prop::sample::select(known).prop_map(|text| text.as_bytes().to_vec()),
        prop::sample::select(UNKNOWN).prop_map(|text| text.as_bytes().to_vec()),
        prop::sample::select(BEGINNINGS).prop_map(|text| text.as_bytes().to_vec()),
        prop::collection::vec(any::<u8>(), 0..20),
        prop::collection::vec(prop::sample::select(&b"\x1b[]OP?<;:~uM1\x03\\"[..]), 0..12),
    ];
    prop::collection::vec(parts, 0..6).prop_map(|parts| parts.concat())
}

proptest! {
    #[test]
    fn however_bytes_are_split_they_are_read_as_the_same(
        bytes in streams(),
        cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..8),
    ) {
        let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut.index(bytes.len() + 1)).collect();
        cuts.extend([0, bytes.len()]);
        cuts.sort_unstable();
        let pieces: Vec<&[u8]> = cuts.windows(2).map(|w| &bytes[w[0]..w[1]]).collect();
        prop_assert_eq!(read_in_pieces(&pieces), read(&bytes));
        let single: Vec<&[u8]> = bytes.chunks(1).collect();
        prop_assert_eq!(read_in_pieces(&single), read(&bytes));
    }

    #[test]
    fn whatever_came_before_the_keyboard_works_after_a_pause(bytes in streams()) {
        let mut parser = Parser::default();
        parser.parse(&bytes, Instant::now());
        if parser.deadline().is_some() {
            parser.give_up();
        }
        prop_assert_eq!(parser.deadline(), None);
        words(&mut parser);
        parser.parse(b" \x1b[A\x1b[27u\x03", Instant::now());
        prop_assert_eq!(words(&mut parser), [" ", "Up", "Esc", "ctrl-c"]);
    }
}

#[test]
fn a_background_is_read_however_it_is_told_and_ended() {
    for (told, word) in [
        ("\x1b]11;rgb:0000/0000/0000\x07", "dark"),
        ("\x1b]11;rgb:ffff/ffff/ffff\x1b\\", "light"),
        ("\x1b]11;rgb:16/1a/21\x07", "dark"),
        ("\x1b]11;rgba:fafa/fafa/f7f7/ffff\x07", "light"),
        ("\x1b]11;rgb:f/f/8\x1b\\", "light"),
        ("\x1b]11;rgb:002b/2b2b/3636\x1b\\", "dark"),
        ("\x1b]11;rgb:9999/9999/9999\x1b\\", "light"),
        ("\x1b]11;rgb:5555/5555/5555\x1b\\", "dark"),
    ] {
        for at in 0..told.len() {
            let (one, other) = told.as_bytes().split_at(at);
            let mut parser = Parser::default();
            parser.parse(one, Instant::now());
            parser.parse(other, Instant::now());
            let found = parser.pop();
            let expected = match word {
                "dark" => Background::Dark,
                _ => Background::Light,
            };
            let expected = Some(Input::Answer(Answer::Background(expected)));
            assert_eq!((found, parser.pop()), (expected, None), "{told:?} at {at}");
        }
    }
    let long = format!("\x1b]11;rgb:0/0/0{}\x07", "0".repeat(300));
    for other in [
        "\x1b]10;rgb:0/0/0\x07",
        "\x1b]11;rgb:0/0\x07",
        "\x1b]11;rgb:x/0/0\x07",
        "\x1b]11;rgb:00000/0/0\x07",
        "\x1b]11;?\x07",
        "\x1b]11;\x07",
        "\x1b]0;rgb:0/0/0\x07",
        "\x1bP11;rgb:0/0/0\x1b\\",
        &long,
    ] {
        assert_eq!(read(other.as_bytes()), Vec::<String>::new(), "{other:?}");
    }
}
