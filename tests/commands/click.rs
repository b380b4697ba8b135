//! `clickoff click`: it scores once for each key, even if its answer is lost.

use std::time::Duration;

use clickoff::words::text;
use rustix::process::Signal;

use crate::home::{Home, Run, Running};
use crate::place::{Place, TABLE, on, row};
use crate::players::played;
use crate::support::port::Port;
use crate::support::proxy::Proxy;
use crate::words::{same_as_before, transcript};

/// A number of presses that nothing else on the way to a server looks like.
const RARE: u64 = 118_111_222_333_444;

#[test]
fn what_it_says() {
    let text = transcript(
        &played(),
        &[
            "click Ada",
            "click bobb --times 3",
            "click 5 -n 2 --key a",
            "click 5 -n 2 --key a",
            "click 5 -n 3 --key a",
            "click 6 -n 2 --key a",
            "click 5 -n 2 --key a",
            "click 5 --key \u{1b}[31m",
            "click 6 --key \u{1b}[31m",
            "click 7",
            "click Ada --key ",
            "click Ada --times 0",
            "click Ada --times 281474976710656",
            "click bo",
            "click nobody",
            "players remove 5 --yes",
            "click 5 -n 2 --key a",
        ],
    );
    same_as_before("clicks", &text);
}

fn a_key_scores_once(place: Place) {
    place.fill(TABLE, &[row(1, "Ada", 10), row(2, "Bob", 20)]);
    let (home, url) = (Home::new(), place.url());
    let click = |arguments: &[&str]| home.run(&[&["-d", &url, "click"], arguments].concat());
    click(&["Ada", "-n", "5", "--key", "a"]).says("Ada (id 1) scored 5 points, and has 15 now.");
    let had = "Ada (id 1) had scored 5 points by this key before, and has 15 now.";
    click(&["1", "-n", "5", "--key", "a"]).says(had);
    for (player, times) in [("Ada", "4"), ("Ada", "6"), ("Bob", "5")] {
        let refused = click(&[player, "-n", times, "--key", "a"]);
        let words =
            "the key \"a\" belongs to another call, of 5 points for Ada (id 1), which was counted.";
        refused.fails(5, &[words, "Nothing was counted: "]);
    }
    click(&["Ada", "-n", "5", "--key", "a"]).says(had);
    click(&["Bob", "--key", "b"]).says("Bob (id 2) scored 1 point, and has 21 now.");
    click(&["Ada", "-n", "5"]).says("and has 20 now.");
    click(&["Ada", "-n", "5"]).says("and has 25 now.");
    place.holds(&[row(1, "Ada", 25), row(2, "Bob", 21)]);
    // Only keys are kept.
    let kept = place.texts("SELECT CONCAT(last_seq, '') FROM click_sessions ORDER BY last_seq");
    assert_eq!(kept, ["1", "5"]);
}

fn eight_at_once_with_one_key_score_once(place: Place) {
    place.fill(TABLE, &[row(1, "Ada", 0), row(2, "Bob", 0)]);
    let (home, url) = (Home::new(), place.url());
    let click = |key: &str, player: &str, times: &str| {
        let arguments = ["-d", &url, "click", player, "-n", times, "--key", key];
        Running::start(home.command(&arguments))
    };
    let same: Vec<_> = (0..8).map(|_| click("a", "Ada", "3")).collect();
    for running in same {
        running.ends().says("Ada (id 1)");
    }
    place.holds(&[row(1, "Ada", 3), row(2, "Bob", 0)]);

    // Eight calls that differ: at most one is counted, and it is one that said so.
    let calls = ["Ada", "Bob"].into_iter();
    let calls = calls.flat_map(|player| ["10", "20", "30", "40"].map(|times| (player, times)));
    let calls: Vec<_> = calls.map(|(p, n)| (p, n, click("b", p, n))).collect();
    let (mut ada, mut bob, mut counted) = (3, 0, 0);
    for (player, times, running) in calls {
        let run = running.ends();
        if run.code == 0 {
            counted += 1;
            let points: i64 = times.parse().expect("a number");
            *(if player == "Ada" { &mut ada } else { &mut bob }) += points;
        } else {
            run.fails(
                5,
                &[
                    "the key \"b\" belongs to another call",
                    "Nothing was counted: ",
                ],
            );
        }
    }
    assert!(counted <= 1, "{counted} were counted");
    place.holds(&[row(1, "Ada", ada), row(2, "Bob", bob)]);
}

fn over_a_limit_it_says_what_was_counted_and_says_it_again(place: Place) {
    place.fill(TABLE, &[row(1, "Ada", 0), row(2, "Bob", 0)]);
    let (home, url) = (Home::new(), place.url());
    let run = |arguments: &[&str]| home.run(&[&["-d", &url], arguments].concat());
    run(&["rules", "--max-rate", "5"]).says("5 points a second");
    let limit = "were over this database's limit of 5 a second.";
    // What was saved up within a minute, and nothing more.
    let refused = [
        "700 points",
        limit,
        "Ada (id 1) scored 300 points, and has 300",
    ];
    run(&["click", "Ada", "-n", "1000", "--key", "a"]).fails(5, &refused);
    let again = [
        "700 points",
        limit,
        "had scored 300 points by this key before",
    ];
    run(&["click", "Ada", "-n", "1000", "--key", "a"]).fails(5, &again);
    run(&["click", "Bob", "-n", "300"]).says("scored 300 points");
    run(&["rules", "--max-rate", "off"]).says("as many points a second");
    let still = ["700 points were over the limit that this database had."];
    run(&["click", "Ada", "-n", "1000", "--key", "a"]).fails(5, &still);
    run(&["click", "Ada", "-n", "1000"]).says("and has 1,300 now");
    place.holds(&[row(1, "Ada", 1300), row(2, "Bob", 300)]);
}

