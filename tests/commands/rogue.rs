//! A malicious server can't exhaust the machine, and the error is reported.

use std::time::{Duration, Instant};

use rustix::process::Signal;

use crate::home::{Home, Running};
use crate::support::rogue::{OK, Rogue, message, packet};

/// The exit code of what can't go on.
const FAULT: i32 = 70;

/// A message that is 2 GiB long, for all that is said.
#[test]
fn a_message_without_measure_is_not_waited_for() {
    let rogue = Rogue::start(|client| {
        client.begin_postgres();
        client.say(b"R\x7f\xff\xff\xff\0\0\0\0");
        client.hear_out();
    });
    let url = format!("postgres://ada@{}/game", rogue.addr());
    let run = Home::new().run(&["-d", &url, "players"]);
    run.fails(FAULT, &["more memory is wanted", "who runs the server"]);
}

/// More columns than there are numbers, and as many as there is memory.
#[test]
fn columns_without_number_are_not_believed() {
    for columns in [u64::MAX, 1 << 40] {
        let rogue = Rogue::start(move |client| {
            client.let_in_mysql();
            client.hear();
            client.say(&packet(1, OK));
            client.hear();
            let columns = columns.to_le_bytes();
            client.say(&packet(1, &[&[0xfe], &columns[..]].concat()));
            client.hear_out();
        });
        let url = format!("mysql://ada@{}/game", rogue.addr());
        let run = Home::new().run(&["-d", &url, "players"]);
        run.fails(FAULT, &["who runs the server"]);
    }
}

/// One that talks without an end leaves no moment for anything else; the program ends all the same,
/// and a signal is not swallowed for good.
#[test]
fn a_server_that_goes_on_for_ever_is_ended() {
    let rogue = Rogue::start(|client| {
        client.begin_postgres();
        client.say(&message(b'R', &[0; 4]));
        let told = message(b'S', b"a\0b\0").repeat(1000);
        let begun = Instant::now();
        while begun.elapsed() < Duration::from_secs(120) {
            client.say(&told);
        }
    });
    let url = format!("postgres://ada@{}/game", rogue.addr());
    let begun = Instant::now();
    let running = Running::start(Home::new().command(&["-d", &url, "players"]));
    std::thread::sleep(Duration::from_secs(1));
    running.signal(Signal::TERM);
    let run = running.ends();
    assert!(begun.elapsed() < Duration::from_secs(60), "{}", run.err);
    run.fails(FAULT, &["goes on and on", "who runs it"]);
}
