//! What is not the game: commands, forwarding, sizes, and connections that never log in.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use crate::pty::Session;
use crate::server::{PATIENCE, Place, join, quit, text, wait_score};

#[test]
fn commands_subsystems_and_forwarding_are_refused_with_a_sentence() {
    let place = Place::new();
    let server = place.serve(&[]);
    let refusal = "There is only the game here";
    let command = server.script(&place, Some("ada"), "play", &["ls", "-l"], "");
    assert_eq!(command.status.code(), Some(2));
    assert!(text(&command.stderr).contains(refusal), "{command:?}");
    let subsystem = server.script(&place, Some("ada"), "play", &["-s", "sftp"], "");
    assert!(!subsystem.status.success());
    assert!(text(&subsystem.stderr).contains(refusal), "{subsystem:?}");
    let mut more = vec![
        "-o",
        "ExitOnForwardFailure=yes",
        "-N",
        "-R",
        "0:127.0.0.1:9",
    ];
    let forwarded = server.client(&place, Some("ada"), "play", &more).spawn();
    forwarded.wait_text("remote port forwarding failed");
    assert_eq!(forwarded.wait_exit().code(), Some(255));
    // An agent and a display are offered and not taken; the game goes on without.
    more = vec!["-A", "-X"];
    let game = server.client(&place, Some("ada"), "play", &more).spawn();
    join(&game, "Ada");
    quit(&game);
}

#[test]
fn a_terminal_of_any_size_is_drawn_on_as_far_as_it_can_be_seen() {
    let place = Place::new();
    let server = place.serve(&[]);
    let before = server.memory();
    let sized = |columns: u32, rows: u32| {
        let stty = format!("stty cols {columns} rows {rows}; exec \"$@\"");
        let shell = Session::builder("sh").args(["-c", &stty, "sh", "ssh"]);
        let client = server.client_by(shell, &place, Some("ada"), "play", &[]);
        client.spawn()
    };
    let huge = sized(65535, 65535);
    huge.wait(|screen| !screen.contents().is_empty(), "anything");
    std::thread::sleep(Duration::from_secs(1));
    let grown = server.memory().saturating_sub(before);
    assert!(grown < 60_000, "{grown} kB");
    drop(huge);
    let game = server.play(&place, "ada");
    join(&game, "Ada");
    quit(&game);
    for (columns, rows) in [(0, 0), (1, 1)] {
        let game = sized(columns, rows);
        std::thread::sleep(Duration::from_millis(500));
        game.keys(" q");
        game.wait_exit();
    }
}

#[test]
fn connections_that_never_log_in_are_bounded_and_dropped_and_the_others_play_on() {
    let place = Place::new();
    let server = place.serve(&[]);
    let game = server.play(&place, "ada");
    join(&game, "Ada");
    let open = || TcpStream::connect(&server.address).expect("connected");
    let mut silent: Vec<TcpStream> = (0..300).map(|_| open()).collect();
    // Of one address some are kept waiting, and the others are dropped at once.
    let mut dropped = 0;
    for stream in &mut silent {
        let patience = Some(Duration::from_millis(200));
        stream.set_read_timeout(patience).expect("set");
        let mut greeting = [0; 64];
        match stream.read(&mut greeting) {
            Ok(0) | Err(_) => dropped += 1,
            Ok(_) => {}
        }
    }
    assert!((200..300).contains(&dropped), "{dropped}");
    game.keys("  ");
    wait_score(&game, "Ada", 2);
    // Rubbish ends a connection, and nothing else.
    let kept = silent.iter_mut().find_map(|stream| {
        let written = stream.write_all(b"SSH-2.0-x\r\n\xff\xff\xff\xff rubbish");
        written.ok().map(|()| stream)
    });
    let ended = kept.expect("one that waits").read(&mut [0; 4096]);
    assert!(ended.is_ok() || ended.is_err());
    game.keys(" ");
    wait_score(&game, "Ada", 3);
    drop(silent);
    let begun = Instant::now();
    let other = loop {
        let other: Session = server.play(&place, "bob");
        std::thread::sleep(Duration::from_millis(300));
        if other.screen_text().contains("New player") {
            break other;
        }
        assert!(begun.elapsed() < PATIENCE, "nobody comes in any more");
    };
    quit_form(&other);
    quit(&game);
}

fn quit_form(game: &Session) {
    game.keys("\x1b");
    game.wait_gone("New player");
    quit(game);
}

#[test]
fn a_full_server_says_so() {
    let place = Place::new();
    let server = place.serve(&["--sessions", "1"]);
    let game = server.play(&place, "ada");
    join(&game, "Ada");
    let full = server.script(&place, Some("bob"), "play", &[], "");
    assert!(
        text(&full.stdout).contains("no room for another player"),
        "{full:?}"
    );
    assert_eq!(full.status.code(), Some(1));
    quit(&game);
    let next = server.script(&place, None, "play", &[], "");
    assert!(next.status.success(), "{next:?}");
}

#[test]
fn a_hostile_name_does_no_harm() {
    let place = Place::new();
    let server = place.serve(&[]);
    let script = "\x1b]0;owned\x07\x1b[2J\u{202e}'; DROP TABLE users; --\n\n\nquit\n";
    let played = server.script(&place, Some("eve"), "eve", &[], script);
    assert!(played.status.success(), "{played:?}");
    assert!(!text(&played.stdout).contains('\x1b'), "{played:?}");
    let game = server.play(&place, "ada");
    join(&game, "Ada");
    let begun = Instant::now();
    while !game.title().contains("Ada") {
        assert!(begun.elapsed() < PATIENCE, "{}", game.title());
        std::thread::sleep(Duration::from_millis(20));
    }
    assert!(!game.title().contains("owned"));
    quit(&game);
    place.verify();
}