mod everywhere {
    use super::*;

    on!(all:
        a_key_scores_once,
        eight_at_once_with_one_key_score_once,
        over_a_limit_it_says_what_was_counted_and_says_it_again,
    );
}

fn a_lost_answer_is_asked_for_again(place: Place) {
    place.fill(TABLE, &[row(1, "Ada", 0)]);
    let (home, proxy) = (Home::new(), Proxy::start(place.address()));
    let (direct, cut, times) = (place.url(), place.url_via(proxy.addr()), RARE.to_string());
    let click = |url: &str, key: &[&str]| {
        home.run(&[&["-d", url, "click", "Ada", "-n", &times], key].concat())
    };
    let traps = |traps: usize| (0..traps).for_each(|_| proxy.cut_after(&[times.as_bytes()]));
    traps(1);
    let rare = text::grouped(RARE);
    let scored = format!("Ada (id 1) scored {rare} points, and has {rare} now.");
    click(&cut, &[]).says(&scored);

    // More often than it asks.
    traps(200);
    let unknown = "It is not known whether it was counted";
    let run = click(&cut, &["--key", "a"]);
    run.fails(6, &[unknown, "Run it again with the same key"]);
    let had = format!(
        "had scored {rare} points by this key before, and has {} now",
        text::grouped(2 * RARE)
    );
    click(&direct, &["--key", "a"]).says(&had);
    click(&cut, &[]).fails(6, &[unknown, "see `clickoff players show`"]);
    place.holds(&[row(1, "Ada", 3 * RARE.cast_signed())]);
}

fn a_server_that_is_away_has_counted_nothing(place: Place) {
    let (home, port) = (Home::new(), Port::reserve());
    let url = place.url_via(port.addr());
    let run = home.run(&["-d", &url, "click", "Ada", "--key", "a"]);
    let nobody = format!("nothing listens at {}", port.addr());
    run.fails(6, &[&nobody, "Nothing was counted."]);
}

fn told_to_end_it_says_what_is_known(place: Place) {
    place.fill(TABLE, &[row(1, "Ada", 0)]);
    let (home, proxy) = (Home::new(), Proxy::start(place.address()));
    let players = ["-d", &place.url(), "players"];
    assert_eq!(home.run(&players).code, 0, "its tables are made");
    // Nothing of it comes to the server.
    proxy.freeze();
    let url = place.url_via(proxy.addr());
    let running = Running::start(home.command(&["-d", &url, "click", "Ada"]));
    let asked = proxy.wait_for(|counters| counters.connections > 0, Duration::from_secs(60));
    assert!(asked, "it asked nothing");
    std::thread::sleep(Duration::from_millis(200));
    running.signal(Signal::TERM);
    let run = running.ends();
    assert!([6, 143].contains(&run.code), "{}", run.code);
    run.fails(run.code, &["Nothing was counted."]);
    place.holds(&[row(1, "Ada", 0)]);
}

on!(servers:
    a_lost_answer_is_asked_for_again,
    a_server_that_is_away_has_counted_nothing,
    told_to_end_it_says_what_is_known,
);

#[test]
fn a_file_that_is_not_there_is_not_made() {
    let home = Home::new();
    let run = home.run(&["-d", "typo.db", "click", "Ada"]);
    run.fails(3, &["there is no database", "typo.db yet"]);
    assert!(!home.join("typo.db").exists());
}

#[test]
fn hostile_arguments_reach_no_terminal_and_no_sql() {
    let home = played();
    let evil = "\x1b]0;title\x07'); DROP TABLE users; --";
    let long = "k".repeat(100_000);
    for key in [evil, "=1+1", "%", &long] {
        let click = |player| home.run(&["click", player, "--key", key]);
        click("2").says("Bob (id 2) scored 1 point");
        click("2").says("had scored 1 point by this key before");
        let refused = click("1");
        refused.fails(5, &["the key", "Nothing was counted: "]);
        assert!(refused.err.len() < 400, "{}", refused.err.len());
        click(evil).fails(3, &["there is no player \"␛]0;title␇'); DROP"]);
    }
    let latin1: &std::ffi::OsStr = std::os::unix::ffi::OsStrExt::from_bytes(b"caf\xe9");
    for arguments in [["click".as_ref(), latin1], ["click".as_ref(), "1".as_ref()]] {
        let mut command = home.command(&arguments);
        let run = Run::from(
            command
                .args(["--key".as_ref(), latin1])
                .output()
                .expect("it starts"),
        );
        run.fails(2, &["UTF-8"]);
    }
    home.run(&["players", "show", "2"]).says("11");
}
