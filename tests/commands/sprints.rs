//! `clickoff sprints`: the boards and a player's own bests, on every database.

use crate::db::Db;
use crate::home::{Home, Run};
use crate::place::{Place, TABLE, on, row};
use crate::words::{same_as_before, transcript};

/// Three players and what they sprinted: two as good as each other, one of them earlier, and what
/// another program wrote.
const SPRINTS: &str = "INSERT INTO click_sprints (user_id, seconds, presses, at, trace)
    VALUES (1, 5, 41, 1790000100, '1,,2'), (2, 5, 41, 1790000000, ''), (3, 5, 12, 1790000000, ''),
           (1, 60, 300, 1790000000, ''), (3, 10, 7, 1790000000, 'x'), (3, 7, 9, 0, '')";

fn boards_and_bests_are_told(place: Place) {
    let (home, url) = (Home::new(), place.url());
    place.fill(
        TABLE,
        &[row(1, "Ada", 7), row(2, "=Bob", 4), row(3, "Bobby", 1)],
    );
    let run =
        |arguments: &[&str]| -> Run { home.run(&[&["-d", &url, "sprints"], arguments].concat()) };
    let none = run(&["-f", "json"]);
    assert_eq!((none.code, none.out.as_str()), (0, "[]\n"), "{}", none.err);
    place.run(SPRINTS);

    let all = run(&["-f", "csv"]);
    let expected = "seconds,rank,id,name,presses,time\r\n\
                    5,1,2,'=Bob,41,2026-09-21T14:13:20Z\r\n\
                    5,1,1,Ada,41,2026-09-21T14:15:00Z\r\n\
                    5,3,3,Bobby,12,2026-09-21T14:13:20Z\r\n\
                    10,1,3,Bobby,7,2026-09-21T14:13:20Z\r\n\
                    60,1,1,Ada,300,2026-09-21T14:13:20Z\r\n";
    assert_eq!((all.code, all.out.as_str()), (0, expected), "{}", all.err);
    let first = run(&["--length", "5", "--limit", "1", "-f", "csv"]);
    assert_eq!(
        first.out,
        expected.lines().take(2).collect::<Vec<_>>().join("\r\n") + "\r\n"
    );
    let own = run(&["Bobby", "-f", "json"]);
    let object = |seconds, rank, presses| {
        format!(
            "{{\"seconds\":{seconds},\"rank\":{rank},\"id\":3,\"name\":\"Bobby\",\
             \"presses\":{presses},\"time\":\"2026-09-21T14:13:20Z\"}}"
        )
    };
    let expected = format!("[{},\n {}]\n", object(5, 3, 12), object(10, 1, 7));
    assert_eq!((own.code, own.out), (0, expected), "{}", own.err);
    let one = run(&["3", "-s", "10", "-f", "json"]);
    assert_eq!(one.out, format!("[{}]\n", object(10, 1, 7)));
    run(&["nobody"]).fails(3, &["there is no player"]);
    run(&["bob"]).fails(4, &["Bobby"]);
}

on!(all: boards_and_bests_are_told);

#[test]
fn what_sprints_says() {
    let home = Home::new();
    let mut db = Db::open(&home.join("scores.db"));
    db.run(TABLE);
    db.run("INSERT INTO users VALUES (1, 'Ada', NULL, 7), (2, 'B\x1bb', '', NULL), (3, '', '', 1)");
    drop(db);
    home.run(&["-d", "scores.db", "players"]).says("Ada");
    Db::open(&home.join("scores.db")).run(SPRINTS);
    let text = transcript(
        &home,
        &[
            "-d scores.db sprints",
            "-d scores.db sprints Ada --length 60",
            "-d scores.db sprints --length 7",
            "-d typo.db sprints",
            "sprints --help",
        ],
    );
    same_as_before("sprints", &text);
    assert!(!home.join("typo.db").exists());
}
