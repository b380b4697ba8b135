//! Requests that are refused: commands, forwarding, wrong sizes, and connections that never log in.

use std::io::{ErrorKind, Read, Write};
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
    drop(silent);
    let log = server.log();
    let told = log.matches("too many connections that do not log in");
    assert_eq!(told.count(), 1, "{log}");
    game.keys(" ");
    wait_score(&game, "Ada", 3);
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

/// Reads until the server has ended the connection; gives what came.
#[track_caller]
fn read_to_the_end(stream: &mut TcpStream) -> Vec<u8> {
    stream.set_read_timeout(Some(PATIENCE)).expect("set");
    let (mut all, mut some) = (Vec::new(), [0; 4096]);
    loop {
        match stream.read(&mut some) {
            Ok(0) => return all,
            Ok(read) => all.extend_from_slice(&some[..read]),
            Err(error) if error.kind() == ErrorKind::ConnectionReset => return all,
            Err(error) => panic!("{error}"),
        }
    }
}

#[test]
fn rubbish_ends_a_connection_and_nothing_else() {
    let place = Place::new();
    let server = place.serve(&[]);
    let game = server.play(&place, "ada");
    join(&game, "Ada");
    let hello = b"SSH-2.0-x\r\n";
    // No protocol, a packet longer than any, one that is all padding, one that is cut off.
    let pieces: [&[u8]; 5] = [
        b"GET / HTTP/1.1\r\n\r\n",
        b"\xff\xff\xff\xff rubbish",
        b"\x00\x00\x00\x0c\xff\x14aaaaaaaaaa",
        b"\x00\x00\x00\x00\x00\x00\x00\x00",
        b"\x00\x00\x00\x0c\x0a\x14",
    ];
    for (n, piece) in pieces.iter().enumerate() {
        let mut stream = TcpStream::connect(&server.address).expect("connected");
        let greeting: &[u8] = if n == 0 { b"" } else { hello };
        stream.write_all(&[greeting, piece].concat()).expect("sent");
        stream.shutdown(std::net::Shutdown::Write).expect("shut");
        let answer = read_to_the_end(&mut stream);
        assert!(answer.starts_with(b"SSH-2.0-clickoff"), "{answer:?}");
        game.keys(" ");
        wait_score(&game, "Ada", n as u64 + 1);
    }
    quit(&game);
}

#[test]
fn who_does_not_log_in_and_play_in_time_is_cut_off() {
    let place = Place::new();
    let server = place.serve_with_fault("soon-log-in");
    let mut silent = TcpStream::connect(&server.address).expect("connected");
    let mut half = TcpStream::connect(&server.address).expect("connected");
    half.write_all(b"SSH-2.0-x\r\n").expect("sent");
    // One that has logged in and asks for nothing.
    let idle = server.client(&place, Some("ada"), "play", &["-N"]).spawn();
    read_to_the_end(&mut silent);
    read_to_the_end(&mut half);
    assert_eq!(idle.wait_exit().code(), Some(255));
    let game = server.play(&place, "ada");
    join(&game, "Ada");
    std::thread::sleep(Duration::from_secs(3));
    game.keys(" ");
    wait_score(&game, "Ada", 1);
    quit(&game);
}

#[test]
fn an_rsa_key_is_told_what_to_make_instead() {
    let place = Place::new();
    let key = place.join("rsa");
    let made = std::process::Command::new("ssh-keygen")
        .args(["-q", "-t", "rsa", "-b", "2048", "-N", "", "-f"])
        .arg(&key)
        .status();
    assert!(made.expect("OpenSSH's ssh-keygen").success());
    let server = place.serve(&[]);
    let watcher = server.client(&place, Some("rsa"), "play", &[]).spawn();
    watcher.wait_text("you need an ssh key that is not RSA. To make one: ssh-keygen");
    quit(&watcher);
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
